"""The quality of every structure of the default atlas, on its surfaces as decoded, and of the measuring itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from annotations.cords import load_cords
from annotations.forms import RibbonForm, load_forms
from meshes.atlas import Atlas, Structure, Surface
from meshes.crossings import crossing_triangles
from meshes.ends import end_gap
from meshes.quality import shown_crossings
from meshes.surface import joined
from tests.solids import ball, cube, tube

PENETRATION_MM = 0.5
OVERLAP = 0.01
"""Share of the smaller volume that two structures may have in common."""
GAP_MM = 0.5


@pytest.fixture(scope="module")
def quality(default_figures: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return default_figures


@pytest.fixture(scope="module")
def body(default_atlas: Atlas) -> Atlas:
    return default_atlas


def of_kind(body: Atlas, kind: str) -> list[Structure]:
    return [structure for structure in body.structures.values() if structure.kind == kind]


def soft(body: Atlas) -> list[str]:
    return [name for name, structure in body.structures.items() if structure.kind not in ("bone", "skin")]


@cache
def fused() -> frozenset[frozenset[str]]:
    """Unsided pairs that anatomy fuses, as the forms declare them."""
    ribbons = [form for form in load_forms().values() if isinstance(form, RibbonForm)]
    return frozenset(frozenset((form.id, other)) for form in ribbons for other in form.fused_with)


def test_every_surface_is_closed_and_turned_outwards(quality: dict[str, dict[str, Any]]) -> None:
    open_ones = [name for name, one in quality.items() if not one["closed"] or one["volume_cm3"] is None]
    assert not open_ones


def test_no_surface_crosses_itself_in_sight(quality: dict[str, dict[str, Any]]) -> None:
    assert not {name: one["crossings"] for name, one in quality.items() if one["crossings"]}


def test_nothing_that_comes_later_crosses_itself_in_sight(whole_atlas: Atlas) -> None:
    """Small nerves, and both heads of piriformis and both divisions of the nerve in every variant; skin has its own."""
    bones = [(s.parts[0].surface.vertices, s.parts[0].surface.triangles) for s in of_kind(whole_atlas, "bone")]
    surfaces = {
        f"{part.name}@{shape}": surface
        for structure in (*of_kind(whole_atlas, "nerve"), *of_kind(whole_atlas, "muscle"))
        for part in structure.parts
        for shape, surface in {"": part.surface, **part.shapes}.items()
        if part.shapes or structure.structure in load_cords()
    }
    assert len(surfaces) >= 2 * (4 * 11 + len(load_cords()))
    counts = {name: shown_crossings((one.vertices, one.triangles), bones) for name, one in surfaces.items()}
    assert not {name: count for name, count in counts.items() if count}


def test_nothing_soft_enters_bone(quality: dict[str, dict[str, Any]], body: Atlas) -> None:
    deep = {name: quality[name]["bone_penetration_mm"] for name in soft(body)}
    assert not {name: depth for name, depth in deep.items() if depth > PENETRATION_MM}


def test_no_two_structures_share_space_but_those_that_are_fused(
    quality: dict[str, dict[str, Any]], body: Atlas
) -> None:
    shared = {
        (one, other): share
        for one in soft(body)
        for other, share in quality[one]["overlap_share"].items()
        if one < other and other in soft(body) and share > OVERLAP
    }
    stems = {pair: frozenset(name.split(".")[0] for name in pair) for pair in shared}
    assert not {pair: share for pair, share in shared.items() if stems[pair] not in fused()}


def test_both_ends_reach_what_carries_them(quality: dict[str, dict[str, Any]]) -> None:
    off = {(name, end): gap for name, one in quality.items() for end, gap in one["end_gap_mm"].items() if gap > GAP_MM}
    assert not off


def test_every_muscle_has_two_ends_that_are_measured(quality: dict[str, dict[str, Any]], body: Atlas) -> None:
    muscles = [name for name in soft(body) if body.structures[name].kind == "muscle"]
    assert muscles
    assert {name for name in muscles if set(quality[name]["end_gap_mm"]) != {"proximal", "distal"}} == set()


def test_both_sides_are_there_and_alike_in_size(quality: dict[str, dict[str, Any]], body: Atlas) -> None:
    for name in soft(body):
        if name.endswith(".right"):
            there = quality[name.replace(".right", ".left")]["volume_cm3"]
            assert quality[name]["volume_cm3"] == pytest.approx(there, rel=0.15), name


def test_a_surface_that_crosses_itself_is_counted_where_it_can_be_seen() -> None:
    apart = joined([ball(20.0), ball(20.0, (100, 0, 0))])
    assert len(crossing_triangles(apart.vertices, apart.triangles)) == 0
    through = joined([ball(20.0), ball(20.0, (25, 1, 2))])
    pairs = crossing_triangles(through.vertices, through.triangles)
    assert len(pairs) > 50
    half = len(through.triangles) // 2
    assert ((pairs[:, 0] < half) & (pairs[:, 1] >= half)).all(), "each pair is one triangle of either ball"
    on_circle = through.vertices[through.triangles[pairs]].mean(axis=(1, 2))
    assert np.abs(on_circle[:, 0] - 12.5).max() < 3.0
    whole = (through.vertices, through.triangles)
    hidden = cube(200.0)
    assert shown_crossings(whole, []) == len(pairs)
    assert shown_crossings(whole, [(hidden.vertices, hidden.triangles)]) == 0


def test_an_edge_that_hardly_reaches_through_is_not_counted() -> None:
    touching = joined([cube(20.0, rounds=0), ball(10.0, (20.05, 0.3, 0.7))])
    assert len(crossing_triangles(touching.vertices, touching.triangles, shown=0.1)) == 0
    deeper = joined([cube(20.0, rounds=0), ball(10.0, (19.0, 0.3, 0.7))])
    assert len(crossing_triangles(deeper.vertices, deeper.triangles, shown=0.1)) > 0


def test_the_gap_of_an_end_is_that_of_its_worst_strip() -> None:
    muscle = tube(length=100.0)
    floor = cube(80.0, (0, 0, -42.0))
    assert end_gap([muscle], True, [floor]) == pytest.approx(2.0, abs=0.01)
    assert end_gap([muscle], True, [floor, cube(80.0, (0, 0, -30.0))]) == 0.0
    assert end_gap([muscle], False, [floor]) > 90.0
    tilted = Surface(muscle.vertices.copy(), muscle.triangles, muscle.normals, muscle.uv)
    tilted.vertices[:, 2] += 0.2 * (tilted.vertices[:, 0] + 8.0)
    assert end_gap([tilted], True, [floor]) == pytest.approx(2.0 + 0.2 * 16.0, abs=0.3)
