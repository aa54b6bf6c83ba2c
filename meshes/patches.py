"""Attachment areas as flat shapes: their connected pieces, and how long, wide and slanted each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from meshes.atlas import Surface

Array = NDArray[np.float64]

CRUMB_MM2 = 5.0
"""Pieces smaller than this are no area of their own."""
STRIPS = 12
"""Strips across an area in which its width is looked at."""


@dataclass(frozen=True)
class Patch:
    """One area: (m, 3, 3) corners of its triangles, mm."""

    corners: Array

    @classmethod
    def joined(cls, several: Sequence[Patch]) -> Self:
        """Several areas as one."""
        return cls(np.concatenate([patch.corners for patch in several]))

    @property
    def areas(self) -> Array:
        """(m,) area of each triangle, mm²."""
        a, b, c = self.corners.transpose(1, 0, 2)
        return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2.0)

    @property
    def area(self) -> float:
        """mm², on the surface."""
        return float(self.areas.sum())

    @property
    def centre(self) -> Array:
        """(3,) centroid."""
        return np.asarray(self.areas @ self.corners.mean(axis=1) / self.areas.sum())

    @property
    def axes(self) -> Array:
        """(3, 3) unit rows: along its greatest spread, across it, and out of its plane."""
        offset = self.corners.mean(axis=1) - self.centre
        return np.asarray(np.linalg.svd(offset * np.sqrt(self.areas)[:, None], full_matrices=False)[2])

    def _flat(self) -> Array:
        return np.asarray((self.corners.reshape(-1, 3) - self.centre) @ self.axes[:2].T)

    @property
    def length(self) -> float:
        """Mm along its greatest spread."""
        return float(np.ptp(self._flat()[:, 0]))

    @property
    def width(self) -> float:
        """mm: mean breadth across its length, its flat area over its length."""
        a, b, c = self._flat().reshape(-1, 3, 2).transpose(1, 0, 2)
        one, two = b - a, c - a
        return float(np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]).sum() / 2.0 / self.length)

    @property
    def least_width(self) -> float:
        """mm: least breadth across the middle three fifths of its length."""
        flat = self._flat()
        low, length = flat[:, 0].min(), self.length
        edges = low + length * np.linspace(0.2, 0.8, STRIPS + 1)
        strips = [flat[(flat[:, 0] >= a) & (flat[:, 0] <= b), 1] for a, b in pairwise(edges)]
        return float(min(np.ptp(strip) for strip in strips if len(strip) > 1))

    @property
    def diameter(self) -> float:
        """Mm of a disc as large."""
        return float(2.0 * np.sqrt(self.area / np.pi))

    def angle_to(self, axis: Array) -> float:
        """Degrees between its length and an axis (3,), seen square to the area."""
        out = self.axes[2]
        seen = axis - (axis @ out) * out
        return float(np.degrees(np.arccos(np.clip(abs(self.axes[0] @ seen) / np.linalg.norm(seen), 0.0, 1.0))))


def patches(surfaces: Sequence[Surface]) -> list[Patch]:
    """The connected pieces of attachment areas, the largest first, without crumbs."""
    found: list[Patch] = []
    for surface in surfaces:
        _, index = np.unique(surface.vertices.round(3), axis=0, return_inverse=True)
        welded = index.reshape(-1)[surface.triangles]
        rows, columns = welded[:, [0, 1]].ravel(), welded[:, [1, 2]].ravel()
        size = int(index.max()) + 1
        _, label = connected_components(coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size)), False)
        of = label[welded[:, 0]]
        found += [Patch(surface.vertices[surface.triangles[of == piece]]) for piece in np.unique(of)]
    return sorted((p for p in found if p.area > CRUMB_MM2), key=lambda p: -p.area)
