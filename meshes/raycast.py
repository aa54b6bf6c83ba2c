"""Rays and triangles, exactly: where a ray first meets a surface, and where a line meets it nearest to its start."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def crossings(origin: Floats, direction: Floats, vertices: Floats, triangles: Ints) -> Floats:
    """Sorted signed distances along one line, (3,) origin and (3,) unit direction, at which it crosses triangles.

    Source: Möller, Trumbore 1997, Fast, minimum storage ray/triangle intersection.
    """
    a = vertices[triangles[:, 0]]
    edge1, edge2 = vertices[triangles[:, 1]] - a, vertices[triangles[:, 2]] - a
    p = np.cross(direction, edge2)
    determinant = np.einsum("ij,ij->i", edge1, p)
    safe = np.where(np.abs(determinant) < 1e-14, np.inf, determinant)
    s = origin - a
    u = np.einsum("ij,ij->i", s, p) / safe
    q = np.cross(s, edge1)
    v = q @ direction / safe
    slack = 1e-9
    inside = (u >= -slack) & (v >= -slack) & (u + v <= 1.0 + slack) & np.isfinite(safe)
    return np.sort(np.einsum("ij,ij->i", edge2, q)[inside] / safe[inside])


def first_hits(origins: Floats, directions: Floats, vertices: Floats, triangles: Ints) -> Floats:
    """(k,) distance from (k, 3) origins along (k, 3) unit directions to the surface; infinite where it is missed."""
    result = np.full(len(origins), np.inf)
    corners = vertices[triangles]
    middles = corners.mean(axis=1)
    reach = (1.0 + 1e-6) * np.linalg.norm(corners - middles[:, None], axis=2).max(axis=1) ** 2 + 1e-9
    for i, (origin, direction) in enumerate(zip(origins, directions, strict=True)):
        aside = middles - origin
        along = aside @ direction
        beside = np.flatnonzero(np.einsum("ij,ij->i", aside, aside) - along * along <= reach)
        hits = crossings(origin, direction, vertices, triangles[beside])
        ahead = hits[hits >= 0.0]
        if len(ahead):
            result[i] = ahead[0]
    return result
