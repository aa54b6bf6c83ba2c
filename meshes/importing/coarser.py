"""Fewer triangles for a surface: one that is closed stays closed, whatever its size."""

from __future__ import annotations

import manifold3d
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELLS = 500
"""Cells of the grid along the longest side: less than half a millimetre on a hip bone."""
FINEST, COARSEST = 1 / 4000, 1 / 250
"""Shares of the largest extent that a closed surface may move, at first and at most: 0.05 and 0.8 mm on a hip bone."""


def on_grid(vertices: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    """A surface with one corner in each cell of a grid, at the mean of those in it: fast, whatever its size.

    vertices : (n, 3), finite;  triangles : (m, 3). What was closed stays closed: where two triangles fall together the
    other way round, both go. Sheets that touch share corners, so that an edge may join four triangles.
    """
    low = vertices.min(axis=0)
    step = float(np.ptp(vertices, axis=0).max()) / CELLS or 1.0
    cell = ((vertices - low) / step).round().astype(np.int64) @ [1, 4 * CELLS, 16 * CELLS**2]
    place, known = pd.factorize(cell)
    share = np.bincount(place, minlength=len(known))
    means = np.stack([np.bincount(place, vertices[:, axis]) for axis in range(3)], axis=1) / share[:, None]
    corners = place[triangles].astype(np.int64)
    a, b, c = corners.T
    corners = corners[(a != b) & (b != c) & (c != a)]
    ordered = np.sort(corners, axis=1)
    key, _ = pd.factorize(ordered @ [1, 1 << 21, 1 << 42])
    a, b, c = corners.T
    ahead = ((a < b) & (b < c)) | ((b < c) & (c < a)) | ((c < a) & (a < b))
    left = np.bincount(key, np.where(ahead, 1, -1))
    _, first = np.unique(key, return_index=True)
    kept = np.where(left[:, None] < 0, ordered[first][:, ::-1], ordered[first])
    return means, np.repeat(kept, np.abs(left).astype(np.int64), axis=0)


def closed_coarser(vertices: Floats, triangles: Ints, most: int) -> tuple[Floats, Ints] | None:
    """A closed surface with at most so many triangles, if that is possible; None if the given one is not closed.

    vertices : (n, 3), welded;  triangles : (m, 3), each edge in two of them, one each way
    """
    solid = manifold3d.Manifold(manifold3d.Mesh64(vertices, triangles.astype(np.uint64)))
    if solid.status() != manifold3d.Error.NoError:
        return None
    extent = float(np.ptp(vertices, axis=0).max())
    share = FINEST
    while solid.num_tri() > most and share < COARSEST:
        solid = solid.simplify(share * extent)
        share *= 2**0.5
    mesh = solid.to_mesh64()
    return _parted(np.asarray(mesh.vert_properties, float)[:, :3], np.asarray(mesh.tri_verts).astype(np.int64))


def _parted(vertices: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    """Corners of two sheets at the same place are drawn a little towards their own neighbours."""
    _, place, count = np.unique(vertices, axis=0, return_inverse=True, return_counts=True)
    shared = count[place.reshape(-1)] > 1
    if not shared.any():
        return vertices, triangles
    ends = np.concatenate([triangles, triangles[:, [1, 2, 0]]]).ravel()
    near = np.concatenate([triangles[:, [1, 2, 0]], triangles]).ravel()
    number = np.bincount(ends, minlength=len(vertices))
    means = np.stack([np.bincount(ends, vertices[near, axis], len(vertices)) for axis in range(3)], axis=1)
    moved = vertices.copy()
    moved[shared] += 0.2 * (means / np.maximum(number, 1)[:, None] - vertices)[shared]
    return moved, triangles
