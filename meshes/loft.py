"""From a ribbon to a closed surface: a rounded section lofted around it, laid onto bone at both ends.

A sheet is a ribbon seen as a height field: `middle` points with `normals`, and how far the superficial face rises above
and the deep face drops below them. A ring grid (n, v, 3) runs around the belly: its first half is the superficial face
from s = 0 to s = 1, the rest the deep face back again; ring index 0 and v/2 are the two edges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, maximum_filter

from meshes.nearest import closest_point, least_distance
from meshes.ribbon import refine, smoothstep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshes.distance import DistanceField

Array = NDArray[np.float64]
Solid = tuple[Array, NDArray[np.int64]]
"""Vertices (n, 3) and triangles (m, 3) of a closed surface."""
Obstacle = tuple["DistanceField", float]
"""A surface and the mm to keep from it."""

SEARCH_STEPS = 8
"""Places between a ribbon and its face that are searched for something in the way."""

EDGE_SLOPE = 1.0
"""How steeply the edge of a sheet may be lifted over what lies next to it."""

EDGE_COLUMNS = 0.3
"""Part of the columns at either side that make up its edge."""

GREATEST_LIFT = 30.0
"""mm a face may be lifted over a neighbour."""


@dataclass(frozen=True)
class Sheet:
    """A ribbon with two faces, all (n, m, …): m columns from edge to edge, denser at the edges."""

    middle: Array
    normals: Array
    rise: Array
    drop: Array

    @property
    def superficial(self) -> Array:
        """(n, m, 3) mm."""
        return self.middle + self.normals * self.rise[..., None]

    @property
    def deep(self) -> Array:
        """(n, m, 3) mm."""
        return self.middle - self.normals * self.drop[..., None]


def edge_columns(count: int) -> Array:
    """(count,) fractions across a sheet, from 0 to 1, dense at the edges."""
    return np.asarray(0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, count)))


def sheet(
    ribbon: Array,
    normals: Array,
    thickness: Array,
    deep: float | Array,
    edge: float,
    along: int,
    around: int,
    face_smoothing: float = 0.0,
) -> Sheet:
    """Give a ribbon (n, s, 3) its two faces on a grid of `along` rows and `around` / 2 + 1 columns.

    thickness : (n, s) mm, full thickness away from the edges
    deep : part of it below the ribbon, one for all or (along,)
    edge : exponent of the section, 1 for a lens, less for fuller edges
    face_smoothing : smoothing of the superficial face along the fibres, in rows of the ribbon
    """
    columns = edge_columns(around // 2 + 1)
    rows = np.linspace(0.0, 1.0, along)
    section = np.sin(np.linspace(0.0, np.pi, len(columns))) ** edge
    section[0] = section[-1] = 0.0
    middle = refine(ribbon, rows, columns)
    up = refine(normals, rows, columns)
    up /= np.maximum(np.linalg.norm(up, axis=2, keepdims=True), 1e-9)
    full = np.maximum(refine(thickness[..., None], rows, columns)[..., 0], 0.0) * section
    below = full * np.broadcast_to(deep, along)[:, None]
    rise = full - below
    if face_smoothing > 0.0:
        scale = face_smoothing * along / ribbon.shape[0]
        smooth = _smooth_between_ends(middle, scale)
        change = np.einsum("ijk,ijk->ij", smooth - middle, up)
        rise = rise + np.maximum(change, -0.25 * rise) * section
    return Sheet(middle, up, rise, below)


def _smooth_between_ends(field: Array, sigma: float) -> Array:
    """Smooth (n, m, k) along its rows; the first and last row stay."""
    fraction = np.linspace(0.0, 1.0, len(field)).reshape(-1, 1, 1)
    base = field[:1] * (1.0 - fraction) + field[-1:] * fraction
    reach = min(int(4 * sigma), len(field) - 2)
    bump = field - base
    mirrored = np.concatenate([-bump[1 : reach + 1][::-1], bump, -bump[-reach - 1 : -1][::-1]])
    return np.asarray(base + gaussian_filter1d(mirrored, sigma, axis=0)[reach : reach + len(field)])


def clear_faces(shape: Sheet, obstacles: Sequence[Obstacle], thinnest: float, ends: tuple[float, float]) -> Sheet:
    """Move both faces along the normals until they clear the obstacles; the superficial face rides on the deep one.

    thinnest : part of the section's thickness that is kept where the deep face is lifted
    ends : lengths in u at either end that are left to be laid onto bone
    """
    if not obstacles:
        return shape
    n, m = shape.rise.shape
    u = np.linspace(0.0, 1.0, n)
    weight = (smoothstep(0.0, max(ends[0], 1e-3), u) * smoothstep(0.0, max(ends[1], 1e-3), 1.0 - u))[:, None]

    lifted = _even(weight * _shortfall(shape.middle, -shape.normals, shape.drop, obstacles))
    lifted = _edges_follow(lifted, shape.middle)
    drop = shape.drop - lifted
    carried = gaussian_filter(lifted, (0.05 * n, 0.04 * m), mode="nearest")
    full = shape.rise + shape.drop
    rise = np.maximum(shape.rise + 0.85 * carried * (full > 0.0), thinnest * full - drop)
    rise = np.maximum(rise, -drop)

    lowered = _even(weight * _shortfall(shape.middle, shape.normals, rise, obstacles))
    lowered = np.minimum(lowered, np.maximum(rise + drop - 0.25 * full, 0.0))
    rise = rise - _edges_follow(lowered, shape.middle)
    for edge in (0, -1):
        rise[:, edge] = -drop[:, edge]
    return replace(shape, rise=rise, drop=drop)


def _shortfall(middle: Array, direction: Array, height: Array, obstacles: Sequence[Obstacle]) -> Array:
    """(n, m) mm by which a face at `height` along `direction` must be drawn back so that nothing lies above it.

    The way from the middle to the face is searched, so that a thin neighbour is not swallowed whole.
    """
    clear = np.minimum(height, 0.0)
    blocked = np.zeros(height.shape, dtype=bool)
    for part in np.linspace(0.0, 1.0, SEARCH_STEPS):
        at = clear if part == 0.0 else np.maximum(part * height, np.minimum(height, 0.0))
        inside = _nearness(middle + direction * at[..., None], obstacles) > 0.0
        clear = np.where(blocked | inside, clear, at)
        blocked |= inside
    low, high = clear, np.where(blocked, np.minimum(clear + np.abs(height) / (SEARCH_STEPS - 1), height), height)
    for _ in range(4):
        half = (low + high) / 2.0
        inside = _nearness(middle + direction * half[..., None], obstacles) > 0.0
        low, high = np.where(inside, low, half), np.where(inside, half, high)
    face = np.where(blocked, low, height)
    for _ in range(10):
        short = _nearness(middle + direction * face[..., None], obstacles)
        face = np.maximum(face - np.clip(short, 0.0, 3.0), height - GREATEST_LIFT)
    return np.asarray(height - face)


def _nearness(points: Array, obstacles: Sequence[Obstacle]) -> Array:
    """(n, m) mm that points (n, m, 3) lack to the clearance of an obstacle, the greatest; 0 or less is clear."""
    flat = points.reshape(-1, 3)
    short = np.full(len(flat), -np.inf)
    for field, clearance in obstacles:
        near = field.near(flat, clearance)
        short[near] = np.maximum(short[near], clearance - field.distance(flat[near]))
    return short.reshape(points.shape[:2])


def _even(amount: Array) -> Array:
    """Spread peaks of (n, m) to their neighbours, so that a face moves smoothly and nowhere less than asked."""
    return np.asarray(
        np.maximum(amount, gaussian_filter(maximum_filter(amount, size=(3, 3)), (1.5, 1.0), mode="nearest"))
    )


def _edges_follow(lift: Array, middle: Array) -> Array:
    """Lifts (n, m) of a sheet whose edges rise no more steeply than EDGE_SLOPE above what lies next to them.

    What an edge meets beside it pushes it aside later; lifted off it, the edge would stand up like a flag.
    """
    follow = lift.copy()
    columns = lift.shape[1]
    step = np.linalg.norm(np.diff(middle, axis=1), axis=2)
    for column in range(int(EDGE_COLUMNS * columns) - 1, -1, -1):
        follow[:, column] = np.minimum(follow[:, column], follow[:, column + 1] + EDGE_SLOPE * step[:, column])
        other = columns - 1 - column
        follow[:, other] = np.minimum(follow[:, other], follow[:, other - 1] + EDGE_SLOPE * step[:, other - 1])
    return follow


def ring_grid(shape: Sheet) -> Array:
    """(n, v, 3) rings around a sheet of v / 2 + 1 columns."""
    return np.concatenate([shape.superficial, shape.deep[:, -2:0:-1]], axis=1)


def faces_of(grid: Array) -> tuple[Array, Array]:
    """The superficial and the deep face, each (n, v / 2 + 1, 3), of a ring grid."""
    half = grid.shape[1] // 2
    return grid[:, : half + 1], np.concatenate([grid[:, :1], grid[:, half:][:, ::-1]], axis=1)


def at_distance(
    points: Array, vertices: Array, triangles: NDArray[np.int64], distance: float | NDArray[np.float64]
) -> tuple[NDArray[np.float64], Array]:
    """Signed distances (n,) of points to a solid, and for each the place `distance` mm from its nearest triangle."""
    d, nearest, face = closest_point(points, vertices, triangles)
    corners = vertices[triangles[face]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return d, nearest + normal * np.reshape(distance, (-1, 1))


def push_clear(
    grid: Array,
    obstacles: Sequence[Obstacle],
    rounds: int = 6,
    smoothing: float = 0.35,
    held: tuple[int, int] = (1, 1),
) -> Array:
    """Push a ring grid out of its obstacles; the first and last `held` rows stay.

    smoothing : how much the surface is evened between the pushes (0 to 1)
    """
    weight = np.ones(len(grid))
    weight[: held[0]] = 0.0
    weight[len(grid) - held[1] :] = 0.0
    w = weight[:, None, None]
    for step in range(rounds):
        if smoothing and step < rounds - 2:
            along = np.zeros_like(grid)
            along[1:-1] = (grid[:-2] + grid[2:]) / 2.0 - grid[1:-1]
            around = (np.roll(grid, 1, axis=1) + np.roll(grid, -1, axis=1)) / 2.0 - grid
            grid = grid + w * smoothing * (0.6 * along + 0.3 * around)
        for field, clearance in obstacles:
            grid = grid + w * field.push(grid.reshape(-1, 3), clearance, 3.0).reshape(grid.shape)
    return grid


def push_exactly(grid: Array, solids: Sequence[Solid], clearance: float, held: tuple[int, int] = (1, 1)) -> Array:
    """Last push, on the triangles themselves: no vertex but the held end rows nearer than `clearance` to a solid.

    solids : the one that matters most comes last
    """
    flat = grid[held[0] : len(grid) - held[1]].reshape(-1, 3).copy()
    for vertices, triangles in [*solids, *solids]:
        low, high = vertices.min(axis=0) - 4.0, vertices.max(axis=0) + 4.0
        near = np.flatnonzero(np.all((flat > low) & (flat < high), axis=1))
        near = near[least_distance(flat[near], vertices, triangles) < clearance]
        for _ in range(3 if len(near) else 0):
            d, at = at_distance(flat[near], vertices, triangles, clearance)
            close = d < clearance - 1e-3
            near, at = near[close], at[close]
            if len(near) == 0:
                break
            flat[near] = at
    pushed = grid.copy()
    pushed[held[0] : len(grid) - held[1]] = flat.reshape(len(grid) - sum(held), *grid.shape[1:])
    return pushed


def ring_triangles(rows: int, around: int) -> NDArray[np.int64]:
    """(m, 3) triangles of a closed surface on a (rows, around) ring grid.

    The ends are closed by a ladder from the superficial to the deep edge of the ring, so that a broad, bent end stays
    on the bone it was laid on. `around` must be even.
    """
    index = np.arange(rows * around).reshape(rows, around)
    a, b = index[:-1], index[1:]
    a1, b1 = np.roll(a, -1, axis=1), np.roll(b, -1, axis=1)
    sides = [np.stack([a, a1, b], axis=-1).reshape(-1, 3), np.stack([a1, b1, b], axis=-1).reshape(-1, 3)]
    return np.concatenate([*sides, _ladder(index[0])[:, ::-1], _ladder(index[-1])])


def _ladder(ring: NDArray[np.int64]) -> NDArray[np.int64]:
    half = len(ring) // 2
    upper = ring[: half + 1]
    lower = np.concatenate([ring[:1], ring[half:][::-1]])
    first = np.stack([upper[:-1], upper[1:], lower[1:]], axis=-1)[: half - 1]
    second = np.stack([upper[:-1], lower[1:], lower[:-1]], axis=-1)[1:]
    return np.concatenate([first, second])


def grid_normals(grid: Array, outward: bool = True) -> Array:
    """(n, v, 3) unit normals of a ring grid from the grid itself, so that the flat ends leave no crease."""
    du = np.gradient(grid, axis=0)
    dv = (np.roll(grid, -1, axis=1) - np.roll(grid, 1, axis=1)) / 2.0
    normal = np.cross(dv, du)
    length = np.linalg.norm(normal, axis=2, keepdims=True)
    normal = normal / np.maximum(length, 1e-9)
    return np.asarray(normal if outward else -normal)
