"""What a scene lets be seen: one rule, the same in Python and in the page (`viewer/web/src`), tested on the same cases.

The rule, for each structure of an atlas, in this order:

1. **Names.** An id in `hidden`, `shown`, `isolated` or `opacity` names that structure and everything that is part of it
   (`sciatic_nerve.right` names `tibial_division.right` too). An id without a side names both sides.
2. **Hidden wins.** What `hidden` names is not visible, whatever else is said of it.
3. **Isolated.** If `isolated` is not empty, exactly what it names (and `hidden` does not) is visible; peel and
   `shown` are not asked.
4. **Shown.** What `shown` names is visible, though it be peeled off or out of sight by default. So is, while a trigger
   point is on, the muscle that it lies in, and the skin that its pain is stippled on.
5. **Default.** What the atlas does not call `shown` (skin, small nerves) is out of sight until it is asked for.
6. **Peel.** `peel: n` takes off the n outermost of the catalogue's layers *in which something is seen by default*: what
   comes later (skin, small nerves) shifts no step. The innermost of these layers is never taken off. A structure
   without a layer of its own has that of what it is part of; one without any layer is never peeled.

Opacity is another question than visibility: the nearest name wins (its own sided id, then its unsided id, then what
it is part of, upwards). `fade_others` multiplies the opacity of everything that the selection does not name by
`FADED`; with no selection it does nothing. A bone or ligament that carries a painted footprint fades like the rest.

`focus` looks at piriformis, the sciatic nerve and its plexus: these and the bones they are seen against are visible
however much is peeled off (unless hidden by name, or others are isolated), and `RECEDED` multiplies the opacity of all
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from viewer.scene import Scene

FADED = 0.15
"""Factor on the opacity of what is not selected, when `fade_others` is on."""

SUBJECTS = frozenset({"piriformis", "sciatic_nerve", "sacral_plexus"})
"""What focus looks at."""
AGAINST = frozenset({"sacrum", "hip_bone", "femur"})
"""The bones that it is seen against."""
RECEDED = 0.07
"""Factor on the opacity of all else while focus is on."""


class Entry(Protocol):
    """What the rule needs to know of one structure of an atlas (`meshes.atlas.StructureEntry` has it)."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def structure(self) -> str: ...  # noqa: D102
    @property
    def side(self) -> str: ...  # noqa: D102
    @property
    def shown(self) -> bool: ...  # noqa: D102


class Kin(Protocol):
    """What the rule needs to know of one structure's annotation (an entry of the catalogue has it)."""

    @property
    def layer(self) -> str | None: ...  # noqa: D102
    @property
    def part_of(self) -> str | None: ...  # noqa: D102


def lineage(structure: str, annotated: Mapping[str, Kin]) -> Iterator[str]:
    """The structure, then what it is part of, and so on upwards (unsided ids)."""
    seen: set[str] = set()
    current: str | None = structure
    while current is not None and current not in seen:
        yield current
        seen.add(current)
        kin = annotated.get(current)
        current = kin.part_of if kin else None


def names(entry: Entry, annotated: Mapping[str, Kin]) -> list[str]:
    """All ids that name this structure, the nearest first: its own sided id, its unsided id, then its ancestors'."""
    found: list[str] = []
    for structure in lineage(entry.structure, annotated):
        if entry.side != "midline":
            found.append(f"{structure}.{entry.side}")
        found.append(structure)
    return found


def layer(structure: str, annotated: Mapping[str, Kin]) -> str | None:
    """Layer of a structure: its own, or the nearest of what it is part of; None if there is none."""
    for ancestor in lineage(structure, annotated):
        kin = annotated.get(ancestor)
        if kin is not None and kin.layer is not None:
            return kin.layer
    return None


def present_layers(entries: Iterable[Entry], layers: Iterable[str], annotated: Mapping[str, Kin]) -> list[str]:
    """The catalogue's layers that have anything in sight by default, outermost first: the steps of the peel slider."""
    used = {layer(entry.structure, annotated) for entry in entries if entry.shown}
    return [name for name in layers if name in used]


def visible(scene: Scene, entries: Sequence[Entry], layers: list[str], annotated: Mapping[str, Kin]) -> set[str]:
    """Sided ids of the structures that the scene shows.

    entries : the structures of the atlas
    layers : layer ids, outermost first
    annotated : annotation of each structure by its unsided id
    """
    present = present_layers(entries, layers, annotated)
    shown = {*scene.shown, *of_trigger(scene)}
    peeled = set(present[: min(scene.peel, max(len(present) - 1, 0))])
    found: set[str] = set()
    for entry in entries:
        own = set(names(entry, annotated))
        if own & set(scene.hidden):
            continue
        if scene.isolated:
            seen = bool(own & set(scene.isolated))
        elif own & shown or (scene.focus and keeps_focus(entry, annotated)):
            seen = True
        else:
            seen = entry.shown and layer(entry.structure, annotated) not in peeled
        if seen:
            found.add(entry.id)
    return found


def of_trigger(scene: Scene) -> Iterator[str]:
    """The sided ids that the scene's trigger point brings into sight: its muscle, and the skin if it is stippled."""
    if scene.trigger is not None:
        yield f"{scene.trigger.id.partition('.')[0]}.{scene.trigger.side}"
        if scene.stipple == "skin":
            yield "skin"


def opacity(scene: Scene, entry: Entry, annotated: Mapping[str, Kin]) -> float:
    """Opacity of one structure, 0 to 1, with `fade_others` in it."""
    own = names(entry, annotated)
    value = next((scene.opacity[name] for name in own if name in scene.opacity), 1.0)
    faded = scene.fade_others and scene.selected is not None and scene.selected not in own
    receding = scene.focus and not keeps_focus(entry, annotated)
    return value * (FADED if faded else 1.0) * (RECEDED if receding else 1.0)


def keeps_focus(entry: Entry, annotated: Mapping[str, Kin]) -> bool:
    """Whether focus leaves a structure as it is."""
    return bool((SUBJECTS | AGAINST) & set(lineage(entry.structure, annotated)))
