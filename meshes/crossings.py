"""Where a surface crosses itself: edges that pierce triangles they do not touch at a corner."""

from __future__ import annotations

import igl
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

SHOWN_MM = 0.25
"""An edge that reaches less far through a triangle is not seen: a pixel where the pelvis fills a screen."""


_NEARLY = 0.95
"""Part of the least depth from either end of an edge that is left out of the first search."""

_SLACK = 1e-6
"""Part of its length by which an edge may miss a triangle in the search; what is found is judged exactly."""


def crossing_triangles(vertices: Points, triangles: Triangles, shown: float = SHOWN_MM) -> NDArray[np.int64]:
    """(k, 2) pairs of triangles of a welded surface of which an edge of one pierces the other by more than `shown` mm.

    vertices : (n, 3) mm;  triangles : (m, 3)
    """
    _, owner, pierced = piercings(vertices, triangles, shown)
    return np.unique(np.sort(np.stack([owner, pierced], axis=1), axis=1), axis=0)


def piercings(
    vertices: Points, triangles: Triangles, shown: float = SHOWN_MM
) -> tuple[Triangles, NDArray[np.int64], NDArray[np.int64]]:
    """Edges (k, 2) of a welded surface, a triangle (k,) that each belongs to, and the triangle (k,) that it pierces."""
    edges, owner = _edges(triangles)
    corners, faces = np.ascontiguousarray(vertices, np.float64), np.ascontiguousarray(triangles, np.int64)
    boxes = igl.AABB()
    boxes.init(corners, faces)
    met = np.flatnonzero(_meets(boxes, corners, faces, edges, shown))
    edges, owner = edges[met], owner[met]
    start, end = corners[edges[:, 0]], corners[edges[:, 1]]
    met = boxes.intersect_ray(corners, faces, start, end - start) if len(edges) else []
    edge = np.repeat(np.arange(len(edges)), [len(hits) for hits in met])
    hits = np.array([hit[:2] for hits in met for hit in hits]).reshape(-1, 2)
    on_edge = np.abs(hits[:, 1] - 0.5) <= 0.5 + _SLACK
    edge, triangle = edge[on_edge], hits[on_edge, 0].astype(np.int64)
    apart = ~(edges[edge][:, :, None] == faces[triangle][:, None, :]).any(axis=(1, 2))
    edge, triangle = edge[apart], triangle[apart]
    pierced = _pierced(corners[edges[edge]], corners[faces[triangle]], shown)
    return edges[edge[pierced]], owner[edge[pierced]], triangle[pierced]


def _meets(boxes: igl.AABB, corners: Points, faces: Triangles, edges: Triangles, shown: float) -> NDArray[np.bool_]:
    """(e,) whether an edge meets any triangle further than nearly `shown` mm from both its ends.

    An edge that pierces one by as much does, and hardly another: those that touch it at a corner it leaves at once.
    """
    start, along = corners[edges[:, 0]], corners[edges[:, 1]] - corners[edges[:, 0]]
    length = np.linalg.norm(along, axis=1)
    meets = length > 2.0 * shown
    share = (_NEARLY * shown / length[meets])[:, None]
    start, along = start[meets] + share * along[meets], (1.0 - 2.0 * share) * along[meets]
    meets[meets] = boxes.intersect_ray_first(corners, faces, start, along, min_t=1.0)[0] >= 0
    return np.asarray(meets)


def _edges(triangles: Triangles) -> tuple[Triangles, NDArray[np.int64]]:
    """(e, 2) edges, each once, and one of the triangles it belongs to."""
    every = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(len(triangles)), 3)
    first = np.unique(every[:, 0] * (every.max(initial=0) + 1) + every[:, 1], return_index=True)[1]
    return every[first], owner[first]


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
