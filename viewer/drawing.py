"""A scene set up for a camera: PyVista's plotter with the body, its light and what is painted on it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Atlas, AtlasDocument, Footprint, Structure, Surface
from viewer import opengl
from viewer.anchors import Survey, aim, survey
from viewer.camera import Pose
from viewer.caps import cap, clipped
from viewer.palette import TISSUES, Theme, theme
from viewer.scene import Cut, Scene
from viewer.stippled import add_ball, add_marks, point_marks
from viewer.tissue import FIBROUS, refined, vertex_colours
from viewer.visibility import names, opacity, visible

if TYPE_CHECKING:
    import pyvista

    from annotations.catalogue import Catalogue
    from meshes.marks import MarksDocument


FINEST, EDGE_PIXELS = 1.2, 1.5
"""Edges of the triangles that carry the colours of fibres: mm, and pixels; the longer of the two will do."""


@dataclass(frozen=True)
class Subject:
    """What a figure is drawn of: the geometry, its document and the names of everything."""

    atlas: Atlas
    document: AtlasDocument
    catalogue: Catalogue
    marks: MarksDocument | None = None


class Stage:
    """A scene set up once, to be pictured from any number of places. A context: it holds the graphics' memory.

    eye : from where it is seen first, or from about as far away; surfaces are as fine as that wants

    Raises GraphicsError where nothing can be drawn.
    """

    def __init__(self, subject: Subject, scene: Scene, size: tuple[int, int], eye: Pose) -> None:
        opengl.require()
        import pyvista

        self.size = size
        self.seen = shown(subject, scene)
        self.point = point_marks(scene, subject.marks)
        colours = theme(scene.theme)
        edge = max(FINEST, EDGE_PIXELS * eye.height / size[1])
        self._plotter = plotter = pyvista.Plotter(off_screen=True, window_size=list(size), lighting="none")
        try:
            plotter.set_background(color=tuple(colours.background))  # type: ignore[call-arg]
            self._meshes = [_add_structure(plotter, structure, scene, subject, edge) for structure in self.seen]
            for footprint in painted(subject, scene, self.seen):
                _add_footprint(plotter, footprint, scene.cut, colours)
            if self.point is not None and subject.marks is not None:
                add_marks(plotter, self.point, scene, subject.atlas, self.seen, colours)
                add_ball(plotter, self.point, scene, subject.atlas, subject.catalogue.safety, subject.marks.sinks)
            # Softness in the hollows, as of a clouded sky; millimetres of reach and of tolerance.
            plotter.enable_ssao(radius=14.0, bias=0.6, kernel_size=96, blur=True)  # type: ignore[call-arg]
            plotter.enable_anti_aliasing("ssaa")
        except BaseException:
            plotter.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._plotter.close()

    def picture(self, eye: Pose) -> NDArray[np.uint8]:
        """(height, width, 3) what is seen from there, in light that goes with the eye."""
        self._plotter.remove_all_lights()
        _light(self._plotter, eye)
        aim(self._plotter, eye)
        self._plotter.render()  # a second screenshot would else be the first
        pixels: NDArray[np.uint8] = np.asarray(self._plotter.screenshot(return_img=True))[..., :3]
        return pixels

    def survey(self, eye: Pose) -> Survey:
        """Where each of the structures in sight is seen from there."""
        return survey(self._meshes, eye, self.size[0] / self.size[1])

    def middle(self) -> NDArray[np.float64]:
        """(3,) the middle of all that is in sight, LPS mm; the origin if nothing is."""
        bounds = [mesh.bounds for parts in self._meshes for mesh in parts if mesh.n_points]
        if not bounds:
            return np.zeros(3)
        low, high = np.min(bounds, axis=0)[::2], np.max(bounds, axis=0)[1::2]
        middle: NDArray[np.float64] = (low + high) / 2
        return middle


def shown(subject: Subject, scene: Scene) -> list[Structure]:
    """The structures that the scene lets be seen and that are not wholly transparent."""
    document, catalogue = subject.document, subject.catalogue
    entries = list(document.structures.values())
    layers = [layer.id for layer in catalogue.layers]
    ids = visible(scene, entries, layers, catalogue.structures)
    return [
        subject.atlas.structures[entry.id]
        for entry in entries
        if entry.id in ids and opacity(scene, entry, catalogue.structures) > 0.0
    ]


def painted(subject: Subject, scene: Scene, seen: list[Structure]) -> Iterator[Footprint]:
    """The footprints to paint: on bones that are seen, of the structures that the scene asks for."""
    if scene.footprints == "none":
        return
    carriers = {structure.id for structure in seen}
    for structure in subject.atlas.structures.values():
        own = names(structure, subject.catalogue.structures)
        if scene.footprints == "selected" and scene.selected not in own:
            continue
        for footprint in structure.footprints:
            if footprint.on in carriers:
                yield footprint


def _light(plotter: pyvista.Plotter, eye: Pose) -> None:
    """A key light from above the viewer's left shoulder, a fill from the right and a faint rim from behind."""
    import pyvista

    back = eye.position - eye.target
    distance = float(np.linalg.norm(back))
    back = back / distance
    right = np.cross(eye.up, back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    for towards, intensity, tint in (
        (0.75 * back - 0.55 * right + 0.75 * up, 0.86, (1.0, 0.98, 0.95)),
        (0.85 * back + 0.8 * right + 0.1 * up, 0.42, (0.93, 0.96, 1.0)),
        (-0.7 * back + 0.3 * right + 0.6 * up, 0.22, (1.0, 1.0, 1.0)),
    ):
        place = eye.target + towards / np.linalg.norm(towards) * distance
        light = pyvista.Light(position=tuple(place), focal_point=tuple(eye.target), color=tint, intensity=intensity)
        light.positional = False
        plotter.add_light(light)


def _add_structure(
    plotter: pyvista.Plotter, structure: Structure, scene: Scene, subject: Subject, edge_mm: float
) -> list[Any]:
    """Draw a structure; returns what is left of its meshes after the cut, and the caps."""
    alpha = opacity(scene, structure, subject.catalogue.structures)
    tissue = TISSUES[structure.kind]
    bone = structure.kind == "bone"
    drawn: list[Any] = []
    for part in structure.parts:
        seed = zlib.crc32(part.name.encode())
        fine = refined(part.surface, edge_mm) if structure.kind in FIBROUS else part.surface
        mesh = _polydata(fine)
        mesh["colour"] = vertex_colours(fine, structure.kind, seed)
        if scene.cut is not None:
            section = cap(part.surface, scene.cut)
            if section is not None:
                plotter.add_mesh(section, color=tuple(tissue.section), opacity=alpha, ambient=0.35, diffuse=0.65)
                drawn.append(section)
            mesh = clipped(mesh, scene.cut)
            if mesh.n_points == 0:
                continue
        actor = plotter.add_mesh(
            mesh.copy(deep=False),
            scalars="colour",
            rgb=True,
            opacity=alpha,
            smooth_shading=False,
            culling="back" if alpha < 1.0 else False,  # one see-through surface, not a near and a far one
            ambient=0.26 if bone else 0.2,
            diffuse=0.85,
            specular=0.10 if bone else 0.22,
            specular_power=12 if bone else 22,
        )
        actor.prop.interpolation = "Phong"  # with the normals that the surface brings, not with new ones
        drawn.append(mesh)
    return drawn


def _add_footprint(plotter: pyvista.Plotter, footprint: Footprint, cut: Cut | None, colours: Theme) -> None:
    """Paint an attachment area: hatched where fibres begin, dotted where they end, so that colour is not needed."""
    import pyvista

    mesh = _polydata(footprint.surface)
    points = np.asarray(mesh.points)
    normal = footprint.surface.normals.mean(axis=0)
    mesh.points = points + 0.25 * np.asarray(footprint.surface.normals)
    proximal = footprint.end == "proximal"
    mesh.active_texture_coordinates = _plane_coordinates(points, normal) / _PATTERN_MM
    rims = mesh.extract_feature_edges(boundary_edges=True, feature_edges=False, manifold_edges=False)
    if cut is not None:
        mesh, rims = clipped(mesh, cut), clipped(rims, cut)
    texture = pyvista.Texture(_pattern(colours.proximal if proximal else colours.distal, proximal))
    texture.repeat = True
    if mesh.n_points:
        actor = plotter.add_mesh(mesh, texture=texture, smooth_shading=False, ambient=0.35, diffuse=0.75, specular=0.05)
        actor.prop.interpolation = "Phong"
    if rims.n_points:
        dark = (colours.proximal if proximal else colours.distal) * 0.45
        plotter.add_mesh(rims.tube(radius=0.35), color=tuple(dark), ambient=0.5)


_PATTERN_MM = 5.0
"""Side of one tile of a footprint's hatching, or of its dots."""


def _pattern(colour: NDArray[np.float64], hatched: bool, pixels: int = 64) -> NDArray[np.uint8]:
    """One tile, (pixels, pixels, 3): diagonal lines or a dot, darker than the ground."""
    y, x = np.mgrid[0:pixels, 0:pixels] / pixels
    ink = ((x + y) % 1.0 < 0.22) if hatched else (np.hypot(x - 0.5, y - 0.5) < 0.24)
    tile = np.where(ink[..., None], colour * 0.5, colour)
    return (tile * 255).astype(np.uint8)


def _plane_coordinates(points: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) coordinates in the plane across `normal`, mm."""
    normal = normal / max(float(np.linalg.norm(normal)), 1e-9)
    helper = np.eye(3)[int(np.argmin(np.abs(normal)))]
    across = np.cross(normal, helper)
    across /= np.linalg.norm(across)
    along = np.cross(normal, across)
    coordinates: NDArray[np.float64] = points @ np.stack([across, along], axis=1)
    return coordinates


def _polydata(surface: Surface) -> Any:
    import pyvista

    mesh = pyvista.PolyData.from_regular_faces(surface.vertices, surface.triangles.astype(int))
    mesh.point_data.active_normals = np.asarray(surface.normals, dtype=np.float32)
    return mesh
