"""Nerves that branch: laid after the muscles, from their cords, on the surfaces of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from annotations.cords import Beside, Cord, Within, load_cords
from annotations.forms import OnBone
from meshes.anchor import sided
from meshes.atlas import Part, Structure, Surface
from meshes.cord_surface import pushed, solid_of, surface_on
from meshes.cord_way import CordError, Way, laid
from meshes.distance import DistanceField
from meshes.grown import SOURCE
from meshes.modeller import bone_field, neighbour_field
from meshes.ribbon import resample
from meshes.surface import joined, vertex_normals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from meshes.body import Body, LimbSide
    from meshes.loft import Solid

__all__ = ["CordError", "Layout", "grow_cords", "in_order"]

Array = NDArray[np.float64]

NERVE_SPACING = 1.0
"""mm between the nodes of a nerve's distance grid."""

CENTRE_POINTS = 60
"""Points of each strand's centre line in the atlas."""


class Layout:
    """One side of one body: the surfaces that nerves are laid on, and the ways of the nerves laid so far."""

    def __init__(self, body: Body, structures: Iterable[Structure], side: LimbSide) -> None:
        self.body = body
        self.side: LimbSide = side
        self.surfaces: dict[str, Surface] = {
            name.split(".")[0]: Surface(bone.vertices, bone.triangles, bone.normals)
            for name, bone in body.bones.items()
            if name.endswith(f".{side}") or "." not in name
        }
        for structure in structures:
            if structure.side == side and structure.kind != "bone":
                self.surfaces[structure.structure] = joined([part.surface for part in structure.parts])
        self.ways: dict[str, dict[str, Way]] = {}
        self._fields: dict[str, DistanceField] = {}

    def is_bone(self, name: str) -> bool:
        """Whether an unsided id names a bone."""
        return sided(name, self.body, self.side) in self.body.bones

    def solid(self, name: str) -> Solid:
        """Vertices and triangles of a bone or structure, by unsided id."""
        surface = self.surfaces[name]
        return surface.vertices, surface.triangles

    def field(self, name: str) -> DistanceField:
        """Distance field of a bone or structure, by unsided id."""
        if name not in self._fields:
            if self.is_bone(name):
                self._fields[name] = bone_field(*self.solid(name))
            elif name in self.ways:
                self._fields[name] = DistanceField.of_surface(*self.solid(name), NERVE_SPACING, 6.0)
            else:
                self._fields[name] = neighbour_field(*self.solid(name))
        return self._fields[name]


def grow_cords(
    body: Body,
    structures: Iterable[Structure],
    side: LimbSide,
    progress: Callable[[float, str], None] | None = None,
    cords: Mapping[str, Cord] | None = None,
) -> list[Structure]:
    """Lay the branching nerves of one side.

    structures : what is there, each part with (u, v); those of the other side are left aside
    cords : by id; the default body's own if not given

    Raises CordError that names the nerve and the bone or structure that is missing.
    """
    layout = Layout(body, structures, side)
    order = in_order((load_cords() if cords is None else cords).values(), layout)
    grown = []
    for count, cord in enumerate(order):
        if progress:
            progress(count / len(order), f"{cord.id.replace('_', ' ')}, {side}")
        grown.append(_grow(cord, layout))
    if progress:
        progress(1.0, f"nerves, {side}")
    return grown


def needs(cord: Cord) -> set[str]:
    """Unsided ids of everything that a cord refers to."""
    named = {*cord.over, *cord.parents()}
    for strand in cord.strands:
        for station in strand.stations:
            if isinstance(station.at, Beside):
                named.add(station.at.beside)
            elif isinstance(station.at, Within):
                named.update(station.at.within)
            elif isinstance(station.at, OnBone):
                named.add(station.at.bone)
    return named


def in_order(cords: Iterable[Cord], layout: Layout) -> list[Cord]:
    """Cords so that each comes after those it refers to."""
    waiting = {cord.id: cord for cord in sorted(cords, key=lambda cord: cord.id)}
    for cord in waiting.values():
        missing = sorted(name for name in needs(cord) if name not in waiting and name not in layout.surfaces)
        if missing:
            raise CordError(f"{cord.id}: the body has no {', '.join(missing)}.")
    ordered: list[Cord] = []
    while waiting:
        ready = [cord for cord in waiting.values() if not needs(cord) & waiting.keys()]
        if not ready:
            raise CordError(f"{', '.join(waiting)}: each refers to another of them.")
        ordered += ready
        for cord in ready:
            del waiting[cord.id]
    return ordered


def _grow(cord: Cord, layout: Layout) -> Structure:
    ways: dict[str, Way] = {}
    for strand in cord.strands:
        springs = strand.springs
        parent, left = None, cord.id
        if springs is not None:
            left = springs.cord or cord.id
            known = ways if springs.cord is None else layout.ways[springs.cord]
            if springs.strand not in known:
                raise CordError(f"{cord.id}: {left} has no strand {springs.strand}; it has {', '.join(known)}.")
            parent = known[springs.strand]
        around = [name for name in cord.over if name not in strand.enters]
        obstacles = [layout.field(name) for name in around if name != left]
        beside = [layout.field(name) for name in around if name == left]
        ways[strand.id] = laid(
            strand, parent, layout.body, layout.side, layout.surfaces, obstacles, cord.clearance, beside
        )
    strands = list(ways.values())
    surface, owner = surface_on(solid_of(strands, cord.blend, cord.fineness, cord.triangles), strands)
    vertices = surface.vertices
    for name in sorted({*cord.over} - cord.parents(), key=layout.is_bone):
        entering = np.array([name in strand.enters for strand in cord.strands])
        vertices = pushed(vertices, layout.solid(name), cord.clearance, entering[owner])
    surface.vertices, surface.normals = vertices, vertex_normals(vertices, surface.triangles)
    layout.ways[cord.id], layout.surfaces[cord.id] = ways, surface
    name = f"{cord.id}.{layout.side}"
    centres = np.stack([resample(way.points, CENTRE_POINTS) for way in strands])
    return Structure(name, cord.id, layout.side, "nerve", [Part(name, surface, centres)], SOURCE)
