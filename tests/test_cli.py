"""The command line: help, exit codes, and what it says when something is wrong."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import annotations as annotation_package
from annotations.loading import DATA
from meshes import build as building
from tests.small import small_atlas
from viewer import cli, opengl
from viewer.errors import GraphicsError
from viewer.scene import Scene
from viewer.server import bind

COMMANDS = ("view", "build", "figure", "measure", "gallery", "validate", "atlas", "import")


class Result:
    """What a call of `ischia` gave: its exit code, what it printed, what it told."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Ischia = Callable[..., Result]


@pytest.fixture
def ischia(capsys: pytest.CaptureFixture[str]) -> Ischia:
    """Calls the command line in this process; no stack trace may ever be printed."""

    def call(*arguments: object) -> Result:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)

    return call


@pytest.fixture
def spheres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and a body of spheres in place of the population's, which takes a minute to build."""
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(building, "population_atlas", lambda progress=None: small_atlas())
    return tmp_path / "cache"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(ischia: Ischia, command: str) -> None:
    for flag in ("--help", "-h"):
        result = ischia(command, flag)
        assert result.code == 0
        assert f"Example:  ischia {command}" in result.out


def test_help_lists_every_command_with_whole_sentences(ischia: Ischia) -> None:
    result = ischia("--help")
    assert result.code == 0
    for command in COMMANDS:
        line = next(line for line in result.out.splitlines() if line.strip().startswith(command))
        assert line.rstrip().endswith(".")
        assert "..." not in line


def test_version(ischia: Ischia) -> None:
    import ischia as package

    assert ischia("--version").out.strip() == f"ischia {package.__version__}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["veiw"], "view"),
        (["view", "--port", "many"], "--port"),
        (["view", "--port", "70000"], "65535"),
        (["view", "--colour"], "--colour"),
        (["figure"], "OUT.png"),
        (["figure", "picture.jpg"], ".png"),
        (["figure", "x.png", "--size", "10"], "--size"),
        ([], "Usage"),
    ],
)
def test_wrong_use_is_exit_code_2(ischia: Ischia, arguments: list[str], said: str) -> None:
    result = ischia(*arguments)
    assert result.code == 2
    assert said in result.out + result.err


def test_validate(ischia: Ischia) -> None:
    result = ischia("validate")
    assert result.code == 0
    assert result.out.startswith("Valid:")
    assert json.loads(ischia("validate", "--json").out) == {"valid": True, "problems": [], "untranslated": {}}


def test_a_broken_annotation_names_file_and_field(ischia: Ischia, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    path = folder / "structures" / "piriformis.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("names:", "nmaes:", 1), encoding="utf-8")
    result = ischia("validate", folder)
    assert result.code == 1
    assert "piriformis.yaml" in result.out
    assert "nmaes" in result.out
    problems = json.loads(ischia("validate", folder, "--json").out)["problems"]
    assert any("nmaes" in problem for problem in problems)


def test_broken_annotations_end_every_other_command(
    ischia: Ischia, spheres: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise annotation_package.AnnotationError(["structures/piriformis.yaml: names: is missing"])

    monkeypatch.setattr("annotations.catalogue.load", broken)
    result = ischia("figure", tmp_path / "x.png")
    assert result.code == 1
    assert "structures/piriformis.yaml: names" in result.err
    assert not (tmp_path / "x.png").exists()


def test_build_reports_and_is_cached_the_second_time(ischia: Ischia, spheres: Path, tmp_path: Path) -> None:
    first = json.loads(ischia("build", "--json").out)
    assert first["cached"] is False
    assert Path(first["folder"], "atlas.json").is_file()
    assert Path(first["folder"]).is_relative_to(spheres)
    report = tmp_path / "report.json"
    second = ischia("build", "--json", "--report", report)
    assert second.code == 0
    assert json.loads(second.out)["cached"] is True
    measured = json.loads(report.read_text(encoding="utf-8"))
    assert {"structures", "seconds", "cached"} <= set(measured)
    sphere = measured["structures"]["sacrum"]
    assert sphere["closed"] is True
    assert sphere["volume_cm3"] == pytest.approx(268, rel=0.02), "a ball of 40 mm radius"
    assert "was in the cache" in ischia("build").out


def test_a_half_written_cache_is_built_anew(ischia: Ischia, spheres: Path) -> None:
    folder = Path(json.loads(ischia("build", "--json").out)["folder"])
    glb = folder / "atlas.glb"
    whole = glb.read_bytes()
    glb.write_bytes(whole[: len(whole) // 2])
    result = ischia("build", "--json")
    assert result.code == 0
    assert json.loads(result.out)["cached"] is False
    assert glb.read_bytes() == whole


def test_a_cache_that_cannot_be_written(ischia: Ischia, spheres: Path) -> None:
    spheres.write_text("a file where the folder should be")
    result = ischia("build")
    assert result.code == 1
    assert str(spheres) in result.err
    assert "ISCHIA_CACHE" in result.err


def test_a_full_disk(ischia: Ischia, spheres: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = ischia("build")
    assert result.code == 1
    assert "full" in result.err
    assert not list(spheres.rglob("*.glb"))
    assert ischia("build").code == 0
    report = tmp_path / "report.json"
    report.write_text("before")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = ischia("build", "--report", report)
    assert result.code == 1
    assert "disk is full" in result.err
    assert report.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.json"]


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ({"selected": "pirifromis.right"}, ["scene.json", '"selected"', "piriformis.right"]),
        ({"version": 7}, ["scene.json", "version 7", "pip install --upgrade ischia"]),
        ({"camera": {"view": "posteror"}}, ["scene.json", '"camera.view"', "posterior"]),
        ({"pell": 1}, ["scene.json", '"pell"', "peel"]),
        ({"variant": {"left": "Z"}}, ["scene.json", '"variant.left"']),
    ],
)
@pytest.mark.parametrize("command", ["figure", "view"])
def test_a_wrong_scene(
    ischia: Ischia, spheres: Path, tmp_path: Path, command: str, scene: dict[str, Any], said: list[str]
) -> None:
    path = tmp_path / "scene.json"
    path.write_text(json.dumps(scene), encoding="utf-8")
    out = tmp_path / "x.png"
    rest = [out] if command == "figure" else ["--no-browser", "--port", "0"]
    result = ischia(command, *rest, "--scene", path)
    assert result.code == 1
    for words in said:
        assert words in result.err
    assert not out.exists()


def test_an_unknown_view(ischia: Ischia, spheres: Path, tmp_path: Path) -> None:
    result = ischia("figure", tmp_path / "x.png", "--view", "right")
    assert result.code == 1
    assert "right_lateral" in result.err


@pytest.mark.parametrize("atlas", ["populaton", "/nowhere/at/all"])
def test_an_unknown_atlas(ischia: Ischia, atlas: str) -> None:
    result = ischia("build", "--atlas", atlas)
    assert result.code == 1
    assert atlas in result.err
    assert "population" in result.err


def test_a_port_in_use(ischia: Ischia) -> None:
    (taken,) = bind(0)
    with taken:
        port = taken.getsockname()[1]
        result = ischia("view", "--no-browser", "--port", port)
    assert result.code == 1
    assert f"Port {port} is in use" in result.err
    assert "add --port" in result.err


def test_no_opengl_library(ischia: Ischia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opengl.require.cache_clear()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(opengl, "_loads", lambda library: False)
    result = ischia("figure", tmp_path / "x.png")
    assert result.code == 1
    assert "apt-get install libegl1 libgl1" in result.err
    assert not (tmp_path / "x.png").exists()


def test_opengl_that_crashes_vtk_does_not_crash_us(monkeypatch: pytest.MonkeyPatch) -> None:
    opengl.require.cache_clear()
    crash = (
        f"import os, signal; os.kill(os.getpid(), {int(signal.SIGSEGV)})"
        if os.name == "posix"
        else "raise SystemExit(3)"
    )
    monkeypatch.setattr(opengl, "_PROBE", crash)
    with pytest.raises(GraphicsError, match="no picture can be drawn"):
        opengl.require()
    monkeypatch.undo()
    opengl.require()


def test_figure(ischia: Ischia, spheres: Path, tmp_path: Path) -> None:
    """A scene saved by the page, drawn: the options win over what the scene says."""
    Scene(peel=1, theme="dark").write(tmp_path / "scene.json")
    out = tmp_path / "figure.png"
    options = ["--scene", tmp_path / "scene.json", "--view", "anterior", "--size", 200, 160, "--theme", "light"]
    result = ischia("figure", out, *options, "--json")
    assert result.code == 0, result.err
    assert json.loads(result.out)["file"] == str(out)
    with Image.open(out) as picture:
        assert picture.size == (200, 160)
        drawn = Scene.parse(json.loads(picture.info["ischia:scene"]))
    assert (drawn.peel, drawn.theme, drawn.camera.view, drawn.atlas) == (1, "light", "anterior", "spheres")


@pytest.mark.parametrize("size", [(8, 8), (100_000, 100)])
def test_a_size_that_cannot_be_drawn(ischia: Ischia, tmp_path: Path, size: tuple[int, int]) -> None:
    result = ischia("figure", tmp_path / "x.png", "--size", *size)
    assert result.code == 1
    assert "8192" in result.err


@pytest.mark.parametrize("place", ["nowhere/x.png", "."])
def test_a_place_where_no_figure_can_be(ischia: Ischia, tmp_path: Path, place: str) -> None:
    result = ischia("figure", tmp_path / place)
    assert result.code in (1, 2)
    assert str(tmp_path) in result.err


def test_a_defect_of_ours_is_no_stack_trace(ischia: Ischia, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_: Any, **__: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(annotation_package, "validate", defect)
    result = ischia("validate")
    assert result.code == 1
    assert "boom" in result.err
    assert "ISCHIA_DEBUG=1" in result.err


def test_results_to_output_and_all_else_to_error(spheres: Path, tmp_path: Path) -> None:
    """A pipe gets JSON and nothing besides, in a process of its own, with the progress on the other stream."""
    Scene().write(tmp_path / "scene.json")
    program = (
        "from meshes import build; from tests.small import small_atlas\n"
        "build.population_atlas = lambda progress=None: (progress(0.5, 'Spheres'), small_atlas())[1]\n"
        "from viewer.cli import main; main(['build', '--json'])"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=True)
    assert json.loads(done.stdout)["atlas"] == "spheres"
    assert "Spheres" in done.stderr
