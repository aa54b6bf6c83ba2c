"""A structure while the modeller works on it: its ribbon and its grid, and the surfaces made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from meshes.atlas import Surface
from meshes.cleft import cut_heads, uncrossed
from meshes.loft import faces_of, grid_normals, ring_triangles
from meshes.ribbon import smoothstep
from meshes.surface import volume_mm3

if TYPE_CHECKING:
    from annotations.forms import Relief, RibbonForm, Tendon

Array = NDArray[np.float64]

SOURCE = "ischia"
"""Key of the atlas source that modelled structures carry."""


@dataclass(frozen=True)
class Grown:
    """A solved ribbon structure.

    ribbon, normals : (n, s, 3) the fibres and the direction of the superficial face
    thickness : (n, s) mm
    grid : (rows, around, 3) ring grid of the surface, LPS mm
    """

    form: RibbonForm
    ribbon: Array
    normals: Array
    thickness: Array
    grid: Array

    @property
    def solid(self) -> tuple[Array, NDArray[np.int64]]:
        """Vertices and triangles of the undivided surface, outward."""
        return closed(self.grid)

    def stretch(self, start: float, end: float) -> tuple[Array, NDArray[np.int64]]:
        """Vertices and triangles of the part of its length from u = start to u = end, closed."""
        last = len(self.grid) - 1
        return closed(self.grid[int(start * last) : int(np.ceil(end * last)) + 1])

    @property
    def volume(self) -> float:
        """mm³ of the undivided belly."""
        return volume_mm3(*self.solid)


def closed(grid: Array) -> tuple[Array, NDArray[np.int64]]:
    """Vertices (n, 3) and outward triangles (m, 3) of a ring grid."""
    vertices = grid.reshape(-1, 3)
    triangles = ring_triangles(grid.shape[0], grid.shape[1])
    return vertices, triangles if volume_mm3(vertices, triangles) > 0 else triangles[:, ::-1]


def noise(seed: int, shape: tuple[int, int], sigma: tuple[float, float]) -> Array:
    """Smooth noise of unit spread on a ring grid, the same on both faces' shared edges."""
    field = np.random.default_rng(seed).standard_normal(shape)
    field = gaussian_filter(field, sigma, mode=("nearest", "wrap"))
    return np.asarray(field / max(float(field.std()), 1e-9))


def tendon_mask(rows: int, around: int, tendon: Tendon, seed: int) -> Array:
    """(rows, around): 1 on tendon, 0 on belly, with a border that wanders gently from bundle to bundle."""
    if tendon.whole:
        return np.ones((rows, around))
    u = np.linspace(0.0, 1.0, rows)[:, None]
    generator = np.random.default_rng(seed)

    def border() -> Array:
        fine = gaussian_filter1d(generator.standard_normal(around), max(1.0, around / 60.0), mode="wrap")
        broad = gaussian_filter1d(generator.standard_normal(around), max(2.0, around / 14.0), mode="wrap")
        return np.asarray(tendon.ragged * (0.45 * fine / fine.std() + 0.8 * broad / broad.std()))[None]

    soft = tendon.softness
    near = tendon.proximal + border()
    far = tendon.distal + border()
    at_origin = 1.0 - smoothstep(-soft, soft, u - near) if tendon.proximal > 0.0 else np.zeros((rows, around))
    at_insertion = smoothstep(-soft, soft, u - far) if tendon.distal < 1.0 else np.zeros((rows, around))
    return np.maximum(at_origin, at_insertion)


def with_relief(grid: Array, relief: Relief, seed: int) -> Array:
    """Raise bundles of fibres on the superficial face: noise drawn out along the fibres, fading at ends and edges.

    The deep face, which lies on bone and neighbours at its exact clearance, stays.
    """
    if relief.height == 0.0:
        return grid
    rows, around = grid.shape[:2]
    wide = around / (2.0 * relief.bundles)
    pattern = 0.6 * noise(seed, (rows, around), (rows / 7.0, 0.45 * wide))
    pattern += 0.5 * noise(seed + 1, (rows, around), (rows / 4.0, 1.1 * wide))
    u = np.linspace(0.0, 1.0, rows)
    fade = smoothstep(0.0, 0.10, u) * smoothstep(0.0, 0.10, 1.0 - u)
    face = smoothstep(0.0, 0.5, np.sin(np.arange(around) / around * 2.0 * np.pi))
    height = relief.height * pattern * fade[:, None] * face[None]
    return np.asarray(grid + outward_normals(grid) * height[..., None])


def surfaces(form: RibbonForm, grid: Array, seed: int) -> list[Surface]:
    """The closed surfaces of a ribbon structure: one, or two abutting heads if its form is split."""
    whole = channels(form, grid, seed)
    if form.split is None:
        return [surface_of(whole)]
    return [surface_of(uncrossed(ring)) for ring in cut_heads(whole, form.split)]


def channels(form: RibbonForm, grid: Array, seed: int) -> Array:
    """A ring grid (n, v, 8) with its relief: positions, outward normals, place around, tendon."""
    tendon = tendon_mask(grid.shape[0], grid.shape[1], form.tendon, seed)
    raised = with_relief(grid, form.relief, seed)
    place = np.broadcast_to(around_fraction(raised), tendon.shape)
    return np.concatenate([raised, outward_normals(raised), place[..., None], tendon[..., None]], axis=2)


def surface_of(channels: Array) -> Surface:
    """A closed surface from a ring grid (n, v, 8) of positions, outward normals, place around and tendon."""
    rows, around = channels.shape[:2]
    vertices, triangles = closed(channels[..., :3])
    u = np.repeat(np.linspace(0.0, 1.0, rows), around)
    normals = channels[..., 3:6].reshape(-1, 3)
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    uv = np.stack([u, np.clip(channels[..., 6].ravel(), 0.0, 1.0)], axis=-1)
    tendon = np.clip(channels[..., 7].ravel(), 0.0, 1.0)
    return Surface(vertices=vertices, triangles=triangles, normals=normals, uv=uv, tendon=tendon)


def outward_normals(grid: Array) -> Array:
    """(n, v, 3) unit normals of a ring grid, pointing out of the solid."""
    turned = volume_mm3(grid.reshape(-1, 3), ring_triangles(grid.shape[0], grid.shape[1])) < 0
    return grid_normals(grid, outward=not turned)


def around_fraction(grid: Array) -> Array:
    """(around,) place of each ring point: 0 at one edge, 1 at the other, on both faces, so that no seam is needed."""
    half = grid.shape[1] // 2
    lengths = []
    for face in faces_of(grid):
        step = np.linalg.norm(np.diff(face, axis=1), axis=2).mean(axis=0)
        length = np.concatenate([[0.0], np.cumsum(step)])
        lengths.append(length / length[-1])
    superficial, deep = lengths
    return np.concatenate([superficial, deep[1:half][::-1]])
