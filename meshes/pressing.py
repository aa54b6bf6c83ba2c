"""What lies under the finger, and where a ball may go: muscle beneath, no bone in its print, the nerve aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.raycast import crossings

if TYPE_CHECKING:
    from meshes.atlas import Structure, Surface
    from meshes.body import LimbSide

Array = NDArray[np.float64]

KEPT_FROM_BONE = 20.0
"""mm that the axis of a ball keeps from every prominence and crest, seen along the direction in which it presses."""

SINKS = 15.0
"""mm that a ball sinks into the buttock of a person who lies on it; that makes the size of its print."""

LEAST_MUSCLE = 12.0
"""mm of muscle that must lie under a ball."""

REACH = 160.0
"""mm below the skin that are looked at at all."""

BEYOND = 10.0
"""mm behind the first bone that still count: what lies deeper is not pressed."""

SOFTENED = 25.0
"""mm over which the skin's normals are averaged: a ball presses square to the buttock, not to a fold."""


@dataclass(frozen=True)
class Layer:
    """One structure under the finger: how deep it begins and ends below the skin, mm."""

    structure: str
    begins: float
    ends: float


def layers_below(structures: Iterable[Structure], start: Array, direction: Array, reach: float = REACH) -> list[Layer]:
    """What a straight line from the skin inwards passes, in order, down to the first bone or nerve, that included.

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
            at = at[(at >= 0.0) & (at <= reach)]
            found += [
                (Layer(structure.id, float(a), float(b)), structure.kind)
                for a, b in zip(at[0::2], at[1::2], strict=False)
            ]
    found.sort(key=lambda entry: entry[0].begins)
    layers = []
    for layer, kind in found:
        layers.append(layer)
        if kind in ("bone", "nerve"):
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
class BallZone:
    """Where on the skin a ball may press.

    vertices : (k,) indices of the skin's vertices that were asked about
    directions : (k, 3) unit directions of the press there
    allowed : (k,) whether it may
    why_not : what forbids most of the rest: `bone`, `nerve` or `muscle` (too little of it); empty if nothing does
    """

    vertices: NDArray[np.int64]
    directions: Array
    allowed: NDArray[np.bool_]
    why_not: str


def ball_zone(
    skin: Surface,
    candidates: NDArray[np.int64],
    structures: Mapping[str, Structure],
    landmarks: Mapping[str, Array],
    side: LimbSide,
    diameter: float,
) -> BallZone:
    """Judge each candidate vertex of the skin for a ball of this diameter, mm."""
    origins = skin.vertices[candidates]
    directions = pressed_inwards(skin, candidates)
    bones = [s for s in structures.values() if s.kind == "bone" and s.side in (side, "midline")]
    stop = np.minimum(np.min([_first(bone, origins, directions) for bone in bones], axis=0), REACH)
    beneath = prominences(structures, landmarks, side)
    bone = axis_distance(origins, directions, beneath, stop + BEYOND) >= KEPT_FROM_BONE
    nerve_points = _vertices(structures, (f"tibial_division.{side}", f"common_fibular_division.{side}"))
    nerve = axis_distance(origins, directions, nerve_points, stop + BEYOND) > print_radius(diameter)
    muscle = muscle_below(structures, origins, directions, stop, side) >= LEAST_MUSCLE
    allowed = bone & nerve & muscle
    refused = {"bone": int((~bone).sum()), "nerve": int((~nerve).sum()), "muscle": int((~muscle).sum())}
    why_not = "" if allowed.all() else max(refused, key=lambda reason: refused[reason])
    return BallZone(candidates, directions, allowed, why_not)


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
    near += [np.atleast_2d(landmarks[f"{name}.{side}"]) for name in ("asis", "psis", "iliac_crest")]
    return np.concatenate(near)


def muscle_below(
    structures: Mapping[str, Structure], origins: Array, directions: Array, stop: Array, side: LimbSide
) -> Array:
    """(k,) mm of muscle of this side that lines from the skin inwards pass before they stop (k,), mm."""
    total = np.zeros(len(origins))
    for structure in structures.values():
        if structure.kind != "muscle" or structure.side != side:
            continue
        for part in structure.parts:
            vertices, triangles = part.surface.vertices, part.surface.triangles
            for index, (origin, direction) in enumerate(zip(origins, directions, strict=True)):
                if _near(vertices, origin, direction, stop[index]):
                    at = np.clip(crossings(origin, direction, vertices, triangles), 0.0, stop[index])
                    total[index] += float((at[1::2] - at[0 : len(at) - len(at) % 2 : 2]).sum())
    return total


def _first(structure: Structure, origins: Array, directions: Array) -> Array:
    """(k,) mm to the first meeting with a structure, infinite where there is none."""
    nearest = np.full(len(origins), np.inf)
    for part in structure.parts:
        tree = igl.AABB()
        vertices = np.ascontiguousarray(part.surface.vertices, dtype=np.float64)
        triangles = np.ascontiguousarray(part.surface.triangles, dtype=np.int64)
        tree.init(vertices, triangles)
        face, distance, _ = tree.intersect_ray_first(vertices, triangles, origins, directions, min_t=1e6)
        nearest = np.minimum(nearest, np.where(face >= 0, distance, np.inf))
    return nearest


def _vertices(structures: Mapping[str, Structure], names: Sequence[str]) -> Array:
    found = [part.surface.vertices for name in names if name in structures for part in structures[name].parts]
    return np.concatenate(found) if found else np.zeros((0, 3))
