"""The coccyx: four dwindling segments below the sacrum's apex, which the shape model lacks, and places on it.

Proportions of an adult coccyx: about 40 mm long along its curve, first segment about 30 mm wide across its transverse
processes, the last a nodule of 8 mm (Standring, Gray's Anatomy, 41st ed., ch. 43).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import igl
import numpy as np
from scipy.interpolate import CubicSpline

from meshes.implicit import Block, Floats, Ints, capsule, ellipsoid, signed_distance, simplified, taubin, union
from meshes.raycast import first_hits

SEGMENTS = 4
SPACING = 0.55
"""Grid step, mm."""
TRIANGLES = 7_000
DISC = 1.3
"""Gap between the sacrum's apex and the first segment, mm."""

REACH = 40.0
"""Farther from its axis than any part of the coccyx, mm."""

CENTRES = np.array([[0.0, 0.6, -5.6], [0.0, -1.0, -15.6], [0.0, -4.8, -23.6], [0.0, -9.8, -29.8]])
RADII = ((11.6, 5.4, 6.6), (9.2, 4.8, 5.9), (7.0, 4.3, 5.2), (5.4, 3.9, 5.0))
"""Middle of each segment from the sacrum's apex (x right to left, y backwards, z up), and its half axes, mm."""
AXIS = np.array(
    [[0.0, 2.4, 8.0], [0.0, 1.2, 0.4], [0.0, -0.1, -10.8], [0.0, -2.9, -19.7], [0.0, -7.3, -26.9], [0.0, -14.4, -36.0]]
)
"""A curve through the segments' middles, from above the first to beyond the tip."""


def model_coccyx(apex: Floats, sacrum: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """(n, 3) vertices and (m, 3) outward triangles of a coccyx below a sacrum's apex, one closed piece, LPS mm.

    apex : (3,) middle of the sacrum's lower end;  sacrum, faces : the closed surface it must not touch
    """
    block = Block.around(apex + np.array([[-20.0, -24.0, -42.0], [20.0, 16.0, 12.0]]), 0.0, SPACING)
    points = block.points()
    local = points - apex
    solid = np.full(len(points), 30.0)
    for i, (centre, radii) in enumerate(zip(CENTRES, RADII, strict=True)):
        before, after = CENTRES[max(i - 1, 0)], CENTRES[min(i + 1, SEGMENTS - 1)]
        down = (after - before) / np.linalg.norm(after - before)
        axes = np.array([[1.0, 0.0, 0.0], np.cross(down, [1.0, 0.0, 0.0]), down])
        solid = union(solid, ellipsoid(local, centre, axes, radii), 5.0)
        solid = union(
            solid, ellipsoid(local, centre + 0.9 * axes[1], axes, (radii[0] * 0.45, radii[1], radii[2] * 1.05)), 2.0
        )
    for side in (-1.0, 1.0):
        turn = np.array([side, 1.0, 1.0])
        solid = union(solid, capsule(local, turn * [5.0, 0.8, -4.6], turn * [14.4, 0.9, -3.2], 4.6, 2.9), 5.0)
        solid = union(solid, capsule(local, turn * [5.8, 3.4, -5.0], turn * [8.8, 7.6, 5.0], 3.3, 2.0), 4.0)
        solid = union(solid, capsule(local, turn * [4.0, -0.6, -15.0], turn * [9.4, -0.6, -13.6], 4.0, 2.8), 5.0)
    near = np.flatnonzero((np.abs(solid) < 3.0) & (local[:, 2] > -4.0))
    solid[near] = np.maximum(solid[near], DISC - signed_distance(points[near], sacrum, faces))
    surface, triangles = block.surface(solid.reshape(block.shape))
    return simplified(taubin(surface, triangles, 8), triangles, TRIANGLES)


@dataclass(frozen=True)
class CoccyxChart:
    """Places on the coccyx: element = segment from above, ξ1 along it, ξ2 the turn about its axis from behind.

    axis : (6, 3) curve through the segments;  across : (3,) unit, from right to left
    vertices, triangles : the closed surface

    ξ2 runs from 0 behind over 0.25 on the right and 0.5 in front to 0.75 on the left.
    """

    axis: Floats
    across: Floats
    vertices: Floats = field(repr=False)
    triangles: Ints = field(repr=False)

    @cached_property
    def _curve(self) -> CubicSpline:
        return CubicSpline(np.linspace(0.0, 1.0, len(self.axis)), self.axis)

    def points(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 3) points at (k,) segments and their (k, 2) coordinates; the axis where the ray meets no bone."""
        along = (elements + xi[:, 0]) / SEGMENTS
        origin = self._curve(along)
        behind, left = self._frame(along)
        turn = 2.0 * np.pi * xi[:, 1, None]
        direction = np.cos(turn) * behind - np.sin(turn) * left
        outside = origin + REACH * direction
        reach = first_hits(outside, -direction, self.vertices, self.triangles)
        depth = np.where(np.isfinite(reach), reach, REACH)
        return np.asarray(outside - depth[:, None] * direction)

    def nearest(self, points: Floats) -> tuple[Ints, Floats]:
        """Segments (k,) and coordinates (k, 2) of the places nearest to (k, 3) points."""
        query = np.ascontiguousarray(points, dtype=np.float64)
        foot = np.asarray(igl.point_mesh_squared_distance(query, self.vertices, self.triangles)[2])
        samples = np.linspace(0.0, 1.0, 400)
        gap = np.linalg.norm(foot[:, None, :] - self._curve(samples), axis=2)
        along = samples[np.argmin(gap, axis=1)]
        for _ in range(20):
            tangent, bend = self._curve(along, 1), self._curve(along, 2)
            offset = foot - self._curve(along)
            slope = np.einsum("kc,kc->k", offset, bend) - np.einsum("kc,kc->k", tangent, tangent)
            along = np.clip(along - np.einsum("kc,kc->k", offset, tangent) / slope, 0.0, 1.0)
        offset = foot - self._curve(along)
        behind, left = self._frame(along)
        sine, cosine = np.einsum("kc,kc->k", offset, left), np.einsum("kc,kc->k", offset, behind)
        turn = np.arctan2(-sine, cosine) / (2.0 * np.pi)
        elements = np.minimum((along * SEGMENTS).astype(np.int64), SEGMENTS - 1)
        return elements, np.column_stack([along * SEGMENTS - elements, turn % 1.0])

    def _frame(self, along: Floats) -> tuple[Floats, Floats]:
        """(k, 3) unit directions backwards and to the left, square to the axis and to each other."""
        tangent = self._curve(along, 1)
        tangent = tangent / np.linalg.norm(tangent, axis=1, keepdims=True)
        behind = np.cross(tangent, self.across)
        behind = behind / np.linalg.norm(behind, axis=1, keepdims=True)
        behind = behind * np.where(behind[:, 1:2] < 0.0, -1.0, 1.0)
        left = np.cross(behind, tangent)
        return behind, left * np.where(left[:, :1] < 0.0, -1.0, 1.0)
