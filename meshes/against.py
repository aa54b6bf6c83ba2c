"""The modelled muscles on an open set's bones, beside that set's own muscles: how far apart, how much they share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import igl
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from annotations.forms import load_forms
from meshes.atlas import Atlas, Surface
from meshes.carried import Carried, carried_body
from meshes.modeller import solve
from meshes.openset import load_open_set
from meshes.surface import joined, volume_mm3

Points = NDArray[np.float64]
Progress = Callable[[float, str], None]

GRID_MM = 2.0
"""Spacing of the points on which shared volume is counted."""
SAMPLES = 6000
"""Points of each surface from which the distance to the other is taken."""


class Compared(BaseModel):
    """One muscle grown on the set's bones, and the set's own."""

    model_config = ConfigDict(extra="forbid")
    structure: str = Field(description="Sided id.")
    mean_mm: float = Field(description="Mean distance between the two surfaces, both ways.")
    percentile_95_mm: float = Field(description="Distance that 95 % of either surface stays within of the other.")
    dice: float = Field(description="Twice the shared volume over the sum of both: 1 the same, 0 apart.")
    volume_cm3: float = Field(description="Volume of the grown muscle.")
    reference_cm3: float = Field(description="Volume of the set's muscle, counted on a grid, as it may be open.")


def compare(folder: str | Path, progress: Progress | None = None) -> list[Compared]:
    """Grow the right-hand structures on the bones of the set in `folder` and compare those that the set has too.

    Raises SetError if the folder is no known set, FitError if it lacks a bone that is needed.
    """
    tell: Progress = progress or (lambda done, text: None)
    theirs = load_open_set(folder, lambda done, text: tell(0.1 * done, text))
    tell(0.1, "Laying the population's bones onto the set's")
    carried = carried_body(bones_of(theirs))
    grown = solve(carried.body, load_forms(), "right", "A", lambda done, text: tell(0.25 + 0.65 * done, text))
    found = []
    for structure in grown:
        own = theirs.structures.get(structure.id)
        if own is not None and own.kind == "muscle":
            tell(0.9, f"Comparing {structure.structure.replace('_', ' ')}")
            mine = joined([part.surface for part in structure.parts])
            found.append(compared(structure.id, mine, _moved(joined([part.surface for part in own.parts]), carried)))
    return found


def bones_of(atlas: Atlas) -> dict[str, tuple[Points, NDArray[np.int64]]]:
    """Vertices and triangles of every bone of an atlas, by sided id."""
    bones = (one for one in atlas.structures.values() if one.kind == "bone")
    surfaces = {one.id: joined([part.surface for part in one.parts]) for one in bones}
    return {name: (surface.vertices, surface.triangles) for name, surface in surfaces.items()}


def _moved(surface: Surface, carried: Carried) -> Surface:
    """A surface of the set where the carried body lies."""
    return Surface(carried.to_atlas(surface.vertices), surface.triangles, surface.normals)


def compared(name: str, grown: Surface, reference: Surface) -> Compared:
    """Distances and shared volume of two surfaces; the reference need not be closed."""
    apart = np.concatenate([_distances(grown, reference), _distances(reference, grown)])
    ways = [np.quantile(part, 0.95) for part in np.array_split(apart, 2)]
    inside = [_inside(surface, _grid(grown, reference)) for surface in (grown, reference)]
    both = int((inside[0] & inside[1]).sum())
    return Compared(
        structure=name,
        mean_mm=float(apart.mean()),
        percentile_95_mm=float(max(ways)),
        dice=2.0 * both / max(int(inside[0].sum()) + int(inside[1].sum()), 1),
        volume_cm3=volume_mm3(grown.vertices, grown.triangles) / 1e3,
        reference_cm3=int(inside[1].sum()) * GRID_MM**3 / 1e3,
    )


def _distances(of: Surface, to: Surface) -> NDArray[np.float64]:
    """(SAMPLES,) mm from points spread evenly over one surface to another."""
    corners = of.vertices[of.triangles]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    pick = np.random.default_rng(0)
    triangle = pick.choice(len(areas), SAMPLES, p=areas / areas.sum())
    a, b = pick.random((2, SAMPLES, 1))
    a, b = np.where(a + b > 1.0, 1.0 - a, a), np.where(a + b > 1.0, 1.0 - b, b)
    one, two, three = corners[triangle].transpose(1, 0, 2)
    points = np.ascontiguousarray(one + a * (two - one) + b * (three - one))
    return np.asarray(np.sqrt(igl.point_mesh_squared_distance(points, *_solid(to))[0]))


def _grid(one: Surface, two: Surface) -> Points:
    low = np.minimum(one.vertices.min(axis=0), two.vertices.min(axis=0))
    high = np.maximum(one.vertices.max(axis=0), two.vertices.max(axis=0))
    axes = [np.arange(low[i] + GRID_MM / 2.0, high[i], GRID_MM) for i in range(3)]
    return np.ascontiguousarray(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3))


def _inside(surface: Surface, points: Points) -> NDArray[np.bool_]:
    return np.asarray(np.abs(igl.fast_winding_number(*_solid(surface), points)) > 0.5)


def _solid(surface: Surface) -> tuple[Points, NDArray[np.int64]]:
    return np.ascontiguousarray(surface.vertices), np.ascontiguousarray(surface.triangles, np.int64)
