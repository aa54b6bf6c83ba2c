"""`ischia turntable`: a film of a whole turn about the body's long axis."""

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
from viewer.commands.pictures import CreditsOption, ThemeOption, changed, check_place

EXAMPLE = "Example:  ischia turntable turn.mp4 --view posterior --seconds 8 --size 960 840"


def turntable(
    out: Annotated[Path, typer.Argument(metavar="OUT.mp4|OUT.gif", help="The film to write.")],
    view: Annotated[
        str | None, typer.Option("--view", metavar="VIEW", help="Where it begins, and from how high it is seen.")
    ] = None,
    scene: SceneOption = None,
    size: Annotated[tuple[int, int], typer.Option("--size", metavar="W H", help="Pixels across and down.")] = (
        960,
        840,
    ),
    seconds: Annotated[float, typer.Option("--seconds", help="How long one turn takes.")] = 8.0,
    fps: Annotated[
        float | None, typer.Option("--fps", help="Pictures a second; 25 in an MP4, 12.5 in a GIF.", show_default=False)
    ] = None,
    theme: ThemeOption = None,
    credits_line: CreditsOption = True,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Film a scene that turns once about the body's long axis.

    The film can be repeated without a seam. Names are left away: they would leap about.
    """
    from viewer import opengl
    from viewer.turntable import FORMS, planned, save

    check_place(out, FORMS, "films")
    film = planned(out.suffix.lower(), size, seconds, fps)
    document, name = open_scene(scene, atlas)
    document = changed(document, "turntable", theme=theme)
    opengl.require()

    from annotations.catalogue import catalogue
    from viewer.camera import with_view
    from viewer.figure import subject_of

    started = time.perf_counter()
    texts = catalogue(document.language)
    if view is not None:
        document = with_view(document, known_view(view, texts), texts)
    built = open_atlas(name)
    document = settle(document, scene, built, texts)
    with progress_bar("Filming") as report:
        subject = subject_of(document, built, texts, lambda done, text: report(0.1 * done, text))
        save(
            film,
            out,
            subject,
            document,
            credits_line=credits_line,
            progress=lambda done, text: report(0.1 + 0.9 * done, text),
        )
    taken = round(time.perf_counter() - started, 2)
    if as_json:
        told = {"file": str(out), "width": size[0], "height": size[1], "frames": film.frames, "fps": film.fps}
        print_json({**told, "film_seconds": round(film.seconds, 3), "bytes": out.stat().st_size, "seconds": taken})
    else:
        typer.echo(
            f"{out}: {film.frames} frames of {size[0]} × {size[1]} pixels, {film.seconds:g} s at {film.fps:g} a second"
            f", {out.stat().st_size / 1e6:.1f} MB; made in {taken:.1f} s"
        )
