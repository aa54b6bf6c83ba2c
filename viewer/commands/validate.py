"""`ischia validate`: check annotation data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import JsonOption, print_json

EXAMPLE = "Example:  ischia validate my-annotations"


def validate(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="Folder of annotations; without it, the ones that come along."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check annotations.

    Each line of the answer names the file and the field of something that is wrong. What a language lacks is no fault:
    it is shown in English, and counted here.
    """
    import annotations
    from viewer.scene import Scene

    problems = annotations.validate(folder, Scene)
    missing = {} if problems else annotations.untranslated(folder)
    if as_json:
        print_json({"valid": not problems, "problems": problems, "untranslated": missing})
    elif problems:
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}.", err=True)
    else:
        count = len(annotations.load(folder).structures)
        typer.echo(f"Valid: {count} structures, all with their sources.")
        for code, topics in missing.items():
            lacks = ", ".join(f"{len(texts)} of {topic}" for topic, texts in topics.items() if texts)
            typer.echo(
                f"languages/{code}: in English for want of a translation: {lacks}. `--json` lists them.", err=True
            )
    if problems:
        raise typer.Exit(1)
