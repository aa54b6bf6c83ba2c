"""Zones of described pain on the built skin: their size, side and neighbours, and the dots that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from meshes.marks import SPACING, marks, unpacked, zone_depths
from meshes.stipple import Dots
from meshes.zones import midline, way_out
from tests.marked import DATA, DRAWN, POINTS, SIDES, each, each_zone, landmark

if TYPE_CHECKING:
    from meshes.atlas import Atlas, Surface
    from meshes.marks import MarksDocument
    from meshes.zones import SkinChart


@pytest.fixture(scope="module")
def skin(whole_atlas: Atlas) -> Surface:
    return whole_atlas.structures["skin"].parts[0].surface


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


def test_the_anus_and_the_coccyx_are_left_free(trigger_marks: MarksDocument, skin: Surface, whole_atlas: Atlas) -> None:
    top, apex = landmark(whole_atlas, "sacral_apex", "right"), landmark(whole_atlas, "coccyx_apex", "right")
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
    trigger_marks: MarksDocument, whole_atlas: Atlas, skin_chart: SkinChart
) -> None:
    density: dict[str, list[float]] = {"essential": [], "spillover": []}
    for id_, side, entry in each(trigger_marks, DRAWN):
        depths = zone_depths(skin_chart, whole_atlas, POINTS[id_], side) if side == "right" else []
        for zone in entry.zones:
            if zone.area_cm2 > 60.0:  # a small zone is mostly edge
                density[zone.level].append(len(zone.dots) / 3 / zone.area_cm2)
        for zone, (level, depth) in zip(entry.zones, depths, strict=False):
            dots = unpacked(zone.dots)
            inside = np.einsum("ki,ki->k", dots.weights, depth[skin_chart.skin.triangles[dots.triangles]])
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


def test_dots_follow_the_skin_into_every_shape(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    part = whole_atlas.structures["skin"].parts[0]
    dots: Dots = unpacked(trigger_marks.points["gluteus_maximus.2"]["right"].zones[0].dots)
    slim, base, large = (dots.points(s) for s in (part.shapes["slim"], part.surface, part.shapes["large"]))
    outward = dots.normals(part.surface)
    assert (np.einsum("ki,ki->k", large - base, outward) > 1.0).all()
    assert (np.einsum("ki,ki->k", base - slim, outward) > 1.0).all()
