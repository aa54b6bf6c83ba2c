"""What a person can do to a scene, as functions from one scene to the next: the page's rules (`scene/actions.ts`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from viewer.scene import Cut, Scene
from viewer.visibility import Entry, Kin, layer, names, present_layers, visible

PLANES: dict[str, tuple[float, float, float]] = {
    "sagittal": (1.0, 0.0, 0.0),
    "coronal": (0.0, 1.0, 0.0),
    "axial": (0.0, 0.0, 1.0),
}
"""Normals of the planes of the body, LPS: what lies to the left, behind and above is taken away."""


@dataclass(frozen=True)
class Coming:
    """A structure that is still to be made, and is out of sight until it is asked for."""

    id: str
    structure: str
    side: str
    shown: bool = False


@dataclass(frozen=True)
class Body:
    """What the rules need to know of a body.

    entries : its structures by sided id
    layers : the catalogue's layers, outermost first
    annotated : annotation of each structure by its unsided id
    """

    entries: Mapping[str, Entry]
    layers: list[str]
    annotated: Mapping[str, Kin]

    def members(self, wanted: Iterable[str]) -> list[str]:
        """Sided ids that names stand for: themselves, both sides, and everything that is part of them."""
        asked = set(wanted)
        return [entry.id for entry in self.entries.values() if asked & set(names(entry, self.annotated))]

    def visible(self, scene: Scene) -> set[str]:
        """Sided ids that a scene shows."""
        return visible(scene, list(self.entries.values()), self.layers, self.annotated)


def shown(scene: Scene, wanted: Iterable[str], body: Body) -> Scene:
    """These structures brought into sight, however deep they lie under what is peeled, hidden or left out."""
    members = body.members(wanted)
    following = scene.model_copy(update={"hidden": _without(scene.hidden, members, body)})
    seen = body.visible(following)
    missing = [name for name in members if name not in seen]
    field = "isolated" if scene.isolated else "shown"
    return following.model_copy(update={field: _union(getattr(scene, field), missing)})


def hidden(scene: Scene, unwanted: Iterable[str], body: Body) -> Scene:
    """These structures put out of sight."""
    members = body.members(unwanted)
    following = scene.model_copy(update={"shown": _without(scene.shown, members, body)})
    if scene.isolated:
        isolated = _without(scene.isolated, members, body)
        if isolated:  # an empty list would mean "not isolated" and bring everything back
            return following.model_copy(update={"isolated": isolated})
    seen = body.visible(following)
    return following.model_copy(update={"hidden": _union(scene.hidden, [name for name in members if name in seen])})


def isolated(scene: Scene, wanted: Iterable[str], body: Body) -> Scene:
    """Only these structures and their parts; with none, all that was there before."""
    wanted = list(wanted)
    return scene.model_copy(update={"isolated": wanted, "hidden": _without(scene.hidden, body.members(wanted), body)})


def faded(scene: Scene, wanted: Iterable[str], opacity: float, body: Body) -> Scene:
    """These structures as see-through as said: 0 to 1."""
    members = body.members(wanted)
    kept = {name: value for name, value in scene.opacity.items() if name not in members}
    return scene.model_copy(update={"opacity": {**kept, **dict.fromkeys(members, opacity)}})


def peeled(scene: Scene, depth: int, body: Body) -> Scene:
    """The outermost layers taken off; what was brought back by hand is forgotten once its layer is on again."""
    steps = present_layers(body.entries.values(), body.layers, body.annotated)
    depth = max(0, min(depth, len(steps) - 1))
    left = body.layers.index(steps[depth]) if steps else -1

    def off(entry: Entry) -> bool:
        own = layer(entry.structure, body.annotated)
        return depth > 0 and own in body.layers and body.layers.index(own) < left

    def needed(name: str) -> bool:
        entries = [body.entries[member] for member in body.members([name])]
        return not entries or any(off(entry) if entry.shown else not off(entry) for entry in entries)

    kept = [name for name in scene.shown if needed(name)]
    return scene.model_copy(update={"peel": depth, "isolated": [], "shown": kept})


def cut_by(plane: str | None, at: float, normal: Iterable[float] | None) -> Cut | None:
    """A cutting plane by its name or its normal (LPS), `at` mm from the origin along it; None for no plane."""
    if normal is not None:
        x, y, z = (float(value) for value in normal)
        length = (x * x + y * y + z * z) ** 0.5
        if not length > 0:
            raise ValueError("normal: a direction has a length; (0, 0, 0) has none.")
        return Cut(normal=(x / length, y / length, z / length), offset=at)
    return None if plane is None else Cut(normal=PLANES[plane], offset=at)


def changed(scene: Scene, fields: Mapping[str, Any]) -> Scene:
    """The scene with some fields set anew, checked. Raises SceneError naming the field and what is allowed."""
    return Scene.parse(scene.model_dump(mode="json") | dict(fields))


def _without(listed: Iterable[str], gone: Iterable[str], body: Body) -> list[str]:
    """The same names without these members: a name that stood for some of them is replaced by the rest of them."""
    gone = set(gone)

    def rest() -> Iterator[str]:
        for name in listed:
            members = body.members([name])
            if gone.isdisjoint(members):
                yield name
            else:
                yield from (member for member in members if member not in gone)

    return list(rest())


def _union(listed: Iterable[str], more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*listed, *more]))
