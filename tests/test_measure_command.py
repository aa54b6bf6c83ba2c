"""`ischia measure` and `ischia gallery` on a body of simple solids whose numbers are known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas
from meshes.more import ensure_later
from tests.later import SHIFT, bare, stand_ins
from viewer import cli
from viewer.gallery import SHEET, gallery, picture_scene, words

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuiltAtlas:
    stand_ins(monkeypatch)
    atlas = bare(tmp_path / "atlas")
    atlas.document.sources["test"] = next(iter(atlas.document.sources.values()))
    ensure_later(atlas)
    return atlas


@pytest.fixture
def ischia(capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


def test_measure_prints_the_numbers_of_the_variant_asked_for_on_each_side(built: BuiltAtlas, ischia: Call) -> None:
    code, out, err = ischia("measure", "--atlas", built.folder, "--right", "B", "--left", "A", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["right"]["variant"] == "B"
    assert found["left"]["variant"] == "A"
    assert set(found["right"]) >= {
        "nerve_muscle_min_mm",
        "nerve_bone_min_mm",
        "contact_length_mm",
        "crossing_quarter",
        "psis_it_fraction",
        "it_gt_fraction",
    }
    plain = json.loads(ischia("measure", "--atlas", built.folder, "--json")[1])
    assert plain["right"]["variant"] == plain["left"]["variant"] == "A"
    moved = found["right"]["psis_it_fraction"] - plain["right"]["psis_it_fraction"]
    assert moved == pytest.approx(SHIFT[2], abs=0.05), "the numbers are those of the variant's own shape"


def test_measure_reads_the_variants_of_a_scene(built: BuiltAtlas, ischia: Call, tmp_path: Path) -> None:
    scene = tmp_path / "scene.json"
    scene.write_text(json.dumps({"variant": {"right": "A", "left": "B"}}), encoding="utf-8")
    found = json.loads(ischia("measure", "--atlas", built.folder, "--scene", scene, "--json")[1])
    assert (found["right"]["variant"], found["left"]["variant"]) == ("A", "B")


def test_measure_for_people_has_words_units_and_what_was_published(built: BuiltAtlas, ischia: Call) -> None:
    code, out, _ = ischia("measure", "--atlas", built.folder, "--right", "B")
    assert code == 0
    assert "right: common fibular through" in out
    assert "(type B)" in out
    assert "0.31 ± 0.06" in out
    assert "0.48 ± 0.08" in out
    assert "95.49 ± 6.21" in out
    assert "common and usually silent" in out


def test_a_variant_that_is_not_known_is_answered_with_those_that_are(ischia: Call) -> None:
    code, out, err = ischia("measure", "--right", "Q")
    assert code == 1
    assert out == ""
    assert 'no variant "Q"' in err
    assert "high_division_below" in err


def test_measure_does_one_thing_at_a_time(ischia: Call) -> None:
    code, _, err = ischia("measure", "--table", "--right", "B")
    assert code == 2
    assert "one thing at a time" in err


def test_the_gallery_draws_each_variant_under_its_words(built: BuiltAtlas, tmp_path: Path) -> None:
    texts = catalogue()
    few = texts.model_copy(update={"variants": {name: texts.variants[name] for name in ("A", "B")}})
    folder = tmp_path / "pictures"
    folder.mkdir()
    told: list[str] = []
    files = gallery(folder, built, few, (220, 200), lambda done, text: told.append(text))
    assert [file.name for file in files] == [
        "A-posterior.png",
        "A-oblique.png",
        "B-posterior.png",
        "B-oblique.png",
        SHEET,
    ]
    pictures = {file.name: Image.open(file) for file in files}
    assert all(picture.size[0] == 220 and picture.size[1] > 230 for name, picture in pictures.items() if name != SHEET)
    about = {file.name: Image.open(file).info for file in files}
    assert about["B-posterior.png"]["Copyright"]
    assert "ischia:scene" in about["B-oblique.png"]
    one, two = (
        np.asarray(pictures[f"{name}-posterior.png"].crop((0, 60, 220, 240)).convert("L"), float) for name in "AB"
    )
    assert np.abs(one[-150:] - two[-150:]).max() > 20.0, "the variant's own shape is drawn"
    assert len(told) == 4


def test_the_words_come_first_and_a_reading_is_called_one() -> None:
    variants = catalogue().variants
    title, lines = words(variants["B"], "posterior")
    assert title.lower().startswith("common fibular through")
    assert title.endswith("(type B)")
    assert "from behind" in lines[1]
    assert lines[0].endswith(variants["B"].caption)
    assert "not from a specimen" in words(variants["E"], "oblique")[1][0]


def test_both_sides_of_a_picture_have_the_variant(built: BuiltAtlas) -> None:
    scene = picture_scene("C", "posterior", built.document)
    assert (scene.variant.right, scene.variant.left) == ("C", "C")
    assert "sciatic_nerve" in scene.isolated
