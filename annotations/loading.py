"""Reads the data folder, checks it hard, and keeps it: one load a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from annotations.checks import Fault, Known, landmark_faults, name_faults, structure_faults, view_faults
from annotations.collection import Annotations
from annotations.explain import validate_as
from annotations.landmark import Landmark
from annotations.problems import AnnotationError, Problem, did_you_mean
from annotations.structure import Structure
from annotations.view import View
from annotations.vocabulary import Credit, EvidenceLevelEntry, Group, Layer, Reference
from annotations.yamlfile import YamlFile, read_yaml

DATA = Path(__file__).parent / "data"

_LISTS: dict[str, type[BaseModel]] = {
    "layers": Layer,
    "groups": Group,
    "evidence_levels": EvidenceLevelEntry,
    "credits": Credit,
}
_MAPS: dict[str, type[BaseModel]] = {"references": Reference, "views": View, "landmarks": Landmark}


@cache
def load(folder: Path | None = None) -> Annotations:
    """All annotations, checked, from `folder` or from the package's own data.

    Raises AnnotationError, which names file and field of everything that is wrong.
    """
    annotations, problems = _read(folder or DATA)
    if annotations is None or problems:
        raise AnnotationError(problems)
    return annotations


def validate(folder: Path | None = None) -> list[str]:
    """Everything that is wrong in a data folder, one line each; an empty list if nothing is."""
    return [str(problem) for problem in _read(Path(folder) if folder else DATA)[1]]


def _read(folder: Path) -> tuple[Annotations | None, list[Problem]]:
    if not folder.is_dir():
        return None, [
            Problem(str(folder), (), "is no folder; give the folder that holds structures/ and landmarks.yaml")
        ]
    files: dict[str, YamlFile] = {}
    content: dict[str, Any] = {}
    for section, model in (_LISTS | _MAPS).items():
        file = files[section] = read_yaml(folder / f"{section}.yaml", f"{section}.yaml")
        content[section] = _read_list(model, file) if section in _LISTS else _read_map(model, file)
    content["structures"] = {}
    for path in sorted((folder / "structures").glob("*.yaml")):
        file = files[path.stem] = read_yaml(path, f"structures/{path.name}")
        structure = None if file.content is None else validate_as(Structure, file, file.content)
        if structure is not None:
            _place(structure, path.stem, content["structures"], file)
    problems = [problem for file in files.values() for problem in file.problems] + _strays(folder)
    if not content["structures"] and not problems:
        problems.append(Problem("structures/", (), "holds no structure; put one .yaml file for each structure there"))
    everything = Annotations.model_construct(**content)
    problems += _faults_between(everything, files, folder)
    return (None if problems else everything), sorted(set(problems), key=lambda p: (p.file, p.line or 0, str(p)))


def _read_list(model: type[BaseModel], file: YamlFile) -> list[Any]:
    """A file that is a list of entries with an `id` each."""
    if file.content is None:
        return []
    if not isinstance(file.content, list):
        file.problems.append(Problem(file.name, (), 'must be a list: begin each entry with "- id: …"'))
        return []
    entries: list[Any] = []
    for index, item in enumerate(file.content):
        entry: Any = validate_as(model, file, item, (index,))
        if entry is None:
            continue
        if any(other.id == entry.id for other in entries):
            file.problems.append(file.problem((index, "id"), f'the id "{entry.id}" is given twice'))
        entries.append(entry)
    return entries


def _read_map(model: type[BaseModel], file: YamlFile) -> dict[str, Any]:
    """A file of entries under their ids."""
    if file.content is None:
        return {}
    if not isinstance(file.content, dict):
        file.problems.append(Problem(file.name, (), "must hold entries under their ids, such as `asis:`"))
        return {}
    entries = {key: validate_as(model, file, item, (key,)) for key, item in file.content.items()}
    return {key: entry for key, entry in entries.items() if entry is not None}


def _place(structure: Structure, stem: str, structures: dict[str, Structure], file: YamlFile) -> None:
    if structure.id in structures:
        text = f'the id "{structure.id}" is already that of another file; ids must be unique'
        file.problems.append(file.problem(("id",), text))
        return
    if structure.id != stem:
        text = f'the id "{structure.id}" must be the file\'s name without .yaml, "{stem}"'
        file.problems.append(file.problem(("id",), text))
    structures[structure.id] = structure


def _strays(folder: Path) -> list[Problem]:
    """Files that a person may think are read, but are not."""
    problems = []
    known = [f"{section}.yaml" for section in _LISTS | _MAPS]
    for path in [*folder.glob("*.y*ml"), *(folder / "structures").glob("*.yml")]:
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".yml":
            problems.append(Problem(name, (), "is not read; rename it to .yaml"))
        elif name not in known:
            problems.append(
                Problem(name, (), f"is not read{did_you_mean(name, known) or '; allowed: ' + ', '.join(known)}")
            )
    return problems


def _ids(file: YamlFile) -> list[str] | None:
    """All ids that a file gives, whether their entries are sound or not; None if it cannot be read."""
    if isinstance(file.content, dict):
        return list(file.content)
    if isinstance(file.content, list):
        return [str(item.get("id")) for item in file.content if isinstance(item, dict)]
    return None


def _faults_between(everything: Annotations, files: dict[str, YamlFile], folder: Path) -> list[Problem]:
    problems: list[Problem] = []

    def add(file: YamlFile, fault: Fault) -> None:
        problems.append(file.problem(*fault))

    known = Known(
        structures=[path.stem for path in (folder / "structures").glob("*.yaml")],
        **{section: _ids(files[section]) for section in ("landmarks", "references", "layers", "groups")},
    )
    levels = _ids(files["evidence_levels"])
    for level in EvidenceLevelEntry.model_fields["id"].annotation.__args__:  # type: ignore[union-attr]
        if levels is not None and level not in levels:
            add(files["evidence_levels"], ((), f'the level "{level}" is missing'))
    for name, structure in everything.structures.items():
        for fault in structure_faults(structure, known):
            add(files[name], fault)
    for name, landmark in everything.landmarks.items():
        for path, text in landmark_faults(landmark, known):
            add(files["landmarks"], ((name, *path), text))
    for fault in view_faults(everything, known):
        add(files["views"], fault)
    for name, (path, text), is_landmark in name_faults(everything):
        add(files["landmarks"] if is_landmark else files[name], ((name, *path) if is_landmark else path, text))
    return problems
