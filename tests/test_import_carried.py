"""Bare bones through `ischia import`: what is written for the population lies on them where it did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from meshes.against import bones_of
from meshes.carried import SIDES, carried_body
from meshes.openset import load_open_set
from meshes.population import population_body
from meshes.sets import set_folder
from meshes.store import cache_folder
from tests.test_carried import ENDS, LANDMARKS, attachments, through_stl
from viewer import cli


@pytest.mark.parametrize(
    ("mode", "sds"), [ENDS[0], *(pytest.param(*case, marks=pytest.mark.thorough) for case in ENDS[1:])]
)
def test_attachments_are_recovered_from_imported_bones(
    mode: int, sds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a body two deviations from the mean, as bare STL, turned anyhow and in centimetres, named: within 5 mm."""
    arrays = cache_folder() / "arrays"
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "store"))
    if arrays.is_dir():
        (tmp_path / "store").mkdir()
        (tmp_path / "store" / "arrays").symlink_to(arrays)
    body = population_body([0.0] * mode + [sds], resolution=6)
    (tmp_path / "bones").mkdir()
    through_stl(body, tmp_path / "bones")
    assert cli.run(["import", str(tmp_path / "bones"), "--name", "mine", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "Unit: cm" in told
    assert "a good fit" in told
    assert "will be solved on these bones" in told
    carried = carried_body(bones_of(load_open_set(set_folder("mine"))), resolution=6)
    here, there = attachments(body), attachments(carried.body)
    apart = {key: np.linalg.norm(here[key] - there[key], axis=1).max() for key in here}
    assert max(apart.values()) < 5.0, max(apart, key=lambda key: apart[key])
    for landmark in LANDMARKS:
        for side in SIDES:
            name = f"{landmark}.{side}"
            assert np.linalg.norm(body.landmark(name) - carried.body.landmark(name)) < 2.0, name
