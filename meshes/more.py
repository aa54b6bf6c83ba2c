"""What is made after the atlas: skin, small nerves, variants and their measures, trigger points; kept as `later.json`.

`python -m meshes.more FOLDER` makes it for the atlas in a folder, and tells how far it is in lines of JSON. Each side
of the body, and the skin, is made by a process of its own. The folder `later` of the atlas holds all of it, or nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from annotations.forms import load_forms
from annotations.loading import DATA, load
from meshes.atlas import Atlas, Centrelines, ShapeEntry, Structure, StructureEntry, Surface
from meshes.atlas_files import (
    SHAPED,
    check_files,
    credited_glb,
    file_entry,
    packing_of,
    read_atlas,
    read_document,
    read_structure,
    read_surfaces,
    reshaped,
    structure_entry,
)
from meshes.body import Body, LimbSide
from meshes.build import BuiltAtlas, mean_body
from meshes.code import code_files
from meshes.glb import Packing, decode_glb
from meshes.marks import MarksDocument, drawn_from, marks
from meshes.measure import Measures, centrelines, measure
from meshes.pack import PackDocument
from meshes.second import Second
from meshes.shade import openness
from meshes.store import StoreError, builder_lock, content_key, files_key, folder_written_whole, libraries_key

Progress = Callable[[float, str], None]

FOLDER, DOCUMENT = "later", "later.json"
SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
SIDES_SHARE = 0.8
"""Part of the whole work that is done on the two sides apart."""
MODELS = ("cords", "forms", "girths", "material", "trigger_point", "variant")
"""Modules of the annotations in which shapes are described."""
SKIN_SHARE = 0.15
"""Part that is the skin; the rest is writing and the trigger points."""


class LaterError(RuntimeError):
    """What comes after an atlas cannot be made; the message says why."""


@dataclass(frozen=True)
class BuiltPack:
    """A pack on disk: its folder, its document, whether it was there already, and the seconds it took."""

    folder: Path
    document: PackDocument
    cached: bool
    seconds: float


@dataclass
class SideWork:
    """What one side brings: its small nerves, and each variant's shapes, measures and middle lines."""

    nerves: list[Structure] = field(default_factory=list)
    shapes: dict[str, dict[str, Surface]] = field(default_factory=dict)
    measures: dict[str, Measures] = field(default_factory=dict)
    lines: dict[str, Centrelines] = field(default_factory=dict)


def later_folder(atlas: Path) -> Path:
    """Where what comes after the atlas of a folder is kept, whether it is there or not."""
    return atlas / FOLDER


def later_key(built: BuiltAtlas) -> str:
    """Hash of everything that comes after an atlas is made from: the atlas, the code that makes shapes, and data."""
    folders = [DATA / name for name in ("cords", "variants", "forms", "skin")]
    data = [file for folder in folders for file in folder.glob("*.yaml")]
    code = [*code_files("more"), *(DATA.parent / f"{name}.py" for name in MODELS)]
    said = load()
    drawn = drawn_from(said.trigger_points, said.safety, said.pain_regions)
    return content_key(built.document.hash, files_key(code), files_key(data), drawn, libraries_key())


def found(built: BuiltAtlas) -> BuiltPack | None:
    """What comes after an atlas, if it is there, whole and made from what is there now."""
    start = time.perf_counter()
    folder = later_folder(built.folder)
    try:
        document = PackDocument.model_validate_json((folder / DOCUMENT).read_text(encoding="utf-8"))
        check_files(folder, document.files)
        _check_marks(folder, document.marks)
    except (OSError, ValidationError, StoreError):
        return None
    return BuiltPack(folder, document, True, time.perf_counter() - start) if document.hash == later_key(built) else None


def ensure_later(built: BuiltAtlas, progress: Progress | None = None) -> BuiltPack:
    """What comes after an atlas, made if it is not there; `progress` is told the fraction done and what is being done.

    Raises `StoreError` when it cannot be written, `LaterError` and the modellers' errors when it cannot be made.
    """
    start = time.perf_counter()
    tell: Progress = progress or (lambda done, text: None)
    folder = later_folder(built.folder)
    pack = found(built)
    if pack is None:
        with builder_lock(folder, lambda: tell(0.0, "Waiting for another window that is making this")):
            pack = found(built)
            if pack is None:
                document = _write(built, folder, *_made(built, tell), tell)
                pack = BuiltPack(folder, document, False, time.perf_counter() - start)
    tell(1.0, "Done")
    return pack


def whole_atlas(built: BuiltAtlas, pack: BuiltPack) -> Atlas:
    """The atlas with all that came after it, decoded from the files: more structures, more shapes of its own parts."""
    atlas = built.atlas()
    surfaces = read_surfaces(pack.folder, pack.document.files)
    for structure in atlas.structures.values():
        for part in structure.parts:
            for shape, place in pack.document.shapes.get(part.name, {}).items():
                part.shapes[shape] = reshaped(part.surface, surfaces[place.node])
    for name, entry in pack.document.structures.items():
        atlas.structures[name] = read_structure(entry, surfaces)
    return atlas


# --- making it -------------------------------------------------------------------------------------------------------


def _made(built: BuiltAtlas, tell: Progress) -> tuple[dict[LimbSide, SideWork], Structure]:
    tell(0.0, "Small nerves")
    told = dict.fromkeys(SIDES, 0.0)

    def tell_of(side: LimbSide, done: float, text: str) -> None:
        told[side] = done
        tell(SIDES_SHARE * sum(told.values()) / len(SIDES), text)

    def tell_of_skin(done: float, text: str) -> None:
        tell(SIDES_SHARE + SKIN_SHARE * done, text)

    here, there = SIDES
    body = mean_body()
    with (
        Second(side_of_folder, built.folder, body, there) as other,
        Second(skin_of_folder, built.folder, body) as drape,
    ):
        atlas = built.atlas()
        work = {here: one_side(atlas, body, here, lambda done, text: tell_of(here, done, text))}
        side: SideWork | None = other.result(lambda done, text: tell_of(there, done, text))
        cover: Structure | None = drape.result(tell_of_skin)
    work[there] = side or one_side(atlas, body, there, lambda done, text: tell_of(there, done, text))
    return work, cover or skin(atlas, body, tell_of_skin)


def side_of_folder(folder: Path, body: Body, side: LimbSide, progress: Progress) -> SideWork:
    """`one_side` of the atlas in a folder."""
    return one_side(read_atlas(folder, read_document(folder)), body, side, progress)


def skin_of_folder(folder: Path, body: Body, progress: Progress) -> Structure:
    """`skin` over the atlas in a folder."""
    return skin(read_atlas(folder, read_document(folder)), body, progress)


def one_side(atlas: Atlas, body: Body, side: LimbSide, progress: Progress) -> SideWork:
    """Small nerves, and all variants with their measures, of one side of a body."""
    nerves = small_nerves(atlas, body, side, lambda done, text: progress(0.3 * done, text))
    work = SideWork(nerves)
    shapes = variants(atlas, body, side, lambda done, text: progress(0.3 + 0.5 * done, text))
    bases = _shaped_parts(atlas, side)
    shapes = {name: as_written(parts, bases) for name, parts in shapes.items() if name != "A"}
    for count, (name, parts) in enumerate({"A": bases, **shapes}.items()):
        progress(0.8 + 0.2 * count / (len(shapes) + 1), f"Measuring variant {name}, {side}")
        work.measures[name] = measure(parts, body, side, name)  # type: ignore[arg-type]
        work.lines[name] = centrelines(parts, side)
    work.shapes = shapes
    return work


def small_nerves(atlas: Atlas, body: Body, side: LimbSide, progress: Progress) -> list[Structure]:
    """The small nerves of one side, shaded."""
    from meshes.cord import grow_cords

    nerves = grow_cords(body, atlas.structures.values(), side, progress)
    for nerve in nerves:
        nerve.shown = False
        for part in nerve.parts:
            part.surface.shade = openness(part.surface)
    return nerves


def variants(atlas: Atlas, body: Body, side: LimbSide, progress: Progress) -> dict[str, dict[str, Surface]]:
    """Each variant's shapes of piriformis and nerve of one side, by variant and by name of the part, shaded."""
    from meshes.variants import solve_variants

    mine = {name: one for name, one in atlas.structures.items() if one.side in (side, "midline")}
    shapes = solve_variants(body, load_forms(), side, mine, progress)
    for parts in shapes.values():
        for surface in parts.values():
            surface.shade = openness(surface)
    return shapes


def skin(atlas: Atlas, body: Body, progress: Progress) -> Structure:
    """The skin of the whole body with its slim and its large shape, shaded."""
    from meshes.skin import skin as drape

    progress(0.0, "Skin")
    made = drape(body, atlas.structures.values(), lambda done, text: progress(0.9 * done, text))
    made.shown = False
    for part in made.parts:
        for surface in (part.surface, *part.shapes.values()):
            surface.shade = openness(surface)
    return made


def trigger_points(atlas: Atlas, progress: Progress) -> MarksDocument:
    """The trigger points and the named regions of an atlas whose skin is known."""
    said = load()
    return marks(atlas, said.trigger_points, said.safety, said.pain_regions, progress)


def _shaped_parts(atlas: Atlas, side: LimbSide) -> dict[str, Surface]:
    owners = [f"{name}.{side}" for name in SHAPED]
    return {part.name: part.surface for owner in owners for part in atlas.structures[owner].parts}


def as_written(parts: Mapping[str, Surface], bases: Mapping[str, Surface]) -> dict[str, Surface]:
    """Shapes of parts as they come back from a file: what is measured is what is shown.

    Raises `LaterError` that names the part whose shape has other vertices.
    """
    for name, surface in parts.items():
        if name not in bases or len(surface.vertices) != len(bases[name].vertices):
            raise LaterError(f"{name}: a variant's shape has not the vertices of the part that it is a shape of.")
    packings = dict.fromkeys(parts, Packing(ordered=True, bare=True))
    read = decode_glb(credited_glb(parts, {}, packings))
    return {name: reshaped(bases[name], surface) for name, surface in read.items()}


# --- writing it ------------------------------------------------------------------------------------------------------


def _write(
    built: BuiltAtlas, folder: Path, work: Mapping[LimbSide, SideWork], cover: Structure, tell: Progress
) -> PackDocument:
    """All of it as files in a folder that is there whole or not at all."""
    key = later_key(built)
    structures = [*(nerve for side in SIDES for nerve in work[side].nerves), cover]
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
    sources = built.document.sources
    data = {name: credited_glb(surfaces, sources, packings) for name, surfaces in files.items()}
    share = SIDES_SHARE + SKIN_SHARE
    entries = {one.id: _entry(one, place, shapes) for one in structures}
    whole = _as_fetched(built.atlas(), entries, data, work.values())
    found = trigger_points(whole, lambda done, text: tell(share + (1 - share) * done, text))
    points = found.model_dump_json().encode()
    own = {part.name for structure in structures for part in structure.parts}
    document = PackDocument(
        hash=key,
        structures=entries,
        shapes={name: entries for name, entries in shapes.items() if name not in own},
        centrelines={side: work[side].lines for side in SIDES},
        measures={side: work[side].measures for side in SIDES},
        sources={},
        marks=f"marks-{hashlib.sha256(points).hexdigest()[:16]}.json",
        files=[file_entry(name, content, "shown") for name, content in data.items()],
    )
    with folder_written_whole(folder) as temporary:
        for name, content in data.items():
            (temporary / name).write_bytes(content)
        (temporary / str(document.marks)).write_bytes(points)
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


def _check_marks(folder: Path, name: str | None) -> None:
    """Raises `StoreError` if the trigger points are damaged; OSError if they are not there."""
    if name is not None and hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16] not in name:
        raise StoreError(f"{folder / name} is damaged: its content is not what was written.")


def read_marks(pack: BuiltPack) -> MarksDocument:
    """The trigger points of a pack. Raises `LaterError` if it has none."""
    if pack.document.marks is None:
        raise LaterError("This pack has no trigger points.")
    return MarksDocument.model_validate_json((pack.folder / pack.document.marks).read_text(encoding="utf-8"))


def _entry(
    structure: Structure, place: Mapping[str, str], shapes: Mapping[str, Mapping[str, ShapeEntry]]
) -> StructureEntry:
    entry = structure_entry(structure, place)
    parts = [part.model_copy(update={"shapes": dict(shapes.get(part.name, {}))}) for part in entry.parts]
    return entry.model_copy(update={"parts": parts})


# --- as a program ----------------------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """Make what comes after the atlas of a folder; 0 if it is there, 1 with one line that says why not."""
    parser = argparse.ArgumentParser(prog="python -m meshes.more", description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of an atlas that the program has built")
    parser.add_argument("--background", action="store_true", help="give way to others; end when standard input closes")
    options = parser.parse_args(arguments)
    if options.background:
        _step_back()

    def tell(done: float, text: str) -> None:
        sys.stdout.write(json.dumps({"done": round(done, 3), "text": text}) + "\n")
        sys.stdout.flush()

    try:
        built = BuiltAtlas(options.folder, read_document(options.folder), True, 0.0)
        ensure_later(built, tell)
    except Exception as error:
        if os.environ.get("ISCHIA_DEBUG"):
            raise
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        return 1
    return 0


def _step_back() -> None:
    """Let other programs go first, and end with the program that started this one, however that one ends."""
    if hasattr(os, "nice"):
        os.nice(10)

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    # As the module that others import, so that what one process writes another one can read.
    from meshes import more

    sys.exit(more.main())
