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
        streaks = striation(surface, seed)[:, None]
        if kind == "muscle":
            belly = colours * (1 + 0.17 * streaks) + 0.05 * np.maximum(streaks, 0.0)
            sinew = SINEW * (1 + 0.06 * streaks)
            colours = belly + (sinew - belly) * _ragged(surface, streaks)
        else:
            colours = colours * (1 + 0.06 * streaks)
    if surface.shade is not None:
        hollow = np.clip(1.0 - surface.shade, 0.0, 1.0)[:, None]
        colours = colours * (1 - 0.55 * hollow) + tissue.deep * 0.55 * hollow * colours / tissue.base
    rounded: NDArray[np.uint8] = (np.clip(colours, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)
    return rounded


def _ragged(surface: Surface, streaks: Floats) -> Floats:
    """(n, 1) share of tendon: belly and tendon reach into each other bundle by bundle, not along a smooth front."""
    if surface.tendon is None:
        return np.zeros_like(streaks)
    reach = surface.tendon[:, None] + 0.22 * streaks * (4 * surface.tendon * (1 - surface.tendon))[:, None]
    step = np.clip((reach - 0.3) / 0.4, 0.0, 1.0)
    share: Floats = step * step * (3 - 2 * step)
    return share


def refined(surface: Surface, edge_mm: float = 1.2, most: int = 400_000) -> Surface:
    """The same surface in smaller triangles, to take fine colours: edges near `edge_mm`, at most `most` triangles.

    Each round cuts every triangle into four; what belongs to the vertices is carried to the middles of the edges.
    """
    if surface.uv is None:
        return surface
    turn = 2 * np.pi * surface.uv[:, 1]
    # Around the belly v runs from 1 back to 0, so it is halved as a direction and not as a number.
    columns = [surface.vertices, surface.normals, surface.uv[:, :1], np.cos(turn)[:, None], np.sin(turn)[:, None]]
    ones = np.ones(len(turn))
    columns += [(ones * 0 if surface.tendon is None else surface.tendon)[:, None]]
    columns += [(ones if surface.shade is None else surface.shade)[:, None]]
    values, triangles = np.hstack(columns), np.asarray(surface.triangles, dtype=np.int64)
    while 4 * len(triangles) <= most and _median_edge(values[:, :3], triangles) > 1.4 * edge_mm:
        values, triangles = _quartered(values, triangles)
    normals = values[:, 3:6] / np.maximum(np.linalg.norm(values[:, 3:6], axis=1, keepdims=True), 1e-9)
    around = np.arctan2(values[:, 8], values[:, 7]) / (2 * np.pi) % 1.0
    uv = np.stack([values[:, 6], around], axis=1)
    return Surface(values[:, :3], triangles, normals, uv, values[:, 9], values[:, 10])


def _quartered(values: Floats, triangles: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """Every triangle cut into four at the middles of its edges."""
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    unique, where = np.unique(edges, axis=0, return_inverse=True)
    ab, bc, ca = (where.reshape(3, -1) + len(values)).astype(np.int64)
    a, b, c = triangles.T
    parts = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    middles = values[unique].mean(axis=1)
    return np.concatenate([values, middles]), np.concatenate([np.stack(part, axis=1) for part in parts])


def _median_edge(vertices: Floats, triangles: NDArray[np.int64]) -> float:
    return float(np.median(np.linalg.norm(vertices[triangles[:, 0]] - vertices[triangles[:, 1]], axis=1)))


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
