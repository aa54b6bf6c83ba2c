"""The population's mean body as an atlas: its bones, and the soft tissue solved on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from annotations.forms import load_forms
from annotations.loading import DATA
from meshes.atlas import Atlas
from meshes.body import Body
from meshes.code import code_files
from meshes.finishing import BONE_RESOLUTION, bone_structures, finish, growing, landmarks_of
from meshes.modeller import solve_both
from meshes.population import population_body
from meshes.sources import population_sources
from meshes.store import content_key, files_key, libraries_key

Progress = Callable[[float, str], None]

POPULATION_ATLAS = "population"


def forms_key() -> str:
    """Hash of what soft tissue grows from: forms, landmarks, and the models that read them."""
    data = [*(DATA / "forms").glob("*.yaml"), *(DATA / "population").glob("*.yaml"), DATA / "landmarks.yaml"]
    return content_key(files_key(data), files_key([DATA.parent / "forms.py", DATA.parent / "material.py"]))


def population_key() -> str:
    """Hash of everything the population atlas is made from: code, libraries, forms and landmarks.

    What only other bodies need is no part of it.
    """
    code = files_key(code_files("population_atlas"))
    coming = [entry.id for entry in growing()]
    return content_key(code, libraries_key(), forms_key(), BONE_RESOLUTION, coming)


@cache
def mean_body() -> Body:
    """The population's mean body as finely as it is shown; made once, and not to be changed."""
    return population_body(resolution=BONE_RESOLUTION)


def population_atlas(progress: Progress | None = None) -> Atlas:
    """The population's mean body: its bones, the soft tissue solved on them, footprints, landmarks and shading."""
    tell: Progress = progress or (lambda done, text: None)
    tell(0.0, "Bones of the population mean")
    body = mean_body()
    structures = {structure.id: structure for structure in bone_structures(body)}
    forms = load_forms()
    for structure in solve_both(body, forms, progress=lambda done, text: tell(0.05 + 0.7 * done, text)):
        structures[structure.id] = structure
    atlas = Atlas(
        POPULATION_ATLAS,
        "Population mean: bones of 26 adults, soft tissue solved on them",
        structures,
        landmarks_of(body),
        population_sources(),
        growing(),
    )
    finish(atlas, body, forms, lambda done, text: tell(0.75 + 0.23 * done, text))
    return atlas
