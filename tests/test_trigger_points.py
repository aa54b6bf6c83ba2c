"""Trigger points on the built body: where each X stands, and what lies under the finger there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import igl
import numpy as np
import pytest

from meshes.places import point_of
from meshes.pressing import SCIATIC
from meshes.zones import way_out
from tests.marked import DATA, DRAWN, MARKED, POINTS, SIDES, Array, each, landmark, on_skin

if TYPE_CHECKING:
    from meshes.atlas import Atlas, Surface
    from meshes.marks import MarksDocument


@pytest.fixture(scope="module")
def skin(whole_atlas: Atlas) -> Surface:
    return whole_atlas.structures["skin"].parts[0].surface


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


def test_each_x_is_in_the_region_that_its_source_describes(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    for side in SIDES:
        out = -1.0 if side == "right" else 1.0
        x = {id_: np.array(trigger_marks.points[id_][side].on_muscle) for id_ in MARKED}
        at = {name: np.atleast_2d(landmark(whole_atlas, name, side)).mean(axis=0) for name in MET}
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

        crest = landmark(whole_atlas, "iliac_crest", side)
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


def test_a_recipe_falls_near_its_x_on_any_body(trigger_marks: MarksDocument, whole_atlas: Atlas) -> None:
    """The muscle lies where the recipe says, seen from where one looks: the X is not dragged to it from afar."""
    for id_, side, entry in each(trigger_marks):
        place = POINTS[id_].place
        assert place is not None
        off = np.array(entry.on_muscle) - point_of(place, whole_atlas.landmarks, side)
        out = way_out(POINTS[id_].seen, side)
        assert np.linalg.norm(off - off @ out * out) < 32.0, f"{id_} {side}"


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
