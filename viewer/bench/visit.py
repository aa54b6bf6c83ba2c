"""One visit of a browser to one page: when its picture appears, and what came over the wire until then."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Route

SIZE = {"width": 1280, "height": 800}
PATIENCE_S = 120

# The same eye for every page: after whatever a page draws with WebGL it looks at the canvas, and notes when first
# something is to be seen there: enough pixels that differ from the corner's and from each other. Reading the pixels
# waits until they are drawn, so the time is that of a finished picture, not of one that was asked for.
EYE = """
(() => {
  const [width, height] = [64, 40], small = document.createElement('canvas');
  small.width = width;
  small.height = height;
  const context = small.getContext('2d', { willReadFrequently: true });
  const shows = (canvas) => {
    context.clearRect(0, 0, width, height);
    context.drawImage(canvas, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const colours = new Set();
    let other = 0;
    for (let i = 0; i < data.length; i += 4) {
      const apart = Math.max(...[0, 1, 2].map((k) => Math.abs(data[i + k] - data[k])));
      if (data[i + 3] > 0 && apart > 40) {
        other++;
        colours.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
      }
    }
    return other > 0.04 * width * height && colours.size > 20;
  };
  window.painted = null;
  const pending = new Set();
  const drawn = (canvas) => {
    if (window.painted !== null || pending.has(canvas) || !(canvas?.width * canvas?.height > 10000)) return;
    pending.add(canvas);
    queueMicrotask(() => {  // after all draws of this frame, before it goes on screen
      pending.delete(canvas);
      if (window.painted === null && shows(canvas)) window.painted = performance.now();
    });
  };
  for (const Context of [WebGLRenderingContext, WebGL2RenderingContext])
    for (const kind of ['Arrays', 'Elements', 'RangeElements', 'ArraysInstanced', 'ElementsInstanced']) {
      const name = `draw${kind}`;
      const draw = Context.prototype[name];
      if (draw)
        Context.prototype[name] = function (...values) {
          draw.apply(this, values);
          drawn(this.canvas);
        };
    }
})();
"""


@dataclass
class Visit:
    """What was seen of one page.

    painted_s : seconds from the navigation's start until the picture was there; None if it never came
    marked_s : seconds until the page itself said so (`ischia:first-frame`), where it does
    received : bytes on the wire until then, by the address's path; messages of a websocket under `websocket`
    outside : other machines that the page asked for something (it was not let)
    """

    painted_s: float | None = None
    marked_s: float | None = None
    received: dict[str, int] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)

    @property
    def megabytes(self) -> float:
        """All that came until the picture was there, MB."""
        return sum(self.received.values()) / 1e6


def visit(browser: Browser, address: str, then: Any = None) -> Visit:
    """Open a page in a fresh browser context with nothing cached, and wait for its picture.

    then : called with the page once the picture is there
    """
    found = Visit()
    finished: list[Request] = []
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.add_init_script(EYE)
        page.route(lambda url: urlsplit(url).hostname not in ("127.0.0.1", None), lambda route: _refuse(route, found))
        page.on("requestfinished", lambda request: finished.append(request))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: _count(frame, found)))
        page.goto(address, wait_until="commit")
        found.painted_s = _wait(page)
        for request in finished:
            _weigh(request, found)
        marks = page.evaluate("performance.getEntriesByName('ischia:first-frame').map(({startTime}) => startTime)")
        found.marked_s = marks[0] / 1000 if marks else None
        if then is not None and found.painted_s is not None:
            then(page)
    finally:
        context.close()
    return found


def _wait(page: Page) -> float | None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        painted: float | None = page.evaluate("window.painted")
        if painted is not None:
            return painted / 1000
        page.wait_for_timeout(100)
    return None


def _refuse(route: Route, found: Visit) -> None:
    found.outside.append(urlsplit(route.request.url).hostname or route.request.url)
    route.abort()


def _count(frame: str | bytes, found: Visit) -> None:
    found.received["websocket"] = found.received.get("websocket", 0) + len(frame)


def _weigh(request: Request, found: Visit) -> None:
    path = urlsplit(request.url).path
    if urlsplit(request.url).scheme.startswith("http"):
        found.received[path] = found.received.get(path, 0) + request.sizes()["responseBodySize"]
