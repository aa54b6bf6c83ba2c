"""From pain to muscle on the built body: pressed places and named regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from meshes.pain import pressed, referrals, vertex_areas
from meshes.zones import midline
from tests.marked import DATA, DRAWN, each

if TYPE_CHECKING:
    from meshes.atlas import Atlas, Surface
    from meshes.marks import MarksDocument


@pytest.fixture(scope="module")
def skin(whole_atlas: Atlas) -> Surface:
    return whole_atlas.structures["skin"].parts[0].surface


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
