"""The widget in a real JupyterLab and a real Notebook 7: shown, picked in, read back, changed from Python, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, WebError

from .conftest import Watch
from .driver import PATIENCE_MS, Viewer
from .notebooks import NotebookServer, write_notebook

if TYPE_CHECKING:
    from meshes.more import BuiltPack

CELLS = [
    "from ischia import Pelvis\ntold = []\np = Pelvis(peel=1)\np.on_select(told.append)\np",
    "print(p.selected, told, p.scene.peel)",
    'p.section().view("posterior").isolate("piriformis", "sacrum").select("sacrum");',
    "q = Pelvis(height=320)\nq",
    "p.close()",
    "q.close()",
]
SHOW, READ, CHANGE, SECOND, CLOSE_FIRST, CLOSE_SECOND = range(len(CELLS))

# Counts the WebGL contexts that are alive, whoever has made them.
CONTEXTS = """
window.contexts = [];
const make = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const context = make.call(this, kind, ...rest);
  if (context && kind.startsWith('webgl') && !contexts.some((known) => known.deref() === context))
    contexts.push(new WeakRef(context));
  return context;
};
window.alive = () => contexts.filter((known) => known.deref()?.isContextLost() === false).length;
window.bodies = () => globalThis[Symbol.for('ischia.notebook')].bodies;
"""

READY = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


class Notebook(Viewer):
    """A notebook in a Jupyter front end, with the viewer in one of its cells."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page)
        self.asked: list[bytes] = []
        page.on("websocket", lambda socket: socket.on("framesent", self._sent))
        page.goto(address)
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget", timeout=PATIENCE_MS)
        page.wait_for_function(READY, timeout=PATIENCE_MS)

    def _sent(self, frame: str | bytes) -> None:
        data = frame.encode() if isinstance(frame, str) else frame
        if b'"ask"' in data:
            self.asked.append(data)

    def run(self, cell: int) -> str:
        """Run one cell to its end; the text that it has put out."""
        self.page.evaluate(
            """async (cell) => {
              const { content, sessionContext } = jupyterapp.shell.currentWidget;
              content.activeCellIndex = cell;
              await jupyterapp.commands.execute('notebook:run-cell');
            }""",
            cell,
        )
        text: str = self.page.evaluate(
            """(cell) => jupyterapp.shell.currentWidget.content.widgets[cell].model.outputs.toJSON()
              .map((each) => each.text ?? each.data?.['text/plain'] ?? each.evalue).flat().join('')""",
            cell,
        )
        return text

    def forgets(self, reference: str) -> bool:
        """Whether what a WeakRef of the page's refers to is freed, at the latest when timers have run out."""
        for _ in range(150):
            self.page.request_gc()
            if self.page.evaluate(f"() => {reference}.deref() === undefined"):
                return True
            self.page.wait_for_timeout(100)
        return False

    def cells(self) -> list[str]:
        """The sources of the notebook's cells."""
        found: list[str] = self.page.evaluate(
            "() => jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.sharedModel.getSource())"
        )
        return found


@pytest.fixture(scope="module")
def jupyter(later_pack: BuiltPack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    folder = tmp_path_factory.mktemp("jupyter")
    for name in ("lab", "seven"):
        write_notebook(folder / f"{name}.ipynb", CELLS)
    server = NotebookServer.jupyter(folder)
    yield server
    server.end()


@pytest.fixture
def open_notebook(chromium: Browser, jupyter: NotebookServer) -> Iterator[Callable[[str], Notebook]]:
    watch, contexts = Watch(), []

    def thrown(error: WebError) -> None:
        if "blob:" in (error.error.stack or ""):
            watch.errors.append(error.error.stack or "")

    def open_it(path: str) -> Notebook:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        # What the front end itself complains of is its own affair; our scripts come from `blob:` addresses.
        watch.over(context, errors_expected=True).on("weberror", thrown)
        context.add_init_script(CONTEXTS)
        return Notebook(context.new_page(), jupyter.address + path)

    yield open_it
    for context in contexts:
        context.close()
    watch.judge()


def test_jupyterlab(open_notebook: Callable[[str], Notebook]) -> None:
    lab = open_notebook("lab/tree/lab.ipynb?reset")
    page = lab.page

    assert "An interactive 3D atlas" in lab.run(SHOW)
    lab.ready()
    assert lab.scene()["peel"] == 1
    lab.click(lab.spot("gluteus_medius.right"))
    lab.wait_for("scene.selected === 'gluteus_medius.right'").rest()
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=PATIENCE_MS
    )
    assert lab.run(READ) == "gluteus_medius.right ['gluteus_medius.right'] 1\n"

    # Keys belong to the viewer: in JupyterLab X would cut the cell, A add one, H show the help.
    lab.click(lab.empty_spot())
    lab.click(lab.spot("gluteus_medius.right"))
    for key in "hxa":
        page.keyboard.press(key)
    lab.wait_for("scene.section !== null && scene.hidden.length === 0")
    assert lab.cells() == CELLS
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty", timeout=PATIENCE_MS)

    lab.run(CHANGE)
    lab.wait_for("scene.selected === 'sacrum' && scene.isolated.length === 2").rest()
    assert lab.seen() == {"piriformis.right", "piriformis.left", "sacrum"}

    # A second widget asks for nothing that the first has brought.
    before = len([data for data in lab.asked if b'"file"' in data])
    assert before > 0
    lab.run(SECOND)
    page.locator('.ischia[data-ready="true"]').nth(1).wait_for(timeout=PATIENCE_MS)
    assert len([data for data in lab.asked if b'"file"' in data]) == before
    assert len([data for data in lab.asked if b'"script"' in data]) == 1
    assert page.evaluate("() => [bodies().size, alive()]") == [1, 2]

    lab.run(CLOSE_FIRST)
    page.wait_for_function("() => document.querySelectorAll('.ischia').length === 1 && alive() === 1")
    lab.rest()
    assert "sacrum" in lab.seen()  # the other one goes on, with what the first has brought
    page.evaluate(
        """async () => {
          const [mesh] = await [...bodies().values()][0].library.meshes('atlas.glb');
          window.points = new WeakRef(mesh.positions);
        }"""
    )
    lab.run(CLOSE_SECOND)
    page.wait_for_function("() => document.querySelectorAll('.ischia').length === 0 && alive() === 0")
    assert page.evaluate("() => bodies().size") == 0
    assert lab.forgets("points")


def test_notebook_7(open_notebook: Callable[[str], Notebook]) -> None:
    seven = open_notebook("notebooks/seven.ipynb")
    seven.run(SHOW)
    seven.ready()
    seven.run(CHANGE)
    seven.wait_for("scene.selected === 'sacrum' && scene.isolated.length === 2").rest()
    assert seven.seen() == {"piriformis.right", "piriformis.left", "sacrum"}
    assert seven.run(READ) == "sacrum ['sacrum'] 1\n"
    # Its output is cleared: the picture's memory is freed, though the widget lives on in Python.
    seven.page.evaluate("() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    seven.page.wait_for_function("() => alive() === 0 && bodies().size === 0")
