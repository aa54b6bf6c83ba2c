"""Finds bony landmarks on the bones of any pelvis, however it lies, in two ways that check each other.

The pelvis is set upright by its shape. The population's bones are laid onto its bones, drawn to them, and carry
their landmarks along; rules read the main ones anew from the mesh alone. The nearer the two, the more they are trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import igl
import numpy as np
from scipy.spatial import cKDTree

from annotations.loading import load
from meshes.body import Body
from meshes.fitted import NEIGHBOURS, Similarity, drawn, similar
from meshes.importing.frame import SAMPLES, UNITS, Floats, Frame, find_frame, find_unit, lay_on, sample
from meshes.importing.read import Ints
from meshes.landmark_rules import femur_landmarks, hip_bone_landmarks, sacrum_landmarks
from meshes.openset import femoral_head
from meshes.passport import SetError
from meshes.population import population_body
from meshes.registration import MIRROR

Trust = Literal["good", "fair", "poor", "carried"]

BONES = ("hip_bone", "sacrum", "femur")
POINTS = 9000
"""Points by which the rules read a bone."""
SMOOTHING = 3.0
"""mm over which they are averaged, so that a rough surface has no false tips."""
OFF = 5.0
"""mm off the bone beyond which a landmark is not to be trusted."""
GOOD, FAIR = 10.0, 20.0
"""mm between rule and population within which a landmark is good, or fair."""
ROUNDS = 3
"""Times that the pelvis is levelled by its own landmarks."""
MISSED = 20.0
"""mm by which a bone may miss the population's, laid onto it, before it is said to be another bone."""
FINE = 3000
"""Points between which the population's bone is laid onto a whole one."""
BEYOND = 15.0
"""mm from the population's sacrum beyond which a mesh is coccyx or something else."""


@dataclass(frozen=True)
class FoundLandmark:
    """A landmark on a bone.

    place : (3,) in the data's own unit and axes, as the population's bone carries it
    apart : mm between it and the place where a rule finds it on the mesh alone; None: there is no rule for it
    off : mm by which it lies farther off the mesh than on the population's bone
    """

    place: Floats
    apart: float | None
    off: float

    @property
    def trust(self) -> Trust:
        """How far it may be trusted."""
        if self.off > OFF:
            return "poor"
        if self.apart is None:
            return "carried"
        return "good" if self.apart < GOOD else "fair" if self.apart < FAIR else "poor"


@dataclass(frozen=True)
class FoundLandmarks:
    """Landmarks by sided id, why some bones gave none, how the body lies, and mean distances between the bones, mm."""

    landmarks: dict[str, FoundLandmark]
    refused: dict[str, str]
    frame: Frame
    fit_mm: dict[str, float]


@cache
def _body() -> Body:
    return population_body(resolution=4)


def find_landmarks(bones: Mapping[str, tuple[Floats, Ints]]) -> FoundLandmarks:
    """Landmarks of the hip bones, sacrum and femora among (vertices, triangles) by sided id, in any unit and axes.

    Raises `SetError` with reasons where this is no pelvis, its unit or pose cannot be told, or it is mirrored.
    """
    used = {name: mesh for name, mesh in bones.items() if name.split(".")[0] in BONES}
    hips = [name for name in used if name.startswith("hip_bone.")]
    if not hips:
        raise SetError("There is no hip bone: without one there is no pelvis to find landmarks on.")
    clouds = {name: sample(*mesh, POINTS) for name, mesh in used.items()}
    unit, against = find_unit({name: cloud[:SAMPLES] for name, cloud in clouds.items()})
    refused = dict.fromkeys(against, f"has not the size of such a bone in {unit}, the unit of the others")
    pelvis = {
        name: cloud[:SAMPLES] * UNITS[unit]
        for name, cloud in clouds.items()
        if name not in refused and not name.startswith("femur")
    }
    if not any(name in pelvis for name in hips):
        raise SetError("There is no hip bone of the size of the other bones.")
    frame = find_frame(pelvis)
    if frame.swapped:
        raise SetError("This pelvis is mirrored, or its sides are swapped: what is named left has the shape of right.")
    onto, _ = lay_on(pelvis, frame.onto)
    turn, origin, scale = onto.rotation, -onto.rotation.T @ onto.shift / onto.scale, 1 / onto.scale
    upright = {
        name: ((used[name][0] * UNITS[unit] - origin) @ turn.T, used[name][1]) for name in used if name not in refused
    }
    smooth = {name: averaged((clouds[name] * UNITS[unit] - origin) @ turn.T) for name in upright}
    level = levelled(smooth)
    found: dict[str, FoundLandmark] = {}
    fits: dict[str, float] = {}
    for name, mesh in upright.items():
        carried, missed, fits[name] = _carried(name, mesh, scale)
        if missed > MISSED:
            refused[name] = f"misses the population's by {missed:.0f} mm: is the leg bent, or is it another bone?"
            continue
        ruled = _by_rules(name, smooth[name], level)
        for landmark, place in carried.items():
            rule = ruled.get(landmark)
            apart = None if rule is None else float(np.linalg.norm(place - rule))
            there = _body().landmark(landmark)[None]
            off = _off(place[None], mesh) - _off(there, (_body().bones[name].vertices, _body().bones[name].triangles))
            found[landmark] = FoundLandmark((place @ turn + origin) / UNITS[unit], apart, max(off, 0.0))
    return FoundLandmarks(found, refused, frame, fits)


def averaged(points: Floats) -> Floats:
    """(n, 3) points, each the mean of those within `SMOOTHING` mm."""
    tree = cKDTree(points)
    pairs = tree.query_pairs(SMOOTHING, output_type="ndarray")
    total, count = points.copy(), np.ones(len(points))
    for one, other in (pairs.T, pairs.T[::-1]):
        count += np.bincount(one, minlength=len(points))
        for axis in range(3):
            total[:, axis] += np.bincount(one, points[other, axis], len(points))
    return np.asarray(total / count[:, None])


def levelled(bones: Mapping[str, Floats]) -> Similarity:
    """The motion that lays both anterior superior iliac spines and pubic tubercles into one coronal plane, level.

    It needs both hip bones; with one, the body stays as the population lies.
    """
    motion = Similarity(np.eye(3), np.zeros(3), 1.0)
    if not {"hip_bone.right", "hip_bone.left"} <= set(bones):
        return motion
    for _ in range(ROUNDS):
        places = {}
        for side in ("right", "left"):
            mirror = np.ones(3) if side == "right" else MIRROR
            found = hip_bone_landmarks(motion(bones[f"hip_bone.{side}"]) * mirror)
            places[side] = [found[name] * mirror for name in ("asis", "pubic_tubercle")]
        left = places["left"][0] - places["right"][0]
        left /= np.linalg.norm(left)
        up = (places["left"][0] + places["right"][0] - places["left"][1] - places["right"][1]) / 2
        up -= left * (left @ up)
        up /= np.linalg.norm(up)
        turn = np.stack([left, np.cross(up, left), up])
        motion = Similarity(turn @ motion.rotation, turn @ motion.shift, 1.0)
    return motion


def _by_rules(name: str, points: Floats, level: Similarity) -> dict[str, Floats]:
    """Where rules find a bone's landmarks, by sided id; (3,) upright. None of a bone that they cannot read."""
    stem, _, side = name.partition(".")
    mirror = np.ones(3) if side != "left" else MIRROR
    mine = level(points) * mirror
    try:
        if stem == "hip_bone":
            found = hip_bone_landmarks(mine)
        elif stem == "femur":
            found = femur_landmarks(mine, femoral_head(mine, "right"))
        else:
            found = {"sacral_promontory": sacrum_landmarks(mine, float(np.median(mine[:, 0])))["sacral_promontory"]}
    except (ValueError, IndexError):
        return {}
    dot = f".{side}" if side else ""
    return {f"{landmark}{dot}": (place * mirror - level.shift) @ level.rotation for landmark, place in found.items()}


def _carried(name: str, mesh: tuple[Floats, Ints], scale: float) -> tuple[dict[str, Floats], float, float]:
    """The population's landmarks on an upright bone; how far its bone misses this one as it is, and drawn to it, mm."""
    body = _body()
    bone = body.bones[name]
    onto, missed = lay_on({name: sample(*mesh, SAMPLES)}, Similarity(np.eye(3), np.zeros(3), 1 / scale))

    def first(points: Floats) -> Floats:
        return np.asarray((points - onto.shift) @ onto.rotation / onto.scale)

    target, faces = _without_coccyx(mesh, first(bone.vertices)) if name == "sacrum" else mesh
    here = first(sample(bone.vertices, bone.triangles, FINE))
    whole = bool(np.ptp(target, axis=0)[2] > 0.75 * np.ptp(here, axis=0)[2])
    closer = similar(here, sample(target, faces, FINE), 30) if whole else Similarity(np.eye(3), np.zeros(3), 1.0)

    def laid(points: Floats) -> Floats:
        return closer(first(points))

    start = laid(bone.vertices)
    moved = drawn(start, bone.triangles, target, faces)
    tree = cKDTree(start)
    places = {}
    for landmark in body.landmark_names():
        entry = load().landmarks[landmark.partition(".")[0]]
        side = landmark.partition(".")[2]
        if (
            entry.on == name.partition(".")[0]
            and entry.form == "point"
            and side in ("", name.partition(".")[2] or side)
        ):
            at = laid(body.landmark(landmark)[None])
            distance, near = tree.query(at, k=NEIGHBOURS)
            weight = 1.0 / np.maximum(distance, 1e-6) ** 2
            shift = (weight[..., None] * (moved - start)[near]).sum(axis=1) / weight.sum(axis=1)[:, None]
            places[landmark] = (at + shift)[0]
    fit = np.sqrt(igl.point_mesh_squared_distance(np.ascontiguousarray(moved), target, faces)[0]).mean()
    return places, missed * scale, float(fit)


def _off(points: Floats, mesh: tuple[Floats, Ints]) -> float:
    """Largest distance of (n, 3) points from a mesh."""
    return float(np.sqrt(igl.point_mesh_squared_distance(points, *mesh)[0].max()))


def _without_coccyx(mesh: tuple[Floats, Ints], sacrum: Floats) -> tuple[Floats, Ints]:
    """The mesh without what lies beyond a sacrum that was laid onto it."""
    vertices, triangles = mesh
    near = cKDTree(sacrum).query(vertices)[0] < BEYOND
    kept = triangles[near[triangles].all(axis=1)]
    used, number = np.unique(kept, return_inverse=True)
    return vertices[used], number.reshape(-1, 3).astype(np.int64)
