"""Variants: one side is switched, the morph ends in the geometry of the file, and the link keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from meshes.glb import decode_glb

from .conftest import DESKTOP, FEWER_PIXELS, Server, Watch
from .driver import Viewer

COARSE = True

PIERCED = "Fibular through, tibial below"
PARTS = (
    "piriformis.right/upper_head",
    "piriformis.right/lower_head",
    "tibial_division.right",
    "common_fibular_division.right",
)

Points = NDArray[np.float64]
Cut = tuple[tuple[float, float, float], float]


@pytest.fixture(scope="module")
def grown_page(chromium: Browser, server: Server) -> Iterator[tuple[Viewer, Watch]]:
    """A desktop page on which everything has been made."""
    watch = Watch()
    options: dict[str, Any] = {**DESKTOP, **FEWER_PIXELS, "reduced_motion": "reduce"}
    context = watch.over(chromium.new_context(**options))
    yield Viewer(context.new_page()).open(server.address).grown(), watch
    context.close()


@pytest.fixture
def grown(grown_page: tuple[Viewer, Watch]) -> Iterator[Viewer]:
    viewer, watch = grown_page
    yield viewer.reset()
    watch.judge()


def shape_in_file(viewer: Viewer, part: str, variant: str) -> tuple[Points, NDArray[np.int64]]:
    """Vertices of a part in a variant and its triangles, as its files have them."""
    atlas, folder = viewer.document("atlas.json")
    entries = [one for entry in atlas["structures"].values() for one in entry["parts"] if one["name"] == part]
    base = decode_glb(viewer.page.request.get(folder + entries[0]["file"]).body())[part]
    later, folder = viewer.document("later.json")
    shape = later["shapes"].get(part, {}).get(variant)
    if shape is None:
        return base.vertices, base.triangles
    moved = decode_glb(viewer.page.request.get(folder + shape["file"]).body())[shape["node"]]
    return moved.vertices, base.triangles


def cut_edges(vertices: Points, triangles: NDArray[np.int64], cut: Cut) -> Points:
    """(n, 3) points in which a plane meets the edges of a mesh."""
    normal, offset = np.array(cut[0]), cut[1]
    edges = np.unique(
        np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])), axis=0
    )
    height = vertices @ normal - offset
    a, b = edges[(height[edges[:, 0]] > 0) != (height[edges[:, 1]] > 0)].T
    t = height[a] / (height[a] - height[b])
    return np.asarray(vertices[a] + t[:, None] * (vertices[b] - vertices[a]))


def farthest(points: Points, others: Points) -> float:
    """The greatest distance from a point to the nearest of others, mm."""
    gaps = np.linalg.norm(points[:, None] - others[None], axis=2).min(axis=1)
    return float(gaps.max())


def through_the_muscle(viewer: Viewer) -> Cut:
    """A sagittal plane through the middle of the right piriformis."""
    atlas, _ = viewer.document("atlas.json")
    low, high = atlas["structures"]["piriformis.right"]["bounds"]
    return (1.0, 0.0, 0.0), (low[0] + high[0]) / 2


def across_the_nerve(viewer: Viewer) -> Cut:
    """A transverse plane at the height of the right piriformis."""
    atlas, _ = viewer.document("atlas.json")
    low, high = atlas["structures"]["piriformis.right"]["bounds"]
    return (0.0, 0.0, 1.0), (low[2] + high[2]) / 2


def stands_as(viewer: Viewer, part: str, variant: str) -> float:
    """How far the part on the stage is from its shape in the file of a variant, mm, in two flat sections."""
    found = []
    for cut in (through_the_muscle(viewer), across_the_nerve(viewer)):
        there = cut_edges(*shape_in_file(viewer, part, variant), cut)
        here = viewer.outlines(part, *cut)
        assert (len(here) > 0) == (len(there) > 0), f"{part} is met by the plane {cut} on one side only"
        if len(here):
            found.append(farthest(here, there))
    assert found, f"no plane meets {part}"
    return max(found)


def test_a_variant_of_one_side_ends_in_the_shapes_of_its_file(grown: Viewer) -> None:
    grown.open_aside("Variants", "Nerve and piriformis")
    grown.choose_variant("right", PIERCED)
    grown.wait_for("scene.variant.right === 'B'").rest()
    assert grown.scene()["variant"] == {"right": "B", "left": "A"}
    for part in PARTS:
        assert stands_as(grown, part, "B") < 0.05, part
        left = part.replace("right", "left")
        assert stands_as(grown, left, "A") < 0.05, f"{left} was not to change"
    assert any(stands_as(grown, part, "A") > 1 for part in PARTS), "B looks like A"
    assert "fibular through, tibial below" in grown.spoken.inner_text()


def test_labels_go_with_the_nerve(grown: Viewer) -> None:
    """After a morph every label of nerve and muscle hangs on what it names; both sides are seen if both are chosen."""
    grown.open_aside("Variants", "Nerve and piriformis")
    grown.choose_variant("right", "Undivided, above")
    grown.wait_for("scene.focus && scene.variant.right === 'F' && stage.camera.target[0] < -20").rest()
    grown.choose_variant("both", "Undivided, above")
    grown.wait_for("scene.variant.left === 'F' && Math.abs(stage.camera.target[0]) < 10").rest()
    dots: list[list[float]] = grown.page.locator(".stage-lines circle:visible").evaluate_all(
        "(all) => all.filter((one) => getComputedStyle(one).opacity > 0.5).map((one) => { "
        "const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })"
    )
    assert len(dots) == 4, "muscle and nerve of both sides are named"
    named = {grown.pick((x, y))["id"].partition(".")[0] for x, y in dots}
    assert named <= {"piriformis", "tibial_division", "common_fibular_division"}


def test_both_sides_the_same_changes_both(grown: Viewer) -> None:
    grown.open_aside("Variants", "Nerve and piriformis")
    grown.choose_variant("both", "Undivided, above")
    grown.wait_for("scene.variant.right === 'F' && scene.variant.left === 'F'").rest()
    for side in ("right", "left"):
        assert stands_as(grown, f"tibial_division.{side}", "F") < 0.05


def test_the_arrow_keys_walk_through_the_variants(grown: Viewer) -> None:
    grown.page.keyboard.press("v")
    grown.page.get_by_role("radio", name="Undivided, below").focus()
    grown.page.keyboard.press("ArrowDown")
    grown.wait_for("scene.variant.right === 'B'").rest()
    assert stands_as(grown, PARTS[3], "B") < 0.05
    grown.page.keyboard.press("Escape")
    assert grown.page.get_by_role("radio", name=PIERCED).count() == 0
    grown.page.keyboard.press("u")
    grown.page.keyboard.press("u")
    grown.wait_for("scene.variant.right === 'A'").rest()
    assert stands_as(grown, PARTS[3], "A") < 0.05


def test_link_and_reload_keep_the_variants(grown: Viewer, open_page: Callable[..., Viewer]) -> None:
    grown.show(variant={"right": "D", "left": "C"}, focus=True)
    grown.wait_for("decodeURIComponent(location.hash).length > 10")
    again = open_page(grown.page.evaluate("location.hash")).grown().rest()
    again.wait_for("scene.variant.right === 'D' && scene.variant.left === 'C' && scene.focus")
    assert stands_as(again, "tibial_division.right", "D") < 0.05
    assert stands_as(again, "common_fibular_division.left", "C") < 0.05
    again.page.reload()
    again.ready().grown().rest()
    assert again.scene()["variant"] == {"right": "D", "left": "C"}
    assert stands_as(again, "tibial_division.right", "D") < 0.05


SLOWLY = """() => {
  const now = performance.now.bind(performance), begun = now();
  performance.now = () => begun + (now() - begun) / 8;
}"""
"""Lets the page's clock go slower, so that a machine without a graphics card draws many pictures of a morph too."""

WATCH = """([normal, offset]) => {
  window.seen = [];
  const watch = () => {
    const [outline] = eyes.stage.contours({ normal, offset }, ['tibial_division.right']);
    const along = outline ? [...outline.points].filter((_, k) => k % 3 === 1) : [];
    if (along.length) window.seen.push(along.reduce((sum, y) => sum + y, 0) / along.length);
    requestAnimationFrame(watch);
  };
  watch();
}"""


def test_the_nerve_moves_smoothly_while_the_muscle_fades(open_page: Callable[..., Viewer]) -> None:
    """In every picture of the morph the nerve is nearer to its end than in the one before."""
    viewer = open_page(reduced_motion="no-preference").grown()
    viewer.show(focus=True)
    cut = across_the_nerve(viewer)
    viewer.open_aside("Variants", "Nerve and piriformis")
    viewer.rest().page.evaluate(SLOWLY)
    viewer.page.evaluate(WATCH, [list(cut[0]), cut[1]])
    viewer.choose_variant("right", "Undivided, above")
    viewer.page.wait_for_function("() => new Set(window.seen.map((y) => y.toFixed(2))).size > 3")
    viewer.rest()
    viewer.page.wait_for_function(
        "() => { const last = window.seen.slice(-90); return Math.max(...last) - Math.min(...last) < 1e-4; }"
    )
    way = np.array(viewer.page.evaluate("window.seen"))
    left = np.abs(way - way[-1])
    assert left[0] > 5
    assert (np.diff(left) < 0.5).all(), "the nerve turns back on its way"
    assert stands_as(viewer, "tibial_division.right", "F") < 0.05


def requests_of(page: Page) -> list[str]:
    """The addresses that a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_a_shape_that_has_come_is_never_asked_for_again(grown: Viewer) -> None:
    """Everything goes on without the server: switching, comparing and cutting are done in the page."""
    grown.open_aside("Variants", "Nerve and piriformis")
    grown.choose_variant("right", PIERCED)
    grown.rest()
    grown.page.context.set_offline(True)
    try:
        asked = requests_of(grown.page)
        for name, variant in (("Undivided, below", "A"), (PIERCED, "B")):
            grown.choose_variant("right", name)
            grown.wait_for("scene.variant.right === argument", variant).rest()
            assert stands_as_known(grown, variant)
        grown.page.keyboard.press("x")
        grown.wait_for("scene.section !== null").rest()
        assert not asked, f"the page asked for {asked}"
    finally:
        grown.page.context.set_offline(False)


def stands_as_known(viewer: Viewer, variant: str) -> bool:
    """Whether the nerve is where it was when this variant was last seen (offline, no file can be read)."""
    outline = viewer.outlines("common_fibular_division.right", (0.0, 0.0, 1.0), 40.0)
    known: dict[str, Points] = getattr(viewer, "known_outlines", {})
    seen = known.setdefault(variant, outline)
    viewer.known_outlines = known  # type: ignore[attr-defined]
    return outline.shape == seen.shape and bool(np.allclose(outline, seen))


def test_how_often_is_a_table_that_says_who_and_how_many(grown: Viewer) -> None:
    panel = grown.open_aside("Variants", "Nerve and piriformis")
    tables = panel.get_by_role("table")
    assert tables.count() == 2
    row = tables.first.get_by_role("row", name="Tomaszewski 2016")
    assert "7,068 limbs" in row.inner_text()
    assert "85.2 %" in row.inner_text()
    assert "78.4–87" in row.inner_text()
    text = panel.inner_text()
    assert "common and usually silent" in text
    assert "says nothing about the cause of pain" in text
