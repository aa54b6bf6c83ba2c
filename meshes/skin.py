"""The skin from waist to ankles: a mannequin of published girths that follows the muscles and encloses everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import SuperLU

from meshes.atlas import Part, Structure, Surface
from meshes.body import Body, LimbSide
from meshes.grown import SOURCE
from meshes.skin_mesh import Net, even_out, onto, outermost
from meshes.skin_sections import SIDES, Figure, mannequin
from meshes.surface import vertex_normals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[float, str], None]


FINE = Net(half=66, seam=20, trunk=56, leg=84)
"""The net of the skin."""
CELL = 8.0
"""mm across the cells by which what lies deep under the skin is left out."""
ROUGH, DOUBT = 1.0, 1.05
"""Accuracy of winding numbers far from the skin, and the part by which a depth may read less than it is."""
RIM = 0.97
"""Size of the ring just inside the rim of a flat end; it keeps the rim's shading off the flat."""


def lay(figure: Figure, mesh: Net, rounds: int = 24) -> Floats:
    """(n, 3) vertices of the net on the mannequin's middle build, evenly spread."""
    field = partial(figure.field, thicker=0.0)
    points = np.zeros((mesh.size, 3))
    rows = mesh.trunk_rows
    angle = np.arange(2 * mesh.half) * np.pi / mesh.half
    way = np.column_stack([-np.sin(angle), -np.cos(angle), np.zeros(len(angle))])
    foot = (-50.0 - 38.0 * np.abs(np.sin(angle)) ** 0.8) * figure.scale[2]
    down = np.linspace(0.0, 1.0, mesh.trunk)
    start = np.zeros((*rows.shape, 3))
    start[..., 1] = 12.0 * figure.scale[1]
    start[..., 2] = figure.waist + (foot - figure.waist) * down[:, None]
    flat = start.reshape(-1, 3)
    points[rows.ravel()] = outermost(field, flat, np.tile(way, (mesh.trunk, 1)), np.full(len(flat), 260.0))
    _lay_perineum(points, field, mesh)
    for side in SIDES:
        _lay_leg(points, figure, field, mesh, side)
    for _ in range(rounds):
        points, normals = onto(field, points)
        points = even_out(points, mesh.mean, normals)
        _level(points, figure, mesh)
    for _ in range(3):
        points, _ = onto(field, points)
        _level(points, figure, mesh)
    return points


def _lay_perineum(points: Floats, field: Callable[[Floats], Floats], mesh: Net) -> None:
    front, back = points[mesh.trunk_rows[-1, 0]], points[mesh.trunk_rows[-1, mesh.half]]
    origin = (front + back) / 2.0 + np.array([0.0, 0.0, 25.0])
    turns = [np.arctan2(*(end - origin)[[2, 1]]) % (2.0 * np.pi) for end in (back, front)]
    turns[0] += 2.0 * np.pi if turns[0] < turns[1] else 0.0
    turn = np.linspace(turns[0], turns[1], mesh.seam + 1)[1:-1]
    way = np.column_stack([np.zeros(len(turn)), np.cos(turn), np.sin(turn)])
    points[mesh.perineum] = outermost(field, np.tile(origin, (len(turn), 1)), way, np.full(len(turn), 120.0))


def _lay_leg(points: Floats, figure: Figure, field: Callable[[Floats], Floats], mesh: Net, side: LimbSide) -> None:
    sign = -1.0 if side == "right" else 1.0
    rows, bones = mesh.leg_rows(side == "right"), figure.limbs[side]
    first = points[rows[0]]
    steps = np.linspace(0.0, 1.0, mesh.leg)[1:]
    steps = 0.62 * steps + 0.38 * steps**2
    top = bones.height(np.array(0.2))
    low = first[:, 2].min()
    rays = []
    for step in steps:
        level = low + (figure.cut - low) * step
        blend = np.clip((low - level) / (low - top) if low > top else 1.0, 0.0, 1.0)
        z = np.full(len(first), level) * blend + (1.0 - blend) * (first[:, 2] + (level - low))
        axis = bones.axis(bones.along(z))
        centre = np.column_stack([sign * axis[:, 0], axis[:, 1], z])
        away = (first - centre)[:, :2]
        turn = np.unwrap(np.arctan2(away[:, 1], sign * away[:, 0]))
        even = turn[0] + np.arange(len(turn)) * np.sign(turn[-1] - turn[0]) * 2.0 * np.pi / len(turn)
        share = np.clip(step * 3.0, 0.0, 1.0)
        turn = turn + share * (even - turn)
        way = np.column_stack([sign * np.cos(turn), np.sin(turn), np.zeros(len(turn))])
        inwards = np.maximum(-sign * way[:, 0], 1e-6)
        reach = np.minimum(200.0, np.maximum((axis[:, 0] - 1.0) / inwards, 5.0))
        rays.append((centre, way, reach))
    centres, ways, reaches = (np.concatenate(each) for each in zip(*rays, strict=True))
    points[rows[1:].ravel()] = outermost(field, centres, ways, reaches)


def _level(points: Floats, figure: Figure, mesh: Net) -> None:
    """Keep the ends flat, what lies in them in its place, and the midline in the midline."""
    points[mesh.midline, 0] = 0.0
    for name, cap in mesh.caps.items():
        points[cap, 2] = figure.waist if name == "waist" else figure.cut
        rim, inner = cap[:-1].reshape(2, -1)
        middle = points[rim, :2].mean(axis=0)
        points[inner, :2] = middle + RIM * (points[rim, :2] - middle)
        points[cap[-1], :2] = middle


def _outward(points: Floats, mesh: Net) -> Floats:
    """(n, 3) unit normals, at the rims of the flat ends those of the side alone."""
    normals = vertex_normals(points, mesh.triangles)
    rims = np.concatenate([cap[:-1].reshape(2, -1)[0] for cap in mesh.caps.values()])
    normals[rims, 2] = 0.0
    normals[rims] /= np.linalg.norm(normals[rims], axis=1, keepdims=True)
    return normals


class Contents:
    """All that the skin encloses. vertices : (n, 3);  triangles : (m, 3)"""

    def __init__(self, structures: Iterable[Structure]) -> None:
        surfaces = [part.surface for structure in structures for part in structure.parts]
        starts = np.cumsum([0] + [len(surface.vertices) for surface in surfaces])
        self.vertices = np.concatenate([surface.vertices for surface in surfaces])
        self.triangles = np.concatenate([s.triangles + start for s, start in zip(surfaces, starts, strict=False)])
        self._tree = igl.AABB()
        self._tree.init(self.vertices, self.triangles)

    def depth(self, points: Floats) -> Floats:
        """(n,) distance of points to what is nearest."""
        return np.asarray(np.sqrt(self._tree.squared_distance(self.vertices, self.triangles, points)[0]))

    def near(self, cover: Cover, reach: float) -> Floats:
        """(k, 3) vertices that lie no deeper than so many mm under a skin, or outside it."""
        cells, cell = self._cells
        deepest = reach + np.sqrt(0.75) * CELL
        shallow = cover.outside(cells, DOUBT * deepest)[0] > -DOUBT * deepest
        some = self.vertices[shallow[cell]]
        return np.asarray(some[cover.outside(some, reach)[0] > -reach])

    @cached_property
    def _cells(self) -> tuple[Floats, Ints]:
        """(k, 3) middles of the cells of space that hold vertices, and the cell (n,) of each vertex."""
        place = np.rint(self.vertices / CELL).astype(np.int64)
        place -= place.min(axis=0)
        size = place.max(axis=0) + 1
        _, first, cell = np.unique(
            (place[:, 0] * size[1] + place[:, 1]) * size[2] + place[:, 2], return_index=True, return_inverse=True
        )
        return CELL * np.rint(self.vertices[first] / CELL), cell


class Cover:
    """A closed skin that is asked how far outside it points lie."""

    def __init__(self, points: Floats, triangles: Ints) -> None:
        self._points, self._triangles = np.ascontiguousarray(points), np.ascontiguousarray(triangles)
        self._boxes, self._winding = igl.AABB(), igl.FastWindingNumberBVH()
        self._boxes.init(self._points, self._triangles)
        self._winding.init(self._points, self._triangles, 2)

    def outside(self, inner: Floats, deepest: float) -> tuple[Floats, Ints]:
        """(k,) distance of points from the skin, negative inside, and the triangle that is nearest.

        What lies deeper than `deepest` mm is only told to be so. Inside is told by winding number; near the skin the
        distance shrinks as that goes astray, as igl's own signed distance does.
        """
        squared, face, _ = self._boxes.squared_distance(self._points, self._triangles, inner)
        distance = np.sqrt(squared)
        sign = np.full(len(inner), -1.0)
        deep = np.flatnonzero(distance > DOUBT * deepest)
        shallow = np.ones(len(inner), dtype=bool)
        shallow[deep] = self._winding.winding_number(inner[deep], ROUGH) < 0.8
        winding = self._winding.winding_number(inner[shallow])
        sign[shallow] = 1.0 - 2.0 * np.abs(winding.astype(np.float32).astype(np.float64))
        return np.asarray(sign * distance), np.asarray(face)


def outside(inner: Floats, points: Floats, triangles: Ints) -> Floats:
    """(k,) distance of points from a closed skin, negative inside."""
    return Cover(points, triangles).outside(np.ascontiguousarray(inner), np.inf)[0]


def follow(points: Floats, thicker: float, figure: Figure, mesh: Net, contents: Contents) -> Floats:
    """Move the skin to the thickness of its subcutaneous layer over the muscles, and off all that is too near."""
    rule, want = figure.shape.following, (1.0 + thicker) * figure.thickness(points)
    for reach in (16.0, 16.0, 9.0, 9.0):
        spread, short = mesh.smoother(reach), want - contents.depth(points)
        if reach > 10.0:
            shift = spread.solve(short * np.exp(-((short / rule.farthest) ** 2)) * figure.follows(points))
        else:
            shift = spread.solve(np.maximum(short - (1.0 - rule.least) * want, 0.0))
        points = points + shift[:, None] * _outward(points, mesh)
        _level(points, figure, mesh)
    return enclose(points, figure, mesh, contents, mesh.smoother(4.0))


def enclose(points: Floats, figure: Figure, mesh: Net, contents: Contents, narrow: SuperLU) -> Floats:
    """Push the skin outwards, smoothly, until everything lies inside it by the least distance."""
    margin = figure.shape.following.clearance
    cover = Cover(points, mesh.triangles)
    inner = contents.near(cover, 12.0)
    links = (mesh.mean > 0).astype(float)
    least = np.full(len(inner), -np.inf)
    for _ in range(12):
        asked = np.flatnonzero(least < DOUBT * margin)
        distance, face = cover.outside(inner[asked], margin)
        least[asked] = -distance
        missing = np.maximum(distance + margin, 0.0)
        if not missing.any():
            break
        shift = np.zeros(mesh.size)
        np.maximum.at(shift, mesh.triangles[face].ravel(), np.repeat(missing, 3))
        spread = shift
        for _ in range(3):
            spread = np.maximum(spread, (links.multiply(spread[None, :])).max(axis=1).toarray().ravel())
        shift, before = np.maximum(shift, narrow.solve(spread)), points
        points = points + shift[:, None] * _outward(points, mesh)
        _level(points, figure, mesh)
        least -= np.linalg.norm(points - before, axis=1).max()
        cover = Cover(points, mesh.triangles)
    return points


def thicken(points: Floats, thicker: float, figure: Figure, mesh: Net, steps: int = 4) -> Floats:
    """The net carried from the middle build to another one, vertex by vertex.

    Between the thighs, where two sheets of skin may come to touch, the net goes along with what is around it.
    """
    middle, fill = points, mesh.filler(figure.between_thighs(points))
    for step in range(1, steps + 1):
        field = partial(figure.field, thicker=thicker * step / steps)
        for _ in range(2):
            points, normals = onto(field, points)
            points = even_out(points, mesh.mean, normals, 0.3)
            _level(points, figure, mesh)
            points = _keep_sides(middle, middle + fill(points - middle), figure)
    return points


def _keep_sides(before: Floats, after: Floats, figure: Figure) -> Floats:
    """Points that do not come nearer to the midline than the thighs may, unless they were."""
    least = np.minimum(np.abs(before[:, 0]), figure.shape.leg.apart)
    beside = np.abs(before[:, 0]) > least / 2.0
    kept = after.copy()
    kept[:, 0] = np.where(
        beside, np.sign(before[:, 0]) * np.maximum(after[:, 0] * np.sign(before[:, 0]), least), after[:, 0]
    )
    return kept


def skin(body: Body, structures: Iterable[Structure], progress: Progress | None = None, mesh: Net = FINE) -> Structure:
    """The skin of a body around all that was grown in it, with its slim and its large build as shapes of one net."""
    tell: Progress = progress or (lambda done, text: None)
    figure = Figure(body, mannequin())
    tell(0.0, "Skin")
    middle = lay(figure, mesh)
    mesh = mesh.with_short_diagonals(middle)
    contents = Contents(structures)
    tell(0.4, "Skin")
    built = {"": follow(middle, 0.0, figure, mesh, contents)}
    for index, (name, thicker) in enumerate(figure.shape.subcutaneous.builds.items()):
        tell(0.6 + 0.2 * index, f"Skin, {name} build")
        built[name] = follow(thicken(middle, thicker, figure, mesh), thicker, figure, mesh, contents)
    tell(1.0, "Skin")
    shapes = {name: Surface(v, mesh.triangles, vertex_normals(v, mesh.triangles)) for name, v in built.items()}
    return Structure("skin", "skin", "midline", "skin", [Part("skin", shapes.pop(""), shapes=shapes)], SOURCE)
