"""Exact signed distances to closed surfaces, and quick answers to who may be near.

Distances are in millimetres, positive outside, negative inside, with inside decided by winding number, so a thin or
nearly touching surface never flips its sign.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import igl
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

SURFACES_KEPT = 48
"""Surfaces that stay prepared for further questions: all that lies around one nerve."""

ROUGH_STEP, ROUGH_NODES = 3.0, 3
"""mm between the nodes by which points are told to be far, and how many of them lie beside the box of a surface."""

ROUGH_MARGIN = ROUGH_STEP * (ROUGH_NODES - 0.5)
"""mm from that box up to which they are asked."""

ROUGH, CERTAIN = 1.0, 0.3
"""Accuracy of the first winding number, and how far it must lie from one half to be believed: its error is below 0.3,
that of igl's usual accuracy (2) below 0.01."""


def signed_distance(points: Points, vertices: Points, triangles: NDArray[np.int64]) -> NDArray[np.float64]:
    """Exact signed distances of points to a closed surface.

    points : (n, 3) mm
    vertices : (k, 3) mm
    triangles : (m, 3)

    Returns (n,) mm, positive outside.
    """
    return closest_point(points, vertices, triangles)[0]


def least_distance(points: Points, vertices: Points, triangles: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,) mm that the signed distances of points to a closed surface do not fall below: quick, and rarely 3 mm less.

    The surface is prepared as for `closest_point`; what is found holds for all later questions about it.
    """
    return _trees(Same(vertices, triangles)).least(np.asarray(points, dtype=np.float64))


def inside(points: Points, vertices: Points, triangles: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) whether points lie inside a closed surface, prepared as for `closest_point`."""
    return _trees(Same(vertices, triangles)).inside(np.asarray(points, dtype=np.float64))


def closest_point(
    points: Points, vertices: Points, triangles: NDArray[np.int64]
) -> tuple[NDArray[np.float64], Points, NDArray[np.int64]]:
    """Exact signed distance (n,), nearest point on the surface (n, 3) and its triangle (n,) for each point.

    The surface is prepared once: as long as the same two arrays are asked again, they must not be changed in place.
    """
    if len(points) == 0:
        return np.zeros(0), np.zeros((0, 3)), np.zeros(0, dtype=np.int64)
    return _trees(Same(vertices, triangles)).distance(points)


class Same:
    """Two arrays as a key: the same arrays, not equal ones. It holds them, so that no other can take their place."""

    def __init__(self, vertices: Points, triangles: NDArray[np.int64]) -> None:
        self.vertices = vertices
        self.triangles = triangles

    def __hash__(self) -> int:
        return hash((id(self.vertices), id(self.triangles)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.vertices is other.vertices and self.triangles is other.triangles


class _Trees:
    """What makes a surface quick to ask: a tree of boxes and one of winding numbers."""

    def __init__(self, vertices: Points, triangles: NDArray[np.int64]) -> None:
        self.vertices = np.ascontiguousarray(vertices, dtype=np.float64)
        self.triangles = np.ascontiguousarray(triangles, dtype=np.int64)
        self._low, self._high = self.vertices.min(axis=0), self.vertices.max(axis=0)

    def least(self, points: Points) -> NDArray[np.float64]:
        """(n,) mm that the signed distances of points do not fall below, by the distance of the nearest rough node."""
        outside = np.maximum(np.maximum(self._low - points, points - self._high), 0.0)
        least = np.sqrt((outside * outside).sum(axis=1))
        close = np.flatnonzero(least < ROUGH_MARGIN)
        if len(close):
            wanted = (points[close] - self._low) / ROUGH_STEP + ROUGH_NODES
            place = np.rint(wanted)
            away = ROUGH_STEP * np.sqrt(((wanted - place) ** 2).sum(axis=1))
            x, y, z = place.astype(np.int64).T
            nodes = (x * self._rough.shape[1] + y) * self._rough.shape[2] + z
            values = self._rough.reshape(-1)
            new = np.unique(nodes[np.isnan(values[nodes])])
            if len(new):
                at = np.stack(np.unravel_index(new, self._rough.shape), axis=1) - ROUGH_NODES
                values[new] = self.distance(self._low + ROUGH_STEP * at)[0]
            least[close] = values[nodes] - away
        return np.asarray(least)

    @cached_property
    def _rough(self) -> Points:
        """Signed distances at the nodes of a wide grid around the surface, those that nobody asked for not a number."""
        shape = np.ceil((self._high - self._low) / ROUGH_STEP).astype(int) + 2 * ROUGH_NODES + 1
        return np.full(shape, np.nan)

    def distance(self, points: Points) -> tuple[NDArray[np.float64], Points, NDArray[np.int64]]:
        """What `closest_point` tells."""
        asked = np.ascontiguousarray(points, dtype=np.float64)
        squared, face, nearest = self.boxes.squared_distance(self.vertices, self.triangles, asked)
        distance = np.where(self.inside(asked), -1.0, 1.0) * np.sqrt(np.asarray(squared, dtype=np.float64).ravel())
        return distance, np.asarray(nearest), np.asarray(face, dtype=np.int64).ravel()

    @cached_property
    def boxes(self) -> igl.AABB:
        """Boxes of the triangles."""
        boxes = igl.AABB()
        boxes.init(self.vertices, self.triangles)
        return boxes

    @cached_property
    def winding(self) -> igl.FastWindingNumberBVH:
        """Winding numbers of the triangles."""
        winding = igl.FastWindingNumberBVH()
        winding.init(self.vertices, self.triangles, 2)
        return winding

    def inside(self, points: Points) -> NDArray[np.bool_]:
        """(n,) whether points lie inside: outside the box of all none does, and few need more than a rough answer."""
        within = np.flatnonzero(np.all((points >= self._low) & (points <= self._high), axis=1))
        inside = np.zeros(len(points), dtype=bool)
        if len(within):
            asked = points[within]
            number = self.winding.winding_number(asked, ROUGH)
            doubtful = np.flatnonzero(np.abs(number - 0.5) < CERTAIN)
            if len(doubtful):
                number[doubtful] = self.winding.winding_number(asked[doubtful])
            inside[within] = number > 0.5
        return inside


@lru_cache(maxsize=SURFACES_KEPT)
def _trees(surface: Same) -> _Trees:
    return _Trees(surface.vertices, surface.triangles)
