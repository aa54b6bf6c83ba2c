"""What is wrong in the annotation files, said so that the person who wrote them can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FieldPath = tuple[str | int, ...]
"""Way to a field inside a file: ("attachments", 0, "statement", "sources", 1)."""

_SHOWN = 20


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: in which file (relative to the data folder), at which field and line, and what to do about it."""

    file: str
    path: FieldPath
    text: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}: {dotted(self.path)}: " if self.path else f"{self.file}: "
        line = f" (line {self.line})" if self.line is not None else ""
        return f"{where}{self.text}{line}"


class AnnotationError(Exception):
    """The annotations cannot be used. `problems` holds every fault found, each naming its file and field."""

    def __init__(self, problems: Sequence[Problem | str]) -> None:
        self.problems = [str(problem) for problem in problems]
        lines = self.problems[:_SHOWN]
        if len(self.problems) > _SHOWN:
            lines.append(f"… and {len(self.problems) - _SHOWN} more; `ischia validate` lists them all.")
        super().__init__("\n".join(lines))


def dotted(path: FieldPath) -> str:
    """`("attachments", 0, "on")` as a person writes it: `attachments[0].on`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def did_you_mean(wrong: str, allowed: Iterable[str]) -> str:
    """`; did you mean "gray_1918"?`, or an empty string if nothing allowed is near."""
    near = difflib.get_close_matches(wrong, list(allowed), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
