"""The bones of a mesh set as its files have them, and the way from there into an atlas's frame and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.loading import load
from meshes.atlas import Atlas, Part, Structure, Surface
from meshes.glb import GlbError
from meshes.openset import femoral_head, read_glb, to_lps_mm
from meshes.passport import MILLIMETRES, Passport, SetError, find_passport
from meshes.shade import openness
from meshes.surface import vertex_normals, weld

Floats = NDArray[np.float64]
Mesh = tuple[Floats, NDArray[np.int64]]


@dataclass(frozen=True)
class SetBones:
    """A set's bones by sided id: vertices (n, 3) and triangles (m, 3) in the frame and unit of its own files.

    middle : (3,) LPS mm, the set's own place of what an atlas of these bones has as its origin
    """

    folder: Path
    passport: Passport
    bones: Mapping[str, Mesh]
    middle: Floats

    def to_atlas(self, points: Floats) -> Floats:
        """(n, 3) points of the set's files as LPS mm around the middle."""
        return to_lps_mm(points, self.passport) - self.middle

    def to_files(self, points: Floats) -> Floats:
        """(n, 3) LPS mm around the middle as points of the set's files."""
        turned = points + self.middle
        if self.passport.axes == "y_up":
            turned = turned[:, [0, 2, 1]] * np.array([1.0, 1.0, -1.0])
        elif self.passport.axes == "ras":
            turned = turned * np.array([-1.0, -1.0, 1.0])
        return np.asarray(turned / MILLIMETRES[self.passport.unit])

    def meshes_mm(self) -> dict[str, Mesh]:
        """Every bone in the atlas's frame."""
        return {name: (self.to_atlas(vertices), triangles) for name, (vertices, triangles) in self.bones.items()}

    def atlas(self, shaded: bool = True) -> Atlas:
        """These bones as an atlas, with nothing else: no soft tissue is solved for it."""
        structures = {}
        for name, (vertices, triangles) in self.meshes_mm().items():
            surface = Surface(vertices, triangles, vertex_normals(vertices, triangles))
            surface.shade = openness(surface) if shaded else None
            stem, _, side = name.partition(".")
            where = {"right": "right", "left": "left"}.get(side, "midline")
            structures[name] = Structure(
                id=name,
                structure=stem,
                side=where,  # type: ignore[arg-type]
                kind="bone",
                parts=[Part(name, surface)],
                source=self.passport.id,
                made="loaded",
            )
        return Atlas(self.passport.id, self.passport.title, structures, {}, {self.passport.id: self.passport.source})


def set_bones(folder: str | Path) -> SetBones:
    """The bones of the set in `folder`. Raises `SetError` for no set, for one without bones and for damaged files."""
    folder = Path(folder)
    passport = find_passport(folder)
    entries = load().structures
    bones: dict[str, Mesh] = {}
    for mesh in passport.meshes:
        file = folder / mesh.file
        if entries[mesh.structure].kind != "bone" or not file.is_file():
            continue
        try:
            vertices, triangles = weld(*read_glb(file.read_bytes()))
        except (OSError, GlbError, KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
            raise SetError(f"{file} is damaged or no mesh: {error}. Fetch or import the set again.") from error
        bones[mesh.structure if mesh.side == "midline" else f"{mesh.structure}.{mesh.side}"] = (vertices, triangles)
    if not bones:
        raise SetError(f"{folder}: the set has no bone whose file is there.")
    return SetBones(folder, passport, bones, _middle(passport, bones))


def _middle(passport: Passport, bones: Mapping[str, Mesh]) -> Floats:
    """Midway between the femoral heads; where that is not known, the middle of what there is."""
    if passport.origin is not None:
        return np.asarray(to_lps_mm(np.array([passport.origin]), passport)[0])
    points = {name: to_lps_mm(vertices, passport) for name, (vertices, _) in bones.items()}
    femora = [femoral_head(points[name], name.partition(".")[2]) for name in points if name.startswith("femur.")]
    if len(femora) == 2:
        return np.asarray(np.mean(femora, axis=0))
    together = np.concatenate(list(points.values()))
    return np.asarray((together.min(axis=0) + together.max(axis=0)) / 2)
