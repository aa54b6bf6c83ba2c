"""A whole session without a mouse and without eyes on the picture."""

from __future__ import annotations

from playwright.sync_api import expect

from .driver import Viewer

COARSE = True


def focus(viewer: Viewer) -> dict[str, str]:
    """Role or tag, name, and what shows the focus, of the element that has it."""
    found: dict[str, str] = viewer.page.evaluate(
        """() => {
          const active = eyes.focus, style = getComputedStyle(active);
          const label = active.closest('label');
          const shown = [active, active.nextElementSibling, label].filter(Boolean).map((e) => getComputedStyle(e));
          return {
            role: active.getAttribute('role') ?? active.tagName.toLowerCase(),
            name: active.getAttribute('aria-label')
              ?? (active.innerText || label?.innerText || '').trim().split('\\n')[0],
            outline: shown.map((s) => s.outlineStyle !== 'none' ? s.outlineWidth + ' ' + s.outlineColor : '')
              .find(Boolean) ?? '',
            shadow: style.boxShadow,
            visible: String(active.matches(':focus-visible')),
          };
        }"""
    )
    return found


def test_a_whole_session_by_keyboard(viewer: Viewer) -> None:
    """Search, select, hide, bring back, isolate, change views, peel, turn, undo; each is said aloud."""
    page = viewer.page
    page.keyboard.press("/")
    assert focus(viewer)["role"] == "input"
    page.keyboard.type("gluteus medius")
    viewer.results.wait_for()
    page.keyboard.press("ArrowDown")
    assert focus(viewer)["role"] == "treeitem"
    page.keyboard.press("Enter")
    viewer.wait_for("scene.selected === 'gluteus_medius'")
    viewer.card.wait_for()
    assert "Selected: Gluteus medius." in viewer.spoken.inner_text()

    page.keyboard.press("Space")
    viewer.wait_for("scene.hidden.length > 0")
    assert "Hidden:" in viewer.spoken.inner_text()
    assert focus(viewer)["outline"] or focus(viewer)["shadow"] != "none", "the focus is not to be seen"
    page.keyboard.press("Space")
    viewer.wait_for("scene.hidden.length === 0")

    page.keyboard.press("i")  # letters jump in the list: the key is the list's, not the picture's
    page.keyboard.press("Shift+ArrowLeft")
    viewer.wait_for("Object.keys(scene.opacity).length > 0")
    assert viewer.spoken.inner_text().startswith("Opacity 90")

    page.evaluate("eyes.focus.blur()")
    page.keyboard.press("i")
    viewer.wait_for("scene.isolated.length === 1").rest()
    assert {name.partition(".")[0] for name in viewer.seen()} == {"gluteus_medius"}
    page.keyboard.press("i")
    viewer.wait_for("scene.isolated.length === 0")
    page.keyboard.press("2")
    viewer.wait_for("scene.camera.view === 'right_lateral'")
    assert "View: right lateral." in viewer.spoken.inner_text()
    page.keyboard.press("]")
    viewer.wait_for("scene.peel > 0")
    assert "Peeled down to" in viewer.spoken.inner_text()
    page.keyboard.press("u")
    viewer.wait_for("scene.peel === 0")
    page.keyboard.press("h")
    viewer.wait_for("scene.hidden.length > 0")
    page.keyboard.press("a")
    viewer.wait_for("scene.hidden.length === 0")
    page.keyboard.press("l")
    viewer.wait_for("scene.labels === 'selected'")
    page.keyboard.press("Escape")
    viewer.wait_for("scene.selected === null")


def test_arrows_and_signs_move_the_camera_on_the_picture(viewer: Viewer) -> None:
    before = viewer.camera()
    viewer.page.evaluate("eyes.stage.canvas.focus()")
    viewer.page.keyboard.press("ArrowLeft")
    viewer.wait_for("scene.camera.view === null").rest()
    turned = viewer.camera()
    assert abs(turned["position"][0] - before["position"][0]) > 50
    viewer.page.keyboard.press("+")
    viewer.wait_for("Math.abs(scene.camera.position[1] - argument) > 50", turned["position"][1])
    viewer.page.keyboard.press("1")
    viewer.wait_for("scene.camera.view === 'posterior'")


def test_tab_reaches_every_control_and_the_focus_is_always_seen(viewer: Viewer) -> None:
    names, unseen, first = [], [], None
    viewer.show(selected="gluteus_maximus.right")
    viewer.page.evaluate("eyes.root.tabIndex = -1; eyes.root.focus()")
    for _ in range(80):
        viewer.page.keyboard.press("Tab")
        found = focus(viewer)
        if first is not None and found["name"] == first and len(names) > 20:
            break
        first = first or found["name"]
        names.append(found["name"])
        if found["role"] != "body" and not found["outline"] and found["shadow"] == "none":
            unseen.append(f"{found['role']} {found['name']}")
    viewer.page.evaluate("eyes.root.removeAttribute('tabindex')")
    assert not unseen, f"the focus cannot be seen on: {unseen}"
    for wanted in (
        "Views",
        "Fade",
        "Isolate",
        "Hide",
        "Undo",
        "Variants",
        "Focus",
        "Marks",
        "Measure",
        "Cut",
        "More",
        "Isolate",
        "Zoom to",
    ):
        assert wanted in names, f"Tab does not reach {wanted}: {names}"
    assert sum("Search" in name for name in names) == 1
    assert sum(name == "Right" for name in names) == 1


def test_arrows_walk_the_list_and_letters_jump(viewer: Viewer) -> None:
    page = viewer.page
    viewer.tree.locator('[role="treeitem"][tabindex="0"]').focus()
    page.keyboard.press("Home")
    group = focus(viewer)["name"]
    first = viewer.tree.get_by_role("treeitem").first
    page.keyboard.press("ArrowLeft")
    expect(first).to_have_attribute("aria-expanded", "false")
    rows = viewer.tree.get_by_role("treeitem").count()
    page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("aria-expanded", "true")
    assert viewer.tree.get_by_role("treeitem").count() > rows, f"{group} does not open"
    page.keyboard.press("ArrowDown")
    page.keyboard.type("gluteus m")
    assert focus(viewer)["name"].startswith("Gluteus m")
    page.keyboard.press("End")
    last = focus(viewer)["name"]
    page.keyboard.press("ArrowDown")
    assert focus(viewer)["name"] == last, "beyond the last row there is none"
    page.keyboard.press("Enter")
    viewer.wait_for("scene.selected !== null")


def test_the_help_lists_the_keys_and_gives_the_focus_back(viewer: Viewer) -> None:
    viewer.page.keyboard.press("?")
    dialog = viewer.page.get_by_role("dialog", name="Keyboard and gestures")
    dialog.wait_for()
    assert "Undo" in dialog.inner_text()
    viewer.page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


def test_licences_and_credits_are_shown(viewer: Viewer) -> None:
    viewer.open_tool("More").get_by_role("button", name="Credits and licences").click()
    dialog = viewer.page.get_by_role("dialog", name="Credits and licences")
    dialog.wait_for()
    text = dialog.inner_text()
    for words in ("MPL", "Zhang", "CC BY 4.0", "not reviewed by a clinician"):
        assert words.lower() in text.lower().replace("have not been reviewed", "not reviewed"), words
    viewer.page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
