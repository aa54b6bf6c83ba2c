"""What a trigger point brings into a figure, as in the page: stippling on skin or flesh, an X, a ball of true size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from meshes.marks import MarksDocument, PointMarks, unpacked
from meshes.pressing import Rays
from viewer.caps import clipped
from viewer.palette import Theme, colour

if TYPE_CHECKING:
    import pyvista

    from annotations.safety import Safety
    from meshes.atlas import Atlas, Structure, Surface
    from viewer.scene import Scene

Array = NDArray[np.float64]

SKIN = "skin"
RADIUS: Final = {"essential": 1.5, "spillover": 1.9}
"""mm of a filled disc and of an open ring."""
HOLE = 0.5
"""Part of a ring's radius that is open."""
LIFT, LIFT_OFF_FLESH = 0.4, 1.6
"""mm that ink stands off the surface, so that the surface does not show through it: skin is smooth, flesh is not."""
DEEPEST = 130.0
"""No tissue under the skin is thicker, mm: what lies deeper is another part of the body."""
CORNERS = 24
ROLLER = 330.0
"""Length of the short foam roller that is sold most, mm."""

BALLS = {"tennis_ball": ("#c9dc3a", 0.85), "lacrosse_ball": ("#e9eaec", 0.85), "roller": ("#3e5c76", 0.4)}
"""Colour, and opacity: what covers half the body must not hide it."""


@dataclass(frozen=True)
class Dots:
    """Places of dots (n, 3) LPS mm, the directions (n, 3) that they face, and which (n,) are essential."""

    centres: Array
    facing: Array
    essential: NDArray[np.bool_]


def point_marks(scene: Scene, marks: MarksDocument | None) -> PointMarks | None:
    """The marks of the scene's trigger point on its side, if this body has them."""
    if scene.trigger is None or marks is None:
        return None
    return marks.points.get(scene.trigger.id, {}).get(scene.trigger.side)


def on_skin(point: PointMarks, skin: Surface) -> Dots:
    """The dots of a point's zones on the skin as it stands."""
    centres, facing, essential = [np.zeros((0, 3))], [np.zeros((0, 3))], [np.zeros(0, dtype=bool)]
    for zone in point.zones:
        dots = unpacked(zone.dots)
        corners = skin.triangles[dots.triangles]
        centres.append(np.einsum("ij,ijk->ik", dots.weights, skin.vertices[corners]))
        facing.append(_units(np.einsum("ij,ijk->ik", dots.weights, skin.normals[corners])))
        essential.append(np.full(len(dots.triangles), zone.level == "essential"))
    return Dots(np.concatenate(centres), np.concatenate(facing), np.concatenate(essential))


def beneath(dots: Dots, structures: Iterable[Structure]) -> Dots:
    """The same dots where they fall, straight inwards, onto the first of these structures; without those that miss."""
    nearest = np.full(len(dots.centres), np.inf)
    for structure in structures:
        for part in structure.parts:
            nearest = np.minimum(nearest, Rays(part.surface).first(dots.centres, -dots.facing))
    hit = nearest < DEEPEST
    centres = dots.centres[hit] - dots.facing[hit] * nearest[hit, None]
    return Dots(centres, dots.facing[hit], dots.essential[hit])


def discs(dots: Dots, essential: bool, lift: float = LIFT) -> tuple[Array, NDArray[np.int64]]:
    """Vertices (v, 3) and triangles (t, 3) of the filled discs, or of the open rings, laid onto the surface."""
    rows = dots.essential == essential
    facing = dots.facing[rows]
    middle = dots.centres[rows] + lift * facing
    helper = np.where(np.abs(facing[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[0.0, 1.0, 0.0]])
    across = _units(np.cross(helper, facing))
    along = np.cross(facing, across)
    turn = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    way = across[:, None] * np.cos(turn)[:, None] + along[:, None] * np.sin(turn)[:, None]
    radius = RADIUS["essential" if essential else "spillover"]
    inner = 0.0 if essential else HOLE
    rings = [middle[:, None] + radius * share * way for share in (inner, 1.0)]
    vertices = np.concatenate(rings, axis=1)
    here, after = np.arange(CORNERS), (np.arange(CORNERS) + 1) % CORNERS
    one = np.concatenate(
        [np.column_stack([here, CORNERS + here, CORNERS + after]), np.column_stack([here, CORNERS + after, after])]
    )
    starts = np.arange(len(middle)) * 2 * CORNERS
    return vertices.reshape(-1, 3), (starts[:, None, None] + one).reshape(-1, 3)


def middle_of(point: PointMarks, ball: str, radius: float, sinks: float, skin: Surface) -> tuple[Array, Array] | None:
    """The middle (3,) of a ball where it may stand and the way (3,) it presses; None where it may stand nowhere."""
    place = next((each for each in point.balls if each.ball == ball), None)
    if place is None or place.best is None or place.direction is None:
        return None
    direction = np.array(place.direction)
    return skin.vertices[place.best] - direction * (radius - sinks), direction


def add_marks(
    plotter: pyvista.Plotter, point: PointMarks, scene: Scene, atlas: Atlas, seen: Sequence[Structure], colours: Theme
) -> None:
    """Draw the stippling of a trigger point: on the skin if it is seen and asked for, else on what is seen beneath."""
    import pyvista

    skin = atlas.structures[SKIN].parts[0].surface
    dots, flesh = on_skin(point, skin), [structure for structure in seen if structure.id != SKIN]
    under = scene.stipple == "muscle" or len(flesh) == len(seen)
    if under:
        dots = beneath(dots, flesh)
    for essential in (True, False):
        vertices, triangles = discs(dots, essential, LIFT_OFF_FLESH if under else LIFT)
        if len(triangles) == 0:
            continue
        mesh: Any = pyvista.PolyData.from_regular_faces(vertices, triangles.astype(int))
        mesh = mesh if scene.cut is None else clipped(mesh, scene.cut)
        plotter.add_mesh(mesh, color=tuple(colours.pain_on_flesh if under else colours.pain), lighting=False)


def add_ball(
    plotter: pyvista.Plotter, point: PointMarks, scene: Scene, atlas: Atlas, safety: Safety, sinks: float
) -> None:
    """Draw the scene's ball where it may stand."""
    import pyvista

    thing = next((ball for ball in safety.balls if ball.id == scene.ball), None)
    if thing is None:
        return
    radius = thing.diameter / 2.0
    placed = middle_of(point, thing.id, radius, sinks, atlas.structures[SKIN].parts[0].surface)
    if placed is None:
        return
    middle, direction = placed
    if thing.id == "roller":
        level = _units(np.cross(direction, [0.0, 0.0, 1.0])[None])[0]
        mesh: Any = pyvista.Cylinder(
            center=tuple(middle), direction=tuple(level), radius=radius, height=ROLLER, resolution=96
        )
    else:
        mesh = pyvista.Sphere(radius=radius, center=tuple(middle), theta_resolution=64, phi_resolution=64)
    tint, alpha = BALLS[thing.id]
    round_ = thing.id != "roller"
    plotter.add_mesh(
        mesh,
        color=tuple(colour(tint)),
        opacity=alpha,
        smooth_shading=round_,
        culling="back",
        ambient=0.25,
        specular=0.1,
    )


def _units(vectors: Array) -> Array:
    lengths: Array = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)
