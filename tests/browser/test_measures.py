"""Numbers: the ruler, the distance painted on the muscle, and what the card says the surfaces measure."""

from __future__ import annotations

import math

import numpy as np

from .driver import Viewer, share_changed


def test_two_presses_measure_a_distance(viewer: Viewer) -> None:
    viewer.show(focus=True)
    panel = viewer.open_aside("Measure", "Measure")
    panel.get_by_role("switch", name="Ruler").locator("xpath=ancestor::label").click()
    spots = [viewer.spot("femur.right"), viewer.spot("femur.left")]
    ends = [viewer.pick(spot)["point"] for spot in spots]
    for spot in spots:
        viewer.click(spot)
    viewer.wait_for("scene.rulers.length === 1").rest()
    expected = math.dist(*ends)
    assert panel.get_by_role("listitem").inner_text().split()[0] == f"{expected:.0f}"
    assert f"{expected:.0f} mm" in viewer.spoken.inner_text()
    assert viewer.scene()["selected"] is None, "with the ruler in hand nothing is selected"
    ruler = viewer.scene()["rulers"][0]
    assert np.allclose([ruler["from"], ruler["to"]], ends, atol=0.06)
    assert viewer.page.locator(".stage-ruler").filter(has_text=f"{expected:.0f} mm").count() == 1
    panel.get_by_role("button", name="Remove the distance").click()
    viewer.wait_for("scene.rulers.length === 0")


def test_without_a_pointer_between_two_landmarks(viewer: Viewer) -> None:
    viewer.page.keyboard.press("m")
    panel = viewer.page.get_by_role("region", name="Measure", exact=True)
    panel.get_by_text("Between two landmarks").press("Enter")
    atlas, _ = viewer.document("atlas.json")
    right, left = (atlas["landmarks"][f"asis.{side}"][0] for side in ("right", "left"))
    panel.get_by_role("combobox", name="From").select_option(label="Right anterior superior iliac spine")
    panel.get_by_role("combobox", name="To").select_option(label="Left anterior superior iliac spine")
    panel.get_by_role("button", name="Measure", exact=True).press("Enter")
    viewer.wait_for("scene.rulers.length === 1").rest()
    assert panel.get_by_role("listitem").inner_text().split()[0] == f"{math.dist(right, left):.0f}"


def test_the_distance_to_the_nerve_is_painted_on_the_muscle(viewer: Viewer) -> None:
    viewer.show(focus=True, camera={"view": "posterior"})
    panel = viewer.open_aside("Measure", "Measure")
    viewer.rest()
    before = viewer.picture()
    panel.get_by_role("switch", name="Distance painted on piriformis").locator("xpath=ancestor::label").click()
    viewer.wait_for("scene.heat")
    panel.get_by_text("20 mm and more").wait_for()
    panel.get_by_text("How far each point is").wait_for()
    viewer.rest()
    spots = viewer.spots("piriformis.right", step=6)
    assert spots, "the painted muscle is still there"
    after = viewer.picture()
    assert share_changed(before, after) > 0.001
    x, y = (round(value) for value in spots[len(spots) // 2])
    red, green, blue = (int(value) for value in after[y, x])
    assert not (red > 1.5 * green and red > 1.5 * blue), "paint, not flesh"


def test_the_card_says_what_the_shown_variant_measures(viewer: Viewer) -> None:
    viewer.grown()
    later, _ = viewer.document("later.json")
    for variant in ("A", "B"):
        viewer.show(selected="sciatic_nerve.right", variant={"right": variant, "left": "A"})
        numbers = later["measures"]["right"][variant]
        card = viewer.card.inner_text()
        assert "Measured, right side: " in card
        assert f"{numbers['contact_length_mm']:.1f} mm" in card
        assert f"{numbers['nerve_muscle_min_mm']:.1f} mm" in card
        if numbers["psis_it_fraction"] is not None:
            assert f"{numbers['psis_it_fraction'] * 100:.0f} %" in card
        assert "published 31 ± 6 %" in card, "each number stands beside the published one"
        assert "n = 100" in card
    viewer.page.get_by_role("button", name="Right: fibular through, tibial below").click()
    viewer.page.get_by_role("region", name="Nerve and piriformis", exact=True).wait_for()
