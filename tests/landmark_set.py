"""A mesh set in a store of its own, in metres and RAS, with landmarks as if they had been found on its bones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import trimesh
import yaml

from meshes.fitted import Similarity
from meshes.importing.frame import Frame
from meshes.landmark_finder import FoundLandmark, FoundLandmarks
from meshes.sets import set_folder
from tests.bodies import Mesh

SOURCE = {
    "title": "A small set",
    "creators": "The Ischia contributors",
    "license": "CC0-1.0",
    "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
    "citation": "none",
    "url": "https://example.org",
}
AXES = {"lps": [1.0, 1.0, 1.0], "ras": [-1.0, -1.0, 1.0]}
PER_MM = {"millimetre": 1.0, "centimetre": 0.1, "metre": 0.001}


def write_set(bones: Mapping[str, Mesh], name: str, unit: str = "metre", axes: str = "ras") -> Path:
    """Bones (LPS mm, by sided id) as a set in the store that `ISCHIA_CACHE` names; its folder."""
    folder = set_folder(name)
    folder.mkdir(parents=True)
    meshes = []
    for sided, (vertices, triangles) in bones.items():
        stem, _, side = sided.partition(".")
        file = f"{sided.replace('.', '_')}.glb"
        mesh = trimesh.Trimesh(vertices * AXES[axes] * PER_MM[unit], triangles, process=False)
        mesh.export(folder / file)
        meshes.append({"file": file, "structure": stem, "side": side or "midline"})
    passport = {"id": name, "title": "A small set", "unit": unit, "axes": axes, "source": SOURCE, "meshes": meshes}
    (folder / "passport.yaml").write_text(yaml.safe_dump(passport))
    return folder


def found_at(places: Mapping[str, np.ndarray], unit: str = "metre", axes: str = "ras") -> FoundLandmarks:
    """These places (3,), LPS mm, as if they had been found: half of them with a rule, and one of them poor."""
    marks = {}
    for number, (name, place) in enumerate(places.items()):
        apart = None if number % 2 else 25.0 if number == 2 else 3.0
        here, beside = (point * AXES[axes] * PER_MM[unit] for point in (place, np.add(place, [0.0, 0.0, apart or 0.0])))
        rule = None if apart is None else beside
        marks[name] = FoundLandmark(place=here, carried=here, rule=rule, apart=apart, off=0.0)
    frame = Frame(np.eye(3), "LPS", 0.0, False, 1.0, np.zeros(3), 1.0, Similarity(np.eye(3), np.zeros(3), 1.0))
    return FoundLandmarks(marks, {}, frame, {})
