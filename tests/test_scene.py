"""The scene document: what it accepts, how it says no, what it makes visible."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer import files
from viewer.check import Vocabulary, check
from viewer.errors import SceneError, ViewerError
from viewer.scene import Scene
from viewer.visibility import Entry, Kin, opacity, present_layers, visible

CASES = json.loads((Path(__file__).parent / "data" / "visibility_cases.json").read_text(encoding="utf-8"))
KNOWN = Vocabulary(
    structures=frozenset({"piriformis", "piriformis.right", "piriformis.left", "sacrum", "gluteus_maximus.right"}),
    views=frozenset({"posterior", "right_lateral", "left_lateral"}),
    variants=frozenset({"A"}),
    languages=frozenset({"en"}),
    triggers=frozenset({"gluteus_maximus.1", "gluteus_maximus.2", "piriformis.1"}),
)


class _Entry:
    def __init__(self, id: str, structure: str, side: str, shown: bool) -> None:  # noqa: A002
        self.id, self.structure, self.side, self.shown = id, structure, side, shown


class _Kin:
    def __init__(self, layer: str | None, part_of: str | None) -> None:
        self.layer, self.part_of = layer, part_of


ENTRIES = [_Entry(**entry) for entry in CASES["entries"]]
FIRST = {entry.id for entry in ENTRIES if entry.shown}
ANNOTATED: dict[str, Kin] = {name: _Kin(**kin) for name, kin in CASES["annotated"].items()}


@pytest.mark.parametrize("case", CASES["cases"], ids=[case["what"] for case in CASES["cases"]])
def test_rule_of_visibility(case: dict[str, Any]) -> None:
    scene = Scene.parse(case["scene"])
    assert visible(scene, ENTRIES, CASES["layers"], ANNOTATED) == set(case["visible"])
    by_id: dict[str, Entry] = {entry.id: entry for entry in ENTRIES}
    for name, expected in case.get("opacity", {}).items():
        assert opacity(scene, by_id[name], ANNOTATED) == pytest.approx(expected)


@given(peel=st.integers(0, 20), hidden=st.sets(st.sampled_from(sorted(FIRST))))
def test_peeling_further_never_brings_anything_back(peel: int, hidden: set[str]) -> None:
    def seen(depth: int) -> set[str]:
        scene = Scene(peel=depth, hidden=sorted(hidden))
        return visible(scene, ENTRIES, CASES["layers"], ANNOTATED)

    assert seen(peel + 1) <= seen(peel)
    assert not seen(peel) & hidden
    assert seen(peel) or hidden, "the innermost layer is never peeled off"


def test_a_layer_the_atlas_has_nothing_of_is_no_step_of_the_peel() -> None:
    assert "ligaments" in CASES["layers"]
    assert "ligaments" not in present_layers(ENTRIES, CASES["layers"], ANNOTATED)


def test_written_and_read_is_the_same_scene(tmp_path: Path) -> None:
    scene = Scene.parse(
        {
            "peel": 2,
            "hidden": ["sacrum"],
            "opacity": {"piriformis.right": 0.4},
            "cut": {"normal": [1, 0, 0], "offset": -3.5},
            "camera": {"view": None, "position": [0, 900, 10], "target": [0, 0, 0]},
            "variant": {"left": "B"},
            "compare": {"right": "F"},
            "section": {"along": "piriformis", "at": 0.25},
            "rulers": [{"from": [0, 1, 2], "to": [3, 4, 5.5]}],
            "subcutaneous": 1,
            "trigger": {"id": "gluteus_maximus.2"},
            "stipple": "muscle",
            "ball": "tennis_ball",
            "consult": True,
        }
    )
    assert scene.compare is not None
    assert scene.compare.left == "A"
    assert scene.section is not None
    assert (scene.section.side, scene.section.at) == ("right", 0.25)
    assert scene.trigger is not None
    assert (scene.trigger.id, scene.trigger.side) == ("gluteus_maximus.2", "right")
    assert tuple(scene.rulers[0].end) == (3.0, 4.0, 5.5)
    assert scene.variant.right == "A", "naming one side keeps the other's default"
    scene.write(tmp_path / "scene.json")
    assert Scene.read(tmp_path / "scene.json") == scene
    assert [path.name for path in tmp_path.iterdir()] == ["scene.json"]
    assert json.loads((tmp_path / "scene.json").read_text())["rulers"] == [{"from": [0, 1, 2], "to": [3, 4, 5.5]}]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"version": 2}, ["version 2", "up to 1", "pip install --upgrade ischia"]),
        ({"pel": 1}, ['unknown field "pel"', "Did you mean peel?"]),
        ({"camera": {"viw": "posterior"}}, ['"camera.viw"', "Did you mean view?"]),
        ({"cut": {"normall": [0, 1, 0]}}, ['"cut.normall"', "Did you mean normal?"]),
        ({"section": {"along": "femur"}}, ['"section.along"', "'piriformis'", '"femur"']),
        ({"section": {"at": 1.5}}, ['"section.at"', "less than or equal to 1"]),
        ({"subcutaneous": -0.1}, ['"subcutaneous"', "greater than or equal to 0"]),
        ({"rulers": [{"from": [0, 0, 0]}]}, ['"rulers.0.to"', "required"]),
        ({"rulers": [{"from": [0, 0, 0], "too": [1, 1, 1]}]}, ['"rulers.0.too"', "Did you mean to?"]),
        ({"trigger": {"side": "left"}}, ['"trigger.id"', "required"]),
        ({"trigger": {"id": "piriformis.1", "side": "midline"}}, ['"trigger.side"', "'right'", '"midline"']),
        ({"stipple": "muscles"}, ['"stipple"', "Did you mean muscle?"]),
        ({"ball": "tennis"}, ['"ball"', "Did you mean tennis_ball?"]),
        ({"consult": "please"}, ['"consult"', "boolean"]),
        ({"zzz": 1}, ['"zzz"', "Allowed are:", "footprints"]),
        ({"footprints": "al"}, ['"footprints"', "'selected'", "Did you mean all?"]),
        ({"opacity": {"sacrum": 3}}, ['"opacity.sacrum"', "less than or equal to 1", "3"]),
        ({"peel": -1}, ['"peel"', "greater than or equal to 0"]),
        ({"hidden": "sacrum"}, ['"hidden"', "list"]),
        ([], ["a scene is a JSON object"]),
    ],
)
def test_a_wrong_scene_is_told_what_is_wrong(document: Any, said: list[str]) -> None:
    with pytest.raises(SceneError) as raised:
        Scene.parse(document, "my.json")
    message = str(raised.value)
    assert message.startswith("my.json: ")
    for words in said:
        assert words in message
    assert "pydantic" not in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    ("content", "said"),
    [(b'{"peel": 1,}', "line 1, column 12"), (b"\xff\xfe\x00", "UTF-8"), (None, "no such file")],
)
def test_a_file_that_is_no_scene(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "scene.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SceneError, match=said):
        Scene.read(path)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"hidden": ["piriformis.rigth"]}, ['"hidden"', '"piriformis.rigth"', "piriformis.right"]),
        ({"selected": "gluteus_maximus"}, ['"selected"', "gluteus_maximus.right"]),
        ({"opacity": {"sacrun": 0.5}}, ['"opacity"', "sacrum"]),
        ({"camera": {"view": "right"}}, ['"camera.view"', "right_lateral", "posterior"]),
        ({"variant": {"left": "Q"}}, ['"variant.left"', '"Q"', "There are: A"]),
        ({"compare": {"right": "Q"}}, ['"compare.right"', 'no variant "Q"', "There are: A"]),
        ({"trigger": {"id": "gluteus_maximus_2"}}, ['"trigger.id"', "Did you mean gluteus_maximus.2", "piriformis.1"]),
        ({"language": "xx"}, ['"language"', "en"]),
    ],
)
def test_names_that_are_not_known(document: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(SceneError) as raised:
        check(Scene.parse(document), KNOWN, "my.json")
    for words in ["my.json", *said]:
        assert words in str(raised.value)


def test_every_wrong_name_is_told_at_once() -> None:
    scene = Scene(hidden=["nowhere", "piriformis"], selected="nothing")
    with pytest.raises(SceneError) as raised:
        check(scene, KNOWN)
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize("when", ["write", "replace"])
def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    path = tmp_path / "scene.json"
    Scene(peel=1).write(path)
    before = path.read_bytes()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full) if when == "write" else monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SceneError, match=r"disk is full.*nothing was changed"):
        Scene(peel=2).write(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["scene.json"]


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match="no such"):
        files.write_whole(tmp_path / "nowhere" / "x.json", b"")
