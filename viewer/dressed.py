"""The body as a scene wants it, for pictures drawn in Python: its variants, skin and small nerves if it shows any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.visibility import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.catalogue import Catalogue
    from meshes.atlas import Atlas, AtlasDocument, Part, Structure, Surface
    from meshes.build import BuiltAtlas
    from meshes.marks import MarksDocument
    from viewer.scene import Scene

FIRST_VARIANT = "A"


def wants_later(scene: Scene, document: AtlasDocument, catalogue: Catalogue) -> bool:
    """Whether a scene shows anything that is made after the atlas."""
    if not document.growing:
        return False
    if scene.trigger is not None:
        return True
    if {scene.variant.right, scene.variant.left} != {FIRST_VARIANT}:
        return True
    coming = [_Growing(entry.id, entry.structure, entry.side) for entry in document.growing]
    return bool(visible(scene, coming, [layer.id for layer in catalogue.layers], catalogue.structures))


def dressed(
    scene: Scene, built: BuiltAtlas, catalogue: Catalogue, progress: Callable[[float, str], None] | None = None
) -> tuple[Atlas, AtlasDocument]:
    """The atlas that a scene shows and its document; what comes after the atlas is made if the scene wants it."""
    if not wants_later(scene, built.document, catalogue):
        return built.atlas(), built.document
    from meshes.more import ensure_later, whole_atlas

    pack = ensure_later(built, progress)
    atlas = whole_atlas(built, pack)
    for structure in atlas.structures.values():
        structure.parts = [_shaped(part, structure, scene) for part in structure.parts]
    return atlas, built.document.model_copy(
        update={"structures": {**built.document.structures, **pack.document.structures}}
    )


def marks_of(scene: Scene, built: BuiltAtlas) -> MarksDocument | None:
    """The trigger points of a body that `dressed` has made what comes after it of, if the scene shows one."""
    if scene.trigger is None:
        return None
    from meshes.more import found, read_marks

    pack = found(built)
    return None if pack is None or pack.document.marks is None else read_marks(pack)


class _Growing:
    """A structure that is not there yet, as the rule of visibility wants to know it."""

    shown = False

    def __init__(self, name: str, structure: str, side: str) -> None:
        self.id, self.structure, self.side = name, structure, side


def _shaped(part: Part, structure: Structure, scene: Scene) -> Part:
    if structure.kind == "skin" and {"slim", "large"} <= set(part.shapes):
        thickness = scene.subcutaneous
        towards = part.shapes["slim" if thickness < 0.5 else "large"]
        return replace(part, surface=mixed(part.surface, towards, abs(thickness - 0.5) * 2.0))
    wanted = scene.variant.right if structure.side == "right" else scene.variant.left
    return replace(part, surface=part.shapes[wanted]) if wanted in part.shapes else part


def mixed(one: Surface, two: Surface, share: float) -> Surface:
    """A surface on the way from one shape (0) to another (1) of the same part."""
    normals = (1.0 - share) * one.normals + share * two.normals
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return replace(one, vertices=(1.0 - share) * one.vertices + share * two.vertices, normals=normals)
