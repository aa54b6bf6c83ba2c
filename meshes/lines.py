"""Lines of action of the modelled muscles beside published ones.

A published line runs from place to place in the bodies of a musculoskeletal model. Those places are carried to this
body by frames that both have: the iliac spines, the centre of the femoral head and the knee, each axis scaled. Where
the published line leaves one bone for the next, its direction is compared with that of the nearest strip of fibres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from annotations.measure_table import LineFrames, PublishedLine, PublishedLines
from meshes.atlas import Atlas, Surface
from meshes.measured import Absent, Half, LimbSide

Array = NDArray[np.float64]

STRIPS = 7
"""Strips of fibres across a muscle."""
STATIONS = 40
"""Points along a strip."""
FREE = (0.04, 0.96)
"""Part of a strip, in u, that is looked at: its very ends lie along the bone."""


class LineRow(BaseModel):
    """One published line and the strip of fibres nearest to it on either side."""

    model_config = ConfigDict(extra="forbid")
    published: PublishedLine
    angle_right: float | None = Field(description="Degrees between the two lines; null if it is not modelled.")
    angle_left: float | None
    offset_right: float | None = Field(description="mm between the middles of the two lines.")
    offset_left: float | None

    @property
    def worst(self) -> float:
        """The larger angle, degrees; 0 if it is not modelled."""
        return max(self.angle_right or 0.0, self.angle_left or 0.0)


@dataclass(frozen=True)
class Frame:
    """Axes (3, 3) as rows x, y, z of the published model, in LPS mm of this body, and the place of its origin."""

    origin: Array
    axes: Array

    def __call__(self, point: Array) -> Array:
        """(3,) LPS mm of a published place."""
        return np.asarray(self.origin + point @ self.axes)


def line_table(atlas: Atlas, published: PublishedLines) -> list[LineRow]:
    """Every published line beside the fibres of an atlas, on both sides."""
    sides: tuple[LimbSide, LimbSide] = ("right", "left")
    halves = {side: Half(atlas, side) for side in sides}
    frames = {side: frames_of(half, published.frames) for side, half in halves.items()}
    rows = []
    for line in published.lines:
        found = [_compared(halves[side], frames[side], line) for side in sides]
        (a, b), (c, d) = (each or (None, None) for each in found)
        rows.append(LineRow(published=line, angle_right=a, offset_right=b, angle_left=c, offset_left=d))
    return rows


def frames_of(half: Half, published: LineFrames) -> dict[str, Frame]:
    """Frames of pelvis, femur and tibia on one side of a body; on the left, z points to the left."""
    other = "left" if half.side == "right" else "right"
    spines = [np.stack([half.point(f"{name}.{side}") for side in (half.side, other)]) for name in ("asis", "psis")]
    front, back = (pair.mean(axis=0) for pair in spines)
    outward = _unit(spines[0][0] - spines[0][1])
    head = half.point("femoral_head_centre")
    here = np.stack([_across(back - front, outward), _across(head - front, outward)])
    sagittal = np.linalg.solve(np.array([published.psis[:2], published.femur[:2]]), here)
    breadth = (head - front) @ outward / published.femur[2]
    pelvis = Frame(front, np.vstack([sagittal, outward * breadth]))

    length = float(np.linalg.norm(head - _knee(half))) / (published.femur[1] - published.tibia[1])
    up = half.femoral_axis
    side = _unit(_across(outward, up))
    ahead = np.cross(up, side) * (1.0 if half.side == "right" else -1.0)
    leg = np.stack([ahead, up, side]) * length
    return {"pelvis": pelvis, "femur": Frame(head, leg), "tibia": Frame(_knee(half), leg)}


def _knee(half: Half) -> Array:
    return np.asarray((half.point("adductor_tubercle") + half.point("fibular_head")) / 2.0)


def _across(vector: Array, axis: Array) -> Array:
    """The part of a vector square to a unit axis."""
    return np.asarray(vector - (vector @ axis) * axis)


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))


def _compared(half: Half, frames: Mapping[str, Frame], line: PublishedLine) -> tuple[float, float] | None:
    try:
        surfaces = half.surfaces(line.structure)
    except Absent:
        return None
    start, stop = free_stretch([(p.body, frames[p.body](np.array(p.at))) for p in line.points])
    best = min((strip for s in surfaces for strip in strips(s)), key=lambda strip: _apart(strip, start, stop))
    one, two = (best[np.linalg.norm(best - place, axis=1).argmin()] for place in (start, stop))
    return angle(two - one, stop - start), float(np.linalg.norm((one + two) / 2.0 - (start + stop) / 2.0))


def free_stretch(points: list[tuple[str, Array]]) -> tuple[Array, Array]:
    """The stretch of a path that leaves one body for the next: its ends, (3,) each."""
    for (body, one), (after, two) in pairwise(points):
        if body != after:
            return one, two
    return points[0][1], points[-1][1]


def strips(surface: Surface) -> list[Array]:
    """Lines (k, 3) along the fibres of a lofted surface, one for each strip across it, between its two faces."""
    if surface.uv is None:
        raise ValueError("the surface carries no (u, v)")
    u, v = surface.uv.T
    at = np.linspace(*FREE, STATIONS)
    found = []
    for middle in (np.arange(STRIPS) + 0.5) / STRIPS:
        off = ((at[:, None] - u) * STATIONS) ** 2 + ((v - middle) * STRIPS) ** 2
        weight = np.exp(off.min(axis=1, keepdims=True) - off)
        found.append(weight @ surface.vertices / weight.sum(axis=1)[:, None])
    return found


def angle(one: Array, two: Array) -> float:
    """Degrees between two directions."""
    return float(np.degrees(np.arccos(np.clip(_unit(one) @ _unit(two), -1.0, 1.0))))


def _apart(strip: Array, start: Array, stop: Array) -> float:
    return float(sum(np.linalg.norm(strip - place, axis=1).min() for place in (start, stop)))
