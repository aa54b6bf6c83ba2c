"""The built trigger points, as tests ask for them: all of them, each with its side, and where its X is on the skin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from annotations.loading import load
from meshes.marks import unpacked

if TYPE_CHECKING:
    from annotations.safety import Ball
    from meshes.atlas import Atlas, Surface
    from meshes.marks import MarksDocument, PointMarks, ZoneEntry

Array = NDArray[np.float64]
Side = Literal["right", "left"]
SIDES: tuple[Side, Side] = ("right", "left")

DATA = load()
POINTS = DATA.trigger_points
MARKED = [id_ for id_, point in POINTS.items() if point.shown == "with_x"]
DRAWN = [id_ for id_, point in POINTS.items() if point.shown != "text_only"]
BALLS: dict[str, Ball] = {ball.id: ball for ball in DATA.safety.balls}


def landmark(atlas: Atlas, name: str, side: Side) -> Array:
    """(3,) or (k, 3) LPS mm of a landmark by its unsided id."""
    return np.asarray(atlas.landmarks.get(f"{name}.{side}", atlas.landmarks.get(name)), dtype=np.float64)


def on_skin(skin: Surface, entry: PointMarks) -> Array:
    """(3,) LPS mm where the X of a trigger point shows on a skin."""
    assert entry.on_skin is not None
    return np.asarray(unpacked([entry.on_skin.triangle, *entry.on_skin.weights]).points(skin)[0])


def each(document: MarksDocument, ids: list[str] = MARKED) -> Iterator[tuple[str, Side, PointMarks]]:
    """Each of some trigger points on either side."""
    for id_ in ids:
        for side in SIDES:
            yield id_, side, document.points[id_][side]


def each_zone(document: MarksDocument) -> Iterator[tuple[str, Side, ZoneEntry]]:
    """Each zone with a name to tell of."""
    for id_, side, entry in each(document, DRAWN):
        for zone in entry.zones:
            yield f"{id_} {zone.level}", side, zone
