"""Every question that the quiz can make of the atlas, at every level: one answer is right, as the annotations say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations import load
from annotations.catalogue import catalogue
from viewer.schema import _node

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

WEB = Path(__file__).parents[1] / "viewer" / "web"
KNOWN = load()
STRUCTURES = KNOWN.structures
ENDS = {"origin": "proximal", "insertion": "distal"}


@pytest.fixture(scope="module")
def made(built_atlas: BuiltAtlas, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Facts that can be asked, and each as a question at every level from five seeds."""
    folder = tmp_path_factory.mktemp("quiz")
    given = {
        "atlas": json.loads(built_atlas.document.model_dump_json()),
        "catalogue": json.loads(catalogue().model_dump_json()),
    }
    (folder / "input.json").write_text(json.dumps(given), encoding="utf-8")
    command = [_node(), "tests/quizzes.mjs", str(folder / "input.json"), str(folder / "output.json")]
    subprocess.run(command, cwd=WEB, check=True, timeout=120)
    found: dict[str, Any] = json.loads((folder / "output.json").read_text(encoding="utf-8"))
    return found


def facts(made: dict[str, Any], form: str) -> list[dict[str, Any]]:
    found = [fact for fact in made["facts"] if fact["form"] == form]
    assert found, f"nothing is asked as {form}"
    return found


def keys(fact: dict[str, Any]) -> list[str]:
    return [answer["key"] for answer in fact["wrong"]]


def test_every_question_has_one_right_answer_and_none_twice(made: dict[str, Any]) -> None:
    by_id = {fact["id"]: fact for fact in made["facts"]}
    assert len(by_id) == len(made["facts"])
    for question in made["questions"]:
        fact = by_id[question["fact"]]
        chosen = [answer["key"] for answer in question["choices"]]
        texts = [answer["text"] for answer in question["choices"]]
        if fact["form"] == "find" or question["typed"]:
            assert not chosen
            continue
        assert chosen.count(fact["right"]["key"]) == 1, fact["id"]
        assert len(set(chosen)) == len(chosen) >= 3, fact["id"]
        assert len(set(texts)) == len(texts), fact["id"]
        assert not set(chosen) - {fact["right"]["key"], *keys(fact)}


def test_every_answer_is_vouched_for(made: dict[str, Any]) -> None:
    for fact in made["facts"]:
        assert fact["reasons"], fact["id"]
        for reason in fact["reasons"]:
            assert reason["claim"]["text"]
            assert reason["claim"]["evidence"]
            assert reason["claim"]["mark"] != "unverified", fact["id"]
            assert set(reason["claim"]["sources"]) <= set(KNOWN.references)
            assert reason["claim"]["sources"]


def test_all_is_asked_that_the_atlas_shows(made: dict[str, Any], built_atlas: BuiltAtlas) -> None:
    shown = {entry.structure for entry in built_atlas.document.structures.values()} - {"skin"}
    wholes = {STRUCTURES[name].part_of or name for name in shown}
    for form in ("name", "find"):
        assert {fact["about"] for fact in facts(made, form)} == wholes
    # A division of an undivided nerve is not told from the nerve.
    assert "sciatic_nerve" in wholes
    assert "tibial_division" not in wholes


def test_a_nerve_is_right_or_wrong_by_what_is_written_of_the_muscle(made: dict[str, Any]) -> None:
    for fact in facts(made, "nerve"):
        own = STRUCTURES[fact["about"]].innervation
        assert fact["right"]["key"] in {supply.structure or supply.nerve for supply in own}
        said = " ".join(supply.statement.text.lower() for supply in own)
        for key in keys(fact):
            name = STRUCTURES[key].names.english if key in STRUCTURES else key
            assert name.split(",")[0].lower() not in said, (fact["id"], key)
    by_muscle = {fact["about"]: fact for fact in facts(made, "nerve")}
    assert by_muscle["superior_gemellus"]["right"]["key"] == "nerve_to_obturator_internus"
    assert "common_fibular_division" in keys(by_muscle["semitendinosus"])
    assert "piriformis" not in by_muscle, "its nerve tells itself"


def test_a_bone_is_wrong_only_if_no_fibre_reaches_it(made: dict[str, Any]) -> None:
    for fact in facts(made, "bone"):
        carriers: list[str] = [fact["about"]]
        reached: set[str] = set()
        first = True
        while carriers:
            name = carriers.pop()
            ends = [one for one in STRUCTURES[name].attachments if not first or one.end == fact["end"]]
            first = False
            for on in {on for one in ends for on in one.on} - reached:
                reached.add(on)
                if STRUCTURES[on].kind != "bone":
                    carriers.append(on)
        assert fact["right"]["key"] in reached
        assert not reached & set(keys(fact)), fact["id"]


def test_a_landmark_is_wrong_only_if_no_text_of_that_end_names_it(made: dict[str, Any]) -> None:
    for fact in facts(made, "landmark"):
        own = [one for one in STRUCTURES[fact["about"]].attachments if one.end == fact["end"]]
        named = {landmark for one in own for landmark in one.landmarks}
        assert fact["right"]["key"] in named
        assert not named & set(keys(fact))
        for key in keys(fact):
            assert KNOWN.landmarks[key].names.english not in " ".join(one.statement.text.lower() for one in own)
    # On the sacrum no landmark is named, and many lie where it begins.
    maximus = next(fact for fact in facts(made, "landmark") if fact["id"] == "landmark:gluteus_maximus:proximal")
    assert not {"inferolateral_angle_of_sacrum", "coccyx_apex"} & set(keys(maximus))


def test_painted_areas_belong_to_one_that_shares_no_tendon_with_the_others(made: dict[str, Any]) -> None:
    wrong = {fact["about"]: set(keys(fact)) for fact in facts(made, "whose")}
    assert "biceps_femoris_long_head" not in wrong["semitendinosus"], "both arise by one tendon"
    assert not {"superior_gemellus", "inferior_gemellus"} & wrong["obturator_internus"]
    assert "superior_gemellus" in wrong["inferior_gemellus"]


def test_pain_is_referred_by_one_of_the_muscles_asked(made: dict[str, Any]) -> None:
    asked = {fact["id"].removeprefix("point:"): fact for fact in facts(made, "point")}
    assert set(asked) <= {name for name, point in KNOWN.trigger_points.items() if point.shown != "text_only"}
    for name, fact in asked.items():
        assert fact["right"]["key"] == KNOWN.trigger_points[name].muscle
        assert fact["right"]["key"] not in keys(fact)
    # Its pain is felt in the whole buttock: whoever's is felt within it is not wrong.
    assert "piriformis" not in keys(asked["gluteus_maximus.2"])
    assert "tensor_fasciae_latae" in keys(asked["piriformis.1"])


def test_the_usual_arrangement_is_the_one_that_is_usual(made: dict[str, Any]) -> None:
    (usual,) = facts(made, "usual")
    assert usual["right"]["key"] == "A"
    assert "high_division_below" not in keys(usual), "many series count it with the usual one"
