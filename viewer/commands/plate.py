"""`ischia plate`: a print-ready sheet of one or more views."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import (
    AtlasOption,
    JsonOption,
    SceneOption,
    open_atlas,
    open_scene,
    print_json,
    progress_bar,
    settle,
)
from viewer.commands.pictures import LabelsOption, NamesOption, changed, check_place

EXAMPLE = "Example:  ischia plate sheet.pdf --views posterior,right_lateral --labels all --landscape"


def plate(
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="The sheet to write.")],
    views: Annotated[
        str | None, typer.Option("--views", metavar="V,V,…", help="Up to six views; else that of the scene.")
    ] = None,
    named: Annotated[
        str | None, typer.Option("--plate", metavar="NAME", help="A plate with its caption: lateral_rotators …")
    ] = None,
    scene: SceneOption = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of the sheet.")] = None,
    caption: Annotated[str | None, typer.Option("--caption", help="Text under the pictures.")] = None,
    paper: Annotated[str, typer.Option("--paper", help="a4, a3 or letter.")] = "a4",
    landscape: Annotated[bool, typer.Option("--landscape/--portrait", help="How the paper lies.")] = False,
    labels: LabelsOption = None,
    names: NamesOption = None,
    dpi: Annotated[int, typer.Option("--dpi", min=72, max=600, help="Fineness of the pictures.")] = 300,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay one or more views on a sheet for print, at one true scale.

    With caption, scale bar, sources, licence and credits; words are text that can be selected.
    """
    from viewer import opengl
    from viewer.plate import FORMS, check_views, paper_of, plate_scene, save, words_of
    from viewer.printing import scale_text

    check_place(out, FORMS, "plates")
    sheet_paper = paper_of(paper, landscape=landscape)
    if named is not None and scene is not None:
        raise typer.BadParameter("--plate brings its own scene; leave --scene away.")
    document, name = open_scene(scene, atlas)

    from annotations.catalogue import catalogue
    from viewer.figure import subject_of

    texts = catalogue(document.language)
    if named is not None:
        document = plate_scene(named, texts)
    document = changed(document, "plate", labels=labels, names=names, theme="light")
    wanted = [view.strip() for view in (views or "").split(",") if view.strip()]
    check_views(wanted, texts)
    opengl.require()
    started = time.perf_counter()
    built = open_atlas(name)
    document = settle(document, scene, built, texts)
    words = words_of(document, texts, named, title, caption)
    with progress_bar("Drawing") as report:
        subject = subject_of(document, built, texts, lambda done, text: report(0.2 * done, text))
        sheet = save(
            subject,
            document,
            out,
            wanted,
            sheet_paper,
            words,
            dpi=dpi,
            progress=lambda done, text: report(0.2 + 0.8 * done, text),
        )
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        told = {"file": str(out), "paper": sheet.paper.name, "width_mm": sheet.paper.width}
        told |= {"height_mm": sheet.paper.height, "scale": sheet.scale, "bar_mm": sheet.bar}
        print_json({**told, "views": [panel.view.name for panel in sheet.panels], "seconds": seconds})
    else:
        typer.echo(f"{out}: {len(sheet.panels)} of the body at {scale_text(sheet.scale)}, in {seconds:.1f} s")
