"""What is made while the page is open already: skin, small nerves and variants, by a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack


@dataclass(frozen=True)
class LaterState:
    """How it stands: `done` from 0 to 1 and what is being done, or why it failed."""

    state: Literal["none", "growing", "ready", "failed"]
    done: float = 0.0
    text: str = ""


class Later:
    """Makes what comes after an atlas, once somebody asks for it.

    built : the atlas
    ready : told of the pack, in a thread of its own, when it is there
    """

    def __init__(self, built: BuiltAtlas, ready: Callable[[BuiltPack], None]) -> None:
        self._built, self._ready = built, ready
        self.state = LaterState("growing" if built.document.growing else "none")
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def ask(self) -> LaterState:
        """How it stands; the first who asks sets it going."""
        with self._lock:
            if self._thread is None and self.state.state == "growing" and not self._stopped:
                self._thread = threading.Thread(target=self._work, daemon=True, name="ischia-later")
                self._thread.start()
        return self.state

    def stop(self) -> None:
        """End the work, with every process that was started for it."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            _end(process)

    def _work(self) -> None:
        from meshes.more import found

        try:
            pack = found(self._built)
            if pack is None:
                told = self._make()
                pack = found(self._built)
                if pack is None:
                    self.state = LaterState("failed", text=told or "It was ended from outside.")
                    return
            self._ready(pack)
            self.state = LaterState("ready", 1.0)
        except Exception as error:  # a thread has nobody else to tell
            self.state = LaterState("failed", text=str(error))

    def _make(self) -> str:
        """Run the program that makes it, and follow how far it is; what it complained of last."""
        command = [sys.executable, "-m", "meshes.more", str(self._built.folder), "--background"]
        with self._lock:
            if self._stopped:
                return ""
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                start_new_session=os.name != "nt",
            )
        process = self._process
        complaints: list[str] = []
        assert process.stdout is not None
        assert process.stderr is not None
        listener = threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True)
        listener.start()
        for line in process.stdout:
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                self.state = LaterState("growing", float(told["done"]), str(told["text"]))
        process.wait()
        listener.join(5)
        _end(process)
        return complaints[-1].strip() if complaints else ""


def _end(process: subprocess.Popen[str]) -> None:
    """Kill a process and those that it has started, and close what is held of it."""
    with suppress(OSError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        with suppress(OSError):
            if stream is not None:
                stream.close()
