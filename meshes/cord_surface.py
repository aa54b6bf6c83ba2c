"""The surface of a branching nerve: its strands as one smooth solid, sampled on a grid and meshed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from manifold3d import Manifold, Mesh64
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.atlas import Surface
from meshes.distance import closest_point, signed_distance
from meshes.implicit import Block, taubin, union
from meshes.ribbon import smoothstep
from meshes.surface import joined, volume_mm3

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshes.cord_way import Way
    from meshes.loft import Solid

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

COARSE = 6
"""Grid steps in one step of the coarse grid on which the neighbourhood of a strand is found."""

FAR = 4.0
"""mm: the value of the grid where no strand is near."""


LEAST_TOLERANCE = 0.004
"""mm that simplifying may move a surface, at least."""

COVER = 0.2
"""mm that a cover stands above the nerves it covers."""

DRAWN, DRAWN_STEPS = 0.15, 8
"""Part of the way to the middle of its strand that a vertex is drawn in at once, and how often at most."""

COVER_BLEND = 1.0
"""mm over which the crease between a cover and the strands is filled, at most."""

SUNK = 3.4
"""mm that it has sunk where it ends: more than half the thickness of what it covers."""


@dataclass(frozen=True)
class Place:
    """Where points lie on a strand: distance (n,) mm from its surface, mm along the nerve, turn around it 0..1."""

    distance: Array
    along: Array
    around: Array


def on_strand(way: Way, tree: cKDTree, points: Array) -> Place:
    """Where points (n, 3) lie on a strand, whose ends are cut square."""
    index = np.minimum(tree.query(points)[1], len(way.points) - 1)
    offset = points - way.points[index]
    across, back = way.across[index], way.back[index]
    tangent = np.cross(back, across)
    a = np.einsum("ij,ij->i", offset, across)
    b = np.einsum("ij,ij->i", offset, back)
    c = np.einsum("ij,ij->i", offset, tangent)
    wide, deep = way.half_width[index], way.half_depth[index]
    length = np.hypot(a / wide, b / deep)
    slope = np.hypot(a / wide**2, b / deep**2)
    section = np.where(slope > 1e-9, length * (length - 1.0) / np.maximum(slope, 1e-9), -np.minimum(wide, deep))
    section = np.maximum(section, -np.minimum(wide, deep))
    beyond = np.where(index == 0, -c, np.where(index == len(way.points) - 1, c, -FAR))
    distance = -union(-section, -beyond, 0.8)
    around = np.abs(np.arctan2(a / wide, b / deep)) / np.pi
    return Place(distance, way.start + way.lengths[index] + np.clip(c, -0.5, 0.5), around)


@dataclass(frozen=True)
class Cover:
    """A shape that joins the strands: the beginning of other nerves, a little swollen, sinking under their surface.

    surfaces : those nerves, each with (u, v)
    to : fraction of their length before which it has sunk
    """

    surfaces: Sequence[Surface]
    to: float

    def points(self) -> tuple[Array, Array]:
        """The outline of the nerves where it is: (n, 3) mm, and the fraction of their length (n,)."""
        whole = joined(self.surfaces)
        assert whole.uv is not None
        u = whole.uv[:, 0]
        return whole.vertices[u < 2.0 * self.to], u[u < 2.0 * self.to]

    def distance(self, points: Array) -> Array:
        """Near distance (n,) mm of points (n, 3) to it."""
        found = np.full(len(points), FAR)
        for surface in self.surfaces:
            found = union(found, signed_distance(points, surface.vertices, surface.triangles), 0.6)
        outline, u = self.points()
        away, nearest = cKDTree(outline).query(points, k=12)
        weight = 1.0 / (away**2 + 0.1)
        at = (weight * u[nearest]).sum(axis=1) / weight.sum(axis=1)
        return np.asarray(found - COVER + SUNK * smoothstep(0.5 * self.to, 1.5 * self.to, at))


def solid_of(
    ways: Sequence[Way],
    blend: float,
    fineness: float,
    triangles: int,
    cover: Cover | None = None,
) -> tuple[Solid, Array]:
    """The closed surface around all strands, the creases between them filled over `blend` mm, and its normals (n, 3).

    cover : a further shape that joins them

    fineness : mm between the points of the grid it is made from
    triangles : at most so many
    """
    everything = np.concatenate([way.points for way in ways])
    thickest = max(float(way.half_width.max()) for way in ways)
    block = Block.around(everything, thickest + 4.0 * fineness + blend, fineness)
    values = np.full(int(np.prod(block.shape)), FAR)
    for way in ways:
        tree = cKDTree(way.points)
        near = _near(block, tree, float(way.half_width.max()) + blend + 2.0 * fineness)
        found = np.minimum(on_strand(way, tree, _points(block, near)).distance, FAR)
        values[near] = union(values[near], found, blend)
    if cover is not None:
        near = _near(block, cKDTree(cover.points()[0]), 1.5)
        found = np.minimum(cover.distance(_points(block, near)), FAR)
        values[near] = union(values[near], found, min(blend, COVER_BLEND))
    grid = values.reshape(block.shape)
    vertices, faces = block.surface(grid)
    solid = simplified((taubin(vertices, faces, 2), faces), triangles)
    return solid, _slope(block, grid, solid[0])


def _slope(block: Block, values: Array, points: Array) -> Array:
    """(n, 3) unit directions in which a field on a grid rises at points (n, 3)."""
    step = block.spacing * np.eye(3)
    slope = np.stack([block.sample(values, points + d) - block.sample(values, points - d) for d in step], axis=1)
    return np.asarray(slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-9))


def simplified(solid: Solid, triangles: int) -> Solid:
    """The largest piece of a closed surface, still closed, with so many triangles at most, larger where it is flat."""
    vertices, faces = solid
    outward = faces if volume_mm3(vertices, faces) > 0.0 else faces[:, ::-1]
    whole = Manifold(Mesh64(vertices, outward.astype(np.uint64)))
    piece = max(whole.decompose(), key=lambda part: part.volume())
    tolerance = LEAST_TOLERANCE
    smaller = piece.simplify(tolerance)
    while smaller.num_tri() > triangles:
        tolerance *= 1.4
        smaller = piece.simplify(tolerance)
    mesh = smaller.to_mesh64()
    return np.array(mesh.vert_properties[:, :3]), np.array(mesh.tri_verts, dtype=np.int64)


def _near(block: Block, tree: cKDTree, reach: float) -> Ints:
    """Flat indices of the points of a block that lie within about `reach` mm of a strand."""
    size = COARSE * block.spacing
    count = np.array(block.shape) // COARSE + 1
    cells = np.stack(np.meshgrid(*[np.arange(n) for n in count], indexing="ij"), axis=-1).reshape(-1, 3)
    middle = block.low + (cells + 0.5) * size
    distance, _ = tree.query(middle, distance_upper_bound=reach + 0.87 * size)
    inner = np.stack(np.meshgrid(*[np.arange(COARSE)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    found = (cells[np.isfinite(distance)][:, None] * COARSE + inner[None]).reshape(-1, 3)
    found = found[(found < block.shape).all(axis=1)]
    return np.asarray(np.ravel_multi_index(tuple(found.T), block.shape))


def _points(block: Block, index: Ints) -> Array:
    return block.low + block.spacing * np.stack(np.unravel_index(index, block.shape), axis=-1)


def surface_on(solid: Solid, normals: Array, ways: Sequence[Way]) -> tuple[Surface, Ints]:
    """The solid with its normals, with (u, v) along and around its strands, and for each vertex the strand it is on."""
    vertices, triangles = solid
    places = [on_strand(way, cKDTree(way.points), vertices) for way in ways]
    owner = np.argmin([place.distance for place in places], axis=0)
    each = np.arange(len(vertices))
    along = np.array([place.along for place in places])[owner, each]
    around = np.array([place.around for place in places])[owner, each]
    longest = max(way.start + float(way.lengths[-1]) for way in ways)
    least = min(way.start for way in ways)
    uv = np.clip(np.stack([(along - least) / (longest - least), around], axis=-1), 0.0, 1.0)
    return Surface(vertices, triangles, normals, uv=uv, tendon=np.zeros(len(vertices))), owner


def pushed(vertices: Array, solid: Solid, clearance: float, free: NDArray[np.bool_]) -> Array:
    """Vertices (n, 3) moved to at least `clearance` mm outside a solid, but those that are `free` (n,)."""
    corners, triangles = solid
    low, high = corners.min(axis=0) - 2.0, corners.max(axis=0) + 2.0
    near = np.flatnonzero(((vertices > low) & (vertices < high)).all(axis=1) & ~free)
    moved = vertices.copy()
    for _ in range(3):
        distance, nearest, face = closest_point(moved[near], corners, triangles)
        close = distance < clearance - 1e-3
        near = near[close]
        if not len(near):
            break
        abc = corners[triangles[face[close]]]
        normal = np.cross(abc[:, 1] - abc[:, 0], abc[:, 2] - abc[:, 0])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        moved[near] = nearest[close] + clearance * normal
    return moved


def drawn_in(
    surface: Surface, ways: Sequence[Way], solids: Sequence[tuple[Solid, NDArray[np.bool_]]], clearance: float
) -> Array:
    """Vertices (n, 3) that are still too near a solid, drawn towards the middle of their strand until they are clear.

    So are the corners of triangles whose middle is inside one. Between two muscles that touch there is nowhere to push
    a nerve to: it gives way by being thinner there. What that does not clear stays where it was.

    solids : each with the vertices (n,) that are free to enter it
    """
    moved, triangles = surface.vertices.copy(), surface.triangles
    middle = np.concatenate([way.points for way in ways])
    centre = middle[cKDTree(middle).query(moved)[1]]
    for (corners, faces), free in solids:
        low, high = corners.min(axis=0) - 2.0, corners.max(axis=0) + 2.0
        near = np.flatnonzero(((moved > low) & (moved < high)).all(axis=1) & ~free)
        beside = triangles[np.isin(triangles, near).all(axis=1)]
        for _ in range(DRAWN_STEPS):
            near = near[signed_distance(moved[near], corners, faces) < clearance - 1e-3]
            beside = beside[signed_distance(moved[beside].mean(axis=1), corners, faces) < 0.0]
            drawn = np.union1d(near, beside)
            if not len(drawn):
                break
            moved[drawn] += DRAWN * (centre[drawn] - moved[drawn])
        moved[near] = surface.vertices[near]
    return moved
