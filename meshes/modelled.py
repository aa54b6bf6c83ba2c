"""The bones that are modelled: the sacrum's detail and the coccyx, made once, on the mean, and kept in the cache."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotations.material import MaterialPoint
from meshes import coccyx, implicit, sacrum, store
from meshes.coccyx import AXIS, CoccyxChart, model_coccyx
from meshes.lagrange import Floats, Ints
from meshes.landmarks import LandmarkError, landmark_places
from meshes.patch import Patch
from meshes.registration import Rigid, fit_rigid
from meshes.sacrum import ModelledChart, SacralGuides, follow, sculpt

BASE_RESOLUTION = 12
"""Steps along an element edge of the smooth sacrum that is modelled."""

Mesh = tuple[Floats, Ints]


@dataclass(frozen=True)
class ModelledBones:
    """Sacrum and coccyx of the mean shape, and what carries them to other shapes.

    smooth : the mean sacrum's elements;  sacrum, coccyx : closed surfaces;  mouths : (16, 3) middles of the foramina
    apex, across : (3,) frame of the coccyx
    """

    smooth: Patch
    sacrum: Mesh
    coccyx: Mesh
    mouths: Floats
    apex: Floats
    across: Floats

    def charts(self, shape: Patch | None = None) -> tuple[ModelledChart, CoccyxChart]:
        """Both bones on the mean shape, or on another shape of the same elements."""
        vertices, triangles = self.sacrum
        tail, faces = self.coccyx
        if shape is None:
            return (
                ModelledChart(self.smooth, vertices, triangles, self.mouths),
                CoccyxChart(self.apex + AXIS, self.across, tail, faces),
            )
        grid = shape.mesh.grid(5, shape.elements)
        here, there = (patch.points(grid.elements, grid.xi) for patch in (self.smooth, shape))
        low = here[:, 2] < self.apex[2] + 30.0
        motion = fit_rigid(here[low], there[low])
        carried = follow(here, there, np.vstack([vertices, self.mouths]))
        moved = ModelledChart(shape, carried[: len(vertices)], triangles, carried[len(vertices) :])
        across = motion.rotation @ self.across
        return moved, CoccyxChart(motion(self.apex + AXIS), across, motion(tail), faces)


def modelled_bones(smooth: Patch, mirror: Rigid, hips: list[Mesh]) -> ModelledBones:
    """Model the mean sacrum and coccyx, or take them from the cache if they were made before from the same things.

    smooth : the mean sacrum;  mirror : its own mirroring;  hips : closed surfaces of both hip bones of the mean
    """
    guides = sacral_guides(smooth, mirror, hips)
    apex = guides.middle(guides.apex[None])[0]
    code = [Path(module.__file__ or "") for module in (sacrum, coccyx, implicit)]
    key = store.content_key(guides.anterior, guides.posterior, guides.cornu, apex, smooth.nodes.round(6), *code)
    bone, tail = _kept(f"sacrum {key}"), _kept(f"coccyx {key}")
    if bone is None or tail is None:
        bone = sculpt(*smooth.surface(BASE_RESOLUTION), guides)
        tail = model_coccyx(apex, *bone)
        # A cache that cannot be written only costs time here; whoever keeps the atlas reports it.
        with suppress(store.StoreError):
            _keep(f"sacrum {key}", bone)
            _keep(f"coccyx {key}", tail)
    across = -mirror.rotation[:, 0]
    mouths = np.vstack([*guides.both(guides.anterior), *guides.both(guides.posterior)])
    return ModelledBones(smooth, bone, tail, mouths, apex, across / np.linalg.norm(across))


def sacral_guides(smooth: Patch, mirror: Rigid, hips: list[Mesh]) -> SacralGuides:
    """The places on a sacrum that its detail is hung on.

    Raises `LandmarkError` if a landmark that is needed is no place on the sacrum.
    """

    def at(*names: str) -> Floats:
        places = [landmark_places().get(name) for name in names]
        points = [p for p in places if isinstance(p, MaterialPoint) and p.bone == "sacrum"]
        if len(points) < len(names):
            raise LandmarkError(f"the sacrum cannot be modelled: {', '.join(names)} must be points on the sacrum")
        xi = np.array([(p.xi1, p.xi2) for p in points])
        return smooth.points(np.array([p.element for p in points]), xi)

    front, back = ([f"{face}_sacral_foramen_{i}" for i in range(1, 5)] for face in ("anterior", "posterior"))
    return SacralGuides(at(*front), at(*back), at("sacral_apex")[0], at("sacral_cornu")[0], mirror, hips)


def _kept(key: str) -> Mesh | None:
    vertices, triangles = (store.load_array(store.content_key(key, part)) for part in ("vertices", "triangles"))
    return None if vertices is None or triangles is None else (vertices, triangles)


def _keep(key: str, mesh: Mesh) -> None:
    for part, array in zip(("vertices", "triangles"), mesh, strict=True):
        store.store_array(store.content_key(key, part), array)
