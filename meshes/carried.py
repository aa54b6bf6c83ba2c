"""The population's body carried onto somebody's bones: its shape fitted, its surfaces drawn onto theirs.

What is written for the population (landmarks, attachment areas, the ways of muscles and nerves) is then known there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meshes.body import Body, Bone, LimbSide
from meshes.fitted import REACHES, WarpedChart, drawn, fit_similarity
from meshes.openset import femoral_head
from meshes.population import population_body
from meshes.registration import MIRROR, Rigid, fit_rigid
from meshes.shape_fit import UNITS, BoneFit, FitError, Mesh, ShapeFit, fit_shape, sample_places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIDES: tuple[LimbSide, LimbSide] = ("right", "left")


@dataclass(frozen=True)
class Carried:
    """A body on somebody's bones, in the atlas's frame (LPS mm), how well its shape fits, and the way there."""

    body: Body
    fit: ShapeFit
    pose: Rigid
    """From the given frame, in millimetres and with left and right as they are called, to the atlas's."""

    def to_atlas(self, points: Floats) -> Floats:
        """(n, 3) points of the given frame and unit in the atlas's frame, mm."""
        flip = MIRROR if self.fit.mirrored else np.ones(3)
        return self.pose(points * flip * UNITS[self.fit.unit])


def carried_body(bones: Mapping[str, Mesh], resolution: int = 8) -> Carried:
    """The population's body on these bones.

    bones : by sided id, in any pose and unit; both hip bones, the sacrum and both femora at least
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
    moved = _moved(shape, fit, pose, targets)
    carried = {
        name: Bone(
            name, WarpedChart(bone.chart, bone.vertices, moved[name] - bone.vertices), moved[name], bone.triangles
        )
        for name, bone in shape.bones.items()
    }
    centres = {str(side): centre - middle for side, centre in heads.items()}
    body = Body(carried, centres, dict(shape.head_radii), shape.carry, shape.modes, shape.places)
    return Carried(body, fit, pose)


def _pose(shape: Body, fit: ShapeFit) -> Rigid:
    """The motion that lays the pelvis, as it was found, onto that of the fitted body."""
    here, there = [], []
    for name in ("hip_bone.right", "hip_bone.left"):
        elements, xi, found = sample_places(name, fit)
        here.append(found)
        there.append(shape.bones[name].chart.points(elements, xi))
    return fit_rigid(np.concatenate(here), np.concatenate(there))


def _moved(shape: Body, fit: ShapeFit, pose: Rigid, targets: Mapping[str, Mesh]) -> dict[str, Floats]:
    """Vertices of every bone where the given ones are; sacrum and coccyx are laid on together if they come as one."""
    found: dict[str, Floats] = {}
    for name in fit.bones:
        if name == "sacrum":
            continue
        bone = shape.bones[name]
        elements, xi, stands = sample_places(name, fit)
        start = fit_rigid(bone.chart.points(elements, xi), pose(stands))
        found[name] = drawn(start(bone.vertices), bone.triangles, *targets[name], _reaches(fit.bones[name]))
    tail = [shape.bones[name] for name in ("sacrum", "coccyx")]
    if "coccyx" in targets:
        for bone in tail:
            found[bone.name] = drawn(bone.vertices, bone.triangles, *targets[bone.name], _reaches(fit.bones["sacrum"]))
    else:
        start_of = len(tail[0].vertices)
        both = np.concatenate([bone.vertices for bone in tail])
        faces = np.concatenate([tail[0].triangles, tail[1].triangles + start_of])
        laid = drawn(both, faces, *targets["sacrum"], _reaches(fit.bones["sacrum"]))
        found["sacrum"], found["coccyx"] = laid[:start_of], laid[start_of:]
    for name, bone in shape.bones.items():
        if name in found:
            continue
        femur = shape.bones[f"femur.{name.split('.')[1]}"]
        follow = fit_similarity(femur.vertices, found[femur.name])
        placed = follow(bone.vertices)
        found[name] = drawn(placed, bone.triangles, *targets[name]) if name in targets else placed
    return found


def _reaches(fit: BoneFit) -> Sequence[float]:
    """How far a bone is drawn as a whole before it is drawn in detail: no farther than its fit has left it off.

    Drawing moves places along a smooth shaft too; what the shape model has met already is not moved for nothing.
    """
    return [reach for reach in REACHES if reach <= max(8.0 * fit.worst_mm, REACHES[-1])]
