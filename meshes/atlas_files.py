"""An atlas as files: `atlas.json` and the GLB files beside it, written whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from meshes.atlas import (
    ATLAS_VERSION,
    Atlas,
    AtlasDocument,
    Centrelines,
    FileEntry,
    Footprint,
    FootprintEntry,
    Part,
    PartEntry,
    Source,
    Structure,
    StructureEntry,
    Surface,
    Vector,
    Wanted,
)
from meshes.glb import COARSE_STEP_MM, STEP_MM, GlbError, Packing, decode_glb, encode_glb
from meshes.seen import LEAST_MM2, seen_from_behind
from meshes.store import StoreError, folder_written_whole
from meshes.surface import is_closed, volume_mm3, weld

DOCUMENT = "atlas.json"
FIRST, SOON, ASKED, FOOTPRINTS = "atlas.glb", "soon.glb", "asked.glb", "footprints.glb"
"""What the first picture shows; what it hides but is seen by default; what is seen when asked for; attachment areas."""
WANTED: dict[str, Wanted] = {FIRST: "first", SOON: "soon", ASKED: "shown", FOOTPRINTS: "shown"}

SHAPED = frozenset({"piriformis", "tibial_division", "common_fibular_division"})
"""Structures whose parts have a shape in each variant: finely written, their vertices numbered as they were made."""


def write_atlas(
    atlas: Atlas,
    folder: str | Path,
    *,
    key: str | None = None,
    centrelines: Mapping[Literal["right", "left"], Centrelines] | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> AtlasDocument:
    """Write an atlas to `folder`, which holds either the old or the new atlas at any moment, never a half one.

    key : hash of what the atlas was made from; without it, the hash of the files themselves
    beside : further files that go with it, by name
    Skin is not shown by default. Raises `StoreError` when the folder cannot be written.
    """
    files: dict[str, dict[str, Surface]] = {name: {} for name in WANTED}
    place: dict[str, str] = {}
    for structure, file in _files_of(atlas):
        for part in structure.parts:
            files[file][part.name] = part.surface
            place[part.name] = file
        for footprint in structure.footprints:
            files[FOOTPRINTS][footprint_name(footprint)] = footprint.surface
    packings = {part.name: packing_of(structure) for structure in atlas.structures.values() for part in structure.parts}
    data = {name: credited_glb(surfaces, atlas.sources, packings) for name, surfaces in files.items() if surfaces}
    entries = [file_entry(name, content, WANTED[name]) for name, content in data.items()]
    document = AtlasDocument(
        version=ATLAS_VERSION,
        id=atlas.id,
        title=atlas.title,
        hash=key or hashlib.sha256("".join(entry.sha256 for entry in entries).encode()).hexdigest()[:32],
        structures={name: structure_entry(structure, place) for name, structure in atlas.structures.items()},
        landmarks={name: [_vector(point) for point in np.atleast_2d(curve)] for name, curve in atlas.landmarks.items()},
        sources=atlas.sources,
        files=entries,
        growing=atlas.growing,
        centrelines=dict(centrelines or {}),
        fit=atlas.fit,
        notes=atlas.notes,
    )
    with folder_written_whole(Path(folder)) as temporary:
        for name, content in {**data, **(beside or {})}.items():
            (temporary / name).write_bytes(content)
        (temporary / DOCUMENT).write_text(document.model_dump_json() + "\n", encoding="utf-8")
    return document


def _files_of(atlas: Atlas) -> Iterator[tuple[Structure, str]]:
    """Each structure with the file that it goes into."""
    shown = [structure for structure in atlas.structures.values() if structure.shown]
    seen = seen_from_behind(shown) if shown else {}
    for structure in atlas.structures.values():
        if not structure.shown:
            yield structure, ASKED
        else:
            yield structure, FIRST if seen[structure.id] >= LEAST_MM2 else SOON


def packing_of(structure: Structure) -> Packing:
    """How the surfaces of a structure are written."""
    shaped = structure.structure in SHAPED
    ordered = shaped or any(part.shapes for part in structure.parts)
    return Packing(STEP_MM if shaped or structure.kind == "nerve" else COARSE_STEP_MM, ordered)


def credited_glb(
    surfaces: Mapping[str, Surface], sources: Mapping[str, Source], packings: Mapping[str, Packing]
) -> bytes:
    """One GLB that carries who made what is in it."""
    credit = "; ".join(f"{source.title}: {source.creators}, {source.license}" for source in sources.values())
    extras = {name: source.model_dump() for name, source in sources.items()}
    coarse = {name: Packing(COARSE_STEP_MM) for name in surfaces}
    return encode_glb(
        surfaces, credit, {"sources": extras, "frame": "LPS millimetres under the root node"}, {**coarse, **packings}
    )


def file_entry(name: str, content: bytes, wanted: Wanted) -> FileEntry:
    """What a document says of one of its files."""
    return FileEntry(name=name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), wanted=wanted)


def read_document(folder: Path, *, thorough: bool = True) -> AtlasDocument:
    """`atlas.json` of a folder, with its files checked: there, of the right size and (if `thorough`) the right hash.

    Raises `StoreError` that names the file that is missing or damaged.
    """
    path = folder / DOCUMENT
    try:
        document = AtlasDocument.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StoreError(f"{path} is missing.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValidationError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StoreError(f"{path} is damaged or of another version.") from error
    check_files(folder, document.files, thorough=thorough)
    return document


def check_files(folder: Path, files: Iterable[FileEntry], *, thorough: bool = True) -> None:
    """Raises `StoreError` that names the file that is missing or damaged."""
    for entry in files:
        file = folder / entry.name
        if not file.is_file():
            raise StoreError(f"{file} is missing.")
        if file.stat().st_size != entry.bytes:
            raise StoreError(f"{file} is damaged: it has {file.stat().st_size} bytes, not {entry.bytes}.")
        if thorough and hashlib.sha256(file.read_bytes()).hexdigest() != entry.sha256:
            raise StoreError(f"{file} is damaged: its content is not what was written.")


def read_atlas(folder: Path, document: AtlasDocument | None = None) -> Atlas:
    """The atlas of a folder, decoded from its GLB files as a browser would; fibres are not kept in files."""
    document = document or read_document(folder)
    surfaces = read_surfaces(folder, document.files)
    structures = {name: read_structure(entry, surfaces) for name, entry in document.structures.items()}
    landmarks = {
        name: np.array(points[0] if len(points) == 1 else points, float) for name, points in document.landmarks.items()
    }
    return Atlas(
        document.id,
        document.title,
        structures,
        landmarks,
        dict(document.sources),
        list(document.growing),
        dict(document.fit),
        list(document.notes),
    )


def read_surfaces(folder: Path, files: Iterable[FileEntry]) -> dict[str, Surface]:
    """Every mesh of some GLB files by its node's name. Raises `StoreError` that names the file that cannot be read."""
    surfaces: dict[str, Surface] = {}
    for file in files:
        try:
            surfaces.update(decode_glb((folder / file.name).read_bytes()))
        except (OSError, GlbError) as error:
            raise StoreError(f"{folder / file.name} cannot be read: {error}") from error
    return surfaces


def footprint_name(footprint: Footprint) -> str:
    """Node name of a footprint: `piriformis.right#proximal@sacrum`."""
    return f"{footprint.structure}#{footprint.end}@{footprint.on}"


def read_structure(entry: StructureEntry, surfaces: Mapping[str, Surface]) -> Structure:
    """A structure from its entry and the decoded meshes."""
    return Structure(
        id=entry.id,
        structure=entry.structure,
        side=entry.side,
        kind=entry.kind,
        parts=[read_part(part, surfaces) for part in entry.parts],
        source=entry.source,
        made=entry.made,
        footprints=[
            Footprint(entry.id, footprint.end, footprint.on, surfaces[footprint.name], footprint.area_mm2)
            for footprint in entry.footprints
        ],
        shown=entry.shown,
    )


def read_part(entry: PartEntry, surfaces: Mapping[str, Surface]) -> Part:
    """A part with those of its shapes that are among the decoded meshes."""
    base = surfaces[entry.name]
    return Part(
        entry.name,
        base,
        shapes={name: reshaped(base, surfaces[e.node]) for name, e in entry.shapes.items() if e.node in surfaces},
    )


def reshaped(base: Surface, shape: Surface) -> Surface:
    """A shape as a surface of its own: with the triangles and the (u, v) of the part it is of."""
    return replace(shape, triangles=base.triangles, uv=base.uv)


def structure_entry(structure: Structure, place: Mapping[str, str]) -> StructureEntry:
    """What a document says of a structure; place : the file of each part by its name."""
    vertices = np.concatenate([part.surface.vertices for part in structure.parts])
    return StructureEntry(
        id=structure.id,
        structure=structure.structure,
        side=structure.side,
        kind=structure.kind,
        made=structure.made,
        source=structure.source,
        parts=[
            PartEntry(name=part.name, file=place[part.name], triangles=len(part.surface.triangles))
            for part in structure.parts
        ],
        footprints=[
            FootprintEntry(
                name=footprint_name(footprint),
                file=FOOTPRINTS,
                end=footprint.end,
                on=footprint.on,
                area_mm2=round(footprint.area_mm2, 1),
            )
            for footprint in structure.footprints
        ],
        anchor=label_anchor(structure),
        bounds=(_vector(vertices.min(0)), _vector(vertices.max(0))),
        volume_cm3=_volume_cm3(structure),
        shown=structure.shown,
    )


def _volume_cm3(structure: Structure) -> float | None:
    total = 0.0
    for part in structure.parts:
        vertices, triangles = part.surface.vertices, part.surface.triangles
        if not is_closed(triangles):
            vertices, triangles = weld(vertices, triangles)
        if not is_closed(triangles):
            return None
        total += volume_mm3(vertices, triangles)
    return round(total / 1000, 3)


def label_anchor(structure: Structure) -> Vector:
    """Where a leader line ends: amid the structure, open to view, rather behind and outside."""
    surfaces = [part.surface for part in structure.parts]
    vertices = np.concatenate([surface.vertices for surface in surfaces])
    normals = np.concatenate([surface.normals for surface in surfaces])
    shade = np.concatenate([s.shade if s.shade is not None else np.ones(len(s.vertices)) for s in surfaces])
    centre = (vertices.min(0) + vertices.max(0)) / 2
    size = float(np.linalg.norm(np.ptp(vertices, axis=0))) or 1.0
    outward = np.array([np.sign(centre[0]) * min(abs(centre[0]) / 60.0, 1.0), 0.8, 0.0])
    score = shade + 0.6 * normals @ outward - 4.0 * np.linalg.norm(vertices - centre, axis=1) / size
    return _vector(vertices[int(score.argmax())])


def _vector(point: NDArray[np.float64]) -> Vector:
    x, y, z = (round(float(value), 3) for value in point)
    return x, y, z


def license_notice(sources: Mapping[str, Source]) -> str:
    """The notices of all sources as plain text, to go with files made from them."""
    return "\n\n".join(
        "\n".join(
            line
            for line in (s.title, s.creators, f"{s.license} <{s.license_url}>", s.citation, s.url, s.notice)
            if line
        )
        for s in sources.values()
    )
