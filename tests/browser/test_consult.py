"""Consult mode on a tablet: what a therapist shows to a client, and that nothing of the client is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Request, WebSocket

from annotations.catalogue import Catalogue, catalogue

from .conftest import Server, Watch
from .driver import PATIENCE_MS, Viewer
from .test_phone import ALL, overflow

TABLET: dict[str, Any] = {
    "viewport": {"width": 1024, "height": 768},
    "has_touch": True,
    "is_mobile": True,
    "locale": "en-GB",
}
THUMB = 56
A4_POINTS = (595.3, 841.9)


@dataclass
class Room:
    """A tablet with the atlas on it, and everything that ever left its page."""

    viewer: Viewer
    watch: Watch
    finger: CDPSession
    sent: list[str] = field(default_factory=list)

    @property
    def panel(self) -> Locator:
        return self.viewer.page.locator(".consult-panel")

    def button(self, name: str) -> Locator:
        return self.viewer.page.get_by_role("button", name=name, exact=True)

    def enter(self) -> Room:
        self.viewer.page.keyboard.press("c")
        self.viewer.page.get_by_role("heading", name="Where it hurts").wait_for(timeout=PATIENCE_MS)
        self.viewer.rest()
        return self

    def onward(self, step: str) -> Room:
        self.panel.locator("footer").get_by_role("button", name=step).tap()
        self.viewer.page.get_by_role("heading", name=step).wait_for()
        self.viewer.rest()
        return self

    def choose(self, where: str) -> Room:
        """Turn to a trigger point by the words for its place."""
        self.panel.get_by_role("button", name=where).tap()
        self.viewer.rest()
        return self

    def draw(self, path: list[tuple[float, float]]) -> None:
        """Draw with one finger."""
        first, *rest = path
        touch = "Input.dispatchTouchEvent"
        self.finger.send(touch, {"type": "touchStart", "touchPoints": [{"x": first[0], "y": first[1]}]})
        for x, y in rest:
            self.finger.send(touch, {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
        self.finger.send(touch, {"type": "touchEnd", "touchPoints": []})
        self.viewer.rest()

    def kept(self) -> str:
        """Everything in which a page can keep something."""
        stores = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])"
        return str(self.viewer.page.evaluate(stores)) + json.dumps(self.viewer.scene())


@pytest.fixture(scope="module")
def tablet_page(chromium: Browser, server: Server) -> Iterator[Room]:
    watch = Watch()
    context = watch.over(chromium.new_context(**TABLET, reduced_motion="reduce", accept_downloads=True))
    page = context.new_page()
    room = Room(Viewer(page), watch, context.new_cdp_session(page))

    def note(request: Request) -> None:
        room.sent.append(request.url + (request.post_data or ""))

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: room.sent.append(data if isinstance(data, str) else data.decode("latin-1")))

    page.on("request", note)
    page.on("websocket", listen)
    room.viewer.open(server.address).linked().grown()
    yield room
    context.close()


@pytest.fixture
def tablet(tablet_page: Room) -> Iterator[Room]:
    """A tablet that shows what a first visitor sees, and that knows of no client."""
    tablet_page.viewer.reset()
    yield tablet_page
    tablet_page.viewer.show(consult=True)
    tablet_page.button("New client").tap()
    tablet_page.watch.judge()


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return catalogue()


@dataclass
class Case:
    """A trigger point that a ball may be used on, on the right side."""

    id: str
    where: str
    seen: str
    """The view from which its pattern is seen best: `Behind`, `Side`, `Front`."""
    dots: list[int]


@pytest.fixture(scope="module")
def case(tablet_page: Room, words: Catalogue) -> Case:
    pack, folder = tablet_page.viewer.document("later.json")
    marks: dict[str, Any] = tablet_page.viewer.page.request.get(folder + pack["marks"]).json()
    for point in words.trigger_points.values():
        found = marks["points"].get(point.id, {}).get("right")
        tools = point.self_care.tools
        if found and any(ball["ball"] in tools and ball["best"] is not None for ball in found["balls"]):
            dots = next(zone["dots"] for zone in found["zones"] if zone["level"] == "essential")
            return Case(point.id, point.where[0].upper() + point.where[1:], point.seen.capitalize(), dots)
    raise AssertionError("no trigger point has a place for a ball")


def middle(room: Room, case: Case) -> tuple[float, float]:
    """Where the middle of the pattern is in the window."""
    spots = room.viewer.page.evaluate(
        """(dots) => { const { stage } = eyes, box = stage.canvas.getBoundingClientRect(), found = [];
          const points = stage.places('skin', dots);
          for (let i = 0; i < points.length; i += 3) {
            const at = stage.project([points[i], points[i + 1], points[i + 2]]);
            found.push([at.x + box.left, at.y + box.top]);
          }
          return found; }""",
        case.dots,
    )
    x, y = np.median(np.array(spots), axis=0)
    return float(x), float(y)


def pdf_text(path: Path) -> tuple[str, list[tuple[float, float]]]:
    """All words of a PDF with single spaces, and the sizes of its pages in points."""
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split()), [page.get_size() for page in document]


def small_targets(viewer: Viewer) -> list[str]:
    """Controls of the page that are smaller than a thumb wants (their label counts)."""
    found: list[str] = viewer.page.evaluate(
        f"""(least) => {{ {ALL}
          return all(document).filter((e) => e.matches('button, a[href], input') && e.checkVisibility())
            .map((e) => ({{ e, box: (e.closest('label') ?? e).getBoundingClientRect() }}))
            .filter(({{ box }}) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
            .map(({{ e, box }}) => `${{e.getAttribute('aria-label') ?? (e.innerText || e.type)}} `
              + `${{Math.round(box.width)}} x ${{Math.round(box.height)}}`);
        }}""",
        THUMB,
    )
    return found


def in_order(text: str, *parts: str) -> None:
    at = 0
    for part in parts:
        found = text.find(" ".join(part.split()), at)
        assert found >= 0, f"{part!r} does not come after what stands before it in:\n{text}"
        at = found + len(part)


def test_one_press_in_and_one_press_out(tablet: Room) -> None:
    """Whatever one was looking at is there again, to the last field and to the millimetre."""
    viewer = tablet.viewer
    viewer.show(peel=2, selected="piriformis.right", labels="selected", camera={"view": "oblique"})
    viewer.page.mouse.move(520, 300)
    viewer.page.mouse.wheel(0, -200)
    viewer.wait_for("scene.camera.view === null").rest()
    before, camera = viewer.scene(), viewer.camera()
    tablet.enter()
    assert viewer.tree.count() == 0
    assert viewer.page.get_by_role("region", name="Tools").count() == 0
    assert viewer.scene() == {**before, "consult": True}
    tablet.button("Leave (Esc)").tap()
    viewer.card.wait_for()
    viewer.rest()
    assert viewer.scene() == before
    assert np.allclose(viewer.camera()["position"], camera["position"], atol=1.0)
    viewer.page.keyboard.press("u")
    assert not viewer.scene()["consult"], "undo leads into consult mode"


def test_a_link_may_lead_into_it(tablet: Room, case: Case, words: Catalogue) -> None:
    """Where the atlas shows a trigger point, a client is shown that one."""
    viewer = tablet.viewer
    viewer.show(consult=True)
    viewer.page.get_by_role("heading", name="Where it hurts").wait_for()
    tablet.button("Leave (Esc)").tap()
    viewer.show(consult=True, trigger={"id": case.id, "side": "left"})
    viewer.page.get_by_role("heading", name="The picture").wait_for()
    assert viewer.page.get_by_role("radio", name="Left").is_checked()
    assert words.trigger_points[case.id].plain in tablet.panel.inner_text()


def test_from_pain_to_a_paper_that_is_the_only_trace(
    tablet: Room, words: Catalogue, case: Case, tmp_path: Path
) -> None:
    """Drawn with a finger, ranked, shown, a ball only after the warning signs, a PDF; then all of it is gone."""
    viewer, page, safety = tablet.viewer, tablet.viewer.page, words.safety
    tablet.enter()
    clean = tablet.kept()
    tablet.sent.clear()

    page.get_by_role("radio", name="Right").tap()
    page.get_by_role("radio", name=case.seen, exact=True).tap()
    viewer.rest()
    x, y = middle(tablet, case)
    assert page.get_by_role("button", name="Take it all back").get_attribute("aria-disabled") == "true"
    before = viewer.picture()
    tablet.draw([(x + dx, y) for dx in range(-14, 15, 4)])
    page.locator("button:not([aria-disabled])", has_text="Take it all back").wait_for()
    assert (np.abs(viewer.picture().astype(int) - before) > 24).any(axis=2).sum() > 200, "nothing is painted"

    tablet.onward("What may be behind it")
    cards = tablet.panel.locator(".consult-card")
    assert 1 <= cards.count() <= 3
    assert case.where in " ".join(cards.all_inner_texts())
    tablet.choose(case.where)
    point = words.trigger_points[case.id]
    assert point.plain in tablet.panel.inner_text()

    tablet.onward("The picture")
    for zone in point.zones:
        assert zone.words in tablet.panel.inner_text()
    assert words.structures[point.muscle].plain in tablet.panel.inner_text()
    page.get_by_role("radio", name="Under the skin").tap()
    viewer.rest()
    bone = viewer.spot("hip_bone.right")
    page.touchscreen.tap(*bone)
    tablet.panel.get_by_text(words.structures["hip_bone"].plain).wait_for()

    tablet.onward("Where a ball goes")
    text = tablet.panel.inner_text()
    for flag in safety.red_flags:
        assert flag.sign in text
        assert flag.action in text
    for advice in safety.ask_first:
        assert advice.text in text
    assert safety.dose[0].text not in text, "how long comes before the warning signs were read"
    tablet.button("One of them fits").tap()
    assert "no ball today" in tablet.panel.inner_text()
    tablet.button("Ask again").tap()
    tablet.button("None of them fits").tap()
    viewer.rest()
    text = tablet.panel.inner_text()
    in_order(text.replace("\n", " "), point.self_care.why, safety.stop[0].text, safety.dose[0].text)

    tablet.onward("To take home")
    page.get_by_label("Name").fill("Ada Łukasiewicz")
    page.locator("button:not([aria-disabled])", has_text="Save as PDF").wait_for(timeout=2 * PATIENCE_MS)
    with page.expect_download() as download:
        tablet.button("Save as PDF").tap()
    assert download.value.suggested_filename == "handout.pdf"
    paper = tmp_path / "handout.pdf"
    download.value.save_as(paper)
    said, sizes = pdf_text(paper)
    assert len(sizes) <= 2
    assert sizes == [pytest.approx(A4_POINTS, abs=0.5)] * len(sizes)
    in_order(
        said,
        words.structures[point.muscle].names.english.capitalize(),
        "Right side",
        "For: Ada Lukasiewicz",
        point.plain,
        "Dots: where people feel it",
        "Where people feel it",
        point.zones[0].words,
        words.structures[point.muscle].plain,
        safety.not_a_diagnosis,
    )
    for first, then in [
        (safety.not_a_diagnosis, [flag.sign for flag in safety.red_flags]),
        (safety.red_flags[-1].action, [advice.text for advice in safety.ask_first]),
        (safety.ask_first[-1].text, [advice.text for advice in (*safety.never_press, *safety.stop)]),
        (safety.stop[-1].text, [advice.text for advice in safety.dose]),
    ]:
        for later in then:
            in_order(said, first, later)
    in_order(said, "have not been reviewed by a clinician", "MPL-2.0", "CC BY 4.0")
    assert b"Ada" not in paper.read_bytes()[-2000:], "the name is in the file's properties"

    assert tablet.kept() == clean, "something of the client left the page's memory"
    for sent in tablet.sent:
        assert re.search(r"/ischia\.\w+\.mjs\?[\w=&]+$", sent), f"sent while a client was shown something: {sent}"

    page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    said, sizes = pdf_text(tmp_path / "print.pdf")
    assert len(sizes) <= 2
    assert sizes[0] == pytest.approx(A4_POINTS, abs=1.5)
    for printed in ("Ada Łukasiewicz", point.plain, safety.red_flags[0].sign, safety.dose[0].text, "MPL-2.0"):
        assert " ".join(printed.split()) in said
    for not_paper in ("New client", "Save as PDF", "Leave"):
        assert not_paper not in said

    tablet.button("New client").tap()
    page.get_by_role("heading", name="Where it hurts").wait_for()
    viewer.rest()
    assert page.locator(".ischia-handout").count() == 0, "the handout stays behind in the page"
    assert page.get_by_role("button", name="Take it all back").get_attribute("aria-disabled") == "true"
    tablet.onward("What may be behind it")
    assert cards.count() == len(words.trigger_points), "something is still marked"
    assert tablet.panel.locator("[aria-pressed=true]").count() == 0
    assert page.get_by_role("button", name="5. To take home").get_attribute("aria-disabled") == "true"


def test_leaving_shows_nothing_of_the_client(tablet: Room) -> None:
    """What was marked is out of the picture in the atlas, and there again for the same client."""
    viewer = tablet.viewer
    plain = viewer.picture()
    tablet.enter()
    tablet.button("Lower buttock The lower part of the buttock, above the fold.").tap()
    tablet.button("Leave (Esc)").tap()
    viewer.page.get_by_role("region", name="Tools").wait_for()
    viewer.rest()
    assert (np.abs(viewer.picture().astype(int) - plain) > 40).any(axis=2).mean() < 0.01
    tablet.enter()
    tablet.panel.locator("button[aria-pressed=true]", has_text="Lower buttock").wait_for()


def test_a_thumb_hits_everything_and_nothing_sticks_out(tablet: Room, case: Case) -> None:
    tablet.enter()
    for step in ("What may be behind it", "The picture", "Where a ball goes", "To take home"):
        assert small_targets(tablet.viewer) == [], f"before {step}"
        assert overflow(tablet.viewer) <= 0, f"before {step}"
        if step == "The picture":
            tablet.choose(case.where)
        tablet.onward(step)
    assert small_targets(tablet.viewer) == []
    assert overflow(tablet.viewer) <= 0


def test_warning_signs_are_one_press_away_from_everywhere(tablet: Room, words: Catalogue, case: Case) -> None:
    tablet.enter()
    for step in ("What may be behind it", "The picture"):
        tablet.onward(step) if step != "The picture" else tablet.choose(case.where).onward(step)
        assert "not been reviewed by a clinician" in tablet.panel.inner_text()
        tablet.button("Warning signs").tap()
        dialog = tablet.viewer.page.get_by_role("dialog", name="Warning signs")
        assert words.safety.red_flags[0].sign in dialog.inner_text()
        dialog.get_by_role("button", name="Close").tap()
        dialog.wait_for(state="detached")


def test_all_of_it_by_keyboard(tablet: Room, case: Case) -> None:
    """Every step takes the focus to its heading; from there Tab and the space bar do the rest."""
    viewer, page = tablet.viewer, tablet.viewer.page
    tablet.enter()

    def to(label: str) -> None:
        for _ in range(60):
            if page.evaluate("(eyes.focus?.getAttribute('aria-label') ?? eyes.focus?.textContent ?? '')").startswith(
                label
            ):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {label}")

    def step(name: str, *presses: str) -> None:
        """Do what there is to do in a step, beginning from its heading."""
        viewer.wait_for("eyes.focus?.textContent === argument", name)
        for press in presses:
            to(press)
            page.keyboard.press("Space")

    step("Where it hurts", "Lower buttock", "What may be behind it")
    viewer.wait_for("eyes.focus?.textContent === 'What may be behind it'")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tablet.panel.locator(".consult-card[aria-pressed=true]").wait_for()
    to("The picture")
    page.keyboard.press("Space")
    step("The picture", "Where a ball goes")
    step("Where a ball goes", "None of them fits", "To take home")
    step("To take home", "Save as PDF")
    page.keyboard.press("Escape")
    viewer.wait_for("!scene.consult")
