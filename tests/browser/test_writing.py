"""What is written and painted on the body: labels, attachment areas, landmarks."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import FloatRect

from .driver import Viewer, around

Box = FloatRect


def labels(viewer: Viewer) -> list[tuple[str, Box]]:
    """Text and box of every label on screen."""
    found: list[Any] = viewer.page.locator(".stage-label").evaluate_all(
        """(labels) => labels.filter((label) => !label.hasAttribute('aria-hidden')).map((label) => {
          const { x, y, width, height } = label.getBoundingClientRect();
          return [label.innerText.replace(/\\s+/g, ' '), { x, y, width, height }];
        })"""
    )
    return [(text, box) for text, box in found]


def overlap(a: Box, b: Box) -> bool:
    apart = a["x"] + a["width"] <= b["x"] + 0.5 or b["x"] + b["width"] <= a["x"] + 0.5
    return not (apart or a["y"] + a["height"] <= b["y"] + 0.5 or b["y"] + b["height"] <= a["y"] + 0.5)


def lines(viewer: Viewer) -> list[list[tuple[float, float]]]:
    """Points of every leader line on screen, window pixels."""
    found: list[list[list[float]]] = viewer.page.locator(".stage-lines polyline").evaluate_all(
        """(lines) => lines.filter((line) => line.style.display !== 'none').map((line) => {
          const box = line.ownerSVGElement.getBoundingClientRect();
          return [...line.points].map(({ x, y }) => [x + box.left, y + box.top]);
        })"""
    )
    return [[(x, y) for x, y in line] for line in found]


def cross(a: list[tuple[float, float]], b: list[tuple[float, float]]) -> bool:
    """Whether two polylines cross somewhere."""

    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    def segments(p: Any, q: Any, r: Any, s: Any) -> bool:
        return side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0

    return any(segments(*s, *t) for s in pairwise(a) for t in pairwise(b))


@pytest.mark.parametrize("view", ["posterior", "right_lateral", "anterior", "oblique"])
@pytest.mark.parametrize("landmarks", [False, True], ids=["structures", "landmarks too"])
def test_labels_neither_overlap_nor_cross_nor_hide_under_panels(viewer: Viewer, view: str, landmarks: bool) -> None:
    viewer.show(labels="all", names="both", peel=1, landmarks=landmarks, camera={"view": view})
    shown = labels(viewer)
    assert len(shown) >= 6, shown
    for (one, a), (other, b) in combinations(shown, 2):
        assert not overlap(a, b), f"{one} overlaps {other}"
    for first, second in combinations(lines(viewer), 2):
        assert not cross(first, second), "leader lines cross"
    tree = viewer.page.get_by_role("region", name="Structures").bounding_box()
    dock = viewer.page.get_by_role("region", name="Tools").bounding_box()
    assert tree is not None
    assert dock is not None
    for text, box in shown:
        assert not overlap(box, tree), f"{text} lies under the list"
        assert not overlap(box, dock), f"{text} lies under the tools"
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280


def test_leader_lines_end_on_what_they_name(viewer: Viewer) -> None:
    """Where the line of a label ends, a pick finds that very structure."""
    viewer.show(labels="all", peel=1)
    ends = viewer.page.locator(".stage-lines circle").evaluate_all(
        """(dots) => dots.filter((dot) => dot.style.display !== 'none').map((dot) => {
          const { x, y, width, height } = dot.getBoundingClientRect(); return [x + width / 2, y + height / 2]; })"""
    )
    named: list[str] = viewer.page.locator(".stage-label").evaluate_all(
        "(all) => all.filter((label) => !label.hasAttribute('aria-hidden')).map((label) => label.dataset.label)"
    )
    found = viewer.page.evaluate("(ends) => ends.map(([x, y]) => eyes.at(x, y)?.id ?? null)", ends)
    assert sorted(name or "nothing" for name in found) == sorted(named)


def test_a_label_selects_what_it_names(viewer: Viewer) -> None:
    viewer.show(labels="all")
    viewer.page.locator(".stage-label", has_text="Sacrum").click()
    viewer.wait_for("scene.selected === 'sacrum'")


def test_latin_names_on_labels(viewer: Viewer) -> None:
    viewer.show(labels="all", names="latin")
    assert any("Musculus gluteus maximus" in text for text, _ in labels(viewer))


def test_attachment_areas_are_painted_on_bone_red_for_origin_blue_for_insertion(viewer: Viewer) -> None:
    """Every painted area that picks find in view is red or blue on screen, as its end asks."""
    seen = set()
    for view in ("posterior", "right_lateral"):
        viewer.show(footprints="all", peel=99, camera={"view": view})
        viewer.page.wait_for_function("() => eyes.survey(12).some((pick) => pick.footprint)", timeout=60_000)
        viewer.rest()
        picture = viewer.picture()
        colours: dict[str, list[tuple[int, int, int]]] = {"proximal": [], "distal": []}
        for pick in viewer.picks(step=4):
            if pick["footprint"]:
                seen.add(pick["footprint"])
                end = pick["footprint"].partition("#")[2].partition("@")[0]
                colours[end].append(around(picture, (pick["x"], pick["y"]), 1))
        assert len(colours["proximal"]) > 20, view
        red, green, blue = np.median(np.array(colours["proximal"]), axis=0)
        assert red > 1.4 * blue, view
        assert red > 1.4 * green, view
        if colours["distal"]:
            red, green, blue = np.median(np.array(colours["distal"]), axis=0)
            assert blue > 1.15 * red, view
    owners = {name.partition(".")[0] for name in seen}
    assert {"gluteus_maximus", "gluteus_medius", "gluteus_minimus"} <= owners
    assert {name.partition("#")[2].partition("@")[0] for name in seen} == {"proximal", "distal"}


def test_only_the_selected_muscles_areas_are_painted_at_first(viewer: Viewer) -> None:
    viewer.show(peel=99, selected="gluteus_medius.right", footprints="selected", camera={"view": "right_lateral"})
    viewer.page.wait_for_function("() => eyes.survey(12).some((pick) => pick.footprint)", timeout=60_000)
    owners = {pick["footprint"].partition("#")[0] for pick in viewer.picks(6) if pick["footprint"]}
    assert owners == {"gluteus_medius.right"}
    viewer.show(peel=99, selected="gluteus_medius.right", footprints="none", camera={"view": "right_lateral"})
    assert not any(pick["footprint"] for pick in viewer.picks(6))


def test_landmarks_are_marked_and_named(viewer: Viewer) -> None:
    viewer.show(landmarks=True, peel=99)
    named = " · ".join(text for text, _ in labels(viewer)).lower()
    assert "ischial tuberosity" in named
    assert "greater trochanter" in named
