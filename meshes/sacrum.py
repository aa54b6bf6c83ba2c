"""The sacrum's detail: foramina, canal and crests, modelled into the smooth sacrum of the shape model.

It is modelled once, on the mean shape, as a signed distance field; on other shapes the modelled surface follows the
smooth one. Lengths are those of an adult sacrum: anterior foramina 9 to 13 mm wide, posterior ones 6 to 8 mm, the
canal about 28 × 17 mm at S1 and 12 × 6 mm at S4, the hiatus below S4 (Standring, Gray's Anatomy, 41st ed., ch. 43).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline, RBFInterpolator
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from meshes.implicit import (
    Block,
    Floats,
    Ints,
    capsule,
    difference,
    mesh_distance,
    signed_distance,
    simplified,
    taubin,
    union,
)
from meshes.patch import Patch
from meshes.raycast import crossings

SPACING = 1.0
"""Grid step, mm."""

TRIANGLES = 28_000
"""How many triangles the modelled sacrum keeps."""
JOINT_SPACE = 0.9
"""Gap left to the hip bones, mm."""

ANTERIOR_RADII = (5.6, 5.2, 4.6, 3.8)
POSTERIOR_RADII = (3.7, 3.5, 3.1, 2.6)
CANAL_DEPTH = (6.5, 5.5, 3.4, 6.5)
"""How far in front of the posterior foramina the canal's middle runs at each level, mm."""
CANAL_HALF = ((15.0, 9.5), (14.0, 8.5), (11.5, 6.6), (9.0, 4.8), (7.0, 3.4), (5.0, 2.6), (5.6, 3.2), (7.5, 4.0))
"""Half width and half depth of the canal from above S1 to below the hiatus, mm."""

DEEPEST, HIGHEST = 4.0, 9.0
"""How far under and over the smooth surface the modelled one is looked for, mm."""
MOUTH = 2.5
"""Nearer to the middle of a foramen than this a place lies in its opening, mm."""

Mirror = Callable[[Floats], Floats]


@dataclass(frozen=True)
class SacralGuides:
    """What the modelling is hung on, right half, LPS mm.

    anterior, posterior : (4, 3) middles of the foramina;  apex, cornu : (3,)
    mirror : the sacrum's own mirroring, right half to left;  hips : closed surfaces of both hip bones
    """

    anterior: Floats
    posterior: Floats
    apex: Floats
    cornu: Floats
    mirror: Mirror
    hips: list[tuple[Floats, Ints]]

    def middle(self, points: Floats) -> Floats:
        """Points moved into the sacrum's median plane."""
        return np.asarray((points + self.mirror(points)) / 2.0)

    def both(self, points: Floats) -> list[Floats]:
        """Points of the right half and their mirror images."""
        return [points, self.mirror(points)]

    def along(self) -> Floats:
        """(4, 3) unit directions of the foramina, from the pelvic face to the dorsum, beside the median plane."""
        direct = self.middle(self.posterior) - self.middle(self.anterior)
        return np.asarray(direct / np.linalg.norm(direct, axis=1, keepdims=True))


def sculpt(vertices: Floats, triangles: Ints, guides: SacralGuides) -> tuple[Floats, Ints]:
    """Model foramina, canal and crests into a smooth sacrum: (n, 3) vertices and (m, 3) outward triangles, closed.

    vertices, triangles : the smooth closed sacrum, LPS mm
    """
    block = Block.around(vertices, 7.0, SPACING)
    everywhere = block.points()
    base = _base(block, everywhere, mesh_distance(block, vertices, triangles), guides)
    ground = _Ground(block, base)
    # Nothing is modelled deeper in the bone or farther from it than this; the rest only costs time.
    near = np.flatnonzero(np.abs(base.ravel()) < 14.0)
    points = everywhere[near]
    solid = _crests(points, base.ravel()[near], guides, ground)
    solid = _pelvic_face(points, solid, guides, ground)
    solid = _canal(points, solid, guides)
    solid = _cornua(points, solid, guides)
    solid = _foramina(points, solid, guides)
    for hip, faces in guides.hips:
        solid = _clear_of(points, solid, hip, faces)
    field = base.ravel().copy()
    field[near] = solid
    surface, faces = block.surface(gaussian_filter(field.reshape(block.shape), 0.6))
    surface, faces = simplified(taubin(surface, faces, 6), faces, TRIANGLES)
    return taubin(surface, faces, 2), faces


def _clear_of(points: Floats, solid: Floats, hip: Floats, faces: Ints) -> Floats:
    """Leave the joint space of the sacroiliac joint between sacrum and hip bone."""
    close = np.flatnonzero(
        (np.abs(solid) < 4.0)
        & (points > hip.min(axis=0) - 3.0).all(axis=1)
        & (points < hip.max(axis=0) + 3.0).all(axis=1)
    )
    solid = solid.copy()
    solid[close] = np.maximum(solid[close], JOINT_SPACE - signed_distance(points[close], hip, faces))
    return solid


@dataclass(frozen=True)
class _Ground:
    """The surface of the smooth sacrum, met along a line."""

    block: Block
    field: Floats

    def meet(self, inside: Floats, direction: Floats) -> Floats:
        """First point on the surface from a point inside along a unit direction."""
        steps = np.arange(0.0, 60.0, 0.25)
        values = self.block.sample(self.field, inside + steps[:, None] * direction)
        out = np.flatnonzero(values > 0.0)
        return np.asarray(inside + steps[out[0] if len(out) else 0] * direction)


def _base(block: Block, points: Floats, distance: Floats, guides: SacralGuides) -> Floats:
    """The smooth sacrum made even on both sides and freed of its lumps, above all on the dorsum and the pelvic face."""
    mirrored = block.sample(distance, guides.mirror(points)).reshape(block.shape)
    even = (distance + mirrored) / 2.0
    fine, coarse = gaussian_filter(even, 0.8 / SPACING), gaussian_filter(even, 3.4 / SPACING)
    off = np.abs(points - guides.middle(points)).max(axis=1)
    height = points[:, 2] - guides.posterior[0, 2]
    low = _fade(height, 12.0, -2.0)
    inner = _fade(off, 40.0, 30.0)
    # Where the coarse field would eat a thin edge (apex, lateral angle) the fine one stays.
    tip = _fade(points[:, 2] - guides.apex[2], 24.0, 40.0)
    weight = (low * inner * tip).reshape(block.shape)
    return np.asarray(fine * (1.0 - weight) + coarse * weight)


def _fade(value: Floats, gone: float, full: float) -> Floats:
    t = np.clip((value - gone) / (full - gone), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def _segments(guides: SacralGuides) -> Floats:
    """(4, 3) places in the median plane between the levels of the posterior foramina: the middles of S1 to S4."""
    level = guides.middle(guides.posterior)
    return np.array([level[0] + 0.24 * (level[0] - level[1]), *(level[1:] + level[:-1]) / 2.0])


def _crests(points: Floats, solid: Floats, guides: SacralGuides, ground: _Ground) -> Floats:
    """Median crest with its spinous tubercles, the intermediate crests beside it and the lateral crests outside."""
    along = guides.along()
    outward = [along[0], along[0], along[1], along[2]]
    spines = [ground.meet(s - 4.0 * d, d) for s, d in zip(_segments(guides), outward, strict=True)]
    heights = (2.0, 3.2, 2.8, 1.6)
    tips = [s + h * d for s, h, d in zip(spines, heights, outward, strict=True)]
    lengths = (3.4, 4.6, 4.6, 3.8)
    radii = (3.3, 3.0, 2.7, 2.4)
    for i, (tip, spine) in enumerate(zip(tips, spines, strict=True)):
        down = _unit((spines[i + 1] - spine) if i < 3 else (spine - spines[i - 1]))
        rod = capsule(points, tip - lengths[i] * down, tip + lengths[i] * down, 0.72 * radii[i], radii[i])
        solid = union(solid, rod, 5.0)
        wall = capsule(points, spine - 6.0 * down, spine + 6.0 * down, radii[i] + 0.4)
        solid = union(solid, wall, 5.0)
    for i in range(3):
        solid = union(
            solid, capsule(points, spines[i] + 0.4 * outward[i], spines[i + 1] + 0.4 * outward[i + 1], 1.9), 5.0
        )
    for i in range(4):
        lateral = guides.posterior[i] - guides.middle(guides.posterior)[i]
        side = _unit(lateral)
        middle = guides.middle(guides.posterior)[i]
        for reach, radius, height, lift in ((0.50, 2.9, 0.2, 0.40), (1.75 - 0.05 * i, 4.6, 0.0, -0.42)):
            step = guides.middle(guides.posterior)[max(i - 1, 0)] - guides.middle(guides.posterior)[max(i, 1)]
            place = middle + reach * np.linalg.norm(lateral) * side + lift * step
            top = ground.meet(place - 5.0 * along[i], along[i]) + (height - radius * 0.55) * along[i]
            for centre in guides.both(top) if i < 3 or reach < 1.0 else []:
                solid = union(solid, np.linalg.norm(points - centre, axis=1) - radius, 7.0)
    return solid


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))


def _pelvic_face(points: Floats, solid: Floats, guides: SacralGuides, ground: _Ground) -> Floats:
    """Four transverse ridges where the segments fused, and the shallow dish of the base of S1."""
    along = guides.along()
    for i, (foramen, direction) in enumerate(zip(guides.anterior, along, strict=True)):
        half = (foramen - guides.middle(guides.anterior)[i]) * 0.55
        inside = guides.middle(guides.anterior)[i] + 4.0 * direction
        middle = ground.meet(inside, -direction) + 1.0 * direction
        ends = [ground.meet(inside + side, -direction) + 0.95 * direction for side in (half, -half)]
        for end in ends:
            solid = union(solid, capsule(points, middle, end, 1.45, 1.2), 2.2)
    return solid


def _canal_axis(guides: SacralGuides) -> Floats:
    """(8, 3) middle of the sacral canal from above S1, through the four levels, to below the hiatus."""
    along = guides.along()
    level = guides.middle(guides.posterior) - np.array(CANAL_DEPTH)[:, None] * along
    up = np.array([0.0, -0.72, 0.69])
    above = [level[0] + 32.0 * up + [0.0, 3.0, 1.5], level[0] + 17.0 * up]
    hiatus = guides.middle(guides.cornu[None])[0] + np.array([[0.0, -3.6, 0.5], [0.0, 0.2, -10.5]])
    return np.vstack([above, level, hiatus])


def _canal(points: Floats, solid: Floats, guides: SacralGuides) -> Floats:
    axis = _canal_axis(guides)
    knots = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(axis, axis=0), axis=1))])
    run = np.linspace(0.0, knots[-1], 220)
    middle = CubicSpline(knots, axis)(run)
    wide, deep = (np.interp(run, knots, [half[c] for half in CANAL_HALF]) for c in (0, 1))
    off = points - guides.middle(points)
    across = np.linalg.norm(off, axis=1)
    apart, nearest = cKDTree(middle).query(points - off)
    length = np.hypot(across / wide[nearest], apart / deep[nearest])
    best = (length - 1.0) * deep[nearest]
    return difference(solid, best, 2.2)


def _cornua(points: Floats, solid: Floats, guides: SacralGuides) -> Floats:
    """The two horns beside the hiatus."""
    down = _unit(guides.middle(guides.cornu[None])[0] - guides.middle(guides.posterior)[3])
    for cornu in guides.both(guides.cornu[None]):
        top = cornu[0] - 9.0 * down + [0.0, -1.6, 0.0]
        solid = union(solid, capsule(points, top, cornu[0] + 2.5 * down + [0.0, -0.4, 0.0], 2.3, 2.4), 3.5)
    return solid


def _foramina(points: Floats, solid: Floats, guides: SacralGuides) -> Floats:
    """Eight channels from the pelvic face to the dorsum, wide in front and narrow behind, each joined to the canal."""
    axis = _canal_axis(guides)[2:6]
    for i in range(4):
        front, back = guides.anterior[i], guides.posterior[i]
        direction = _unit(back - front)
        way = np.linalg.norm(back - front)
        wide, narrow = ANTERIOR_RADII[i], POSTERIOR_RADII[i]
        bend = front + direction * way * 0.45
        beside = axis[i] + (front - guides.middle(guides.anterior)[i]) * 0.3
        groove = _unit(front - guides.middle(guides.anterior)[i]) * (9.0, 8.5, 7.5, 5.0)[i] - direction * 0.5
        for side in (lambda p: p, guides.mirror):
            rods = [
                (side(front - 12.0 * direction), side(bend), wide, (wide + narrow) / 2.0),
                (side(bend), side(back + 12.0 * direction), (wide + narrow) / 2.0, narrow),
            ]
            fore, aft = (capsule(points, a, b, r, s) for a, b, r, s in rods)
            channel = union(fore, aft, 2.0)
            channel = union(channel, capsule(points, side(bend), side(beside), narrow * (0.85 if i < 3 else 0.6)), 2.0)
            solid = difference(solid, channel, 2.6)
            trough = capsule(points, side(front - 4.2 * direction), side(front + groove - 4.2 * direction), 4.6, 4.2)
            solid = difference(solid, trough, 4.0)
            mouth = np.linalg.norm(points - side(back + 1.5 * direction), axis=1) - narrow * 1.25
            solid = difference(solid, mouth, 2.4)
    return solid


def follow(mean: Floats, shape: Floats, modelled: Floats) -> Floats:
    """Carry (n, 3) modelled points from the mean sacrum to a shape by its (k, 3) partners there (thin-plate spline)."""
    keep = np.unique(np.round(mean, 3), axis=0, return_index=True)[1]
    spline = RBFInterpolator(
        mean[keep], shape[keep] - mean[keep], neighbors=60, kernel="thin_plate_spline", smoothing=1e-6
    )
    return np.asarray(modelled + spline(modelled))


@dataclass(frozen=True)
class ModelledChart:
    """Places on the modelled sacrum: those of the smooth one, moved along its normal onto the modelled surface.

    smooth : the elements;  vertices, triangles : the modelled surface;  mouths : (k, 3) middles of the foramina
    """

    smooth: Patch
    vertices: Floats
    triangles: Ints
    mouths: Floats

    def points(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 3) points. A place in the mouth of a foramen or over the canal stays where the smooth bone spans it."""
        places = self.smooth.points(elements, xi)
        normals = self.smooth.normals(elements, xi)
        open_to = cKDTree(self.mouths).query(places)[0]
        for i, (place, normal) in enumerate(zip(places.copy(), normals, strict=True)):
            if open_to[i] < MOUTH:
                continue
            hits = crossings(place, normal, self.vertices, self.triangles)
            hits = hits[(hits > -DEEPEST) & (hits < HIGHEST)]
            if len(hits):
                places[i] = place + hits[np.argmin(np.abs(hits))] * normal
        return places

    def nearest(self, points: Floats) -> tuple[Ints, Floats]:
        """Elements (k,) and coordinates (k, 2) of the places nearest to (k, 3) points."""
        return self.smooth.nearest(points)
