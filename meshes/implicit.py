"""Solid shapes as signed distances (negative inside, mm) on a grid: rods, ellipsoids, smooth union and difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import igl
import numpy as np
import pyvista as pv
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import map_coordinates
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from skimage.measure import marching_cubes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BAND = 5.0
"""Distances are exact this near to the surface, mm; beyond it they are interpolated from a coarse grid."""


@dataclass(frozen=True)
class Block:
    """A regular grid of points. low : (3,) its lowest corner;  spacing : mm;  shape : points along x, y and z"""

    low: Floats
    spacing: float
    shape: tuple[int, int, int]

    @classmethod
    def around(cls, points: Floats, margin: float, spacing: float) -> Block:
        """The grid that holds (n, 3) points with a margin, mm."""
        low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
        x, y, z = np.ceil((high - low) / spacing).astype(int) + 1
        return cls(low, spacing, (int(x), int(y), int(z)))

    def points(self) -> Floats:
        """(x·y·z, 3) grid points."""
        axes = [self.low[i] + self.spacing * np.arange(self.shape[i]) for i in range(3)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)

    def sample(self, values: Floats, points: Floats) -> Floats:
        """(n,) values of a field on this grid at (n, 3) points, trilinear, held constant outside."""
        return np.asarray(map_coordinates(values, ((points - self.low) / self.spacing).T, order=1, mode="nearest"))

    def surface(self, values: Floats) -> tuple[Floats, Ints]:
        """The zero surface of a field on this grid: (n, 3) vertices, (m, 3) outward triangles."""
        vertices, triangles, _, _ = marching_cubes(values, 0.0, spacing=(self.spacing,) * 3)
        outward = np.ascontiguousarray(triangles, dtype=np.int64)
        return vertices + self.low, outward


def mesh_distance(block: Block, vertices: Floats, triangles: Ints) -> Floats:
    """Signed distance to a closed surface on a grid, exact within `BAND` of it (sign by winding number)."""
    coarse = Block(block.low, 4.0 * block.spacing, tuple(int(n) // 4 + 2 for n in block.shape))  # type: ignore[arg-type]
    rough = signed_distance(coarse.points(), vertices, triangles).reshape(coarse.shape)
    points = block.points()
    distance = coarse.sample(rough, points)
    near = np.abs(distance) < BAND + block.spacing
    distance[near] = signed_distance(points[near], vertices, triangles)
    return distance.reshape(block.shape)


def signed_distance(points: Floats, vertices: Floats, triangles: Ints) -> Floats:
    """(n,) distance of (n, 3) points to a closed surface, negative inside (sign by winding number)."""
    way = igl.SIGNED_DISTANCE_TYPE_FAST_WINDING_NUMBER
    return np.asarray(igl.signed_distance(points, vertices, triangles, sign_type=way)[0])


def capsule(points: Floats, start: ArrayLike, end: ArrayLike, radius: float, end_radius: float | None = None) -> Floats:
    """(n,) distance to a rounded rod between two points whose radius runs evenly from one end's to the other's."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    t = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0.0, 1.0)
    thickness = radius + (radius if end_radius is None else end_radius) * t - radius * t
    return np.asarray(np.linalg.norm(points - a - t[:, None] * (b - a), axis=1) - thickness)


def ellipsoid(points: Floats, centre: ArrayLike, axes: Floats, radii: Sequence[float]) -> Floats:
    """(n,) near distance to an ellipsoid. axes : (3, 3), one unit axis a row;  radii : mm along each"""
    local = (points - np.asarray(centre, float)) @ axes.T / np.asarray(radii)
    length = np.linalg.norm(local, axis=1)
    slope = np.linalg.norm(local / np.asarray(radii), axis=1)
    return np.asarray(length * (length - 1.0) / np.maximum(slope, 1e-6))


def union(a: Floats, b: Floats, blend: float) -> Floats:
    """Both shapes as one, the crease between them filled over so many mm."""
    mix = np.maximum(blend - np.abs(a - b), 0.0) / blend
    return np.asarray(np.minimum(a, b) - mix * mix * blend / 4.0)


def difference(a: Floats, b: Floats, blend: float) -> Floats:
    """The first shape without the second, the edge between them rounded over so many mm."""
    return -union(-a, b, blend)


def taubin(vertices: Floats, triangles: Ints, rounds: int) -> Floats:
    """Smooth a closed surface without shrinking it (Taubin 1995, λ = 0.5, μ = −0.53)."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    degree = np.bincount(edges[:, 0], minlength=len(vertices))[:, None]
    smooth = vertices.copy()
    for step in range(2 * rounds):
        total = np.stack([np.bincount(edges[:, 0], smooth[edges[:, 1], c], len(vertices)) for c in range(3)], axis=1)
        smooth = smooth + (0.5 if step % 2 == 0 else -0.53) * (total / degree - smooth)
    return smooth


def simplified(vertices: Floats, triangles: Ints, count: int) -> tuple[Floats, Ints]:
    """The largest piece of a closed surface with at most so many triangles (quadric error), still closed."""
    size = len(vertices)
    links = coo_array((np.ones(len(triangles)), (triangles[:, 0], triangles[:, 1])), shape=(size, size))
    pieces = connected_components(links, directed=False)[1][triangles[:, 0]]
    kept = triangles[pieces == np.argmax(np.bincount(pieces))]
    mesh = pv.PolyData.from_regular_faces(vertices, kept).clean()
    smaller = mesh.decimate(max(0.0, 1.0 - count / len(kept)), volume_preservation=True)
    return np.asarray(smaller.points, float), np.asarray(smaller.regular_faces, dtype=np.int64)
