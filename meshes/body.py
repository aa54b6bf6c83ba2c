"""A body: its bones in one frame, the landmarks on them, and the way from material coordinates to points and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.material import MaterialBone, MaterialCurve, MaterialPoint

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LimbSide = Literal["right", "left"]

MIDLINE_BONES = ("sacrum", "coccyx")
MIDLINE_LANDMARKS = ("pubic_symphysis", "sacral_promontory", "sacral_apex", "coccyx_apex")


class BodyError(ValueError):
    """A bone, a landmark or a place that this body does not have."""


class Chart(Protocol):
    """Material coordinates of one bone."""

    def points(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 3) points at (k,) elements and their (k, 2) coordinates."""
        ...

    def nearest(self, points: Floats) -> tuple[Ints, Floats]:
        """Elements (k,) and coordinates (k, 2) of the places nearest to (k, 3) points."""
        ...


class Bone:
    """One bone of one body.

    vertices : (n, 3) LPS mm;  triangles : (m, 3), counter-clockwise seen from outside;  normals : (n, 3) unit
    """

    def __init__(
        self, name: str, chart: Chart, vertices: Floats, triangles: Ints, normals: Floats | None = None
    ) -> None:
        self.name = name
        self.chart = chart
        self.vertices = vertices
        self.triangles = np.ascontiguousarray(triangles, dtype=np.int64)
        self.normals = smooth_normals(vertices, self.triangles) if normals is None else normals

    @property
    def bone(self) -> str:
        """Name of the bone without its side."""
        return self.name.split(".")[0]

    def point(self, element: ArrayLike, xi1: ArrayLike, xi2: ArrayLike) -> Floats:
        """Point of a place, (3,) LPS mm; of (k,) places given as arrays, (k, 3)."""
        number, first, second = np.broadcast_arrays(
            np.asarray(element, dtype=np.int64), np.asarray(xi1, float), np.asarray(xi2, float)
        )
        places = np.column_stack([first.ravel(), second.ravel()])
        return self.chart.points(number.ravel(), places).reshape(*number.shape, 3)

    def nearest(self, points: ArrayLike) -> tuple[Ints, Floats]:
        """Elements (k,) and coordinates (k, 2) of the places on this bone nearest to (k, 3) points."""
        return self.chart.nearest(np.atleast_2d(np.asarray(points, dtype=float)))

    def material(self, points: ArrayLike) -> list[MaterialPoint]:
        """The places on this bone nearest to (k, 3) points. They are this side's own, not carried from the right."""
        elements, xi = self.nearest(points)
        name: MaterialBone = self.bone  # type: ignore[assignment]
        return [
            MaterialPoint(bone=name, element=int(e), xi1=float(a), xi2=float(b))
            for e, (a, b) in zip(elements, xi, strict=True)
        ]


Carry = Callable[[str, Ints, Floats], tuple[Ints, Floats]]
"""From a bone's right-hand places (elements, coordinates) to those at the same anatomical place on the left."""


@dataclass(frozen=True)
class Body:
    """Bones by sided id (`hip_bone.right`, `sacrum`), landmarks by id without side, in the atlas's frame."""

    bones: Mapping[str, Bone]
    head_centres: Mapping[str, Floats]
    head_radii: Mapping[str, float]
    carry: Carry
    modes: tuple[float, ...] = ()
    places: Mapping[str, MaterialPoint | MaterialCurve] = field(default_factory=dict)
    pinned: Mapping[str, Floats] = field(default_factory=dict)
    """Landmarks that somebody has placed, by sided id: (3,) LPS mm, in the place of those in `places`."""

    def head_centre(self, side: LimbSide) -> Floats:
        """(3,) centre of the femoral head of a side, LPS mm."""
        return self.head_centres[side]

    def locate(self, place: MaterialPoint | MaterialCurve, side: LimbSide = "right") -> Floats:
        """(3,) point of a place, or (k, 3) points of a curve, on the side asked for, LPS mm.

        Raises `BodyError` if this body has no such bone.
        """
        name = place.bone if place.bone in MIDLINE_BONES else f"{place.bone}.{side}"
        if name not in self.bones:
            raise BodyError(f"this body has no {name}; it has {', '.join(self.bones)}")
        if isinstance(place, MaterialPoint):
            rows = np.array([(place.element, place.xi1, place.xi2)])
        else:
            rows = np.array(place.points)
        elements, xi = rows[:, 0].astype(np.int64), rows[:, 1:]
        if side == "left":
            elements, xi = self.carry(place.bone, elements, xi)
        points = self.bones[name].chart.points(elements, xi)
        return points[0] if isinstance(place, MaterialPoint) else points

    def landmark(self, name: str) -> Floats:
        """(3,) point of a landmark (`asis.right`, `sacral_promontory`), or (k, 3) points of a line landmark, LPS mm.

        A landmark of a paired bone without a side (`pubic_symphysis`) lies midway between its right and its left.
        Raises `BodyError` if there is no such landmark.
        """
        if name in self.pinned:
            return self.pinned[name]
        stem, _, side = name.partition(".")
        if stem == "femoral_head_centre" and side in self.head_centres:
            return self.head_centres[side]
        place = self.places.get(stem)
        if place is None or side not in ("", "right", "left"):
            raise BodyError(f"no landmark {name!r}; known are femoral_head_centre, {', '.join(self.places)}")
        if side == "" and place.bone not in MIDLINE_BONES:
            return np.asarray((self.locate(place, "right") + self.locate(place, "left")) / 2.0)
        return self.locate(place, "left" if side == "left" else "right")

    def landmark_names(self) -> list[str]:
        """Sided ids of all landmarks of this body (`asis.right`, `asis.left`, `sacral_promontory`)."""
        stems = [*self.places, "femoral_head_centre"]
        return [n for s in stems for n in ([s] if s in MIDLINE_LANDMARKS else [f"{s}.right", f"{s}.left"])]


def smooth_normals(vertices: Floats, triangles: Ints) -> Floats:
    """(n, 3) unit normals of a closed surface, weighted by the angle each triangle has at the vertex."""
    corners = vertices[triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-12)
    normals = np.zeros_like(vertices)
    for i in range(3):
        a = corners[:, (i + 1) % 3] - corners[:, i]
        b = corners[:, (i + 2) % 3] - corners[:, i]
        length = np.maximum(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1), 1e-12)
        angle = np.arccos(np.clip(np.einsum("ij,ij->i", a, b) / length, -1.0, 1.0))
        np.add.at(normals, triangles[:, i], face * angle[:, None])
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
