"""Colours of tissues, of their insides and of what is painted on them: the page's (`web/src/stage/palette.ts`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]
"""(3,) float, red, green and blue as on screen (sRGB), 0 to 1."""


def colour(code: str) -> Colour:
    """The colour of a code such as `#ead9b8`."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])


@dataclass(frozen=True)
class Tissue:
    """Colour of a tissue in the light, in its hollows, and where it is cut."""

    base: Colour
    deep: Colour
    section: Colour


TISSUES = {
    kind: Tissue(colour(base), colour(deep), colour(section))
    for kind, (base, deep, section) in {
        "bone": ("#ead9b8", "#a98a62", "#e0c39a"),
        "muscle": ("#b1382f", "#701a18", "#9c3a35"),
        "nerve": ("#f0c84e", "#c08f22", "#f3d988"),
        "tendon": ("#ece2cc", "#b8a888", "#d9ccb0"),
        "ligament": ("#e3d9c4", "#a89a80", "#cfc2a6"),
        "fascia": ("#e6e0d6", "#b3aa9c", "#cdc5b8"),
        "membrane": ("#d8d2c8", "#a39b8e", "#c4bcae"),
        "disc": ("#d9d5c4", "#98937e", "#cfcab4"),
        "skin": ("#dcb096", "#a9745c", "#e8c9a0"),
    }.items()
}
SINEW = colour("#efe5cf")


@dataclass(frozen=True)
class Theme:
    """Colours of everything that is no tissue."""

    background: Colour
    ink: Colour
    proximal: Colour
    distal: Colour
    rim: Colour
    pain: Colour
    pain_on_flesh: Colour


THEMES = {
    "light": Theme(*map(colour, ("#ffffff", "#20262c", "#d6202b", "#1f5fd0", "#2a0d12", "#a8061f", "#30000a"))),
    "dark": Theme(*map(colour, ("#14171b", "#eef2f5", "#e3323a", "#2f78ee", "#1a0508", "#a8061f", "#30000a"))),
    "contrast": Theme(*map(colour, ("#000000", "#ffffff", "#ff1010", "#0a4dff", "#ffffff", "#7a0010", "#000000"))),
}


def theme(name: str) -> Theme:
    """The theme of a scene; `auto` is light, for paper is."""
    return THEMES.get(name, THEMES["light"])
