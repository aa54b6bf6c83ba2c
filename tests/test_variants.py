"""Every variant of sciatic nerve and piriformis as its files hold it: nothing touches, and each passes where it says.

What "below", "through" and "above" mean is tested with rays: along and square to the muscle's own surface, from the
middle of each division.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.loading import load
from annotations.variant import VARIANTS, VariantId
from meshes.cleft import COLUMNS, WALL
from meshes.distance import closest_point, signed_distance
from meshes.measure import DIVISIONS, HEADS, coronal_plane, gap, lower_border
from meshes.population import population_body
from meshes.quality import Solids, overlap_mm3
from meshes.raycast import first_hits
from meshes.sections import centres, crossing, lengths, middle_line, rings
from meshes.surface import is_closed, volume_mm3

if TYPE_CHECKING:
    from meshes.atlas import Atlas, Surface
    from meshes.body import Body, LimbSide

Array = NDArray[np.float64]

SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
EVERY = [(side, variant) for side in SIDES for variant in VARIANTS]
GLUTEAL = 110.0
"""mm of nerve from its proximal end in which it passes piriformis, whichever way."""

NEIGHBOURS = (
    "gluteus_maximus",
    "gluteus_medius",
    "gluteus_minimus",
    "superior_gemellus",
    "inferior_gemellus",
    "obturator_internus",
    "quadratus_femoris",
)


@dataclass(frozen=True)
class Shown:
    """One variant of one side: both heads and both divisions, as surfaces and as rings."""

    upper: Surface
    lower: Surface
    tibial: Surface
    common_fibular: Surface

    @property
    def heads(self) -> tuple[Surface, Surface]:
        return self.upper, self.lower

    @property
    def divisions(self) -> tuple[Surface, Surface]:
        return self.tibial, self.common_fibular

    def all(self) -> Iterator[Surface]:
        yield from (*self.heads, *self.divisions)


@pytest.fixture(scope="module")
def body() -> Body:
    return population_body(resolution=8)


def shown(atlas: Atlas, side: LimbSide, variant: VariantId) -> Shown:
    parts = {
        part.name: part.shapes.get(variant, part.surface)
        for name in ("piriformis", *DIVISIONS)
        for part in atlas.structures[f"{name}.{side}"].parts
    }
    names = [*(f"piriformis.{side}/{head}" for head in HEADS), *(f"{division}.{side}" for division in DIVISIONS)]
    return Shown(*(parts[name] for name in names))


def directions(it: Shown, points: Array) -> tuple[Array, Array]:
    """At each point, of the muscle beside it: from the first head to the second, and to its superficial face."""
    grids = [rings(head) for head in it.heads]
    line = middle_line(grids)
    up = np.mean([grid[:, :COLUMNS].mean(axis=1) - grid[:, COLUMNS + WALL :].mean(axis=1) for grid in grids], axis=0)
    across = centres(grids[1]) - centres(grids[0])
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    across -= np.einsum("ij,ij->i", across, up)[:, None] * up
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    nearest = np.linalg.norm(points[:, None] - line[None], axis=2).argmin(axis=1)
    return across[nearest], up[nearest]


def gluteal(division: Surface) -> Array:
    """Middles of a division's rings as far as it lies in the buttock."""
    line = centres(rings(division))
    return line[lengths(line) < GLUTEAL]


def hits(points: Array, ways: Array, heads: tuple[Surface, ...], within: float) -> NDArray[np.bool_]:
    """Whether a ray from each point meets one of these heads within so many mm."""
    found = [first_hits(points, ways, head.vertices, head.triangles) for head in heads]
    return np.asarray(np.min(found, axis=0) <= within)


def stretch(line: Array, where: NDArray[np.bool_]) -> float:
    """Length in mm of the part of a line where something holds."""
    return float(np.gradient(lengths(line))[where].sum())


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_nothing_touches(whole_atlas: Atlas, body: Body, side: LimbSide, variant: VariantId) -> None:
    it = shown(whole_atlas, side, variant)
    bones = [body.bones[name] for name in (f"hip_bone.{side}", "sacrum", f"femur.{side}")]
    for division in it.divisions:
        for head in it.heads:
            assert gap(division, head) >= 0.2
        for bone in bones:
            assert gap(division, bone) >= 0.2
    assert gap(*it.heads) >= 0.1
    assert gap(*it.divisions) >= 0.0


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_every_variant_is_closed_and_of_one_topology(whole_atlas: Atlas, side: LimbSide, variant: VariantId) -> None:
    usual = shown(whole_atlas, side, "A")
    for surface, base in zip(shown(whole_atlas, side, variant).all(), usual.all(), strict=True):
        assert np.array_equal(surface.triangles, base.triangles)
        assert len(surface.vertices) == len(base.vertices)
        assert is_closed(surface.triangles)
        volume, of_usual = (volume_mm3(each.vertices, each.triangles) for each in (surface, base))
        assert volume == pytest.approx(of_usual, rel=0.35)


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_neighbours_are_not_entered(whole_atlas: Atlas, side: LimbSide, variant: VariantId) -> None:
    it = shown(whole_atlas, side, variant)
    for mine in (it.heads, it.divisions):
        solids = Solids.of([(surface.vertices, surface.triangles) for surface in mine])
        own = sum(volume_mm3(surface.vertices, surface.triangles) for surface in mine)
        for name in NEIGHBOURS:
            parts = [part.surface for part in whole_atlas.structures[f"{name}.{side}"].parts]
            other = Solids.of([(surface.vertices, surface.triangles) for surface in parts])
            theirs = sum(volume_mm3(surface.vertices, surface.triangles) for surface in parts)
            assert overlap_mm3(solids, other) <= 0.01 * min(own, theirs), name


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_each_division_passes_where_its_variant_says(
    whole_atlas: Atlas, body: Body, side: LimbSide, variant: VariantId
) -> None:
    it = shown(whole_atlas, side, variant)
    plane = coronal_plane(body)
    border = lower_border([rings(head) for head in it.heads], body.bones["sacrum"], body.bones[f"femur.{side}"], plane)
    said = load().variants[variant].passes
    for name, division, passage in (
        ("tibial", it.tibial, said.tibial),
        ("common fibular", it.common_fibular, said.common_fibular),
    ):
        line = gluteal(division)
        across, up = directions(it, line)
        backward = np.broadcast_to(plane.back, line.shape)
        between = hits(line, -across, (it.upper,), 8.0) & hits(line, across, (it.lower,), 8.0)
        in_front = hits(line, backward, it.heads, 30.0) & ~hits(line, -backward, it.heads, 30.0)
        on_back = hits(line, -up, it.heads, 8.0) & ~hits(line, up, it.heads, 20.0)
        over = hits(line, across, (it.upper,), 12.0) & ~hits(line, -across, it.heads, 20.0) & ~in_front
        met = crossing(plane.seen(line), plane.seen(border))
        assert met is not None, f"{name}: it crosses the lower border of the muscle, seen from behind"
        where = [curve[round(place)] for curve, place in zip((line, border), met, strict=True)]
        behind = float((where[0] - where[1]) @ plane.back)
        if passage == "below":
            assert stretch(line, in_front) > 30.0, f"{name}: in front of the muscle before it leaves"
            assert not on_back.any(), f"{name}: never on its back"
            assert not between.any(), f"{name}: never between the heads"
            assert behind < 0.0, f"{name}: it comes out from under the lower border"
        if passage == "through":
            assert stretch(line, between) > 4.0, f"{name}: one head above it and one below"
            assert behind > 0.0, f"{name}: it comes down behind the lower head"
        if passage == "above":
            assert stretch(line, on_back) > 10.0, f"{name}: it lies on the back of the muscle"
            assert stretch(line, over) > 2.0, f"{name}: with the muscle beneath it where it crosses"
            assert np.flatnonzero(over)[0] < np.flatnonzero(on_back)[-1], f"{name}: over the upper border first"
            assert behind > 0.0, f"{name}: it comes down behind the lower border"
            if said.tibial == said.common_fibular:
                assert not between.any(), f"{name}: never between the heads"


def apart(one: Surface, two: Surface, low: float, high: float) -> Array:
    """Distances in mm of the rings of one division, between two lengths along it, to the other."""
    grid = rings(one)
    along = lengths(centres(grid))
    near = grid[(along >= low) & (along <= high)]
    flat = signed_distance(near.reshape(-1, 3), two.vertices, two.triangles)
    return np.asarray(flat.reshape(near.shape[:2]).min(axis=1))


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_divisions_part_and_come_together_as_their_variant_says(
    whole_atlas: Atlas, side: LimbSide, variant: VariantId
) -> None:
    said = load().variants[variant]
    it = shown(whole_atlas, side, variant)
    upper = apart(*it.divisions, 0.0, GLUTEAL)
    thigh = apart(*it.divisions, 170.0, 240.0)
    assert upper.max() > 2.0 if said.divided else upper.max() < 0.6
    assert thigh.min() > 1.5 if said.rejoins is False else thigh.max() < 0.6


@cache
def inner_rows(count: int) -> slice:
    """Rows of the belly between both ends, where heads may part."""
    return slice(round(0.15 * count), round(0.75 * count))


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_the_belly_is_split_if_its_variant_says_so_and_closes_at_both_ends(
    whole_atlas: Atlas, side: LimbSide, variant: VariantId
) -> None:
    said = load().variants[variant]
    it = shown(whole_atlas, side, variant)
    walls = [rings(head)[:, COLUMNS - 1 : COLUMNS + WALL + 1] for head in it.heads]
    off, _, _ = closest_point(walls[0].reshape(-1, 3), it.lower.vertices, it.lower.triangles)
    by_row = off.reshape(walls[0].shape[:2]).min(axis=1)
    inner = by_row[inner_rows(len(by_row))]
    assert inner.max() > 1.2 if said.split else inner.max() < 0.8
    ends = np.concatenate([by_row[2:8], by_row[-12:-2]])
    assert ends.max() < 1.2, "medially and laterally the heads lie against each other"


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_roots_and_thigh_stay_where_they_are(whole_atlas: Atlas, side: LimbSide, variant: VariantId) -> None:
    usual, it = shown(whole_atlas, side, "A"), shown(whole_atlas, side, variant)
    for base, division in zip(usual.divisions, it.divisions, strict=True):
        lines = [centres(rings(surface)) for surface in (base, division)]
        along = lengths(lines[0])
        moved = np.linalg.norm(lines[1] - lines[0], axis=1)
        assert moved[along < 10.0].max() < 1.5, "the plexus runs into it"
        if load().variants[variant].rejoins is not False:
            assert moved[along > 160.0].max() < 0.6, "in the thigh all are alike"


@pytest.mark.parametrize(("side", "variant"), EVERY)
def test_the_nerve_bends_without_a_kink(whole_atlas: Atlas, side: LimbSide, variant: VariantId) -> None:
    for division in shown(whole_atlas, side, variant).divisions:
        line = gluteal(division)
        along = lengths(line)
        even = np.stack([np.interp(np.arange(0.0, along[-1], 4.0), along, axis) for axis in line.T], axis=1)
        step = np.diff(even, axis=0)
        step /= np.linalg.norm(step, axis=1, keepdims=True)
        turn = np.degrees(np.arccos(np.clip(np.einsum("ij,ij->i", step[:-1], step[1:]), -1.0, 1.0)))
        assert turn.max() < 40.0, "a radius of at least 6 mm"
