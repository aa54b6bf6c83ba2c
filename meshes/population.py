"""The population body: the mean adult skeleton of the pelvis and lower limbs, or a shape so many SDs away from it.

Frame: LPS millimetres, level, origin midway between the femoral heads. The wheel's own right limb lies on its left
one, so the right limb here is the left one mirrored by hip bone onto hip bone; each head stands in its own acetabulum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from meshes.body import Body, Bone, Floats, Ints, LimbSide
from meshes.hip import fit_head, lunate, settle, widen
from meshes.knee import seat_knee
from meshes.lagrange import ElementMesh, read_mesh
from meshes.landmarks import landmark_places
from meshes.modelled import ModelledBones, modelled_bones
from meshes.patch import Patch
from meshes.registration import IDENTITY, MIRRORING, Rigid, fit_rigid, fit_sphere, register
from meshes.shape_model import population_folder, shape_model

FILES = {
    "pelvis": ("pelvis_combined_cubic_flat", "pelvis_combined_cubic_flat"),
    "femur": ("femur_left_quartic_flat", "femur_left_quartic_flat"),
    "patella": ("patella_11_left", "patella_11_left"),
    "tibia_fibula": ("tibia_fibula_left_cubic_flat", "tibia_fibula_left_cubic_flat"),
}
"""Element types and node sharing of each group of bones."""

PIECES = {
    "hip_bone.right": ("pelvis", 0),
    "hip_bone.left": ("pelvis", 1),
    "sacrum": ("pelvis", 2),
    "femur": ("femur", 0),
    "patella": ("patella", 0),
    "tibia": ("tibia_fibula", 0),
    "fibula": ("tibia_fibula", 1),
}
"""Each bone as a connected piece of its group; limb bones are those of the left side."""

LIMB = ("femur", "patella", "tibia", "fibula")
FIT_RESOLUTION = 10
"""Steps along an element edge of the grids on which joints, symmetry and level are measured."""


@cache
def element_mesh(group: str) -> ElementMesh:
    """Elements of one group of bones (`pelvis`, `femur`, `patella`, `tibia_fibula`)."""
    types, sharing = FILES[group]
    folder = population_folder() / "atlas_meshes"
    return read_mesh(folder / f"{types}.ens", folder / f"{sharing}.mesh")


def patch(piece: str, nodes: dict[str, Floats], mirrored: bool = False) -> Patch:
    """The exact surface of one bone of `PIECES` for given node positions of its group."""
    group, component = PIECES[piece]
    mesh = element_mesh(group)
    return Patch(mesh, mesh.components[component], nodes[group], mirrored)


@dataclass(frozen=True)
class Places:
    """(k,) elements and (k, 2) coordinates of places on one bone."""

    elements: Ints
    xi: Floats

    def on(self, surface: Patch) -> Floats:
        """(k, 3) points of the places."""
        return surface.points(self.elements, self.xi)


@dataclass(frozen=True)
class Correspondence:
    """What is found once, on the mean shape, and holds for every shape.

    right, left : paired places on the two hip bones;  anterior : per side, the anterior superior spine and the foremost
    point of the pubis;  lunate : per side, places on the joint surface of the acetabulum
    """

    right: Places
    left: Places
    anterior: dict[LimbSide, Places]
    lunate: dict[LimbSide, Places]


@cache
def correspondence() -> Correspondence:
    """Pair the hip bones of the mean shape and find the places that level it and seat its heads."""
    nodes = shape_model().nodes()
    right, left, femur = (patch(piece, nodes) for piece in ("hip_bone.right", "hip_bone.left", "femur"))
    places = {name: _grid_places(name) for name in ("hip_bone.right", "hip_bone.left")}
    points = {name: places[name].on(patch(name, nodes)) for name in places}
    middle = np.vstack(list(points.values())).mean(axis=0)
    start = Rigid(MIRRORING.rotation, np.array([2.0 * middle[0], 0.0, 0.0]))
    motion = register(points["hip_bone.right"], points["hip_bone.left"], start)
    elements, xi = left.nearest(motion(points["hip_bone.right"]))
    pairs = Places(elements, xi)
    near = np.linalg.norm(motion(points["hip_bone.right"]) - pairs.on(left), axis=1)
    kept = near <= np.quantile(near, 0.9)
    all_right = places["hip_bone.right"]
    paired = (Places(all_right.elements[kept], all_right.xi[kept]), Places(elements[kept], xi[kept]))
    level = upright(paired[0].on(right), paired[1].on(left))
    anterior = _anterior(level, points, places)
    centre, radius = fit_head(femur.surface(FIT_RESOLUTION)[0])
    back = motion.inverse()
    lunates: dict[LimbSide, Places] = {
        "left": _lunate("hip_bone.left", nodes, centre, radius),
        "right": _lunate("hip_bone.right", nodes, back(centre), radius),
    }
    return Correspondence(*paired, anterior, lunates)


def upright(right: Floats, left: Floats) -> Rigid:
    """Turn so that paired (n, 3) points of both sides mirror each other across x = 0, z staying up as far as it can."""
    apart = left - right
    _, axes = np.linalg.eigh(apart.T @ apart)
    x = axes[:, -1] * np.sign(axes[0, -1])
    z = np.array([0.0, 0.0, 1.0]) - x[2] * x
    z /= np.linalg.norm(z)
    rotation = np.array([x, np.cross(z, x), z])
    return Rigid(rotation, -rotation @ ((right + left) / 2.0).mean(axis=0))


def _grid_places(piece: str) -> Places:
    group, component = PIECES[piece]
    grid = element_mesh(group).grid(FIT_RESOLUTION, element_mesh(group).components[component])
    return Places(grid.elements, grid.xi)


def _anterior(level: Rigid, points: dict[str, Floats], places: dict[str, Places]) -> dict[LimbSide, Places]:
    """Foremost place of the upper and of the lower half of each hip bone once these lie in one coronal plane."""
    moved = {name: level(p) for name, p in points.items()}
    for _ in range(30):
        middle = np.mean([(p[:, 2].min() + p[:, 2].max()) / 2.0 for p in moved.values()])
        chosen = {name: [_foremost(p, p[:, 2] > middle), _foremost(p, p[:, 2] <= middle)] for name, p in moved.items()}
        above, below = (np.mean([moved[n][chosen[n][i]] for n in moved], axis=0) for i in (0, 1))
        pitch = np.arctan2(above[1] - below[1], above[2] - below[2])
        moved = {name: p @ _pitch(pitch).T for name, p in moved.items()}
        if abs(pitch) < 1e-6:
            break
    sides: dict[LimbSide, str] = {"right": "hip_bone.right", "left": "hip_bone.left"}
    return {
        side: Places(places[name].elements[chosen[name]], places[name].xi[chosen[name]]) for side, name in sides.items()
    }


def _foremost(points: Floats, among: NDArray[np.bool_]) -> int:
    inside = np.flatnonzero(among)
    return int(inside[np.argmin(points[inside, 1])])


def _pitch(angle: float) -> Floats:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _lunate(piece: str, nodes: dict[str, Floats], centre: Floats, radius: float) -> Places:
    group, component = PIECES[piece]
    grid = element_mesh(group).grid(FIT_RESOLUTION, element_mesh(group).components[component])
    surface = patch(piece, nodes)
    vertices = surface.points(grid.elements, grid.xi)
    chosen = lunate(vertices, surface.normals(grid.elements, grid.xi), centre, radius)
    return Places(grid.elements[chosen], grid.xi[chosen])


@dataclass(frozen=True)
class Skeleton:
    """Exact surfaces of all bones of one shape in the atlas's frame, before anything is modelled onto them."""

    patches: dict[str, Patch]
    head_centres: dict[str, Floats]
    head_radius: float


def skeleton(modes: Sequence[float] = ()) -> Skeleton:
    """Level a shape, seat its knee, mirror its limb, make room in both acetabula and seat both heads."""
    nodes = shape_model().nodes(modes)
    found = correspondence()
    right, left = (patch(f"hip_bone.{side}", nodes) for side in ("right", "left"))
    level = upright(found.right.on(right), found.left.on(left))
    spines = [level(found.anterior["right"].on(right)), level(found.anterior["left"].on(left))]
    above, below = np.mean(spines, axis=0)
    frame = Rigid(_pitch(np.arctan2(above[1] - below[1], above[2] - below[2])), np.zeros(3)).after(level)
    nodes = {group: frame(points) for group, points in nodes.items()}
    right, left = (patch(f"hip_bone.{side}", nodes) for side in ("right", "left"))
    across = fit_rigid(MIRRORING(found.left.on(left)), found.right.on(right)).after(MIRRORING)
    femur = patch("femur", nodes).surface(FIT_RESOLUTION)
    head, radius = fit_head(femur[0])
    tibia, patella = (patch(name, nodes).surface(FIT_RESOLUTION)[0] for name in ("tibia", "patella"))
    down, forward = seat_knee(femur, tibia, patella)
    nodes["tibia_fibula"], nodes["patella"] = nodes["tibia_fibula"] + down, nodes["patella"] + forward
    limb: dict[LimbSide, Rigid] = {}
    centres: dict[LimbSide, Floats] = {}
    sides: list[tuple[LimbSide, Patch, Rigid]] = [("left", left, IDENTITY), ("right", right, across)]
    for side, surface, carried in sides:
        centre, reach = fit_sphere(found.lunate[side].on(surface))
        own = np.unique(np.concatenate([surface.mesh.nodes[e] for e in surface.elements]))
        nodes["pelvis"][own] = widen(nodes["pelvis"][own], centre, reach, radius)
        motion = Rigid(np.eye(3), centre - carried(head)).after(carried)
        socket = patch(f"hip_bone.{side}", nodes)
        around = socket.surface(FIT_RESOLUTION)[0]
        rim = around[np.linalg.norm(around - centre, axis=1) < radius + 6.0]
        faces = femur[1][:, ::-1] if side == "right" else femur[1]
        shift = settle((motion(femur[0]), faces), found.lunate[side].on(socket), rim)
        limb[side] = Rigid(np.eye(3), shift).after(motion)
        centres[side] = centre + shift
    origin = (centres["right"] + centres["left"]) / 2.0
    nodes["pelvis"] = nodes["pelvis"] - origin
    patches = {name: patch(name, nodes) for name in PIECES if name not in LIMB}
    for name in LIMB:
        for side, motion in limb.items():
            moved = {PIECES[name][0]: motion(nodes[PIECES[name][0]]) - origin}
            patches[f"{name}.{side}"] = patch(name, moved, mirrored=side == "right")
    return Skeleton(patches, {str(side): centre - origin for side, centre in centres.items()}, radius)


@cache
def _mean_skeleton() -> Skeleton:
    return skeleton()


@cache
def _mirroring(bone: str) -> Rigid:
    """The motion with mirroring that lays a bone's right half onto its left one, in the mean shape."""
    patches = _mean_skeleton().patches
    moving, fixed = (patches[n].surface(FIT_RESOLUTION)[0] for n in _pair(bone))
    return register(moving, fixed, MIRRORING)


@cache
def _mean_modelled() -> ModelledBones:
    patches = _mean_skeleton().patches
    hips = [patches[name].surface(FIT_RESOLUTION) for name in ("hip_bone.right", "hip_bone.left")]
    return modelled_bones(patches["sacrum"], _mirroring("sacrum"), hips)


def _pair(bone: str) -> tuple[str, str]:
    return ("sacrum", "sacrum") if bone == "sacrum" else ("hip_bone.right", "hip_bone.left")


def carry_left(bone: str, elements: Ints, xi: Floats) -> tuple[Ints, Floats]:
    """Places (elements, coordinates) on the left that mirror given ones on the right.

    Limb bones are exact mirror images. Hip bone and sacrum are registered to their mirror image in the mean shape, and
    the nearest place is taken; it then holds on every shape.
    """
    if bone in LIMB:
        return elements, xi
    if bone == "coccyx":
        return elements, np.column_stack([xi[:, 0], 1.0 - xi[:, 1]])
    right, left = (_mean_skeleton().patches[name] for name in _pair(bone))
    return left.nearest(_mirroring(bone)(right.points(elements, xi)))


def population_body(modes: Sequence[float] = (), resolution: int = 8) -> Body:
    """The skeleton of the population mean, or of a shape so many SDs along each of the first shape modes.

    modes : SDs along the first shape modes;  resolution : steps along every element edge of the bones' surfaces
    (the modelled sacrum and coccyx have one resolution)

    Raises `ValueError` for a resolution below 1, `ShapeModelError` for modes the model does not have.
    """
    if resolution < 1:
        raise ValueError(f"resolution must be at least 1 step along an element's edge, not {resolution}")
    bare = skeleton(modes) if any(modes) else _mean_skeleton()
    bones = {}
    for name, surface in bare.patches.items():
        if name != "sacrum":
            vertices, triangles = surface.surface(resolution)
            bones[name] = Bone(name, surface, vertices, triangles)
    mean = _mean_modelled()
    sacrum, coccyx = mean.charts(bare.patches["sacrum"]) if any(modes) else mean.charts()
    bones["sacrum"] = Bone("sacrum", sacrum, sacrum.vertices, sacrum.triangles)
    bones["coccyx"] = Bone("coccyx", coccyx, coccyx.vertices, coccyx.triangles)
    return Body(
        bones,
        bare.head_centres,
        dict.fromkeys(bare.head_centres, bare.head_radius),
        carry_left,
        tuple(modes),
        landmark_places(),
    )
