"""Reads lessons, the package's own and anyone's, and checks them hard."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from annotations.checks import Fault, missing
from annotations.collection import Annotations, statements
from annotations.explain import validate_as
from annotations.lesson import Lesson, Step, links
from annotations.loading import DATA, load
from annotations.problems import AnnotationError, FieldPath, Problem, did_you_mean
from annotations.structure import Structure
from annotations.yamlfile import YamlFile, read_yaml

FOLDER = "lessons"


@dataclass(frozen=True)
class LessonNames:
    """What a lesson may name; None where nothing is known of it."""

    structures: frozenset[str] | None
    """Sided and unsided ids."""
    references: Collection[str] | None
    views: Collection[str] | None
    variants: Collection[str] | None
    trigger_points: Collection[str] | None

    @classmethod
    def of(cls, known: Annotations, faulty: Collection[str] = ()) -> LessonNames:
        """Everything that the annotations have, and the ids of structures whose own files are faulty."""
        sides = {f"{name}{side}" for name in faulty if name not in known.structures for side in ("", ".right", ".left")}
        structures = _sided(known.structures) | sides
        return cls(structures, known.references, known.views, known.variants, known.trigger_points)


def _sided(structures: Mapping[str, Structure]) -> frozenset[str]:
    names = set(structures)
    for name, entry in structures.items():
        if entry.paired:
            names |= {f"{name}.right", f"{name}.left"}
    return frozenset(names)


def load_lessons(folder: Path | None = None, scene: type[BaseModel] | None = None) -> dict[str, Lesson]:
    """The lessons of a data folder (the package's own without one) by id, in the order of the list, checked.

    scene : the model that a step's scene must follow; without it only the names in scenes are checked
    Raises AnnotationError, which names file and field of everything that is wrong.
    """
    return _load(folder, scene) if folder else dict(_shipped(scene))


@cache
def _shipped(scene: type[BaseModel] | None) -> dict[str, Lesson]:
    return _load(None, scene)


def _load(folder: Path | None, scene: type[BaseModel] | None) -> dict[str, Lesson]:
    names = LessonNames.of(load(folder))
    lessons, problems = _read_folder((folder or DATA) / FOLDER, names, scene)
    if problems:
        raise AnnotationError(problems)
    return lessons


def lesson_problems(
    folder: Path, names: LessonNames | None = None, scene: type[BaseModel] | None = None
) -> list[Problem]:
    """Everything that is wrong with the lessons of a data folder; for `validate`."""
    return _read_folder(folder / FOLDER, names or _package_names(), scene)[1]


def read_lesson(path: Path | str, scene: type[BaseModel] | None = None) -> Lesson:
    """One lesson from a file of one's own, YAML or JSON, checked against the package's annotations.

    Raises AnnotationError, which names field and line of everything that is wrong.
    """
    lesson, problems = check_lesson(Path(path), scene=scene)
    if lesson is None or problems:
        raise AnnotationError(problems)
    return lesson


def check_lesson(
    path: Path, name: str | None = None, names: LessonNames | None = None, scene: type[BaseModel] | None = None
) -> tuple[Lesson | None, list[Problem]]:
    """A lesson file, as far as it can be read, and all that is wrong with it under its `name` (else its path)."""
    file = read_yaml(path, name or str(path))
    if file.content is None:
        return None, file.problems or [Problem(file.name, (), "is empty")]
    lesson = validate_as(Lesson, file, file.content)
    if scene is not None:
        for index, written in _scenes(file.content):
            validate_as(scene, file, written, ("steps", index, "scene"))
    found = lesson_faults(lesson, names or _package_names()) if lesson else ()
    problems = [*file.problems, *(file.problem(*fault) for fault in found)]
    return lesson, sorted(set(problems), key=lambda problem: (problem.line or 0, str(problem)))


@cache
def _package_names() -> LessonNames:
    return LessonNames.of(load())


def _read_folder(
    folder: Path, names: LessonNames, scene: type[BaseModel] | None
) -> tuple[dict[str, Lesson], list[Problem]]:
    lessons: dict[str, Lesson] = {}
    problems = [
        Problem(f"{FOLDER}/{path.name}", (), "is not read; rename it to .yaml") for path in sorted(folder.glob("*.yml"))
    ]
    for path in sorted(folder.glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        lesson, faults = check_lesson(path, name, names, scene)
        problems += faults
        if lesson and lesson.id != path.stem:
            text = f'the id "{lesson.id}" must be the file\'s name without .yaml, "{path.stem}"'
            problems.append(YamlFile(name).problem(("id",), text))
        if lesson:
            lessons[lesson.id] = lesson
    ordered = sorted(lessons.values(), key=lambda lesson: (lesson.order, lesson.title))
    return {lesson.id: lesson for lesson in ordered}, problems


def _scenes(content: Any) -> Iterator[tuple[int, Any]]:
    """The scenes of a lesson's steps as they were written, however faulty the rest is."""
    steps = content.get("steps") if isinstance(content, dict) else None
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, dict) and isinstance(step.get("scene"), dict):
            yield index, step["scene"]


def lesson_faults(lesson: Lesson, names: LessonNames) -> Iterator[Fault]:
    """What a lesson names and does not exist, and links that are not whole."""
    for path, claim in statements(lesson):
        for index, source in enumerate(claim.sources):
            yield from missing((*path, "sources", index), source, names.references, "reference")
    for index, step in enumerate(lesson.steps):
        path = ("steps", index)
        for field, text in step.texts():
            yield from _text_faults((*path, field), text, names)
        if step.question and step.question.find is not None:
            yield from _structure((*path, "question", "find"), step.question.find, names)
        yield from _scene_faults((*path, "scene"), step, names)


def _text_faults(path: FieldPath, text: str, names: LessonNames) -> Iterator[Fault]:
    found = links(text)
    for target in found:
        yield from _structure(path, target, names)
    if text.count("](") != len(found):
        yield (
            path,
            "has a link that is not whole; write [words](structure.side), such as [piriformis](piriformis.right)",
        )
    if text.count("**") % 2 or text.replace("**", "").count("*") % 2:
        yield path, "has a * without its partner; write *one word* or **another**"


def _structure(path: FieldPath, name: Any, names: LessonNames) -> Iterator[Fault]:
    if isinstance(name, str) and names.structures is not None and name not in names.structures:
        near = did_you_mean(name, names.structures)
        yield path, f'no structure "{name}"{near or "; write one such as piriformis.right"}'


def _scene_faults(path: FieldPath, step: Step, names: LessonNames) -> Iterator[Fault]:
    """Names in a scene that do not exist; what has a wrong form is told by the model of scenes."""
    scene = step.scene
    for field in ("hidden", "shown", "isolated"):
        listed = scene.get(field)
        for index, name in enumerate(listed if isinstance(listed, list) else []):
            yield from _structure((*path, field, index), name, names)
    for name in _keys(scene.get("opacity")):
        yield from _structure((*path, "opacity", name), name, names)
    yield from _structure((*path, "selected"), scene.get("selected"), names)
    camera, trigger = scene.get("camera"), scene.get("trigger")
    if isinstance(camera, dict):
        yield from _short((*path, "camera", "view"), camera.get("view"), names.views, "view")
    if isinstance(trigger, dict):
        yield from _short((*path, "trigger", "id"), trigger.get("id"), names.trigger_points, "trigger point")
    for field in ("variant", "compare"):
        sides = scene.get(field)
        for side in _keys(sides):
            yield from _short((*path, field, side), sides[side], names.variants, "variant")  # type: ignore[call-overload, index]


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _short(path: FieldPath, name: Any, known: Collection[str] | None, what: str) -> Iterator[Fault]:
    """The fault that a name out of a short list is not in it, with the list."""
    if isinstance(name, str) and known is not None and name not in known:
        near = did_you_mean(name, known)
        yield path, f'no {what} "{name}"{near or ";"} There are: {", ".join(known)}'
