"""The budget table: what was measured, which bar it has to meet, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True)
class Row:
    """One line of the table.

    value : what was measured, in `unit`; None if it could not be, and then `note` says why
    bar : the least or most it may be; None for a figure that is only told
    sense : on which side of the bar it has to lie
    """

    what: str
    value: float | None
    unit: str = ""
    bar: float | None = None
    sense: Literal["at most", "at least"] = "at most"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None if there is no bar or nothing was measured."""
        if self.value is None or self.bar is None:
            return None
        return self.value <= self.bar if self.sense == "at most" else self.value >= self.bar

    @property
    def verdict(self) -> str:
        """The same in a word."""
        if self.met is None:
            return "" if self.bar is None else "not measured"
        return "met" if self.met else "MISSED"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "bar": self.bar,
            "sense": self.sense if self.bar is not None else None,
            "met": self.met,
            "note": self.note,
        }


def middle(values: list[float]) -> float | None:
    """The median, or None of nothing."""
    return median(values) if values else None


def number(value: float | None, unit: str = "") -> str:
    """A figure with its unit, to three digits that mean something."""
    if value is None:
        return "–"
    digits = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{' ' if unit else ''}{unit}"


def printed(rows: list[Row]) -> str:
    """The table for people."""
    signs = {"at most": "≤", "at least": "≥"}
    cells = [
        (
            row.what,
            number(row.value, row.unit),
            "" if row.bar is None else f"{signs[row.sense]} {number(row.bar, row.unit)}",
            row.verdict,
            row.note,
        )
        for row in rows
    ]
    head = ("what", "measured", "bar", "verdict", "")
    widths = [max(len(line[i]) for line in [head, *cells]) for i in range(4)]
    lines = [head, (*("-" * width for width in widths), ""), *cells]
    return "\n".join(
        f"{what:<{widths[0]}}  {value:>{widths[1]}}  {bar:>{widths[2]}}  {verdict:<{widths[3]}}  {note}".rstrip()
        for what, value, bar, verdict, note in lines
    )
