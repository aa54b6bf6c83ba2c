"""A broken annotation file is answered with file, field, line and a way out; all faults are told at once."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

import annotations
from annotations.explain import validate_as
from annotations.loading import DATA
from annotations.structure import Structure
from annotations.yamlfile import read_yaml

PIRIFORMIS = "structures/piriformis.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped annotations, to be broken."""
    for name in ("structures", "variants", "trigger_points"):
        shutil.copytree(DATA / name, tmp_path / name)
    for path in DATA.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def replace(folder: Path, file: str, old: str, new: str) -> int:
    """Put `new` for the first `old` in a file and give the line on which it stands."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_copy_is_good(folder: Path) -> None:
    assert annotations.validate(folder) == []
    assert annotations.load(folder).structures.keys() == annotations.load().structures.keys()


CASES = {
    "unknown key": (
        PIRIFORMIS,
        "attachments:",
        "atachments:",
        'structures/piriformis.yaml: atachments: unknown key; did you mean "attachments"? Allowed: actions,',
    ),
    "unknown key deep inside": (
        PIRIFORMIS,
        "      evidence: established_anatomy",
        "      evidense: established_anatomy",
        'attachments[0].statement.evidense: unknown key; did you mean "evidence"? Allowed: ',
    ),
    "key far from any allowed one": (
        PIRIFORMIS,
        "paired: true",
        "paired: true\nzzz: 1",
        "structures/piriformis.yaml: zzz: unknown key; Allowed: actions, attachments, blood_supply,",
    ),
    "dangling reference": (
        PIRIFORMIS,
        "sources: [gray_1918, imaios, windisch_2007]",
        "sources: [imaios, gray_1981]",
        'attachments[0].statement.sources[1]: no reference "gray_1981"; did you mean "gray_1918"?',
    ),
    "source of an identifier": (
        PIRIFORMIS,
        'value: "19082", source: uberon_2026',
        'value: "19082", source: ubern_2026',
        'structures/piriformis.yaml: identifiers[0].source: no reference "ubern_2026"; did you mean "uberon_2026"?',
    ),
    "dangling structure": (
        PIRIFORMIS,
        "on: [sacrum]",
        "on: [sacrm]",
        'structures/piriformis.yaml: attachments[0].on[0]: no structure "sacrm"; did you mean "sacrum"?',
    ),
    "dangling landmark": (
        PIRIFORMIS,
        "landmarks: [greater_sciatic_notch]",
        "landmarks: [greater_sciatic_noch]",
        'attachments[1].landmarks[0]: no landmark "greater_sciatic_noch"; did you mean "greater_sciatic_notch"?',
    ),
    "dangling nerve": (
        "structures/gluteus_maximus.yaml",
        "structure: inferior_gluteal_nerve",
        "structure: inferior_glutal_nerve",
        'structures/gluteus_maximus.yaml: innervation[0].structure: no structure "inferior_glutal_nerve"; did you mean',
    ),
    "dangling layer": (
        PIRIFORMIS,
        "layer: deep",
        "layer: deeep",
        'structures/piriformis.yaml: layer: no layer "deeep"; did you mean "deep"?',
    ),
    "dangling group": (
        PIRIFORMIS,
        "group: deep_hip_rotators",
        "group: hip_rotators",
        'structures/piriformis.yaml: group: no group "hip_rotators"; did you mean "deep_hip_rotators"?',
    ),
    "dangling part": (
        "structures/ilium.yaml",
        "part_of: hip_bone",
        "part_of: hipbone",
        'structures/ilium.yaml: part_of: no structure "hipbone"; did you mean "hip_bone"?',
    ),
    "no source": (
        PIRIFORMIS,
        "      sources: [gray_1918, imaios, windisch_2007]\n",
        "",
        "structures/piriformis.yaml: attachments[0].statement.sources: is missing (Keys of the references that say so)",
    ),
    "empty sources": (
        PIRIFORMIS,
        "sources: [gray_1918, imaios, windisch_2007]",
        "sources: []",
        "structures/piriformis.yaml: attachments[0].statement.sources: must not be empty",
    ),
    "missing field": (
        PIRIFORMIS,
        "reviewed_by: null\n",
        "",
        "structures/piriformis.yaml: reviewed_by: is missing (The qualified person",
    ),
    "evidence level that does not exist": (
        PIRIFORMIS,
        "evidence: contested",
        "evidence: contestd",
        'actions[3].evidence: "contestd" is not allowed; did you mean "contested"? Allowed: established_anatomy,',
    ),
    "mark that does not exist": (
        PIRIFORMIS,
        "mark: unverified",
        "mark: perhaps",
        'actions[3].mark: "perhaps" is not allowed; Allowed: verified, recalled, derived, unverified',
    ),
    "wrong type": (
        PIRIFORMIS,
        "paired: true",
        "paired: 1",
        "structures/piriformis.yaml: paired: must be true or false, not the number 1",
    ),
    "text instead of a list": (
        PIRIFORMIS,
        "on: [sacrum]",
        "on: sacrum",
        'structures/piriformis.yaml: attachments[0].on: must be a list, not "sacrum"',
    ),
    "number that lost its quotes": (
        PIRIFORMIS,
        'value: "19082"',
        "value: 19082",
        "structures/piriformis.yaml: identifiers[0].value: must be text, not the number 19082 (",
    ),
    "list instead of text": (
        PIRIFORMIS,
        "latin: musculus piriformis",
        "latin: [musculus, piriformis]",
        "structures/piriformis.yaml: names.latin: must be text, not a list",
    ),
    "empty text": (
        PIRIFORMIS,
        "latin: musculus piriformis",
        'latin: ""',
        "structures/piriformis.yaml: names.latin: must not be empty",
    ),
    "identifier with a digit too few": (
        PIRIFORMIS,
        'value: "0008529"',
        'value: "008529"',
        'structures/piriformis.yaml: identifiers[3]: "008529" is no UBERON identifier; write 7 digits, such as 0008529',
    ),
    "root that does not exist": (
        PIRIFORMIS,
        "roots: [S1, S2]",
        "roots: [S1, S7]",
        'structures/piriformis.yaml: innervation[0].roots[1]: "S7" is no spinal root; write T1 to T12,',
    ),
    "id that is not the file's name": (
        PIRIFORMIS,
        "id: piriformis",
        "id: pyriformis",
        'structures/piriformis.yaml: id: the id "pyriformis" must be the file\'s name without .yaml, "piriformis"',
    ),
    "id in two files": (
        "structures/semitendinosus.yaml",
        "id: semitendinosus",
        "id: piriformis",
        'id: the id "piriformis" is already that of piriformis.yaml; ids must be unique',
    ),
    "name of two structures": (
        "structures/coccyx.yaml",
        "synonyms: [tailbone,",
        "synonyms: [piriform muscle,",
        'names.synonyms[0]: "piriform muscle" is also a name of piriformis; a name must lead to one entry',
    ),
    "duplicate key": (
        PIRIFORMIS,
        "kind: muscle",
        "kind: muscle\nkind: nerve",
        "structures/piriformis.yaml: kind: is given twice; first on line 2 (line 3)",
    ),
    "duplicate layer": (
        "layers.yaml",
        "id: middle",
        "id: deep",
        'layers.yaml: [3].id: the id "deep" is given twice',
    ),
    "missing evidence level": (
        "evidence_levels.yaml",
        "id: contested",
        "id: established_anatomy",
        'evidence_levels.yaml: the level "contested" is missing',
    ),
    "landmark on nothing": (
        "landmarks.yaml",
        "  on: hip_bone",
        "  on: hip_bon",
        'landmarks.yaml: iliac_crest.on: no structure "hip_bon"; did you mean "hip_bone"?',
    ),
    "landmark of an unknown form": (
        "landmarks.yaml",
        "  form: point",
        "  form: dot",
        'landmarks.yaml: asis.form: "dot" is not allowed; Allowed: point, line, area',
    ),
    "view that looks at nothing": (
        "views.yaml",
        "[asis.right, asis.left,",
        "[asis.rigt, asis.left,",
        'views.yaml: posterior.target_landmarks[0]: no landmark "asis.rigt"; write asis.right or asis.left',
    ),
    "view that looks at a landmark of no name": (
        "views.yaml",
        "[asis.right, asis.left,",
        "[pis.right, asis.left,",
        'views.yaml: posterior.target_landmarks[0]: no landmark "pis"; did you mean "psis"?',
    ),
    "view of a wrong length": (
        "views.yaml",
        "direction: [0.0, 1.0, 0.0]",
        "direction: [0.0, 2.0, 0.0]",
        "views.yaml: posterior: direction must have the length 1, not 2.000",
    ),
    "view that leans": (
        "views.yaml",
        "up: [0.0, 0.0, 1.0]",
        "up: [0.0, 1.0, 0.0]",
        "views.yaml: posterior: up must be at right angles to direction; their product is 1.000, not 0",
    ),
    "view of two numbers": (
        "views.yaml",
        "direction: [0.0, 1.0, 0.0]",
        "direction: [0.0, 1.0]",
        "views.yaml: posterior.direction[2]: is missing",
    ),
    "address that is none": (
        "references.yaml",
        "url: https://github.com/obophenotype/uberon",
        "url: github.com/obophenotype/uberon",
        'references.yaml: uberon_2026.url: "github.com/obophenotype/uberon" must be an address that begins with https://',
    ),
    "unknown key of a reference": (
        "references.yaml",
        "  kind: repository",
        "  kinds: repository",
        'references.yaml: uberon_2026.kinds: unknown key; did you mean "kind"? Allowed: doi, kind, text, url',
    ),
    "variant from a source that is not there": (
        "variants/B.yaml",
        "source: tomaszewski_2016",
        "source: tomaszewsky_2016",
        'no reference "tomaszewsky_2016"; did you mean "tomaszewski_2016"?',
    ),
    "nerve through a muscle that is not split": (
        "variants/B.yaml",
        "split: true",
        "split: false",
        "variants/B.yaml: a division passes through the muscle, so `split` must be true",
    ),
    "plate from a source that is not there": (
        "plates.yaml",
        "      sources: [robertson_2008]",
        "      sources: [robertson_2080]",
        'statements[3].sources[0]: no reference "robertson_2080"; did you mean "robertson_2008"?',
    ),
    "trigger point at a landmark that is not there": (
        "trigger_points/piriformis.1.yaml",
        "{piis: 0.3,",
        "{pis: 0.3,",
        'place.landmarks.pis: no landmark "pis"; did you mean',
    ),
    "red flag from a source that is not there": (
        "safety.yaml",
        "      sources: [cauda_equina_pathway]",
        "      sources: [cauda_equina]",
        'red_flags[0].statement.sources[0]: no reference "cauda_equina"; did you mean "cauda_equina_pathway"?',
    ),
    "measure of a structure that is not there": (
        "measures.yaml",
        "  structure: gluteus_medius",
        "  structure: gluteus_medus",
        'structure: no structure "gluteus_medus"; did you mean "gluteus_medius"?',
    ),
    "measure that is tested though nobody read it": (
        "measures.yaml",
        "  mark: verified",
        "  mark: recalled",
        'a measure marked "recalled" cannot be tested; only verified ones can',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_file_field_and_line(folder: Path, case: str) -> None:
    file, old, new, expected = CASES[case]
    whole = ("is missing", "must be true", "cannot be tested")
    inside = file == "views.yaml" or any(words in expected for words in whole)
    line = replace(folder, file, old, new)
    found = [problem for problem in annotations.validate(folder) if expected in problem]
    assert len(found) == 1, f"expected {expected!r} in {annotations.validate(folder)}"
    assert found[0].startswith(f"{file}: ")
    if not case.startswith("missing evidence"):
        told = int(found[0].rsplit("(line ", 1)[1].rstrip(")"))
        assert told <= line if inside else abs(told - line) <= 1
    with pytest.raises(annotations.AnnotationError) as error:
        annotations.load(folder)
    assert found[0] in str(error.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"id: piriformis\nnames: {english: piriformis\nkind: muscle\n", "is not valid YAML: "),
        (b"id: piriformis\nkind: muscle\n\tlayer: deep\n", "is not valid YAML: "),
        (b"id: piriformis\nnames: &a {english: x}\nkind: *a\n", "aliases (*name) are not allowed; write the value out"),
        (b"id: piriformis\nkind: \xff\xfe\n", "is not UTF-8 text; save it with the encoding UTF-8 (line 2)"),
        (
            b"id: piriformis\nkind: !!python/object/apply:os.getcwd []\n",
            "tags (tag:yaml.org,2002:python/object/apply:os.getcwd) are not allowed; write plain values (line 2)",
        ),
        (b"id: a\n---\nid: b\n", "must hold one document; take out the line ---"),
        (b"", "is empty"),
        (b"# nothing\n", "is empty"),
        (b"- a\n- b\n", "must be a set of keys with values, not a list"),
        (b"just words\n", 'must be a set of keys with values, not "just words"'),
        (b"1: a\n", "the key 1 must be text; put it in quotes"),
        (b"x: " + b"[" * 300_000, "is nested more than 40 deep"),
        (b"? [a]\n: b\n", "a key must be text (line 1)"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder: Path, content: bytes, expected: str) -> None:
    (folder / PIRIFORMIS).write_bytes(content)
    problems = [problem for problem in annotations.validate(folder) if problem.startswith(PIRIFORMIS)]
    assert any(expected in problem for problem in problems), problems


def test_the_reader_does_not_need_libyaml(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.yamlfile._PARSER", yaml.SafeLoader)
    assert annotations.validate(folder) == []
    assert annotations.load(folder) == annotations.load()


def test_no_key_can_be_misspelt_unnoticed(tmp_path: Path) -> None:
    text = (DATA / PIRIFORMIS).read_text(encoding="utf-8")
    keys = list(re.finditer(r"(?:^ *(?:- )?|[{,] ?)([a-z_]+):(?= |$)", text, re.MULTILINE))
    assert len(keys) > 100
    for match in keys:
        path = tmp_path / "piriformis.yaml"
        path.write_text(text[: match.end(1)] + "x" + text[match.end(1) :], encoding="utf-8")
        file = read_yaml(path, "piriformis.yaml")
        assert validate_as(Structure, file, file.content) is None
        line = text[: match.start(1)].count("\n") + 1
        wrong = [problem for problem in file.problems if problem.path[-1] == f"{match[1]}x"]
        assert len(wrong) == 1
        assert wrong[0].line == line
        assert wrong[0].text.startswith(f'unknown key; did you mean "{match[1]}"? Allowed: ')


def test_broken_yaml_names_its_line(folder: Path) -> None:
    (folder / PIRIFORMIS).write_text("id: piriformis\nkind: muscle\n\tlayer: deep\n", encoding="utf-8")
    assert next(p for p in annotations.validate(folder) if p.startswith(PIRIFORMIS)).endswith("(line 3)")


def test_all_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    replace(folder, PIRIFORMIS, "on: [sacrum]", "on: [sacrm]")
    replace(folder, PIRIFORMIS, "evidence: contested", "evidence: contestd")
    replace(folder, "structures/femur.yaml", "layer: bones", "layer: bone")
    replace(folder, "landmarks.yaml", "  form: line", "  form: rope")
    replace(folder, "views.yaml", "[asis.right, asis.left,", "[asis.rigt, asis.lft,")
    problems = annotations.validate(folder)
    for expected in ("contestd", 'no layer "bone"', '"rope"', "asis.rigt", "asis.lft"):
        assert any(expected in problem for problem in problems), (expected, problems)
    assert problems == sorted(set(problems), key=problems.index)


def test_an_entry_that_fails_by_itself_does_not_make_others_dangle(folder: Path) -> None:
    replace(folder, "structures/femur.yaml", "kind: bone", "kind: bon")
    assert annotations.validate(folder) == [
        'structures/femur.yaml: kind: "bon" is not allowed; did you mean "bone"? Allowed: bone, muscle, tendon, '
        "ligament, nerve, fascia, membrane, skin, joint, disc (line 2)"
    ]


def test_a_file_with_a_foreign_id_and_further_faults_is_told_in_full(folder: Path) -> None:
    replace(folder, PIRIFORMIS, "id: piriformis", "id: pyriformis")
    replace(folder, PIRIFORMIS, "evidence: contested", "evidence: contestd")
    (folder / "structures" / "femur.yaml").unlink()
    problems = annotations.validate(folder)
    assert any('actions[3].evidence: "contestd"' in problem for problem in problems)
    assert any('no structure "femur"' in problem for problem in problems)


def test_missing_files_and_folders_are_named(folder: Path) -> None:
    (folder / "references.yaml").unlink()
    assert annotations.validate(folder)[0] == "references.yaml: cannot be read: No such file or directory"
    missing = folder / "nowhere"
    assert annotations.validate(missing) == [
        f"{missing}: is no folder; give the folder that holds structures/ and landmarks.yaml"
    ]


def test_files_that_are_not_read_are_told(folder: Path) -> None:
    (folder / "landmark.yaml").write_text("asis: {}\n", encoding="utf-8")
    (folder / "structures" / "biceps.yml").write_text("id: biceps\n", encoding="utf-8")
    assert annotations.validate(folder) == [
        'landmark.yaml: is not read; did you mean "landmarks.yaml"?',
        "structures/biceps.yml: is not read; rename it to .yaml",
    ]


FORM = """id: piriformis
kind: muscle
origin: {curve: [{bone: sacrm, points: [[1, 0.1, 0.2]]}]}
insertion: {curve: [{landmarks: {greater_trochantr@0.5: 1.0}}]}
over: [hip_bone, gluteus_minimos]
"""


PLACES = """landmarks:
  asi: {bone: hip_bone, element: 1, xi1: 0.1, xi2: 0.2}
  psis: {bone: femur, element: 1, xi1: 0.1, xi2: 0.2}
  iliac_crest: {bone: hip_bone, element: 1, xi1: 0.1, xi2: 0.2}
  aiis: {bone: hip_bone, element: 1, xi1: 0.1, xi2: 0.2, xi3: 0.3}
"""


def test_files_that_geometry_is_made_from_are_checked_too(folder: Path) -> None:
    for name in ("forms", "population", "sets"):
        (folder / name).mkdir()
    (folder / "population" / "landmarks.yaml").write_text(PLACES, encoding="utf-8")
    (folder / "forms" / "piriformis.yaml").write_text(FORM, encoding="utf-8")
    (folder / "sets" / "mine.yaml").write_text("meshes:\n- {file: a.glb, structure: femurr}\n", encoding="utf-8")
    (folder / "sets" / "torn.yaml").write_text("meshes: [\n", encoding="utf-8")
    problems = annotations.validate(folder)
    for expected in (
        'forms/piriformis.yaml: origin.curve[0].bone: no structure "sacrm"; did you mean "sacrum"? (line 3)',
        'insertion.curve[0].landmarks.greater_trochantr@0.5: no landmark "greater_trochantr"; did you mean',
        'forms/piriformis.yaml: over[1]: no structure "gluteus_minimos"; did you mean "gluteus_minimus"? (line 5)',
        "forms/piriformis.yaml: ",
        'population/landmarks.yaml: landmarks.asi: no landmark "asi"; did you mean "asis"? (line 2)',
        "population/landmarks.yaml: landmarks.psis.bone: psis lies on hip_bone, not on femur (line 3)",
        "population/landmarks.yaml: landmarks.iliac_crest.points: is missing (Element and its two coordinates",
        'landmarks.aiis.xi3: unknown key; did you mean "xi2"? Allowed: bone, element, xi1, xi2 (line 5)',
        'sets/mine.yaml: meshes[0].structure: no structure "femurr"; did you mean "femur"? (line 2)',
        "sets/torn.yaml: is not valid YAML: ",
    ):
        assert any(expected in problem for problem in problems), (expected, problems)
    assert annotations.load(folder) is not None


def test_on_and_no_are_words_and_numbers_keep_their_kind(folder: Path) -> None:
    replace(folder, PIRIFORMIS, "synonyms: [piriform muscle,", "synonyms: [no, yes, 2020-01-01, 1_0, 0x10, 12:30,")
    names = annotations.load(folder).structures["piriformis"].names
    assert names.synonyms[:6] == ["no", "yes", "2020-01-01", "1_0", "0x10", "12:30"]


def test_an_error_with_many_faults_stays_readable(folder: Path) -> None:
    for path in (folder / "structures").glob("*.yaml"):
        path.write_text("id: x\n", encoding="utf-8")
    with pytest.raises(annotations.AnnotationError) as error:
        annotations.load(folder)
    assert len(str(error.value).splitlines()) == 21
    assert str(error.value).endswith("more; `ischia validate` lists them all.")
    assert len(error.value.problems) > 200
