"""Where the labels of a figure point: into the middle of what can be seen of each structure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from viewer.camera import Pose

LEAST_SHARE = 4e-4
"""Share of the picture below which a structure is too little seen to be labelled."""

_HEIGHT = 360
"""Pixels of the picture in which each structure has a colour of its own: enough to find a middle."""


@dataclass(frozen=True)
class Survey:
    """What is seen where, as fractions of the picture's width and height from its upper left corner."""

    middles: list[tuple[float, float] | None]
    """For each structure the point most inside what is seen of it; None for what is covered."""
    edges: tuple[float, float]
    """Left and right edge of all that is seen."""


def survey(meshes: Sequence[Sequence[Any]], eye: Pose, aspect: float) -> Survey:
    """Where each structure (its PyVista meshes) is seen in a picture of this aspect."""
    import pyvista

    width, height = round(_HEIGHT * aspect), _HEIGHT
    plotter = pyvista.Plotter(off_screen=True, window_size=[width, height], lighting="none")
    try:
        assert plotter.render_window is not None
        plotter.render_window.SetMultiSamples(0)  # colours are numbers here: none may be mixed from its neighbours
        plotter.disable_anti_aliasing()
        plotter.set_background(color=(0.0, 0.0, 0.0))  # type: ignore[call-arg]
        for index, parts in enumerate(meshes, start=1):
            code = (index % 256 / 255, index // 256 / 255, 0.0)
            for mesh in parts:
                plotter.add_mesh(mesh, color=code, lighting=False, smooth_shading=False)
        aim(plotter, eye)
        pixels = np.asarray(plotter.screenshot(return_img=True)).astype(int)
    finally:
        plotter.close()
    seen = pixels[..., 0] + 256 * pixels[..., 1]
    columns = np.flatnonzero(seen.any(axis=0))
    edges = (columns[0] / width, (columns[-1] + 1) / width) if len(columns) else (0.5, 0.5)
    return Survey([_middle(seen == index) for index in range(1, len(meshes) + 1)], edges)


def aim(plotter: Any, eye: Pose) -> None:
    """Point a plotter's camera."""
    plotter.camera.position, plotter.camera.focal_point = tuple(eye.position), tuple(eye.target)
    plotter.camera.up, plotter.camera.view_angle = tuple(eye.up), eye.field_of_view
    if eye.half_height is not None:
        plotter.camera.parallel_projection, plotter.camera.parallel_scale = True, eye.half_height
    plotter.reset_camera_clipping_range()


def _middle(mask: NDArray[np.bool_]) -> tuple[float, float] | None:
    if mask.mean() < LEAST_SHARE:
        return None
    inside = distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(np.argmax(inside)), mask.shape)
    return (float(column) + 0.5) / mask.shape[1], (float(row) + 0.5) / mask.shape[0]
