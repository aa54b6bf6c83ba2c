"""Where a surface crosses itself: edges that pierce triangles they do not touch at a corner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

SHOWN_MM = 0.25
"""An edge that reaches less far through a triangle is not seen: a pixel where the pelvis fills a screen."""


def crossing_triangles(vertices: Points, triangles: Triangles, shown: float = SHOWN_MM) -> NDArray[np.int64]:
    """(k, 2) pairs of triangles of a welded surface of which an edge of one pierces the other by more than `shown` mm.

    vertices : (n, 3) mm;  triangles : (m, 3)
    """
    edges, owner = _edges(triangles)
    ends = vertices[edges]
    corners = vertices[triangles]
    middles, centres = ends.mean(axis=1), corners.mean(axis=1)
    half = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1) / 2.0
    reach = np.linalg.norm(corners - centres[:, None], axis=2).max(axis=1)
    octave = np.floor(np.log2(np.maximum(reach, 1e-6))).astype(int)
    found = []
    for size in np.unique(octave):
        of = np.flatnonzero(octave == size)
        edge, triangle = _near(middles, half, centres[of], reach[of])
        triangle = of[triangle]
        apart = ~(edges[edge][:, :, None] == triangles[triangle][:, None, :]).any(axis=(1, 2))
        edge, triangle = edge[apart], triangle[apart]
        pierced = _pierced(ends[edge], corners[triangle], shown)
        found.append(np.stack([owner[edge[pierced]], triangle[pierced]], axis=1))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _near(
    middles: Points, half: NDArray[np.float64], centres: Points, reach: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (edge, triangle) whose enclosing balls meet; the triangles are of about one size."""
    near = cKDTree(centres).query_ball_point(middles, half + reach.max())
    count = np.array([len(found) for found in near])
    edge = np.repeat(np.arange(len(middles)), count)
    triangle = np.concatenate([np.asarray(found, np.int64) for found in near])
    close = np.linalg.norm(middles[edge] - centres[triangle], axis=1) <= half[edge] + reach[triangle]
    return edge[close], triangle[close]


def _edges(triangles: Triangles) -> tuple[Triangles, NDArray[np.int64]]:
    """(e, 2) edges, each once, and one of the triangles it belongs to."""
    every = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    owner = np.tile(np.arange(len(triangles)), 3)
    edges, first = np.unique(np.sort(every, axis=1), axis=0, return_index=True)
    return edges, owner[first]


def _pierced(ends: Points, corners: Points, shown: float) -> NDArray[np.bool_]:
    """Whether each segment (k, 2, 3) passes through the inside of its triangle (k, 3, 3), by `shown` mm on both sides.

    Source: Möller, Trumbore 1997, Fast, minimum storage ray/triangle intersection.
    """
    along = ends[:, 1] - ends[:, 0]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(along, two)
    determinant = np.einsum("ij,ij->i", one, p)
    safe = np.where(np.abs(determinant) < 1e-12, np.inf, determinant)
    s = ends[:, 0] - corners[:, 0]
    u = np.einsum("ij,ij->i", s, p) / safe
    q = np.cross(s, one)
    v = np.einsum("ij,ij->i", along, q) / safe
    t = np.einsum("ij,ij->i", two, q) / safe
    normal = np.cross(one, two)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    depth = np.abs(np.einsum("ij,ij->i", along, normal)) * np.minimum(t, 1.0 - t)
    inside = (u > 0) & (v > 0) & (u + v < 1) & (t > 0) & (t < 1) & np.isfinite(safe)
    return np.asarray(inside & (depth > shown))
