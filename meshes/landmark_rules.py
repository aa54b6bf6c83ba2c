"""Rules that read bony landmarks off the mesh of any level pelvis and standing femur, near where they are expected.

They are what the placed landmarks of the population's bones are checked against, and what places those of other bodies.
All take (n, 3) points of a right-hand bone, densely sampled, LPS mm; mirror a left one first. The definitions are those
of `annotations/data/landmarks.yaml` (fields `definition` and `finding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

CAP = 1.5
"""mm below a peak within which the bone counts as its top: a level ridge is met in its middle."""
STEP = 1.5
"""mm between the levels at which a border is followed."""
EDGE = (0.45, 0.9, 0.0)
"""Where the posterior border of the hip bone faces: backwards, and inwards between its pelvic and gluteal faces."""
HOLLOW = {"greater_sciatic_notch": (12.0, 0.7), "lesser_sciatic_notch": (8.0, 2.0)}
"""mm above and below along which the border is followed, and within which of its foremost it counts as the hollow."""
STANDS = (1.0, 1.4)
"""mm within which the intertrochanteric crest still stands as far back as its hindmost: the mean of two answers."""
GROOVE = 12.0
"""mm around a place over which its concavity is judged."""
FOSSA = (12.0, -12.0)
"""mm around a place so much above the expected fossa within which it is sought: its deepest part is its lower end."""
BEHIND = {
    "posterior_sacral_foramen_1": "anterior_sacral_foramen_1",
    "posterior_sacral_foramen_4": "anterior_sacral_foramen_4",
}
"""Openings on the back of the sacrum that are small or sunk, and those in front that are straight before them."""
AROUND = 15.0
"""mm around an opening over which the pelvic face of the sacrum tells which way is straight back."""
FLARE = 4.0
"""mm by which the transverse processes of the coccyx stand out below its joint with the sacrum, at least."""


@dataclass(frozen=True)
class Peak:
    """A landmark that stands out in a direction (right side, LPS) from what lies within so many mm."""

    direction: tuple[float, float, float]
    reach: float = 12.0


PEAKS: dict[str, dict[str, Peak]] = {
    "hip_bone": {
        "asis": Peak((0.0, -1.0, 0.0), 15.0),
        "psis": Peak((0.0, 1.0, 0.0)),
        "piis": Peak((0.3, 0.5, -0.8), 22.0),
        "ischial_spine": Peak((0.5, 0.87, 0.0), 10.0),
        "pubic_tubercle": Peak((-0.4, -0.9, 0.0)),
    },
    "femur": {
        "greater_trochanter": Peak((0.0, 0.0, 1.0)),
        "lesser_trochanter": Peak((0.82, 0.56, -0.1)),
        "adductor_tubercle": Peak((0.8, 0.3, 0.5), 8.0),
    },
    "sacrum": {
        "sacral_promontory": Peak((0.0, -1.0, 0.0), 10.0),
        "inferolateral_angle_of_sacrum": Peak((-0.8, -0.3, -0.5)),
        "sacral_cornu": Peak((0.0, 0.8, -0.6), 10.0),
    },
}


def read_landmarks(bone: str, points: Floats, normals: Floats, expected: Mapping[str, Floats]) -> dict[str, Floats]:
    """Where the rules find those landmarks of a right-hand bone that are expected somewhere, (3,) each.

    bone : `hip_bone`, `femur` or `sacrum`;  normals : (n, 3) outward at the points;  expected : (3,) by landmark
    """
    found = {name: peak(points, expected[name], rule) for name, rule in PEAKS[bone].items() if name in expected}
    for name, (reach, within) in HOLLOW.items():
        if name in expected:
            found[name] = hollow(points, expected[name], reach, within)
    if "quadrate_tubercle" in expected:
        found["quadrate_tubercle"] = crest_foot(points, found["greater_trochanter"], found["lesser_trochanter"])
    if "trochanteric_fossa" in expected:
        found["trochanteric_fossa"] = pit(points, normals, expected["trochanteric_fossa"])
    for name, front in BEHIND.items():
        if front in expected:
            found[name] = straight_behind(points, normals, expected[front])
    if "sacral_apex" in expected and (neck := sacral_neck(points)) is not None:
        section = points[np.abs(points[:, 2] - neck) < STEP]
        found["sacral_apex"] = (section.min(axis=0) + section.max(axis=0)) / 2.0
    return found


def peak(points: Floats, near: Floats, rule: Peak) -> Floats:
    """(3,) middle of the top, in the rule's direction, of the points within its reach."""
    chosen = points[np.linalg.norm(points - near, axis=1) < rule.reach]
    height = chosen @ (np.array(rule.direction) / np.linalg.norm(rule.direction))
    return np.asarray(chosen[height > height.max() - CAP].mean(axis=0))


def hollow(points: Floats, near: Floats, reach: float, within: float) -> Floats:
    """(3,) middle of the foremost stretch of the posterior border, followed so far above and below a place."""
    around = points[np.linalg.norm(points - near, axis=1) < 1.8 * reach]
    levels = np.arange(near[2] - reach, near[2] + reach, STEP)
    border = _followed(around, levels, np.array(EDGE), STEP, 3)
    return np.asarray(border[border[:, 1] < border[:, 1].min() + within].mean(axis=0))


def crest_foot(points: Floats, top: Floats, bottom: Floats) -> Floats:
    """(3,) lowest place where the crest between the trochanters still stands hindmost: there it bears its tubercle."""
    share = (top[2] - points[:, 2]) / (top[2] - bottom[2])
    along = points[np.abs(points[:, 0] - top[0] - share * (bottom[0] - top[0])) < 12.0]
    crest = _followed(along, np.arange(top[2] - 4.0, bottom[2], -STEP), np.array([0.0, 1.0, 0.0]), 2.0, 3)
    back = crest[:, 1].max() - crest[:, 1]
    feet = np.array([crest[np.flatnonzero(back < most)[-3:]].mean(axis=0) for most in STANDS])
    return np.asarray(feet.mean(axis=0))


def _followed(points: Floats, levels: Floats, facing: Floats, half: float, over: int) -> Floats:
    """(k, 3) places of a border at each level with points within `half` mm: middles of what faces farthest there.

    They are evened by the mean of so many neighbours, an odd number.
    """
    places = []
    for level in levels:
        slab = points[np.abs(points[:, 2] - level) < half]
        if len(slab):
            height = slab @ facing
            places.append(slab[height > height.max() - CAP / 2.0].mean(axis=0))
    return np.asarray(uniform_filter1d(np.array(places), over, axis=0, mode="nearest"))


def pit(points: Floats, normals: Floats, near: Floats) -> Floats:
    """(3,) the most concave place: the mean of those around, each by how deep it lies in what surrounds it."""
    reach, above = FOSSA
    tree = cKDTree(points)
    chosen = np.array(tree.query_ball_point(near + np.array([0.0, 0.0, above]), reach))
    around = tree.query_ball_point(points[chosen], GROOVE)
    depth = [
        normals[one] @ (points[others].mean(axis=0) - points[one]) for one, others in zip(chosen, around, strict=True)
    ]
    weight = np.maximum(depth, 0.0) ** 6
    return np.asarray(weight @ points[chosen] / weight.sum())


def straight_behind(points: Floats, normals: Floats, front: Floats) -> Floats:
    """(3,) place on the dorsum of the sacrum straight behind an opening of its pelvic face."""
    face = (np.linalg.norm(points - front, axis=1) < AROUND) & (normals[:, 1] < -0.3)
    back = -normals[face].mean(axis=0)
    back /= np.linalg.norm(back)
    depth = (points - front) @ back
    aside = np.linalg.norm(points - front - depth[:, None] * back, axis=1)
    rim = (np.abs(aside - 5.5) < 2.5) & (normals @ back > 0.4) & (depth > 0.0) & (depth < 40.0)
    return np.asarray(front + back * np.median(depth[rim]))


def sacral_neck(points: Floats) -> float | None:
    """Level of the narrowest place between the sacrum and a coccyx that is fused to it, mm; None: there is none."""
    low, high = points[:, 2].min(), points[:, 2].max()
    levels = np.arange(low + (high - low) / 2.0, low + STEP, -STEP)
    slabs = [points[np.abs(points[:, 2] - level) < STEP, 0] for level in levels]
    width = np.array([np.ptp(slab) if len(slab) else 0.0 for slab in slabs])
    for i in range(1, len(width)):
        below = width[i : i + 14]
        if width[i] == width[: i + 1].min() and below.max() > width[i] + FLARE:
            return float(levels[i + below[: below.argmax()].argmin()])
    return None


def rim_gap(curve: Floats, points: Floats) -> float:
    """Largest distance, mm, from a (k, 3) curve to the nearest of (n, 3) points: how well it hugs a bone."""
    return float(cKDTree(points).query(curve)[0].max())
