"""Lessons: each played to its end by keys alone, heard, remembered and left again; one written by clicking."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from annotations import load
from annotations.lesson import Lesson, Question, as_read
from annotations.lessons import load_lessons, read_lesson
from viewer.scene import Scene

from .conftest import DESKTOP, FEWER_PIXELS, Server, Watch
from .driver import Viewer
from .test_phone import overflow, small_targets

LESSONS = load_lessons(scene=Scene)
VARIANTS = LESSONS["variants"]
BEFORE: dict[str, Any] = {
    "selected": "gluteus_medius.left",
    "peel": 1,
    "labels": "all",
    "camera": {"view": None, "position": [-200.0, 900.0, 100.0], "target": [0.0, 20.0, 15.0]},
}
"""What a person had on screen before a lesson."""
PARTS = {"sciatic_nerve.right": ("tibial_division.right", "common_fibular_division.right")}
SMALL: dict[str, Any] = {**DESKTOP, **FEWER_PIXELS, "reduced_motion": "reduce"}
FIELDS = ("isolated", "hidden", "opacity", "variant", "compare", "focus", "heat", "trigger", "ball", "cut", "labels")


@dataclass
class Page:
    viewer: Viewer
    watch: Watch

    @property
    def panel(self) -> Locator:
        return self.viewer.page.get_by_role("region", name="Lessons", exact=True)

    @property
    def heading(self) -> Locator:
        return self.panel.locator(".lesson-heading")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.viewer.page.keyboard.press(key)

    def start(self, lesson: Lesson) -> None:
        """Begin or go on by keys: the panel's own key, the way to the row, Enter."""
        if not self.panel.count():
            self.press("e")
        self.panel.locator(f'[data-lesson="{lesson.id}"]').focus()
        self.press("Enter")
        self.viewer.wait_for("scene.lesson?.id === argument", lesson.id)
        expect(self.panel.locator(".lesson-text")).to_be_visible()
        expect(self.heading).to_be_focused()

    def at(self, lesson: Lesson, place: int) -> None:
        """The step is there: its words, its picture, the focus on its heading, and it was said."""
        step = lesson.steps[place]
        self.viewer.wait_for("scene.lesson?.step === argument", place)
        expect(self.heading).to_have_text(step.title)
        expect(self.heading).to_be_focused()
        assert self.panel.locator(".lesson-text").inner_text() == as_read(step.text)
        spoken = f"Step {place + 1} of {len(lesson.steps)}. {step.title}. {as_read(step.text)}"
        assert self.viewer.spoken.inner_text().strip() == spoken
        now, wanted = self.viewer.scene(), Scene.parse(step.scene).model_dump(mode="json")
        assert {key: now[key] for key in FIELDS} == {key: wanted[key] for key in FIELDS}
        assert self.panel.get_by_role("button", name="Back to this step").count() == 0

    def in_front(self, name: str) -> None:
        """The structure is seen in the picture as it stands."""
        self.viewer.rest()
        assert self.viewer.seen(step=6) & {*PARTS.get(name, (name,))}, f"{name} is nowhere in front"

    def choose(self, name: str) -> None:
        """Select a structure in what the search has found, by keys."""
        row = self.viewer.results.locator(f'[data-name="{name}"]').first
        self.viewer.results.locator(f'[data-name="{name.partition(".")[0]}"]').first.focus()
        if "." in name and not row.count():
            self.press("ArrowRight")
        row.focus()
        self.press("Enter")

    def answer(self, question: Question) -> None:
        """First wrongly, then rightly; both are met with words."""
        box = self.panel.get_by_role("region", name="Question")
        if question.find is not None:
            self.in_front(question.find)
            self.viewer.page.evaluate("() => eyes.root.setScene({ ...eyes.scene, selected: 'femur.right' })")
            expect(box.locator(".lesson-found")).to_contain_text("That is")
            self.press("/")
            self.viewer.search.fill(load().structures[question.find.partition(".")[0]].names.english)
            self.choose(question.find)
            expect(box.locator(".lesson-found")).to_contain_text("Found:")
        else:
            right = next(choice for choice in question.choices if choice.right)
            wrong = next(choice for choice in question.choices if not choice.right)
            for choice, answer in ((wrong, "Not quite."), (right, "That is right.")):
                box.get_by_role("button", name=choice.text).focus()
                self.press("Enter")
                expect(box.get_by_role("button", name=choice.text)).to_contain_text(answer)
                assert answer in self.viewer.spoken.inner_text()
                assert (choice.why or "") in box.inner_text()
            assert question.explanation.text in self.viewer.spoken.inner_text()
        expect(box.locator(".lesson-explained")).to_contain_text(question.explanation.text)
        self.viewer.search.fill("")
        self.heading.focus()


@pytest.fixture(scope="module")
def own_page(chromium: Browser, server: Server) -> Iterator[Page]:
    """One page for all lessons: what is remembered of them is this module's."""
    watch = Watch()
    context = watch.over(chromium.new_context(**SMALL))
    yield Page(Viewer(context.new_page()).open(server.address).grown(), watch)
    context.close()


@pytest.fixture
def page(own_page: Page) -> Iterator[Page]:
    own_page.viewer.reset()
    yield own_page
    own_page.watch.judge()


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.viewer.page.evaluate(
        "() => JSON.parse(localStorage.getItem('ischia:lessons') ?? '{}')"
    )
    return found


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_played_to_its_end_by_keys_alone(page: Page, lesson: Lesson) -> None:
    page.viewer.show(**BEFORE)
    before = page.viewer.scene()
    page.start(lesson)
    page.press("ArrowRight", "PageDown", "PageUp", "ArrowLeft", "ArrowLeft")  # however fast: no key is lost
    for place, step in enumerate(lesson.steps):
        page.at(lesson, place)
        if step.scene.get("selected"):
            page.in_front(str(step.scene["selected"]))
        if step.question:
            page.answer(step.question)
        page.press("ArrowRight" if place % 2 else "Enter")
    expect(page.heading).to_have_text("What you have seen")
    expect(page.heading).to_be_focused()
    questions = sum(step.question is not None for step in lesson.steps)
    assert f"{questions} of {questions} questions answered." in page.panel.inner_text()
    assert f"End of the lesson “{lesson.title}”." in page.viewer.spoken.inner_text()
    assert "not been reviewed by a clinician" in page.panel.inner_text()
    assert kept(page)[lesson.id] == {"step": len(lesson.steps) - 1, "done": True}
    page.panel.get_by_role("button", name="All lessons").focus()
    page.press("Enter")
    page.viewer.wait_for("scene.lesson === null")
    assert page.viewer.scene() == before, "what was in the picture before is there again"
    expect(page.panel.locator(f'[data-lesson="{lesson.id}"]')).to_contain_text("Done")


def test_one_may_look_around_and_comes_back(page: Page) -> None:
    page.start(VARIANTS)
    page.press("ArrowRight", "ArrowRight")
    page.at(VARIANTS, 2)
    own = page.viewer.scene()
    again = page.panel.get_by_role("button", name="Back to this step")
    page.viewer.page.locator("canvas").first.focus()
    page.press("ArrowLeft", "ArrowLeft")
    again.wait_for()
    assert page.viewer.scene()["lesson"] == {"id": "variants", "step": 2}, "arrows in the picture turn it, not the page"
    again.click()
    page.viewer.wait_for(
        "argument === JSON.stringify(scene.camera.position)",
        json.dumps(own["camera"]["position"], separators=(",", ":")),
    )
    assert page.viewer.scene() == own
    link = page.panel.locator(".lesson-text .lesson-link").first
    link.focus()
    page.press("Enter")
    page.viewer.wait_for("scene.selected === argument", link.get_attribute("data-structure"))
    assert page.panel.is_visible()
    page.press("Control+z")
    page.heading.focus()
    page.press("ArrowRight")
    page.at(VARIANTS, 3)
    page.press("Control+z")
    page.viewer.wait_for("scene.lesson.step === 2")
    expect(page.heading).to_have_text(VARIANTS.steps[2].title)
    page.press("Escape")
    page.viewer.wait_for("scene.lesson === null")
    assert not page.panel.is_visible()


def test_it_remembers_where_one_was(page: Page, server: Server) -> None:
    deep = LESSONS["the_deep_six"]
    page.viewer.page.evaluate("() => localStorage.removeItem('ischia:lessons')")
    page.viewer.open(server.address)
    page.start(deep)
    page.press("ArrowRight", "ArrowRight")
    page.at(deep, 2)
    written = "atob(location.hash.slice(7).replace(/-/g, '+').replace(/_/g, '/')).includes('\"step\":2')"
    page.viewer.page.wait_for_function(f"() => {written}")
    page.viewer.page.reload()
    page.viewer.ready()
    expect(page.heading).to_have_text(deep.steps[2].title)
    page.viewer.page.goto("about:blank")
    page.viewer.open(server.address)
    page.press("e")
    expect(page.panel.locator('[data-lesson="the_deep_six"]')).to_contain_text("Go on at step 3 of 8")
    page.start(deep)
    page.at(deep, 2)


def test_a_scene_opens_a_lesson_at_a_step_and_says_what_is_wrong(page: Page) -> None:
    page.viewer.show(lesson={"id": "variants", "step": 4}, peel=3)
    page.viewer.wait_for("scene.compare !== null")
    now = page.viewer.scene()
    assert (now["variant"]["right"], now["compare"]["right"], now["peel"]) == ("D", "F", 0), "the step's own scene"
    page.viewer.show(lesson={"id": "varients", "step": 0})
    expect(page.panel.get_by_role("alert")).to_have_text(
        f"There is no lesson “varients” here. Did you mean “{VARIANTS.title}”?"
    )
    page.viewer.show(lesson={"id": "variants", "step": 8})
    expect(page.panel.get_by_role("alert")).to_contain_text("has 8 steps; there is no step 9")


def test_a_lesson_is_written_by_clicking(page: Page, server: Server, tmp_path: Path) -> None:
    panel, viewer = page.panel, page.viewer
    viewer.show(peel=2, selected="piriformis.right", labels="selected", theme="light")
    page.press("e")
    panel.get_by_role("button", name="Write a lesson").click()
    panel.get_by_label("Title", exact=True).fill("Über: My *first* walk")
    panel.get_by_label("What one will be able to tell").fill("on: a summary, with 'quotes' and a colon")
    panel.get_by_role("button", name="Add this view as a step").click()
    panel.get_by_label("Title of the step").fill("The pear")
    panel.get_by_label("What is seen").fill("This is [piriformis](piriformis.right).\nIt is *small*.")
    expect(panel.get_by_role("region", name="Still missing")).to_have_count(0)
    viewer.page.evaluate("() => eyes.root.setScene({ ...eyes.scene, peel: 0, selected: 'sacrum', labels: 'none' })")
    panel.get_by_role("button", name="Add this view as a step").click()
    expect(panel.get_by_role("region", name="Still missing")).to_contain_text("Step 2: a text")
    panel.get_by_label("Title of the step").fill("The keystone")
    panel.get_by_label("What is seen").fill("And this is the sacrum. Which bone is it?")
    panel.get_by_role("button", name="Ask a question here").click()
    panel.get_by_label("Question", exact=True).last.fill("What is it?")
    panel.get_by_label("Answer 1").fill("The sacrum")
    panel.get_by_label("Answer 2").fill("The femur")
    panel.get_by_label("Why it is so").fill("It closes the ring at the back.")
    panel.get_by_label("Who says so").select_option("gray_1918")
    panel.get_by_role("button", name="Step 2 up").click()

    panel.get_by_role("button", name="Try it").click()
    expect(page.heading).to_have_text("The keystone")
    expect(page.heading).to_be_focused()
    page.press("Enter")
    expect(page.heading).to_have_text("The pear")
    assert viewer.scene()["peel"] == 2
    panel.get_by_role("button", name="End the trial").click()
    expect(page.heading).to_have_text("Write a lesson")

    viewer.page.goto("about:blank")
    viewer.open(server.address)
    page.press("e")
    panel.get_by_role("button", name="Write a lesson").click()
    with viewer.page.expect_download() as coming:
        panel.get_by_role("button", name="Download as YAML").click()
    assert coming.value.suggested_filename == "uber_my_first_walk.yaml"
    path = tmp_path / "own.yaml"
    coming.value.save_as(path)
    lesson = read_lesson(path, Scene)
    assert [step.title for step in lesson.steps] == ["The keystone", "The pear"]
    assert lesson.title == "Über: My *first* walk"
    assert lesson.steps[1].text == "This is [piriformis](piriformis.right). It is *small*."
    assert lesson.steps[1].scene == {"peel": 2, "selected": "piriformis.right", "labels": "selected"}
    question = lesson.steps[0].question
    assert question is not None
    assert [(choice.text, choice.right) for choice in question.choices] == [("The sacrum", True), ("The femur", False)]
    assert question.explanation.sources == ["gray_1918"]

    discard = panel.get_by_role("button", name="Discard")
    discard.click()
    panel.get_by_role("button", name="Press again to throw it away").click()
    expect(panel.get_by_label("Title", exact=True)).to_have_value("")
    panel.get_by_label("Lesson file").set_input_files(path)
    expect(panel.get_by_label("Title", exact=True)).to_have_value("Über: My *first* walk")
    with viewer.page.expect_download() as again:
        panel.get_by_role("button", name="Download as YAML").click()
    again.value.save_as(tmp_path / "again.yaml")
    assert read_lesson(tmp_path / "again.yaml", Scene) == lesson
    panel.get_by_label("Lesson file").set_input_files(
        {"name": "no.yaml", "mimeType": "text/yaml", "buffer": b"- not: a lesson"}
    )
    expect(viewer.page.get_by_text("This file is no lesson.")).to_be_visible()
    discard.click()
    panel.get_by_role("button", name="Press again to throw it away").click()


def test_on_a_phone_the_picture_stays_above_the_lesson(phone: Viewer) -> None:
    phone.show(lesson={"id": "what_attaches_where", "step": 4}, theme="contrast")
    sheet = phone.page.locator(".sheet")
    phone.page.get_by_role("heading", name="The busiest knob of the body").wait_for()
    phone.rest()
    box = sheet.bounding_box()
    assert box is not None
    assert box["y"] > 844 * 0.4, "the picture has room above the sheet"
    spots = phone.spots("femur.right", 20)
    assert spots
    xs = [x for x, _ in spots]
    assert min(xs) < 195 < max(xs), "the subject stands in the middle"
    assert max(y for _, y in spots) < box["y"]
    assert small_targets(phone) == []
    assert overflow(phone) <= 0
    phone.page.get_by_role("button", name="Next").tap()
    phone.page.get_by_role("heading", name="The bone you sit on has two facets").wait_for()
    phone.page.get_by_role("button", name="Leave lesson").tap()
    phone.wait_for("scene.lesson === null")


def test_where_nothing_may_be_kept_lessons_are_played_all_the_same(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page()
    forbidden = "get() { throw new DOMException('no', 'SecurityError'); }"
    viewer.page.evaluate(f"() => Object.defineProperty(window, 'localStorage', {{ {forbidden} }})")
    viewer.page.keyboard.press("e")
    viewer.page.locator('[data-lesson="the_lay_of_the_land"]').click()
    viewer.wait_for("scene.lesson?.step === 0")
    viewer.page.get_by_role("button", name="Next").click()
    viewer.wait_for("scene.lesson?.step === 1")
