"""Whether a scene names only what there is: structures, view, variants, trigger point, lesson, language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from viewer.errors import SceneError, suggestion
from viewer.scene import LessonPlace, Scene

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from annotations.lesson import Lesson
    from meshes.atlas import AtlasDocument


@dataclass(frozen=True)
class Vocabulary:
    """The names that a scene may use: what the annotations know and what the atlas at hand adds to it."""

    structures: frozenset[str]
    """Sided and unsided ids, also of structures that the atlas at hand has no mesh of: they are known, only absent."""
    views: frozenset[str]
    variants: frozenset[str]
    languages: frozenset[str]
    triggers: frozenset[str]
    lessons: Mapping[str, int] = field(default_factory=dict)
    """Number of steps by id."""


def vocabulary(
    document: AtlasDocument,
    catalogue: Catalogue,
    variants: Collection[str] = ("A",),
    lessons: Iterable[Lesson] = (),
) -> Vocabulary:
    """All names a scene of this atlas may use; variants also where their shapes are still to be made.

    lessons : lessons of one's own, beside those that come along
    """
    from annotations.lessons import load_lessons

    structures: set[str] = set()
    for name, structure in catalogue.structures.items():
        structures |= {name, f"{name}.right", f"{name}.left"} if structure.paired else {name}
    for entry in document.structures.values():
        structures |= {entry.id, entry.structure}
    return Vocabulary(
        structures=frozenset(structures),
        views=frozenset(catalogue.views),
        variants=frozenset(variants),
        languages=frozenset(entry.code for entry in catalogue.languages),
        triggers=frozenset(catalogue.trigger_points),
        lessons={lesson.id: len(lesson.steps) for lesson in (*load_lessons().values(), *lessons)},
    )


def check(scene: Scene, known: Vocabulary, where: str = "scene") -> None:
    """Raise SceneError with a line for each name that is not known: its field and the nearest right names."""
    lines = [f"{where}: {line}" for line in _problems(scene, known)]
    if lines:
        raise SceneError("\n".join(lines))


def _problems(scene: Scene, known: Vocabulary) -> Iterator[str]:
    selected = [] if scene.selected is None else [scene.selected]
    fields: dict[str, Iterable[str]] = {
        "hidden": scene.hidden,
        "shown": scene.shown,
        "isolated": scene.isolated,
        "opacity": scene.opacity,
        "selected": selected,
    }
    for where, named in fields.items():
        for name in named:
            if name not in known.structures:
                near = suggestion(name, known.structures)
                hint = near or " Its names are snake-case anatomical terms with a side, like piriformis.right."
                yield f'field "{where}": there is no structure "{name}".{hint}'
    view = scene.camera.view
    if view is not None and view not in known.views:
        yield _unknown("camera.view", "view", view, known.views)
    for field_name, variants in (("variant", scene.variant), ("compare", scene.compare)):
        for side, variant in variants.model_dump().items() if variants else ():
            if variant not in known.variants:
                yield _unknown(f"{field_name}.{side}", "variant", variant, known.variants)
    if scene.trigger is not None and scene.trigger.id not in known.triggers:
        yield _unknown("trigger.id", "trigger point", scene.trigger.id, known.triggers)
    if scene.lesson is not None:
        yield from _lesson_problems(scene.lesson, known.lessons)
    if scene.language not in known.languages:
        yield _unknown("language", "language", scene.language, known.languages)


def _lesson_problems(place: LessonPlace, lessons: Mapping[str, int]) -> Iterator[str]:
    steps = lessons.get(place.id)
    if steps is None:
        yield _unknown("lesson.id", "lesson", place.id, lessons)
    elif place.step >= steps:
        yield (
            f'field "lesson.step": the lesson "{place.id}" has {steps} steps, counted from 0: '
            f"there is no step {place.step}. Choose 0 to {steps - 1}."
        )


def _unknown(where: str, kind: str, name: str, allowed: Collection[str]) -> str:
    """One sentence for a name out of a short list, with the list."""
    there_are = ", ".join(sorted(allowed))
    return f'field "{where}": there is no {kind} "{name}".{suggestion(name, allowed)} There are: {there_are}.'
