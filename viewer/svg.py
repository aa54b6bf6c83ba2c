"""A figure as SVG: the body as an embedded PNG, and over it real text and lines, to be edited, searched, read aloud."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np

from viewer.lettering import CROSS_INKS, Lettering, Line, Placed, colour_bytes, ink_of, lay_out
from viewer.palette import Colour, Theme

if TYPE_CHECKING:
    from viewer.figure import Composition
    from viewer.scene import Scene

SVG = "http://www.w3.org/2000/svg"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
CC = "http://creativecommons.org/ns#"

FONTS = "DejaVu Sans, Verdana, Noto Sans, sans-serif"
"""Letters as wide as those that the places were reckoned with, and the reader's own where it has none of these."""


def svg(composition: Composition, about: Mapping[str, str], scene: Scene) -> bytes:
    """The file's bytes.

    about : Title, Author, Copyright, Source and Software
    """
    picture, colours = composition.picture, composition.note.colours
    lettering = lay_out(composition.note, picture.size)
    width, height = (str(side) for side in picture.size)
    for prefix, space in (("", SVG), ("rdf", RDF), ("dc", DC), ("cc", CC)):
        ET.register_namespace(prefix, space)
    root = ET.Element(
        f"{{{SVG}}}svg",
        {"width": width, "height": height, "viewBox": f"0 0 {width} {height}", "lang": scene.language}
        | {"role": "img", "aria-labelledby": "title", "aria-describedby": "desc"},
    )
    _add(root, "title", about["Title"], id="title")
    _add(root, "desc", describe(lettering, scene), id="desc")
    _metadata(root, about, scene)
    data = io.BytesIO()
    picture.save(data, format="PNG")
    address = "data:image/png;base64," + b64encode(data.getvalue()).decode()
    _add(root, "image", width=width, height=height, href=address)
    _leaders(root, lettering, colours)
    _texts(root, lettering, colours)
    _crosses(root, lettering)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def describe(lettering: Lettering, scene: Scene) -> str:
    """What is seen, in a sentence or two, for those who do not see it."""
    view = (scene.camera.view or "a place chosen by hand").replace("_", " ")
    names = list(dict.fromkeys(placed.label.text for placed in lettering.labels))
    named = f" Labelled are: {', '.join(names)}." if names else ""
    return f"Anatomical picture of the pelvis and the deep gluteal region, view: {view}.{named}"


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A new child; `_` in the name of an attribute stands for `-`."""
    named = {key.replace("_", "-"): value for key, value in attributes.items()}
    child = ET.SubElement(parent, f"{{{SVG}}}{tag}", named)
    child.text = text
    return child


def _metadata(root: ET.Element, about: Mapping[str, str], scene: Scene) -> None:
    """Who made it and under which licence, as RDF in Dublin Core's terms; and the scene that it was drawn from."""
    work = ET.SubElement(
        ET.SubElement(_add(root, "metadata"), f"{{{RDF}}}RDF"), f"{{{CC}}}Work", {f"{{{RDF}}}about": ""}
    )
    rows = (
        ("title", "Title"),
        ("creator", "Author"),
        ("rights", "Copyright"),
        ("source", "Source"),
        ("publisher", "Software"),
    )
    for term, key in rows:
        for line in about[key].split("\n"):
            ET.SubElement(work, f"{{{DC}}}{term}").text = line
    ET.SubElement(work, f"{{{DC}}}format").text = "image/svg+xml"
    ET.SubElement(work, f"{{{DC}}}language").text = scene.language
    ET.SubElement(work, f"{{{DC}}}description").text = scene.model_dump_json()


def _leaders(root: ET.Element, lettering: Lettering, colours: Theme) -> None:
    lines = _add(root, "g", fill="none", stroke_linejoin="round", aria_hidden="true")
    for tint, thickness in ((colours.background, 4.0), (colours.ink, 1.4)):
        group = _add(lines, "g", stroke=_hex(tint), stroke_width=_number(thickness * lettering.unit / 16))
        for placed in lettering.labels:
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in placed.leader)
            _add(group, "polyline", points=points).set("data-structure", placed.label.id)
    dots = _add(root, "g", fill=_hex(colours.ink), stroke=_hex(colours.background), aria_hidden="true")
    for placed in lettering.labels:
        x, y = placed.leader[-1]
        dot = _add(dots, "circle", cx=_number(x), cy=_number(y), r=_number(lettering.dot))
        dot.set("data-structure", placed.label.id)


def _texts(root: ET.Element, lettering: Lettering, colours: Theme) -> None:
    halo = {"stroke": _hex(colours.background), "stroke_width": _number(0.26 * lettering.unit)}
    every = {"font_family": FONTS, "paint_order": "stroke", "stroke_linejoin": "round", **halo}
    labels, others = _add(root, "g", **every), _add(root, "g", **every)
    for placed in lettering.labels:
        _label(labels, placed, colours)
    for line in lettering.words:
        _add(others, "text", line.text, **_placed(line, colours))


def _label(group: ET.Element, placed: Placed, colours: Theme) -> None:
    """One text element for a label, whatever lines it is broken into, so that it is found and read as one."""
    first, *rest = placed.lines
    text = _add(group, "text", None, **_placed(first, colours), id=f"label-{placed.label.id}")
    text.set("data-structure", placed.label.id)
    if not rest:
        text.text = first.text
        return
    text.set("aria-label", ", ".join(filter(None, (placed.label.text, placed.label.latin))))
    for line in placed.lines:
        look = {"fill": _hex(ink_of(line.role, colours)), "font_size": _number(line.size)}
        _add(text, "tspan", line.text, x=_number(line.place[0]), y=_number(line.place[1]), **look)


def _placed(line: Line, colours: Theme) -> dict[str, str]:
    return {
        "x": _number(line.place[0]),
        "y": _number(line.place[1]),
        "text_anchor": line.anchor,
        "font_size": _number(line.size),
        "fill": _hex(ink_of(line.role, colours)),
    }


def _crosses(root: ET.Element, lettering: Lettering) -> None:
    arm = lettering.arm
    for x, y in lettering.crosses:
        path = f"M{_number(x - arm)} {_number(y - arm)}l{_number(2 * arm)} {_number(2 * arm)}"
        path += f"m0 {_number(-2 * arm)}l{_number(-2 * arm)} {_number(2 * arm)}"
        for tint, thickness in CROSS_INKS:
            _add(
                root,
                "path",
                d=path,
                stroke=_hex(np.array(tint) / 255),
                stroke_width=_number(thickness * lettering.unit),
            )


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour_bytes(colour))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
