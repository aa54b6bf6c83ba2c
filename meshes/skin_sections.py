"""The mannequin behind the skin: trunk, buttocks and legs as fields built from sections, in a body's own proportions.

A field is negative inside, 0 on the surface, and near it about the distance in mm. All are given for (n, 3) points in
LPS mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.interpolate import CubicSpline, PchipInterpolator

from annotations.loading import DATA
from annotations.yamlfile import read_yaml
from meshes.body import Body, LimbSide

Floats = NDArray[np.float64]

SECTIONS = DATA / "skin" / "sections.yaml"
MIDLINE = 2.0
"""Over so many mm both sides flow into each other in the midline."""
SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
Triple = Annotated[tuple[float, float, float], Field(strict=False)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(_Entry):
    """Sizes of the mean body's bones, mm."""

    breadth: float
    depth: float
    height: float
    thigh: float
    shank: float


class TrunkSection(_Entry):
    """One horizontal section of the trunk without buttocks."""

    z: float
    half: float
    front: float
    back: float
    square: Annotated[tuple[float, float], Field(strict=False)]


class Trunk(_Entry):
    """The trunk from the waist to the perineum."""

    centre_y: float
    bottom: float
    bottom_rounding: float
    sections: list[TrunkSection]


class Buttock(_Entry):
    """One buttock; its first coordinate runs outwards from the midline."""

    centre: Triple
    half: Triple
    upper: float
    square: float


class LegSection(_Entry):
    """One horizontal section of a leg about the line hip (0), knee (1), ankle (2)."""

    at: float
    lateral: float
    medial: float
    anterior: float
    posterior: float
    square: float


class Relief(_Entry):
    """A rise or a hollow of the leg where muscle or bone shows."""

    of: str
    at: float
    angle: float
    high: float
    along: float
    around: float


class Leg(_Entry):
    """A leg from groin to ankle."""

    sections: list[LegSection]
    reliefs: list[Relief]
    apart: float
    between: Triple
    top: float
    top_rounding: float


class Blends(_Entry):
    """Over how many mm two parts flow into each other."""

    trunk_leg: float
    trunk_buttock: float
    cleft: float
    fold_medial: float
    fold_lateral: float
    midline: float


class Place(_Entry):
    """Subcutaneous thickness at one place; its first coordinate runs outwards from the midline."""

    at: Triple
    thick: float
    of: str


class Subcutaneous(_Entry):
    """Subcutaneous thickness of the middle build, and how much thicker, as a fraction of it, each other build's is."""

    reach: float
    builds: dict[str, float]
    places: list[Place]


class Following(_Entry):
    """Where the skin follows the muscles: behind and above planes, and off the midline, each over so many mm."""

    behind: Annotated[tuple[float, float], Field(strict=False)]
    above: Annotated[tuple[float, float], Field(strict=False)]
    beside: Annotated[tuple[float, float], Field(strict=False)]
    farthest: float
    least: float
    clearance: float


class Mannequin(_Entry):
    """What `sections.yaml` holds."""

    reference: Reference
    waist_above_crest: float
    cut_below_malleoli: float
    trunk: Trunk
    buttock: Buttock
    leg: Leg
    blends: Blends
    subcutaneous: Subcutaneous
    following: Following


def mannequin(file: Path = SECTIONS) -> Mannequin:
    """The mannequin's sections. Raises `ValidationError` that names the field that is wrong."""
    return Mannequin.model_validate(read_yaml(file, file.name).content)


@dataclass(frozen=True)
class Limb:
    """Where one leg's bones lie. hip, knee, ankle : (3,) centres with x outwards from the midline"""

    hip: Floats
    knee: Floats
    ankle: Floats

    def along(self, z: Floats) -> Floats:
        """(n,) place of heights between hip (0), knee (1) and ankle (2), straight on beyond."""
        upper = (self.hip[2] - z) / (self.hip[2] - self.knee[2])
        lower = 1.0 + (self.knee[2] - z) / (self.knee[2] - self.ankle[2])
        return np.asarray(np.where(z > self.knee[2], upper, lower))

    def height(self, along: Floats) -> Floats:
        """(n,) height of places along the leg, mm."""
        upper = self.hip[2] - along * (self.hip[2] - self.knee[2])
        lower = self.knee[2] - (along - 1.0) * (self.knee[2] - self.ankle[2])
        return np.asarray(np.where(along < 1.0, upper, lower))

    def axis(self, along: Floats) -> Floats:
        """(n, 2) x outwards and y of the leg's line at places along it, bent smoothly at the knee."""
        return np.asarray(self._line(along))

    @cached_property
    def _line(self) -> PchipInterpolator:
        hip, knee, ankle = self.hip[:2], self.knee[:2], self.ankle[:2]
        return PchipInterpolator([-1.0, 0.0, 1.0, 2.0, 3.0], np.array([hip, hip, knee, ankle, 2.0 * ankle - knee]))


def limb(body: Body, side: LimbSide) -> Limb:
    """The centres of hip, knee and ankle of one side, from its bones."""
    outwards = np.array([-1.0 if side == "right" else 1.0, 1.0, 1.0])
    femur, tibia, fibula = (body.bones[f"{name}.{side}"].vertices * outwards for name in ("femur", "tibia", "fibula"))
    condyles = femur[femur[:, 2] < femur[:, 2].min() + 30.0]
    distal = np.concatenate([part[part[:, 2] < part[:, 2].min() + 30.0] for part in (tibia, fibula)])
    knee, ankle = ((part.min(axis=0) + part.max(axis=0)) / 2.0 for part in (condyles, distal))
    return Limb(body.head_centre(side) * outwards, knee, ankle)


class Figure:
    """The mannequin in the proportions of one body."""

    def __init__(self, body: Body, shape: Mannequin) -> None:
        self.shape = shape
        self.limbs = {side: limb(body, side) for side in SIDES}
        hips = np.concatenate([body.bones[f"hip_bone.{side}"].vertices for side in SIDES])
        femurs = np.concatenate([body.bones[f"femur.{side}"].vertices for side in SIDES])
        sacrum, feet = body.bones["sacrum"].vertices, [body.bones[f"fibula.{side}"].vertices for side in SIDES]
        bones, crest = shape.reference, hips[:, 2].max()
        self.scale = np.array(
            [
                np.ptp(femurs[:, 0]) / bones.breadth,
                (sacrum[:, 1].max() - hips[:, 1].min()) / bones.depth,
                crest / bones.height,
            ]
        )
        self.girth = float(np.sqrt(self.scale[0] * self.scale[1]))
        self.waist = float(crest + shape.waist_above_crest * self.scale[2])
        self.cut = float(min(foot[:, 2].min() for foot in feet) - shape.cut_below_malleoli)

    def field(self, points: Floats, thicker: float = 0.0) -> Floats:
        """(n,) the mannequin with its subcutaneous layer so many times thicker than the middle build's."""
        local = points / self.scale
        grown = thicker * self.thickness(points) / self.girth if thicker else np.zeros(len(points))
        blends = self.shape.blends
        # Both halves are taken as one beside the midline: their own bones differ a little from side to side.
        outwards = np.hypot(local[:, 0], MIDLINE)
        right = _step(0.5 - local[:, 0] / 60.0)
        leg = np.zeros(len(points))
        for side, share in zip(SIDES, (right, 1.0 - right), strict=True):
            here = np.flatnonzero(share)
            leg[here] += share[here] * self._leg(points[here], outwards[here], side)
        mine = np.column_stack([outwards, local[:, 1:]])
        gap = self.shape.leg.apart + MIDLINE - outwards
        leg = _both(leg / self.girth, local[:, 2] - self.shape.leg.top, self.shape.leg.top_rounding) - grown
        leg = _both(leg, gap, blends.midline)
        buttock = _both(self._buttock(mine) - grown, gap, blends.midline)
        half = _either(leg, buttock, self._fold(mine))
        return np.asarray(_either(self._trunk(local) - grown, half, self._beside_trunk(mine)) * self.girth)

    def _fold(self, mine: Floats) -> Floats:
        """Blend between leg and buttock: crisp in the gluteal fold, fading outwards and forwards."""
        blends = self.shape.blends
        fold = np.interp(mine[:, 0], (55.0, 145.0), (blends.fold_medial, blends.fold_lateral))
        behind = _step((mine[:, 1] - 50.0) / 30.0)
        return np.asarray(blends.fold_lateral + (fold - blends.fold_lateral) * behind)

    def _beside_trunk(self, mine: Floats) -> Floats:
        """Blend between trunk and half: crisp in the cleft, soft elsewhere."""
        blends = self.shape.blends
        behind = _step((mine[:, 1] - 50.0) / 30.0)
        soft = blends.trunk_leg + (blends.trunk_buttock - blends.trunk_leg) * behind
        above, below = _step((70.0 - mine[:, 2]) / 70.0), _step((mine[:, 2] + 75.0) / 35.0)
        cleft = behind * above * below * _step((35.0 - mine[:, 0]) / 40.0)
        return np.asarray(soft + (blends.cleft - soft) * cleft)

    def _trunk(self, local: Floats) -> Floats:
        trunk, (half, front, back, square_front, square_back) = self.shape.trunk, self._trunk_at(local[:, 2])
        across, along = local[:, 0], local[:, 1] - trunk.centre_y
        reach = np.where(along < 0.0, trunk.centre_y - front, back - trunk.centre_y)
        turn = 0.5 - 0.5 * along / np.maximum(np.hypot(across, along), 1e-6)
        section = _superellipse(across, along, half, reach, square_back + (square_front - square_back) * turn)
        return _both(section, trunk.bottom - local[:, 2], np.full(len(local), trunk.bottom_rounding))

    def _trunk_at(self, z: Floats) -> Floats:
        found = self._trunk_splines(np.clip(z, self._trunk_splines.x[0], self._trunk_splines.x[-1]))
        return np.asarray(found).T

    @cached_property
    def _trunk_splines(self) -> CubicSpline:
        rows = sorted(self.shape.trunk.sections, key=lambda section: section.z)
        values = [[s.half, s.front, s.back, *s.square] for s in rows]
        return CubicSpline([section.z for section in rows], np.array(values), bc_type="natural")

    def _buttock(self, mine: Floats) -> Floats:
        lobe = self.shape.buttock
        offset = mine - np.array(lobe.centre)
        half = np.tile(np.array(lobe.half), (len(mine), 1))
        half[:, 2] += (lobe.upper - lobe.half[2]) * _step(0.5 + offset[:, 2] / lobe.half[2])
        q, n = np.abs(offset) / half, lobe.square
        size = np.maximum((q**n).sum(axis=1) ** (1.0 / n), 1e-6)
        slope = np.linalg.norm((q / size[:, None]) ** (n - 1.0) / half, axis=1)
        return np.asarray((size - 1.0) / np.maximum(slope, 1e-6))

    def _leg(self, points: Floats, outwards: Floats, side: LimbSide) -> Floats:
        bones = self.limbs[side]
        along = bones.along(points[:, 2])
        axis = bones.axis(along)
        lateral, ahead = outwards * self.scale[0] - axis[:, 0], axis[:, 1] - points[:, 1]
        first, last = self._leg_splines.x[[0, -1]]
        found = np.asarray(self._leg_splines(np.clip(along, first, last))).T
        out, into, front, back = found[:4] * self.girth
        angle = np.degrees(np.arctan2(lateral, ahead))
        relief = self.girth * sum(
            r.high * np.exp(-(((along - r.at) / r.along) ** 2) - (_turn(angle - r.angle) / r.around) ** 2)
            for r in self.shape.leg.reliefs
        )
        reach = np.where(lateral > 0.0, out, into), np.where(ahead > 0.0, front, back)
        return _superellipse(lateral, ahead, *reach, found[4]) - relief

    @cached_property
    def _leg_splines(self) -> CubicSpline:
        rows = self.shape.leg.sections
        values = [[s.lateral, s.medial, s.anterior, s.posterior, s.square] for s in rows]
        return CubicSpline([section.at for section in rows], np.array(values), bc_type="natural")

    def thickness(self, points: Floats) -> Floats:
        """(n,) thickness of the middle build's subcutaneous layer near points on the skin, mm."""
        layer = self.shape.subcutaneous
        mine = points / self.scale
        mine = np.column_stack([np.abs(mine[:, 0]), mine[:, 1], self._as_reference(points)])
        total, weight = np.zeros(len(points)), np.zeros(len(points))
        for place in layer.places:
            apart2 = ((mine - np.array(place.at)) ** 2).sum(axis=1)
            near = 1.0 / (apart2 + layer.reach**2 / 4.0) ** 2
            total, weight = total + near * place.thick, weight + near
        return np.asarray(self.girth * total / weight)

    def follows(self, points: Floats) -> Floats:
        """(n,) from 0 to 1: how closely the skin at points keeps to the muscles under it."""
        where, local = self.shape.following, points / self.scale
        weights = [
            _step((local[:, 1] - where.behind[0]) / where.behind[1]),
            _step((local[:, 2] - where.above[0]) / where.above[1]),
            _step((np.abs(local[:, 0]) - where.beside[0]) / where.beside[1]),
        ]
        return np.asarray(np.prod(weights, axis=0))

    def between_thighs(self, points: Floats) -> NDArray[np.bool_]:
        """(n,) whether points of the skin lie between the thighs or on the perineum, where both sides may touch."""
        local, zone = points / self.scale, self.shape.leg.between
        return np.asarray((np.abs(local[:, 0]) < zone[0]) & (local[:, 2] < zone[1]) & (local[:, 2] > zone[2]))

    def _as_reference(self, points: Floats) -> Floats:
        """(n,) heights of points carried to the mean body's."""
        z, bones = points[:, 2], self.shape.reference
        along = np.mean([self.limbs[side].along(z) for side in SIDES], axis=0)
        leg = np.where(along < 1.0, -along * bones.thigh, -bones.thigh - (along - 1.0) * bones.shank)
        return np.asarray(np.where(z > 0.0, z / self.scale[2], leg))


def _superellipse(x: Floats, y: Floats, a: Floats, b: Floats, square: Floats) -> Floats:
    """(n,) near distance to a superellipse with half-axes a and b."""
    p, q = np.abs(x) / a, np.abs(y) / b
    size = np.maximum((p**square + q**square) ** (1.0 / square), 1e-6)
    slope = np.hypot((p / size) ** (square - 1.0) / a, (q / size) ** (square - 1.0) / b)
    return np.asarray((size - 1.0) / np.maximum(slope, 1e-6))


def _turn(angle: Floats) -> Floats:
    """Angles in degrees brought to −180…180."""
    return np.asarray((angle + 180.0) % 360.0 - 180.0)


def _step(t: Floats) -> Floats:
    """From 0 to 1 while t runs from 0 to 1, without a kink."""
    t = np.clip(t, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def _either(a: Floats, b: Floats, blend: Floats | float) -> Floats:
    """Union whose crease is filled over so many mm (cubic, so that the surface bends without a step)."""
    mix = np.maximum(blend - np.abs(a - b), 0.0) / blend
    return np.asarray(np.minimum(a, b) - mix**3 * blend / 6.0)


def _both(a: Floats, b: Floats, blend: Floats | float) -> Floats:
    """Intersection whose edge is rounded over so many mm."""
    return -_either(-a, -b, blend)
