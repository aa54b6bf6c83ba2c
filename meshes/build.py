"""From a body's name or a folder to an atlas on disk, built once and then taken from the cache."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.forms import RibbonForm, load_forms
from annotations.loading import DATA, load
from annotations.material import MaterialPoint
from meshes.atlas import (
    Atlas,
    AtlasDocument,
    Centrelines,
    End,
    Footprint,
    GrowingEntry,
    Part,
    Side,
    Structure,
    Surface,
)
from meshes.atlas_files import DOCUMENT, SHAPED, read_atlas, read_document, write_atlas
from meshes.body import Body, LimbSide
from meshes.code import code_files
from meshes.footprints import FootprintError, cut_footprint
from meshes.measure import centrelines
from meshes.modeller import SIDES, solve_both
from meshes.openset import load_open_set
from meshes.passport import find_passport
from meshes.population import population_body
from meshes.sacrum import ModelledChart
from meshes.second import Second
from meshes.sets import find_set
from meshes.shade import openness
from meshes.sources import POPULATION, population_sources
from meshes.store import (
    StoreError,
    atlas_folder,
    builder_lock,
    content_key,
    files_key,
    forget_old_atlases,
    libraries_key,
)
from meshes.surface import joined, vertex_normals
from meshes.thin import thinned_bone, thinned_grid
from meshes.untangle import untangle

__all__ = ["BuildError", "BuiltAtlas", "ensure_atlas", "population_atlas", "write_atlas"]

Progress = Callable[[float, str], None]

POPULATION_ATLAS = "population"
BONE_RESOLUTION = 8
"""Steps along each element edge of the population's bones."""
THIN_MM = 0.1
"""How far what is left out of a lofted surface may lie from what is kept."""
THIN_BONE_MM = 0.15
"""The same for bones."""


class BuildError(Exception):
    """An atlas cannot be built; the message says what is missing and what to do."""


@dataclass(frozen=True)
class BuiltAtlas:
    """An atlas on disk: its folder, its document, whether it came from the cache, and the seconds it took."""

    folder: Path
    document: AtlasDocument
    cached: bool
    seconds: float

    def atlas(self) -> Atlas:
        """The atlas as its files hold it, decoded."""
        return read_atlas(self.folder, self.document)


def ensure_atlas(name_or_folder: str | Path = POPULATION_ATLAS, progress: Progress | None = None) -> BuiltAtlas:
    """The atlas called `population`, of a mesh set by its name or folder, or of a folder that `ischia build` wrote.

    Built if the cache does not hold it whole; `progress` is told the fraction done and what is being done.
    Raises `BuildError`, `StoreError` or `SetError`, whose messages say what to do.
    """
    start = time.perf_counter()
    folder = Path(name_or_folder).expanduser()
    if str(name_or_folder) == POPULATION_ATLAS:
        name, key = POPULATION_ATLAS, population_key()
        return _from_cache(name, key, lambda told: population_atlas(told), start, progress)
    folder = find_set(str(name_or_folder)) or folder
    if (folder / DOCUMENT).is_file():
        return BuiltAtlas(folder, read_document(folder), True, time.perf_counter() - start)
    if not folder.exists():
        raise BuildError(
            f'No atlas is called "{name_or_folder}", and there is no such folder. '
            f'Give "{POPULATION_ATLAS}", a set that `ischia atlas list` shows, or the folder of one.'
        )
    passport = find_passport(folder)
    key = content_key(
        code_key(),
        passport.model_dump_json(),
        files_key(folder / mesh.file for mesh in passport.meshes if (folder / mesh.file).is_file()),
        *((mesh.structure, load().structures[mesh.structure].attachments) for mesh in passport.meshes),
    )
    return _from_cache(passport.id, key, lambda told: open_set_atlas(folder, told), start, progress)


def _from_cache(
    name: str,
    key: str,
    make: Callable[[Progress], Atlas],
    start: float,
    progress: Progress | None,
) -> BuiltAtlas:
    tell: Progress = progress or (lambda done, text: None)
    folder = atlas_folder(name, key)
    document = _whole(folder, tell)
    if document is not None:
        return BuiltAtlas(folder, document, True, time.perf_counter() - start)
    with builder_lock(folder, lambda: tell(0.0, "Waiting for another window that is building this atlas")):
        document = _whole(folder, tell)
        if document is not None:
            return BuiltAtlas(folder, document, True, time.perf_counter() - start)
        atlas = make(tell)
        tell(0.98, "Writing files")
        document = write_atlas(atlas, folder, key=key, centrelines=centrelines_of(atlas))
        forget_old_atlases(folder)
    tell(1.0, "Done")
    return BuiltAtlas(folder, document, False, time.perf_counter() - start)


def _whole(folder: Path, tell: Progress) -> AtlasDocument | None:
    if not folder.exists():
        return None
    try:
        return read_document(folder)
    except StoreError as error:
        tell(0.0, f"{error} It is built anew.")
        return None


def code_key() -> str:
    """Hash of the code that makes geometry and of the libraries it uses."""
    return content_key(files_key(code_files("build")), libraries_key())


def population_key() -> str:
    """Hash of everything the population atlas is made from: code, libraries, forms and landmarks."""
    data = [*(DATA / "forms").glob("*.yaml"), *(DATA / "population").glob("*.yaml"), DATA / "landmarks.yaml"]
    models = [DATA.parent / "forms.py", DATA.parent / "material.py"]
    coming = [entry.id for entry in growing()]
    return content_key(code_key(), files_key(data), files_key(models), BONE_RESOLUTION, coming)


def growing() -> list[GrowingEntry]:
    """What is made after the population's atlas: the skin and the small nerves of both sides."""
    entries = load().structures
    cords = sorted(file.stem for file in (DATA / "cords").glob("*.yaml"))
    nerves = [
        GrowingEntry(id=f"{name}.{side}", structure=name, side=side, kind=entries[name].kind)
        for side in SIDES
        for name in cords
    ]
    return [GrowingEntry(id="skin", structure="skin", side="midline", kind="skin"), *nerves]


def centrelines_of(atlas: Atlas) -> dict[LimbSide, Centrelines]:
    """Middle curves of nerve and piriformis of the sides that have both."""
    found: dict[LimbSide, Centrelines] = {}
    for side in SIDES:
        owners = [f"{name}.{side}" for name in sorted(SHAPED)]
        if all(owner in atlas.structures for owner in owners):
            parts = {part.name: part.surface for owner in owners for part in atlas.structures[owner].parts}
            found[side] = centrelines(parts, side)
    return found


def open_set_atlas(folder: str | Path, progress: Progress | None = None) -> Atlas:
    """The atlas of an open mesh set with footprints and shading."""
    tell: Progress = progress or (lambda done, text: None)
    atlas = load_open_set(folder, lambda done, text: tell(0.6 * done, text))
    shade(list(atlas.structures.values()), lambda done, text: tell(0.6 + 0.36 * done, text))
    return atlas


@cache
def mean_body() -> Body:
    """The population's mean body as finely as it is shown; made once, and not to be changed."""
    return population_body(resolution=BONE_RESOLUTION)


def population_atlas(progress: Progress | None = None) -> Atlas:
    """The population's mean body: its bones, the soft tissue solved on them, footprints, landmarks and shading."""
    tell: Progress = progress or (lambda done, text: None)
    tell(0.0, "Bones of the population mean")
    body = mean_body()
    structures = {structure.id: structure for structure in bone_structures(body)}
    forms = load_forms()
    for structure in solve_both(body, forms, progress=lambda done, text: tell(0.05 + 0.7 * done, text)):
        structures[structure.id] = structure
    atlas = Atlas(
        POPULATION_ATLAS,
        "Population mean: bones of 26 adults, soft tissue solved on them",
        structures,
        landmarks_of(body),
        population_sources(),
        growing(),
    )
    finish(atlas, body, forms, lambda done, text: tell(0.75 + 0.23 * done, text))
    return atlas


def finish(atlas: Atlas, body: Body, forms: Mapping[str, object], progress: Progress) -> None:
    """Give every structure what it is shown with: fewer triangles, light and shade, and its footprints.

    Raises `BuildError` that names the structure and end whose outline cannot be cut.
    """
    ribbons = [form for form in forms.values() if isinstance(form, RibbonForm)]
    bones = [structure for structure in atlas.structures.values() if structure.kind == "bone"]
    thin(bones)
    ground = {bone.id: bone.parts[0].surface for bone in bones}
    here, there = (
        [one for one in atlas.structures.values() if one.side == side and one.kind != "bone"] for side in SIDES
    )
    with Second(finish_side, there, ground, body, ribbons, SIDES[1]) as second:
        shade(bones, lambda done, text: progress(0.4 * done, text))
        done_here = finish_side(
            here, ground, body, ribbons, SIDES[0], lambda done, text: progress(0.4 + 0.3 * done, text)
        )
        done_there = second.result(lambda done, text: progress(0.7 + 0.3 * done, text))
    if done_there is None:
        done_there = finish_side(there, ground, body, ribbons, SIDES[1], progress)
    atlas.structures.update({one.id: one for one in (*done_here, *done_there)})


def finish_side(
    structures: list[Structure],
    bones: Mapping[str, Surface],
    body: Body,
    ribbons: Sequence[RibbonForm],
    side: LimbSide,
    progress: Progress,
) -> list[Structure]:
    """The same structures of one side with all that `finish` gives them."""
    thin(structures)
    untangle(one for one in structures if one.structure not in SHAPED)
    shade(structures, lambda done, text: progress(0.4 * done, text))
    owned = {structure.id: structure for structure in structures}
    paint_footprints(owned, bones, body, ribbons, side, lambda done, text: progress(0.4 + 0.6 * done, text))
    return structures


def thin(structures: Iterable[Structure]) -> None:
    """Leave out what nobody misses of every surface, but for those that have other shapes."""
    for structure in structures:
        if structure.structure in SHAPED:
            continue
        for part in structure.parts:
            if structure.kind == "bone":
                part.surface = thinned_bone(part.surface, THIN_BONE_MM)
            else:
                part.surface = thinned_grid(part.surface, THIN_MM)


def bone_structures(body: Body) -> Iterable[Structure]:
    """The bones of a body as structures of an atlas."""
    for name, bone in body.bones.items():
        surface = Surface(bone.vertices, bone.triangles, bone.normals)
        stem, _, side = name.partition(".")
        where: Side = "right" if side == "right" else "left" if side == "left" else "midline"
        yield Structure(name, stem, where, "bone", [Part(name, surface)], POPULATION, "population")


def landmarks_of(body: Body) -> dict[str, NDArray[np.float64]]:
    """Every annotated landmark that the body has, by sided id: (3,) or (k, 3) LPS mm."""
    found = {}
    for name, landmark in load().landmarks.items():
        if name in body.places or name == "femoral_head_centre":
            for sided in [f"{name}.right", f"{name}.left"] if landmark.paired else [name]:
                found[sided] = body.landmark(sided)
    return found


def shade(structures: Sequence[Structure], progress: Progress) -> None:
    """Set the ambient openness of every part."""
    for index, structure in enumerate(structures):
        progress(index / len(structures), "Light and shade")
        for part in structure.parts:
            part.surface.shade = openness(part.surface)


def paint_footprints(
    structures: Mapping[str, Structure],
    bones: Mapping[str, Surface],
    body: Body,
    ribbons: Sequence[RibbonForm],
    side: LimbSide,
    progress: Progress,
) -> None:
    """Cut the attachment areas that the forms outline out of the bones of one side.

    bones : surfaces as they are shown, by sided id
    Raises `BuildError` that names the structure and end whose outline cannot be cut.
    """
    smooth = {name: _smooth(bone.chart) for name, bone in body.bones.items() if isinstance(bone.chart, ModelledChart)}
    ends: tuple[End, End] = ("proximal", "distal")
    for index, form in enumerate(ribbons):
        progress(index / len(ribbons), "Attachments on bone")
        for end, outlines in zip(ends, (form.origin.outlines, form.insertion.outlines), strict=True):
            for outline in outlines:
                bone = outline.bone if outline.bone in bones else f"{outline.bone}.{side}"
                corners = [MaterialPoint(bone=outline.bone, element=e, xi1=a, xi2=b) for e, a, b in outline.points]
                polygon = np.stack([body.locate(corner, side) for corner in corners])
                try:
                    patch, area = cut_footprint(bones[bone], polygon, smooth.get(bone))
                except FootprintError as error:
                    raise BuildError(f"{form.id}, {end} end on {bone}: {error}") from error
                _add_footprint(structures, f"{form.id}.{side}", end, bone, patch, area)


def _smooth(chart: ModelledChart) -> Surface:
    """A modelled bone without the holes that were made in it."""
    vertices, triangles = chart.smooth.surface(2 * BONE_RESOLUTION)
    return Surface(vertices, triangles, vertex_normals(vertices, triangles))


def _add_footprint(
    structures: Mapping[str, Structure], owner: str, end: End, bone: str, patch: Surface, area: float
) -> None:
    """Add a patch to a structure, as one with what it has already at that end of that bone."""
    mine = structures[owner].footprints
    for footprint in mine:
        if footprint.end == end and footprint.on == bone:
            footprint.surface = joined([footprint.surface, patch])
            footprint.area_mm2 += area
            return
    mine.append(Footprint(owner, end, bone, patch, area))
