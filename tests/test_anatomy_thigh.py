"""Hamstrings, tensor fasciae latae and tract of the default body: whence, whither, how long, what lies under what."""

from __future__ import annotations

import igl
import numpy as np
import pytest
from numpy.typing import NDArray

from meshes.atlas import Atlas
from meshes.raycast import first_hits
from meshes.surface import joined, volume_mm3
from tests.along import centreline, outlines, stretch

Points = NDArray[np.float64]
Solid = tuple[Points, NDArray[np.int64]]

SIDES = ("right", "left")
LATERAL = {"right": -1.0, "left": 1.0}
LONG_HEAD, SHORT_HEAD = "biceps_femoris_long_head", "biceps_femoris_short_head"
HAMSTRINGS = ("semimembranosus", "semitendinosus", LONG_HEAD, SHORT_HEAD)
FROM_TUBEROSITY = HAMSTRINGS[:3]
BACKWARD = np.array([0.0, 1.0, 0.0])

pytestmark = pytest.mark.parametrize("side", SIDES)


def solid(atlas: Atlas, name: str) -> Solid:
    """Vertices and triangles of all parts of a structure."""
    whole = joined([part.surface for part in atlas.structures[name].parts])
    return whole.vertices, whole.triangles


def footprint(atlas: Atlas, name: str, end: str, on: str) -> Points:
    """Vertices of the areas at one end of a structure on one bone."""
    found = [f.surface.vertices for f in atlas.structures[name].footprints if f.end == end and f.on == on]
    assert found, f"{name} has no {end} area on {on}"
    return np.concatenate(found)


def tendon_share(atlas: Atlas, name: str, low: float, high: float) -> float:
    """How much of a stretch of a structure is tendon."""
    surface = joined([part.surface for part in atlas.structures[name].parts])
    assert surface.uv is not None
    assert surface.tendon is not None
    u = surface.uv[:, 0]
    return float(surface.tendon[(u >= low) & (u <= high)].mean())


def breadths(points: Points) -> Points:
    """(3,) extents of points along their principal directions, the greatest first."""
    flat = points - points.mean(axis=0)
    return np.asarray(np.ptp(flat @ np.linalg.svd(flat, full_matrices=False)[2].T, axis=0))


def level(points: Points, z: float, half: float = 3.0) -> Points:
    """Points within a slice across the thigh."""
    near = points[np.abs(points[:, 2] - z) < half]
    assert len(near), f"nothing at z = {z:.0f} mm"
    return np.asarray(near)


def covered(target: Solid, start: Points, direction: Points) -> float:
    """Part of the rays from points (n, 3) in one direction that meet a surface."""
    return float(np.isfinite(first_hits(start, np.broadcast_to(direction, start.shape), *target)).mean())


def test_two_facets_of_the_tuberosity(default_atlas: Atlas, side: str) -> None:
    """Semimembranosus from the superolateral, biceps and semitendinosus together from the inferomedial facet."""
    areas = {n: footprint(default_atlas, f"{n}.{side}", "proximal", f"hip_bone.{side}") for n in FROM_TUBEROSITY}
    middle = {name: points.mean(axis=0) for name, points in areas.items()}
    conjoint = (middle[LONG_HEAD] + middle["semitendinosus"]) / 2.0
    outer = LATERAL[side] * (middle["semimembranosus"] - conjoint)[0]
    assert outer > 5.0
    assert middle["semimembranosus"][2] > conjoint[2] + 4.0
    assert LATERAL[side] * (middle[LONG_HEAD] - middle["semitendinosus"])[0] > 2.0
    tuberosity = default_atlas.landmarks[f"ischial_tuberosity.{side}"]
    for name, points in areas.items():
        assert np.linalg.norm(points - tuberosity, axis=1).max() < 45.0, f"{name} stays on the tuberosity"


def test_semitendinosus_and_long_head_begin_as_one_tendon(default_atlas: Atlas, side: str) -> None:
    """For some centimetres below the tuberosity the two touch; semimembranosus keeps apart from its start."""
    tendons = {n: stretch(default_atlas, f"{n}.{side}", 0.01, 0.10) for n in FROM_TUBEROSITY}

    def gap(one: str, other: str) -> float:
        return float(np.linalg.norm(tendons[one][:, None] - tendons[other][None], axis=2).min(axis=1).min())

    assert gap("semitendinosus", LONG_HEAD) < 2.0
    assert gap("semitendinosus", "semimembranosus") > gap("semitendinosus", LONG_HEAD)


@pytest.mark.parametrize(
    ("name", "bone", "landmark", "reach"),
    [
        ("semimembranosus", "tibia", None, 0.0),
        ("semitendinosus", "tibia", None, 0.0),
        (LONG_HEAD, "fibula", "fibular_head", 22.0),
        (SHORT_HEAD, "fibula", "fibular_head", 22.0),
    ],
)
def test_distal_ends(default_atlas: Atlas, name: str, bone: str, landmark: str | None, reach: float, side: str) -> None:
    """Both heads of biceps at the fibular head, the two others on their own places of the tibia."""
    structure = default_atlas.structures[f"{name}.{side}"]
    assert {f.on for f in structure.footprints if f.end == "distal"} == {f"{bone}.{side}"}
    last = stretch(default_atlas, structure.id, 0.99, 1.0)
    if landmark is not None:
        assert np.linalg.norm(last.mean(axis=0) - default_atlas.landmarks[f"{landmark}.{side}"]) < reach


def test_pes_anserinus_and_posterior_groove(default_atlas: Atlas, side: str) -> None:
    """Semimembranosus behind the medial condyle; semitendinosus lower and on the front of the inner face."""
    tibia = default_atlas.structures[f"tibia.{side}"].parts[0].surface.vertices
    plateau = tibia[:, 2].max()
    upper = tibia[tibia[:, 2] > plateau - 30.0]
    middle = (upper.min(axis=0) + upper.max(axis=0)) / 2.0
    groove = stretch(default_atlas, f"semimembranosus.{side}", 0.99, 1.0).mean(axis=0)
    pes = stretch(default_atlas, f"semitendinosus.{side}", 0.985, 1.0).mean(axis=0)
    assert 10.0 < plateau - groove[2] < 35.0
    assert groove[1] > middle[1] + 12.0
    assert LATERAL[side] * (groove - middle)[0] < -10.0
    assert 40.0 < plateau - pes[2] < 85.0
    shaft = level(tibia, pes[2], 8.0)
    assert pes[1] < shaft.mean(axis=0)[1], "it ends in front of the middle of the shaft"
    assert LATERAL[side] * (pes - default_atlas.landmarks[f"gerdy_tubercle.{side}"])[0] < -10.0


def test_short_head_comes_from_the_back_of_the_shaft(default_atlas: Atlas, side: str) -> None:
    """Its origin follows the linea aspera for more than ten centimetres."""
    area = footprint(default_atlas, f"{SHORT_HEAD}.{side}", "proximal", f"femur.{side}")
    assert np.ptp(area[:, 2]) > 100.0
    femur = default_atlas.structures[f"femur.{side}"].parts[0].surface.vertices
    for z in np.linspace(area[:, 2].max() - 10.0, area[:, 2].min() + 10.0, 6):
        shaft = level(femur, z, 12.0)
        assert level(area, z, 8.0)[:, 1].mean() > shaft[:, 1].mean() + 0.5 * (shaft[:, 1].max() - shaft[:, 1].mean())


def test_medial_to_lateral_in_the_thigh(default_atlas: Atlas, side: str) -> None:
    """At mid-thigh biceps lies outside the two medial muscles, semitendinosus behind semimembranosus."""
    for z in (-200.0, -240.0):
        middle = {n: level(stretch(default_atlas, f"{n}.{side}", 0, 1), z).mean(axis=0) for n in FROM_TUBEROSITY}
        for medial in ("semimembranosus", "semitendinosus"):
            assert LATERAL[side] * (middle[LONG_HEAD] - middle[medial])[0] > 20.0
        assert middle["semitendinosus"][1] > middle["semimembranosus"][1] + 15.0


def test_layers_by_rays(default_atlas: Atlas, side: str) -> None:
    """From behind: semitendinosus over semimembranosus, the long head over the nerve and the short head."""
    tendon = stretch(default_atlas, f"semitendinosus.{side}", 0.15, 0.9)
    deep = level(tendon, -200.0, 20.0)
    assert covered(solid(default_atlas, f"semimembranosus.{side}"), deep, -BACKWARD) > 0.7
    long_head = solid(default_atlas, f"{LONG_HEAD}.{side}")
    nerve = np.concatenate(
        [stretch(default_atlas, f"{n}_division.{side}", 0.0, 1.0) for n in ("tibial", "common_fibular")]
    )
    crossed = [z for z in np.arange(-90.0, -330.0, -10.0) if covered(long_head, level(nerve, z), BACKWARD) > 0.5]
    assert len(crossed) >= 3, "the long head crosses behind the nerve"
    assert covered(long_head, level(nerve, -200.0, 40.0), -BACKWARD) == 0.0, "and never in front of it"
    short_head = stretch(default_atlas, f"{SHORT_HEAD}.{side}", 0.3, 0.6)
    assert covered(long_head, level(short_head, -300.0, 10.0), BACKWARD) > 0.6


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("semimembranosus", 0.0, 0.18), ("semitendinosus", 0.72, 1.0), (LONG_HEAD, 0.92, 1.0)],
)
def test_tendons(default_atlas: Atlas, name: str, low: float, high: float, side: str) -> None:
    """A long proximal membrane, a long distal cord, a tendon to the fibula; bellies of flesh between."""
    assert tendon_share(default_atlas, f"{name}.{side}", low, high) > 0.85
    assert tendon_share(default_atlas, f"{name}.{side}", 0.4, 0.5) == 0.0


def test_shapes_of_the_two_medial_tendons(default_atlas: Atlas, side: str) -> None:
    """Semimembranosus begins flat, semitendinosus ends as a cord."""
    flat = breadths(level(stretch(default_atlas, f"semimembranosus.{side}", 0.0, 0.4), -110.0, 2.5))
    assert flat[0] > 1.8 * flat[1]
    cord = stretch(default_atlas, f"semitendinosus.{side}", 0.76, 0.78)
    assert breadths(cord - cord.mean(axis=0))[1:].max() < 9.0


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("semimembranosus", 380.0, 440.0), ("semitendinosus", 410.0, 500.0), (LONG_HEAD, 380.0, 440.0)],
)
def test_hamstrings_span_the_thigh(default_atlas: Atlas, name: str, low: float, high: float, side: str) -> None:
    """From the tuberosity to below the knee on a femur of 440 mm: neither slack nor short."""
    line = centreline(default_atlas, f"{name}.{side}")
    length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    assert low < length < high
    assert length < 1.12 * np.linalg.norm(line[-1] - line[0]) + 25.0, "it runs nearly straight"


@pytest.mark.parametrize("name", [*HAMSTRINGS, "tensor_fasciae_latae"])
def test_bellies_are_full_and_taper(default_atlas: Atlas, name: str, side: str) -> None:
    """No straps: the greatest section is thick for its breadth, far from the ends, and five times the thinner end."""
    line = centreline(default_atlas, f"{name}.{side}", 40)
    (rings,) = outlines(default_atlas, f"{name}.{side}", (np.arange(40) + 0.5) / 40)
    sections = []
    for k in range(1, 39):
        ring, along = rings[k], line[k + 1] - line[k - 1]
        along /= np.linalg.norm(along)
        flat = ring - ring.mean(axis=0)
        sections.append(breadths(flat - np.outer(flat @ along, along))[:2])
    areas = np.prod(sections, axis=1)
    broad, thick = sections[int(areas.argmax())]
    assert thick > (0.36 if name == "tensor_fasciae_latae" else 0.6) * broad
    assert areas.max() > 5.0 * min(areas[0], areas[-1])
    assert 0.15 < areas.argmax() / len(areas) < 0.85


def test_both_sides_are_of_one_size(default_atlas: Atlas, side: str) -> None:
    other = "left" if side == "right" else "right"
    for name in (*HAMSTRINGS, "tensor_fasciae_latae", "iliotibial_tract", "posterior_sacroiliac_ligament"):
        pair = [volume_mm3(*solid(default_atlas, f"{name}.{each}")) for each in (side, other)]
        assert max(pair) <= 1.1 * min(pair), name


def test_tensor_from_the_crest_to_the_front_of_the_tract(default_atlas: Atlas, side: str) -> None:
    """From spine and outer lip; it meets the tract in the thigh's upper third and lies in front of gluteus medius."""
    name = f"tensor_fasciae_latae.{side}"
    area = footprint(default_atlas, name, "proximal", f"hip_bone.{side}")
    spine = default_atlas.landmarks[f"asis.{side}"]
    reach = np.linalg.norm(area - spine, axis=1)
    assert reach.min() < 8.0
    assert 30.0 < reach.max() < 65.0
    femur = default_atlas.structures[f"femur.{side}"].parts[0].surface.vertices[:, 2]
    end = stretch(default_atlas, name, 0.99, 1.0)
    part = (femur.max() - end[:, 2].mean()) / np.ptp(femur)
    assert 0.15 < part < 0.40, "at about the junction of the upper and middle thirds"
    tract, triangles = solid(default_atlas, f"iliotibial_tract.{side}")
    at = level(tract, end[:, 2].mean(), 6.0)
    assert np.sqrt(igl.point_mesh_squared_distance(end, tract, triangles)[0]).max() < 1.5
    assert end[:, 1].mean() < at[:, 1].mean()
    belly = stretch(default_atlas, name, 0.3, 0.7)
    medius = stretch(default_atlas, f"gluteus_medius.{side}", 0.3, 0.7)
    assert belly[:, 1].mean() < medius[:, 1].min() + 5.0


def test_tract_from_crest_to_gerdys_tubercle(default_atlas: Atlas, side: str) -> None:
    """It lies outside gluteus medius, trochanter and shaft all the way and never turns inward to the femur's front."""
    name = f"iliotibial_tract.{side}"
    end = stretch(default_atlas, name, 0.99, 1.0).mean(axis=0)
    assert np.linalg.norm(end - default_atlas.landmarks[f"gerdy_tubercle.{side}"]) < 10.0
    outward = np.array([LATERAL[side], 0.0, 0.0])
    trochanter = default_atlas.landmarks[f"greater_trochanter.{side}"] - np.array([0.0, 8.0, 22.0])
    tract = solid(default_atlas, name)
    assert covered(tract, trochanter[None], outward) == 1.0
    femur = solid(default_atlas, f"femur.{side}")
    sheet = stretch(default_atlas, name, 0.25, 0.9)
    assert covered(femur, sheet[::7], outward) == 0.0, "no bone lies outside it"


def test_posterior_sacroiliac_ligament_binds_ilium_to_sacrum(default_atlas: Atlas, side: str) -> None:
    name = f"posterior_sacroiliac_ligament.{side}"
    ends = {f.end: f.on for f in default_atlas.structures[name].footprints}
    assert ends == {"proximal": f"hip_bone.{side}", "distal": "sacrum"}
    start, end = (stretch(default_atlas, name, *span).mean(axis=0) for span in ((0.0, 0.05), (0.95, 1.0)))
    assert LATERAL[side] * (start - end)[0] > 8.0
    assert start[2] > end[2]
    near = default_atlas.landmarks[f"psis.{side}"]
    assert np.linalg.norm(stretch(default_atlas, name, 0.0, 0.05) - near, axis=1).min() < 6.0
    sacrum = solid(default_atlas, "sacrum")
    behind = stretch(default_atlas, name, 0.7, 0.95)
    assert covered(sacrum, behind, -BACKWARD) > 0.8, "it lies on the sacrum's back"
