"""What lies under the finger, and where a ball may go: muscle beneath, no bone in its print, the nerve aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.raycast import crossings

if TYPE_CHECKING:
    from meshes.atlas import Structure, Surface
    from meshes.body import LimbSide

Array = NDArray[np.float64]
WhyNot = Literal["", "bone", "nerve", "muscle"]

KEPT_FROM_BONE = 20.0
"""mm that the axis of a ball keeps from every prominence and crest, seen along the direction in which it presses."""

SINKS = 15.0
"""mm that a ball sinks into the buttock of a person who lies on it; that makes the size of its print."""

LEAST_MUSCLE = 12.0
"""mm of muscle that must lie under a ball."""

LEAST_OWN = 3.0
"""mm of the muscle that is meant which must be among it."""

CREST_STEP = 2.0
"""mm between the points by which a crest is kept from."""

NERVE_STEP = 1.5
"""mm of the grid on which points of the nerve are told apart."""

SCIATIC = ("tibial_division", "common_fibular_division")

REACH = 160.0
"""mm below the skin that are looked at at all."""

BEYOND = 10.0
"""mm behind the first bone that still count: what lies deeper is not pressed."""

_ASIDE = np.array([0.62, 0.37, 0.69])

THINNEST = 0.2
"""mm: what a line only grazes is no layer."""

MOST_MEETINGS = 24
"""How often one line may meet one surface before it is given up."""

NUDGE = 1e-4
"""mm past a meeting from which the next one is looked for."""

SOFTENED = 25.0
"""mm over which the skin's normals are averaged: a ball presses square to the buttock, not to a fold."""


@dataclass(frozen=True)
class Layer:
    """One structure under the finger: how deep it begins and ends below the skin, mm."""

    structure: str
    begins: float
    ends: float


def layers_below(structures: Iterable[Structure], start: Array, direction: Array, reach: float = REACH) -> list[Layer]:
    """What a straight line from the skin inwards passes, in order, down to the first bone or sciatic nerve, included.

    start : (3,) on the skin, LPS mm;  direction : (3,) unit, inwards
    """
    found = []
    for structure in structures:
        if structure.kind == "skin":
            continue
        for part in structure.parts:
            vertices = part.surface.vertices
            if not _near(vertices, start, direction, reach):
                continue
            at = crossings(start, direction, vertices, part.surface.triangles)
            at = at[at >= 0.0]
            at = at[np.diff(at, prepend=-1.0) > NUDGE]  # a line through an edge meets both of its triangles
            found += [
                (Layer(structure.id, float(a), float(b)), structure)
                for a, b in zip(at[0::2], at[1::2], strict=False)
                if b - a >= THINNEST and a <= reach
            ]
    found.sort(key=lambda entry: entry[0].begins)
    layers = []
    for layer, of in found:
        layers.append(layer)
        if of.kind == "bone" or of.structure in SCIATIC:
            break
    return layers


def _near(vertices: Array, start: Array, direction: Array, reach: float) -> bool:
    """Whether a line can meet a surface at all, by the surface's box."""
    low, high = vertices.min(axis=0) - 1.0, vertices.max(axis=0) + 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - start) / direction, (high - start) / direction
    enters, leaves = np.fmin(one, two).max(), np.fmax(one, two).min()
    return bool(enters <= leaves and leaves >= 0.0 and enters <= reach)


def pressed_inwards(skin: Surface, at: NDArray[np.int64]) -> Array:
    """(k, 3) unit directions in which a ball presses at these vertices: against the skin's normals, averaged around."""
    tree = cKDTree(skin.vertices)
    directions = []
    for vertex in at:
        around = tree.query_ball_point(skin.vertices[vertex], SOFTENED)
        facing = skin.normals[around] @ skin.normals[vertex] > 0.2
        directions.append(-skin.normals[around][facing].sum(axis=0))
    stacked = np.array(directions)
    return np.asarray(stacked / np.linalg.norm(stacked, axis=1, keepdims=True))


def print_radius(diameter: float) -> float:
    """mm: radius of the disc in which a ball of this diameter, sunk in, meets the skin's level."""
    radius = diameter / 2.0
    sinks = min(SINKS, radius)
    return float(np.sqrt(2.0 * radius * sinks - sinks**2))


@dataclass(frozen=True)
class Press:
    """What pressing meets at places of the skin.

    vertices : (k,) indices of the skin's vertices
    directions : (k, 3) unit directions of the press there
    bone, nerve : (k,) mm from the axis of the press to the nearest prominence, and to the sciatic nerve
    muscle : (k,) mm of muscle on the axis before bone
    own : (k,) mm of the muscle that is meant, among it
    """

    vertices: NDArray[np.int64]
    directions: Array
    bone: Array
    nerve: Array
    muscle: Array
    own: Array

    def allowed(self, diameter: float) -> NDArray[np.bool_]:
        """(k,) whether a ball of this diameter, mm, may press there."""
        return (self.bone >= KEPT_FROM_BONE) & ~self._on_nerve(diameter) & self._fleshy()

    def _on_nerve(self, diameter: float) -> NDArray[np.bool_]:
        return self.nerve <= print_radius(diameter) + NERVE_STEP

    def _fleshy(self) -> NDArray[np.bool_]:
        return (self.muscle >= LEAST_MUSCLE) & (self.own >= LEAST_OWN)

    def why_not(self, diameter: float) -> WhyNot:
        """What forbids most of the rest; empty if nothing does."""
        refused: dict[WhyNot, int] = {
            "bone": int((self.bone < KEPT_FROM_BONE).sum()),
            "nerve": int(self._on_nerve(diameter).sum()),
            "muscle": int((~self._fleshy()).sum()),
        }
        return max(refused, key=lambda reason: refused[reason]) if any(refused.values()) else ""


def press(
    skin: Surface,
    vertices: NDArray[np.int64],
    structures: Mapping[str, Structure],
    landmarks: Mapping[str, Array],
    side: LimbSide,
    muscle: str,
) -> Press:
    """What pressing at these vertices of the skin meets, on one side of the body.

    muscle : unsided id of the one that is meant
    """
    origins = skin.vertices[vertices]
    directions = pressed_inwards(skin, vertices)
    bones = [s for s in structures.values() if s.kind == "bone" and s.side in (side, "midline")]
    stop = np.full(len(origins), REACH)
    for bone in bones:
        for part in bone.parts:
            stop = np.minimum(stop, Rays(part.surface).first(origins, directions))
    nerve = nerve_places(structures, side)
    muscles = [s for s in structures.values() if s.kind == "muscle" and s.side == side]
    return Press(
        vertices,
        directions,
        axis_distance(origins, directions, prominences(structures, landmarks, side), stop + BEYOND),
        axis_distance(origins, directions, nerve, stop + BEYOND),
        muscle_below(muscles, origins, directions, stop),
        muscle_below([s for s in muscles if s.structure == muscle], origins, directions, stop),
    )


def axis_distance(origins: Array, directions: Array, points: Array, reach: Array) -> Array:
    """(k,) mm from each axis, from (k, 3) along (k, 3), to the nearest of (m, 3) points ahead within reach (k,)."""
    nearest = np.full(len(origins), np.inf)
    for index, (origin, direction) in enumerate(zip(origins, directions, strict=True)):
        offset = points - origin
        along = offset @ direction
        ahead = (along > 0.0) & (along < reach[index])
        if ahead.any():
            square = np.einsum("ij,ij->i", offset[ahead], offset[ahead]) - along[ahead] ** 2
            nearest[index] = float(np.sqrt(max(square.min(), 0.0)))
    return nearest


def nerve_places(structures: Mapping[str, Structure], side: LimbSide) -> Array:
    """(m, 3) points all over the sciatic nerve of one side, in every variant that is known: nobody knows their own."""
    surfaces = [
        surface
        for division in SCIATIC
        if f"{division}.{side}" in structures
        for part in structures[f"{division}.{side}"].parts
        for surface in (part.surface, *part.shapes.values())
    ]
    points = np.concatenate([np.vstack([s.vertices, s.vertices[s.triangles].mean(axis=1)]) for s in surfaces])
    return np.unique(np.round(points / NERVE_STEP), axis=0) * NERVE_STEP


def prominences(structures: Mapping[str, Structure], landmarks: Mapping[str, Array], side: LimbSide) -> Array:
    """(m, 3) points of bone that a ball keeps from: sacrum and coccyx behind, tuberosity, trochanter, spines, crest."""
    near = []
    behind = _vertices(structures, ("sacrum", "coccyx"))
    near.append(behind)
    for bone, landmark, around in (
        (f"hip_bone.{side}", f"ischial_tuberosity.{side}", 18.0),
        (f"femur.{side}", f"greater_trochanter.{side}", 22.0),
    ):
        vertices = _vertices(structures, (bone,))
        centre = np.atleast_2d(landmarks[landmark]).mean(axis=0)
        near.append(vertices[np.linalg.norm(vertices - centre, axis=1) < around])
    near += [_dense(landmarks[f"{name}.{side}"]) for name in ("asis", "psis", "iliac_crest")]
    return np.concatenate(near)


def _dense(line: Array) -> Array:
    """(m, 3) points of a line at most `CREST_STEP` apart; of a point, itself."""
    line = np.atleast_2d(line)
    pieces = [
        np.linspace(start, end, int(np.linalg.norm(end - start) / CREST_STEP) + 2) for start, end in pairwise(line)
    ]
    return np.concatenate([line[:1], *pieces])


def muscle_below(muscles: Iterable[Structure], origins: Array, directions: Array, stop: Array) -> Array:
    """(k,) mm of these muscles that lines from the skin inwards pass before they stop (k,), mm."""
    total = np.zeros(len(origins))
    for muscle in muscles:
        for part in muscle.parts:
            total += Rays(part.surface).inside(origins, directions, stop)
    return total


class Rays:
    """Rays on one closed surface, many at a time."""

    def __init__(self, surface: Surface) -> None:
        self._vertices = np.ascontiguousarray(surface.vertices, dtype=np.float64)
        self._triangles = np.ascontiguousarray(surface.triangles, dtype=np.int64)
        self._tree = igl.AABB()
        self._tree.init(self._vertices, self._triangles)

    def first(self, origins: Array, directions: Array) -> Array:
        """(k,) mm to the first meeting, infinite where there is none."""
        aside = origins + NUDGE * _ASIDE  # a ray that meets exactly a corner may slip between its triangles
        found = self._tree.intersect_ray_first(self._vertices, self._triangles, aside, directions, min_t=1e6)
        return np.where(found[0] >= 0, found[1], np.inf)

    def inside(self, origins: Array, directions: Array, stop: Array) -> Array:
        """(k,) mm that lines run inside the surface, from outside it until they stop (k,)."""
        total, at = np.zeros(len(origins)), np.zeros(len(origins))
        entered = np.zeros(len(origins))
        within = np.zeros(len(origins), dtype=bool)
        open_ = np.ones(len(origins), dtype=bool)
        for _ in range(MOST_MEETINGS):
            rows = np.flatnonzero(open_)
            if len(rows) == 0:
                break
            step = self.first(origins[rows] + directions[rows] * at[rows, None], directions[rows])
            next_ = at[rows] + step
            leaves = np.minimum(next_, stop[rows])
            total[rows] += np.where(within[rows], leaves - entered[rows], 0.0)
            entered[rows] = next_
            within[rows] ^= True
            at[rows] = next_ + NUDGE
            open_[rows] = next_ < stop[rows]
        return total


def _vertices(structures: Mapping[str, Structure], names: Sequence[str]) -> Array:
    found = [part.surface.vertices for name in names if name in structures for part in structures[name].parts]
    return np.concatenate(found) if found else np.zeros((0, 3))
