"""A second process that grows one side of a body while the first grows the other.

It is a plain `python -m meshes.other_side`, not a worker of `multiprocessing`: those run the caller's own script again,
and a notebook, a pipe or a script without a main guard cannot bear that. Both ends of the pipe are this package.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from annotations.forms import Form
    from meshes.atlas import Structure
    from meshes.body import Body, LimbSide
    from meshes.loft import Solid


class OtherSide:
    """One side being grown by a second process."""

    def __init__(
        self,
        body: Body,
        forms: Mapping[str, Form],
        side: LimbSide,
        variant: str,
        given: Mapping[str, Solid] | None = None,
    ) -> None:
        self._order = (body, dict(forms), side, variant, given)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "meshes.other_side"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            assert self._process.stdin is not None
            pickle.dump(self._order, self._process.stdin)
            self._process.stdin.close()
        except (OSError, pickle.PicklingError):
            self.stop()

    def result(self, progress: Callable[[float, str], None]) -> list[Structure] | None:
        """What was grown, once it is done; None if the process could not do it and it must be done here."""
        if self._process is None or self._process.stdout is None:
            return None
        try:
            while True:
                told = pickle.load(self._process.stdout)
                if isinstance(told, list):
                    return told
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
            self._process = None


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Read one order, grow it, and tell of progress and the result."""
    body, forms, side, variant, given = pickle.load(source)

    from meshes.modeller import solve

    def tell(fraction: float, text: str) -> None:
        pickle.dump((fraction, text), sink)
        sink.flush()

    pickle.dump(solve(body, forms, side, variant, tell, given), sink)
    sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
