"""Measuring piriformis and nerve: on solids whose numbers are known, and type A against what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.forms import NerveForm, RibbonForm, load_forms
from meshes.atlas import Surface
from meshes.grown import closed
from meshes.measure import (
    DIVISIONS,
    HEADS,
    Measures,
    centrelines,
    contact_length,
    coronal_plane,
    gap,
    measure,
    nerve_size,
)
from meshes.modeller import solve
from meshes.population import population_body
from meshes.sections import area, breadths, centres, crossing, flat, lengths, middle_line, rings

if TYPE_CHECKING:
    from meshes.atlas import Atlas
    from meshes.body import LimbSide

Array = NDArray[np.float64]

SIDES: tuple[LimbSide, LimbSide] = ("right", "left")
AROUND = 32


def tube(at: tuple[float, float, float], half: tuple[float, float], length: float = 60.0, rows: int = 21) -> Surface:
    """An elliptic tube along z through a point (its upper end), half-axes along x and y, with uv."""
    angle = np.arange(AROUND) / AROUND * 2.0 * np.pi
    ring = np.stack([half[0] * np.cos(angle), half[1] * np.sin(angle), 0.0 * angle], axis=1)
    down = np.linspace(0.0, -length, rows)[:, None] * [0.0, 0.0, 1.0]
    vertices, triangles = closed(np.array(at) + ring[None] + down[:, None])
    uv = np.stack([np.repeat(np.linspace(0.0, 1.0, rows), AROUND), np.tile(angle / 2.0 / np.pi, rows)], axis=1)
    return Surface(vertices, triangles, np.zeros_like(vertices), uv)


def test_rings_are_found_again_and_their_middle_is_their_middle() -> None:
    surface = tube((3.0, 4.0, 10.0), (6.0, 2.0))
    grid = rings(surface)
    assert grid.shape == (21, AROUND, 3)
    assert np.allclose(centres(grid)[:, :2], [3.0, 4.0], atol=1e-9)
    both = middle_line([grid, rings(tube((13.0, 4.0, 10.0), (6.0, 2.0)))])
    assert np.allclose(both[:, 0], 8.0)
    assert lengths(both)[-1] == pytest.approx(60.0)


def test_a_surface_without_rings_is_refused() -> None:
    surface = tube((0.0, 0.0, 0.0), (5.0, 2.0))
    assert surface.uv is not None
    surface.uv[7, 0] += 0.02
    with pytest.raises(ValueError, match="rings"):
        rings(surface)
    surface.uv = None
    with pytest.raises(ValueError, match="carries no"):
        rings(surface)


def test_breadth_thickness_and_area_of_an_ellipse() -> None:
    ring = rings(tube((0.0, 0.0, 0.0), (7.5, 2.5)))[4]
    outline = flat(ring, np.array([0.0, 0.0, -1.0]))
    wide, thick = breadths(outline)
    assert wide == pytest.approx(15.0, abs=0.05)
    assert thick == pytest.approx(5.0, abs=0.05)
    assert area(outline) == pytest.approx(np.pi * 7.5 * 2.5, rel=0.01)


def test_two_curves_cross_where_they_do_and_first_along_the_first() -> None:
    curve = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0], [4.0, 4.0], [1.0, 4.0]])
    upright = np.array([[1.0, -1.0], [1.0, 1.0], [1.0, 5.0]])
    assert crossing(curve, upright) == pytest.approx((0.5, 0.5))
    assert crossing(curve, upright + np.array([10.0, 0.0])) is None


def test_the_gap_is_exact_outside_and_negative_inside() -> None:
    one = tube((0.0, 0.0, 0.0), (5.0, 5.0))
    assert gap(one, tube((13.0, 0.0, 0.0), (5.0, 5.0))) == pytest.approx(3.0, abs=1e-4)
    assert gap(one, tube((0.0, 0.0, -62.5), (1.0, 1.0))) == pytest.approx(2.5, abs=1e-4)
    assert gap(one, tube((8.0, 0.0, 0.0), (5.0, 5.0))) < -1.5


def test_a_band_is_measured_whole_and_two_nerves_each() -> None:
    left, right = tube((-3.0, 0.0, 0.0), (2.98, 2.5)), tube((3.0, 0.0, 0.0), (2.98, 2.5))
    band = [rings(left), rings(right)]
    assert nerve_size(band, middle_line(band), 10) == pytest.approx((11.96, 5.0), abs=0.05)
    two = [rings(left), rings(tube((9.0, 0.0, 0.0), (2.0, 1.5)))]
    assert nerve_size(two, middle_line(two), 10) == pytest.approx((9.96, 5.0), abs=0.05)


def test_contact_is_the_length_within_two_millimetres() -> None:
    nerve = rings(tube((0.0, 0.0, 0.0), (3.0, 3.0), length=60.0, rows=61))
    muscle = tube((0.0, 9.5, -20.0), (5.0, 5.0), length=20.0)
    found = contact_length([nerve], middle_line([nerve]), [muscle])
    assert found == pytest.approx(22.0, abs=2.0), "from 1.5 mm away: twenty beside it and a little at either end"


def test_the_coronal_plane_holds_both_spines_and_the_symphysis() -> None:
    body = population_body(resolution=3, modes=(1.0,))
    plane = coronal_plane(body)
    for name in ("asis.right", "asis.left", "pubic_symphysis"):
        point = np.atleast_2d(body.landmark(name)).mean(axis=0)
        assert abs((point - plane.origin) @ plane.back) < 1e-6
    assert plane.back[1] > 0.95
    assert plane.seen(body.landmark("asis.left"))[0, 0] > 0.0 > plane.seen(body.landmark("asis.right"))[0, 0]


# --- type A as its files hold it --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def usual(default_atlas: Atlas) -> dict[LimbSide, Measures]:
    """Type A measured on both sides of the built atlas."""
    body = population_body(resolution=8)
    return {side: measure(parts_of(default_atlas, side), body, side, "A") for side in SIDES}


def parts_of(atlas: Atlas, side: LimbSide) -> dict[str, Surface]:
    owners = [f"{name}.{side}" for name in ("piriformis", *DIVISIONS)]
    return {part.name: part.surface for owner in owners for part in atlas.structures[owner].parts}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("name", "mean", "sd"),
    [
        ("psis_it_fraction", 0.31, 0.06),  # Currin 2015, n = 100, CT
        ("it_gt_fraction", 0.48, 0.08),  # the same
        ("muscle_thickness_mm", 17.0, 4.0),  # Park 2011, n = 60, CT
        ("lower_border_mm", 95.49, 6.21),  # Güvençer 2008, 20 limbs
        ("muscle_volume_cm3", 15.2, 2.6),  # controls of an MRI series; not its larger, symptomatic group
        ("nerve_width_mm_at_lower_border", 17.0, 3.7),  # Güvençer 2008; the pooled mean is 15.55
        ("nerve_width_mm_at_lesser_trochanter", 11.03, 2.52),  # Güvençer 2008
        ("nerve_thickness_mm_at_lesser_trochanter", 5.5, 1.2),  # MRI at the level of the tuberosity
    ],
)
def test_type_a_is_within_one_standard_deviation(
    usual: dict[LimbSide, Measures], name: str, mean: float, sd: float, side: LimbSide
) -> None:
    assert abs(getattr(usual[side], name) - mean) <= sd


@pytest.mark.parametrize("side", SIDES)
def test_type_a_crosses_the_lower_border_in_its_medial_second_quarter(
    usual: dict[LimbSide, Measures], side: LimbSide
) -> None:
    """Güvençer 2008; both heads are of like size, and the nerve lies against the muscle but does not touch it."""
    found = usual[side]
    assert found.crossing_quarter == 2
    assert 20.0 < found.contact_length_mm < 80.0
    assert 0.2 <= found.nerve_muscle_min_mm <= 2.0
    assert set(found.head_volumes_cm3) == set(HEADS)
    assert sum(found.head_volumes_cm3.values()) == pytest.approx(found.muscle_volume_cm3)
    assert 3.0 <= found.tendon_diameter_mm <= 9.0, "Windisch 2007"


@pytest.mark.parametrize("side", SIDES)
def test_middle_lines_run_from_the_roots_to_the_thigh_and_from_sacrum_to_trochanter(
    default_atlas: Atlas, side: LimbSide
) -> None:
    found = centrelines(parts_of(default_atlas, side), side)
    nerve, muscle = np.array(found.nerve), np.array(found.piriformis)
    assert len(nerve) == len(muscle) == 40
    step = np.linalg.norm(np.diff(nerve, axis=0), axis=1)
    assert step.max() < 1.2 * step.min(), "evenly spaced"
    assert nerve[0, 2] > 40.0
    assert nerve[-1, 2] < default_atlas.landmarks[f"lesser_trochanter.{side}"][2] - 80.0
    assert np.linalg.norm(muscle[-1] - default_atlas.landmarks[f"greater_trochanter.{side}"]) < 30.0


OTHER_ENDS = ((-2.0, "left"), (2.0, "right"), (2.0, "left"))


@pytest.mark.parametrize(
    ("mode", "side"),
    [(-2.0, "right"), *(pytest.param(*case, marks=pytest.mark.thorough) for case in OTHER_ENDS)],
)
def test_the_exit_stays_within_one_standard_deviation_in_other_bodies(mode: float, side: LimbSide) -> None:
    """At both ends of the first shape mode; neighbours that hardly move the nerve are left out, to be quick."""
    forms = load_forms()
    muscle, nerve = forms["piriformis"], forms["sciatic_nerve"]
    assert isinstance(muscle, RibbonForm)
    assert isinstance(nerve, NerveForm)
    alone: dict[str, RibbonForm | NerveForm] = {
        "piriformis": muscle.model_copy(update={"clear_of": []}),
        "sciatic_nerve": nerve.model_copy(update={"over": ["hip_bone", "sacrum", "femur", "piriformis"]}),
    }
    body = population_body(resolution=5, modes=(mode,))
    parts = {part.name: part.surface for one in solve(body, alone, side) for part in one.parts}
    found = measure(parts, body, side, "A")
    assert found.psis_it_fraction is not None
    assert found.it_gt_fraction is not None
    assert abs(found.psis_it_fraction - 0.31) <= 0.06
    assert abs(found.it_gt_fraction - 0.48) <= 0.08
