"""Languages: what a folder of translations may hold, what is found wrong with it, and that ours are whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotations import AnnotationError, load, untranslated
from annotations.catalogue import catalogue, names_in
from annotations.language import language_codes, targets
from annotations.lessons import load_lessons
from annotations.loading import DATA, interface_texts, language_documents, translation
from viewer import texts
from viewer.cli import app

SHIPPED = ["de", "es", "fr", "ja", "pt"]
GEOMETRY = ("forms", "cords", "population", "skin", "sets")

TOY = {
    "language.yaml": "name: Toki\nenglish: Toy\n",
    "names.yaml": "structures: {piriformis: {name: pipi, also: [pipi lili]}}\nviews: {posterior: monsi}\n"
    "layers: {skin: selo}\n",
    "safety.yaml": "stop: {sharp: pini!}\nred_flags: {foot_drop: {sign: noka ike}}\n",
    "interface.yaml": '"right {name}": "{name} teje"\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder without what geometry is made from, and without languages."""
    leave = shutil.ignore_patterns(*GEOMETRY, "languages")
    return Path(shutil.copytree(DATA, tmp_path / "data", ignore=leave))


@pytest.fixture
def toy(folder: Path) -> Callable[..., Path]:
    """Writes the toy language, with some of its files written otherwise."""

    def write(code: str = "tok", **files: str) -> Path:
        place = folder / "languages" / code
        place.mkdir(parents=True)
        for name, text in {**TOY, **{f"{key}.yaml": text for key, text in files.items()}}.items():
            (place / name).write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.mark.parametrize("code", SHIPPED)
def test_ours_translate_everything_and_nothing_that_is_not_there(code: str) -> None:
    found = translation(code)
    assert [str(problem) for problem in found.problems] == []
    assert {topic: texts for topic, texts in found.missing.items() if texts} == {}
    assert found.document().reviewed.safety is None, "nobody qualified is known to us yet"


def test_ours_are_these_and_each_has_its_own_name() -> None:
    assert language_codes(DATA) == SHIPPED
    assert [entry.name for entry in catalogue().languages] == [
        "English",
        "Deutsch",
        "Español",
        "Français",
        "日本語",
        "Português",
    ]


def test_every_text_of_the_sources_is_listed() -> None:
    assert texts.main(["--check"]) == 0


def test_texts_are_found_in_each_form_of_call() -> None:
    source = """
      // t("not a comment")
      const a = session.t("One {hole}", { hole: f(1) }) + t.n(list.length, "{n} bone", "{n} bones");
      const b = [phrase("In a table"), t.safe('He said "stop".'), anatomy.t(
        "On its own line",
      )];
      first(1); get t(): Translate {}
    """
    found = ["One {hole}", "{n} bone", "{n} bones", "In a table", 'He said "stop".', "On its own line"]
    assert list(texts.texts_in(source, "a.ts")) == found


@pytest.mark.parametrize("call", ["t(words)", "session.t(`a ${b}`)", 't("a" + b)', 't.n(2, one, "b")'])
def test_a_text_that_nobody_could_translate_is_refused(call: str) -> None:
    with pytest.raises(texts.TextError, match=r"^a\.ts:2: .*literal"):
        list(texts.texts_in(f"\n{call};", "a.ts"))


def test_one_folder_is_a_language(toy: Callable[..., Path]) -> None:
    folder = toy()
    page = catalogue("tok", folder=folder)
    assert [(entry.code, entry.name) for entry in page.languages] == [("en", "English"), ("tok", "Toki")]
    assert page.structures["piriformis"].names.english == "pipi"
    assert page.structures["piriformis"].names.synonyms == ["pipi lili"]
    assert page.structures["piriformis"].names.latin == "musculus piriformis"
    assert page.structures["sacrum"].names.english == "sacrum", "what is missing stays English"
    assert (page.views["posterior"].name, page.layers[0].name) == ("monsi", "selo")
    assert {advice.id: advice.text for advice in page.safety.stop}["sharp"] == "pini!"
    document = json.loads(language_documents(folder)["tok"])
    assert document["texts"] == {"right {name}": "{name} teje"}
    assert document["catalogue"]["safety/red_flags/foot_drop/sign"] == "noka ike"
    assert document["reviewed"]["safety"] is None


def test_what_is_missing_is_counted_and_no_fault(toy: Callable[..., Path]) -> None:
    folder = toy()
    missing = untranslated(folder)["tok"]
    assert len(missing["interface"]) == len(interface_texts()) - 1
    addresses = targets(load(), load_lessons())
    assert len(missing["names"]) == len(addresses["names"]) - 3
    assert "stop.sharp" not in missing["safety"]
    assert "stop.tingling" in missing["safety"]
    for part in GEOMETRY:
        (folder / part).symlink_to(DATA / part)
    found = CliRunner().invoke(app, ["validate", str(folder)])
    assert found.exit_code == 0, found.output
    assert (
        f"languages/tok: in English for want of a translation: {len(missing['interface'])} of interface" in found.output
    )


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"names": "structures: {piriformus: {name: x}}"},
            "structures.piriformus.name: stands for no English text; did",
        ),
        ({"names": "structures:\n  piriformis:\n    name: [x]"}, "structures.piriformis.name[0]: stands for no"),
        ({"names": "views: {posterior: 3}"}, "views.posterior: must be text"),
        ({"names": "structures: {sacrum: {also: x, name: y}}"}, "structures.sacrum.also: must be a list of names"),
        ({"names": "- a"}, "names.yaml: must be a set of keys with values"),
        ({"safety": "evidence: [a, b, c, d, e, f, g, h, i, j]"}, "stands for no English text"),
        (
            {"interface": '"Fade otters": x'},
            'Fade otters: is no text of the interface; did you mean "Fade others"? (line 1)',
        ),
        ({"interface": '"right {name}": teje'}, "right {name}: must have the same holes as the English: {name}"),
        ({"interface": '"Fade others": ""'}, "Fade others: must be text"),
        ({"language": "english: Toy"}, "language.yaml: name: is missing (The language's own name: `Deutsch`)"),
        ({"glossary": "a: b"}, "glossary.yaml: is not read"),
        ({"code": "toki pona"}, "must be named by a language's code"),
    ],
)
def test_faults_name_file_field_and_line(toy: Callable[..., Path], files: dict[str, str], told: str) -> None:
    code = files.get("code", "tok")
    found = translation(code, folder=toy(**files))
    problems = [str(problem) for problem in found.problems]
    assert any(told in problem and f"languages/{code}" in problem for problem in problems), problems
    with pytest.raises(AnnotationError):
        found.document()


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(AnnotationError, match=r'no language "dee"; did you mean "de"\?; there are: en, de'):
        catalogue("dee")


def test_names_in_a_language_are_those_of_its_catalogue() -> None:
    german = names_in("de")
    assert german["piriformis"] == catalogue("de").structures["piriformis"].names.english != "piriformis"
    assert names_in("en")["piriformis"] == "piriformis"
