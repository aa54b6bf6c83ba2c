"""Every variant of sciatic nerve and piriformis, solved on one side from the solved usual arrangement.

A division that passes through or above leaves the common band in front of the muscle, takes its form's route and joins
the band again below; then the muscle yields: its belly parts like lips around what passes through, and gives way under
what lies on it. Rings and triangles are those of type A, so that any variant morphs into any other.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from annotations.forms import NerveForm, RibbonForm
from annotations.loading import load
from meshes.anchor import mirrored, resolve
from meshes.cleft import Opening, cut_heads, empty_opening, opening_for, seam, uncrossed
from meshes.glb import STEP_MM
from meshes.grown import channels, closed, surface_of
from meshes.loft import push_exactly
from meshes.modeller import ModellerError, fit_given, grow, needs
from meshes.nerve import (
    KEPT,
    SPACING,
    Course,
    Passage,
    among_given,
    apart,
    band,
    division_surface,
    kept_by,
    lay,
    medial_frame,
    places,
    together,
    tubes,
)
from meshes.ribbon import smoothstep
from meshes.roofed import Roofed
from meshes.untangle import relaxed
from meshes.workshop import Workshop
from meshes.yielding import inward, yielding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from annotations.forms import Form, Route
    from annotations.variant import Variant
    from meshes.atlas import Structure, Surface
    from meshes.body import Body, LimbSide
    from meshes.distance import DistanceField
    from meshes.loft import Solid
    from meshes.roofed import Pushing

Array = NDArray[np.float64]

MUSCLE = "piriformis"
NERVE = "sciatic_nerve"

BESIDE = (4.0, 10.0)
"""mm between the ways of both divisions from which they begin to be two, and from which they are."""

BETWEEN = 3.0
"""mm between divisions that pass apart on the same way."""

PARTED = 20.0
"""mm over which they part there."""

APART_ROUNDS = 20

ROOT = (4.0, 14.0)
"""mm from the proximal end up to which a division stays where the plexus reaches it, and from which it is free."""

WALL = 1.2
"""mm more between the middles of divisions that have sections of their own."""

EVEN = 5.0
"""Points of a nerve's curve over which it draws aside."""

FAIR = 3.0
"""Points of a nerve's curve over which a route is faired: it bends round what it meets, and never at a place."""

MOUTH = 2
"""Points of a nerve's curve before and after it is within the belly where it need not keep clear of it."""

LEAST = 0.65
"""Part of its clearance that a nerve itself keeps from heads that could not give way any further."""

GROOVE, GROOVE_EVEN = 2.0, (1.5, 1.5)
"""mm of room beside what presses on a belly that was given, and rings and columns over which its groove is evened."""

NEAR = 85
"""Rings of a division from its proximal end that come near the muscle in any variant."""


def solve_variants(
    body: Body,
    forms: Mapping[str, Form],
    side: LimbSide,
    structures: Mapping[str, Structure],
    progress: Callable[[float, str], None] | None = None,
    given: Mapping[str, Solid] | None = None,
    left_out: dict[str, str] | None = None,
) -> dict[str, dict[str, Surface]]:
    """The shapes of both heads of piriformis and both divisions of the nerve in every variant but A, by part name.

    structures : the other structures of that side as they are in the atlas, by sided id; muscle and nerve keep clear
        of them
    given : somebody's own structures as closed surfaces, by sided id; the heads are cut from the muscle among them
    left_out : gets each variant that cannot be solved on this body, and why, instead of an error

    Raises ModellerError if a form that is needed is missing.
    """
    workshop, deep = prepared(body, forms, side, structures, given)
    scene = Scene.of(workshop, forms, deep)
    variants = [variant for variant in load().variants.values() if variant.id != "A"]
    found: dict[str, dict[str, Surface]] = {}
    for count, variant in enumerate(variants):
        if progress:
            progress(count / len(variants), f"variant {variant.id.replace('_', ' ')}, {side}")
        try:
            found[variant.id] = scene.solve(variant)
        except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
            if left_out is None:
                raise
            left_out[variant.id] = f"variant {variant.id.replace('_', ' ')} cannot be laid on this body: {error}"
    if progress:
        progress(1.0, f"variants, {side}")
    return found


def prepared(
    body: Body,
    forms: Mapping[str, Form],
    side: LimbSide,
    structures: Mapping[str, Structure],
    given: Mapping[str, Solid] | None = None,
) -> tuple[Workshop, list[str]]:
    """A workshop that holds the neighbours and a newly grown piriformis, and the unsided ids of those neighbours."""
    workshop = Workshop(body, side, given)
    divisions = {division.id for division in _nerve(forms).divisions}
    soft = {
        structure.structure: structure
        for structure in structures.values()
        if structure.side == side and structure.kind in ("muscle", "ligament")
    }
    beside = [name for name in soft if name not in {MUSCLE, *divisions}]
    for name in set(beside) - workshop.given.keys():
        workshop.keep_nerve(name, [soft[name]])
    wanted = _muscle(forms)
    for name in needs(wanted):
        if name in forms and name not in soft:
            raise ModellerError(f"{MUSCLE}: its neighbour {name} is not among the structures given.")
    workshop.grown[MUSCLE] = fit_given(wanted, workshop) if MUSCLE in workshop.given else grow(wanted, workshop)
    return workshop, beside


@dataclass(frozen=True)
class Scene:
    """One side as type A leaves it, with what every variant starts from.

    whole : (n, v, 8) ring grid of the undivided belly
    common : the band's own way, below the muscle
    ways : that of each route
    around : what muscle and nerve keep clear of, bones last
    bones : those among them
    """

    workshop: Workshop
    muscle: RibbonForm
    nerve: NerveForm
    whole: Array
    common: Course
    ways: Mapping[str, Course]
    around: Sequence[Solid]
    bones: Sequence[Solid]

    @classmethod
    def of(cls, workshop: Workshop, forms: Mapping[str, Form], beside: Iterable[str]) -> Scene:
        """Lay the band and its routes over what is grown."""
        grown = workshop.grown[MUSCLE]
        muscle, nerve = grown.form, among_given(_nerve(forms), workshop)
        whole = channels(muscle, grown.grid, zlib.crc32(MUSCLE.encode()))
        common = band(nerve, workshop)
        named = [name for name in dict.fromkeys([*nerve.over, *muscle.over]) if workshop.is_bone(name)]
        bones = [workshop.solid(name) for name in named]
        ways: dict[str, Course] = {"below": common}
        for name, route in nerve.routes.items():
            ways[name] = reroute(nerve, common, route, workshop, name == "through" or not workshop.given)
        around = [*(workshop.solid(name) for name in beside), *bones]
        return cls(workshop, muscle, nerve, whole, common, ways, around, bones)

    def solve(self, variant: Variant) -> dict[str, Surface]:
        """The four surfaces of one variant by part name."""
        split = self.muscle.split
        assert split is not None
        assert split.cleft is not None
        side = self.workshop.side
        laid = tubes(self.nerve, self.workshop, self.passages(variant))
        bones = [(solid, KEPT * self.nerve.clearance) for solid in self.bones]
        off = [untangled(self.clear(tube.grid, self.nerve.clearance, 0)) for tube in laid]
        nerve = apart(off, self.nerve.gap, bones)
        beside = [closed(grid[:NEAR]) for grid in nerve]
        passes = (variant.passes.tibial, variant.passes.common_fibular)
        outside = [solid for solid, passage in zip(beside, passes, strict=True) if passage != "through"]
        whole = self.whole.copy()
        if self.workshop.given:
            whole[..., :3] = self.pressed(whole[..., :3], outside)
        pressing = [(solid, split.cleft.clearance) for solid in outside]
        whole[..., :3] = yielding(whole[..., :3], pressing, inward(whole[..., :3]), exact=False)
        rings = cut_heads(whole, split, self.opening(variant, nerve))
        into = [inward(ring[..., :3]) for ring in rings]
        pressing = [(solid, split.cleft.clearance) for solid in beside]
        parted = [yielding(ring[..., :3], pressing, i, exact=False) for ring, i in zip(rings, into, strict=True)]
        upper, lower = (untangled(self.clear(grid, self.muscle.clearance, 1)) for grid in parted)
        pressing = [(solid, KEPT * split.cleft.clearance) for solid in beside]
        upper = yielding(upper, pressing, into[0])
        lower = yielding(lower, [*pressing, (closed(upper), 0.5 * split.gap)], into[1], held=(0, 0))
        for ring, grid in zip(rings, (upper, lower), strict=True):
            ring[..., :3] = grid
        rings = [uncrossed(ring) for ring in rings]
        heads = [(closed(ring[..., :3]), LEAST * self.nerve.clearance) for ring in rings]
        if self.workshop.given:  # what somebody's muscles press on must not be pressed into bone
            heads = [*heads, *bones]
        nerve = [untangled(grid) for grid in apart(nerve, self.nerve.gap, heads)]
        nerve = apart(nerve, self.nerve.gap, heads)
        found = {f"{MUSCLE}.{side}/{name}": surface_of(ring) for name, ring in zip(split.names, rings, strict=True)}
        for division, tube, grid in zip(self.nerve.divisions, laid, nerve, strict=True):
            found[f"{division.id}.{side}"] = division_surface(grid, tube.normals)
        return found

    def pressed(self, belly: Array, outside: Sequence[Solid]) -> Array:
        """The ring grid of somebody's own belly, which was no mould of this nerve, with a smooth groove for it."""
        into = inward(belly)
        grooved = yielding(belly, [(solid, GROOVE) for solid in outside], into, exact=False)
        even = gaussian_filter(grooved - belly, (*GROOVE_EVEN, 0.0), mode=("nearest", "wrap", "nearest"))
        return np.asarray(belly + even)

    def passages(self, variant: Variant) -> tuple[Passage, Passage]:
        """Where both divisions run, medial first."""
        side = self.workshop.side
        passes = (variant.passes.tibial, variant.passes.common_fibular)
        if not variant.divided:
            return together(self.nerve, self.ways[passes[0]], side)
        x = SPACING * np.arange(len(self.common.points), dtype=np.float64)
        far = np.linalg.norm(self.ways[passes[0]].points - self.ways[passes[1]].points, axis=1)
        parted = smoothstep(*BESIDE, far)
        alone, between = parted, np.zeros(len(x))
        if passes[0] == passes[1]:
            route = self.nerve.routes["through"]
            alone = smoothstep(route.leaves, route.leaves + PARTED, x)
            if variant.rejoins:
                alone = alone * smoothstep(0.0, PARTED, route.joins + PARTED - x)
            between = 0.5 * BETWEEN * alone
        elif not variant.rejoins:
            alone = np.maximum.accumulate(alone)
            between = 0.5 * BETWEEN * alone * (1.0 - parted)
        medial_way = self.ways[passes[0]]
        ways = medial_way, drawn_onto(self.ways[passes[1]], medial_way)
        frames = [medial_frame(way, side) for way in ways]
        result = []
        for way, own, passage, place, sign in zip(ways, frames, passes, places(self.nerve), (1.0, -1.0), strict=True):
            beside = place * way.width
            if passage != "below" and passes[0] != passes[1]:
                beside = beside * (1.0 - parted)
            across, back = (_unit(f + parted[:, None] * (o - f)) for f, o in zip(frames[0], own, strict=True))
            aside = gaussian_filter1d(beside + sign * between, EVEN, mode="nearest")
            result.append(Passage(way, across, back, aside, alone))
        medial, lateral = result
        if passes[1] == "through" and passes[0] != "through":  # what lies in the cleft stays in its middle
            return replace(medial, course=kept_apart(medial, lateral)), lateral
        return medial, replace(lateral, course=kept_apart(lateral, medial))

    def clear(self, grid: Array, clearance: float, held: int) -> Array:
        """A ring grid pushed clear of bones and neighbours; the first and last `held` rows stay."""
        low, high = grid.reshape(-1, 3).min(axis=0) - clearance, grid.reshape(-1, 3).max(axis=0) + clearance
        beside = [
            solid for solid in self.around if np.all(solid[0].min(axis=0) < high) and np.all(solid[0].max(axis=0) > low)
        ]
        return push_exactly(grid, beside, clearance, (held, held))

    def opening(self, variant: Variant, nerve: Sequence[Array]) -> Opening | None:
        """How the belly parts for what passes through it."""
        split = self.muscle.split
        assert split is not None
        assert split.cleft is not None
        passes = (variant.passes.tibial, variant.passes.common_fibular)
        cut = seam(self.whole, split)
        inside = [grid for grid, passage in zip(nerve, passes, strict=True) if passage == "through"]
        if inside:
            return opening_for(cut, inside, split.cleft)
        return empty_opening(cut, split.cleft) if variant.split else None


def reroute(form: NerveForm, common: Course, route: Route, workshop: Workshop, enters: bool = True) -> Course:
    """The common band on another way between the places where it leaves and joins it; points stay as many.

    enters : whether it may lie within the muscle, which gives way to it
    """
    first, last = round(route.leaves / SPACING), round(route.joins / SPACING)
    ahead = 3
    stops = [*range(max(first - 2 * ahead, 0), first + 1, ahead)], [*range(last, last + 2 * ahead + 1, ahead)]
    at = np.concatenate([resolve([station.at], workshop.body, workshop.side, workshop.grown) for station in route.way])
    back = np.stack([mirrored(station.facing, workshop.side) for station in route.way])
    knots = np.concatenate([common.points[stops[0]], at, common.points[stops[1]]])
    backs = np.concatenate([common.back[stops[0]], back, common.back[stops[1]]])
    backs /= np.linalg.norm(backs, axis=1, keepdims=True)
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=1))])
    start, end = way[len(stops[0]) - 1], way[-len(stops[1])]
    x = np.linspace(start, end, last - first + 1)
    points, facing = common.points.copy(), common.back.copy()
    points[first : last + 1] = CubicSpline(way, knots)(x)
    facing[first : last + 1] = PchipInterpolator(way, backs)(x)
    from_bone = common.from_bone.copy()
    nearest = np.array([common.from_bone[first], *(s.from_bone for s in route.way), common.from_bone[last]])
    places_of = np.array([start, *way[len(stops[0]) : -len(stops[1])], end])
    from_bone[first : last + 1] = PchipInterpolator(places_of, nearest)(x)
    rerouted = replace(common, points=points, back=facing, from_bone=from_bone)
    kept = outside(form, rerouted, workshop) if enters else over_edge(form, rerouted, workshop)
    laid = lay(rerouted, form, workshop, kept)
    rows = np.arange(len(points), dtype=np.float64)
    weight = smoothstep(0.0, 6.0, rows - first) * smoothstep(0.0, 6.0, last - rows)
    aside = points + weight[:, None] * (laid.points - points) - common.points
    return replace(laid, points=common.points + gaussian_filter1d(aside, FAIR, axis=0, mode="nearest"))


def outside(form: NerveForm, way: Course, workshop: Workshop) -> list[tuple[DistanceField, Array]]:
    """What a route keeps clear of: everything, and the muscle too but for the stretch on which it passes through."""
    kept = []
    for (field, keep), name in zip(kept_by(form, way, workshop), form.over, strict=True):
        if name == MUSCLE:
            inside = np.flatnonzero(field.distance(way.points) < -0.25 * way.thickness)
            if len(inside):
                keep = keep.copy()
                keep[max(inside[0] - MOUTH, 0) : inside[-1] + MOUTH + 1] = -np.inf
        kept.append((field, keep))
    return kept


def over_edge(form: NerveForm, way: Course, workshop: Workshop) -> list[tuple[Pushing, Array]]:
    """What a route over the upper edge of the muscle keeps clear of: all, the muscle by way of the notch above it."""
    kept = kept_by(form, way, workshop)
    edge = Roofed(workshop.field(MUSCLE), workshop.field("hip_bone"), workshop.grown[MUSCLE].grid)
    return [(edge if name == MUSCLE else field, keep) for (field, keep), name in zip(kept, form.over, strict=True)]


def drawn_onto(way: Course, first: Course) -> Course:
    """A way of a band, the same as another wherever it comes close, so that what runs along both abuts there."""
    aside = way.points - first.points
    far = np.asarray(np.linalg.norm(aside, axis=1), dtype=np.float64)
    own = smoothstep(0.0, BESIDE[1], far)[:, None]
    return replace(way, points=first.points + gaussian_filter1d(own * aside, FAIR, axis=0, mode="nearest"))


def untangled(grid: Array) -> Array:
    """A ring grid evened out where its surface crosses itself."""
    return relaxed(*closed(grid), STEP_MM).reshape(grid.shape)


def kept_apart(moved: Passage, fixed: Passage) -> Course:
    """The course of a division moved away from its fellow wherever both have sections of their own."""
    start, other = moved.middle, fixed.middle
    radius = 0.5 * moved.course.width + WALL * moved.alone
    points = start.copy()
    rows = np.arange(len(points), dtype=np.int64)
    for even in (EVEN, FAIR, 0.5 * FAIR):
        for _ in range(APART_ROUNDS):
            between = points[:, None] - other[None]
            far = np.linalg.norm(between, axis=2)
            nearest = far.argmin(axis=1)
            short = np.clip(radius - far[rows, nearest], 0.0, 1.0)
            push = between[rows, nearest] / np.maximum(far[rows, nearest], 1e-6)[:, None] * short[:, None]
            points = points + gaussian_filter1d(push, FAIR, axis=0, mode="nearest")
        points = start + gaussian_filter1d(points - start, even, axis=0, mode="nearest")
    at_root = smoothstep(*ROOT, SPACING * rows.astype(np.float64))[:, None]
    return replace(moved.course, points=moved.course.points + at_root * (points - start))


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _muscle(forms: Mapping[str, Form]) -> RibbonForm:
    form = forms.get(MUSCLE)
    if not isinstance(form, RibbonForm) or form.split is None or form.split.cleft is None:
        raise ModellerError(f"{MUSCLE}: variants need its form, with `split` and in it `cleft`.")
    return form


def _nerve(forms: Mapping[str, Form]) -> NerveForm:
    form = forms.get(NERVE)
    if not isinstance(form, NerveForm) or set(form.routes) != {"through", "above"}:
        raise ModellerError(f"{NERVE}: variants need its form with the routes `through` and `above`.")
    return form
