"""Plane sections of any closed surface, however its triangles lie: their area, outline length and breadths.

Unlike `sections`, which reads the rings of a lofted surface, this needs no rings, so it works on thinned surfaces, on
several parts together, and on the meshes of other sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Surface
from meshes.sections import SAME_ROW

Array = NDArray[np.float64]

DIRECTIONS = 90
"""Directions over half a turn in which the breadth of a section is looked at."""
STATIONS = 60
"""Places along a structure at which its middle is found."""


@dataclass(frozen=True)
class Slice:
    """One plane section: (k, 2, 2) directed edges in the plane, mm, with the inside on their left."""

    edges: Array

    @property
    def area(self) -> float:
        """Area inside the outlines, mm²; right for any number of closed outlines."""
        one, two = self.edges[:, 0], self.edges[:, 1]
        return abs(float((one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]).sum()) / 2.0)

    @property
    def outline(self) -> float:
        """Length of all outlines, mm."""
        return float(np.linalg.norm(self.edges[:, 1] - self.edges[:, 0], axis=1).sum())

    @property
    def breadths(self) -> tuple[float, float]:
        """Greatest and least breadth between parallel tangents: width and thickness, mm."""
        angle = np.arange(DIRECTIONS) / DIRECTIONS * np.pi
        extent = np.ptp(self.edges.reshape(-1, 2) @ np.stack([np.cos(angle), np.sin(angle)]), axis=0)
        return float(extent.max()), float(extent.min())

    @property
    def sheet_thickness(self) -> float:
        """Mean thickness of a thin bent sheet, mm: twice the area over the outline."""
        return 2.0 * self.area / self.outline

    @property
    def sheet_width(self) -> float:
        """Width of a thin bent sheet along its bend, mm: half the outline, without its two edges."""
        return self.outline / 2.0 - self.sheet_thickness

    @classmethod
    def empty(cls) -> Self:
        """No section at all."""
        return cls(np.zeros((0, 2, 2)))


def cut(surfaces: Sequence[Surface], point: Array, normal: Array, axes: Array | None = None) -> Slice:
    """The section of closed surfaces by a plane through (3,) point with (3,) normal.

    axes : (2, 3) unit vectors in the plane along which the section is given, or None for any.
    """
    normal = normal / np.linalg.norm(normal)
    if axes is None:
        first = np.cross(normal, np.eye(3)[np.argmin(np.abs(normal))])
        first /= np.linalg.norm(first)
        axes = np.stack([first, np.cross(normal, first)])
    pieces = [_edges(surface.vertices, surface.triangles, point, normal) for surface in surfaces]
    return Slice((np.concatenate(pieces) - point) @ axes.T)


def _edges(vertices: Array, triangles: NDArray[np.int64], point: Array, normal: Array) -> Array:
    """(k, 2, 3) directed edges in which a plane meets triangles."""
    height = (vertices - point) @ normal
    height = np.where(np.abs(height) < 1e-9, 1e-9, height)
    above = height[triangles] > 0
    crossed = triangles[above.any(1) & ~above.all(1)]
    if not len(crossed):
        return np.zeros((0, 2, 3))
    high = height[crossed] > 0
    alone = np.where(high.sum(1) == 1, high.argmax(1), (~high).argmax(1))
    rows = np.arange(len(crossed))
    apex, after, before = (crossed[rows, (alone + step) % 3] for step in (0, 1, 2))
    ends = [_on_plane(vertices, height, apex, other) for other in (after, before)]
    turned = high[rows, alone]
    start = np.where(turned[:, None], ends[0], ends[1])
    stop = np.where(turned[:, None], ends[1], ends[0])
    return np.stack([start, stop], axis=1)


def _on_plane(vertices: Array, height: Array, one: NDArray[np.int64], two: NDArray[np.int64]) -> Array:
    part = height[one] / (height[one] - height[two])
    return np.asarray(vertices[one] + part[:, None] * (vertices[two] - vertices[one]))


def middle(surfaces: Sequence[Surface], stations: int = STATIONS) -> Array:
    """(stations, 3) middle of structures that carry uv, by even steps of u, from the proximal to the distal end.

    Between the rings of a surface, which need not be even, its middle runs straight.
    Raises ValueError if a surface carries no uv.
    """
    at = np.linspace(0.0, 1.0, stations)
    lines = []
    for surface in surfaces:
        u, centre = _ring_middles(surface)
        lines.append(np.stack([np.interp(at, u, centre[:, axis]) for axis in range(3)], axis=1))
    return np.asarray(np.mean(lines, axis=0))


def _ring_middles(surface: Surface) -> tuple[NDArray[np.float64], Array]:
    """(k,) places u of the rings of a surface, and (k, 3) the middle of each, vertices weighted by their triangles."""
    if surface.uv is None:
        raise ValueError("the surface carries no (u, v)")
    corners = surface.vertices[surface.triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    weight = np.bincount(surface.triangles.ravel(), np.repeat(area, 3), len(surface.vertices))
    order = np.argsort(surface.uv[:, 0])
    u = surface.uv[order, 0]
    first = np.concatenate([[0], 1 + np.flatnonzero(np.diff(u) > SAME_ROW)])
    sums = np.add.reduceat(weight[order, None] * np.column_stack([u, surface.vertices[order]]), first)
    middles = sums / np.add.reduceat(weight[order], first)[:, None]
    return middles[:, 0], middles[:, 1:]


def near(surface: Surface, low: float, high: float) -> Surface:
    """The triangles of a surface whose u lies between two bounds: what a plane may cut without meeting a far end."""
    if surface.uv is None:
        return surface
    u = surface.uv[surface.triangles][:, :, 0]
    kept = surface.triangles[(u.max(1) >= low) & (u.min(1) <= high)]
    return Surface(surface.vertices, kept, surface.normals, surface.uv)


REACH = 0.15
"""How far in u around a station triangles are cut."""


def across(surfaces: Sequence[Surface], at: float, axes: Array | None = None) -> Slice:
    """The section square to the middle line at u."""
    line = middle(surfaces)
    index = at * (len(line) - 1)
    where = np.array([np.interp(index, np.arange(len(line)), line[:, axis]) for axis in range(3)])
    row = round(min(max(index, 2.0), len(line) - 3.0))
    return cut([near(s, at - REACH, at + REACH) for s in surfaces], where, line[row + 2] - line[row - 2], axes)
