"""Stippling: evenly spaced dots on a surface, dense where pain is essential and sparse where it spills over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import trimesh
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.atlas import Surface

Array = NDArray[np.float64]

OVERSAMPLED = 24
"""Candidates for each dot that will be left; more make the spacing more even."""


@dataclass(frozen=True)
class Dots:
    """Dots by triangle and barycentric coordinates, so that they follow the surface into every shape it has.

    triangles : (k,) indices of the surface's triangles
    weights : (k, 3) barycentric coordinates, each row sums to 1
    """

    triangles: NDArray[np.int64]
    weights: Array

    def points(self, surface: Surface) -> Array:
        """(k, 3) LPS mm on a surface of that topology."""
        return np.asarray(np.einsum("ki,kij->kj", self.weights, surface.vertices[surface.triangles[self.triangles]]))

    def normals(self, surface: Surface) -> Array:
        """(k, 3) unit normals there."""
        mixed = np.einsum("ki,kij->kj", self.weights, surface.normals[surface.triangles[self.triangles]])
        return np.asarray(mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9))


def stipple(surface: Surface, depth: Array, spacing: float, seed: int) -> Dots:
    """Dots where `depth` (n,) of the vertices is above 0, no two nearer than `spacing` mm.

    Poisson-disc sampling by elimination from many random candidates; the same seed gives the same dots.
    """
    inside = np.flatnonzero((depth[surface.triangles] > 0.0).any(axis=1))
    nothing = Dots(np.zeros(0, dtype=np.int64), np.zeros((0, 3)))
    if len(inside) == 0:
        return nothing
    patch = trimesh.Trimesh(surface.vertices, surface.triangles[inside], process=False)
    count = max(16, int(OVERSAMPLED * patch.area / (0.7 * spacing**2)))
    points, faces = trimesh.sample.sample_surface(patch, count, seed=seed)
    weights = trimesh.triangles.points_to_barycentric(patch.triangles[faces], points)
    triangles = inside[np.asarray(faces)]
    within = np.einsum("ki,ki->k", weights, depth[surface.triangles[triangles]]) > 0.0
    points, triangles, weights = np.asarray(points)[within], triangles[within], np.asarray(weights)[within]
    if len(points) == 0:
        return nothing
    kept = _apart(points, spacing)
    return Dots(np.asarray(triangles[kept], dtype=np.int64), weights[kept])


def _apart(points: Array, spacing: float) -> NDArray[np.int64]:
    """Indices of points, taken in their order, each at least `spacing` from all that were taken before it."""
    tree = cKDTree(points)
    free = np.ones(len(points), dtype=bool)
    kept = []
    for index in range(len(points)):
        if free[index]:
            kept.append(index)
            free[tree.query_ball_point(points[index], spacing)] = False
    return np.array(kept, dtype=np.int64)
