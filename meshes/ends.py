"""How near the ends of soft structures come to what carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from annotations.collection import Annotations
from meshes.atlas import Atlas, Structure, Surface
from meshes.nearest import signed_distance
from meshes.surface import joined

Points = NDArray[np.float64]

COLUMNS = 24
"""Strips of fibres across an end, each of which must reach its carrier."""
LAST = 0.03
"""Part of a structure, in u, that counts as its end."""


def end_gaps(atlas: Atlas, data: Annotations) -> dict[str, dict[str, float]]:
    """For each lofted structure and end the distance in mm at which its worst strip of fibres stays off its carriers.

    The carriers are those that the annotations name for that end; 0 where all strips touch or enter them. Ends whose
    carriers the atlas does not have are left out.
    """
    found: dict[str, dict[str, float]] = {}
    for name, structure in atlas.structures.items():
        entry = data.structures.get(structure.structure)
        if entry is None or not structure.parts or any(part.surface.uv is None for part in structure.parts):
            continue
        for end in ("proximal", "distal"):
            on = [carrier for a in entry.attachments if a.end == end for carrier in a.on]
            carriers = [surface for carrier in on for surface in _surfaces(atlas, carrier, structure)]
            if carriers:
                gap = end_gap([part.surface for part in structure.parts], end == "proximal", carriers)
                found.setdefault(name, {})[end] = round(gap, 3)
    return found


def end_gap(surfaces: Sequence[Surface], proximal: bool, carriers: Sequence[Surface]) -> float:
    """Mm at which the worst strip of one end stays off the nearest carrier; 0 where all touch or enter one."""
    points, strip = [], []
    for surface in surfaces:
        assert surface.uv is not None
        u, v = surface.uv.T
        last = u <= u.min() + LAST if proximal else u >= u.max() - LAST
        points.append(surface.vertices[last])
        strip.append(np.minimum((v[last] * COLUMNS).astype(int), COLUMNS - 1))
    place, column = np.concatenate(points), np.concatenate(strip)
    off = np.min([_outside(place, carrier) for carrier in carriers], axis=0)
    return float(max(off[column == number].min() for number in np.unique(column)))


def _outside(points: Points, carrier: Surface) -> NDArray[np.float64]:
    """(k,) mm from points to a surface; 0 inside it."""
    return np.maximum(signed_distance(points, carrier.vertices, carrier.triangles), 0.0)


def _surfaces(atlas: Atlas, carrier: str, of: Structure) -> list[Surface]:
    found: Mapping[str, Structure] = atlas.structures
    parts = [found[name].parts for name in (carrier, f"{carrier}.{of.side}") if name in found]
    return [p[0].surface if len(p) == 1 else joined([part.surface for part in p]) for p in parts if p]
