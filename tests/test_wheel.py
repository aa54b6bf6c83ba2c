"""The built package, installed where there is neither the source nor Node: the way in on Windows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path
from urllib.parse import urljoin

import pytest

ROOT = Path(__file__).parents[1]
PARTS = tuple(
    f"ischia.{name}.mjs" for name in ("trigger", "consult", "handout", "lesson", "quiz", "bodies", "landmarks")
)
"""Scripts that the page fetches when they are first needed."""
ALONE = ("ischia.alone.js", "ischia.site.js", "ischia.worker.js")
"""Scripts of pages that stand alone: one file, static site."""
BUNDLE = ("ischia.mjs", "ischia.iife.js", "ischia.licenses.txt", *PARTS, *ALONE)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def run(command: list[str | Path], **more: object) -> str:
    """Runs a command to its end, and returns what it printed; fails with all it said."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the built wheel and source archive."""
    folder = tmp_path_factory.mktemp("packages")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT])
    return folder


@pytest.fixture(scope="module")
def installed(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a clean environment into which the wheel was installed."""
    folder = tmp_path_factory.mktemp("clean") / "environment"
    venv.create(folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", programs / "python"]
    run([*pip, "install", "--quiet", "--no-compile", *packages.glob("*.whl")])
    return programs


@pytest.fixture
def elsewhere(tmp_path: Path, installed: Path) -> dict[str, object]:
    """Settings of a process that knows nothing of this repository: no Node on PATH, another folder, another home."""
    environment = {"PATH": str(installed), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    environment["ISCHIA_CACHE"] = os.environ[
        "ISCHIA_CACHE"
    ]  # what the other tests built, so that it is not built twice
    return {"cwd": tmp_path, "env": environment}


def test_the_wheel_holds_code_data_and_bundle_and_nothing_else(packages: Path) -> None:
    (wheel,) = packages.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "ischia.py",
        "annotations/__init__.py",
        "meshes/atlas.py",
        "viewer/cli.py",
        "viewer/start.mjs",
        "viewer/notebook.mjs",
    ):
        assert name in names
    for file in BUNDLE:
        assert zipfile.ZipFile(wheel).getinfo(f"viewer/web/dist/{file}").file_size > 1_000
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "annotations" / "data").rglob("*.yaml")}
    assert data <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {
        "annotations",
        "meshes",
        "viewer",
        "ischia.py",
        next(top for top in tops if top.endswith(".dist-info")),
    }
    assert not [name for name in names if name.startswith("viewer/web/") and not name.startswith("viewer/web/dist/")]
    assert any(name.endswith("licenses/annotations/LICENSE") for name in names)


def test_the_source_archive_has_the_bundle_and_no_front_end_source(packages: Path) -> None:
    (archive,) = packages.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    assert not [name for name in names if "node_modules" in name or "/web/src" in name]
    assert any(name.endswith("viewer/web/dist/ischia.mjs") for name in names)


def test_the_command_helps_and_the_annotations_are_whole(installed: Path, elsewhere: dict[str, object]) -> None:
    help_text = run([installed / "ischia", "--help"], **elsewhere)
    for command in ("view", "build", "figure", "validate", "export", "site", "lesson", "turntable", "plate"):
        assert command in help_text
    run([installed / "ischia", "validate"], **elsewhere)
    program = "import ischia, viewer, pathlib; print(pathlib.Path(viewer.__file__).parent, ischia.__version__)"
    place = run([installed / "python", "-c", program], **elsewhere)
    assert str(installed.parent) in place, "the installed package was tested, not the source beside it"


def test_view_serves_the_page_and_its_bundle(
    installed: Path, elsewhere: dict[str, object], built_atlas: object, tmp_path: Path
) -> None:
    log = tmp_path / "view.log"
    with log.open("w") as output:
        command = [str(installed / "ischia"), "view", "--no-browser", "--port", "0"]
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **elsewhere)  # type: ignore[call-overload]
    try:
        address = None
        for _ in range(1200):
            address = re.search(r"http://127\.0\.0\.1:\d+\S*", log.read_text())
            if address or server.poll() is not None:
                break
            time.sleep(0.25)
        assert address is not None, f"ischia view named no address:\n{log.read_text()}"
        with urllib.request.urlopen(address[0], timeout=60) as answer:
            page = answer.read().decode("utf-8")
        assert "ischia" in page
        scripts = re.findall(r"[\w./:-]*/[\w./-]*ischia[\w.-]*\.m?js", page)
        by_name = {script.rpartition("/")[2]: script for script in scripts}
        assert by_name.keys() == {"ischia.mjs", *PARTS}, "the page names its bundle, and where its parts are"
        for name, script in by_name.items():
            with urllib.request.urlopen(urljoin(address[0], script), timeout=60) as answer:
                assert answer.read() == (ROOT / "viewer" / "web" / "dist" / name).read_bytes()
    finally:
        server.terminate()
        server.wait(timeout=20)
