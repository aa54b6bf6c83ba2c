"""A body that came as meshes, in the page: what was loaded, cut and solved; its variants, points and measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from annotations.catalogue import catalogue
from viewer.app import AtlasApp
from viewer.server import LOOPBACK, bind

from .conftest import DESKTOP, FEWER_PIXELS, Watch
from .driver import Viewer

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack

COARSE = True
LICENCE = "CC BY-SA 2.1 Japan"


@pytest.fixture(scope="module")
def own_page(chromium: Browser, set_built: BuiltAtlas, set_pack: BuiltPack) -> Iterator[tuple[Viewer, Watch]]:
    sockets = bind(0)
    end = AtlasApp(set_built, catalogue()).run_in_thread(sockets)
    watch = Watch()
    context = watch.over(chromium.new_context(**{**DESKTOP, **FEWER_PIXELS, "reduced_motion": "reduce"}))
    yield Viewer(context.new_page()).open(f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}/").grown(), watch
    context.close()
    end()


@pytest.fixture
def page(own_page: tuple[Viewer, Watch]) -> Iterator[Viewer]:
    viewer, watch = own_page
    yield viewer.reset()
    watch.judge()


def test_each_card_tells_how_it_was_made(page: Viewer) -> None:
    for name, made, whose in (
        ("gluteus_maximus.right", "Loaded as its makers published it", "BodyParts3D 4.0"),
        ("piriformis.right", "Cut from the mesh that its makers published", "BodyParts3D 4.0"),
        ("sacrotuberous_ligament.right", "Solved from its attachments", "Soft tissue solved on the bones"),
    ):
        page.show(selected=name)
        geometry = page.card.locator(".geometry")
        geometry.get_by_text(made).wait_for()
        geometry.get_by_text(whose).wait_for()
    geometry.get_by_text("CC BY 4.0").wait_for()


def test_the_list_marks_what_did_not_come_as_meshes(page: Viewer) -> None:
    tree = page.page.get_by_role("tree")
    for name, word in (("piriformis", "cut from its mesh"), ("sacrotuberous_ligament", "modelled")):
        page.show(selected=f"{name}.right")
        assert word in tree.locator(f'[data-name="{name}"]').first.inner_text()
    page.show(selected="gluteus_medius.right")
    assert "modelled" not in tree.locator('[data-name="gluteus_medius"]').first.inner_text()


def test_a_variant_is_shown_on_its_own_piriformis(page: Viewer) -> None:
    """Both heads and the nerve take their other shape; the measures are those of this body."""
    page.show(focus=True, camera={"view": "posterior"}, selected="sciatic_nerve.right")
    page.show(variant={"right": "B", "left": "A"}).rest()
    later, _ = page.document("later.json")
    numbers = later["measures"]["right"]["B"]
    assert f"{numbers['contact_length_mm']:.1f} mm" in page.card.inner_text()
    assert {"piriformis.right", "common_fibular_division.right"} <= page.seen()


def test_a_trigger_point_lies_on_its_muscle(page: Viewer) -> None:
    page.show(trigger={"id": "gluteus_medius.2", "side": "right"}, camera={"view": "right_lateral"}).rest()
    panel = page.page.get_by_role("region", name="Trigger points", exact=True)
    page.page.keyboard.press("t")
    panel.get_by_text("Gluteus medius 2").first.wait_for()


def test_licences_and_what_is_to_be_known_are_in_the_credits(page: Viewer) -> None:
    page.open_tool("More").get_by_role("button", name="Credits and licences").click()
    dialog = page.page.get_by_role("dialog", name="Credits and licences")
    dialog.get_by_text(LICENCE).first.wait_for()
    assert "Mitsuhashi" in dialog.inner_text()
    assert "misses them by, mean mm" in dialog.locator(".notes").inner_text()
    page.page.keyboard.press("Escape")
