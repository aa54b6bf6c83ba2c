"""The page as it first appears: a picture of a body, not of a background."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from playwright.sync_api import BrowserContext, Route

from .conftest import Server
from .driver import Viewer, around, is_bone, is_muscle_red


def test_the_first_picture_is_marked_once(viewer: Viewer) -> None:
    """`data-ready` stands on the root, and the mark was set when the default files were there."""
    assert viewer.page.locator('.ischia[data-ready="true"]').count() == 1
    times = viewer.page.evaluate("performance.getEntriesByName('ischia:first-frame').map((mark) => mark.startTime)")
    assert len(times) == 1
    geometry = viewer.page.evaluate(
        "performance.getEntriesByType('resource').filter((e) => e.name.endsWith('atlas.glb')).map((e) => e.responseEnd)"
    )
    assert geometry
    assert times[0] > geometry[0]


def test_on_a_slow_line_list_and_tools_come_before_the_picture(
    watched: Callable[..., BrowserContext], server: Server
) -> None:
    """Until then nothing takes time from the picture; the first that is seen of the page says that it comes."""
    held: list[Route] = []
    context = watched()
    context.route("**/atlas.glb", lambda route: held.append(route))
    viewer = Viewer(context.new_page())
    viewer.page.goto(server.address)
    viewer.page.get_by_role("progressbar").wait_for()
    viewer.row("gluteus_maximus").wait_for()
    assert viewer.page.get_by_role("progressbar").is_visible()
    assert viewer.page.locator('.ischia[data-ready="true"]').count() == 0
    for route in held:
        route.continue_()
    viewer.ready()
    assert "gluteus_maximus.right" in viewer.seen(step=30)


def test_muscle_is_red_and_bone_is_ivory(viewer: Viewer) -> None:
    picture = viewer.picture()
    for side in ("right", "left"):
        assert is_muscle_red(around(picture, viewer.spot(f"gluteus_maximus.{side}"))), side
    for bone in ("sacrum", "femur.right", "femur.left"):
        assert is_bone(around(picture, viewer.spot(bone))), bone


def test_the_body_is_painted_where_picks_find_it(viewer: Viewer) -> None:
    """Picture and geometry agree: at every picked point is something else than the background."""
    picture, picks = viewer.picture(), viewer.picks(step=14)
    assert len(picks) > 300
    background = np.array(around(picture, viewer.empty_spot()), dtype=np.int16)
    bare = [
        pick["id"]
        for pick in picks
        if np.abs(np.array(around(picture, (pick["x"], pick["y"]), 1), dtype=np.int16) - background).max() < 12
    ]
    assert len(bare) <= 0.01 * len(picks), f"nothing is painted where these lie: {sorted(set(bare))}"


def test_everything_of_the_default_atlas_is_there(viewer: Viewer) -> None:
    """From behind: what lies outermost, on both sides."""
    names = {name.partition(".")[0] for name in viewer.seen()}
    assert {"gluteus_maximus", "gluteus_medius", "iliotibial_tract", "sacrum", "hip_bone", "femur"} <= names
    sides = {name.partition(".")[2] for name in viewer.seen() if name.startswith("gluteus_maximus")}
    assert sides == {"right", "left"}


def test_right_is_right_from_behind(viewer: Viewer) -> None:
    """Seen from behind, the body's right is on the right of the picture, and the marks on screen say so."""
    assert viewer.spot("gluteus_maximus.right")[0] > viewer.spot("gluteus_maximus.left")[0] + 100
    right = viewer.page.get_by_role("img", name="Right", exact=True).bounding_box()
    left = viewer.page.get_by_role("img", name="Left", exact=True).bounding_box()
    assert right is not None
    assert left is not None
    assert left["x"] < viewer.spot("gluteus_maximus.left")[0] < viewer.spot("gluteus_maximus.right")[0] < right["x"]


def test_each_view_looks_from_where_its_name_says(viewer: Viewer) -> None:
    """Judged by the eye's place, by what lies in front, and by the marks at the picture's edges."""
    expected = {
        "posterior": ((1, 1), {"gluteus_maximus.right", "gluteus_maximus.left"}, ("Left", "Right")),
        "anterior": ((1, -1), {"hip_bone.right", "hip_bone.left"}, ("Right", "Left")),
        "right_lateral": ((0, -1), {"iliotibial_tract.right", "gluteus_maximus.right"}, ("Rear", "Front")),
        "left_lateral": ((0, 1), {"iliotibial_tract.left", "gluteus_maximus.left"}, ("Front", "Rear")),
        "inferior": ((2, -1), {"hip_bone.right", "hip_bone.left"}, ("Right", "Left")),
        "superior": ((2, 1), {"sacrum", "hip_bone.right"}, ("Left", "Right")),
        "oblique": ((1, 1), {"gluteus_maximus.right"}, None),
    }
    for view, ((axis, sign), in_front, marks) in expected.items():
        viewer.show(camera={"view": view})
        pose = viewer.camera()
        away = [eye - target for eye, target in zip(pose["position"], pose["target"], strict=True)]
        assert sign * away[axis] == max(abs(value) for value in away), view
        assert in_front <= viewer.seen(), view
        if marks:
            found = [viewer.page.get_by_role("img", name=mark, exact=True).bounding_box() for mark in marks]
            assert found[0] is not None, view
            assert found[1] is not None, view
            assert found[0]["x"] < found[1]["x"], view


def test_the_medial_view_shows_the_inner_face_of_the_right_half(viewer: Viewer) -> None:
    viewer.page.keyboard.press("7")
    assert viewer.scene()["camera"]["view"] == "medial"
    viewer.rest()
    assert all(pick["point"][0] <= 0.1 for pick in viewer.picks())
    assert not any(name.endswith(".left") for name in viewer.seen())
    viewer.page.keyboard.press("1")
    viewer.rest()
    assert viewer.scene()["cut"] is None, "the cut came with the view and goes with it"
