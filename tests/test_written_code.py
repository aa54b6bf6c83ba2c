"""Code that the documents tell people to type runs as it stands."""

from __future__ import annotations

import re

import pytest

from meshes.build import BuiltAtlas
from tests.conftest import ROOT


def test_the_notebook_page_runs_from_top_to_bottom(built_atlas: BuiltAtlas, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    said = capsys.readouterr().out
    assert "piriformis      distal   femur" in said
    volumes = [float(found) for found in re.findall(r"piriformis\.right/\w+_head: ([\d.]+) cm³", said)]
    assert len(volumes) == 2
    assert 15 < sum(volumes) < 25
    assert "MPL-2.0" in said


def test_the_readme_names_only_commands_that_are_there() -> None:
    from viewer.cli import app

    there = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    there |= {group.name for group in app.registered_groups if isinstance(group.name, str)}
    told = set(re.findall(r"`ischia ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert told <= there
    assert {"view", "build", "figure", "validate"} <= told
