"""Fewer triangles, the same shape: how far what is left out lies from what is kept, and that nothing tears."""

from __future__ import annotations

import numpy as np
import pytest

from meshes.atlas import Surface
from meshes.loft import ring_triangles
from meshes.surface import is_closed, vertex_normals, volume_mm3
from meshes.thin import distance_to, ring_shape, thinned_bone, thinned_grid
from tests.solids import ball


def bent_belly(rows: int = 80, around: int = 48) -> Surface:
    """A belly 120 mm long that bends at its far end, with a tendon that begins at one row."""
    u, v = np.meshgrid(np.linspace(0, 1, rows), np.arange(around) / around, indexing="ij")
    radius = 2.0 + 12.0 * np.sin(np.pi * np.clip(u, 0.02, 0.98)) ** 2
    angle = 2 * np.pi * v
    place = np.stack([radius * np.cos(angle), 0.6 * radius * np.sin(angle) + 30.0 * u**6, 120.0 * u], -1)
    vertices, triangles = place.reshape(-1, 3), ring_triangles(rows, around)
    if volume_mm3(vertices, triangles) < 0:
        triangles = triangles[:, ::-1]
    uv = np.stack([u, v], -1).reshape(-1, 2)
    tendon = (u.ravel() > 0.8).astype(float)
    return Surface(vertices, triangles, vertex_normals(vertices, triangles), uv, tendon)


@pytest.mark.parametrize("tolerance", [0.02, 0.1])
def test_a_lofted_belly_keeps_its_shape_on_fewer_rows(tolerance: float) -> None:
    fine = bent_belly()
    thin = thinned_grid(fine, tolerance)
    assert len(thin.triangles) < 0.8 * len(fine.triangles)
    assert distance_to(fine.vertices, thin).max() <= tolerance
    assert distance_to(thin.vertices, fine).max() < 1e-9, "what is kept is where it was"
    assert is_closed(thin.triangles)
    assert volume_mm3(thin.vertices, thin.triangles) == pytest.approx(
        volume_mm3(fine.vertices, fine.triangles), rel=5e-3
    )
    shape = ring_shape(thin)
    assert shape is not None, "it is a ring grid still"


def test_the_border_of_a_tendon_stays_where_it_is() -> None:
    fine, thin = bent_belly(), thinned_grid(bent_belly(), 0.5)
    assert thin.tendon is not None
    assert fine.uv is not None
    assert thin.uv is not None
    u = np.unique(thin.uv[:, 0])
    rows = np.unique(fine.uv[:, 0])
    before, after = rows[rows <= 0.8].max(), rows[rows > 0.8].min()
    assert before in u
    assert after in u


def test_what_is_no_ring_grid_comes_back_as_it_is() -> None:
    sphere = ball(20.0)
    assert thinned_grid(sphere, 1.0) is sphere


def test_a_bone_keeps_its_shape_and_its_light() -> None:
    fine = ball(40.0, fineness=5)
    thin = thinned_bone(fine, 0.15)
    assert len(thin.triangles) < 0.5 * len(fine.triangles)
    assert is_closed(thin.triangles)
    assert distance_to(fine.vertices, thin).max() <= 0.15
    assert volume_mm3(thin.vertices, thin.triangles) == pytest.approx(4 / 3 * np.pi * 40.0**3, rel=0.01)
    outward = thin.vertices / np.linalg.norm(thin.vertices, axis=1, keepdims=True)
    assert (thin.normals * outward).sum(1).min() > 0.999, "normals are those of the fine surface"
