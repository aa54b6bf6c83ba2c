"""A body with the bones of an open set: the population's bones warped onto that set's, with all their places.

Each bone is laid onto its counterpart by a similarity, then drawn onto it by displacements that are smooth at first
and finer later. Places on the bone (material coordinates) are moved by the same warp, so what is attached to the
population's bones can be grown on these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.atlas import Atlas
from meshes.body import Body, Bone, Chart, Floats, Ints, smooth_normals
from meshes.openset import femoral_head
from meshes.population import population_body
from meshes.surface import joined

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


def fitted_body(atlas: Atlas, resolution: int = 8) -> Body:
    """The population's mean body with its bones warped onto those of an open set.

    Raises KeyError if the set lacks a hip bone, the sacrum or a femur. Bones of the leg that it lacks follow the femur.
    """
    body = population_body(resolution=resolution)
    targets: dict[str, tuple[Floats, Ints]] = {}
    for name in body.bones:
        source = "sacrum" if name == "coccyx" and name not in atlas.structures else name
        if source in atlas.structures:
            whole = joined([part.surface for part in atlas.structures[source].parts])
            targets[name] = (whole.vertices, whole.triangles)
    moved = _moved(body.bones, targets)
    bones = {}
    for name, bone in body.bones.items():
        chart = WarpedChart(bone.chart, bone.vertices, moved[name] - bone.vertices)
        bones[name] = Bone(name, chart, moved[name], bone.triangles)
    heads = {side: femoral_head(targets[f"femur.{side}"][0], side) for side in ("right", "left")}
    return Body(bones, heads, dict(body.head_radii), body.carry, body.modes, body.places)


def _moved(bones: Mapping[str, Bone], targets: Mapping[str, tuple[Floats, Ints]]) -> dict[str, Floats]:
    """Warped vertices of every bone; sacrum and coccyx are laid on together, as sets have them in one mesh."""
    found: dict[str, Floats] = {}
    tail = [bones[name] for name in ("sacrum", "coccyx")]
    start = len(tail[0].vertices)
    both = np.concatenate([bone.vertices for bone in tail])
    faces = np.concatenate([tail[0].triangles, tail[1].triangles + start])
    moved = _laid(both, faces, *targets["sacrum"])
    found["sacrum"], found["coccyx"] = moved[:start], moved[start:]
    for name, bone in bones.items():
        if name in found:
            continue
        if name in targets:
            found[name] = _laid(bone.vertices, bone.triangles, *targets[name])
    for name, bone in bones.items():
        if name not in found:
            femur = bones[f"femur.{name.split('.')[1]}"]
            found[name] = fit_similarity(femur.vertices, found[femur.name])(bone.vertices)
    return found


def _laid(vertices: Floats, triangles: Ints, target: Floats, faces: Ints) -> Floats:
    pick = np.random.default_rng(0)
    here, there = (points[pick.permutation(len(points))[:SAMPLES]] for points in (vertices, target))
    return drawn(similar(here, there)(vertices), triangles, target, faces)
