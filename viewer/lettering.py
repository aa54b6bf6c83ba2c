"""Words on a figure: labels with leader lines beside the body, the sides of the body, and the credits.

They are laid out once, in pixels of the picture, and then painted into the picture, or written as SVG or PDF.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from viewer.camera import Pose
from viewer.errors import ViewerError
from viewer.layout import Area, Box, Point, place
from viewer.palette import Colour, Theme

LONGEST = 30
"""Letters of a name beyond which it is broken into two lines."""
LINE = 1.22
"""Height of a line of text, in sizes of its letters."""
RISE = 0.36
"""From the middle of a line down to the foot of its letters, in sizes of its letters."""

JAPANESE_FONTS = (
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Regular.otf", "NotoSansJP-Regular.otf", "NotoSansJP-Regular.ttf"),
    *("ipaexg.ttf", "ipag.ttf", "TakaoPGothic.ttf", "YuGothM.ttc", "meiryo.ttc", "msgothic.ttc"),
    *("ヒラギノ角ゴシック W3.ttc", "Hiragino Sans GB.ttc"),
)
"""Files of fonts with Japanese letters, as systems name them."""

ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
"""An end of a line of text, as Pillow names it."""

Role = Literal["label", "latin", "side", "credit"]


@dataclass(frozen=True)
class Label:
    """A name and the place it points to, fractions of the picture's width and height from its upper left corner."""

    text: str
    place: Point
    id: str = ""
    """Sided id of the structure, or id of the trigger point."""
    latin: str | None = None
    """The Latin name, where it stands beneath the other."""


@dataclass(frozen=True)
class Note:
    """What is written on a picture seen from `eye`: labels, and the credits (none if the text is empty)."""

    eye: Pose
    labels: Sequence[Label]
    credits: str
    colours: Theme
    crosses: Sequence[Point] = ()
    """Where an X stands, seen through whatever lies before it; fractions as with labels."""
    body: tuple[float, float] = (0.3, 0.7)
    """Left and right edge of what is seen, fractions of the picture's width."""


@dataclass(frozen=True)
class Line:
    """One line of text: where the foot of its letters stands, by which end, and how large they are, pixels."""

    text: str
    place: Point
    anchor: Literal["start", "middle", "end"]
    size: float
    role: Role


@dataclass(frozen=True)
class Placed:
    """A label that found its place, and its leader line, from the text to the structure."""

    label: Label
    lines: list[Line]
    leader: tuple[Point, ...]


@dataclass(frozen=True)
class Lettering:
    """All words of a picture in their places, pixels from its upper left corner."""

    size: tuple[int, int]
    unit: float
    """Size of a label's letters."""
    labels: list[Placed]
    words: list[Line] = field(default_factory=list)
    """The sides and the credits."""
    crosses: list[Point] = field(default_factory=list)

    @property
    def arm(self) -> float:
        """Half the side of an X."""
        return 0.7 * self.unit

    @property
    def dot(self) -> float:
        """Radius of the dot at the end of a leader line."""
        return 0.2 * self.unit


def unit_of(size: tuple[int, int]) -> float:
    """Size of a label's letters in a picture, pixels."""
    return max(10.0, math.sqrt(size[0] * size[1]) / 85)


def lay_out(note: Note, size: tuple[int, int], unit: float | None = None) -> Lettering:
    """Where all words of a note stand in a picture of `size` = (width, height) pixels."""
    width, height = size
    unit = unit_of(size) if unit is None else unit
    texts = [_label_lines(label, unit) for label in note.labels]
    boxes = [
        Box(
            (label.place[0] * width, label.place[1] * height),
            max(text_width(text, letters) for text, letters, _ in lines),
            sum(LINE * letters for _, letters, _ in lines) + 0.28 * unit,
        )
        for label, lines in zip(note.labels, texts, strict=True)
    ]
    foot = list(_credits(note, size, unit))
    bottom = height - (1.2 + 0.9 * len(foot)) * unit
    body = (note.body[0] * width, note.body[1] * width)
    area = Area(1.2 * unit, 3.2 * unit, width - 1.2 * unit, bottom, body)
    labels = []
    for stand in place(boxes, area, unit):
        lines, box = texts[stand.index], boxes[stand.index]
        outwards = stand.column == "left"
        anchor: Literal["start", "end"] = "end" if outwards != stand.outer else "start"
        x = stand.x if not stand.outer else stand.x - box.width if outwards else stand.x + box.width
        top = stand.y - sum(LINE * letters for _, letters, _ in lines) / 2
        written = []
        for text, letters, role in lines:
            written.append(Line(text, (x, top + (0.5 * LINE + RISE) * letters), anchor, letters, role))
            top += LINE * letters
        labels.append(Placed(note.labels[stand.index], written, stand.line))
    crosses = [(across * width, down * height) for across, down in note.crosses]
    return Lettering(size, unit, labels, [*_sides(note, size, unit), *foot], crosses)


def letter(picture: Image.Image, note: Note) -> Image.Image:
    """The picture with its words painted into it."""
    return paint(picture, lay_out(note, picture.size), note.colours)


def paint(picture: Image.Image, lettering: Lettering, colours: Theme) -> Image.Image:
    """The picture with words that are laid out."""
    pen = ImageDraw.Draw(picture)
    ink, halo = colour_bytes(colours.ink), colour_bytes(colours.background)
    unit, dot = lettering.unit, lettering.dot
    for tint, thickness in ((halo, 4.0), (ink, 1.4)):
        for placed in lettering.labels:
            pen.line(placed.leader, fill=tint, width=max(1, round(thickness * unit / 16)), joint="curve")
    for placed in lettering.labels:
        x, y = placed.leader[-1]
        pen.ellipse([x - dot, y - dot, x + dot, y + dot], fill=ink, outline=halo)
    for line in (*lettering.words, *(line for placed in lettering.labels for line in placed.lines)):
        stroke = 0 if line.role == "side" else 2
        tint = colour_bytes(ink_of(line.role, colours))
        letters, anchor = font(line.size, line.text), ANCHORS[line.anchor]
        pen.text(line.place, line.text, fill=tint, font=letters, anchor=anchor, stroke_width=stroke, stroke_fill=halo)
    _paint_crosses(pen, lettering)
    return picture


def ink_of(role: Role, colours: Theme) -> Colour:
    """Colour of a line of text: what is less wanted is paler."""
    share = {"label": 1.0, "side": 1.0, "latin": 0.78, "credit": 0.6}[role]
    return share * colours.ink + (1.0 - share) * colours.background


def colour_bytes(colour: Colour) -> tuple[int, ...]:
    """Red, green and blue, 0 to 255."""
    return tuple(round(float(c) * 255) for c in colour)


CROSS_INKS = (((255, 255, 255), 0.66), ((20, 23, 26), 0.34))
"""Colour of an X and of its edge in every theme, for it has the body behind it; and their widths in units."""


def _paint_crosses(pen: ImageDraw.ImageDraw, lettering: Lettering) -> None:
    arm = lettering.arm
    for x, y in lettering.crosses:
        for tint, thickness in CROSS_INKS:
            for way in (1.0, -1.0):
                ends = [x - arm, y - way * arm, x + arm, y + way * arm]
                pen.line(ends, fill=tint, width=round(thickness * lettering.unit))


def captioned(picture: Image.Image, title: str, lines: list[str], colours: Theme) -> Image.Image:
    """The picture under a strip with a title and lines of words, wrapped to its width."""
    width = picture.size[0]
    unit = max(10.0, math.sqrt(width * picture.size[1]) / 45)
    small = 0.8 * unit
    wrapped = [w for line in lines for w in wrap(line, lambda t: text_width(t, small) <= width - 2 * unit)]
    height = round(unit * (2.4 + 1.15 * len(wrapped)))
    page = Image.new("RGB", (width, height + picture.size[1]), colour_bytes(colours.background))
    page.paste(picture, (0, height))
    pen = ImageDraw.Draw(page)
    ink = colour_bytes(colours.ink)
    pen.text((unit, 0.6 * unit), title, font=font(unit * 1.15, title), fill=ink)
    for row, line in enumerate(wrapped):
        pen.text((unit, unit * (2.2 + 1.15 * row)), line, font=font(small, line), fill=ink)
    return page


def text_width(text: str, size: float) -> float:
    """Width of a line of text in letters of this size, pixels; Japanese letters are as wide as they are high."""
    wide = sum(map(is_japanese, text)) if is_japanese(text) else 0
    plain = "".join(letter for letter in text if not is_japanese(letter)) if wide else text
    return float(_plain(round(size)).getlength(plain)) + wide * size


def is_japanese(text: str) -> bool:
    """Whether a text holds Japanese letters, which need a font of their own."""
    return any("\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" for letter in text)


def font(size: float, text: str = "") -> ImageFont.FreeTypeFont:
    """The font for a text: DejaVu Sans, or a font of this machine where the text is Japanese.

    Raises ViewerError where the machine has none.
    """
    return _japanese(round(size)) if is_japanese(text) else _plain(round(size))


@cache
def _plain(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file()), size)


@cache
def _japanese(size: int) -> ImageFont.FreeTypeFont:
    for file in japanese_files():
        return ImageFont.truetype(file, size)
    raise ViewerError(
        "This machine has no font with Japanese letters. Install Noto Sans CJK (Debian and Ubuntu: apt-get install "
        "fonts-noto-cjk), write an SVG or a PDF, whose reader brings its own, or choose another language."
    )


def japanese_files() -> Iterator[str]:
    """Files of this machine with Japanese letters, the best first."""
    for name in JAPANESE_FONTS:
        try:
            yield str(ImageFont.truetype(name, 10).path)
        except OSError:
            continue


@cache
def font_file() -> Path:
    """DejaVu Sans, which comes with PyVista's own dependencies and knows every letter that Latin names need."""
    package = find_spec("matplotlib")
    for folder in (package.submodule_search_locations or []) if package is not None else []:
        file = Path(folder) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if file.is_file():
            return file
    raise ViewerError("The font DejaVu Sans is missing; it comes with matplotlib: pip install matplotlib")


def wrap(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text in lines that fit, broken between words."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def broken(text: str) -> list[str]:
    """A name in one line, or in two as equal as can be if it is long."""
    words = text.split(" ")
    if len(text) <= LONGEST or len(words) == 1:
        return [text]
    splits = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    return min(splits, key=lambda two: abs(len(two[0]) - len(two[1])))


def _label_lines(label: Label, unit: float) -> list[tuple[str, float, Role]]:
    """Text, size and role of each line of a label."""
    lines: list[tuple[str, float, Role]] = [(line, unit, "label") for line in broken(label.text)]
    return lines + [(line, 0.86 * unit, "latin") for line in broken(label.latin or "") if line]


def _credits(note: Note, size: tuple[int, int], unit: float) -> Iterator[Line]:
    """Grey lines at the foot."""
    small = 0.72 * unit
    lines = wrap(note.credits, lambda text: text_width(text, small) <= size[0] - 2 * unit) if note.credits else []
    for row, line in enumerate(reversed(lines)):
        yield Line(line, (size[0] / 2, size[1] - (0.6 + 0.9 * row) * unit), "middle", small, "credit")


def _sides(note: Note, size: tuple[int, int], unit: float) -> Iterator[Line]:
    """R and L, or A and P, in the upper corners: towards which side of the body that edge of the picture lies."""
    forward = note.eye.target - note.eye.position
    right = np.cross(forward / np.linalg.norm(forward), note.eye.up)
    axis = int(np.argmax(np.abs(right)))
    if abs(right[axis]) < 0.7 or axis == 2:
        return
    ahead, behind = (("L", "R"), ("P", "A"))[axis]
    if right[axis] < 0:
        ahead, behind = behind, ahead
    foot, letters = 2.1 * unit, 1.5 * unit
    yield Line(ahead, (size[0] - unit, foot), "end", letters, "side")
    yield Line(behind, (unit, foot), "start", letters, "side")
