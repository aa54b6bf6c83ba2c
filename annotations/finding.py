"""From any name of a structure or landmark to its id."""

from __future__ import annotations

import difflib
import re
from functools import cache

from annotations.checks import normalised
from annotations.loading import load
from annotations.problems import AnnotationError

_SIDE_WORDS = {
    "right": "right",
    "left": "left",
    "dexter": "right",
    "dextra": "right",
    "sinister": "left",
    "sinistra": "left",
}


def find(name: str) -> str:
    """The id that `name` means: an English or Latin name, a synonym, an id, an identifier such as `FMA:19082`.

    A side in it is kept: `piriformis.left`, `left piriformis` and `Piriformis (left)` all give `piriformis.left`.
    Raises AnnotationError with the nearest names if nothing is called so.
    """
    annotations = load()
    bare, side = _without_side(name)
    known = _names()
    found = known.get(bare) or known.get(_without_kind(bare))
    if found is None:
        near = difflib.get_close_matches(bare, known, n=3, cutoff=0.6)
        hint = f"; did you mean {_or([known[n] for n in near])}?" if near else "; `ischia validate` lists no such name."
        raise AnnotationError([f'Nothing is called "{name}"{hint}'])
    if side is None:
        return found
    sided = f"{found}.{side}"
    if sided not in annotations.sided_ids(found):
        raise AnnotationError([f'"{name}": {found} lies in the midline and has no {side} one; use {found}.'])
    return sided


def _without_side(name: str) -> tuple[str, str | None]:
    words = normalised(name.replace("_", " ")).split()
    sides = [_SIDE_WORDS[word] for word in words if word in _SIDE_WORDS]
    return " ".join(word for word in words if word not in _SIDE_WORDS), sides[0] if len(sides) == 1 else None


def _without_kind(name: str) -> str:
    return re.sub(r"^(musculus|m|nervus|n|ligamentum|lig|os) ", "", name)


@cache
def _names() -> dict[str, str]:
    """Every normalised name to its id; structures come before landmarks of the same name."""
    annotations = load()
    known: dict[str, str] = {}
    for entries in (annotations.structures, annotations.landmarks):
        for key, entry in entries.items():
            numbers = [
                f"{identifier.scheme} {identifier.value}" for identifier in entry.identifiers if not identifier.side
            ]
            for name in (
                key.replace("_", " "),
                entry.names.english,
                entry.names.latin,
                *entry.names.synonyms,
                *numbers,
            ):
                known.setdefault(normalised(name), key)
                known.setdefault(_without_kind(normalised(name)), key)
    return known


def _or(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    return " or ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)
