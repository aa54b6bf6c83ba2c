"""Soft surfaces that give way: a lofted surface retreats from what lies on it, beside it or between its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from meshes.loft import faces_of, ring_triangles
from meshes.nearest import closest_point, least_distance, signed_distance
from meshes.surface import volume_mm3

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshes.loft import Solid

Array = NDArray[np.float64]

EVEN_ROUNDS = 14
"""Rounds in which what gives way carries its surroundings along, corners alone being looked at."""

EXACT_ROUNDS = 8
"""The rounds after that, in which all of each triangle is looked at, and each corner moves only as far as asked."""

STEP = 1.5
"""mm a corner moves at once at most."""

SLACK = 1e-3
"""mm too near that are left as they are."""

WITHIN = 6
"""Parts into which each edge of a triangle is cut where it is asked whether it keeps clear."""

TOUCHING = 0.02
"""mm of a solid's own normal in the direction away from it, which decides where a point lies on it."""

INWARD = 0.6
"""Cosine to its inward direction from which on a surface takes the shortest way off a solid; else it moves inwards."""


def yielding(
    grid: Array,
    solids: Sequence[tuple[Solid, float]],
    into: Array | None = None,
    held: tuple[int, int] = (1, 1),
    exact: bool = True,
) -> Array:
    """A ring grid moved off solids until it is nowhere nearer to one than asked.

    solids : and the mm to keep from each
    into : (n, v, 3) unit directions into its own substance, where it gives way rather than come out on the far side
        of a solid; without them it moves the shortest way
    held : rows at either end that stay
    exact : whether all of each triangle keeps clear, or its corners alone
    """
    triangles = ring_triangles(grid.shape[0], grid.shape[1])
    weight = np.ones((len(grid), 1, 1))
    weight[: held[0]] = weight[len(grid) - held[1] :] = 0.0
    inner = None if into is None else into.reshape(-1, 3)
    pressing = [_Pressing(solid, clearance) for solid, clearance in solids]
    for rounds, parts in ((EVEN_ROUNDS, 1), (EXACT_ROUNDS if exact else 0, WITHIN)):
        active = triangles
        for _ in range(rounds):
            flat = grid.reshape(-1, 3)
            moves = np.zeros_like(flat)
            turned = triangles if parts == 1 or volume_mm3(flat, triangles) > 0.0 else triangles[:, ::-1]
            for each in pressing:
                moves = _larger(moves, each.off(flat, active, inner, parts))
                if parts > 1:
                    moves = _larger(moves, each.by_tips(flat, turned, inner))
            wanted = weight * moves.reshape(grid.shape)
            if not wanted.any():
                break
            wanted = _carried(wanted) if parts == 1 else wanted
            moved: NDArray[np.bool_] = np.linalg.norm(wanted, axis=2).ravel() > 0.0
            active = triangles[np.any(moved[triangles], axis=1)]
            grid = grid + wanted
    return grid


def inward(grid: Array) -> Array:
    """(n, v, 3) unit directions from a ring grid into its substance, turning evenly round its edges.

    They point to the middle between both faces, and from an edge to where that is as far as the middle is deep.
    """
    upper, lower = faces_of(grid)
    middle, height = (upper + lower) / 2.0, np.linalg.norm(upper - lower, axis=2).max(axis=1) / 2.0
    step = np.linalg.norm(np.diff(middle, axis=1), axis=2)
    core = np.empty_like(middle)
    for row, (line, way, deep) in enumerate(zip(middle, step, height, strict=True)):
        at = np.concatenate([[0.0], np.cumsum(way)])
        margin = min(deep, 0.45 * at[-1])
        wanted = np.clip(at, margin, at[-1] - margin)
        core[row] = np.stack([np.interp(wanted, at, axis) for axis in line.T], axis=1)
    both = np.concatenate([core, core[:, -2:0:-1]], axis=1)
    into = gaussian_filter(_unit(both - grid), (1.0, 0.7, 0.0), mode=("nearest", "wrap", "nearest"))
    return _unit(into)


def _carried(moves: Array) -> Array:
    """Moves (n, v, 3) of a ring grid carried to their surroundings, none made shorter."""
    even = gaussian_filter(moves, (1.6, 1.2, 0.0), mode=("nearest", "wrap", "nearest"))
    size, spread = (np.linalg.norm(each, axis=2, keepdims=True) for each in (moves, even))
    return np.asarray(np.where(size > spread, moves, even))


class _Pressing:
    """A solid that a surface is to keep `clearance` mm from, and what is known of both while the surface moves.

    A distance changes by no more than what moves: only what may have come too near is asked again.
    """

    def __init__(self, solid: Solid, clearance: float) -> None:
        self._solid, self._clearance = solid, clearance
        self._low, self._high = solid[0].min(axis=0) - clearance, solid[0].max(axis=0) + clearance
        self._points: Array | None = None
        self._least = np.zeros(0)
        self._surface: Array | None = None
        self._tips = np.full(len(solid[0]), -np.inf)

    def off(self, points: Array, triangles: NDArray[np.int64], inner: Array | None, parts: int) -> Array:
        """(n, 3) moves of a surface's vertices that bring places on its triangles off the solid.

        parts : into which each edge is cut; 1 for the vertices alone
        """
        clearance = self._clearance
        corners = points[triangles]
        beside = np.flatnonzero(np.all((corners.max(axis=1) > self._low) & (corners.min(axis=1) < self._high), axis=1))
        if len(beside) == 0:
            return np.zeros_like(points)
        corners, chosen = corners[beside], triangles[beside]
        if parts == 1:
            used = np.unique(chosen)
            used = used[self._bounds(points, used) < clearance]
            d, out = _away(points[used], self._solid)
            self._least[used] = d
            return _moves(points, used[:, None], np.ones((len(used), 1)), clearance - d, out, inner)
        reach = 0.58 * np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
        used = np.unique(chosen)
        used = used[self._bounds(points, used) < clearance + reach.max()]
        self._least[used] = signed_distance(points[used], *self._solid)
        near = self._least[chosen].min(axis=1) < clearance + reach
        corners, chosen = corners[near], chosen[near]
        lattice = _lattice(parts)
        places = np.einsum("pk,tkc->tpc", lattice, corners)
        apart = np.linalg.norm(places[:, :, None] - corners[:, None], axis=3)
        triangle, place = np.nonzero((self._least[chosen][:, None] - apart).max(axis=2) < clearance)
        d, out = _away(places[triangle, place], self._solid)
        return _moves(points, chosen[triangle], lattice[place], clearance - d, out, inner)

    def _bounds(self, points: Array, used: NDArray[np.int64]) -> NDArray[np.float64]:
        """Least distances of the vertices in use, from what was found when they lay elsewhere."""
        if self._points is None:
            self._least = np.full(len(points), np.nan)
        else:
            self._least -= np.linalg.norm(points - self._points, axis=1)
        self._points = points
        new = used[np.isnan(self._least[used])]
        if len(new):
            self._least[new] = least_distance(points[new], *self._solid)
        return self._least[used]

    def by_tips(self, points: Array, turned: NDArray[np.int64], inner: Array | None) -> Array:
        """(n, 3) moves of a surface's vertices that bring its outward triangles off the solid's single vertices."""
        clearance = self._clearance
        if self._surface is not None:
            self._tips -= np.linalg.norm(points - self._surface, axis=1).max()
        self._surface = points
        low, high = points.min(axis=0) - clearance, points.max(axis=0) + clearance
        tips = self._solid[0]
        near = np.flatnonzero((self._tips < clearance) & np.all((tips > low) & (tips < high), axis=1))
        if len(near) == 0:
            return np.zeros_like(points)
        d, out, nearest, face = _nearest(tips[near], (points, turned))
        self._tips[near] = d
        short = np.flatnonzero(clearance - d > SLACK)
        index = turned[face[short]]
        share = _weights(nearest[short], points[index])
        return _moves(points, index, share, clearance - d[short], -out[short], inner)


def _away(points: Array, solid: Solid) -> tuple[NDArray[np.float64], Array]:
    """Signed distance (n,) of points to a solid and the unit direction (n, 3) away from it."""
    d, out, _, _ = _nearest(points, solid)
    return d, out


def _nearest(points: Array, solid: Solid) -> tuple[NDArray[np.float64], Array, Array, NDArray[np.int64]]:
    """Signed distance, unit direction away, nearest place and its triangle."""
    d, nearest, face = closest_point(points, *solid)
    a, b, c = (solid[0][solid[1][face, k]] for k in range(3))
    out = _unit(np.sign(d)[:, None] * (points - nearest) + TOUCHING * _unit(np.cross(b - a, c - a)))
    return d, out, nearest, face


def _moves(
    points: Array,
    index: NDArray[np.int64],
    share: Array,
    short: NDArray[np.float64],
    out: Array,
    inner: Array | None,
) -> Array:
    """(n, 3) moves of vertices that bring places which are `short` (k,) mm too near as far along `out` (k, 3).

    index, share : (k, c) the vertices between which each place lies, and how much it is at each
    """
    wanted = short > SLACK
    index, share, short, out = index[wanted], share[wanted], short[wanted], out[wanted]
    share = share / (share**2).sum(axis=1, keepdims=True)
    if inner is not None:
        into = _unit((share[:, :, None] * inner[index]).sum(axis=1))
        wrong = np.einsum("ij,ij->i", out, into) < INWARD
        out = np.where(wrong[:, None], into, out)
    shifts = share[:, :, None] * (np.minimum(short, STEP)[:, None] * out)[:, None]
    shifts = shifts.reshape(-1, 3)
    order = np.argsort(np.linalg.norm(shifts, axis=1), kind="stable")
    moves = np.zeros_like(points)
    moves[index.ravel()[order]] = shifts[order]
    return moves


def _larger(one: Array, two: Array) -> Array:
    """The longer of two moves of each point (n, 3)."""
    return np.where((np.linalg.norm(two, axis=1) > np.linalg.norm(one, axis=1))[:, None], two, one)


def _weights(at: Array, corners: Array) -> Array:
    """(k, 3) barycentric weights of places (k, 3) on triangles (k, 3, 3)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    normal = np.cross(b - a, c - a)
    parts = [np.einsum("ij,ij->i", np.cross(q - at, r - at), normal) for q, r in ((b, c), (c, a), (a, b))]
    weights = np.clip(np.stack(parts, axis=1), 0.0, None)
    return np.asarray(weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12))


def _lattice(parts: int) -> Array:
    """(k, 3) weights of a triangle's corners at the places of an even lattice on it."""
    share = [(i, j, parts - i - j) for i in range(parts + 1) for j in range(parts + 1 - i)]
    return np.array(share, dtype=np.float64) / parts


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))
