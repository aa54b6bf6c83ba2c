"""`ischia site`: the atlas as a static website."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import AtlasOption, JsonOption, SceneOption, open_scene, print_json, progress_bar
from viewer.commands.export import LessonOption

EXAMPLE = "Example:  ischia site public/atlas"


def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write: new, empty, or an older site.")],
    scene: SceneOption = None,
    lesson: LessonOption = None,
    gzipped: Annotated[
        bool, typer.Option("--gzip", help="Also a .gz beside each file, for servers that send those.")
    ] = False,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole atlas as a static website, for any web server.

    It works in any folder, asks no other server for anything, and, once opened over https, works without a network and
    can be installed. README.txt in the folder says how to serve it well.
    """
    from viewer.site import check_folder, write_site

    started = time.perf_counter()
    check_folder(folder.expanduser().absolute())
    document, name = open_scene(scene, atlas)
    with progress_bar("Writing the site") as report:
        made = write_site(folder, document, atlas=name, lesson=lesson, gzipped=gzipped, progress=report)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json({**made.as_json(), "seconds": seconds})
        return
    typer.echo(f"{made.folder}: {made.files} files, {made.bytes / 1e6:.1f} MB, in {seconds:.1f} s")
    typer.echo(f"To look at it:  python -m http.server --directory {folder}   then open http://localhost:8000/")
