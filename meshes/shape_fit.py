"""The population's shape model laid onto somebody's bones: which shape they have, where they stand, how well it fits.

The bones may come in any pose, in millimetres, centimetres or metres, and even mirrored: all of that is found from how
the hip bones and the sacrum lie to one another, and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from meshes.fitted import Similarity, fit_similarity
from meshes.population import patch
from meshes.registration import MIRROR, Rigid, register
from meshes.shape_model import shape_model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mesh = tuple[Floats, Ints]
"""(n, 3) vertices and (m, 3) triangles, counter-clockwise seen from outside."""

PELVIS = ("hip_bone.right", "hip_bone.left", "sacrum")
"""What must be there: how these lie to one another tells pose, unit and mirroring."""
FEMORA = ("femur.right", "femur.left")

Unit = Literal["mm", "cm", "m"]
UNITS: dict[Unit, float] = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
TRUE_SIZE = (0.7, 1.4)
"""Size of an adult pelvis as a share of the population's mean; outside of it, in no unit, it is none."""
SAMPLES = 700
"""Points of each bone that are laid on."""
TARGET_POINTS = 20_000
"""Points, evenly spread, that stand for a given bone."""
FIRST_ROUNDS = (12, 28)
"""Rounds in which the mean pelvis finds its place: as it is and mirrored, and then where it is not yet clear which."""
CLEARLY = 1.6
"""How many times farther off the worse of the two must be, to be given up after the first rounds."""
INDEPENDENT = 100.0
"""How many of these points tell something that the others do not: neighbours say the same."""
NOISE_MM = 2.0
"""How far a bone of another person lies off the model's nearest shape."""
ROUNDS = 40
"""Steps in which modes and places are found."""
KEPT = 0.9
"""Share of the points that count; the worst may be osteophytes, holes or what the scan cut off."""
WORST_FIT_MM = 6.0
"""Mean distance above which what was laid on is no pelvis."""


class FitError(ValueError):
    """Bones that the shape model cannot be laid onto; the message says why and what to do."""


@dataclass(frozen=True)
class BoneFit:
    """How well one bone is met: mean and 95th percentile of the distance, mm."""

    mean_mm: float
    worst_mm: float


@dataclass(frozen=True)
class ShapeFit:
    """What was found.

    modes : SDs along each mode of the shape model;  unit : of the given bones;  mirrored : left and right are exchanged
    stands : by bone, the motion from the model's own frame onto the given bones (after their unit and mirroring)
    """

    modes: tuple[float, ...]
    unit: Unit
    mirrored: bool
    stands: dict[str, Rigid]
    bones: dict[str, BoneFit]


@dataclass(frozen=True)
class _Template:
    """Points of one bone of the model: (n, 3) mean, (k, n, 3) displacement for one SD, (n, 3) normals; its group."""

    elements: Ints
    xi: Floats
    mean: Floats
    modes: Floats
    normals: Floats
    group: str


@cache
def _template() -> dict[str, _Template]:
    """Sample points of each bone; the right femur is the left one mirrored."""
    model = shape_model()
    mean = model.nodes()
    count = len(model.modes)
    shifts = [
        {bone: model.nodes([0.0] * k + [1.0])[bone] - mean[bone] for bone in ("pelvis", "femur")} for k in range(count)
    ]
    found = {}
    for name in (*PELVIS, *FEMORA):
        piece = "femur" if name in FEMORA else name
        group = "femur" if name in FEMORA else "pelvis"
        surface = patch(piece, mean)
        grid = surface.mesh.grid(5, surface.elements)
        pick = np.random.default_rng(0).permutation(len(grid.elements))[:SAMPLES]
        elements, xi = grid.elements[pick], grid.xi[pick]
        moved = np.stack([patch(piece, shift).points(elements, xi) for shift in shifts])
        flip = MIRROR if name == "femur.right" else np.ones(3)
        found[name] = _Template(
            elements,
            xi,
            surface.points(elements, xi) * flip,
            moved * flip,
            surface.normals(elements, xi) * flip,
            name if name in FEMORA else group,
        )
    return found


def fit_shape(bones: Mapping[str, Mesh]) -> ShapeFit:
    """Lay the shape model onto bones in whatever frame and unit they are.

    bones : at least both hip bones and the sacrum, by sided id; femora are used where they are there

    Raises `FitError` where a bone is missing, is empty, or what is given is no pelvis.
    """
    missing = [name for name in PELVIS if name not in bones]
    if missing:
        raise FitError(f"The shape model needs both hip bones and the sacrum; missing: {', '.join(missing)}.")
    mirrored, start = _first_pose(bones)
    unit = _unit(1.0 / start.scale)
    size = UNITS[unit]
    flip = MIRROR if mirrored else np.ones(3)
    given = {
        name: (mesh[0] * flip * size, mesh[1][:, ::-1] if mirrored else mesh[1])
        for name, mesh in bones.items()
        if name in (*PELVIS, *FEMORA)
    }
    return _fitted(given, unit, mirrored, start)


def sample_places(name: str, fit: ShapeFit) -> tuple[Ints, Floats, Floats]:
    """(n,) elements and (n, 2) coordinates of places on a bone, and the (n, 3) points where the fit has laid them.

    The points are in the given bones' frame, mm, left and right as they are called.
    """
    shape = _template()[name]
    points = shape.mean + np.tensordot(np.asarray(fit.modes), shape.modes, axes=1)
    return shape.elements, shape.xi, fit.stands[name](points)


@dataclass(frozen=True)
class _Target:
    """(n, 3) points spread evenly over a bone's surface, with (n, 3) normals."""

    points: Floats
    normals: Floats
    tree: cKDTree

    @classmethod
    def of(cls, vertices: Floats, triangles: Ints) -> _Target:
        corners = vertices[triangles]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        area = np.linalg.norm(normals, axis=1)
        if not len(area) or not np.isfinite(area).all() or area.sum() <= 0.0:
            raise FitError("A bone has no surface: its file is empty or damaged.")
        random = np.random.default_rng(0)
        face = random.choice(len(area), TARGET_POINTS, p=area / area.sum())
        share = np.sqrt(random.random((TARGET_POINTS, 1)))
        along = random.random((TARGET_POINTS, 1))
        a, b, c = (corners[face, i] for i in range(3))
        points = (1 - share) * a + share * (1 - along) * b + share * along * c
        return cls(points, normals[face] / area[face][:, None], cKDTree(points))


def _first_pose(bones: Mapping[str, Mesh]) -> tuple[bool, Similarity]:
    """Whether left and right are exchanged, and the similarity that lays the mean pelvis onto the given one."""
    template = _template()
    fixed = {name: _Target.of(*bones[name]) for name in PELVIS}
    tries = []
    for mirrored in (False, True):
        flip = MIRROR if mirrored else np.ones(3)
        there = {
            name: _Target(t.points * flip, t.normals * flip, cKDTree(t.points * flip)) for name, t in fixed.items()
        }
        here = np.stack([template[name].mean.mean(axis=0) for name in PELVIS])
        start = fit_similarity(here, np.stack([there[name].points.mean(axis=0) for name in PELVIS]))
        tries.append((*_laid_on(start, there, FIRST_ROUNDS[0]), mirrored, there))
    tries.sort(key=lambda one: one[0])
    nearest = tries[0][0]
    ends = [
        (*_laid_on(motion, there, FIRST_ROUNDS[1]), mirrored)
        for miss, motion, mirrored, there in tries
        if miss < CLEARLY * nearest or miss == nearest
    ]
    best = min(ends, key=lambda one: one[0])
    if best[0] > 3.0 * WORST_FIT_MM:
        raise FitError(
            f"This does not look like a pelvis: laid onto it, the mean pelvis misses it by {best[0]:.0f} mm on average."
            " Check which file is which bone."
        )
    return best[2], best[1]


def _laid_on(motion: Similarity, there: Mapping[str, _Target], rounds: int) -> tuple[float, Similarity]:
    """The mean pelvis after so many rounds more, and how far it lies off on average, mm."""
    template = _template()
    for _ in range(rounds):
        pairs = [_pairs(motion(template[name].mean), there[name]) for name in PELVIS]
        moving = np.concatenate([template[n].mean[near] for n, (near, _) in zip(PELVIS, pairs, strict=True)])
        motion = fit_similarity(moving, np.concatenate([points for _, points in pairs]))
    off = [there[name].tree.query(motion(template[name].mean))[0].mean() for name in PELVIS]
    return float(np.mean(off)) / motion.scale, motion


def _pairs(points: Floats, target: _Target) -> tuple[NDArray[np.bool_], Floats]:
    """Which of the points have a near partner, and those partners."""
    distance, partner = target.tree.query(points)
    near = distance <= np.quantile(distance, KEPT)
    return near, target.points[partner[near]]


def _unit(size: float) -> Unit:
    """The unit in which a pelvis so many times as large as the mean's millimetres is of human size."""
    for unit, factor in UNITS.items():
        if TRUE_SIZE[0] <= size_in(factor, size) <= TRUE_SIZE[1]:
            return unit
    raise FitError(
        f"In no unit (mm, cm, m) is this pelvis of an adult's size: it is {1.0 / size:.3g} times as large as the "
        "population's mean in millimetres."
    )


def size_in(factor: float, size: float) -> float:
    """Size as a share of the mean's, if one unit is `factor` millimetres."""
    return factor / size


def _fitted(given: Mapping[str, Mesh], unit: Unit, mirrored: bool, start: Similarity) -> ShapeFit:
    """Modes and places, found by turns of nearest partners and one least-squares step for all unknowns."""
    template = _template()
    targets = {name: _Target.of(*mesh) for name, mesh in given.items()}
    groups = list(dict.fromkeys(template[name].group for name in targets))
    motions = dict.fromkeys(groups, Rigid(start.rotation, start.shift * UNITS[unit]))
    weights = np.zeros(len(next(iter(template.values())).modes))
    for name in targets:
        if name in FEMORA:
            shape = template[name]
            motions[name] = register(
                shape.mean, targets[name].points, _femur_start(shape, targets[name], motions["pelvis"])
            )
    for turn in range(ROUNDS):
        weights, motions = _step(template, targets, groups, weights, motions, loose=turn < ROUNDS // 3)
    stands, errors = {}, {}
    for name, mesh in given.items():
        motion = motions[template[name].group]
        here = motion(template[name].mean + np.tensordot(weights, template[name].modes, axes=1))
        off = np.sqrt(igl.point_mesh_squared_distance(here, np.ascontiguousarray(mesh[0]), mesh[1])[0])
        errors[name] = BoneFit(float(off.mean()), float(np.percentile(off, 95.0)))
        stands[name] = motion
    worst = max(errors[name].mean_mm for name in PELVIS)
    if worst > WORST_FIT_MM:
        raise FitError(f"This does not look like a pelvis: the shape model misses it by {worst:.0f} mm on average.")
    return ShapeFit(tuple(float(w) for w in weights), unit, mirrored, stands, errors)


def _femur_start(shape: _Template, target: _Target, pelvis: Rigid) -> Rigid:
    """The pelvis's motion, moved so that the tops of both femora meet: a scan may end anywhere along the shaft."""
    up = pelvis.rotation @ np.array([0.0, 0.0, 1.0])
    here, there = pelvis(shape.mean), target.points
    tops = [points[points @ up > (points @ up).max() - 40.0].mean(axis=0) for points in (here, there)]
    return Rigid(pelvis.rotation, pelvis.shift + tops[1] - tops[0])


def _step(
    template: Mapping[str, _Template],
    targets: Mapping[str, _Target],
    groups: list[str],
    weights: Floats,
    motions: Mapping[str, Rigid],
    loose: bool,
) -> tuple[Floats, dict[str, Rigid]]:
    """One step of all modes and all motions towards the nearest partners, along their normals (and fully, if loose)."""
    count = len(weights)
    system = np.diag(np.concatenate([np.ones(count), np.full(6 * len(groups), 1e-9)]))
    right = np.concatenate([-weights, np.zeros(6 * len(groups))])
    total = len(targets) * SAMPLES * KEPT
    for name, target in targets.items():
        shape, motion = template[name], motions[template[name].group]
        here = motion(shape.mean + np.tensordot(weights, shape.modes, axes=1))
        distance, partner = target.tree.query(here)
        facing = ((shape.normals @ motion.rotation.T) * target.normals[partner]).sum(axis=1) > 0.3
        near = facing & (distance <= np.quantile(distance, KEPT))
        turned = np.einsum("knc,dc->knd", shape.modes[:, near], motion.rotation)
        arm = here[near] - motion.shift
        first = count + 6 * groups.index(shape.group)
        parts = [target.normals[partner[near]]]
        if loose:
            parts += [0.3 * np.broadcast_to(axis, (int(near.sum()), 3)) for axis in np.eye(3)]
        for normal in parts:
            row = np.zeros((int(near.sum()), len(system)))
            row[:, :count] = np.einsum("knd,nd->nk", turned, normal)
            row[:, first : first + 3] = np.cross(arm, normal)
            row[:, first + 3 : first + 6] = normal
            miss = ((target.points[partner[near]] - here[near]) * normal).sum(axis=1)
            share = INDEPENDENT / total / NOISE_MM**2
            system += share * row.T @ row
            right += share * row.T @ miss
    step = np.linalg.solve(system, right)
    moved = {}
    for index, group in enumerate(groups):
        turn, shift = step[count + 6 * index :][:3], step[count + 6 * index :][3:6]
        rotation = Rotation.from_rotvec(turn).as_matrix()
        moved[group] = Rigid(rotation @ motions[group].rotation, motions[group].shift + shift)
    return weights + step[:count], moved
