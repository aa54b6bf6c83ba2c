"""The exact surface of one bone in one place: from element coordinates to points and normals, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import igl
import numpy as np
from numpy.typing import NDArray

from meshes.lagrange import ElementMesh, Floats, Grid, Ints, monomials

SEARCH_RESOLUTION = 10
"""Steps along each element edge of the grid in which the nearest place is looked for before it is refined."""


@dataclass(frozen=True)
class Patch:
    """The elements of one bone with their shape.

    mesh : all elements of the file that holds the bone;  elements : the numbers of those that are this bone
    nodes : (n, 3) node positions, LPS mm;  mirrored : whether the positions were mirrored, which turns normals round
    """

    mesh: ElementMesh
    elements: Ints
    nodes: Floats
    mirrored: bool = False

    @cached_property
    def _polynomials(self) -> Floats:
        return self.mesh.polynomials(self.nodes)

    @cached_property
    def _search(self) -> tuple[Grid, Floats]:
        grid = self.mesh.grid(SEARCH_RESOLUTION, self.elements)
        return grid, self.points(grid.elements, grid.xi)

    def points(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 3) points at (k,) elements and their (k, 2) coordinates."""
        return np.asarray(np.einsum("km,kmc->kc", monomials(xi), self._polynomials[elements]))

    def tangents(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 2, 3) derivatives of the surface along ξ1 and ξ2."""
        along = [np.einsum("km,kmc->kc", monomials(xi, axis), self._polynomials[elements]) for axis in (0, 1)]
        return np.stack(along, axis=1)

    def normals(self, elements: Ints, xi: Floats) -> Floats:
        """(k, 3) unit outward normals."""
        tangents = self.tangents(elements, xi)
        normals = np.cross(tangents[:, 0], tangents[:, 1]) * (-1.0 if self.mirrored else 1.0)
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        return np.asarray(normals / np.where(length > 1e-12, length, 1.0))

    def surface(self, resolution: int) -> tuple[Floats, Ints]:
        """(n, 3) vertices and (m, 3) outward triangles with `resolution` steps along every element edge."""
        grid = self.mesh.grid(resolution, self.elements)
        return self.points(grid.elements, grid.xi), grid.triangles[:, ::-1] if self.mirrored else grid.triangles

    def nearest(self, points: Floats) -> tuple[Ints, Floats]:
        """Element (k,) and coordinates (k, 2) of the places nearest to (k, 3) points."""
        grid, vertices = self._search
        query = np.ascontiguousarray(np.atleast_2d(points), dtype=np.float64)
        _, face, foot = igl.point_mesh_squared_distance(query, vertices, grid.triangles)
        corners = vertices[grid.triangles[face]]
        share = igl.barycentric_coordinates(
            np.ascontiguousarray(foot), *(np.ascontiguousarray(corners[:, i]) for i in range(3))
        )
        elements = grid.hosts[face]
        xi = np.einsum("ki,kic->kc", share, grid.corners[face])
        return elements, self._refine(query, elements, xi)

    def _refine(self, query: Floats, elements: Ints, xi: Floats, steps: int = 12) -> Floats:
        """Walk within each element to the place nearest to its query point (Gauss–Newton, kept inside)."""
        triangle = self.mesh.is_triangle()[elements]
        best = inside(xi, triangle)
        miss = np.linalg.norm(self.points(elements, best) - query, axis=1)
        here = best
        for _ in range(steps):
            jacobian = self.tangents(elements, here).transpose(0, 2, 1)
            residual = query - self.points(elements, here)
            step = np.einsum("kij,kj->ki", np.linalg.pinv(jacobian), residual)
            here = inside(here + np.clip(step, -0.2, 0.2), triangle)
            distance = np.linalg.norm(self.points(elements, here) - query, axis=1)
            better = distance < miss
            best = np.where(better[:, None], here, best)
            miss = np.where(better, distance, miss)
        return best


def inside(xi: Floats, triangle: NDArray[np.bool_]) -> Floats:
    """(k, 2) coordinates moved to the nearest place within their square or triangle."""
    clipped = np.clip(xi, 0.0, 1.0)
    excess = np.maximum(xi.sum(axis=1, keepdims=True) - 1.0, 0.0) / 2.0
    slanted = np.clip(xi - excess, 0.0, 1.0)
    slanted = slanted / np.maximum(slanted.sum(axis=1, keepdims=True), 1.0)
    return np.where(triangle[:, None], slanted, clipped)
