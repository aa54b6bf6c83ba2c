"""A belly in two heads: cut from the solved whole along its fibres, and parted like lips where something passes.

The heads are always cut the same way, so that every variant has the same rings and triangles: where nothing lies
between them they abut and look like one. Where a nerve passes, each head draws back from it as far as the nerve's own
surface demands, height by height, and its edge rounds off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter, gaussian_filter1d, maximum_filter

from meshes.glb import STEP_MM
from meshes.loft import edge_columns, faces_of, grid_normals, ring_triangles
from meshes.ribbon import smoothstep
from meshes.surface import volume_mm3
from meshes.untangle import relaxed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.forms import Cleft, Split

Array = NDArray[np.float64]

COLUMNS = 17
"""Columns of each face of a head, denser at both its edges."""

WALL = 5
"""Points of the wall between the faces' inner edges."""

LEVELS = 7
"""Heights, from the deep (-1) to the superficial face (+1), at which the parting is kept."""

INSIDE = 0.4
"""Part of the way from the middle to either face up to which what passes parts the heads; beyond, it presses on one."""

RIDGE = 0.4
"""Part of its height that the very edge of a rounded head keeps."""


@dataclass(frozen=True)
class Seam:
    """The cut through a belly, row by row.

    middle : (n, 3) mm, half way between both faces
    across : (n, 3) unit, square to the cut, from the first head to the second
    up : (n, 3) mm, from the middle to the superficial face
    """

    middle: Array
    across: Array
    up: Array

    @property
    def length(self) -> NDArray[np.float64]:
        """(n,) mm along the cut."""
        return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(self.middle, axis=0), axis=1))])


@dataclass(frozen=True)
class Opening:
    """How far each head is drawn back from the cut, (n, LEVELS) mm: the first head, the second."""

    first: Array
    second: Array

    @property
    def gape(self) -> NDArray[np.float64]:
        """(n,) mm between the heads, at most."""
        return np.asarray((self.first + self.second).max(axis=1))


def seam(channels: Array, split: Split) -> Seam:
    """The cut through a ring grid (n, v, c >= 3)."""
    column = _column(channels, split.s)
    upper, lower = (_at(face[..., :3], np.array([column]))[:, 0] for face in faces_of(channels))
    middle, up = (upper + lower) / 2.0, (upper - lower) / 2.0
    along = gaussian_filter1d(np.gradient(middle, axis=0), 2.0, axis=0, mode="nearest")
    across = np.cross(along, gaussian_filter1d(up, 2.0, axis=0, mode="nearest"))
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    outward = faces_of(channels)[0][:, -1, :3] - middle
    return Seam(middle, across * np.sign(np.einsum("ij,ij->", across, outward)), up)


def cut_heads(channels: Array, split: Split, opening: Opening | None = None) -> list[Array]:
    """Cut a ring grid (n, v, c >= 6) along one fibre into two ring grids (n, 2 COLUMNS + WALL - 1, c).

    channels : positions (3), outward normals (3), what else belongs to each point
    opening : how the heads part, or None where they abut all along
    """
    cut = seam(channels, split)
    last = channels.shape[1] // 2
    place = _column(channels, split.s)
    result = []
    for sign, outer in ((-1.0, 0.0), (1.0, float(last))):
        share = edge_columns(COLUMNS)
        f_outer, f_cut = (0.0 if sign < 0 else 1.0), split.s
        columns = np.arccos(1.0 - 2.0 * np.clip(f_outer + share * (f_cut - f_outer), 0.0, 1.0)) / np.pi * last
        columns[0], columns[-1] = outer, place
        faces = [_at(face, columns) for face in faces_of(channels)]
        for face in faces:
            face[..., :3] += sign * 0.5 * split.gap * cut.across[:, None] * (share**4)[None, :, None]
        ring = _walled(faces[0], faces[1], sign * cut.across)
        ring[..., :3] = _on_its_side(ring[..., :3], cut, sign, split.gap)
        if opening is not None and split.cleft is not None:
            drawn = opening.first if sign < 0 else opening.second
            ring = _drawn_back(ring, cut, sign, drawn, opening.gape, split.cleft)
        result.append(ring)
    return result


def uncrossed(ring: Array) -> Array:
    """A head's ring grid (n, v, c >= 6) evened out where its surface crosses itself.

    What carries it, the deep face of its first and last row on bone, stays.
    """
    held = np.zeros(ring.shape[:2], bool)
    held[[0, -1], COLUMNS + WALL :] = True
    points = ring[..., :3]
    triangles = ring_triangles(*ring.shape[:2])
    moved = relaxed(points.reshape(-1, 3), triangles, STEP_MM, held.ravel()).reshape(points.shape)
    beside = maximum_filter((moved != points).any(axis=2), (3, 3), mode=("nearest", "wrap"))
    result = ring.copy()
    result[..., :3] = moved
    result[beside, 3:6] = _outward(moved)[beside]
    return result


def opening_for(cut: Seam, tubes: Sequence[Array], cleft: Cleft) -> Opening:
    """The opening that keeps both heads clear of what passes between them, closing smoothly at its ends.

    tubes : ring grids (k, v, 3); only the stretch of each between the deep and the superficial face counts
    """
    n = len(cut.middle)
    along = np.gradient(cut.middle, axis=0)
    step = np.linalg.norm(along, axis=1)
    along /= step[:, None]
    half = np.linalg.norm(cut.up, axis=1)
    levels = np.linspace(-1.0, 1.0, LEVELS)
    first, second = np.zeros((n, LEVELS)), np.zeros((n, LEVELS))
    points = np.concatenate([_between_faces(cut, half, tube) for tube in tubes])
    for row in range(1, n - 1):
        away = points - cut.middle[row]
        near = away[np.abs(away @ along[row]) < 0.75 * step[row]]
        height = near @ cut.up[row] / half[row] ** 2
        side = near @ cut.across[row]
        for level, at in enumerate(levels):
            here = side[np.abs(height - at) < 1.2 * (levels[1] - levels[0])]
            if len(here):
                first[row, level] = max(0.0, cleft.clearance - here.min())
                second[row, level] = max(0.0, cleft.clearance + here.max())
    return Opening(*(_closing(drawn, cut.length, cleft.closing) for drawn in (first, second)))


def _between_faces(cut: Seam, half: Array, tube: Array) -> Array:
    """Points (k, 3) of the rings of a tube from where its middle has come in at one face to where it goes out."""
    centre = tube.mean(axis=1)
    nearest = np.linalg.norm(centre[:, None] - cut.middle[None], axis=2).argmin(axis=1)
    away = centre - cut.middle[nearest]
    height = np.einsum("ij,ij->i", away, cut.up[nearest]) / half[nearest] ** 2
    side = np.abs(np.einsum("ij,ij->i", away, cut.across[nearest]))
    crossing = int(np.argmin(np.abs(height) + side / half[nearest]))
    first = crossing - int(np.argmax(np.abs(height[crossing::-1]) > INSIDE))
    last = crossing + int(np.argmax(np.abs(height[crossing:]) > INSIDE))
    return np.asarray(tube[first : last + 1].reshape(-1, 3))


def empty_opening(cut: Seam, cleft: Cleft) -> Opening:
    """A narrow cleft with nothing in it."""
    u = np.linspace(0.0, 1.0, len(cut.middle))
    low, high = cleft.empty
    soft = 0.35 * (high - low)
    lens = smoothstep(low, low + soft, u) * smoothstep(0.0, soft, high - u)
    drawn = np.repeat((0.5 * cleft.empty_gap * lens)[:, None], LEVELS, axis=1)
    return Opening(drawn, drawn)


def _closing(drawn: Array, length: NDArray[np.float64], closing: float) -> Array:
    """Spread what is asked for at each row along the fibres, so that a cleft closes over `closing` mm."""
    apart = np.abs(length[:, None] - length[None]) / closing
    falling = np.cos(np.clip(apart, 0.0, 1.0) * np.pi / 2.0) ** 2
    spread = (falling[:, :, None] * drawn[None]).max(axis=1)
    smooth = gaussian_filter(spread, (1.2, 0.7), mode="nearest")
    return np.asarray(np.maximum(smooth, drawn))


def _drawn_back(ring: Array, cut: Seam, sign: float, drawn: Array, gape: Array, cleft: Cleft) -> Array:
    """A head's ring grid drawn back from the cut, its edge rounded where it gapes."""
    n = len(ring)
    points = ring[..., :3]
    upper, lower = points[:, :COLUMNS], np.concatenate([points[:, :1], points[:, COLUMNS + WALL :][:, ::-1]], axis=1)
    middle, half = (upper + lower) / 2.0, (upper - lower) / 2.0
    width = np.linalg.norm(np.diff(middle, axis=1), axis=2)
    from_edge = np.concatenate([np.cumsum(width[:, ::-1], axis=1)[:, ::-1], np.zeros((n, 1))], axis=1)
    full = np.maximum(from_edge[:, :1], 1e-6)
    inner = 1.0 - from_edge / full
    open_here = smoothstep(0.1, 1.6, gape)[:, None]
    tall = np.linalg.norm(half, axis=2).max(axis=1, keepdims=True)
    toward = np.clip(from_edge / np.maximum(cleft.lips * tall, 1e-6), 0.0, 1.0)
    rounded = RIDGE + (1.0 - RIDGE) * np.sqrt(1.0 - (1.0 - toward) ** 2)
    fuller = 1.0 + 0.5 * drawn.mean(axis=1, keepdims=True) / full * np.sin(np.pi * inner) * open_here
    half = half * ((1.0 - open_here * (1.0 - rounded)) * fuller)[..., None]
    carried = cleft.carried + (1.0 - cleft.carried) * smoothstep(0.0, 1.0, inner)
    away = sign * cut.across[:, None]
    levels = np.linspace(-1.0, 1.0, LEVELS)
    shape = 1.0 - open_here * (1.0 - rounded)
    faces = []
    for face, side in ((middle + half, 1.0), (middle - half, -1.0)):
        back = _by_level(drawn, levels, side * shape)
        faces.append(face + away * (back * carried)[..., None])
    moved = np.concatenate([faces[0], np.zeros((n, WALL, 3)), faces[1][:, :0:-1]], axis=1)
    for k in range(WALL):
        share = (k + 1.0) / (WALL + 1.0)
        between = (1.0 - share) * (middle + half)[:, -1] + share * (middle - half)[:, -1]
        flat = ring[:, COLUMNS + k, :3]
        bulge = 4.0 * share * (1.0 - share) * 0.35 * cleft.lips * tall * open_here
        base = flat + open_here * (between - flat)
        back = _by_level(drawn, levels, ((1.0 - 2.0 * share) * shape[:, -1])[:, None])
        moved[:, COLUMNS + k] = base + cut.across * sign * (back - np.minimum(bulge, 0.6 * back))
    result = ring.copy()
    result[..., :3] = moved
    normals = _outward(moved)
    mixed = ring[..., 3:6] + open_here[..., None] * (normals - ring[..., 3:6])
    result[..., 3:6] = mixed / np.maximum(np.linalg.norm(mixed, axis=2, keepdims=True), 1e-9)
    return result


def _on_its_side(points: Array, cut: Seam, sign: float, least: float) -> Array:
    """Points (n, v, 3) of a head kept on its own side of the cut near its ends, where bone bends the rings."""
    u = np.linspace(0.0, 1.0, len(points))
    near_end = 1.0 - smoothstep(0.06, 0.14, np.minimum(u, 1.0 - u))
    across = gaussian_filter1d(cut.across, 3.0, axis=0, mode="nearest")
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    side = sign * np.einsum("nvc,nc->nv", points - cut.middle[:, None], across)
    short = np.maximum(least - side, 0.0) * near_end[:, None]
    return np.asarray(points + sign * short[..., None] * across[:, None])


def _by_level(drawn: Array, levels: Array, height: Array) -> Array:
    """Values of (n, LEVELS) at heights (n, k), between its levels."""
    place = (height - levels[0]) / (levels[1] - levels[0])
    low = np.clip(np.floor(place).astype(int), 0, LEVELS - 2)
    share = np.clip(place - low, 0.0, 1.0)
    rows = np.arange(len(drawn))[:, None]
    return np.asarray((1.0 - share) * drawn[rows, low] + share * drawn[rows, low + 1])


def _walled(upper: Array, lower: Array, outward: Array) -> Array:
    """A ring grid from two faces (n, k, c) that meet in their first column, with a wall between their last columns."""
    u = np.linspace(0.0, 1.0, len(upper))[:, None]  # the ends lie on bent bone, which half way would be inside
    inner = 0.2 + 0.8 * smoothstep(0.0, 0.12, u) * smoothstep(0.0, 0.12, 1.0 - u)
    walls = []
    for k in range(WALL):
        share = inner * (k + 1.0) / (WALL + 1.0)
        wall = (1.0 - share) * upper[:, -1] + share * lower[:, -1]
        wall[:, 3:6] = -outward
        walls.append(wall)
    return np.concatenate([upper, np.stack(walls, axis=1), lower[:, :0:-1]], axis=1)


def _outward(grid: Array) -> Array:
    turned = volume_mm3(grid.reshape(-1, 3), ring_triangles(grid.shape[0], grid.shape[1])) < 0
    return grid_normals(grid, outward=not turned)


def _column(channels: Array, s: float) -> float:
    """Place of a fibre among the columns of a face."""
    return float(np.arccos(1.0 - 2.0 * s) / np.pi * (channels.shape[1] // 2))


def _at(face: Array, columns: Array) -> Array:
    """Values of a face (n, m, c) at places between its columns."""
    return np.asarray(CubicSpline(np.arange(face.shape[1]), face, axis=1)(columns))
