"""Distance fields against surfaces whose distances are known."""

from __future__ import annotations

import numpy as np
import pytest

from meshes.distance import DistanceField, nearest_of, settle, signed_distance
from tests import solids

BALL = solids.ball(25.0)


@pytest.fixture(scope="module")
def field() -> DistanceField:
    return DistanceField.of_surface(BALL.vertices, BALL.triangles, spacing=2.0, margin=14.0)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.random.default_rng(1).uniform(-36.0, 36.0, (4000, 3))


def test_exact_distance_is_positive_outside_and_negative_inside(points: np.ndarray) -> None:
    found = signed_distance(points, BALL.vertices, BALL.triangles)
    assert np.abs(found - (np.linalg.norm(points, axis=1) - 25.0)).max() < 0.15


def test_no_points_have_no_distances() -> None:
    assert signed_distance(np.zeros((0, 3)), BALL.vertices, BALL.triangles).shape == (0,)


def test_field_reads_near_the_surface_to_a_tenth_of_a_millimetre(field: DistanceField, points: np.ndarray) -> None:
    radius = np.linalg.norm(points, axis=1)
    near = np.abs(radius - 25.0) < 8.0
    distance, direction = field(points[near])
    assert np.abs(distance - (radius[near] - 25.0)).max() < 0.2
    outward = points[near] / radius[near][:, None]
    assert np.einsum("ij,ij->i", direction, outward).min() > 0.99
    assert np.allclose(np.linalg.norm(direction, axis=1), 1.0, atol=1e-4)


def test_field_away_from_the_surface_is_coarse_but_right(field: DistanceField, points: np.ndarray) -> None:
    radius = np.linalg.norm(points, axis=1)
    away = radius > 10.0  # at the centre itself the distance has a cusp
    assert np.abs(field.distance(points[away]) - (radius[away] - 25.0)).max() < 1.2


def test_distance_alone_is_the_same_distance(field: DistanceField, points: np.ndarray) -> None:
    assert np.allclose(field.distance(points), field(points)[0], atol=1e-4)


def test_a_point_beyond_the_grid_is_as_far_as_the_way_to_the_grid_and_on(field: DistanceField) -> None:
    assert field.distance(np.array([[200.0, 0.0, 0.0]]))[0] == pytest.approx(175.0, abs=2.0)


def test_filling_closes_a_narrow_gap_and_leaves_the_outside() -> None:
    left, right = solids.ball(20.0, (-23.0, 0, 0)), solids.ball(20.0, (23.0, 0, 0))
    vertices = np.concatenate([left.vertices, right.vertices])
    triangles = np.concatenate([left.triangles, right.triangles + len(left.vertices)])
    plain = DistanceField.of_surface(vertices, triangles, margin=12.0)
    filled = DistanceField.of_filled(vertices, triangles, 5.0, margin=12.0)
    middle = np.zeros((1, 3))
    assert plain.distance(middle)[0] > 1.5
    assert filled.distance(middle)[0] < -0.5
    far_side = np.array([[45.0, 0.0, 0.0]])
    assert filled.distance(far_side)[0] == pytest.approx(plain.distance(far_side)[0], abs=0.3)


def test_settling_lays_points_at_the_distance_asked_for(field: DistanceField) -> None:
    start = np.array([[30.0, 3.0, 1.0], [0.0, 19.0, 4.0], [-2.0, -3.0, 33.0]])
    assert np.allclose(np.linalg.norm(settle([field], start, 1.5), axis=1), 26.5, atol=0.2)


def test_nearest_of_two_surfaces_takes_the_nearer(field: DistanceField) -> None:
    other = solids.ball(5.0, (32.0, 0, 0), fineness=3)
    small = DistanceField.of_surface(other.vertices, other.triangles, spacing=1.0, margin=6.0)
    distance, direction = nearest_of([field, small], np.array([[26.5, 0.0, 0.0]]))
    assert distance[0] == pytest.approx(0.5, abs=0.15)
    assert direction[0, 0] < -0.9
