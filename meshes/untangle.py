"""Surfaces that cross themselves, relaxed where they do until they no longer do.

Where a belly is pressed from several sides, or its end is laid onto bent bone, neighbouring triangles may turn over and
pass through each other by some tenths of a millimetre. What pierces is drawn back, and every now and then the place is
evened out, a little at a time, and with no more of the surface than must be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from meshes.atlas import Structure, Surface
from meshes.crossings import crossing_triangles, piercings
from meshes.glb import COARSE_STEP_MM
from meshes.surface import vertex_normals

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

LEFT_MM = 0.2
"""An edge that reaches less far through a triangle is left: it is not seen, nor does rounding in a file show it."""

STEP = 0.5
"""Part of the way to the middle of its neighbours that a vertex moves in one round."""

ROUNDS, EVEN, WIDER = 100, 4, 24
"""Rounds at most; in which of them it is evened, not drawn back; after how many the patch grows by a ring."""

DRAWN = 0.5
"""Part of the way that what pierces, and what is pierced, go to meet in one round."""

AROUND = 4
"""Rings of triangles around the greatest patch that are watched while it is relaxed."""

SEARCHES = 6
"""How often the whole surface is searched at most."""


def untangle(structures: Iterable[Structure]) -> None:
    """Give every part a surface, and shapes, that cross themselves nowhere by more than `LEFT_MM`."""
    for structure in structures:
        for part in structure.parts:
            part.surface = untangled(part.surface)
            part.shapes = {name: untangled(shape) for name, shape in part.shapes.items()}


def untangled(surface: Surface) -> Surface:
    """The same surface, moved where it crosses itself, with its normals there anew; itself if it never does."""
    moved = relaxed(surface.vertices, surface.triangles)
    changed = (moved != surface.vertices).any(axis=1)
    if not changed.any():
        return surface
    beside = np.zeros(len(moved), bool)
    beside[surface.triangles[changed[surface.triangles].any(axis=1)]] = True
    normals = np.where(beside[:, None], vertex_normals(moved, surface.triangles), surface.normals)
    return replace(surface, vertices=moved, normals=normals)


def relaxed(
    vertices: Points, triangles: Triangles, step: float = COARSE_STEP_MM, held: NDArray[np.bool_] | None = None
) -> Points:
    """(n, 3) vertices of a surface, evened out where it crosses itself until it does not; the others as they were.

    vertices : (n, 3) mm;  triangles : (m, 3), closed and welded
    step : mm of the grid that the file puts them on
    held : (n,) those that must not move, if any
    """
    moved, links = vertices, None
    for _ in range(SEARCHES):
        pairs = crossing_triangles(_as_written(moved, step), triangles, LEFT_MM)
        if not len(pairs):
            break
        links = _links(vertices, triangles) if links is None else links
        watched = _ringed(np.unique(triangles[pairs]), links, AROUND + ROUNDS // WIDER)
        near = triangles[watched[triangles].all(axis=1)]
        moved = _evened(moved, near, links, step, held)
    return moved


def _evened(
    vertices: Points, triangles: Triangles, links: csr_array, step: float, held: NDArray[np.bool_] | None
) -> Points:
    """(n, 3) vertices of a piece of a surface that crosses itself, relaxed until it does not."""
    moved = vertices.copy()
    for count in range(ROUNDS):
        edges, _, pierced = piercings(_as_written(moved, step), triangles, LEFT_MM)
        if not len(edges):
            break
        if count % EVEN:
            moved = _drawn_back(moved, edges, triangles[pierced])
        else:
            patch = np.concatenate([edges.ravel(), triangles[pierced].ravel()])
            rows = np.flatnonzero(_ringed(np.unique(patch), links, count // WIDER))
            moved[rows] += STEP * (links[rows] @ moved - moved[rows])
        if held is not None:
            moved[held] = vertices[held]
    return moved


def _drawn_back(vertices: Points, edges: Triangles, pierced: Triangles) -> Points:
    """(n, 3) vertices, the tips of edges (k, 2) drawn half the way back to the triangles (k, 3) that they pierce.

    The triangles come to meet them.
    """
    corners = vertices[pierced]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    height = np.einsum("kej,kj->ke", vertices[edges] - corners[:, :1], normal)
    tip = np.abs(height).argmin(axis=1)
    each = np.arange(len(edges))
    way = DRAWN * height[each, tip, None] * normal
    moved = [(edges[each, tip], -way), *((pierced[:, k], way) for k in range(3))]
    index, shift = np.concatenate([i for i, _ in moved]), np.concatenate([by for _, by in moved])
    total, count = np.zeros_like(vertices), np.bincount(index, minlength=len(vertices))
    np.add.at(total, index, shift)
    return np.asarray(vertices + total / np.maximum(count, 1)[:, None])


def _as_written(vertices: Points, step: float) -> Points:
    """Vertices as a file holds them, on a grid of so many mm."""
    return np.asarray(np.rint(vertices / step) * step)


def _ringed(vertices: NDArray[np.int64], links: csr_array, rings: int) -> NDArray[np.bool_]:
    """(n,) whether a vertex is one of these or so few edges away."""
    patch = np.zeros(links.shape[0], bool)
    patch[vertices] = True
    for _ in range(rings):
        patch |= links @ patch > 0
    return patch


def _links(vertices: Points, triangles: Triangles) -> csr_array:
    """(n, n) weights of the neighbours of each vertex, more where they are nearer; each row sums to one."""
    one, two = triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()
    near = 1.0 / np.maximum(np.linalg.norm(vertices[one] - vertices[two], axis=1), 1e-3)
    links = csr_array((near, (one, two)), (len(vertices), len(vertices)))
    links = csr_array(links + links.T)
    links.data /= np.repeat(np.asarray(links.sum(axis=1)), np.diff(links.indptr))
    return links
