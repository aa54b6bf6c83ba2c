"""The still picture for browsers without WebGL: a figure of the first view, drawn once for each atlas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

_ONE_AT_A_TIME = Lock()


def still_picture(built: BuiltAtlas) -> Path | None:
    """The picture's file, or None where none can be drawn.

    It is drawn by a process of its own: VTK wants the main thread, and a driver that fails must not end the server.
    """
    from meshes.store import cache_folder

    path = cache_folder() / "stills" / f"{built.document.hash}.png"
    with _ONE_AT_A_TIME:
        if not path.is_file():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                command = [sys.executable, "-m", "viewer.cli", "figure", str(path), "--view", "posterior"]
                options = ["--size", "1200", "1000", "--atlas", str(built.folder)]
                subprocess.run([*command, *options], capture_output=True, timeout=180, check=True)
            except (OSError, subprocess.SubprocessError):
                return None
    return path
