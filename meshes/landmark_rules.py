"""Rules that find bony landmarks anew on any level pelvis and standing femur, from the shape of the mesh alone.

They are what the placed landmarks of the population bones are checked against, and how other meshes get theirs. All
take (n, 3) points of a right-hand bone densely sampled, LPS mm; mirror a left one first. The definitions are those of
`annotations/data/landmarks.yaml` (field `finding`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

Floats = NDArray[np.float64]


def hip_bone_landmarks(points: Floats) -> dict[str, Floats]:
    """Spines, notches, tuberosity and pubic tubercle of a right hip bone, (3,) each."""
    x, _, z = points.T
    middle = (z.min() + z.max()) / 2.0
    found = {
        "asis": _extreme(points, z > middle, (0.0, -1.0, 0.0)),
        "psis": _extreme(points, z > middle, (0.0, 1.0, 0.0)),
    }
    border = _posterior_border(points, found["psis"][2])
    spine = _spine(border)
    above = border[(border[:, 2] > spine[2] + 8.0) & (border[:, 2] < found["psis"][2] - 25.0)]
    notch = above[np.argmin(above[:, 1])]
    below = border[(border[:, 2] < spine[2] - 3.0) & (border[:, 2] > spine[2] - 25.0)]
    rim = border[(border[:, 2] > notch[2]) & (border[:, 2] < found["psis"][2] - 10.0)]
    found |= {
        "ischial_spine": spine,
        "greater_sciatic_notch": notch,
        "lesser_sciatic_notch": below[np.argmin(below[:, 1])],
        "piis": _farthest_from_chord(rim),
    }
    rough = points @ np.array([0.0, 0.7, -0.714])
    found["ischial_tuberosity"] = points[rough > rough.max() - 7.0].mean(axis=0)
    pubis = (z < middle) & (x > x.max() - 35.0) & (x < x.max() - 12.0)
    found["pubic_tubercle"] = _extreme(points, pubis, (0.0, -0.9, 0.44))
    return found


def _posterior_border(points: Floats, top: float) -> Floats:
    """(k, 3) hindmost point of each level from the bottom of the bone to its posterior superior spine."""
    levels = np.arange(points[:, 2].min() + 2.0, top, 1.5)
    slabs = [points[np.abs(points[:, 2] - level) < 1.5] for level in levels]
    return np.array([slab[np.argmax(slab[:, 1])] for slab in slabs if len(slab)])


def _spine(border: Floats) -> Floats:
    """The highest point of the border that is hindmost for 6 mm around, below the greater notch."""
    notch = np.argmin(np.where(border[:, 2] > np.median(border[:, 2]), border[:, 1], np.inf))
    best: Floats = border[0]
    for i in range(notch):
        around = border[np.abs(border[:, 2] - border[i, 2]) < 6.0]
        if border[i, 1] >= around[:, 1].max() - 1e-9:
            best = border[i]
    return best


def _farthest_from_chord(curve: Floats) -> Floats:
    """The place of a (k, 3) curve that bulges most from the chord between its ends: a corner."""
    chord = curve[-1] - curve[0]
    chord = chord / np.linalg.norm(chord)
    offset = curve - curve[0]
    return np.asarray(curve[np.argmax(np.linalg.norm(offset - np.outer(offset @ chord, chord), axis=1))])


def _extreme(points: Floats, among: NDArray[np.bool_], direction: tuple[float, float, float]) -> Floats:
    chosen = points[among]
    return np.asarray(chosen[np.argmax(chosen @ np.array(direction))])


def femur_landmarks(points: Floats, head: Floats) -> dict[str, Floats]:
    """Trochanters, trochanteric fossa and quadrate tubercle of a right femur, (3,) each. head : (3,) its centre."""
    x, _, z = points.T
    process = (z > head[2] - 40.0) & (x < head[0] - 30.0)
    greater = _extreme(points, process, (0.0, 0.0, 1.0))
    level = (z < head[2] - 30.0) & (z > head[2] - 85.0)
    lesser = _extreme(points, level, (0.6, 0.8, 0.0))
    crest = _crest(points, greater, lesser)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(crest, axis=0), axis=1))])
    third = np.array([np.interp(along[-1] / 3.0, along, crest[:, axis]) for axis in range(3)])
    return {
        "greater_trochanter": greater,
        "lesser_trochanter": lesser,
        "quadrate_tubercle": third,
        "trochanteric_fossa": _pit(points, greater, head),
    }


def _crest(points: Floats, top: Floats, bottom: Floats) -> Floats:
    """(k, 3) hindmost points near the straight line from one point to the other."""
    line = top + np.linspace(0.0, 1.0, 25)[:, None] * (bottom - top)
    near = [points[(np.abs(points[:, 2] - p[2]) < 2.0) & (np.abs(points[:, 0] - p[0]) < 10.0)] for p in line]
    return np.array([slab[np.argmax(slab[:, 1])] for slab in near if len(slab)])


def _pit(points: Floats, greater: Floats, head: Floats) -> Floats:
    """The point medial to the greater trochanter, behind the neck, that lies deepest under the convex hull."""
    proximal = points[points[:, 2] > head[2] - 70.0]
    planes = ConvexHull(proximal).equations
    x, y, z = proximal.T
    medial = (x > greater[0]) & (x < head[0] - 18.0)
    pit = proximal[medial & (y > head[1] - 6.0) & (z < greater[2] - 5.0) & (z > greater[2] - 32.0)]
    depth = -(pit @ planes[:, :3].T + planes[:, 3]).max(axis=1)
    return np.asarray(pit[np.argmax(depth)])


def sacrum_landmarks(points: Floats, middle: float) -> dict[str, Floats]:
    """Promontory, apex and right inferolateral angle of a sacrum, (3,) each. middle : x of its median plane, mm."""
    median = np.abs(points[:, 0] - middle) < 3.0
    upper = points[:, 2] > (points[:, 2].min() + points[:, 2].max()) / 2.0
    low = points[:, 2].min()
    right = points[(points[:, 0] < middle) & (points[:, 2] < low + 30.0)]
    return {
        "sacral_promontory": _extreme(points, median & upper, (0.0, -1.0, 0.0)),
        "sacral_apex": points[points[:, 2] < low + 2.0].mean(axis=0),
        "inferolateral_angle_of_sacrum": right[np.argmax(right @ np.array([-0.75, 0.0, -0.66]))],
    }


def rim_gap(curve: Floats, points: Floats) -> float:
    """Largest distance, mm, from a (k, 3) curve to the nearest of (n, 3) points: how well it hugs a bone."""
    return float(cKDTree(points).query(curve)[0].max())
