"""The sign as pictures, for devices that put the site among their programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

BACKGROUND = "#f4f2ee"
SIDE = 32
"""Width of the sign's own square."""
SAFE = 0.62
"""Share of a maskable picture that the sign fills: devices cut such pictures to a circle of 0.8 of the width."""
_FINER = 8
"""Drawn so many times larger, then made smaller: smooth edges."""
_STEPS = 24

Points = NDArray[np.float64]

OUTLINE = "M4 6c5-4 9 0 12 5 3-5 7-9 12-5 3 3 1 9-4 12-3 2-3 5-4 9l-4-3-4 3c-1-4-1-7-4-9C3 15 1 9 4 6z"
BONE, INK, WIDTH = "#efe6d2", "#6b5f4b", 1.6
MIDLINE = ((16.0, 11.0), (16.0, 20.0))
JOINTS = ((10.0, 20.0, "#b3372c"), (22.0, 20.0, "#2f6db5"))
JOINT_RADIUS = 2.0


def sign_svg() -> str:
    """The sign as SVG."""
    (x, top), (_, bottom) = MIDLINE
    circles = "".join(f"<circle cx='{a:g}' cy='{b:g}' r='{JOINT_RADIUS:g}' fill='{fill}'/>" for a, b, fill in JOINTS)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {SIDE} {SIDE}'>"
        f"<path d='{OUTLINE}' fill='{BONE}' stroke='{INK}' stroke-width='{WIDTH}'/>"
        f"<path d='M{x:g} {top:g}v{bottom - top:g}' stroke='{INK}' stroke-width='{WIDTH}'/>{circles}</svg>"
    )


def icon(size: int, *, maskable: bool = False) -> bytes:
    """The sign on its ground as a PNG of size × size pixels: with round corners, or without for a device to cut."""
    large = size * _FINER
    picture = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    radius = 0 if maskable else large * 0.2
    draw.rounded_rectangle((0, 0, large - 1, large - 1), radius, fill=BACKGROUND)
    share = SAFE if maskable else 0.78
    scale = large * share / SIDE
    place = large * (1 - share) / 2

    def put(points: Points) -> list[tuple[float, float]]:
        return [(float(x), float(y)) for x, y in points * scale + place]

    outline = put(outline_points(OUTLINE))
    width = round(WIDTH * scale)
    draw.polygon(outline, fill=BONE)
    draw.line([*outline, *outline[:2]], fill=INK, width=width, joint="curve")
    draw.line(put(np.array(MIDLINE)), fill=INK, width=width)
    for x, y, fill in JOINTS:
        corners = put(np.array([(x - JOINT_RADIUS, y - JOINT_RADIUS), (x + JOINT_RADIUS, y + JOINT_RADIUS)]))
        draw.ellipse((*corners[0], *corners[1]), fill=fill)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    data = BytesIO()
    small.save(data, "PNG", optimize=True)
    return data.getvalue()


def outline_points(path: str) -> Points:
    """(n, 2) points along an SVG path of the commands M, c, C, l and z."""
    here = np.zeros(2)
    points: list[Points] = []
    for command, numbers in _commands(path):
        pairs = numbers.reshape(-1, 2)
        if command == "M":
            here = pairs[0]
            points.append(pairs)
        elif command == "l":
            for step in pairs:
                here = here + step
                points.append(here[None])
        elif command in "cC":
            for three in pairs.reshape(-1, 3, 2):
                ends = three + here if command == "c" else three
                points.append(_curve(here, *ends))
                here = ends[2]
    return np.concatenate(points)


def _commands(path: str) -> Iterator[tuple[str, Points]]:
    for command, numbers in re.findall(r"([McClz])([^McClz]*)", path):
        yield command, np.array([float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", numbers)])


def _curve(start: Points, first: Points, second: Points, end: Points) -> Points:
    """(n, 2) points of a cubic Bézier curve, without its start."""
    t = np.linspace(0, 1, _STEPS + 1)[1:, None]
    curve: Points = (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * second + t**3 * end
    return curve
