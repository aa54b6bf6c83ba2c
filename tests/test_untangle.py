"""Surfaces that cross themselves stop doing so, and nothing else of them changes."""

from __future__ import annotations

import numpy as np

from meshes.atlas import Surface
from meshes.crossings import crossing_triangles
from meshes.surface import is_closed, volume_mm3
from meshes.untangle import AROUND, ROUNDS, WIDER, relaxed, untangle, untangled
from tests.solids import ball, structure, tube

AROUND_TUBE, ROWS = 24, 60


def crumpled(*rows: int) -> Surface:
    """A tube of which a few vertices in some rows are thrown about, so that their triangles cross."""
    surface = tube(rows=ROWS, around=AROUND_TUBE)
    generator = np.random.default_rng(7)
    vertices = surface.vertices.copy()
    for row in rows:
        patch = [AROUND_TUBE * (row + i) + k for i in range(3) for k in range(3)]
        vertices[patch] += generator.normal(0.0, 1.5, (len(patch), 3))
    return Surface(vertices, surface.triangles, surface.normals, surface.uv, surface.tendon, surface.shade)


def crossings(surface: Surface) -> int:
    return len(crossing_triangles(surface.vertices, surface.triangles))


def test_a_fold_is_evened_out_and_the_rest_stays() -> None:
    surface = crumpled(30)
    assert crossings(surface) > 0
    done = untangled(surface)
    assert crossings(done) == 0
    moved = np.linalg.norm(done.vertices - surface.vertices, axis=1) > 0.0
    assert 0 < moved.sum() < 60
    far = np.linalg.norm(surface.vertices - surface.vertices[AROUND_TUBE * 31], axis=1) > 20.0
    assert not moved[far].any()
    assert np.array_equal(done.normals[far], surface.normals[far])
    assert np.allclose(np.linalg.norm(done.normals, axis=1), 1.0)


def test_it_keeps_to_the_surface_it_was_crumpled_from() -> None:
    done = untangled(crumpled(30))
    sides = done.vertices[: AROUND_TUBE * ROWS]
    away = np.abs(np.hypot(sides[:, 0], sides[:, 1]) - 8.0)
    assert away.max() < 3.0
    assert np.median(away) < 1e-9
    assert abs(volume_mm3(done.vertices, done.triangles) / volume_mm3(tube().vertices, tube().triangles) - 1.0) < 0.005


def test_topology_coordinates_along_the_fibres_and_tendons_stay() -> None:
    surface = crumpled(30)
    done = untangled(surface)
    assert done.triangles is surface.triangles
    assert is_closed(done.triangles)
    assert done.uv is surface.uv
    assert done.tendon is surface.tendon
    assert done.shade is surface.shade


def test_what_never_crosses_itself_is_given_back_as_it_is() -> None:
    whole = ball(20.0)
    assert untangled(whole) is whole
    assert relaxed(whole.vertices, whole.triangles) is whole.vertices


def test_several_folds_apart_from_each_other_are_all_evened_out() -> None:
    surface = crumpled(10, 30, 50)
    assert crossings(surface) > crossings(crumpled(30)) > 0
    done = untangled(surface)
    assert crossings(done) == 0


def test_parts_and_their_shapes_are_evened_out() -> None:
    tangled = structure("piriformis.right", "muscle", ball(20.0))
    tangled.parts[0].shapes = {"B": crumpled(30), "C": tube()}
    untangle([tangled])
    shapes = tangled.parts[0].shapes
    assert crossings(shapes["B"]) == 0
    assert np.array_equal(shapes["C"].vertices, tube().vertices)


def test_the_piece_that_is_watched_reaches_beyond_what_may_move() -> None:
    assert AROUND >= 2, "what moves last still has neighbours that it could cross"
    assert ROUNDS > WIDER
