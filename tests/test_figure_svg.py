"""A figure as SVG: valid, real text over the very pixels of the PNG, and all that must travel with it."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from annotations.catalogue import catalogue
from tests.small import build_small
from viewer.camera import with_view
from viewer.figure import Composition, Subject, compose, save
from viewer.lettering import lay_out
from viewer.scene import Scene

SIZE = (420, 340)
SPACES = {
    "s": "http://www.w3.org/2000/svg",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
}


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    built = build_small(tmp_path_factory.mktemp("svg") / "atlas")
    return Subject(built.atlas(), built.document, catalogue())


@pytest.fixture(scope="module")
def scene(subject: Subject) -> Scene:
    return with_view(Scene(labels="all", names="both"), "posterior", subject.catalogue)


@pytest.fixture(scope="module")
def composition(subject: Subject, scene: Scene) -> Composition:
    return compose(subject, scene, SIZE)


@pytest.fixture(scope="module")
def drawing(
    subject: Subject, scene: Scene, composition: Composition, tmp_path_factory: pytest.TempPathFactory
) -> ET.Element:
    file = tmp_path_factory.mktemp("figure") / "figure.svg"
    save(composition, file, subject, scene)
    return ET.parse(file).getroot()


def test_texts_are_the_labels_and_where_the_png_has_them(drawing: ET.Element, composition: Composition) -> None:
    lettering = lay_out(composition.note, SIZE)
    texts = drawing.findall(".//s:text", SPACES)
    labels = {text.get("data-structure"): text for text in texts if text.get("data-structure")}
    assert set(labels) == {placed.label.id for placed in lettering.labels}
    assert len(labels) >= 5
    for placed in lettering.labels:
        element = labels[placed.label.id]
        assert [line.text for line in placed.lines] == [part for part in element.itertext() if part.strip()]
        spans = element.findall("s:tspan", SPACES) or [element]
        for line, span in zip(placed.lines, spans, strict=True):
            assert (float(span.get("x", 0)), float(span.get("y", 0))) == pytest.approx(line.place, abs=0.01)
        if len(placed.lines) > 1:
            assert element.get("aria-label") == f"{placed.label.text}, {placed.label.latin}"
    others = [text.text for text in texts if not text.get("data-structure")]
    assert {"L", "R"} <= set(others)
    assert any("CC0-1.0" in (text or "") for text in others), "the credits"


def test_the_body_is_the_pngs_pixel_for_pixel(drawing: ET.Element, composition: Composition) -> None:
    (image,) = drawing.findall(".//s:image", SPACES)
    kind, _, data = (image.get("href") or "").partition(",")
    assert kind == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(b64decode(data)))), np.asarray(composition.picture))
    assert drawing.get("viewBox") == f"0 0 {SIZE[0]} {SIZE[1]}"


def test_lines_end_where_the_dots_are(drawing: ET.Element, composition: Composition) -> None:
    dots = {dot.get("data-structure"): dot for dot in drawing.findall(".//s:circle", SPACES)}
    lines = drawing.findall(".//s:polyline", SPACES)
    assert len(lines) == 2 * len(dots), "a halo and a line each"
    for line in lines:
        dot = dots[line.get("data-structure")]
        end = [float(value) for value in (line.get("points") or "").split(" ")[-1].split(",")]
        assert end == pytest.approx([float(dot.get("cx", 0)), float(dot.get("cy", 0))])


def test_it_is_read_aloud_and_says_whose_it_is(drawing: ET.Element, scene: Scene) -> None:
    assert (drawing.get("role"), drawing.get("aria-labelledby"), drawing.get("lang")) == ("img", "title", "en")
    assert drawing.findtext("s:title", namespaces=SPACES) == "A body of spheres"
    description = drawing.findtext("s:desc", namespaces=SPACES) or ""
    assert "posterior" in description
    assert "Gluteus maximus" in description
    told = {
        term: [each.text for each in drawing.findall(f".//dc:{term}", SPACES)]
        for term in ("creator", "rights", "source", "description", "language")
    }
    assert told["creator"] == ["The Ischia contributors"]
    assert any("CC0-1.0" in (text or "") for text in told["rights"])
    assert any("https://example.org/spheres" in (text or "") for text in told["source"])
    assert Scene.parse(json.loads(told["description"][0] or "")) == scene


def test_nothing_is_fetched_and_nothing_runs(subject: Subject, composition: Composition, tmp_path: Path) -> None:
    file = tmp_path / "figure.svg"
    save(composition, file, subject, Scene())
    text = file.read_text(encoding="utf-8")
    assert "<script" not in text
    assert 'href="http' not in text
    assert "sans-serif" in text, "a font that every reader has"
    assert [entry.name for entry in tmp_path.iterdir()] == ["figure.svg"]
