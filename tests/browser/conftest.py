"""A real browser on a real `ischia view`: one server and one browser for all tests, and one page for most of them.

Every page is watched: a request that leaves this machine, an error on its console or an uncaught exception fails the
test in which it happens.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Playwright, Request, sync_playwright

from viewer.chromium import find_browser, launch_flags
from viewer.server import LOOPBACK

from .driver import EYES, Viewer

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

ROOT = Path(__file__).parents[2]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
FEWER_PIXELS: dict[str, Any] = {"device_scale_factor": 0.5}
"""A quarter of the pixels, for modules that set `COARSE = True`: they ask the page, and look at no pixel of it."""
MESA = ("--use-angle=gl-egl", "--ignore-gpu-blocklist", "--disable-gpu-rasterization")
"""Has Mesa draw on the processor, in less than half of the time that Chromium's own drawing in software takes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """An `ischia view` at work in a process of its own."""

    process: subprocess.Popen[str]
    address: str

    @classmethod
    def start(cls, port: int = 0) -> Server:
        command = [sys.executable, "-m", "viewer.cli", "view", "--no-browser", "--port", str(port)]
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                return cls(process, found[0])
        raise AssertionError(f"ischia view ended with {process.wait()} before it said where it is")

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture(scope="session")
def server(built_atlas: BuiltAtlas) -> Iterator[Server]:
    """The server of all tests, on the atlas that the cache now holds."""
    server = Server.start()
    yield server
    server.end()


def drawn_by(browser: Browser) -> str:
    """What draws WebGL in this browser: `… llvmpipe …` is Mesa, on the processor."""
    page = browser.new_page()
    name: str = page.evaluate(
        """() => {
          const gl = document.createElement('canvas').getContext('webgl2');
          const info = gl?.getExtension('WEBGL_debug_renderer_info');
          return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : '';
        }"""
    )
    page.close()
    return name


def start_chromium(playwright: Playwright) -> Browser:
    """A browser that draws with Mesa on the processor, or, where there is no Mesa, with what it brings itself."""
    start = partial(playwright.chromium.launch, executable_path=str(find_browser()))
    if sys.platform == "linux":
        browser = start(args=[*launch_flags(), *MESA], env={**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1"})
        if "llvmpipe" in drawn_by(browser):
            return browser
        browser.close()
    return start(args=launch_flags())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What must not happen in any page: requests to other machines, and errors."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext, errors_expected: bool = False) -> BrowserContext:
        """Watch a context's pages. Where a test breaks something on purpose, errors on the console are its own."""
        context.add_init_script(EYES)
        context.on("request", self._request)
        if not errors_expected:
            context.on("console", self._console)
            context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in (LOOPBACK, "localhost"):
            self.outside.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def judge(self) -> None:
        """Fail if anything happened since the last time."""
        outside, errors = self.outside[:], self.errors[:]
        self.outside.clear()
        self.errors.clear()
        assert not outside, f"requests left this machine: {outside}"
        assert not errors, f"errors in the page: {errors}"


def pixels(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How finely pages of the asking module are drawn."""
    return FEWER_PIXELS if getattr(request.module, "COARSE", False) else {}


@pytest.fixture
def watched(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts whose pages are watched: `watched(errors_expected=True, viewport=…)`."""
    watch, contexts = Watch(), []

    def make(*, errors_expected: bool = False, **options: Any) -> BrowserContext:
        context = chromium.new_context(**{**DESKTOP, **pixels(request), "reduced_motion": "reduce", **options})
        contexts.append(context)
        return watch.over(context, errors_expected)

    yield make
    for context in contexts:
        context.close()
    watch.judge()


@pytest.fixture
def open_page(watched: Callable[..., BrowserContext], server: Server) -> Callable[..., Viewer]:
    """Opens the app's page anew: `open_page("#scene=…", viewport=…)`."""

    def open_it(fragment: str = "", **options: Any) -> Viewer:
        return Viewer(watched(**options).new_page()).open(server.address + fragment)

    return open_it


def _shared_page(chromium: Browser, server: Server, options: dict[str, Any]) -> Iterator[tuple[Viewer, Watch]]:
    watch = Watch()
    context = watch.over(chromium.new_context(**{**options, "reduced_motion": "reduce"}))
    viewer = Viewer(context.new_page()).open(server.address)
    yield viewer, watch
    context.close()


@pytest.fixture(scope="session")
def desktop_page(chromium: Browser, server: Server) -> Iterator[tuple[Viewer, Watch]]:
    yield from _shared_page(chromium, server, DESKTOP)


@pytest.fixture(scope="session")
def coarse_page(chromium: Browser, server: Server) -> Iterator[tuple[Viewer, Watch]]:
    yield from _shared_page(chromium, server, {**DESKTOP, **FEWER_PIXELS})


@pytest.fixture(scope="session")
def phone_page(chromium: Browser, server: Server) -> Iterator[tuple[Viewer, Watch]]:
    yield from _shared_page(chromium, server, PHONE)


@pytest.fixture
def viewer(request: pytest.FixtureRequest) -> Iterator[Viewer]:
    """The desktop page, as a first visitor sees it."""
    viewer, watch = request.getfixturevalue("coarse_page" if pixels(request) else "desktop_page")
    yield viewer.reset()
    watch.judge()


@pytest.fixture
def phone(phone_page: tuple[Viewer, Watch]) -> Iterator[Viewer]:
    """The page on a phone, as a first visitor sees it."""
    viewer, watch = phone_page
    yield viewer.reset()
    watch.judge()
