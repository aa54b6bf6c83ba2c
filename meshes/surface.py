"""Small functions on triangulated surfaces: welding, normals, volume, closedness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Surface

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]


def weld(vertices: Points, triangles: Triangles) -> tuple[Points, Triangles]:
    """Merge vertices at exactly the same place and drop triangles that lose a corner by it: (k, 3), (l, 3)."""
    unique, index = np.unique(np.asarray(vertices, float), axis=0, return_inverse=True)
    merged = index.reshape(-1)[np.asarray(triangles, np.int64)]
    a, b, c = merged.T
    return unique, merged[(a != b) & (b != c) & (c != a)]


def vertex_normals(vertices: Points, triangles: Triangles) -> Points:
    """(n, 3) unit normals, each the mean of its triangles' normals weighted by their angle at the vertex.

    Source: Thürmer, Wüthrich 1998, Computing vertex normals from polygonal facets.
    """
    corners = np.asarray(vertices, float)[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    faces /= np.maximum(np.linalg.norm(faces, axis=1, keepdims=True), 1e-30)
    normals = np.zeros((len(vertices), 3))
    for corner in range(3):
        one = corners[:, (corner + 1) % 3] - corners[:, corner]
        two = corners[:, (corner + 2) % 3] - corners[:, corner]
        length = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
        angle = np.arccos(np.clip((one * two).sum(1) / np.maximum(length, 1e-30), -1, 1))
        for axis in range(3):
            normals[:, axis] += np.bincount(triangles[:, corner], faces[:, axis] * angle, len(vertices))
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 1e-12, normals / np.maximum(length, 1e-12), np.array([0.0, 0.0, 1.0]))


def is_closed(triangles: Triangles) -> bool:
    """Whether every edge of a welded surface is met by exactly two triangles, once in each direction."""
    if not len(triangles):
        return False
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    size = int(triangles.max()) + 1
    there, back = edges @ (size, 1), edges[:, ::-1] @ (size, 1)
    there.sort()
    back.sort()
    return bool((np.diff(there) > 0).all() and np.array_equal(there, back))


def volume_mm3(vertices: Points, triangles: Triangles) -> float:
    """Volume inside a closed surface whose triangles turn counter-clockwise seen from outside."""
    corners = np.asarray(vertices, float)[triangles]
    return float(np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6)


def area_mm2(vertices: Points, triangles: Triangles) -> float:
    """Area of all triangles."""
    corners = np.asarray(vertices, float)[triangles]
    return float(
        np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    )


def joined(surfaces: Sequence[Surface]) -> Surface:
    """Several surfaces as one, pieces unconnected; what only some of them carry is dropped."""
    starts = np.cumsum([0] + [len(surface.vertices) for surface in surfaces])
    extra = {
        name: np.concatenate([getattr(surface, name) for surface in surfaces])
        for name in ("uv", "tendon", "shade")
        if all(getattr(surface, name) is not None for surface in surfaces)
    }
    return Surface(
        np.concatenate([surface.vertices for surface in surfaces]),
        np.concatenate([surface.triangles + start for surface, start in zip(surfaces, starts, strict=False)]),
        np.concatenate([surface.normals for surface in surfaces]),
        **extra,
    )
