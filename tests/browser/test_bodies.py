"""Two bodies: side by side and one over the other, their table, what one of them lacks, and what is left of the second.

Both are bodies of spheres, the second a tenth larger and without the nerve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator

from annotations.catalogue import catalogue
from meshes.atlas import Atlas
from meshes.build import BuiltAtlas, write_atlas
from tests.small import small_atlas
from viewer.app import AtlasApp
from viewer.comparing import ComparedRow, compared_rows
from viewer.server import LOOPBACK, bind

from .conftest import DESKTOP, FEWER_PIXELS, Watch
from .driver import Pixels, Viewer

COARSE = True

LARGER = 1.1
FIRST, SECOND = "Spheres", "Larger"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuiltAtlas, BuiltAtlas]:
    folder = tmp_path_factory.mktemp("bodies")
    larger = replace(small_atlas(), id="larger", title=f"{SECOND}: a body of spheres")
    for structure in larger.structures.values():
        for part in structure.parts:
            part.surface.vertices = LARGER * part.surface.vertices
        for footprint in structure.footprints:
            footprint.surface.vertices = LARGER * footprint.surface.vertices
    larger.landmarks = {name: LARGER * point for name, point in larger.landmarks.items()}
    for side in ("right", "left"):
        del larger.structures[f"tibial_division.{side}"]
    first = replace(small_atlas(), title=f"{FIRST}: a body of spheres")
    return written(folder / "first", first), written(folder / "larger", larger)


def written(folder: Path, atlas: Atlas) -> BuiltAtlas:
    return BuiltAtlas(folder, write_atlas(atlas, folder), True, 0.0)


@pytest.fixture(scope="module")
def address(two: tuple[BuiltAtlas, BuiltAtlas]) -> Iterator[str]:
    first, larger = two
    sockets = bind(0)
    app = AtlasApp(first, catalogue(), beside=[(str(larger.folder), larger)])
    end = app.run_in_thread(sockets)
    yield f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}/"
    end()


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[tuple[Viewer, Watch]]:
    watch = Watch()
    context = watch.over(chromium.new_context(**{**DESKTOP, **FEWER_PIXELS, "reduced_motion": "reduce"}))
    yield Viewer(context.new_page()).open(address), watch
    context.close()


@pytest.fixture
def viewer(page: tuple[Viewer, Watch]) -> Iterator[Viewer]:
    viewer, watch = page
    yield viewer.reset()
    watch.judge()


def panel_of(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("region", name="Compare bodies", exact=True)


def caption(viewer: Viewer, which: str) -> Locator:
    return viewer.page.get_by_role("region", name=f"The {which} body", exact=True)


def beside(viewer: Viewer, how: str = "side_by_side", **fields: object) -> Viewer:
    """Open the second body."""
    viewer.show(beside={"atlas": "larger", "how": how}, **fields)
    caption(viewer, "second").wait_for()
    return viewer


def picture(viewer: Viewer, shows: Callable[[Pixels], bool] = lambda _: True) -> Pixels:
    """The window once it shows what it is to show, and stays as it is."""
    viewer.rest()
    before = viewer.picture()
    for _ in range(200):
        viewer.page.wait_for_timeout(60)
        after = viewer.picture()
        if np.array_equal(before, after) and shows(after):
            return after
        before = after
    raise AssertionError("the window never shows it")


def halves(viewer: Viewer) -> tuple[int, int]:
    """Where in the window the two pictures meet, and where the panel begins, CSS pixels."""
    second = viewer.page.locator(".stage.second").bounding_box()
    panel = panel_of(viewer).bounding_box()
    assert second is not None
    assert panel is not None
    return round(second["x"]), round(panel["x"])


def ivory(picture: Pixels) -> Pixels:
    """Where a picture shows bone: warm and light."""
    red, blue = picture[..., 0].astype(int), picture[..., 2].astype(int)
    return np.asarray((red - blue > 12) & (red > 90))


def bluish(picture: Pixels) -> Pixels:
    """Where the picture between list and panel is tinted as the second body is."""
    free = picture[120:620, :900]
    red, blue = free[..., 0].astype(int), free[..., 2].astype(int)
    return np.asarray(blue - red > 25)


def bones(picture: Pixels, middle: int, end: int) -> tuple[Pixels, Pixels]:
    """Where either half shows bone, tools and captions left out."""
    bone = ivory(picture)[120:620]
    return bone[:, : middle - 4], bone[:, middle + 4 : end]


def test_it_is_opened_from_the_menu_and_by_keys_alone(viewer: Viewer) -> None:
    viewer.open_tool("More").get_by_role("button", name="Compare bodies").click()
    panel_of(viewer).wait_for()
    assert viewer.scene()["beside"] is None, "with two to choose from, none is taken unasked"
    viewer.page.keyboard.press("Escape")
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url))
    viewer.page.keyboard.press("b")
    chooser = panel_of(viewer).get_by_role("combobox", name="Second body")
    chooser.focus()
    assert not any("/bodies/" in url or ".glb" in url for url in asked), "nothing of it is fetched before"
    viewer.page.keyboard.type(SECOND)
    viewer.page.keyboard.press("Enter")
    viewer.wait_for("scene.beside?.atlas === 'larger'")
    caption(viewer, "second").get_by_role("heading", name=SECOND).wait_for()
    assert any(url.endswith("/bodies/larger/open") for url in asked)
    choice = panel_of(viewer).get_by_role("radio", name="Side by side")
    choice.focus()
    viewer.page.keyboard.press("ArrowRight")
    viewer.wait_for("scene.beside.how === 'overlaid'")
    panel_of(viewer).get_by_role("slider", name="Opacity of the second body").press("ArrowRight")
    viewer.wait_for("Math.abs(scene.beside.opacity - 0.55) < 1e-9")
    viewer.page.keyboard.press("Escape")
    viewer.page.keyboard.press("Escape")
    viewer.wait_for("scene.beside === null")
    assert caption(viewer, "second").count() == 0


def test_two_halves_show_two_bodies_at_one_scale(viewer: Viewer) -> None:
    middle, end = halves(beside(viewer, isolated=["sacrum"]))
    shown = picture(viewer, lambda now: all(half.any() for half in bones(now, middle, end)))
    widths = [np.ptp(np.flatnonzero(half.any(axis=0))) for half in bones(shown, middle, end)]
    assert widths[1] / widths[0] == pytest.approx(LARGER, abs=0.04)
    for which, title in (("first", FIRST), ("second", SECOND)):
        text = caption(viewer, which).inner_text()
        assert title in text
        assert "CC0-1.0" in text
        assert "modelled" in text


def test_a_press_in_the_second_half_names_its_body(viewer: Viewer, two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    middle, end = halves(beside(viewer, isolated=["sacrum"]))
    shown = picture(viewer, lambda now: bool(bones(now, middle, end)[1].any()))
    rows, columns = np.nonzero(bones(shown, middle, end)[1])
    spot = (middle + 4 + float(np.median(columns)), 120 + float(np.median(rows)))
    viewer.page.mouse.move(*spot)
    tip = viewer.page.locator(".tooltip")
    tip.get_by_text("Sacrum").wait_for()
    assert SECOND in tip.inner_text()
    viewer.click(spot)
    viewer.wait_for("scene.selected === 'sacrum'")
    viewer.page.wait_for_function(
        "(title) => eyes.root.shadowRoot.querySelector('[data-spoken]').textContent.includes(title)", arg=SECOND
    )
    volume = two[1].document.structures["sacrum"].volume_cm3
    assert f"Sacrum: modelled, {volume:.0f}" in caption(viewer, "second").inner_text()
    assert panel_of(viewer).is_visible(), "the comparison goes on"


def test_what_one_body_lacks_is_said(viewer: Viewer) -> None:
    beside(viewer, selected="tibial_division.right")
    assert "not in this body" in caption(viewer, "second").inner_text()
    assert "modelled" in caption(viewer, "first").locator(".body-selected").inner_text()
    lacking = panel_of(viewer).get_by_text(f"{SECOND} lacks 1 structure")
    lacking.click()
    assert panel_of(viewer).get_by_role("listitem").filter(has_text="Tibial division").is_visible()
    assert panel_of(viewer).get_by_text(f"{FIRST} lacks").count() == 0


def test_the_table_has_the_numbers_that_python_has(viewer: Viewer, two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    beside(viewer)
    rows: dict[str, list[ComparedRow]] = {}
    for row in compared_rows((two[0], None), (two[1], None), list(catalogue().measures)):
        rows.setdefault(row.id, []).append(row)
    panel = panel_of(viewer)
    panel.locator('[data-measure="inter_asis"]').wait_for()
    assert set(panel.locator("[data-measure]").evaluate_all("(all) => all.map((one) => one.dataset.measure)")) == set(
        rows
    )
    for id_, lines in rows.items():
        cells = panel.locator(f'[data-measure="{id_}"] tr[data-place]').evaluate_all(
            "(all) => all.map((row) => [row.dataset.place, ...[...row.cells].slice(1).map((cell) => cell.textContent)])"
        )
        assert [cell[0] for cell in cells] == [row.place for row in lines], id_
        for (_, *texts), row in zip(cells, lines, strict=True):
            for text, value in zip(texts, (row.first, row.second, row.difference), strict=True):
                if value is None:
                    assert text in ("–", ""), id_
                else:
                    assert number(text) == pytest.approx(value, abs=0.51 if "volume" in id_ else 0.051), id_
    assert panel.get_by_role("table", name="Bones").get_by_role("columnheader", name=SECOND).count() == 1
    assert "published 73 ± 10.2 mm" in panel.locator('[data-measure="it_gt_distance"]').inner_text()


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def test_the_second_body_is_drawn_over_the_first_and_goes_with_the_slider(viewer: Viewer) -> None:
    viewer.show(isolated=["sacrum"])
    bare = viewer.page.evaluate("eyes.stage.stats().triangles")
    beside(viewer, "overlaid", isolated=["sacrum"]).wait_for("stage.stats().triangles > 1.5 * argument", bare)
    over = picture(viewer, lambda now: bool(bluish(now).mean() > 0.01))
    rim = bluish(over)
    slider = panel_of(viewer).get_by_role("slider", name="Opacity of the second body")
    slider.press("End")
    dense = picture(viewer.wait_for("scene.beside.opacity === 1"))
    blues = [(shot[120:620, :900, 2].astype(int) - shot[120:620, :900, 0])[rim].mean() for shot in (over, dense)]
    assert blues[1] > 1.3 * blues[0]
    slider.press("Home")
    assert bluish(picture(viewer.wait_for("scene.beside.opacity === 0"))).mean() < 0.002
    viewer.page.get_by_role("button", name="End the comparison").click()
    viewer.wait_for("scene.beside === null && stage.stats().triangles === argument", bare)


def test_what_is_peeled_hidden_or_cut_is_so_in_both(viewer: Viewer) -> None:
    over = {"atlas": "larger", "how": "overlaid"}
    beside(viewer, "overlaid", isolated=["sacrum", "hip_bone"])
    both = bluish(picture(viewer, lambda now: bool(bluish(now).mean() > 0.01))).mean()
    viewer.show(beside=over, isolated=["sacrum", "hip_bone"], hidden=["hip_bone"])
    assert 0.002 < bluish(picture(viewer)).mean() < 0.6 * both
    viewer.show(beside=over, isolated=["sacrum"], cut={"normal": [0, 0, 1], "offset": -200})
    assert bluish(picture(viewer)).mean() < 0.001


def test_leaving_lets_go_of_the_second_body(viewer: Viewer) -> None:
    beside(viewer)
    count = "eyes.root.shadowRoot.querySelectorAll('canvas.stage-canvas').length === argument"
    viewer.wait_for(count, 2)
    viewer.page.evaluate("() => { window.left = eyes.root.shadowRoot.querySelector('.stage.second canvas'); }")
    viewer.page.get_by_role("button", name="End the comparison").click()
    viewer.wait_for("scene.beside === null").wait_for(count, 1)
    assert viewer.page.evaluate("window.left.getContext('webgl2').isContextLost()"), "its graphics memory is given back"


def test_a_link_opens_both(viewer: Viewer, watched: Callable[..., BrowserContext], address: str) -> None:
    beside(viewer, peel=1)
    viewer.wait_for("location.hash.length > 10")
    fragment = viewer.page.evaluate("location.hash")
    other = Viewer(watched().new_page()).open(address + fragment)
    caption(other, "second").get_by_role("heading", name=SECOND).wait_for()
    assert other.scene()["beside"] == {"atlas": "larger", "how": "side_by_side", "opacity": 0.5}
    panel_of(other).locator('[data-measure="inter_asis"]').wait_for()


def test_a_body_that_is_not_here_is_said_and_can_be_left(viewer: Viewer, address: str) -> None:
    assert viewer.page.request.get(f"{address}bodies/nobody/open").status == 404
    viewer.show(beside={"atlas": "nobody"})
    viewer.page.get_by_text("The second body could not be opened").wait_for()
    viewer.page.get_by_role("button", name="End the comparison").click()
    viewer.wait_for("scene.beside === null")
