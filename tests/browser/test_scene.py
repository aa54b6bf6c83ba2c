"""The scene as a document: links, reloads, and scenes that cannot be shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error

from .driver import Viewer

COARSE = True

RICH = {
    "peel": 1,
    "selected": "piriformis.left",
    "hidden": ["femur.left"],
    "opacity": {"gluteus_medius": 0.4},
    "footprints": "all",
    "labels": "selected",
    "landmarks": True,
    "names": "latin",
    "theme": "dark",
    "cut": {"normal": [0, 1, 0], "offset": 60},
    "camera": {"position": [-320.5, 610.25, 240], "target": [-40, 35, 12], "field_of_view": 30},
}


def link(scene: dict[str, Any]) -> str:
    return "#scene=" + base64.urlsafe_b64encode(json.dumps(scene).encode()).decode().rstrip("=")


def test_a_link_reopens_exactly_what_was_seen(viewer: Viewer, open_page: Callable[..., Viewer]) -> None:
    """Another browser and a reload show the same scene from the same place, and no server is told of it."""
    viewer.show(**RICH)
    viewer.page.wait_for_function("() => location.hash.startsWith('#scene=')")
    viewer.wait_for("location.hash.length > 200")
    wanted, pose, seen = viewer.scene(), viewer.camera(), viewer.seen()
    for key, value in RICH.items():
        if key != "camera":
            assert wanted[key] == value, key
    fragment = viewer.page.evaluate("location.hash")
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url))
    other = open_page(fragment)
    assert other.scene() == wanted
    assert other.camera()["position"] == pytest.approx(pose["position"], abs=0.1)
    assert other.seen() == seen
    other.page.reload()
    other.ready()
    assert other.scene() == wanted
    assert not any("scene" in url for url in asked)


def test_pasting_a_link_into_an_open_page_shows_it(viewer: Viewer) -> None:
    viewer.page.evaluate("(hash) => { location.hash = hash; }", link({"version": 1, "peel": 2, "selected": "sacrum"}))
    viewer.wait_for("scene.peel === 2 && scene.selected === 'sacrum'")


def test_moving_about_makes_no_history(viewer: Viewer) -> None:
    """The address follows the scene, and "back" still leaves the page."""
    length = viewer.page.evaluate("history.length")
    viewer.show(peel=1)
    viewer.page.wait_for_function("() => location.hash.startsWith('#scene=')")
    assert viewer.page.evaluate("history.length") == length


def test_set_scene_takes_text_and_objects_and_get_scene_gives_every_field(viewer: Viewer) -> None:
    viewer.page.evaluate('eyes.root.setScene(\'{"version": 1, "peel": 1}\')')
    scene = viewer.scene()
    assert scene["peel"] == 1
    assert {"version", "atlas", "hidden", "camera", "cut", "theme", "language", "variant"} <= scene.keys()
    viewer.page.evaluate("eyes.root.setScene(eyes.root.getScene())")
    assert viewer.scene() == scene


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ({"version": 99}, r"version 99.*newer"),
        ({"selected": "pirifromis.right"}, r'"pirifromis\.right".*Did you mean "piriformis\.right"'),
        ({"hidden": ["gluteus_maximus.middle"]}, "gluteus_maximus.middle"),
        ({"pell": 1}, r'"pell".*Did you mean "peel"'),
        ({"opacity": {"sacrum": 3}}, "from 0 to 1"),
        ({"camera": {"view": "sideways"}}, r"sideways.*posterior"),
        ({"atlas": "somebody"}, "somebody"),
        ("{broken", "not valid JSON"),
        ([1, 2], "expected an object"),
    ],
)
def test_a_scene_that_cannot_be_shown_is_refused_and_changes_nothing(viewer: Viewer, scene: Any, message: str) -> None:
    before = viewer.scene()
    with pytest.raises(Error, match=message):
        viewer.page.evaluate("(scene) => eyes.root.setScene(scene)", scene)
    assert viewer.scene() == before


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ({"version": 1, "selected": "pirifromis.right"}, "pirifromis.right"),
        ({"version": 2}, "made by a newer Ischia"),
    ],
)
def test_a_wrong_link_says_what_is_wrong_and_shows_the_usual_picture(
    open_page: Callable[..., Viewer], scene: dict[str, Any], words: str
) -> None:
    viewer = open_page(link(scene))
    alert = viewer.page.get_by_role("alert")
    alert.get_by_text(words).wait_for()
    assert "The usual view is shown instead" in alert.inner_text()
    assert viewer.scene()["selected"] is None
    assert "gluteus_maximus.right" in viewer.seen()
    alert.get_by_role("button", name="Dismiss").click()
    alert.get_by_text(words).wait_for(state="detached")


def test_a_link_that_was_cut_off_is_called_damaged(open_page: Callable[..., Viewer]) -> None:
    whole = link({"version": 1, "peel": 2})
    viewer = open_page(whole[: len(whole) // 2 + 8])
    viewer.page.get_by_role("alert").wait_for()
    assert viewer.scene()["peel"] == 0
