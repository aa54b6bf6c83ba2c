"""A flattened nerve: two divisions that abut as one band and then part, each to its own end.

Each division is a ring grid along its own centre curve. While they abut, its section is one part of the common ellipse
with a flat wall towards its fellow; where they part, the section rounds off to an ellipse of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from meshes.anchor import mirrored, resolve
from meshes.atlas import Part, Structure
from meshes.distance import closest_point
from meshes.grown import SOURCE, around_fraction, closed, surface_of
from meshes.loft import push_clear, push_exactly
from meshes.ribbon import smoothstep
from meshes.roofed import Below
from meshes.yielding import yielding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.forms import NerveForm, Station
    from meshes.atlas import Surface
    from meshes.body import LimbSide
    from meshes.distance import DistanceField
    from meshes.loft import Solid
    from meshes.roofed import Pushing
    from meshes.workshop import Workshop

Array = NDArray[np.float64]

SPACING = 2.0
"""mm between the points of a nerve's curve while it is laid."""

PARTING = 30.0
"""mm over which divisions round off and draw apart where they part."""

ROUNDS = 40

EVENNESS = 5.0
"""Points of a nerve's curve over which a push sideways is evened out."""

BENDS = (100.0, 150.0)
"""mm along the nerve over which its rings draw apart: above lies piriformis, below the straight thigh."""

CLOSER = 2.5
"""How much closer rings lie above."""

PROBES = (-0.48, -0.3, 0.0, 0.3, 0.48)
"""Places across a nerve, in widths, at which its distances are kept."""

LOOSE = 0.5
"""mm more than asked that a nerve's middle keeps from soft neighbours, so that evening out costs nothing."""

ABOVE = "piriformis"
"""The muscle that the common band passes below."""

GLUTEAL, GIVEN_WITHIN = 110.0, 25.0
"""mm of a nerve's first way from its proximal end, and mm from it, within which it keeps clear of all soft tissue."""

TIGHT, TIGHTENED = 8.0, 6
"""Points of a nerve's curve over which it is drawn tight among what is given, and how often."""

TIGHT_MM = 15.0
"""mm beyond what it keeps from a neighbour within which that neighbour is asked while it is drawn tight."""

TOUCHED_WITHIN = 8.0
"""mm from a nerve beyond which a neighbour cannot press on it, where it runs straight."""

KEPT = 0.75
"""Part of a clearance that holds in the end everywhere on a surface, between its corners too."""

WALL_SHARE = 0.29
"""Share of a ring of a division, from its outer edge either way, before it is the wall towards its fellow."""


@dataclass(frozen=True)
class Course:
    """A curve with what belongs to each of its points.

    points : (n, 3) mm
    width, thickness, from_bone : (n,) mm
    back : (n, 3) rough direction that its flat back faces
    """

    points: Array
    width: Array
    thickness: Array
    from_bone: Array
    back: Array

    def frame(self) -> tuple[Array, Array]:
        """Unit directions across the nerve and towards its back, (n, 3) each, square to the curve."""
        tangent = np.gradient(self.points, axis=0)
        tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
        back = self.back - np.einsum("ij,ij->i", self.back, tangent)[:, None] * tangent
        back = gaussian_filter1d(back, 4.0, axis=0, mode="nearest")
        back /= np.maximum(np.linalg.norm(back, axis=1, keepdims=True), 1e-9)
        across = np.cross(tangent, back)
        return across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9), back


def course(stations: Sequence[Station], workshop: Workshop, spacing: float) -> tuple[Course, Array]:
    """A smooth course through stations with a point every `spacing` mm, and the way (k,) in mm to each station.

    Two courses with the same first stations have the same points there, but for the last bend before they differ.
    """
    body, side, grown = workshop.body, workshop.side, workshop.grown
    at = np.concatenate([resolve([station.at], body, side, grown)[:1] for station in stations])
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(at, axis=0), axis=1))])
    x = np.arange(0.0, way[-1] + 0.5 * spacing, spacing)
    x = x[x <= way[-1]]
    back = np.stack([mirrored(station.facing, side) for station in stations])
    back /= np.linalg.norm(back, axis=1, keepdims=True)
    values = np.array([[s.width, s.thickness, s.from_bone] for s in stations])
    width, thickness, from_bone = PchipInterpolator(way, values)(x).T
    points = CubicSpline(way, at, bc_type="natural")(x)
    return Course(points, width, thickness, from_bone, PchipInterpolator(way, back)(x)), way


def lay(
    laid: Course, form: NerveForm, workshop: Workshop, kept: Sequence[tuple[Pushing, Array]] | None = None
) -> Course:
    """Move a course until the whole breadth of the nerve keeps its distances, in one even curve.

    kept : fields, and the mm (n,) that the middle of the nerve keeps from each; None for what the form runs over
    """
    obstacles = kept_by(form, laid, workshop) if kept is None else kept
    points = laid.points.copy()
    thinner = [(1.0 - np.sqrt(1.0 - (2.0 * offset) ** 2)) * laid.thickness / 2.0 for offset in PROBES]
    for _ in range(ROUNDS if obstacles else 0):
        across, _ = replace(laid, points=points).frame()
        probes = np.concatenate([points + across * (offset * laid.width)[:, None] for offset in PROBES])
        pushes = [field.push(probes, np.concatenate([keep - t for t in thinner]), 2.0) for field, keep in obstacles]
        each = np.stack(pushes, axis=1).reshape(len(PROBES), len(points), len(pushes), 3)
        push = 0.5 * each.swapaxes(1, 2).reshape(-1, len(points), 3).sum(axis=0)
        points = points + gaussian_filter1d(push, EVENNESS, axis=0, mode="nearest")
    return replace(laid, points=points)


def among_given(form: NerveForm, workshop: Workshop) -> NerveForm:
    """The form of a nerve that keeps clear of all soft tissue near its way: what is given does not yield to it."""
    if not workshop.given:
        return form
    ways = [form.way, *([*form.way, *division.after] for division in form.divisions)]
    laid = [course(way, workshop, SPACING)[0].points for way in ways]
    points = np.concatenate(laid)
    upper = laid[0][: round(GLUTEAL / SPACING)]
    beside = [
        name
        for name in sorted({*workshop.given, *workshop.grown, *workshop.beside} - set(form.over))
        if _nearest(upper, workshop.solid(name)) < GIVEN_WITHIN
        or _nearest(points, workshop.solid(name)) < TOUCHED_WITHIN
    ]
    return form.model_copy(update={"over": [*form.over, *beside]})


def _nearest(points: Array, solid: Solid) -> float:
    """Least distance of points (n, 3) to a surface, mm."""
    low, high = points.min(axis=0) - GIVEN_WITHIN, points.max(axis=0) + GIVEN_WITHIN
    if (solid[0].max(axis=0) < low).any() or (solid[0].min(axis=0) > high).any():
        return float("inf")
    return float(np.abs(closest_point(points, *solid)[0]).min())


def kept_by(form: NerveForm, laid: Course, workshop: Workshop) -> list[tuple[DistanceField, Array]]:
    """Fields of what a nerve runs over, and the mm (n,) that its middle keeps from each."""
    half = laid.thickness / 2.0
    return [
        (workshop.field(n), (laid.from_bone if workshop.is_bone(n) else form.clearance + LOOSE) + half)
        for n in form.over
    ]


def kept_below(form: NerveForm, laid: Course, workshop: Workshop) -> list[tuple[DistanceField | Below, Array]]:
    """The same for a way below piriformis: it gets past that muscle on its deep side, whichever is nearer."""
    kept = kept_by(form, laid, workshop)
    if ABOVE not in workshop.grown:
        return [*kept]
    under = Below(workshop.field(ABOVE), workshop.grown[ABOVE].grid)
    return [(under if name == ABOVE else field, keep) for (field, keep), name in zip(kept, form.over, strict=True)]


@dataclass(frozen=True)
class Strand:
    """A division laid out: its course, its frame (across, pointing to medial, and back), and how free it is of its
    fellow, (n,): 0 abutting, 1 apart.
    """

    course: Course
    across: Array
    back: Array
    free: Array


@dataclass(frozen=True)
class Passage:
    """How one division runs where both may run as one band.

    course : of the band that it is part of
    across, back : (n, 3) unit directions across that band, towards medial, and towards its back
    aside : (n,) mm that its own middle lies from the band's, towards medial
    alone : (n,) 0 where it abuts its fellow, 1 where it has a section of its own
    """

    course: Course
    across: Array
    back: Array
    aside: Array
    alone: Array

    @property
    def middle(self) -> Array:
        """(n, 3) its own middle, mm."""
        return np.asarray(self.course.points + self.aside[:, None] * self.across)


def band(form: NerveForm, workshop: Workshop) -> Course:
    """The common band laid out, from the nerve's proximal end to where the divisions part for good.

    Among what is given, which does not yield, it is drawn tight between the two, and finds its way round.
    """
    start = course(form.way, workshop, SPACING)[0]
    if not workshop.given:
        return lay(start, form, workshop)
    laid = lay(start, form, workshop, kept_below(form, start, workshop))
    near = [
        each for each in kept_below(form, laid, workshop) if (each[0].distance(laid.points) - each[1]).min() < TIGHT_MM
    ]
    for _ in range(TIGHTENED):
        tight = gaussian_filter1d(laid.points, TIGHT, axis=0, mode="nearest")
        tight[0], tight[-1] = laid.points[0], laid.points[-1]
        laid = lay(replace(laid, points=tight), form, workshop, near)
    return laid


def together(form: NerveForm, common: Course, side: LimbSide) -> tuple[Passage, Passage]:
    """Both divisions side by side in one band, medial first."""
    across, back = medial_frame(common, side)
    alone = np.zeros(len(common.points))
    medial, lateral = (Passage(common, across, back, place * common.width, alone) for place in places(form))
    return medial, lateral


def medial_frame(laid: Course, side: LimbSide) -> tuple[Array, Array]:
    """Unit directions across a course, towards medial, and towards its back, (n, 3) each."""
    across, back = laid.frame()
    return medial_sign(across, side) * across, back


def places(form: NerveForm) -> tuple[float, float]:
    """Where the middles of both divisions lie in the band, in widths of it towards medial."""
    share = form.medial_share
    return 0.5 - 0.5 * share, -0.5 * share


def strands(form: NerveForm, workshop: Workshop, passages: tuple[Passage, Passage]) -> list[Strand]:
    """Both divisions, medial first: on their passages, then each to its own end."""
    _, way = course(form.way, workshop, SPACING)
    parting = way[-1]
    shares = (form.medial_share, 1.0 - form.medial_share)
    result = []
    for division, share, passage in zip(form.divisions, shares, passages, strict=True):
        common = passage.course
        n = len(common.points)
        own, stops = course([*form.way, *division.after], workshop, SPACING)
        x = SPACING * np.arange(len(own.points), dtype=np.float64)
        leaving = smoothstep(parting, parting + 3.0 * PARTING, x)
        carried = (common.points[-1] - own.points[n - 1]) * (1.0 - leaving)[:, None]
        points = np.concatenate([common.points, (own.points + carried)[n:]])
        fair = gaussian_filter1d(points, 0.25 * PARTING / SPACING, axis=0, mode="nearest")
        points += np.exp(-(((x - parting) / PARTING) ** 2))[:, None] * (fair - points)
        alone = smoothstep(parting, stops[len(form.way)], x[n:])
        width = np.concatenate([common.width * share, own.width[n:] * (share + (1.0 - share) * alone)])
        thickness = np.concatenate([common.thickness, own.thickness[n:]])
        laid = replace(own, points=points, width=width, thickness=thickness)
        across, back = medial_frame(laid, workshop.side)
        turn = smoothstep(parting, parting + PARTING, x[n:])[:, None]
        frames = []
        for mine, shared in ((across, passage.across), (back, passage.back)):
            mixed = np.concatenate([shared, shared[-1] * (1.0 - turn) + mine[n:] * turn])
            frames.append(mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9))
        aside = np.concatenate([passage.aside, np.full(len(points) - n, passage.aside[-1])])
        points = points + frames[0] * (aside * (1.0 - leaving))[:, None]
        own_way = lay(replace(laid, points=points), form, workshop).points - points
        points = points + own_way * smoothstep(parting, parting + PARTING, x)[:, None]
        free = smoothstep(parting, parting + PARTING, x)
        free = np.maximum(free, np.concatenate([passage.alone, np.full(len(points) - n, passage.alone[-1])]))
        result.append(Strand(replace(laid, points=points), frames[0], frames[1], free))
    return result


def section(around: int, free: Array, wall: float) -> tuple[Array, Array]:
    """Sections of a division, (n, around, 2), and their outward normals, in half-widths and half-thicknesses.

    free : (n,) 0 where it abuts its fellow (half an ellipse with a flat wall), 1 where it is alone (a whole one)
    wall : +1 if the fellow lies on the positive side, else -1
    """
    angle = np.arange(around) / around * 2.0 * np.pi
    turned = np.where(angle > np.pi, angle - 2.0 * np.pi, angle)
    whole = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    corner = round(WALL_SHARE * around) / around * 2.0 * np.pi
    outer = np.clip(turned / corner, -1.0, 1.0) * np.pi / 2.0
    half = np.stack([2.0 * np.cos(outer) - 1.0, np.sin(outer)], axis=-1)
    half_normal = np.stack([0.5 * np.cos(outer), np.sin(outer)], axis=-1)
    on_wall = np.abs(turned) > corner + 1e-9
    half[on_wall, 1] = (np.sign(turned) * (np.pi - np.abs(turned)) / (np.pi - corner))[on_wall]
    half_normal[on_wall] = [-1.0, 0.0]
    mix = free[:, None, None]
    points = half + mix * (whole - half)
    normals = half_normal + mix * (whole - half_normal)
    return points * [-wall, 1.0], normals * [-wall, 1.0]


def grow_nerve(form: NerveForm, workshop: Workshop) -> list[Structure]:
    """The divisions of a nerve as structures, each with surface, (u, v) and its centre curve as the one fibre."""
    form = among_given(form, workshop)
    fields, solids = workshop.obstacles(form.over)
    structures = []
    laid = tubes(form, workshop, together(form, band(form, workshop), workshop.side))
    kept = [(field, form.clearance) for field in fields]
    grids = [push_clear(tube.grid, kept, rounds=4, smoothing=0.0, held=(0, 0)) for tube in laid]
    grids = [push_exactly(grid, solids, form.clearance, (0, 0)) for grid in grids]
    beside = [name for name in form.over if not workshop.is_bone(name)]
    if workshop.given:
        points = np.concatenate([grid.reshape(-1, 3) for grid in grids])
        beside = [name for name in beside if workshop.field(name).distance(points).min() < TOUCHED_WITHIN]
    soft = [(workshop.solid(name), KEPT * form.clearance) for name in beside]
    grids = apart(grids, form.gap, soft)
    if workshop.given:  # somebody's muscles may lie in their bones: what gives way to them must not be pressed in there
        bones = [(workshop.solid(name), KEPT * form.clearance) for name in form.over if workshop.is_bone(name)]
        grids = apart(grids, form.gap, bones)
    for grid, tube, division in zip(grids, laid, form.divisions, strict=True):
        name = f"{division.id}.{workshop.side}"
        part = Part(name, division_surface(grid, tube.normals), tube.centre[None])
        structures.append(Structure(name, division.id, workshop.side, "nerve", [part], SOURCE))
    return structures


def apart(grids: Sequence[Array], gap: float, pressing: Sequence[tuple[Solid, float]]) -> list[Array]:
    """Ring grids of both divisions off what presses on both, and the lateral one off the medial."""
    medial, lateral = (yielding(grid, pressing, held=(0, 0)) for grid in grids)
    return [medial, yielding(lateral, [*pressing, (closed(medial), KEPT * gap)], held=(0, 0))]


@dataclass(frozen=True)
class Tube:
    """A division as rings (n, around, 3) with outward normals and its middle curve (n, 3)."""

    grid: Array
    normals: Array
    centre: Array


def tubes(form: NerveForm, workshop: Workshop, passages: tuple[Passage, Passage]) -> list[Tube]:
    """Both divisions as rings, medial first, not yet pushed clear of anything but bone."""
    result = []
    for strand, wall in zip(strands(form, workshop, passages), (-1.0, 1.0), strict=True):
        laid = strand.course
        rows = ring_places(len(laid.points), form.grid.along)
        across, back = _unit(_between(strand.across, rows))[:, None], _unit(_between(strand.back, rows))[:, None]
        middle, free = _between(laid.points, rows), _between(strand.free, rows)
        width, thickness = _between(laid.width, rows), _between(laid.thickness, rows)
        points, directions = section(form.grid.around, free, wall)
        half_width = (width / 2.0 - (1.0 - free) * form.gap / 2.0)[:, None, None]
        half_thickness = (thickness / 2.0)[:, None, None]
        grid = middle[:, None] + across * half_width * points[..., :1] + back * half_thickness * points[..., 1:]
        normals = across * directions[..., :1] / half_width + back * directions[..., 1:] / half_thickness
        result.append(Tube(grid, normals, middle))
    return result


def ring_places(count: int, rings: int) -> NDArray[np.float64]:
    """(rings,) places of rings among the points of a course, closer where the nerve bends round the muscle."""
    x = np.arange(count, dtype=np.float64)
    closeness = 1.0 + (CLOSER - 1.0) * (1.0 - smoothstep(*BENDS, SPACING * x))
    passed = np.concatenate([[0.0], np.cumsum((closeness[1:] + closeness[:-1]) / 2.0)])
    return np.asarray(np.interp(np.linspace(0.0, passed[-1], rings), passed, x))


def _between(values: Array, places: NDArray[np.float64]) -> Array:
    """Values (n, …) at places between their rows."""
    low = np.clip(places.astype(int), 0, len(values) - 2)
    share = (places - low).reshape(-1, *([1] * (values.ndim - 1)))
    return np.asarray((1.0 - share) * values[low] + share * values[low + 1])


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def division_surface(grid: Array, normals: Array) -> Surface:
    """The closed surface of a division from its rings and their outward normals."""
    place = np.broadcast_to(around_fraction(grid), grid.shape[:2])
    belly = np.zeros(grid.shape[:2])
    return surface_of(np.concatenate([grid, normals, place[..., None], belly[..., None]], axis=2))


def medial_sign(across: Array, side: LimbSide) -> float:
    """+1 if the directions (n, 3) point to the midline in the upper half of the nerve, else -1."""
    lateral_to_medial = 1.0 if side == "right" else -1.0
    return lateral_to_medial * (1.0 if float(np.mean(across[: len(across) // 2, 0])) >= 0.0 else -1.0)
