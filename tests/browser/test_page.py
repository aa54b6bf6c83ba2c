"""What a person does with the page, done by a real browser."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Open, Served, Viewer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def test_first_picture(viewer: Viewer) -> None:
    """Bones are the colour of bone, muscle is red, and the subject's right is on the right when seen from behind."""
    marks = viewer.page.evaluate("performance.getEntriesByName('ischia:first-frame').length")
    assert marks == 1
    red, green, blue = viewer.colour(*viewer.spot("gluteus_maximus.right"))
    assert red > 1.6 * green
    assert red > 1.6 * blue
    red, green, blue = viewer.colour(*viewer.spot("hip_bone.right"))
    assert red >= green >= blue
    assert green > 0.7 * red
    assert viewer.spot("gluteus_maximus.right")[0] > viewer.spot("gluteus_maximus.left")[0]
    viewer.shot("posterior")


def test_hover_names_and_click_selects(viewer: Viewer) -> None:
    spot = viewer.spot("gluteus_maximus.left")
    viewer.page.mouse.move(*spot)
    viewer.page.get_by_text("Left gluteus maximus").first.wait_for(state="visible")
    viewer.page.mouse.click(*spot)
    viewer.wait_for("scene.selected === 'gluteus_maximus.left'")
    viewer.card.wait_for()
    text = viewer.card.inner_text().lower()
    for word in ("gluteus maximus", "inferior gluteal nerve", "ilium"):
        assert word in text
    viewer.shot("card")
    viewer.page.keyboard.press("Escape")
    viewer.wait_for("scene.selected === null")


def test_tree_hides_and_shows(viewer: Viewer) -> None:
    row = viewer.tree.locator('[data-name="gluteus_maximus"]')
    row.locator(".row-check").click()
    viewer.wait_for("scene.hidden.length > 0")
    assert not {"gluteus_maximus.right", "gluteus_maximus.left"} & viewer.seen()
    assert row.get_attribute("aria-checked") == "false"
    viewer.page.keyboard.press("Escape")
    viewer.page.keyboard.press("u")
    viewer.wait_for("scene.hidden.length === 0")
    assert {"gluteus_maximus.right", "gluteus_maximus.left"} <= viewer.seen()


@pytest.mark.parametrize("asked", ["piriformis", "musculus piriformis", "FMA 19082"])
def test_search_finds_by_any_name(viewer: Viewer, asked: str) -> None:
    field = viewer.page.get_by_role("searchbox")
    field.fill(asked)
    found = viewer.page.get_by_role("tree", name="Structures found")
    found.wait_for()
    assert found.locator('[role="treeitem"]').first.get_attribute("data-name") == "piriformis"
    field.press("Enter")
    viewer.wait_for("scene.selected?.startsWith('piriformis')")


def test_peel_takes_layer_by_layer_off(viewer: Viewer) -> None:
    slider = viewer.page.get_by_role("slider").first
    seen = [viewer.seen()]
    slider.focus()
    steps = 0
    while steps < 8:
        before = viewer.scene()["peel"]
        slider.press("ArrowRight")
        viewer.page.wait_for_timeout(150)
        if viewer.scene()["peel"] == before:
            break
        steps += 1
        seen.append(viewer.seen())
    assert steps >= 4
    assert "gluteus_maximus.right" in seen[0]
    assert "piriformis.right" not in seen[0], "piriformis lies under gluteus maximus"
    depth = next(i for i, ids in enumerate(seen) if "piriformis.right" in ids)
    assert "gluteus_maximus.right" not in seen[depth]
    names = {name.partition(".")[0] for name in seen[-1]}
    assert {"hip_bone", "sacrum", "femur"} <= names
    assert not {"gluteus_maximus", "gluteus_medius", "gluteus_minimus", "piriformis"} & names
    viewer.shot("bones")


def test_isolate_fade_and_undo(viewer: Viewer) -> None:
    viewer.set_scene(selected="piriformis.right")
    viewer.page.keyboard.press("i")
    viewer.wait_for("scene.isolated.length > 0")
    assert viewer.seen() == {"piriformis.right"}
    viewer.page.keyboard.press("u")
    viewer.wait_for("scene.isolated.length === 0")
    viewer.page.keyboard.press("f")
    viewer.wait_for("scene.fade_others === true")
    assert "piriformis.right" in viewer.seen(), "what is selected is picked through what has receded"
    viewer.shot("faded")


def test_cut_opens_the_body_and_closes_what_is_cut(viewer: Viewer) -> None:
    """Nothing is left on the removed side; where a bone is cut there is a cap to pick and to see."""
    viewer.set_scene(cut={"normal": [1, 0, 0], "offset": 0}, camera={"view": "left_lateral"})
    viewer.wait_for("scene.cut !== null")
    viewer.page.wait_for_timeout(1200)
    found = viewer.page.evaluate(
        """() => {
          const { stage } = document.querySelector('.ischia'), { clientWidth: w, clientHeight: h } = stage.canvas;
          const points = [];
          for (let y = 5; y < h; y += 8) for (let x = 5; x < w; x += 8) {
            const pick = stage.pick(x, y); if (pick) points.push([pick.id, pick.point[0]]);
          }
          return points;
        }"""
    )
    assert found
    assert all(x <= 0.05 for _, x in found), "matter on the removed side"
    capped = {name for name, x in found if abs(x) < 0.05}
    assert "sacrum" in capped
    viewer.shot("cut")


def test_a_link_reopens_what_was_seen(viewer: Viewer, open_page: Open) -> None:
    viewer.set_scene(peel=2, selected="piriformis.left", hidden=["hip_bone.left"], camera={"view": "oblique"})
    viewer.page.wait_for_function("location.hash.startsWith('#scene=')")
    viewer.page.wait_for_timeout(1500)
    wanted = viewer.scene()
    fragment = viewer.page.evaluate("location.hash")
    assert "?" not in viewer.page.url, "the scene is in the fragment, which no server sees"
    other = open_page(fragment)
    assert other.scene() == wanted
    viewer.page.reload()
    viewer.ready()
    assert viewer.scene() == wanted


def test_keyboard_alone_is_enough(open_page: Open) -> None:
    """Find, select, hide, bring back, turn, peel and view without a pointer; the focus can be seen."""
    viewer = open_page()
    page = viewer.page
    page.keyboard.press("/")
    page.keyboard.type("gluteus medius")
    viewer.page.get_by_role("tree", name="Structures found").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    viewer.wait_for("scene.selected?.startsWith('gluteus_medius')")
    page.keyboard.press(" ")
    viewer.wait_for("scene.hidden.length > 0")
    page.keyboard.press(" ")
    viewer.wait_for("scene.hidden.length === 0")
    outline = page.evaluate(
        """() => {
          let active = document.activeElement;
          while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
          const style = getComputedStyle(active);
          return [active.getAttribute('role'), style.outlineStyle, style.boxShadow];
        }"""
    )
    assert outline[0] == "treeitem"
    assert outline[1] != "none" or outline[2] != "none", "the focus is not to be seen"
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    viewer.wait_for("scene.peel === 1")
    page.keyboard.press("2")
    viewer.wait_for("scene.camera.view === 'right_lateral'")
    page.evaluate("document.querySelector('.ischia').stage.canvas.focus()")
    page.keyboard.press("ArrowLeft")
    viewer.wait_for("scene.camera.view === null")


def test_every_control_can_be_reached_with_tab(open_page: Open) -> None:
    viewer = open_page()
    reached: set[str] = set()
    for _ in range(60):
        viewer.page.keyboard.press("Tab")
        reached.add(
            viewer.page.evaluate(
                """() => {
                  let active = document.activeElement;
                  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
                  return active.innerText?.trim() || active.getAttribute('aria-label') || active.type || active.tagName;
                }"""
            ).split("\n")[0]
        )
    assert {"Views", "Fade", "Labels", "Cut", "More", "search", "range"} <= {
        "search" if "earch" in name else name for name in reached
    }


def test_a_phone(open_page: Open) -> None:
    """Nothing sticks out sideways, a tap selects, tools open as sheets, and targets are large enough for a thumb."""
    viewer = open_page(**PHONE)
    page = viewer.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.touchscreen.tap(*viewer.spot("gluteus_maximus.right"))
    viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
    viewer.shot("phone-card")
    page.keyboard.press("Escape")
    bar = page.get_by_role("navigation", name="Tools")
    for label in ("Structures", "Peel", "Views", "Tools"):
        box = bar.get_by_role("button", name=label).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 391
    bar.get_by_role("button", name="Peel").tap()
    page.locator('[data-panel="peel"]').first.wait_for()
    viewer.shot("phone-peel")


@pytest.mark.parametrize(
    "view", ["posterior", "anterior", "right_lateral", "left_lateral", "medial", "oblique", "inferior"]
)
def test_views_show_the_right_side(viewer: Viewer, view: str) -> None:
    """Each view looks from where its name says: judged by where the picture's nearest matter lies."""
    viewer.set_scene(camera={"view": view})
    viewer.page.wait_for_timeout(300)
    viewer.wait_for(f"scene.camera.view === '{view}'")
    pose = viewer.page.evaluate(
        "(() => { const {camera} = document.querySelector('.ischia').stage; return camera; })()"
    )
    eye = [p - t for p, t in zip(pose["position"], pose["target"], strict=True)]
    axis, sign = {
        "posterior": (1, 1),
        "anterior": (1, -1),
        "right_lateral": (0, -1),
        "left_lateral": (0, 1),
        "medial": (0, 1),
        "oblique": (1, 1),
        "inferior": (2, -1),
    }[view]
    assert sign * eye[axis] == max(abs(value) for value in eye)
    viewer.shot(f"view-{view}")


@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_themes(viewer: Viewer, theme: str) -> None:
    viewer.set_scene(theme=theme)
    viewer.page.wait_for_timeout(800)
    pixel = viewer.colour(1200, 60)
    assert max(pixel) < 90
    viewer.shot(theme)


def test_a_scene_that_names_what_is_not_there(open_page: Open) -> None:
    """A wrong link says what is wrong and shows the usual picture; `setScene` refuses and changes nothing."""
    import base64

    def link(scene: dict[str, Any]) -> str:
        return "#scene=" + base64.urlsafe_b64encode(json.dumps(scene).encode()).decode().rstrip("=")

    viewer = open_page(link({"version": 1, "selected": "pirifromis.right"}))
    viewer.page.get_by_text("pirifromis.right").first.wait_for()
    assert viewer.scene()["selected"] is None
    with pytest.raises(Exception, match="version"):
        viewer.set_scene(version=99)
    assert viewer.scene()["version"] == 1
    newer = open_page(link({"version": 2}))
    newer.page.get_by_text("version 2").first.wait_for()


def test_python_and_page_stay_in_step(open_page: Open, served: Served) -> None:
    before = set(served.app.viewers)
    viewer = open_page().linked()
    viewer.page.wait_for_timeout(300)
    (mine,) = set(served.app.viewers) - before
    viewer.page.mouse.click(*viewer.spot("gluteus_maximus.right"))
    viewer.page.wait_for_timeout(1500)
    assert mine.get_scene().selected == "gluteus_maximus.right"
    assert mine.selected == "gluteus_maximus.right"

    scene = mine.get_scene().model_copy(update={"peel": 2, "selected": None})
    document = next(iter(mine._models.values()))[0].document  # the session's own thread is the server's
    document.add_next_tick_callback(lambda: mine.set_scene(scene))
    viewer.wait_for("scene.peel === 2 && scene.selected === null")
    with pytest.raises(ValueError, match="Did you mean peel"):
        mine.scene = {"pel": 1}


def test_what_was_done_before_python_came_is_not_lost(open_page: Open, served: Served) -> None:
    before = set(served.app.viewers)
    viewer = open_page()
    viewer.set_scene(peel=1)
    viewer.linked()
    viewer.page.wait_for_timeout(1000)
    (mine,) = set(served.app.viewers) - before
    assert mine.get_scene().peel == 1


def test_without_python_everything_goes_on_and_the_link_comes_back(watched: Any, built_atlas: Any) -> None:
    """The server is stopped under the page, interaction goes on, a calm note says so, and a restart is found."""
    own = Served(built_atlas)
    viewer = Viewer(watched(errors_expected=True).new_page()).open(own.address).linked()
    frames: list[Any] = []
    viewer.page.on("websocket", lambda socket: socket.on("framesent", frames.append))
    own.end()
    note = viewer.page.get_by_text("The link to Python is lost")
    note.first.wait_for(timeout=20_000)
    viewer.page.mouse.click(*viewer.spot("gluteus_maximus.right"))
    viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
    viewer.page.keyboard.press("]")
    viewer.wait_for("scene.peel === 1")
    assert "gluteus_maximus.right" not in viewer.seen() or viewer.scene()["peel"] == 1
    assert not frames
    viewer.shot("link-lost")
    again = Served(built_atlas, own.port)
    viewer.page.get_by_text("Python was started anew").first.wait_for(timeout=20_000)
    viewer.page.reload()
    viewer.ready().linked()
    assert viewer.scene()["peel"] == 1, "the view is kept in the address"
    again.end()


def test_no_webgl_shows_a_message_and_a_still_picture(watched: Any, served: Served) -> None:
    context = watched(errors_expected=True)
    context.add_init_script(
        "for (const C of [HTMLCanvasElement, OffscreenCanvas]) { const get = C.prototype.getContext;"
        " C.prototype.getContext = function (kind, ...rest)"
        " { return /webgl/.test(kind) ? null : get.call(this, kind, ...rest); }; }"
    )
    page = context.new_page()
    page.goto(served.address)
    page.get_by_text("WebGL").first.wait_for(timeout=60_000)
    still = page.locator("img").first
    still.wait_for(timeout=120_000)
    page.wait_for_function(
        """() => [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)]
          .flatMap((root) => [...root.querySelectorAll('img')]).some((img) => img.naturalWidth > 600)""",
        timeout=180_000,
    )
    Viewer(page).shot("no-webgl")
