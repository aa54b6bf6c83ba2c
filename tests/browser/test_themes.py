"""Light, dark, high contrast: asked for by the scene or by the system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .driver import Viewer, around, is_muscle_red

BACKGROUND = {"light": (200, 256), "dark": (0, 70), "contrast": (0, 4)}


def luminance(css: str) -> float:
    """Relative luminance (WCAG 2) of `rgb(r, g, b)`."""
    channels = [float(part) / 255 for part in css[css.index("(") + 1 : css.index(")")].replace(",", " ").split()[:3]]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(viewer: Viewer, selector: str) -> float:
    """Least contrast of text to the first opaque surface behind it, over all elements that match and hold text."""
    pairs: list[list[str]] = viewer.page.locator(selector).evaluate_all(
        """(all) => all.filter((e) => e.innerText?.trim() && e.checkVisibility()).map((e) => {
          let behind = e, back = 'rgba(0, 0, 0, 0)';
          const clear = (c) => c === 'transparent' || /rgba\\(.*, 0\\)/.test(c);
          for (; behind && clear(back); behind = behind.parentElement) back = getComputedStyle(behind).backgroundColor;
          return [getComputedStyle(e).color, back];
        }).filter(([, back]) => back.startsWith('rgb('))"""
    )
    assert pairs, selector

    def ratio(a: float, b: float) -> float:
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)

    return min(ratio(luminance(ink), luminance(back)) for ink, back in pairs)


@pytest.mark.parametrize(("theme", "least"), [("light", 4.5), ("dark", 4.5), ("contrast", 7.0)])
def test_each_theme_colours_picture_and_panels_and_stays_readable(viewer: Viewer, theme: str, least: float) -> None:
    viewer.show(theme=theme, selected="gluteus_maximus.right")
    picture = viewer.picture()
    low, high = BACKGROUND[theme]
    assert all(low <= value < high for value in around(picture, viewer.empty_spot()))
    assert is_muscle_red(around(picture, viewer.spot("gluteus_maximus.left")))
    for selector in (".row-name", ".card p", ".card h2", ".card h3", ".tool-label", ".range-value"):
        assert contrast(viewer, selector) >= least, selector


@pytest.mark.parametrize(
    ("options", "theme"),
    [
        ({"color_scheme": "dark"}, "dark"),
        ({"color_scheme": "light"}, "light"),
        ({"color_scheme": "dark", "contrast": "more"}, "contrast"),
    ],
)
def test_auto_follows_the_system(viewer: Viewer, options: dict[str, Any], theme: str) -> None:
    viewer.page.emulate_media(**options)
    viewer.page.locator(f'.ischia[data-theme="{theme}"]').wait_for()
    viewer.rest()
    low, high = BACKGROUND[theme]
    assert all(low <= value < high for value in around(viewer.picture(), viewer.empty_spot()))
    viewer.page.emulate_media(color_scheme="null", contrast="null")


def test_flights_are_smooth_unless_the_system_asks_for_less_motion(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page(reduced_motion="no-preference")
    viewer.page.evaluate(
        """() => { const { stage } = eyes, told = stage.onCamera; eyes.path = [];
          stage.onCamera = (event) => { eyes.path.push(event.pose.position[0]); told?.(event); }; }"""
    )
    viewer.page.keyboard.press("2")
    viewer.wait_for("scene.camera.view === 'right_lateral'").rest()
    path = viewer.page.evaluate("eyes.path")
    assert abs(path[0]) < 400 < abs(path[-1]), f"the camera jumped: {path}"
    viewer.page.emulate_media(reduced_motion="reduce")
    viewer.page.evaluate("() => { eyes.path.length = 0; }")
    viewer.page.keyboard.press("3")
    viewer.wait_for("scene.camera.view === 'left_lateral'").rest()
    assert all(x > 400 for x in viewer.page.evaluate("eyes.path")), "the camera flew though it was asked not to"
