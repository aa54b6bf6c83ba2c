"""What a person has placed on a set is kept with it, in its own frame and unit, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas, write_atlas
from meshes.passport import SetError, find_passport
from meshes.set_bones import SetBones, set_bones
from meshes.set_landmarks import LANDMARKS_FILE, Placed, landmarks_part, read_landmarks, write_landmarks
from meshes.shape_fit import FitError
from tests.landmark_set import AXES, PER_MM, found_at, write_set
from tests.solids import ball
from viewer.app import AtlasApp
from viewer.cli import run
from viewer.landmark_page import LandmarkCheck
from viewer.server import LOOPBACK, bind

HIP = np.array([-100.0, 10.0, 940.0])
PLACES = {
    "asis.right": HIP - np.array([0, 55, 0]),
    "psis.right": HIP + np.array([0, 55, 0]),
    "ischial_spine.right": HIP + np.array([55, 0, 0]),
    "sacral_promontory": np.array([0.0, 10.0, 960.0]),
}


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "cache"))


def make(unit: str = "metre", axes: str = "ras") -> SetBones:
    """A hip bone and a sacrum as round as balls, off the origin."""
    shapes = {"hip_bone.right": ball(55.0, tuple(HIP), 3), "sacrum": ball(40.0, (0.0, 50.0, 960.0), 3)}
    bones = {name: (surface.vertices, surface.triangles) for name, surface in shapes.items()}
    return set_bones(write_set(bones, "small", unit, axes))


def placed(name: str, unit: str = "metre", axes: str = "ras", **more: Any) -> Placed:
    x, y, z = (PLACES[name] * AXES[axes] * PER_MM[unit]).tolist()
    return Placed(point=(x, y, z), **{"by": "person", "confidence": "placed", **more})


@pytest.mark.parametrize(("unit", "axes"), [("metre", "ras"), ("millimetre", "lps")])
def test_what_was_placed_comes_back_in_the_frame_and_unit_of_the_files(unit: str, axes: str) -> None:
    bones = make(unit, axes)
    assert read_landmarks(bones.folder) == {}
    assert landmarks_part(bones.folder) == b""
    mine = {
        "asis.right": placed("asis.right", unit, axes, checked=True),
        "sacral_promontory": placed("sacral_promontory", unit, axes, by="finder", confidence="fair"),
    }
    file = write_landmarks(bones.folder, mine, bones.bones)
    assert file == bones.folder / LANDMARKS_FILE
    back = read_landmarks(bones.folder)
    assert back.keys() == mine.keys()
    for name, one in back.items():
        assert one.model_dump(exclude={"point"}) == mine[name].model_dump(exclude={"point"})
        here = bones.to_atlas(np.array([one.point]))[0] + bones.middle
        assert here == pytest.approx(PLACES[name], abs=0.001), "LPS mm"
    first = landmarks_part(bones.folder)
    assert first == file.read_bytes(), "whatever is built from the set notices"
    write_landmarks(bones.folder, {}, bones.bones)
    assert not file.exists()


@pytest.mark.parametrize("axes", ["y_up", "lps", "ras"])
@pytest.mark.parametrize("unit", ["metre", "centimetre", "millimetre"])
def test_the_way_to_the_atlas_leads_back(unit: str, axes: str) -> None:
    bones = make()
    turned = bones.passport.model_copy(update={"unit": unit, "axes": axes})
    here = SetBones(bones.folder, turned, bones.bones, bones.middle)
    points = np.random.default_rng(0).normal(size=(5, 3))
    assert here.to_files(here.to_atlas(points)) == pytest.approx(points, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "point", "words"),
    [
        ("asis.rihgt", None, 'no landmark is called "asis.rihgt"; did you mean "asis.right"'),
        ("iliac_crest.right", None, "no landmark is called"),
        ("asis.left", None, r"asis\.left: this set has no hip_bone\.left"),
        ("asis.right", (0.1, 0.05, 0.9), r"asis\.right: \d+ mm from hip_bone\.right; up to 10 mm"),
    ],
)
def test_what_is_no_landmark_of_these_bones_is_refused(
    name: str, point: tuple[float, float, float] | None, words: str
) -> None:
    bones = make()
    good = placed("asis.right")
    write_landmarks(bones.folder, {"asis.right": good}, bones.bones)
    before = landmarks_part(bones.folder)
    wrong = good.model_copy(update={"point": point or good.point})
    with pytest.raises(SetError, match=words):
        write_landmarks(bones.folder, {"psis.right": placed("psis.right"), name: wrong}, bones.bones)
    assert landmarks_part(bones.folder) == before, "all or nothing"


def test_a_point_is_three_finite_numbers() -> None:
    for wrong in ((0.0, float("nan"), 0.0), (0.0, 0.0, float("inf")), (0.0, 0.0)):
        with pytest.raises(ValidationError):
            Placed.model_validate({"point": wrong, "by": "person", "confidence": "placed"})


def test_nothing_is_written_into_a_folder_that_is_not_ischias_own(tmp_path: Path) -> None:
    bones = make()
    foreign = tmp_path / "mine"
    bones.folder.rename(foreign)
    with pytest.raises(SetError, match=r"not one of Ischia's own folders.*Download the landmarks"):
        write_landmarks(foreign, {"asis.right": placed("asis.right")}, bones.bones)
    assert not (foreign / LANDMARKS_FILE).exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("unit: metre", "unit: millimetre", "not of small in metres"),
        ("set: small", "set: other", "of the set other"),
        ("by: person", "by: nobody", r"landmarks\.yaml.*by.*person, finder"),
        ("asis.right:", "asis.rihgt:", "did you mean"),
        ("point: [", "point: [.nan, ", "point"),
        ("set: small", "sett: small", "unknown key"),
    ],
)
def test_a_faulty_file_is_explained(old: str, new: str, words: str) -> None:
    bones = make()
    file = write_landmarks(bones.folder, {"asis.right": placed("asis.right")}, bones.bones)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(SetError, match=words):
        read_landmarks(bones.folder)


class Page:
    """What a page asks of its server."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        connection = HTTPConnection(LOOPBACK, self.port, timeout=20)
        mine = {"Content-Type": "application/json", "Origin": f"http://{LOOPBACK}:{self.port}"}
        sent = {**mine, **{name.replace("_", "-"): value for name, value in headers.items()}}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def sheet(self) -> dict[str, dict[str, Any]]:
        status, text = self.ask("GET", "/landmarks.json")
        assert status == 200
        return {row["id"]: row for row in json.loads(text)["landmarks"]}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Page, SetBones]]:
    bones = make()
    document = write_atlas(bones.atlas(shaded=False), tmp_path / "bones")
    built = BuiltAtlas(tmp_path / "bones", document, False, 0.0)
    sockets = bind(0)
    app = AtlasApp(built, catalogue(), landmarks=LandmarkCheck(bones, found_at(PLACES)))
    end = app.run_in_thread(sockets)
    yield Page(sockets[0].getsockname()[1]), bones
    end()


def test_the_page_is_given_what_was_found_and_gives_back_what_is_kept(served: tuple[Page, SetBones]) -> None:
    page, bones = served
    rows = page.sheet()
    assert list(rows) == ["asis.right", "psis.right", "ischial_spine.right", "sacral_promontory"]
    assert (rows["asis.right"]["trust"], rows["psis.right"]["trust"]) == ("good", "carried")
    assert (rows["ischial_spine.right"]["trust"], rows["ischial_spine.right"]["apart"]) == ("poor", 25.0)
    above = np.add(rows["asis.right"]["found"], [0.0, 0.0, 3.0])
    assert rows["asis.right"]["rule"] == pytest.approx(above, abs=1e-9)
    assert rows["psis.right"]["rule"] is None
    assert rows["asis.right"]["finding"]["text"].startswith("Most anterior point")
    assert rows["asis.right"]["placed"] is None
    there = np.add(rows["psis.right"]["found"], [0.0, 0.0, 8.0])
    work = {
        "psis.right": {"point": there.tolist(), "by": "person", "checked": False},
        "asis.right": {"point": rows["asis.right"]["found"], "by": "finder", "checked": True},
    }
    status, text = page.ask("POST", "/landmarks.json", {"landmarks": work})
    assert status == 200, text
    kept = read_landmarks(bones.folder)
    assert {name: (one.by, one.confidence, one.checked) for name, one in kept.items()} == {
        "psis.right": ("person", "placed", False),
        "asis.right": ("finder", "good", True),
    }
    place = bones.to_atlas(np.array([kept["psis.right"].point]))[0]
    assert place == pytest.approx(there, abs=0.001)
    again = page.sheet()
    assert again["psis.right"]["placed"]["point"] == pytest.approx(there, abs=0.001)
    assert again["ischial_spine.right"]["placed"] is None
    status, text = page.ask("POST", "/landmarks.yaml", {"landmarks": work})
    assert (status, text) == (200, landmarks_part(bones.folder).decode()), "the same as a file"


REFUSED: tuple[tuple[int, dict[str, Any]], ...] = (
    (403, {"Origin": "http://evil.example"}),
    (403, {"Content_Type": "text/plain"}),
    (400, {"body": {"landmarks": {"asis.right": {"point": [0, 0], "by": "person", "checked": True}}}}),
    (400, {"body": []}),
    (409, {"body": {"landmarks": {"asis.right": {"point": [0, 0, 500], "by": "person", "checked": True}}}}),
)


def test_nothing_else_is_taken(served: tuple[Page, SetBones]) -> None:
    page, bones = served
    for status, sent in REFUSED:
        body = sent.get("body", {"landmarks": {}})
        headers = {name: value for name, value in sent.items() if name != "body"}
        answer, words = page.ask("POST", "/landmarks.json", body, **headers)
        assert answer == status, sent
        assert words
        assert "Traceback" not in words
        assert landmarks_part(bones.folder) == b"", sent


def test_the_command_tells_placed_ones_from_found_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_fit(bones: object) -> None:
        raise FitError("The shape model needs more bones.")

    bones = make()
    shown = {name: place - bones.middle for name, place in PLACES.items()}
    monkeypatch.setattr("meshes.landmark_finder.find_landmarks", lambda _: found_at(shown, "millimetre", "lps"))
    monkeypatch.setattr("meshes.shape_fit.fit_shape", no_fit)
    moved = placed("psis.right").model_copy(update={"checked": True})
    write_landmarks(bones.folder, {"psis.right": moved}, bones.bones)
    shown["psis.right"] = shown["psis.right"] + [0.0, 0.0, 4.0]
    assert run(["atlas", "landmarks", "small"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert lines["psis.right"].endswith("placed by a person, 4.0 mm from where it was found, checked")
    assert lines["asis.right"].endswith("good; rule and population 3 mm apart")
    assert run(["atlas", "landmarks", "small", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["landmarks"]
    assert (told["psis.right"]["by"], told["psis.right"]["moved_mm"]) == ("person", 4.0)
    assert told["psis.right"]["place"] == pytest.approx(PLACES["psis.right"] - bones.middle, abs=0.01)
    assert "by" not in told["asis.right"]


def test_the_population_is_not_dragged(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["atlas", "landmarks", "population", "--check"]) == 1
    assert "--check is for mesh sets" in capsys.readouterr().err
    assert find_passport(make().folder).id == "small"
