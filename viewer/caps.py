"""The face that a cutting plane leaves on a closed surface."""

from __future__ import annotations

from typing import Any

import numpy as np

from meshes.atlas import Surface
from viewer.scene import Cut


def cap(surface: Surface, cut: Cut) -> Any | None:
    """The section of a closed surface with the cutting plane, as a PyVista mesh; None if the plane misses it.

    Contours inside contours are holes (the marrow of a bone has none here, the ring of a hip bone has one).
    """
    import pyvista
    from vtkmodules.vtkFiltersGeneral import vtkContourTriangulator

    normal = np.array(cut.normal, dtype=float)
    normal /= np.linalg.norm(normal)
    height = surface.vertices @ normal - cut.offset
    if height.min() >= 0.0 or height.max() <= 0.0:
        return None
    mesh = pyvista.PolyData.from_regular_faces(surface.vertices, surface.triangles.astype(int))
    contours = mesh.slice(normal=tuple(normal), origin=tuple(normal * cut.offset))
    filled = vtkContourTriangulator()
    filled.SetInputData(contours)
    filled.Update()
    section = pyvista.wrap(filled.GetOutput())
    if section.n_cells == 0:
        return None
    section.point_data.clear()
    section.point_data.active_normals = np.tile(normal, (section.n_points, 1))
    return section


def clipped(mesh: Any, cut: Cut) -> Any:
    """What is left of a mesh on the far side of the cutting plane's normal."""
    normal = np.array(cut.normal)
    return mesh.clip(normal=tuple(normal), origin=tuple(normal * cut.offset), invert=True)
