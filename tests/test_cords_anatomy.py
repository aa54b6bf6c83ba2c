"""The small nerves and the plexus of the default body, judged by anatomy: where they run, beside what, how thick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from annotations.cords import load_cords
from meshes.atlas import Atlas, Structure
from meshes.build import BONE_RESOLUTION
from meshes.cord import Layout, grow_cords
from meshes.distance import closest_point, signed_distance
from meshes.population import population_body
from meshes.raycast import first_hits
from meshes.surface import is_closed, joined

if TYPE_CHECKING:
    from meshes.body import LimbSide
    from meshes.build import BuiltAtlas

BOTH: tuple[LimbSide, LimbSide] = ("right", "left")
SIDES = ["right", pytest.param("left", marks=pytest.mark.thorough)]
CORDS = load_cords()
BELOW = tuple(name for name in CORDS if name not in ("sacral_plexus", "superior_gluteal_nerve"))
UP, DOWN, BACK, FRONT = (np.array(d) for d in ([0.0, 0, 1], [0.0, 0, -1], [0.0, 1, 0], [0.0, -1, 0]))


@pytest.fixture(scope="module")
def atlas(built_atlas: BuiltAtlas) -> Atlas:
    return built_atlas.atlas()


@pytest.fixture(scope="module")
def layouts(atlas: Atlas) -> dict[str, Layout]:
    """By side: what there is, with the nerves laid on it."""
    body = population_body(resolution=BONE_RESOLUTION)
    return {side: Layout(body, atlas.structures.values(), side) for side in BOTH}


class Laid(dict[str, Structure]):
    """The nerves by sided id; those of a side are laid when the first of them is asked for."""

    def __init__(self, layouts: dict[str, Layout], atlas: Atlas) -> None:
        super().__init__()
        self._layouts, self._atlas = layouts, atlas

    def __missing__(self, name: str) -> Structure:
        side: LimbSide = "left" if name.endswith(".left") else "right"
        self.update(
            {one.id: one for one in grow_cords(self._layouts[side].body, self._atlas.structures.values(), side)}
        )
        return dict.__getitem__(self, name)


@pytest.fixture(scope="module")
def nerves(layouts: dict[str, Layout], atlas: Atlas) -> dict[str, Structure]:
    return Laid(layouts, atlas)


def strand(nerve: Structure, name: str) -> np.ndarray:
    """(k, 3) centre line of a strand."""
    fibres = nerve.parts[0].fibres
    assert fibres is not None
    return np.asarray(fibres[[s.id for s in CORDS[nerve.structure].strands].index(name)])


def first_strand(nerve: Structure) -> np.ndarray:
    return strand(nerve, CORDS[nerve.structure].strands[0].id)


def seen(points: np.ndarray, direction: np.ndarray, solid: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """(k,) distance at which each point sees a solid in a direction; infinite if it does not."""
    return first_hits(points, np.broadcast_to(direction, points.shape), *solid)


def medial(side: str) -> np.ndarray:
    return np.array([1.0 if side == "right" else -1.0, 0.0, 0.0])


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", CORDS)
def test_each_is_there_closed_and_on_its_side(nerves: dict[str, Structure], name: str, side: str) -> None:
    nerve = nerves[f"{name}.{side}"]
    assert [part.name for part in nerve.parts] == [nerve.id]
    surface = nerve.parts[0].surface
    assert is_closed(surface.triangles)
    across = surface.vertices @ medial(side)
    assert across.max() < -2.0


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", CORDS)
def test_each_keeps_clear_of_bone_and_of_what_it_does_not_enter(
    nerves: dict[str, Structure], layouts: dict[str, Layout], name: str, side: str
) -> None:
    nerve, cord = nerves[f"{name}.{side}"], CORDS[name]
    surface = nerve.parts[0].surface
    points = np.concatenate([surface.vertices, surface.vertices[surface.triangles].mean(axis=1)])
    least = np.where(np.arange(len(points)) < len(surface.vertices), 0.2, -0.25)
    lines = [strand(nerve, one.id) for one in cord.strands]
    owner = np.argmin([cKDTree(line).query(points)[0] for line in lines], axis=0)
    for other in cord.over:
        if other in CORDS:
            continue
        stays_out = np.array([other not in one.enters for one in cord.strands])[owner]
        if stays_out.any():
            short = signed_distance(points[stays_out], *layouts[side].solid(other)) - least[stays_out]
            assert short.min() >= 0.0, f"{other}: {short.min():.2f} mm too near"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", BELOW)
def test_nerves_keep_clear_of_each_other_once_they_have_left_the_plexus(
    nerves: dict[str, Structure], name: str, side: str
) -> None:
    vertices = nerves[f"{name}.{side}"].parts[0].surface.vertices
    plexus = nerves[f"sacral_plexus.{side}"].parts[0].surface
    free = vertices[signed_distance(vertices, plexus.vertices, plexus.triangles) > 3.0]
    for other in (*BELOW, "superior_gluteal_nerve"):
        if other != name:
            surface = nerves[f"{other}.{side}"].parts[0].surface
            assert signed_distance(free, surface.vertices, surface.triangles).min() > 0.0, other


@pytest.mark.parametrize("side", SIDES)
def test_roots_leave_the_anterior_foramina_in_order(nerves: dict[str, Structure], atlas: Atlas, side: str) -> None:
    plexus = nerves[f"sacral_plexus.{side}"]
    heights = []
    for number in (1, 2, 3):
        root = strand(plexus, f"s{number}")
        mouth = atlas.landmarks[f"anterior_sacral_foramen_{number}.{side}"]
        away = np.linalg.norm(root - mouth, axis=1)
        assert away.min() < 4.0
        assert root[0, 1] > mouth[1], "it begins inside the foramen"
        assert root[-1] @ medial(side) < mouth @ medial(side) - 10.0
        heights.append(mouth[2])
    assert heights == sorted(heights, reverse=True)
    trunk = strand(plexus, "lumbosacral_trunk")
    assert trunk[0, 2] > atlas.landmarks["sacral_promontory"][2] + 10.0, "it comes from above the ala"


@pytest.mark.parametrize("side", SIDES)
def test_the_plexus_lies_in_front_of_piriformis_and_hides_the_beginning_of_the_sciatic_nerve(
    nerves: dict[str, Structure], layouts: dict[str, Layout], side: str
) -> None:
    plexus = nerves[f"sacral_plexus.{side}"].parts[0].surface
    for name in ("tibial_division", "common_fibular_division"):
        division = layouts[side].surfaces[name]
        assert division.uv is not None
        cap = division.vertices[division.uv[:, 0] < 0.004]
        assert signed_distance(cap, plexus.vertices, plexus.triangles).max() < 0.0, "no end is seen"
        last = division.vertices[division.uv[:, 0] > 0.06]
        assert signed_distance(last, plexus.vertices, plexus.triangles).min() > 0.0, "it has gone over by then"
    root = strand(nerves[f"sacral_plexus.{side}"], "s2")[20:40]
    assert np.isfinite(seen(root, BACK, layouts[side].solid("piriformis"))).mean() > 0.6


@pytest.mark.parametrize("side", SIDES)
def test_superior_gluteal_passes_above_piriformis(
    nerves: dict[str, Structure], layouts: dict[str, Layout], side: str
) -> None:
    way = first_strand(nerves[f"superior_gluteal_nerve.{side}"])
    piriformis = layouts[side].solid("piriformis")
    assert np.isfinite(seen(way, DOWN, piriformis)).sum() >= 3, "it crosses over the muscle"
    assert not np.isfinite(seen(way, UP, piriformis)).any()


@pytest.mark.parametrize("side", SIDES)
def test_superior_gluteal_runs_between_medius_and_minimus_to_the_tensor(
    nerves: dict[str, Structure], layouts: dict[str, Layout], side: str
) -> None:
    nerve, layout = nerves[f"superior_gluteal_nerve.{side}"], layouts[side]
    for name in ("inferior_branch", "superior_branch"):
        way = strand(nerve, name)
        over = way[np.isfinite(seen(way, medial(side), layout.solid("gluteus_minimus")))]
        assert len(over) >= 10
        assert np.isfinite(seen(over, -medial(side), layout.solid("gluteus_medius"))).mean() >= 0.85
    end = strand(nerve, "inferior_branch")[-1:]
    assert signed_distance(end, *layout.solid("tensor_fasciae_latae"))[0] < 1.0


@pytest.mark.parametrize("side", SIDES)
def test_superior_gluteal_is_as_thick_and_lies_where_it_was_measured(
    nerves: dict[str, Structure], atlas: Atlas, side: str
) -> None:
    """3.1 mm (16 sides); 75 % leave at the bone of the notch, 7.6 cm from the posterior superior iliac spine."""
    nerve = nerves[f"superior_gluteal_nerve.{side}"]
    way = first_strand(nerve)
    notch = atlas.landmarks[f"greater_sciatic_notch.{side}"]
    exit_place = way[np.linalg.norm(way - notch, axis=1).argmin()]
    assert np.linalg.norm(exit_place - notch) < 15.0
    assert np.linalg.norm(exit_place - atlas.landmarks[f"psis.{side}"]) == pytest.approx(76.0, abs=12.0)
    wide = 2.0 * np.linalg.norm(nerve.parts[0].surface.vertices - exit_place, axis=1).min()
    assert wide == pytest.approx(3.1, abs=0.5)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", BELOW)
def test_the_others_leave_below_piriformis(
    nerves: dict[str, Structure], layouts: dict[str, Layout], name: str, side: str
) -> None:
    way = first_strand(nerves[f"{name}.{side}"])
    piriformis = layouts[side].solid("piriformis")
    leaving = way[: np.argmax(way[:, 2] < way[0, 2] - 45.0)]
    assert not np.isfinite(seen(leaving, DOWN, piriformis)).any()


@pytest.mark.parametrize("side", SIDES)
def test_inferior_gluteal_branches_end_in_maximus(
    nerves: dict[str, Structure], layouts: dict[str, Layout], side: str
) -> None:
    nerve = nerves[f"inferior_gluteal_nerve.{side}"]
    fibres = nerve.parts[0].fibres
    assert fibres is not None
    assert len(fibres) == 3
    assert signed_distance(fibres[:, -1], *layouts[side].solid("gluteus_maximus")).max() < 0.0


@pytest.mark.parametrize("side", SIDES)
def test_posterior_cutaneous_runs_behind_the_sciatic_nerve_and_the_hamstrings(
    nerves: dict[str, Structure], layouts: dict[str, Layout], atlas: Atlas, side: str
) -> None:
    """30.5 ± 11.4 mm lateral to the tip of the tuberosity, 15 limbs."""
    way, layout = first_strand(nerves[f"posterior_femoral_cutaneous_nerve.{side}"]), layouts[side]
    tuberosity = atlas.landmarks[f"ischial_tuberosity.{side}"]
    level = way[np.abs(way[:, 2] - tuberosity[2]).argmin()]
    assert 30.5 - 2 * 11.4 <= (tuberosity - level) @ medial(side) <= 30.5 + 2 * 11.4
    band = joined([layout.surfaces["tibial_division"], layout.surfaces["common_fibular_division"]])
    gluteal = way[(way[:, 2] < tuberosity[2] + 40.0) & (way[:, 2] > tuberosity[2])]
    solid = band.vertices, band.triangles
    away, nearest, _ = closest_point(gluteal, *solid)
    assert away.max() < 12.0
    aside = (gluteal - nearest) @ medial(side)
    behind = (gluteal - nearest) @ BACK
    assert (np.maximum(aside, behind) > 0.7 * away).all(), "on the sciatic nerve or medial to it"
    thigh = way[(way[:, 2] < tuberosity[2] - 70.0) & (way[:, 2] > tuberosity[2] - 220.0)]
    for name in ("biceps_femoris_long_head", "semitendinosus", "gluteus_maximus"):
        assert not np.isfinite(seen(thigh[40:], BACK, layout.solid(name))).any(), f"{name} lies deep to it"


@pytest.mark.parametrize("side", SIDES)
def test_pudendal_turns_round_the_spine_and_back_in_through_the_lesser_foramen(
    nerves: dict[str, Structure], layouts: dict[str, Layout], atlas: Atlas, side: str
) -> None:
    """Width 4.5 mm (2.5 to 6.3; 26 hemipelves)."""
    nerve, layout = nerves[f"pudendal_nerve.{side}"], layouts[side]
    way = first_strand(nerve)
    spine, tuberosity = (atlas.landmarks[f"{n}.{side}"] for n in ("ischial_spine", "ischial_tuberosity"))
    ligament = layout.solid("sacrospinous_ligament")
    behind = way[seen(way, FRONT, ligament) < 8.0]
    assert len(behind), "it passes behind the sacrospinous ligament"
    assert np.linalg.norm(behind - spine, axis=1).min() < 15.0
    below = way[way[:, 2] < spine[2]]
    entering = below[np.abs(below[:, 1] - spine[1] + 4.0).argmin()]
    assert tuberosity[2] < entering[2] < spine[2], "between spine and tuberosity"
    assert np.isfinite(seen(entering[None], BACK, layout.solid("sacrotuberous_ligament"))).all()
    canal = way[(way[:, 1] < spine[1] - 15.0) & (way[:, 1] > spine[1] - 50.0)]
    lateral = seen(canal, -medial(side), layout.solid("obturator_internus"))
    assert lateral.max() < 8.0, "on the medial face of obturator internus"
    wide = 2.0 * np.linalg.norm(nerve.parts[0].surface.vertices - behind[len(behind) // 2], axis=1).max(initial=0.0)
    assert wide > 2.5


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_to_obturator_internus_rounds_the_spine_lateral_to_pudendal(
    nerves: dict[str, Structure], layouts: dict[str, Layout], atlas: Atlas, side: str
) -> None:
    own, pudendal = (first_strand(nerves[f"{n}.{side}"]) for n in ("nerve_to_obturator_internus", "pudendal_nerve"))
    spine = atlas.landmarks[f"ischial_spine.{side}"]
    at_spine = [way[np.abs(way[:, 2] - spine[2] - 2.0).argmin()] for way in (own, pudendal)]
    assert at_spine[0] @ medial(side) < at_spine[1] @ medial(side) - 1.0
    assert signed_distance(own[-1:], *layouts[side].solid("obturator_internus"))[0] < 0.5
    assert own[-1] @ medial(side) > own[:, 0].mean() * medial(side)[0], "it ends inside the pelvis"


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_to_quadratus_runs_deep_to_the_sciatic_nerve_and_ends_in_the_front_of_its_muscle(
    nerves: dict[str, Structure], layouts: dict[str, Layout], atlas: Atlas, side: str
) -> None:
    way, layout = first_strand(nerves[f"nerve_to_quadratus_femoris.{side}"]), layouts[side]
    band = joined([layout.surfaces["tibial_division"], layout.surfaces["common_fibular_division"]])
    spine = atlas.landmarks[f"ischial_spine.{side}"]
    above = way[way[:, 2] > spine[2]]
    assert np.isfinite(seen(above, BACK, (band.vertices, band.triangles))).mean() > 0.5
    assert not np.isfinite(seen(way[10:], FRONT, (band.vertices, band.triangles))).any()
    at_spine = way[np.abs(way[:, 2] - spine[2]) < 8.0]
    assert signed_distance(at_spine, *layout.solid("hip_bone")).max() < 6.0, "on the ischium"
    quadratus = layout.surfaces["quadratus_femoris"].vertices
    near = quadratus[np.abs(quadratus[:, 0] - way[-1, 0]) < 6.0]
    assert signed_distance(way[-1:], *layout.solid("quadratus_femoris"))[0] < 0.5
    assert way[-1, 1] < near[:, 1].mean()
