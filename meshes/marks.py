"""Trigger points on a body: the X on muscle and skin, the stippling, what lies beneath, where a ball may go."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import trimesh
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from meshes.atlas import Vector
from meshes.places import point_of
from meshes.pressing import SINKS, Press, Rays, WhyNot, layers_below, press
from meshes.stipple import Dots, stipple
from meshes.zones import SkinChart, area_mm2, region_depth, zone_depth

if TYPE_CHECKING:
    from annotations.pain_region import PainRegion
    from annotations.safety import Safety
    from annotations.trigger_point import TriggerPoint, ZoneLevel
    from meshes.atlas import Atlas, Structure
    from meshes.body import LimbSide

Array = NDArray[np.float64]

MARKS_VERSION: Final = 1

SPACING: dict[str, float] = {"essential": 5.0, "spillover": 9.5}
"""mm between dots: dense where pain is felt by nearly all, sparse where only some feel it."""

REACHED = 70.0
"""mm along the skin around an X within which a place for a ball is looked for."""

SOUGHT = 30.0
"""mm around the nearest place of a muscle within which a fleshy one is looked for."""

LEAST_FLESH = 6.0
"""mm of the muscle that lie under its X, where it has as much."""

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
) -> MarksDocument:
    """All trigger points and named regions of a body whose skin is known, on both sides."""
    skin = atlas.structures["skin"].parts[0].surface
    chart = SkinChart(skin)
    found: dict[str, dict[Literal["right", "left"], PointMarks]] = {}
    for count, point in enumerate(points.values()):
        if progress:
            progress(count / len(points), f"Trigger points: {point.name}")
        if point.shown != "text_only":
            found[point.id] = {side: _marks_of(atlas, chart, point, safety, side) for side in SIDES}
    return MarksDocument(sinks=SINKS, points=found, regions={one.id: _region(atlas, chart, one) for one in regions})


def drawn_from(points: Mapping[str, TriggerPoint], safety: Safety, regions: Iterable[PainRegion]) -> str:
    """All that marks are drawn from, as JSON: other words change no mark."""
    zones = {"zones": {"__all__": {"level", "strokes", "both_sides"}}, "spared": {"__all__": {"stroke"}}}
    point = {"id": True, "muscle": True, "shown": True, "place": True, "self_care": {"verdict", "tools"}, **zones}
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
        _zone(chart, depth, level, f"{point.id}.{side}.{level}")
        for level, depth in zone_depths(chart, atlas, point, side)
    ]
    if point.place is None:
        return PointMarks(on_muscle=None, on_skin=None, layers=[], zones=zones, balls=[])
    muscle = atlas.structures[f"{point.muscle}.{side}"]
    x, outward = on_muscle(muscle, point_of(point.place, atlas.landmarks, side))
    place, at, inwards = on_skin(chart, x, outward)
    layers = layers_below(atlas.structures.values(), at, inwards)
    balls = []
    if point.self_care.verdict == "zone":
        near = np.flatnonzero(chart.distance(chart.over(at[None], outward)) <= REACHED)
        pressed = press(chart.skin, near, atlas.structures, atlas.landmarks, side)
        allowed = [ball for ball in safety.balls if ball.id in point.self_care.tools]
        balls = [_ball(chart, pressed, ball.id, ball.diameter) for ball in allowed]
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
    """Each zone of a point with the depth (n,) mm of the skin's vertices in it; spillover leaves essential free."""
    depths = {zone.level: zone_depth(chart, zone, atlas.landmarks, side, point.spared) for zone in point.zones}
    if "spillover" in depths and "essential" in depths:
        depths["spillover"] = np.minimum(depths["spillover"], -depths["essential"])
    return list(depths.items())


def on_muscle(muscle: Structure, point: Array) -> tuple[Array, Array]:
    """Place (3,) of a muscle's outward face nearest to a point, with flesh beneath, and the way out (3,)."""
    found: list[tuple[float, Array, Array]] = []
    away = -1.0 if muscle.side == "right" else 1.0
    for part in muscle.parts:
        surface = part.surface
        centres = surface.vertices[surface.triangles].mean(axis=1)
        normals = surface.normals[surface.triangles].mean(axis=1)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        distance = np.linalg.norm(centres - point, axis=1)
        outward = np.einsum("ij,ij->i", normals, centres * [1.0, 1.0, 0.0]) > 0.0
        near = np.flatnonzero(outward & (distance < distance[outward].min() + SOUGHT))
        flesh = Rays(surface).inside(centres[near] + normals[near], -normals[near], np.full(len(near), SOUGHT))
        fleshy = near[flesh >= min(LEAST_FLESH, 0.6 * float(flesh.max()))]
        best = fleshy[distance[fleshy].argmin()]
        around = outward & (np.linalg.norm(centres - centres[best], axis=1) < SOUGHT / 2.0)
        way = normals[around].sum(axis=0)
        way[0] = away * max(away * way[0], 0.0)  # the skin over the X is on its own side, never across the cleft
        found.append((float(distance[best]), centres[best], way / np.linalg.norm(way)))
    return min(found, key=lambda entry: entry[0])[1:]


def on_skin(chart: SkinChart, point: Array, outward: Array) -> tuple[SkinPlace, Array, Array]:
    """The place of the skin over a point, its (3,) position, and the (3,) unit direction from there to the point."""
    skin = chart.skin
    near = np.isin(skin.triangles, chart.over(point[None], outward)).any(axis=1)
    index = np.flatnonzero(near)
    patch = trimesh.Trimesh(skin.vertices, skin.triangles[index], process=False)
    target = skin.vertices[chart.over(point[None], outward)]
    (at,), _, (face,) = trimesh.proximity.closest_point(patch, target)
    weights = trimesh.triangles.points_to_barycentric(patch.triangles[[face]], at[None])
    inwards = (point - at) / max(float(np.linalg.norm(point - at)), 1e-9)
    return SkinPlace(triangle=int(index[face]), weights=_steps(weights)[0]), np.asarray(at), np.asarray(inwards)


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


def _ball(chart: SkinChart, pressed: Press, ball: str, diameter: float) -> BallEntry:
    may = pressed.allowed(diameter)
    why_not = pressed.why_not(diameter)
    allowed = pressed.vertices[may]
    if len(allowed) == 0:
        return BallEntry(
            ball=ball, vertices=[], best=None, direction=None, muscle=None, bone=None, nerve=None, why_not=why_not
        )
    forbidden = pressed.vertices[~may]
    inside = chart.distance(forbidden)[allowed] if len(forbidden) else np.zeros(len(allowed))
    chosen = int(inside.argmax())
    muscle, bone, nerve = (values[may][chosen] for values in (pressed.muscle, pressed.bone, pressed.nerve))
    return BallEntry(
        ball=ball,
        vertices=[int(v) for v in allowed],
        best=int(allowed[chosen]),
        direction=_vector(pressed.directions[may][chosen]),
        muscle=_millimetres(muscle),
        bone=_millimetres(bone),
        nerve=_millimetres(nerve),
        why_not=why_not,
    )


def _millimetres(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def _vector(point: Array) -> Vector:
    x, y, z = (round(float(value), 3) for value in point)
    return x, y, z
