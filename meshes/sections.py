"""Sections of lofted surfaces: the rings a muscle or nerve is made of, their middle, size and breadth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from meshes.atlas import Surface

Array = NDArray[np.float64]

SAME_ROW = 5e-4
"""Two vertices whose u differs by less lie on one ring: rings are further apart, and files keep u more exactly."""

DIRECTIONS = 60
"""Directions over half a turn in which the breadth of a section is looked at."""


def rings(surface: Surface) -> Array:
    """The rings (rows, around, 3) of a surface that was lofted on a (u, v) grid, from the proximal to the distal end.

    Raises ValueError if the surface is not such a grid.
    """
    if surface.uv is None:
        raise ValueError("the surface carries no (u, v)")
    u = surface.uv[:, 0]
    rows = 1 + int(np.count_nonzero(np.diff(u) > SAME_ROW))
    around = len(u) // rows
    if rows * around != len(u) or np.ptp(u.reshape(rows, around), axis=1).max() > SAME_ROW:
        raise ValueError("the surface is not made of rings")
    return surface.vertices.reshape(rows, around, 3)


def flat(section: Array, along: Array) -> Array:
    """A section (k, 3) seen along the direction `along` (3,): (k, 2) about its middle."""
    along = along / np.linalg.norm(along)
    first = _cross(along, np.eye(3)[np.argmin(np.abs(along))])
    first /= np.linalg.norm(first)
    return np.asarray((section - section.mean(axis=0)) @ np.stack([first, _cross(along, first)], axis=1))


def _cross(a: Array, b: Array) -> Array:
    """`numpy.cross` of two single directions (3,), without its preparations, which take ten times as long."""
    (x, y, z), (u, v, w) = a.tolist(), b.tolist()
    return np.array([y * w - z * v, z * u - x * w, x * v - y * u])


def area(outline: Array) -> float:
    """Area of a flat outline (k, 2), mm²."""
    x, y = outline.T
    after = np.concatenate([outline[1:], outline[:1]])
    return float(abs(x @ after[:, 1].copy() - y @ after[:, 0].copy()) / 2.0)


def breadths(outline: Array) -> tuple[float, float]:
    """Greatest and least breadth between parallel tangents of flat points (k, 2): width and thickness, mm."""
    angle = np.arange(DIRECTIONS) / DIRECTIONS * np.pi
    extent = np.ptp(outline @ np.stack([np.cos(angle), np.sin(angle)]), axis=0)
    return float(extent.max()), float(extent.min())


def centres(grid: Array) -> Array:
    """(rows, 3) middles of rings, each point weighted by the length of outline it stands for."""
    step = np.linalg.norm(np.roll(grid, -1, axis=1) - grid, axis=2)
    weight = (step + np.roll(step, 1, axis=1))[..., None]
    return np.asarray((grid * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9))


def areas(grid: Array) -> NDArray[np.float64]:
    """(rows,) mm² of rings, each seen along the middle line."""
    tangent = np.gradient(centres(grid), axis=0)
    return np.array([area(flat(ring, t)) for ring, t in zip(grid, tangent, strict=True)])


def middle_line(grids: list[Array]) -> Array:
    """(rows, 3) middle of several bundled ring grids of as many rows, each weighted by its area."""
    weights = np.stack([areas(grid) for grid in grids])[..., None] + 1e-6
    return np.asarray((np.stack([centres(grid) for grid in grids]) * weights).sum(axis=0) / weights.sum(axis=0))


def lengths(line: Array) -> NDArray[np.float64]:
    """(n,) mm along a curve (n, k), from its first point."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])


def crossing(line: Array, other: Array) -> tuple[float, float] | None:
    """Where a flat curve (n, 2) first crosses another (m, 2): place on each, in points; None if it does not."""
    a, b = line[:-1, None], np.diff(line, axis=0)[:, None]
    c, d = other[None, :-1], np.diff(other, axis=0)[None]
    det = b[..., 0] * d[..., 1] - b[..., 1] * d[..., 0]
    det = np.where(np.abs(det) < 1e-12, np.inf, det)
    w = c - a
    t = (w[..., 0] * d[..., 1] - w[..., 1] * d[..., 0]) / det
    s = (w[..., 0] * b[..., 1] - w[..., 1] * b[..., 0]) / det
    met = np.argwhere((t >= 0.0) & (t <= 1.0) & (s >= 0.0) & (s <= 1.0) & np.isfinite(det))
    if len(met) == 0:
        return None
    i, j = min((tuple(pair) for pair in met), key=lambda pair: pair[0] + t[pair[0], pair[1]])
    return float(i + t[i, j]), float(j + s[i, j])
