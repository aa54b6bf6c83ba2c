"""The quiz: played to the end by keys alone, by pressing in the picture, on a phone; nothing of it goes anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Request, expect

from annotations.catalogue import catalogue

from .conftest import FEWER_PIXELS, Server, Watch
from .driver import Viewer
from .test_phone import overflow, small_targets

COARSE = True

WORDS = catalogue()
BY_NAME = {card.names.english.lower(): card for card in WORDS.structures.values()}
LAYERS = {layer.id: layer.name for layer in WORDS.layers}
KINDS = {
    "Name what is highlighted",
    "Find it in the picture",
    "Nerve supply",
    "Attachments",
    "Nerve and piriformis",
    "Referred pain",
}
SCENE: dict[str, Any] = {
    "selected": "piriformis.left",
    "peel": 2,
    "fade_others": True,
    "labels": "all",
    "opacity": {"femur.right": 0.5},
    "camera": {"position": [-200, 900, 100], "target": [0, 20, 15]},
}
"""What a person had on screen before: no view of the quiz's own."""


WINDOW: Any = {"width": 960, "height": 600}


@dataclass
class Page:
    viewer: Viewer
    watch: Watch
    sent: list[Request] = field(default_factory=list)

    @property
    def panel(self) -> Locator:
        return self.viewer.page.get_by_role("region", name="Quiz", exact=True)

    def open(self) -> Page:
        """The panel where one chooses; a round that was left open is ended."""
        self.viewer.page.keyboard.press("q")
        self.panel.locator(".quiz").wait_for()
        for way in ("End the round", "Choose anew"):
            button = self.panel.get_by_role("button", name=way)
            if button.count():
                button.click()
        self.panel.get_by_role("button", name="Begin", exact=True).wait_for()
        return self

    def begin(self, kind: str, level: str = "Student") -> Page:
        """A round of one kind of question."""
        boxes = self.panel.get_by_role("checkbox")
        for box in boxes.all():
            box.set_checked(box.locator("xpath=..").inner_text().strip() == kind)
        self.panel.get_by_role("radio", name=level, exact=True).check(force=True)
        self.panel.get_by_role("button", name="Begin", exact=True).click()
        self.panel.get_by_role("button", name="Show me").wait_for()
        return self

    @property
    def asked(self) -> str:
        return self.panel.locator("h3").inner_text()

    def focused(self, *texts: str) -> bool:
        """Whether the focus comes to what says one of these."""
        return bool(
            self.viewer.page.wait_for_function("(texts) => texts.includes(eyes.focus.innerText.trim())", arg=texts)
        )


@pytest.fixture(scope="module")
def own_page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A page of this module's own, whose requests are kept."""
    watch = Watch()
    context = watch.over(chromium.new_context(viewport=WINDOW, **FEWER_PIXELS, reduced_motion="reduce"))
    page = Page(Viewer(context.new_page()).open(server.address).grown(), watch)
    # The same rounds each time.
    page.viewer.page.evaluate("Math.random = () => 0.4")
    context.on("request", lambda request: page.sent.append(request))
    yield page
    context.close()


@pytest.fixture
def quiz(own_page: Page) -> Iterator[Page]:
    own_page.viewer.reset()
    own_page.viewer.page.evaluate("localStorage.removeItem('ischia:quiz')")
    own_page.sent.clear()
    yield own_page
    if own_page.panel.count():
        own_page.viewer.page.keyboard.press("Escape")
    own_page.watch.judge()


@dataclass
class Learner:
    """Someone who sees nothing, reads what is said, remembers what was told, and errs once in every kind.

    It keeps a deck of its own, so it knows what must come back next, and when.
    """

    page: Page
    queue: list[int] = field(default_factory=lambda: list(range(10)))
    boxes: dict[int, int] = field(default_factory=dict)
    asked: dict[int, str] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    turn: dict[int, int] = field(default_factory=dict)
    erred: set[str] = field(default_factory=set)

    def press(self, key: str) -> None:
        self.page.viewer.page.keyboard.press(key)

    def answer(self, kind: str) -> None:
        """Answers what is asked by one key or more."""
        asked = self.page.asked
        assert self.asked.setdefault(self.queue[0], asked) == asked, "another question was to come back"
        if kind == "Find it in the picture":
            self.find()
            return
        choices = [one.split("\n")[-1] for one in self.page.panel.locator(".quiz-choice").all_inner_texts()]
        known = [i for i, text in enumerate(choices) if text in self.knowledge(kind, asked, choices)]
        wrong = [i for i in range(len(choices)) if i not in known]
        if known and wrong and kind not in self.erred:
            self.erred.add(kind)
            known = wrong
        self.press(str(1 + (known[0] if known else 0)))

    def knowledge(self, kind: str, asked: str, choices: list[str]) -> set[str]:
        if self.queue[0] in self.told:
            return {self.told[self.queue[0]]}
        if kind == "Nerve supply":
            own = BY_NAME[asked.split(":")[0].lower()].innervation
            names = [WORDS.structures[one.structure].names.english if one.structure else one.nerve for one in own]
            return {name[0].upper() + name[1:] for name in names}
        if kind == "Name what is highlighted":
            said = self.page.panel.locator(".quiz-question .unseen").first.inner_text()
            return {text for text in choices if fits(text, said)}
        return set()

    def find(self) -> None:
        """Step to what fits what is said of it; of several that fit, another one after each miss."""
        name = self.page.asked.removeprefix("Find: ")
        self.page.viewer.rest()
        turn = self.turn.get(self.queue[0], 0)
        heard: list[str] = []
        count = 1
        while len(heard) < count:
            self.press("2")
            expect(self.page.viewer.spoken).to_contain_text(f"{len(heard) + 1} of ")
            found = re.match(r"\d+ of (\d+)\. (.*)", self.page.viewer.spoken.inner_text())
            assert found
            count = int(found[1])
            heard.append(found[2])
        fitting = [at for at, said in enumerate(heard) if fits(name, said)]
        assert fitting, f"nothing that is said may be said of {name}: {heard}"
        others = [at for at in range(count) if at not in fitting]
        wanted = fitting[(turn - 1) % len(fitting)] if turn or not others else others[0]
        for _ in range((wanted + 1) % count):  # from the last one the next step leads to the first
            self.press("2")
        self.press("3")

    def hear(self, verdict: str) -> bool:
        """Takes in what is told; whether it was right."""
        right = verdict.startswith("Right: ")
        slot = self.queue.pop(0)
        self.told[slot] = re.sub(r".*: (.*)\.", r"\1", verdict)
        self.turn[slot] = self.turn.get(slot, 0) + (not right)
        box = self.boxes[slot] = self.boxes.get(slot, 1) + 1 if right else 0
        if box < 2:
            self.queue.insert((2, 5)[box], slot)
        return right


def fits(name: str, said: str) -> bool:
    """Whether what is said of a structure in place of its name may be said of this one."""
    card = BY_NAME[name.lower()]
    ends = [next((one.on[0] for one in card.attachments if one.end == end), None) for end in ("proximal", "distal")]
    words = [f"a {card.kind};", f"layer: {LAYERS[card.layer]}".lower()]
    words += [f"{WORDS.structures[on].names.english}".lower() for on in ends if on]
    return all(word.lower() in said.lower() for word in words)


def test_played_to_the_end_by_keys_and_everything_is_as_it_was(quiz: Page) -> None:
    viewer, page = quiz.viewer, quiz.viewer.page
    viewer.show(**SCENE)
    before, camera, address = viewer.scene(), viewer.camera(), page.url
    quiz.open()
    for _ in range(40):  # past region, level, kinds and number of questions
        page.keyboard.press("Tab")
        if page.evaluate("eyes.focus.innerText") == "Begin":
            break
    page.keyboard.press("Enter")
    learner, turns, right = Learner(quiz), 0, 0
    results: dict[str, set[bool]] = {}
    while learner.queue:
        turns += 1
        assert turns < 60, "it never ends"
        quiz.panel.get_by_role("button", name="Show me").wait_for()
        assert quiz.focused(quiz.asked)
        kind = quiz.panel.locator(".quiz-kind").inner_text().split(" · ")[0]
        learner.answer(kind)
        verdict = quiz.panel.locator(".quiz-verdict").inner_text()
        assert re.match("Right: |Not quite", verdict)
        expect(viewer.spoken).to_contain_text(verdict)
        assert quiz.panel.locator(".quiz-told .badge").count() >= 1
        assert all(text.strip() for text in quiz.panel.locator(".quiz-sources").all_inner_texts())
        was_right = learner.hear(verdict)
        results.setdefault(kind, set()).add(was_right)
        right += was_right
        assert quiz.focused("Next" if learner.queue else "See how it went")
        page.keyboard.press("Enter")
    assert set(results) == KINDS
    assert all(True in found for found in results.values())
    # A nerve was wrong on purpose; where one has to see the picture, the first answer was a guess.
    assert results["Nerve supply"] == {True, False}
    assert sum(False in found for found in results.values()) >= 3
    assert quiz.focused("That was the round")
    assert f"{right} of {turns} answers were right; 10 of 10 are known now." in quiz.panel.inner_text()
    assert quiz.panel.locator(".quiz-hard li").count() == len(learner.turn) - list(learner.turn.values()).count(0)
    score = json.loads(page.evaluate("localStorage.getItem('ischia:quiz')"))
    assert score == {"answered": turns, "right": right, "rounds": 1}

    page.keyboard.press("Escape")
    viewer.rest()
    assert viewer.scene() == before
    assert page.url == address
    assert viewer.camera()["position"] == pytest.approx(camera["position"], abs=0.5)
    assert "piriformis.left" in viewer.seen(20)
    # The page is as it was, and one step of undo leads to before what was shown, not into the quiz.
    page.keyboard.press("u")
    viewer.wait_for("scene.peel === 0")
    # Files of the atlas and scripts, asked for by their names alone.
    assert not [one.url for one in quiz.sent if one.method != "GET" or one.post_data]
    assert {key for one in quiz.sent for key in parse_qs(urlsplit(one.url).query)} <= {"v", "attempt"}
    kept = set(page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))"))
    assert kept <= {"ischia:quiz", "ischia:welcome"}
    assert not page.context.cookies()


def test_the_score_is_forgotten_when_one_says_so(quiz: Page) -> None:
    page = quiz.viewer.page
    quiz.open().begin("Nerve supply")
    page.keyboard.press("1")
    quiz.panel.get_by_role("button", name="Next", exact=True).click()
    quiz.panel.get_by_role("button", name="End the round").click()
    assert page.evaluate("localStorage.getItem('ischia:quiz')")
    quiz.panel.get_by_role("button", name="Forget my score").click()
    expect(quiz.panel.get_by_text("Your score stays in this browser.")).to_be_visible()
    assert page.evaluate("localStorage.getItem('ischia:quiz')") is None


def test_found_by_pressing_in_the_picture_and_nothing_tells_its_name(quiz: Page) -> None:
    viewer, page = quiz.viewer, quiz.viewer.page
    quiz.open().begin("Find it in the picture", "Beginner")
    viewer.rest()
    about = BY_NAME[quiz.asked.removeprefix("Find: ").lower()].id
    members = [name for name, card in WORDS.structures.items() if name == about or card.part_of == about]
    picks = viewer.picks(14)
    mine = [pick for pick in picks if pick["id"].split(".")[0] in members]
    assert mine, f"{about} is not to be seen"
    # Neither the pointer, nor the list, nor a key names anything or shows anything else meanwhile.
    scene = viewer.scene()
    page.mouse.move(mine[0]["x"], mine[0]["y"])
    for key in "lafhi/120[]vpt":
        page.keyboard.press(key)
    viewer.rest()
    assert page.locator(".tooltip").count() == 0
    assert not page.locator(".stage-label:visible").count()
    assert not viewer.tree.is_visible()
    assert viewer.scene() == scene
    other = next(pick for pick in picks if pick["id"].split(".")[0] not in members)
    page.mouse.click(other["x"], other["y"])
    verdict = quiz.panel.locator(".quiz-verdict")
    assert verdict.inner_text().startswith("Not quite: that is ")
    viewer.rest()
    assert WORDS.structures[about].names.english.lower() in " ".join(
        page.locator(".stage-label").inner_text().lower().split()
    )
    # It comes back after two others.
    for _ in range(2):
        page.keyboard.press("Enter")
        quiz.panel.get_by_role("button", name="Show me").click()
    page.keyboard.press("Enter")
    viewer.rest()
    assert BY_NAME[quiz.asked.removeprefix("Find: ").lower()].id == about
    page.mouse.click(*viewer.spot(next(pick["id"] for pick in viewer.picks(14) if pick["id"].split(".")[0] in members)))
    assert verdict.inner_text().startswith("Right: ")


def test_an_expert_types_names_and_a_slip_is_forgiven(quiz: Page) -> None:
    page = quiz.viewer.page
    quiz.open().begin("Name what is highlighted", "Expert")
    field = quiz.panel.get_by_role("textbox", name="Its name")
    field.fill("no such thing")
    page.keyboard.press("Enter")
    name = re.sub(r".*: (.*)\.", r"\1", quiz.panel.locator(".quiz-verdict").inner_text())
    latin = BY_NAME[name.lower()].names.latin
    for _ in range(2):
        page.keyboard.press("Enter")
        quiz.panel.get_by_role("button", name="Show me").click()
    page.keyboard.press("Enter")
    field.fill(latin.replace("u", "uu", 1) if len(latin) > 8 else latin)
    page.keyboard.press("Enter")
    assert quiz.panel.locator(".quiz-verdict").inner_text() == f"Right: {name}."


def test_on_a_phone_picture_and_answers_have_room(phone: Viewer) -> None:
    page = phone.page
    page.keyboard.press("q")
    sheet = page.locator('.sheet[data-panel="quiz"]')
    sheet.get_by_role("button", name="Begin", exact=True).wait_for()
    assert not small_targets(phone)
    for box in sheet.get_by_role("checkbox").all():
        box.set_checked(box.locator("xpath=..").inner_text().strip() == "Name what is highlighted")
    sheet.get_by_role("button", name="Begin", exact=True).tap()
    sheet.locator(".quiz-choice").first.wait_for()
    phone.rest()
    room = sheet.bounding_box()
    assert room
    assert room["y"] > 0.42 * 844, "less than two fifths of the page are left for the picture"
    assert overflow(phone) <= 0
    assert not small_targets(phone)
    middle = phone.picks(10)
    assert any(pick["y"] < room["y"] for pick in middle)
    sheet.locator(".quiz-choice").nth(1).tap()
    next_one = sheet.get_by_role("button", name="Next", exact=True)
    expect(next_one).to_be_in_viewport()
    assert not small_targets(phone)
    sheet.get_by_role("button", name="Close (Esc)").tap()
    phone.wait_for("scene.selected === null")
    page.evaluate("localStorage.removeItem('ischia:quiz')")
