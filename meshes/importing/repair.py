"""Mends a surface as far as that is safe, and says in words what was done and what is still wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import igl
import numpy as np
import pyvista as pv
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from meshes.importing.coarser import closed_coarser
from meshes.importing.read import KEPT, LOST, Unreadable
from meshes.surface import volume_mm3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_TRIANGLES = 20
MOST_TRIANGLES = 100_000
"""Triangles above which a surface is simplified."""
FLAKE = 0.01
"""Share of the whole area below which a loose piece is left out."""
_FINE = 1e-6
"""Share of the largest extent within which two corners are one."""


@dataclass
class Mended:
    """A surface and what was done to it.

    repaired : what was changed;  odd : what is wrong with it still
    """

    vertices: Floats
    triangles: Ints
    repaired: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def mended(vertices: Floats, triangles: Ints) -> Mended:
    """A clean copy of a surface. vertices : (n, 3), any unit;  triangles : (m, 3). Raises `Unreadable`."""
    done = Mended(vertices, triangles)
    if not len(triangles):
        raise Unreadable("is empty: it holds no triangles")
    _drop_broken(done)
    _weld(done)
    _drop_flakes(done)
    _turn_outward(done)
    if len(done.triangles) > MOST_TRIANGLES:
        count = len(done.triangles)
        coarse = closed_coarser(done.vertices, done.triangles, KEPT)
        done.vertices, done.triangles = coarse or fewer(done.vertices, done.triangles, KEPT)
        done.repaired.append(f"{count:,} triangles simplified to {len(done.triangles):,}")
    _tell_faults(done)
    if len(done.triangles) < LEAST_TRIANGLES:
        raise Unreadable(f"is no surface of a body: only {len(done.triangles)} triangles are sound")
    return done


def fewer(vertices: Floats, triangles: Ints, count: int) -> tuple[Floats, Ints]:
    """About so many triangles of a welded surface, open or closed, by quadric error; a closed one may get faults."""
    mesh = pv.PolyData.from_regular_faces(vertices, np.asarray(triangles, int))
    smaller = mesh.decimate(max(0.0, 1.0 - count / len(triangles)), volume_preservation=True)
    return np.asarray(smaller.points, float), np.asarray(smaller.regular_faces, np.int64)


def _drop_broken(done: Mended) -> None:
    within = np.abs(np.nan_to_num(done.vertices, nan=np.inf, posinf=np.inf, neginf=np.inf)) < 1e7
    broken = np.asarray(~within.all(axis=1))
    bad = broken[done.triangles].any(axis=1)
    if not bad.any():
        return
    if bad.mean() > LOST:
        raise Unreadable(f"is damaged: {bad.mean():.0%} of its triangles have corners that are no numbers")
    done.triangles = done.triangles[~bad]
    done.repaired.append(f"{int(bad.sum()):,} triangles with corners that are no numbers left out")


def _weld(done: Mended) -> None:
    """One corner for those at the same place; no triangle without area, none twice; corners numbered anew."""
    used = np.unique(done.triangles)
    points = done.vertices[used]
    extent = float(np.ptp(points, axis=0).max()) if len(points) else 0.0
    if extent <= 0:
        raise Unreadable("is no surface: all its corners lie at one place")
    fine = np.round((points - points.min(axis=0)) / (extent * _FINE)).astype(np.int64)
    _, first, place = np.unique(fine @ [1, 1 << 21, 1 << 42], return_index=True, return_inverse=True)
    number = np.full(len(done.vertices), -1)
    number[used] = place
    triangles = number[done.triangles]
    a, b, c = triangles.T
    flat = (a == b) | (b == c) | (c == a)
    triangles = triangles[~flat]
    _, once = np.unique(np.sort(triangles, axis=1), axis=0, return_index=True)
    twice = len(triangles) - len(once)
    if twice:
        done.repaired.append(f"{twice:,} triangles that were there twice left out")
    done.vertices, done.triangles = points[first], triangles[np.sort(once)]
    if not len(done.triangles):
        raise Unreadable("is no surface: none of its triangles has an area")


def _drop_flakes(done: Mended) -> None:
    """Leave out loose pieces that are too small to mean anything; say how many larger ones there are."""
    pairs = np.concatenate([done.triangles[:, [0, 1]], done.triangles[:, [1, 2]]])
    size = len(done.vertices)
    graph = coo_array((np.ones(len(pairs), bool), pairs.T), shape=(size, size))
    _, piece = connected_components(graph, directed=False)
    piece = piece[done.triangles[:, 0]]
    corners = done.vertices[done.triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    areas = np.bincount(piece, area)
    small = (areas > 0) & (areas < FLAKE * area.sum())
    if small.any():
        done.triangles = done.triangles[~small[piece]]
        done.repaired.append(f"{int(small.sum()):,} loose flakes left out")
        done.vertices, done.triangles = _used(done.vertices, done.triangles)
    count = int(((areas > 0) & ~small).sum())
    if count > 1:
        done.odd.append(f"it is in {count} separate pieces")


def _used(vertices: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    used, number = np.unique(triangles, return_inverse=True)
    return vertices[used], number.reshape(-1, 3).astype(np.int64)


def _turn_outward(done: Mended) -> None:
    """All triangles of a piece the same way round, outward."""
    turned, piece = igl.bfs_orient(np.ascontiguousarray(done.triangles, np.int64))
    changed = int((turned != done.triangles).any(axis=1).sum())
    if changed:
        done.repaired.append(f"{min(changed, len(turned) - changed):,} triangles turned the way of the others")
    done.triangles = np.asarray(turned, np.int64)
    inside_out = 0
    for number in range(int(piece.max()) + 1):
        mine = np.flatnonzero(piece == number)
        part = done.triangles[mine]
        centre = done.vertices[part].reshape(-1, 3).mean(axis=0)
        if volume_mm3(done.vertices - centre, part) < 0:
            done.triangles[mine] = part[:, ::-1]
            inside_out += 1
    if inside_out and not changed:
        done.repaired.append("its inside was out: turned")


def _tell_faults(done: Mended) -> None:
    """Say what keeps the surface from being closed."""
    edges = np.sort(np.concatenate([done.triangles[:, [0, 1]], done.triangles[:, [1, 2]], done.triangles[:, [2, 0]]]))
    count = np.unique(edges, axis=0, return_counts=True)[1]
    if (count == 1).any():
        done.odd.append(f"it is open ({int((count == 1).sum()):,} border edges)")
    if (count > 2).any():
        done.odd.append(f"{int((count > 2).sum()):,} edges join more than two triangles")
