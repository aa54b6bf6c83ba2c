"""A real browser on the real app: one server and one browser for all tests, a fresh page for each.

Every page is watched: a request that leaves this machine, an error on the console or an uncaught exception fails the
test that caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from annotations.catalogue import catalogue
from viewer.app import AtlasApp
from viewer.chromium import find_browser, launch_flags
from viewer.server import LOOPBACK, bind

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

PICTURES = Path(__file__).parents[2] / "out" / "tests" / "pictures"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Served:
    """The app in this process, and the address of its page."""

    def __init__(self, built: BuiltAtlas, port: int = 0) -> None:
        self.app = AtlasApp(built, catalogue())
        sockets = bind(port)
        self.port: int = sockets[0].getsockname()[1]
        self.address = f"http://{LOOPBACK}:{self.port}/"
        self.end = self.app.run_in_thread(sockets)


@pytest.fixture(scope="session")
def served(built_atlas: BuiltAtlas) -> Iterator[Served]:
    served = Served(built_atlas)
    yield served
    served.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()), args=launch_flags())
        yield browser
        browser.close()


class Viewer:
    """A page with the viewer in it, and short ways to what tests ask of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tree = page.get_by_role("tree", name="Structures", exact=True)
        self.card = page.get_by_role("article")

    def open(self, address: str) -> Viewer:
        self.page.goto(address)
        return self.ready()

    def ready(self) -> Viewer:
        self.page.wait_for_selector('.ischia[data-ready="true"]', timeout=90_000)
        return self

    def linked(self) -> Viewer:
        """Wait until Python is linked to the page."""
        self.page.wait_for_selector('html[data-linked="true"]', state="attached", timeout=60_000)
        return self

    def scene(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("document.querySelector('.ischia').getScene()")
        return found

    def set_scene(self, **fields: Any) -> None:
        self.page.evaluate("(scene) => document.querySelector('.ischia').setScene(scene)", fields)

    def wait_for(self, condition: str) -> None:
        """Wait for a condition on `scene` and `stage`, in JavaScript."""
        body = "const {stage} = el; const scene = el.getScene();"
        self.page.wait_for_function(
            f"() => {{ const el = document.querySelector('.ischia'); {body} return {condition}; }}", timeout=30_000
        )

    def seen(self) -> set[str]:
        """Sided ids of the structures that can be picked somewhere in the picture: what is really drawn in front."""
        script = """() => {
          const { stage } = document.querySelector('.ischia'), { clientWidth: w, clientHeight: h } = stage.canvas;
          const ids = new Set();
          for (let y = 5; y < h; y += 10) for (let x = 5; x < w; x += 10) {
            const pick = stage.pick(x, y); if (pick) ids.add(pick.id);
          }
          return [...ids];
        }"""
        return set(self.page.evaluate(script))

    def spot(self, name: str) -> tuple[float, float]:
        """A point of the window where this structure lies in front, far from its edges and from the panels."""
        script = """(name) => {
          const { stage } = document.querySelector('.ischia'), box = stage.canvas.getBoundingClientRect();
          const free = (x, y) => {
            let top = document.elementFromPoint(x, y);
            while (top?.shadowRoot) {
              const inner = top.shadowRoot.elementFromPoint(x, y);
              if (!inner || inner === top) break;
              top = inner;
            }
            return top === stage.canvas;
          };
          const good = [], step = 6, is = (x, y) => stage.pick(x, y)?.id === name;
          for (let y = 3; y < box.height; y += step) for (let x = 3; x < box.width; x += step)
            if (is(x, y) && [[-5, 0], [5, 0], [0, -5], [0, 5]].every(([a, b]) => is(x + a, y + b)) &&
                free(x + box.left, y + box.top)) good.push([x + box.left, y + box.top]);
          return good.length ? good[Math.floor(good.length / 2)] : null;
        }"""
        found = self.page.evaluate(script, name)
        assert found is not None, f"{name} lies in front nowhere in the picture"
        return found[0], found[1]

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour on screen around a point, 0 to 255."""
        from io import BytesIO

        import numpy as np
        from PIL import Image

        shot = self.page.screenshot(clip={"x": x - 4, "y": y - 4, "width": 9, "height": 9})
        pixels = np.asarray(Image.open(BytesIO(shot)).convert("RGB")).reshape(-1, 3)
        red, green, blue = (int(value) for value in np.median(pixels, axis=0))
        return red, green, blue

    def shot(self, name: str) -> None:
        """Keep a picture for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")


Open = Callable[..., Viewer]


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts whose pages are watched."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    errors: list[str] = []

    def is_outside(address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme not in ("data", "blob", "about") and parts.hostname not in (LOOPBACK, "localhost")

    def note(request: Request) -> None:
        if is_outside(request.url):
            outside.append(request.url)

    def make(*, errors_expected: bool = False, **options: Any) -> BrowserContext:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        context.on("request", note)
        if not errors_expected:
            context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            context.on("weberror", lambda error: errors.append(str(error.error)))
        return context

    yield make
    for context in contexts:
        context.close()
    assert not outside, f"requests left this machine: {outside}"
    assert not errors, f"errors in the page: {errors}"


@pytest.fixture
def open_page(watched: Callable[..., BrowserContext], served: Served) -> Open:
    """Opens the app's page: `open_page(fragment="#scene=…", width=…, height=…)`."""

    def open_it(fragment: str = "", **options: Any) -> Viewer:
        return Viewer(watched(**options).new_page()).open(served.address + fragment)

    return open_it


@pytest.fixture
def viewer(open_page: Open) -> Viewer:
    """The page as a first visitor sees it, on a desktop."""
    return open_page()
