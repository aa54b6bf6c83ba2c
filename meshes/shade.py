"""How open each place of a surface is to ambient light: foramina, sockets and clefts are dark, broad faces light."""

from __future__ import annotations

from collections.abc import Iterable

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.atlas import Surface

Points = NDArray[np.float64]

REACH_MM = 40.0
"""How far light is blocked: what is farther away casts no ambient shadow."""
DIRECTIONS = 96
SAMPLE_MM = 2.5
"""Spacing of the places where rays start; between them openness is interpolated."""
_LIFT_MM = 0.1
_NEIGHBOURS = 6
_GRAZING = 0.05
_RAYS_AT_ONCE = 400_000


def openness(
    surface: Surface, reach: float = REACH_MM, directions: int = DIRECTIONS, spacing: float = SAMPLE_MM
) -> Points:
    """(n,) from 0 to 1: the part of the cosine-weighted sky above each vertex that its own surface leaves free.

    A hit counts fully when it is near and fades to nothing at `reach` mm.
    """
    vertices, normals = np.ascontiguousarray(surface.vertices, float), np.asarray(surface.normals, float)
    chosen = _thinned(vertices, normals, spacing)
    origins = vertices[chosen] + _LIFT_MM * normals[chosen]
    triangles = np.ascontiguousarray(surface.triangles, np.int64)
    tree = igl.AABB()
    tree.init(vertices, triangles)
    sky = sphere_directions(directions)
    cosine = normals[chosen] @ sky.T
    rows, columns = np.nonzero(cosine > _GRAZING)
    weight = cosine[rows, columns]
    blocked = np.empty(len(rows))
    for start in range(0, len(rows), _RAYS_AT_ONCE):
        part = slice(start, start + _RAYS_AT_ONCE)
        face, distance, _ = tree.intersect_ray_first(
            vertices, triangles, origins[rows[part]], sky[columns[part]], min_t=reach
        )
        hit = (face >= 0) & (distance < reach)
        blocked[part] = np.where(hit, 1.0 - np.where(hit, distance, 0.0) / reach, 0.0)
    total = np.bincount(rows, weight, len(chosen))
    free = 1.0 - np.bincount(rows, weight * blocked, len(chosen)) / np.maximum(total, 1e-9)
    return _spread(vertices, normals, chosen, free)


def shade_all(surfaces: Iterable[Surface]) -> None:
    """Set `shade` of every surface from its own shape."""
    for surface in surfaces:
        surface.shade = openness(surface)


def sphere_directions(count: int) -> Points:
    """(count, 3) unit vectors spread evenly over the sphere on a Fibonacci spiral.

    Source: González 2010, Measurement of areas on a sphere using Fibonacci and latitude–longitude lattices.
    """
    index = np.arange(count) + 0.5
    z = 1 - 2 * index / count
    angle = np.pi * (1 + 5**0.5) * index
    radius = np.sqrt(1 - z * z)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), z])


def _thinned(vertices: Points, normals: Points, spacing: float) -> NDArray[np.int64]:
    """One vertex of each small cell of space and octant of direction, so that both faces of a thin bone are met."""
    cell = np.floor(vertices / spacing).astype(np.int64)
    cell -= cell.min(0)
    size = cell.max(0) + 1
    octant = (normals > 0) @ np.array([1, 2, 4])
    key = ((cell[:, 0] * size[1] + cell[:, 1]) * size[2] + cell[:, 2]) * 8 + octant
    first: NDArray[np.int64] = np.unique(key, return_index=True)[1]
    return first


def _spread(vertices: Points, normals: Points, chosen: NDArray[np.int64], values: Points) -> Points:
    """Interpolate from the chosen vertices to all, by nearness and likeness of direction."""
    count = min(_NEIGHBOURS, len(chosen))
    distance, index = cKDTree(vertices[chosen]).query(vertices, k=count)
    distance, index = distance.reshape(len(vertices), count), index.reshape(len(vertices), count)
    alike = np.einsum("ij,ikj->ik", normals, normals[chosen][index])
    weight = np.maximum(alike, 0.02) ** 2 / (distance**2 + 0.5)
    spread: Points = (weight * values[index]).sum(1) / weight.sum(1)
    return np.clip(spread, 0.0, 1.0)
