"""What several commands do: read the atlas with a progress bar, read the scene, print a result."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viewer.errors import SceneError, ViewerError, suggestion

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack
    from viewer.scene import Scene

SceneOption = Annotated[
    Path | None, typer.Option("--scene", metavar="FILE", help="Scene to show, a JSON file as the page saves it.")
]
AtlasOption = Annotated[
    str | None,
    typer.Option(
        "--atlas", metavar="NAME|FOLDER", help="Which body: population, a name from `ischia atlas list`, or a folder."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

DEFAULT_ATLAS = "population"
ATLAS_SHARE = 0.3
"""About so much of the whole work is the atlas itself."""


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float, str], None]]:
    """A bar on standard error, fed with (done from 0 to 1, what is being done); it goes when the work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=1.0)
        last = ""

        def report(done: float, text: str) -> None:
            nonlocal last
            progress.update(task, completed=done, description=text or title)
            if not console.is_terminal and text and text != last:
                console.print(f"{done:4.0%}  {text}", highlight=False)
                last = text

        yield report


def _demand_folder(name_or_folder: str) -> None:
    """Raises ViewerError for what looks like a folder and is none."""
    if "/" in name_or_folder and not Path(name_or_folder).expanduser().is_dir():
        raise ViewerError(f"{name_or_folder}: there is no such folder. Name a folder with a mesh set, or: population")


def open_atlas(name_or_folder: str) -> BuiltAtlas:
    """The atlas of that name or folder, built if it is not in the cache, with a progress bar if that takes a while."""
    from meshes.build import ensure_atlas

    _demand_folder(name_or_folder)
    with progress_bar("Building the atlas") as report:
        built = ensure_atlas(name_or_folder, progress=report)
    for note in built.document.notes[:1]:  # how well a set's body fits, or why nothing was solved on it
        typer.echo(note, err=True)
    return built


def open_whole(name_or_folder: str) -> tuple[BuiltAtlas, BuiltPack | None]:
    """The atlas of that name or folder and what comes after it (None if nothing does), built under one progress bar."""
    from meshes.build import ensure_atlas
    from meshes.more import ensure_later

    _demand_folder(name_or_folder)
    with progress_bar("Building the atlas") as report:
        built = ensure_atlas(name_or_folder, progress=lambda done, text: report(ATLAS_SHARE * done, text))
        if not built.document.growing:
            return built, None
        pack = ensure_later(built, lambda done, text: report(ATLAS_SHARE + (1 - ATLAS_SHARE) * done, text))
        return built, pack


def open_scene(path: Path | None, atlas: str | None) -> tuple[Scene, str]:
    """The scene to show, and the name or folder of its atlas: what was asked for wins over what the scene says."""
    from viewer.scene import Scene

    scene = Scene.read(path) if path is not None else Scene()
    return scene, atlas or scene.atlas or DEFAULT_ATLAS


def settle(scene: Scene, path: Path | None, built: BuiltAtlas, catalogue: Catalogue) -> Scene:
    """The scene for this atlas, checked. Raises SceneError for names that are not known."""
    from viewer.check import check, vocabulary

    check(scene, vocabulary(built.document, catalogue, catalogue.variants), str(path) if path is not None else "scene")
    return scene.model_copy(update={"atlas": built.document.id})


def known_view(view: str, catalogue: Catalogue) -> str:
    """The view's name. Raises SceneError with the nearest names if there is no such view."""
    if view not in catalogue.views:
        near = suggestion(view, catalogue.views)
        raise SceneError(f'--view: there is no view "{view}".{near} There are: {", ".join(catalogue.views)}.')
    return view


def print_json(value: Any) -> None:
    """A result for programs."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
