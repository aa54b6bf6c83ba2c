"""What piriformis and the sciatic nerve measure on one side: every number from the surfaces themselves.

The nerve's middle line and the lines between landmarks are compared as seen from behind: projected on the coronal plane
that holds both anterior superior iliac spines and the pubic symphysis.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from manifold3d import Manifold, Mesh
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.spatial import cKDTree

from annotations.variant import VariantId
from meshes.atlas import Centrelines
from meshes.nearest import Same, inside, least_distance, signed_distance
from meshes.raycast import first_hits
from meshes.ribbon import resample
from meshes.sections import area, areas, breadths, centres, crossing, flat, lengths, middle_line, rings
from meshes.surface import volume_mm3

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshes.atlas import Surface
    from meshes.body import Body, Bone, LimbSide

Array = NDArray[np.float64]

HEADS = ("upper_head", "lower_head")
DIVISIONS = ("tibial_division", "common_fibular_division")

CONTACT = 2.0
"""mm between nerve and muscle up to which they count as in contact."""

APART = 1.0
"""mm between the divisions from which on they count as two."""

SEARCHED, NEARLY = 30.0, 1.001
"""mm over which the nearest places of two surfaces are looked for, and no further than this many times the distance
between their nearest vertices: near ones are found quickly."""

SOLIDS_KEPT = 8
"""Surfaces that stay prepared for that search: the four that a variant is made of, and the bones."""

LINE_POINTS = 40
BORDER_POINTS = 160


class Measures(BaseModel):
    """Numbers of one side of one body with one variant, mm where nothing else is said."""

    model_config = ConfigDict(extra="forbid")
    variant: VariantId
    nerve_muscle_min_mm: float = Field(description="Least distance of the nerve from piriformis; below 0: cut by it.")
    nerve_bone_min_mm: float = Field(description="Least distance of the nerve from hip bone, sacrum and femur.")
    head_head_min_mm: float = Field(description="Least distance between the two heads of piriformis.")
    division_division_min_mm: float = Field(description="Least distance between the two divisions of the nerve.")
    contact_length_mm: float = Field(description="Length of nerve within 2 mm of piriformis.")
    crossing_fraction: float | None = Field(
        description="Where the nerve crosses the lower border of piriformis, seen from behind: 0 at the margin of the "
        "greater sciatic foramen, 1 at the greater trochanter; null if it does not cross it."
    )
    crossing_quarter: int | None = Field(description="The same as a quarter of the border, 1 the most medial.")
    psis_it_fraction: float | None = Field(
        description="Where the nerve crosses the line from posterior superior iliac spine (0) to ischial tuberosity "
        "(1), on the coronal plane; null if it does not cross it."
    )
    it_gt_fraction: float | None = Field(
        description="Where the nerve crosses the line from ischial tuberosity (0) to greater trochanter (1), on the "
        "coronal plane; null if it does not cross it."
    )
    nerve_width_mm_at_lower_border: float = Field(description="Greatest breadth there; of two divisions, their sum.")
    nerve_thickness_mm_at_lower_border: float = Field(description="Least breadth there; of two divisions, the larger.")
    nerve_width_mm_at_lesser_trochanter: float
    nerve_thickness_mm_at_lesser_trochanter: float
    head_volumes_cm3: dict[str, float] = Field(description="`upper_head` and `lower_head`.")
    muscle_volume_cm3: float
    muscle_thickness_mm: float = Field(description="Least breadth of the largest section of the belly.")
    lower_border_mm: float = Field(
        description="Length of the lower border as far as it is free from behind: from the edge of the greater "
        "sciatic foramen, where the sacrum no longer covers it, to the greater trochanter."
    )
    tendon_diameter_mm: float = Field(description="Diameter of a disc as large as the section where tendon begins.")


class Coronal(NamedTuple):
    """The coronal plane: its directions to the left and upwards, and the point on it that coordinates start from."""

    left: Array
    up: Array
    origin: Array

    def seen(self, points: Array) -> Array:
        """(n, 2) of points (n, 3): to the left and up, mm."""
        return np.asarray((np.atleast_2d(points) - self.origin) @ np.stack([self.left, self.up], axis=1))

    @property
    def back(self) -> Array:
        """Unit direction to posterior, square to the plane."""
        return np.asarray(np.cross(self.up, self.left))


def coronal_plane(body: Body) -> Coronal:
    """The plane through both anterior superior iliac spines and the pubic symphysis."""
    right, left = body.landmark("asis.right"), body.landmark("asis.left")
    symphysis = np.atleast_2d(body.landmark("pubic_symphysis")).mean(axis=0)
    across = (left - right) / np.linalg.norm(left - right)
    up = (right + left) / 2.0 - symphysis
    up = up - (up @ across) * across
    return Coronal(across, up / np.linalg.norm(up), symphysis)


def measure(parts: Mapping[str, Surface], body: Body, side: LimbSide, variant: VariantId) -> Measures:
    """Measure one side.

    parts : surfaces by part name: `piriformis.right/upper_head`, `…/lower_head`, `tibial_division.right`,
        `common_fibular_division.right`; others are not looked at

    Raises KeyError if one of the four is missing, ValueError if one is no lofted surface.
    """
    heads = [parts[f"piriformis.{side}/{name}"] for name in HEADS]
    divisions = [parts[f"{name}.{side}"] for name in DIVISIONS]
    muscle, nerve = [rings(head) for head in heads], [rings(division) for division in divisions]
    bones = [body.bones[name] for name in (f"hip_bone.{side}", "sacrum", f"femur.{side}")]
    plane = coronal_plane(body)
    line = middle_line(nerve)
    seen = plane.seen(line)
    border = lower_border(muscle, body.bones["sacrum"], body.bones[f"femur.{side}"], plane)
    tuberosity, psis, trochanter, lesser = (
        plane.seen(body.landmark(f"{name}.{side}"))
        for name in ("ischial_tuberosity", "psis", "greater_trochanter", "lesser_trochanter")
    )
    met = crossing(seen, plane.seen(border))
    at_border = round(met[0]) if met else int(np.argmin(np.abs(seen[:, 1] - plane.seen(border)[:, 1].mean())))
    at_trochanter = int(np.argmin(np.abs(seen[:, 1] - lesser[0, 1])))
    along = lengths(border)
    fraction = float(np.interp(met[1], np.arange(len(along)), along) / along[-1]) if met else None
    wide, thick = nerve_size(nerve, line, at_border)
    lower_wide, lower_thick = nerve_size(nerve, line, at_trochanter)
    volumes = {name: volume_mm3(h.vertices, h.triangles) / 1e3 for name, h in zip(HEADS, heads, strict=True)}
    belly = _thickest(muscle)
    return Measures(
        variant=variant,
        nerve_muscle_min_mm=min(gap(division, head) for division in divisions for head in heads),
        nerve_bone_min_mm=min(gap(division, bone) for division in divisions for bone in bones),
        head_head_min_mm=gap(*heads),
        division_division_min_mm=gap(*divisions),
        contact_length_mm=contact_length(nerve, line, heads),
        crossing_fraction=fraction,
        crossing_quarter=None if fraction is None else min(int(4.0 * fraction) + 1, 4),
        psis_it_fraction=_fraction(seen, psis, tuberosity),
        it_gt_fraction=_fraction(seen, tuberosity, trochanter),
        nerve_width_mm_at_lower_border=wide,
        nerve_thickness_mm_at_lower_border=thick,
        nerve_width_mm_at_lesser_trochanter=lower_wide,
        nerve_thickness_mm_at_lesser_trochanter=lower_thick,
        head_volumes_cm3=volumes,
        muscle_volume_cm3=sum(volumes.values()),
        muscle_thickness_mm=belly,
        lower_border_mm=float(along[-1]),
        tendon_diameter_mm=tendon_diameter(heads, muscle),
    )


def centrelines(parts: Mapping[str, Surface], side: LimbSide) -> Centrelines:
    """Middle lines of nerve and piriformis of one side, evenly spaced: the nerve's down to the middle of the thigh."""
    nerve = middle_line([rings(parts[f"{name}.{side}"]) for name in DIVISIONS])
    muscle = middle_line([rings(parts[f"piriformis.{side}/{name}"]) for name in HEADS])
    half = nerve[: 1 + int(np.argmin(np.abs(lengths(nerve) - 0.55 * lengths(nerve)[-1])))]
    return Centrelines(
        nerve=[tuple(point) for point in resample(half, LINE_POINTS).round(3).tolist()],
        piriformis=[tuple(point) for point in resample(muscle, LINE_POINTS).round(3).tolist()],
    )


def gap(one: Surface | Bone, two: Surface | Bone) -> float:
    """Least distance between two closed surfaces, mm, exact; as a negative number, how deep one enters the other."""
    depth = 0.0
    for inner, outer in ((one, two), (two, one)):
        low, high = outer.vertices.min(axis=0), outer.vertices.max(axis=0)
        near = inner.vertices[np.all((inner.vertices > low) & (inner.vertices < high), axis=1)]
        near = near[inside(near, outer.vertices, outer.triangles)]
        if len(near):
            depth = min(depth, float(signed_distance(near, outer.vertices, outer.triangles).min()))
    if depth < 0.0:
        return depth
    between_vertices = float(cKDTree(two.vertices).query(one.vertices)[0].min())
    solids = (_solid(Same(shape.vertices, shape.triangles)) for shape in (one, two))
    return float(next(solids).min_gap(next(solids), min(NEARLY * between_vertices, SEARCHED)))


@lru_cache(maxsize=SOLIDS_KEPT)
def _solid(shape: Same) -> Manifold:
    return Manifold(Mesh(shape.vertices.astype(np.float32), shape.triangles.astype(np.uint32)))


def contact_length(nerve: Sequence[Array], line: Array, heads: Sequence[Surface]) -> float:
    """Length in mm over which either division is within `CONTACT` mm of the muscle."""
    near = np.full(len(line), np.inf)
    for grid in nerve:
        for head in heads:
            points, solid = grid.reshape(-1, 3), (head.vertices, head.triangles)
            d = least_distance(points, *solid)
            close = np.flatnonzero(d <= CONTACT)
            d[close] = signed_distance(points[close], *solid)
            near = np.minimum(near, d.reshape(grid.shape[:2]).min(axis=1))
    step = np.gradient(lengths(line))
    return float(step[near <= CONTACT].sum())


def lower_border(muscle: Sequence[Array], sacrum: Bone, femur: Bone, plane: Coronal) -> Array:
    """(k, 3) lower border of piriformis as far as it is free from behind.

    muscle : ring grids of its heads
    It begins at the edge of the greater sciatic foramen, where the sacrum no longer covers it, and ends where the
    greater trochanter begins to.
    """
    whole = np.concatenate(list(muscle), axis=1)
    seen = plane.seen(whole.reshape(-1, 3)).reshape(*whole.shape[:2], 2)
    along = np.gradient(seen.mean(axis=1), axis=0)
    down = np.stack([-along[:, 1], along[:, 0]], axis=1)
    down *= -np.sign(down[:, 1:])
    lowest = np.einsum("rkc,rc->rk", seen, down).argmax(axis=1)
    border = resample(whole[np.arange(len(whole)), lowest], BORDER_POINTS)
    backward = np.broadcast_to(plane.back, border.shape)
    behind_sacrum, behind_femur = (
        np.flatnonzero(np.isfinite(first_hits(border, backward, bone.vertices, bone.triangles)))
        for bone in (sacrum, femur)
    )
    return border[behind_sacrum.max(initial=-1) + 1 : behind_femur.min(initial=len(border))]


def nerve_size(nerve: Sequence[Array], line: Array, row: int) -> tuple[float, float]:
    """Width and thickness of the nerve at a row: of both divisions as one band, or of two that are apart."""
    tangent = line[min(row + 1, len(line) - 1)] - line[max(row - 1, 0)]
    sections = [grid[row] for grid in nerve]
    between = np.linalg.norm(sections[0][:, None] - sections[1][None], axis=2).min()
    if between < APART:
        return breadths(flat(np.concatenate(sections), tangent))
    each = []
    for grid in nerve:
        own = centres(grid[max(row - 1, 0) : row + 2])
        each.append(breadths(flat(grid[row], own[-1] - own[0])))
    return each[0][0] + each[1][0], max(each[0][1], each[1][1])


def tendon_diameter(heads: Sequence[Surface], muscle: Sequence[Array]) -> float:
    """Mm of a disc as large as the section of the muscle where most of its outline becomes tendon."""
    rows = len(muscle[0])
    share = np.mean([_tendon(head).reshape(rows, -1).mean(axis=1) for head in heads], axis=0)
    distal = np.flatnonzero((share >= 0.5) & (np.arange(rows) > rows / 2))
    row = int(distal[0]) if len(distal) else rows - 1
    return float(2.0 * np.sqrt(sum(areas(grid)[row] for grid in muscle) / np.pi))


def _tendon(head: Surface) -> Array:
    return np.zeros(len(head.vertices)) if head.tendon is None else head.tendon


def _thickest(muscle: Sequence[Array]) -> float:
    """Least breadth of the largest section of the belly, mm."""
    line = middle_line(list(muscle))
    tangent = np.gradient(line, axis=0)
    whole = np.concatenate(list(muscle), axis=1)
    inner = range(len(line) // 5, 4 * len(line) // 5)
    size = {row: sum(area(flat(grid[row], tangent[row])) for grid in muscle) for row in inner}
    row = max(size, key=lambda each: size[each])
    return breadths(flat(whole[row], tangent[row]))[1]


def _fraction(seen: Array, start: Array, end: Array) -> float | None:
    met = crossing(seen, np.concatenate([start, end]))
    return None if met is None else met[1]
