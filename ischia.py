"""Ischia: an open, interactive 3D atlas of the pelvis and the deep gluteal region.

The public face. What stands in `__all__` is fetched from its own module the first time it is asked for,
so that `import ischia` costs nothing:

>>> import ischia
>>> scene = ischia.Scene(peel=1, variant={"right": "B"})
>>> ischia.load_annotations().structures["piriformis"].names.latin
'musculus piriformis'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from annotations import AnnotationError, Annotations
    from annotations import load as load_annotations
    from meshes.atlas import Atlas, AtlasDocument, Footprint, Part, Structure, Surface
    from meshes.build import BuiltAtlas
    from meshes.build import ensure_atlas as build
    from viewer.notebook import Pelvis
    from viewer.scene import Camera, Cut, Scene

__version__ = "0.1.0"

_PLACES = {
    "AnnotationError": ("annotations", "AnnotationError"),
    "Annotations": ("annotations", "Annotations"),
    "load_annotations": ("annotations", "load"),
    "Atlas": ("meshes.atlas", "Atlas"),
    "AtlasDocument": ("meshes.atlas", "AtlasDocument"),
    "Footprint": ("meshes.atlas", "Footprint"),
    "Part": ("meshes.atlas", "Part"),
    "Structure": ("meshes.atlas", "Structure"),
    "Surface": ("meshes.atlas", "Surface"),
    "BuiltAtlas": ("meshes.build", "BuiltAtlas"),
    "build": ("meshes.build", "ensure_atlas"),
    "Pelvis": ("viewer.notebook", "Pelvis"),
    "Camera": ("viewer.scene", "Camera"),
    "Cut": ("viewer.scene", "Cut"),
    "Scene": ("viewer.scene", "Scene"),
}

__all__ = [
    "AnnotationError",
    "Annotations",
    "Atlas",
    "AtlasDocument",
    "BuiltAtlas",
    "Camera",
    "Cut",
    "Footprint",
    "Part",
    "Pelvis",
    "Scene",
    "Structure",
    "Surface",
    "__version__",
    "build",
    "load_annotations",
]


def __getattr__(name: str) -> Any:
    try:
        module, attribute = _PLACES[name]
    except KeyError:
        raise AttributeError(f"ischia has no {name!r}; it has {', '.join(sorted(_PLACES))}") from None
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
