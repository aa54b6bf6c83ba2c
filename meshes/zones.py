"""Zones of described pain on the real skin: bands that follow the surface, by distance along it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import igl
import numpy as np
import trimesh
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.pain import vertex_areas
from meshes.places import point_of
from meshes.pressing import Rays

if TYPE_CHECKING:
    from annotations.trigger_point import Seen, Spared, Stroke, Zone
    from meshes.atlas import Surface
    from meshes.body import LimbSide

Array = NDArray[np.float64]

STEP = 4.0
"""mm between the points of a stroke that are laid onto the skin."""


SLANTED = 60.0
"""mm that the way out to the skin may be longer than twice the shortest."""


class SkinChart:
    """A skin on which distances are measured along the surface (heat method; Crane 2013, as libigl has it)."""

    def __init__(self, skin: Surface) -> None:
        self.skin = skin
        self._solver = igl.HeatGeodesicsData()
        igl.heat_geodesics_precompute(skin.vertices, np.asarray(skin.triangles, dtype=np.int64), self._solver)
        self._tree = cKDTree(skin.vertices)
        self._rays = Rays(skin)
        self._areas = vertex_areas(skin)

    def over(self, points: Array, outward: Array) -> NDArray[np.int64]:
        """Indices (k,) of the skin's vertices over (k, 3) points within the body, seen along `outward` (3,).

        A point from which that way out is long is taken to the nearest vertex instead, as is one outside the skin.
        """
        return np.asarray(self._tree.query(self._out(points, outward))[1], dtype=np.int64)

    def _out(self, points: Array, outward: Array) -> Array:
        """(k, 3) where the skin lies over points; a point itself where the way there is long."""
        way = self._rays.first(points, np.broadcast_to(outward, points.shape).copy())
        nearest = self._tree.query(points)[0]
        way = np.where(way <= 2.0 * nearest + SLANTED, way, 0.0)
        return np.asarray(points + outward * way[:, None])

    def place(self, point: Array, outward: Array) -> tuple[int, Array]:
        """The triangle of the skin that lies over a point (3,), and the barycentric coordinates (3,) there."""
        target = self._out(point[None], outward)
        _, (triangle,), at = igl.point_mesh_squared_distance(target, self.skin.vertices, self.skin.triangles)
        corners = self.skin.vertices[self.skin.triangles[[triangle]]]
        return int(triangle), np.asarray(trimesh.triangles.points_to_barycentric(corners, at)[0])

    def nearest(self, points: Array) -> NDArray[np.int64]:
        """Indices (k,) of the skin's vertices nearest to (k, 3) points."""
        return np.asarray(self._tree.query(points)[1], dtype=np.int64)

    def area_cm2(self, vertices: NDArray[np.int64]) -> float:
        """cm² of some vertices: a third of each of their triangles."""
        return float(self._areas[vertices].sum()) / 100.0

    def largest(self, vertices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some vertices that hang together by edges and cover most, in ascending order."""
        if len(vertices) == 0:
            return vertices
        edges = self.skin.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
        edges = edges[np.isin(edges, vertices).all(axis=1)]
        groups = trimesh.graph.connected_components(edges, nodes=vertices, min_len=1)
        return np.sort(max(groups, key=self.area_cm2)).astype(np.int64)

    def distance(self, vertices: NDArray[np.int64]) -> Array:
        """(n,) mm along the skin from each vertex to the nearest of these."""
        seeds = np.unique(vertices)
        found = igl.heat_geodesics_solve(self._solver, seeds)
        return np.maximum(np.asarray(found, dtype=np.float64), 0.0)


def stroke_depth(chart: SkinChart, stroke: Stroke, landmarks: Mapping[str, Array], side: LimbSide) -> Array:
    """(n,) mm that each vertex of the skin lies inside a stroke; negative outside."""
    corners = np.stack([point_of(place, landmarks, side) for place in stroke.through])
    line = corners[:1]
    for start, end in pairwise(corners):
        count = max(2, round(float(np.linalg.norm(end - start)) / STEP) + 1)
        line = np.concatenate([line, np.linspace(start, end, count)[1:]])
    over = chart.nearest(line) if stroke.seen == "nearest" else chart.over(line, way_out(stroke.seen, side))
    return stroke.width / 2.0 - chart.distance(over)


def way_out(seen: Seen, side: LimbSide) -> Array:
    """(3,) unit LPS direction from inside the body towards who looks at it from there."""
    lateral = -1.0 if side == "right" else 1.0
    return np.array({"behind": (0.0, 1.0, 0.0), "side": (lateral, 0.0, 0.0), "front": (0.0, -1.0, 0.0)}[seen])


def zone_depth(
    chart: SkinChart, zone: Zone, landmarks: Mapping[str, Array], side: LimbSide, spared: Iterable[Spared] = ()
) -> Array:
    """(n,) mm that each vertex of the skin lies inside a zone; negative outside, and wherever the zone is not to be.

    A zone stays on its side of the midline, unless it reaches over it by its own words; then it is drawn on both.
    """
    depth = region_depth(chart, zone.strokes, landmarks, side, both_sides=zone.both_sides)
    for kept in spared:
        for here in ("right", "left"):
            depth = np.minimum(depth, -stroke_depth(chart, kept.stroke, landmarks, here))
    return np.asarray(depth)


def region_depth(
    chart: SkinChart,
    strokes: Iterable[Stroke],
    landmarks: Mapping[str, Array],
    side: LimbSide,
    *,
    both_sides: bool = False,
) -> Array:
    """(n,) mm that each vertex of the skin lies inside any of some strokes, which stay on their side of the midline."""
    sides: tuple[LimbSide, ...] = ("right", "left") if both_sides else (side,)
    depth = np.max([stroke_depth(chart, stroke, landmarks, here) for here in sides for stroke in strokes], axis=0)
    if not both_sides:
        outward = -1.0 if side == "right" else 1.0
        depth = np.minimum(depth, outward * (chart.skin.vertices[:, 0] - midline(landmarks, chart.skin.vertices)))
    return np.asarray(depth)


def midline(landmarks: Mapping[str, Array], points: Array) -> Array:
    """(n,) x of the midline beside each point, mm: from the symphysis at the front to the sacrum's apex behind."""
    front, back = (np.asarray(landmarks[name]) for name in ("pubic_symphysis", "sacral_apex"))
    along = np.clip((points[:, 1] - front[1]) / (back[1] - front[1]), 0.0, 1.0)
    return np.asarray(front[0] + along * (back[0] - front[0]))


def area_mm2(skin: Surface, depth: Array) -> float:
    """mm² of the skin inside a zone, by its triangles' share of vertices that are inside."""
    corners = skin.vertices[skin.triangles]
    area = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return float((area * (depth[skin.triangles] > 0.0).mean(axis=1)).sum())
