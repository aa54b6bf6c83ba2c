"""Words on a figure: labels with leader lines in the margins, the sides of the body, and the credits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from viewer.camera import Pose
from viewer.palette import Colour, Theme

Point = tuple[float, float]


@dataclass(frozen=True)
class Note:
    """What is written on a picture seen from `eye`: labels with the places they point to, and the credits.

    Places are fractions of the picture's width and height from its upper left corner.
    """

    eye: Pose
    labels: list[tuple[str, Point]]
    credits: str
    colours: Theme
    crosses: list[Point] = field(default_factory=list)
    """Where an X stands, seen through whatever lies before it."""


def letter(picture: Image.Image, note: Note) -> Image.Image:
    """The picture with its words."""
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    unit = max(10.0, math.sqrt(width * height) / 85)
    ink = _bytes(note.colours.ink)
    _credits(pen, note, (width, height), unit)
    _sides(pen, note, (width, height), unit, ink)
    lines = [line for side in ("left", "right") for line in _column(pen, note, (width, height), unit, side)]
    halo = _bytes(note.colours.background)
    for colour, thickness in ((halo, 4.0), (ink, 1.4)):
        for _, path in lines:
            pen.line(path, fill=colour, width=max(1, round(thickness * unit / 16)), joint="curve")
    for (text, start, anchor), path in lines:
        (x, y), dot = path[-1], 0.2 * unit
        pen.ellipse([x - dot, y - dot, x + dot, y + dot], fill=ink, outline=halo)
        pen.text(
            start,
            text,
            font=_font(unit),
            fill=ink,
            anchor=anchor,
            stroke_width=2,
            stroke_fill=halo,
            spacing=0,
            align="right" if anchor[0] == "r" else "left",
        )
    _crosses(pen, note, (width, height), unit)
    return picture


def _crosses(pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float) -> None:
    """An X is dark with a pale edge in every theme: it has the body behind it."""
    arm = 0.7 * unit
    for x, y in ((across * size[0], down * size[1]) for across, down in note.crosses):
        for tint, thickness in (((255, 255, 255), 0.66), ((20, 23, 26), 0.34)):
            for way in (1.0, -1.0):
                pen.line([x - arm, y - way * arm, x + arm, y + way * arm], fill=tint, width=round(thickness * unit))


def captioned(picture: Image.Image, title: str, lines: list[str], colours: Theme) -> Image.Image:
    """The picture under a strip with a title and lines of words, wrapped to its width."""
    width = picture.size[0]
    unit = max(10.0, math.sqrt(width * picture.size[1]) / 45)
    probe = ImageDraw.Draw(picture)
    small = _font(unit * 0.8)
    wrapped = [
        w for line in lines for w in _wrapped(line, lambda t: probe.textlength(t, font=small) <= width - 2 * unit)
    ]
    height = round(unit * (2.4 + 1.15 * len(wrapped)))
    page = Image.new("RGB", (width, height + picture.size[1]), _bytes(colours.background))
    page.paste(picture, (0, height))
    pen = ImageDraw.Draw(page)
    ink = _bytes(colours.ink)
    pen.text((unit, 0.6 * unit), title, font=_font(unit * 1.15), fill=ink)
    for row, line in enumerate(wrapped):
        pen.text((unit, unit * (2.2 + 1.15 * row)), line, font=small, fill=ink)
    return page


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """DejaVu Sans, which comes with PyVista's own dependencies and knows every letter that Latin names need."""
    package = find_spec("matplotlib")
    for folder in (package.submodule_search_locations or []) if package is not None else []:
        file = Path(folder) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if file.is_file():
            return ImageFont.truetype(str(file), round(size))
    return ImageFont.load_default(size)


def _credits(pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float) -> None:
    """Grey lines at the foot."""
    font = _font(unit * 0.72)
    lines = _wrapped(note.credits, lambda text: pen.textlength(text, font=font) <= size[0] - 2 * unit)
    grey, halo = _bytes(0.6 * note.colours.ink + 0.4 * note.colours.background), _bytes(note.colours.background)
    for row, line in enumerate(reversed(lines)):
        place = (size[0] / 2, size[1] - (0.6 + 0.9 * row) * unit)
        pen.text(place, line, font=font, fill=grey, anchor="ms", stroke_width=2, stroke_fill=halo)


def _wrapped(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text in lines that fit, broken between words."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _sides(pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float, ink: tuple[int, ...]) -> None:
    """R and L, or A and P, in the upper corners: towards which side of the body that edge of the picture lies."""
    forward = note.eye.target - note.eye.position
    right = np.cross(forward / np.linalg.norm(forward), note.eye.up)
    axis = int(np.argmax(np.abs(right)))
    if abs(right[axis]) < 0.7 or axis == 2:
        return
    ahead, behind = (("L", "R"), ("P", "A"))[axis]
    if right[axis] < 0:
        ahead, behind = behind, ahead
    font = _font(unit * 1.5)
    pen.text((size[0] - unit, unit), ahead, font=font, fill=ink, anchor="rt")
    pen.text((unit, unit), behind, font=font, fill=ink, anchor="lt")


Word = tuple[str, Point, str]
"""A text, where it stands and by which of its edges."""


def _column(
    pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float, side: str
) -> list[tuple[Word, list[Point]]]:
    """The labels of one half of the picture, one below the other at its margin, each with its leader line."""
    font = _font(unit)
    placed = [(text, (x * size[0], y * size[1])) for text, (x, y) in note.labels]
    own = sorted((e for e in placed if (e[1][0] < size[0] / 2) == (side == "left")), key=lambda e: e[1][1])
    step = unit * (1.4 + 1.3 * max((text.count("\n") for text, _ in own), default=0))
    rows = _spread([point[1] for _, point in own], step, 3.5 * unit, size[1] - 3.5 * unit)
    left = side == "left"
    start = 1.2 * unit if left else size[0] - 1.2 * unit
    inwards = 1.0 if left else -1.0
    reach = [max(pen.textlength(line, font=font) for line in text.split("\n")) + 0.4 * unit for text, _ in own]
    bends = [start + inwards * (length + unit) for length in reach]
    rows = _untangled(rows, bends, [point for _, point in own])
    return [
        (
            (text, (start, row), "lm" if left else "rm"),
            [(bend - inwards * unit, row), (bend, row), point],
        )
        for (text, point), row, bend in zip(own, rows, bends, strict=True)
    ]


def _untangled(rows: list[float], bends: list[float], points: list[Point]) -> list[float]:
    """The same rows dealt out so that no two leader lines cross, each from (bend, row) to its point.

    Two labels whose lines cross change places; that shortens the lines together, so it comes to an end.
    """
    rows = list(rows)
    for _ in range(len(rows) ** 2):
        crossing = next(
            (
                (i, j)
                for i, j in combinations(range(len(rows)), 2)
                if _cross((bends[i], rows[i]), points[i], (bends[j], rows[j]), points[j])
            ),
            None,
        )
        if crossing is None:
            break
        i, j = crossing
        rows[i], rows[j] = rows[j], rows[i]
    return rows


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments a–b and c–d cross."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _spread(wanted: list[float], step: float, top: float, bottom: float) -> list[float]:
    """Heights near the wanted ones (ascending), at least `step` apart, between `top` and `bottom` if there is room."""
    rows: list[float] = []
    for height in wanted:
        rows.append(max(height, top, rows[-1] + step if rows else top))
    limit = bottom
    for i in range(len(rows) - 1, -1, -1):
        rows[i] = min(rows[i], limit)
        limit = rows[i] - step
    return rows


def _bytes(colour: Colour) -> tuple[int, ...]:
    return tuple(round(float(c) * 255) for c in colour)
