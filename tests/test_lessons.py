"""Lessons: those that come along teach what they say they teach; a faulty one is answered with field and line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from annotations import load
from annotations.lesson import LONGEST_TEXT, Lesson, Step, as_read, links
from annotations.lessons import check_lesson, lesson_problems, load_lessons, read_lesson
from annotations.loading import DATA
from annotations.problems import AnnotationError
from viewer.check import check, vocabulary
from viewer.commands.lesson import app
from viewer.documents import documents, documents_with
from viewer.errors import SceneError
from viewer.lesson_template import template
from viewer.scene import LessonPlace, Scene

LESSONS = load_lessons(scene=Scene)
STEPS = [
    pytest.param(lesson, step, id=f"{lesson.id}-{n}")
    for lesson in LESSONS.values()
    for n, step in enumerate(lesson.steps, 1)
]
ORDER = [
    "the_lay_of_the_land",
    "what_attaches_where",
    "the_deep_six",
    "piriformis_and_the_sciatic_nerve",
    "variants",
    "trigger_points_and_referred_pain",
]
RUNNER = CliRunner()


def test_the_six_lessons_are_there_in_their_order_for_all_three_kinds_of_people() -> None:
    assert list(LESSONS) == ORDER
    for lesson in LESSONS.values():
        assert set(lesson.audience) == {"students", "therapists", "educators"}
        assert 6 <= len(lesson.steps) <= 10
        assert 2 <= sum(step.question is not None for step in lesson.steps) <= 4
        assert any(step.client for step in lesson.steps), "words for a client"
        assert any(step.teacher for step in lesson.steps), "a hint for whoever teaches"


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_a_step_is_short_and_shows_what_it_names(lesson: Lesson, step: Step) -> None:
    text = as_read(step.text)
    assert 2 <= len(re.findall(r"[.!?:](?=\s|$|\*|”)", text)) <= 8
    assert len(text) <= LONGEST_TEXT
    assert not re.search(r"[\[\]()*]{2}|\]\(", text), "no mark is left when it is read aloud"
    assert all(name.partition(".")[0] in load().structures for name in links(step.text))


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_numbers_and_contested_things_have_their_sources(lesson: Lesson, step: Step) -> None:
    """A step that gives a figure of anatomy says who measured it: each figure is in a statement, or none is needed."""
    said = " ".join(
        [claim.text for claim in step.statements] + ([step.question.explanation.text] if step.question else [])
    )
    for percent in re.findall(r"(\d+(?:\.\d+)?) ?%", as_read(step.text)):
        assert (
            percent in said
            or f"{percent}.0" in said
            or any(abs(float(percent) - float(other)) < 0.5 for other in re.findall(r"\d+(?:\.\d+)?", said))
        ), f"{percent} % stands in the text without a source"
    if "contested" in step.text:
        assert any(claim.evidence == "contested" for claim in step.statements)


def test_pooled_figures_are_those_of_the_annotations() -> None:
    """What the lesson on variants says of types A and B is what their own files say."""
    spoken = " ".join(as_read(step.text) for step in LESSONS["variants"].steps)
    for variant, percent in (("A", "85.2 %"), ("B", "9.8 %")):
        pooled = load().variants[variant].prevalence[0]
        assert (pooled.source, pooled.pooled) == ("tomaszewski_2016", True)
        assert f"{pooled.percent:g} %" == percent
        assert percent in spoken


def test_the_lesson_on_trigger_points_begins_with_the_signs_and_keeps_off_the_bone() -> None:
    steps = LESSONS["trigger_points_and_referred_pain"].steps
    first = as_read(steps[0].text).lower()
    for sign in ("emergency", "numbness between the legs", "bladder", "both legs", "fever", "calf", "no diagnosis"):
        assert sign in first
    assert "trigger" not in steps[0].scene
    balls = [step for step in steps if step.scene.get("ball")]
    points = load().trigger_points
    for step in balls:
        words, trigger = as_read(step.text).lower(), step.scene["trigger"]
        assert isinstance(trigger, dict)
        assert points[str(trigger["id"])].self_care.verdict == "zone", "a ball only where the atlas has a place for it"
        assert "never on bone" in words
        assert re.search(r"stop at once if it tingles", words)
    assert balls
    assert any("convention" in as_read(step.text) for step in steps)


def test_the_document_has_whole_scenes_that_the_page_may_open() -> None:
    document = json.loads(documents()["lessons"])
    assert [lesson["id"] for lesson in document["lessons"]] == ORDER
    for lesson in document["lessons"]:
        for step in lesson["steps"]:
            assert step["scene"].keys() == Scene.model_fields.keys()
            scene = Scene.parse(step["scene"])
            if scene.camera.position is not None:
                assert scene.camera.view is None, "a place for the eye does away with the named view"


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_what_a_step_points_at_is_in_its_picture(lesson: Lesson, step: Step) -> None:
    """A structure that the text names, or that is to be found, is among those that its scene isolates."""
    scene = Scene.parse(step.scene)
    if not scene.isolated:
        return
    wanted = [*links(step.text), *([step.question.find] if step.question and step.question.find else [])]
    for name in wanted:
        bare, _, side = name.partition(".")
        whole = load().structures[bare].part_of or bare
        shown = {name, bare, whole, f"{whole}.{side}", *((f"{bare}.right", f"{bare}.left") if not side else ())}
        assert shown & set(scene.isolated), name


GOOD = template("my_lesson")
FAULTS: dict[str, tuple[str, str, str]] = {
    "unknown key": ("summary:", "sumary:", 'sumary: unknown key; did you mean "summary"?'),
    "no title": ("title: My lesson\n", "", "title: is missing"),
    "id in capitals": ("id: my_lesson", "id: MyLesson", "lower case words joined by underscores"),
    "unknown audience": ("[students]", "[student]", '"student" is not allowed; did you mean "students"?'),
    "structure in a link": (
        "(piriformis.right)",
        "(piriformus.right)",
        'steps[0].text: no structure "piriformus.right"; did you mean "piriformis.right"?',
    ),
    "link that is not whole": ("(piriformis.right)", "(piriformis.right", "has a link that is not whole"),
    "star without its partner": ("*usually*", "*usually", "has a * without its partner"),
    "unknown source": ("sacral_plexus_pages", "sacral_plexus_page", 'no reference "sacral_plexus_page"; did you mean'),
    "no source": ("sources: [sacral_plexus_pages]", "sources: []", "steps[0].statements[0].sources: must not be empty"),
    "unknown level": ("evidence: established_anatomy", "evidence: sure", '"sure" is not allowed;'),
    "unknown view": ("{view: oblique}", "{view: obliqe}", 'steps[0].scene.camera.view: no view "obliqe"; did you mean'),
    "isolated": ("hip_bone.right,", "hipbone.right,", 'steps[1].scene.isolated[1]: no structure "hipbone.right"; did'),
    "variant": ("focus: true", "variant: {right: G}", 'steps[0].scene.variant.right: no variant "G"; There are: A,'),
    "trigger point": (
        "focus: true",
        "trigger: {id: piriformis.3}",
        'steps[0].scene.trigger.id: no trigger point "piriformis.3"; did you mean "piriformis.2"?',
    ),
    "unknown field of a scene": (
        "focus: true",
        "foccus: true",
        'steps[0].scene.foccus: unknown key; did you mean "focus"?',
    ),
    "wrong value in a scene": ("focus: true", "peel: deep", "steps[0].scene.peel: "),
    "reader's own field": ("focus: true", "theme: dark", "steps[0].scene: theme belongs to the reader, not to a step"),
    "two right choices": (
        "          why: That is",
        "          right: true\n          why: That is",
        "exactly one choice",
    ),
    "no right choice": ("          right: true\n", "", "exactly one choice must be right (right: true), not none"),
    "choices and find": ("      choices:", "      find: sacrum\n      choices:", "give either choices or a structure"),
    "find what is not there": (
        "# or, instead of choices:   find: piriformis.right",
        "find: nothing.right",
        "question: give either choices or a structure to find",
    ),
    "too long": (
        "Look at the picture,",
        "Look at the picture, " + "and again, " * 80,
        "at most 640 are read beside a picture",
    ),
    "long title": ("title: One idea a step", "title: " + "One idea " * 12 + "a step", "characters long; at most 70"),
    "no steps": ("steps:\n", "steps: []\nmore:\n", "steps: must not be empty"),
    "not YAML": ("minutes: 5", "minutes: [5", "is not valid YAML"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_field_line_and_a_way_out(fault: str, tmp_path: Path) -> None:
    old, new, message = FAULTS[fault]
    assert old in GOOD
    path = tmp_path / "my_lesson.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    _, problems = check_lesson(path, scene=Scene)
    told = [str(problem) for problem in problems]
    assert any(message in line for line in told), told
    assert all(line.startswith(f"{path}: ") and re.search(r"\(line \d+\)$", line) for line in told), told
    with pytest.raises(AnnotationError, match=re.escape(told[0][:60])):
        read_lesson(path, Scene)


def test_the_template_is_a_sound_lesson_and_plays_beside_the_others(tmp_path: Path) -> None:
    path = tmp_path / "my_lesson.yaml"
    path.write_text(GOOD, encoding="utf-8")
    lesson = read_lesson(path, Scene)
    assert (lesson.title, len(lesson.steps)) == ("My lesson", 2)
    found = json.loads(documents_with(lesson)["lessons"])["lessons"]
    assert {one["id"] for one in found} == {*ORDER, "my_lesson"}
    assert documents_with(None) == documents()


def test_a_lesson_may_be_json_too(tmp_path: Path) -> None:
    path = tmp_path / "variants.json"
    path.write_text(LESSONS["variants"].model_dump_json(), encoding="utf-8")
    assert read_lesson(path, Scene) == LESSONS["variants"]


def test_a_data_folder_is_told_of_its_lessons_faults(tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "other.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "forgotten.yml").write_text(GOOD, encoding="utf-8")
    told = [str(problem) for problem in lesson_problems(tmp_path, scene=Scene)]
    assert told == [
        "lessons/forgotten.yml: is not read; rename it to .yaml",
        'lessons/other.yaml: id: the id "my_lesson" must be the file\'s name without .yaml, "other"',
    ]
    assert lesson_problems(DATA, scene=Scene) == []


def test_a_scene_names_only_lessons_and_steps_that_there_are(built_atlas: Any) -> None:
    from annotations.catalogue import catalogue

    own = Lesson.model_validate({**LESSONS["variants"].model_dump(), "id": "mine"})
    known = vocabulary(built_atlas.document, catalogue(), lessons=[own])
    for place in (LessonPlace(id="variants", step=7), LessonPlace(id="mine")):
        check(Scene(lesson=place), known)
    with pytest.raises(SceneError, match=r'there is no lesson "varients". Did you mean variants\?'):
        check(Scene(lesson=LessonPlace(id="varients")), known)
    with pytest.raises(SceneError, match=r'the lesson "variants" has 8 steps, counted from 0: there is no step 8'):
        check(Scene(lesson=LessonPlace(id="variants", step=8)), known)


def test_the_command_lists_begins_and_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    listed = RUNNER.invoke(app, ["list"])
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.output.splitlines()] == ORDER
    assert [one["id"] for one in json.loads(RUNNER.invoke(app, ["list", "--json"]).output)] == ORDER

    assert RUNNER.invoke(app, ["new", "the_hip"]).exit_code == 0
    assert Path("the_hip.yaml").read_text(encoding="utf-8") == template("the_hip")
    checked = RUNNER.invoke(app, ["check", "the_hip.yaml"])
    assert (checked.exit_code, checked.output) == (0, "Valid: The hip (2 steps, 1 question).\n")
    again = RUNNER.invoke(app, ["new", "the_hip"])
    assert again.exit_code == 1
    assert "is there already" in str(again.exception)
    assert RUNNER.invoke(app, ["new", "The Hip"]).exit_code == 2

    Path("bad.yaml").write_text(GOOD.replace("peel", "peal").replace("oblique}", "obliqe}"), encoding="utf-8")
    bad = RUNNER.invoke(app, ["check", "bad.yaml"])
    assert bad.exit_code == 1
    assert "(line " in bad.output
    told = json.loads(RUNNER.invoke(app, ["check", "bad.yaml", "--json"]).output)
    assert told["valid"] is False
    assert len(told["problems"]) == 2
    assert RUNNER.invoke(app, ["check", "nowhere.yaml"]).exit_code == 1
