"""What the bones of a body measure, so that two bodies can be set side by side, also where neither has soft tissue.

Distances between landmarks, and a few sizes that a bone has by itself. Everything in millimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist

from meshes.atlas import AtlasDocument, Surface
from meshes.atlas_files import read_surfaces
from meshes.build import BuiltAtlas
from meshes.distance import signed_distance
from meshes.landmark_finder import find_landmarks
from meshes.openset import femoral_head
from meshes.passport import SetError
from meshes.surface import joined

Array = NDArray[np.float64]
LimbSide = Literal["right", "left"]

SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
BONES = ("hip_bone", "femur", "sacrum")
HEAD_REACH = 40.0
"""mm from the centre of the femoral head within which its surface is looked for: no head is so large."""
AROUND_TROCHANTER = 15.0
"""mm from the landmark of the lesser trochanter up to which the femur is taken to be that trochanter."""
DIGITS = 2


class Unmeasured(LookupError):
    """The body lacks a bone or a landmark that a measure needs."""


class Measured(BaseModel):
    """One measure of one body, mm: of each side, or across the midline. None where it cannot be taken."""

    model_config = ConfigDict(extra="forbid")
    right: float | None = None
    left: float | None = None
    midline: float | None = None


class BodyMeasures(BaseModel):
    """What the bones of one body measure."""

    model_config = ConfigDict(extra="forbid")
    atlas: str = Field(description="Id of the body.")
    title: str
    found: bool = Field(description="Whether its landmarks were looked for here, as the atlas has none of its own.")
    bones: dict[str, Measured] = Field(description="By the measure's id; mm.")


class Comparison(BaseModel):
    """The bones of two bodies, measured alike."""

    model_config = ConfigDict(extra="forbid")
    version: Literal[1] = 1
    first: BodyMeasures
    second: BodyMeasures


@dataclass(frozen=True)
class Skeleton:
    """Bones by sided id, in the atlas's frame, and the points of landmarks, (3,) LPS mm, by sided id."""

    bones: Mapping[str, Surface]
    landmarks: Mapping[str, Array]

    def point(self, name: str) -> Array:
        """(3,) place of a landmark. Raises Unmeasured."""
        if name not in self.landmarks:
            raise Unmeasured(name)
        return np.asarray(self.landmarks[name], float)

    def bone(self, name: str) -> Surface:
        """One bone. Raises Unmeasured."""
        if name not in self.bones:
            raise Unmeasured(name)
        return self.bones[name]

    def head_centre(self, side: LimbSide) -> Array:
        """(3,) centre of the femoral head: its landmark, else that of the sphere which fits the head."""
        name = f"femoral_head_centre.{side}"
        if name in self.landmarks:
            return self.point(name)
        return femoral_head(self.bone(f"femur.{side}").vertices, side)


def _apart(one: str, two: str) -> Callable[[Skeleton, LimbSide], float]:
    """Distance between two landmarks; `{side}` in a name stands for the side that is measured."""

    def get(body: Skeleton, side: LimbSide) -> float:
        ends = (body.point(name.format(side=side)) for name in (one, two))
        return float(np.linalg.norm(np.subtract(*ends)))

    return get


def _between_heads(body: Skeleton, _: LimbSide) -> float:
    return float(np.linalg.norm(body.head_centre("right") - body.head_centre("left")))


def _biiliac(body: Skeleton, _: LimbSide) -> float:
    right, left = (body.bone(f"hip_bone.{side}").vertices[:, 0] for side in SIDES)
    return float(left.max() - right.min())


def greatest_length(vertices: Array) -> float:
    """Distance between the two points of (n, 3) that lie farthest apart."""
    return float(pdist(vertices[ConvexHull(vertices).vertices]).max())


def _length_of(bone: str) -> Callable[[Skeleton, LimbSide], float]:
    return lambda body, side: greatest_length(body.bone(f"{bone}.{side}").vertices)


def head_diameter(vertices: Array, centre: Array, side: LimbSide) -> float:
    """Diameter of a femoral head, mm: twice the median distance of its upper, medial half from the centre.

    vertices : (n, 3) of the femur;  centre : (3,), both LPS mm, upright
    """
    away = vertices - centre
    inwards = away @ np.array([1.0 if side == "right" else -1.0, 0.0, 1.0])
    distance = np.linalg.norm(away, axis=1)
    own = distance[(inwards > 0.0) & (distance < HEAD_REACH)]
    if not len(own):
        raise Unmeasured(f"femoral head, {side}")
    return 2.0 * float(np.median(own))


def _head_diameter(body: Skeleton, side: LimbSide) -> float:
    return head_diameter(body.bone(f"femur.{side}").vertices, body.head_centre(side), side)


def _ischiofemoral(body: Skeleton, side: LimbSide) -> float:
    femur, hip = body.bone(f"femur.{side}"), body.bone(f"hip_bone.{side}")
    near = np.linalg.norm(femur.vertices - body.point(f"lesser_trochanter.{side}"), axis=1) < AROUND_TROCHANTER
    if not near.any():
        raise Unmeasured(f"lesser trochanter, {side}")
    return float(signed_distance(femur.vertices[near], hip.vertices, hip.triangles).min())


@dataclass(frozen=True)
class BoneMeasure:
    """One measure: what it is called, what exactly is measured, and how."""

    id: str
    name: str
    definition: str
    get: Callable[[Skeleton, LimbSide], float]
    midline: bool = False
    how: str | None = None
    """Function of the published table that measures the same."""


BONE_MEASURES: tuple[BoneMeasure, ...] = (
    BoneMeasure(
        "inter_asis",
        "Between the anterior superior iliac spines",
        "From the tip of the right one to that of the left.",
        _apart("asis.right", "asis.left"),
        midline=True,
    ),
    BoneMeasure(
        "biiliac",
        "Breadth across the iliac crests",
        "From side to side between the outermost points of both hip bones.",
        _biiliac,
        midline=True,
    ),
    BoneMeasure(
        "inter_psis",
        "Between the posterior superior iliac spines",
        "From the tip of the right one to that of the left.",
        _apart("psis.right", "psis.left"),
        midline=True,
    ),
    BoneMeasure(
        "interspinous",
        "Between the ischial spines",
        "From the tip of the right one to that of the left.",
        _apart("ischial_spine.right", "ischial_spine.left"),
        midline=True,
    ),
    BoneMeasure(
        "intertuberous",
        "Between the ischial tuberosities",
        "From the middle of the rough area of the right one to that of the left.",
        _apart("ischial_tuberosity.right", "ischial_tuberosity.left"),
        midline=True,
    ),
    BoneMeasure(
        "promontory_symphysis",
        "Sacral promontory to pubic symphysis",
        "From the front edge of the first sacral vertebra to the middle of the symphysis.",
        _apart("sacral_promontory", "pubic_symphysis"),
        midline=True,
    ),
    BoneMeasure(
        "hip_centres",
        "Between the centres of the femoral heads",
        "From the middle of the sphere that fits the right head to that of the left.",
        _between_heads,
        midline=True,
    ),
    BoneMeasure(
        "psis_it_distance",
        "Posterior superior iliac spine to ischial tuberosity",
        "From the tip of the spine to the middle of the rough area.",
        _apart("psis.{side}", "ischial_tuberosity.{side}"),
        how="psis_it_distance",
    ),
    BoneMeasure(
        "it_gt_distance",
        "Ischial tuberosity to greater trochanter",
        "From the middle of the rough area to the tip of the trochanter.",
        _apart("ischial_tuberosity.{side}", "greater_trochanter.{side}"),
        how="it_gt_distance",
    ),
    BoneMeasure(
        "greater_sciatic_notch_width",
        "Height of the greater sciatic foramen",
        "From the posterior inferior iliac spine to the tip of the ischial spine.",
        _apart("piis.{side}", "ischial_spine.{side}"),
        how="greater_sciatic_notch_width",
    ),
    BoneMeasure(
        "ischiofemoral",
        "Lesser trochanter to ischium",
        "Least distance between the hip bone and the femur within 15 mm of the lesser trochanter's tip, as they stand.",
        _ischiofemoral,
    ),
    BoneMeasure(
        "hip_bone_length",
        "Length of the hip bone",
        "Between the two points that lie farthest apart: from the iliac crest to the ischium.",
        _length_of("hip_bone"),
    ),
    BoneMeasure(
        "femoral_head_diameter",
        "Diameter of the femoral head",
        "Twice the distance of its upper, medial half from the middle of the sphere that fits it.",
        _head_diameter,
    ),
    BoneMeasure(
        "femoral_length",
        "Length of the femur",
        "Between the two points that lie farthest apart: from the head to the condyles.",
        _length_of("femur"),
    ),
)


def measured(body: Skeleton) -> dict[str, Measured]:
    """Every measure of a skeleton by id; None where a bone or landmark is missing."""
    return {one.id: _both(one, body) for one in BONE_MEASURES}


def _both(one: BoneMeasure, body: Skeleton) -> Measured:
    if one.midline:
        return Measured(midline=_taken(one, body, "right"))
    return Measured(right=_taken(one, body, "right"), left=_taken(one, body, "left"))


def _taken(one: BoneMeasure, body: Skeleton, side: LimbSide) -> float | None:
    try:
        return round(one.get(body, side), DIGITS)
    except Unmeasured:
        return None


def skeleton_of(built: BuiltAtlas) -> tuple[Skeleton, bool]:
    """Bones and landmarks of an atlas on disk, and whether its landmarks had to be looked for. Raises StoreError.

    Where the atlas has none, they are found on its bones; what is no pelvis stays without.
    """
    document = built.document
    wanted = {name: entry for name, entry in document.structures.items() if entry.structure in BONES}
    files = {part.file for entry in wanted.values() for part in entry.parts}
    surfaces = read_surfaces(built.folder, [file for file in document.files if file.name in files])
    bones = {name: joined([surfaces[part.name] for part in entry.parts]) for name, entry in wanted.items()}
    given = _given(document)
    if given or not bones:
        return Skeleton(bones, given), False
    try:
        found = find_landmarks({name: (bone.vertices, bone.triangles) for name, bone in bones.items()})
    except SetError:
        return Skeleton(bones, {}), False
    return Skeleton(bones, {name: one.place for name, one in found.landmarks.items() if one.trust != "poor"}), True


def _given(document: AtlasDocument) -> dict[str, Array]:
    """Landmarks that the document has; of one that is given as a line, the middle of its points."""
    return {name: np.atleast_2d(np.asarray(points, float)).mean(axis=0) for name, points in document.landmarks.items()}


def body_measures(built: BuiltAtlas) -> BodyMeasures:
    """What the bones of an atlas on disk measure. Raises StoreError if its files cannot be read."""
    body, found = skeleton_of(built)
    return BodyMeasures(atlas=built.document.id, title=built.document.title, found=found, bones=measured(body))


def compare(first: BuiltAtlas, second: BuiltAtlas) -> Comparison:
    """The bones of two atlases on disk, measured alike. Raises StoreError if files cannot be read."""
    return Comparison(first=body_measures(first), second=body_measures(second))
