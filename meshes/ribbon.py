"""The elastic ribbon: fibres side by side, pulled tight between two attachments over whatever lies in the way.

A ribbon is an array (n, s, 3): s fibres of n points each, from the proximal (row 0) to the distal end. It is relaxed
implicitly (one sparse factorisation, then cheap solves) and projected out of the obstacles after each step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.sparse.linalg import splu

from meshes.distance import nearest_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.forms import Elastic
    from meshes.distance import DistanceField

Array = NDArray[np.float64]

GREATEST_PUSH = 2.5
"""mm a point may be moved out of an obstacle at once: more would throw it out on the far side of a thin bone."""


def smoothstep(low: float, high: float, x: Array) -> Array:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def resample(curve: Array, count: int) -> Array:
    """`count` points evenly spaced by arc length along a smooth curve through the given points (k, 3), k >= 2."""
    curve = np.asarray(curve, dtype=np.float64)
    fine = curve
    if len(curve) > 2:
        chord = np.linalg.norm(np.diff(curve, axis=0), axis=1)
        position = np.concatenate([[0.0], np.cumsum(np.maximum(chord, 1e-9))])
        fine = CubicSpline(position, curve, bc_type="natural")(np.linspace(0.0, position[-1], 16 * len(curve)))
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))])
    where = np.linspace(0.0, length[-1], count)
    return np.stack([np.interp(where, length, fine[:, axis]) for axis in range(3)], axis=-1)


def second_difference(count: int) -> sparse.csr_matrix:
    """(count, count) negative second difference whose first and last row are zero.

    Across the fibres the edges must not be drawn in, or a belly pinches into an hourglass; along them the ends are
    fixed, and must not bend what lies before them.
    """
    matrix = sparse.diags([-1.0, 2.0, -1.0], [-1, 0, 1], shape=(count, count), format="lil")
    matrix[0, :] = 0.0
    matrix[-1, :] = 0.0
    return sparse.csr_matrix(matrix)


def straight(origin: Array, insertion: Array, guides: Sequence[tuple[float, Array]], count: int) -> Array:
    """First guess (count, s, 3): fibres straight from origin (s, 3) through guides (u, (s, 3)) to insertion."""
    stops = [0.0, *(u for u, _ in guides), 1.0]
    curves = np.stack([origin, *(points for _, points in guides), insertion])
    u = np.linspace(0.0, 1.0, count)
    flat = curves.reshape(len(stops), -1)
    guess: Array = np.stack([np.interp(u, stops, flat[:, k]) for k in range(flat.shape[1])], axis=-1)
    guess = gaussian_filter1d(guess.reshape(count, *origin.shape), 2.0, axis=0, mode="nearest")
    guess[0], guess[-1] = origin, insertion
    return np.asarray(guess)


def relax(
    start: Array,
    obstacles: Sequence[DistanceField],
    clearance: Array,
    elastic: Elastic,
    rounds: int,
    held: NDArray[np.bool_] | None = None,
    drawn: tuple[Array, Array] | None = None,
    adhesion: tuple[Sequence[DistanceField], Array] | None = None,
) -> Array:
    """Pull a ribbon tight over its obstacles.

    start : (n, s, 3) mm; its first and last row stay where they are
    clearance : (n, s) mm that each point keeps from every obstacle
    held : (n, s) bool or None: further points that stay where they are (a hard guide)
    drawn : weights (n,) and places (n, s, 3) to which rows are drawn (a soft guide), or None
    adhesion : walls and how closely (n,) rows lie on them: 1 at their clearance, 0 free

    Returns (n, s, 3).
    """
    n, s = start.shape[:2]
    fixed = np.zeros((n, s), dtype=bool) if held is None else held.copy()
    fixed[0] = fixed[-1] = True
    is_fixed = fixed.ravel()
    free = np.flatnonzero(~is_fixed)
    pinned = np.flatnonzero(is_fixed)

    along = second_difference(n)
    across = sparse.kron(sparse.eye(n), second_difference(s))
    stiffness = (
        elastic.tension * sparse.kron(along, sparse.eye(s))
        + 0.15 * elastic.bending * sparse.kron(along @ along, sparse.eye(s))
        + 0.25 * elastic.tension * elastic.across * (across.T @ across)
    ).tocsr()
    rows = stiffness[free]
    x = start.reshape(-1, 3).copy()
    pull = -(rows[:, pinned] @ x[pinned])
    weight = np.zeros(len(free))
    if drawn is not None:
        weight = np.repeat(drawn[0], s)[free]
        pull += weight[:, None] * drawn[1].reshape(-1, 3)[free]
    solver = splu((sparse.diags(1.0 + weight) + rows[:, free]).tocsc())
    keep = np.broadcast_to(clearance, (n, s)).ravel()

    def project(times: int) -> None:
        for _ in range(times):
            for field in obstacles:
                push = field.push(x, keep, GREATEST_PUSH)
                push[is_fixed] = 0.0
                x[:] += push

    def adhere(walls: Sequence[DistanceField], closely: Array) -> None:
        near = free[np.repeat(closely, s)[free] > 0.0]
        distance, direction = nearest_of(walls, x[near])
        pull = np.clip(distance - keep[near], 0.0, GREATEST_PUSH) * np.repeat(closely, s)[near]
        x[near] -= pull[:, None] * direction

    for _ in range(rounds):
        x[free] = solver.solve(x[free] + pull)
        if adhesion is not None:
            adhere(*adhesion)
        project(2)
    project(4)
    return x.reshape(n, s, 3)


def refine(field: Array, rows: Array, columns: Array | None = None) -> Array:
    """Values of a (n, s, …) field at fractions `rows` (0..1) of its length and `columns` of its breadth, by spline."""
    along = CubicSpline(np.linspace(0.0, 1.0, field.shape[0]), field, axis=0)(rows)
    if columns is None:
        return np.asarray(along)
    if field.shape[1] < 3:
        weight = columns.reshape(1, -1, *([1] * (field.ndim - 2)))
        return np.asarray(along[:, :1] * (1.0 - weight) + along[:, 1:] * weight)
    return np.asarray(CubicSpline(np.linspace(0.0, 1.0, field.shape[1]), along, axis=1)(columns))


def ribbon_normals(ribbon: Array, outward: Array, smoothing: tuple[float, float]) -> Array:
    """(n, s, 3) unit normals of a ribbon, on the side of the direction `outward` (3,), smoothed along and across."""
    du = np.gradient(ribbon, axis=0)
    ds = np.gradient(ribbon, axis=1)
    ds = ds / np.maximum(np.linalg.norm(ds, axis=2, keepdims=True), 1e-6)
    normal = np.cross(du, ds)
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-9)
    normal = gaussian_filter(normal, (*smoothing, 0.0), mode="nearest")
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-9)
    if float(np.mean(normal.reshape(-1, 3) @ outward)) < 0.0:
        normal = -normal
    return np.asarray(normal)
