"""Landmarks on a pelvis that is not the population's: they stay where they are, however it is turned and worn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.spatial.transform import Rotation

from meshes.build import BuiltAtlas
from meshes.importing.repair import fewer
from meshes.landmark_finder import find_landmarks
from meshes.openset import read_glb, to_lps_mm
from meshes.passport import SetError, find_passport
from meshes.surface import weld
from tests.bodies import WHOLE, Mesh
from tests.solids import ball
from viewer.cli import run

CHECKED = Path(__file__).parent / "data" / "bodyparts3d_landmarks.yaml"
WITHIN = 5.0
"""mm."""


@pytest.fixture(scope="module")
def bones(shared_open_meshes: Path) -> dict[str, Mesh]:
    """The bones of the open set, LPS mm in its own place."""
    folder = shared_open_meshes / "bodyparts3d"
    passport = find_passport(folder)
    found = {}
    for mesh in passport.meshes:
        name = mesh.structure if mesh.side == "midline" else f"{mesh.structure}.{mesh.side}"
        if name in WHOLE:
            vertices, triangles = read_glb((folder / mesh.file).read_bytes())
            found[name] = weld(to_lps_mm(vertices, passport), triangles)
    return found


@pytest.mark.parametrize(
    "worn",
    [pytest.param(False, marks=pytest.mark.thorough), True],
    ids=["as it is", "turned, in metres, 20 % fewer triangles, 1 mm noise"],
)
def test_landmarks_stay_where_they_were_found_and_looked_at(bones: dict[str, Mesh], worn: bool) -> None:
    """The stored places are the finder's own, accepted in pictures: this is how steady they are, not how exact."""
    random = np.random.default_rng(1)
    turn, shift, scale = np.eye(3), np.zeros(3), 1.0
    if worn:
        turn, shift, scale = Rotation.random(random_state=1).as_matrix(), random.normal(size=3) * 300, 0.001
        thin = {name: fewer(vertices, faces, int(0.8 * len(faces))) for name, (vertices, faces) in bones.items()}
        bones = {
            name: (((vertices + random.normal(size=vertices.shape) / 3**0.5) @ turn.T + shift) * scale, faces)
            for name, (vertices, faces) in thin.items()
        }
    found = find_landmarks(bones)
    assert not found.refused
    checked = yaml.safe_load(CHECKED.read_text())
    assert len(checked) == 25
    off = {
        name: float(np.linalg.norm((found.landmarks[name].place / scale - shift) @ turn - place))
        for name, place in checked.items()
    }
    assert max(off.values()) < WITHIN, off
    trusted = [name for name in checked if found.landmarks[name].trust in ("good", "carried")]
    assert len(trusted) > 15, "for most of them the rules agree with the population"


def test_what_is_no_pelvis_is_refused_with_reasons(bones: dict[str, Mesh]) -> None:
    mirrored = {name: (vertices * [-1, 1, 1], faces[:, ::-1]) for name, (vertices, faces) in bones.items()}
    with pytest.raises(SetError, match="mirrored, or its sides are swapped"):
        find_landmarks(mirrored)
    with pytest.raises(SetError, match="no hip bone"):
        find_landmarks({"femur.left": bones["femur.left"]})
    surface = ball(110.0, fineness=3)
    other = ball(110.0, (200, 0, 0), fineness=3)
    with pytest.raises(SetError, match=r"no pelvis that can be recognised|cannot be told"):
        find_landmarks(
            {
                "hip_bone.left": (surface.vertices, surface.triangles),
                "hip_bone.right": (other.vertices, other.triangles),
            }
        )


def test_the_command_finds_those_of_the_population(built_atlas: object, capsys: pytest.CaptureFixture[str]) -> None:
    """Where they were placed by hand; the shape that is fitted is the mean."""
    assert run(["atlas", "landmarks", "population", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["refused"] == {}
    assert isinstance(built_atlas, BuiltAtlas)
    placed = built_atlas.atlas().landmarks
    points = {name: place for name, place in placed.items() if place.ndim == 1 and name in told["landmarks"]}
    assert len(points) > 45
    for name, place in points.items():
        assert np.linalg.norm(np.array(told["landmarks"][name]["place"]) - place) < 3.0, name
    assert told["landmarks"]["asis.right"]["trust"] == "good"
    assert max(told["shape"]["misses_mm"].values()) < 1.0, "the model's own mean"
    assert np.abs(told["shape"]["modes_sd"]).max() < 0.2
