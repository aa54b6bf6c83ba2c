"""Unit, axes and sides of a set of bones by their shape alone.

Where both hip bones and the sacrum are there, the population's shape model is fitted to them and tells it. Fewer bones
are laid onto the population's mean in every way in which the axes may point, and in both ways of naming the sides: what
fits clearly best is the answer; where nothing does, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.code import code_files
from meshes.fitted import Similarity, fit_similarity
from meshes.importing.volume import axes_matrix
from meshes.passport import SetError
from meshes.population import population_body
from meshes.registration import IDENTITY
from meshes.shape_fit import FEMORA, PELVIS, UNITS, Mesh, ShapeFit, Unit, fit_shape, sample_places
from meshes.shape_model import shape_model
from meshes.store import StoreError, content_key, files_key, load_array, store_array

Floats = NDArray[np.float64]
Bones = Mapping[str, Floats]
"""Points (n, 3) on bones by sided id."""

AXES_BY_NAME = {"LPS": "LPS", "RAS": "RAS", "Y-UP": "LSA"}

TEMPLATE_BONES = ("hip_bone", "sacrum", "femur", "tibia", "fibula", "patella")
LONG = ("femur", "tibia", "fibula")
SAMPLES = 700
"""Points of each bone of the template."""
COARSE = 60
FINE = 350
FINER = 5
"""Answers that are worked out."""
CLEAR = 1.25
"""How many times worse every other answer must fit."""
WORST = 14.0
"""mm between bones and template, on average, above which it is no pelvis."""
OBLIQUE = 35.0
"""Degrees from every axis above which a body is said to lie oblique."""
WRONG = 50.0
"""Degrees beyond which axes that a person has said are taken for a mistake."""
KEPT = 0.9


@dataclass(frozen=True)
class Frame:
    """How the data lies.

    to_lps : (3, 3) rotation from the data's axes into LPS
    axes : where its axes point (`LPS`, `RAS`, `LSA`), or an empty text if the body lies oblique to them
    tilt : degrees between the body and those axes
    swapped : whether what is named left has the shape and place of right
    fit_mm : mean distance from the template, or from the fitted shape, in mm of the body
    origin : (3,) about midway between the femoral heads, in the data's axes, mm
    scale : size of the body over the template's
    onto : from the data's axes, mm, onto the template
    fit : the shape model on these bones; None if there are too few, or it does not fit
    unfit : why there is no fit
    """

    to_lps: Floats
    axes: str
    tilt: float
    swapped: bool
    fit_mm: float
    origin: Floats
    scale: float
    onto: Similarity
    fit: ShapeFit | None = None
    unfit: str = ""


@cache
def template() -> dict[str, Floats]:
    """(`SAMPLES`, 3) points on each bone of the population's mean body, LPS mm, by sided id."""
    return dict(zip(_names(), _kept(), strict=False))


def _names() -> list[str]:
    return [f"{name}.{side}" for name in TEMPLATE_BONES if name != "sacrum" for side in ("right", "left")] + ["sacrum"]


@cache
def _kept() -> Floats:
    """(k, `SAMPLES`, 3) points of the template, and then those of the fit's places on the pelvis."""
    names = _names()
    key = content_key("template", files_key(code_files("population")), files_key(code_files("shape_fit")), SAMPLES)
    kept = load_array(key)
    if kept is None or kept.shape != (len(names) + len(PELVIS), SAMPLES, 3):
        bones = population_body(resolution=4).bones
        mean = ShapeFit((0.0,) * len(shape_model().modes), "mm", False, dict.fromkeys(PELVIS, IDENTITY), {})
        places = [bones[name].chart.points(*sample_places(name, mean)[:2]) for name in PELVIS]
        kept = np.stack(
            [sample(bones[name].vertices, bones[name].triangles, SAMPLES) for name in names] + places, axis=0
        )
        with suppress(StoreError):  # it is only made again the next time
            store_array(key, kept)
    return kept


def fitted_frame(bones: Mapping[str, Mesh], axes: str | None = None) -> Frame:
    """How a pelvis in mm lies, by the shape model fitted to it. axes : where its axes point, if that is known.

    bones : (n, 3) vertices and (m, 3) triangles by sided id; both hip bones and the sacrum, femora if they are there
    Raises `FitError` where the model cannot be fitted, `SetError` where it contradicts the known axes.
    """
    fit = fit_shape({name: mesh for name, mesh in bones.items() if name in (*PELVIS, *FEMORA)})
    laid = np.concatenate([sample_places(name, fit)[2] for name in PELVIS])
    onto = fit_similarity(laid, _kept()[-len(PELVIS) :].reshape(-1, 3))
    frame = _frame(onto, fit.mirrored, float(np.mean([fit.bones[name].mean_mm for name in PELVIS])), axes)
    if axes and frame.tilt > WRONG:
        raise SetError(
            f"With the axes that you said, this body would be turned by {frame.tilt:.0f}°. Leave --axes out: they are "
            "then found by the shape of the bones."
        )
    return replace(frame, fit=fit)


def sample(vertices: Floats, triangles: NDArray[np.int64], count: int) -> Floats:
    """(count, 3) points spread over a surface evenly by its area, the same ones each time."""
    corners = vertices[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    random = np.random.default_rng(0)
    picked = random.choice(len(triangles), count, p=area / area.sum())
    u, v = random.random((2, count, 1))
    flip = u + v > 1
    u, v = np.where(flip, 1 - u, u), np.where(flip, 1 - v, v)
    a, b, c = corners[picked].transpose(1, 0, 2)
    return np.asarray(a + u * (b - a) + v * (c - a))


def extents(points: Floats) -> Floats:
    """(3,) extents along the principal axes, the longest first."""
    centred = points - points.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    return np.sort(np.ptp(centred @ axes.T, axis=0))[::-1]


def likely_units(bones: Bones) -> dict[str, list[Unit]]:
    """Units in which each bone has the size of such a bone; long bones may be cut off."""
    found = {}
    for name, points in bones.items():
        longest, usual = extents(points)[0], extents(template()[name])[0]
        least = 0.16 if name.split(".")[0] in LONG else 0.55
        found[name] = [unit for unit, mm in UNITS.items() if least <= longest * mm / usual <= 1.5]
    return found


def find_unit(bones: Bones) -> tuple[Unit, list[str]]:
    """The unit that most bones speak for, and the bones that speak against it. Raises `SetError` if there is none."""
    votes = likely_units(bones)
    counts = {unit: sum(unit in units for units in votes.values()) for unit in UNITS}
    best = max(counts, key=lambda unit: counts[unit])
    against = [name for name, units in votes.items() if best not in units]
    if not counts[best] or sum(count == counts[best] for count in counts.values()) > 1:
        sizes = ", ".join(f"{name} {extents(points)[0]:.3g}" for name, points in list(bones.items())[:4])
        raise SetError(
            f"The unit cannot be told: the bones' sizes ({sizes}) fit neither mm, cm nor m clearly. "
            "Say it by --unit mm, --unit cm or --unit m."
        )
    return best, against


def find_frame(bones: Bones, axes: str | None = None) -> Frame:
    """How bones in mm lie, by the population's mean alone.

    axes : where their axes point, if that is known; else every way is tried
    Raises `SetError` if no way fits, or two fit about equally well.
    """
    turns = [axes_matrix(axes)] if axes else _turns()
    answers = []
    for turn in turns:
        for swapped in (False, True):
            pairs = _pairs(bones, swapped, COARSE)
            onto, error = _laid(pairs, turn, 6)
            answers.append((error, swapped, onto))
    answers.sort(key=lambda answer: answer[0])
    best: list[tuple[float, bool, Similarity]] = []
    for _, swapped, onto in _different(answers)[:FINER]:
        finer, error = _laid(_pairs(bones, swapped, FINE), onto.rotation, 16, onto)
        best.append((error, swapped, finer))
    best.sort(key=lambda answer: answer[0])
    error, swapped, onto = best[0]
    if error > WORST:
        raise SetError(
            f"This is no pelvis that can be recognised: its bones lie {error:.0f} mm from where they should, at best. "
            "Check which file is which structure, or say the axes by --axes."
        )
    one_sided = all("." not in name for name in bones)
    for other, other_swapped, other_onto in best[1:]:
        different = (other_swapped != swapped and not one_sided) or _angle(other_onto.rotation, onto.rotation) > 40
        if different and other < CLEAR * error:
            raise SetError(
                f"How the body lies cannot be told: two ways fit about equally well ({error:.1f} and {other:.1f} mm). "
                "Say where the axes point, such as --axes LPS, --axes RAS or --axes y-up, or add more bones."
            )
    return _frame(onto, swapped, error, axes)


def _different(answers: list[tuple[float, bool, Similarity]]) -> list[tuple[float, bool, Similarity]]:
    """The best of those answers that have come to about the same."""
    kept: list[tuple[float, bool, Similarity]] = []
    for answer in answers:
        if all(answer[1] != other[1] or _angle(answer[2].rotation, other[2].rotation) > 25 for other in kept):
            kept.append(answer)
    return kept


def _frame(onto: Similarity, swapped: bool, error: float, axes: str | None) -> Frame:
    code = axes or min(_codes(), key=lambda code: _angle(axes_matrix(code), onto.rotation))
    tilt = _angle(axes_matrix(code), onto.rotation)
    oblique = tilt > OBLIQUE and axes is None
    to_lps = onto.rotation if oblique else axes_matrix(code)
    origin = -onto.rotation.T @ onto.shift / onto.scale
    return Frame(to_lps, "" if oblique else code, tilt, swapped, error, origin, 1 / onto.scale, onto)


@cache
def _codes() -> tuple[str, ...]:
    """The 24 ways in which the axes of a body may point without mirroring it."""
    codes = ("".join(letters) for pairs in permutations(("LR", "PA", "SI")) for letters in product(*pairs))
    return tuple(code for code in codes if np.linalg.det(axes_matrix(code)) > 0)


def _turns() -> list[Floats]:
    return [axes_matrix(code) for code in _codes()]


def _angle(one: Floats, two: Floats) -> float:
    """Degrees between two rotations."""
    return float(np.degrees(np.arccos(np.clip((np.trace(one @ two.T) - 1) / 2, -1, 1))))


Pair = tuple[Floats, Floats, cKDTree, bool]
"""Points of a bone, those of the template's, a tree of these, and whether the bone may be cut off."""


def other_side(name: str) -> str:
    """`femur.left` for `femur.right`; a name without a side stays."""
    stem, dot, side = name.partition(".")
    return f"{stem}.{'left' if side == 'right' else 'right'}" if dot else name


@cache
def _tree(name: str) -> cKDTree:
    return cKDTree(template()[name])


def _pairs(bones: Bones, swapped: bool, count: int) -> list[Pair]:
    pairs = []
    for name, points in bones.items():
        twin = other_side(name) if swapped else name
        pairs.append((points[:count], template()[twin], _tree(twin), name.split(".")[0] in LONG))
    return pairs


def _laid(pairs: list[Pair], turn: Floats, rounds: int, start: Similarity | None = None) -> tuple[Similarity, float]:
    """The similarity that lays bones onto the template from a first turn, and the mean distance that is left, mm."""
    whole = [pair for pair in pairs if not pair[3]] or pairs
    if start is None:
        ours = np.mean([points.mean(axis=0) for points, *_ in whole], axis=0)
        theirs = np.mean([target.mean(axis=0) for _, target, *_ in whole], axis=0)
        start = Similarity(turn, theirs - turn @ ours, 1.0)
    motion, points = start, np.concatenate([pair[0] for pair in pairs])
    for _ in range(rounds):
        moved = motion(points)
        distance, partner = _nearest(pairs, moved)
        near = distance <= np.quantile(distance, KEPT)
        step = fit_similarity(points[near], partner[near])
        motion = Similarity(step.rotation, step.shift, float(np.clip(step.scale, 0.7, 1.4)))
    distance, _ = _nearest(pairs, motion(points))
    back = [
        np.sort(cKDTree(motion(mine)).query(target)[0])[: int(KEPT * len(target))]
        for mine, target, _, cut in pairs
        if not cut
    ]
    there = float(np.sort(distance)[: int(KEPT * len(distance))].mean())
    return motion, max(there, float(np.mean(np.concatenate(back))) if back else 0.0)


def lay_on(bones: Bones, start: Similarity, rounds: int = 60) -> tuple[Similarity, float]:
    """Bones laid onto the template's from where a similarity puts them: the better one, and the distance left."""
    return _laid(_pairs(bones, False, SAMPLES), start.rotation, rounds, start)


def _nearest(pairs: list[Pair], moved: Floats) -> tuple[Floats, Floats]:
    """Distance (n,) and place (n, 3) of the nearest point of its own bone for each point."""
    distances, places, start = [], [], 0
    for mine, target, tree, _ in pairs:
        distance, index = tree.query(moved[start : start + len(mine)])
        distances.append(distance)
        places.append(target[index])
        start += len(mine)
    return np.concatenate(distances), np.concatenate(places)
