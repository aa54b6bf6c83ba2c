"""From a place in landmark terms to a point of a body, on either side of any atlas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from annotations.trigger_point import Place
    from meshes.body import LimbSide

Array = NDArray[np.float64]


class PlaceError(ValueError):
    """A place whose landmark this body does not have; the message names it."""


def point_of(place: Place, landmarks: Mapping[str, Array], side: LimbSide) -> Array:
    """(3,) LPS mm of a place on a side.

    landmarks : sided or midline landmark id to a point (3,) or a line (k, 3), LPS mm (`Atlas.landmarks`)
    Raises `PlaceError` if a landmark is not there.
    """
    total = np.zeros(3)
    for name, weight in place.landmarks.items():
        total += weight * _landmark(name, landmarks, side)
    outward = -1.0 if side == "right" else 1.0
    return np.asarray(total + np.array([outward * place.lateral, place.posterior, place.cranial]))


def _landmark(name: str, landmarks: Mapping[str, Array], side: LimbSide) -> Array:
    """(3,) point of `psis`, or of `iliac_crest@0.5`, half way along a line; of a line without fraction, its middle."""
    stem, _, fraction = name.partition("@")
    found = landmarks.get(f"{stem}.{side}", landmarks.get(stem))
    if found is None:
        raise PlaceError(f"This body has no landmark {stem} on the {side}.")
    line = np.atleast_2d(np.asarray(found, dtype=np.float64))
    if not fraction:
        return np.asarray(line.mean(axis=0))
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = float(fraction) * way[-1]
    return np.array([np.interp(at, way, line[:, axis]) for axis in range(3)])
