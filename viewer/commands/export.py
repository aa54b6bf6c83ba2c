"""`ischia export`: the atlas as one HTML file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import AtlasOption, JsonOption, SceneOption, open_scene, print_json, progress_bar

EXAMPLE = "Example:  ischia export type-b.html --scene type-b.json"

LessonOption = Annotated[
    str | None,
    typer.Option("--lesson", metavar="NAME|FILE", help="Open it at the first step of this lesson."),
]


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="The file to write.")],
    scene: SceneOption = None,
    lesson: LessonOption = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Everything: all variants, lessons and languages, about 6 MB.")
    ] = False,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the atlas as one HTML file that needs no network.

    It opens from a disk, a stick, a course page (as an <iframe>, with a scene after the # of its address). In it is all
    that its scene or lesson can reach: every layer with its attachments, trigger points with the skin, the quiz, the
    lessons that show nothing else, types A and B and the variants of scene and lesson. Without --complete it is about
    2.5 MB, and leaves out the other variants, the small nerves, other languages and the writing of PDFs.
    """
    from viewer.export import check_place, export_html

    started = time.perf_counter()
    check_place(out)
    document, name = open_scene(scene, atlas)
    with progress_bar("Writing the page") as report:
        made = export_html(out, document, atlas=name, lesson=lesson, complete=complete, progress=report)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json({**made.as_json(), "seconds": seconds})
        return
    typer.echo(f"{out}: {made.bytes / 1e6:.2f} MB, in {seconds:.1f} s: {made.title}")
    if made.left_out:
        typer.echo(f"Not in it: {'; '.join(made.left_out)}. For everything, add --complete")
