"""The documents that a page fetches when it first wants them: lessons, and what is said in other languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from annotations.lesson import Lesson, LessonsDocument
from annotations.lessons import load_lessons
from annotations.loading import language_documents
from viewer.scene import Scene


@cache
def documents() -> dict[str, bytes]:
    """JSON texts by name: `lessons`, `language.de`. Raises AnnotationError if what they are made from is faulty."""
    languages = {f"language.{code}": text for code, text in language_documents().items()}
    return {"lessons": lessons_document(), **languages}


def documents_with(lesson: Lesson | None) -> dict[str, bytes]:
    """The same with a lesson of one's own among the lessons."""
    return documents() if lesson is None else {**documents(), "lessons": lessons_document([lesson])}


def lessons_document(more: Iterable[Lesson] = ()) -> bytes:
    """The package's lessons and `more` of them as JSON, each step's scene whole; of one id the later one stays.

    Raises AnnotationError if a lesson of the package is faulty, SceneError if one of `more` has a faulty scene.
    """
    lessons = {**load_lessons(scene=Scene), **{lesson.id: lesson for lesson in more}}
    return LessonsDocument(lessons=[_whole(lesson) for lesson in lessons.values()]).model_dump_json().encode()


def _whole(lesson: Lesson) -> Lesson:
    """The lesson with every field of its scenes."""
    steps = [
        step.model_copy(
            update={
                "scene": Scene.parse(step.scene, f"lesson {lesson.id}, step {number}").model_dump(
                    mode="json", by_alias=True
                )
            }
        )
        for number, step in enumerate(lesson.steps, start=1)
    ]
    return lesson.model_copy(update={"steps": steps})
