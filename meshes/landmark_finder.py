"""Finds bony landmarks on the bones of any pelvis, however it lies, in two ways that check each other.

The pelvis is set upright by its shape. The population's bones are laid onto its bones, drawn to them, and carry
their landmarks along; near there, rules read the main ones anew from the mesh alone. The nearer the two, the more they
are trusted. What is drawn slides along crests and shafts: where a rule is what a landmark is defined by, it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import igl
import numpy as np
from scipy.spatial import cKDTree

from annotations.loading import load
from meshes.body import Body
from meshes.fitted import NEIGHBOURS, Similarity, drawn, similar
from meshes.importing.frame import SAMPLES, Floats, Frame, find_frame, find_unit, fitted_frame, lay_on, sample
from meshes.importing.read import Ints
from meshes.landmark_rules import read_landmarks, sacral_neck
from meshes.openset import femoral_head
from meshes.passport import SetError
from meshes.population import population_body
from meshes.registration import MIRROR
from meshes.shape_fit import PELVIS, UNITS, FitError

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
ELSEWHERE = 25.0
"""mm between them beyond which the rule has read something else."""
SHARE = dict.fromkeys(
    (
        "asis",
        "psis",
        "pubic_tubercle",
        "greater_trochanter",
        "sacral_promontory",
        "inferolateral_angle_of_sacrum",
        "posterior_sacral_foramen_1",
    ),
    0.5,
) | {"posterior_sacral_foramen_4": 0.7}
"""How far a landmark on a blunt place goes from where it is carried to where its rule reads it; others go fully."""
ROUNDS = 2
"""Times that the pelvis is levelled by its own landmarks, and these are read anew."""
MISSED = 20.0
"""mm by which a bone may miss the population's, laid onto it, before it is said to be another bone."""
SAME = 0.5
"""mm: a bone that lies no farther off the population's, laid onto it, has that bone's landmarks; rules only check."""
UNLIKE = 1.5
"""mm that a bone lies off the population's, drawn to it, on average, if it is another bone."""
FINE = 3000
"""Points between which the population's bone is laid onto a whole one."""
BEYOND = 15.0
"""mm from the population's sacrum beyond which a mesh is coccyx or something else."""
ON_BONE = 1.0
"""mm within which a landmark of the population lies on its bone: found ones are then laid on theirs."""


@dataclass(frozen=True)
class FoundLandmark:
    """A landmark on a bone; all places (3,) in the data's own unit and axes.

    place : where it is, by what follows
    carried : where the population's bone carries it
    rule : where a rule reads it off the mesh alone; None: there is no rule for it
    apart : mm between the two
    off : mm by which what is carried lies farther off the mesh than on the population's bone
    """

    place: Floats
    carried: Floats
    rule: Floats | None
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


@dataclass(frozen=True)
class _Read:
    """A bone as the rules read it, upright: (n, 3) points, averaged, and (n, 3) normals there."""

    points: Floats
    normals: Floats


def find_landmarks(bones: Mapping[str, tuple[Floats, Ints]]) -> FoundLandmarks:
    """Landmarks of the hip bones, sacrum and femora among (vertices, triangles) by sided id, in any unit and axes.

    Raises `SetError` with reasons where this is no pelvis, its unit or pose cannot be told, or it is mirrored.
    """
    used = {name: mesh for name, mesh in bones.items() if name.split(".")[0] in BONES}
    hips = [name for name in used if name.startswith("hip_bone.")]
    if not hips:
        raise SetError(
            "There is no hip bone: without one there is no pelvis to find landmarks on. Add it, or say which file "
            "is hip_bone.right or hip_bone.left."
        )
    clouds = {name: sample(*mesh, POINTS) for name, mesh in used.items()}
    unit, against = find_unit({name: cloud[:SAMPLES] for name, cloud in clouds.items()})
    refused = dict.fromkeys(against, f"has not the size of such a bone in {unit}, the unit of the others")
    size = UNITS[unit]
    kept = {name: (used[name][0] * size, used[name][1]) for name in used if name not in refused}
    pelvis = {name: clouds[name][:SAMPLES] * size for name in kept if not name.startswith("femur")}
    if not any(name in pelvis for name in hips):
        raise SetError("There is no hip bone of the size of the other bones: check which file is which bone.")
    frame = _frame(kept, pelvis)
    if frame.swapped:
        raise SetError(
            "This pelvis is mirrored, or its sides are swapped: what is named left has the shape of right. Exchange "
            "the names of the sides, or mirror the data back."
        )
    onto, _ = lay_on(pelvis, frame.onto)
    turn, origin = onto.rotation, -onto.rotation.T @ onto.shift / onto.scale
    carried: dict[str, dict[str, Floats]] = {}
    read: dict[str, _Read] = {}
    meshes: dict[str, tuple[Floats, Ints]] = {}
    fits: dict[str, float] = {}
    same: set[str] = set()
    for name, (vertices, triangles) in kept.items():
        mesh = np.ascontiguousarray((vertices - origin) @ turn.T), np.ascontiguousarray(triangles, np.int64)
        cloud = (clouds[name] * size - origin) @ turn.T
        face = igl.point_mesh_squared_distance(cloud, *mesh)[1]
        normals = igl.per_face_normals(*mesh, np.array([0.0, 0.0, 1.0]))[face]
        laid = _carried(name, mesh, 1 / onto.scale)
        fits[name] = laid.fit
        if laid.missed > MISSED or laid.other:
            refused[name] = (
                f"misses the population's by {laid.missed:.0f} mm: is the leg bent, or is it another bone? "
                "Check its name"
            )
            continue
        carried[name], meshes[name] = laid.places, mesh
        if laid.off < SAME:
            same.add(name)
        read[name] = _Read(averaged(cloud, cloud), averaged(cloud, normals))
    expected = {landmark: place for places in carried.values() for landmark, place in places.items()}
    ruled: dict[str, Floats] = {}
    for _ in range(ROUNDS):
        level = levelled(expected | ruled)
        ruled = {key: place for name in read for key, place in _by_rules(name, read[name], expected, level).items()}
    found = {
        landmark: _found(
            landmark,
            place,
            ruled.get(landmark),
            0.0 if name in same else SHARE.get(landmark.partition(".")[0], 1.0),
            name,
            meshes[name],
            lambda p: (p @ turn + origin) / size,
        )
        for name, places in carried.items()
        for landmark, place in places.items()
    }
    return FoundLandmarks(found, refused, frame, fits)


def _frame(kept: Mapping[str, tuple[Floats, Ints]], pelvis: Mapping[str, Floats]) -> Frame:
    """How the bones lie, in mm: by the shape model where there is a whole pelvis, else by what there is."""
    if all(name in kept for name in PELVIS):
        try:
            return fitted_frame({name: kept[name] for name in PELVIS})
        except FitError as error:
            raise SetError(str(error)) from error
    return find_frame(pelvis)


def averaged(points: Floats, values: Floats) -> Floats:
    """(n, 3) values at points, each the mean of those within `SMOOTHING` mm."""
    pairs = cKDTree(points).query_pairs(SMOOTHING, output_type="ndarray")
    total, count = values.copy(), np.ones(len(points))
    for one, other in (pairs.T, pairs.T[::-1]):
        count += np.bincount(one, minlength=len(points))
        for axis in range(3):
            total[:, axis] += np.bincount(one, values[other, axis], len(points))
    return np.asarray(total / count[:, None])


def levelled(places: Mapping[str, Floats]) -> Similarity:
    """The motion that lays both anterior superior iliac spines and pubic tubercles into one coronal plane, level.

    It needs both hip bones; with one, the body stays as the population lies.
    """
    four = [f"{name}.{side}" for name in ("asis", "pubic_tubercle") for side in ("right", "left")]
    if not all(name in places for name in four):
        return Similarity(np.eye(3), np.zeros(3), 1.0)
    right, left, low_right, low_left = (places[name] for name in four)
    across = (left - right) / np.linalg.norm(left - right)
    up = (left + right - low_left - low_right) / 2.0
    up -= across * (across @ up)
    up /= np.linalg.norm(up)
    return Similarity(np.stack([across, np.cross(up, across), up]), np.zeros(3), 1.0)


def _by_rules(name: str, bone: _Read, expected: Mapping[str, Floats], level: Similarity) -> dict[str, Floats]:
    """Where rules read a bone's landmarks, by sided id; (3,) upright. None of a bone that they cannot read."""
    stem, _, side = name.partition(".")
    found: dict[str, Floats] = {}
    for one in (side,) if side else ("right", "left"):
        mirror = MIRROR if one == "left" else np.ones(3)
        points, normals = level(bone.points) * mirror, bone.normals @ level.rotation.T * mirror
        wanted = {}
        for key, place in expected.items():
            landmark, _, where = key.partition(".")
            if load().landmarks[landmark].on == stem and where in ("", one):
                wanted[landmark] = level(place[None])[0] * mirror
        try:
            places = read_landmarks(stem, points, normals, wanted)
            if stem == "femur":
                places["femoral_head_centre"] = femoral_head(points, "right")
        except (ValueError, IndexError):  # nothing is where it is expected
            continue
        for landmark, place in places.items():
            key = f"{landmark}.{one}" if f"{landmark}.{one}" in expected else landmark
            found[key] = (place * mirror) @ level.rotation
    return found


def _found(
    name: str,
    carried: Floats,
    rule: Floats | None,
    share: float,
    bone: str,
    mesh: tuple[Floats, Ints],
    home: Callable[[Floats], Floats],
) -> FoundLandmark:
    """The landmark by what is carried and what is read, with this share; home : from upright into the data."""
    apart = None if rule is None else float(np.linalg.norm(carried - rule))
    place = carried
    if rule is not None and apart is not None and apart < ELSEWHERE:
        place = carried + share * (rule - carried)
    theirs = _body().bones[bone]
    there = _off(_body().landmark(name), (theirs.vertices, theirs.triangles))
    off = max(_off(carried, mesh) - there, 0.0)
    if there < ON_BONE and (rule is None or name != "sacral_apex"):
        place = np.asarray(igl.point_mesh_squared_distance(place[None], *mesh)[2][0])
    return FoundLandmark(home(place), home(carried), None if rule is None else home(rule), apart, off)


@dataclass(frozen=True)
class _Laid:
    """The population's bone laid onto an upright one.

    places : its landmarks there, (3,)
    missed, off : mm, by which samples of it, and itself as a whole, miss this one
    fit : the same once it is drawn to it
    other : whether this is another bone: it is missed, and even what is drawn to it leaves much of it bare
    """

    places: dict[str, Floats]
    missed: float
    off: float
    fit: float
    other: bool


def _carried(name: str, mesh: tuple[Floats, Ints], scale: float) -> _Laid:
    """The population's bone, 1 / `scale` as large, laid onto an upright one and drawn to it."""
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
    moved = np.ascontiguousarray(moved)
    fit = np.sqrt(igl.point_mesh_squared_distance(moved, target, faces)[0]).mean()
    over = np.sqrt(igl.point_mesh_squared_distance(sample(target, faces, SAMPLES), moved, bone.triangles)[0]).mean()
    other = over > UNLIKE and missed * scale > MISSED / 2.0
    off = np.sqrt(igl.point_mesh_squared_distance(np.ascontiguousarray(start), target, faces)[0]).mean()
    return _Laid(places, missed * scale, float(off), float(fit), other)


def _off(point: Floats, mesh: tuple[Floats, Ints]) -> float:
    """Distance of a point (3,) from a mesh."""
    return float(np.sqrt(igl.point_mesh_squared_distance(point[None], *mesh)[0][0]))


def _without_coccyx(mesh: tuple[Floats, Ints], sacrum: Floats) -> tuple[Floats, Ints]:
    """The mesh of an upright sacrum without a fused coccyx, or without what lies beyond the one laid onto it."""
    vertices, triangles = mesh
    neck = sacral_neck(sample(vertices, triangles, POINTS))
    near = cKDTree(sacrum).query(vertices)[0] < BEYOND if neck is None else vertices[:, 2] > neck
    kept = triangles[near[triangles].all(axis=1)]
    used, number = np.unique(kept, return_inverse=True)
    return vertices[used], number.reshape(-1, 3).astype(np.int64)
