"""A set's own skin as the atlas shows one: its outer surface from waist to ankles, without arms, closed at its ends."""

from __future__ import annotations

from dataclasses import replace

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from meshes.atlas import Part, Structure, Surface
from meshes.body import Body
from meshes.clip import clip_positive, compact, pieces_of, refine_near
from meshes.glb import COARSE_STEP_MM
from meshes.surface import area_mm2, is_closed, joined, vertex_normals, volume_mm3, weld
from meshes.zones import SkinChart

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ABOVE = 60.0
"""mm above the iliac crests at which the skin ends, as the modelled one does."""
EDGE_MM = 12.0
"""Longest edge: zones of pain are told vertex by vertex."""
RIM = 0.97
"""Size of the ring just inside the rim of a flat end; it keeps the rim's shading off the flat."""
SHORT_MM = 0.25
"""Ends of shorter edges are brought together: where the skin is cut, slivers would be left."""
LEAST_CM2 = 2500.0
"""Skin of two thighs and a pelvis covers more."""

NOTE = (
    "The set's skin is shown from waist to ankles, without the arms, closed at its ends; of a double shell, the outer "
    "surface."
)


class SkinError(ValueError):
    """A skin that does not cover what the atlas shows; the message says what is wrong."""


def own_skin(skin: Structure, body: Body) -> Structure:
    """The part of a set's skin that lies around a body, refined where its triangles are large, closed at its ends.

    Raises `SkinError` where it does not go around pelvis and thighs in one piece.
    """
    whole = joined([part.surface for part in skin.parts])
    vertices, triangles = weld(whole.vertices, whole.triangles)
    top = max(body.bones[f"hip_bone.{side}"].vertices[:, 2].max() for side in ("right", "left")) + ABOVE
    low = min(body.bones[f"tibia.{side}"].vertices[:, 2].min() for side in ("right", "left"))
    top, low = min(top, vertices[:, 2].max() - 1.0), max(low, vertices[:, 2].min() + 1.0)
    carried = np.zeros((len(vertices), 1))
    for level, above in ((top, -1.0), (low, 1.0)):
        field = above * (vertices[:, 2] - level)
        vertices, triangles, carried = clip_positive(vertices, triangles, field, carried)
        if not len(triangles):
            raise SkinError("it does not lie where the bones are")
    vertices, triangles = _without_slivers(*_largest(vertices, triangles))
    thighs = np.concatenate([body.bones[f"femur.{side}"].vertices for side in ("right", "left")])
    around = (vertices.min(axis=0) < thighs.min(axis=0)) & (vertices.max(axis=0) > thighs.max(axis=0))
    if not around[:2].all() or area_mm2(vertices, triangles) < 100.0 * LEAST_CM2:
        raise SkinError("no piece of it goes around both thighs")
    vertices, triangles, _ = refine_near(vertices, triangles, None, EDGE_MM)
    vertices, triangles = _capped(vertices, np.asarray(igl.bfs_orient(triangles)[0], np.int64), (top, low))
    if volume_mm3(vertices, triangles) < 0.0:
        triangles = triangles[:, ::-1]
    surface = Surface(vertices, np.ascontiguousarray(triangles), vertex_normals(vertices, triangles))
    if not is_closed(surface.triangles) or not _measurable(surface):
        raise SkinError("it is torn, or crosses itself")
    return replace(skin, parts=[Part(skin.id, surface)], made="cut", shown=False)


def _largest(vertices: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    """The connected piece with the largest area: the outer one of two shells, without the arms."""
    piece = pieces_of(triangles, len(vertices))
    corners = vertices[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    kept = triangles[piece == np.bincount(piece, area).argmax()]
    vertices, kept, _ = compact(vertices, kept, np.zeros((len(vertices), 1)))
    return vertices, kept


def _without_slivers(vertices: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    """The surface with the ends of every edge that is too short brought together."""
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    short = edges[np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1) < SHORT_MM]
    links = coo_matrix((np.ones(len(short)), (short[:, 0], short[:, 1])), shape=(len(vertices), len(vertices)))
    _, group = connected_components(links, directed=False)
    first = np.full(group.max() + 1, len(vertices))
    np.minimum.at(first, group, np.arange(len(vertices)))
    merged = first[group][triangles]
    a, b, c = merged.T
    vertices, kept, _ = compact(vertices, merged[(a != b) & (b != c) & (c != a)], np.zeros((len(vertices), 1)))
    return vertices, kept


def _measurable(skin: Surface) -> bool:
    """Whether distances can be told along it, as it will be written."""
    written = replace(skin, vertices=np.round(skin.vertices / COARSE_STEP_MM) * COARSE_STEP_MM)
    away = SkinChart(written).distance(np.array([0]))
    return bool(np.isfinite(away).all())


def _capped(vertices: Floats, triangles: Ints, levels: tuple[float, float]) -> tuple[Floats, Ints]:
    """The surface with its openings at these heights closed by flat discs around their middles."""
    vertices = vertices.copy()
    points, faces, count = [vertices], [triangles], len(vertices)
    for loop in _loops(triangles):
        rim = vertices[loop]
        level = levels[int(np.argmin(np.abs(rim[0, 2] - np.array(levels))))]
        if np.abs(rim[:, 2] - level).max() > SHORT_MM:
            continue
        rim[:, 2] = vertices[loop, 2] = level
        middle = rim.mean(axis=0)
        points += [middle + RIM * (rim - middle), middle[None]]
        ahead = np.roll(np.arange(len(loop)), -1)
        ring, centre = count + np.arange(len(loop)), count + len(loop)
        faces += [
            np.column_stack([loop[ahead], loop, ring]),
            np.column_stack([loop[ahead], ring, ring[ahead]]),
            np.column_stack([ring[ahead], ring, np.full(len(loop), centre)]),
        ]
        count = centre + 1
    return np.concatenate(points), np.concatenate(faces)


def _loops(triangles: Ints) -> list[Ints]:
    """Vertices around each opening of an oriented surface, in the direction of its triangles."""
    edges = triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    size = int(triangles.max()) + 1
    free = edges[~np.isin(edges @ (size, 1), edges[:, ::-1] @ (size, 1))]
    after = dict(free.tolist())
    found = []
    while after:
        start, step = after.popitem()
        loop = [start]
        while step != start and step in after:
            loop.append(step)
            step = after.pop(step)
        if step == start and len(loop) > 2:
            found.append(np.array(loop, np.int64))
    return found
