"""Reads files in a process of its own: one that crashes, hangs or eats memory costs that file and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from meshes.importing import read as importing_read
from meshes.importing.files import Found
from meshes.importing.read import Piece, Unreadable

PATIENCE = 300.0
"""Seconds for which one file may be read, and one more for each megabyte of it."""


class Reader:
    """`with Reader() as reader: reader.read(found)`. The process starts with the first file and again after a crash."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.wait()

    def read(self, found: Found, options: Mapping[str, Any] | None = None) -> list[Piece]:
        """Every surface in a file. Raises `Unreadable` that says why there is none."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        question = {
            "file": str(found.path),
            "format": found.format,
            "options": dict(options or {}),
            "huge": importing_read.HUGE,
        }
        patience = self.patience + found.path.stat().st_size / 1e6
        late = threading.Timer(patience, process.kill)
        late.start()
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            head = json.loads(_exactly_a_line(process.stdout))
            pieces = [_piece(entry, process.stdout) for entry in head["pieces"]]
        except (EOFError, BrokenPipeError, ValueError) as error:
            too_long = late.finished.is_set()
            self.close()
            why = f"takes longer than {patience:.0f} s to read" if too_long else "is damaged: its reader gave up"
            raise Unreadable(why) from error
        finally:
            late.cancel()
        if head["fault"]:
            raise Unreadable(head["fault"])
        return pieces

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from meshes.importing.read import main; main()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        return self._process


def _exactly_a_line(stream: Any) -> bytes:
    line: bytes = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    return line


def _piece(entry: Mapping[str, Any], stream: Any) -> Piece:
    vertices = np.frombuffer(_exactly(stream, 24 * entry["vertices"]), "<f8").reshape(-1, 3)
    triangles = np.frombuffer(_exactly(stream, 24 * entry["triangles"]), "<i8").reshape(-1, 3)
    return Piece(
        entry["name"], vertices.astype(float), triangles.astype(np.int64), entry["oriented"], list(entry["notes"])
    )


def _exactly(stream: BinaryIO, count: int) -> bytes:
    content = stream.read(count)
    if len(content) != count:
        raise EOFError
    return content
