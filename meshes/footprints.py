"""Attachment areas: patches cut out of a bone's surface, along a drawn outline or where a loaded muscle touches it."""

from __future__ import annotations

import igl
import numpy as np
import trimesh
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import spsolve
from scipy.spatial import cKDTree

from meshes.atlas import Surface
from meshes.clip import clip_positive, compact, pieces_of, refine_near
from meshes.surface import area_mm2

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

LIFT_MM = 0.15
"""How far a footprint stands off its bone, so that it is seen: less than 0.2 mm."""
EDGE_MM = 1.2
"""Longest bone edge near an outline: a curve of 5 mm radius is then met within 0.04 mm."""
BAND_MM = 3.0
_ROOM = 1.5
_WRAP = 3
"""Corners repeated at both ends so that the curve closes smoothly; Akima's curve does not swing out at a bend."""
_UNDER_MM = 1.5
_TRANSFER_MM = 2.0
_CRUMB_FRACTION = 0.2
_SAMPLE_MM = 0.25
_CONTACT_EDGES_MM = (8.0, 3.5)
_SMOOTHING_ROUNDS = 6
_ISLAND_MM2 = 25.0
_ISLAND_FRACTION = 0.08


class FootprintError(ValueError):
    """An outline cannot be cut out of a bone; the message says why and what to do."""


def cut_footprint(bone: Surface, polygon: Points, drawn_on: Surface | None = None) -> tuple[Surface, float]:
    """Cut the area inside a closed outline out of a bone's surface.

    bone : the surface that carries it
    polygon : (k, 3) corners of the outline in order, on or near the bone, LPS mm; a smooth curve is drawn through them
    drawn_on : the bone without its holes, where it has some that the outline may cross: a sacrum without foramina

    Returns the patch, lifted by 0.15 mm, and its area on the bone in mm². Of the two areas that the curve parts, the
    smaller is the footprint. Raises `FootprintError` when the outline has no inside.
    """
    ground = drawn_on or bone
    curve = smooth_outline(np.asarray(ground.vertices, float), np.asarray(ground.triangles, np.int64), polygon)
    vertices, triangles, carried, field = _outline_field(ground, curve)
    if drawn_on is not None:
        vertices, triangles, carried, field = _transferred(bone, curve, vertices, triangles, field)
    vertices, triangles, carried = clip_positive(vertices, triangles, field, carried)
    if not len(triangles):
        raise FootprintError(
            "The outline encloses nothing on this bone; give its corners in order, 1 mm apart or more."
        )
    vertices, triangles, carried = _without_crumbs(vertices, triangles, carried)
    return _lifted(vertices, triangles, carried), area_mm2(vertices, triangles)


def _without_crumbs(vertices: Points, triangles: Triangles, carried: Points) -> tuple[Points, Triangles, Points]:
    """Drop the pieces that are small beside the largest one: what a hole's edge leaves over."""
    corners = vertices[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    piece = pieces_of(triangles, len(vertices))
    size = np.bincount(piece, area)
    return compact(vertices, triangles[(size > _CRUMB_FRACTION * size.max())[piece]], carried)


def _outline_field(bone: Surface, curve: Points) -> tuple[Points, Triangles, Points, NDArray[np.float64]]:
    """The part of a bone around an outline, refined near it, with the distance (n,) to it: positive inside."""
    vertices, triangles, carried = _around(
        np.asarray(bone.vertices, float), np.asarray(bone.triangles, np.int64), _carried(bone), curve
    )
    vertices, triangles, carried = _refined_at(vertices, triangles, carried, curve)
    distance, known = _side_distance(vertices, carried[:, :3], curve)
    inside = _inside(vertices, triangles, distance, known)
    far = np.where(inside, BAND_MM, -BAND_MM)
    return vertices, triangles, carried, np.where(known, np.where(inside, 1, -1) * np.abs(distance), far)


def _refined_at(
    vertices: Points, triangles: Triangles, carried: Points, curve: Points
) -> tuple[Points, Triangles, Points]:
    centres = vertices[triangles].mean(1)
    reach = np.linalg.norm(vertices[triangles] - centres[:, None], axis=2).max(1)
    near = cKDTree(curve).query(centres)[0] < BAND_MM + reach
    vertices, triangles, refined = refine_near(vertices, triangles, near, EDGE_MM, carried)
    assert refined is not None
    return vertices, triangles, refined


def _transferred(
    bone: Surface, curve: Points, ground: Points, faces: Triangles, field: NDArray[np.float64]
) -> tuple[Points, Triangles, Points, NDArray[np.float64]]:
    """Carry a field from the bone without holes to the real one; what lies deep below it is in a hole, so outside."""
    vertices, triangles = np.asarray(bone.vertices, float), np.asarray(bone.triangles, np.int64)
    high, low = ground.max(0) + 2 * BAND_MM, ground.min(0) - 2 * BAND_MM
    boxed = ((vertices > low) & (vertices < high)).all(1)[triangles].any(1)
    vertices, triangles, carried = compact(vertices, triangles[boxed], _carried(bone))
    vertices, triangles, refined = refine_near(vertices, triangles, None, _TRANSFER_MM, carried)
    assert refined is not None
    vertices, triangles, carried = _refined_at(vertices, triangles, refined, curve)
    squared, face, nearest = igl.point_mesh_squared_distance(vertices, ground, faces)
    corners = ground[faces[face]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    below = ((vertices - nearest) * normal).sum(1) < 0
    weights = trimesh.triangles.points_to_barycentric(corners, nearest)
    value = (weights * field[faces[face]]).sum(1)
    facing = (carried[:, :3] * normal).sum(1) / np.maximum(np.linalg.norm(normal, axis=1), 1e-12)
    value = np.where(below, np.minimum(value, _UNDER_MM - np.sqrt(squared)), value)
    return vertices, triangles, carried, np.minimum(value, BAND_MM * facing)


def _around(vertices: Points, triangles: Triangles, carried: Points, curve: Points) -> tuple[Points, Triangles, Points]:
    """The piece of a bone that an outline can enclose or border on: half as far again as the outline reaches."""
    middle = curve.mean(0)
    reach = _ROOM * np.linalg.norm(curve - middle, axis=1).max() + BAND_MM
    near = (np.linalg.norm(vertices - middle, axis=1) < reach)[triangles].any(1)
    vertices, triangles, carried = compact(vertices, triangles[near], carried)
    under = igl.point_mesh_squared_distance(curve, vertices, triangles)[1]
    piece = pieces_of(triangles, len(vertices))
    return compact(vertices, triangles[piece == np.bincount(piece[under]).argmax()], carried)


def smooth_outline(vertices: Points, triangles: Triangles, polygon: Points) -> Points:
    """(k, 3) samples, 0.25 mm apart, of the closed smooth curve on a surface through an outline's corners."""
    polygon = np.asarray(polygon, float)
    if polygon.ndim != 2 or polygon.shape[1] != 3 or len(polygon) < 3:
        raise FootprintError(f"An outline needs at least three corners (k, 3), not an array of shape {polygon.shape}.")
    step = np.linalg.norm(np.roll(polygon, -1, axis=0) - polygon, axis=1)
    if (step < 1e-6).any():
        raise FootprintError("Two neighbouring corners of the outline are the same point; leave one out.")
    wrapped = np.arange(-_WRAP, len(polygon) + _WRAP + 1)
    knots = np.concatenate([[0.0], np.cumsum(step[wrapped[:-1] % len(polygon)])])
    spline = Akima1DInterpolator(knots, polygon[wrapped % len(polygon)], method="makima")
    first, last = knots[_WRAP], knots[_WRAP + len(polygon)]
    curve = _evenly(spline(np.linspace(first, last, 40 * len(polygon), endpoint=False)))
    for _ in range(2):
        curve = igl.point_mesh_squared_distance(curve, vertices, triangles)[2]
        curve = _evenly(np.asarray(curve))
    return curve


def _evenly(curve: Points) -> Points:
    """Resample a closed curve at even steps of about 0.25 mm."""
    closed = np.vstack([curve, curve[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    count = max(int(along[-1] / _SAMPLE_MM), 24)
    at = np.linspace(0, along[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, along, closed[:, axis]) for axis in range(3)])


def _carried(bone: Surface) -> Points:
    shade = np.ones(len(bone.vertices)) if bone.shade is None else bone.shade
    return np.column_stack([bone.normals, shade])


def _side_distance(vertices: Points, normals: Points, curve: Points) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Signed distance (n,) to the curve, positive on its left from outside, and where it holds: near, on one face."""
    before, after = np.roll(curve, 1, axis=0), np.roll(curve, -1, axis=0)
    tangent = after - before
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    _, nearest_vertex = cKDTree(vertices).query(curve)
    up = normals[nearest_vertex]
    leftward = np.cross(up, tangent)
    rough, index = cKDTree(curve).query(vertices, distance_upper_bound=2 * BAND_MM)
    near = np.isfinite(rough)
    index = np.where(near, index, 0)
    offset = vertices - curve[index]
    along = np.clip((offset * tangent[index]).sum(1), -_SAMPLE_MM, _SAMPLE_MM)
    offset = offset - along[:, None] * tangent[index]
    distance = np.linalg.norm(offset, axis=1)
    facing = (normals * up[index]).sum(1) > 0.0
    level = np.abs((offset * up[index]).sum(1)) < 0.5 * np.maximum(distance, 1.0) + 0.5
    known = near & facing & level & (distance < BAND_MM)
    return np.where((offset * leftward[index]).sum(1) >= 0, distance, -distance), known


def _inside(
    vertices: Points, triangles: Triangles, distance: NDArray[np.float64], known: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which vertices the curve encloses, by a winding number on the surface: 1 to its left, 0 to its right.

    Source: after Feng, Gillespie, Crane 2023, Winding numbers on discrete surfaces: a function that is as even as can
    be but for a jump of one across the curve stays right where the curve is a little wrong.
    """
    pairs, _ = _edges(triangles)
    one, two = pairs.T
    crossing = known[one] & known[two] & ((distance[one] > 0) != (distance[two] > 0))
    jump = np.where(crossing, np.where(distance[one] > 0, 1.0, -1.0), 0.0)
    count, rows = len(vertices), np.arange(len(pairs))
    gradient = coo_matrix(
        (np.r_[np.ones(len(rows)), -np.ones(len(rows))], (np.r_[rows, rows], np.r_[one, two])), (len(rows), count)
    ).tocsr()
    system = (gradient.T @ gradient + diags(np.full(count, 1e-9))).tocsc()
    winding = spsolve(system, gradient.T @ jump)
    low, high = np.percentile(winding[known & (distance < 0)], 50), np.percentile(winding[known & (distance > 0)], 50)
    if not high - low > 0.5:
        raise FootprintError("The outline does not part the bone's surface; check the order of its corners.")
    left: NDArray[np.bool_] = winding > (low + high) / 2
    return left if _is_inner(vertices, triangles, left) else ~left


def _edges(triangles: Triangles) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(e, 2) edges, each once, and how many triangles each belongs to."""
    pairs = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    size = int(triangles.max()) + 1
    keys, count = np.unique(pairs[:, 0] * size + pairs[:, 1], return_counts=True)
    return np.column_stack([keys // size, keys % size]), count


def _is_inner(vertices: Points, triangles: Triangles, left: NDArray[np.bool_]) -> bool:
    """Whether the left side is the footprint: the side away from the surface's own border, else the smaller one."""
    edges, count = _edges(triangles)
    border = edges[count == 1]
    if len(border):
        length = np.linalg.norm(vertices[border[:, 0]] - vertices[border[:, 1]], axis=1)
        return bool((length * left[border].mean(1)).sum() < 0.5 * length.sum())
    corners = vertices[triangles]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return bool(areas[left[triangles].mean(1) > 0.5].sum() <= areas.sum() / 2)


def contact_footprint(muscle: Surface, bone: Surface, reach: float = 2.0) -> list[tuple[Surface, float]]:
    """The areas of a bone that lie within `reach` mm of a muscle or inside it, largest first; crumbs are left out.

    Returns patches, lifted by 0.15 mm, each with its area on the bone in mm².
    """
    vertices, triangles = np.asarray(bone.vertices, float), np.asarray(bone.triangles, np.int64)
    target = np.asarray(muscle.vertices, float), np.asarray(muscle.triangles, np.int64)
    centres = vertices[triangles].mean(1)
    size = np.linalg.norm(vertices[triangles] - centres[:, None], axis=2).max(1)
    low, high = target[0].min(0) - reach, target[0].max(0) + reach
    boxed = ((centres + size[:, None] > low) & (centres - size[:, None] < high)).all(1)
    if not boxed.any():
        return []
    vertices, triangles, carried = compact(vertices, triangles[boxed], _carried(bone))
    for longest in _CONTACT_EDGES_MM:
        middle = vertices[triangles].mean(1)
        size = np.linalg.norm(vertices[triangles] - middle[:, None], axis=2).max(1)
        border = np.abs(_gap(middle, target) - reach) < size
        vertices, triangles, refined = refine_near(vertices, triangles, border, longest, carried)
        assert refined is not None
        carried = refined
    field = _smoothed(triangles, reach - _gap(vertices, target))
    if not (field > 0).any():
        return []
    vertices, triangles, carried = clip_positive(vertices, triangles, field, carried)
    found = []
    piece = pieces_of(triangles, len(vertices))
    for number in np.unique(piece):
        part = compact(vertices, triangles[piece == number], carried)
        found.append((_lifted(*part), area_mm2(part[0], part[1])))
    found.sort(key=lambda patch: -patch[1])
    return [patch for patch in found if patch[1] > max(_ISLAND_MM2, _ISLAND_FRACTION * found[0][1])]


def _gap(points: Points, target: tuple[Points, Triangles]) -> NDArray[np.float64]:
    """Distance (n,) of points to a surface, negative inside it."""
    distance: NDArray[np.float64] = np.sqrt(igl.point_mesh_squared_distance(np.ascontiguousarray(points), *target)[0])
    near = distance < 3 * _CONTACT_EDGES_MM[-1]
    buried = np.zeros(len(points), bool)
    buried[near] = igl.fast_winding_number(*target, np.ascontiguousarray(points[near])) > 0.5
    distance[buried] *= -1
    return distance


def _smoothed(triangles: Triangles, field: NDArray[np.float64]) -> NDArray[np.float64]:
    """Even out a field at the vertices by repeated means over neighbours, so that its zero line is not ragged."""
    pairs = triangles[:, [[0, 1], [1, 2], [2, 0], [1, 0], [2, 1], [0, 2]]].reshape(-1, 2)
    links = coo_matrix((np.ones(len(pairs)), pairs.T), (len(field), len(field))).tocsr()
    links.data[:] = 1.0
    degree = np.maximum(np.asarray(links.sum(1)).ravel(), 1.0)
    for _ in range(_SMOOTHING_ROUNDS):
        field = 0.5 * field + 0.5 * (links @ field) / degree
    return field


def _lifted(vertices: Points, triangles: Triangles, carried: Points) -> Surface:
    normals = carried[:, :3] / np.maximum(np.linalg.norm(carried[:, :3], axis=1, keepdims=True), 1e-12)
    return Surface(vertices + LIFT_MM * normals, triangles, normals, shade=np.clip(carried[:, 3], 0, 1))
