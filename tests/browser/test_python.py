"""The page and Python: in step both ways, and neither needs to wait for the other."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext

from annotations.catalogue import catalogue
from viewer.app import AtlasApp
from viewer.component import AtlasViewer
from viewer.server import LOOPBACK, bind

from .conftest import Server
from .driver import Viewer

COARSE = True

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas


class Inside:
    """The app in this process, so that a test can hold the Python side of a page in its hands."""

    def __init__(self, built: BuiltAtlas) -> None:
        self.app = AtlasApp(built, catalogue())
        sockets = bind(0)
        self.address = f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}/"
        self.end = self.app.run_in_thread(sockets)

    def only_viewer(self) -> AtlasViewer:
        (viewer,) = self.app.viewers
        return viewer


@pytest.fixture(scope="module")
def inside(built_atlas: BuiltAtlas) -> Iterator[Inside]:
    inside = Inside(built_atlas)
    yield inside
    inside.end()


def wait_until(viewer: Viewer, condition: Callable[[], bool], what: str) -> None:
    """Wait for something on Python's side while the page lives on."""
    for _ in range(600):
        if condition():
            return
        viewer.page.wait_for_timeout(50)
    raise AssertionError(f"this never came true: {what}")


def test_page_and_python_are_in_step_both_ways(watched: Callable[..., BrowserContext], inside: Inside) -> None:
    viewer = Viewer(watched().new_page()).open(inside.address)
    viewer.show(peel=1)  # perhaps before Python is linked: it must not be lost
    viewer.linked()
    python = inside.only_viewer()
    wait_until(viewer, lambda: python.get_scene().peel == 1, "Python learns of the peel")

    viewer.click(viewer.spot("piriformis.right"))
    wait_until(viewer, lambda: python.selected == "piriformis.right", "Python learns of the pick")
    wait_until(viewer, lambda: python.get_scene().selected == "piriformis.right", "the pick is in the scene")
    assert python.scene == viewer.scene()

    scene = python.get_scene().model_copy(update={"peel": 3, "selected": "sacrum"})
    (model, *_), *_ = python._models.values()
    model.document.add_next_tick_callback(lambda: python.set_scene(scene))
    viewer.wait_for("scene.peel === 3 && scene.selected === 'sacrum'").rest()
    viewer.card.get_by_role("heading", name="Sacrum").wait_for()
    assert "gluteus_maximus.right" not in viewer.seen()
    wait_until(viewer, lambda: python.selected == "sacrum", "what Python selects is what is selected")

    with pytest.raises(ValueError, match="Did you mean peel"):
        python.scene = {"pel": 1}


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot suspend a process")
def test_no_interaction_waits_for_python(viewer: Viewer, server: Server) -> None:
    """With the server suspended (linked, but it answers nothing), everything goes on."""
    told: list[Any] = []
    page = viewer.linked().page.context.new_page()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(frame)))
    viewer = Viewer(page).open(server.address).linked()
    viewer.show(footprints="all", peel=99)
    page.wait_for_function("() => eyes.survey(15).some((pick) => pick.footprint)")  # its file is here now
    viewer.reset()
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        before = len(told)
        viewer.click(viewer.spot("gluteus_maximus.right"))
        viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
        viewer.card.wait_for()
        page.keyboard.press("]")
        viewer.wait_for("scene.peel > 0").rest()
        assert "gluteus_maximus.right" not in viewer.seen()
        viewer.show(isolated=["piriformis"])
        assert {name.partition(".")[0] for name in viewer.seen()} == {"piriformis"}
        viewer.show(selected="piriformis.right", fade_others=True, footprints="all", labels="all", landmarks=True)
        viewer.show(cut={"normal": [0, 0, 1], "offset": 20}, camera={"view": "superior"})
        viewer.search.fill("sacrum")
        viewer.search.press("Enter")
        viewer.wait_for("scene.selected === 'sacrum'")
        assert len(told) == before, "Python said something in the midst of it"
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    page.close()


def test_python_says_nothing_unasked(open_page: Callable[..., Viewer], server: Server) -> None:
    """While a person works, no message from Python changes anything in the page."""
    patches: list[str] = []

    def received(frame: str | bytes) -> None:
        if "PATCH-DOC" in str(frame):
            patches.append(str(frame))

    viewer = open_page()
    viewer.linked()
    viewer.page.reload()  # the listener must be there before the socket is
    viewer.page.on("websocket", lambda socket: socket.on("framereceived", received))
    viewer.page.reload()
    viewer.ready().linked()
    patches.clear()
    viewer.click(viewer.spot("gluteus_maximus.right"))
    viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
    viewer.show(peel=2, selected="sacrum", camera={"view": "oblique"})
    viewer.show(peel=0, labels="all")
    assert patches == []


def test_a_lost_link_is_told_calmly_and_mended(watched: Callable[..., BrowserContext], built_atlas: BuiltAtlas) -> None:
    """The server ends under the page: the view goes on; a new run of the server is found, and the view is kept."""
    own = Server.start()
    viewer = Viewer(watched(errors_expected=True).new_page()).open(own.address).linked()
    own.end()
    note = viewer.page.get_by_text("The link to Python is lost. Everything on this page keeps working.")
    note.first.wait_for()
    assert viewer.page.get_by_role("alert").count() == 0, "nothing of this is an alarm"
    viewer.click(viewer.spot("gluteus_maximus.right"))
    viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
    viewer.page.keyboard.press("]")
    viewer.wait_for("scene.peel > 0").rest()
    assert "gluteus_maximus.right" not in viewer.seen()
    peel = viewer.scene()["peel"]
    again = Server.start(own.port)
    try:
        viewer.page.get_by_text("Python was started anew").first.wait_for()
        viewer.page.reload()
        viewer.ready().linked()
        assert viewer.scene()["peel"] == peel
    finally:
        again.end()
