"""What one surface carries, brought over to another one that lies on it: place along and around, and tendon."""

from __future__ import annotations

from dataclasses import replace

import igl
import numpy as np
import trimesh

from meshes.atlas import Surface


def carried_grid(surface: Surface, ground: Surface) -> Surface:
    """A surface with the (u, v) and the tendon (n,) of the nearest places of another one.

    Where a triangle of the ground spans the seam, v goes on beyond 1 and is brought back.
    """
    if ground.uv is None:
        return surface
    _, face, nearest = igl.point_mesh_squared_distance(
        np.ascontiguousarray(surface.vertices),
        np.ascontiguousarray(ground.vertices),
        np.ascontiguousarray(ground.triangles, np.int64),
    )
    corners = ground.triangles[face]
    with np.errstate(invalid="ignore", divide="ignore"):  # a triangle without an area counts by thirds
        weights = trimesh.triangles.points_to_barycentric(ground.vertices[corners], nearest)
    weights = np.clip(np.nan_to_num(weights, nan=1.0 / 3.0), 0.0, 1.0)
    weights /= weights.sum(axis=1, keepdims=True)
    u, v = ground.uv[corners].transpose(2, 0, 1)
    v = np.where(v - v[:, :1] > 0.5, v - 1.0, np.where(v - v[:, :1] < -0.5, v + 1.0, v))
    uv = np.column_stack([(weights * u).sum(axis=1), (weights * v).sum(axis=1) % 1.0])
    tendon = None if ground.tendon is None else (weights * ground.tendon[corners]).sum(axis=1)
    return replace(surface, uv=uv, tendon=tendon)
