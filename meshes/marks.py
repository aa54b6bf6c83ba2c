"""Trigger points on a body: the X on muscle and skin, the stippling, what lies beneath, where a ball may go."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.spatial import cKDTree

from meshes.atlas import Vector
from meshes.places import point_of
from meshes.pressing import SINKS, Press, Rays, WhyNot, layers_below, press
from meshes.stipple import Dots, stipple
from meshes.zones import SkinChart, area_mm2, region_depth, way_out, zone_depth

if TYPE_CHECKING:
    from annotations.pain_region import PainRegion
    from annotations.safety import Ball, Safety
    from annotations.trigger_point import TriggerPoint, ZoneLevel
    from meshes.atlas import Atlas, Structure
    from meshes.body import LimbSide

Array = NDArray[np.float64]

MARKS_VERSION: Final = 1

SPACING: dict[str, float] = {"essential": 5.0, "spillover": 9.5}
"""mm between dots: dense where pain is felt by nearly all, sparse where only some feel it."""

REACHED = 60.0
"""mm along the skin around an X within which a place for a ball is looked for."""

SOUGHT = 12.0
"""mm around the place of a muscle that its recipe meets within which a fleshy one is looked for."""

LEAST_FLESH = 6.0
"""mm of the muscle that lie under its X, where it has as much."""

FACING = 0.15
"""Least cosine between the way out and the normal of a face that counts as seen."""

FAR = 1000.0
"""mm along the way out from the origin: outside every body."""

DEEPEST = 60.0
"""mm of a muscle that are looked for under its X."""

LEAST_ZONE = 4.0
"""cm²: a smaller place is none, since nobody who lies on a ball could keep it there."""

AMPLE = 12.0
"""mm from the edge of a zone that are enough; of all such places the ball is set into the one nearest to the X."""

SIDES: tuple[LimbSide, LimbSide] = ("right", "left")

STEPS = 255
"""Barycentric coordinates are kept in steps of one part in so many."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SkinPlace(_Entry):
    """A place on the skin that follows it into every shape."""

    triangle: int
    weights: tuple[int, int] = Field(description="First two barycentric coordinates, in parts of 255.")


class LayerEntry(_Entry):
    """One structure under the finger."""

    structure: str = Field(description="Sided id.")
    begins: float = Field(description="mm below the skin.")
    ends: float = Field(description="mm below the skin.")


class ZoneEntry(_Entry):
    """Dots of one zone."""

    level: Literal["essential", "spillover"]
    area_cm2: float
    dots: list[int] = Field(description="Triangle and first two weights of each dot, one after the other.")
    vertices: list[int] = Field(description="Vertices of the skin inside: what a place that hurts is compared with.")


class RegionEntry(_Entry):
    """One named region on one side, or over the midline."""

    area_cm2: float
    dots: list[int] = Field(description="Triangle and first two weights of each dot, one after the other.")
    vertices: list[int] = Field(description="Vertices of the skin inside.")


class BallEntry(_Entry):
    """Where a ball may go."""

    ball: str = Field(description="Id of the ball.")
    vertices: list[int] = Field(description="Vertices of the skin where its axis may stand; empty: nowhere.")
    best: int | None = Field(description="The one that is deepest inside the zone.")
    direction: Vector | None = Field(description="In which it presses there, LPS.")
    muscle: float | None = Field(description="mm of muscle under it there.")
    bone: float | None = Field(description="mm from its axis to the nearest prominence of bone there; null: none near.")
    nerve: float | None = Field(description="mm from its axis to the sciatic nerve there; null: not near.")
    why_not: WhyNot = Field(description="What forbids most of the rest.")


class PointMarks(_Entry):
    """One trigger point on one side."""

    on_muscle: Vector | None = Field(description="The X, LPS mm, on the muscle's superficial face.")
    on_skin: SkinPlace | None = Field(description="Where the X shows on the skin.")
    layers: list[LayerEntry] = Field(description="From the skin at the X inwards, down to bone or nerve.")
    zones: list[ZoneEntry]
    balls: list[BallEntry]


class MarksDocument(_Entry):
    """`marks.json`: all trigger points on one body."""

    version: Literal[1] = MARKS_VERSION
    sinks: float = Field(description="mm that a ball sinks in: its centre lies so much nearer than its radius.")
    points: dict[str, dict[Literal["right", "left"], PointMarks]] = Field(description="By id and side.")
    regions: dict[str, dict[Literal["right", "left", "midline"], RegionEntry]] = Field(
        description="Named regions where it hurts, by id and side."
    )


def marks(
    atlas: Atlas,
    points: Mapping[str, TriggerPoint],
    safety: Safety,
    regions: Iterable[PainRegion] = (),
    progress: Callable[[float, str], None] | None = None,
    left_out: list[str] | None = None,
) -> MarksDocument:
    """All trigger points and named regions of a body whose skin is known, on both sides.

    left_out : takes a sentence for each that a strange body does not allow; without it, such a body raises an error
    """
    skin = atlas.structures["skin"].parts[0].surface
    chart = SkinChart(skin)
    found: dict[str, dict[Literal["right", "left"], PointMarks]] = {}
    for count, point in enumerate(points.values()):
        if progress:
            progress(count / len(points), f"Trigger points: {point.name}")
        if point.shown != "text_only":
            with _told(f"Trigger point {point.name}", left_out):
                found[point.id] = {side: _marks_of(atlas, chart, point, safety, side) for side in SIDES}
    named = {}
    for region in regions:
        with _told(f"Region {region.id}", left_out):
            named[region.id] = _region(atlas, chart, region)
    return MarksDocument(sinks=SINKS, points=found, regions=named)


@contextmanager
def _told(what: str, left_out: list[str] | None) -> Iterator[None]:
    """Let a failure pass, and tell of it, where there is a list to tell it to."""
    try:
        yield
    except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
        if left_out is None:
            raise
        left_out.append(f"{what} has no place on this body: {error}")


def drawn_from(points: Mapping[str, TriggerPoint], safety: Safety, regions: Iterable[PainRegion]) -> str:
    """All that marks are drawn from, as JSON: other words change no mark."""
    zones = {"zones": {"__all__": {"level", "strokes", "both_sides"}}, "spared": {"__all__": {"stroke"}}}
    point = {
        "id": True,
        "muscle": True,
        "shown": True,
        "place": True,
        "seen": True,
        "self_care": {"verdict", "tools"},
        **zones,
    }
    return json.dumps(
        [
            [one.model_dump(mode="json", include=point) for one in points.values()],  # type: ignore[arg-type]
            [ball.model_dump(mode="json", include={"id", "diameter"}) for ball in safety.balls],
            [region.model_dump(mode="json", include={"id", "paired", "strokes"}) for region in regions],
        ]
    )


def _region(
    atlas: Atlas, chart: SkinChart, region: PainRegion
) -> dict[Literal["right", "left", "midline"], RegionEntry]:
    if not region.paired:
        depth = region_depth(chart, region.strokes, atlas.landmarks, "right", both_sides=True)
        return {"midline": _region_entry(chart, depth, f"{region.id}.midline")}
    return {
        side: _region_entry(chart, region_depth(chart, region.strokes, atlas.landmarks, side), f"{region.id}.{side}")
        for side in SIDES
    }


def _region_entry(chart: SkinChart, depth: Array, name: str) -> RegionEntry:
    dots = stipple(chart.skin, depth, SPACING["spillover"], zlib.crc32(name.encode()))
    return RegionEntry(area_cm2=_cm2(chart, depth), dots=packed(dots), vertices=_inside(depth))


def _marks_of(atlas: Atlas, chart: SkinChart, point: TriggerPoint, safety: Safety, side: LimbSide) -> PointMarks:
    zones = [
        _zone(chart, depth, level, f"{point.id}.{side}.{count}")
        for count, (level, depth) in enumerate(zone_depths(chart, atlas, point, side))
    ]
    if point.place is None:
        return PointMarks(on_muscle=None, on_skin=None, layers=[], zones=zones, balls=[])
    muscle = atlas.structures[f"{point.muscle}.{side}"]
    outward = way_out(point.seen, side)
    x = on_muscle(muscle, point_of(point.place, atlas.landmarks, side), outward)
    place, at, inwards = on_skin(chart, x, outward)
    layers = layers_below(atlas.structures.values(), at, inwards)
    balls = []
    if point.self_care.verdict == "zone":
        balls = ball_zones(
            chart,
            atlas,
            point.muscle,
            side,
            at,
            [ball for ball in safety.balls if ball.id in point.self_care.tools],
        )
    return PointMarks(
        on_muscle=_vector(x),
        on_skin=place,
        layers=[
            LayerEntry(structure=layer.structure, begins=round(layer.begins, 1), ends=round(layer.ends, 1))
            for layer in layers
        ],
        zones=zones,
        balls=balls,
    )


def zone_depths(chart: SkinChart, atlas: Atlas, point: TriggerPoint, side: LimbSide) -> list[tuple[ZoneLevel, Array]]:
    """Each zone of a point with the depth (n,) mm of the skin's vertices in it; each leaves those before it free."""
    zones = sorted(point.zones, key=lambda zone: zone.level)  # essential before spillover
    depths: list[Array] = []
    for zone in zones:
        depth = zone_depth(chart, zone, atlas.landmarks, side, point.spared)
        depths.append(np.min([depth, *(-other for other in depths)], axis=0))
    return [(zone.level, depth) for zone, depth in zip(zones, depths, strict=True)]


def on_muscle(muscle: Structure, point: Array, outward: Array) -> Array:
    """Place (3,) of a muscle's face that is seen along (3,) unit `outward` over or under a point, with flesh beneath.

    Where the muscle has none over or under the point, the place that is seen nearest to it.
    """
    found: list[tuple[float, Array]] = []
    for part in muscle.parts:
        surface, rays = part.surface, Rays(part.surface)
        centres = surface.vertices[surface.triangles].mean(axis=1)
        centres = centres[surface.normals[surface.triangles].mean(axis=1) @ outward > FACING]
        aside = np.linalg.norm(_flat(centres - point, outward), axis=1)
        near = aside < aside.min() + SOUGHT
        # from far outside inwards: over the point itself first, then over the faces around it
        starts = np.vstack([point, centres[near]])
        starts += np.outer(FAR - starts @ outward, outward)
        inwards = np.broadcast_to(-outward, starts.shape).copy()
        way = rays.first(starts, inwards)
        flesh = rays.inside(starts, inwards, way + DEEPEST)
        may = np.isfinite(way) & (flesh >= min(LEAST_FLESH, 0.6 * float(flesh.max())))
        met = starts[may] - np.outer(way[may], outward)
        away = np.linalg.norm(_flat(met - point, outward), axis=1)
        if len(met):
            found.append((float(away.min()), met[int(away.argmin())]))
    return min(found, key=lambda entry: entry[0])[1]


def _flat(offsets: Array, direction: Array) -> Array:
    """(k, 3) offsets without what is along a direction (3,)."""
    return offsets - np.outer(offsets @ direction, direction)


def on_skin(chart: SkinChart, point: Array, outward: Array) -> tuple[SkinPlace, Array, Array]:
    """The place of the skin over a point, its (3,) position, and the (3,) unit direction from there to the point."""
    triangle, weights = chart.place(point, outward)
    at = weights @ chart.skin.vertices[chart.skin.triangles[triangle]]
    inwards = (point - at) / max(float(np.linalg.norm(point - at)), 1e-9)
    return SkinPlace(triangle=triangle, weights=_steps(weights[None])[0]), at, inwards


def _zone(chart: SkinChart, depth: Array, level: ZoneLevel, name: str) -> ZoneEntry:
    dots = stipple(chart.skin, depth, SPACING[level], zlib.crc32(name.encode()))
    return ZoneEntry(level=level, area_cm2=_cm2(chart, depth), dots=packed(dots), vertices=_inside(depth))


def _cm2(chart: SkinChart, depth: Array) -> float:
    return round(area_mm2(chart.skin, depth) / 100.0, 1)


def _inside(depth: Array) -> list[int]:
    return [int(vertex) for vertex in np.flatnonzero(depth > 0.0)]


def packed(dots: Dots) -> list[int]:
    """Dots as whole numbers: triangle and two weights of each."""
    weights = _steps(dots.weights)
    return [int(n) for t, (a, b) in zip(dots.triangles, weights, strict=True) for n in (t, a, b)]


def unpacked(numbers: list[int]) -> Dots:
    """The dots that `packed` wrote."""
    rows = np.array(numbers, dtype=np.int64).reshape(-1, 3)
    first = rows[:, 1:] / STEPS
    return Dots(rows[:, 0], np.column_stack([first, 1.0 - first.sum(axis=1)]))


def _steps(weights: Array) -> list[tuple[int, int]]:
    """First two of each row of barycentric coordinates in steps; the third is what is left, never below nothing."""
    first = np.floor(np.clip(weights[:, 0], 0.0, 1.0) * STEPS).astype(int)
    second = np.minimum(np.floor(np.clip(weights[:, 1], 0.0, 1.0) * STEPS).astype(int), STEPS - first)
    return [(int(a), int(b)) for a, b in zip(first, second, strict=True)]


def ball_zones(
    chart: SkinChart, atlas: Atlas, muscle: str, side: LimbSide, at: Array, balls: Iterable[Ball]
) -> list[BallEntry]:
    """Where each ball may go for a muscle, around a place (3,) of the skin."""
    away = chart.distance(chart.nearest(at[None]))
    pressed = press(chart.skin, np.flatnonzero(away <= REACHED), atlas.structures, atlas.landmarks, side, muscle)
    return [_ball(chart, pressed, away, ball) for ball in balls]


def _ball(chart: SkinChart, pressed: Press, away: Array, ball: Ball) -> BallEntry:
    """The largest coherent zone of one ball, if it is ample; away : (n,) mm of the skin's vertices from the X."""
    may = pressed.allowed(ball.diameter)
    zone = chart.largest(pressed.vertices[may])
    if chart.area_cm2(zone) < LEAST_ZONE:
        nothing = dict.fromkeys(("best", "direction", "muscle", "bone", "nerve"))
        return BallEntry(ball=ball.id, vertices=[], why_not=pressed.why_not(ball.diameter), **nothing)
    row = np.searchsorted(pressed.vertices, zone)
    outside = np.setdiff1d(np.arange(len(chart.skin.vertices)), zone)
    room = np.minimum(cKDTree(chart.skin.vertices[outside]).query(chart.skin.vertices[zone])[0], AMPLE)
    chosen = int(np.lexsort((away[zone], -room))[0])
    return BallEntry(
        ball=ball.id,
        vertices=[int(vertex) for vertex in zone],
        best=int(zone[chosen]),
        direction=_vector(pressed.directions[row[chosen]]),
        muscle=_millimetres(pressed.muscle[row[chosen]]),
        bone=_millimetres(pressed.bone[row[chosen]]),
        nerve=_millimetres(pressed.nerve[row[chosen]]),
        why_not=pressed.why_not(ball.diameter),
    )


def _millimetres(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def _vector(point: Array) -> Vector:
    x, y, z = (round(float(value), 3) for value in point)
    return x, y, z
