"""Reads a data folder and checks it hard."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from annotations.checks import (
    Known,
    dangling,
    landmark_faults,
    name_faults,
    structure_faults,
    view_faults,
)
from annotations.collection import Annotations
from annotations.explain import validate_as
from annotations.geometry import geometry_problems
from annotations.girths import Girth
from annotations.landmark import Landmark
from annotations.language import FOLDER as LANGUAGES
from annotations.language import Translation, language_codes, read_translation
from annotations.measure_table import PublishedLines, PublishedMeasure
from annotations.pain_region import PainRegion
from annotations.plate import Plate
from annotations.problems import AnnotationError, Problem, did_you_mean
from annotations.safety import Safety
from annotations.statement import EvidenceLevel
from annotations.structure import Structure
from annotations.trigger_point import MUSCLES, TriggerPoint
from annotations.variant import VARIANTS, Variant, VariantOverview
from annotations.view import View
from annotations.vocabulary import Credit, EvidenceLevelEntry, Group, Layer, Reference
from annotations.yamlfile import YamlFile, read_yaml

DATA = Path(__file__).parent / "data"

_LISTS: dict[str, type[BaseModel]] = {
    "layers": Layer,
    "groups": Group,
    "evidence_levels": EvidenceLevelEntry,
    "credits": Credit,
    "plates": Plate,
    "measures": PublishedMeasure,
    "girths": Girth,
    "pain_regions": PainRegion,
}
_MAPS: dict[str, type[BaseModel]] = {"references": Reference, "views": View, "landmarks": Landmark}
_WHOLE: dict[str, tuple[str, type[BaseModel]]] = {
    "variants": ("variant_overview", VariantOverview),
    "safety": ("safety", Safety),
    "lines": ("lines", PublishedLines),
}
"""Files that hold one entry, and where it goes."""
_FOLDERS: dict[str, type[BaseModel]] = {
    "structures": Structure,
    "variants": Variant,
    "trigger_points": TriggerPoint,
}


def load(folder: Path | None = None) -> Annotations:
    """All annotations, checked: from `folder`, read anew, or the package's own, read once in a process.

    Raises AnnotationError, which names file and field of everything that is wrong.
    """
    return _shipped() if folder is None else _load(Path(folder))


@cache
def _shipped() -> Annotations:
    return _load(DATA)


def _load(folder: Path) -> Annotations:
    source = _Source(folder)
    problems = source.problems()
    if problems:
        raise AnnotationError(problems)
    return Annotations.model_construct(**source.content)


def validate(folder: Path | None = None, scene: type[BaseModel] | None = None) -> list[str]:
    """Everything that is wrong in a data folder, one line each; an empty list if nothing is.

    Goes beyond `load`: it also checks the files from which geometry is made (`forms/`, `cords/`, …), translations and
    lessons. `scene` is the model that the scenes of lessons must follow.
    """
    source = _Source(Path(folder) if folder else DATA)
    problems = source.problems()
    if source.folder.is_dir():
        problems += geometry_problems(source.folder, source.known(), source.content["landmarks"])
        problems += _language_problems(source)
        problems += _lesson_problems(source, scene)
    return [str(problem) for problem in _in_order(problems)]


def translation(code: str, annotations: Annotations | None = None, folder: Path | None = None) -> Translation:
    """One language of the data folder, held against the English annotations: its texts, its faults, what is missing.

    Raises AnnotationError if there is no such language.
    """
    folder = folder or DATA
    codes = language_codes(folder)
    if code not in codes:
        there_are = ", ".join(["en", *codes])
        raise AnnotationError([f'There is no language "{code}"{did_you_mean(code, codes)}; there are: {there_are}.'])
    from annotations.lessons import load_lessons  # it reads annotations by this module

    lessons = load_lessons(None if folder == DATA else folder)
    return read_translation(
        folder, code, annotations or load(None if folder == DATA else folder), lessons, interface_texts()
    )


@cache
def interface_texts() -> list[str]:
    """Every text of the interface in English, as `python -m viewer.texts` has collected them."""
    listed = read_yaml(DATA / LANGUAGES / "interface.yaml", f"{LANGUAGES}/interface.yaml")
    if listed.problems:
        raise AnnotationError(listed.problems)
    return [text for texts in listed.content.values() for text in texts]


def language_documents(folder: Path | None = None) -> dict[str, bytes]:
    """What a page fetches to speak another language, as JSON by its code.

    Raises AnnotationError if a translation is faulty.
    """
    codes = language_codes(folder or DATA)
    return {code: translation(code, folder=folder).document().model_dump_json().encode() for code in codes}


def untranslated(folder: Path | None = None) -> dict[str, dict[str, list[str]]]:
    """What each language lacks and is shown in English, by code and topic; without the languages that lack nothing.

    Raises AnnotationError if the English annotations are faulty.
    """
    lacking = {code: translation(code, folder=folder).missing for code in language_codes(folder or DATA)}
    return {code: missing for code, missing in lacking.items() if any(missing.values())}


class _Source:
    """A data folder as it was read: its files, what they hold that is sound, and the ids they give."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sections: dict[str, YamlFile] = {}
        self.folders: dict[str, dict[str, YamlFile]] = {name: {} for name in _FOLDERS}
        self.content: dict[str, Any] = {name: {} for name in _FOLDERS}
        for section, model in (_LISTS | _MAPS).items():
            file = self.sections[section] = read_yaml(folder / f"{section}.yaml", f"{section}.yaml")
            self.content[section] = _read_list(model, file) if section in _LISTS else _read_map(model, file)
        for section, (key, model) in _WHOLE.items():
            file = self.sections[section] = read_yaml(folder / f"{section}.yaml", f"{section}.yaml")
            self.content[key] = None if file.content is None else validate_as(model, file, file.content)
        for name, model in _FOLDERS.items():
            for path in sorted((folder / name).glob("*.yaml"), key=_in_order_of_show):
                file = self.folders[name][path.stem] = read_yaml(path, f"{name}/{path.name}")
                entry: Any = None if file.content is None else validate_as(model, file, file.content)
                if entry is not None:
                    _place(entry, path, self.content[name], file)

    def known(self) -> Known:
        """Every id that is given, whether its entry is sound or not."""
        return Known(
            structures=list(self.folders["structures"]),
            **{section: _ids(self.sections[section]) for section in ("landmarks", "references", "layers", "groups")},
        )

    def problems(self) -> list[Problem]:
        """All faults of the folder, by file and line."""
        if not self.folder.is_dir():
            text = "is no folder; give the folder that holds structures/ and landmarks.yaml"
            return [Problem(str(self.folder), (), text)]
        files = [file for named in (self.sections, *self.folders.values()) for file in named.values()]
        problems = [fault for file in files for fault in file.problems]
        if not self.folders["structures"]:
            text = "holds no structure; put one .yaml file for each structure there"
            problems.append(Problem("structures/", (), text))
        missing = [variant for variant in VARIANTS if variant not in self.folders["variants"]]
        problems += [Problem(f"variants/{name}.yaml", (), f'the variant "{name}" is missing') for name in missing]
        return _in_order([*problems, *_strays(self.folder), *self._faults_between()])

    def _faults_between(self) -> Iterator[Problem]:
        """What no single file can show."""
        everything = Annotations.model_construct(**self.content)
        known = self.known()
        levels = _ids(self.sections["evidence_levels"])
        for level in get_args(EvidenceLevel):
            if levels is not None and level not in levels:
                yield self.sections["evidence_levels"].problem((), f'the level "{level}" is missing')
        for name, structure in everything.structures.items():
            for path, text in structure_faults(structure, known):
                yield self.folders["structures"][name].problem(path, text)
        for name, landmark in everything.landmarks.items():
            for path, text in landmark_faults(landmark, known):
                yield self.sections["landmarks"].problem((name, *path), text)
        for path, text in view_faults(everything, known):
            yield self.sections["views"].problem(path, text)
        for name, (path, text), is_landmark in name_faults(everything):
            if is_landmark:
                yield self.sections["landmarks"].problem((name, *path), text)
            else:
                yield self.folders["structures"][name].problem(path, text)
        yield from self._dangling(known)

    def _dangling(self, known: Known) -> Iterator[Problem]:
        """Ids that do not exist, in all but structures, landmarks and views."""
        for folder in ("variants", "trigger_points"):
            for name, entry in self.content[folder].items():
                yield from (self.folders[folder][name].problem(*fault) for fault in dangling(entry, known))
        for section, (key, _) in _WHOLE.items():
            if self.content[key] is not None:
                yield from (self.sections[section].problem(*fault) for fault in dangling(self.content[key], known))
        for section in ("plates", "measures", "girths", "pain_regions"):
            file = self.sections[section]
            if file.problems:
                continue
            for number, entry in enumerate(self.content[section]):
                yield from (file.problem((number, *path), text) for path, text in dangling(entry, known))


def _lesson_problems(source: _Source, scene: type[BaseModel] | None) -> list[Problem]:
    """Faults of the lessons."""
    from annotations.lessons import LessonNames, lesson_problems  # it reads annotations by this module

    names = LessonNames.of(Annotations.model_construct(**source.content), source.folders["structures"])
    return lesson_problems(source.folder, names, scene)


def _language_problems(source: _Source) -> list[Problem]:
    """Faults of the translations; none is looked for where the English they are held against is not sound."""
    codes = language_codes(source.folder)
    if not codes or source.problems() or _lesson_problems(source, None):
        return []
    english = Annotations.model_construct(**source.content)
    return [problem for code in codes for problem in translation(code, english, source.folder).problems]


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line or 0, str(problem)))


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


def _in_order_of_show(path: Path) -> tuple[int, str]:
    """Variants and the muscles of trigger points in their own order, all else by name."""
    for order, name in ((VARIANTS, path.stem), (MUSCLES, path.stem.partition(".")[0])):
        if name in order:
            return (order.index(name), path.name)
    return (len(MUSCLES), path.name)


def _place(entry: Structure | Variant | TriggerPoint, path: Path, entries: dict[str, Any], file: YamlFile) -> None:
    """Keep an entry under its id, which must be the name of its file, so that no id can be given twice."""
    if entry.id == path.stem:
        entries[entry.id] = entry
    elif path.with_stem(entry.id).exists():
        text = f'the id "{entry.id}" is already that of {path.with_stem(entry.id).name}; ids must be unique'
        file.problems.append(file.problem(("id",), text))
    else:
        text = f'the id "{entry.id}" must be the file\'s name without .yaml, "{path.stem}"'
        file.problems.append(file.problem(("id",), text))


def _strays(folder: Path) -> list[Problem]:
    """Files that a person may think are read, but are not."""
    problems = []
    known = [f"{section}.yaml" for section in (*_LISTS, *_MAPS, *_WHOLE)]
    inside = [path for name in _FOLDERS for path in (folder / name).glob("*.yml")]
    for path in [*folder.glob("*.y*ml"), *inside]:
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
