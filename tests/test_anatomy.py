"""The default body as users get it, judged by anatomy: sides, order, places, sizes. Measured on the decoded files."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import igl
import numpy as np
import pytest
from scipy.spatial import cKDTree

from annotations.forms import RibbonForm, load_forms
from meshes.atlas import Atlas, Structure
from meshes.clip import pieces_of
from meshes.raycast import first_hits
from meshes.surface import area_mm2, joined

SIDES = ("right", "left")
SOFT = (
    "gluteus_maximus",
    "gluteus_medius",
    "gluteus_minimus",
    "piriformis",
    "tensor_fasciae_latae",
    "semimembranosus",
    "semitendinosus",
    "biceps_femoris_long_head",
    "biceps_femoris_short_head",
    "sacrotuberous_ligament",
    "posterior_sacroiliac_ligament",
    "iliotibial_tract",
    "tibial_division",
    "common_fibular_division",
)
MUSCLES = SOFT[:4]
FUSED = {
    frozenset((form.id, other))
    for form in load_forms().values()
    if isinstance(form, RibbonForm)
    for other in form.fused_with
}
"""Pairs that anatomy joins, as their forms declare."""


@pytest.fixture(scope="module")
def atlas(default_atlas: Atlas) -> Atlas:
    return default_atlas


@pytest.fixture(scope="module")
def measured(default_figures: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return default_figures


def vertices(structure: Structure) -> np.ndarray:
    """Of all parts."""
    return np.concatenate([part.surface.vertices for part in structure.parts])


def centreline(structure: Structure, count: int = 80) -> np.ndarray:
    """(count, 3) middle of a structure along its fibres, from the proximal to the distal end."""
    surface = joined([part.surface for part in structure.parts])
    assert surface.uv is not None
    u, low = surface.uv[:, 0], np.linspace(0.0, 1.0, count + 1)
    return np.array([surface.vertices[(u >= a - 1e-6) & (u <= b + 1e-6)].mean(axis=0) for a, b in pairwise(low)])


def rows(structure: Structure, low: float, high: float) -> np.ndarray:
    """Vertices whose place along the fibres lies between two fractions."""
    found = []
    for part in structure.parts:
        assert part.surface.uv is not None
        u = part.surface.uv[:, 0]
        found.append(part.surface.vertices[(u >= low) & (u <= high)])
    return np.concatenate(found)


def distance(points: np.ndarray, structure: Structure) -> np.ndarray:
    """Signed distance of points to a structure, negative inside it."""
    whole = joined([part.surface for part in structure.parts])
    kind = igl.SIGNED_DISTANCE_TYPE_FAST_WINDING_NUMBER
    return np.asarray(igl.signed_distance(points, whole.vertices, whole.triangles, sign_type=kind)[0])


def band_centre(atlas: Atlas, side: str, level: float) -> np.ndarray:
    """Middle of the sciatic band at a height z, from the outlines of both divisions."""
    both = np.concatenate([vertices(atlas.structures[f"{n}_division.{side}"]) for n in ("tibial", "common_fibular")])
    near = both[np.abs(both[:, 2] - level) < 2.5]
    return np.asarray((near.min(axis=0) + near.max(axis=0)) / 2.0)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", SOFT)
def test_a_structure_lies_on_its_side_and_its_parts_are_named_after_it(atlas: Atlas, name: str, side: str) -> None:
    structure = atlas.structures[f"{name}.{side}"]
    assert structure.side == side
    across = vertices(structure)[:, 0]
    assert (across < 8.0).all() if side == "right" else (across > -8.0).all()
    for part in structure.parts:
        assert part.name == structure.id or part.name.startswith(f"{structure.id}/")


@pytest.mark.parametrize("side", SIDES)
def test_piriformis_is_two_heads_the_upper_above_the_lower(atlas: Atlas, side: str) -> None:
    parts = {part.name.split("/")[1]: part.surface.vertices for part in atlas.structures[f"piriformis.{side}"].parts}
    assert set(parts) == {"upper_head", "lower_head"}
    assert parts["upper_head"][:, 2].mean() > parts["lower_head"][:, 2].mean() + 3.0


def test_everything_is_closed_and_no_muscle_enters_bone(measured: Mapping[str, Mapping[str, Any]]) -> None:
    for side in SIDES:
        for name in SOFT:
            figure = measured[f"{name}.{side}"]
            assert figure["closed"], f"{name}.{side} is open"
            assert figure["bone_penetration_mm"] <= 0.5, f"{name}.{side} enters bone"


def test_bellies_share_at_most_one_part_in_a_hundred(measured: Mapping[str, Mapping[str, Any]]) -> None:
    for side in SIDES:
        for name in SOFT:
            figure = measured[f"{name}.{side}"]
            for other, shared in figure["overlap_cm3"].items():
                if frozenset((name, other.split(".")[0])) in FUSED:
                    continue
                if other.split(".")[0] in SOFT:
                    smaller = min(figure["volume_cm3"], measured[other]["volume_cm3"])
                    assert shared <= 0.01 * smaller, f"{name} and {other}, {side}"


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("gluteus_maximus", 581.0, 1176.0),
        ("gluteus_medius", 219.0, 450.0),
        ("gluteus_minimus", 76.0, 139.0),
        ("piriformis", 15.0, 25.0),
    ],
)
@pytest.mark.parametrize("side", SIDES)
def test_volumes_are_an_adults(
    measured: Mapping[str, Mapping[str, Any]], name: str, low: float, high: float, side: str
) -> None:
    assert low <= measured[f"{name}.{side}"]["volume_cm3"] <= high


@pytest.mark.parametrize("side", SIDES)
def test_both_sides_are_of_one_size(measured: Mapping[str, Mapping[str, Any]], side: str) -> None:
    for name in MUSCLES:
        pair = [measured[f"{name}.{each}"]["volume_cm3"] for each in SIDES]
        assert max(pair) <= 1.1 * min(pair), name


@pytest.mark.parametrize("side", SIDES)
def test_piriformis_is_as_thick_in_the_middle_as_on_scans(atlas: Atlas, side: str) -> None:
    """17 ± 4 mm by CT, n = 60 (Park 2011)."""
    middle = rows(atlas.structures[f"piriformis.{side}"], 0.36, 0.5)
    section = middle - middle.mean(axis=0)
    middle_line = centreline(atlas.structures[f"piriformis.{side}"], 20)
    along = middle_line[10] - middle_line[7]
    along /= np.linalg.norm(along)
    flat = section - np.outer(section @ along, along)
    spread = np.linalg.svd(flat, full_matrices=False)[2]
    assert 13.0 <= np.ptp(flat @ spread[1]) <= 21.0


@pytest.mark.parametrize("side", SIDES)
def test_gluteus_maximus_is_thick_but_no_ball(atlas: Atlas, side: str) -> None:
    """Seen from behind over the middle of its sheet 20 to 40 mm of flesh, and no less than 15 near its borders."""
    whole = joined([part.surface for part in atlas.structures[f"gluteus_maximus.{side}"].parts])
    assert whole.uv is not None
    inner = (whole.uv[:, 0] > 0.3) & (whole.uv[:, 0] < 0.6) & (np.abs(whole.uv[:, 1] - 0.5) < 0.3)
    outward = inner & (whole.normals @ np.array([0.0, 1.0, 0.0]) > 0.3)
    start = whole.vertices[outward] - 0.5 * whole.normals[outward]
    through = first_hits(start, -whole.normals[outward], whole.vertices, whole.triangles) + 0.5
    assert 20.0 <= np.median(through) <= 40.0
    assert np.quantile(through, 0.05) > 15.0


@pytest.mark.parametrize("side", SIDES)
def test_gluteus_maximus_leaves_the_nerves_room(atlas: Atlas, side: str) -> None:
    """Fat between the muscle and piriformis where a nerve may run over that: 7 mm, and 6 behind the nerve itself."""
    maximus = vertices(atlas.structures[f"gluteus_maximus.{side}"])
    piriformis = atlas.structures[f"piriformis.{side}"]
    middle = rows(piriformis, 0.3, 0.7)
    near = maximus[cKDTree(middle).query(maximus)[0] < 25.0]
    assert cKDTree(middle).query(near)[0].min() > 6.0
    for name in ("tibial_division", "common_fibular_division"):
        nerve = vertices(atlas.structures[f"{name}.{side}"])
        below = nerve[(nerve[:, 2] < -10.0) & (nerve[:, 2] > -50.0)]
        assert cKDTree(below).query(maximus)[0].min() > 5.0


@pytest.mark.parametrize("side", SIDES)
def test_gluteus_maximus_ends_in_tract_and_femur(atlas: Atlas, side: str) -> None:
    """Its upper three quarters reach the tract, the lowest fibres the gluteal tuberosity."""
    last = rows(atlas.structures[f"gluteus_maximus.{side}"], 0.99, 1.0)
    order = np.argsort(last[:, 2])
    lowest, upper = last[order[: len(order) // 10]], last[order[-len(order) // 2 :]]
    femur = atlas.structures[f"femur.{side}"]
    assert np.abs(distance(lowest, femur)).max() < 1.5
    assert np.abs(distance(upper, atlas.structures[f"iliotibial_tract.{side}"])).max() < 1.5
    assert distance(upper, femur).min() > 3.0


@pytest.mark.parametrize("side", SIDES)
def test_gluteus_minimus_ends_on_the_front_of_the_trochanter(atlas: Atlas, side: str) -> None:
    """In front of gluteus medius' facets, on the trochanter and not on the neck."""
    ends = {
        name: np.concatenate(
            [f.surface.vertices for f in atlas.structures[f"{name}.{side}"].footprints if f.end == "distal"]
        ).mean(axis=0)
        for name in ("gluteus_minimus", "gluteus_medius")
    }
    assert ends["gluteus_minimus"][1] < ends["gluteus_medius"][1] - 12.0
    assert np.linalg.norm(ends["gluteus_minimus"] - atlas.landmarks[f"greater_trochanter.{side}"]) < 40.0
    head = atlas.landmarks[f"femoral_head_centre.{side}"]
    assert abs(ends["gluteus_minimus"][0]) > abs(head[0]) + 35.0


@pytest.mark.parametrize("side", SIDES)
def test_superficial_covers_deep_from_behind(atlas: Atlas, side: str) -> None:
    """From behind: gluteus maximus, then piriformis and the nerve; gluteus medius lies lateral of minimus."""
    maximus = joined([part.surface for part in atlas.structures[f"gluteus_maximus.{side}"].parts])
    for name in ("piriformis", "tibial_division", "common_fibular_division"):
        points = rows(atlas.structures[f"{name}.{side}"], 0.12, 0.2)[::9]
        backward = np.broadcast_to([0.0, 1.0, 0.0], points.shape)
        found = first_hits(points, backward, maximus.vertices, maximus.triangles)
        assert np.isfinite(found).mean() > 0.9, name
    medius, minimus = (vertices(atlas.structures[f"{n}.{side}"]) for n in ("gluteus_medius", "gluteus_minimus"))
    assert np.abs(medius[:, 0]).max() > np.abs(minimus[:, 0]).max() + 3.0


@pytest.mark.parametrize("side", SIDES)
def test_cranial_to_caudal_order_in_the_deep_buttock(atlas: Atlas, side: str) -> None:
    heights = [vertices(atlas.structures[f"{n}.{side}"])[:, 2].mean() for n in ("gluteus_medius", "piriformis")]
    heights.append(band_centre(atlas, side, -40.0)[2])
    assert all(upper > lower for upper, lower in pairwise(heights))


def crossing(atlas: Atlas, side: str, start: str, end: str) -> float:
    """Where the sciatic band's middle crosses the line between two landmarks, 0 at the first, seen from behind."""
    a, b = atlas.landmarks[f"{start}.{side}"][[0, 2]], atlas.landmarks[f"{end}.{side}"][[0, 2]]
    tibial, fibular = (
        centreline(atlas.structures[f"{n}.{side}"]) for n in ("tibial_division", "common_fibular_division")
    )
    nearest = cKDTree(fibular).query(tibial)[1]
    centre = (0.58 * tibial + 0.42 * fibular[nearest])[:, [0, 2]]
    line = b - a
    aside = (centre - a) @ np.array([-line[1], line[0]])
    for i in np.flatnonzero(aside[:-1] * aside[1:] < 0):
        weight = aside[i] / (aside[i] - aside[i + 1])
        at = (centre[i] + weight * (centre[i + 1] - centre[i]) - a) @ line / (line @ line)
        if 0.0 < at < 1.0:
            return float(at)
    raise AssertionError(f"the nerve does not cross the line from {start} to {end}")


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_passes_between_tuberosity_and_trochanter(atlas: Atlas, side: str) -> None:
    """0.48 ± 0.08 of the way from the tuberosity, n = 100 (Currin 2015)."""
    assert 0.40 <= crossing(atlas, side, "ischial_tuberosity", "greater_trochanter") <= 0.56


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_lies_in_front_of_piriformis_and_leaves_below_it(atlas: Atlas, side: str) -> None:
    piriformis = atlas.structures[f"piriformis.{side}"]
    belly = vertices(piriformis)
    for name in ("tibial_division", "common_fibular_division"):
        nerve = atlas.structures[f"{name}.{side}"]
        whole = vertices(nerve)
        assert min(distance(whole, piriformis).min(), distance(belly, nerve).min()) >= 0.2
        upper = rows(nerve, 0.0, 0.06)
        near = belly[cKDTree(upper[:, [0, 2]]).query(belly[:, [0, 2]])[0] < 6.0]
        assert upper[:, 1].mean() < near[:, 1].mean(), "the band begins in front of the muscle"
        lower = whole[np.abs(whole[:, 2] + 10.0) < 3.0]
        beside = belly[np.abs(belly[:, 0] - lower[:, 0].mean()) < 6.0]
        assert lower[:, 2].max() < beside[:, 2].min(), "below the muscle it is out from under it"


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_is_one_flat_band_that_parts_above_the_knee(atlas: Atlas, side: str) -> None:
    """15.5 x 5 mm at piriformis, 11 x 5.5 mm at the lesser trochanter (Tomaszewski 2016; Güvençer 2008)."""
    divisions = [atlas.structures[f"{n}_division.{side}"] for n in ("tibial", "common_fibular")]
    at_trochanter = atlas.landmarks[f"lesser_trochanter.{side}"][2]
    both = np.concatenate([vertices(d) for d in divisions])
    band = both[np.abs(both[:, 2] - at_trochanter) < 3.0]
    assert 9.0 <= np.ptp(band[:, 0]) <= 14.0
    thigh = [vertices(d) for d in divisions]
    high = thigh[1][np.abs(thigh[1][:, 2] + 200.0) < 5.0]
    low = thigh[1][thigh[1][:, 2] < thigh[1][:, 2].min() + 20.0]
    assert distance(high, divisions[0]).min() < 0.3
    assert distance(low, divisions[0]).min() > 15.0


FOOTPRINTS = {
    "gluteus_maximus": ({"hip_bone", "sacrum"}, {"femur"}),
    "gluteus_medius": ({"hip_bone"}, {"femur"}),
    "gluteus_minimus": ({"hip_bone"}, {"femur"}),
    "piriformis": ({"sacrum"}, {"femur"}),
    "sacrotuberous_ligament": ({"hip_bone", "sacrum"}, {"hip_bone"}),
    "iliotibial_tract": ({"hip_bone"}, {"tibia"}),
}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", FOOTPRINTS)
def test_footprints_are_on_the_right_bones(atlas: Atlas, name: str, side: str) -> None:
    found: dict[str, set[str]] = {"proximal": set(), "distal": set()}
    for footprint in atlas.structures[f"{name}.{side}"].footprints:
        bone, _, of_side = footprint.on.partition(".")
        found[footprint.end].add(bone)
        assert of_side in ("", side)
        assert footprint.area_mm2 > 20.0
    proximal, distal = FOOTPRINTS[name]
    assert proximal <= found["proximal"] <= proximal | {"coccyx"}
    assert found["distal"] == distal


@pytest.mark.parametrize("side", SIDES)
def test_gluteus_medius_has_two_facets_of_their_published_areas(atlas: Atlas, side: str) -> None:
    """Lateral 438 ± 57.7, superoposterior 196.5 ± 48.4 mm² (Robertson 2008), each within one standard deviation."""
    distal = [f.surface for f in atlas.structures[f"gluteus_medius.{side}"].footprints if f.end == "distal"]
    area = joined(distal)
    piece = pieces_of(area.triangles, len(area.vertices))
    facets = []
    for number in np.unique(piece):
        triangles = area.triangles[piece == number]
        middle = area.vertices[triangles].mean(axis=(0, 1))
        facets.append((area_mm2(area.vertices, triangles), middle))
    (lateral, low), (superoposterior, high) = sorted(facets, key=lambda facet: facet[1][2])
    assert abs(lateral - 438.0) <= 57.7
    assert abs(superoposterior - 196.5) <= 48.4
    assert high[2] > low[2] + 15.0
    assert high[1] > low[1] + 8.0


@pytest.mark.parametrize("side", SIDES)
def test_the_gluteal_areas_of_the_ilium_do_not_overlap(atlas: Atlas, side: str) -> None:
    areas = {
        name: np.concatenate(
            [
                f.surface.vertices[f.surface.triangles].mean(axis=1)
                for f in atlas.structures[f"{name}.{side}"].footprints
                if f.end == "proximal" and f.on == f"hip_bone.{side}"
            ]
        )
        for name in ("gluteus_maximus", "gluteus_medius", "gluteus_minimus")
    }
    names = list(areas)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        a, b = areas[names[one]], areas[names[other]]
        gap, _ = cKDTree(b).query(a)
        assert (gap < 0.5).mean() < 0.02, f"{names[one]} and {names[other]}"
    assert areas["gluteus_maximus"][:, 1].mean() > areas["gluteus_medius"][:, 1].mean()
    assert areas["gluteus_medius"][:, 2].mean() > areas["gluteus_minimus"][:, 2].mean()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", MUSCLES)
def test_fibres_run_down_and_out_to_the_femur(atlas: Atlas, name: str, side: str) -> None:
    structure = atlas.structures[f"{name}.{side}"]
    start, end = rows(structure, 0.0, 0.02).mean(axis=0), rows(structure, 0.98, 1.0).mean(axis=0)
    assert start[2] > end[2] + 20.0
    assert abs(end[0]) > abs(start[0])
