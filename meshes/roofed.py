"""Ways out of a muscle that are not the shortest: what runs over its upper edge, or below its lower one."""

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

BORDER = (-2.0, 6.0)
"""mm below the lower edge of a muscle up to which what passes there is kept deep to it, and from which it is free."""

BEHIND = 25.0
"""mm behind a muscle up to which what passes below it is brought round to its deep side."""


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
        way = _unit((1.0 - near) * out + near * _unit(up))
        return np.asarray(np.clip(keep - distance, 0.0, most)[:, None] * way)


@dataclass(frozen=True)
class Below:
    """The distance field of a muscle that something passes below, and its rings (rows, around, 3).

    Above its lower edge the way out of it leads to its deep side, whichever side is nearer; what lies behind it is
    brought round there.
    """

    muscle: DistanceField
    rings: Array

    def distance(self, points: Array) -> NDArray[np.float64]:
        """(n,) signed mm of points (n, 3) from the muscle, negative inside."""
        return self.muscle.distance(points)

    def push(self, points: Array, keep: float | NDArray[np.float64], most: float) -> Array:
        """(n, 3) moves that bring points (n, 3) to `keep` mm from the muscle, none longer than `most` mm."""
        distance, out = self.muscle(points)
        half = self.rings.shape[1] // 2
        behind, deep = self.rings[:, 1:half].mean(axis=1), self.rings[:, half + 1 :].mean(axis=1)
        middle, lower = (behind + deep) / 2.0, self.rings[:, half]
        row = cKDTree(middle).query(points)[1]
        inward = _unit(gaussian_filter1d(deep - behind, EVEN, axis=0, mode="nearest"))[row]
        down = gaussian_filter1d(lower - middle, EVEN, axis=0, mode="nearest")[row]
        down = _unit(down - np.einsum("ij,ij->i", down, inward)[:, None] * inward)
        above = 1.0 - smoothstep(*BORDER, np.einsum("ij,ij->i", points - lower[row], down))
        depth = np.einsum("ij,ij->i", points - middle[row], inward)
        astray = (depth < 0.0) & (distance > 0.0) & (distance < BEHIND)
        short = np.where(astray, above * most, np.clip(keep - distance, 0.0, most))
        return np.asarray(short[:, None] * _unit((1.0 - above)[:, None] * out + above[:, None] * inward))


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
