"""What tape, caliper and profile show on the skin: girths and breadths, the gluteal fold, the intergluteal cleft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from annotations.girths import Level
from meshes.atlas import Surface
from meshes.body import Body, LimbSide

Floats = NDArray[np.float64]
STEP = 3.0
"""Distance of the levels among which the narrowest or the widest is sought, mm."""
BELOW_FOLD = 20.0
"""How far under the gluteal fold the thigh is measured, mm."""


def section(surface: Surface, axis: int, at: float) -> Floats:
    """(k, 2, 3) pieces of the line in which a plane across an axis cuts a surface."""
    corners = surface.vertices[surface.triangles]
    above = corners[:, :, axis] - at
    cut = corners[(above.min(axis=1) < 0.0) & (above.max(axis=1) > 0.0)]
    height = cut[:, :, axis] - at
    # The corner that is alone on its side of the plane comes first; both edges from it are cut.
    alone = np.argmax(np.sign(height) == -np.sign(np.sign(height).sum(axis=1, keepdims=True) + 1e-9), axis=1)
    turn = (alone[:, None] + np.arange(3)) % 3
    cut, height = np.take_along_axis(cut, turn[:, :, None], 1), np.take_along_axis(height, turn, 1)
    share = height[:, :1] / (height[:, :1] - height[:, 1:])
    return np.asarray(cut[:, :1] + share[:, :, None] * (cut[:, 1:] - cut[:, :1]))


def tape(surface: Surface, z: float, side: LimbSide | None = None) -> float:
    """Length of a tape drawn tight around the trunk, or around one leg, at a height, mm.

    Raises `ValueError` where the surface has no section there.
    """
    points = section(surface, 2, z).reshape(-1, 3)
    if side is not None:
        points = points[points[:, 0] < 0.0 if side == "right" else points[:, 0] > 0.0]
    if len(points) < 3:
        raise ValueError(f"the skin has no section at {z:.0f} mm{f' on the {side}' if side else ''}")
    return float(ConvexHull(points[:, :2]).area)


def rearmost(surface: Surface, x: float, heights: Floats) -> Floats:
    """(n,) y of the skin behind, at a distance from the midline and at heights; NaN where there is none."""
    pieces = section(surface, 0, x)
    low, high = pieces[:, :, 2].min(axis=1), pieces[:, :, 2].max(axis=1)
    found = np.full(len(heights), np.nan)
    for index, z in enumerate(heights):
        (here,) = np.nonzero((low <= z) & (high >= z) & (high - low > 1e-9))
        if len(here):
            a, b = pieces[here, 0], pieces[here, 1]
            found[index] = (a[:, 1] + (z - a[:, 2]) / (b[:, 2] - a[:, 2]) * (b[:, 1] - a[:, 1])).max()
    return found


@dataclass(frozen=True)
class Fold:
    """The gluteal fold at one distance from the midline: its height, and how sharply the skin turns in it, degrees."""

    z: float
    turn: float


def gluteal_fold(surface: Surface, body: Body, side: LimbSide, outwards: float = 0.0) -> Fold:
    """The fold below the ischial tuberosity, or so many mm further out: where the skin behind turns most, inwards."""
    tuberosity = body.landmark(f"ischial_tuberosity.{side}")
    x = tuberosity[0] + outwards * np.sign(tuberosity[0])
    z = np.arange(tuberosity[2] - 70.0, tuberosity[2] + 20.0, 1.0)
    y = rearmost(surface, float(x), z)
    span = 10
    lower = np.degrees(np.arctan2(y[span:-span] - y[: -2 * span], span))
    upper = np.degrees(np.arctan2(y[2 * span :] - y[span:-span], span))
    deepest = int(np.argmax(upper - lower))
    return Fold(float(z[span + deepest]), float((upper - lower)[deepest]))


def cleft_depth(surface: Surface, z: float) -> float:
    """How far the midline lies in front of the buttocks behind at a height, mm."""
    sides = [rearmost(surface, x, np.array([z]))[0] for x in (-60.0, 60.0)]
    return float(np.mean(sides) - rearmost(surface, 0.05, np.array([z]))[0])


def girth(surface: Surface, body: Body, level: Level) -> float:
    """A girth as a tape would give it, mm; of a leg, the mean of both sides."""
    crest = float(max(body.bones[f"hip_bone.{side}"].vertices[:, 2].max() for side in ("right", "left")))
    top = float(surface.vertices[:, 2].max())
    if level == "waist":
        return min(tape(surface, z) for z in np.arange(crest + 20.0, top - 1.0, STEP))
    if level == "iliac_crest":
        return tape(surface, crest)
    if level == "greater_trochanter":
        return tape(surface, float(np.mean([body.landmark(f"greater_trochanter.{s}")[2] for s in ("right", "left")])))
    sides: tuple[LimbSide, LimbSide] = ("right", "left")
    return float(np.mean([_LEG[level](surface, body, side) for side in sides]))


def breadth(surface: Surface, body: Body, level: Level) -> float:
    """A breadth at the level of the bone that a caliper seeks, mm; of a leg, the mean of both sides."""
    sides: tuple[LimbSide, LimbSide] = ("right", "left")
    bone = {"widest_iliac_crests": "hip_bone", "widest_trochanters": "femur"}.get(level)
    if bone is not None:
        widest = [body.bones[f"{bone}.{side}"].vertices for side in sides]
        z = float(np.mean([vertices[np.abs(vertices[:, 0]).argmax(), 2] for vertices in widest]))
        return float(np.ptp(section(surface, 2, z)[..., 0]))
    found = []
    for side in sides:
        femur = body.bones[f"femur.{side}"].vertices
        lower = femur[femur[:, 2] < femur[:, 2].min() + 50.0]
        z = float(np.mean(lower[[lower[:, 0].argmin(), lower[:, 0].argmax()], 2]))
        points = section(surface, 2, z).reshape(-1, 3)
        found.append(np.ptp(points[(points[:, 0] < 0.0) == (side == "right"), 0]))
    return float(np.mean(found))


def _thigh(surface: Surface, body: Body, side: LimbSide) -> float:
    return tape(surface, gluteal_fold(surface, body, side).z - BELOW_FOLD, side)


def _knee(surface: Surface, body: Body, side: LimbSide) -> float:
    return tape(surface, float(body.bones[f"patella.{side}"].vertices[:, 2].mean()), side)


def _calf(surface: Surface, body: Body, side: LimbSide) -> float:
    top, bottom = _shank(body, side)
    levels = np.arange(top - 0.55 * (top - bottom), top - 0.1 * (top - bottom), STEP)
    return max(tape(surface, z, side) for z in levels)


def _ankle(surface: Surface, body: Body, side: LimbSide) -> float:
    top, bottom = _shank(body, side)
    levels = np.arange(bottom + 0.05 * (top - bottom), bottom + 0.35 * (top - bottom), STEP)
    return min(tape(surface, z, side) for z in levels)


def _shank(body: Body, side: LimbSide) -> tuple[float, float]:
    tibia = body.bones[f"tibia.{side}"].vertices[:, 2]
    return float(tibia.max()), float(tibia.min())


_LEG: dict[Level, Callable[[Surface, Body, LimbSide], float]] = {
    "below_gluteal_fold": _thigh,
    "patella": _knee,
    "greatest_calf": _calf,
    "least_above_malleoli": _ankle,
}
