"""The colour of each vertex of a structure: what tissue it is, how its fibres run, how open it is to the light."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from meshes.atlas import Surface
from viewer.palette import SINEW, TISSUES

Floats = NDArray[np.float64]

_ALONG = 96
"""Cells of the noise along the fibre."""

FIBROUS = frozenset({"muscle", "tendon", "ligament", "fascia"})
_FASCICLE_MM = 1.7
"""Width of the bundles of fibres that one sees on a muscle's surface."""
_BUNDLES = (12, 200)
"""Fewest and most bundles around a belly."""


def vertex_colours(surface: Surface, kind: str, seed: int) -> NDArray[np.uint8]:
    """(n, 3) colours of a surface's vertices, 0 to 255, as on screen; `seed` gives each muscle fibres of its own."""
    tissue = TISSUES[kind]
    count = len(surface.vertices)
    colours = np.broadcast_to(tissue.base, (count, 3)).astype(float)
    if kind in FIBROUS and surface.uv is not None:
        streaks = striation(surface, seed)
        strength = 0.13 if kind == "muscle" else 0.05
        tendon = np.zeros(count) if surface.tendon is None else np.clip(surface.tendon, 0.0, 1.0)
        belly = colours * (1 + strength * streaks[:, None]) + 0.04 * np.maximum(streaks, 0.0)[:, None]
        sinew = SINEW * (1 + 0.05 * streaks[:, None])
        colours = belly + (sinew - belly) * tendon[:, None] if kind == "muscle" else belly
    if surface.shade is not None:
        hollow = np.clip(1.0 - surface.shade, 0.0, 1.0)[:, None]
        colours = colours * (1 - 0.55 * hollow) + tissue.deep * 0.55 * hollow * colours / tissue.base
    rounded: NDArray[np.uint8] = (np.clip(colours, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)
    return rounded


def striation(surface: Surface, seed: int) -> Floats:
    """(n,) noise of mean 0 and deviation near 1 at each vertex, stretched along the fibres."""
    assert surface.uv is not None
    u, v = surface.uv[:, 0], surface.uv[:, 1]
    columns = 2 * round(float(np.clip(_girth_mm(surface) / _FASCICLE_MM, *_BUNDLES)))
    fine, coarse = _noise(seed, columns)
    sample = [u * (_ALONG - 1), v % 1.0 * columns]
    mixed: Floats = 0.65 * _at(fine, sample) + 0.45 * _at(coarse, sample)
    return mixed


def _at(field: Floats, places: list[Floats]) -> Floats:
    """Values of the noise between its cells; it repeats around the belly."""
    found: Floats = map_coordinates(field, places, order=1, mode="grid-wrap")
    return found


@lru_cache(maxsize=64)
def _noise(seed: int, columns: int) -> tuple[Floats, Floats]:
    """Fine and coarse noise of one muscle, (along, columns) each, with deviation 1; it closes around the belly."""
    random = np.random.default_rng(seed)
    fields = []
    for along, across in ((14.0, 1.0), (21.0, 4.0)):
        white = random.standard_normal((_ALONG, columns))
        field = gaussian_filter(white, (along, across), mode=("nearest", "wrap"))
        fields.append(field / field.std())
    return fields[0], fields[1]


def _girth_mm(surface: Surface) -> float:
    """Distance around the belly, mm: the area of the surface over its length along the fibres."""
    a, b, c = (surface.vertices[surface.triangles[:, i]] for i in range(3))
    area = float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
    spread = surface.vertices.max(axis=0) - surface.vertices.min(axis=0)
    return area / max(float(np.linalg.norm(spread)), 1.0)
