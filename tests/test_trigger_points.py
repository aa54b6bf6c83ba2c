"""Trigger points on the built body: where each X stands, where its zones lie, what is beneath, where a ball may go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import igl
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from annotations.loading import load
from meshes.marks import SPACING, PointMarks, ZoneEntry, ball_zones, marks, unpacked, zone_depths
from meshes.pain import pressed, referrals, vertex_areas
from meshes.places import point_of
from meshes.pressing import KEPT_FROM_BONE, SCIATIC, Rays, pressed_inwards, print_radius
from meshes.stipple import Dots
from meshes.zones import SkinChart, midline, way_out

if TYPE_CHECKING:
    from annotations.safety import Ball
    from meshes.atlas import Atlas, Surface
    from meshes.marks import MarksDocument
    from meshes.more import BuiltPack

Array = NDArray[np.float64]
Side = Literal["right", "left"]
SIDES: tuple[Side, Side] = ("right", "left")

DATA = load()
POINTS = DATA.trigger_points
MARKED = [id_ for id_, point in POINTS.items() if point.shown == "with_x"]
DRAWN = [id_ for id_, point in POINTS.items() if point.shown != "text_only"]
BALLS: dict[str, Ball] = {ball.id: ball for ball in DATA.safety.balls}


@pytest.fixture(scope="module")
def trigger_marks(later_pack: BuiltPack) -> MarksDocument:
    from meshes.more import read_marks

    return read_marks(later_pack)


@pytest.fixture(scope="module")
def skin(whole_atlas: Atlas) -> Surface:
    return whole_atlas.structures["skin"].parts[0].surface


@pytest.fixture(scope="module")
def chart(skin: Surface) -> SkinChart:
    return SkinChart(skin)


@pytest.fixture(scope="module")
def where(whole_atlas: Atlas) -> Callable[[str, Side], Array]:
    """Landmark by unsided id and side."""
    return lambda name, side: np.asarray(
        whole_atlas.landmarks.get(f"{name}.{side}", whole_atlas.landmarks.get(name)), float
    )


def on_skin(skin: Surface, entry: PointMarks) -> Array:
    assert entry.on_skin is not None
    return np.asarray(unpacked([entry.on_skin.triangle, *entry.on_skin.weights]).points(skin)[0])


def each(document: MarksDocument, ids: list[str] = MARKED) -> Iterator[tuple[str, Side, PointMarks]]:
    for id_ in ids:
        for side in SIDES:
            yield id_, side, document.points[id_][side]


def each_zone(document: MarksDocument) -> Iterator[tuple[str, Side, ZoneEntry]]:
    for id_, side, entry in each(document, DRAWN):
        for zone in entry.zones:
            yield f"{id_} {zone.level}", side, zone


# --- the X -----------------------------------------------------------------------------------------------------------


def test_all_that_are_drawn_are_there_on_both_sides(trigger_marks: MarksDocument) -> None:
    assert list(trigger_marks.points) == DRAWN
    assert all(set(sides) == set(SIDES) for sides in trigger_marks.points.values())
    assert set(trigger_marks.regions) == {region.id for region in DATA.pain_regions}
    assert "quadratus_lumborum.1" not in trigger_marks.points
    assert trigger_marks.points["obturator_internus.1"]["right"].on_muscle is None


def test_each_x_lies_on_its_muscle_and_straight_under_its_place_on_the_skin(
    trigger_marks: MarksDocument, whole_atlas: Atlas, skin: Surface
) -> None:
    for id_, side, entry in each(trigger_marks):
        x = np.array(entry.on_muscle)[None]
        parts = [part.surface for part in whole_atlas.structures[f"{POINTS[id_].muscle}.{side}"].parts]
        away = min(igl.point_mesh_squared_distance(x, s.vertices, s.triangles)[0][0] ** 0.5 for s in parts)
        assert away <= 1.0, f"{id_} {side}: {away:.2f} mm from its muscle"
        over = on_skin(skin, entry) - x[0]
        aside = np.linalg.norm(over - over @ way_out(POINTS[id_].seen, side) * way_out(POINTS[id_].seen, side))
        assert aside <= 1.0, f"{id_} {side}: {aside:.1f} mm aside"
        assert over @ way_out(POINTS[id_].seen, side) > 5.0


def test_both_sides_mirror_each_other(trigger_marks: MarksDocument, skin: Surface) -> None:
    for id_ in MARKED:
        right, left = (trigger_marks.points[id_][side] for side in SIDES)
        pairs = {
            "muscle": (np.array(right.on_muscle), np.array(left.on_muscle)),
            "skin": (on_skin(skin, right), on_skin(skin, left)),
        }
        for what, (one, other) in pairs.items():
            away = np.linalg.norm(one * [-1.0, 1.0, 1.0] - other)
            assert away <= 5.0, f"{id_} on the {what}: {away:.1f} mm"


def _along(point: Array, start: Array, end: Array) -> tuple[float, float]:
    """Fraction of the way from start to end, and mm aside of it."""
    way = end - start
    at = float((point - start) @ way / (way @ way))
    return at, float(np.linalg.norm(point - start - at * way))


def _crest(point: Array, line: Array) -> tuple[float, float]:
    """Fraction along a crest of the place nearest to a point from above, and mm below it."""
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    fractions = np.linspace(0.0, 1.0, 201)
    dense = np.stack([np.interp(fractions * way[-1], way, line[:, axis]) for axis in range(3)], axis=1)
    nearest = int(np.linalg.norm(dense[:, 1:] - point[1:], axis=1).argmin())
    return float(fractions[nearest]), float(np.linalg.norm(dense[nearest, 1:] - point[1:]))


MET = [
    *("psis", "piis", "asis", "inferolateral_angle_of_sacrum", "sacral_apex", "coccyx_apex"),
    *("ischial_tuberosity", "greater_trochanter", "quadrate_tubercle"),
]


def test_each_x_is_in_the_region_that_its_source_describes(
    trigger_marks: MarksDocument, where: Callable[[str, Side], Array]
) -> None:
    for side in SIDES:
        out = -1.0 if side == "right" else 1.0
        x = {id_: np.array(trigger_marks.points[id_][side].on_muscle) for id_ in MARKED}
        at = {name: np.atleast_2d(where(name, side)).mean(axis=0) for name in MET}
        lateral = {id_: out * place[0] for id_, place in x.items()}
        beside = {name: out * place[0] for name, place in at.items()}

        one = x["gluteus_maximus.1"]
        assert at["inferolateral_angle_of_sacrum"][2] < one[2] < at["psis"][2], "between both ends of the border"
        t = (at["psis"][2] - one[2]) / (at["psis"][2] - at["inferolateral_angle_of_sacrum"][2])
        border = beside["psis"] + t * (beside["inferolateral_angle_of_sacrum"] - beside["psis"])
        assert 8.0 <= lateral["gluteus_maximus.1"] - border <= 20.0, "just beside the border of the sacrum"

        two = x["gluteus_maximus.2"]
        assert 12.0 <= two[2] - at["ischial_tuberosity"][2] <= 28.0, "just above the tuberosity"
        assert abs(lateral["gluteus_maximus.2"] - beside["ischial_tuberosity"]) <= 10.0

        three = x["gluteus_maximus.3"]
        assert at["coccyx_apex"][2] - 3.0 <= three[2] <= at["sacral_apex"][2] + 5.0, "beside the coccyx"
        assert 6.0 <= lateral["gluteus_maximus.3"] <= 22.0
        assert lateral["gluteus_maximus.3"] < min(lateral["gluteus_maximus.1"], lateral["gluteus_maximus.2"])

        crest = where("iliac_crest", side)
        for id_, wanted in (("gluteus_medius.1", 0.9), ("gluteus_medius.2", 0.5), ("gluteus_medius.3", 0.12)):
            fraction, below = _crest(x[id_], crest)
            assert fraction == pytest.approx(wanted, abs=0.13), f"{id_} at {fraction:.2f} of the crest"
            assert 12.0 <= below <= 40.0, f"{id_} {below:.0f} mm below the crest"

        front, back = x["gluteus_minimus.anterior"], x["gluteus_minimus.posterior"]
        for place in (front, back):
            assert at["greater_trochanter"][2] + 20.0 < place[2] < crest[:, 2].max() - 20.0, (
                "between trochanter and crest"
            )
        assert at["asis"][1] + 20.0 < front[1] < at["greater_trochanter"][1], "behind the spine, before the trochanter"
        assert back[1] > front[1] + 15.0

        for id_, (low, high) in (("piriformis.1", (0.6, 0.8)), ("piriformis.2", (-0.02, 0.15))):
            t, aside = _along(x[id_], at["piis"], at["greater_trochanter"])
            assert low <= t <= high, f"{id_} at {t:.2f} of the piriformis line"
            assert aside <= 25.0, f"{id_} {aside:.0f} mm off the piriformis line"

        square = x["quadratus_femoris.1"]
        assert beside["ischial_tuberosity"] < lateral["quadratus_femoris.1"] < beside["quadrate_tubercle"]
        assert at["ischial_tuberosity"][2] - 25.0 < square[2] < at["quadrate_tubercle"][2] + 25.0

        tensor = x["tensor_fasciae_latae.1"]
        assert 5.0 <= at["asis"][2] - tensor[2] <= 40.0, "just below the spine"
        assert 5.0 <= tensor[1] - at["asis"][1] <= 40.0, "just behind it"


# --- zones and dots --------------------------------------------------------------------------------------------------

AREAS: dict[str, tuple[float, float]] = {
    "gluteus_maximus.1": (80, 110),
    "gluteus_maximus.2": (120, 170),
    "gluteus_maximus.3": (15, 30),
    "gluteus_medius.1": (45, 70),
    "gluteus_medius.2": (110, 160),
    "gluteus_medius.3": (120, 180),
    "gluteus_minimus.anterior": (210, 280),
    "gluteus_minimus.posterior": (210, 280),
    "piriformis.1": (55, 85),
    "piriformis.2": (55, 85),
    "tensor_fasciae_latae.1": (50, 80),
    "quadratus_femoris.1": (20, 36),
    "obturator_internus.1": (45, 75),
}
"""cm² of the essential zones: a crescent, a whole buttock, a coccyx, a thigh."""


def test_each_zone_is_as_large_as_what_it_names_and_alike_on_both_sides(trigger_marks: MarksDocument) -> None:
    assert set(AREAS) == set(DRAWN)
    for id_ in DRAWN:
        size = {
            side: {
                level: sum(zone.area_cm2 for zone in trigger_marks.points[id_][side].zones if zone.level == level)
                for level in ("essential", "spillover")
            }
            for side in SIDES
        }
        low, high = AREAS[id_]
        for level in ("essential", "spillover"):
            right, left = size["right"][level], size["left"][level]
            assert right == pytest.approx(left, rel=0.1), f"{id_} {level}"
        assert low <= size["right"]["essential"] <= high, f"{id_}: {size['right']['essential']} cm²"


def test_zones_keep_to_their_side_unless_they_say_that_they_do_not(
    trigger_marks: MarksDocument, whole_atlas: Atlas, skin: Surface
) -> None:
    for id_, side, entry in each(trigger_marks, DRAWN):
        out = -1.0 if side == "right" else 1.0
        crossing = [zone.both_sides for zone in sorted(POINTS[id_].zones, key=lambda zone: zone.level)]
        for zone, both in zip(entry.zones, crossing, strict=True):
            dots = unpacked(zone.dots).points(skin)
            beyond = out * (dots[:, 0] - midline(whole_atlas.landmarks, dots))
            assert (beyond.min() < -3.0) == both, f"{id_} {side} {zone.level}"


def test_the_anus_and_the_coccyx_are_left_free(
    trigger_marks: MarksDocument, skin: Surface, where: Callable[[str, Side], Array]
) -> None:
    top, apex = where("sacral_apex", "right"), where("coccyx_apex", "right")
    anus = apex + np.array([0.0, 2.0, -32.0])
    for id_, side, entry in each(trigger_marks, DRAWN):
        dots = np.concatenate([unpacked(zone.dots).points(skin) for zone in entry.zones])
        behind = dots[dots[:, 1] > apex[1]]
        from_anus = np.linalg.norm(behind[:, [0, 2]] - anus[[0, 2]], axis=1).min(initial=np.inf)
        assert from_anus > 15.0, f"{id_} {side}: {from_anus:.0f} mm from the anus"
        if id_.startswith("gluteus_maximus.2"):
            line = np.linspace(top, apex, 30)
            from_coccyx = cKDTree(line[:, [0, 2]]).query(behind[:, [0, 2]])[0].min()
            assert from_coccyx > 10.0, f"{id_} {side}: {from_coccyx:.0f} mm from the coccyx"
    coccyx = trigger_marks.points["gluteus_maximus.3"]["right"].zones[0]
    over = unpacked(coccyx.dots).points(skin)[:, [0, 2]]
    assert cKDTree(over).query((0.5 * (top + apex))[[0, 2]])[0] < 6.0, "gluteus maximus 3 is felt at the coccyx"


NEIGHBOURS: dict[str, tuple[list[str], list[str]]] = {
    "gluteus_maximus.1": (["sacroiliac", "sitting_bone"], ["outer_hip", "outer_thigh", "front_of_hip"]),
    "gluteus_maximus.2": (["middle_buttock", "lower_buttock", "upper_buttock"], ["tailbone", "back_of_thigh", "calf"]),
    "gluteus_maximus.3": (["tailbone"], ["sacroiliac", "middle_buttock", "sitting_bone"]),
    "gluteus_medius.1": (["sacroiliac"], ["outer_hip", "back_of_thigh"]),
    "gluteus_medius.2": (["middle_buttock", "outer_hip"], ["sacroiliac", "back_of_thigh", "calf"]),
    "gluteus_medius.3": (["low_back", "sacroiliac"], ["sitting_bone", "back_of_thigh", "outer_hip"]),
    "gluteus_minimus.anterior": (["outer_thigh", "outer_leg"], ["back_of_thigh", "sacroiliac", "front_of_hip"]),
    "gluteus_minimus.posterior": (["back_of_thigh", "calf"], ["outer_thigh", "sacroiliac", "front_of_hip"]),
    "piriformis.1": (["sacroiliac", "middle_buttock", "back_of_thigh"], ["outer_leg", "calf", "front_of_hip"]),
    "piriformis.2": (["sacroiliac", "middle_buttock", "back_of_thigh"], ["outer_leg", "calf", "front_of_hip"]),
    "tensor_fasciae_latae.1": (["front_of_hip", "outer_hip", "outer_thigh"], ["sacroiliac", "back_of_thigh", "calf"]),
    "quadratus_femoris.1": (["lower_buttock", "back_of_thigh"], ["sacroiliac", "outer_hip", "calf"]),
    "obturator_internus.1": (["tailbone", "back_of_thigh"], ["outer_hip", "sacroiliac", "calf"]),
}
"""Named regions that the zones of a point reach into, and such as they never do."""


@pytest.mark.parametrize("id_", DRAWN)
def test_zones_reach_into_the_regions_that_are_described_and_no_others(trigger_marks: MarksDocument, id_: str) -> None:
    reached, never = NEIGHBOURS[id_]
    for side in SIDES:
        zones = {vertex for zone in trigger_marks.points[id_][side].zones for vertex in zone.vertices}
        for name in (*reached, *never):
            sides = trigger_marks.regions[name]
            region = set(sides.get(side, sides.get("midline")).vertices)  # type: ignore[union-attr]
            share = len(zones & region) / len(region)
            if name in reached:
                assert share > 0.12, f"{id_} {side}: {share:.0%} of {name}"
            else:
                assert share < 0.05, f"{id_} {side}: {share:.0%} of {name}"


def test_dots_are_dense_where_pain_is_essential_sparse_where_it_spills_and_nowhere_else(
    trigger_marks: MarksDocument, whole_atlas: Atlas, chart: SkinChart
) -> None:
    density: dict[str, list[float]] = {"essential": [], "spillover": []}
    for id_, side, entry in each(trigger_marks, DRAWN):
        depths = zone_depths(chart, whole_atlas, POINTS[id_], side) if side == "right" else []
        for zone in entry.zones:
            if zone.area_cm2 > 60.0:  # a small zone is mostly edge
                density[zone.level].append(len(zone.dots) / 3 / zone.area_cm2)
        for zone, (level, depth) in zip(entry.zones, depths, strict=False):
            dots = unpacked(zone.dots)
            inside = np.einsum("ki,ki->k", dots.weights, depth[chart.skin.triangles[dots.triangles]])
            assert zone.level == level
            assert inside.min() > -0.5, f"{id_} {level}: a dot {-inside.min():.1f} mm outside"
    dense, sparse = (np.array(density[level]) for level in ("essential", "spillover"))
    assert dense.mean() / sparse.mean() == pytest.approx((SPACING["spillover"] / SPACING["essential"]) ** 2, rel=0.12)
    for values in (dense, sparse):
        assert values == pytest.approx(values.mean(), rel=0.15), "as dense in one zone as in the next"


def test_dots_are_even_and_leave_no_hole(trigger_marks: MarksDocument, skin: Surface) -> None:
    count = 0
    for name, side, zone in each_zone(trigger_marks):
        points = unpacked(zone.dots).points(skin)
        nearest = cKDTree(points).query(points, 2)[0][:, 1]
        assert nearest.min() >= 0.7 * nearest.mean(), f"{name} {side}"
        border = np.setdiff1d(np.arange(len(skin.vertices)), zone.vertices)
        inside = skin.vertices[zone.vertices]
        deep = inside[cKDTree(skin.vertices[border]).query(inside)[0] > SPACING[zone.level]]
        if len(deep):
            assert cKDTree(points).query(deep)[0].max() < 1.4 * SPACING[zone.level], f"a hole in {name} {side}"
        count += len(points)
    assert count < 14_000, "few enough that everything stays smooth"


def test_dots_lie_on_the_side_from_which_their_zone_is_seen(trigger_marks: MarksDocument, skin: Surface) -> None:
    """Nothing bleeds through to the other side of the body or of a thigh."""
    for id_, side, entry in each(trigger_marks, DRAWN):
        zones = sorted(POINTS[id_].zones, key=lambda zone: zone.level)
        for zone, described in zip(entry.zones, zones, strict=True):
            views = {stroke.seen for stroke in described.strokes}
            ways = [way_out(seen, side) for seen in ("behind", "side", "front") if seen in views or "nearest" in views]
            normals = unpacked(zone.dots).normals(skin)
            facing = np.max([normals @ way for way in ways], axis=0)
            assert facing.min() > -0.3, f"{id_} {side} {zone.level}: a dot faces away ({facing.min():.2f})"


def test_the_same_body_gives_the_same_marks(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    few = {id_: POINTS[id_] for id_ in ("gluteus_maximus.3", "gluteus_medius.1")}
    again = marks(whole_atlas, few, DATA.safety)
    assert again.points == {id_: trigger_marks.points[id_] for id_ in few}


# --- what lies beneath -----------------------------------------------------------------------------------------------

ORDER = {
    "iliotibial_tract": 0,
    "gluteus_maximus": 1,
    "tensor_fasciae_latae": 1,
    "gluteus_medius": 2,
    "piriformis": 3,
    "gluteus_minimus": 3,
    "quadratus_femoris": 3,
}
"""How deep they lie, of those whose order is the same everywhere behind and beside the hip."""


def test_layers_under_the_finger_come_in_anatomical_order(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    kinds = {name: structure.kind for name, structure in whole_atlas.structures.items()}
    for id_, side, entry in each(trigger_marks):
        names = [layer.structure.partition(".")[0] for layer in entry.layers]
        begins = [layer.begins for layer in entry.layers]
        assert begins == sorted(begins)
        assert begins[0] > 3.0, "skin and fat first"
        assert all(layer.ends > layer.begins for layer in entry.layers)
        deep = [ORDER[name] for name in names if name in ORDER]
        tensor = "tensor_fasciae_latae" in names and "iliotibial_tract" in names
        assert deep == sorted(deep) or tensor, f"{id_} {side}: {names}"
        last = entry.layers[-1].structure
        if kinds[last] == "bone" or last.partition(".")[0] in SCIATIC:
            assert all(
                kinds[layer.structure] != "bone" and layer.structure.partition(".")[0] not in SCIATIC
                for layer in entry.layers[:-1]
            ), "nothing is told of what lies behind bone"
        at = np.linalg.norm(np.array(entry.on_muscle) - on_skin(whole_atlas.structures["skin"].parts[0].surface, entry))
        own = [layer for layer in entry.layers if layer.structure == f"{POINTS[id_].muscle}.{side}"]
        covered = POINTS[id_].muscle == "quadratus_femoris"  # the nerve lies over it
        assert covered or any(abs(layer.begins - at) < 2.0 for layer in own), f"{id_} {side}: the X begins its muscle"
    nerve_first = trigger_marks.points["quadratus_femoris.1"]["right"].layers[-1].structure
    assert nerve_first.partition(".")[0] in SCIATIC, "the sciatic nerve passes over quadratus femoris"


# --- where a ball may go ---------------------------------------------------------------------------------------------


def test_the_surfaces_bear_out_every_verdict(
    trigger_marks: MarksDocument, whole_atlas: Atlas, chart: SkinChart
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
            at = on_skin(chart.skin, entry)
            (found,) = ball_zones(chart, whole_atlas, POINTS[id_].muscle, side, at, [BALLS["tennis_ball"]])
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
    where: Callable[[str, Side], Array],
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
                    near = np.linalg.norm(hits - np.atleast_2d(where(name, side)).mean(axis=0), axis=1).min()
                    assert near > 3.0, f"{id_} {side}: a ray meets the {name}"
            crest = where("iliac_crest", side)
            dense = np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(crest)])
            offset = dense[None] - points[:, None]
            depth = np.einsum("pci,pi->pc", offset, ways)
            aside = np.linalg.norm(offset - depth[..., None] * ways[:, None], axis=2)
            assert aside[(depth > 0.0) & (depth < 60.0)].min(initial=np.inf) >= KEPT_FROM_BONE - 1.0


def test_a_zone_is_one_place_large_enough_and_the_ball_is_set_well_inside(
    trigger_marks: MarksDocument, chart: SkinChart
) -> None:
    for id_, side, entry in each(trigger_marks):
        for ball in entry.balls:
            zone = np.array(ball.vertices)
            assert chart.area_cm2(zone) >= 4.0
            assert len(chart.largest(zone)) == len(zone), f"{id_} {side}: in pieces"
            assert ball.best in ball.vertices
            outside = np.setdiff1d(np.arange(len(chart.skin.vertices)), zone)
            room = cKDTree(chart.skin.vertices[outside]).query(chart.skin.vertices[ball.best])[0]
            assert room >= 6.0, f"{id_} {side} {ball.ball}: {room:.1f} mm from the edge"
            assert ball.muscle is not None
            assert ball.muscle >= 12.0
            assert ball.bone is None or ball.bone >= KEPT_FROM_BONE
            assert ball.nerve is None or ball.nerve > print_radius(BALLS[ball.ball].diameter)
            assert ball.direction is not None
            assert np.linalg.norm(ball.direction) == pytest.approx(1.0, abs=2e-3)
            assert np.dot(ball.direction, chart.skin.normals[ball.best]) < -0.8, "it presses inwards"
    assert trigger_marks.sinks < min(ball.diameter for ball in BALLS.values()) / 2.0


# --- from pain to muscle ---------------------------------------------------------------------------------------------


def test_pressing_the_middle_of_a_zone_lists_its_trigger_point_among_the_first_three(
    trigger_marks: MarksDocument, skin: Surface
) -> None:
    areas = vertex_areas(skin)
    for id_, side, entry in each(trigger_marks, DRAWN):
        for zone in entry.zones:
            if zone.level == "essential":
                inside = np.array(zone.vertices)
                outside = np.setdiff1d(np.arange(len(skin.vertices)), inside)
                middle = int(inside[cKDTree(skin.vertices[outside]).query(skin.vertices[inside])[0].argmax()])
                found = referrals(pressed(skin, middle), areas, trigger_marks.points)
                first = {one.id: one.sides for one in found[:3]}
                assert side in first.get(id_, ()), f"{id_} {side}: {[one.id for one in found]}"


@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("tailbone", {"gluteus_maximus.3"}),
        ("sacroiliac", {"gluteus_maximus.1", "gluteus_medius.1"}),
        ("sitting_bone", {"gluteus_maximus.1", "quadratus_femoris.1", "gluteus_minimus.posterior"}),
        ("lower_buttock", {"quadratus_femoris.1", "gluteus_maximus.2"}),
        ("outer_hip", {"gluteus_medius.2", "tensor_fasciae_latae.1"}),
        ("front_of_hip", {"tensor_fasciae_latae.1"}),
        ("back_of_thigh", {"gluteus_minimus.posterior"}),
        ("outer_thigh", {"gluteus_minimus.anterior"}),
        ("calf", {"gluteus_minimus.posterior"}),
        ("outer_leg", {"gluteus_minimus.anterior"}),
        ("low_back", {"gluteus_medius.3", "gluteus_medius.1"}),
    ],
)
def test_a_named_region_leads_to_those_that_are_described_there(
    trigger_marks: MarksDocument, skin: Surface, region: str, first: set[str]
) -> None:
    areas = vertex_areas(skin)
    for side, entry in trigger_marks.regions[region].items():
        found = referrals(entry.vertices, areas, trigger_marks.points)
        assert found[0].id in first, f"{side}: {[one.id for one in found[:3]]}"
        assert side == "midline" or side in found[0].sides


def test_named_regions_keep_to_their_side_and_are_as_large_as_a_hand_can_point_at(
    trigger_marks: MarksDocument, skin: Surface, whole_atlas: Atlas
) -> None:
    for region in DATA.pain_regions:
        sides = trigger_marks.regions[region.id]
        assert set(sides) == ({"right", "left"} if region.paired else {"midline"})
        for side, entry in sides.items():
            assert 8.0 <= entry.area_cm2 <= 260.0, f"{region.id} {side}: {entry.area_cm2} cm²"
            places = skin.vertices[entry.vertices]
            beyond = places[:, 0] - midline(whole_atlas.landmarks, places)
            assert side == "midline" or (beyond * (-1.0 if side == "right" else 1.0)).min() > 0.0


def test_a_recipe_falls_near_its_x_on_any_body(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    """The muscle lies where the recipe says, seen from where one looks: the X is not dragged to it from afar."""
    for id_, side, entry in each(trigger_marks):
        place = POINTS[id_].place
        assert place is not None
        off = np.array(entry.on_muscle) - point_of(place, whole_atlas.landmarks, side)
        out = way_out(POINTS[id_].seen, side)
        assert np.linalg.norm(off - off @ out * out) < 32.0, f"{id_} {side}"


def test_dots_follow_the_skin_into_every_shape(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    part = whole_atlas.structures["skin"].parts[0]
    dots: Dots = unpacked(trigger_marks.points["gluteus_maximus.2"]["right"].zones[0].dots)
    slim, base, large = (dots.points(s) for s in (part.shapes["slim"], part.surface, part.shapes["large"]))
    outward = dots.normals(part.surface)
    assert (np.einsum("ki,ki->k", large - base, outward) > 1.0).all()
    assert (np.einsum("ki,ki->k", base - slim, outward) > 1.0).all()
