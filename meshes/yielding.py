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

DRAWN_ROUNDS = 30
LEAST_STEP = 0.02
"""mm that a point is drawn in beyond what it lacks, so that it comes to an end."""

BETWEEN = 1.0
"""mm beyond the clearance within which the triangles between points are looked at too."""

WITHIN = np.array([[1, 1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]]) / np.array([[3], [2], [2], [2]])
"""Places of a triangle that are looked at: its middle and those of its edges."""

LEADS_IN = -0.4
"""Cosine to the outward normal up to which a way leads into the body."""


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
            push += _pressed(flat, triangles, solid[0], clearance)
        if not push.any():
            break
        wanted = push.reshape(grid.shape)
        even = gaussian_filter(wanted, (1.6, 1.2, 0.0), mode=("nearest", "wrap", "nearest"))
        size, spread = (np.linalg.norm(p, axis=2, keepdims=True) for p in (wanted, even))
        last = step >= rounds - 3
        grid = grid + held * np.where((size > spread) | last, wanted, even)
    return grid


def drawn_in(grid: Array, pressing: Sequence[tuple[Solid, float]], rounds: int = DRAWN_ROUNDS) -> Array:
    """A ring grid (n, k, 3) whose points go towards the middle of their own rings until all solids are kept off.

    pressing : solids, and the mm to keep from each

    The last resort after `yielding`: a ring is convex, so its middle is the one way that surely leads inwards.
    """
    triangles = closed_triangles(grid)
    centre = np.broadcast_to(grid.mean(axis=1, keepdims=True), grid.shape).reshape(-1, 3)
    points = grid.reshape(-1, 3).copy()
    for _ in range(rounds):
        short = np.zeros(len(points))
        for solid, clearance in pressing:
            short = np.maximum(short, _too_near(points, triangles, solid, clearance))
            short = np.maximum(short, np.linalg.norm(_pressed(points, triangles, solid[0], clearance), axis=1))
        if not (short > 0.0).any():
            break
        way = centre - points
        length = np.linalg.norm(way, axis=1, keepdims=True)
        step = np.minimum(short[:, None] + LEAST_STEP * (short[:, None] > 0.0), 0.5 * length)
        points = points + way / np.maximum(length, 1e-9) * step
    return points.reshape(grid.shape)


def closed_triangles(grid: Array) -> NDArray[np.int64]:
    """Outward triangles (m, 3) of a ring grid."""
    triangles = ring_triangles(grid.shape[0], grid.shape[1])
    return triangles[:, ::-1] if volume_mm3(grid.reshape(-1, 3), triangles) < 0.0 else triangles


def _too_near(points: Array, triangles: NDArray[np.int64], solid: Solid, clearance: float) -> Array:
    """(n,) mm that points, and the triangles between them, lack to their distance from a solid."""
    low, high = solid[0].min(axis=0) - clearance, solid[0].max(axis=0) + clearance
    near = np.flatnonzero(np.all((points > low) & (points < high), axis=1))
    distance = np.full(len(points), np.inf)
    distance[near] = closest_point(points[near], *solid)[0]
    lacking = np.clip(clearance - distance, 0.0, STEP)
    close = triangles[(distance[triangles] < clearance + BETWEEN).any(axis=1)]
    if len(close):
        corners = points[close]
        for weights in WITHIN:
            lack = np.clip(clearance - closest_point(np.einsum("i,kij->kj", weights, corners), *solid)[0], 0.0, STEP)
            for corner in range(3):
                np.maximum.at(lacking, close[:, corner], lack)
    return lacking


def _retreat(points: Array, normals: Array, solid: Solid, clearance: float) -> Array:
    """(n, 3) moves that bring points away from a solid: straight away if that leads inwards, else square inwards."""
    low, high = solid[0].min(axis=0) - clearance, solid[0].max(axis=0) + clearance
    near = np.flatnonzero(np.all((points > low) & (points < high), axis=1))
    d, at, _ = closest_point(points[near], *solid)
    away = (points[near] - at) * np.where(d < 0.0, -1.0, 1.0)[:, None]
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    inwards = np.where(np.einsum("ij,ij->i", away, normals[near])[:, None] > LEADS_IN, -normals[near], away)
    moves = np.zeros_like(points)
    moves[near] = np.clip(clearance - d, 0.0, STEP)[:, None] * inwards
    return moves


def _pressed(points: Array, triangles: NDArray[np.int64], pressing: Array, clearance: float) -> Array:
    """(n, 3) moves of a surface's vertices where single points (k, 3) press on its triangles between them."""
    low, high = points.min(axis=0), points.max(axis=0)
    near = pressing[np.all((pressing > low - clearance) & (pressing < high + clearance), axis=1)]
    moves = np.zeros_like(points)
    if len(near) == 0:
        return moves
    d, at, face = closest_point(near, points, triangles)
    hit = d < clearance
    out = (near - at)[hit] * np.where(d[hit] < 0.0, -1.0, 1.0)[:, None]
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    depth = np.clip(clearance - d[hit], 0.0, STEP)
    order = np.argsort(depth)
    for corner in range(3):
        moves[triangles[face[hit][order], corner]] = -(out * depth[:, None])[order]
    return moves
