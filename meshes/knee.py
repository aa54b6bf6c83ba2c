"""The knee: tibia, fibula and patella moved off the femur by the cartilage that the shape model leaves out.

In the mean of the shape model the tibia reaches some centimetres into the femoral condyles.
"""

from __future__ import annotations

import igl
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLEARANCE = 3.5
"""Least gap between femur and tibia, mm: two layers of cartilage and the edge of a meniscus."""
PATELLAR_CLEARANCE = 3.0
"""Least gap between femur and patella, mm."""


def clearing_shift(moving: Floats, fixed: Floats, triangles: Ints, direction: Floats, gap: float) -> Floats:
    """Shift (3,) along a unit direction that brings (n, 3) points to a gap (mm) from a closed surface, at most 40 mm.

    The shift is backwards where the points are farther off than that.
    """
    low, high = -15.0, 40.0
    for _ in range(12):
        middle = (low + high) / 2.0
        distance = igl.signed_distance(moving + middle * direction, fixed, triangles)[0]
        if distance.min() < gap:
            low = middle
        else:
            high = middle
    return np.asarray(high * direction)


def seat_knee(
    femur: tuple[Floats, Ints], tibia: Floats, patella: Floats, distal: float = 70.0
) -> tuple[Floats, Floats]:
    """Shifts (3,) of the tibia with the fibula, and of the patella, off the femur of a standing limb, LPS mm.

    femur : vertices (n, 3) and triangles (m, 3), closed;  tibia, patella : (k, 3) points
    distal : how much of the femur's lower end, mm, the joint lies in
    """
    vertices, triangles = femur
    lower = vertices[vertices[:, 2] < vertices[:, 2].min() + distal]
    down = tibia.mean(axis=0) - lower.mean(axis=0)
    down /= np.linalg.norm(down)
    upper = tibia[tibia[:, 2] > tibia[:, 2].max() - 60.0]
    shift = clearing_shift(upper, vertices, triangles, down, CLEARANCE)
    forward = patella.mean(axis=0) - lower.mean(axis=0)
    forward[2] = 0.0
    return shift, clearing_shift(patella, vertices, triangles, forward / np.linalg.norm(forward), PATELLAR_CLEARANCE)
