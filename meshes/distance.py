"""Signed distances to closed surfaces: exact, and sampled on a voxel grid for the many queries of the modeller.

Distances are in millimetres, positive outside, negative inside, with inside decided by winding number, so a thin or
nearly touching surface never flips its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from skimage.measure import marching_cubes

if TYPE_CHECKING:
    from collections.abc import Sequence

Points = NDArray[np.float64]

COARSENING = 4
"""A grid is first sampled at this multiple of its spacing; only nodes near the surface are then sampled exactly."""

SURFACES_KEPT = 12
"""Surfaces that stay prepared for further questions."""

BAND = 7.0
"""Half-width, in voxels, of the band around the surface that is sampled exactly."""


def signed_distance(points: Points, vertices: Points, triangles: NDArray[np.int64]) -> NDArray[np.float64]:
    """Exact signed distances of points to a closed surface.

    points : (n, 3) mm
    vertices : (k, 3) mm
    triangles : (m, 3)

    Returns (n,) mm, positive outside.
    """
    return closest_point(points, vertices, triangles)[0]


def closest_point(
    points: Points, vertices: Points, triangles: NDArray[np.int64]
) -> tuple[NDArray[np.float64], Points, NDArray[np.int64]]:
    """Exact signed distance (n,), nearest point on the surface (n, 3) and its triangle (n,) for each point.

    The surface is prepared once: as long as the same two arrays are asked again, they must not be changed in place.
    """
    if len(points) == 0:
        return np.zeros(0), np.zeros((0, 3)), np.zeros(0, dtype=np.int64)
    trees = _trees(_Same(vertices, triangles))
    asked = np.ascontiguousarray(points, dtype=np.float64)
    squared, face, nearest = trees.boxes.squared_distance(trees.vertices, trees.triangles, asked)
    inside = trees.winding.winding_number(asked) > 0.5
    distance = np.where(inside, -1.0, 1.0) * np.sqrt(np.asarray(squared, dtype=np.float64).ravel())
    return distance, np.asarray(nearest), np.asarray(face, dtype=np.int64).ravel()


class _Same:
    """Two arrays as a key: the same arrays, not equal ones. It holds them, so that no other can take their place."""

    def __init__(self, vertices: Points, triangles: NDArray[np.int64]) -> None:
        self.vertices = vertices
        self.triangles = triangles

    def __hash__(self) -> int:
        return hash((id(self.vertices), id(self.triangles)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.vertices is other.vertices and self.triangles is other.triangles


class _Trees:
    """What makes a surface quick to ask: a tree of boxes and one of winding numbers."""

    def __init__(self, vertices: Points, triangles: NDArray[np.int64]) -> None:
        self.vertices = np.ascontiguousarray(vertices, dtype=np.float64)
        self.triangles = np.ascontiguousarray(triangles, dtype=np.int64)
        self.boxes = igl.AABB()
        self.boxes.init(self.vertices, self.triangles)
        self.winding = igl.FastWindingNumberBVH()
        self.winding.init(self.vertices, self.triangles, 2)


@lru_cache(maxsize=SURFACES_KEPT)
def _trees(surface: _Same) -> _Trees:
    return _Trees(surface.vertices, surface.triangles)


@dataclass(frozen=True)
class DistanceField:
    """Signed distance of one closed surface on a regular grid, read by trilinear interpolation.

    samples : (nx, ny, nz, 4) float32: the distance in mm and its gradient at each node
    lower : (3,) mm: position of node (0, 0, 0)
    spacing : mm between nodes
    """

    samples: NDArray[np.float32]
    lower: Points
    spacing: float

    @classmethod
    def of_values(cls, values: NDArray[np.float32], lower: Points, spacing: float) -> DistanceField:
        """A field from distances (nx, ny, nz) alone; gradients by central differences."""
        gradient = np.gradient(values, spacing)
        samples = np.stack([values, *gradient], axis=-1).astype(np.float32)
        return cls(samples, np.asarray(lower, dtype=np.float64), float(spacing))

    @classmethod
    def of_surface(
        cls, vertices: Points, triangles: NDArray[np.int64], spacing: float = 2.0, margin: float = 24.0
    ) -> DistanceField:
        """Sample a closed surface.

        spacing : mm between nodes
        margin : mm of space around the surface's box that the grid covers
        """
        lower = vertices.min(axis=0) - margin
        coarse_spacing = spacing * COARSENING
        coarse_shape = np.ceil((vertices.max(axis=0) + margin - lower) / coarse_spacing).astype(int) + 1
        coarse = signed_distance(_nodes(lower, coarse_shape, coarse_spacing), vertices, triangles)
        coarse_field = cls.of_values(coarse.reshape(coarse_shape).astype(np.float32), lower, coarse_spacing)
        shape = (coarse_shape - 1) * COARSENING + 1
        nodes = _nodes(lower, shape, spacing)
        values = coarse_field(nodes)[0]
        near = np.abs(values) < BAND * spacing
        values[near] = signed_distance(nodes[near], vertices, triangles)
        return cls.of_values(values.reshape(shape).astype(np.float32), lower, spacing)

    @classmethod
    def of_filled(
        cls, vertices: Points, triangles: NDArray[np.int64], radius: float, spacing: float = 2.0, margin: float = 24.0
    ) -> DistanceField:
        """Sample a closed surface whose holes and grooves narrower than twice `radius` mm are filled (a closing)."""
        plain = cls.of_surface(vertices, triangles, spacing, margin)
        grown, faces = _level_set(plain, radius)
        shape = np.array(plain.values.shape)
        outside = signed_distance(_nodes(plain.lower, shape, spacing), grown, faces)
        return cls.of_values((outside.reshape(shape) + radius).astype(np.float32), plain.lower, spacing)

    @property
    def values(self) -> NDArray[np.float32]:
        """(nx, ny, nz) distances at the nodes, mm."""
        return self.samples[..., 0]

    def __call__(self, points: Points) -> tuple[NDArray[np.float64], Points]:
        """Distance (n,) in mm and unit outward direction (n, 3) at points (n, 3).

        A point beyond the grid gets the distance at the nearest place of the grid plus the way there.
        """
        shape = np.array(self.samples.shape[:3])
        wanted, inside = self._place(points)
        index = inside.astype(np.int64)
        fraction = (inside - index).astype(np.float32)
        weights = (1.0 - fraction).T, fraction.T
        strides = np.array([shape[1] * shape[2], shape[2], 1])
        base = index @ strides
        flat = self.samples.reshape(-1, 4)
        mixed = np.zeros((len(points), 4))
        for corner in np.ndindex(2, 2, 2):
            step = np.array(corner)
            weight = weights[corner[0]][0] * weights[corner[1]][1] * weights[corner[2]][2]
            mixed += weight[:, None] * flat[base + int(step @ strides)]
        beyond = np.linalg.norm(wanted - inside, axis=1) * self.spacing
        direction = mixed[:, 1:] / np.maximum(np.linalg.norm(mixed[:, 1:], axis=1, keepdims=True), 1e-6)
        return mixed[:, 0] + beyond, direction

    def distance(self, points: Points) -> NDArray[np.float64]:
        """Distance (n,) in mm alone, several times faster."""
        wanted, inside = self._place(points)
        found = map_coordinates(self.samples[..., 0], inside.T, order=1, mode="nearest", output=np.float64)
        return np.asarray(found + np.linalg.norm(wanted - inside, axis=1) * self.spacing)

    def _place(self, points: Points) -> tuple[Points, Points]:
        """Grid coordinates (n, 3) of points, and those of the nearest place within the grid."""
        wanted = (points - self.lower) / self.spacing
        return wanted, np.clip(wanted, 0.0, np.array(self.samples.shape[:3]) - 1.001)


def _level_set(field: DistanceField, level: float) -> tuple[Points, NDArray[np.int64]]:
    """The outward surface at `level` mm from that of a field."""
    found = marching_cubes(field.values, level, spacing=(field.spacing,) * 3)
    vertices, triangles = found[0].astype(np.float64) + field.lower, found[1].astype(np.int64)
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    outward = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0.0
    return vertices, triangles if outward else triangles[:, ::-1]


def _nodes(lower: Points, shape: NDArray[np.int64], spacing: float) -> Points:
    axes = [lower[axis] + spacing * np.arange(shape[axis]) for axis in range(3)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


def nearest_of(fields: Sequence[DistanceField], points: Points) -> tuple[NDArray[np.float64], Points]:
    """Distance (n,) and direction (n, 3) to the nearest of several surfaces."""
    distance = np.full(len(points), np.inf)
    direction = np.zeros((len(points), 3))
    for field in fields:
        d, n = field(points)
        closer = d < distance
        distance = np.where(closer, d, distance)
        direction = np.where(closer[:, None], n, direction)
    return distance, direction


def settle(
    fields: Sequence[DistanceField],
    points: Points,
    distance: float | NDArray[np.float64] = 0.0,
    rounds: int = 8,
) -> Points:
    """Move points (n, 3) along the shortest way until they lie `distance` mm, or (n,) mm, from the nearest surface."""
    moved = np.array(points, dtype=np.float64)
    for _ in range(rounds):
        d, n = nearest_of(fields, moved)
        moved -= (d - distance)[:, None] * n
    return moved
