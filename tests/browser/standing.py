"""What tests of pages that stand alone share: a watch on a page opened as a file, and the plainest file server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Request

from viewer.server import LOOPBACK

from .conftest import Watch


@dataclass
class Alone(Watch):
    """Watches pages that may ask for one address only, and for nothing twice; failures count too."""

    asked: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext, errors_expected: bool = False) -> BrowserContext:
        context.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))
        return super().over(context, errors_expected)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob"):
            self.asked.append(request.url.partition("#")[0])


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the base class's)
        pass


class FolderServer:
    """`python -m http.server` for a folder, that can be ended and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self._handler = partial(_Quiet, directory=str(folder))
        self.port = 0
        self.start()

    def start(self) -> None:
        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer((LOOPBACK, self.port), self._handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def address(self, path: str = "") -> str:
        return f"http://{LOOPBACK}:{self.port}/{path}"


@contextmanager
def serving(folder: Path) -> Iterator[FolderServer]:
    server = FolderServer(folder)
    try:
        yield server
    finally:
        server.end()
