"""The hands and eyes of the browser tests: what a person does on the page, and what is then to be seen there.

Every wait is for a state of the page, never for a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page

Points = NDArray[np.float64]
Pixels = NDArray[np.uint8]
"""A picture: (rows, columns, 3), red, green and blue from 0 to 255; one pixel of it is one CSS pixel."""

PATIENCE_MS = 60_000
GROWING_MS = 420_000

# Put into every page before its own scripts. `resting` says that the picture on screen is the last one of the scene.
EYES = """
window.eyes = {
  get root() { return document.querySelector('.ischia'); },
  get stage() { return this.root?.stage ?? null; },
  get scene() { return this.root.getScene(); },
  deep(x, y) {
    let top = document.elementFromPoint(x, y);
    while (top?.shadowRoot) {
      const inner = top.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === top) break;
      top = inner;
    }
    return top;
  },
  get focus() {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  },
  get growth() { return this.root?.shadowRoot.querySelector('.picture')?.dataset.growth; },
  get resting() { return this.root?.dataset.ready === 'true' && (this.stage === null || this.stage.resting); },
  at(x, y) {
    const box = this.stage.canvas.getBoundingClientRect();
    return this.stage.pick(x - box.left, y - box.top);
  },
  // Points of the window where a pick finds what is wanted, on a grid with this step, panels left out.
  *points(step, wanted) {
    const { stage } = this, box = stage.canvas.getBoundingClientRect();
    for (let y = box.top + step / 2; y < box.bottom; y += step)
      for (let x = box.left + step / 2; x < box.right; x += step) {
        const pick = stage.pick(x - box.left, y - box.top);
        if (pick && wanted(pick) && this.deep(x, y) === stage.canvas) yield { ...pick, x, y };
      }
  },
  survey(step) { return [...this.points(step, () => true)]; },
  // Ids of all that is picked at such points; once is enough of each.
  seen(step) {
    const names = new Set();
    for (const { id } of this.points(step, ({ id }) => !names.has(id))) names.add(id);
    return [...names];
  },
  // Of these points those at which the structure is picked, and `margin` pixels beside them too.
  inside(name, step, margin) {
    const around = [[-margin, 0], [margin, 0], [0, -margin], [0, margin]];
    return [...this.points(step, ({ id }) => id === name)]
      .filter(({ x, y }) => around.every(([dx, dy]) => this.at(x + dx, y + dy)?.id === name))
      .map(({ x, y }) => [x, y]);
  },
};
"""


class Viewer:
    """A page with the viewer in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tree = page.get_by_role("tree", name="Structures", exact=True)
        self.results = page.get_by_role("tree", name="Structures found")
        self.search = page.get_by_role("searchbox")
        self.card = page.get_by_role("article")
        self.spoken = page.locator("[data-spoken]")

    # --- opening ---

    def open(self, address: str) -> Viewer:
        self.page.goto(address)
        return self.ready()

    def ready(self) -> Viewer:
        """Wait for the first picture."""
        self.page.locator('.ischia[data-ready="true"]').wait_for(timeout=PATIENCE_MS)
        return self.rest()

    def linked(self) -> Viewer:
        """Wait until Python is linked to the page."""
        self.page.locator('html[data-linked="true"]').wait_for(state="attached", timeout=PATIENCE_MS)
        return self

    # --- waiting ---

    def wait_for(self, condition: str, argument: Any = None) -> Viewer:
        """Wait for a condition in JavaScript on `scene`, `stage` and `argument`."""
        body = f"(argument) => {{ const {{ scene, stage }} = eyes; return {condition}; }}"
        self.page.wait_for_function(body, arg=argument, timeout=PATIENCE_MS)
        return self

    def rest(self) -> Viewer:
        """Wait until the picture on screen is the last one of the scene as it is."""
        two_frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        self.page.evaluate(f"() => {two_frames}")  # the page hands a change on in the next frame
        self.page.wait_for_function("() => eyes.resting", timeout=PATIENCE_MS)
        return self

    # --- the scene ---

    def scene(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("eyes.scene")
        return found

    def show(self, **fields: Any) -> Viewer:
        """Show this scene (fields left out take their default) and wait until it is drawn."""
        self.page.evaluate("(scene) => eyes.root.setScene(scene)", fields)
        return self.rest()

    def camera(self) -> dict[str, Any]:
        """Pose of the eye as it is now: position, target, up (LPS, mm), fieldOfView (degrees)."""
        found: dict[str, Any] = self.page.evaluate("eyes.stage.camera")
        return found

    # --- what is seen ---

    def picks(self, step: int = 10) -> list[dict[str, Any]]:
        """What picks find on a grid over the free part of the picture: id, part, footprint, point (LPS mm), x, y."""
        found: list[dict[str, Any]] = self.page.evaluate("(step) => eyes.survey(step)", step)
        return found

    def pick(self, spot: tuple[float, float]) -> dict[str, Any]:
        """What a pick finds at one point of the window."""
        found: dict[str, Any] | None = self.page.evaluate("([x, y]) => eyes.at(x, y)", list(spot))
        assert found is not None, f"nothing lies at {spot}"
        return found

    def seen(self, step: int = 10) -> set[str]:
        """Sided ids of the structures that lie in front somewhere in the free part of the picture."""
        return set(self.page.evaluate("(step) => eyes.seen(step)", step))

    def spots(self, name: str, step: int = 12) -> list[tuple[float, float]]:
        """Points of the window where this structure lies in front, and no other within 5 pixels."""
        found: list[tuple[float, float]] = self.page.evaluate(
            "([name, step]) => eyes.inside(name, step, 5)", [name, step]
        )
        return [(x, y) for x, y in found]

    def spot(self, name: str) -> tuple[float, float]:
        """A point well inside what is seen of a structure: the one of `spots` nearest to their middle."""
        spots = self.spots(name) or self.spots(name, step=5)
        assert spots, f"{name} lies in front nowhere in the picture"
        points = np.array(spots)
        nearest = int(np.argmin(np.linalg.norm(points - np.median(points, axis=0), axis=1)))
        return spots[nearest]

    def empty_spot(self) -> tuple[float, float]:
        """A point of the free picture with nothing of the body near it."""
        found: list[float] | None = self.page.evaluate(
            """() => {
              const { stage } = eyes, box = stage.canvas.getBoundingClientRect();
              const free = (x, y) => eyes.deep(x, y) === stage.canvas && !stage.pick(x - box.left, y - box.top);
              for (let y = box.top + 30; y < box.bottom; y += 15) for (let x = box.left + 30; x < box.right; x += 15)
                if ([[0, 0], [-20, 0], [20, 0], [0, -20], [0, 20]].every(([a, b]) => free(x + a, y + b))) return [x, y];
              return null;
            }"""
        )
        assert found is not None, "the body fills the whole picture"
        return found[0], found[1]

    def project(self, point: Iterable[float]) -> tuple[float, float]:
        """Where a point (LPS mm) is in the window."""
        found = self.page.evaluate(
            """(point) => { const box = eyes.stage.canvas.getBoundingClientRect(), at = eyes.stage.project(point);
              return [at.x + box.left, at.y + box.top]; }""",
            list(point),
        )
        return found[0], found[1]

    def picture(self) -> Pixels:
        """What the window shows."""
        shot = self.page.screenshot(scale="css", timeout=PATIENCE_MS)
        return np.asarray(Image.open(BytesIO(shot)).convert("RGB"))

    def shot(self, name: str, folder: Path) -> None:
        """Keep a picture of the window for people to look at."""
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", timeout=PATIENCE_MS)

    # --- hands ---

    def click(self, spot: tuple[float, float]) -> None:
        self.page.mouse.click(*spot)

    def row(self, name: str) -> Locator:
        """The row of a structure in the tree, by its name in the scene."""
        return self.tree.locator(f'[role="treeitem"][data-name="{name}"]')

    def open_tool(self, label: str) -> Locator:
        """Open one of the dock's panels and give it back."""
        self.page.get_by_role("region", name="Tools").get_by_role("button", name=label, exact=True).click()
        panel = self.page.get_by_role("dialog")
        panel.wait_for()
        return panel

    def open_aside(self, label: str, title: str) -> Locator:
        """Open one of the panels that take the card's place, and give it back."""
        self.page.get_by_role("region", name="Tools").get_by_role("button", name=label, exact=True).click()
        panel = self.page.get_by_role("region", name=title, exact=True)
        panel.wait_for()
        return panel

    def grown(self) -> Viewer:
        """Wait until all that is made after the atlas is there: variants, skin, small nerves."""
        self.page.wait_for_function("() => eyes.growth === 'ready'", timeout=GROWING_MS)
        return self

    def choose_variant(self, side: str, name: str) -> Viewer:
        """Choose a variant in the open panel, for `right`, `left` or `both`."""
        alike = self.page.get_by_role("switch", name="Both sides the same")
        if alike.is_checked() != (side == "both"):
            alike.locator("xpath=ancestor::label").click()
        if side != "both":
            self.page.get_by_role("radio", name=side.capitalize(), exact=True).check(force=True)
        self.page.get_by_role("radio", name=name).first.check(force=True)
        return self

    # --- geometry ---

    def outlines(self, part: str, normal: Iterable[float], offset: float) -> Points:
        """(n, 3) points, LPS mm, in which a plane meets the edges of a part as it stands on the stage."""
        found = self.page.evaluate(
            """([part, normal, offset]) => eyes.stage.contours({ normal, offset }, [part.split('/')[0]])
              .filter((one) => one.part === part).flatMap((one) => [...one.points])""",
            [part, list(normal), offset],
        )
        return np.array(found, float).reshape(-1, 3)

    def document(self, name: str) -> tuple[dict[str, Any], str]:
        """One of the documents that the page has fetched (`atlas.json`, `later.json`), and its folder's address."""
        address: str = self.page.evaluate(
            """(name) => performance.getEntriesByType('resource').map((one) => one.name)
              .find((one) => one.endsWith('/' + name))""",
            name,
        )
        return self.page.request.get(address).json(), address.removesuffix(name)

    def reset(self) -> Viewer:
        """The scene that a first visitor sees, with nothing open, typed, or under the pointer."""
        self.page.mouse.move(2, 2)
        for _ in range(6):  # a dialog, a panel, a selection, a comparison, focus
            self.page.keyboard.press("Escape")
        if self.search.count() and self.search.input_value():
            self.search.fill("")
        self.page.evaluate("() => { eyes.focus?.blur(); eyes.root.setNotice(null); eyes.root.setScene({}); }")
        return self.rest()


def around(picture: Pixels, spot: tuple[float, float], reach: int = 4) -> tuple[int, int, int]:
    """The median colour of the pixels around a point."""
    x, y = round(spot[0]), round(spot[1])
    patch = picture[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].reshape(-1, 3)
    red, green, blue = (int(value) for value in np.median(patch, axis=0))
    return red, green, blue


def is_muscle_red(colour: tuple[int, int, int]) -> bool:
    red, green, blue = colour
    return red > 1.5 * green and red > 1.5 * blue


def is_bone(colour: tuple[int, int, int]) -> bool:
    """Ivory: warm, little saturated."""
    red, green, blue = colour
    return red >= green >= blue and green > 0.7 * red and blue < 0.97 * red


def share_changed(before: Pixels, after: Pixels, threshold: int = 24) -> float:
    """Share of the pixels, 0 to 1, in which two pictures clearly differ."""
    apart = np.abs(before.astype(np.int16) - after.astype(np.int16)).max(axis=2)
    return float((apart > threshold).mean())
