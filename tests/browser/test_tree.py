"""The list of structures: what it shows, hides and finds, and that it says so to those who do not see the picture."""

from __future__ import annotations

import pytest

from .driver import Viewer, share_changed

GLUTEUS_MAXIMUS = {"gluteus_maximus.right", "gluteus_maximus.left"}


def checked(viewer: Viewer, name: str) -> str | None:
    return viewer.row(name).get_attribute("aria-checked")


def test_the_list_is_an_aria_tree(viewer: Viewer) -> None:
    """Roles, levels and positions are told, one row takes the focus, and every row has a name."""
    rows = viewer.tree.get_by_role("treeitem")
    assert rows.count() >= 15
    assert viewer.tree.locator('[role="treeitem"][tabindex="0"]').count() == 1
    told = viewer.tree.locator('[role="treeitem"]').evaluate_all(
        """(rows) => rows.map((row) => ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-label', 'aria-checked',
           'aria-selected'].map((name) => row.getAttribute(name)))"""
    )
    for level, position, size, label, check, selected in told:
        assert int(level) >= 1
        assert 1 <= int(position) <= int(size)
        assert label
        assert check in ("true", "mixed", "false")
        assert selected in ("true", "false")


def test_a_check_box_hides_in_the_picture_too(viewer: Viewer) -> None:
    before = viewer.picture()
    viewer.row("gluteus_maximus").locator(".row-check").click()
    viewer.rest()
    assert not GLUTEUS_MAXIMUS & viewer.seen()
    assert {"piriformis.right", "piriformis.left"} & viewer.seen(), "what lay below is not to be seen"
    assert share_changed(before[:, 330:900], viewer.picture()[:, 330:900]) > 0.03
    assert checked(viewer, "gluteus_maximus") == "false"
    assert viewer.spoken.inner_text().startswith("Hidden:")
    viewer.row("gluteus_maximus").locator(".row-check").click()
    viewer.rest()
    assert viewer.seen() >= GLUTEUS_MAXIMUS
    assert viewer.scene()["hidden"] == []


def test_a_parent_is_half_checked_when_half_of_it_is_hidden(viewer: Viewer) -> None:
    row = viewer.row("gluteus_maximus")
    group = viewer.tree.locator(
        f'[aria-level="1"][data-key="{(row.get_attribute("data-key") or "").partition("/")[0]}"]'
    )
    assert (group.get_attribute("aria-checked"), checked(viewer, "gluteus_maximus")) == ("true", "true")
    row.locator(".row-chevron").click()
    viewer.row("gluteus_maximus.left").locator(".row-check").click()
    viewer.rest()
    assert checked(viewer, "gluteus_maximus.left") == "false"
    assert checked(viewer, "gluteus_maximus.right") == "true"
    assert checked(viewer, "gluteus_maximus") == "mixed"
    assert group.get_attribute("aria-checked") == "mixed"
    assert viewer.seen() & GLUTEUS_MAXIMUS == {"gluteus_maximus.right"}
    row.locator(".row-chevron").click()


def test_a_group_hides_all_of_its_structures(viewer: Viewer) -> None:
    key = (viewer.row("gluteus_maximus").get_attribute("data-key") or "").partition("/")[0]
    group = viewer.tree.locator(f'[role="treeitem"][data-key="{key}"]')
    group.locator(".row-check").click()
    viewer.rest()
    assert not {name.partition(".")[0] for name in viewer.seen()} & {"gluteus_maximus", "gluteus_medius"}
    assert group.get_attribute("aria-checked") == "false"


def test_opacity_lets_what_is_below_show_through(viewer: Viewer) -> None:
    spot, before = viewer.spot("gluteus_maximus.right"), viewer.picture()
    row = viewer.row("gluteus_maximus")
    row.locator(".row-opacity").click()
    slider = row.get_by_role("slider")
    slider.fill("30")
    viewer.rest()
    assert set(viewer.scene()["opacity"].values()) == {0.3}
    assert "30 %" in (row.get_attribute("aria-label") or "")
    assert share_changed(before[:, 330:900], viewer.picture()[:, 330:900], 12) > 0.02
    assert viewer.pick(spot)["id"] == "gluteus_maximus.right"
    row.locator(".row-opacity").click()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("gluteus med", "gluteus_medius"),
        ("musculus piriformis", "piriformis"),
        ("nervus ischiadicus", "sciatic_nerve"),
        ("FMA 19082", "piriformis"),
        ("fma19082", "piriformis"),
        ("left piriformis", "piriformis.left"),
        ("piriformiss", "piriformis"),
    ],
)
def test_search_finds_by_english_latin_and_identifier(viewer: Viewer, asked: str, found: str) -> None:
    viewer.search.fill(asked)
    first = viewer.results.get_by_role("treeitem").first
    first.wait_for()
    assert first.get_attribute("data-name") == found
    viewer.search.press("Enter")
    viewer.wait_for("scene.selected === argument", found)


def test_search_says_when_nothing_is_found(viewer: Viewer) -> None:
    viewer.search.fill("xyzzy")
    viewer.page.get_by_text("Nothing is called “xyzzy”").wait_for()
    viewer.search.press("Escape")
    viewer.tree.wait_for()


def test_what_is_selected_in_the_picture_is_selected_in_the_list(viewer: Viewer) -> None:
    viewer.click(viewer.spot("sacrum"))
    viewer.wait_for("scene.selected === 'sacrum'")
    row = viewer.row("sacrum")
    assert row.get_attribute("aria-selected") == "true"
    assert row.evaluate(
        "(row) => { const r = row.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; }"
    )
    assert "Selected: Sacrum." in viewer.spoken.inner_text()
