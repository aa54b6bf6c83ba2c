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
from viewer.commands.pictures import CreditsOption, LabelsOption, NamesOption, ThemeOption, changed, check_place

EXAMPLE = "Example:  ischia figure posterior.svg --view posterior --size 2400 2000 --labels all"


def figure(
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT.png|OUT.svg", help="The picture to write; in an SVG words and lines are vectors."),
    ],
    view: Annotated[
        str | None, typer.Option("--view", metavar="VIEW", help="posterior, anterior, right_lateral, medial, oblique …")
    ] = None,
    scene: SceneOption = None,
    size: Annotated[tuple[int, int], typer.Option("--size", metavar="W H", help="Pixels across and down.")] = (
        1600,
        1400,
    ),
    labels: LabelsOption = None,
    names: NamesOption = None,
    theme: ThemeOption = None,
    credits_line: CreditsOption = True,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a scene for print.

    What is seen, peeled, cut and selected, and from where, is as in the page.
    """
    from viewer import opengl
    from viewer.figure import FORMS, check_size

    check_place(out, FORMS, "figures")
    document, name = open_scene(scene, atlas)
    document = changed(document, "figure", labels=labels, names=names, theme=theme)
    check_size(size)
    opengl.require()

    from annotations.catalogue import catalogue
    from viewer.camera import with_view
    from viewer.figure import check_letters, compose, save, subject_of

    started = time.perf_counter()
    texts = catalogue(document.language)
    if view is not None:
        document = with_view(document, known_view(view, texts), texts)
    if out.suffix.lower() == ".png":
        check_letters(texts)
    built = open_atlas(name)
    document = settle(document, scene, built, texts)
    with progress_bar("Drawing") as report:
        subject = subject_of(document, built, texts, lambda done, text: report(0.9 * done, text))
        report(0.9, "Drawing")
        save(compose(subject, document, size, credits_line=credits_line), out, subject, document)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json({"file": str(out), "width": size[0], "height": size[1], "seconds": seconds})
    else:
        typer.echo(f"{out}: {size[0]} × {size[1]} pixels, in {seconds:.1f} s")
