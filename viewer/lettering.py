"""Words on a figure: labels with leader lines in the margins, the sides of the body, and the credits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.camera import Pose
from viewer.palette import Colour, Theme

Point = tuple[float, float]


@dataclass(frozen=True)
class Note:
    """What is written on a picture seen from `eye`: labels with their anchors (LPS mm), and the line of credits."""

    eye: Pose
    labels: list[tuple[str, NDArray[np.float64]]]
    credits: str
    colours: Theme


def letter(picture: Image.Image, note: Note) -> Image.Image:
    """The picture with its words."""
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    unit = max(11.0, math.sqrt(width * height) / 75)
    ink = _bytes(note.colours.ink)
    _credits(pen, note, (width, height), unit)
    _sides(pen, note, (width, height), unit, ink)
    for side in ("left", "right"):
        _column(pen, note, (width, height), unit, ink, side)
    return picture


def project(point: NDArray[np.float64], eye: Pose, size: tuple[int, int]) -> Point:
    """Where a point (LPS mm) is in a picture of this size, pixels from its upper left corner."""
    forward = eye.target - eye.position
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, eye.up)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    offset = point - eye.position
    scale = size[1] / 2 / math.tan(math.radians(eye.field_of_view) / 2) / float(offset @ forward)
    return size[0] / 2 + float(offset @ right) * scale, size[1] / 2 - float(offset @ up) * scale


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _credits(pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float) -> None:
    """One grey line at the foot, made smaller until it fits."""
    small = unit * 0.72
    while small > 6 and pen.textlength(note.credits, font=_font(small)) > size[0] - 2 * unit:
        small *= 0.93
    grey = _bytes(0.55 * note.colours.ink + 0.45 * note.colours.background)
    pen.text((size[0] / 2, size[1] - 0.6 * unit), note.credits, font=_font(small), fill=grey, anchor="ms")


def _sides(pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float, ink: tuple[int, ...]) -> None:
    """R and L, or A and P, at the edges of the picture towards which the body's sides lie."""
    forward = note.eye.target - note.eye.position
    right = np.cross(forward / np.linalg.norm(forward), note.eye.up)
    axis = int(np.argmax(np.abs(right)))
    if abs(right[axis]) < 0.7 or axis == 2:
        return
    ahead, behind = (("L", "R"), ("P", "A"))[axis]
    if right[axis] < 0:
        ahead, behind = behind, ahead
    font = _font(unit * 1.5)
    pen.text((size[0] - unit, size[1] / 2), ahead, font=font, fill=ink, anchor="rm")
    pen.text((unit, size[1] / 2), behind, font=font, fill=ink, anchor="lm")


def _column(
    pen: ImageDraw.ImageDraw, note: Note, size: tuple[int, int], unit: float, ink: tuple[int, ...], side: str
) -> None:
    """The labels of one half of the picture, one below the other at its margin, with lines that do not cross."""
    font = _font(unit)
    placed = [(text, project(anchor, note.eye, size)) for text, anchor in note.labels]
    inside = [(t, p) for t, p in placed if 0 <= p[0] <= size[0] and 0 <= p[1] <= size[1]]
    own = sorted((e for e in inside if (e[1][0] < size[0] / 2) == (side == "left")), key=lambda e: e[1][1])
    step = unit * 1.5
    rows = _spread([point[1] for _, point in own], step, 2 * step, size[1] - 3 * step)
    halo = _bytes(note.colours.background)
    for (text, (x, y)), row in zip(own, rows, strict=True):
        left = side == "left"
        start = 1.2 * unit if left else size[0] - 1.2 * unit
        pen.text((start, row), text, font=font, fill=ink, anchor="lm" if left else "rm", stroke_width=2, stroke_fill=halo)
        reach = pen.textlength(text, font=font) + 0.4 * unit
        end = start + reach if left else start - reach
        bend = end + unit if left else end - unit
        for colour, thickness in ((halo, 4), (ink, 1.4)):
            thick = max(1, round(thickness * unit / 16))
            pen.line([(end, row), (bend, row), (x, y)], fill=colour, width=thick, joint="curve")
        dot = 0.2 * unit
        pen.ellipse([x - dot, y - dot, x + dot, y + dot], fill=ink, outline=halo)


def _spread(wanted: list[float], step: float, top: float, bottom: float) -> list[float]:
    """Heights near the wanted ones (ascending) but at least `step` apart, between `top` and `bottom` if there is room."""
    rows: list[float] = []
    for height in wanted:
        rows.append(max(height, top, rows[-1] + step if rows else top))
    limit = bottom
    for i in range(len(rows) - 1, -1, -1):
        rows[i] = min(rows[i], limit)
        limit = rows[i] - step
    return rows


def _bytes(colour: Colour) -> tuple[int, ...]:
    return tuple(int(round(float(c) * 255)) for c in colour)
