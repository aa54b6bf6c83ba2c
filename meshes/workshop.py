"""The place where one side of a body is grown: its bones, what is grown or given so far, and how far all of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from meshes.anchor import sided
from meshes.distance import DistanceField, signed_distance
from meshes.surface import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshes.atlas import Structure
    from meshes.body import Body, LimbSide
    from meshes.grown import Grown
    from meshes.loft import Solid

Array = NDArray[np.float64]

BONE_SPACING = 2.0
"""mm between the nodes of a bone's distance grid."""

NEIGHBOUR_SPACING = 1.6
"""mm between the nodes of a soft neighbour's distance grid."""

REACH = 16.0
"""mm from the way of what is laid within which the distance to a great neighbour is sampled."""

FIELD_MARGIN = 24.0
"""mm of space around a bone that its distance grid covers."""

FILLED = {"sacrum": 5.0}
"""mm: soft tissue bridges holes of up to twice this width (the sacral foramina) instead of sinking into them."""


class Workshop:
    """One side of one body with all that is grown on it so far.

    given : by unsided id, the surfaces of somebody's own structures; they take the place of what would be grown
    """

    def __init__(self, body: Body, side: LimbSide, given: Mapping[str, Solid] | None = None) -> None:
        self.body = body
        self.side: LimbSide = side
        self.given = own_of(given or {}, side)
        self.grown: dict[str, Grown] = {}
        self._nerves: dict[str, Solid] = {}
        self._fields: dict[str, DistanceField] = {}

    def is_bone(self, name: str) -> bool:
        """Whether an unsided id names a bone of this body."""
        return sided(name, self.body, self.side) in self.body.bones

    def solid(self, name: str) -> Solid:
        """Vertices and triangles of a bone, or of a structure grown before or given, by unsided id."""
        if name in self.given and not self.is_cut(name):
            return self.given[name]
        if name in self.grown:
            return self.grown[name].solid
        if name in self._nerves:
            return self._nerves[name]
        bone = self.body.bones[sided(name, self.body, self.side)]
        return bone.vertices, bone.triangles

    @property
    def beside(self) -> list[str]:
        """Unsided ids of the neighbours that were put here as they are."""
        return list(self._nerves)

    def is_cut(self, name: str) -> bool:
        """Whether a structure is shown in heads that are cut from its rings, and not as it was given."""
        return name in self.grown and self.grown[name].form.split is not None

    def field(self, name: str) -> DistanceField:
        """Distance field of a bone, or of a structure grown before, by unsided id."""
        if name not in self._fields:
            if self.is_bone(name):
                self._fields[name] = bone_field(*self.solid(name), FILLED.get(name, 0.0))
            else:
                self._fields[name] = neighbour_field(*self.solid(name))
        return self._fields[name]

    def look_near(self, names: Iterable[str], points: Array) -> None:
        """Have the fields of some structures, given by unsided id, that are good near points (n, 3) and cost little."""
        for name in names:
            if name not in self._fields:
                self._fields[name] = field_near(*self.solid(name), points)

    def stretch_field(self, name: str, u: tuple[float, float]) -> DistanceField:
        """Distance field of a part of the length of a structure grown before; of a nerve, the whole of it."""
        if name not in self.grown or u == (0.0, 1.0):
            return self.field(name)
        key = f"{name}@{u[0]}-{u[1]}"
        if key not in self._fields:
            self._fields[key] = neighbour_field(*self.grown[name].stretch(*u))
        return self._fields[key]

    def keep_nerve(self, name: str, divisions: list[Structure]) -> None:
        """Remember a nerve, so that what is grown later can keep clear of it."""
        whole = joined([part.surface for division in divisions for part in division.parts])
        self._nerves[name] = whole.vertices, whole.triangles

    def obstacles(self, names: Iterable[str]) -> tuple[list[DistanceField], list[Solid]]:
        """Fields and solids by unsided id; bones come last, for they yield to nothing."""
        ordered = sorted(dict.fromkeys(names), key=self.is_bone)
        return [self.field(name) for name in ordered], [self.solid(name) for name in ordered]


def own_of(given: Mapping[str, Solid], side: LimbSide) -> dict[str, Solid]:
    """Those of the surfaces given by sided id that are of one side, by unsided id."""
    return {name.removesuffix(f".{side}"): solid for name, solid in given.items() if name.endswith(f".{side}")}


def neighbour_field(vertices: Array, triangles: NDArray[np.int64]) -> DistanceField:
    """Distance field of a soft structure."""
    return DistanceField.of_surface(vertices, triangles, spacing=NEIGHBOUR_SPACING, margin=8.0)


def field_near(vertices: Array, triangles: NDArray[np.int64], points: Array) -> DistanceField:
    """Distance field of a soft structure, exact within `REACH` mm of points (n, 3), and elsewhere as if far off."""
    low = np.maximum(vertices.min(axis=0), points.min(axis=0)) - REACH
    high = np.minimum(vertices.max(axis=0), points.max(axis=0)) + REACH
    shape = np.maximum(np.ceil((high - low) / NEIGHBOUR_SPACING).astype(int), 1) + 1
    axes = [low[k] + NEIGHBOUR_SPACING * np.arange(shape[k]) for k in range(3)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    near = np.isfinite(cKDTree(points).query(nodes, distance_upper_bound=REACH)[0])
    values = np.full(len(nodes), REACH, dtype=np.float32)
    values[near] = signed_distance(nodes[near], vertices, triangles)
    return DistanceField.of_values(values.reshape(shape), low, NEIGHBOUR_SPACING)


def bone_field(vertices: Array, triangles: NDArray[np.int64], filled: float = 0.0) -> DistanceField:
    """Distance field of a bone, its holes up to twice `filled` mm wide closed."""
    if filled > 0.0:
        return DistanceField.of_filled(vertices, triangles, filled, BONE_SPACING, FIELD_MARGIN)
    return DistanceField.of_surface(vertices, triangles, BONE_SPACING, FIELD_MARGIN)
