"""A progress bar in a notebook's cell, as plain text that is rewritten in place; on a terminal, the usual bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Report = Callable[[float, str], None]

WIDTH = 32
"""Characters of a whole bar."""
BETWEEN = 0.2
"""Seconds between two pictures of the bar."""


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Shows how far something is, fed with (done from 0 to 1, what is being done); nothing if it is never fed."""
    if in_kernel():
        bar = _CellBar(title)
        try:
            yield bar.report
        finally:
            bar.end()
        return
    from viewer.commands import common

    with common.progress_bar(title) as report:
        yield report


def in_kernel() -> bool:
    """Whether this is a Jupyter kernel, which can rewrite what it has shown."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def bar_text(title: str, done: float, doing: str, seconds: float) -> str:
    """`Building the atlas  ████████░░░░░░░░  25 %  12 s  Muscles`."""
    full = round(WIDTH * min(max(done, 0.0), 1.0))
    return f"{title}  {'█' * full}{'░' * (WIDTH - full)}  {100 * done:.0f} %  {seconds:.0f} s  {doing}".rstrip()


class _CellBar:
    """A bar in the output of the cell that is running; it is there from the first report on."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._start = time.monotonic()
        self._shown: Any = None
        self._last = 0.0

    def report(self, done: float, doing: str) -> None:
        from IPython.display import display

        now = time.monotonic()
        if self._shown is not None and now - self._last < BETWEEN:
            return
        self._last = now
        text = {"text/plain": bar_text(self._title, done, doing, now - self._start)}
        if self._shown is None:
            self._shown = display(text, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._shown.update(text, raw=True)

    def end(self) -> None:
        """Leave one line behind: what took so long, and that it is kept."""
        if self._shown is not None:
            seconds = time.monotonic() - self._start
            self._shown.update({"text/plain": f"{self._title}: {seconds:.0f} s"}, raw=True)
