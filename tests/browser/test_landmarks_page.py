"""The page on which a set's landmarks are checked and dragged: by mouse, keys and finger, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas, write_atlas
from meshes.set_bones import SetBones, set_bones
from meshes.set_landmarks import read_landmarks
from tests.bodies import PLACE, STRETCH, TILT, WHOLE, another_body
from tests.landmark_set import found_at, write_set
from viewer.app import AtlasApp
from viewer.landmark_page import LandmarkCheck
from viewer.server import LOOPBACK, bind

from .conftest import PHONE
from .driver import Viewer
from .test_phone import overflow, small_targets

COARSE = True
NAMES = ("psis.right", "asis.left", "greater_trochanter.right", "sacral_promontory")
WITHIN = 0.1
"""mm: what is kept lies where it was dragged to."""


@dataclass(frozen=True)
class Checked:
    """A set of somebody's bones, and where its page is."""

    bones: SetBones
    found: dict[str, np.ndarray]
    """(3,) LPS mm as the page shows them."""
    address: str

    def kept(self, name: str) -> tuple[np.ndarray, str, bool]:
        """What the set's folder holds of a landmark: LPS mm as the page shows them, who placed it, whether ticked."""
        one = read_landmarks(self.bones.folder)[name]
        return self.bones.to_atlas(np.array([one.point]))[0], one.by, one.checked


@pytest.fixture(scope="module")
def checked(built_atlas: BuiltAtlas, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    """Bones of another person as a set in a store of its own, its page served."""
    atlas = built_atlas.atlas()
    body = another_body(atlas)
    places = {name: atlas.landmarks[name] * STRETCH @ TILT.T + PLACE for name in NAMES}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ISCHIA_CACHE", str(tmp_path_factory.mktemp("store")))
        bones = set_bones(write_set({name: body[name] for name in WHOLE}, "somebody"))
        folder = tmp_path_factory.mktemp("bones") / "atlas"
        built = BuiltAtlas(folder, write_atlas(bones.atlas(shaded=False), folder), False, 0.0)
        sockets = bind(0)
        app = AtlasApp(built, catalogue(), landmarks=LandmarkCheck(bones, found_at(places)))
        end = app.run_in_thread(sockets)
        found = {name: place - bones.middle for name, place in places.items()}
        yield Checked(bones, found, f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}/")
        end()


def row(page: Page, name: str) -> Locator:
    return page.locator(f'.landmark-row[data-landmark="{name}"]')


def choose(viewer: Viewer, name: str, point: np.ndarray, tap: bool = False) -> Locator:
    """Turn to a landmark from the list, at this point; its handle, once it is flown to."""
    button = row(viewer.page, name)
    button.tap() if tap else button.click()
    handle = viewer.page.locator(f'.landmark-handle[data-landmark="{name}"]')
    handle.wait_for()
    viewer.wait_for(
        "scene.camera.target && Math.hypot(...scene.camera.target.map((one, k) => one - argument[k])) < 1",
        point.tolist(),
    )
    viewer.rest()
    return handle


def middle(handle: Locator) -> tuple[float, float]:
    box = handle.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """CSS pixels."""
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def test_a_landmark_is_dragged_moved_by_keys_ticked_and_kept(
    checked: Checked, watched: Callable[..., BrowserContext]
) -> None:
    viewer = Viewer(watched().new_page()).open(checked.address)
    page = viewer.page
    panel = page.get_by_role("region", name="Landmarks", exact=True)
    row(page, "psis.right").wait_for()
    assert panel.locator(".landmark-row").count() == len(NAMES)
    assert "Good · rule and population 3 mm apart" in row(page, "psis.right").inner_text()
    assert "Carried along, no rule for it" in row(page, "asis.left").inner_text()
    assert "Poor: do not rely on it · rule and population 25 mm" in row(page, "greater_trochanter.right").inner_text()
    shapes = page.eval_on_selector_all(".landmark-row .landmark-shape", "(all) => all.map((one) => one.outerHTML)")
    assert len(set(shapes)) == 3, "good, carried and poor differ in shape, not in colour alone"

    found = checked.found["psis.right"]
    handle = choose(viewer, "psis.right", found)
    text = panel.inner_text()
    for words in ("Right posterior superior iliac spine", "Posterior end of the iliac crest", "Most posterior point"):
        assert words in text
    start = middle(handle)
    assert apart(viewer.project(found), start) < 1.0, "the handle stands over the place"
    eye = np.array(viewer.camera()["position"])
    assert viewer.pick(start)["id"] == "hip_bone.right", "and nothing hides it"
    assert 150 < np.linalg.norm(eye - found) < 400, "flown to"

    # By mouse: it follows the pointer over the bone.
    goal = (start[0] + 30, start[1] - 24)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*goal, steps=4)
    page.mouse.up()
    viewer.rest()
    there = np.array(viewer.pick(goal)["point"])
    assert apart(middle(handle), goal) < 1.0
    assert np.linalg.norm(there - found) > 3.0

    # By keys, and back.
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    right = middle(handle)
    assert right[0] - goal[0] > 0.5
    assert abs(right[1] - goal[1]) < right[0] - goal[0]
    page.keyboard.press("Shift+ArrowDown")
    assert middle(handle)[1] - right[1] > 5
    page.keyboard.press("Control+z")
    assert apart(middle(handle), goal) < 1.0, "one step back undoes one run of keys"
    page.keyboard.press("Control+Shift+Z")
    assert apart(middle(handle), goal) > 5
    page.keyboard.press("Control+z")

    page.keyboard.press("Enter")
    assert panel.get_by_role("checkbox", name="Checked").is_checked()
    panel.get_by_role("button", name="Save", exact=True).click()
    panel.get_by_role("button", name="Saved", exact=True).wait_for()
    place, by, ticked = checked.kept("psis.right")
    assert (by, ticked) == ("person", True)
    assert np.linalg.norm(place - there) < WITHIN

    # What is not saved stays on the device, and is not left without a question.
    panel.get_by_role("button", name="Next unchecked").click()
    asis = page.locator('.landmark-handle[data-landmark="asis.left"]')
    asis.wait_for()
    page.keyboard.press("Escape")
    viewer.rest()
    choose(viewer, "asis.left", checked.found["asis.left"])
    panel.get_by_role("button", name="Half a millimetre up").click()
    panel.get_by_role("button", name="Save", exact=True).wait_for()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    viewer.ready()
    assert asked == ["beforeunload"]
    row(page, "psis.right").wait_for()
    assert "Placed by hand" in row(page, "psis.right").inner_text()
    assert "checked" in row(page, "psis.right").inner_text()
    assert "Placed by hand · 0.5 mm" in row(page, "asis.left").inner_text()
    assert "1 of 4 checked" in panel.inner_text()
    handle = choose(viewer, "psis.right", there)
    assert apart(viewer.project(there), middle(handle)) < 1.0

    # As it was found: nothing of it is left but the tick.
    panel.get_by_role("button", name="As it was found").click()
    assert "Good · rule and population 3 mm" in panel.locator(".landmark-told").inner_text()
    for _ in range(2):
        panel.get_by_role("button", name="Undo").click()
    assert panel.get_by_role("button", name="Saved", exact=True).is_visible()
    page.keyboard.press("Escape")
    row(page, "asis.left").wait_for()
    assert "Carried along" in row(page, "asis.left").inner_text()


def test_a_finger_drags_it_too_and_sees_where(checked: Checked, watched: Callable[..., BrowserContext]) -> None:
    options: dict[str, Any] = {**PHONE, "device_scale_factor": 1}
    viewer = Viewer(watched(**options).new_page()).open(checked.address)
    page = viewer.page
    row(page, "greater_trochanter.right").wait_for()
    handle = choose(viewer, "greater_trochanter.right", checked.found["greater_trochanter.right"], tap=True)
    assert small_targets(viewer) == []
    assert overflow(viewer) <= 0
    x, y = middle(handle)
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        hand.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]},
        )

    before = viewer.camera()
    # Taken hold of beside its middle, it does not jump under the finger.
    touch("touchStart", (x + 10, y + 6))
    page.locator(".landmark-loupe:not([hidden])").wait_for()
    for step in range(1, 5):
        touch("touchMove", (x + 10 + 4 * step, y + 6 + 5 * step))
    viewer.wait_for(
        "Math.abs(argument - eyes.root.shadowRoot.querySelector('.landmark-handle').getBoundingClientRect().y) > 10",
        y - 26,
    )
    loupe = page.locator(".landmark-loupe").bounding_box()
    assert loupe is not None
    assert abs(loupe["y"] + loupe["height"] / 2 - y) > 60, "the finger does not hide it"
    touch("touchEnd")
    page.locator(".landmark-loupe").wait_for(state="hidden")
    assert apart(middle(handle), (x + 16, y + 20)) < 1.0
    assert viewer.camera() == before, "dragging it turns nothing"
    there = np.array(viewer.pick((x + 16, y + 20))["point"])
    page.get_by_role("button", name="Save", exact=True).tap()
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    place, by, _ = checked.kept("greater_trochanter.right")
    assert by == "person"
    assert np.linalg.norm(place - there) < WITHIN
