"""What becomes of each file that is imported, in words; and the surfaces on their way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from annotations.loading import load
from meshes.importing.frame import SAMPLES, Floats, sample
from meshes.importing.read import Ints
from meshes.shape_fit import Unit

Status = Literal["used", "repaired", "refused", "ignored"]
By = Literal["name", "shape", "mapping", ""]


WORDS = {"used": "used", "repaired": "repaired", "refused": "REFUSED", "ignored": "passed over"}


@dataclass(frozen=True)
class ImportOptions:
    """What a person says, in place of what would be found.

    mapping : sided structure, or None for what is left out, by file (or `file#part`)
    """

    unit: Unit | None = None
    axes: str | None = None
    mapping: Mapping[str, str | None] | None = None
    labels: Mapping[int, str] | None = None
    mirrored: bool = False
    swapped: bool = False


@dataclass
class Row:
    """What became of one file, or of one part of it."""

    source: str
    status: Status = "used"
    structure: str | None = None
    side: str | None = None
    by: By = ""
    notes: list[str] = field(default_factory=list)
    guess: str = ""
    """Why its name says nothing."""

    @property
    def sided(self) -> str | None:
        """`femur.right`, `sacrum`; None if it is not known yet."""
        if self.structure is None or not load().structures[self.structure].paired:
            return self.structure
        return f"{self.structure}.{self.side}" if self.side else None

    def refuse(self, why: str) -> None:
        """It is not used."""
        self.status = "refused"
        self.notes.append(why)


@dataclass
class Candidate:
    """A surface that may be used: in the data's own unit and axes at first, LPS mm in the end."""

    row: Row
    vertices: Floats
    triangles: Ints
    oriented: bool

    def points(self) -> Floats:
        """(n, 3) points on it."""
        return sample(self.vertices, self.triangles, SAMPLES)


def same(candidates: list[Candidate]) -> bool:
    """Whether all are the same surface."""
    one = candidates[0]
    return all(
        np.array_equal(np.sort(one.vertices, axis=0), np.sort(other.vertices, axis=0)) for other in candidates[1:]
    )


def plain(sided: str) -> str:
    """`hip_bone.left` as words: left hip bone."""
    structure, _, side = sided.partition(".")
    return f"{side} {structure}".strip().replace("_", " ")


def report_lines(rows: Iterable[Row]) -> list[str]:
    """The report for people, one line a file."""
    lines = []
    for row in rows:
        name = row.sided or row.structure
        target = f" → {plain(name)} (by its {row.by})" if name and row.by and row.status in ("used", "repaired") else ""
        lines.append(f"  {WORDS[row.status]:<12}{row.source}{target}{': ' if row.notes else ''}{'; '.join(row.notes)}")
    return lines


def axes_words(code: str) -> str:
    """`LSA` as words: x to the left, y up, z to the front."""
    ways = {"L": "to the left", "R": "to the right", "P": "to the back", "A": "to the front", "S": "up", "I": "down"}
    return ", ".join(f"{axis} {ways[letter]}" for axis, letter in zip("xyz", code, strict=True)) if code else "oblique"
