"""`ischia figure`, `turntable` and `plate`: what they write, what they print, and how they say no."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from meshes import build as building
from tests.small import small_atlas
from viewer import cli
from viewer.scene import Scene

Ischia = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ischia(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ischia:
    """Calls the command line in this process, on a body of spheres; gives exit code, output and errors."""
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(building, "population_atlas", lambda progress=None: small_atlas())

    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A scene that is quickly drawn."""
    path = tmp_path / "scene.json"
    Scene(isolated=["sacrum", "hip_bone"], footprints="none", labels="all", names="both").write(path)
    return path


def told(result: tuple[int, str, str]) -> Any:
    code, out, err = result
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize("command", ["turntable", "plate"])
def test_help_has_an_example(ischia: Ischia, command: str) -> None:
    code, out, _ = ischia(command, "--help")
    assert code == 0
    assert f"Example:  ischia {command}" in out


def test_figure_as_svg(ischia: Ischia, scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "figure.svg"
    options = ["--scene", scene, "--names", "latin", "--no-credits", "--size", 240, 200, "--json"]
    assert told(ischia("figure", out, *options))["width"] == 240
    text = out.read_text(encoding="utf-8")
    assert "Os sacrum" in text
    assert ">Sacrum<" not in text
    assert text.count("CC0-1.0") == 1, "in the metadata, not in the picture"


def test_turntable(ischia: Ischia, scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "turn.gif"
    options = ["--scene", scene, "--view", "oblique", "--seconds", 0.4, "--size", 96, 80, "--json"]
    found = told(ischia("turntable", out, *options))
    assert (found["frames"], found["width"], found["height"], found["fps"]) == (5, 96, 80, 12.5)
    assert found["bytes"] == out.stat().st_size
    with Image.open(out) as film:
        assert (film.size, getattr(film, "n_frames", 0)) == ((96, 80), 5)


def test_plate(ischia: Ischia, scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    options = ["--views", "posterior, superior", "--scene", scene, "--paper", "letter", "--landscape", "--dpi", 72]
    found = told(ischia("plate", out, *options, "--title", "My sheet", "--caption", "My words.", "--json"))
    assert found["views"] == ["Posterior", "Superior"]
    page = pypdfium2.PdfDocument(out)[0]
    assert page.get_size() == pytest.approx((792, 612))
    text = page.get_textpage().get_text_range()
    assert all(word in text for word in ("My sheet", "My words.", "Os coxae", f"1 : {found['scale']:g}"))


def test_a_named_plate_brings_its_scene(ischia: Ischia, scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    found = told(ischia("plate", out, "--plate", "lateral_rotators", "--dpi", 72, "--json"))
    assert found["views"] == ["Right lateral"]
    assert "The deep six" in pypdfium2.PdfDocument(out)[0].get_textpage().get_text_range()
    assert ischia("plate", out, "--plate", "lateral_rotators", "--scene", scene)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["figure", "x.bmp"], 2, ".png or .svg"),
        (["turntable", "x.avi"], 2, ".mp4 or .gif"),
        (["turntable", "x.mp4", "--size", "101", "100"], 1, "even"),
        (["turntable", "x.gif", "--size", "2000", "2000"], 1, "MP4"),
        (["turntable", "nowhere/x.gif"], 1, "no such folder"),
        (["turntable", "x.gif", "--view", "posteriour"], 1, "Did you mean posterior"),
        (["plate", "x.png"], 2, ".pdf"),
        (["plate", "x.pdf", "--views", "posteriour"], 1, "Did you mean posterior"),
        (["plate", "x.pdf", "--paper", "a0"], 1, "a4, a3, letter"),
        (["plate", "x.pdf", "--plate", "glutei"], 1, "glutei_attachments"),
        (["plate", "x.pdf", "--labels", "some"], 1, "labels"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    ischia: Ischia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found, out, err = ischia(*arguments)
    assert (found, said in " ".join((out + err).split())) == (code, True), err
    assert not Path(arguments[1]).exists()
