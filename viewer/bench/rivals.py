"""The same scene in the web pages of PyVista and Panel: the same surfaces in the same colours of tissue.

Run as a program, this module writes PyVista's page or serves Panel's, in a process of its own: VTK ends the process
where it cannot draw.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import Any

SIZE = (1280, 800)


def plotter(folder: Path) -> Any:
    """A PyVista plotter with every structure of the first picture of a built atlas, seen from behind."""
    from annotations.catalogue import catalogue
    from meshes.build import ensure_atlas
    from viewer import opengl
    from viewer.camera import pose
    from viewer.scene import Scene
    from viewer.tissue import vertex_colours

    opengl.require()
    import pyvista

    built = ensure_atlas(folder)
    first = {file.name for file in built.document.files if file.wanted != "shown"}
    drawn = pyvista.Plotter(off_screen=True, window_size=list(SIZE))
    drawn.set_background("white")  # type: ignore[arg-type]
    for structure in built.atlas().structures.values():
        files = {part.name: part.file for part in built.document.structures[structure.id].parts}
        for part in structure.parts:
            if files[part.name] not in first:
                continue
            surface = part.surface
            mesh = pyvista.PolyData.from_regular_faces(surface.vertices, surface.triangles.astype(int))
            mesh.point_data.active_normals = surface.normals.astype("float32")
            mesh["colour"] = vertex_colours(surface, structure.kind, zlib.crc32(part.name.encode()))
            actor = drawn.add_mesh(mesh, scalars="colour", rgb=True, smooth_shading=False)
            actor.prop.interpolation = "Phong"
    eye = pose(Scene().camera, catalogue(), built.document.landmarks, SIZE[0] / SIZE[1])
    drawn.camera_position = [tuple(eye.position), tuple(eye.target), tuple(eye.up)]
    drawn.camera.view_angle = eye.field_of_view
    return drawn


def export_html(folder: Path, page: Path) -> None:
    """Write PyVista's own page of the scene."""
    drawn = plotter(folder)
    export = drawn.trame.export_html if hasattr(drawn, "trame") else drawn.export_html
    export(str(page))


def serve_pane(folder: Path, port: int) -> None:
    """Serve Panel's VTK pane of the scene until the process is ended."""
    import panel

    drawn = plotter(folder)
    drawn.render()
    panel.extension("vtk")

    def page() -> Any:
        return panel.pane.VTK(drawn.render_window, width=SIZE[0], height=SIZE[1] - 40)

    panel.serve(page, port=port, address="127.0.0.1", show=False, websocket_origin=f"127.0.0.1:{port}")


def main(arguments: list[str]) -> None:
    """`export FOLDER PAGE`, or `serve FOLDER PORT`."""
    what, folder, target = arguments
    if what == "export":
        export_html(Path(folder), Path(target))
    else:
        serve_pane(Path(folder), int(target))


if __name__ == "__main__":
    main(sys.argv[1:])
