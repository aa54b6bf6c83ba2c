"""How a trigger point stands in the picture: its X on the muscle, its dots on the surface that they are asked for."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from .driver import Pixels, Viewer, around, is_muscle_red

POINT = {"id": "gluteus_maximus.2", "side": "right"}
X_HALF = 9
"""CSS pixels around the middle of an X within which its strokes and their pale edge fill most of the picture."""


def shown(viewer: Viewer, **fields: Any) -> dict[str, Any]:
    """Show the trigger point; returns its marks once all of them are drawn."""
    viewer.grown().show(trigger=POINT, **fields)
    viewer.page.wait_for_function("() => eyes.stage.places('skin', [0, 85, 85]) !== null")
    viewer.page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => /marks-/.test(one.name))"
    )
    later, folder = viewer.rest().document("later.json")
    found: dict[str, Any] = viewer.page.request.get(folder + later["marks"]).json()
    marks: dict[str, Any] = found["points"][POINT["id"]][POINT["side"]]
    return marks


def body_part(viewer: Viewer) -> Pixels:
    """The middle of the picture, without what is written around it."""
    picture = viewer.picture()
    height, width, _ = picture.shape
    return picture[height // 8 : height * 3 // 4, width // 3 : width * 5 // 8]


def reds(picture: Pixels) -> int:
    """Pixels of the colour that pain has on skin: a red as dark as it is strong."""
    red, green, blue = (picture[..., i].astype(int) for i in range(3))
    return int(((red > 110) & (red < 215) & (green < 60) & (blue < 75)).sum())


def contrast(picture: Pixels, spot: tuple[float, float]) -> int:
    """Between the darkest and the lightest pixel around a place, 0 to 255."""
    x, y = round(spot[0]), round(spot[1])
    patch = picture[y - X_HALF : y + X_HALF + 1, x - X_HALF : x + X_HALF + 1].mean(axis=2)
    return int(patch.max() - patch.min())


def test_dots_are_on_the_near_skin_alone_and_a_window_leads_down_to_the_x(viewer: Viewer) -> None:
    marks = shown(viewer, camera={"view": "posterior"})
    assert viewer.seen(40) == {"skin"}
    behind = viewer.picture()
    x = viewer.project(marks["on_muscle"])
    assert contrast(behind, x) > 150, "black with a white edge"
    below = (x[0], x[1] + 20)
    assert is_muscle_red(around(behind, below, 2)), "in the window lies the muscle"
    shown(viewer, camera={"view": "anterior"})
    assert reds(body_part(viewer)) == 0, "nothing bleeds through from the far side"
    assert contrast(viewer.picture(), viewer.project(marks["on_muscle"])) > 50, "the X is seen through everything"


def test_on_the_muscle_the_skin_gives_way_and_dots_lie_on_what_is_seen(viewer: Viewer) -> None:
    marks = shown(viewer, camera={"view": "posterior"}, stipple="muscle")
    assert "skin" not in viewer.seen(25)
    viewer.wait_for("stage.resting")
    essential = next(zone for zone in marks["zones"] if zone["level"] == "essential")
    points = viewer.page.evaluate("(dots) => [...eyes.stage.places('skin', dots)]", essential["dots"])
    spots = [viewer.project(point) for point in np.array(points).reshape(-1, 3)[:80]]
    dotted = viewer.picture()
    plain = viewer.show(camera={"view": "posterior"}).picture()
    darker = [
        dotted[round(y) - 5 : round(y) + 6, round(x) - 5 : round(x) + 6].min()
        < plain[round(y) - 5 : round(y) + 6, round(x) - 5 : round(x) + 6].min()
        for x, y in spots
    ]
    assert np.mean(darker) > 0.5, "most dots have found something to lie on"


def test_a_picture_file_has_what_the_screen_has(viewer: Viewer) -> None:
    shown(viewer, camera={"view": "posterior"}, ball="tennis_ball", theme="dark")
    text = viewer.page.evaluate(
        """async () => {
          const insets = { top: 0, right: 0, bottom: 0, left: 0 };
          const options = { width: 500, height: 400, samples: 2, theme: "light", insets };
          const file = await eyes.stage.screenshot(options);
          const bytes = new Uint8Array(await file.arrayBuffer());
          return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
        }"""
    )
    picture = np.asarray(Image.open(BytesIO(base64.b64decode(text))).convert("RGB"))
    assert picture.shape == (400, 500, 3)
    assert picture[8, 250].min() > 200, "in the theme that it was asked for in"
    assert reds(picture) > 60
    assert viewer.rest().picture()[20, 640].max() < 80, "the page keeps its own theme"
