"""Sheets for print: the paper, text that can be selected, a scale that is true, and who made it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pypdfium2 import raw

from annotations.catalogue import Catalogue, catalogue
from meshes.build import BuiltAtlas
from tests.small import build_small
from viewer.errors import ViewerError
from viewer.plate import SCALES, Sheet, arranged, paper_of, plate, plate_scene, words_of
from viewer.printing import scale_text
from viewer.scene import Scene, Trigger, Variants

MM = 72 / 25.4
BONES = ["hip_bone.right", "hip_bone.left"]
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def texts() -> Catalogue:
    return catalogue()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltAtlas:
    return build_small(tmp_path_factory.mktemp("plate") / "atlas")


@pytest.fixture(scope="module")
def printed(built: BuiltAtlas, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sheet]:
    """Two views of everything, labelled, on A4 lying on its side."""
    out = tmp_path_factory.mktemp("sheet") / "sheet.pdf"
    scene = Scene(atlas="spheres", labels="all", names="both")
    views = ["posterior", "right_lateral"]
    sheet = plate(
        scene,
        out,
        views=views,
        landscape=True,
        title="Spheres",
        caption="Two <views> & more.",
        day=DAY,
        dpi=60,
        built=built,
    )
    return out, sheet


@pytest.fixture(scope="module")
def page(printed: tuple[Path, Sheet]) -> pypdfium2.PdfPage:
    document = pypdfium2.PdfDocument(printed[0])
    assert len(document) == 1
    return document[0]


@pytest.fixture(scope="module")
def text(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_range())


def test_paper_and_pictures(page: pypdfium2.PdfPage, printed: tuple[Path, Sheet]) -> None:
    assert page.get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.5)
    panels = printed[1].panels
    assert [panel.view.name for panel in panels] == ["Posterior", "Right lateral"]
    one, other = panels
    assert one.left + one.width < other.left or one.top + one.height < other.top, "side by side or one above the other"
    images = [each for each in page.get_objects() if each.type == raw.FPDF_PAGEOBJ_IMAGE]
    assert len(images) == 2


def test_all_words_can_be_selected(text: str) -> None:
    for wanted in ("Spheres", "Two <views> & more.", "Gluteus maximus", "Musculus gluteus maximus", "Posterior"):
        assert wanted in text
    assert text.count("Sacrum") >= 1
    for line in ("L R", "P A"):
        assert set(line.split()) <= set(text.split())


def test_it_says_whose_it_is_and_when(text: str, printed: tuple[Path, Sheet]) -> None:
    for wanted in ("CC0-1.0", "https://example.org/spheres", "The Ischia contributors", "2026-03-01", "100 %"):
        assert wanted in text
    about = pypdfium2.PdfDocument(printed[0]).get_metadata_dict()
    assert about["Title"] == "Spheres"
    assert about["Author"] == "The Ischia contributors"
    assert "CC0-1.0" in about["Keywords"]


def test_the_caption_stands_under_the_pictures_in_reading_order(text: str) -> None:
    places = [text.index(word) for word in ("Spheres", "Posterior", "Right lateral", "Two <views>", "2026-03-01")]
    assert places == sorted(places)


def test_the_bar_is_as_long_as_it_says(page: pypdfium2.PdfPage, printed: tuple[Path, Sheet], text: str) -> None:
    sheet = printed[1]
    assert f"{sheet.bar:g} mm" in text
    assert scale_text(sheet.scale) in text
    wanted = sheet.bar / sheet.scale * MM
    bounds = [each.get_bounds() for each in page.get_objects() if each.type == raw.FPDF_PAGEOBJ_PATH]
    # The bounds of a level line are wider than it is by as much as they are high.
    lengths = [(right - left) - (top - bottom) for left, bottom, right, top in bounds if top - bottom < 3.0]
    bars = [length for length in lengths if length == pytest.approx(wanted, abs=0.01)]
    assert len(bars) == 2, "one under each picture"


def test_the_body_is_as_large_as_the_scale_says(built: BuiltAtlas, tmp_path: Path) -> None:
    """Two spheres of 110 mm, their middles 200 mm apart: measured on the paper, from behind and from the side."""
    scene = Scene(atlas="spheres", isolated=BONES, footprints="none")
    for view, across in (("posterior", 310.0), ("right_lateral", 110.0)):
        out = tmp_path / f"{view}.pdf"
        sheet = plate(scene, out, views=[view], caption="", dpi=50, built=built)
        fineness = 2.0
        picture = pypdfium2.PdfDocument(out)[0].render(scale=fineness).to_numpy()[..., :3]
        panel = sheet.panels[0]
        low, high = (round(value * MM * fineness) for value in (panel.top + 8, panel.top + panel.height))
        coloured = np.ptp(picture[low:high].astype(int), axis=-1) > 25
        columns = np.flatnonzero(coloured.sum(axis=0) > 3)
        width = (columns[-1] - columns[0] + 1) / fineness / MM * sheet.scale
        assert width == pytest.approx(across, rel=0.01)
        assert sheet.scale in SCALES


def test_views_stand_as_large_as_they_can(printed: tuple[Path, Sheet]) -> None:
    """On tall paper wide views stand one above the other, on wide paper side by side; none overlaps."""
    view = printed[1].panels[0].view
    tall = arranged(paper_of("a4"), [view] * 2, (12, 25, 186, 230), 11)
    assert tall.panels[0].top < tall.panels[1].top
    four = arranged(paper_of("a3", landscape=True), [view] * 4, (12, 25, 396, 240), 11)
    boxes = [(panel.left, panel.top, panel.left + panel.width, panel.top + panel.height) for panel in four.panels]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
    with pytest.raises(ViewerError, match="do not fit"):
        arranged(paper_of("a4"), [view] * 6, (12, 25, 40, 30), 11)


def test_a_plate_of_the_annotations_brings_its_words_and_sources(texts: Catalogue) -> None:
    scene = plate_scene("lateral_rotators", texts)
    words = words_of(scene, texts, "lateral_rotators", None, None)
    assert words.title == "The lateral rotators and the sciatic nerve, from the side"
    assert "piriformis" in words.caption
    assert len(words.references) == 3
    assert words.unreviewed
    with pytest.raises(ViewerError, match="lateral_rotators"):
        plate_scene("lateral_rotator", texts)


def test_variants_and_trigger_points_are_told_of_with_their_sources(texts: Catalogue) -> None:
    variant = words_of(Scene(variant=Variants(right="B")), texts, None, None, None)
    assert "piriformis" in variant.title
    assert any("https://doi.org/" in reference for reference in variant.references)
    point = words_of(Scene(trigger=Trigger(id="piriformis.1")), texts, None, None, None)
    assert point.title == "Piriformis 1, right side"
    assert point.references
    own = words_of(Scene(), texts, None, "Mine", "My words.")
    assert (own.title, own.caption, own.unreviewed) == ("Mine", "My words.", False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"views": ["posteriour"]}, "Did you mean posterior"),
        ({"views": ["posterior"] * 7}, "room for 6"),
        ({"paper": "a0"}, "a4, a3, letter"),
    ],
)
def test_what_cannot_be_a_sheet_is_said_before_the_work(options: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match=said):
        plate(Scene(), tmp_path / "x.pdf", **options)
    with pytest.raises(ViewerError, match="PDF"):
        plate(Scene(), tmp_path / "x.png")


def test_japanese_words_are_written_too(built: BuiltAtlas, tmp_path: Path) -> None:
    out = tmp_path / "ja.pdf"
    scene = Scene(atlas="spheres", isolated=BONES)
    plate(scene, out, title="梨状筋", caption="坐骨神経と梨状筋。", dpi=40, built=built)
    written = pypdfium2.PdfDocument(out)[0].get_textpage().get_text_range()
    assert "梨状筋" in written
    assert "坐骨神経と梨状筋。" in written
