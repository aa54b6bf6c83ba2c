"""`ischia lesson`: lessons listed, begun and checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import JsonOption, print_json
from viewer.errors import ViewerError

EXAMPLE = "Example:  ischia lesson new my_lesson, then:  ischia lesson check my_lesson.yaml"

app = typer.Typer(help="Lessons: list them, begin one, check one.", no_args_is_help=True, epilog=EXAMPLE)


@app.command("list", epilog="Example:  ischia lesson list --json")
def list_lessons(as_json: JsonOption = False) -> None:
    """List the lessons that come along; play one with: ischia view --lesson NAME"""
    from annotations.lessons import load_lessons
    from viewer.scene import Scene

    lessons = load_lessons(scene=Scene)
    if as_json:
        fields = {"id", "title", "summary", "audience", "minutes", "reviewed_by"}
        print_json([{**one.model_dump(include=fields), "steps": len(one.steps)} for one in lessons.values()])
        return
    width = max(len(name) for name in lessons)
    for name, lesson in lessons.items():
        typer.echo(f"{name:<{width}}  {len(lesson.steps):>2} steps  {lesson.title}")


@app.command("new", epilog="Example:  ischia lesson new the_hip_from_behind")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower case words joined by underscores.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it; without it, NAME.yaml here.")
    ] = None,
) -> None:
    """Write the file of a new lesson, with comments on what goes where."""
    from viewer.files import write_whole
    from viewer.lesson_template import template

    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise typer.BadParameter(f'"{name}" must be lower case words joined by underscores, such as my_first_lesson')
    path = out or Path(f"{name}.yaml")
    if path.exists():
        raise ViewerError(f"{path}: is there already. Choose another name, or another place with --out FILE")
    write_whole(path, template(name).encode())
    typer.echo(f"{path}: a lesson of two steps to begin with. See it:  ischia view --lesson {path}")


@app.command("check", epilog="Example:  ischia lesson check my_lesson.yaml")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A lesson file, YAML or JSON.")],
    as_json: JsonOption = False,
) -> None:
    """Check a lesson file: its form, its names, its sources, its scenes.

    Each line of the answer names field and line of something that is wrong.
    """
    from annotations.lessons import check_lesson
    from viewer.scene import Scene

    lesson, found = check_lesson(file, scene=Scene)
    problems = [str(problem) for problem in found]
    if as_json:
        print_json({"valid": not problems, "problems": problems})
    elif problems:
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"{_many(len(problems), 'problem')}.", err=True)
    elif lesson is not None:
        questions = sum(step.question is not None for step in lesson.steps)
        typer.echo(f"Valid: {lesson.title} ({_many(len(lesson.steps), 'step')}, {_many(questions, 'question')}).")
    if problems:
        raise typer.Exit(1)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
