"""`ischia gallery`: pictures of every variant, from behind and obliquely."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import AtlasOption, JsonOption, open_scene, open_whole, print_json, progress_bar
from viewer.errors import ViewerError

EXAMPLE = "Example:  ischia gallery variants --size 1200 1000"

SMALLEST, LARGEST = 200, 4096


def gallery(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the pictures; made if it is not there.")],
    size: Annotated[tuple[int, int], typer.Option("--size", metavar="W H", help="Pixels across and down.")] = (
        1200,
        1000,
    ),
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw every variant of nerve and piriformis.

    Each from behind and obliquely, with its words, its letter and the credits; and one sheet of all.
    """
    from viewer import opengl

    if not (min(size) >= SMALLEST and max(size) <= LARGEST):
        raise ViewerError(f"--size: each side can have {SMALLEST} to {LARGEST} pixels, not {size[0]} × {size[1]}.")
    if folder.exists() and not folder.is_dir():
        raise ViewerError(f"{folder}: this is a file; name a folder.")
    opengl.require()

    from annotations.catalogue import catalogue
    from viewer.gallery import gallery as draw_all

    _, name = open_scene(None, atlas)
    started = time.perf_counter()
    built, pack = open_whole(name)
    if pack is None:
        raise ViewerError(f"{name}: this body has no variants. Draw those of the default one:  ischia gallery {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar("Drawing") as report:
        files = draw_all(folder, built, catalogue(), size, report)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json({"files": [str(file) for file in files], "seconds": seconds})
    else:
        typer.echo(f"{folder}: {len(files)} pictures, in {seconds:.1f} s; all on one sheet: {files[-1]}")
