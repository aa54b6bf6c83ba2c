"""A body with the bones of an open set: the population's bones warped onto that set's, with all their places.

Each bone is laid onto its counterpart by a similarity, then drawn onto it by displacements that are smooth at first
and finer later. Places on the bone (material coordinates) are moved by the same warp, so what is attached to the
population's bones can be grown on these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.body import Chart, Floats, Ints, smooth_normals

REACHES = (60.0, 40.0, 25.0, 16.0, 10.0, 6.0, 4.0, 4.0)
"""mm over which displacements are smoothed, round by round."""
SAMPLES = 3000
"""Points of a bone between which its similarity is found."""
FACING = 0.3
"""Least cosine between the normals of a vertex and of the place that it is drawn to."""
PULLED = 10.0
"""mm of smoothing down to which the target's own vertices pull as well."""
NEIGHBOURS = 6
"""Vertices that a place between them moves with."""


@dataclass(frozen=True)
class Similarity:
    """x ↦ scale · rotation · x + shift."""

    rotation: Floats
    shift: Floats
    scale: float

    def __call__(self, points: Floats) -> Floats:
        """(n, 3) points moved."""
        return np.asarray(self.scale * points @ self.rotation.T + self.shift)


def fit_similarity(moving: Floats, fixed: Floats) -> Similarity:
    """Least-squares rotation, scale and shift of (n, 3) points onto their partners.

    Source: Umeyama 1991, Least-squares estimation of transformation parameters between two point patterns.
    """
    a, b = moving.mean(axis=0), fixed.mean(axis=0)
    u, sizes, vt = np.linalg.svd((fixed - b).T @ (moving - a))
    proper = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ proper @ vt
    scale = float((sizes * proper.diagonal()).sum() / ((moving - a) ** 2).sum())
    return Similarity(rotation, b - scale * rotation @ a, scale)


def similar(moving: Floats, fixed: Floats, rounds: int = 60) -> Similarity:
    """Iterated closest points with scale, both ways, from where both stand; the worst tenth of the pairs goes."""
    motion = Similarity(np.eye(3), fixed.mean(axis=0) - moving.mean(axis=0), 1.0)
    there = cKDTree(fixed)
    for _ in range(rounds):
        moved = motion(moving)
        distance, partner = there.query(moved)
        back, owner = cKDTree(moved).query(fixed)
        one, two = distance <= np.quantile(distance, 0.9), back <= np.quantile(back, 0.9)
        motion = fit_similarity(
            np.concatenate([moving[one], moving[owner[two]]]), np.concatenate([fixed[partner[one]], fixed[two]])
        )
    return motion


def drawn(vertices: Floats, triangles: Ints, target: Floats, faces: Ints, reaches: Sequence[float] = REACHES) -> Floats:
    """(n, 3) vertices drawn onto a target surface, smoothly first, then finer; the surface keeps its triangles.

    reaches : mm over which displacements are smoothed, round by round

    At first the target's own vertices pull as well, so that its tips draw the nearest tip out to them.
    """
    target, faces = np.ascontiguousarray(target), np.ascontiguousarray(faces, np.int64)
    normals = igl.per_face_normals(target, faces, np.array([0.0, 0.0, 1.0]))
    out = smooth_normals(target, faces)
    moved = vertices.copy()
    for reach in reaches:
        _, face, place = igl.point_mesh_squared_distance(np.ascontiguousarray(moved), target, faces)
        own = smooth_normals(moved, triangles)
        facing = (own * normals[face]).sum(axis=1) > FACING
        points, moves, weight = moved, place - moved, facing.astype(float)
        if reach >= PULLED:
            _, near = cKDTree(moved).query(target)
            pulled = (own[near] * out).sum(axis=1) > FACING
            points = np.concatenate([points, moved[near][pulled]])
            moves = np.concatenate([moves, (target - moved[near])[pulled]])
            weight = np.concatenate([weight, np.full(int(pulled.sum()), len(moved) / len(target))])
        moved = moved + smoothed(moved, points, moves, weight, reach)
    return moved


def smoothed(at: Floats, points: Floats, moves: Floats, weight: NDArray[np.float64], reach: float) -> Floats:
    """(k, 3) moves at (k, 3) places: means of those at (n, 3) points by a Gaussian of `reach` mm, thinned."""
    _, cell = np.unique((points / max(reach / 3.0, 1.0)).round().astype(int), axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    total = np.bincount(cell, weight)
    used = total > 1e-6
    share = np.maximum(total, 1e-9)
    centre = np.stack([np.bincount(cell, weight * points[:, i]) / share for i in range(3)], axis=1)[used]
    mean = np.stack([np.bincount(cell, weight * moves[:, i]) / share for i in range(3)], axis=1)[used]
    near, index = cKDTree(centre).query(at, k=min(40, int(used.sum())))
    part = np.exp(-((near / reach) ** 2)) * total[used][index] + 1e-12
    return np.asarray((part[..., None] * mean[index]).sum(axis=1) / part.sum(axis=1)[:, None])


class WarpedChart:
    """Material coordinates of a bone that was warped: those of the bone it was warped from."""

    def __init__(self, base: Chart, vertices: Floats, moves: Floats) -> None:
        self.base = base
        self._moves = moves
        self._here = cKDTree(vertices)
        self._there = cKDTree(vertices + moves)

    def points(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 3) points of places."""
        places = self.base.points(elements, xi)
        return places + self._shift(self._here, places)

    def nearest(self, points: Floats) -> tuple[Ints, Floats]:
        """Elements (k,) and coordinates (k, 2) of the places nearest to (k, 3) points."""
        return self.base.nearest(points - self._shift(self._there, points))

    def _shift(self, tree: cKDTree, points: Floats) -> Floats:
        distance, index = tree.query(points, k=NEIGHBOURS)
        weight = 1.0 / np.maximum(distance, 1e-6) ** 2
        return np.asarray((weight[..., None] * self._moves[index]).sum(axis=1) / weight.sum(axis=1)[:, None])
