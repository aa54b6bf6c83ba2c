"""Signed distances to closed surfaces, sampled on a voxel grid for the many queries of the modeller.

Distances are in millimetres, positive outside, negative inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from skimage.measure import marching_cubes

from meshes.nearest import closest_point, signed_distance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DistanceField", "closest_point", "nearest_of", "settle", "signed_distance"]

Points = NDArray[np.float64]

COARSENING = 4
"""A grid is first sampled at this multiple of its spacing; only nodes near the surface are then sampled exactly."""

BAND = 7.0
"""Half-width, in voxels, of the band around the surface that is sampled exactly."""

BRICK = 4
"""Cells along each edge of the pieces in which a grid is sampled, each when it is first asked."""

SLACK = 1.0
"""mm by which a field may read nearer than its surface is, where holes of it are filled."""

CORNERS = tuple(np.ndindex(2, 2, 2))
"""Steps from a cell's first node to each of its corners."""

BRICKS_AT_ONCE = 1000
"""Bricks that are sampled at once."""


@dataclass(frozen=True)
class DistanceField:
    """Signed distance of one closed surface on a regular grid, read by trilinear interpolation.

    samples : (nx, ny, nz, 4) float32: the distance in mm and its gradient at each node
    lower : (3,) mm: position of node (0, 0, 0)
    spacing : mm between nodes
    box : (2, 3) mm around the surface, if known: nowhere is the distance less than that to the box
    """

    samples: NDArray[np.float32]
    lower: Points
    spacing: float
    box: Points | None = None
    _bricks: _Bricks | None = field(default=None, repr=False)

    @classmethod
    def of_values(
        cls, values: NDArray[np.float32], lower: Points, spacing: float, box: Points | None = None
    ) -> DistanceField:
        """A field from distances (nx, ny, nz) alone; gradients by central differences."""
        gradient = np.gradient(values, spacing)
        samples = np.stack([values, *gradient], axis=-1).astype(np.float32)
        return cls(samples, np.asarray(lower, dtype=np.float64), float(spacing), box)

    @classmethod
    def of_function(
        cls,
        distance: Callable[[Points], NDArray[np.float64]],
        shape: NDArray[np.int64],
        lower: Points,
        spacing: float,
        box: Points | None = None,
    ) -> DistanceField:
        """A field of (nx, ny, nz) nodes whose distances a function of points tells; asked where the field is read."""
        samples = np.empty((*(int(n) for n in shape), 4), dtype=np.float32)
        lower = np.asarray(lower, dtype=np.float64)
        return cls(samples, lower, float(spacing), box, _Bricks(samples, lower, float(spacing), distance))

    @classmethod
    def of_surface(
        cls, vertices: Points, triangles: NDArray[np.int64], spacing: float = 2.0, margin: float = 24.0
    ) -> DistanceField:
        """Sample a closed surface.

        spacing : mm between nodes
        margin : mm of space around the surface's box that the grid covers
        """
        box = np.stack([vertices.min(axis=0), vertices.max(axis=0)])
        lower = box[0] - margin
        coarse_spacing = spacing * COARSENING
        coarse_shape = np.ceil((box[1] + margin - lower) / coarse_spacing).astype(int) + 1
        coarse = cls.of_function(
            lambda nodes: signed_distance(nodes, vertices, triangles), coarse_shape, lower, coarse_spacing
        )

        def distance(nodes: Points) -> NDArray[np.float64]:
            values = coarse(nodes)[0]
            near = np.abs(values) < BAND * spacing
            values[near] = signed_distance(nodes[near], vertices, triangles)
            return values

        return cls.of_function(distance, (coarse_shape - 1) * COARSENING + 1, lower, spacing, box)

    @classmethod
    def of_filled(
        cls, vertices: Points, triangles: NDArray[np.int64], radius: float, spacing: float = 2.0, margin: float = 24.0
    ) -> DistanceField:
        """Sample a closed surface whose holes and grooves narrower than twice `radius` mm are filled (a closing)."""
        plain = cls.of_surface(vertices, triangles, spacing, margin)
        grown, faces = _level_set(plain, radius)
        shape = np.array(plain.samples.shape[:3])
        return cls.of_function(
            lambda nodes: signed_distance(nodes, grown, faces) + radius, shape, plain.lower, plain.spacing
        )

    @property
    def values(self) -> NDArray[np.float32]:
        """(nx, ny, nz) distances at the nodes, mm."""
        if self._bricks is not None:
            self._bricks.fill()
        return self.samples[..., 0]

    def __call__(self, points: Points) -> tuple[NDArray[np.float64], Points]:
        """Distance (n,) in mm and unit outward direction (n, 3) at points (n, 3).

        A point beyond the grid gets the distance at the nearest place of the grid plus the way there.
        """
        wanted, inside, index = self._place(points)
        mixed = self._read(inside, index)
        return mixed[:, 0] + self._beyond(wanted, inside), _unit(mixed[:, 1:])

    def distance(self, points: Points) -> NDArray[np.float64]:
        """Distance (n,) in mm alone, several times faster."""
        wanted, inside, _ = self._place(points)
        found = map_coordinates(self.samples[..., 0], inside.T, order=1, mode="nearest", output=np.float64)
        return np.asarray(found + self._beyond(wanted, inside))

    def near(self, points: Points, reach: float) -> NDArray[np.int64]:
        """(k,) those of the points (n, 3) that may lie nearer than `reach` mm: all of them if the box is not known."""
        if self.box is None:
            return np.arange(len(points))
        low, high = self.box[0] - (reach + SLACK), self.box[1] + (reach + SLACK)
        return np.flatnonzero(np.all((points > low) & (points < high), axis=1))

    def push(self, points: Points, keep: float | NDArray[np.float64], most: float) -> Points:
        """(n, 3) moves that bring points to `keep` mm, or (n,) mm, from the surface, none longer than `most` mm."""
        moves = np.zeros(points.shape)
        if len(points) == 0:
            return moves
        asked = np.broadcast_to(np.asarray(keep, dtype=np.float64), len(points))
        rows = self.near(points, float(asked.max()))
        if len(rows) == 0:
            return moves
        wanted, inside, index = self._place(points[rows])
        distance = self._read_distance(inside, index) + self._beyond(wanted, inside)
        short = np.flatnonzero(asked[rows] - distance > 0.0)
        if len(short):
            direction = _unit(self._read(inside[short], index[short])[:, 1:])
            close = rows[short]
            moves[close] = np.clip(asked[close] - distance[short], 0.0, most)[:, None] * direction
        return moves

    def _place(self, points: Points) -> tuple[Points, Points, NDArray[np.int64]]:
        """Grid coordinates (n, 3) of points, those of the nearest within the grid, and its cell, sampled."""
        wanted = (points - self.lower) / self.spacing
        inside = np.clip(wanted, 0.0, np.array(self.samples.shape[:3]) - 1.001)
        index = inside.astype(np.int64)
        if self._bricks is not None:
            self._bricks.sample(index)
        return wanted, inside, index

    def _read(self, inside: Points, index: NDArray[np.int64]) -> Points:
        """(n, 4) distance and gradient at grid coordinates (n, 3) in cells (n, 3)."""
        flat, base, (x, y, z) = self.samples.reshape(-1, 4), self._first(index), _weights(inside, index)
        mixed = np.zeros((len(inside), 4))
        for i, j, k in CORNERS:
            mixed += (x[i] * y[j] * z[k])[:, None] * flat.take(base + self._step(i, j, k), axis=0)
        return mixed

    def _read_distance(self, inside: Points, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n,) the first of what `_read` gives."""
        x, y, z = _weights(inside, index)
        steps = np.array([self._step(*corner) for corner in CORNERS])
        found = self.samples.reshape(-1, 4)[:, 0][self._first(index) + steps[:, None]]
        found *= np.stack([x[i] * y[j] * z[k] for i, j, k in CORNERS])
        return np.asarray(np.add.reduce(found, axis=0, dtype=np.float64))

    def _first(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of the first nodes of cells (n, 3)."""
        return np.asarray((index[:, 0] * self.samples.shape[1] + index[:, 1]) * self.samples.shape[2] + index[:, 2])

    def _step(self, i: int, j: int, k: int) -> int:
        """From the number of a cell's first node to that of another of its corners."""
        return int((i * self.samples.shape[1] + j) * self.samples.shape[2] + k)

    def _beyond(self, wanted: Points, inside: Points) -> NDArray[np.float64] | float:
        """(n,) mm from grid coordinates to those within the grid, or 0 for all."""
        return 0.0 if np.array_equal(wanted, inside) else np.linalg.norm(wanted - inside, axis=1) * self.spacing


def _weights(inside: Points, index: NDArray[np.int64]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """For each axis the shares (n,) of the nodes before and after grid coordinates (n, 3) in cells (n, 3)."""
    return [(1.0 - along, along) for along in (inside - index).astype(np.float32).T]


def _unit(slope: Points) -> Points:
    square = slope * slope
    length = np.sqrt(square[:, 0] + square[:, 1] + square[:, 2])
    return np.asarray(slope / np.maximum(length, 1e-6)[:, None])


class _Bricks:
    """The nodes of a grid, sampled brick by brick where they are asked for: most of a grid never is."""

    def __init__(
        self,
        samples: NDArray[np.float32],
        lower: Points,
        spacing: float,
        distance: Callable[[Points], NDArray[np.float64]],
    ) -> None:
        self._samples = samples
        self._lower, self._spacing, self._distance = lower, spacing, distance
        self._shape = np.array(samples.shape[:3])
        self._known = np.zeros(int(self._shape.prod()), dtype=bool)
        self._once = np.empty(len(self._known), dtype=np.int32)
        self._ready = np.zeros(tuple(-(-self._shape // BRICK)), dtype=bool)

    def fill(self) -> None:
        """Sample all that is not."""
        self._sample_bricks(np.argwhere(~self._ready))

    def sample(self, cells: NDArray[np.int64]) -> None:
        """Sample the corners of cells (n, 3)."""
        bricks = cells // BRICK
        new = ~self._ready[bricks[:, 0], bricks[:, 1], bricks[:, 2]]
        if new.any():
            self._sample_bricks(np.unique(bricks[new], axis=0))

    def _sample_bricks(self, bricks: NDArray[np.int64]) -> None:
        for start in range(0, len(bricks), BRICKS_AT_ONCE):
            part = bricks[start : start + BRICKS_AT_ONCE]
            wide = self._nodes(part, -1, BRICK + 1)
            new = wide[~self._known[wide]]
            if len(new):
                order = np.arange(len(new), dtype=np.int32)
                self._once[new] = order  # of nodes that bricks share, one stays
                self._know(new[self._once[new] == order])
            self._slope(self._nodes(part, 0, BRICK))
            self._ready[tuple(part.T)] = True

    def _nodes(self, bricks: NDArray[np.int64], first: int, last: int) -> NDArray[np.int64]:
        """Numbers of the nodes of bricks (k, 3), from the first to the last along each edge, inside the grid."""
        steps = np.arange(first, last + 1)
        x, y, z = (np.clip(bricks[:, k, None] * BRICK + steps, 0, self._shape[k] - 1) for k in range(3))
        rows = x[:, :, None] * self._shape[1] + y[:, None]
        return np.asarray((rows[..., None] * self._shape[2] + z[:, None, None]).ravel())

    def _know(self, nodes: NDArray[np.int64]) -> None:
        place = np.stack(np.unravel_index(nodes, tuple(self._shape)), axis=1)
        self._samples.reshape(-1, 4)[nodes, 0] = self._distance(self._lower + self._spacing * place)
        self._known[nodes] = True

    def _slope(self, nodes: NDArray[np.int64]) -> None:
        """Set the gradients at nodes by central differences, at the rim of the grid by those to one side."""
        flat = self._samples.reshape(-1, 4)
        for axis, place in enumerate(np.unravel_index(nodes, tuple(self._shape))):
            stride = int(self._shape[axis + 1 :].prod())
            before, after = place > 0, place < self._shape[axis] - 1
            rise = flat[nodes + stride * after, 0] - flat[nodes - stride * before, 0]
            step = np.where(before & after, np.float32(2.0 * self._spacing), np.float32(self._spacing))
            flat[nodes, axis + 1] = rise / step


def _level_set(of: DistanceField, level: float) -> tuple[Points, NDArray[np.int64]]:
    """The outward surface at `level` mm from that of a field."""
    found = marching_cubes(of.values, level, spacing=(of.spacing,) * 3)
    vertices, triangles = found[0].astype(np.float64) + of.lower, found[1].astype(np.int64)
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
    for each in fields:
        d, n = each(points)
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
