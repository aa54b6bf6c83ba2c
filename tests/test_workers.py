"""Tests on several workers: who begins with what, and that nothing is skipped in silence there either."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SHARED_ABSENT

FILES = {
    "browser/test_a.py": "def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass",
    "browser/test_b.py": "def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass",
    "test_c.py": "def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass",
    "test_d.py": "def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass",
}


NEEDY = """
import pathlib, pytest
@pytest.fixture
def built_atlas(): return pathlib.Path("built").read_text()
def test_one(built_atlas): assert built_atlas == "atlas"
"""
BUILDER = """
import pathlib, time, tests.conftest
def build(what):
    time.sleep(3.5)  # longer than a test may take
    pathlib.Path("built").write_text("atlas")
tests.conftest.build = build
"""


def run(folder: Path, files: dict[str, str], *more: str) -> tuple[int, str]:
    """What pytest says of these files on two workers under CI, with the hooks of our tests."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n", "2", "-v", "-p", "tests.conftest", f"--rootdir={folder}"]
    done = subprocess.run(
        [*command, "-c", os.devnull, *more, str(folder)],
        cwd=folder,
        env={**os.environ, "CI": "true", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_one_worker_begins_with_the_browser_and_the_other_with_the_rest(tmp_path: Path) -> None:
    code, said = run(tmp_path, FILES)
    assert code == 0, said
    done = re.findall(r"\[(gw\d)\].* PASSED (\S+\.py)::test_one", said)
    assert sorted(name for _, name in done) == sorted(FILES)
    by = {worker: [name for who, name in done if who == worker] for worker in ("gw0", "gw1")}
    assert {by["gw0"][0], by["gw1"][0]} == {"browser/test_a.py", "test_d.py"}


def test_beside_a_build_what_needs_none_comes_first_and_the_rest_waits_outside_its_own_time(tmp_path: Path) -> None:
    files = {**FILES, "test_0.py": NEEDY, "conftest.py": BUILDER}
    code, said = run(tmp_path, files, "--beside-build", "-o", "timeout=3")
    assert code == 0, said
    done = re.findall(r" PASSED (\S+\.py)::test_one", said)
    assert set(done[:2]) == {"test_c.py", "test_d.py"}
    assert set(done[2:]) == {"browser/test_a.py", "browser/test_b.py", "test_0.py"}


@pytest.mark.parametrize(("reason", "allowed"), [("no graphics card", False), (SHARED_ABSENT, True)])
def test_a_skipped_test_fails_the_run_wherever_it_ran(tmp_path: Path, reason: str, allowed: bool) -> None:
    files = {"test_skips.py": f"import pytest\ndef test_it(): pytest.skip({reason!r})\ndef test_other(): pass"}
    code, said = run(tmp_path, files)
    assert (code == 0) is allowed, said
    assert ("Not allowed under CI" in said) is not allowed
    assert re.fullmatch(r"=+ 1 passed, 1 skipped in .* =+", said.strip().splitlines()[-1]) or not allowed
