"""The cross-section: a plane slides along the nerve or the muscle, and its flat picture says what it meets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator

from .driver import Viewer

COARSE = True


def shapes(picture: Locator) -> dict[str, int]:
    """How many outlines of each kind of tissue the flat picture has."""
    kinds: list[str] = picture.locator("path.flat-shape").evaluate_all("(all) => all.map((one) => one.dataset.kind)")
    return {kind: kinds.count(kind) for kind in set(kinds)}


def at_of(viewer: Viewer) -> float:
    found: float = viewer.scene()["section"]["at"]
    return found


def opened(viewer: Viewer) -> Locator:
    viewer.page.keyboard.press("x")
    viewer.wait_for("scene.section !== null").rest()
    panel = viewer.page.get_by_role("region", name="Cross-section")
    panel.wait_for()
    return panel


def test_the_section_begins_where_the_nerve_passes_the_muscle(viewer: Viewer) -> None:
    panel = opened(viewer)
    picture = panel.get_by_role("img")
    assert shapes(picture)["nerve"] >= 1
    assert shapes(picture)["muscle"] >= 1
    assert shapes(picture)["bone"] >= 1
    words = picture.get_attribute("aria-label") or ""
    for name in ("piriformis", "sciatic nerve", "hip bone"):
        assert name in words
    texts = picture.locator("text").all_text_contents()
    assert {"A", "P", "10 mm", "Piriformis"} <= set(texts)


def test_the_flat_picture_shows_what_the_plane_meets(viewer: Viewer) -> None:
    """The outlines of the nerve are as large as the section of its mesh, in millimetres."""
    panel = opened(viewer)
    drawn = panel.get_by_role("img").locator('path.flat-shape[data-kind="nerve"]').first
    box = drawn.evaluate("(path) => { const { width, height } = path.getBBox(); return [width, height]; }")
    assert 2 < min(box) < 12
    assert 4 < max(box) < 30


def test_it_slides_by_key_by_drag_and_by_slider(viewer: Viewer) -> None:
    panel = opened(viewer)
    picture, slider = panel.get_by_role("img"), panel.get_by_role("slider", name="Place")
    start, drawn = at_of(viewer), picture.inner_html()
    for _ in range(6):
        slider.press("ArrowRight")
    viewer.rest()
    by_key = at_of(viewer)
    assert np.isclose(by_key, start + 0.03, atol=1e-6)
    assert picture.inner_html() != drawn
    box = picture.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    viewer.page.mouse.move(x, y)
    viewer.page.mouse.down()
    viewer.page.mouse.move(x, y + 60, steps=5)
    viewer.page.mouse.up()
    viewer.rest()
    assert at_of(viewer) > by_key + 0.02
    viewer.page.mouse.move(x, y - 40)
    assert at_of(viewer) == at_of(viewer), "without a button the picture is not dragged"


def test_along_piriformis_the_plane_stands_across_its_fibres(viewer: Viewer) -> None:
    panel = opened(viewer)
    panel.get_by_role("radio", name="Piriformis").check(force=True)
    viewer.wait_for("scene.section.along === 'piriformis' && scene.section.at === 0.5").rest()
    texts = panel.get_by_role("img").locator("text").all_text_contents()
    assert any(text.startswith("S") for text in texts)
    assert any(text.startswith("I") for text in texts)
    panel.get_by_role("radio", name="Left").check(force=True)
    viewer.wait_for("scene.section.side === 'left'").rest()
    assert shapes(panel.get_by_role("img"))["muscle"] >= 1


def test_closing_it_takes_the_cut_away(viewer: Viewer) -> None:
    viewer.page.keyboard.press("p")
    viewer.rest()
    whole = viewer.seen(step=16)
    opened(viewer)
    viewer.page.keyboard.press("Escape")
    viewer.wait_for("scene.section === null")
    viewer.page.keyboard.press("u")
    viewer.rest()
    assert whole


def test_by_touch_on_a_phone(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    viewer.page.get_by_role("navigation", name="Tools").get_by_role("button", name="Tools").tap()
    viewer.page.get_by_role("button", name="Cross-section of nerve and muscle").tap()
    viewer.wait_for("scene.section !== null").rest()
    sheet = viewer.page.get_by_role("region", name="Cross-section")
    picture = sheet.get_by_role("img")
    assert shapes(picture)["nerve"] >= 1
    start = at_of(viewer)
    box = picture.bounding_box()
    assert box is not None
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 30}
    touch = viewer.page.context.new_cdp_session(viewer.page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [middle]})
    for step in (20, 40, 60):
        point = {"x": middle["x"], "y": middle["y"] + step}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    viewer.rest()
    assert at_of(viewer) > start + 0.02
