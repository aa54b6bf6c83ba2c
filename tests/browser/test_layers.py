"""Peel, isolate, fade, cut, undo: what is taken away shows what lies below."""

from __future__ import annotations

import numpy as np

from .driver import Viewer, around, is_muscle_red, share_changed


def test_peel_goes_from_the_outermost_layer_down_to_bone(viewer: Viewer) -> None:
    """Gluteus maximus goes first, then medius with what is at its depth, then piriformis, then the nerve."""
    slider = viewer.page.get_by_role("slider", name="Peel")
    seen: list[set[str]] = [{name.partition(".")[0] for name in viewer.seen()}]
    slider.focus()
    for _ in range(12):
        before = viewer.scene()["peel"]
        slider.press("ArrowRight")
        viewer.rest()
        if viewer.scene()["peel"] == before:
            break
        seen.append({name.partition(".")[0] for name in viewer.seen()})
    else:
        raise AssertionError("the peel has no end")
    step = len(seen) - 1
    assert step >= 4
    last_seen = {name: max(i for i, names in enumerate(seen) if name in names) for name in set.union(*seen)}
    assert last_seen["gluteus_maximus"] < last_seen["gluteus_medius"] < last_seen["piriformis"]
    assert last_seen["piriformis"] < last_seen["tibial_division"] < len(seen) - 1
    assert last_seen["gluteus_maximus"] == 0
    assert {"piriformis", "tibial_division"} & seen[1], "the deep gluteal region lies open without gluteus maximus"
    assert seen[-1] <= {"hip_bone", "sacrum", "coccyx", "femur", "patella", "tibia", "fibula"}
    assert "bone" in (slider.get_attribute("aria-valuetext") or "").lower()
    for key, depth in (("[", step - 1), ("]", step)):
        viewer.page.keyboard.press(key)
        viewer.rest()
        assert {name.partition(".")[0] for name in viewer.seen()} == seen[depth]


def test_peeled_tissue_is_gone_from_the_picture(viewer: Viewer) -> None:
    spot, before = viewer.spot("gluteus_maximus.right"), viewer.picture()
    viewer.show(peel=99)
    after = viewer.picture()
    assert is_muscle_red(around(before, spot))
    assert share_changed(before[:, 330:900], after[:, 330:900]) > 0.1
    reds = [is_muscle_red(around(after, (pick["x"], pick["y"]), 1)) for pick in viewer.picks(step=12)]
    assert not any(reds), "there is still muscle where only bone should be"


def test_isolate_shows_one_structure_alone(viewer: Viewer) -> None:
    viewer.show(selected="piriformis.right")
    viewer.page.get_by_role("region", name="Tools").get_by_role("button", name="Isolate").click()
    viewer.rest()
    assert viewer.scene()["isolated"] == ["piriformis.right"]
    assert viewer.seen() == {"piriformis.right"}
    assert viewer.spoken.inner_text() == "Isolated: Right piriformis."
    viewer.page.keyboard.press("i")
    viewer.rest()
    assert viewer.scene()["isolated"] == []
    assert len(viewer.seen()) > 8


def test_fading_others_lets_the_selection_be_seen_through_them(viewer: Viewer) -> None:
    """Piriformis lies under gluteus maximus; faded, that is glass, and the selection is picked and seen through it."""
    assert "piriformis.right" not in viewer.seen()
    viewer.show(selected="piriformis.right")
    viewer.page.get_by_role("region", name="Tools").get_by_role("button", name="Fade").click()
    viewer.rest()
    assert viewer.scene()["fade_others"] is True
    picture = viewer.picture()
    piriformis, gluteus = viewer.spot("piriformis.right"), viewer.spot("gluteus_maximus.left")
    assert is_muscle_red(around(picture, piriformis))
    assert not is_muscle_red(around(picture, gluteus)), "what is faded still has its colour"
    assert around(picture, gluteus) != around(picture, viewer.empty_spot()), "what is faded is gone altogether"


def test_a_cut_leaves_nothing_beyond_its_plane_and_closes_what_it_cuts(viewer: Viewer) -> None:
    """Transverse, through the hips, seen from above: sections of bone and muscle in the colours of sections."""
    viewer.show(cut={"normal": [0, 0, 1], "offset": 0}, camera={"view": "superior"})
    picks, picture = viewer.picks(step=6), viewer.picture()
    assert picks
    assert max(pick["point"][2] for pick in picks) <= 0.05, "there is matter on the side that was taken away"
    capped = [pick for pick in picks if abs(pick["point"][2]) < 0.05]
    names = {pick["id"].partition(".")[0] for pick in capped}
    assert {"femur", "hip_bone", "gluteus_maximus"} <= names
    background = np.array(around(picture, viewer.empty_spot()), dtype=np.int16)
    open_ones = [
        pick["id"]
        for pick in capped
        if np.abs(np.array(around(picture, (pick["x"], pick["y"]), 1), dtype=np.int16) - background).max() < 20
    ]
    assert len(open_ones) <= 0.01 * len(capped), f"no cap on: {sorted(set(open_ones))}"
    heads = viewer.spots("femur.right", step=4)
    red, green, blue = around(picture, heads[len(heads) // 2], 2)
    assert red > green > blue, "the section of bone is not the colour of bone"
    assert red > 120
    assert is_muscle_red(around(picture, viewer.spot("gluteus_maximus.right"), 2))


def test_caps_move_with_the_plane(viewer: Viewer) -> None:
    """The tool's slider: each place has its own section, and flipping takes the other side away."""
    panel = viewer.open_tool("Cut")
    panel.get_by_role("radio", name="Sagittal").check()
    viewer.rest()
    assert viewer.scene()["cut"] == {"normal": [1, 0, 0], "offset": 0}
    assert viewer.spoken.inner_text() == "Cutting plane on."
    place = panel.get_by_role("slider", name="Place")
    place.fill("-80")
    viewer.rest()
    assert viewer.scene()["cut"]["offset"] == -80
    assert max(pick["point"][0] for pick in viewer.picks()) <= -79.9
    panel.get_by_role("button", name="Takes away the left").click()
    viewer.rest()
    assert viewer.scene()["cut"] == {"normal": [-1, 0, 0], "offset": 80}
    assert min(pick["point"][0] for pick in viewer.picks()) >= -80.1
    panel.get_by_role("radio", name="Off").check()
    viewer.rest()
    assert viewer.scene()["cut"] is None


def test_undo_and_redo_step_through_what_was_done(viewer: Viewer) -> None:
    tools = viewer.page.get_by_role("region", name="Tools")
    whole = viewer.seen()
    viewer.row("gluteus_maximus").locator(".row-check").click()
    viewer.page.keyboard.press("]")
    viewer.page.keyboard.press("]")
    viewer.rest()
    deepest = viewer.scene()
    bare = viewer.seen()
    assert deepest["peel"] == 2
    tools.get_by_role("button", name="Undo").click()
    viewer.wait_for("scene.peel === 0")
    assert viewer.scene()["hidden"], "a slider moved in one go is one step"
    tools.get_by_role("button", name="Undo").click()
    viewer.wait_for("scene.hidden.length === 0").rest()
    assert viewer.seen() == whole
    viewer.page.keyboard.press("Control+y")
    viewer.page.keyboard.press("Shift+U")
    viewer.wait_for("scene.peel === 2").rest()
    assert viewer.scene() == deepest
    assert viewer.seen() == bare


def test_start_over_brings_back_the_first_picture(viewer: Viewer) -> None:
    first = viewer.scene()
    viewer.show(peel=3, hidden=["sacrum"], selected="femur.left", camera={"view": "inferior"}, labels="all")
    viewer.page.keyboard.press("0")
    viewer.rest()
    assert viewer.scene() == first
