"""Rigid fits: point sets onto each other, a mirrored surface onto its counterpart, a sphere onto a joint surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

MIRROR = np.array([-1.0, 1.0, 1.0])
"""Right to left in LPS."""


@dataclass(frozen=True)
class Rigid:
    """x ↦ rotation · x + shift; the rotation may include a mirroring."""

    rotation: Floats
    shift: Floats

    def __call__(self, points: Floats) -> Floats:
        """(…, 3) points moved."""
        return np.asarray(points @ self.rotation.T + self.shift)

    def after(self, first: Rigid) -> Rigid:
        """The motion that does `first`, then this one."""
        return Rigid(self.rotation @ first.rotation, self.rotation @ first.shift + self.shift)

    def inverse(self) -> Rigid:
        """The motion back."""
        return Rigid(self.rotation.T, -self.rotation.T @ self.shift)


IDENTITY = Rigid(np.eye(3), np.zeros(3))
MIRRORING = Rigid(np.diag(MIRROR), np.zeros(3))


def fit_rigid(moving: Floats, fixed: Floats) -> Rigid:
    """Least-squares rotation and shift of (n, 3) points onto their (n, 3) partners (Kabsch)."""
    a, b = moving.mean(axis=0), fixed.mean(axis=0)
    u, _, vt = np.linalg.svd((moving - a).T @ (fixed - b))
    proper = np.diag([1.0, 1.0, np.sign(np.linalg.det(vt.T @ u.T))])
    rotation = vt.T @ proper @ u.T
    return Rigid(rotation, b - rotation @ a)


def register(moving: Floats, fixed: Floats, start: Rigid = IDENTITY, steps: int = 80, keep: float = 0.9) -> Rigid:
    """Iterated closest points of (n, 3) onto (m, 3) points; the worst `1 − keep` of the pairs are left out."""
    tree = cKDTree(fixed)
    motion = start
    for _ in range(steps):
        distance, partner = tree.query(motion(moving))
        near = distance <= np.quantile(distance, keep)
        step = fit_rigid(motion(moving[near]), fixed[partner[near]])
        motion = step.after(motion)
        if np.abs(step.rotation - np.eye(3)).max() < 1e-7 and np.abs(step.shift).max() < 1e-5:
            break
    return motion


def fit_sphere(points: Floats) -> tuple[Floats, float]:
    """Centre (3,) and radius of the least-squares sphere through (n, 3) points."""
    system = np.column_stack([2.0 * points, np.ones(len(points))])
    solution = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)[0]
    centre = solution[:3]
    return centre, float(np.sqrt(solution[3] + centre @ centre))
