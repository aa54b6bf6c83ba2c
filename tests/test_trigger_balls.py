"""Where a ball may go on the built body: each verdict, and rays on the surfaces from all over each zone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from meshes.marks import ball_zones
from meshes.pressing import KEPT_FROM_BONE, SCIATIC, Rays, pressed_inwards, print_radius
from tests.marked import BALLS, MARKED, POINTS, SIDES, Array, each, landmark, on_skin

if TYPE_CHECKING:
    from meshes.atlas import Atlas, Surface
    from meshes.marks import MarksDocument
    from meshes.zones import SkinChart


@pytest.fixture(scope="module")
def skin(whole_atlas: Atlas) -> Surface:
    return whole_atlas.structures["skin"].parts[0].surface


def test_the_surfaces_bear_out_every_verdict(
    trigger_marks: MarksDocument, whole_atlas: Atlas, skin_chart: SkinChart
) -> None:
    verdicts = {id_: POINTS[id_].self_care.verdict for id_ in POINTS}
    assert sorted(set(verdicts.values())) == ["no_zone", "zone"]
    for id_, side, entry in each(trigger_marks):
        if verdicts[id_] == "zone":
            assert [ball.ball for ball in entry.balls] == [
                ball for ball in BALLS if ball in POINTS[id_].self_care.tools
            ]
            assert all(ball.vertices for ball in entry.balls), f"{id_} {side}: no zone for each of its tools"
        else:
            assert entry.balls == []
            at = on_skin(skin_chart.skin, entry)
            (found,) = ball_zones(skin_chart, whole_atlas, POINTS[id_].muscle, side, at, [BALLS["tennis_ball"]])
            assert found.vertices == [], f"{id_} {side}: the surfaces have a zone"
            assert found.why_not in ("bone", "nerve", "muscle")


def _disc(direction: Array, radius: float) -> Array:
    """(37, 3) places of a disc square to a direction, on rings."""
    aside = np.cross(direction, [0.3, 0.5, 0.8])
    aside /= np.linalg.norm(aside)
    other = np.cross(direction, aside)
    rings = [np.zeros((1, 3))]
    for part, count in ((1 / 3, 6), (2 / 3, 12), (1.0, 18)):
        turn = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
        rings.append(part * radius * (np.outer(np.cos(turn), aside) + np.outer(np.sin(turn), other)))
    return np.concatenate(rings)


def _places(skin: Surface, vertices: list[int], most: int = 60) -> tuple[Array, Array]:
    """Places (k, 3) within a zone, its vertices and the middles of its triangles, and the presses (k, 3) there."""
    zone = np.array(vertices)
    whole = np.flatnonzero(np.isin(skin.triangles, zone).all(axis=1))
    directions = dict(zip(zone, pressed_inwards(skin, zone), strict=True))
    middles = [(skin.vertices[t].mean(axis=0), sum(directions[v] for v in t)) for t in skin.triangles[whole]]
    every = [(skin.vertices[vertex], directions[vertex]) for vertex in zone] + middles
    step = max(1, len(every) // most)
    points, ways = (np.array(column) for column in zip(*every[::step], strict=True))
    return points, ways / np.linalg.norm(ways, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def rays(whole_atlas: Atlas) -> dict[str, list[Rays]]:
    """Rays on bones, and on the sciatic nerve in every variant."""
    found: dict[str, list[Rays]] = {}
    for name, structure in whole_atlas.structures.items():
        if structure.kind == "bone" or structure.structure in SCIATIC:
            shapes = [s for part in structure.parts for s in (part.surface, *part.shapes.values())]
            found[name] = [Rays(shape) for shape in shapes]
    return found


@pytest.mark.parametrize("id_", [id_ for id_ in MARKED if POINTS[id_].self_care.verdict == "zone"])
def test_no_ray_of_a_ball_in_its_zone_meets_the_nerve_or_a_prominence_of_bone(
    trigger_marks: MarksDocument,
    whole_atlas: Atlas,
    skin: Surface,
    rays: dict[str, list[Rays]],
    id_: str,
) -> None:
    for side in SIDES:
        bones = [name for name in rays if whole_atlas.structures[name].kind == "bone"]
        nerves = [f"{division}.{side}" for division in SCIATIC]
        for ball in trigger_marks.points[id_][side].balls:
            points, ways = _places(skin, ball.vertices)
            for radius, what in ((print_radius(BALLS[ball.ball].diameter), "nerve"), (KEPT_FROM_BONE - 1.0, "bone")):
                starts = np.concatenate([point + _disc(way, radius) for point, way in zip(points, ways, strict=True)])
                along = np.repeat(ways, 37, axis=0)
                starts -= 40.0 * along  # the rim of the print may lie under the skin where that is curved
                first = {name: rays[name][0].first(starts, along) for name in bones}
                stop = np.min(list(first.values()), axis=0)
                if what == "nerve":
                    met = np.min([one.first(starts, along) for name in nerves for one in rays[name]], axis=0)
                    deep = np.repeat(stop[::37], 37)  # to where the middle of the ball presses on bone
                    assert not (met < np.minimum(deep + 5.0, 200.0)).any(), f"{id_} {side}: nerve under a {ball.ball}"
                    continue
                midmost = np.minimum(first["sacrum"], first["coccyx"])
                assert not (np.isfinite(midmost) & (midmost <= stop)).any(), f"{id_} {side}: on the sacrum"
                hit = np.isfinite(stop)
                hits = starts[hit] + along[hit] * stop[hit, None]
                for name in ("asis", "psis", "ischial_tuberosity", "greater_trochanter"):
                    near = np.linalg.norm(
                        hits - np.atleast_2d(landmark(whole_atlas, name, side)).mean(axis=0), axis=1
                    ).min()
                    assert near > 3.0, f"{id_} {side}: a ray meets the {name}"
            crest = landmark(whole_atlas, "iliac_crest", side)
            dense = np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(crest)])
            offset = dense[None] - points[:, None]
            depth = np.einsum("pci,pi->pc", offset, ways)
            aside = np.linalg.norm(offset - depth[..., None] * ways[:, None], axis=2)
            assert aside[(depth > 0.0) & (depth < 60.0)].min(initial=np.inf) >= KEPT_FROM_BONE - 1.0


def test_a_zone_is_one_place_large_enough_and_the_ball_is_set_well_inside(
    trigger_marks: MarksDocument, skin_chart: SkinChart
) -> None:
    for id_, side, entry in each(trigger_marks):
        for ball in entry.balls:
            zone = np.array(ball.vertices)
            assert skin_chart.area_cm2(zone) >= 4.0
            assert len(skin_chart.largest(zone)) == len(zone), f"{id_} {side}: in pieces"
            assert ball.best in ball.vertices
            outside = np.setdiff1d(np.arange(len(skin_chart.skin.vertices)), zone)
            room = cKDTree(skin_chart.skin.vertices[outside]).query(skin_chart.skin.vertices[ball.best])[0]
            assert room >= 6.0, f"{id_} {side} {ball.ball}: {room:.1f} mm from the edge"
            assert ball.muscle is not None
            assert ball.muscle >= 12.0
            assert ball.bone is None or ball.bone >= KEPT_FROM_BONE
            assert ball.nerve is None or ball.nerve > print_radius(BALLS[ball.ball].diameter)
            assert ball.direction is not None
            assert np.linalg.norm(ball.direction) == pytest.approx(1.0, abs=2e-3)
            assert np.dot(ball.direction, skin_chart.skin.normals[ball.best]) < -0.8, "it presses inwards"
    assert trigger_marks.sinks < min(ball.diameter for ball in BALLS.values()) / 2.0
