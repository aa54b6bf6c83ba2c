"""From pain to muscle: which trigger points are described to refer to where it hurts, the nearest match first.

The rule is the same here and in the page (`viewer/web/src`), and both are tested on the same cases:

1. What hurts is a set of vertices of the skin. A press takes those within a radius of the pressed place whose normals
   face as its own does (not the far side of a cleft or of a thigh); a drawing takes those of all its presses; a named
   region brings its own.
2. Each vertex counts with a third of the area of its triangles, on the skin's base shape.
3. The overlap with a trigger point is the area that is both marked and in its zones; what is in a spillover zone counts
   `SPILLOVER` of what is in an essential one.
4. The score is the overlap over the geometric mean of the marked area and the zones' area, weighted alike: 1 if they
   are the same place. Neither a zone that covers everything nor one that is tiny wins by that alone.
5. Each trigger point is listed once, with the side that scores more, or with both if the lesser has at least `NEARLY`
   of it. The highest score comes first, of equal ones that which the document has first; what does not overlap is left
   out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from meshes.atlas import Surface
    from meshes.marks import PointMarks, ZoneEntry

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

SPILLOVER = 0.4
"""How much an area in a spillover zone counts against one in an essential zone."""

SIDES: tuple[Literal["right", "left"], Literal["right", "left"]] = ("right", "left")

PRESSED = 30.0
"""mm around the pressed place that a press takes, where nobody says otherwise."""

FACING = 0.25
"""Least cosine between the normal of the pressed vertex and that of one that is pressed with it."""

NEARLY = 0.9
"""How much of the score of its better side a trigger point's other side needs to be named with it."""

WEIGHT = {"essential": 1.0, "spillover": SPILLOVER}


@dataclass(frozen=True)
class Referral:
    """One trigger point that is described to refer to what was marked.

    sides : right, left, or both where they match alike
    score : 0 to 1, by which they are ranked; of the better side
    share : part of the marked area that lies in that side's zones, 0 to 1
    """

    id: str
    sides: tuple[Literal["right", "left"], ...]
    score: float
    share: float


def vertex_areas(surface: Surface) -> Array:
    """(n,) mm² of each vertex: a third of its triangles."""
    corners = surface.vertices[surface.triangles]
    area = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return np.asarray(np.bincount(surface.triangles.ravel(), np.repeat(area / 3.0, 3), len(surface.vertices)))


def pressed(surface: Surface, vertex: int, radius: float = PRESSED) -> Indices:
    """Vertices (k,) of the skin that a press on one of them takes with it, within a radius in mm."""
    near = np.linalg.norm(surface.vertices - surface.vertices[vertex], axis=1) <= radius
    facing = surface.normals @ surface.normals[vertex] >= FACING
    return np.flatnonzero(near & facing)


def referrals(
    marked: Iterable[int], areas: Array, points: Mapping[str, Mapping[Literal["right", "left"], PointMarks]]
) -> list[Referral]:
    """Trigger points that are described to refer to the marked vertices, the best match first.

    areas : (n,) mm² of the skin's vertices;  points : as in `MarksDocument`
    """
    patch = np.unique(np.fromiter(marked, dtype=np.int64))
    found = []
    for id_, sides in points.items():
        matches = {side: _match(patch, areas, sides[side].zones) for side in SIDES}
        best = max(SIDES, key=lambda side: matches[side][0])
        score, share = matches[best]
        if score > 0.0:
            found.append(Referral(id_, tuple(s for s in SIDES if matches[s][0] >= NEARLY * score), score, share))
    return sorted(found, key=lambda one: -one.score)


def _match(patch: Indices, areas: Array, zones: Iterable[ZoneEntry]) -> tuple[float, float]:
    """Score of some zones on some marked vertices, and the part of these that lies in them."""
    overlap = size = covered = 0.0
    for zone in zones:
        vertices = np.array(zone.vertices, dtype=np.int64)
        both = float(areas[np.intersect1d(patch, vertices)].sum())
        overlap += WEIGHT[zone.level] * both
        size += WEIGHT[zone.level] * float(areas[vertices].sum())
        covered += both
    total = float(areas[patch].sum())
    return (overlap / float(np.sqrt(total * size)), covered / total) if overlap > 0.0 else (0.0, 0.0)
