"""A muscle whose upper edge lies under a roof of bone: what runs over that edge leaves the muscle by its edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from meshes.ribbon import smoothstep

if TYPE_CHECKING:
    from meshes.distance import DistanceField

Array = NDArray[np.float64]

ROOF = (6.0, 14.0)
"""mm from the bone up to which the way out of the muscle leads over its edge, and from which it is the shortest."""


EVEN = 4.0
"""Rings over which the direction to that edge is evened."""


class Pushing(Protocol):
    """Something that pushes points away."""

    def push(self, points: Array, keep: float | NDArray[np.float64], most: float) -> Array:
        """(n, 3) moves that bring points (n, 3) to `keep` mm from it, none longer than `most` mm."""
        ...


@dataclass(frozen=True)
class Roofed:
    """The distance fields of a muscle and of the bone above it, and the muscle's rings (rows, around, 3)."""

    muscle: DistanceField
    roof: DistanceField
    rings: Array

    def push(self, points: Array, keep: float | NDArray[np.float64], most: float) -> Array:
        """(n, 3) moves that bring points (n, 3) to `keep` mm from the muscle, none longer than `most` mm."""
        distance, out = self.muscle(points)
        near = (1.0 - smoothstep(*ROOF, self.roof.distance(points)))[:, None]
        edge, middle = self.rings[:, 0], self.rings.mean(axis=1)
        up = gaussian_filter1d(edge - middle, EVEN, axis=0, mode="nearest")[cKDTree(middle).query(points)[1]]
        way = (1.0 - near) * out + near * up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
        return np.asarray(np.clip(keep - distance, 0.0, most)[:, None] * way)
