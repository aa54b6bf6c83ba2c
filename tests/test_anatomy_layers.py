"""What lies under what in the default body, by rays and contacts; sizes and places are judged in test_anatomy."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
import pyvista as pv
from numpy.typing import NDArray

from annotations.loading import load
from meshes.atlas import Atlas
from meshes.build import BuiltAtlas, ensure_atlas
from meshes.openset import load_open_set
from meshes.surface import joined

Points = NDArray[np.float64]

SIDES = ("right", "left")
GLUTEI = ("gluteus_maximus", "gluteus_medius", "gluteus_minimus")
NERVE = ("tibial_division", "common_fibular_division")
FAR_MM = 400.0


@pytest.fixture(scope="module")
def body(built_atlas: BuiltAtlas) -> Atlas:
    return built_atlas.atlas()


def solids(body: Atlas, name: str) -> pv.PolyData:
    """All parts of a structure as one mesh."""
    whole = joined([part.surface for part in body.structures[name].parts])
    return pv.PolyData(whole.vertices, np.column_stack([np.full(len(whole.triangles), 3), whole.triangles]).ravel())


def hits(mesh: pv.PolyData, start: Points, direction: Points) -> Points:
    """Distances at which a ray from `start` meets the mesh, in order."""
    unit = direction / np.linalg.norm(direction)
    points, _ = mesh.ray_trace(start, start + FAR_MM * unit)
    return np.sort((points - start) @ unit)


def centreline(body: Atlas, name: str, steps: int = 120) -> Points:
    """Middle of a tube-like structure at even steps of u, from its proximal to its distal end: (steps, 3) mm."""
    surface = body.structures[name].parts[0].surface
    assert surface.uv is not None
    bins = np.clip((surface.uv[:, 0] * steps).astype(int), 0, steps - 1)
    return np.array([surface.vertices[bins == k].mean(0) for k in range(steps) if (bins == k).any()])


@functools.cache
def _nerve(folder: str, side: str) -> Points:
    body = ensure_atlas(folder).atlas()
    tibial, fibular = (centreline(body, f"{name}.{side}") for name in NERVE)
    count = min(len(tibial), len(fibular))
    return (tibial[:count] + fibular[:count]) / 2


@pytest.fixture
def nerve(built_atlas: BuiltAtlas, side: str) -> Points:
    """Centre line of the whole nerve, from the sacral plexus to the knee."""
    return _nerve(str(built_atlas.folder), side)


def test_the_body_stands_upright(body: Atlas) -> None:
    """Head to foot: crest, spine of the ilium in front, hip joint, tuberosity, knee; and front to back."""
    place = body.landmarks
    for side in SIDES:
        heights = [
            place[f"iliac_crest.{side}"][:, 2].max(),
            place[f"asis.{side}"][2],
            place[f"greater_sciatic_notch.{side}"][2],
            place[f"ischial_spine.{side}"][2],
            place[f"ischial_tuberosity.{side}"][2],
            place[f"lesser_trochanter.{side}"][2],
            place[f"adductor_tubercle.{side}"][2],
            place[f"fibular_head.{side}"][2],
        ]
        assert heights == sorted(heights, reverse=True)
        assert place[f"psis.{side}"][1] > place[f"ischial_spine.{side}"][1] > place[f"asis.{side}"][1]
    assert place["sacral_promontory"][2] > place["sacral_apex"][2] > place["coccyx_apex"][2]
    assert place["sacral_promontory"][1] < place["sacral_apex"][1], "the promontory stands forward"
    bones = np.vstack([body.structures[f"hip_bone.{side}"].parts[0].surface.vertices for side in SIDES])
    symphysis = bones[bones[:, 2] < place["pubic_symphysis"][2] + 25][:, 1].min()
    in_front = [place["asis.right"][1], place["asis.left"][1], symphysis]
    assert np.ptp(in_front) < 3.0, "both spines and the front of the symphysis lie in one coronal plane"


@pytest.mark.parametrize("side", SIDES)
def test_deep_to_superficial(body: Atlas, side: str) -> None:
    """From behind, gluteus maximus covers piriformis; from the side, medius covers minimus, which covers the ilium."""
    piriformis = solids(body, f"piriformis.{side}")
    centre = np.array(piriformis.center_of_mass())
    behind = centre + np.array([0, FAR_MM / 2, 0])
    maximus = hits(solids(body, f"gluteus_maximus.{side}"), behind, np.array([0, -1.0, 0]))
    assert len(maximus) >= 2, "gluteus maximus lies behind the middle of piriformis"
    assert maximus[1] < hits(piriformis, behind, np.array([0, -1.0, 0]))[0], "and wholly behind it"
    minimus = solids(body, f"gluteus_minimus.{side}")
    middle = np.array(minimus.center_of_mass())
    outward = np.array([-1.0 if side == "right" else 1.0, 0, 0])
    start = middle + outward * FAR_MM / 2
    layers = [
        hits(solids(body, f"{name}.{side}"), start, -outward)[0] for name in ("gluteus_medius", "gluteus_minimus")
    ]
    layers.append(hits(solids(body, f"hip_bone.{side}"), start, -outward)[0])
    assert layers == sorted(layers)
    assert layers[1] - layers[0] > 3.0, "medius is more than a film over minimus"


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_leaves_below_piriformis(body: Atlas, nerve: Points, side: str) -> None:
    """Type A, from geometry: muscle lies over a stretch of the nerve, and nowhere does it lie under it."""
    piriformis = solids(body, f"piriformis.{side}")
    up = np.array([0, 0, 1.0])
    covered = [point for point in nerve if len(hits(piriformis, point, up))]
    assert np.linalg.norm(np.ptp(covered, axis=0)) > 15.0, "it runs under the muscle for more than 15 mm"
    assert not any(len(hits(piriformis, point, -up)) for point in nerve), "no muscle below the nerve"
    for name in NERVE:
        division = body.structures[f"{name}.{side}"].parts[0].surface.vertices
        inside = pv.PolyData(division).select_interior_points(piriformis, check_surface=False)
        assert not inside["selected_points"].any(), f"the {name} does not enter the muscle"


@pytest.mark.parametrize("side", SIDES)
def test_the_nerve_reaches_the_knee_in_two(body: Atlas, side: str) -> None:
    tibial, fibular = (centreline(body, f"{name}.{side}") for name in NERVE)
    condyles = body.landmarks[f"adductor_tubercle.{side}"][2]
    assert tibial[-1][2] < condyles
    assert fibular[-1][2] < condyles
    outward = -1.0 if side == "right" else 1.0
    assert outward * (fibular[-1][0] - tibial[-1][0]) > 15.0, "the common fibular part ends on the outer side"
    neck = body.landmarks[f"fibular_head.{side}"]
    assert np.linalg.norm(fibular[-1] - neck) < 40.0, "at the neck of the fibula"
    upper = min(len(tibial), len(fibular)) // 3
    assert np.linalg.norm(tibial[:upper] - fibular[:upper], axis=1).max() < 12.0, "above, the two are one band"


def test_footprints_lie_where_the_annotations_say(body: Atlas) -> None:
    """On a bone that the annotation names, on its own side, and on that bone's surface."""
    painted = 0
    for name, structure in body.structures.items():
        attachments = load().structures[structure.structure].attachments
        for footprint in structure.footprints:
            painted += 1
            carrier = body.structures[footprint.on]
            named = {bone for attachment in attachments if attachment.end == footprint.end for bone in attachment.on}
            parts = {one.id for one in load().structures.values() if one.part_of == carrier.structure}
            assert named & ({carrier.structure} | parts), f"{name} {footprint.end} on {footprint.on}"
            assert carrier.side in ("midline", structure.side), f"{name} on {footprint.on}"
            patch = pv.PolyData(footprint.surface.vertices)
            off = np.abs(patch.compute_implicit_distance(solids(body, footprint.on))["implicit_distance"])
            assert np.quantile(off, 0.99) < 0.5, f"{name} {footprint.end} stands off {footprint.on}"
    assert painted >= 2 * 2 * 4, "at least both ends of four muscles on both sides"


def test_footprints_beside_the_open_sets_contact_areas(body: Atlas, shared_open_meshes: Path) -> None:
    """Printed for people: areas and carriers of the same muscle in both bodies. The carriers must agree."""
    other = load_open_set(shared_open_meshes / "bodyparts3d")
    print(f"\n{'muscle':<18}{'end':<10}{'on':<12}{'here cm²':>10}{'open set cm²':>14}")
    for muscle, origin in {**dict.fromkeys(GLUTEI, "hip_bone"), "piriformis": "sacrum"}.items():
        areas: list[dict[tuple[str, str], float]] = []
        for atlas in (body, other):
            areas.append({})
            for footprint in atlas.structures[f"{muscle}.right"].footprints:
                key = (footprint.end, footprint.on.partition(".")[0])
                areas[-1][key] = areas[-1].get(key, 0.0) + footprint.area_mm2 / 100
        for end, on in sorted(set(areas[0]) | set(areas[1])):
            here, there = (area.get((end, on)) for area in areas)
            print(f"{muscle:<18}{end:<10}{on:<12}{here or 0:>10.1f}{there or 0:>14.1f}")
        for key in (("proximal", origin), ("distal", "femur")):
            assert all(key in area for area in areas), f"{muscle}: {key} is painted in both bodies"
