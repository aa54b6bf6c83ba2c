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
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from annotations.forms import load_forms
from annotations.loading import DATA, load
from meshes.atlas import Atlas, Part, Structure, Surface
from meshes.atlas_files import (
    SHAPED,
    check_files,
    credited_glb,
    read_atlas,
    read_document,
    read_structure,
    read_surfaces,
    reshaped,
)
from meshes.body import Body, LimbSide
from meshes.built import BuiltAtlas
from meshes.code import code_files
from meshes.glb import Packing, decode_glb
from meshes.marks import MarksDocument, drawn_from
from meshes.measure import centrelines, measure
from meshes.pack import PackDocument
from meshes.pack_files import DOCUMENT, SIDES, SideWork, write_pack
from meshes.population_atlas import mean_body
from meshes.second import Second
from meshes.set_body import BODY_FILE, Solid, read_body
from meshes.shade import openness
from meshes.store import StoreError, builder_lock, content_key, files_key, libraries_key
from meshes.surface import joined, vertex_normals
from meshes.transfer import carried_grid

Progress = Callable[[float, str], None]

FOLDER = "later"
SIDES_SHARE = 0.8
"""Part of the whole work that is done on the two sides apart."""
MODELS = ("cords", "forms", "girths", "material", "trigger_point", "variant")
"""Modules of the annotations in which shapes are described."""
SKIN_SHARE = 0.15
"""Part that is the skin; the rest is writing and the trigger points."""


UNLIKELY = (ArithmeticError, LookupError, RuntimeError, ValueError)
"""What making geometry may end in on a body that nobody has seen before."""


class LaterError(RuntimeError):
    """What comes after an atlas cannot be made; the message says why."""


@dataclass(frozen=True)
class BuiltPack:
    """A pack on disk: its folder, its document, whether it was there already, and the seconds it took."""

    folder: Path
    document: PackDocument
    cached: bool
    seconds: float


def later_folder(atlas: Path) -> Path:
    """Where what comes after the atlas of a folder is kept, whether it is there or not."""
    return atlas / FOLDER


def later_key(built: BuiltAtlas) -> str:
    """Hash of everything that comes after an atlas is made from: the atlas, the code that makes shapes, and data."""
    folders = [DATA / name for name in ("cords", "variants", "forms", "skin")]
    data = [file for folder in folders for file in folder.glob("*.yaml")]
    others = () if (built.folder / BODY_FILE).is_file() else ("set_body",)
    code = [*code_files("more", without=others), *(DATA.parent / f"{name}.py" for name in MODELS)]
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
                work, cover, notes = _made(built, tell)
                share = SIDES_SHARE + SKIN_SHARE
                document = write_pack(
                    built,
                    folder,
                    later_key(built),
                    work,
                    cover,
                    notes,
                    lambda done, text: tell(share + (1 - share) * done, text),
                )
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


@dataclass(frozen=True)
class Ground:
    """What it is all grown on.

    given : the set's own soft structures as closed solids by sided id; none on the population's body
    strange : whether nobody has seen this body before; then what cannot be made on it is left out and told
    """

    body: Body
    given: Mapping[str, Solid] = field(default_factory=dict)
    strange: bool = False


def ground_of(folder: Path) -> Ground:
    """The body of the atlas in a folder. Raises `StoreError` if what is kept of a set's body is damaged."""
    own = read_body(folder)
    return Ground(mean_body()) if own is None else Ground(*own, strange=True)


def _made(built: BuiltAtlas, tell: Progress) -> tuple[dict[LimbSide, SideWork], Structure | None, list[str]]:
    """What both sides bring, the skin if it is made, and what had to be left out."""
    tell(0.0, "Small nerves")
    told = dict.fromkeys(SIDES, 0.0)

    def tell_of(side: LimbSide, done: float, text: str) -> None:
        told[side] = done
        tell(SIDES_SHARE * sum(told.values()) / len(SIDES), text)

    def tell_of_skin(done: float, text: str) -> None:
        tell(SIDES_SHARE + SKIN_SHARE * done, text)

    here, there = SIDES
    ground = ground_of(built.folder)
    wanted = any(entry.kind == "skin" for entry in built.document.growing)
    with ExitStack() as stack:
        other = stack.enter_context(Second(side_of_folder, built.folder, ground, there))
        drape = stack.enter_context(Second(skin_of_folder, built.folder, ground)) if wanted else None
        atlas = built.atlas()
        work = {here: one_side(atlas, ground, here, lambda done, text: tell_of(here, done, text))}
        side: SideWork | None = other.result(lambda done, text: tell_of(there, done, text))
        cover: Cover | None = drape.result(tell_of_skin) if drape else Cover(None, [])
    work[there] = side or one_side(atlas, ground, there, lambda done, text: tell_of(there, done, text))
    cover = cover or skin_or_not(atlas, ground, tell_of_skin)
    return work, cover.skin, [*(note for side in SIDES for note in work[side].notes), *cover.notes]


def closed(atlas: Atlas, ground: Ground) -> Atlas:
    """An atlas whose loaded muscles are the closed solids that they were solved among, with their (u, v)."""
    structures = dict(atlas.structures)
    for name, (vertices, triangles) in ground.given.items():
        one = structures.get(name)
        if one is not None and one.made == "loaded":
            solid = Surface(vertices, triangles, vertex_normals(vertices, triangles))
            surface = carried_grid(solid, joined([part.surface for part in one.parts]))
            structures[name] = replace(one, parts=[Part(name, surface)])
    return replace(atlas, structures=structures)


@dataclass(frozen=True)
class Cover:
    """The skin, or why there is none."""

    skin: Structure | None
    notes: list[str]


def side_of_folder(folder: Path, ground: Ground, side: LimbSide, progress: Progress) -> SideWork:
    """`one_side` of the atlas in a folder."""
    return one_side(read_atlas(folder, read_document(folder)), ground, side, progress)


def skin_of_folder(folder: Path, ground: Ground, progress: Progress) -> Cover:
    """`skin_or_not` over the atlas in a folder."""
    return skin_or_not(read_atlas(folder, read_document(folder)), ground, progress)


def skin_or_not(atlas: Atlas, ground: Ground, progress: Progress) -> Cover:
    """The skin; over a strange body that it cannot be laid over, why not."""
    try:
        return Cover(skin(atlas, ground, progress), [])
    except UNLIKELY as error:
        if not ground.strange:
            raise
        return Cover(None, [f"The skin could not be laid over this body: {error}"])


def one_side(atlas: Atlas, ground: Ground, side: LimbSide, progress: Progress) -> SideWork:
    """Small nerves, and all variants with their measures, of one side of a body."""
    work = SideWork()
    atlas = closed(atlas, ground) if ground.given else atlas
    work.nerves = small_nerves(atlas, ground, side, lambda done, text: progress(0.3 * done, text), work.notes)
    shapes = variants(atlas, ground, side, lambda done, text: progress(0.3 + 0.5 * done, text), work.notes)
    bases = _shaped_parts(atlas, side)
    shapes = {name: as_written(parts, bases) for name, parts in shapes.items() if name != "A"}
    for count, (name, parts) in enumerate({"A": bases, **shapes}.items()):
        progress(0.8 + 0.2 * count / (len(shapes) + 1), f"Measuring variant {name}, {side}")
        try:
            work.measures[name] = measure(parts, ground.body, side, name)  # type: ignore[arg-type]
            work.lines[name] = centrelines(parts, side)
        except UNLIKELY as error:
            if not ground.strange:
                raise
            work.notes.append(f"Variant {name}, {side}, could not be measured on this body: {error}")
    work.shapes = shapes
    return work


def small_nerves(atlas: Atlas, ground: Ground, side: LimbSide, progress: Progress, notes: list[str]) -> list[Structure]:
    """The small nerves of one side, shaded; `notes` takes what cannot be laid on a strange body."""
    from meshes.cord import grow_cords

    left_out: dict[str, str] | None = {} if ground.strange else None
    nerves = grow_cords(ground.body, atlas.structures.values(), side, progress, left_out=left_out)
    notes += [f"{name}.{side} could not be laid on this body: {why}" for name, why in (left_out or {}).items()]
    for nerve in nerves:
        nerve.shown = False
        for part in nerve.parts:
            part.surface.shade = openness(part.surface)
    return nerves


def variants(
    atlas: Atlas, ground: Ground, side: LimbSide, progress: Progress, notes: list[str]
) -> dict[str, dict[str, Surface]]:
    """Each variant's shapes of piriformis and nerve of one side, by variant and by name of the part, shaded."""
    from meshes.variants import solve_variants

    mine = {name: one for name, one in atlas.structures.items() if one.side in (side, "midline")}
    left_out: dict[str, str] | None = {} if ground.strange else None
    try:
        shapes = solve_variants(ground.body, load_forms(), side, mine, progress, ground.given, left_out)
    except UNLIKELY as error:
        if not ground.strange:
            raise
        notes.append(f"No variant could be solved on this body, {side}: {error}")
        return {}
    notes += [
        f"Variant {name}, {side}, could not be solved on this body: {why}" for name, why in (left_out or {}).items()
    ]
    for parts in shapes.values():
        for surface in parts.values():
            surface.shade = openness(surface)
    return shapes


def skin(atlas: Atlas, ground: Ground, progress: Progress) -> Structure:
    """The skin of the whole body with its slim and its large shape, shaded."""
    from meshes.skin import skin as drape

    progress(0.0, "Skin")
    made = drape(ground.body, atlas.structures.values(), lambda done, text: progress(0.9 * done, text))
    made.shown = False
    for part in made.parts:
        for surface in (part.surface, *part.shapes.values()):
            surface.shade = openness(surface)
    return made


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


def _check_marks(folder: Path, name: str | None) -> None:
    """Raises `StoreError` if the trigger points are damaged; OSError if they are not there."""
    if name is not None and hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16] not in name:
        raise StoreError(f"{folder / name} is damaged: its content is not what was written.")


def read_marks(pack: BuiltPack) -> MarksDocument:
    """The trigger points of a pack. Raises `LaterError` if it has none."""
    if pack.document.marks is None:
        raise LaterError("This pack has no trigger points.")
    return MarksDocument.model_validate_json((pack.folder / pack.document.marks).read_text(encoding="utf-8"))


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
