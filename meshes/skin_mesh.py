"""The net of the skin: rings of the trunk that part into two legs at the perineum, laid onto a field and evened out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array, eye_array
from scipy.sparse.linalg import SuperLU, splu

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Scalars = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Net:
    """How the vertices of the skin hang together.

    half : steps from the front of the midline to its back, on one side;  seam : steps along the perineum
    trunk, leg : rows, the last of the trunk being the first of both legs
    turned : which four-sided meshes are split along their other diagonal
    """

    half: int
    seam: int
    trunk: int
    leg: int
    turned: NDArray[np.bool_] | None = None

    @property
    def trunk_rows(self) -> Ints:
        """(trunk, 2·half) vertices of the trunk's rows, from the front by the right, the back and the left."""
        return np.arange(self.trunk * 2 * self.half).reshape(self.trunk, 2 * self.half)

    @property
    def perineum(self) -> Ints:
        """(seam − 1,) vertices of the midline between the thighs, from the back to the front."""
        return self.trunk * 2 * self.half + np.arange(self.seam - 1)

    def leg_rows(self, right: bool) -> Ints:
        """(leg, half + seam) vertices of a leg's rows, from the front by the outside and the back, then the inside."""
        last = self.trunk_rows[-1]
        outside = last[: self.half + 1] if right else np.concatenate([last[:1], last[: self.half - 1 : -1]])
        first = np.concatenate([outside, self.perineum])
        size = len(first)
        start = self.perineum[-1] + 1 + (0 if right else (self.leg - 1) * size)
        return np.vstack([first, start + np.arange((self.leg - 1) * size).reshape(self.leg - 1, size)])

    @property
    def caps(self) -> dict[str, Ints]:
        """The flat ends: the vertices of each rim, then of a ring just inside it, then the one in the middle."""
        rims = {"waist": self.trunk_rows[0], "right": self.leg_rows(True)[-1], "left": self.leg_rows(False)[-1]}
        found, start = {}, int(rims["left"][-1]) + 1
        for name, rim in rims.items():
            found[name] = np.concatenate([rim, start + np.arange(len(rim) + 1)])
            start += len(rim) + 1
        return found

    @property
    def midline(self) -> Ints:
        """Vertices of the midline: the trunk's front and back, and the perineum."""
        return np.concatenate([self.trunk_rows[:, 0], self.trunk_rows[:, self.half], self.perineum])

    @property
    def size(self) -> int:
        """How many vertices there are."""
        return int(self.caps["left"][-1]) + 1

    @cached_property
    def meshes(self) -> Ints:
        """(k, 4) four-sided meshes, outward."""
        rims = {name: cap[:-1].reshape(2, -1) for name, cap in self.caps.items()}
        parts = [_band(self.trunk_rows), _band(self.leg_rows(True)), _band(self.leg_rows(False))[:, ::-1]]
        parts += [_band(rims["waist"][::-1]), _band(rims["right"]), _band(rims["left"])[:, ::-1]]
        return np.concatenate(parts)

    @cached_property
    def triangles(self) -> Ints:
        """(m, 3) triangles, counter-clockwise seen from outside."""
        a, b, c, d = self.meshes.T
        turned = np.zeros(len(a), bool) if self.turned is None else self.turned
        one, other = np.stack([a, b, c, a, c, d], 1), np.stack([a, b, d, b, c, d], 1)
        parts = [np.where(turned[:, None], other, one).reshape(-1, 3)]
        for name, cap in self.caps.items():
            inner = cap[:-1].reshape(2, -1)[1]
            fan = np.column_stack([inner, np.roll(inner, -1), np.full(len(inner), cap[-1])])
            parts.append(fan[:, ::-1] if name != "right" else fan)
        return np.concatenate(parts)

    def with_short_diagonals(self, points: Floats) -> Net:
        """The same net with every mesh split along its shorter diagonal."""
        a, b, c, d = points[self.meshes].transpose(1, 0, 2)
        turned = np.linalg.norm(b - d, axis=1) < np.linalg.norm(a - c, axis=1)
        return Net(self.half, self.seam, self.trunk, self.leg, turned)

    def filler(self, zone: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
        """What gives (n, 3) values such that those in a zone run evenly between the others."""
        system = (eye_array(self.size) - self.mean).tocsc()
        inner, outer = np.flatnonzero(zone), np.flatnonzero(~zone)
        solver, around = splu(system[inner][:, inner].tocsc()), system[inner][:, outer]

        def fill(values: Floats) -> Floats:
            filled = values.copy()
            filled[inner] = solver.solve(-(around @ values[outer]))
            return filled

        return fill

    @cached_property
    def mean(self) -> csr_array:
        """(n, n) the mean over each vertex's neighbours."""
        edges = np.concatenate([self.triangles[:, [0, 1]], self.triangles[:, [1, 2]], self.triangles[:, [2, 0]]])
        links = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(self.size, self.size)).tocsr()
        return diags_array(1.0 / links.sum(axis=1)) @ links

    def smoother(self, reach: float) -> SuperLU:
        """Solver that spreads values on the vertices over so many edges."""
        if reach not in self._smoothers:
            system = eye_array(self.size) + reach**2 * (eye_array(self.size) - self.mean)
            self._smoothers[reach] = splu(system.tocsc())
        return self._smoothers[reach]

    @cached_property
    def _smoothers(self) -> dict[float, SuperLU]:
        return {}


def _band(rows: Ints) -> Ints:
    """(k, 4) meshes between rings that run clockwise seen from above, the upper ring first: outward, in turn."""
    return np.stack([rows[:-1], rows[1:], np.roll(rows[1:], -1, axis=1), np.roll(rows[:-1], -1, axis=1)], -1)[
        ..., ::-1
    ].reshape(-1, 4)


def outermost(field: Scalars, starts: Floats, ways: Floats, reach: Floats) -> Floats:
    """(n, 3) points where rays leave a field's inside for the last time within their reach; its end if they do not."""
    steps = np.linspace(0.0, 1.0, 50)
    low, high = np.zeros(len(starts)), reach.copy()
    values = np.stack([field(starts + (reach * s)[:, None] * ways) for s in steps])
    inside = values < 0.0
    last = np.where(inside.any(axis=0), len(steps) - 1 - np.argmax(inside[::-1], axis=0), 0)
    low = reach * steps[last]
    high = reach * steps[np.minimum(last + 1, len(steps) - 1)]
    for _ in range(12):
        middle = (low + high) / 2.0
        within = field(starts + middle[:, None] * ways) < 0.0
        low, high = np.where(within, middle, low), np.where(within, high, middle)
    return np.asarray(starts + ((low + high) / 2.0)[:, None] * ways)


def gradient(field: Scalars, points: Floats, step: float = 0.2) -> tuple[Floats, Floats]:
    """(n,) values and (n, 3) slopes of a field."""
    value = field(points)
    return value, np.stack([(field(points + step * axis) - value) / step for axis in np.eye(3)], axis=1)


def onto(field: Scalars, points: Floats, longest: float = 6.0) -> tuple[Floats, Floats]:
    """One step of (n, 3) points towards a field's surface, and the field's unit normals there."""
    value, slope = gradient(field, points)
    size = np.maximum(np.linalg.norm(slope, axis=1), 0.25)
    way = slope / size[:, None]
    return points - np.clip(value / size, -longest, longest)[:, None] * way, way


def even_out(points: Floats, mean: csr_array, normals: Floats, rate: float = 0.5) -> Floats:
    """Points moved towards the middle of their neighbours, along the surface only."""
    shift = mean @ points - points
    shift -= (shift * normals).sum(axis=1, keepdims=True) * normals
    return np.asarray(points + rate * shift)
