"""Refining a triangulated surface in places, and clipping it along the zero line of a scalar field."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

_ROUNDS = 12


def refine_near(
    vertices: Points,
    triangles: Triangles,
    near: NDArray[np.bool_] | None,
    longest: float,
    carried: Points | None = None,
) -> tuple[Points, Triangles, Points | None]:
    """Halve edges of the triangles that are `near` until none of theirs is longer than `longest` mm.

    near : (m,) bool, or None for all triangles; neighbours are split along so that no crack opens
    carried : (n, k) values at the vertices, interpolated to new ones
    New vertices lie on the old triangles: the shape does not change.
    """
    owner = np.arange(len(triangles))
    for _ in range(_ROUNDS):
        edges, of_triangle = _edges(triangles)
        length = np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1)
        wanted = np.zeros(len(edges), bool)
        chosen = of_triangle if near is None else of_triangle[near[owner]]
        wanted[chosen.ravel()] = True
        split = wanted & (length > longest)
        if not split.any():
            break
        vertices, carried, triangles, parent = _split(vertices, carried, triangles, edges, of_triangle, split)
        owner = owner[parent]
    return vertices, triangles, carried


def _edges(triangles: Triangles) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Unique edges (e, 2), and for each triangle the numbers (m, 3) of its edges 01, 12, 20."""
    pairs = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    size = int(triangles.max()) + 1
    keys, index = np.unique(pairs[:, 0] * size + pairs[:, 1], return_inverse=True)
    return np.column_stack([keys // size, keys % size]), index.reshape(-1, 3)


def _split(
    vertices: Points,
    carried: Points | None,
    triangles: Triangles,
    edges: NDArray[np.int64],
    of_triangle: NDArray[np.int64],
    split: NDArray[np.bool_],
) -> tuple[Points, Points | None, Triangles, NDArray[np.int64]]:
    middle = np.full(len(edges), -1)
    middle[split] = len(vertices) + np.arange(int(split.sum()))
    vertices = np.concatenate([vertices, vertices[edges[split]].mean(1)])
    if carried is not None:
        carried = np.concatenate([carried, carried[edges[split]].mean(1)])
    halves = middle[of_triangle]
    count = (halves >= 0).sum(1)
    pieces, parents = [triangles[count == 0]], [np.flatnonzero(count == 0)]
    for cut in (1, 2, 3):
        rows = np.flatnonzero(count == cut)
        if not len(rows):
            continue
        # turn each triangle so that its cut edges come first: 01; 01 and 12; all
        first = (halves[rows] >= 0).argmax(1) if cut == 1 else ((halves[rows] < 0).argmax(1) + 1) % 3 if cut == 2 else 0
        turn = (np.asarray(first)[..., None] + np.arange(3)) % 3
        turn = np.broadcast_to(turn, (len(rows), 3))
        a, b, c = np.take_along_axis(triangles[rows], turn, 1).T
        ab, bc, ca = np.take_along_axis(halves[rows], turn, 1).T
        if cut == 1:
            new = [(a, ab, c), (ab, b, c)]
        elif cut == 2:
            new = [(ab, b, bc), (a, ab, bc), (a, bc, c)]
        else:
            new = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        pieces += [np.column_stack(triangle) for triangle in new]
        parents += [rows] * len(new)
    return vertices, carried, np.concatenate(pieces), np.concatenate(parents)


def clip_positive(
    vertices: Points, triangles: Triangles, field: NDArray[np.float64], carried: Points
) -> tuple[Points, Triangles, Points]:
    """The part of a surface where `field` (n,) is positive, cut along its zero line; `carried` (n, k) goes along."""
    field = np.where(np.abs(field) < 1e-9, 1e-9, field)
    inside = field[triangles] > 0
    count = inside.sum(1)
    whole = triangles[count == 3]
    edges, of_triangle = _edges(triangles)
    crossed = (field[edges[:, 0]] > 0) != (field[edges[:, 1]] > 0)
    at = np.full(len(edges), -1)
    at[crossed] = len(vertices) + np.arange(int(crossed.sum()))
    one, two = edges[crossed].T
    weight = (field[one] / (field[one] - field[two]))[:, None]
    vertices = np.concatenate([vertices, vertices[one] * (1 - weight) + vertices[two] * weight])
    carried = np.concatenate([carried, carried[one] * (1 - weight) + carried[two] * weight])
    pieces = [whole]
    for kept in (1, 2):
        rows = np.flatnonzero(count == kept)
        single = inside[rows] if kept == 1 else ~inside[rows]
        turn = (single.argmax(1)[:, None] + np.arange(3)) % 3
        a, b, c = np.take_along_axis(triangles[rows], turn, 1).T
        ab, _, ca = np.take_along_axis(at[of_triangle[rows]], turn, 1).T
        pieces += [np.column_stack(t) for t in ([(a, ab, ca)] if kept == 1 else [(ab, b, c), (ab, c, ca)])]
    return compact(vertices, np.concatenate(pieces), carried)


def compact(vertices: Points, triangles: Triangles, carried: Points) -> tuple[Points, Triangles, Points]:
    """Drop the vertices that no triangle uses."""
    used, index = np.unique(triangles, return_inverse=True)
    return vertices[used], index.reshape(-1, 3), carried[used]


def pieces_of(triangles: Triangles, vertex_count: int) -> NDArray[np.int64]:
    """(m,) number of the connected piece to which each triangle belongs."""
    a, b, c = triangles.T
    link = coo_matrix((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, c])), shape=(vertex_count, vertex_count))
    labels: NDArray[np.int64] = connected_components(link, directed=False)[1][a].astype(np.int64)
    return labels
