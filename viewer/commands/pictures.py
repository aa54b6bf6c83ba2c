"""What the commands that draw have in common: their options, and what is checked before the work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from viewer.scene import Scene

LabelsOption = Annotated[str | None, typer.Option("--labels", help="none, selected or all; else as in the scene.")]
ThemeOption = Annotated[str | None, typer.Option("--theme", help="light, dark or contrast; else as in the scene.")]
NamesOption = Annotated[str | None, typer.Option("--names", help="english, latin or both; else as in the scene.")]
CreditsOption = Annotated[
    bool, typer.Option("--credits/--no-credits", help="A small line that says who made it; the file says it anyhow.")
]


def check_place(out: Path, forms: tuple[str, ...], what: str) -> None:
    """Raises BadParameter for a wrong suffix, ViewerError where the file could not be kept."""
    from viewer.figure import check_suffix

    if out.suffix.lower() not in forms:
        named = " or ".join(form.removeprefix(".").upper() for form in forms)
        raise typer.BadParameter(f"{out}: {what} are {named} files; name one that ends in {' or '.join(forms)}")
    check_suffix(out, forms, what)


def changed(scene: Scene, where: str, **fields: str | None) -> Scene:
    """The scene with what was asked for in place of what it says. Raises SceneError for a value that is not allowed."""
    given = {key: value for key, value in fields.items() if value is not None}
    return type(scene).parse(scene.model_dump() | given, where)
