"""What every structure of a body is shown with: fewer triangles, light and shade, attachment areas, middle lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from annotations.forms import RibbonForm
from annotations.loading import DATA, load
from annotations.material import MaterialPoint
from meshes.atlas import Atlas, Centrelines, End, Footprint, GrowingEntry, Part, Side, Structure, Surface
from meshes.atlas_files import SHAPED
from meshes.body import Body, LimbSide
from meshes.built import BuildError
from meshes.footprints import FootprintError, cut_footprint
from meshes.measure import centrelines
from meshes.sacrum import ModelledChart
from meshes.second import Second
from meshes.shade import openness
from meshes.sources import POPULATION
from meshes.surface import joined, vertex_normals
from meshes.thin import thinned_bone, thinned_grid
from meshes.untangle import untangle

Progress = Callable[[float, str], None]

SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
BONE_RESOLUTION = 8
"""Steps along each element edge of the population's bones."""
THIN_MM = 0.1
"""How far what is left out of a lofted surface may lie from what is kept."""
THIN_BONE_MM = 0.15
"""The same for bones."""


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
    held: Mapping[str, str] | None = None,
    left_out: list[str] | None = None,
) -> None:
    """Cut the attachment areas that the forms outline out of the bones of one side; a form not grown here is passed by.

    bones : surfaces as they are shown, by sided id
    held : bones that are part of another one's surface, to that one: coccyx to sacrum
    left_out : takes a sentence for each outline that cannot be cut
    Raises `BuildError` that names the structure and end whose outline cannot be cut, unless `left_out` takes it.
    """
    smooth = {name: _smooth(bone.chart) for name, bone in body.bones.items() if isinstance(bone.chart, ModelledChart)}
    ends: tuple[End, End] = ("proximal", "distal")
    for index, form in enumerate(ribbons):
        progress(index / len(ribbons), "Attachments on bone")
        if f"{form.id}.{side}" not in structures:
            continue
        for end, outlines in zip(ends, (form.origin.outlines, form.insertion.outlines), strict=True):
            for outline in outlines:
                carrier = (held or {}).get(outline.bone, outline.bone)
                bone = carrier if carrier in bones else f"{carrier}.{side}"
                corners = [MaterialPoint(bone=outline.bone, element=e, xi1=a, xi2=b) for e, a, b in outline.points]
                polygon = np.stack([body.locate(corner, side) for corner in corners])
                try:
                    patch, area = cut_footprint(bones[bone], polygon, smooth.get(bone))
                except FootprintError as error:
                    if left_out is not None:
                        left_out.append(f"{form.id}.{side}: its {end} area on {bone} was left out: {error}")
                        continue
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
