"""Curved bone surfaces: Lagrange elements that share nodes, evaluated anywhere and triangulated without a seam.

The population bones come as three JSON files: node values (`.geof`), the polynomial of each element type (`.ens`) and
which element points are one node (`.mesh`). An element is a square or a triangle in its coordinates (ξ1, ξ2); its
points lie on a regular lattice, row by row, ξ1 running fastest. A square covers 0 ≤ ξ1, ξ2 ≤ 1, a triangle
ξ1, ξ2 ≥ 0 with ξ1 + ξ2 ≤ 1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEGREES: dict[str, tuple[int, int, bool]] = {
    "quad44": (3, 3, False),
    "quad54": (4, 3, False),
    "quad55": (4, 4, False),
    "tri10": (3, 3, True),
    "tri15": (4, 4, True),
}
"""Element type to its degree along ξ1, its degree along ξ2, and whether it is a triangle."""

POWERS = np.array([(a, b) for b in range(5) for a in range(5)])
"""The 25 monomials ξ1^a ξ2^b that span every element type used by the population bones."""


class ElementFileError(ValueError):
    """A file of the population bones does not hold what its format promises."""


def lattice(kind: str) -> Ints:
    """(k, 2) steps along ξ1 and ξ2 of the points of an element type, in the order in which its nodes are stored."""
    p, q, triangle = DEGREES[kind]
    return np.array([(i, j) for j in range(q + 1) for i in range(p + 1 - (j if triangle else 0))])


@cache
def shape_coefficients(kind: str) -> Floats:
    """(25, k) coefficients over `POWERS` of the shape function of each of the k points of an element type."""
    p, q, triangle = DEGREES[kind]
    points = lattice(kind) / np.array([p, q])
    used = [i for i, (a, b) in enumerate(POWERS) if (a + b <= p if triangle else a <= p and b <= q)]
    vandermonde = np.prod(points[:, None, :] ** POWERS[used][None], axis=2)
    coefficients = np.zeros((len(POWERS), len(points)))
    coefficients[used] = np.linalg.inv(vandermonde)
    return coefficients


def monomials(xi: Floats, derivative: int | None = None) -> Floats:
    """(n, 25) monomials at (n, 2) element coordinates, or their derivative along ξ1 (0) or ξ2 (1)."""
    powers = [np.power(xi[:, axis, None], np.arange(5)) for axis in (0, 1)]
    if derivative is not None:
        lowered = np.zeros_like(powers[derivative])
        lowered[:, 1:] = powers[derivative][:, :-1] * np.arange(1, 5)
        powers[derivative] = lowered
    return (powers[1][:, :, None] * powers[0][:, None, :]).reshape(len(xi), 25)


@dataclass(frozen=True)
class Grid:
    """A triangulation in element coordinates, the same for every shape that the nodes take.

    elements : (n,) element of each vertex;  xi : (n, 2) its coordinates;  triangles : (m, 3) vertex indices
    hosts : (m,) element in which each triangle lies;  corners : (m, 3, 2) coordinates of its corners in that element
    """

    elements: Ints
    xi: Floats
    triangles: Ints
    hosts: Ints
    corners: Floats


@dataclass(frozen=True)
class ElementMesh:
    """Elements and the nodes they share; the node positions are given when it is evaluated.

    kinds : element type of each element;  nodes : node indices of each element, in lattice order
    """

    kinds: tuple[str, ...]
    nodes: tuple[Ints, ...]
    node_count: int
    _grids: dict[tuple[object, ...], Grid] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def components(self) -> tuple[Ints, ...]:
        """Element numbers of each connected piece, in the order of their first element."""
        element = np.concatenate([np.full(len(n), e) for e, n in enumerate(self.nodes)])
        node = np.concatenate(self.nodes) + len(self.kinds)
        size = len(self.kinds) + self.node_count
        links = coo_array((np.ones(len(node)), (element, node)), shape=(size, size))
        labels = connected_components(links, directed=False)[1][: len(self.kinds)]
        return tuple(np.flatnonzero(labels == label) for label in dict.fromkeys(labels))

    def polynomials(self, positions: Floats) -> Floats:
        """(elements, 25, 3) coefficients over `POWERS` of every element, for (nodes, 3) node positions."""
        return np.stack([shape_coefficients(k) @ positions[n] for k, n in zip(self.kinds, self.nodes, strict=True)])

    def is_triangle(self) -> NDArray[np.bool_]:
        """(elements,) whether each element is a triangle."""
        return np.array([DEGREES[kind][2] for kind in self.kinds])

    def grid(self, resolution: int, elements: ArrayLike | None = None) -> Grid:
        """Triangulate with `resolution` steps along every element edge; points on shared edges are shared.

        elements : the elements to triangulate, all if None.
        """
        chosen = np.arange(len(self.kinds)) if elements is None else np.asarray(elements, dtype=np.int64)
        asked = (resolution, *chosen.tolist())
        if asked not in self._grids:
            self._grids[asked] = self._triangulate(resolution, chosen)
        return self._grids[asked]

    def _triangulate(self, resolution: int, chosen: Ints) -> Grid:
        index: dict[tuple[object, ...], int] = {}
        owner: list[int] = []
        at: list[tuple[int, int]] = []
        triangles: list[tuple[int, int, int]] = []
        hosts: list[int] = []
        corners: list[list[tuple[int, int]]] = []
        for element in chosen.tolist():
            local: dict[tuple[int, int], int] = {}
            triangle = DEGREES[self.kinds[element]][2]
            keys = self._edge_keys(element, resolution)
            for j in range(resolution + 1):
                for i in range(resolution + 1 - (j if triangle else 0)):
                    key = keys.get((i, j), (element, i, j))
                    if key not in index:
                        index[key] = len(owner)
                        owner.append(element)
                        at.append((i, j))
                    local[i, j] = index[key]
            for i, j in local:
                for corner in ([(i, j), (i + 1, j), (i, j + 1)], [(i + 1, j), (i + 1, j + 1), (i, j + 1)]):
                    if all(point in local for point in corner):
                        triangles.append((local[corner[0]], local[corner[1]], local[corner[2]]))
                        hosts.append(element)
                        corners.append(corner)
        faces = np.array(triangles)
        distinct = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
        return Grid(
            np.array(owner),
            np.array(at) / resolution,
            faces[distinct],
            np.array(hosts)[distinct],
            (np.array(corners) / resolution)[distinct],
        )

    def _edge_keys(self, element: int, resolution: int) -> dict[tuple[int, int], tuple[object, ...]]:
        """Names of the lattice points on an element's edges that are the same seen from the neighbouring element."""
        p, q, triangle = DEGREES[self.kinds[element]]
        number = {
            (i, j): int(n) for (i, j), n in zip(lattice(self.kinds[element]).tolist(), self.nodes[element], strict=True)
        }
        r = resolution
        # Each edge: the nodes along it, and where its first lattice point lies and which way the next ones follow.
        edges = [([(i, 0) for i in range(p + 1)], (0, 0), (1, 0)), ([(0, j) for j in range(q + 1)], (0, 0), (0, 1))]
        if triangle:
            edges.append(([(p - j, j) for j in range(q + 1)], (r, 0), (-1, 1)))
        else:
            edges.append(([(i, q) for i in range(p + 1)], (0, r), (1, 0)))
            edges.append(([(p, j) for j in range(q + 1)], (r, 0), (0, 1)))
        keys: dict[tuple[int, int], tuple[object, ...]] = {}
        for points, start, step in edges:
            along = tuple(number[point] for point in points)
            flipped = along[::-1] < along
            name = along[::-1] if flipped else along
            for k in range(r + 1):
                place = start[0] + k * step[0], start[1] + k * step[1]
                if k in (0, r) or len(set(along)) == 1:
                    keys[place] = (along[-1 if k == r else 0],)
                else:
                    keys[place] = (name, r - k if flipped else k)
        return keys


def read_mesh(ensemble: Path, mesh: Path) -> ElementMesh:
    """Read element types and node sharing from an `.ens` and a `.mesh` file.

    Raises `ElementFileError` where a file has an element type or a node numbering that is not known here.
    """
    topology = json.loads(mesh.read_text())
    order = json.loads(ensemble.read_text())["custom_map"]
    kinds = tuple(topology["elements"][str(e)].split()[1] for e in range(topology["element_counter"]))
    for kind in kinds:
        if kind not in DEGREES:
            raise ElementFileError(
                f"{mesh.name}: unknown element type {kind!r}; known are {', '.join(sorted(DEGREES))}"
            )
    joined = {_point(k): [_point(p) for p in v.split()] for k, v in topology["connectivity"].items()}
    number: dict[tuple[int, int], int] = {}
    count = 0
    # Nodes are numbered in the order in which their first element point appears: that is how the files were written.
    for point in sorted(joined):
        if point not in number:
            number.update(dict.fromkeys([point, *joined[point]], count))
            count += 1
    if count != topology["number_of_points"]:
        raise ElementFileError(f"{mesh.name}: {count} nodes found, {topology['number_of_points']} announced")
    to_file = {int(k): int(v) for k, v in order.items()} if order else {n: n for n in range(count)}
    nodes = tuple(np.array([to_file[number[e, p]] for p in range(len(lattice(kind)))]) for e, kind in enumerate(kinds))
    return ElementMesh(kinds, nodes, count)


def _point(text: str) -> tuple[int, int]:
    element, point = text.split("_")
    return int(element), int(point)


def read_nodes(field: Path) -> Floats:
    """(n, 3) node positions of a `.geof` file, mm."""
    values = json.loads(field.read_text())["field_parameters"]
    return np.array([[float(values[name][f"dim {axis}"]) for axis in range(3)] for name in sorted(values)])
