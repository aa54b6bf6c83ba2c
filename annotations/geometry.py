"""Checks the data that geometry is made from (`forms/`, `cords/`, …): are they sound, do their ids exist?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from annotations.checks import Fault, Known, missing
from annotations.cords import read_cord
from annotations.explain import validate_as
from annotations.forms import FormError, read_form
from annotations.landmark import Landmark
from annotations.material import MaterialBone, MaterialCurve, MaterialPoint
from annotations.problems import FieldPath, Problem
from annotations.yamlfile import YamlFile, read_yaml

FOLDERS = ("forms", "cords", "population", "sets")
READERS = {"forms": read_form, "cords": read_cord}

_STRUCTURES = (
    "structure",
    "bone",
    "beside",
    "within",
    "over",
    "clear_of",
    "settles_on",
    "enters",
    "fused_with",
)
"""Keys whose values are unsided ids of structures, one or several."""


def geometry_problems(folder: Path, known: Known, landmarks: Mapping[str, Landmark]) -> list[Problem]:
    """Broken YAML, unsound forms, misplaced landmarks and dangling ids in the geometry folders that are there."""
    problems: list[Problem] = []
    for path in sorted(path for name in FOLDERS for path in (folder / name).glob("*.yaml")):
        file = read_yaml(path, path.relative_to(folder).as_posix())
        problems += file.problems
        if file.content is None:
            continue
        problems += [file.problem(*fault) for fault in _dangling(file.content, known)]
        if path.parent.name == "population":
            problems += _placement_problems(file, landmarks)
        if path.parent.name in READERS and not file.problems:
            problems += _form_problems(path, file.name)
    return problems


def _form_problems(path: Path, name: str) -> Iterator[Problem]:
    try:
        form = READERS[path.parent.name](path.read_text(encoding="utf-8"), name)
    except FormError as error:
        yield Problem(name, (), str(error).removeprefix(f"{name}: "))
        return
    if form.id != path.stem:
        yield Problem(name, ("id",), f'the id "{form.id}" must be the file\'s name without .yaml, "{path.stem}"')


def _placement_problems(file: YamlFile, landmarks: Mapping[str, Landmark]) -> list[Problem]:
    """Landmarks that are placed on another bone, or as a point where they are a line."""
    problems: list[Problem] = []
    places = file.content.get("landmarks") if isinstance(file.content, dict) else None
    if not isinstance(places, dict):
        return [file.problem((), 'must hold one key, "landmarks", with the place of each landmark')]
    for name, place in places.items():
        landmark = landmarks.get(name)
        if landmark is None:
            continue
        before = len(file.problems)
        model: type[MaterialPoint | MaterialCurve] = MaterialCurve if landmark.form == "line" else MaterialPoint
        placed = validate_as(model, file, place, ("landmarks", name))
        problems += file.problems[before:]
        carrier = landmark.on if landmark.on in get_args(MaterialBone) else None
        if placed is not None and carrier and placed.bone != carrier:
            problems.append(
                file.problem(("landmarks", name, "bone"), f"{name} lies on {carrier}, not on {placed.bone}")
            )
    return problems


def _dangling(content: Any, known: Known, path: FieldPath = ()) -> Iterator[Fault]:
    """Ids of structures, landmarks and references, wherever they stand in a file, that no annotation has."""
    if isinstance(content, list):
        for index, item in enumerate(content):
            yield from _dangling(item, known, (*path, index))
        return
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        here = (*path, key)
        if key in _STRUCTURES and isinstance(value, str):
            yield from missing(here, value, known.structures, "structure")
        elif key in _STRUCTURES and isinstance(value, list):
            for index, name in enumerate(value):
                yield from missing((*here, index), str(name), known.structures, "structure")
        elif key == "sources" and isinstance(value, list):
            for index, name in enumerate(value):
                yield from missing((*here, index), str(name), known.references, "reference")
        elif key == "landmarks" and isinstance(value, dict):
            for name in value:
                yield from missing((*here, name), name.partition("@")[0], known.landmarks, "landmark")
        yield from _dangling(value, known, here)
