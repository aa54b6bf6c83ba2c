"""What a first visitor meets, and that it does not come again."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import PHONE
from .driver import Viewer, around, is_muscle_red

COARSE = True


def test_the_welcome_says_what_this_is_and_leads_to_good_places(open_page: Callable[..., Viewer]) -> None:
    """Where the nerve runs: it is selected and shines through all else; closed once, the welcome stays away."""
    viewer = open_page()
    welcome = viewer.page.get_by_role("region", name="Welcome")
    welcome.wait_for()
    assert "does not diagnose" in welcome.inner_text()
    welcome.get_by_role("button", name="Where the sciatic nerve runs").click()
    viewer.wait_for("scene.selected === 'sciatic_nerve.right' && scene.fade_others").rest()
    assert {"tibial_division.right", "common_fibular_division.right"} & viewer.seen()
    assert not is_muscle_red(around(viewer.picture(), viewer.spot("gluteus_maximus.right")))
    viewer.page.keyboard.press("Escape")
    welcome.wait_for()
    viewer.page.keyboard.press("Escape")
    welcome.wait_for(state="detached")
    viewer.page.keyboard.press("0")
    viewer.wait_for("scene.selected === null && !scene.fade_others")
    viewer.page.reload()
    viewer.ready()
    assert welcome.count() == 0


def test_a_link_is_not_met_with_a_welcome(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page("#scene=eyJ2ZXJzaW9uIjoxLCJwZWVsIjoyfQ")
    assert viewer.scene()["peel"] == 2
    assert viewer.page.get_by_role("region", name="Welcome").count() == 0


def test_on_a_phone_the_welcome_is_a_strip(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page(**PHONE)
    hint = viewer.page.get_by_role("region", name="Welcome")
    box = hint.bounding_box()
    assert box is not None
    assert box["height"] < 110, "the welcome covers too much of a small screen"
    hint.get_by_role("button", name="Close the welcome").tap()
    hint.wait_for(state="detached")
