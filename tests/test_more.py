"""What comes after the atlas: written whole, found again, made once, told of, and ended with who asked for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from annotations.loading import load
from meshes import more
from meshes.build import BuiltAtlas
from meshes.marks import drawn_from
from meshes.more import ensure_later, found, later_folder, read_marks, whole_atlas
from meshes.store import StoreError
from tests.later import SHIFT, bare, stand_ins
from tests.solids import ball


@pytest.fixture
def built(tmp_path: Path) -> BuiltAtlas:
    return bare(tmp_path / "atlas")


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return stand_ins(monkeypatch)


def test_all_of_it_comes_back_from_its_files(built: BuiltAtlas, makers: list[str]) -> None:
    told: list[float] = []
    pack = ensure_later(built, lambda done, text: told.append(done))
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert told == sorted(told)
    before, whole = built.atlas(), whole_atlas(built, pack)
    assert set(whole.structures) - set(before.structures) == {"skin", "pudendal_nerve.right", "pudendal_nerve.left"}
    head = whole.structures["piriformis.left"].parts[0]
    assert set(head.shapes) == {"B", "two_headed"}
    for name, by in (("B", SHIFT), ("two_headed", -SHIFT)):
        shape = head.shapes[name]
        assert shape.vertices == pytest.approx(head.surface.vertices + by, abs=0.02), "vertex by vertex"
        assert np.array_equal(shape.triangles, head.surface.triangles)
    cover = whole.structures["skin"].parts[0]
    radius = {name: np.linalg.norm(shape.vertices, axis=1).mean() for name, shape in cover.shapes.items()}
    assert radius == pytest.approx({"slim": 270.0, "large": 300.0}, rel=1e-3)
    assert not any(entry.shown for entry in pack.document.structures.values())


def test_a_page_finds_each_shape_in_a_file_of_its_own(built: BuiltAtlas, makers: list[str]) -> None:
    """Switching one side to B fetches nothing of the other side and of no other variant."""
    document = ensure_later(built).document
    shapes = document.shapes["piriformis.right/upper_head"]
    assert set(shapes) == {"B", "two_headed"}
    files = {name: entry.file for name, entry in shapes.items()}
    assert len(set(files.values())) == 2
    assert document.shapes["tibial_division.right"]["B"].file == files["B"]
    assert document.shapes["piriformis.left/upper_head"]["B"].file != files["B"]
    assert set(document.measures["right"]) == {"A", "B", "two_headed"}
    assert all(document.hash[:8] in file.name for file in document.files), "browsers keep these files for good"


def test_measures_are_those_of_what_is_written(built: BuiltAtlas, makers: list[str]) -> None:
    measures = ensure_later(built).document.measures["right"]
    a, b = (measures[name].nerve_muscle_min_mm for name in "AB")
    assert b - a == pytest.approx(SHIFT[2], abs=0.02)


def test_it_is_made_once_and_anew_when_it_is_damaged(built: BuiltAtlas, makers: list[str]) -> None:
    assert found(built) is None
    first, second = ensure_later(built), ensure_later(built)
    assert (first.cached, second.cached) == (False, True)
    assert len(makers) == 6
    file = later_folder(built.folder) / first.document.files[0].name
    file.write_bytes(file.read_bytes()[:-1])
    assert found(built) is None
    assert not ensure_later(built).cached
    again = found(built)
    assert again is not None
    assert read_marks(again).points == {}
    points = again.folder / str(again.document.marks)
    points.write_bytes(points.read_bytes().replace(b"15.0", b"16.0"))
    assert found(built) is None, "damaged trigger points"


def test_other_words_of_a_trigger_point_change_no_mark() -> None:
    said = load()
    point = said.trigger_points["gluteus_maximus.1"]
    other = {**said.trigger_points, point.id: point.model_copy(update={"plain": "Other words.", "often": "rare"})}
    moved = {**other, point.id: point.model_copy(update={"seen": "side"})}
    drawn = [drawn_from(points, said.safety, said.pain_regions) for points in (said.trigger_points, other, moved)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_nothing_is_left_where_it_could_not_be_made(
    built: BuiltAtlas, makers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(more, "skin", lambda *given: (_ for _ in ()).throw(StoreError("The disk is full.")))
    with pytest.raises(StoreError, match="full"):
        ensure_later(built)
    assert [path.name for path in built.folder.iterdir() if path.is_dir()] == []


def test_a_shape_with_other_vertices_is_named(built: BuiltAtlas, makers: list[str]) -> None:
    bases = more._shaped_parts(built.atlas(), "right")
    name = "piriformis.right/upper_head"
    with pytest.raises(more.LaterError, match=name):
        more.as_written({name: ball(5.0)}, bases)


def test_the_program_says_in_one_line_why_it_cannot(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "meshes.more", str(tmp_path / "atlas")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.strip() == f"{tmp_path / 'atlas' / 'atlas.json'} is missing."


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to watch")
def test_work_in_the_background_ends_with_who_asked_for_it(built: BuiltAtlas) -> None:
    command = [sys.executable, "-m", "meshes.more", str(built.folder), "--background"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert json.loads(process.stdout.readline())["done"] == 0.0
    process.stdin.close()
    assert process.wait(timeout=20) != 0
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a process of the group is left")
    assert found(built) is None
