"""The ways of a nerve's strands: smooth curves through their stations, kept clear of what lies around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from annotations.cords import Beside, Within
from meshes.anchor import mirrored, resolve
from meshes.distance import closest_point
from meshes.ribbon import resample, smoothstep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.cords import CordAnchor, CordStrand
    from meshes.atlas import Surface
    from meshes.body import Body, LimbSide
    from meshes.distance import DistanceField

Array = NDArray[np.float64]

SPACING = 0.5
"""mm between the points of a strand."""

ROUNDS = 60
STIFFNESS = 6.0
"""mm over which a strand that is pushed aside bends."""

GREATEST_PUSH = 1.5
"""mm a point may be pushed in one round."""

WINDOW = 0.012
"""Part of a structure's length either way whose outline gives its middle."""


class CordError(RuntimeError):
    """A nerve that cannot be laid on this body; the message names the nerve and what is missing."""


@dataclass(frozen=True)
class Way:
    """A strand laid out.

    points : (n, 3) mm, `SPACING` apart or a little less
    across, back : (n, 3) unit directions of its width and of its flat back, square to the curve
    half_width, half_depth : (n,) mm
    start : mm from the beginning of the nerve to its first point
    """

    points: Array
    across: Array
    back: Array
    half_width: Array
    half_depth: Array
    start: float = 0.0

    @property
    def lengths(self) -> Array:
        """(n,) mm from its first point."""
        step = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(step)])

    def framed(self, back: Array) -> Way:
        """The same with directions square to the curve, its back on the side of `back` (n, 3)."""
        tangent = np.gradient(self.points, axis=0)
        tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
        square = back - np.einsum("ij,ij->i", back, tangent)[:, None] * tangent
        square = gaussian_filter1d(square, 3.0 / SPACING, axis=0, mode="nearest")
        square -= np.einsum("ij,ij->i", square, tangent)[:, None] * tangent
        square /= np.maximum(np.linalg.norm(square, axis=1, keepdims=True), 1e-9)
        return replace(self, across=np.cross(tangent, square), back=square)


def place(anchor: CordAnchor, body: Body, side: LimbSide, surfaces: Mapping[str, Surface]) -> Array:
    """The point (3,) of an anchor on one side of a body.

    surfaces : the structures of this side, by unsided id
    """
    if isinstance(anchor, Within):
        middles = [_middle(surfaces[name], anchor.at) for name in anchor.within]
        return np.asarray(np.mean(middles, axis=0) + mirrored(anchor.offset, side))
    if isinstance(anchor, Beside):
        surface = surfaces[anchor.beside]
        sought = resolve([anchor.place], body, side, {})
        _, nearest, face = closest_point(sought, surface.vertices, surface.triangles)
        corners = surface.vertices[surface.triangles[face]]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        return np.asarray((nearest + anchor.gap * normal)[0])
    return np.asarray(resolve([anchor], body, side, {})[0])


def _middle(surface: Surface, at: float) -> Array:
    """(3,) middle of a surface's outline at a fraction of its length."""
    assert surface.uv is not None
    u = surface.uv[:, 0]
    near = np.abs(u - at) < max(WINDOW, float(np.abs(u - at).min()) + 1e-9)
    line = np.stack([np.ones(int(near.sum())), u[near] - at], axis=1)
    return np.asarray(np.linalg.lstsq(line, surface.vertices[near], rcond=None)[0][0])


def first_way(
    strand: CordStrand, parent: Way | None, body: Body, side: LimbSide, surfaces: Mapping[str, Surface]
) -> tuple[Way, float]:
    """A strand through its stations, not yet clear of anything, and the mm over which it draws apart from its parent.

    parent : the strand it leaves
    """
    own = np.stack([place(station.at, body, side, surfaces) for station in strand.stations])
    sizes = np.array([(s.width / 2.0, s.depth / 2.0) for s in strand.stations])
    facing = np.stack([mirrored(s.facing, side) for s in strand.stations])
    start, led = 0.0, 0.0
    if parent is not None:
        assert strand.springs is not None
        along = parent.lengths
        leaving = strand.springs.at * along[-1]
        led = min(strand.springs.lead, leaving)
        stops = np.array([leaving - led, leaving - 0.5 * led, leaving])
        before = np.stack([np.interp(stops, along, parent.points[:, k]) for k in range(3)], axis=1)
        turned = np.stack([np.interp(stops, along, parent.back[:, k]) for k in range(3)], axis=1)
        room = np.stack([np.interp(stops, along, h) for h in (parent.half_width, parent.half_depth)], axis=1)
        sizes = np.concatenate([np.minimum(sizes[:1], 0.96 * room), sizes])
        own, facing = np.concatenate([before, own]), np.concatenate([turned, facing])
        start = parent.start + float(leaving - led)
    chord = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(own, axis=0), axis=1))])
    count = int(np.ceil(chord[-1] / SPACING)) + 1
    x = np.linspace(0.0, chord[-1], count)
    points = CubicSpline(chord, own, bc_type="natural")(x)
    half_width, half_depth = PchipInterpolator(chord, sizes)(x).T
    back = PchipInterpolator(chord, facing / np.linalg.norm(facing, axis=1, keepdims=True))(x)
    way = Way(points, back, back, half_width, half_depth, start).framed(back)
    return way, led


def cleared(
    way: Way, led: float, obstacles: Sequence[DistanceField], beside_parent: Sequence[DistanceField], clearance: float
) -> Way:
    """A way pushed aside until its whole section keeps `clearance` mm from the obstacles, bending smoothly.

    led : mm over which it draws apart from its parent; before that it stays
    beside_parent : the surface of that parent, from which it keeps clear only after that
    """
    first, back = way.points, way.back
    freed = smoothstep(0.5 * led, led + 10.0, way.lengths) if led else np.ones(len(first))
    weight = smoothstep(0.0, 0.25, freed) if led else freed
    for step in range(ROUNDS):
        points = way.points
        flat = np.maximum(way.half_width - way.half_depth, 0.0)
        offsets = (0.0,) if not flat.any() else (-1.0, 0.0, 1.0)
        for offset in offsets:
            probe = points + way.across * (offset * flat)[:, None]
            for share, fields in ((weight, obstacles), (freed, beside_parent)):
                for field in fields:
                    push = field.push(probe, way.half_depth + clearance, GREATEST_PUSH)
                    points = points + (0.6 * share)[:, None] * push
        if step < ROUNDS - 5:
            points = first + gaussian_filter1d(points - first, STIFFNESS / SPACING / 2.0, axis=0, mode="nearest")
        way = replace(way, points=points).framed(back)
    even = gaussian_filter1d(way.points, 1.0 / SPACING, axis=0, mode="nearest")
    even[0], even[-1] = way.points[0], way.points[-1]
    return replace(way, points=resample(even, len(even))).framed(back)
