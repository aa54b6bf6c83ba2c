"""The elastic ribbon: straight where nothing is in the way, tight over what is."""

from __future__ import annotations

import numpy as np
import pytest

from annotations.forms import Elastic
from meshes.distance import DistanceField
from meshes.ribbon import refine, relax, resample, ribbon_normals, straight
from tests import solids

ROWS, FIBRES = 41, 7


def ends(x: float = 60.0, half_width: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    z = np.linspace(-half_width, half_width, FIBRES)
    origin = np.stack([np.full(FIBRES, -x), np.zeros(FIBRES), z], axis=-1)
    return origin, origin * [-1.0, 1.0, 1.0]


def fibre_lengths(ribbon: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(np.diff(ribbon, axis=0), axis=2).sum(axis=0))


def test_resampling_spaces_points_evenly_and_keeps_the_ends() -> None:
    curve = np.array([[0.0, 0, 0], [1, 0.4, 0], [10, 3, 2], [30, 0, 5]])
    even = resample(curve, 25)
    step = np.linalg.norm(np.diff(even, axis=0), axis=1)
    assert np.allclose(even[[0, -1]], curve[[0, -1]], atol=1e-9)
    assert step.max() / step.min() < 1.02


def test_with_nothing_in_the_way_fibres_are_straight_and_evenly_apart() -> None:
    origin, insertion = ends()
    bowed = straight(origin, insertion, [(0.5, origin * [0, 0, 1.0] + [0, 40.0, 0])], ROWS)
    found = relax(bowed, [], np.zeros((ROWS, FIBRES)), Elastic(), 200)
    assert np.allclose(fibre_lengths(found), 120.0, atol=0.05)
    width = np.linalg.norm(found[:, -1] - found[:, 0], axis=1)
    assert np.allclose(width, 20.0, atol=0.1), "a belly must not pinch into an hourglass"


def test_over_a_ball_fibres_are_as_short_as_the_way_round_it() -> None:
    ball = solids.ball(25.0)
    field = DistanceField.of_surface(ball.vertices, ball.triangles)
    origin, insertion = ends()
    start = straight(origin, insertion, [(0.5, origin * [0, 0, 1.0] + [0, 40.0, 0])], ROWS)
    found = relax(start, [field], np.full((ROWS, FIBRES), 3.0), Elastic(across=0.0), 150)
    assert np.linalg.norm(found.reshape(-1, 3), axis=1).min() > 27.6
    tangent = np.sqrt(60.0**2 - 28.0**2)
    shortest = 2.0 * tangent + 28.0 * (np.pi - 2.0 * np.arccos(28.0 / 60.0))
    assert fibre_lengths(found)[FIBRES // 2] == pytest.approx(shortest, rel=0.02)
    assert found[ROWS // 2, FIBRES // 2, 1] > 0, "it stays on the side it started from"


def test_a_hard_guide_holds_and_a_soft_one_draws() -> None:
    origin, insertion = ends()
    start = straight(origin, insertion, [], ROWS)
    middle = ROWS // 2
    aside = start.copy()
    aside[..., 1] += 15.0
    held = np.zeros((ROWS, FIBRES), dtype=bool)
    held[middle] = True
    lifted = start.copy()
    lifted[middle, :, 1] = 15.0
    hard = relax(lifted, [], np.zeros((ROWS, FIBRES)), Elastic(), 120, held)
    assert np.allclose(hard[middle, :, 1], 15.0)
    weight = np.exp(-(((np.arange(ROWS) - middle) / 3.0) ** 2))
    soft = relax(start, [], np.zeros((ROWS, FIBRES)), Elastic(), 120, None, (weight, aside))
    assert 5.0 < soft[middle, FIBRES // 2, 1] < 15.0


def test_normals_are_unit_square_to_the_ribbon_and_on_the_side_asked_for() -> None:
    origin, insertion = ends()
    ribbon = straight(origin, insertion, [], ROWS)
    for side in (1.0, -1.0):
        normals = ribbon_normals(ribbon, np.array([0.1, side, 0.0]), (2.0, 1.0))
        assert np.allclose(normals, [0.0, side, 0.0], atol=1e-6)


def test_refining_reproduces_a_smooth_field() -> None:
    u, s = np.meshgrid(np.linspace(0, 1, 20), np.linspace(0, 1, 9), indexing="ij")
    field = np.stack([u**2, s * u, 1.0 - s], axis=-1)
    rows, columns = np.linspace(0, 1, 33), np.array([0.0, 0.21, 0.9])
    fine = refine(field, rows, columns)
    wanted = np.stack(np.broadcast_arrays(rows[:, None] ** 2, rows[:, None] * columns, 1.0 - columns[None]), axis=-1)
    assert np.allclose(fine, wanted, atol=1e-9)
