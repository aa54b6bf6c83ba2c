"""A second process of this program, for work that falls into two halves.

It is a plain `python -m meshes.second`, not a worker of `multiprocessing`: those run the caller's own script again, and
a notebook, a pipe or a script without a main guard cannot bear that. Both ends of the pipe are this package.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class _Done:
    """What comes last through the pipe."""

    value: Any


class Second:
    """A function being run by a second process.

    work : a function of a module of this package; it is given `given` and a function to tell its progress to
    """

    def __init__(self, work: Callable[..., Any], *given: Any) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if (os.cpu_count() or 1) < 2:
            return
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "meshes.second"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            assert self._process.stdin is not None
            pickle.dump((work, given), self._process.stdin)
            self._process.stdin.close()
        except (OSError, pickle.PicklingError):
            self.stop()

    def result(self, progress: Progress) -> Any:
        """What the function returned, once it has; None if it was not run, or failed, and must be done here."""
        if self._process is None or self._process.stdout is None:
            return None
        try:
            while True:
                told = pickle.load(self._process.stdout)
                if isinstance(told, _Done):
                    return told.value
                progress(*told)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        finally:
            self.stop()

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def __enter__(self) -> Second:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Read one order, carry it out, and tell of progress and the result; a failure is left to be met there."""
    work, given = pickle.load(source)

    def tell(done: float, text: str) -> None:
        pickle.dump((done, text), sink)
        sink.flush()

    with suppress(Exception):
        pickle.dump(_Done(work(*given, tell)), sink)
        sink.flush()


if __name__ == "__main__":
    # As the module that others import, so that what one process writes the other one can read.
    from meshes import second

    second.serve(sys.stdin.buffer, sys.stdout.buffer)
