"""Which bone a surface without a telling name is, by its size and shape; whether a bone with a name is that bone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.spatial import cKDTree

from meshes.importing.frame import KEPT, LONG, Floats, Frame, extents, template
from meshes.shape_fit import UNITS

LIKE = 0.16
"""How far each extent of a bone may be from the template's, as a share of it, for a bone that has no name."""
NEAR = 9.0
"""mm from the template, on average, within which a nameless surface is taken for that bone."""
FAR = 25.0
"""mm beyond which a surface is not the bone that its name says."""


def by_size(surfaces: Mapping[str, Floats]) -> dict[str, str]:
    """Sided ids of bones for surfaces of unknown unit and place, by their extents; which side is right is a guess.

    surfaces : (n, 3) points by any key. A surface that is like no bone, or of which there are too many, gets none.
    """
    best: dict[str, str] = {}
    for mm in UNITS.values():
        found = {key: stem for key, points in surfaces.items() if (stem := _stem(extents(points) * mm))}
        if len(found) > len(best):
            best = found
    return _sided(best, surfaces)


def _stem(size: Floats) -> str | None:
    """The bone that has these extents, mm."""
    stems = sorted({name.split(".")[0] for name in template()})
    apart = {}
    for stem in stems:
        usual = extents(template()[stem if stem in template() else f"{stem}.right"])
        apart[stem] = float(np.abs(size / usual - 1).max())
    stem = min(apart, key=lambda name: apart[name])
    return stem if apart[stem] < LIKE else None


def _sided(stems: Mapping[str, str], surfaces: Mapping[str, Floats]) -> dict[str, str]:
    """Two of a kind get a side each: hip bones by chance, the bones of the leg by the nearest hip bone or femur."""
    middle = {key: surfaces[key].mean(axis=0) for key in stems}
    kinds = {stem: [key for key in stems if stems[key] == stem] for stem in set(stems.values())}
    named: dict[str, str] = {}
    if len(kinds.get("sacrum", ())) == 1:
        named[kinds["sacrum"][0]] = "sacrum"
    above: dict[str, Floats] = {}
    for stem in ("hip_bone", "femur", "tibia", "fibula", "patella"):
        keys = kinds.get(stem, [])
        if not keys or len(keys) > 2:
            continue
        sides = ["right", "left"]
        if above and len(keys) == 2 and len(above) == 2:
            straight = sum(np.linalg.norm(middle[key] - above[side]) for key, side in zip(keys, sides, strict=True))
            across = sum(np.linalg.norm(middle[key] - above[side]) for key, side in zip(keys[::-1], sides, strict=True))
            keys = keys if straight <= across else keys[::-1]
        elif above and len(keys) == 1:
            sides = [min(above, key=lambda side: float(np.linalg.norm(middle[keys[0]] - above[side])))]
        named |= {key: f"{stem}.{side}" for key, side in zip(keys, sides, strict=False)}
        above = {side: middle[key] for key, side in zip(keys, sides, strict=False)}
    return named


def misfit(points: Floats, bone: str, frame: Frame) -> float:
    """Mean distance, mm, from a bone laid into the template's place to the template's bone of that name."""
    distance = cKDTree(template()[bone]).query(frame.onto(points))[0]
    return float(np.sort(distance)[: int(KEPT * len(distance))].mean())


def by_place(points: Floats, frame: Frame, taken: Iterable[str]) -> str | None:
    """Sided id of the bone at whose place in a known frame a nameless surface lies; None if it is none of them.

    points : (n, 3) mm in the data's axes;  taken : bones that have a surface already
    """
    gone = set(taken)
    free = [name for name in template() if name not in gone]
    errors = {name: misfit(points, name, frame) for name in free if _as_large(points, name, frame)}
    if not errors:
        return None
    name = min(errors, key=lambda one: errors[one])
    return name if errors[name] < NEAR else None


def _as_large(points: Floats, bone: str, frame: Frame) -> bool:
    share = extents(points)[0] / frame.scale / extents(template()[bone])[0]
    return bool((0.16 if bone.split(".")[0] in LONG else 0.75) < share < 1.35)


def like(points: Floats, bone: str, frame: Frame) -> bool:
    """Whether a surface has about the size and slenderness of a bone, wherever it lies; long ones may be cut off."""
    share = extents(points) / frame.scale / extents(template()[bone])
    least = 0.16 if bone.split(".")[0] in LONG else 0.75
    return bool(least < share[0] < 1.35 and share[1:].min() > 0.6 and share[1:].max() < 1.6)


def other_unit(points: Floats, bone: str, frame: Frame) -> str:
    """What to say of a bone whose size is that of another unit than the others': an empty text if it is not."""
    longest, usual = extents(points)[0] / frame.scale, extents(template()[bone])[0]
    for factor, words in ((1000.0, "1000 times too small"), (10.0, "10 times too small")):
        if 0.7 < longest * factor / usual < 1.4:
            return words
        if 0.7 < longest / factor / usual < 1.4:
            return words.replace("small", "large")
    return ""


def mirrored_shape(points: Floats, bone: str, frame: Frame) -> bool:
    """Whether a bone fits the template's bone of the other side better, when that is laid over its own place."""
    stem, dot, side = bone.partition(".")
    if not dot:
        return False
    twin = template()[f"{stem}.{'left' if side == 'right' else 'right'}"]
    there = template()[bone]
    shifted = twin - twin.mean(axis=0) + there.mean(axis=0)
    laid = frame.onto(points)
    laid = laid - laid.mean(axis=0) + there.mean(axis=0)
    own = float(np.sort(cKDTree(there).query(laid)[0])[: int(KEPT * len(laid))].mean())
    other = float(np.sort(cKDTree(shifted).query(laid)[0])[: int(KEPT * len(laid))].mean())
    return other < 0.7 * own
