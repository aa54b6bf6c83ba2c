"""Writes what is made after the atlas: files that a page fetches when it first shows what they hold, and their list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.loading import load
from meshes.atlas import Atlas, Centrelines, ShapeEntry, Structure, StructureEntry, Surface
from meshes.atlas_files import credited_glb, file_entry, packing_of, read_structure, structure_entry
from meshes.body import LimbSide
from meshes.glb import Packing, decode_glb
from meshes.marks import MarksDocument, marks
from meshes.measure import Measures
from meshes.pack import PackDocument
from meshes.store import folder_written_whole

if TYPE_CHECKING:
    from meshes.built import BuiltAtlas

Progress = Callable[[float, str], None]

DOCUMENT = "later.json"
SIDES: tuple[LimbSide, LimbSide] = ("right", "left")


@dataclass
class SideWork:
    """What one side brings: its small nerves, and each variant's shapes, measures and middle lines."""

    nerves: list[Structure] = field(default_factory=list)
    shapes: dict[str, dict[str, Surface]] = field(default_factory=dict)
    measures: dict[str, Measures] = field(default_factory=dict)
    lines: dict[str, Centrelines] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What could not be made on a strange body, a sentence each."""


def write_pack(
    built: BuiltAtlas,
    folder: Path,
    key: str,
    work: Mapping[LimbSide, SideWork],
    cover: Structure | None,
    notes: Sequence[str],
    progress: Progress,
) -> PackDocument:
    """All of it as files in a folder that is there whole or not at all, under the hash of what it was made from.

    cover : the skin, if it was made;  notes : what had to be left out, a sentence each
    """
    structures = [*(nerve for side in SIDES for nerve in work[side].nerves), *([cover] if cover else [])]
    files: dict[str, dict[str, Surface]] = {}
    shapes: dict[str, dict[str, ShapeEntry]] = {}
    packings: dict[str, Packing] = {}

    def put(file: str, node: str, surface: Surface, packing: Packing) -> str:
        name = f"{file}-{key[:8]}.glb"
        files.setdefault(name, {})[node] = surface
        packings[node] = packing
        return name

    def put_shape(file: str, part: str, shape: str, surface: Surface, step: float) -> None:
        node = f"{part}@{shape}"
        name = put(file, node, surface, Packing(step, ordered=True, bare=True))
        shapes.setdefault(part, {})[shape] = ShapeEntry(file=name, node=node)

    place: dict[str, str] = {}
    for structure in structures:
        packing = packing_of(structure)
        file = "skin" if structure.kind == "skin" else "nerves"
        for part in structure.parts:
            place[part.name] = put(file, part.name, part.surface, packing)
            for shape, surface in part.shapes.items():
                put_shape(f"{file}-{shape}", part.name, shape, surface, packing.step_mm)
    for side in SIDES:
        for variant, parts in work[side].shapes.items():
            for part_name, surface in parts.items():
                put_shape(f"variant-{variant}-{side}", part_name, variant, surface, Packing().step_mm)
    left = list(notes)
    sources = built.document.sources
    data = {name: credited_glb(surfaces, sources, packings) for name, surfaces in files.items()}
    entries = {one.id: _entry(one, place, shapes) for one in structures}
    whole = _as_fetched(built.atlas(), entries, data, work.values())
    found = trigger_points(whole, progress, left) if "skin" in whole.structures else None
    points = found.model_dump_json().encode() if found else b""
    own = {part.name for structure in structures for part in structure.parts}
    document = PackDocument(
        hash=key,
        structures=entries,
        shapes={name: entries for name, entries in shapes.items() if name not in own},
        centrelines={side: work[side].lines for side in SIDES},
        measures={side: work[side].measures for side in SIDES},
        sources={},
        marks=f"marks-{hashlib.sha256(points).hexdigest()[:16]}.json" if found else None,
        notes=left,
        files=[file_entry(name, content, "shown") for name, content in data.items()],
    )
    with folder_written_whole(folder) as temporary:
        for name, content in data.items():
            (temporary / name).write_bytes(content)
        if document.marks is not None:
            (temporary / document.marks).write_bytes(points)
        (temporary / DOCUMENT).write_text(document.model_dump_json() + "\n", encoding="utf-8")
    return document


def _as_fetched(
    atlas: Atlas, entries: Mapping[str, StructureEntry], data: Mapping[str, bytes], work: Iterable[SideWork]
) -> Atlas:
    """An atlas with the new structures as a page will have them (writing may turn triangles), and every variant."""
    names = {part.file for entry in entries.values() for part in entry.parts}
    surfaces = {node: surface for name in names for node, surface in decode_glb(data[name]).items()}
    atlas.structures.update({name: read_structure(entry, surfaces) for name, entry in entries.items()})
    parts = {part.name: part for structure in atlas.structures.values() for part in structure.parts}
    for side in work:
        for variant, shapes in side.shapes.items():
            for name, surface in shapes.items():
                parts[name].shapes[variant] = surface
    return atlas


def _entry(
    structure: Structure, place: Mapping[str, str], shapes: Mapping[str, Mapping[str, ShapeEntry]]
) -> StructureEntry:
    entry = structure_entry(structure, place)
    parts = [part.model_copy(update={"shapes": dict(shapes.get(part.name, {}))}) for part in entry.parts]
    return entry.model_copy(update={"parts": parts})


def trigger_points(atlas: Atlas, progress: Progress, left_out: list[str]) -> MarksDocument:
    """The trigger points and the named regions of an atlas whose skin is known.

    left_out : takes a sentence for each that a mesh set's body does not allow
    """
    said = load()
    strange = left_out if atlas.fit else None
    return marks(atlas, said.trigger_points, said.safety, said.pain_regions, progress, strange)
