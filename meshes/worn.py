"""A muscle of somebody's own, given as a surface alone, with the rings and fibres that the modeller works on.

The muscle that the modeller grew on the same bones says where such a muscle begins, where it ends and which of its
faces is superficial. A field that solves Laplace's equation on the own surface between these two ends runs as its
fibres do; the lines on which it is constant are the rings.

Source: Choi, Blemker 2013, Skeletal muscle fascicle arrangements can be reconstructed using a Laplacian vector field
simulation, PLoS ONE 8: e77576.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from meshes.distance import closest_point
from meshes.fitted import REACHES, drawn
from meshes.glb import STEP_MM
from meshes.grown import Grown, closed
from meshes.laws import share_below
from meshes.loft import edge_columns, faces_of
from meshes.ribbon import ribbon_normals
from meshes.surface import vertex_normals
from meshes.untangle import relaxed

if TYPE_CHECKING:
    from meshes.loft import Solid

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

FINE = 2.5
"""mm: triangles of an own surface are split until their edges are shorter on average."""

MOST = 40_000
"""Triangles that they are split into at most."""

DRAFT_ROWS = 40
"""Rings of a grown muscle by which it is drawn onto the own one."""

COARSE = 10.0
"""mm of smoothing down to which a grown muscle is drawn onto the own one to find its ends."""

AT_END = 0.002
"""Part of its length at either end that belongs to the end."""

BLUNT = 0.15
"""Part of its length at either end in which what faces along the fibres belongs to the end."""

FACING = 0.75
"""Cosine to the fibres from which on a place of a blunt end faces along them."""

TURNED = 0.25
"""Part of its length at either end where a grown muscle turns to meet its bone: its edges there tell nothing."""

STRIPS = 80
"""Strips of a field by whose widths its rings are spaced."""

NEAR_END = 1e-4
"""Values of a field this near to 0 or 1 belong to its ends."""

MARGIN = 1.0
"""mm from either end to the first and the last ring."""

EVEN = 2.0
"""Rings over which the edges between both faces are evened."""


class WornError(ValueError):
    """A surface on which the rings of a muscle cannot be laid; the message says why."""


@dataclass(frozen=True)
class Apart:
    """How far a worn muscle lies from the own surface, both ways, mm."""

    median: float
    percentile_95: float
    worst: float


def worn(grown: Grown, solid: Solid) -> Grown:
    """The same muscle with somebody's own shape.

    grown : that muscle as the modeller grew it on the same bones
    solid : its own closed surface, vertices (n, 3) mm and outward triangles (m, 3)

    Returns rings on that surface, evenly spaced, ribbon, normals and thickness taken from them.
    Raises WornError if the surface does not run from one end to the other.
    """
    vertices, triangles = split(*solid)
    thin = grown.grid[np.linspace(0, len(grown.grid) - 1, DRAFT_ROWS).astype(int), ::2]
    draft = drawn(*closed(thin), vertices, triangles, [reach for reach in REACHES if reach >= COARSE])
    draft = draft.reshape(thin.shape)
    field = fibre_field(draft, vertices, triangles)
    rings = _loops(vertices, triangles, field, _levels(vertices, triangles, field, len(grown.grid)))
    grid = _grid(rings, draft, grown.grid.shape[1])
    if grown.form.split is not None:
        grid = relaxed(*closed(grid), STEP_MM).reshape(grid.shape)
    return _of_grid(grown, grid)


def apart(grown: Grown, solid: Solid) -> Apart:
    """How far a worn muscle lies from the own surface; what lies beyond its first and last ring is left aside."""
    mine = grown.solid
    there = np.abs(closest_point(mine[0], *solid)[0])
    away, _, face = closest_point(split(*solid)[0], *mine)
    capped = face >= len(mine[1]) - 2 * (grown.grid.shape[1] - 2)
    both = np.concatenate([there, np.abs(away[~capped])])
    return Apart(float(np.median(both)), float(np.quantile(both, 0.95)), float(both.max()))


def split(vertices: Array, triangles: Ints) -> Solid:
    """The same surface in smaller triangles."""
    vertices, triangles = np.ascontiguousarray(vertices, dtype=np.float64), np.ascontiguousarray(triangles, np.int64)
    length = float(np.linalg.norm(vertices[triangles] - vertices[np.roll(triangles, 1, axis=1)], axis=2).mean())
    while length > FINE and 4 * len(triangles) <= MOST:
        vertices, triangles = igl.upsample(vertices, triangles)
        length /= 2.0
    return vertices, triangles


def fibre_field(draft: Array, vertices: Array, triangles: Ints) -> NDArray[np.float64]:
    """(n,) from 0 where the fibres of a muscle begin to 1 where they end, harmonic on its surface.

    draft : (rows, around, 3) ring grid that lies roughly on this surface
    vertices, triangles : the surface, closed
    """
    rows, around = draft.shape[:2]
    corners, faces = closed(draft)
    _, nearest, face = closest_point(vertices, corners, faces)
    share = igl.barycentric_coordinates(nearest, *(np.ascontiguousarray(corners[faces[face, k]]) for k in range(3)))
    span = (share * (faces[face] // around)).sum(axis=1) / (rows - 1)
    along = gaussian_filter1d(np.gradient(draft, axis=0).mean(axis=1), EVEN, axis=0, mode="nearest")
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    at = np.rint(span * (rows - 1)).astype(int)
    facing = np.einsum("ij,ij->i", vertex_normals(vertices, triangles), along[at])
    first = (span <= span.min() + AT_END) | ((span < BLUNT) & (facing < -FACING))
    last = (span >= span.max() - AT_END) | ((span > 1.0 - BLUNT) & (facing > FACING))
    fixed = first | last
    stiffness = igl.intrinsic_delaunay_cotmatrix(vertices, triangles)[0].tocsr()
    field = np.where(last, 1.0, 0.0)
    rest = stiffness[~fixed]
    field[~fixed] = splu(rest[:, ~fixed].tocsc()).solve(-(rest[:, fixed] @ field[fixed]))
    return np.clip(field, 0.0, 1.0)


def _levels(vertices: Array, triangles: Ints, field: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """(rows,) values of a field whose lines lie equally far apart on average.

    A strip between two lines is as wide as its area over their length; that length is the area times the slope there
    over the step between their values (the coarea formula).
    """
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    square = np.cross(b - a, c - a)
    double = np.maximum(np.linalg.norm(square, axis=1), 1e-12)
    one, two, three = field[triangles].T[:, :, None]
    slope = np.linalg.norm(one * (c - b) + two * (a - c) + three * (b - a), axis=1) / double
    value = field[triangles].mean(axis=1)
    between = np.flatnonzero((value > NEAR_END) & (value < 1.0 - NEAR_END))
    if len(between) < STRIPS:
        raise WornError("its two ends lie side by side")
    order = between[np.argsort(value[between], kind="stable")]
    starts = np.linspace(0, len(order), STRIPS + 1).astype(int)[:-1]
    levels = np.concatenate([[NEAR_END], value[order[starts[1:]]], [1.0 - NEAR_END]])
    area, steep = (np.add.reduceat(each[order], starts) for each in (double, double * slope))
    width = area * np.diff(levels) / np.maximum(steep, 1e-12)
    travelled = np.concatenate([[0.0], np.cumsum(width)])
    margin = min(MARGIN, 0.2 * travelled[-1] / rows)
    return np.asarray(np.interp(np.linspace(margin, travelled[-1] - margin, rows), travelled, levels))


def _loops(vertices: Array, triangles: Ints, field: NDArray[np.float64], levels: NDArray[np.float64]) -> list[Array]:
    """For each level the longest closed line (k, 3) on which the field has that value, all turning the same way."""
    found = []
    low, high = field[triangles].min(axis=1), field[triangles].max(axis=1)
    for level in levels:
        points, edges, _ = igl.isolines(vertices, triangles[(low <= level) & (high >= level)], field, np.array([level]))
        onward = dict(edges.tolist())
        longest, length = np.zeros((0, 3)), 0.0
        while onward:
            start, step = onward.popitem()
            way = [start]
            while step != start and step in onward:
                way.append(step)
                step = onward.pop(step)
            loop = points[way]
            around = float(np.linalg.norm(loop - np.roll(loop, 1, axis=0), axis=1).sum())
            if around > length:
                longest, length = loop, around
        if len(longest) < 3:
            raise WornError("it has no closed ring between its ends")
        found.append(longest)
    return found


def _grid(rings: list[Array], draft: Array, around: int) -> Array:
    """Rings of so many points each: from one edge over the superficial face to the other, and back on the deep one.

    draft : (rows, around, 3) ring grid that says which is which
    """
    half = draft.shape[1] // 2
    middles = np.stack([ring.mean(axis=0) for ring in rings])
    nearest = cKDTree(draft.mean(axis=1)).query(middles)[1]
    first, last = (round(share * (len(draft) - 1)) for share in (TURNED, 1.0 - TURNED))
    nearest = np.clip(nearest, first, last)
    across = _even((draft[:, half] - draft[:, 0])[nearest])
    edges = []
    for sign in (-1.0, 1.0):
        edge = [ring[np.argmax(sign * (ring @ way))] for ring, way in zip(rings, across, strict=True)]
        edges.append(gaussian_filter1d(np.stack(edge), EVEN, axis=0, mode="nearest"))
    upper, lower = faces_of(draft)
    up = _even((upper - lower).mean(axis=1)[nearest])
    rises = [
        (_arc(ring, one, two, half).mean(axis=0) - _arc(ring, two, one, half).mean(axis=0)) @ way
        for ring, one, two, way in zip(rings, *edges, up, strict=True)
    ]
    if np.mean(rises) < 0.0:
        rings = [ring[::-1] for ring in rings]
    rows = [
        np.concatenate([_arc(ring, one, two, around // 2)[:-1], _arc(ring, two, one, around // 2)[:-1]])
        for ring, one, two in zip(rings, *edges, strict=True)
    ]
    return np.stack(rows)


def _even(directions: Array) -> Array:
    """(n, 3) unit directions, evened out from row to row."""
    unit = directions / np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-9)
    even = gaussian_filter1d(unit, 2.0 * EVEN, axis=0, mode="nearest")
    return np.asarray(even / np.maximum(np.linalg.norm(even, axis=1, keepdims=True), 1e-9))


def _arc(ring: Array, start: Array, end: Array, half: int) -> Array:
    """(half + 1, 3) points of a closed line (k, 3), onward from its place next to `start` to that next to `end`."""
    way = np.concatenate([ring, ring[:1]])
    step = np.diff(way, axis=0)
    length = np.maximum(np.linalg.norm(step, axis=1), 1e-12)
    along = np.concatenate([[0.0], np.cumsum(length)])
    places = []
    for point in (start, end):
        share = np.clip(np.einsum("ij,ij->i", point - ring, step) / length**2, 0.0, 1.0)
        nearest = int(np.linalg.norm(ring + share[:, None] * step - point, axis=1).argmin())
        places.append(along[nearest] + share[nearest] * length[nearest])
    span = (places[1] - places[0]) % along[-1]
    at = (places[0] + edge_columns(half + 1) * span) % along[-1]
    return np.stack([np.interp(at, along, way[:, axis]) for axis in range(3)], axis=1)


def _of_grid(grown: Grown, grid: Array) -> Grown:
    """Ribbon, normals and thickness of a ring grid, as finely as the grown muscle had them."""
    form = grown.form
    steps, fibres = grown.ribbon.shape[:2]
    rows, s = np.linspace(0.0, len(grid) - 1.0, steps), np.linspace(0.0, 1.0, fibres)
    columns = np.arccos(1.0 - 2.0 * s) / np.pi * (grid.shape[1] // 2)
    upper, lower = (_between(face, rows, columns) for face in faces_of(grid))
    deep = share_below(form.belly.deep, np.linspace(0.0, 1.0, steps))[:, None, None]
    ribbon = deep * upper + (1.0 - deep) * lower
    across = upper - lower
    normals = ribbon_normals(ribbon, across[:, 1:-1].mean(axis=(0, 1)), form.belly.normal_smoothing)
    section = (2.0 * np.sqrt(np.clip(s * (1.0 - s), 0.0, 1.0))) ** form.belly.edge
    thickness = np.linalg.norm(across, axis=2) / np.maximum(section, 1e-9)
    thickness[:, 0], thickness[:, -1] = thickness[:, 1], thickness[:, -2]
    return Grown(form, ribbon, normals, thickness, grid)


def _between(face: Array, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Array:
    """Values of a face (n, m, 3) at places between its rows and columns."""
    along = CubicSpline(np.arange(len(face)), face, axis=0)(rows)
    return np.asarray(CubicSpline(np.arange(face.shape[1]), along, axis=1)(columns))
