"""Pictures drawn in Python show the variants, the skin and the small nerves that their scene asks for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas
from tests.later import SHIFT, bare, stand_ins
from viewer.dressed import dressed, wants_later
from viewer.scene import Scene
from viewer.visibility import visible

HEAD = "piriformis.right/upper_head"


@pytest.fixture
def built(tmp_path: Path) -> BuiltAtlas:
    return bare(tmp_path / "atlas")


@pytest.mark.parametrize(
    ("scene", "wanted"),
    [
        ({}, False),
        ({"peel": 2}, False),
        ({"focus": True}, True),
        ({"shown": ["gluteus_maximus"]}, False),
        ({"shown": ["skin"]}, True),
        ({"isolated": ["pudendal_nerve.left"]}, True),
        ({"trigger": {"id": "piriformis.1"}, "stipple": "muscle"}, True),
        ({"variant": {"right": "B", "left": "A"}}, True),
    ],
)
def test_what_comes_after_the_atlas_is_made_only_if_it_is_seen(built: BuiltAtlas, scene: dict, wanted: bool) -> None:
    assert wants_later(Scene.parse(scene), built.document, catalogue()) is wanted


def test_each_side_has_its_own_variant(built: BuiltAtlas, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_ins(monkeypatch)
    scene = Scene.parse({"variant": {"right": "B", "left": "two_headed"}})
    atlas, document = dressed(scene, built, catalogue())
    before = {part.name: part.surface for one in built.atlas().structures.values() for part in one.parts}
    after = {part.name: part.surface for one in atlas.structures.values() for part in one.parts}
    assert after[HEAD].vertices == pytest.approx(before[HEAD].vertices + SHIFT, abs=0.02)
    left = HEAD.replace("right", "left")
    assert after[left].vertices == pytest.approx(before[left].vertices - SHIFT, abs=0.02)
    shown = visible(scene, list(document.structures.values()), ["skin", "deep"], catalogue().structures)
    assert "skin" in document.structures
    assert "skin" not in shown


@pytest.mark.parametrize(("thickness", "radius"), [(0.0, 270.0), (0.25, 275.0), (0.5, 280.0), (1.0, 300.0)])
def test_the_skin_is_as_thick_as_the_scene_says(
    built: BuiltAtlas, monkeypatch: pytest.MonkeyPatch, thickness: float, radius: float
) -> None:
    stand_ins(monkeypatch)
    scene = Scene.parse({"shown": ["skin"], "subcutaneous": thickness})
    skin = dressed(scene, built, catalogue())[0].structures["skin"].parts[0].surface
    assert np.linalg.norm(skin.vertices, axis=1).mean() == pytest.approx(radius, rel=1e-3)
    assert np.linalg.norm(skin.normals, axis=1) == pytest.approx(1.0)
