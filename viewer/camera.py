"""Where the eye stands for a scene: the same rule as in the page (`viewer/web/src/interface/views.ts`)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viewer.scene import Camera, Cut, Scene

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue

Points = Mapping[str, Sequence[Any]]
"""Sided landmark id to its points, LPS mm: one for a point, several for a line."""


@dataclass(frozen=True)
class Pose:
    """An eye, what it looks at and what is up, LPS mm; the vertical angle of view in degrees.

    With a `half_height` lines of sight are parallel, and this is half of what is seen from above to below, mm.
    """

    position: NDArray[np.float64]
    target: NDArray[np.float64]
    up: NDArray[np.float64]
    field_of_view: float
    half_height: float | None = None

    @property
    def height(self) -> float:
        """What is seen from above to below, mm: at the target, where lines of sight are not parallel."""
        away = float(np.linalg.norm(self.position - self.target))
        return 2 * (self.half_height or away * math.tan(math.radians(self.field_of_view) / 2))


def target(view: str, catalogue: Catalogue, landmarks: Points) -> NDArray[np.float64]:
    """What a view looks at: the mean of its landmarks on this body, or its centre where they are missing."""
    entry = catalogue.views[view]
    points = [landmarks.get(name) for name in entry.target_landmarks]
    present = [np.atleast_2d(np.asarray(p, dtype=float)).mean(axis=0) for p in points if p is not None and len(p)]
    if not present or len(present) < len(points):
        return np.array(entry.centre, dtype=float)
    mean: NDArray[np.float64] = np.mean(present, axis=0)
    return mean


def pose(camera: Camera, catalogue: Catalogue, landmarks: Points, aspect: float) -> Pose:
    """The pose of a scene's camera for a picture of this aspect (width over height).

    A named view is meant for a square picture: in a narrower one the eye stands farther off to see as much.
    """
    if camera.view is None and camera.position is not None and camera.target is not None:
        return Pose(np.array(camera.position), np.array(camera.target), np.array(camera.up), camera.field_of_view)
    view = camera.view or "posterior"
    entry = catalogue.views[view]
    centre = target(view, catalogue, landmarks)
    angle = math.tan(math.radians(12.0)) / math.tan(math.radians(camera.field_of_view) / 2)
    distance = entry.distance * angle * max(1.0, 1.0 / aspect)
    eye = centre + np.array(entry.direction) * distance
    return Pose(eye, centre, np.array(entry.up), camera.field_of_view)


def project(eye: Pose, point: Sequence[float], aspect: float) -> tuple[float, float]:
    """Where a point (LPS mm) is in a picture of this aspect: fractions of its width and height from the upper left."""
    back = eye.position - eye.target
    back = back / np.linalg.norm(back)
    right = np.cross(eye.up, back)
    right /= np.linalg.norm(right)
    away = np.asarray(point, dtype=float) - eye.position
    half = eye.half_height or -float(away @ back) * math.tan(math.radians(eye.field_of_view) / 2)
    return 0.5 + float(away @ right) / (2 * half * aspect), 0.5 - float(away @ np.cross(back, right)) / (2 * half)


def with_view(scene: Scene, view: str, catalogue: Catalogue) -> Scene:
    """The scene seen from a named view; a view that needs a cutting plane brings it along."""
    needed = catalogue.views[view].cut
    cut = Cut(normal=needed.normal, offset=needed.offset) if needed is not None else scene.cut
    camera = Camera(view=view, field_of_view=scene.camera.field_of_view)
    return scene.model_copy(update={"camera": camera, "cut": cut})
