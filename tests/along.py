"""Lofted structures of a decoded atlas, read along their fibres: whole sections, wherever files kept their rings.

Files leave out the rings and columns of straight stretches, so what lies evenly along a structure is found between the
rings that are kept, and the middle of a ring is that of its outline, not of its vertices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Atlas, Surface
from meshes.sections import lengths, middle_line, rings

Points = NDArray[np.float64]

STEP_MM = 2.0
"""How far apart the outlines lie in which a stretch is read."""


def sections(surface: Surface, u: Points) -> Points:
    """(k, around, 3) outlines of a lofted surface at (k,) places along its fibres."""
    grid = rings(surface)
    assert surface.uv is not None
    at = surface.uv[:, 0].reshape(len(grid), -1).mean(axis=1)
    after = np.clip(np.searchsorted(at, u), 1, len(at) - 1)
    part = np.clip((u - at[after - 1]) / (at[after] - at[after - 1]), 0.0, 1.0)[:, None, None]
    return np.asarray(grid[after - 1] + part * (grid[after] - grid[after - 1]))


def outlines(atlas: Atlas, name: str, u: Points) -> list[Points]:
    """The (k, around, 3) outlines of every part of a structure at (k,) places along its fibres."""
    return [sections(part.surface, u) for part in atlas.structures[name].parts]


def stretch(atlas: Atlas, name: str, low: float, high: float) -> Points:
    """Points (n, 3) on the outlines of a structure between two places along its fibres, evenly along them."""
    whole = lengths(middle_line([rings(part.surface) for part in atlas.structures[name].parts]))[-1]
    u = np.linspace(low, high, 2 + int((high - low) * whole / STEP_MM))
    return np.concatenate([outline.reshape(-1, 3) for outline in outlines(atlas, name, u)])


def centreline(atlas: Atlas, name: str, count: int = 60) -> Points:
    """(count, 3) middle of a structure from its proximal to its distal end."""
    return middle_line(outlines(atlas, name, (np.arange(count) + 0.5) / count))


def end(atlas: Atlas, name: str, distal: bool) -> Points:
    """Points (n, 3) of the last outline at one end."""
    return np.concatenate([outline[0] for outline in outlines(atlas, name, np.array([1.0 if distal else 0.0]))])
