"""When something is missing: WebGL, a file, the atlas itself."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Route

from .conftest import Server
from .driver import Viewer

NO_WEBGL = """
for (const Canvas of [HTMLCanvasElement, OffscreenCanvas]) {
  const get = Canvas.prototype.getContext;
  Canvas.prototype.getContext = function (kind, ...rest) {
    return /webgl/.test(kind) ? null : get.call(this, kind, ...rest);
  };
}
"""


def test_without_webgl_there_is_a_message_a_still_picture_and_a_usable_list(
    watched: Callable[..., BrowserContext], server: Server
) -> None:
    context = watched()
    context.add_init_script(NO_WEBGL)
    viewer = Viewer(context.new_page())
    viewer.page.goto(server.address)
    viewer.page.get_by_role("heading", name="This browser cannot draw in 3D").wait_for(timeout=60_000)
    viewer.page.locator('.ischia[data-ready="true"]').wait_for()
    picture = viewer.page.get_by_role("img", name="seen from behind")
    picture.wait_for()
    handle = picture.element_handle()
    viewer.page.wait_for_function("(image) => image.naturalWidth > 600", arg=handle, timeout=120_000)
    viewer.search.fill("sciatic nerve")
    viewer.results.wait_for()
    viewer.search.press("Enter")
    viewer.wait_for("scene.selected === 'sciatic_nerve'")
    viewer.card.get_by_role("heading", name="Sciatic nerve").wait_for()
    viewer.page.keyboard.press("Escape")
    viewer.page.keyboard.press("]")
    viewer.search.fill("")
    viewer.row("gluteus_medius").locator(".row-check").click()
    viewer.wait_for("scene.hidden.length > 0")
    assert "Hidden:" in viewer.spoken.inner_text()


def test_an_atlas_that_does_not_come_is_told_and_can_be_tried_again(
    watched: Callable[..., BrowserContext], server: Server
) -> None:
    context = watched(errors_expected=True)
    page = context.new_page()
    refuse = lambda route: route.fulfill(status=503, body="busy")  # noqa: E731
    page.route("**/atlas.json", refuse)
    page.goto(server.address)
    page.get_by_role("heading", name="The atlas could not be loaded").wait_for(timeout=60_000)
    assert "503" in page.get_by_role("alert").inner_text()
    page.unroute("**/atlas.json")
    page.get_by_role("button", name="Try again").click()
    assert "gluteus_maximus.right" in Viewer(page).ready().seen()


def test_damaged_geometry_is_told_without_a_trace(watched: Callable[..., BrowserContext], server: Server) -> None:
    page = watched(errors_expected=True).new_page()

    def damage(route: Route) -> None:
        route.fulfill(status=200, body=b"glTF\x02\x00\x00\x00 this is no geometry", content_type="model/gltf-binary")

    page.route("**/atlas.glb", damage)
    page.goto(server.address)
    alert = page.get_by_role("alert")
    alert.get_by_role("button", name="Try again").wait_for(timeout=60_000)
    text = alert.inner_text()
    assert "could not be loaded" in text
    assert "    at " not in text
    page.unroute("**/atlas.glb")
    alert.get_by_role("button", name="Try again").click()
    assert "gluteus_maximus.right" in Viewer(page).ready().seen()


def test_a_graphics_card_that_goes_away_comes_back(watched: Callable[..., BrowserContext], server: Server) -> None:
    viewer = Viewer(watched(errors_expected=True).new_page()).open(server.address)
    lose = "() => { eyes.card = eyes.stage.canvas.getContext('webgl2').getExtension('WEBGL_lose_context'); "
    viewer.page.evaluate(lose + "eyes.card.loseContext(); }")
    viewer.page.get_by_text("The graphics card was taken away").first.wait_for()
    viewer.page.evaluate("eyes.card.restoreContext()")
    viewer.page.get_by_text("The graphics card was taken away").first.wait_for(state="detached")
    viewer.rest()
    spot = viewer.spot("gluteus_maximus.right")
    red, green, _ = (int(value) for value in viewer.picture()[round(spot[1]), round(spot[0])])
    assert red > 1.5 * green, "the picture did not come back"
