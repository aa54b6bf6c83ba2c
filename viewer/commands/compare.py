"""`ischia compare`: what two bodies measure, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from viewer.commands.common import open_atlas, open_whole

if TYPE_CHECKING:
    from viewer.comparing import ComparedRow

EXAMPLE = "Example:  ischia compare population bodyparts3d --csv measures.csv"

NARROWEST = 100
"""Columns below which the table would break its numbers."""
BODY = "population, a name from `ischia atlas list`, or a folder"


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help=f"The first body: {BODY}.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The second body.")],
    bones: Annotated[
        bool, typer.Option("--bones", help="Only what bones measure: nothing else has to be made.")
    ] = False,
    to_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to this file; - is the terminal.")
    ] = None,
    to_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="The same as JSON, with the definitions.")
    ] = None,
) -> None:
    """Compare the measures of two bodies.

    Distances between landmarks and sizes of bones; nerve and piriformis; volumes of muscles. To see the two bodies:
    ischia view --atlas A --beside B
    """
    import json

    from annotations.loading import load
    from viewer.comparing import as_csv, as_records, compared_rows

    here, there = ((open_atlas(name), None) if bones else open_whole(name) for name in (first, second))
    rows = compared_rows(here, there, load().measures)
    if bones:
        rows = [row for row in rows if row.group == "bones"]
    bodies = [{"id": built.document.id, "title": built.document.title} for built, _ in (here, there)]
    if to_csv is not None:
        _write(to_csv, as_csv(rows))
    if to_json is not None:
        found = {"first": bodies[0], "second": bodies[1], "rows": as_records(rows)}
        _write(to_json, json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    if to_csv is None and to_json is None:
        _print(rows, (bodies[0]["title"], bodies[1]["title"]))


def _write(path: Path, text: str) -> None:
    """Write a file whole, or print where the path is a dash. Raises ViewerError."""
    from viewer.files import write_whole

    if str(path) == "-":
        typer.echo(text, nl=False)
        return
    write_whole(path, text.encode())
    typer.echo(f"The table is in {path}", err=True)


def _print(rows: list[ComparedRow], titles: tuple[str, str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from viewer.comparing import GROUPS

    console = Console(highlight=False)
    if console.width < NARROWEST:
        console.width = NARROWEST
    console.print(f"1  {titles[0]}\n2  {titles[1]}", markup=False)
    for group, title in GROUPS.items():
        mine = [row for row in rows if row.group == group]
        if not mine:
            continue
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        table.add_column("measure", overflow="fold", ratio=3)
        table.add_column("side")
        for head in ("1", "2", "2 − 1"):
            table.add_column(head, justify="right", no_wrap=True)
        table.add_column("published", overflow="fold", ratio=2)
        last = ""
        for row in mine:
            named = f"{row.name}, {row.unit}" if row.unit else row.name
            said = row.published if row.id != last else ""
            digits = 1 if max(abs(row.first or 0.0), abs(row.second or 0.0)) >= 10 else 2
            numbers = [_number(value, digits) for value in (row.first, row.second)]
            numbers.append(_number(row.difference, digits, sign="+"))
            table.add_row(named if row.id != last else "", row.place, *numbers, said)
            last = row.id
        console.print(table)
    console.print("The difference is the second body less the first. Each is a model or one person, and no norm.")


def _number(value: float | None, digits: int, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.{digits}f}"
