"""The servers that the bench visits, each a process of its own, and each ended when it is done."""

from __future__ import annotations

import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

LOOPBACK = "127.0.0.1"
START_S = 240


class Unavailable(Exception):
    """Something that was to be measured is not to be had here; the message says why."""


@contextmanager
def process(arguments: list[str], address: str, what: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program that answers at an address. Raises Unavailable if it ends before it does."""
    running = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        _wait(running, address, what)
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()


def _wait(running: subprocess.Popen[str], address: str, what: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if running.poll() is not None:
            told = (running.stderr.read() if running.stderr else "").strip().splitlines()
            raise Unavailable(f"{what} did not start: {told[-1] if told else 'it said nothing'}")
        try:
            with urlopen(address, timeout=5):
                return
        except HTTPError:
            return  # it answers, if only that it has no such page
        except (URLError, OSError):
            time.sleep(0.2)
    raise Unavailable(f"{what} did not answer within {START_S} s")


@contextmanager
def folder(path: Path) -> Iterator[str]:
    """Address of a folder's files, served as they are."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), partial(Silent, directory=str(path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
