"""Fewer triangles where nobody sees a difference: straight stretches of lofted grids, flat places of bones.

What is left out lies within a given distance of what is kept; normals are those of the fine surface.
"""

from __future__ import annotations

import igl
import numpy as np
import trimesh
from numpy.typing import NDArray

from meshes.atlas import Surface
from meshes.loft import faces_of, ring_triangles
from meshes.surface import is_closed

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

TENDON_STEP = 0.12
"""How far the border of a tendon may move, as a share of full tendon."""
_ROUNDS = 5


def thinned_grid(surface: Surface, tolerance: float) -> Surface:
    """The surface on fewer rows and columns of its ring grid, each vertex left out within `tolerance` mm of it.

    Rows and columns are left out whole, so that what stays is a grid too. A surface that is no ring grid, or of which
    nothing can be left out, comes back as it is.
    """
    shape = ring_shape(surface)
    if shape is None:
        return surface
    tendon = np.zeros(len(surface.vertices)) if surface.tendon is None else surface.tendon
    channels = np.column_stack([surface.vertices, surface.normals, tendon]).reshape(*shape, -1)
    share = tolerance
    for _ in range(_ROUNDS):
        rows = _kept(channels, share)
        # Both faces keep the same columns: the ends of a ring grid are closed from the one to the other.
        half = _kept(np.concatenate([np.swapaxes(face, 0, 1) for face in faces_of(channels[rows])], axis=1), share)
        columns = np.concatenate([half, shape[1] - half[1:-1][::-1]])
        thin = _subset(surface, shape, rows, columns)
        if distance_to(surface.vertices, thin).max() <= tolerance:
            return thin
        share *= 0.75
    return surface


def ring_shape(surface: Surface) -> tuple[int, int] | None:
    """Rows and places around of a surface that is a ring grid, numbered row by row; None if it is not."""
    if surface.uv is None:
        return None
    around = int((surface.uv[:, 0] == surface.uv[0, 0]).sum())
    rows, rest = divmod(len(surface.vertices), around)
    if rest or rows < 3 or around < 4:
        return None
    ladder = ring_triangles(rows, around)
    if surface.triangles.shape != ladder.shape:
        return None
    same = np.array_equal(surface.triangles, ladder) or np.array_equal(surface.triangles, ladder[:, ::-1])
    return (rows, around) if same else None


def _kept(lines: Array, tolerance: float) -> Numbers:
    """Numbers of the lines of a grid (n, m, 7: place, normal, tendon) to keep: all others lie near chords of these."""
    kept = [0]
    while kept[-1] < len(lines) - 1:
        reach = kept[-1] + 1
        while reach < len(lines) - 1 and _straight(lines[kept[-1] : reach + 2], tolerance):
            reach += 1
        kept.append(reach)
    return np.array(kept, np.int64)


def _straight(lines: Array, tolerance: float) -> bool:
    """Whether all lines between the first and the last lie within the tolerance of the faces that these two span."""
    places, normals, tendon = lines[..., :3], lines[1:-1, :, 3:6], lines[..., 6]
    chord = places[-1] - places[0]
    away = places[1:-1] - places[0]
    at = np.clip((away * chord).sum(-1) / np.maximum((chord**2).sum(-1), 1e-12), 0.0, 1.0)
    if (np.abs(((away - at[..., None] * chord) * normals).sum(-1)) > tolerance).any():
        return False
    mixed = tendon[0] + at * (tendon[-1] - tendon[0])
    return bool((np.abs(tendon[1:-1] - mixed) <= TENDON_STEP).all())


def _subset(surface: Surface, shape: tuple[int, int], rows: Numbers, columns: Numbers) -> Surface:
    chosen = np.arange(shape[0] * shape[1]).reshape(shape)[np.ix_(rows, columns)].ravel()
    triangles = ring_triangles(len(rows), len(columns))
    if not np.array_equal(surface.triangles[0], ring_triangles(*shape)[0]):
        triangles = triangles[:, ::-1]
    pick = [None if field is None else field[chosen] for field in (surface.uv, surface.tendon, surface.shade)]
    return Surface(surface.vertices[chosen], triangles, surface.normals[chosen], *pick)


def thinned_bone(surface: Surface, tolerance: float) -> Surface:
    """A closed surface on fewer triangles, every vertex of either within `tolerance` mm of the other.

    Edges are collapsed by quadric error (Garland and Heckbert 1997). A surface that cannot be thinned without tearing
    comes back as it is.
    """
    best = surface
    low, high = 0.1, 1.0
    for _ in range(_ROUNDS):
        share = (low + high) / 2
        thin = _collapsed(surface, int(share * len(surface.triangles)))
        if thin is not None and _apart(surface, thin) <= tolerance:
            best, high = thin, share
        else:
            low = share
    return best


def _collapsed(surface: Surface, count: int) -> Surface | None:
    fine = np.asfortranarray(surface.vertices, float), np.asfortranarray(surface.triangles, np.int32)
    vertices, triangles, *_ = igl.qslim(*fine, count)
    if not len(triangles) or not is_closed(np.asarray(triangles, np.int64)):
        return None
    vertices, triangles = np.ascontiguousarray(vertices), np.ascontiguousarray(triangles, np.int64)
    _, face, nearest = igl.point_mesh_squared_distance(vertices, surface.vertices, surface.triangles)
    corners = surface.triangles[face]
    weights = trimesh.triangles.points_to_barycentric(surface.vertices[corners], nearest)
    normals = (weights[..., None] * surface.normals[corners]).sum(1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return Surface(vertices, triangles, normals)


def _apart(one: Surface, two: Surface) -> float:
    return float(max(distance_to(one.vertices, two).max(), distance_to(_middles(two), one).max()))


def _middles(surface: Surface) -> Array:
    return np.concatenate([surface.vertices, surface.vertices[surface.triangles].mean(1)])


def distance_to(points: Array, surface: Surface) -> Array:
    """(n,) mm from points to the nearest place of a surface."""
    squared = igl.point_mesh_squared_distance(
        np.ascontiguousarray(points, float),
        np.ascontiguousarray(surface.vertices, float),
        np.ascontiguousarray(surface.triangles, np.int64),
    )[0]
    distance: Array = np.sqrt(squared)
    return distance
