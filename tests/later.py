"""Simple solids in place of what takes minutes: a body to which more comes, and makers of that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meshes import more, pack_files
from meshes.atlas import Atlas, Centrelines, Structure, Surface
from meshes.atlas_files import write_atlas
from meshes.build import BuiltAtlas, growing
from meshes.marks import MarksDocument
from meshes.measure import Measures
from tests.small import small_atlas
from tests.solids import ball, structure

SHIFT = np.array([0.0, 0.0, 4.0])


def moved(surface: Surface, by: np.ndarray) -> Surface:
    return Surface(surface.vertices + by, surface.triangles, surface.normals, surface.uv, surface.tendon, surface.shade)


def bare(folder: Path) -> BuiltAtlas:
    """The body of spheres without its skin, with both divisions of the nerve, and more to come."""
    atlas = small_atlas()
    atlas.growing = growing()
    del atlas.structures["skin"]
    for side in ("right", "left"):
        division = atlas.structures[f"tibial_division.{side}"]
        atlas.structures[f"common_fibular_division.{side}"] = structure(
            f"common_fibular_division.{side}", "nerve", moved(division.parts[0].surface, np.array([0, 25.0, 0]))
        )
    return BuiltAtlas(folder, write_atlas(atlas, folder), False, 0.0)


def stand_ins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Simple solids in place of what takes minutes; the list grows by one with each thing that is made."""
    made: list[str] = []

    def nerves(atlas: Atlas, ground: Any, side: str, progress: Any, notes: list[str]) -> list[Structure]:
        made.append(f"nerves {side}")
        progress(1.0, "Small nerves")
        nerve = structure(f"pudendal_nerve.{side}", "nerve", ball(3.0, (-20.0 if side == "right" else 20.0, 60, 0)))
        nerve.shown = False
        return [nerve]

    def variants(atlas: Atlas, ground: Any, side: str, progress: Any, notes: list[str]) -> dict[str, dict[str, Surface]]:
        made.append(f"variants {side}")
        parts = more._shaped_parts(atlas, side)  # type: ignore[arg-type]
        return {
            "A": dict(parts),
            "B": {name: moved(surface, SHIFT) for name, surface in parts.items()},
            "two_headed": {name: moved(surface, -SHIFT) for name, surface in parts.items()},
        }

    def skin(atlas: Atlas, ground: Any, progress: Any) -> Structure:
        made.append("skin")
        cover = structure("skin", "skin", ball(280.0))
        cover.parts[0].shapes = {"slim": ball(270.0), "large": ball(300.0)}
        return cover

    def measure(parts: dict[str, Surface], body: Any, side: str, variant: str) -> Measures:
        height = float(np.mean([surface.vertices[:, 2].mean() for surface in parts.values()]))
        others: dict[str, Any] = {"variant": variant, "crossing_quarter": 1, "head_volumes_cm3": {}}
        return Measures(**{**dict.fromkeys(Measures.model_fields, height), **others})

    line = [(0.0, 0.0, 0.0), (0.0, 0.0, 1.0)]
    monkeypatch.setattr(more, "small_nerves", nerves)
    monkeypatch.setattr(more, "variants", variants)
    monkeypatch.setattr(more, "skin", skin)

    def trigger_points(atlas: Atlas, progress: Any, left_out: list[str]) -> MarksDocument:
        made.append("trigger points")
        progress(0.5, "Trigger points")
        return MarksDocument(sinks=15.0, points={}, regions={})

    monkeypatch.setattr(pack_files, "trigger_points", trigger_points)
    monkeypatch.setattr(more, "measure", measure)
    monkeypatch.setattr(more, "centrelines", lambda parts, side: Centrelines(nerve=line, piriformis=line))
    monkeypatch.setattr(more, "mean_body", lambda: None)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    return made
