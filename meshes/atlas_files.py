"""An atlas as files: `atlas.json` and the GLB files beside it, written whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from meshes.atlas import (
    ATLAS_VERSION,
    Atlas,
    AtlasDocument,
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
)
from meshes.glb import GlbError, decode_glb, encode_glb
from meshes.store import StoreError, folder_written_whole
from meshes.surface import is_closed, volume_mm3, weld

DOCUMENT = "atlas.json"
FIRST, LATER, FOOTPRINTS = "atlas.glb", "more.glb", "footprints.glb"
"""What the first picture needs; what is fetched when first shown; the attachment areas."""

OuterFirst = Callable[[Structure], bool]


def write_atlas(
    atlas: Atlas,
    folder: str | Path,
    *,
    key: str | None = None,
    default: OuterFirst = lambda structure: structure.kind != "skin",
) -> AtlasDocument:
    """Write an atlas to `folder`, which holds either the old or the new atlas at any moment, never a half one.

    key : hash of what the atlas was made from; without it, the hash of the files themselves
    default : which structures the first picture needs
    Raises `StoreError` when the folder cannot be written.
    """
    files: dict[str, dict[str, Surface]] = {FIRST: {}, LATER: {}, FOOTPRINTS: {}}
    place: dict[str, str] = {}
    for structure in atlas.structures.values():
        file = FIRST if default(structure) else LATER
        for part in structure.parts:
            files[file][part.name] = part.surface
            place[part.name] = file
        for footprint in structure.footprints:
            files[FOOTPRINTS][footprint_name(footprint)] = footprint.surface
    extras = {name: source.model_dump() for name, source in atlas.sources.items()}
    credit = "; ".join(f"{source.title}: {source.creators}, {source.license}" for source in atlas.sources.values())
    data = {
        name: encode_glb(surfaces, credit, {"sources": extras, "frame": "LPS millimetres under the root node"})
        for name, surfaces in files.items()
        if surfaces
    }
    entries = [
        FileEntry(name=name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), default=name == FIRST)
        for name, content in data.items()
    ]
    document = AtlasDocument(
        version=ATLAS_VERSION,
        id=atlas.id,
        title=atlas.title,
        hash=key or hashlib.sha256("".join(entry.sha256 for entry in entries).encode()).hexdigest()[:32],
        structures={name: _entry(structure, place) for name, structure in atlas.structures.items()},
        landmarks={name: [_vector(point) for point in np.atleast_2d(curve)] for name, curve in atlas.landmarks.items()},
        sources=atlas.sources,
        files=entries,
    )
    with folder_written_whole(Path(folder)) as temporary:
        for name, content in data.items():
            (temporary / name).write_bytes(content)
        (temporary / DOCUMENT).write_text(document.model_dump_json() + "\n", encoding="utf-8")
    return document


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
    for entry in document.files:
        file = folder / entry.name
        if not file.is_file():
            raise StoreError(f"{file} is missing.")
        if file.stat().st_size != entry.bytes:
            raise StoreError(f"{file} is damaged: it has {file.stat().st_size} bytes, not {entry.bytes}.")
        if thorough and hashlib.sha256(file.read_bytes()).hexdigest() != entry.sha256:
            raise StoreError(f"{file} is damaged: its content is not what was written.")
    return document


def read_atlas(folder: Path, document: AtlasDocument | None = None) -> Atlas:
    """The atlas of a folder, decoded from its GLB files as a browser would; fibres are not kept in files."""
    document = document or read_document(folder)
    surfaces: dict[str, Surface] = {}
    for file in document.files:
        try:
            surfaces.update(decode_glb((folder / file.name).read_bytes()))
        except (OSError, GlbError) as error:
            raise StoreError(f"{folder / file.name} cannot be read: {error}") from error
    structures = {name: _structure(entry, surfaces) for name, entry in document.structures.items()}
    landmarks = {
        name: np.array(points[0] if len(points) == 1 else points, float) for name, points in document.landmarks.items()
    }
    return Atlas(document.id, document.title, structures, landmarks, dict(document.sources))


def footprint_name(footprint: Footprint) -> str:
    """Node name of a footprint: `piriformis.right#proximal@sacrum`."""
    return f"{footprint.structure}#{footprint.end}@{footprint.on}"


def _structure(entry: StructureEntry, surfaces: Mapping[str, Surface]) -> Structure:
    return Structure(
        id=entry.id,
        structure=entry.structure,
        side=entry.side,
        kind=entry.kind,
        parts=[Part(part.name, surfaces[part.name]) for part in entry.parts],
        source=entry.source,
        made=entry.made,
        footprints=[
            Footprint(entry.id, footprint.end, footprint.on, surfaces[footprint.name], footprint.area_mm2)
            for footprint in entry.footprints
        ],
    )


def _entry(structure: Structure, place: Mapping[str, str]) -> StructureEntry:
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
