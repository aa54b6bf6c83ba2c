"""Trigger points: where pain is felt, how deep, where a ball goes, and from pain to muscle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator

from annotations import load

from .conftest import DESKTOP, Server, Watch
from .driver import Points, Viewer, around
from .test_phone import overflow, small_targets

POINTS = load().trigger_points
SAFETY = load().safety
MIDDLE = "gluteus_medius.2"
"""A point with a place for a ball."""
SITTING = "gluteus_maximus.2"
"""The most common, and one without."""


@pytest.fixture(scope="module")
def own_page(chromium: Browser, server: Server) -> Iterator[tuple[Viewer, Watch]]:
    """A page of this module's own: what sends people to a doctor is gone through once in it."""
    watch = Watch()
    options: dict[str, Any] = {**DESKTOP, "reduced_motion": "reduce"}
    context = watch.over(chromium.new_context(**options))
    yield Viewer(context.new_page()).open(server.address).grown(), watch
    context.close()


@pytest.fixture
def page(own_page: tuple[Viewer, Watch]) -> Iterator[Viewer]:
    viewer, watch = own_page
    yield viewer.reset()
    watch.judge()


def panel_of(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("region", name="Trigger points", exact=True)


def open_panel(viewer: Viewer, begin: str = "The muscle") -> Locator:
    """The panel with its list, or with the question where it hurts, for the right side."""
    viewer.page.keyboard.press("t")
    panel = panel_of(viewer)
    choose(panel, begin)
    choose(panel, "Right")
    return panel


def choose(panel: Locator, label: str) -> None:
    """Press one of the divided buttons."""
    panel.get_by_role("radio", name=label, exact=True).check(force=True)


def open_point(viewer: Viewer, name: str) -> Locator:
    """The card of a point, its picture flown to."""
    panel = open_panel(viewer)
    panel.locator(f'[data-point="{name}"]').click()
    viewer.wait_for("scene.trigger?.id === argument && scene.camera.position !== null", name).rest()
    return panel


def pass_signs(panel: Locator) -> None:
    """Say that none of the signs is there, where that is asked."""
    button = panel.get_by_role("button", name="None of these")
    if button.count():
        button.click()


def marks_of(viewer: Viewer) -> dict[str, Any]:
    """The document of trigger points that the page itself has fetched."""
    later, folder = viewer.document("later.json")
    found: dict[str, Any] = viewer.page.request.get(folder + later["marks"]).json()
    return found


def places(viewer: Viewer, numbers: list[int]) -> Points:
    """(n, 3) places on the skin as it stands, LPS mm."""
    found = viewer.page.evaluate("(numbers) => [...eyes.stage.places('skin', numbers)]", numbers)
    return np.array(found, float).reshape(-1, 3)


def on_screen(viewer: Viewer, numbers: list[int]) -> list[tuple[float, float]]:
    """Where places of the skin are in the window, of those that one sees."""
    found: list[tuple[float, float]] = viewer.page.evaluate(
        """(numbers) => {
          const { stage } = eyes, box = stage.canvas.getBoundingClientRect(), points = stage.places('skin', numbers);
          const spots = [];
          for (let i = 0; i < points.length; i += 3) {
            const point = [...points.subarray(i, i + 3)], at = stage.project(point);
            const [x, y] = [at.x + box.left, at.y + box.top];
            const found = eyes.deep(x, y) === stage.canvas && stage.pick(at.x, at.y);
            const here = found?.id === 'skin' && Math.hypot(...found.point.map((one, k) => one - point[k])) < 2;
            if (here) spots.push([x, y]);
          }
          return spots;
        }""",
        numbers,
    )
    return found


def middle_of(viewer: Viewer, point: str) -> tuple[float, float]:
    """Where in the window the middle of a point's essential zone on the right is seen."""
    spots = on_screen(viewer, marks_of(viewer)["points"][point]["right"]["zones"][0]["dots"])
    away = np.linalg.norm(np.array(spots) - np.mean(spots, axis=0), axis=1)
    return spots[int(np.argmin(away))]


def dotted(viewer: Viewer, point: str, side: str = "right") -> float:
    """Share of the places in sight of a point's essential zone at which there is a dot, 0 to 1."""
    zone = next(z for z in marks_of(viewer)["points"][point][side]["zones"] if z["level"] == "essential")
    spots = on_screen(viewer, zone["dots"])
    assert len(spots) > 60
    picture = viewer.picture()
    return float(np.mean([is_dot(around(picture, spot, 1)) for spot in spots]))


def is_dot(colour: tuple[int, int, int]) -> bool:
    red, green, blue = colour
    return red > 2.2 * green and red > 2.0 * blue


def test_what_is_chosen_is_said_and_its_dots_are_seen(page: Viewer) -> None:
    panel = open_point(page, SITTING)
    point, words = POINTS[SITTING], panel.inner_text()
    for said in (point.plain, *(zone.words for zone in point.zones), "Not reviewed by a clinician yet"):
        assert said in words
    assert f"Trigger point {point.name}, right." in page.spoken.inner_text()
    assert dotted(page, SITTING) > 0.8
    page.click(page.spot("skin"))
    page.rest()
    assert page.scene()["selected"] is None, "the skin is there for its dots: pressing on it leads nowhere else"
    panel.get_by_role("button", name="All trigger points").click()
    page.wait_for("scene.trigger === null").rest()
    assert "skin" not in page.seen(30)


def test_the_list_is_searched_and_says_what_is_common(page: Viewer) -> None:
    panel = open_panel(page)
    assert panel.locator(".point-row").count() == len(POINTS)
    first = panel.locator(".point-row").first
    assert first.get_attribute("data-point") == SITTING
    assert "most common" in first.inner_text()
    panel.get_by_role("searchbox").fill("tailbone")
    found = [row.get_attribute("data-point") for row in panel.locator(".point-row").all()]
    assert "gluteus_maximus.3" in found
    assert len(found) < len(POINTS)
    panel.get_by_role("searchbox").fill("")


def test_a_link_and_a_reload_keep_it(page: Viewer, open_page: Callable[..., Viewer]) -> None:
    open_point(page, MIDDLE)
    page.page.wait_for_function("() => location.hash.startsWith('#scene=')")
    kept = page.scene()
    other = open_page("#" + page.page.url.partition("#")[2]).grown()
    panel_of(other).get_by_role("heading", name=POINTS[MIDDLE].name).wait_for()
    other.wait_for("[...(eyes.stage.places('skin', [0, 85, 85]) ?? [])].length === 3").rest()
    assert other.scene() == kept
    assert dotted(other, MIDDLE) > dotted(page, MIDDLE) - 0.05
    other.page.reload()
    other.ready()
    panel_of(other).get_by_role("heading", name=POINTS[MIDDLE].name).wait_for()
    assert other.scene() == kept


def test_side_dots_and_body_follow_the_keyboard(page: Viewer) -> None:
    panel = open_point(page, MIDDLE)
    radio = panel.get_by_role("radio", name="Right", exact=True)
    radio.focus()
    page.page.keyboard.press("ArrowRight")
    page.wait_for("scene.trigger.side === 'left' && scene.camera.position[0] > 0").rest()
    dots = marks_of(page)["points"][MIDDLE]["left"]["zones"][0]["dots"]
    assert places(page, dots)[:, 0].mean() > 40.0, "the pattern is the left side's"
    panel.get_by_role("radio", name="On the skin").focus()
    page.page.keyboard.press("ArrowRight")
    page.wait_for("scene.stipple === 'muscle'").rest()
    assert "skin" not in page.seen(30)
    page.page.keyboard.press("ArrowLeft")
    choose(panel, "Depth")
    first = panel.locator(".ruler li").first
    usual = first.inner_text()
    panel.get_by_role("slider", name="Tissue under the skin").focus()
    page.page.keyboard.press("End")
    page.wait_for("scene.subcutaneous === 1").rest()
    page.page.wait_for_function("([row, text]) => row.innerText !== text", arg=[first.element_handle(), usual])
    thick = [int(re.findall(r"(\d+) mm thick", text)[0]) for text in (usual, first.inner_text())]
    assert thick[1] > thick[0] + 5


def test_the_ruler_says_what_was_measured(page: Viewer) -> None:
    panel = open_point(page, MIDDLE)
    choose(panel, "Depth")
    layers = marks_of(page)["points"][MIDDLE]["right"]["layers"]
    said = [row.inner_text() for row in panel.locator(".ruler li").all()]
    assert said[0].startswith("Skin")
    kinds = [row.get_attribute("data-tissue") for row in panel.locator(".ruler li").all()]
    assert kinds[-1] in ("bone", "nerve")
    reached = int(re.findall(r"reached at (\d+) mm", said[-1])[0])
    assert abs(reached - layers[-1]["begins"]) <= 1
    muscle = next(text for text in said if text.startswith("Gluteus medius"))
    layer = next(one for one in layers if one["structure"] == "gluteus_medius.right")
    begins, ends, thick = map(int, re.findall(r"(\d+)", muscle))
    assert abs(begins - layer["begins"]) <= 2
    assert abs(ends - layer["ends"]) <= 2
    assert thick == ends - begins


def test_signs_come_before_the_ball_and_stay_one_press_away(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page().grown()
    panel = open_point(viewer, MIDDLE)
    before = viewer.picture()
    choose(panel, "Ball")
    gate = panel.inner_text()
    for flag in SAFETY.red_flags:
        assert flag.sign in gate
        assert flag.action in gate
    assert gate.index(SAFETY.red_flags[0].sign) < gate.index(SAFETY.ask_first[0].text)
    assert "foam roller" not in gate.lower()
    assert viewer.scene()["ball"] is None
    panel.get_by_role("button", name="None of these").click()
    viewer.wait_for("scene.ball !== null").rest()
    assert viewer.scene()["ball"] == POINTS[MIDDLE].self_care.tools[0]
    words = panel.inner_text()
    assert "Stop if it tingles, goes numb or shoots." in words
    assert POINTS[MIDDLE].self_care.why in words
    assert "Sciatic nerve" in words
    assert not np.array_equal(before, viewer.picture())
    names = {ball.id: ball.name.capitalize() for ball in SAFETY.balls}
    offered = [radio.locator("xpath=..").inner_text() for radio in panel.locator(".triggers input").all()]
    assert [names[tool] for tool in POINTS[MIDDLE].self_care.tools] == [o for o in offered if o in names.values()]
    panel.get_by_role("button", name="When to get help").click()
    assert SAFETY.red_flags[0].action in panel.inner_text()
    panel.get_by_role("button", name="Back").click()
    assert "Stop if it tingles" in panel.inner_text()


def test_where_no_ball_goes_it_says_so_and_why(page: Viewer) -> None:
    panel = open_point(page, SITTING)
    choose(panel, "Ball")
    pass_signs(panel)
    panel.get_by_role("region", name="No ball here").wait_for()
    assert POINTS[SITTING].self_care.why in panel.inner_text()
    assert page.scene()["ball"] is None
    choose(panel, "Pain")


def test_from_pain_to_muscle_and_nothing_of_it_is_kept(page: Viewer) -> None:
    open_point(page, SITTING)
    panel = panel_of(page)
    panel.get_by_role("button", name="All trigger points").click()
    choose(panel, "Where it hurts")
    pass_signs(panel)
    choose(panel, "Draw")
    page.rest()
    scene, address = page.scene(), page.page.url
    storage = "() => JSON.stringify([localStorage, sessionStorage, document.cookie])"
    stored, asked = page.page.evaluate(storage), []
    page.page.on("request", lambda request: asked.append(request.url))
    page.click(middle_of(page, SITTING))
    rows = panel.locator(".match")
    rows.first.wait_for()
    assert SITTING in [row.get_attribute("data-point") for row in rows.all()[:3]]
    assert SAFETY.red_flags[0].sign in panel.inner_text(), "signs are read before the ranking"
    assert "described to refer there" in page.spoken.inner_text()
    page.rest()
    assert page.scene() == scene
    assert page.page.url == address
    assert page.page.evaluate(storage) == stored
    assert asked == []
    rows.first.click()
    page.wait_for("scene.trigger !== null").rest()
    panel.get_by_role("button", name="What you marked").click()
    rows.first.wait_for()
    page.page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    panel = open_panel(page, "Where it hurts")
    assert panel.locator(".match").count() == 0, "what was marked went with the panel"
    choose(panel, "The muscle")


def test_regions_are_chosen_by_name_with_the_keyboard(page: Viewer) -> None:
    panel = open_panel(page, "Where it hurts")
    pass_signs(panel)
    panel.get_by_role("button", name="Tailbone").focus()
    page.page.keyboard.press("Enter")
    rows = panel.locator(".match")
    rows.first.wait_for()
    assert "gluteus_maximus.3" in [row.get_attribute("data-point") for row in rows.all()[:2]]
    rows.first.focus()
    page.page.keyboard.press("Enter")
    page.wait_for("scene.trigger !== null")
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("Escape")
    page.wait_for("scene.trigger === null")
    choose(open_panel(page), "The muscle")


def test_fingers_hit_what_they_aim_at_on_a_tablet(open_page: Callable[..., Viewer]) -> None:
    tablet = {"viewport": {"width": 820, "height": 1100}, "has_touch": True, "device_scale_factor": 1}
    viewer = open_page(**tablet).grown()
    viewer.page.get_by_role("region", name="Tools").get_by_role("button", name="Trigger points").tap()
    panel = panel_of(viewer)
    panel.locator(f'[data-point="{MIDDLE}"]').wait_for()
    assert small_targets(viewer) == []
    panel.get_by_role("radio", name="Where it hurts").tap()
    panel.get_by_role("button", name="None of these").tap()
    panel.get_by_role("radio", name="Draw").wait_for()
    viewer.rest()
    assert small_targets(viewer) == []
    assert overflow(viewer) <= 0
    viewer.page.touchscreen.tap(*middle_of(viewer, SITTING))
    rows = panel.locator(".match")
    rows.first.wait_for()
    rows.first.tap()
    viewer.wait_for("scene.trigger !== null").rest()
    panel.get_by_role("radio", name="Ball").tap()
    pass_signs(panel)
    viewer.rest()
    assert small_targets(viewer) == []


def test_a_script_that_does_not_come_is_told_and_can_be_tried_again(
    watched: Callable[..., BrowserContext], server: Server
) -> None:
    context = watched(errors_expected=True)
    context.route("**/ischia.trigger.mjs*", lambda route: route.abort())
    viewer = Viewer(context.new_page()).open(server.address)
    viewer.page.keyboard.press("t")
    assert "could not be fetched" in panel_of(viewer).get_by_role("alert").inner_text()
    context.unroute("**/ischia.trigger.mjs*")
    panel_of(viewer).get_by_role("button", name="Try again").click()
    panel_of(viewer).locator(".point-row").first.wait_for()
