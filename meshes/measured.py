"""What a built atlas measures, by the names under which published measures ask for it (`how` in `measures.yaml`).

Each function takes one side of the atlas and an unsided structure id and gives a number, or None where the atlas has no
such structure. All is measured on the surfaces as decoded from the files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Atlas, Footprint, Surface
from meshes.measure import Measures, measure
from meshes.patches import Patch, patches
from meshes.sections import lengths
from meshes.slices import Slice, across, cut, middle
from meshes.surface import joined, volume_mm3

Array = NDArray[np.float64]
LimbSide = Literal["right", "left"]

INNER = np.linspace(0.2, 0.8, 25)
"""Where along a belly its largest section is sought, in u."""
NEAR_INSERTION = 8.0
"""mm before its end at which a tendon is measured where the source says near the insertion."""
BELOW_ORIGIN = 10.0
"""mm below the origin at which the tendons of the hamstrings were measured (Feucht 2015)."""
BELOW_TUBEROSITY = 25.0
"""mm below the ischial tuberosity at which the gluteal sulcus is taken to lie."""
CREST_TUBERCLE = 50.0
"""mm behind the anterior superior iliac spine at which the tubercle of the iliac crest lies (Gray 1918)."""


class Absent(LookupError):
    """The atlas has no such structure, or none with what is measured."""


@dataclass(frozen=True)
class _Bone:
    vertices: Array
    triangles: NDArray[np.int64]


@dataclass(frozen=True)
class Half:
    """One side of an atlas."""

    atlas: Atlas
    side: LimbSide

    def surfaces(self, structure: str) -> list[Surface]:
        """The parts of a structure on this side, or of one in the midline. Raises Absent."""
        for name in (f"{structure}.{self.side}", structure):
            if name in self.atlas.structures:
                return [part.surface for part in self.atlas.structures[name].parts]
        raise Absent(structure)

    def landmark(self, name: str) -> Array:
        """(3,) point or (k, 3) curve of a landmark on this side, by unsided or sided id. Raises Absent."""
        for key in (f"{name}.{self.side}", name):
            if key in self.atlas.landmarks:
                return np.asarray(self.atlas.landmarks[key], float)
        raise Absent(name)

    def point(self, name: str) -> Array:
        """(3,) place of a landmark; of a line, its middle."""
        return np.asarray(np.atleast_2d(self.landmark(name)).mean(axis=0))

    @cached_property
    def bones(self) -> dict[str, _Bone]:
        """Bones by sided id, each as one mesh."""
        found = {}
        for name, structure in self.atlas.structures.items():
            if structure.kind == "bone":
                whole = joined([part.surface for part in structure.parts])
                found[name] = _Bone(whole.vertices, whole.triangles)
        return found

    def patches(self, structure: str, end: str, on: str | None = None) -> list[Patch]:
        """The connected areas where an end is attached (to one carrier), the largest first. Raises Absent."""
        whole = self.atlas.structures.get(f"{structure}.{self.side}")
        found: list[Footprint] = []
        if whole is not None:
            found = [f for f in whole.footprints if f.end == end and (on is None or f.on.split(".")[0] == on)]
        if not found:
            raise Absent(f"{structure}, {end} attachment")
        return patches([footprint.surface for footprint in found])

    @cached_property
    def nerve(self) -> Measures:
        """Piriformis and sciatic nerve of the usual arrangement. Raises Absent."""
        parts = {part.name: part.surface for s in self.atlas.structures.values() for part in s.parts}
        try:
            return measure(parts, self, self.side, "A")  # type: ignore[arg-type]
        except KeyError as missing:
            raise Absent(str(missing)) from missing

    @property
    def divisions(self) -> list[Surface]:
        """Both divisions of the sciatic nerve."""
        return [self.surfaces(name)[0] for name in ("tibial_division", "common_fibular_division")]

    @property
    def femoral_axis(self) -> Array:
        """(3,) unit vector from the middle of the knee to the centre of the femoral head."""
        knee = (self.point("adductor_tubercle") + self.point("fibular_head")) / 2.0
        axis = self.point("femoral_head_centre") - knee
        return np.asarray(axis / np.linalg.norm(axis))


Measured = Callable[[Half, str], float]


def volume(half: Half, structure: str) -> float:
    """cm³ inside all parts."""
    return sum(volume_mm3(s.vertices, s.triangles) for s in half.surfaces(structure)) / 1e3


def belly_thickness(half: Half, structure: str) -> float:
    """mm: least breadth of the largest section of the belly."""
    surfaces = half.surfaces(structure)
    return max((across(surfaces, u) for u in INNER), key=lambda s: s.area).breadths[1]


def belly_length(half: Half, structure: str) -> float:
    """Mm along the middle line, from end to end."""
    return float(lengths(middle(half.surfaces(structure)))[-1])


def middle_width(half: Half, structure: str) -> float:
    """mm: width of the section halfway along, as of a sheet."""
    return across(half.surfaces(structure), 0.5).sheet_width


def middle_thickness(half: Half, structure: str) -> float:
    """mm: mean thickness of the section halfway along."""
    return across(half.surfaces(structure), 0.5).sheet_thickness


def _insertion_tendon(half: Half, structure: str) -> Slice:
    """The section near the distal end; its second coordinate runs as nearly vertical as the section allows."""
    surfaces = half.surfaces(structure)
    line = middle(surfaces)
    along = lengths(line)
    row = float(np.interp(along[-1] - NEAR_INSERTION, along, np.arange(len(along))))
    near = round(min(max(row, 2.0), len(line) - 3.0))
    tangent = line[near + 2] - line[near - 2]
    tangent /= np.linalg.norm(tangent)
    up = np.array([0.0, 0.0, 1.0]) - tangent[2] * tangent
    up /= np.linalg.norm(up)
    return across(surfaces, row / (len(line) - 1), np.stack([np.cross(up, tangent), up]))


def _origin_tendon(half: Half, structure: str) -> Slice:
    """The section square to the middle line below the lowest place of the origin."""
    lowest = min(patch.corners[..., 2].min() for patch in half.patches(structure, "proximal"))
    line = middle(half.surfaces(structure))
    row = int(np.abs(line[:, 2] - (lowest - BELOW_ORIGIN)).argmin())
    return across(half.surfaces(structure), row / (len(line) - 1))


def tendon_height(half: Half, structure: str) -> float:
    """mm: vertical extent of the tendon near its insertion."""
    return float(np.ptp(_insertion_tendon(half, structure).edges[..., 1]))


def tendon_breadth(half: Half, structure: str) -> float:
    """mm: horizontal extent of the tendon near its insertion."""
    return float(np.ptp(_insertion_tendon(half, structure).edges[..., 0]))


def proximal_tendon_width(half: Half, structure: str) -> float:
    """mm: greatest breadth of the tendon below its origin."""
    return _origin_tendon(half, structure).breadths[0]


def proximal_tendon_thickness(half: Half, structure: str) -> float:
    """mm: least breadth of the tendon below its origin."""
    return _origin_tendon(half, structure).breadths[1]


def rotation_moment_arm(half: Half, structure: str) -> float:
    """mm: arm about the long axis of the femur through the head; positive turns the thigh laterally.

    The line is the last stretch of the middle line before the bone; the arm is that of its tangent at the insertion.
    """
    line = middle(half.surfaces(structure))
    pull = line[-10] - line[-3]
    pull /= np.linalg.norm(pull)
    turn = np.cross(line[-3] - half.point("femoral_head_centre"), pull) @ half.femoral_axis
    return float(turn) * (-1.0 if half.side == "right" else 1.0)


def _area(half: Half, structure: str, end: str, on: str | None = None) -> float:
    return sum(patch.area for patch in half.patches(structure, end, on))


def _conjoint(half: Half) -> Patch:
    both = [p for name in ("biceps_femoris_long_head", "semitendinosus") for p in half.patches(name, "proximal")]
    return Patch.joined(both)


def _facet(half: Half, number: int) -> Patch:
    found = half.patches("gluteus_medius", "distal", "femur")
    if len(found) <= number:
        raise Absent("gluteus medius, superoposterior facet")
    return found[number]


def _level(half: Half, structure: str, level: float) -> Slice:
    """The horizontal section at a height. Raises Absent where there is none."""
    found = cut(half.surfaces(structure), np.array([0.0, 0.0, level]), np.array([0.0, 0.0, 1.0]))
    if not len(found.edges):
        raise Absent(f"{structure} at z = {level:.0f} mm")
    return found


def _upper_border_of_patella(half: Half) -> float:
    return max(float(surface.vertices[:, 2].max()) for surface in half.surfaces("patella"))


def _crest_tubercle(half: Half) -> Array:
    crest = half.landmark("iliac_crest")
    front = crest[np.argsort(crest[:, 1])]
    return np.asarray(front[np.abs(np.linalg.norm(front - half.point("asis"), axis=1) - CREST_TUBERCLE).argmin()])


def _tract_length(half: Half, structure: str) -> float:
    return float(np.linalg.norm(_crest_tubercle(half) - half.point("gerdy_tubercle")))


def _extent_below_crest(half: Half, structure: str) -> float:
    lowest = min(float(surface.vertices[:, 2].min()) for surface in half.surfaces(structure))
    return float(_crest_tubercle(half)[2]) - lowest


def _distance(one: str, two: str) -> Measured:
    return lambda half, _: float(np.linalg.norm(half.point(one) - half.point(two)))


def _of_nerve(field: str) -> Measured:
    def get(half: Half, _: str) -> float:
        value = getattr(half.nerve, field)
        if value is None:
            raise Absent(field)
        return float(value)

    return get


def _nerve_at(drop: float) -> Callable[[Half], Slice]:
    """The section square to the nerve at the height of the ischial tuberosity less some mm."""

    def get(half: Half) -> Slice:
        line = middle(half.divisions)
        level = half.point("ischial_tuberosity")[2] - drop
        row = int(np.abs(line[:, 2] - level).argmin())
        return cut(half.divisions, line[row], line[row + 1] - line[row - 1])

    return get


def _sagittal_thickness(half: Half) -> float:
    """Least breadth of the nerve at the tuberosity: its flat faces look backwards and forwards there."""
    return _nerve_at(0.0)(half).breadths[1]


HOW: dict[str, Measured] = {
    "volume": volume,
    "belly_thickness": belly_thickness,
    "belly_length": belly_length,
    "middle_width": middle_width,
    "middle_thickness": middle_thickness,
    "ligament_length": belly_length,
    "tendon_height": tendon_height,
    "tendon_breadth": tendon_breadth,
    "tendon_diameter": _of_nerve("tendon_diameter_mm"),
    "proximal_tendon_width": proximal_tendon_width,
    "proximal_tendon_thickness": proximal_tendon_thickness,
    "rotation_moment_arm": rotation_moment_arm,
    "piriformis_lower_edge": _of_nerve("lower_border_mm"),
    "nerve_width_lower_border": _of_nerve("nerve_width_mm_at_lower_border"),
    "nerve_width_lesser_trochanter": _of_nerve("nerve_width_mm_at_lesser_trochanter"),
    "nerve_it_gt_fraction": _of_nerve("it_gt_fraction"),
    "nerve_psis_it_fraction": _of_nerve("psis_it_fraction"),
    "nerve_thickness_tuberosity": lambda half, _: _sagittal_thickness(half),
    "nerve_area_gluteal_sulcus": lambda half, _: _nerve_at(BELOW_TUBEROSITY)(half).area,
    "greater_sciatic_notch_width": _distance("piis", "ischial_spine"),
    "psis_it_distance": _distance("psis", "ischial_tuberosity"),
    "it_gt_distance": _distance("ischial_tuberosity", "greater_trochanter"),
    "femoral_footprint_area": lambda half, structure: _area(half, structure, "distal", "femur"),
    "proximal_footprint_area": lambda half, structure: _area(half, structure, "proximal"),
    "proximal_footprint_length": lambda half, structure: half.patches(structure, "proximal")[0].length,
    "proximal_footprint_height": lambda half, structure: half.patches(structure, "proximal")[0].width,
    "conjoint_footprint_area": lambda half, _: _conjoint(half).area,
    "conjoint_footprint_length": lambda half, _: _conjoint(half).length,
    "conjoint_footprint_height": lambda half, _: _conjoint(half).width,
    "lateral_facet_area": lambda half, _: _facet(half, 0).area,
    "lateral_facet_length": lambda half, _: _facet(half, 0).length,
    "lateral_facet_width": lambda half, _: _facet(half, 0).least_width,
    "lateral_facet_angle": lambda half, _: _facet(half, 0).angle_to(half.femoral_axis),
    "superoposterior_facet_area": lambda half, _: _facet(half, 1).area,
    "superoposterior_facet_diameter": lambda half, _: _facet(half, 1).diameter,
    "tract_thickness_femoral_condyle": lambda half, structure: (
        _level(half, structure, half.point("adductor_tubercle")[2] - 20.0).sheet_thickness
    ),
    "tract_thickness_tibial_condyle": lambda half, structure: (
        _level(half, structure, half.point("gerdy_tubercle")[2] + 8.0).sheet_thickness
    ),
    "tract_width_patella": lambda half, structure: _level(half, structure, _upper_border_of_patella(half)).sheet_width,
    "tract_length": _tract_length,
    "extent_below_crest": _extent_below_crest,
}
"""Every measuring function by its name."""
