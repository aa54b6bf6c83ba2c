"""The handouts that consult mode makes: every trigger point on both papers, as PDF files with real text."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PIL import Image

from annotations.catalogue import Catalogue, catalogue
from annotations.trigger_point import TriggerPoint
from viewer.schema import _node

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

WEB = Path(__file__).parents[1] / "viewer" / "web"
PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
PICTURE = (720, 660)


@dataclass
class Handout:
    point: TriggerPoint
    flags: str
    paper: str
    text: str
    sizes: list[tuple[float, float]]
    pictures: int


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return catalogue()


@pytest.fixture(scope="module")
def handouts(words: Catalogue, built_atlas: BuiltAtlas, tmp_path_factory: pytest.TempPathFactory) -> list[Handout]:
    """The handout of every point on both papers: signs not gone through (open), none fits, some fit."""
    folder = tmp_path_factory.mktemp("handouts")
    jpeg = io.BytesIO()
    Image.new("RGB", PICTURE, "wheat").save(jpeg, "JPEG")
    address = "data:image/jpeg;base64," + base64.b64encode(jpeg.getvalue()).decode()
    sources = {key: source.model_dump() for key, source in built_atlas.document.sources.items()}
    picture = {"address": address, "width": PICTURE[0], "height": PICTURE[1]}
    given = {"catalogue": json.loads(words.model_dump_json()), "sources": sources, "picture": picture}
    (folder / "input.json").write_text(json.dumps(given), encoding="utf-8")
    subprocess.run([_node(), "tests/handouts.mjs", folder / "input.json", folder], cwd=WEB, check=True, timeout=120)
    return list(_read(folder, words))


def _read(folder: Path, words: Catalogue) -> Iterator[Handout]:
    for file in sorted(folder.glob("*.pdf")):
        point, flags, paper = file.stem.split()
        with pypdfium2.PdfDocument(file) as document:
            text = " ".join(page.get_textpage().get_text_bounded() for page in document)
            images = sum(1 for page in document for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
            sizes = [page.get_size() for page in document]
        yield Handout(words.trigger_points[point], flags, paper, _plain(text), sizes, images)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _in_order(text: str, *parts: str) -> None:
    places = [text.find(_plain(part)) for part in parts]
    for part, place in zip(parts, places, strict=True):
        assert place >= 0, f"{part!r} is missing in:\n{text}"
    for (part, place), (after, later) in pairwise(zip(parts, places, strict=True)):
        assert place < later, f"{after!r} comes before {part!r}"


def test_every_trigger_point_has_one_for_each_answer_and_paper(handouts: list[Handout], words: Catalogue) -> None:
    assert len(handouts) == len(words.trigger_points) * 3 * len(PAPERS)


def test_two_pages_at_most_of_the_right_size(handouts: list[Handout]) -> None:
    for handout in handouts:
        assert 1 <= len(handout.sizes) <= 2, (handout.point.id, handout.flags, handout.paper)
        for size in handout.sizes:
            assert size == pytest.approx(PAPERS[handout.paper], abs=0.1)


def test_no_letter_is_lost(handouts: list[Handout]) -> None:
    """Every word of the annotations comes through in letters: typographic ones too, none as a question mark."""
    for handout in handouts:
        assert "?" not in handout.text
        assert "\ufffd" not in handout.text
        for zone in handout.point.zones:
            assert _plain(zone.words) in handout.text


def test_first_what_it_is_then_warning_signs_then_whose_work(handouts: list[Handout], words: Catalogue) -> None:
    safety = words.safety
    signs = [f"{flag.sign} {flag.action}" for flag in safety.red_flags]
    for handout in handouts:
        _in_order(
            handout.text,
            "Left side",
            handout.point.plain,
            "Where people feel it",
            "Before anything else",
            safety.not_a_diagnosis,
            "Emergency: go now",
            *signs,
            "Where this comes from",
            "MPL-2.0",
        )
        assert "it does not diagnose" in handout.text
        assert ("reviewed by a clinician" in handout.text) == (safety.reviewed_by is None)


def test_a_ball_only_where_it_may_go_and_after_the_warning_signs(handouts: list[Handout], words: Catalogue) -> None:
    safety = words.safety
    for handout in handouts:
        care = handout.point.self_care
        spoken = handout.flags == "none" and care.verdict == "zone"
        assert (safety.dose[0].text in handout.text) == spoken, (handout.point.id, handout.flags)
        if spoken:
            _in_order(
                handout.text,
                safety.red_flags[-1].action,
                "Where a ball goes",
                care.why,
                *(advice.text for advice in safety.ask_first),
                *(advice.text for advice in safety.never_press),
                "When to stop",
                *(advice.text for advice in safety.stop),
                "How long",
                *(advice.text for advice in safety.dose),
            )
        elif handout.flags == "none":
            _in_order(handout.text, safety.red_flags[-1].action, "No ball on this spot", care.why)
        assert ("No ball for now" in handout.text) == (handout.flags == "some")


def test_pictures_are_on_the_paper(handouts: list[Handout]) -> None:
    for handout in handouts:
        care = handout.point.self_care
        ball = handout.flags == "none" and care.verdict == "zone"
        expected = 0 if handout.point.shown == "text_only" else 3 if ball else 2
        assert handout.pictures == expected, (handout.point.id, handout.flags)
