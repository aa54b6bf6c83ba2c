"""Writes what was imported as a set with a passport of its own, into the store and nowhere else; and mapping files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import yaml

from annotations.yamlfile import read_yaml
from meshes.atlas import Source
from meshes.glb import pack_glb
from meshes.importing.frame import AXES_BY_NAME, Floats
from meshes.importing.propose import Proposal
from meshes.importing.read import Ints
from meshes.passport import IN_FOLDER, LeftOut, MeshFile, Passport, SetError, known_passports, read_passport
from meshes.sets import set_folder
from meshes.shape_fit import UNITS, Unit
from meshes.store import builder_lock, folder_written_whole

PRIVATE = "private: not for sharing"
RESERVED = ("population",)


def check_name(name: str, replace: bool = False) -> Path:
    """The folder for a set of this name. Raises `SetError` if the name is no name or is taken."""
    folder = set_folder(name)
    if name in RESERVED or name in known_passports():
        raise SetError(f'"{name}" is the name of another body. Choose another --name.')
    if folder.exists() and not replace:
        raise SetError(
            f"There is a set {name} already. Choose another --name, or --replace it, or:  ischia atlas remove {name}"
        )
    return folder


def store_import(
    proposal: Proposal, name: str, *, title: str = "", licence: str = PRIVATE, replace: bool = False
) -> Passport:
    """Write a proposal as the set `name`: its meshes as GLB in LPS mm, and its passport.

    Raises `SetError` if the name is taken, `StoreError` if the store cannot be written.
    """
    folder = check_name(name, replace)
    files = {f"{sided.replace('.', '_')}.glb": sided for sided in proposal.structures}
    contents = {
        file: _glb(sided, proposal.structures[sided].vertices, proposal.structures[sided].triangles, licence)
        for file, sided in files.items()
    }
    passport = _passport(proposal, name, title, licence, files, contents)
    with builder_lock(folder), folder_written_whole(folder) as temporary:
        for file, content in contents.items():
            (temporary / file).write_bytes(content)
        text = yaml.safe_dump(passport.model_dump(), sort_keys=False, allow_unicode=True, width=120)
        (temporary / IN_FOLDER).write_text(text, encoding="utf-8")
        read_passport(temporary / IN_FOLDER)
    return passport


def _passport(
    proposal: Proposal, name: str, title: str, licence: str, files: Mapping[str, str], contents: Mapping[str, bytes]
) -> Passport:
    meshes = []
    for file, sided in files.items():
        row = proposal.structures[sided].row
        assert row.structure is not None
        meshes.append(
            MeshFile(
                file=file,
                structure=row.structure,
                side=row.side or "midline",
                bytes=len(contents[file]),
                sha256=hashlib.sha256(contents[file]).hexdigest(),
                changed=[f"from {_plain(row.source)}", *map(_plain, row.notes)],
            )
        )
    left_out = [
        LeftOut(file=_plain(row.source), reason=_plain("; ".join(row.notes) or "not used"))
        for row in proposal.rows
        if row.status in ("refused", "ignored")
    ]
    turned = proposal.axes or "oblique axes"
    return Passport(
        id=name,
        title=_plain(title) or f"{name}: imported meshes",
        about=f"Imported from a folder called {_plain(proposal.folder.resolve().name)}: {proposal.unit}, {turned}.",
        unit="millimetre",
        axes="lps",
        origin=(0.0, 0.0, 0.0),
        source=Source(
            title=_plain(title) or name,
            creators="The person who imported it",
            license=_plain(licence),
            license_url="",
            citation="",
            url="",
            notice="Imported: unit, axes and origin were changed, and what is listed in its passport.",
        ),
        faults=list(proposal.remarks),
        meshes=meshes,
        left_out=left_out,
    )


def _plain(text: str) -> str:
    """Text without what YAML and a terminal would choke on."""
    return "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else "?" for c in text).strip()


def _glb(name: str, vertices: Floats, triangles: Ints, licence: str) -> bytes:
    """A plain GLB with one mesh, as it stands."""
    points = np.ascontiguousarray(vertices, "<f4")
    corners = np.ascontiguousarray(triangles, "<u4")
    one, two = points.tobytes(), corners.tobytes()
    document = {
        "asset": {"version": "2.0", "generator": "Ischia", "copyright": _plain(licence)},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": len(points),
                "type": "VEC3",
                "min": points.min(axis=0).tolist(),
                "max": points.max(axis=0).tolist(),
            },
            {"bufferView": 1, "componentType": 5125, "count": corners.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(one)},
            {"buffer": 0, "byteOffset": len(one), "byteLength": len(two)},
        ],
        "buffers": [{"byteLength": len(one) + len(two)}],
    }
    return pack_glb(document, one + two)


def mapping_text(proposal: Proposal) -> str:
    """The proposal as a mapping file that a person can correct and give back."""
    files = {row.source: row.sided if row.status in ("used", "repaired") else None for row in proposal.rows}
    head = (
        "# What each file is: a structure's id with its side, such as hip_bone.left or sacrum; null leaves it out.\n"
        "# Correct it, then:  ischia import FOLDER --name NAME --mapping THIS_FILE\n"
    )
    content = {"unit": proposal.unit, "axes": proposal.axes or None, "files": files}
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def read_mapping(file: Path) -> tuple[dict[str, str | None], Unit | None, str | None]:
    """Structure by file, unit and axes from a mapping file. Raises `SetError` that says what is wrong in which line."""
    content = read_yaml(file, file.name)
    if content.problems:
        raise SetError("\n".join(map(str, content.problems)))
    value = content.content if isinstance(content.content, dict) else {}
    files, unit, axes = value.get("files"), value.get("unit"), value.get("axes")
    strange = sorted(set(value) - {"files", "unit", "axes"})
    if not isinstance(files, dict) or strange or not all(v is None or isinstance(v, str) for v in files.values()):
        raise SetError(
            f"{file}: a mapping has the key files, with one line for each file such as  femur_left.stl: femur.left  "
            "and, if they are known, unit and axes" + (f"; it has no {', '.join(strange)}." if strange else ".")
        )
    if unit is not None and unit not in UNITS:
        raise SetError(f"{file}: unit must be one of {', '.join(UNITS)}, not {unit}.")
    return files, unit, check_axes(axes) if axes is not None else None


def check_axes(code: str) -> str:
    """The code in capitals: a name such as RAS or y-up, or three letters. Raises `SetError` if it is none."""
    upper = str(code).upper()
    upper = AXES_BY_NAME.get(upper, upper)
    pairs = ("LR", "PA", "SI")
    if len(upper) == 3 and all(sum(letter in pair for letter in upper) == 1 for pair in pairs):
        return upper
    raise SetError(
        f'"{code}" are no axes. Say where x, y and z point: LPS, RAS, y-up, or any three letters, one each of L or R '
        "(left, right), P or A (back, front), S or I (up, down)."
    )
