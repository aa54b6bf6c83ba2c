"""390 pixels wide, and fingers."""

from __future__ import annotations

import math

from .driver import Viewer, around, is_muscle_red

WIDTH, TARGET = 390, 44

# Every element of the page, those in shadow roots too.
ALL = """const all = (root) => [...root.querySelectorAll('*')]
  .flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);"""


def small_targets(viewer: Viewer) -> list[str]:
    """Controls that a finger must hit and that are smaller than 44 × 44 pixels (their label counts)."""
    found: list[str] = viewer.page.evaluate(
        f"""(least) => {{ {ALL}
          return all(document).filter((e) => e.matches('button, a[href], input, [role="treeitem"]'))
            .filter((e) => e.checkVisibility())
            .filter((e) => !e.closest('[aria-hidden="true"]'))
            .filter((e) => !e.matches('p a, li a, p button, li button, dd button, .link'))  // within a line of text
            .map((e) => ({{ e, box: (e.closest('label') ?? e).getBoundingClientRect() }}))
            .filter(({{ e, box }}) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
            .map(({{ e, box }}) => `${{e.getAttribute('aria-label') ?? e.innerText ?? e.type}} `
              + `${{Math.round(box.width)}} x ${{Math.round(box.height)}}`);
        }}""",
        TARGET,
    )
    return found


def overflow(viewer: Viewer) -> float:
    """How far anything that can be scrolled sideways, or the page itself, is wider than the screen."""
    found: float = viewer.page.evaluate(
        f"""() => {{ {ALL}
          const boxes = all(document).filter((e) => e.checkVisibility())
            .filter((e) => !e.closest('svg, .unseen, .stage, #ischia-roots')).map((e) => e.getBoundingClientRect())
            .filter(({{ width, height }}) => width > 1 && height > 1);
          return Math.max(document.documentElement.scrollWidth, ...boxes.map((box) => box.right)) - innerWidth;
        }}"""
    )
    return found


def test_nothing_sticks_out_and_thumbs_hit_what_they_aim_at(phone: Viewer) -> None:
    bar = phone.page.get_by_role("navigation", name="Tools")
    assert overflow(phone) <= 0
    assert small_targets(phone) == []
    for sheet in ("Structures", "Peel", "Views", "Tools"):
        bar.get_by_role("button", name=sheet).tap()
        region = phone.page.get_by_role("region", name=sheet if sheet != "Views" else "Camera views")
        region.wait_for()
        assert overflow(phone) <= 0, sheet
        assert small_targets(phone) == [], sheet
        box = region.bounding_box()
        assert box is not None
        assert box["x"] <= 1
        assert box["width"] >= WIDTH - 2
        assert box["y"] > 200, f"the sheet {sheet} leaves too little of the picture"
        phone.page.keyboard.press("Escape")
        region.wait_for(state="detached")


def test_the_body_fits_into_the_narrow_picture(phone: Viewer) -> None:
    picks = phone.picks(step=8)
    assert min(pick["x"] for pick in picks) > 4
    assert max(pick["x"] for pick in picks) < WIDTH - 4
    assert is_muscle_red(around(phone.picture(), phone.spot("gluteus_maximus.right"), 2))
    assert {"gluteus_maximus.right", "gluteus_maximus.left", "sacrum"} <= phone.seen(8)


def test_a_tap_selects_and_the_details_come_from_below(phone: Viewer) -> None:
    phone.page.touchscreen.tap(*phone.spot("gluteus_maximus.right"))
    phone.wait_for("scene.selected === 'gluteus_maximus.right'")
    sheet = phone.page.get_by_role("region", name="Details")
    sheet.get_by_role("heading", name="Gluteus maximus").wait_for()
    assert overflow(phone) <= 0
    assert small_targets(phone) == []
    phone.rest()
    box = sheet.bounding_box()
    assert box is not None
    assert phone.spot("gluteus_maximus.right")[1] < box["y"], "the picture does not make room for the sheet"
    sheet.get_by_role("button", name="Close the card").tap()
    phone.wait_for("scene.selected === null")


def test_peeling_from_its_sheet(phone: Viewer) -> None:
    phone.page.get_by_role("navigation", name="Tools").get_by_role("button", name="Peel").tap()
    sheet = phone.page.get_by_role("region", name="Peel")
    sheet.get_by_role("slider", name="Peel").press("ArrowRight")
    phone.wait_for("scene.peel > 0").rest()
    assert "gluteus_maximus.right" not in phone.seen(8)


def test_one_finger_turns(phone: Viewer) -> None:
    x, y = phone.spot("gluteus_maximus.right")
    before = phone.camera()["position"]
    session = phone.page.context.new_cdp_session(phone.page)

    def touch(kind: str, points: list[tuple[float, float]]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    touch("touchStart", [(x, y)])
    for step in range(1, 5):
        touch("touchMove", [(x - 25 * step, y)])
    touch("touchEnd", [])
    phone.wait_for("scene.camera.view === null").rest()
    assert abs(phone.camera()["position"][0] - before[0]) > 60

    before = phone.camera()
    touch("touchStart", [(170, 350), (220, 350)])
    for step in range(1, 5):
        touch("touchMove", [(170 - 15 * step, 350), (220 + 15 * step, 350)])
    touch("touchEnd", [])
    phone.rest()

    def distance(pose: dict[str, list[float]]) -> float:
        return math.dist(pose["position"], pose["target"])

    assert distance(phone.camera()) < 0.6 * distance(before), "two fingers do not zoom"
    session.detach()
