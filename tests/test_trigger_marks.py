"""Zones, dots, layers and places for a ball, on a body made of balls and tubes where the right answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree

from annotations.safety import Ball
from annotations.statement import Statement
from annotations.trigger_point import Place, Stroke, Zone
from meshes.atlas import Part, Structure, Surface
from meshes.marks import on_muscle, packed, unpacked
from meshes.places import PlaceError, point_of
from meshes.pressing import Rays, layers_below, press, print_radius, prominences
from meshes.stipple import stipple
from meshes.zones import SkinChart, area_mm2, stroke_depth, zone_depth

LANDMARKS = {
    "psis.right": np.array([-40.0, 90.0, 60.0]),
    "psis.left": np.array([40.0, 90.0, 60.0]),
    "ischial_tuberosity.right": np.array([-50.0, 60.0, -60.0]),
    "ischial_tuberosity.left": np.array([50.0, 60.0, -60.0]),
    "iliac_crest.right": np.array([[-100.0, -20.0, 90.0], [-100.0, 20.0, 100.0], [-40.0, 80.0, 90.0]]),
    "pubic_symphysis": np.array([0.0, -60.0, -40.0]),
    "sacral_apex": np.array([0.0, 80.0, 0.0]),
}


def surface(mesh: trimesh.Trimesh) -> Surface:
    return Surface(np.array(mesh.vertices, float), np.array(mesh.faces, np.int64), np.array(mesh.vertex_normals, float))


def ball(radius: float, centre: tuple[float, float, float] = (0.0, 0.0, 0.0), fineness: int = 4) -> Surface:
    mesh = trimesh.creation.icosphere(fineness, radius=radius)
    mesh.apply_translation(centre)
    return surface(mesh)


def structure(name: str, kind: str, solid: Surface, side: str = "right") -> Structure:
    sided = name if side == "midline" else f"{name}.{side}"
    return Structure(sided, name, side, kind, [Part(sided, solid)], "test")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def skin() -> Surface:
    return ball(150.0, fineness=5)


def test_a_place_mirrors_its_directions_with_its_landmarks() -> None:
    place = Place(landmarks={"psis": 0.5, "ischial_tuberosity": 0.5}, lateral=10.0, cranial=5.0, posterior=2.0)
    assert point_of(place, LANDMARKS, "right") == pytest.approx([-55.0, 77.0, 5.0])
    assert point_of(place, LANDMARKS, "left") == pytest.approx([55.0, 77.0, 5.0])


def test_a_fraction_of_a_line_is_measured_along_it() -> None:
    line = LANDMARKS["iliac_crest.right"]
    whole = np.linalg.norm(np.diff(line, axis=0), axis=1)
    found = point_of(Place(landmarks={"iliac_crest@0.5": 1.0}), LANDMARKS, "right")
    beyond = whole.sum() / 2.0 - whole[0]
    assert found == pytest.approx(line[1] + (line[2] - line[1]) * beyond / whole[1])


def test_a_place_on_a_landmark_that_is_missing_says_which() -> None:
    with pytest.raises(PlaceError, match="no landmark quadrate_tubercle on the left"):
        point_of(Place(landmarks={"quadrate_tubercle": 1.0}), LANDMARKS, "left")


def test_a_disc_on_a_sphere_has_the_cap_s_area_and_stays_on_its_side_of_the_body(skin: Surface) -> None:
    chart = SkinChart(skin)
    depth = stroke_depth(chart, Stroke(through=[Place(landmarks={"psis": 1.0})], width=80.0), LANDMARKS, "right")
    cap = 2.0 * np.pi * 150.0**2 * (1.0 - np.cos(40.0 / 150.0))
    assert area_mm2(skin, depth) == pytest.approx(cap, rel=0.06)
    assert skin.vertices[depth > 0.0][:, 1].min() > 0.0, "nothing on the far side of the body"


def test_a_zone_stops_at_the_midline_unless_it_says_that_it_does_not(skin: Surface) -> None:
    chart = SkinChart(skin)
    stroke = Stroke(through=[Place(landmarks={"psis": 1.0})], width=150.0)
    one = zone_depth(chart, Zone(level="essential", words="x", strokes=[stroke]), LANDMARKS, "right")
    both = zone_depth(chart, Zone(level="essential", words="x", strokes=[stroke], both_sides=True), LANDMARKS, "right")
    assert skin.vertices[one > 0.0][:, 0].max() < 0.0
    assert skin.vertices[both > 0.0][:, 0].max() > 60.0


def test_a_place_behind_is_laid_onto_the_skin_straight_backwards(skin: Surface) -> None:
    chart = SkinChart(skin)
    (found,) = chart.over(np.array([[-60.0, 60.0, 20.0]]), np.array([0.0, 1.0, 0.0]))
    assert np.linalg.norm(skin.vertices[found][[0, 2]] - [-60.0, 20.0]) < 6.0
    assert skin.vertices[found][1] > 0.0


def test_dots_keep_their_distance_are_even_and_the_same_every_time(skin: Surface) -> None:
    depth = skin.vertices[:, 2] - 60.0
    dots = stipple(skin, depth, 6.0, seed=3)
    points = dots.points(skin)
    nearest = cKDTree(points).query(points, 2)[0][:, 1]
    assert nearest.min() >= 0.7 * nearest.mean()
    assert nearest.min() >= 5.9
    assert (points[:, 2] > 58.0).all()
    assert np.linalg.norm(points, axis=1) == pytest.approx(150.0, abs=0.5)
    again = stipple(skin, depth, 6.0, seed=3)
    assert np.array_equal(again.triangles, dots.triangles)
    assert np.array_equal(again.weights, dots.weights)


def test_no_place_inside_a_zone_is_left_without_a_dot(skin: Surface) -> None:
    depth = skin.vertices[:, 2] - 60.0
    points = stipple(skin, depth, 6.0, seed=3).points(skin)
    inside = skin.vertices[depth > 6.0]
    assert cKDTree(points).query(inside)[0].max() < 1.35 * 6.0


def test_sparse_dots_are_fewer_by_the_square_of_their_spacing(skin: Surface) -> None:
    depth = skin.vertices[:, 2] - 20.0
    dense, sparse = (len(stipple(skin, depth, spacing, seed=1).triangles) for spacing in (5.0, 9.5))
    assert dense / sparse == pytest.approx((9.5 / 5.0) ** 2, rel=0.12)


def test_dots_survive_being_packed_to_a_tenth_of_a_triangle(skin: Surface) -> None:
    dots = stipple(skin, skin.vertices[:, 2] - 100.0, 6.0, seed=2)
    back = unpacked(packed(dots))
    assert np.array_equal(back.triangles, dots.triangles)
    assert back.weights.min() >= -1e-9
    assert np.abs(back.weights - dots.weights).max() < 0.01


def test_layers_come_in_order_with_their_thickness_and_end_at_bone() -> None:
    parts = [
        structure("gluteus_maximus", "muscle", ball(100.0)),
        structure("piriformis", "muscle", ball(20.0, (0.0, 50.0, 0.0))),
        structure("hip_bone", "bone", ball(25.0)),
        structure("skin", "skin", ball(120.0), "midline"),
    ]
    layers = layers_below(parts, np.array([0.0, 119.0, 0.0]), np.array([0.0, -1.0, 0.0]))
    assert [layer.structure for layer in layers] == ["gluteus_maximus.right", "piriformis.right", "hip_bone.right"]
    begins = {layer.structure: (layer.begins, layer.ends) for layer in layers}
    assert begins["piriformis.right"] == pytest.approx((49.0, 89.0), abs=0.5)
    assert begins["hip_bone.right"][0] == pytest.approx(94.0, abs=0.5)


def test_lines_count_only_what_they_run_inside_and_only_until_they_stop() -> None:
    rays = Rays(ball(10.0, fineness=5))
    origins, directions = np.array([[-50.0, 0.1, 0.2]] * 3), np.array([[1.0, 0.0, 0.0]] * 3)
    found = rays.inside(origins, directions, np.array([200.0, 50.0, 20.0]))
    assert found == pytest.approx([20.0, 10.0, 0.0], abs=0.1)


def body(nerve_at: float) -> dict[str, Structure]:
    tube = trimesh.creation.cylinder(3.0, 120.0)
    tube.apply_translation((nerve_at, 45.0, 0.0))
    parts = [
        structure("gluteus_maximus", "muscle", ball(95.0)),
        structure("hip_bone", "bone", ball(30.0, fineness=5)),
        structure("femur", "bone", ball(5.0, (-400.0, 0.0, 0.0))),
        structure("sacrum", "bone", ball(5.0, (0.0, 0.0, 400.0)), "midline"),
        structure("tibial_division", "nerve", surface(tube.subdivide().subdivide())),
    ]
    return {part.id: part for part in parts}


FAR = {
    name: np.array([0.0, 0.0, 500.0])
    for name in ("ischial_tuberosity", "greater_trochanter", "asis", "psis", "iliac_crest")
}
AWAY = {f"{name}.right": place for name, place in FAR.items()}


def test_a_ball_may_go_where_there_is_muscle_and_neither_bone_nor_nerve_in_its_print() -> None:
    skin = ball(120.0)
    behind = np.array([int(np.linalg.norm(skin.vertices - [0.0, 120.0, 0.0], axis=1).argmin())])
    free = press(skin, behind, body(nerve_at=-60.0), AWAY, "right", "gluteus_maximus")
    assert free.allowed(67.0).all()
    assert free.muscle == pytest.approx(65.0, abs=1.5)
    on_nerve = press(skin, behind, body(nerve_at=0.0), AWAY, "right", "gluteus_maximus")
    assert not on_nerve.allowed(67.0).any()
    assert on_nerve.why_not(67.0) == "nerve"
    spine = AWAY | {"psis.right": np.array([12.0, 80.0, 0.0])}
    near_bone = press(skin, behind, body(nerve_at=-60.0), spine, "right", "gluteus_maximus")
    assert near_bone.why_not(67.0) == "bone"
    assert near_bone.bone == pytest.approx(12.0, abs=0.8)
    other = press(skin, behind, body(nerve_at=-60.0), AWAY, "right", "gluteus_medius")
    assert other.why_not(67.0) == "muscle", "the muscle that is meant is not under the ball"


def test_a_crest_is_kept_from_between_its_points_too() -> None:
    crest = AWAY | {"iliac_crest.right": np.array([[-200.0, 60.0, 3.0], [200.0, 60.0, 3.0]])}
    points = prominences(body(nerve_at=-60.0), crest, "right")
    assert cKDTree(points).query([0.0, 60.0, 3.0])[0] < 1.5


def test_the_print_of_a_ball_is_a_chord_of_it() -> None:
    assert print_radius(67.0) == pytest.approx(np.sqrt(33.5**2 - (33.5 - 15.0) ** 2))
    said = Statement(text="x", sources=["y"], evidence="expert_convention", mark="recalled")
    tennis = Ball(id="tennis_ball", name="tennis ball", diameter=67.0, statement=said)
    assert print_radius(tennis.diameter) < tennis.diameter / 2.0


def test_the_x_lies_on_the_outward_face_of_its_muscle_with_flesh_beneath() -> None:
    muscle = structure("piriformis", "muscle", ball(20.0, (-60.0, 40.0, 0.0), 5))
    at = on_muscle(muscle, np.array([-55.0, 40.0, 5.0]), np.array([0.0, 1.0, 0.0]))
    assert at == pytest.approx([-55.0, 40.0 + np.sqrt(20.0**2 - 5.0**2 - 5.0**2), 5.0], abs=0.1), "straight behind it"
    beside = on_muscle(muscle, np.array([-20.0, 40.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    assert np.linalg.norm(beside - [-60.0, 40.0, 0.0]) == pytest.approx(20.0, abs=0.2)
    assert 10.0 < beside[0] + 60.0 < 20.0, "on the near side of it, but not on its thin edge"
