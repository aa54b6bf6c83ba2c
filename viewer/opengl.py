"""Whether this machine can draw a picture off screen, asked before VTK is: VTK ends the process where it cannot."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from functools import cache

from viewer.errors import GraphicsError

LIBRARIES = ("libEGL.so.1", "libGL.so.1", "libOSMesa.so.8", "libOSMesa.so")
"""What VTK looks for on Linux; any one of them will do."""

REMEDY = (
    "On Debian or Ubuntu: apt-get install libegl1 libgl1   On Fedora: dnf install mesa-libEGL mesa-libGL   "
    "With conda: conda install -c conda-forge libegl libgl"
)

_PROBE = """
from vtkmodules.vtkRenderingCore import vtkRenderWindow, vtkRenderer
import vtkmodules.vtkRenderingOpenGL2
window = vtkRenderWindow()
window.SetOffScreenRendering(1)
window.SetSize(8, 8)
window.AddRenderer(vtkRenderer())
window.Render()
raise SystemExit(0 if window.SupportsOpenGL() else 3)
"""
"""The smallest picture VTK can draw, drawn in a process whose crash harms nobody."""


@cache
def require() -> None:
    """Return if pictures can be drawn here. Raises GraphicsError that says what is missing and how to get it."""
    if sys.platform.startswith("linux"):
        if not any(_loads(library) for library in LIBRARIES):
            raise GraphicsError(f"No OpenGL library was found on this machine, so no figure can be drawn. {REMEDY}")
        if not os.environ.get("DISPLAY"):
            os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    try:
        probe = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired as error:
        raise GraphicsError("The graphics driver did not answer for a minute, so no figure can be drawn.") from error
    if probe.returncode != 0:
        raise GraphicsError(
            "OpenGL is installed, but no picture can be drawn with it (the test picture ended with code "
            f"{probe.returncode}). Often a part is missing. {REMEDY}"
        )


def _loads(library: str) -> bool:
    """Whether the system's loader finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
