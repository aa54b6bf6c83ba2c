"""Two bodies compared: numbers of made bones with known distances, the table, and how a second body is offered."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotations.loading import load
from meshes.atlas import Atlas, Surface
from meshes.build import BuiltAtlas, write_atlas
from meshes.comparison import (
    BONE_MEASURES,
    Skeleton,
    Unmeasured,
    body_measures,
    greatest_length,
    head_diameter,
    measured,
)
from meshes.passport import SetError
from tests.small import small_atlas
from tests.solids import ball, cube
from viewer import bodies, cli
from viewer.bodies import Errand, OtherBody, name_beside, offers
from viewer.comparing import compared_rows
from viewer.contents import gather
from viewer.errors import SceneError
from viewer.notebook import Pelvis
from viewer.scene import Beside, Scene

POINTS = {
    "asis.right": (-120, -60, 90),
    "asis.left": (120, -60, 90),
    "psis.right": (-40, 80, 90),
    "ischial_tuberosity.right": (-60, 30, -60),
    "greater_trochanter.right": (-130, 20, 0),
    "ischial_spine.right": (-45, 40, 0),
    "ischial_spine.left": (45, 40, 0),
    "lesser_trochanter.right": (-110, 10, -45),
}


def skeleton(**changed: Surface) -> Skeleton:
    """A hip bone and a femur, both balls, on the right, and landmarks at known places."""
    bones = {
        "hip_bone.right": ball(50.0, (-100, 0, 40)),
        "femur.right": ball(23.0, (-80, 0, 0)),
        **{name.replace("_right", ".right"): surface for name, surface in changed.items()},
    }
    return Skeleton(bones, {name: np.array(point, float) for name, point in POINTS.items()})


def test_distances_between_landmarks_are_those_of_the_points() -> None:
    found = measured(skeleton())
    assert found["inter_asis"].midline == 240.0
    assert found["interspinous"].midline == 90.0
    assert found["psis_it_distance"].right == pytest.approx(np.linalg.norm([20, 50, 150]), abs=0.01)
    assert found["it_gt_distance"].right == pytest.approx(np.linalg.norm([70, 10, 60]), abs=0.01)


def test_what_a_body_lacks_is_not_measured() -> None:
    found = measured(skeleton())
    assert set(found) == {one.id for one in BONE_MEASURES}
    assert found["psis_it_distance"].left is None
    assert found["biiliac"].midline is None, "one hip bone has no breadth across both"
    assert found["hip_centres"].midline is None
    assert found["promontory_symphysis"].midline is None
    empty = measured(Skeleton({}, {}))
    assert all(one.right is one.left is one.midline is None for one in empty.values())


def test_sizes_of_bones_are_those_of_the_solids() -> None:
    assert greatest_length(cube(20.0).vertices) == pytest.approx(20 * np.sqrt(3))
    head = ball(23.0, (-80, 0, 0))
    assert head_diameter(head.vertices, np.array([-80.0, 0, 0]), "right") == pytest.approx(46, abs=0.01)
    with pytest.raises(Unmeasured):
        head_diameter(head.vertices, np.array([500.0, 0, 0]), "right")
    found = measured(skeleton())
    assert found["hip_bone_length"].right == pytest.approx(100, abs=0.3)


def test_the_gap_between_ischium_and_lesser_trochanter_is_the_least_one_there() -> None:
    """Two balls 30 mm apart; the trochanter's landmark lies on the femur where it faces the hip bone."""
    body = Skeleton(
        {"hip_bone.right": ball(20.0, (0, 0, 0)), "femur.right": ball(10.0, (60, 0, 0))},
        {"lesser_trochanter.right": np.array([50.0, 0, 0])},
    )
    assert measured(body)["ischiofemoral"].right == pytest.approx(30, abs=0.2)


def spheres(id_: str, factor: float = 1.0) -> Atlas:
    """The body of spheres, as large as asked for, with landmarks."""
    atlas = replace(small_atlas(), id=id_, title=f"{id_.capitalize()}: a body of spheres")
    for structure in atlas.structures.values():
        for part in structure.parts:
            part.surface.vertices = part.surface.vertices * factor
    atlas.landmarks = {name: factor * np.array(point, float) for name, point in POINTS.items()}
    return atlas


def write(folder: Path, atlas: Atlas) -> BuiltAtlas:
    return BuiltAtlas(folder, write_atlas(atlas, folder), True, 0.0)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuiltAtlas, BuiltAtlas]:
    """A body, and one a tenth larger."""
    folder = tmp_path_factory.mktemp("bodies")
    return write(folder / "one", spheres("one")), write(folder / "two", spheres("two", 1.1))


def test_a_body_a_tenth_larger_measures_a_tenth_more(two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    one, other = (body_measures(built) for built in two)
    assert not one.found, "its landmarks are its own"
    for name, here in one.bones.items():
        for place in ("right", "left", "midline"):
            value = getattr(here, place)
            if value is not None:
                assert getattr(other.bones[name], place) == pytest.approx(1.1 * value, rel=5e-3), name


def test_rows_stand_beside_what_was_published(two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    rows = compared_rows((two[0], None), (two[1], None), load().measures)
    by_place = {(row.id, row.place): row for row in rows}
    row = by_place["it_gt_distance", "right"]
    assert row.published == "73 ± 10.2, n = 204"
    assert row.difference == pytest.approx((row.second or 0) - (row.first or 0), abs=1e-9)
    assert by_place["inter_asis", "midline"].published == "", "nothing was published of it here"
    volume = by_place["volume.gluteus_maximus", "left"]
    assert (volume.second or 0) / (volume.first or 1) == pytest.approx(1.1**3, rel=5e-3)
    assert ("it_gt_distance", "left") in by_place, "both sides stand in the table when one is known"


def test_the_command_prints_and_writes_the_table(
    two: tuple[BuiltAtlas, BuiltAtlas], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [str(built.folder) for built in two]
    assert cli.run(["compare", *folders, "--bones"]) == 0
    printed = capsys.readouterr().out
    assert "One: a body of spheres" in printed
    assert "+24.0" in printed, "240 mm and 264 mm between the spines"
    table = tmp_path / "table.csv"
    assert cli.run(["compare", *folders, "--csv", str(table), "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [told["first"]["id"], told["second"]["id"]] == ["one", "two"]
    with table.open(encoding="utf-8") as lines:
        read = {(row["id"], row["place"]): row for row in csv.DictReader(lines)}
    assert len(read) == len(told["rows"])
    assert float(read["inter_asis", "midline"]["difference"]) == pytest.approx(24, abs=0.01)
    assert cli.run(["compare", folders[0], "no_such_body"]) == 1
    assert "no_such_body" in capsys.readouterr().err


def test_other_bodies_are_offered_by_a_name_of_their_own(two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    one, other = two
    offered = offers(one, [("a folder", other), ("the same", one)])
    assert offered["two"].place == "a folder"
    assert offered[name_beside(one, one)].title == one.document.title
    assert name_beside(one, one) != "one", "a copy of the first is told apart from it"
    assert "population" in offered
    assert "one" not in offered


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def test_a_body_is_opened_when_it_is_asked_for(two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    one, other = two
    served: list[str] = []
    offer = offers(one, [(str(other.folder), other)])["two"]
    body = OtherBody(offer, one, lambda built: served.append(built.document.id))
    assert not served
    until(lambda: body.opening.ask().state == "ready")
    assert served == ["two"]
    until(lambda: body.measures.ask().state == "ready")
    assert body.measures.result is not None
    assert body.measures.result.second.bones["inter_asis"].midline == pytest.approx(264, abs=0.1)


def test_the_program_that_builds_a_body_tells_how_it_ends(
    two: tuple[BuiltAtlas, BuiltAtlas], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bodies.main([str(two[0].folder)]) == 0
    assert bodies.main(["no_such_body"]) == 1
    assert "no_such_body" in json.loads(capsys.readouterr().out.splitlines()[-1])["trouble"]


def test_what_fails_is_told_once_and_tried_again() -> None:
    tries: list[int] = []

    def work(tell: Callable[[float, str], None]) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise SetError("no room on the disk")
        return 7

    errand = Errand(work)
    told = ""
    while not told:
        state = errand.ask()
        told = state.text if state.state == "failed" else ""
    assert told == "no room on the disk"
    assert len(tries) == 1
    until(lambda: errand.ask().state == "ready")
    assert errand.result == 7
    assert len(tries) == 2


def test_a_notebook_has_the_same_table(two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    rows = compared_rows((two[0], None), (two[1], None), load().measures)
    table = Pelvis(atlas=two[0].folder).compare_with(two[1].folder)
    assert list(table.index) == [(row.id, row.place) for row in rows]
    assert table.loc[("inter_asis", "midline"), "difference"] == pytest.approx(24)
    assert table.attrs["bodies"] == ("One: a body of spheres", "Two: a body of spheres")
    bones = Pelvis(atlas=two[0].folder).compare_with(Pelvis(atlas=two[1].folder), bones=True)
    assert set(bones["group"]) == {"bones"}


def test_a_scene_keeps_its_second_body() -> None:
    scene = Scene.parse({"beside": {"atlas": "bodyparts3d", "how": "overlaid", "opacity": 0.3}})
    assert Scene.parse(json.loads(scene.model_dump_json())) == scene
    assert Scene.parse({"beside": {"atlas": "two"}}).beside == Beside(atlas="two", how="side_by_side", opacity=0.5)
    for wrong, said in (
        ({"how": "overlaid"}, "beside.atlas"),
        ({"atlas": "two", "how": "inside"}, "'side_by_side' or 'overlaid'"),
        ({"atlas": "two", "opacity": 2}, "beside.opacity"),
    ):
        with pytest.raises(SceneError, match=said):
            Scene.parse({"beside": wrong})


def test_a_page_that_stands_alone_says_that_it_shows_one_body(two: tuple[BuiltAtlas, BuiltAtlas]) -> None:
    contents = gather(Scene(beside=Beside(atlas="two")), two[0])
    assert contents.scene.beside is None
    assert any("second body, two" in left for left in contents.left_out)
