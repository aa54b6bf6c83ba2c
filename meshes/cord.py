"""Nerves that branch: laid after the muscles, from their cords, on the surfaces of what is there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from annotations.cords import Beside, Cord, CordStrand, Within, load_cords
from annotations.forms import OnBone
from meshes.anchor import sided
from meshes.atlas import Part, Structure, Surface
from meshes.cord_surface import Cover, drawn_in, pushed, solid_of, surface_on
from meshes.cord_way import CordError, Way, cleared, first_way
from meshes.distance import DistanceField, signed_distance
from meshes.grown import SOURCE
from meshes.ribbon import resample
from meshes.surface import joined
from meshes.untangle import untangled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from meshes.body import Body, LimbSide
    from meshes.loft import Solid

__all__ = ["CordError", "Layout", "grow_cords", "in_order"]

Array = NDArray[np.float64]

FIELD_SPACING = 1.6
"""mm between the nodes of the distance grids around a nerve."""

REACH = 9.0
"""mm from a nerve's first way within which distances are sampled."""

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

    def is_bone(self, name: str) -> bool:
        """Whether an unsided id names a bone."""
        return sided(name, self.body, self.side) in self.body.bones

    def solid(self, name: str) -> Solid:
        """Vertices and triangles of a bone or structure, by unsided id."""
        surface = self.surfaces[name]
        return surface.vertices, surface.triangles

    def fields(self, names: Iterable[str], ways: Iterable[Way]) -> dict[str, DistanceField]:
        """Distance fields, by unsided id, of those bones and structures that come near some ways, good near them."""
        points = np.concatenate([way.points for way in ways])
        low, high = points.min(axis=0) - REACH, points.max(axis=0) + REACH
        shape = np.ceil((high - low) / FIELD_SPACING).astype(int) + 1
        beside = cKDTree(points[::4])

        def distance(nodes: Array, solid: Solid) -> NDArray[np.float64]:
            near = np.isfinite(beside.query(nodes, distance_upper_bound=REACH)[0])
            values = np.full(len(nodes), REACH)
            values[near] = signed_distance(nodes[near], *solid)
            return values

        found = {}
        for name in names:
            solid = self.solid(name)
            box = np.stack([solid[0].min(axis=0), solid[0].max(axis=0)])
            if (box[1] >= low).all() and (box[0] <= high).all():
                found[name] = DistanceField.of_function(partial(distance, solid=solid), shape, low, FIELD_SPACING, box)
        return found


def grow_cords(
    body: Body,
    structures: Iterable[Structure],
    side: LimbSide,
    progress: Callable[[float, str], None] | None = None,
    cords: Mapping[str, Cord] | None = None,
    left_out: dict[str, str] | None = None,
) -> list[Structure]:
    """Lay the branching nerves of one side.

    structures : what is there, each part with (u, v); those of the other side are left aside
    cords : by id; the default body's own if not given
    left_out : takes those that cannot be laid on a strange body, by id, and why; those that spring from them go too

    Raises CordError that names the nerve and the bone or structure that is missing, unless `left_out` takes it.
    """
    layout = Layout(body, structures, side)
    wanted = list((load_cords() if cords is None else cords).values())
    if left_out is not None:
        wanted = _possible(wanted, layout, left_out)
    order = in_order(wanted, layout)
    grown = []
    for count, cord in enumerate(order):
        if progress:
            progress(count / len(order), f"{cord.id.replace('_', ' ')}, {side}")
        if left_out is None:
            grown.append(_grow(cord, layout))
            continue
        lost = sorted(needs(cord) & left_out.keys())
        if lost:
            left_out[cord.id] = f"it lies on {', '.join(lost)}, which is not there"
            continue
        try:
            grown.append(_grow(cord, layout))
        except Exception as error:  # a body that nobody has seen before: what cannot be laid must not lose the rest
            left_out[cord.id] = str(error)
    if progress:
        progress(1.0, f"nerves, {side}")
    return grown


def _possible(cords: Iterable[Cord], layout: Layout, left_out: dict[str, str]) -> list[Cord]:
    """The cords whose bones and structures are all there; the others, and those that need them, are told."""
    kept = {cord.id: cord for cord in cords}
    while True:
        short = {
            cord.id: missing
            for cord in kept.values()
            if (missing := sorted(name for name in needs(cord) if name not in kept and name not in layout.surfaces))
        }
        if not short:
            return list(kept.values())
        for name, missing in short.items():
            left_out[name] = f"the body has no {', '.join(missing)}"
            del kept[name]


def needs(cord: Cord) -> set[str]:
    """Unsided ids of everything that a cord refers to."""
    named = {*cord.over, *cord.parents(), *(cord.sheath.over if cord.sheath else ())}
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
    first: dict[str, Way] = {}
    for strand in cord.strands:
        first[strand.id] = _started(cord, strand, first, layout)[0]
    fields = layout.fields(cord.over, first.values())
    ways: dict[str, Way] = {}
    for strand in cord.strands:
        way, led = _started(cord, strand, ways, layout)
        left = strand.springs.cord if strand.springs is not None else None
        around = [name for name in fields if name not in strand.enters]
        obstacles = [fields[name] for name in around if name != left]
        beside = [fields[name] for name in around if name == left]
        ways[strand.id] = cleared(way, led, obstacles, beside, cord.clearance)
    strands = list(ways.values())
    cover = None
    if cord.sheath is not None:
        cover = Cover([layout.surfaces[name] for name in cord.sheath.over], cord.sheath.to)
    solid, normals = solid_of(strands, cord.blend, cord.fineness, cord.triangles, cover)
    surface, owner = surface_on(solid, normals, strands)
    entering = np.array([[name in strand.enters for name in cord.over] for strand in cord.strands])[owner]
    met = {name: (layout.solid(name), entering[:, k]) for k, name in enumerate(cord.over)}
    ordered = [met[name] for name in sorted(met.keys() - cord.parents(), key=lambda name: (layout.is_bone(name), name))]
    for obstacle, free in [*ordered, *ordered]:
        surface.vertices = pushed(surface.vertices, obstacle, cord.clearance, free)
    surface.vertices = drawn_in(surface, strands, ordered, cord.clearance)
    surface = untangled(surface)
    layout.ways[cord.id], layout.surfaces[cord.id] = ways, surface
    name = f"{cord.id}.{layout.side}"
    centres = np.stack([resample(way.points, CENTRE_POINTS) for way in strands])
    return Structure(name, cord.id, layout.side, "nerve", [Part(name, surface, centres)], SOURCE)


def _started(cord: Cord, strand: CordStrand, mine: Mapping[str, Way], layout: Layout) -> tuple[Way, float]:
    """A strand through its stations, and the mm over which it draws apart from the strand it leaves."""
    springs = strand.springs
    parent = None
    if springs is not None:
        known = mine if springs.cord is None else layout.ways[springs.cord]
        if springs.strand not in known:
            raise CordError(f"{cord.id}: {springs.cord} has no strand {springs.strand}; it has {', '.join(known)}.")
        parent = known[springs.strand]
    return first_way(strand, parent, layout.body, layout.side, layout.surfaces)
