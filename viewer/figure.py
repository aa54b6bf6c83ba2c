"""Print-quality figures: the scene of the page, drawn off screen by PyVista, as PNG or as SVG."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from meshes.atlas import Source, Structure
from viewer.camera import Pose, pose, project
from viewer.drawing import Stage, Subject, painted, shown
from viewer.errors import ViewerError
from viewer.files import write_whole
from viewer.lettering import Label, Note, font, lay_out, paint
from viewer.palette import theme
from viewer.scene import Scene
from viewer.visibility import names

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from meshes.build import BuiltAtlas

__all__ = [
    "FORMS",
    "LARGEST",
    "ROOMY",
    "SMALLEST",
    "Composition",
    "Subject",
    "about",
    "check_letters",
    "check_size",
    "check_suffix",
    "compose",
    "credit_line",
    "draw",
    "figure",
    "painted",
    "save",
    "shown",
    "subject_of",
]

SMALLEST, LARGEST = 16, 8192
"""Pixels of a side; beyond the largest graphics drivers refuse."""
FORMS = (".png", ".svg")
"""Suffixes of the files that figures are written to."""
SIZE = (1600, 1400)
ROOMY = 620
"""Pixels across from which there is room to name everyone who is to be credited; the file's metadata always do."""


@dataclass(frozen=True)
class Composition:
    """A picture of the body, and apart from it what is to be written on it."""

    picture: Image.Image
    note: Note

    def lettered(self) -> Image.Image:
        """The picture with its words painted into it."""
        return paint(self.picture.copy(), lay_out(self.note, self.picture.size), self.note.colours)


def figure(
    scene: Scene,
    out: Path | None = None,
    *,
    size: tuple[int, int] = SIZE,
    built: BuiltAtlas | None = None,
    credits_line: bool = True,
    progress: Callable[[float, str], None] | None = None,
) -> Image.Image:
    """Draw a scene and, if `out` is given, write it as PNG or SVG by its suffix.

    size : width and height, pixels
    built : the body; that of the scene, built if it must be, where none is given
    credits_line : whether who made it is written at the foot; the file's metadata say it in any case

    Raises ViewerError (SceneError, GraphicsError) for a wrong suffix, size or name, and where nothing can be drawn.
    """
    from annotations.catalogue import catalogue

    if out is not None:
        check_suffix(out, FORMS, "figures")
    check_size(size)
    texts = catalogue(scene.language)
    subject = subject_of(scene, built, texts, progress)
    if out is None or out.suffix.lower() == ".png":
        check_letters(texts)
    composition = compose(subject, scene, size, credits_line=credits_line)
    if out is not None:
        save(composition, out, subject, scene)
    return composition.lettered()


def subject_of(
    scene: Scene,
    built: BuiltAtlas | None,
    texts: Catalogue,
    progress: Callable[[float, str], None] | None = None,
) -> Subject:
    """The body as a scene wants it, after a check of the scene's names. Raises SceneError for names not known."""
    from meshes.build import ensure_atlas
    from viewer.check import check, vocabulary
    from viewer.dressed import dressed, marks_of

    built = built or ensure_atlas(scene.atlas, progress=progress)
    check(scene, vocabulary(built.document, texts, texts.variants))
    return Subject(*dressed(scene, built, texts, progress), texts, marks_of(scene, built))


def check_suffix(out: Path, allowed: tuple[str, ...], what: str) -> None:
    """Say before the work, not after it, that a file could not be kept. Raises ViewerError."""
    if out.suffix.lower() not in allowed:
        raise ViewerError(f"{out}: {what} are {_either(allowed)} files; name one that ends so.")
    if not out.parent.is_dir():
        raise ViewerError(f"{out.parent}: there is no such folder. Make it, or choose another place.")
    if out.is_dir():
        raise ViewerError(f"{out}: this is a folder; name a file in it.")


def check_size(size: tuple[int, int], largest: int = LARGEST) -> None:
    """Raises ViewerError for a picture that cannot be drawn."""
    if not (min(size) >= SMALLEST and max(size) <= largest):
        raise ViewerError(
            f"--size: {size[0]} × {size[1]} pixels cannot be drawn; each side can have {SMALLEST} to {largest}."
        )


def check_letters(texts: Catalogue) -> None:
    """Raises ViewerError where this machine has no letters for the names of that language."""
    font(10.0, next((entry.names.english for entry in texts.structures.values()), ""))


def compose(
    subject: Subject,
    scene: Scene,
    size: tuple[int, int],
    *,
    eye: Pose | None = None,
    credits_line: bool = True,
) -> Composition:
    """The scene as a picture of `size` = (width, height) pixels and its words, seen as it says or from `eye`.

    Raises GraphicsError where nothing can be drawn.
    """
    aspect = size[0] / size[1]
    eye = eye or pose(scene.camera, subject.catalogue, subject.document.landmarks, aspect)
    with Stage(subject, scene, size, eye) as stage:
        picture = Image.fromarray(stage.picture(eye))
        marked = stage.point.on_muscle if stage.point is not None else None
        survey = stage.survey(eye) if scene.labels != "none" or marked is not None else None
    crosses = []
    if scene.trigger is not None and marked is not None:
        name = subject.catalogue.trigger_points[scene.trigger.id].name
        crosses = [Label(name, project(eye, marked, aspect), scene.trigger.id)]
    labels = _labels(subject, scene, stage.seen, survey.middles) if survey is not None else []
    note = Note(
        eye,
        crosses + labels,
        credit_line(subject, stage.seen, short=size[0] < ROOMY) if credits_line else "",
        theme(scene.theme),
        [label.place for label in crosses],
        survey.edges if survey is not None else (0.3, 0.7),
    )
    return Composition(picture, note)


def draw(subject: Subject, scene: Scene, size: tuple[int, int]) -> Image.Image:
    """The scene as a picture of `size` = (width, height) pixels. Raises GraphicsError where nothing can be drawn."""
    return compose(subject, scene, size).lettered()


def save(picture: Image.Image | Composition, path: Path, subject: Subject, scene: Scene) -> None:
    """Write a PNG, or a composition as the SVG that the suffix asks for: with licence, credits and its scene."""
    if isinstance(picture, Composition):
        if path.suffix.lower() == ".svg":
            from viewer.svg import svg

            write_whole(path, svg(picture, about(subject), scene))
            return
        picture = picture.lettered()
    data = io.BytesIO()
    chunks = PngInfo()
    for key, text in about(subject).items():
        chunks.add_itxt(key, text)
    chunks.add_itxt("ischia:scene", scene.model_dump_json(), zip=True)
    picture.save(data, format="PNG", pnginfo=chunks, dpi=(300, 300), optimize=False)
    write_whole(path, data.getvalue())


def about(subject: Subject) -> Mapping[str, str]:
    """Title, Author, Copyright, Source and Software, as files of pictures carry them."""
    sources = subject.document.sources
    return {
        "Title": subject.document.title,
        "Author": "; ".join(dict.fromkeys(source.creators for source in sources.values())),
        "Copyright": "\n".join(f"{s.title}: {s.license} ({s.license_url})" for s in sources.values()),
        "Source": "\n".join(f"{s.citation} {s.url}" for s in sources.values()),
        "Software": f"ischia {_version()}",
    }


def credit_line(subject: Subject, seen: list[Structure], *, short: bool = False) -> str:
    """Who made what is seen, under which licence, in one line; `short`: the licences alone."""
    used: dict[str, Source] = {s.source: subject.document.sources[s.source] for s in seen}
    if short:
        return "Ischia  ·  " + ", ".join(dict.fromkeys(source.license for source in used.values()))
    lines = [f"{source.title} ({source.creators}; {source.license})" for source in used.values()]
    return "  ·  ".join(["Ischia", *dict.fromkeys(lines)])


def _labels(
    subject: Subject, scene: Scene, seen: list[Structure], middles: list[tuple[float, float] | None]
) -> list[Label]:
    """The label of each structure that is to have one and is not covered."""
    annotated = subject.catalogue.structures
    return [
        Label(*_written(subject, structure, scene, middle))
        for structure, middle in zip(seen, middles, strict=True)
        if middle is not None
        and (scene.labels == "all" or (scene.labels == "selected" and scene.selected in names(structure, annotated)))
    ]


def _written(
    subject: Subject, structure: Structure, scene: Scene, place: tuple[float, float]
) -> tuple[str, tuple[float, float], str, str | None]:
    """What a label says, where it points, of which structure, and what stands in Latin beneath."""
    card = subject.catalogue.structures.get(structure.structure)
    if card is None:
        return _capital(structure.structure.replace("_", " ")), place, structure.id, None
    spoken, latin = card.names.english, card.names.latin
    if scene.names == "latin":
        return _capital(latin), place, structure.id, None
    both = scene.names == "both" and spoken.lower() != latin.lower()
    return _capital(spoken), place, structure.id, _capital(latin) if both else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _either(words: tuple[str, ...]) -> str:
    return " or ".join(word.removeprefix(".").upper() for word in words)


def _version() -> str:
    try:
        return version("ischia")
    except PackageNotFoundError:
        return "from sources"
