"""A print-ready sheet, as PDF: views of a scene at one true scale, with names, caption, sources and credits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from viewer.camera import Pose, pose, with_view
from viewer.drawing import Subject, shown
from viewer.errors import ViewerError, suggestion
from viewer.figure import Composition, check_suffix, compose, subject_of
from viewer.files import write_whole
from viewer.lettering import broken, text_width
from viewer.visibility import names

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from meshes.build import BuiltAtlas
    from viewer.scene import Scene

POINT = 25.4 / 72.0
"""mm."""
PAPERS: Final = {"a4": (210.0, 297.0), "a3": (297.0, 420.0), "letter": (215.9, 279.4)}
"""Width and height, mm."""
SCALES = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.5, 10.0, 12.5, 15.0, 20.0, 25.0)
"""mm of the body for one on paper: what a reader can reckon with."""
BARS = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
"""mm of the body that a scale bar may be long."""
BAR_ON_PAPER = 16.0
"""A scale bar is at least so long on paper, mm."""
MOST_VIEWS = 6
DPI = 300
FORMS = (".pdf",)
LETTERS = 7.2
"""Size of a label's letters on paper, points; in a picture of less than NARROW, mm, FEWER."""
FEWER, NARROW = 6.2, 140.0
NAMES_SHARE = 0.27
"""Of a picture's width its names get at most so much at either side; longer ones stand before the body."""
GUTTER = 5.0
"""Between two pictures side by side, mm."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Words:
    """What a sheet says beside its pictures."""

    title: str
    caption: str
    references: tuple[str, ...] = ()
    unreviewed: bool = False
    """Whether it must be said that nobody qualified has reviewed the text."""


@dataclass(frozen=True)
class Paper:
    """A sheet: its name, and width and height in mm as it lies."""

    name: str
    width: float
    height: float


@dataclass(frozen=True)
class View:
    """One picture of a sheet before it is drawn: its scene and pose, and what must be seen of the body, mm."""

    name: str
    scene: Scene
    eye: Pose
    width: float
    height: float
    names: float
    """Room that its names need at each side, in sizes of their letters."""


@dataclass(frozen=True)
class Panel:
    """A picture in its place on the paper, mm from the upper left corner."""

    view: View
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """What was written: the paper, one scale for all pictures, the scale bar in mm of the body, and the panels."""

    paper: Paper
    scale: float
    bar: float
    panels: tuple[Panel, ...]


def plate(
    scene: Scene,
    out: Path,
    *,
    views: Sequence[str] = (),
    paper: str = "a4",
    landscape: bool = False,
    title: str | None = None,
    caption: str | None = None,
    named: str | None = None,
    day: date | None = None,
    dpi: int = DPI,
    built: BuiltAtlas | None = None,
    progress: Progress | None = None,
) -> Sheet:
    """Write a sheet of a scene as PDF; returns what stands on it.

    views : names of camera views; the scene's own where none is given
    named : a plate of the annotations, whose title, caption and sources are printed; its scene is `plate_scene`'s
    day : date that is printed, today where none is given
    dpi : fineness of the pictures of the body; words and lines are vectors

    Raises ViewerError for names that are not known and sheets that cannot be, and where nothing can be drawn.
    """
    from annotations.catalogue import catalogue

    check_suffix(out, FORMS, "plates")
    texts = catalogue(scene.language)
    sheet_paper = paper_of(paper, landscape=landscape)
    check_views(views, texts)
    tell = progress or (lambda done, text: None)
    subject = subject_of(scene, built, texts, lambda done, text: tell(0.2 * done, text))
    words = words_of(scene, texts, named, title, caption)
    return save(
        subject, scene, out, views, sheet_paper, words, day=day, dpi=dpi, progress=lambda d, t: tell(0.2 + 0.8 * d, t)
    )


def save(
    subject: Subject,
    scene: Scene,
    out: Path,
    views: Sequence[str],
    paper: Paper,
    words: Words,
    *,
    day: date | None = None,
    dpi: int = DPI,
    progress: Progress | None = None,
) -> Sheet:
    """Draw the views of a body and write the sheet, whole or not at all."""
    from viewer.printing import Printer

    tell = progress or (lambda done, text: None)
    printer = Printer(paper, words, subject, day or date.today())
    sheet = arranged(paper, [_framed(view, scene, subject) for view in (views or (None,))], printer.free, printer.gap)
    for number, panel in enumerate(sheet.panels):
        tell(number / len(sheet.panels), f"Drawing {panel.view.name}")
        printer.add(panel, picture_of(panel, sheet.scale, subject, dpi), sheet)
    tell(1.0, "Writing")
    write_whole(out, printer.finish())
    return sheet


def paper_of(name: str, *, landscape: bool = False) -> Paper:
    """The paper of that name. Raises ViewerError with those that there are."""
    if name.lower() not in PAPERS:
        raise ViewerError(f'--paper: there is no paper "{name}". There are: {", ".join(PAPERS)}.')
    width, height = PAPERS[name.lower()]
    return Paper(name.lower(), *((height, width) if landscape else (width, height)))


def check_views(views: Sequence[str], texts: Catalogue) -> None:
    """Raises ViewerError for a view that is not known, and for too many."""
    for view in views:
        if view not in texts.views:
            near = suggestion(view, texts.views)
            raise ViewerError(f'--views: there is no view "{view}".{near} There are: {", ".join(texts.views)}.')
    if len(views) > MOST_VIEWS:
        raise ViewerError(f"--views: {len(views)} views do not fit on a sheet; there is room for {MOST_VIEWS}.")


def plate_scene(name: str, texts: Catalogue) -> Scene:
    """The scene of a plate of the annotations. Raises ViewerError with the names that there are."""
    from viewer.scene import Scene

    found = next((each for each in texts.plates if each.id == name), None)
    if found is None:
        there_are = ", ".join(each.id for each in texts.plates)
        raise ViewerError(
            f'there is no plate "{name}".{suggestion(name, [p.id for p in texts.plates])} There are: {there_are}.'
        )
    return Scene.parse(found.scene, f"plate {name}")


def words_of(scene: Scene, texts: Catalogue, named: str | None, title: str | None, caption: str | None) -> Words:
    """What is to be printed: what was asked for, or what the annotations say of the plate, trigger point or variant."""
    statements: list[str] = []
    own_title, own_caption, unreviewed = "The pelvis and the deep gluteal region", "", False
    if named is not None:
        found = next(each for each in texts.plates if each.id == named)
        own_title, own_caption, unreviewed = found.name, found.caption, True
        statements = [key for statement in found.statements for key in statement.sources]
    elif scene.trigger is not None:
        point = texts.trigger_points[scene.trigger.id]
        own_title = f"{point.name}, {scene.trigger.side} side"
        felt = {"essential": "Pain is described here in nearly all", "spillover": "in some also here"}
        zones = "; ".join(
            f"{felt[zone.level]}: {zone.words[:1].lower()}{zone.words[1:].rstrip('.')}" for zone in point.zones
        )
        own_caption, unreviewed = f"{point.location.text} {zones}. {point.zone_source.text}", point.reviewed_by is None
        statements = [*point.location.sources, *point.zone_source.sources]
    elif {scene.variant.right, scene.variant.left} != {"A"}:
        chosen = list(dict.fromkeys((scene.variant.right, scene.variant.left)))
        variants = [texts.variants[key] for key in chosen]
        own_title = "; ".join(variant.name[:1].upper() + variant.name[1:] for variant in variants)
        own_caption, unreviewed = " ".join(variant.caption for variant in variants), True
        statements = [entry.source for variant in variants for entry in variant.prevalence]
    keys = list(dict.fromkeys(statements))
    references = tuple(" ".join(filter(None, (texts.references[key].text, texts.references[key].url))) for key in keys)
    return Words(
        title or own_title, own_caption if caption is None else caption, references, unreviewed and not caption
    )


def arranged(paper: Paper, views: Sequence[View], free: tuple[float, float, float, float], gap: float) -> Sheet:
    """The sheet on which the views stand largest, in rows and columns, all at one scale that can be reckoned with.

    free : left, top, width and height of the paper that is free for pictures, mm
    gap : height that a picture's own caption takes, mm

    Raises ViewerError if they do not fit at any scale.
    """
    left, top, width, height = free
    best: tuple[float, int, int] | None = None
    for columns in range(1, len(views) + 1):
        rows = math.ceil(len(views) / columns)
        each = (width + GUTTER) / columns - GUTTER, height / rows - gap
        scale = max((_needed(view, each) for view in views), default=math.inf)
        if best is None or scale < best[0]:
            best = scale, columns, rows
    assert best is not None
    fitting = next((nice for nice in SCALES if nice >= best[0] - 1e-9), None)
    if fitting is None:
        raise ViewerError(f"{len(views)} views do not fit on {paper.name.upper()}. Choose fewer, or a larger paper.")
    _, columns, rows = best
    each = (width + GUTTER) / columns, height / rows
    panels = tuple(
        Panel(
            view, left + number % columns * each[0], top + number // columns * each[1], each[0] - GUTTER, each[1] - gap
        )
        for number, view in enumerate(views)
    )
    bar = next((length for length in BARS if length / fitting >= BAR_ON_PAPER), BARS[-1])
    return Sheet(paper, fitting, bar, panels)


def _needed(view: View, room: tuple[float, float]) -> float:
    """The least scale at which a view fits, with its names at its sides."""
    side = view.width, view.height
    letters = letters_in(room[0]) * POINT
    column = min(view.names * letters, NAMES_SHARE * room[0])
    free = room[0] - 2 * column, room[1] - 9 * letters
    if min(free) <= 0:
        return math.inf
    return max(side[0] / free[0], side[1] / free[1])


def letters_in(width: float) -> float:
    """Size of the letters of names in a picture so wide on paper (mm), points."""
    return LETTERS if width >= NARROW else FEWER


def _name_room(scene: Scene, subject: Subject) -> float:
    """Room for a column of names at either side, in sizes of their letters."""
    annotated, spoken = subject.catalogue.structures, list[str]()
    for each in shown(subject, scene):
        card = annotated.get(each.structure)
        if card is not None and (
            scene.labels == "all" or (scene.labels == "selected" and scene.selected in names(each, annotated))
        ):
            spoken += {"english": [card.names.english], "latin": [card.names.latin]}.get(
                scene.names, [card.names.english, card.names.latin]
            )
    if scene.trigger is not None:
        spoken.append(subject.catalogue.trigger_points[scene.trigger.id].name)
    widest = max((text_width(line, 100.0) for name in spoken for line in broken(name)), default=0.0)
    return widest / 100.0 + 3.4 if spoken else 0.0


def _framed(name: str | None, scene: Scene, subject: Subject) -> View:
    """A view of the scene with parallel lines of sight, in the middle of what it shows of the body."""
    seen_from = scene if name is None else with_view(scene, name, subject.catalogue)
    eye = pose(seen_from.camera, subject.catalogue, subject.document.landmarks, 1.0)
    view = seen_from.camera.view
    title = subject.catalogue.views[view].name if view is not None else "Own view"
    distance = float(np.linalg.norm(eye.position - eye.target))
    reach = distance * math.tan(math.radians(eye.field_of_view) / 2)
    back = (eye.position - eye.target) / distance
    right = np.cross(eye.up, back)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(back, right)])
    low, high = _extent(seen_from, subject, axes, eye.target, reach)
    middle = (low + high) / 2 @ axes
    moved = replace(eye, target=eye.target + middle, position=eye.position + middle)
    width, height = (float(side) for side in high - low)
    return View(title, seen_from, moved, width, height, _name_room(seen_from, subject))


def _extent(
    scene: Scene, subject: Subject, axes: NDArray[np.float64], origin: NDArray[np.float64], reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower left and upper right corner of what is seen of the body, (2,) mm each, within `reach` of the origin."""
    corners = []
    for structure in shown(subject, scene):
        for part in structure.parts:
            points = part.surface.vertices
            if scene.cut is not None:
                points = points[points @ np.array(scene.cut.normal) <= scene.cut.offset]
            flat = (points - origin) @ axes.T
            corners.append(flat[(np.abs(flat) <= reach).all(axis=1)])
    flat = np.concatenate([np.zeros((0, 2)), *corners])
    if len(flat) == 0:
        return np.full(2, -reach), np.full(2, reach)
    return flat.min(axis=0), flat.max(axis=0)


def picture_of(panel: Panel, scale: float, subject: Subject, dpi: int) -> Composition:
    """The picture of a panel: the body at that scale, and its words."""
    size = round(panel.width * dpi / 25.4), round(panel.height * dpi / 25.4)
    eye = replace(panel.view.eye, half_height=panel.height * scale / 2)
    scene = panel.view.scene
    return compose(subject, scene, size, eye=eye, credits_line=False)
