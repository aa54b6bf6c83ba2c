"""What a hand on the page costs: picks, draw calls, and whether anything waits for Python."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error, Page

# Each is done by the page's own means, and over when the condition on the scene and the stage holds.
INTERACTIONS = {
    "select": ("root.setScene({ ...root.getScene(), selected: 'gluteus_maximus.right' })", "scene.selected !== null"),
    "peel": ("root.setScene({ ...root.getScene(), peel: 2 })", "scene.peel === 2"),
    "hide": ("root.setScene({ ...root.getScene(), hidden: ['sacrum'] })", "scene.hidden.length === 1"),
    "fade": ("root.setScene({ ...root.getScene(), opacity: { femur: 0.4 } })", "scene.opacity.femur === 0.4"),
    "cut": ("root.setScene({ ...root.getScene(), cut: { normal: [0, 0, 1], offset: 20 } })", "scene.cut !== null"),
    "view": ("root.setScene({ ...root.getScene(), camera: { view: 'oblique' } })", "scene.camera.view === 'oblique'"),
    "label": ("root.setScene({ ...root.getScene(), labels: 'all' })", "scene.labels === 'all'"),
    "isolate": ("root.setScene({ ...root.getScene(), isolated: ['piriformis'] })", "scene.isolated.length === 1"),
}

PICKS = """
() => {
  const { stage } = document.querySelector('.ischia'), { clientWidth: width, clientHeight: height } = stage.canvas;
  const times = [];
  let hits = 0;
  for (let i = 0; i < 2000; i++) {  // a low-discrepancy sequence over the middle of the picture
    const x = width * (0.25 + 0.5 * ((i * 0.754877666) % 1)), y = height * (0.05 + 0.8 * ((i * 0.569840291) % 1));
    const start = performance.now();
    hits += stage.pick(x, y) ? 1 : 0;
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { p95: times[1900], median: times[1000], hits };
}
"""


RESTING = "() => document.querySelector('.ischia').stage.resting"

SHOWN = """
(before) => {
  const { stage } = document.querySelector('.ischia');
  return stage.stats().triangles > before && stage.resting;
}
"""


@dataclass(frozen=True)
class Cost:
    """What was measured.

    pick_p95_ms, pick_median_ms : over 2,000 picks
    triangles, draw_calls : of a picture of the default layers
    waited : interactions that waited for Python; None where that cannot be told
    everything : triangles and draw calls with skin and small nerves too; None if nothing comes after the atlas
    """

    pick_p95_ms: float
    pick_median_ms: float
    triangles: int
    draw_calls: int
    waited: list[str] | None
    everything: tuple[int, int] | None


def measure(page: Page, server: int, later: list[str]) -> Cost:
    """Measure on a page whose first picture is there.

    server : the process that serves it, suspended meanwhile
    later : sided ids of the structures that come after the atlas
    """
    page.wait_for_function("() => document.querySelector('.ischia')?.stage", timeout=60_000)
    page.wait_for_function(RESTING, timeout=120_000)
    page.evaluate(PICKS)  # grows the search trees that nobody has needed yet
    page.wait_for_function("() => document.querySelector('.ischia').stage.stats().bvhPending === 0", timeout=60_000)
    stats: dict[str, Any] = page.evaluate("document.querySelector('.ischia').stage.stats()")
    picks: dict[str, float] = page.evaluate(PICKS)
    waited = _waiting(page, server)
    return Cost(
        picks["p95"], picks["median"], stats["triangles"], stats["calls"], waited, _everything(page, stats, later)
    )


def _everything(page: Page, default: dict[str, Any], later: list[str]) -> tuple[int, int] | None:
    """Triangles and draw calls of a picture of all structures, those that come later too."""
    if not later:
        return None
    page.evaluate("(shown) => document.querySelector('.ischia').setScene({ shown })", later)
    page.wait_for_function(SHOWN, arg=default["triangles"], timeout=120_000)
    stats: dict[str, Any] = page.evaluate("document.querySelector('.ischia').stage.stats()")
    return stats["triangles"], stats["calls"]


def _waiting(page: Page, server: int) -> list[str] | None:
    """Names of the interactions that are not over while Python is suspended; None where that cannot be done."""
    if not hasattr(signal, "SIGSTOP"):
        return None
    page.wait_for_selector('html[data-linked="true"]', state="attached", timeout=60_000)
    waited = []
    os.kill(server, signal.SIGSTOP)
    try:
        for name, (action, over) in INTERACTIONS.items():
            page.evaluate(f"() => {{ const root = document.querySelector('.ischia'); {action}; }}")
            drawn = (
                "() => { const { stage } = document.querySelector('.ischia'), scene = "
                f"document.querySelector('.ischia').getScene(); return stage && {over}; }}"
            )
            try:
                page.wait_for_function(drawn, timeout=15_000)
                page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            except Error:
                waited.append(name)
    finally:
        os.kill(server, signal.SIGCONT)
    return waited
