"""The population's body carried onto somebody's bones: its shape fitted, its surfaces drawn onto theirs.

What is written for the population (landmarks, attachment areas, the ways of muscles and nerves) is then known there.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from meshes.body import Body, Bone, LimbSide
from meshes.code import code_files
from meshes.fitted import REACHES, WarpedChart, drawn, fit_similarity
from meshes.importing.frame import sample
from meshes.landmark_finder import find_landmarks
from meshes.landmark_rules import sacral_neck
from meshes.openset import femoral_head
from meshes.passport import SetError
from meshes.population import population_body
from meshes.registration import MIRROR, Rigid, fit_rigid
from meshes.shape_fit import UNITS, BoneFit, FitError, Mesh, ShapeFit, Unit, fit_shape, sample_places
from meshes.store import StoreError, content_key, files_key, libraries_key, load_array, store_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
MET_MM = 1.0
"""Mean miss up to which the shape model has met a bone: its own places are then surer than any rule's."""
FARTHEST_MM = 45.0
"""How far off a landmark may be found that still leads."""
FEWEST = 5
"""Landmarks of a bone that can lead it."""
STIFFNESS = 3.0
"""How little the way between landmarks bends: 0 meets each of them."""
NECK_POINTS = 9000
"""Points by which the place is found where a coccyx is fused to the sacrum."""
TIP = 0.25
"""Part of the coccyx's height, from below, that is its tip."""
TIP_MM = 10.0
"""Farthest from the fitted coccyx's tip that a sacrum may end which holds the coccyx."""


@dataclass(frozen=True)
class Carried:
    """A body on somebody's bones, in the atlas's frame (LPS mm), how well its shape fits, and the way there."""

    body: Body
    fit: ShapeFit
    pose: Rigid
    """From the given frame, in millimetres and with left and right as they are called, to the atlas's."""
    tailed: bool = False
    """Whether the given sacrum's mesh holds the coccyx too."""

    def to_atlas(self, points: Floats) -> Floats:
        """(n, 3) points of the given frame and unit in the atlas's frame, mm."""
        flip = MIRROR if self.fit.mirrored else np.ones(3)
        return self.pose(points * flip * UNITS[self.fit.unit])


def carried_body(bones: Mapping[str, Mesh], resolution: int = 8, guides: Mapping[str, Floats] | None = None) -> Carried:
    """The population's body on these bones.

    bones : by sided id, in any pose and unit; both hip bones, the sacrum and both femora at least
    guides : landmarks that are known on them, by sided id, (3,) in the same frame and unit: the body is led there first
    Bones of the leg that are not given follow the femur.

    Raises `FitError` if a bone is missing or what is given is no pelvis.
    """
    missing = [f"femur.{side}" for side in SIDES if f"femur.{side}" not in bones]
    if missing:
        raise FitError(f"Both femora are needed to grow muscles on these bones; missing: {', '.join(missing)}.")
    fit = fit_shape(bones)
    shape = population_body(fit.modes, resolution)
    pose = _pose(shape, fit)
    whole = Carried(shape, fit, pose)
    given = {name: whole.to_atlas(vertices) for name, (vertices, _) in bones.items()}
    faces = {name: triangles[:, ::-1] if fit.mirrored else triangles for name, (_, triangles) in bones.items()}
    heads = {side: femoral_head(given[f"femur.{side}"], side) for side in SIDES}
    middle = (heads["right"] + heads["left"]) / 2.0
    pose = Rigid(pose.rotation, pose.shift - middle)
    targets = {name: (points - middle, faces[name]) for name, points in given.items()}
    tailed = "coccyx" not in targets and (
        parted(targets["sacrum"])[1] is not None or holds_coccyx(shape.bones["coccyx"], targets["sacrum"])
    )
    known = {name: whole.to_atlas(np.asarray(place, float)[None])[0] - middle for name, place in (guides or {}).items()}
    moved = _moved(shape, fit, pose, targets, tailed, known)
    centres: dict[LimbSide, Floats] = {side: centre - middle for side, centre in heads.items()}
    return _assembled(shape, fit, pose, moved, centres, tailed)


def holds_coccyx(coccyx: Bone, sacrum: Mesh) -> bool:
    """Whether a given sacrum reaches to where the tip of the fitted coccyx is."""
    height = coccyx.vertices[:, 2]
    tip = np.ascontiguousarray(coccyx.vertices[height < height.min() + TIP * np.ptp(height)])
    off = np.sqrt(igl.point_mesh_squared_distance(tip, np.ascontiguousarray(sacrum[0]), sacrum[1])[0])
    return float(np.median(off)) < TIP_MM


def _assembled(
    shape: Body,
    fit: ShapeFit,
    pose: Rigid,
    moved: Mapping[str, Floats],
    centres: Mapping[LimbSide, Floats],
    tailed: bool,
) -> Carried:
    """The fitted body with its bones' vertices where they were moved to."""
    carried = {
        name: Bone(
            name, WarpedChart(bone.chart, bone.vertices, moved[name] - bone.vertices), moved[name], bone.triangles
        )
        for name, bone in shape.bones.items()
    }
    heads = {str(side): centre for side, centre in centres.items()}
    body = Body(carried, heads, dict(shape.head_radii), shape.carry, shape.modes, shape.places)
    return Carried(body, fit, pose, tailed)


def kept_carried(bones: Mapping[str, Mesh], resolution: int = 8, guides: Mapping[str, Floats] | None = None) -> Carried:
    """`carried_body`, found once for the same bones and kept on disk by their content. Raises `FitError`.

    Landmarks that are not among the guides, but can be found, lead too.
    """
    code = files_key(code_files("carried"))
    parts = [part for name in sorted(bones) for part in (name, *bones[name])]
    parts += [part for name, place in sorted((guides or {}).items()) for part in (name, np.asarray(place, float))]
    key = content_key("carried", code, libraries_key(), resolution, *parts)
    kept = load_array(key)
    if kept is not None:
        return carried_of(read_arrays(kept.tobytes()))
    carried = carried_body(bones, resolution, {**found_guides(bones), **(guides or {})})
    with suppress(StoreError):
        store_array(key, np.frombuffer(written_arrays(arrays_of(carried, resolution)), np.uint8))
    return carried


def found_guides(bones: Mapping[str, Mesh]) -> dict[str, Floats]:
    """Landmarks that are found on bones and may be trusted; (3,) by sided id, none if the bones cannot be read."""
    try:
        found = find_landmarks(bones).landmarks
    except SetError:  # mirrored, or no pelvis: whether it can be used nevertheless is for the fit to say
        return {}
    return {name: mark.place for name, mark in found.items() if mark.trust != "poor"}


def arrays_of(carried: Carried, resolution: int = 8) -> dict[str, NDArray[Any]]:
    """All that a carried body cannot be made again from at once, as plain arrays by name."""
    fit, body = carried.fit, carried.body
    found: dict[str, NDArray[Any]] = {
        "resolution": np.array(resolution),
        "modes": np.array(fit.modes),
        "unit": np.array(fit.unit),
        "mirrored": np.array(fit.mirrored),
        "tailed": np.array(carried.tailed),
        "pose": _packed(carried.pose),
        "heads": np.stack([body.head_centres[side] for side in SIDES]),
    }
    for name, stand in fit.stands.items():
        found[f"stand/{name}"] = _packed(stand)
        found[f"off/{name}"] = np.array([fit.bones[name].mean_mm, fit.bones[name].worst_mm])
    return found | {f"moved/{name}": bone.vertices for name, bone in body.bones.items()}


def carried_of(arrays: Mapping[str, NDArray[Any]]) -> Carried:
    """The body that `arrays_of` wrote down."""

    def group(kind: str) -> dict[str, NDArray[Any]]:
        return {name.partition("/")[2]: array for name, array in arrays.items() if name.startswith(f"{kind}/")}

    fit = ShapeFit(
        tuple(float(sds) for sds in arrays["modes"]),
        cast("Unit", str(arrays["unit"])),
        bool(arrays["mirrored"]),
        {name: _rigid(motion) for name, motion in group("stand").items()},
        {name: BoneFit(float(off[0]), float(off[1])) for name, off in group("off").items()},
    )
    shape = population_body(fit.modes, int(arrays["resolution"]))
    heads = dict(zip(SIDES, arrays["heads"], strict=True))
    return _assembled(shape, fit, _rigid(arrays["pose"]), group("moved"), heads, bool(arrays["tailed"]))


def written_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Named arrays as the bytes of a file: numbers and short texts only."""
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def read_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays that `written_arrays` wrote. Raises ValueError and its like where the bytes are damaged."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _packed(motion: Rigid) -> Floats:
    """A motion as one array (4, 3): its rotation, and its shift below."""
    return np.concatenate([motion.rotation, motion.shift[None]])


def _rigid(packed: Floats) -> Rigid:
    return Rigid(packed[:3], packed[3])


def _pose(shape: Body, fit: ShapeFit) -> Rigid:
    """The motion that lays the pelvis, as it was found, onto that of the fitted body."""
    here, there = [], []
    for name in ("hip_bone.right", "hip_bone.left"):
        elements, xi, found = sample_places(name, fit)
        here.append(found)
        there.append(shape.bones[name].chart.points(elements, xi))
    return fit_rigid(np.concatenate(here), np.concatenate(there))


def _moved(
    shape: Body,
    fit: ShapeFit,
    pose: Rigid,
    targets: Mapping[str, Mesh],
    tailed: bool,
    guides: Mapping[str, Floats],
) -> dict[str, Floats]:
    """Vertices of every bone where the given ones are; sacrum and coccyx are laid on together if they come as one."""
    found: dict[str, Floats] = {}
    stood: dict[str, Rigid] = {}
    for name in fit.bones:
        bone = shape.bones[name]
        elements, xi, stands = sample_places(name, fit)
        start = stood[name] = fit_rigid(bone.chart.points(elements, xi), pose(stands))
        lead = _lead(shape, name, start, guides) if fit.bones[name].mean_mm > MET_MM else None
        reaches = _reaches(fit.bones[name], lead is not None)
        if name != "sacrum":
            found[name] = drawn(led(lead, start(bone.vertices)), bone.triangles, *targets[name], reaches)
            continue
        tail = shape.bones["coccyx"]
        placed, follows = led(lead, start(bone.vertices)), led(lead, start(tail.vertices))
        upper, lower = parted(targets[name]) if tailed else (targets[name], None)
        if tailed and lower is None:
            both = np.concatenate([placed, follows])
            faces = np.concatenate([bone.triangles, tail.triangles + len(placed)])
            laid = drawn(both, faces, *targets[name], reaches)
            found[name], found[tail.name] = laid[: len(placed)], laid[len(placed) :]
            continue
        found[name] = drawn(placed, bone.triangles, *upper, reaches)
        found[tail.name] = fit_similarity(placed, found[name])(follows)
        below = targets.get(tail.name, lower)
        if below is not None:
            found[tail.name] = drawn(found[tail.name], tail.triangles, *below, reaches)
    for name, bone in shape.bones.items():
        if name in found:
            continue
        placed = stood[f"femur.{name.split('.')[1]}"](bone.vertices)
        found[name] = drawn(placed, bone.triangles, *targets[name]) if name in targets else placed
    return found


def parted(mesh: Mesh) -> tuple[Mesh, Mesh | None]:
    """A sacrum without the coccyx that is fused to it, and that coccyx; None: they cannot be told apart."""
    vertices, triangles = mesh
    neck = sacral_neck(sample(vertices, triangles, NECK_POINTS))
    if neck is None:
        return mesh, None
    above = vertices[:, 2] > neck
    return _only(mesh, np.all(above[triangles], axis=1)), _only(mesh, ~np.any(above[triangles], axis=1))


def _only(mesh: Mesh, kept: NDArray[np.bool_]) -> Mesh:
    """Some of a mesh's triangles, without the vertices of the others."""
    used, number = np.unique(mesh[1][kept], return_inverse=True)
    return mesh[0][used], number.reshape(-1, 3).astype(np.int64)


def _lead(shape: Body, name: str, start: Rigid, guides: Mapping[str, Floats]) -> RBFInterpolator | None:
    """The smooth displacement that leads a bone's landmarks to where they are known to be; None if few are known."""
    side = name.partition(".")[2]
    here, there = [], []
    for landmark, place in guides.items():
        stem, _, own = landmark.partition(".")
        known = shape.places.get(stem)
        if known is not None and known.bone == name.partition(".")[0] and (not side or own == side):
            at = start(np.atleast_2d(shape.landmark(landmark)))
            if len(at) == 1 and np.linalg.norm(place - at[0]) < FARTHEST_MM:
                here.append(at[0])
                there.append(place)
    if len(here) < FEWEST:
        return None
    points, moves = np.array(here), np.array(there) - np.array(here)
    return RBFInterpolator(points, moves, kernel="thin_plate_spline", smoothing=STIFFNESS, degree=1)


def led(lead: RBFInterpolator | None, points: Floats) -> Floats:
    """(n, 3) points led to where the landmarks are."""
    return points if lead is None else np.asarray(points + lead(points))


def _reaches(fit: BoneFit, led: bool) -> Sequence[float]:
    """How far a bone is drawn as a whole before it is drawn in detail: no farther than its fit has left it off.

    Drawing moves places along a smooth shaft too; what the shape model has met already is not moved for nothing. Where
    known landmarks have led the bone, its places are right and what lies between them may be drawn from farther.
    """
    most = REACHES[0] if led else max(8.0 * fit.worst_mm, REACHES[-1])
    return [reach for reach in REACHES if reach <= most]
