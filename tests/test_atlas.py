"""The atlas as files and figures: documents, reports on solids of known size, light and shade, and the default body."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meshes.atlas import Atlas, AtlasDocument, Footprint, Surface
from meshes.atlas_files import ASKED, FIRST, FOOTPRINTS, SOON, license_notice, read_atlas, read_document, write_atlas
from meshes.build import BuiltAtlas
from meshes.glb import unpack_glb
from meshes.quality import bone_penetration, figures
from meshes.shade import openness, sphere_directions
from tests.solids import atlas, ball, cube, structure, tube

WIRE_KB = 900
TRIANGLES = 400_000
PAIRED = (
    "hip_bone",
    "femur",
    "gluteus_maximus",
    "gluteus_medius",
    "gluteus_minimus",
    "piriformis",
    "tibial_division",
    "common_fibular_division",
    "iliotibial_tract",
    "sacrotuberous_ligament",
)


def test_an_atlas_comes_back_whole(tmp_path: Path) -> None:
    piriformis = structure("piriformis.right", "muscle", tube(), ball(9.0, (0, 0, 130)))
    piriformis.footprints = [Footprint("piriformis.right", "proximal", "sacrum", ball(5.0), 78.5)]
    before = atlas(structure("sacrum", "bone", ball()), piriformis, structure("skin", "skin", cube(200.0)))
    document = write_atlas(before, tmp_path / "atlas")
    assert read_document(tmp_path / "atlas") == document
    after = read_atlas(tmp_path / "atlas")
    assert list(after.structures) == list(before.structures)
    assert after.sources == before.sources
    assert after.landmarks["asis.right"] == pytest.approx([-120.5, -40.25, 70.0])
    assert after.landmarks["iliac_crest.right"].shape == (2, 3)
    assert [part.name for part in after.structures["piriformis.right"].parts] == [
        "piriformis.right/part_0",
        "piriformis.right/part_1",
    ]
    assert after.structures["piriformis.right"].footprints[0].area_mm2 == 78.5
    entry = document.structures["piriformis.right"]
    assert entry.footprints[0].name == "piriformis.right#proximal@sacrum"
    assert {part.file for part in entry.parts} == {FIRST}
    assert document.structures["skin"].parts[0].file == ASKED
    assert {name: entry.shown for name, entry in document.structures.items()} == {
        "sacrum": True,
        "piriformis.right": True,
        "skin": False,
    }
    assert {file.name: file.wanted for file in document.files} == {FIRST: "first", ASKED: "shown", FOOTPRINTS: "shown"}
    assert entry.volume_cm3 == pytest.approx((np.pi * 64 * 100 + 4 / 3 * np.pi * 729) / 1000, rel=0.03)
    assert np.array(entry.bounds) == pytest.approx(np.array([[-9, -9, 0], [9, 9, 139]]), abs=0.1)


def test_what_hides_behind_something_comes_after_the_first_picture(tmp_path: Path) -> None:
    """Behind is where the eye is: a ball in front of a larger one is not seen, one beside it is."""
    document = write_atlas(
        atlas(
            structure("gluteus_maximus.right", "muscle", ball(60.0)),
            structure("piriformis.right", "muscle", ball(20.0, (0, -90, 0))),
            structure("femur.right", "bone", ball(20.0, (-100, -90, 0))),
        ),
        tmp_path / "atlas",
    )
    assert {name: entry.parts[0].file for name, entry in document.structures.items()} == {
        "gluteus_maximus.right": FIRST,
        "piriformis.right": SOON,
        "femur.right": FIRST,
    }


def test_the_anchor_of_a_label_lies_on_the_surface(tmp_path: Path) -> None:
    document = write_atlas(atlas(structure("femur.left", "bone", ball(20.0, (100, 0, 0)))), tmp_path / "atlas")
    anchor = np.array(document.structures["femur.left"].anchor)
    assert np.linalg.norm(anchor - [100, 0, 0]) == pytest.approx(20.0, abs=0.05)
    assert anchor[0] > 100, "on the outer side"
    assert anchor[1] > 0, "and behind"


def test_the_licence_travels_in_every_file(tmp_path: Path) -> None:
    write_atlas(atlas(structure("sacrum", "bone", ball()), structure("skin", "skin", ball(90.0))), tmp_path / "atlas")
    for name in (FIRST, ASKED):
        document, _ = unpack_glb((tmp_path / "atlas" / name).read_bytes())
        assert "CC0-1.0" in document["asset"]["copyright"]
        assert document["extras"]["sources"]["test"]["license"] == "CC0-1.0"


def test_figures_of_solids_of_known_size() -> None:
    """A ball 3 mm deep in a cube, another ball that shares a lens with it, and a sheet that is not closed."""
    open_sheet = ball(10.0, (500, 0, 0))
    open_sheet.triangles = open_sheet.triangles[:-1]
    found = figures(
        atlas(
            structure("hip_bone.right", "bone", cube(40.0, rounds=4)),
            structure("piriformis.right", "muscle", ball(10.0, (0, 0, 27.0), 5)),
            structure("gluteus_maximus.right", "muscle", ball(10.0, (0, 12.0, 32.0), 5)),
            structure("iliotibial_tract.right", "fascia", open_sheet),
        )
    )
    piriformis = found["piriformis.right"]
    assert piriformis["closed"]
    assert piriformis["triangles"] == 20480
    assert piriformis["volume_cm3"] == pytest.approx(4 / 3 * np.pi, rel=0.002)
    assert piriformis["bone_penetration_mm"] == pytest.approx(3.0, abs=0.02)
    cap = np.pi * 3.0**2 * (3 * 10.0 - 3.0) / 3 / 1000
    assert piriformis["overlap_cm3"]["hip_bone.right"] == pytest.approx(cap, rel=0.02)
    apart = 13.0
    lens = np.pi * (4 * 10.0 + apart) * (2 * 10.0 - apart) ** 2 / 12 / 1000
    assert piriformis["overlap_cm3"]["gluteus_maximus.right"] == pytest.approx(lens, rel=0.02)
    assert found["gluteus_maximus.right"]["overlap_cm3"]["piriformis.right"] == pytest.approx(lens, rel=0.02)
    assert found["gluteus_maximus.right"]["bone_penetration_mm"] == 0
    assert found["hip_bone.right"]["bone_penetration_mm"] is None
    assert not found["iliotibial_tract.right"]["closed"]
    assert found["iliotibial_tract.right"]["volume_cm3"] is None
    json.dumps(found)


def test_overlap_with_an_open_surface_is_counted() -> None:
    nearly = ball(10.0, (0, 12.0, 0), 5)
    nearly.triangles = nearly.triangles[:-1]
    found = figures(
        atlas(structure("a.right", "muscle", ball(10.0, fineness=5)), structure("b.right", "muscle", nearly))
    )
    lens = np.pi * (40.0 + 12.0) * 8.0**2 / 12 / 1000
    assert found["a.right"]["overlap_cm3"]["b.right"] == pytest.approx(lens, rel=0.05)


def test_a_bone_that_pokes_through_a_large_triangle_is_seen() -> None:
    """No vertex of the sheet is inside the ball; the middle of its large triangle is."""
    sheet = np.array([[-60.0, -60, 8], [60, -60, 8], [0, 90, 8]]), np.array([[0, 1, 2]])
    bone = ball(10.0, (0, -10, 0))
    assert bone_penetration(sheet, (bone.vertices, bone.triangles)) == pytest.approx(2.0, abs=0.3)


def test_a_ball_is_light_all_round_and_a_pit_is_dark() -> None:
    assert openness(ball(30.0)).min() > 0.99
    bowl = ball(20.0)
    bowl.triangles = bowl.triangles[bowl.vertices[bowl.triangles].mean(1)[:, 2] < 0][:, ::-1]
    bowl.normals = -bowl.normals
    light = openness(bowl)
    floor = light[bowl.vertices[:, 2] < -18]
    assert 0.3 < floor.mean() < 0.75


def test_light_depends_on_nothing_but_the_shape() -> None:
    one, two = openness(tube()), openness(tube())
    assert np.array_equal(one, two)


def test_what_is_far_casts_no_shadow() -> None:
    """Two plates facing each other are dark 5 mm apart and light 60 mm apart."""

    def plates(apart: float) -> float:
        low, high = cube(60.0, rounds=4), cube(60.0, (0, 0, 60.0 + apart), rounds=4)
        both = Surface(
            np.vstack([low.vertices, high.vertices]),
            np.vstack([low.triangles, high.triangles + len(low.vertices)]),
            np.vstack([low.normals, high.normals]),
        )
        middle = int(np.linalg.norm(both.vertices - [0, 0, 30.0], axis=1).argmin())
        both.normals[middle] = [0, 0, 1]
        return float(openness(both)[middle])

    assert plates(5.0) < 0.35
    assert plates(60.0) > 0.9


def test_directions_are_even() -> None:
    sky = sphere_directions(200)
    assert np.linalg.norm(sky, axis=1) == pytest.approx(1.0)
    assert np.abs(sky.mean(0)).max() < 0.01
    assert (sky.T @ sky / 200) == pytest.approx(np.eye(3) / 3, abs=0.01)


def test_default_atlas_has_both_sides_of_everything(built_atlas: BuiltAtlas) -> None:
    document = built_atlas.document
    for name in PAIRED:
        right, left = document.structures[f"{name}.right"], document.structures[f"{name}.left"]
        assert right.bounds[1][0] < 25, f"{name}.right lies on the right"
        assert left.bounds[0][0] > -25, f"{name}.left lies on the left"
        assert (right.side, left.side) == ("right", "left")
    assert {"sacrum", "coccyx"} <= set(document.structures)
    assert [part.name for part in document.structures["piriformis.right"].parts] == [
        "piriformis.right/upper_head",
        "piriformis.right/lower_head",
    ]


def test_default_atlas_is_closed_and_clear_of_bone(default_figures: dict[str, Any]) -> None:
    opened = [name for name, found in default_figures.items() if not found["closed"]]
    assert opened == []
    deep = {
        name: found["bone_penetration_mm"]
        for name, found in default_figures.items()
        if (found["bone_penetration_mm"] or 0) > 0.5
    }
    assert deep == {}


def test_default_atlas_keeps_its_budget(built_atlas: BuiltAtlas) -> None:
    first = [file.name for file in built_atlas.document.files if file.wanted in ("first", "soon")]
    wire = sum(len(gzip.compress((built_atlas.folder / name).read_bytes(), 6)) for name in [*first, "atlas.json"])
    triangles = sum(part.triangles for one in built_atlas.document.structures.values() for part in one.parts)
    print(f"\ndefault layers over the wire: {wire / 1000:.0f} kB gzip; {triangles:,} triangles")
    assert wire <= WIRE_KB * 1000
    assert triangles <= TRIANGLES


def test_default_footprints_lie_on_their_bone(built_atlas: BuiltAtlas) -> None:
    whole = built_atlas.atlas()
    assert sum(len(one.footprints) for one in whole.structures.values()) >= 20
    for one in whole.structures.values():
        for footprint in one.footprints:
            assert_on_bone(whole, footprint)


def assert_on_bone(whole: Atlas, footprint: Footprint) -> None:
    import igl

    bone = whole.structures[footprint.on].parts[0].surface
    squared = igl.point_mesh_squared_distance(
        np.ascontiguousarray(footprint.surface.vertices), bone.vertices, bone.triangles
    )[0]
    assert np.sqrt(squared).max() < 0.25, f"{footprint.structure} {footprint.end} on {footprint.on}"
    assert footprint.area_mm2 > 20


def test_default_atlas_names_its_licences(built_atlas: BuiltAtlas) -> None:
    notice = license_notice(built_atlas.document.sources)
    for words in ("MPL-2.0", "https://github.com/musculoskeletal/models", "musculoskeletal-models 0.2.4", "J Biomech"):
        assert words in notice
    for entry in built_atlas.document.structures.values():
        source = built_atlas.document.sources[entry.source]
        assert source.license == ("MPL-2.0" if entry.kind == "bone" else "CC BY 4.0")


def test_atlas_json_says_what_the_schema_says(built_atlas: BuiltAtlas) -> None:
    text = (built_atlas.folder / "atlas.json").read_text()
    assert AtlasDocument.model_validate_json(text) == built_atlas.document
    assert built_atlas.folder.name == built_atlas.document.hash
