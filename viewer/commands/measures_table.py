"""The tables of `ischia measure`: published measures and lines, and an open set's muscles, beside the atlas's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from viewer.commands.common import print_json, progress_bar

if TYPE_CHECKING:
    from meshes.against import Compared
    from meshes.atlas import Atlas
    from meshes.lines import LineRow
    from meshes.measure_rows import Row

STEEP = 10.0
"""Degrees between two lines from which on the difference is explained."""


def print_table(atlas: Atlas, *, as_json: bool = False, lines: bool = False) -> None:
    """Print every published measure beside the atlas's own, or with `lines` every published line of action.

    atlas : as decoded from its files
    """
    from annotations.loading import load
    from meshes.lines import line_table
    from meshes.measure_rows import table

    data = load()
    sources = {key: reference.text for key, reference in data.references.items()}
    if lines:
        found = line_table(atlas, data.lines)
        if as_json:
            print_json([{**row.model_dump(), "source": sources[row.published.source]} for row in found])
        else:
            _print_lines(found, sources)
        return
    rows = table(atlas, data.measures)
    if as_json:
        print_json([{**row.model_dump(), "source": sources[row.published.source]} for row in rows])
    else:
        _print_rows(rows, sources)


def print_against(folder: Path, *, as_json: bool = False) -> None:
    """Grow the muscles on the bones of an open set and print how near each comes to that set's own muscle."""
    from meshes.against import compare

    with progress_bar("Growing muscles on these bones") as report:
        found = compare(folder, report)
    if as_json:
        print_json([one.model_dump() for one in found])
        return
    _grid(
        ["structure", "mean distance", "95 % within", "Dice", "volume here", "volume there"],
        [_compared_cells(one) for one in found],
    )


def _compared_cells(one: Compared) -> list[str]:
    return [
        one.structure,
        f"{one.mean_mm:.1f} mm",
        f"{one.percentile_95_mm:.1f} mm",
        f"{one.dice:.2f}",
        f"{one.volume_cm3:.1f} cm³",
        f"{one.reference_cm3:.1f} cm³",
    ]


def _print_rows(rows: list[Row], sources: dict[str, str]) -> None:
    cells, notes = [], []
    for row in rows:
        p = row.published
        mark = ""
        if p.note:
            notes.append(p.note)
            mark = f" [{len(notes)}]"
        spread = f" ± {p.sd:g}" if p.sd is not None else f" ({p.low:g} to {p.high:g})" if p.low is not None else ""
        unit = "" if p.unit == "fraction" else f" {p.unit}"
        cells.append(
            [
                p.structure,
                p.what + mark,
                f"{p.mean:g}{spread}{unit}",
                _number(row.right),
                _number(row.left),
                _signed(row.z_right),
                _signed(row.z_left),
                row.verdict + ("" if p.tested else ", not tested"),
                _short(sources[p.source]),
            ]
        )
    _grid(["structure", "measure", "published", "right", "left", "z right", "z left", "verdict", "source"], cells)
    for number, note in enumerate(notes, 1):
        typer.echo(f"[{number}] {note}")
    held = sum(row.verdict.startswith("within") for row in rows if row.published.tested)
    typer.echo(f"{held} of {sum(row.published.tested for row in rows)} tested measures hold; {len(rows)} in all.")


def _print_lines(rows: list[LineRow], sources: dict[str, str]) -> None:
    notes = list(dict.fromkeys(row.published.note for row in rows if row.worst > STEEP and row.published.note))
    cells = []
    for row in rows:
        note = row.published.note
        why = "" if row.worst <= STEEP else f"[{notes.index(note) + 1}]" if note else "not explained"
        angles = [_number(value, "°") for value in (row.angle_right, row.angle_left)]
        offsets = [_number(value, " mm") for value in (row.offset_right, row.offset_left)]
        cells.append([row.published.id, *angles, *offsets, why])
    _grid(["line", "angle right", "angle left", "apart right", "apart left", f"beyond {STEEP:.0f}°"], cells)
    for number, note in enumerate(notes, 1):
        typer.echo(f"[{number}] {note}")
    for source in dict.fromkeys(row.published.source for row in rows):
        typer.echo(sources[source])


def _grid(heads: list[str], rows: list[list[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    for row in [heads, ["-" * width for width in widths], *rows]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _number(value: float | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:.2f}{unit}" if abs(value) < 10 else f"{value:.1f}{unit}"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.1f}"


def _short(text: str) -> str:
    """Author and year of a reference."""
    return text.split(". ")[0].split(" (")[0][:40]
