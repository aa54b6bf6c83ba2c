"""The whole atlas on an open set's body: its own bones and muscles, and solved among them all that it lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import igl
import numpy as np
import pytest

from annotations.forms import NerveForm, load_forms
from annotations.loading import DATA, load
from meshes.glb import unpack_glb
from meshes.more import read_marks
from meshes.openset import load_open_set, read_open_set
from meshes.pressing import layers_below
from meshes.surface import area_mm2, is_closed, joined
from viewer import cli

if TYPE_CHECKING:
    from meshes.atlas import Atlas, Structure
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack

SIDES = ("right", "left")
LICENCE = "CC BY-SA 2.1 Japan"


def solid(structure: Structure) -> tuple[np.ndarray, np.ndarray]:
    whole = joined([part.surface for part in structure.parts])
    return np.ascontiguousarray(whole.vertices), np.ascontiguousarray(whole.triangles)


def solved_names() -> set[str]:
    """Unsided ids of everything that has a form."""
    names: set[str] = set()
    for form in load_forms().values():
        if isinstance(form, NerveForm):
            names |= {division.id for division in form.divisions}
        else:
            names.add(form.id)
    return names


def test_every_structure_is_there_and_on_its_side(set_whole: Atlas, shared_open_meshes: Path) -> None:
    own = set(read_open_set(shared_open_meshes / "bodyparts3d").atlas.structures)
    cords = {file.stem for file in (DATA / "cords").glob("*.yaml")}
    lacking = {f"{name}.{side}" for name in solved_names() | cords for side in SIDES}
    assert set(set_whole.structures) == own | lacking
    for name, structure in set_whole.structures.items():
        vertices = solid(structure)[0]
        centre = (vertices[:, 0].min() + vertices[:, 0].max()) / 2
        if structure.side == "right":
            assert centre < 0, name
        elif structure.side == "left":
            assert centre > 0, name
        else:
            assert abs(centre) < 6, name


def test_each_tells_how_it_was_made_and_whose_it_is(set_whole: Atlas, shared_open_meshes: Path) -> None:
    own = read_open_set(shared_open_meshes / "bodyparts3d").atlas.structures
    for name, structure in set_whole.structures.items():
        if structure.structure in ("piriformis", "skin"):
            expected = ("cut", "bodyparts3d")
        elif name in own:
            expected = ("loaded", "bodyparts3d")
        else:
            expected = ("modelled", "ischia")
        assert (structure.made, structure.source) == expected, name
    sources = set_whole.sources
    assert LICENCE in sources["bodyparts3d"].license
    assert "Solved on the bones of: BodyParts3D" in sources["ischia"].notice
    assert set(sources) == {"bodyparts3d", "ischia"}, "nothing here comes from the population's bones"


def test_own_surfaces_are_moved_as_a_whole_and_nothing_else(set_whole: Atlas, shared_open_meshes: Path) -> None:
    """The distances of a bone's and a muscle's vertices from their middle are those of the file, but for rounding."""
    raw = read_open_set(shared_open_meshes / "bodyparts3d").atlas.structures
    for name in ("femur.right", "sacrum", "gluteus_maximus.left", "adductor_magnus.right"):
        here, there = (np.unique(solid(one)[0], axis=0) for one in (set_whole.structures[name], raw[name]))
        assert len(here) == len(there)
        far = [np.sort(np.linalg.norm(points - points.mean(axis=0), axis=1)) for points in (here, there)]
        assert np.abs(far[0] - far[1]).max() < 0.06, name
    heads = [set_whole.landmarks[f"femoral_head_centre.{side}"] for side in SIDES]
    assert (heads[0] + heads[1]) / 2 == pytest.approx([0, 0, 0], abs=0.01)
    assert np.abs(heads[0] * [-1, 1, 1] - heads[1]).max() < 12.0, "level"


def test_landmarks_lie_on_its_bones(set_whole: Atlas) -> None:
    entries = load().landmarks
    assert {name.split(".")[0] for name in set_whole.landmarks} == set(entries)
    for name, place in set_whole.landmarks.items():
        entry, side = entries[name.split(".")[0]], name.partition(".")[2]
        bone = set_whole.structures.get(entry.on) or set_whole.structures.get(f"{entry.on}.{side or 'right'}")
        if bone is not None and "foramen" not in name and "centre" not in name and name != "pubic_symphysis":
            off = np.sqrt(igl.point_mesh_squared_distance(np.atleast_2d(place), *solid(bone))[0])
            assert off.max() < 6.0, name


@pytest.mark.parametrize("side", SIDES)
def test_from_skin_to_bone_in_order(set_whole: Atlas, side: str) -> None:
    """Behind the middle of the nerve's way below piriformis, and over the middle of piriformis."""
    skin = set_whole.structures["skin"]
    inwards = np.array([0.0, -1.0, 0.0])

    def order(at: np.ndarray) -> list[str]:
        """What lies under a place, from behind, by unsided id, each once."""
        start = np.array([at[0], solid(skin)[0][:, 1].max() + 5.0, at[2]])
        here = [one for one in set_whole.structures.values() if one.side in (side, "midline") and one.kind != "skin"]
        found = [layer.structure.split(".")[0] for layer in layers_below(here, start, inwards, 300.0)]
        return list(dict.fromkeys(found))

    nerve = np.concatenate(
        [solid(set_whole.structures[f"{n}_division.{side}"])[0] for n in ("tibial", "common_fibular")]
    )
    level = solid(set_whole.structures[f"quadratus_femoris.{side}"])[0][:, 2].mean()
    below = order(nerve[np.abs(nerve[:, 2] - level) < 3.0].mean(axis=0))
    assert below[0] == "gluteus_maximus"
    assert below[-1] in ("tibial_division", "common_fibular_division")
    muscle = order(solid(set_whole.structures[f"piriformis.{side}"])[0].mean(axis=0))
    assert muscle.index("gluteus_maximus") < muscle.index("piriformis")


def test_nerve_and_muscle_keep_their_distances(set_pack: BuiltPack) -> None:
    """In every variant, on both sides; the nerve never cuts into muscle or bone."""
    for side in SIDES:
        measures = set_pack.document.measures[side]  # type: ignore[index]
        assert set(measures) == set(load().variants)
        for name, numbers in measures.items():
            assert numbers.nerve_muscle_min_mm > -0.2, (side, name)
            assert numbers.nerve_bone_min_mm > 0.0, (side, name)
        usual = measures["A"]
        assert usual.contact_length_mm > 5.0
        assert usual.psis_it_fraction is not None
        assert 0.2 < usual.psis_it_fraction < 0.8
        assert usual.it_gt_fraction is not None
        assert 0.2 < usual.it_gt_fraction < 0.8
        assert 10.0 < usual.muscle_volume_cm3 < 60.0


def test_what_could_not_be_made_is_nothing(set_pack: BuiltPack) -> None:
    assert set_pack.document.notes == []


def test_trigger_points_lie_on_its_muscles(set_whole: Atlas, set_pack: BuiltPack) -> None:
    marks = read_marks(set_pack)
    said = load()
    assert set(marks.points) == {one.id for one in said.trigger_points.values() if one.shown != "text_only"}
    assert set(marks.regions) == {region.id for region in said.pain_regions}
    for name, sides in marks.points.items():
        for side, point in sides.items():
            assert point.zones, name
            if point.on_muscle is None:
                continue
            muscle = set_whole.structures[f"{said.trigger_points[name].muscle}.{side}"]
            off = igl.point_mesh_squared_distance(np.array([point.on_muscle]), *solid(muscle))[0]
            assert np.sqrt(off[0]) < 1.0, name
            below = [layer.structure for layer in point.layers]
            assert muscle.id in below or below[-1].startswith(("tibial", "common_fibular")), name


def test_attachments_of_what_was_loaded_are_where_it_touches(set_whole: Atlas, shared_open_meshes: Path) -> None:
    """And of what was solved, where its outlines lie; both on bones of this body, on their side."""
    for structure in set_whole.structures.values():
        for footprint in structure.footprints:
            on = set_whole.structures[footprint.on]
            assert on.kind in ("bone", "muscle", "ligament", "fascia")
            assert on.side in (structure.side, "midline")
            surface = footprint.surface
            assert area_mm2(surface.vertices, surface.triangles) == pytest.approx(footprint.area_mm2, rel=0.08)
    raw = load_open_set(shared_open_meshes / "bodyparts3d").structures["gluteus_medius.right"].footprints
    mine = set_whole.structures["gluteus_medius.right"].footprints
    assert [(f.end, f.on) for f in mine] == [(f.end, f.on) for f in raw]
    assert [f.area_mm2 for f in mine] == pytest.approx([f.area_mm2 for f in raw], rel=0.02)
    solved = {f.on for f in set_whole.structures["sacrotuberous_ligament.left"].footprints}
    assert {"sacrum", "hip_bone.left"} <= solved, "its coccyx is part of the sacrum's mesh"


def test_every_shape_of_the_cut_muscle_is_closed(set_whole: Atlas) -> None:
    for side in SIDES:
        for part in set_whole.structures[f"piriformis.{side}"].parts:
            assert is_closed(part.surface.triangles)
            assert set(part.shapes) == set(load().variants) - {"A"}


def test_licences_travel_with_every_file(set_built: BuiltAtlas, set_pack: BuiltPack) -> None:
    document = json.loads((set_built.folder / "atlas.json").read_text())
    assert LICENCE in document["sources"]["bodyparts3d"]["license"]
    assert "Mitsuhashi" in document["sources"]["bodyparts3d"]["citation"]
    for folder, files in ((set_built.folder, set_built.document.files), (set_pack.folder, set_pack.document.files)):
        for file in files:
            header, _ = unpack_glb((folder / file.name).read_bytes())
            assert LICENCE in header["asset"]["copyright"], file.name
            assert "bodyparts3d" in header["asset"]["extras"]["sources"], file.name


def test_how_well_the_shape_fits_is_told(set_built: BuiltAtlas) -> None:
    fit = set_built.document.fit
    assert set(fit) == {"hip_bone.right", "hip_bone.left", "sacrum", "femur.right", "femur.left"}
    assert max(fit.values()) < 3.0
    assert "misses them by, mean mm" in set_built.document.notes[0]


def test_the_command_measures_it(set_pack: BuiltPack, fetched_set: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["measure", "--atlas", fetched_set, "--right", "B", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["right"]["variant"] == "B"
    assert told["right"] == set_pack.document.measures["right"]["B"].model_dump()
