"""Focus on nerve and muscle, the flight along the nerve, and two variants side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .driver import Viewer

COARSE = True

SUBJECTS = {"piriformis", "sciatic_nerve", "tibial_division", "common_fibular_division", "sacral_plexus"}
KEPT = SUBJECTS | {"sacrum", "hip_bone", "femur"}


def names(ids: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in ids}


def test_focus_leaves_muscle_nerve_and_their_bones_and_says_what_passes_where(viewer: Viewer) -> None:
    assert names(viewer.seen()) - KEPT
    viewer.page.get_by_role("region", name="Tools").get_by_role("button", name="Focus").click()
    viewer.wait_for("scene.focus && scene.camera.view === null").rest()
    assert names(viewer.seen()) <= KEPT, "what recedes cannot be picked"
    assert {"piriformis", "tibial_division"} <= names(viewer.seen())
    bar = viewer.page.get_by_role("region", name="What passes where")
    assert "Both sides: undivided, below (A)" in bar.inner_text()
    assert "leaves below piriformis" in bar.inner_text()
    labels = viewer.page.locator(".stage-label").all_inner_texts()
    assert any("Piriformis" in text for text in labels)
    assert any("Sciatic nerve" in text for text in labels)
    viewer.page.keyboard.press("p")
    viewer.wait_for("!scene.focus").rest()
    assert names(viewer.seen()) - KEPT


def test_the_flight_goes_from_before_the_sacrum_to_behind_the_thigh(viewer: Viewer) -> None:
    viewer.page.keyboard.press("p")
    viewer.wait_for("scene.focus").rest()
    viewer.page.keyboard.press("n")
    slider = viewer.page.get_by_role("slider", name="Along the nerve")
    slider.wait_for()
    viewer.page.keyboard.press("n")
    slider.press("Home")
    viewer.rest()
    start = viewer.camera()
    assert start["position"][1] < start["target"][1], "the roots are seen from the front"
    heights, places = [], []
    for hundredths in range(9, 100, 10):
        slider.fill(f"{hundredths / 100}")
        slider.press("ArrowRight")
        heights.append(viewer.camera()["target"][2])
        places.append(slider.get_attribute("aria-valuetext"))
    end = viewer.rest().camera()
    assert end["position"][1] > end["target"][1] + 300, "the thigh is seen from behind"
    assert heights == sorted(heights, reverse=True), "the eye follows the nerve downwards"
    assert start["target"][2] - end["target"][2] > 150
    assert "at piriformis" in places
    assert places.index("at piriformis") < places.index("behind the hip")


def test_play_and_pause_by_touch(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="no-preference"
    )
    viewer.page.get_by_role("navigation", name="Tools").get_by_role("button", name="Variants").tap()
    viewer.wait_for("scene.focus")
    play = viewer.page.get_by_role("button", name="Follow the nerve")
    box = play.bounding_box()
    assert box is not None
    assert round(min(box["width"], box["height"]), 3) >= 44  # on its way in, a box is a hair off
    play.tap()
    slider = viewer.page.get_by_role("slider", name="Along the nerve")
    viewer.page.wait_for_function("() => Number(eyes.root.shadowRoot.querySelector('.focus-scrub input').value) > 0.1")
    viewer.page.get_by_role("button", name="Pause").tap()
    stopped = slider.input_value()
    viewer.rest()
    assert slider.input_value() == stopped


def test_two_variants_side_by_side_turn_together(viewer: Viewer) -> None:
    viewer.grown()
    viewer.open_aside("Variants", "Nerve and piriformis")
    viewer.choose_variant("both", "Undivided, above")
    viewer.wait_for("scene.variant.right === 'F'")
    viewer.page.get_by_role("button", name="Compare two side by side").click()
    viewer.wait_for("scene.compare !== null")
    assert viewer.scene()["compare"] == {"right": "A", "left": "A"}, "beside a variant stands the usual arrangement"
    canvases = viewer.page.locator("canvas.stage-canvas")
    viewer.page.wait_for_function("() => eyes.root.shadowRoot.querySelectorAll('canvas.stage-canvas').length === 2")
    viewer.rest()
    first, second = (canvases.nth(i).bounding_box() for i in (0, 1))
    assert first is not None
    assert second is not None
    assert first["x"] + first["width"] <= second["x"] + 1
    before = viewer.camera()
    # Dragging in the second picture turns the first.
    x, y = second["x"] + 120, second["y"] + second["height"] / 2
    viewer.page.mouse.move(x, y)
    viewer.page.mouse.down()
    viewer.page.mouse.move(x + 60, y, steps=4)
    viewer.page.mouse.up()
    viewer.rest()
    assert not np.allclose(viewer.camera()["position"], before["position"], atol=5)
    choice = viewer.page.get_by_label("Variant in the second picture")
    choice.select_option("D")
    viewer.wait_for("scene.compare.right === 'D' && scene.compare.left === 'D'")
    assert "between two heads" in viewer.page.get_by_role("region", name="The second picture").inner_text()
    viewer.page.get_by_role("button", name="End the comparison").first.click()
    viewer.wait_for("scene.compare === null").rest()
    assert canvases.count() == 1
