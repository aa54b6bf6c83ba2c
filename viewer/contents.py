"""What a page carries that stands alone: of atlas, texts and scripts all that its scene or lesson can reach."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.catalogue import Catalogue, catalogue
from annotations.lessons import load_lessons, read_lesson
from viewer.bundle import PARTS
from viewer.check import check, vocabulary
from viewer.documents import documents_with
from viewer.errors import SceneError, suggestion
from viewer.reach import COMMONEST, awaiting, needed, pruned, variant_files
from viewer.scene import LessonPlace, Scene

if TYPE_CHECKING:
    from annotations.lesson import Lesson
    from meshes.atlas import AtlasDocument
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack
    from meshes.pack import PackDocument

Progress = Callable[[float, str], None]

ENGLISH = "en"
PDF = "handout"
"""The part that writes PDFs: a third of all script, and only consult mode uses it."""
SERVED = frozenset({"landmarks"})
"""Parts that a page only needs as long as Python runs behind it."""
ATLAS_SHARE = 0.3
"""About so much of building is the atlas itself."""


@dataclass
class Contents:
    """A page's scene, documents and files; `files` are in the order in which they are wanted."""

    scene: Scene
    lesson: Lesson | None
    complete: bool
    built: BuiltAtlas
    atlas: AtlasDocument
    later: PackDocument | None
    catalogue: Catalogue
    documents: dict[str, bytes]
    files: dict[str, Path]
    parts: dict[str, Path]
    left_out: list[str] = field(default_factory=list)
    """What is not in it, in words."""

    @property
    def title(self) -> str:
        """What the page is called: its lesson, or what is selected in its scene, or the atlas."""
        if self.lesson is not None:
            return f"{self.lesson.title} · Ischia"
        selected = self.scene.selected
        if selected is not None:
            stem, _, side = selected.rpartition(".")
            card = self.catalogue.structures.get(stem if side in ("right", "left") else selected)
            if card is not None:
                name = card.names.english
                name = f"{side} {name}" if side in ("right", "left") else name
                return f"{name[:1].upper()}{name[1:]} · Ischia"
        return "Ischia: an atlas of the pelvis and the deep gluteal region"

    @property
    def description(self) -> str:
        """One sentence or two about the page."""
        what = "An interactive 3D atlas of the pelvis and the deep gluteal region. It teaches; it does not diagnose."
        return f"{self.lesson.summary} {what}" if self.lesson is not None else what


def gather(
    scene: Scene,
    atlas: str | Path | BuiltAtlas = "population",
    lesson: str | Path | None = None,
    complete: bool = False,
    progress: Progress | None = None,
) -> Contents:
    """All that a page of this scene, on this atlas, needs to stand alone; what is not built yet is built.

    lesson : id of a lesson, or the file of one of one's own; the page opens at its first step
    complete : everything there is, not only what scene and lesson can reach

    Raises SceneError for names that are not known, AnnotationError for a faulty lesson, and what building raises.
    """
    tell: Progress = progress or (lambda done, text: None)
    played, own = find_lesson(lesson, scene)
    texts = catalogue()
    built, pack = _built(atlas, tell)
    if lesson is not None and played is not None:
        scene = scene.model_copy(update={"lesson": LessonPlace(id=played.id)})
    check(scene, vocabulary(built.document, texts, texts.variants, [own] if own else []))
    second = scene.beside
    scene = scene.model_copy(update={"atlas": built.document.id, "beside": None})
    everything = {file.name for file in pack.document.files} if pack else set()
    files = everything if complete or pack is None else _reached(scene, played, pack.document, texts)
    later = pruned(pack.document, files) if pack else None
    found = Contents(
        scene=scene,
        lesson=played,
        complete=complete,
        built=built,
        atlas=awaiting(built.document, later),
        later=later,
        catalogue=texts,
        documents=dict(documents_with(own)),
        files=_paths(built, pack, files),
        parts={name: path for name, path in PARTS.items() if name not in SERVED},
    )
    if second is not None:
        found.left_out.append(f"the second body, {second.atlas}: a page that stands alone shows one")
    if not complete:
        _leave_out(found, pack.document if pack else None, everything - files)
    return found


def find_lesson(name: str | Path | None, scene: Scene) -> tuple[Lesson | None, Lesson | None]:
    """The lesson of that name or file, else the scene's, and the same again if it is somebody's own.

    Raises SceneError with the nearest names if there is none, AnnotationError for a file with faults.
    """
    lessons = load_lessons(scene=Scene)
    if name is None:
        return (lessons.get(scene.lesson.id) if scene.lesson else None), None
    if str(name) in lessons:
        return lessons[str(name)], None
    if Path(name).suffix in (".yaml", ".yml", ".json") or Path(name).is_file():
        own = read_lesson(name, Scene)
        return own, own
    raise SceneError(
        f'--lesson: there is no lesson "{name}".{suggestion(str(name), lessons)} '
        f"There are: {', '.join(lessons)}. Or name a file: my-lesson.yaml"
    )


def scenes_of(lesson: Lesson) -> list[Scene]:
    """The scenes of a lesson's steps, whole."""
    return [Scene.parse(step.scene, f"lesson {lesson.id}, step {n}") for n, step in enumerate(lesson.steps, start=1)]


def _built(atlas: str | Path | BuiltAtlas, tell: Progress) -> tuple[BuiltAtlas, BuiltPack | None]:
    from meshes.build import BuiltAtlas, ensure_atlas
    from meshes.more import ensure_later

    if not isinstance(atlas, BuiltAtlas):
        atlas = ensure_atlas(atlas, lambda done, text: tell(ATLAS_SHARE * done, text))
    built = atlas
    if not built.document.growing:
        return built, None
    return built, ensure_later(built, lambda done, text: tell(ATLAS_SHARE + (1 - ATLAS_SHARE) * done, text))


def _reached(scene: Scene, lesson: Lesson | None, pack: PackDocument, texts: Catalogue) -> set[str]:
    """Files of the pack that a scene, its lesson, and the commonest variants need."""
    files = variant_files(pack, COMMONEST)
    for each in (scene, *(scenes_of(lesson) if lesson else ())):
        files |= needed(each, pack, texts)
    return files


def _paths(built: BuiltAtlas, pack: BuiltPack | None, files: set[str]) -> dict[str, Path]:
    order = {"first": 0, "soon": 1, "shown": 2}
    of_atlas = sorted(built.document.files, key=lambda file: order[file.wanted])
    found = {file.name: built.folder / file.name for file in of_atlas}
    if pack is not None:
        names = [file.name for file in pack.document.files if file.name in files]
        marks = [pack.document.marks] if pack.document.marks else []
        found |= {name: pack.folder / name for name in (*marks, *names)}
    return found


def _leave_out(found: Contents, pack: PackDocument | None, files: set[str]) -> None:
    """Take out what neither scene nor lesson reaches, and note it in words."""
    if pack is not None and found.later is not None:
        there = {name for shapes in found.later.shapes.values() for name in shapes}
        variants = sorted({name for shapes in pack.shapes.values() for name in shapes} - there)
        missing = {pack.structures[name].structure for name in pack.structures if name not in found.later.structures}
        found.left_out += [f"variants {', '.join(variants)}"] if variants else []
        found.left_out += ["the small nerves"] if missing else []
        if any("skin" in name for name in files):
            found.left_out.append("the slim and the large shape of the skin")
        found.left_out += _leave_out_lessons(found, pack, files)
    if not found.scene.consult and PDF in found.parts:
        del found.parts[PDF]
        found.left_out.append("handouts as PDF")
    found.left_out += _leave_out_languages(found)


def _leave_out_lessons(found: Contents, pack: PackDocument, files: set[str]) -> list[str]:
    """Lessons with a step that shows what is not there."""
    document = json.loads(found.documents["lessons"])
    kept = [
        lesson
        for lesson in document["lessons"]
        if not any(needed(Scene.parse(step["scene"]), pack, found.catalogue) & files for step in lesson["steps"])
    ]
    out = [lesson["title"] for lesson in document["lessons"] if lesson not in kept]
    found.documents["lessons"] = json.dumps({**document, "lessons": kept}, ensure_ascii=False).encode()
    return [f"the {'lesson' if len(out) == 1 else 'lessons'} {', '.join(out)}"] if out else []


def _leave_out_languages(found: Contents) -> list[str]:
    """Languages other than English and the scene's."""
    kept = (ENGLISH, found.scene.language)
    entries = found.catalogue.languages
    found.catalogue = found.catalogue.model_copy(
        update={"languages": [entry for entry in entries if entry.code in kept]}
    )
    for entry in entries:
        if entry.code not in kept:
            found.documents.pop(f"language.{entry.code}", None)
    out = [entry.name for entry in entries if entry.code not in kept]
    return [f"the languages {', '.join(out)}"] if out else []
