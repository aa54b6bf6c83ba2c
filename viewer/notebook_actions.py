"""What one can tell a widget to show, each as a method that gives the widget back: `p.peel(2).select("piriformis")`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from viewer import notebook_scene as rules
from viewer.errors import SceneError, suggestion
from viewer.scene import Scene

if TYPE_CHECKING:
    from viewer.notebook_atlas import OpenAtlas


class Actions:
    """The verbs of `Pelvis`. Each checks the names it is given; if one is wrong it raises SceneError, with the nearest
    right ones, and nothing changes.
    """

    _atlas: OpenAtlas
    scene: Any

    # --- structures ---

    def show(self, *names: str) -> Self:
        """Bring structures into sight, however deep they lie: `show("piriformis", "sciatic_nerve")`.

        names : ids such as `piriformis.right`; without a side both sides are meant. With none, everything.
        """
        if not names:
            return self._become(self.scene.model_copy(update={"hidden": [], "isolated": [], "peel": 0, "opacity": {}}))
        return self._become(rules.shown(self.scene, self._checked(names), self._body))

    def hide(self, *names: str) -> Self:
        """Put structures out of sight: `hide("gluteus_maximus.right")`."""
        return self._become(rules.hidden(self.scene, self._checked(names), self._body))

    def isolate(self, *names: str) -> Self:
        """Show only these structures: `isolate("piriformis", "sacrum", "femur")`; with none, all others again."""
        return self._become(rules.isolated(self.scene, self._checked(names), self._body))

    def fade(self, *names: str, opacity: float = 0.25, on: bool = True) -> Self:
        """Make structures see-through: `fade("gluteus_maximus", opacity=0.3)`; opacity 1 makes them solid again.

        Without names everything but the selection recedes; `fade(on=False)` takes that back.
        """
        if not names:
            return self.set(fade_others=on)
        faded = rules.faded(self.scene, self._checked(names), opacity, self._body)
        return self._become(rules.changed(faded, {}))

    def peel(self, layers: int) -> Self:
        """Take off the outermost layers: `peel(2)`; `peel(0)` puts all back."""
        if not isinstance(layers, int) or layers < 0:
            raise SceneError(f"peel: the number of layers is a whole one from 0 on, and it is {layers!r}.")
        return self._become(rules.peeled(self.scene, layers, self._body))

    def select(self, name: str | None) -> Self:
        """Select a structure, as a click does: `select("piriformis.right")`; None clears the selection."""
        if name is not None:
            self._checked([name])
        return self.set(selected=name)

    # --- variants, pain, lessons ---

    def variant(self, right: str | None = None, left: str | None = None) -> Self:
        """Choose how sciatic nerve and piriformis lie together: `variant(right="B")`; None leaves a side as it is.

        The ids are the keys of `p.variants`: `A` to `F`, and names for those without a letter.
        """
        return self.set(variant=self._sides(right, left, self.scene.variant.model_dump()))

    def compare(self, right: str | None = None, left: str | None = None) -> Self:
        """Show a second picture beside the first, with other variants: `compare(right="B")`. `compare()` ends it."""
        if right is None and left is None:
            return self.set(compare=None)
        return self.set(compare=self._sides(right, left, self.scene.variant.model_dump()))

    def trigger_point(
        self, name: str | None, side: str = "right", *, on: str | None = None, ball: str | None = None
    ) -> Self:
        """Show a trigger point and where its pain is felt: `trigger_point("piriformis.1", side="left")`; None: none.

        name : a key of `p.trigger_points`
        on : where the pain is stippled, `skin` or `muscle` (what lies beneath)
        ball : `tennis_ball`, `lacrosse_ball` or `roller`, set into the skin where the point may be pressed
        """
        if name is None:
            return self.set(trigger=None, ball=None)
        fields: dict[str, Any] = {"trigger": {"id": name, "side": side}, "ball": ball}
        return self.set(**fields, **({} if on is None else {"stipple": on}))

    def lesson(self, name: str | None, step: int = 0) -> Self:
        """Play a lesson from a step on: `lesson("variants")`; None ends it."""
        return self.set(lesson=None if name is None else {"id": name, "step": step})

    # --- camera and planes ---

    def view(self, name: str) -> Self:
        """Look from a named view: `view("posterior")`; see `p.views`. A view that needs a cut brings it along."""
        from viewer.camera import with_view

        views = self._atlas.catalogue.views
        if name not in views:
            raise SceneError(f'There is no view "{name}".{suggestion(name, views)} There are: {", ".join(views)}.')
        return self._become(with_view(self.scene, name, self._atlas.catalogue))

    def cut(self, plane: str | None = None, at: float = 0.0, *, normal: Iterable[float] | None = None) -> Self:
        """Cut the body with a plane: `cut("sagittal", at=20)`, `cut(normal=(1, 0, 1))`. `cut()` takes it back.

        plane : `sagittal`, `coronal` or `axial`: what lies to the left, behind or above it is taken away
        normal : LPS direction to the side that is taken away, in place of a named plane
        at : mm from the origin (midway between the hip joints) along the normal
        """
        if plane is not None and normal is None and plane not in rules.PLANES:
            there_are = ", ".join(rules.PLANES)
            raise SceneError(f'There is no plane "{plane}".{suggestion(plane, rules.PLANES)} There are: {there_are}.')
        try:
            cut = rules.cut_by(plane, at, normal)
        except (TypeError, ValueError) as error:
            raise SceneError(f"cut: {error}") from error
        return self.set(cut=None if cut is None else cut.model_dump(), section=None)

    def section(self, along: str | None = None, side: str = "right", at: float = 0.5) -> Self:
        """Cut across the sciatic nerve or piriformis: `section("nerve", at=0.3)`. `section()` takes it back.

        along : `nerve` or `piriformis`
        at : 0 to 1, from the roots to the thigh, or from the sacrum to the femur
        """
        return self.set(section=None if along is None else {"along": along, "side": side, "at": at}, cut=None)

    # --- words and looks ---

    def language(self, code: str) -> Self:
        """Language of names and texts in the viewer: `language("de")`."""
        return self.set(language=code)

    def labels(self, which: str = "all", names: str | None = None) -> Self:
        """Label structures: `all`, `selected` or `none`, with `english` (in the chosen language), `latin` or `both`."""
        return self.set(labels=which, **({} if names is None else {"names": names}))

    def theme(self, name: str) -> Self:
        """Colours: `auto` (as the notebook), `light`, `dark` or `contrast`."""
        return self.set(theme=name)

    # --- the whole ---

    def set(self, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Self:
        """Set any fields of the scene: `set(footprints="all", heat=True)`; `ischia.Scene` tells what there are."""
        return self._become(rules.changed(self.scene, {**(fields or {}), **more}))

    def reset(self) -> Self:
        """Begin anew with the picture that a first visitor sees, in the same language and colours."""
        kept = {name: getattr(self.scene, name) for name in ("theme", "names", "language", "atlas")}
        return self._become(Scene(**kept))

    # --- underneath ---

    def _become(self, scene: Scene) -> Self:
        self.scene = scene
        return self

    @property
    def _body(self) -> rules.Body:
        catalogue, entries = self._atlas.catalogue, self._atlas.entries
        known = {
            name: entry if hasattr(entry, "shown") else rules.Coming(entry.id, entry.structure, entry.side)
            for name, entry in entries.items()
        }
        return rules.Body(known, [layer.id for layer in catalogue.layers], catalogue.structures)

    def _checked(self, names: Iterable[str]) -> list[str]:
        """The names, if all are known. Raises SceneError that says of each which is meant."""
        listed = list(names)
        known = self._atlas.known.structures
        wrong = [
            f'There is no structure "{name}".{suggestion(str(name), known)}' for name in listed if name not in known
        ]
        if wrong:
            raise SceneError("\n".join(wrong))
        return listed

    def _sides(self, right: str | None, left: str | None, now: dict[str, str]) -> dict[str, str]:
        asked = {"right": right, "left": left}
        return now | {side: variant for side, variant in asked.items() if variant is not None}
