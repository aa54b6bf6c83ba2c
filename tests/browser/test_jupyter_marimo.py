"""The widget in a real marimo notebook: shown, picked in, read back, and changed from Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext

from .driver import PATIENCE_MS, Viewer
from .notebooks import NotebookServer

if TYPE_CHECKING:
    from meshes.more import BuiltPack

NOTEBOOK = """
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from ischia import Pelvis

    p = Pelvis(peel=1)
    p
    return mo, p


@app.cell
def _(mo):
    ask = mo.ui.button(label="Sacrum alone", on_click=lambda count: 1, value=0)
    ask
    return (ask,)


@app.cell
def _(ask, mo, p):
    was = p.selected
    if ask.value:
        p.isolate("sacrum").select("sacrum")
    mo.md(f"selected before: {was}")
    return


if __name__ == "__main__":
    app.run()
"""

# marimo draws its cells in shadow roots, where a search of the document does not find the viewer.
INNER = """
Object.defineProperty(eyes, 'root', { get() {
  const within = (node) => node.querySelector('.ischia')
    ?? [...node.querySelectorAll('*')].map(({ shadowRoot }) => shadowRoot && within(shadowRoot)).find(Boolean);
  return within(document) ?? null;
} });
"""


@pytest.fixture(scope="module")
def marimo(later_pack: BuiltPack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    file = tmp_path_factory.mktemp("marimo") / "atlas.py"
    file.write_text(NOTEBOOK, encoding="utf-8")
    server = NotebookServer.marimo(file)
    yield server
    server.end()


def test_marimo(watched: Callable[..., BrowserContext], marimo: NotebookServer) -> None:
    context = watched(errors_expected=True)
    context.add_init_script(INNER)
    page = context.new_page()
    viewer = Viewer(page).open(marimo.address)
    assert viewer.scene()["peel"] == 1
    assert page.locator(".ischia").get_attribute("data-theme") == "light"  # as the page around it
    viewer.click(viewer.spot("gluteus_medius.right"))
    viewer.wait_for("scene.selected === 'gluteus_medius.right'").rest()
    page.get_by_role("button", name="Sacrum alone").click()
    page.get_by_text("selected before: gluteus_medius.right").wait_for(timeout=PATIENCE_MS)
    viewer.wait_for("scene.selected === 'sacrum' && scene.isolated.length === 1").rest()
    assert viewer.seen() == {"sacrum"}
