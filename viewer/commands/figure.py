"""`ischia figure`: a print-quality picture of a scene."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import (
    AtlasOption,
    JsonOption,
    SceneOption,
    known_view,
    open_atlas,
    open_scene,
    print_json,
    progress_bar,
    settle,
)
from viewer.errors import ViewerError

EXAMPLE = "Example:  ischia figure posterior.png --view posterior --size 2400 2000 --labels all"


def figure(
    out: Annotated[Path, typer.Argument(metavar="OUT.png", help="The picture to write.")],
    view: Annotated[
        str | None, typer.Option("--view", metavar="VIEW", help="posterior, anterior, right_lateral, medial, oblique …")
    ] = None,
    scene: SceneOption = None,
    size: Annotated[tuple[int, int], typer.Option("--size", metavar="W H", help="Pixels across and down.")] = (
        1600,
        1400,
    ),
    labels: Annotated[str | None, typer.Option("--labels", help="none, selected or all; else as in the scene.")] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="light, dark or contrast; else as in the scene.")] = None,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a scene for print.

    What is seen, peeled, cut and selected, and from where, is as in the page.
    """
    from viewer import opengl

    _check_place(out)
    changes = {"labels": labels, "theme": theme}
    document, name = open_scene(scene, atlas)
    document = type(document).parse(
        document.model_dump() | {key: value for key, value in changes.items() if value is not None}, "figure"
    )
    opengl.require()

    from annotations.catalogue import catalogue
    from viewer.camera import with_view
    from viewer.dressed import dressed, marks_of
    from viewer.figure import LARGEST, Subject, draw, save

    if not (min(size) >= 16 and max(size) <= LARGEST):
        raise ViewerError(f"--size: {size[0]} × {size[1]} pixels cannot be drawn; each side can have 16 to {LARGEST}.")
    started = time.perf_counter()
    texts = catalogue(document.language)
    if view is not None:
        document = with_view(document, known_view(view, texts), texts)
    built = open_atlas(name)
    document = settle(document, scene, built, texts)
    with progress_bar("Drawing") as report:
        atlas_of_scene = dressed(document, built, texts, lambda done, text: report(0.9 * done, text))
        subject = Subject(*atlas_of_scene, texts, marks_of(document, built))
        report(0.9, "Drawing")
        picture = draw(subject, document, size)
        save(picture, out, subject, document)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json({"file": str(out), "width": size[0], "height": size[1], "seconds": seconds})
    else:
        typer.echo(f"{out}: {size[0]} × {size[1]} pixels, in {seconds:.1f} s")


def _check_place(out: Path) -> None:
    """Say before the work, not after it, that the picture could not be kept."""
    if out.suffix.lower() != ".png":
        raise typer.BadParameter(f"{out}: figures are PNG files; name one that ends in .png")
    if not out.parent.is_dir():
        raise ViewerError(f"{out.parent}: there is no such folder. Make it, or choose another place.")
    if out.is_dir():
        raise ViewerError(f"{out}: this is a folder; name a file in it.")
