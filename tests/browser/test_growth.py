"""What is still being made when the page opens: greyed, told how far it is, and taken in when it is there."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Route

from .conftest import Server
from .driver import Points, Viewer

COARSE = True


def growing_page(watched: Callable[..., BrowserContext], server: Server) -> tuple[Viewer, Callable[[], None]]:
    """A page whose server says that 40 % have been made, and how to let it go on."""
    context = watched()
    held = True

    def answer(route: Route) -> None:
        if held:
            route.fulfill(status=202, content_type="application/json", body=json.dumps({"done": 0.4, "text": "Skin"}))
        else:
            route.continue_()

    context.route("**/later.json", answer)

    def go_on() -> None:
        nonlocal held
        held = False

    return Viewer(context.new_page()).open(server.address), go_on


def nerve_beside_the_muscle(viewer: Viewer) -> Points:
    """Middle of the right nerve, LPS mm, at the height of the middle of the right piriformis."""
    atlas, _ = viewer.document("atlas.json")
    low, high = atlas["structures"]["piriformis.right"]["bounds"]
    middle: Points = viewer.outlines("tibial_division.right", (0, 0, 1), (low[2] + high[2]) / 2).mean(axis=0)
    return middle


def test_what_grows_is_greyed_and_comes_by_itself(watched: Callable[..., BrowserContext], server: Server) -> None:
    viewer, go_on = growing_page(watched, server)
    row = viewer.row("pudendal_nerve")
    row.wait_for()
    viewer.page.wait_for_function(
        "() => eyes.root.shadowRoot.querySelector('[data-name=\"pudendal_nerve\"]').dataset.growing === 'true'"
    )
    assert "still growing 40 %" in row.inner_text()
    assert row.get_attribute("aria-disabled") == "true"
    assert row.get_by_role("button", name="Show", include_hidden=True).is_disabled()
    viewer.open_aside("Variants", "Nerve and piriformis")
    assert "Still growing 40 %" in viewer.page.locator(".variant", has_text="Undivided, above").inner_text()
    viewer.choose_variant("right", "Undivided, above")
    viewer.wait_for("scene.variant.right === 'F'").rest()
    usual = nerve_beside_the_muscle(viewer)
    go_on()
    viewer.grown().rest()
    assert "growing" not in viewer.tree.inner_text()
    assert "growing" not in viewer.page.locator(".variant", has_text="Undivided, above").inner_text()
    assert nerve_beside_the_muscle(viewer)[1] > usual[1] + 5, "the nerve comes to lie behind the muscle by itself"


def test_the_peel_means_the_same_before_and_after(watched: Callable[..., BrowserContext], server: Server) -> None:
    """Skin that comes later is no step of the peel: a link's picture does not change as it comes."""
    viewer, go_on = growing_page(watched, server)
    viewer.show(peel=1)
    before = viewer.seen(step=16)
    assert not any(name.startswith("gluteus_maximus") for name in before)
    go_on()
    viewer.grown().rest()
    assert viewer.seen(step=16) == before
