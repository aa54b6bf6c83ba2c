"""Where a surface meets bone: its ends laid onto it, and triangles lifted that cut into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, maximum_filter

from meshes.distance import nearest_of, settle
from meshes.loft import at_distance, faces_of, ring_triangles
from meshes.ribbon import smoothstep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshes.distance import DistanceField
    from meshes.loft import Solid

Array = NDArray[np.float64]

BRIDGED = 1.0
"""mm from a bone beyond which the end of a muscle is taken to bridge a hole in it."""

WITHIN = np.array([[1, 1, 1], [1.5, 1.5, 0], [0, 1.5, 1.5], [1.5, 0, 1.5]]) / 3.0
"""Weights of a triangle's corners at its middle and the middles of its edges."""

LEAST_BLEND = 2.5
"""Lengths of its move over which the end of a belly follows its last ring, or its rings would pass one another."""

GREATEST_RELIEF = 1.5
"""mm a vertex may be moved to lift a triangle out of bone."""


def lay_end(
    grid: Array,
    fields: Sequence[DistanceField],
    solids: Sequence[Solid],
    depth: float,
    blend: float,
    distal: bool,
    rim: float = 0.0,
) -> Array:
    """Lay the last ring at one end onto bone; the belly follows over `blend` of its length, more where it lies far.

    depth : mm that the ring is sunk into the bone
    rim : mm that the middle of its superficial half stands above that, so that a fleshy end has a clean edge
    """
    if not fields:
        return grid
    row = -1 if distal else 0
    around = grid.shape[1]
    height = rim * np.maximum(np.sin(np.arange(around) / around * 2.0 * np.pi), 0.0) ** 0.3 - depth
    target = _on_one_side(fields, solids, grid[row], height)
    u = np.linspace(0.0, 1.0, len(grid))
    u = 1.0 - u if distal else u
    length = float(np.linalg.norm(np.diff(grid.mean(axis=1), axis=0), axis=1).sum())
    furthest = float(np.linalg.norm(target - grid[row], axis=1).max())
    blend = max(blend, min(LEAST_BLEND * furthest / max(length, 1e-9), 0.4))
    weight = 1.0 - smoothstep(0.0, max(blend, 1e-3), u)
    laid = apart(grid, grid + weight[:, None, None] * (target - grid[row])[None], 0.3)
    laid[row] = target
    return laid


def apart(before: Array, after: Array, least: float) -> Array:
    """A moved ring grid whose faces keep at least this part of the distance that they had, so that none shows through.

    The superficial face gives way.
    """
    upper, lower = faces_of(before)
    across = upper - lower
    height = np.linalg.norm(across, axis=2)
    direction = across / np.maximum(height, 1e-9)[..., None]
    upper, lower = faces_of(after)
    short = np.maximum(least * height - np.einsum("ijk,ijk->ij", upper - lower, direction), 0.0)
    kept = after.copy()
    kept[:, : upper.shape[1]] += short[..., None] * direction
    return kept


def _on_one_side(
    fields: Sequence[DistanceField], solids: Sequence[Solid], ring: Array, height: NDArray[np.float64]
) -> Array:
    """A ring (v, 3) laid at `height` (v,) mm on bone, all of it on the face of the bone on which its middle lies.

    Where the bone is thin and a point would go round its edge to the far face, it is drawn to the middle instead.
    """
    upper, lower = faces_of(ring[None])
    middle = settle(fields, (upper[0] + lower[0]) / 2.0)
    middle = np.concatenate([middle, middle[-2:0:-1]])
    facing = nearest_of(fields, middle)[1]
    laid = settle(fields, ring, height)
    same = smoothstep(0.1, 0.5, np.einsum("ij,ij->i", facing, nearest_of(fields, laid)[1]))
    drawn = middle + facing * height[:, None]
    move = gaussian_filter1d(drawn + same[:, None] * (laid - drawn) - ring, 1.5, axis=0, mode="wrap")
    return _exactly_on(settle(fields, ring + move, height), solids, height)


def _exactly_on(points: Array, solids: Sequence[Solid], distance: NDArray[np.float64]) -> Array:
    """Points (n, 3) near a solid moved to exactly `distance` (n,) mm from it, then out of any it is too deep in.

    A point that bridges a hole stays where it is.
    """
    moved = points.copy()
    nearest = np.full(len(points), BRIDGED)
    for vertices, triangles in solids:
        d, at = at_distance(points, vertices, triangles, distance)
        closer = np.abs(d - distance) < nearest
        nearest = np.where(closer, np.abs(d - distance), nearest)
        moved = np.where(closer[:, None], at, moved)
    for vertices, triangles in solids:
        d, at = at_distance(moved, vertices, triangles, distance)
        moved = np.where((d < distance - 1e-6)[:, None], at, moved)
    return moved


def relieve(grid: Array, bones: Sequence[tuple[DistanceField, Solid]], deepest: float, rounds: int = 10) -> Array:
    """Lift a ring grid where triangles cut into bone between their corners, deeper than `deepest` mm, held rows too.

    No vertex is moved further than `GREATEST_RELIEF`: what lies across a thin bone cannot be mended by lifting it.
    """
    triangles = ring_triangles(*grid.shape[:2])
    start = grid.reshape(-1, 3)
    vertices = start.copy()
    for field, solid in [*bones, *bones, *bones]:
        near, distance = field.near(vertices, 4.0), np.full(len(vertices), np.inf)
        distance[near] = field.distance(vertices[near])
        close = np.flatnonzero(distance[triangles].min(axis=1) < 4.0)
        beside = np.unique(triangles[close])
        for _ in range(rounds):
            corners = vertices[triangles[close]]
            inner = np.einsum("pk,tkc->tpc", WITHIN, corners)
            d, at = at_distance(inner.reshape(-1, 3), *solid, distance=0.0)
            depth = np.maximum(-d - 0.8 * deepest, 0.0)
            depth[-d < deepest] = 0.0
            if not depth.any():
                break
            out = at - inner.reshape(-1, 3)
            out *= (depth / np.maximum(np.linalg.norm(out, axis=1), 1e-9))[:, None]
            worst = np.abs(depth.reshape(len(close), -1)).argmax(axis=1)
            move = out.reshape(len(close), -1, 3)[np.arange(len(close)), worst]
            hit = np.flatnonzero(np.any(move != 0.0, axis=1))
            longest = np.zeros(len(vertices))
            change = np.zeros_like(vertices)
            for corner in range(3):
                index = triangles[close[hit], corner]
                size = np.linalg.norm(move[hit], axis=1)
                order = np.argsort(size)
                index, shift, size = index[order], move[hit][order], size[order]
                better = size >= longest[index]
                longest[index[better]] = size[better]
                change[index[better]] = shift[better]
            vertices += _spread(change.reshape(grid.shape)).reshape(-1, 3)
            moved = vertices - start
            far = np.linalg.norm(moved, axis=1, keepdims=True)
            vertices = start + moved * np.minimum(1.0, GREATEST_RELIEF / np.maximum(far, 1e-9))
            lifted = np.linalg.norm(change, axis=1) > 0.0
            around = np.asarray(lifted[triangles[close]])
            close = close[around.any(axis=1)]
        d, at = at_distance(vertices[beside], *solid, distance=-0.5 * deepest)
        buried = d < -deepest
        vertices[beside[buried]] = at[buried]
    return vertices.reshape(grid.shape)


def _spread(change: Array) -> Array:
    """Moves (n, v, 3) of single points of a ring grid carried to their neighbours, so that they leave no teeth.

    No point is moved further than the furthest of those about it.
    """
    size = np.linalg.norm(change, axis=2)
    wide = gaussian_filter(change, (0.8, 1.2, 0.0), mode=("nearest", "wrap", "nearest"))
    width = np.linalg.norm(wide, axis=2)
    most = maximum_filter(size, (3, 5), mode=("nearest", "wrap"))
    wide *= np.minimum(2.0, most / np.maximum(width, 1e-12))[..., None]
    return np.asarray(np.where((size >= np.linalg.norm(wide, axis=2))[..., None], change, wide))
