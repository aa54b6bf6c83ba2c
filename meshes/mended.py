"""A closed solid out of a surface that is open, flaky, double or in pieces, so that distances to it can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from meshes.distance import DistanceField, signed_distance
from meshes.implicit import Block
from meshes.surface import area_mm2, is_closed, volume_mm3, weld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshes.atlas import Surface
    from meshes.loft import Solid

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR_MM = 1e-4
"""Corners nearer to each other than this are one."""

FLAKE = 0.02
"""Part of the whole area below which a loose piece is a flake."""

WITHIN = 0.9
"""Part of the corners of an inner skin that lie within the outer one."""

PATCHED = 0.15
"""Part of the area that may be patches over holes; where more is missing, the solid is made anew."""

LEAST_MM3 = 10.0
"""A surface around less than this encloses no space."""

SPACING = 1.2
"""mm of the grid on which a solid is made anew."""


class MendError(ValueError):
    """A surface that holds no solid; the message says why."""


@dataclass(frozen=True)
class Mended:
    """A closed solid, vertices (n, 3) mm and outward triangles (m, 3), and in words what was done to make it one."""

    vertices: Array
    triangles: Ints
    done: Sequence[str]

    @property
    def solid(self) -> Solid:
        """Vertices and triangles."""
        return self.vertices, self.triangles


def mended(surface: Surface) -> Mended:
    """The solid that a surface bounds, or was meant to bound: its own triangles wherever they are sound.

    Raises MendError if nothing of it encloses a space.
    """
    vertices, triangles = weld(np.round(surface.vertices / NEAR_MM) * NEAR_MM, surface.triangles)
    triangles = _once(triangles)
    if not len(triangles):
        raise MendError("it has no triangle with an area")
    done: list[str] = []
    triangles = _without_fins(triangles, done)
    triangles = _without_flakes(vertices, _turned_alike(triangles), done)
    triangles = _without_inner(vertices, _outward(vertices, triangles), done)
    large = int(_pieces(triangles).max()) + 1
    whole, patches = _closed(vertices, triangles, done)
    if large > 1 or patches > PATCHED * area_mm2(vertices, triangles) or not is_closed(whole[1]):
        return _made_anew(vertices, triangles, done)
    solid = _used(*whole)
    if volume_mm3(*solid) < LEAST_MM3:
        raise MendError("it encloses no space")
    return Mended(*solid, tuple(done))


def _once(triangles: Ints) -> Ints:
    """Triangles of which none joins the same three corners as another."""
    _, first = np.unique(np.sort(triangles, axis=1), axis=0, return_index=True)
    return triangles[np.sort(first)]


def _turned_alike(triangles: Ints) -> Ints:
    """The same triangles, those of a piece turned the same way round."""
    return np.asarray(igl.bfs_orient(np.ascontiguousarray(triangles, dtype=np.int64))[0], dtype=np.int64)


def _edges(triangles: Ints) -> Ints:
    """(3 m, 2) directed edges, triangle by triangle."""
    return triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)


def _pieces(triangles: Ints) -> Ints:
    """(m,) number of the piece that each triangle belongs to; triangles that share an edge are of one piece."""
    count = len(triangles)
    _, edge = np.unique(np.sort(_edges(triangles), axis=1), axis=0, return_inverse=True)
    owner = np.repeat(np.arange(count), 3)
    links = coo_array((np.ones(3 * count), (owner, count + edge.ravel())), shape=(count + 3 * count,) * 2)
    return np.unique(connected_components(links, directed=False)[1][:count], return_inverse=True)[1].ravel()


def _without_fins(triangles: Ints, done: list[str]) -> Ints:
    """Triangles without those that stand out from an edge of others and end in nothing."""
    kept = triangles
    while len(kept):
        _, edge, count = np.unique(np.sort(_edges(kept), axis=1), axis=0, return_inverse=True, return_counts=True)
        shared = count[edge.ravel()].reshape(-1, 3)
        fin = (shared > 2).any(axis=1) & (shared == 1).any(axis=1)
        if not fin.any():
            break
        kept = kept[~fin]
    if len(kept) < len(triangles):
        done.append(f"{len(triangles) - len(kept)} triangles that stood out from others left out")
    return kept


def _areas(vertices: Array, triangles: Ints) -> NDArray[np.float64]:
    corners = vertices[triangles]
    square = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.asarray(np.linalg.norm(square, axis=1) / 2.0)


def _without_flakes(vertices: Array, triangles: Ints, done: list[str]) -> Ints:
    """Triangles without loose flakes, and without those that stand on an edge between two larger ones."""
    largest_first = triangles[np.argsort(-_areas(vertices, triangles), kind="stable")]
    first = np.zeros(3 * len(triangles), dtype=bool)
    first[np.unique(_edges(largest_first), axis=0, return_index=True)[1]] = True
    kept = largest_first[first.reshape(-1, 3).all(axis=1)]
    if len(kept) < len(triangles):
        done.append(f"{len(triangles) - len(kept)} triangles on edges that two others share left out")
    piece = _pieces(kept)
    area = np.bincount(piece, _areas(vertices, kept))
    small = area < FLAKE * area.sum()
    if small.any():
        done.append(f"{int(small.sum())} loose flakes left out")
    return np.asarray(kept[~small[piece]])


def _closed(vertices: Array, triangles: Ints, done: list[str]) -> tuple[Solid, float]:
    """The surface with every hole closed by a fan from its middle, and the area of these fans, mm²."""
    loops = _borders(triangles)
    if not loops:
        return (vertices, triangles), 0.0
    middles = np.stack([vertices[loop].mean(axis=0) for loop in loops])
    fans = [
        np.stack([np.roll(loop, -1), loop, np.full(len(loop), len(vertices) + k)], axis=1)
        for k, loop in enumerate(loops)
    ]
    points = np.concatenate([vertices, middles])
    patches = np.concatenate(fans)
    done.append(f"{len(loops)} holes closed, the widest with {max(len(loop) for loop in loops)} edges")
    return (points, np.concatenate([triangles, patches])), area_mm2(points, patches)


def _borders(triangles: Ints) -> list[Ints]:
    """The closed ways along the border of a surface of which no directed edge occurs twice."""
    edges = _edges(triangles)
    size = int(triangles.max()) + 1
    open_edges = edges[~np.isin(edges @ (size, 1), edges @ (1, size))]
    onward: dict[int, list[int]] = {}
    for start, end in open_edges.tolist():
        onward.setdefault(start, []).append(end)
    loops = []
    while onward:
        way = [next(iter(onward))]
        while way[-1] in onward:
            ends = onward[way[-1]]
            step = ends.pop()
            if not ends:
                del onward[way[-1]]
            if step in way:
                loops.append(np.array(way[way.index(step) :], dtype=np.int64))
                del way[way.index(step) + 1 :]
            else:
                way.append(step)
    return loops


def _outward(vertices: Array, triangles: Ints) -> Ints:
    """Triangles of several pieces, each turned so that it encloses a space from inside."""
    turned = triangles.copy()
    piece = _pieces(triangles)
    for number in range(int(piece.max()) + 1):
        mine = triangles[piece == number]
        if volume_mm3(vertices - vertices[mine].mean(axis=(0, 1)), mine) < 0.0:
            turned[piece == number] = mine[:, ::-1]
    return turned


def _used(vertices: Array, triangles: Ints) -> Solid:
    """The same triangles, corners that none of them has left out."""
    corners, place = np.unique(triangles, return_inverse=True)
    return np.ascontiguousarray(vertices[corners]), np.ascontiguousarray(place.reshape(-1, 3), dtype=np.int64)


def _without_inner(vertices: Array, triangles: Ints, done: list[str]) -> Ints:
    """Triangles without pieces that lie inside another one: the inner skin of a surface that has two."""
    piece = _pieces(triangles)
    inner = []
    for number in range(int(piece.max()) + 1):
        mine, others = triangles[piece == number], triangles[piece != number]
        if len(others) and (signed_distance(vertices[np.unique(mine)], vertices, others) < 0.0).mean() > WITHIN:
            inner.append(number)
    if inner:
        done.append(f"{len(inner)} inner skins left out")
    return triangles[~np.isin(piece, inner)]


def _made_anew(vertices: Array, triangles: Ints, done: Sequence[str]) -> Mended:
    """The surface around everything that the triangles wind around, sampled on a grid."""
    field = DistanceField.of_surface(vertices, triangles, SPACING, margin=4.0 * SPACING)
    if not (field.values < 0.0).any():
        raise MendError("it encloses no space")
    found, faces = Block(field.lower, SPACING, field.values.shape).surface(field.values.astype(np.float64))
    piece = _pieces(faces)
    area = np.bincount(piece, _areas(found, faces))
    return Mended(
        *_used(found, faces[area[piece] >= FLAKE * area.sum()]),
        (*done, f"its outside made anew on a grid of {SPACING} mm"),
    )
