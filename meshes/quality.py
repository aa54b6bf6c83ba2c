"""What a built atlas measures: triangles, closed, crossing itself, volume, depth in bone, what neighbours share, ends.

Measured on the surfaces as decoded from the GLB files, so that compression is part of what is judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from manifold3d import Error, Manifold, Mesh
from numpy.typing import NDArray

from annotations.loading import load
from meshes.atlas import Atlas, Structure
from meshes.build import BuiltAtlas
from meshes.crossings import crossing_triangles
from meshes.ends import end_gaps
from meshes.more import BuiltPack, whole_atlas
from meshes.nearest import inside, signed_distance
from meshes.surface import is_closed, volume_mm3, weld

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]
Solid = tuple[Points, Triangles]

SAMPLE_MM = 1.0
"""Spacing of the grid on which the overlap of surfaces that are no clean solids is counted."""
_LEAST_CM3 = 0.001
_SUBDIVISIONS_MM = 3.0


def report(built: BuiltAtlas, pack: BuiltPack | None = None) -> dict[str, Any]:
    """Figures of every structure, as `ischia build --report` writes them: with a pack, of those in it too.

    {"structures": {id: figures}, "fit_mm": {bone: mean distance}, "notes", "seconds", "cached"}; what the figures are
    is told at `figures`; fit and notes are those of a mesh set's body.
    """
    atlas = built.atlas() if pack is None else whole_atlas(built, pack)
    notes = [*built.document.notes, *(pack.document.notes if pack else ())]
    told = {"structures": figures(atlas), "fit_mm": built.document.fit, "notes": notes}
    return {**told, "seconds": round(built.seconds, 3), "cached": built.cached}


def figures(atlas: Atlas) -> dict[str, dict[str, Any]]:
    """The figures of every structure of an atlas, by sided id.

    made : loaded, cut, modelled or population; triangles : number
    closed : whether every edge is met twice, once in each direction
    volume_cm3 : null where a surface is open or turned inside out
    crossings : pairs of its own triangles that cross by more than 0.25 mm where it can be seen, outside all bones
    bone_penetration_mm : depth of its deepest point inside any bone, 0 if none is; null for bones and skin
    overlap_cm3 : neighbours that share more than a cubic millimetre; two parts of one structure are one there
    overlap_share : the same over the volume of the smaller of the two
    end_gap_mm : by end, how far its worst strip of fibres stays off what carries it
    """
    parts = {name: _solids(structure) for name, structure in atlas.structures.items()}
    closed = {name: all(is_closed(triangles) for _, triangles in solids) for name, solids in parts.items()}
    volumes = {name: sum(volume_mm3(*solid) for solid in solids) / 1000 for name, solids in parts.items()}
    bones = {name: _one(parts[name]) for name, structure in atlas.structures.items() if structure.kind == "bone"}
    overlaps = _overlaps(parts)
    gaps = end_gaps(atlas, load())
    result: dict[str, dict[str, Any]] = {}
    for name, solids in parts.items():
        soft = atlas.structures[name].kind not in ("bone", "skin")
        result[name] = {
            "made": atlas.structures[name].made,
            "triangles": sum(len(part.surface.triangles) for part in atlas.structures[name].parts),
            "closed": closed[name],
            "volume_cm3": round(volumes[name], 3) if closed[name] and volumes[name] > 0 else None,
            "crossings": sum(shown_crossings(solid, list(bones.values()) if soft else []) for solid in solids),
            "bone_penetration_mm": round(
                max((bone_penetration(_one(solids), b) for b in bones.values()), default=0.0), 3
            )
            if soft
            else None,
            "overlap_cm3": {other: round(cm3, 3) for other, cm3 in sorted(overlaps[name].items())},
            "overlap_share": {
                other: round(cm3 / max(min(volumes[name], volumes[other]), 1e-9), 4)
                for other, cm3 in sorted(overlaps[name].items())
            },
            "end_gap_mm": gaps.get(name, {}),
        }
    return result


def _deepest(soft: Solid, bones: Iterable[Solid]) -> float:
    return max((bone_penetration(soft, bone) for bone in bones), default=0.0)


def shown_crossings(solid: Solid, bones: list[Solid]) -> int:
    """Pairs of triangles of a surface that cross each other outside all bones."""
    vertices, triangles = solid
    pairs = crossing_triangles(vertices, triangles)
    if not len(pairs):
        return 0
    places = np.ascontiguousarray(vertices[triangles[pairs]].mean(axis=(1, 2)))
    shown = np.ones(len(pairs), bool)
    for bone in bones:
        shown &= ~inside(places, *bone)
    return int(shown.sum())


def bone_penetration(soft: Solid, bone: Solid) -> float:
    """Depth in mm of the deepest point of a surface inside a closed bone: 0 if it stays outside.

    Judged at the vertices and at points spread over large triangles: inside by winding number, depth by exact distance.
    """
    low, high = bone[0].min(0), bone[0].max(0)
    if ((soft[0].max(0) < low) | (soft[0].min(0) > high)).any():
        return 0.0
    points = _spread(*soft)
    near = ((points > low) & (points < high)).all(1)
    points = np.ascontiguousarray(points[near])
    buried = points[inside(points, *bone)] if len(points) else points
    return float(-signed_distance(buried, *bone).min()) if len(buried) else 0.0


def _spread(vertices: Points, triangles: Triangles) -> Points:
    """The vertices, and the middles of all edges and triangles that are long enough to hide something."""
    corners = vertices[triangles]
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(1)
    large = corners[longest > _SUBDIVISIONS_MM]
    return np.concatenate([vertices, large.mean(1), *((large[:, i] + large[:, (i + 1) % 3]) / 2 for i in range(3))])


@dataclass(frozen=True)
class Solids:
    """The closed surfaces of one structure, its box, and the same as a clean solid if they are one."""

    solids: list[Solid]
    low: Points
    high: Points
    manifold: Manifold | None

    @classmethod
    def of(cls, solids: list[Solid]) -> Solids:
        """Gather welded surfaces, (n, 3) mm and (m, 3) each."""
        vertices = np.concatenate([vertices for vertices, _ in solids])
        return cls(solids, vertices.min(0), vertices.max(0), _manifold(solids))


def overlap_mm3(one: Solids, two: Solids) -> float:
    """Volume that two structures share: exact where both are clean solids, else counted on a 1 mm grid."""
    low, high = np.maximum(one.low, two.low), np.minimum(one.high, two.high)
    if (high <= low).any():
        return 0.0
    if one.manifold is not None and two.manifold is not None:
        return float((one.manifold ^ two.manifold).volume())
    return _counted(one.solids, two.solids, low, high)


def _manifold(solids: list[Solid]) -> Manifold | None:
    whole = Manifold()
    for vertices, triangles in solids:
        if not is_closed(triangles):
            return None
        piece = Manifold(Mesh(vertices.astype(np.float32), triangles.astype(np.uint32)))
        if piece.status() != Error.NoError or piece.volume() <= 0:
            return None
        whole += piece
    return whole


def _counted(one: list[Solid], two: list[Solid], low: Points, high: Points) -> float:
    axes = [np.arange(low[axis] + SAMPLE_MM / 2, high[axis], SAMPLE_MM) for axis in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    shared = np.ones(len(points), bool)
    for solids in (one, two):
        here = np.zeros(int(shared.sum()), bool)
        for solid in solids:
            here |= inside(points[shared], *solid)
        shared[shared] = here
        if not shared.any():
            return 0.0
    return float(shared.sum()) * SAMPLE_MM**3


def _overlaps(parts: dict[str, list[Solid]]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {name: {} for name in parts}
    bodies = {name: Solids.of(solids) for name, solids in parts.items()}
    for one, two in combinations(parts, 2):
        shared = overlap_mm3(bodies[one], bodies[two]) / 1000
        if shared > _LEAST_CM3:
            found[one][two] = found[two][one] = shared
    return found


def _solids(structure: Structure) -> list[Solid]:
    """The surface of each part: as it is where its own indices close it, else welded where vertices coincide."""
    surfaces = [(part.surface.vertices, part.surface.triangles) for part in structure.parts]
    return [solid if is_closed(solid[1]) else weld(*solid) for solid in surfaces]


def _one(solids: list[Solid]) -> Solid:
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in solids)])
    return (
        np.ascontiguousarray(np.concatenate([vertices for vertices, _ in solids])),
        np.concatenate(
            [triangles + start for (_, triangles), (start, _) in zip(solids, pairwise(starts), strict=True)]
        ),
    )
