"""Soft surfaces that give way: a lofted surface retreats from what lies on it or between its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from meshes.distance import closest_point
from meshes.loft import grid_normals, ring_triangles
from meshes.surface import volume_mm3

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshes.loft import Solid

Array = NDArray[np.float64]

ROUNDS = 10
STEP = 1.5
"""mm a point retreats at once at most."""


def yielding(grid: Array, pressing: Sequence[tuple[Solid, float]], rounds: int = ROUNDS, ends: bool = False) -> Array:
    """A ring grid that retreats from solids, smoothly: what gives way carries its surroundings along.

    pressing : solids, and the mm to keep from each
    ends : whether the first and last row give way too

    A surface that something presses upon moves inwards, never out on its far side.
    """
    held = np.ones((len(grid), 1, 1))
    if not ends:
        held[0] = held[-1] = 0.0
    triangles = ring_triangles(grid.shape[0], grid.shape[1])
    turned = volume_mm3(grid.reshape(-1, 3), triangles) < 0.0
    triangles = triangles[:, ::-1] if turned else triangles
    normals = grid_normals(grid, outward=not turned).reshape(-1, 3)
    for step in range(rounds):
        flat = grid.reshape(-1, 3)
        push = np.zeros_like(flat)
        for solid, clearance in pressing:
            push += _retreat(flat, normals, solid, clearance)
            push += _pressed(flat, normals, triangles, solid[0], clearance)
        if not push.any():
            break
        wanted = push.reshape(grid.shape)
        even = gaussian_filter(wanted, (1.6, 1.2, 0.0), mode=("nearest", "wrap", "nearest"))
        size, spread = (np.linalg.norm(p, axis=2, keepdims=True) for p in (wanted, even))
        last = step >= rounds - 3
        grid = grid + held * np.where((size > spread) | last, wanted, even)
    return grid


def _retreat(points: Array, normals: Array, solid: Solid, clearance: float) -> Array:
    """(n, 3) moves inwards that bring points of a surface away from a solid."""
    low, high = solid[0].min(axis=0) - clearance, solid[0].max(axis=0) + clearance
    near = np.flatnonzero(np.all((points > low) & (points < high), axis=1))
    d, _, _ = closest_point(points[near], *solid)
    moves = np.zeros_like(points)
    moves[near] = -np.clip(clearance - d, 0.0, STEP)[:, None] * normals[near]
    return moves


def _pressed(points: Array, normals: Array, triangles: NDArray[np.int64], pressing: Array, clearance: float) -> Array:
    """(n, 3) moves inwards of a surface's vertices where single points (k, 3) press on its triangles between them."""
    low, high = points.min(axis=0), points.max(axis=0)
    near = pressing[np.all((pressing > low - clearance) & (pressing < high + clearance), axis=1)]
    depth = np.zeros(len(points))
    if len(near):
        d, _, face = closest_point(near, points, triangles)
        hit = d < clearance
        for corner in range(3):
            np.maximum.at(depth, triangles[face[hit], corner], np.clip(clearance - d[hit], 0.0, STEP))
    return -depth[:, None] * normals
