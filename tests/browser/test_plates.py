"""Plates: whole scenes with a caption and its sources; and the skin, from slim to large."""

from __future__ import annotations

import numpy as np

from .driver import Viewer

COARSE = True


def test_a_plate_is_a_scene_with_a_caption_and_sources(viewer: Viewer) -> None:
    before = viewer.scene()
    viewer.open_tool("Views").get_by_role("button", name="The lateral rotators and the sciatic nerve").click()
    viewer.wait_for("scene.isolated.length > 0 && scene.camera.view === 'right_lateral'").rest()
    panel = viewer.page.get_by_role("region", name="Plate", exact=True)
    assert "The deep six run from the pelvis to the greater trochanter" in panel.inner_text()
    panel.get_by_role("button", name="evidence and sources").first.click()
    assert panel.get_by_role("listitem").first.inner_text()
    seen = {name.partition(".")[0] for name in viewer.seen()}
    assert "piriformis" in seen
    assert "gluteus_maximus" not in seen
    assert all(name.endswith(".right") or "." not in name for name in viewer.seen())
    viewer.page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    viewer.page.keyboard.press("u")
    viewer.wait_for("scene.isolated.length === 0").rest()
    assert viewer.scene()["camera"]["view"] == before["camera"]["view"], "one step leads back"


def test_the_skin_goes_from_slim_to_large(viewer: Viewer) -> None:
    viewer.grown().show(shown=["skin"], selected="skin")
    slider = viewer.page.get_by_role("slider", name="Tissue under the skin")
    widths = []
    for key, value, words in (("Home", 0, "slim"), ("End", 1, "large")):
        slider.press(key)
        viewer.wait_for("scene.subcutaneous === argument", value)
        assert slider.get_attribute("aria-valuetext") == words
        viewer.page.wait_for_function("() => eyes.stage.resting")
        viewer.rest()
        outline = viewer.outlines("skin", (0.0, 0.0, 1.0), 40.0)
        widths.append(np.ptp(outline[:, 0]))
    assert widths[1] > widths[0] + 20, "a large body is wider than a slim one"
