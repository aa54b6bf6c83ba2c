"""The page of a plate: pictures, vector words and lines, scale bars, caption, sources and credits, laid on a PDF."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from viewer.figure import about
from viewer.lettering import CROSS_INKS, Lettering, Line, font_file, ink_of, is_japanese, japanese_files, lay_out
from viewer.palette import Colour, theme
from viewer.plate import letters_in

if TYPE_CHECKING:
    from viewer.drawing import Subject
    from viewer.figure import Composition
    from viewer.plate import Panel, Paper, Sheet, Words

MM = 72.0 / 25.4
"""Points."""
MARGIN = 12.0
"""mm on all sides: no printer reaches farther out."""
GAP = 11.0
"""mm under a picture, for its name and its scale bar."""
PLAIN, BROUGHT_ALONG = "DejaVuSans", "HeiseiKakuGo-W5"
"""A font that goes into the file, and a Japanese one that readers of PDF bring along."""
UNREVIEWED = "The text has not been reviewed by a clinician. Ischia teaches; it does not diagnose."


class Printer:
    """A sheet in the making. Lengths are mm from the paper's upper left corner."""

    gap = GAP

    def __init__(self, paper: Paper, words: Words, subject: Subject, day: date) -> None:
        pdfmetrics.registerFont(TTFont(PLAIN, str(font_file())))
        self._paper, self._subject = paper, subject
        self._data = io.BytesIO()
        self._pen = Canvas(self._data, pagesize=(paper.width * MM, paper.height * MM), lang=subject.catalogue.language)
        self._title, self._caption = words.title, words.caption
        width = paper.width - 2 * MARGIN
        top = MARGIN + self._write(words.title, 15.0, MARGIN, width, 0.0)
        foot = [text for text in (words.caption, UNREVIEWED if words.unreviewed else "") if text]
        small = [*(f"[{n}] {text}" for n, text in enumerate(words.references, 1)), *credits_of(subject)]
        small.append(f"{about(subject)['Software']} · {day.isoformat()} · The scale is true when printed at 100 %.")
        self._foot = [(text, 9.0, 1.0) for text in foot] + [(text, 6.3, 0.62) for text in small]
        self._bottom = paper.height - MARGIN - sum(self._write(*block[:2], None, width, 1.0) for block in self._foot)
        self.free = (MARGIN, top + 3.0, width, self._bottom - top - 6.0)

    def add(self, panel: Panel, composition: Composition, sheet: Sheet) -> None:
        """Lay a picture into its place, with its words as vectors, its name, its scale and a bar."""
        pen = self._pen
        across = panel.width * MM / composition.picture.size[0]
        left, top = panel.left * MM, (self._paper.height - panel.top) * MM
        height = panel.height * MM
        pen.drawImage(ImageReader(composition.picture), left, top - height, panel.width * MM, height)
        lettering = lay_out(composition.note, composition.picture.size, letters_in(panel.width) / across)
        pen.saveState()
        clip = pen.beginPath()
        clip.rect(left, top - height, panel.width * MM, height)
        pen.clipPath(clip, stroke=0, fill=0)
        pen.translate(left, top)
        self._letter(lettering, across, composition)
        pen.restoreState()
        self._under(panel, sheet)

    def finish(self) -> bytes:
        """The file's bytes."""
        told = about(self._subject)
        pen, top = self._pen, self._bottom
        for text, points, strength in self._foot:
            top += self._write(text, points, top, self._paper.width - 2 * MARGIN, strength)
        pen.setTitle(self._title)
        pen.setAuthor(told["Author"])
        pen.setSubject(self._caption)
        pen.setKeywords([told["Copyright"].replace("\n", "; "), told["Source"].replace("\n", "; ")])
        pen.setCreator(told["Software"])
        pen.showPage()
        pen.save()
        return self._data.getvalue()

    def _write(self, text: str, points: float, top: float | None, width: float, strength: float) -> float:
        """Write a paragraph (or, without `top`, only measure it); returns the height that it takes, mm."""
        grey = 0.13 + 0.45 * (1.0 - strength) if strength else 0.08
        style = ParagraphStyle(
            "text",
            fontName=_font(text),
            fontSize=points,
            leading=points * 1.28,
            textColor=Color(grey, grey, grey),
            wordWrap="CJK" if is_japanese(text) else None,
        )
        paragraph = Paragraph(escape(text), style)
        _, height = paragraph.wrap(width * MM, self._paper.height * MM)
        if top is not None:
            paragraph.drawOn(self._pen, MARGIN * MM, (self._paper.height - top) * MM - height)
        return float(height) / MM + 0.18 * points

    def _letter(self, lettering: Lettering, across: float, composition: Composition) -> None:
        """Lines and texts of a picture, in its pixels from its upper left corner, `across` points each."""
        pen, colours = self._pen, composition.note.colours
        pen.setLineJoin(1)
        for tint, thickness in ((colours.background, 4.0), (colours.ink, 1.4)):
            pen.setStrokeColor(_colour(tint))
            pen.setLineWidth(thickness * lettering.unit * across / 16)
            for placed in lettering.labels:
                path = pen.beginPath()
                points = [(x * across, -y * across) for x, y in placed.leader]
                path.moveTo(*points[0])
                for point in points[1:]:
                    path.lineTo(*point)
                pen.drawPath(path)
        pen.setFillColor(_colour(colours.ink))
        pen.setStrokeColor(_colour(colours.background))
        pen.setLineWidth(0.4)
        for placed in lettering.labels:
            x, y = placed.leader[-1]
            pen.circle(x * across, -y * across, lettering.dot * across, stroke=1, fill=1)
        for line in (*lettering.words, *(line for placed in lettering.labels for line in placed.lines)):
            self._line(line, across, ink_of(line.role, colours), colours.background)
        for x, y in lettering.crosses:
            arm = lettering.arm * across
            for inks, thickness in CROSS_INKS:
                pen.setStrokeColor(Color(*(part / 255 for part in inks)))
                pen.setLineWidth(thickness * lettering.unit * across)
                for way in (1.0, -1.0):
                    pen.line(x * across - arm, -y * across - way * arm, x * across + arm, -y * across + way * arm)

    def _line(self, line: Line, across: float, ink: Colour, halo: Colour) -> None:
        """One line of text, before a veil of the background's colour: it must be read where the body is behind it."""
        pen, points = self._pen, line.size * across
        x, y = line.place[0] * across, -line.place[1] * across
        width = pdfmetrics.stringWidth(line.text, _font(line.text), points)
        x -= {"start": 0.0, "middle": 0.5, "end": 1.0}[line.anchor] * width
        pen.saveState()
        pen.setFillColor(_colour(halo))
        pen.setFillAlpha(0.7)
        pen.rect(x - 0.1 * points, y - 0.22 * points, width + 0.2 * points, 1.1 * points, stroke=0, fill=1)
        pen.restoreState()
        pen.setFillColor(_colour(ink))
        pen.setFont(_font(line.text), points)
        pen.drawString(x, y, line.text)

    def _under(self, panel: Panel, sheet: Sheet) -> None:
        """The name of a picture, its scale, and a bar as long as it says."""
        pen = self._pen
        ink = theme("light").ink
        pen.setFillColor(_colour(ink))
        pen.setStrokeColor(_colour(ink))
        foot = (self._paper.height - panel.top - panel.height - 4.2) * MM
        name = panel.view.name
        pen.setFont(_font(name), 9.0)
        pen.drawString(panel.left * MM, foot, name)
        length = sheet.bar / sheet.scale * MM
        right = (panel.left + panel.width) * MM
        pen.setLineWidth(0.8)
        pen.setLineCap(0)
        pen.line(right - length, foot, right, foot)
        for end in (right - length, right):
            pen.line(end, foot - 2.0, end, foot + 2.0)
        pen.setFont(PLAIN, 7.2)
        pen.drawRightString(right - length - 4.0, foot - 2.2, f"{sheet.bar:g} mm  ·  {scale_text(sheet.scale)}")


def scale_text(scale: float) -> str:
    """The scale of a print, as maps say it: `1 : 2.5`."""
    return f"{1 / scale:g} : 1" if scale < 1 and (1 / scale).is_integer() else f"1 : {scale:g}"


def credits_of(subject: Subject) -> list[str]:
    """Who made what, under which licence, a line for each source."""
    return [
        f"{source.title}. {source.creators}. {source.license} ({source.license_url}). {source.citation}"
        + (f" {source.url}" if source.url != source.license_url else "")
        for source in subject.document.sources.values()
    ]


def _font(text: str) -> str:
    if not is_japanese(text):
        return PLAIN
    return _japanese()


@cache
def _japanese() -> str:
    """A font of this machine that goes into the file; else one that readers of PDF bring along."""
    for file in japanese_files():
        try:
            pdfmetrics.registerFont(TTFont("Japanese", file))
        except TTFError:  # its letters are drawn in a way that reportlab does not know
            continue
        return "Japanese"
    pdfmetrics.registerFont(UnicodeCIDFont(BROUGHT_ALONG))
    return BROUGHT_ALONG


def _colour(colour: Colour) -> Any:
    return Color(*(float(part) for part in colour))
