"""Mouse on the picture: the name under the pointer, picking, turning, zooming."""

from __future__ import annotations

import numpy as np
import pytest

from .driver import Viewer, around, is_muscle_red, share_changed


def test_hovering_names_and_lights_up_what_is_under_the_pointer(viewer: Viewer) -> None:
    before, spot = viewer.picture(), viewer.spot("gluteus_maximus.left")
    viewer.page.mouse.move(*spot)
    tooltip = viewer.page.locator(".tooltip")
    tooltip.wait_for()
    assert tooltip.inner_text().splitlines()[0] == "Left gluteus maximus"
    viewer.rest()
    assert share_changed(before, viewer.picture(), 8) > 0.01, "the structure under the pointer is not set off"
    assert viewer.row("gluteus_maximus").get_attribute("data-hovered") is not None or (
        viewer.row("gluteus_maximus.left").count() == 0
    )
    viewer.page.mouse.move(*viewer.empty_spot())
    tooltip.wait_for(state="detached")


def test_a_click_where_the_atlas_puts_the_anchor_selects_and_explains(viewer: Viewer) -> None:
    """The anchor comes from atlas.json, its place on screen from the camera: geometry, picking and card agree."""
    anchor = viewer.page.evaluate(
        """async () => {
          const source = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('atlas.json'));
          return (await (await fetch(source.name)).json()).structures['gluteus_maximus.right'].anchor; }"""
    )
    viewer.click(viewer.project(anchor))
    viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
    viewer.card.wait_for()
    text = viewer.card.inner_text().lower()
    for words in ("gluteus maximus", "musculus gluteus maximus", "inferior gluteal nerve", "gluteal tuberosity"):
        assert words in text
    for words in ("origin", "insertion", "nerve", "source", "extend"):
        assert words in text, f"the card does not speak of: {words}"
    assert "not reviewed" in text


def test_a_click_beside_the_body_clears_the_selection(viewer: Viewer) -> None:
    viewer.show(selected="sacrum")
    viewer.click(viewer.empty_spot())
    viewer.wait_for("scene.selected === null")
    viewer.card.wait_for(state="detached")


def test_what_is_selected_is_set_off_in_the_picture(viewer: Viewer) -> None:
    before = viewer.picture()
    viewer.show(selected="gluteus_maximus.right")
    after = viewer.picture()
    assert share_changed(before[:, 330:900], after[:, 330:900], 10) > 0.003
    spot = viewer.spot("gluteus_maximus.right")
    assert is_muscle_red(around(after, spot)), "the selection must not hide what kind of tissue it is"


def test_dragging_turns_and_the_view_is_no_longer_a_named_one(viewer: Viewer) -> None:
    x, y = viewer.spot("gluteus_maximus.right")
    before = viewer.camera()
    viewer.page.mouse.move(x, y)
    viewer.page.mouse.down()
    viewer.page.mouse.move(x + 150, y, steps=4)
    viewer.page.mouse.up()
    viewer.rest().wait_for("scene.camera.view === null")
    after = viewer.camera()
    assert after["target"] == pytest.approx(before["target"], abs=0.01)
    distance = [np.linalg.norm(np.subtract(pose["position"], pose["target"])) for pose in (before, after)]
    assert distance[0] == pytest.approx(distance[1], rel=1e-3)
    assert after["position"][0] > before["position"][0] + 100, "dragging to the right brings the left side forward"
    assert viewer.scene()["camera"]["position"] == pytest.approx(after["position"], abs=0.06)
    assert viewer.scene()["selected"] is None, "turning does not pick"


def test_the_wheel_zooms_to_the_pointer(viewer: Viewer) -> None:
    """The point under the pointer stays under the pointer."""
    spot = viewer.spot("gluteus_maximus.right")
    point = viewer.pick(spot)["point"]
    distance = np.linalg.norm(np.subtract(viewer.camera()["position"], point))
    viewer.page.mouse.move(*spot)
    viewer.page.mouse.wheel(0, -400)
    viewer.wait_for("scene.camera.view === null").rest()
    assert np.linalg.norm(np.subtract(viewer.camera()["position"], point)) < 0.8 * distance
    assert viewer.project(point) == pytest.approx(spot, abs=2.5)


def test_a_double_click_flies_to_what_was_clicked(viewer: Viewer) -> None:
    viewer.page.mouse.dblclick(*viewer.spot("sacrum"))
    viewer.wait_for("scene.camera.view === null && scene.selected === 'sacrum'").rest()
    low, high = np.array(viewer.spots("sacrum")).min(axis=0), np.array(viewer.spots("sacrum")).max(axis=0)
    assert high[1] - low[1] > 250, "the sacrum does not fill the picture"


def test_picks_are_quick(viewer: Viewer) -> None:
    """Not a time but a cause: every mesh has its search tree, so that no pick walks all triangles."""
    viewer.picks(step=8)
    viewer.wait_for("stage.stats().bvhPending === 0")
