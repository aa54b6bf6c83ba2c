"""The atlas as a static site: from the plainest file server, then from the device alone, then renewed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from meshes.build import BuiltAtlas
from meshes.more import BuiltPack
from viewer.scene import Camera, Scene
from viewer.site import write_site

from .conftest import DESKTOP
from .driver import PATIENCE_MS, Viewer, around, is_muscle_red
from .standing import Alone, FolderServer, serving


@dataclass
class Visit:
    """A site in a subfolder of a server, and a page that has opened it."""

    viewer: Viewer
    watch: Alone
    server: FolderServer
    folder: Path
    atlas: BuiltAtlas


@pytest.fixture(scope="module")
def visit(
    chromium: Browser, built_atlas: BuiltAtlas, later_pack: BuiltPack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    """A first visit, ended when the whole site is on the device."""
    root = tmp_path_factory.mktemp("served")
    folder = root / "courses" / "atlas"
    folder.parent.mkdir()
    write_site(folder, atlas=built_atlas)
    watch = Alone()
    with serving(root) as server:
        context = watch.over(chromium.new_context(**DESKTOP, reduced_motion="reduce"))
        viewer = Viewer(context.new_page()).open(server.address("courses/atlas/"))
        viewer.page.get_by_text("it opens without a network too").wait_for(timeout=PATIENCE_MS)
        yield Visit(viewer, watch, server, folder, built_atlas)
        context.close()


def test_the_first_visit_stays_in_its_folder_and_the_picture_comes_first(visit: Visit) -> None:
    viewer = visit.viewer
    assert is_muscle_red(around(viewer.picture(), viewer.spot("gluteus_maximus.right")))
    assert all(name.startswith(visit.server.address("courses/atlas/")) for name in visit.watch.asked)
    late = viewer.page.evaluate(
        """() => {
          const drawn = performance.getEntriesByName('ischia:first-frame')[0].startTime;
          const early = performance.getEntriesByType('resource').filter((one) => one.startTime < drawn);
          return early.map((one) => one.name).filter((name) => /variant-|service-worker|language/.test(name));
        }"""
    )
    assert late == [], "nothing is kept on the device before the first picture"
    visit.watch.judge()


def test_every_file_is_kept(visit: Visit) -> None:
    """The cache holds what the worker lists: everything but the files that are for servers."""
    kept = visit.viewer.page.evaluate(
        """async () => {
          const [name] = await caches.keys();
          const requests = await (await caches.open(name)).keys();
          return requests.map((request) => request.url);
        }"""
    )
    here = visit.server.address("courses/atlas/")
    files = {path.relative_to(visit.folder).as_posix() for path in visit.folder.rglob("*") if path.is_file()}
    expected = files - {"index.html", "service-worker.js", "README.txt", "_headers", "site.json"} | {""}
    assert {url.removeprefix(here) for url in kept} == expected


def test_with_the_server_gone(visit: Visit) -> None:
    """First picture, pick, variant, trigger point, lesson: all from the device."""
    visit.server.end()
    try:
        _use_all(visit.viewer)
    finally:
        visit.server.start()
    visit.watch.judge()


def _use_all(viewer: Viewer) -> None:
    viewer.page.reload()
    viewer.ready().grown()
    viewer.click(viewer.spot("gluteus_maximus.right"))
    viewer.wait_for("scene.selected === 'gluteus_maximus.right'")
    viewer.page.get_by_role("heading", name="Gluteus maximus").wait_for()
    before = viewer.outlines("common_fibular_division.left", (0, 0, 1), 0.0)
    viewer.show(variant={"right": "A", "left": "C"}, camera={"view": "posterior"}, peel=2)
    after = viewer.outlines("common_fibular_division.left", (0, 0, 1), 0.0)
    assert abs(before.mean(axis=0) - after.mean(axis=0)).max() > 0.5
    viewer.show(trigger={"id": "piriformis.1", "side": "right"})
    viewer.page.get_by_text("Felt by nearly all").wait_for()
    viewer.show(lesson={"id": "variants", "step": 0})
    viewer.page.get_by_role("button", name="Next").first.click()
    viewer.wait_for("scene.lesson.step === 1")
    viewer.show(language="fr").page.locator('[lang="fr"]').first.wait_for(state="attached")


def test_a_newer_version_takes_over_whole(visit: Visit) -> None:
    """It is fetched beside the old one, says so, and is what the next visit gets; then the old one is gone."""
    viewer = visit.viewer
    before = viewer.page.evaluate("caches.keys()")
    write_site(visit.folder, Scene(camera=Camera(view="anterior")), atlas=visit.atlas)
    viewer.page.goto(visit.server.address("courses/atlas/"))
    viewer.ready()
    assert viewer.scene()["camera"]["view"] == "posterior", "the version on the device comes first"
    viewer.page.get_by_text("A newer version has come").wait_for(timeout=PATIENCE_MS)
    viewer.page.reload()
    viewer.ready()
    assert viewer.scene()["camera"]["view"] == "anterior"
    after = viewer.page.evaluate("caches.keys()")
    assert len(before) == len(after) == 1
    assert before != after
    visit.watch.judge()


def test_a_damaged_version_is_not_taken(visit: Visit) -> None:
    """Where a file is not what the list says, the version that works stays."""
    viewer = visit.viewer
    kept = viewer.page.evaluate("caches.keys()")
    write_site(visit.folder, Scene(camera=Camera(view="superior")), atlas=visit.atlas)
    (visit.folder / "manifest.json").write_text(json.dumps({"name": "cut short"}), encoding="utf-8")
    viewer.page.goto(visit.server.address("courses/atlas/"))
    viewer.ready()
    state = viewer.page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.ready;
          const coming = registration.installing ?? (await registration.update()).installing;
          if (coming && coming.state !== 'redundant')
            await new Promise((done) => coming.addEventListener('statechange', () => done()));
          return { waiting: registration.waiting !== null, state: coming?.state ?? 'redundant' };
        }"""
    )
    assert state == {"waiting": False, "state": "redundant"}
    viewer.page.reload()
    viewer.ready()
    assert viewer.scene()["camera"]["view"] == "anterior"
    assert set(kept) <= set(viewer.page.evaluate("caches.keys()"))
