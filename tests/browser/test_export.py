"""The atlas as one file: opened from a disk with the network off, and in the frame of a course page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, expect

from meshes.build import BuiltAtlas
from meshes.more import BuiltPack
from viewer.export import Exported, export_html
from viewer.scene import Scene, Variants

from .conftest import DESKTOP
from .driver import PATIENCE_MS, Viewer, around, is_muscle_red
from .standing import Alone, serving

PIERCED = "Fibular through, tibial below"
BAR, COMPLETE_BAR = 2_500_000, 6_000_000


@dataclass
class Files:
    """Pages written for the tests of this file."""

    default: Exported
    complete: Exported
    lesson: Exported


@pytest.fixture(scope="module")
def files(built_atlas: BuiltAtlas, later_pack: BuiltPack, tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("export")
    return Files(
        export_html(folder / "default.html", atlas=built_atlas),
        export_html(folder / "complete.html", atlas=built_atlas, complete=True),
        export_html(folder / "lesson.html", atlas=built_atlas, lesson="variants"),
    )


def opened(chromium: Browser, page: Exported) -> Iterator[tuple[Viewer, Alone]]:
    """A page from the disk, with the network off."""
    watch = Alone()
    context = watch.over(chromium.new_context(**DESKTOP, reduced_motion="reduce", offline=True))
    viewer = Viewer(context.new_page()).open(page.file.as_uri()).grown()
    yield viewer, watch
    context.close()


@pytest.fixture(scope="module")
def default_page(chromium: Browser, files: Files) -> Iterator[tuple[Viewer, Alone]]:
    yield from opened(chromium, files.default)


@pytest.fixture(scope="module")
def complete_page(chromium: Browser, files: Files) -> Iterator[tuple[Viewer, Alone]]:
    yield from opened(chromium, files.complete)


@pytest.fixture
def default(default_page: tuple[Viewer, Alone]) -> Iterator[Viewer]:
    viewer, watch = default_page
    yield viewer.reset()
    watch.judge()


@pytest.fixture
def complete(complete_page: tuple[Viewer, Alone]) -> Iterator[Viewer]:
    viewer, watch = complete_page
    yield viewer.reset()
    watch.judge()


def test_sizes(files: Files) -> None:
    assert files.default.file.stat().st_size == files.default.bytes <= BAR
    assert files.complete.file.stat().st_size == files.complete.bytes <= COMPLETE_BAR


def test_the_first_picture_and_a_pick(default: Viewer, default_page: tuple[Viewer, Alone], files: Files) -> None:
    picture = default.picture()
    spot = default.spot("gluteus_maximus.right")
    assert is_muscle_red(around(picture, spot))
    default.click(spot)
    default.page.get_by_role("heading", name="Gluteus maximus").wait_for()
    assert default.scene()["selected"] == "gluteus_maximus.right"
    assert default.page.evaluate("performance.getEntriesByName('ischia:first-frame').length") == 1
    assert default_page[1].asked == [files.default.file.as_uri()], "the page asks for nothing but itself"


def test_an_attachment_is_painted(default: Viewer) -> None:
    """Attachment areas lie in the file too, and come when something is selected."""
    default.show(selected="gluteus_medius.right", isolated=["hip_bone", "femur"], camera={"view": "right_lateral"})
    default.page.wait_for_function("() => eyes.survey(12).some((pick) => pick.footprint)", timeout=PATIENCE_MS)


def test_the_commonest_variant_is_in_it_and_others_say_that_they_are_not(default: Viewer) -> None:
    default.show(peel=2, camera={"view": "posterior"})
    before = default.outlines("common_fibular_division.right", (0, 0, 1), 0.0)
    panel = default.open_aside("Variants", "Nerve and piriformis")
    default.choose_variant("right", PIERCED)
    default.wait_for("scene.variant.right === 'B'").rest()
    after = default.outlines("common_fibular_division.right", (0, 0, 1), 0.0)
    assert abs(before.mean(axis=0) - after.mean(axis=0)).max() > 1, "the division lies elsewhere now"
    assert panel.get_by_text("Not in this").count() > 0


def test_a_trigger_point_with_its_pain_on_the_skin(default: Viewer) -> None:
    default.show(trigger={"id": "piriformis.1", "side": "right"})
    default.page.get_by_role("region", name="Trigger points", exact=True).wait_for()
    default.page.get_by_text("Felt by nearly all").wait_for()
    assert "skin" in default.rest().seen(step=20)


def test_credits_on_the_page(default: Viewer) -> None:
    default.page.get_by_role("region", name="Tools").get_by_role("button", name="More", exact=True).click()
    default.page.get_by_text("Credits and licences").first.click()
    dialog = default.page.get_by_role("dialog", name="Credits and licences")
    text = dialog.inner_text()
    for words in ("MPL-2.0", "https://github.com/musculoskeletal/models", "CC BY 4.0", "BSD-3-Clause", "three.js"):
        assert words in text, words


def test_every_variant_nerve_and_language_is_in_the_complete_file(complete: Viewer, files: Files) -> None:
    before = {side: complete.outlines(f"tibial_division.{side}", (0, 0, 1), 0.0) for side in ("right", "left")}
    complete.show(
        variant={"right": "F", "left": "both_above"}, language="de", shown=["inferior_gluteal_nerve.right"], peel=2
    )
    complete.page.locator('.ischia .frame[lang="de"], .ischia[lang="de"]').first.wait_for()
    complete.wait_for("stage.contours({ normal: [0, 0, 1], offset: 20 }, ['inferior_gluteal_nerve.right']).length > 0")
    for side, points in before.items():
        after = complete.outlines(f"tibial_division.{side}", (0, 0, 1), 0.0)
        assert abs(points.mean(axis=0) - after.mean(axis=0)).max() > 0.5, side
    assert "part/handout" in files.complete.parts
    assert not files.complete.left_out


def test_a_lesson_is_played_by_keys(default: Viewer) -> None:
    """One that the file brings, from the list to its second step, with its own scene."""
    page = default.page
    page.keyboard.press("e")
    panel = page.get_by_role("region", name="Lessons", exact=True)
    panel.locator('[data-lesson="what_attaches_where"]').press("Enter")
    first = panel.locator(".lesson-heading")
    expect(first).to_be_focused()
    title = first.inner_text()
    page.keyboard.press("PageDown")
    default.wait_for("scene.lesson?.step === 1").rest()
    expect(panel.locator(".lesson-heading")).not_to_have_text(title)
    page.keyboard.press("e")
    default.wait_for("scene.lesson === null")


def test_the_policy_names_each_script_and_nothing_else(files: Files, chromium: Browser) -> None:
    """Inline scripts by hash; what is not named does not run, nor is text evaluated."""
    text = files.default.file.read_text(encoding="utf-8")
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found is not None
    rules = dict(rule.split(" ", 1) for rule in found[1].split("; "))
    assert rules.pop("default-src") == "'none'"
    words = rules.pop("script-src").split()
    assert words[0] == "'wasm-unsafe-eval'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", word) for word in words[1:])
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules.pop("style-src"))
    assert rules == {"img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
    loader = text[text.index("<script>") + 8 :].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(loader.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in words
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(files.default.file.as_uri())
    # In a task of the page's own: what the debugger evaluates is not held to the policy.
    assert page.evaluate(
        """() => new Promise((done) => setTimeout(() => {
          const script = document.createElement('script');
          script.textContent = 'window.intruder = true';
          document.head.append(script);
          let evaluated = true;
          try { new Function('return 1')(); } catch { evaluated = false; }
          done({ evaluated, ran: window.intruder === true });
        }))"""
    ) == {"evaluated": False, "ran": False}
    context.close()


COURSE = """<!DOCTYPE html><title>Course</title><link rel="icon" href="data:,">
<iframe id="plain" width="640" height="480" src="default.html{fragment}"></iframe>
<iframe id="boxed" width="640" height="480" sandbox="allow-scripts" src="lesson.html"></iframe>
"""


def test_in_frames_of_a_course_page(chromium: Browser, default: Viewer, files: Files) -> None:
    """One frame begins with the scene in its address; the other, in a sandbox, has no storage and no origin."""
    default.show(peel=1, selected="piriformis.left", variant={"right": "B", "left": "A"})
    fragment = default.page.evaluate("location.hash")
    assert fragment.startswith("#scene=")
    folder = files.default.file.parent
    (folder / "course.html").write_text(COURSE.format(fragment=fragment), encoding="utf-8")
    watch = Alone()
    with serving(folder) as server:
        context = watch.over(chromium.new_context(**DESKTOP, reduced_motion="reduce"))
        page = context.new_page()
        page.goto(server.address("course.html"))
        frames = {frame.url.partition("#")[0].rpartition("/")[2]: frame for frame in page.frames[1:]}
        plain, boxed = frames["default.html"], frames["lesson.html"]
        for frame in (plain, boxed):
            frame.locator('.ischia[data-ready="true"]').wait_for(timeout=PATIENCE_MS)
        scene = scene_of(plain)
        assert (scene["selected"], scene["peel"]) == ("piriformis.left", 1)
        assert scene["variant"] == {"right": "B", "left": "A"}
        assert scene_of(boxed)["lesson"] == {"id": "variants", "step": 0}
        boxed.get_by_role("button", name="Next").first.click()
        boxed.wait_for_function("document.querySelector('.ischia').getScene().lesson.step === 1")
        assert (
            boxed.evaluate("() => { try { return localStorage.length } catch { return 'forbidden' } }") == "forbidden"
        )
        context.close()
    assert sorted(name.rpartition("/")[2] for name in watch.asked) == ["course.html", "default.html", "lesson.html"]
    watch.judge()


def scene_of(frame: Frame) -> dict[str, object]:
    found: dict[str, object] = frame.evaluate("document.querySelector('.ischia').getScene()")
    return found


def test_what_a_scene_shows_is_in_its_file(built_atlas: BuiltAtlas, files: Files, tmp_path: Path) -> None:
    """The variants and nerves of the scene, and of a lesson, and no more."""
    scene = Scene(variant=Variants(right="E", left="A"), shown=["inferior_gluteal_nerve"])
    made = export_html(tmp_path / "e.html", scene, atlas=built_atlas)
    held = {name for name in made.parts if "variant" in name or "nerves" in name}
    assert {re.sub(r"-[0-9a-f]{8}\.glb|file/", "", name) for name in held} == {
        "nerves", "variant-B-left", "variant-B-right", "variant-E-left", "variant-E-right",
    }  # fmt: skip
    assert len([name for name in files.lesson.parts if "variant" in name]) > len(held)
