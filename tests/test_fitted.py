"""Bones warped onto other bones carry their places along; muscles grown there are compared honestly."""

from __future__ import annotations

import numpy as np
import pytest

from meshes.against import compared
from meshes.fitted import WarpedChart, drawn, fit_similarity, similar
from tests.solids import ball, cube


def test_a_similarity_is_found_again() -> None:
    random = np.random.default_rng(1)
    points = random.normal(size=(50, 3)) * (10, 20, 30)
    angle = 0.4
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    found = fit_similarity(points, 1.3 * points @ turn.T + [5, -7, 9])
    assert found.scale == pytest.approx(1.3)
    assert found.rotation == pytest.approx(turn)
    assert found.shift == pytest.approx([5, -7, 9])
    assert found(points) == pytest.approx(1.3 * points @ turn.T + [5, -7, 9])


def test_a_shape_is_laid_onto_its_larger_turned_self() -> None:
    random = np.random.default_rng(2)
    shape = random.normal(size=(1500, 3))
    shape *= np.array([40.0, 25.0, 12.0]) / np.linalg.norm(shape, axis=1, keepdims=True)
    shape[:, 0] += 0.01 * shape[:, 1] ** 2
    angle = 0.15
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    target = 1.1 * shape @ turn.T + [3, 4, -2]
    assert np.linalg.norm(similar(shape, target)(shape) - target, axis=1).max() < 0.5


def test_a_surface_is_drawn_onto_another_without_folding() -> None:
    small, large = ball(20.0, fineness=3), ball(26.0, (3, 0, 0), fineness=4)
    moved = drawn(small.vertices, small.triangles, large.vertices, large.triangles)
    assert np.abs(np.linalg.norm(moved - [3, 0, 0], axis=1) - 26.0).max() < 0.3
    corners = moved[small.triangles]
    out = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert ((out * (corners.mean(axis=1) - [3, 0, 0])).sum(axis=1) > 0).all()


class Flat:
    """A chart of one element: the plane z = 0."""

    def points(self, elements: np.ndarray, xi: np.ndarray) -> np.ndarray:
        return np.column_stack([xi, np.zeros(len(xi))])

    def nearest(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(len(points), np.int64), points[:, :2]


def test_places_move_with_the_bone_and_are_found_again() -> None:
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 21)), axis=-1).reshape(-1, 2)
    vertices = np.column_stack([grid, np.zeros(len(grid))])
    moves = np.column_stack([0.2 * grid[:, 0], np.zeros(len(grid)), 1.0 + 0.1 * grid[:, 1]])
    chart = WarpedChart(Flat(), vertices, moves)
    places = np.array([[0.31, 0.62], [0.84, 0.17]])
    moved = chart.points(np.zeros(2, np.int64), places)
    assert moved == pytest.approx(np.column_stack([1.2 * places[:, 0], places[:, 1], 1 + 0.1 * places[:, 1]]), abs=0.01)
    assert chart.nearest(moved)[1] == pytest.approx(places, abs=0.02)


def test_a_shape_compared_with_itself_is_the_same_and_with_one_beside_it_is_not() -> None:
    same = compared("ball", ball(20.0), ball(20.0))
    assert same.mean_mm < 0.05
    assert same.dice == pytest.approx(1.0)
    assert same.volume_cm3 == pytest.approx(4 / 3 * np.pi * 8.0, rel=0.01)
    assert same.reference_cm3 == pytest.approx(same.volume_cm3, rel=0.02)
    assert compared("ball", ball(20.0), ball(20.0, (100, 0, 0))).dice == 0.0
    halves = compared("cube", cube(20.0), cube(20.0, (10, 0, 0)))
    assert halves.dice == pytest.approx(0.5, abs=0.06)
    inner = compared("ball", ball(20.0), ball(23.0))
    assert inner.mean_mm == pytest.approx(3.0, abs=0.05)
