"""Which structures a first picture shows: what is seen of each from behind, with nothing taken away."""

from __future__ import annotations

import igl
import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Structure
from meshes.surface import joined

TOWARDS_EYE = np.array([0.0, 1.0, 0.0])
"""LPS: the first picture is seen from behind."""
RAYS = 300
"""Places of each structure from which its way to the eye is tried."""
LEAST_MM2 = 150.0
"""A structure of which less than this is seen can come a moment later."""
_LIFT_MM = 0.3
_FAR_MM = 2000.0


def seen_from_behind(structures: list[Structure]) -> dict[str, float]:
    """Area (mm²) of each structure, by sided id, that is seen from behind, as it is projected."""
    whole = joined([part.surface for structure in structures for part in structure.parts])
    vertices = np.ascontiguousarray(whole.vertices, float)
    triangles = np.ascontiguousarray(whole.triangles, np.int64)
    tree = igl.AABB()
    tree.init(vertices, triangles)
    found = {}
    for structure in structures:
        middles, area = _facing(structure)
        step = max(1, len(middles) // RAYS)
        chosen, share = middles[::step] + _LIFT_MM * TOWARDS_EYE, area[::step]
        if not len(chosen):
            found[structure.id] = 0.0
            continue
        directions = np.tile(TOWARDS_EYE, (len(chosen), 1))
        face, _, _ = tree.intersect_ray_first(vertices, triangles, chosen, directions, min_t=_FAR_MM)
        free = np.asarray(face) < 0
        found[structure.id] = float(share[free].sum() / share.sum() * area.sum())
    return found


def _facing(structure: Structure) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles (n, 3) of the triangles that face the eye, and their projected areas (n,) in mm²."""
    surface = joined([part.surface for part in structure.parts])
    corners = surface.vertices[surface.triangles]
    towards = 0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) @ TOWARDS_EYE
    facing = towards > 0
    return corners[facing].mean(1), towards[facing]
