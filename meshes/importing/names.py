"""What a file's name says: which structure, which side, whatever the language, capitals, separators and word order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from annotations.explain import validate_as
from annotations.loading import DATA, load
from annotations.yamlfile import read_yaml
from meshes.passport import SetError

IMPORTING = DATA / "importing"
LimbSide = Literal["right", "left"]
SIDES: tuple[LimbSide, LimbSide] = ("right", "left")

OF_NO_STRUCTURE = "its name is that of no structure of the atlas"

_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+\d*|\d+", re.UNICODE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class NameWords(BaseModel):
    """`names.yaml`."""

    model_config = ConfigDict(extra="forbid")
    right: list[str]
    left: list[str]
    said_by_many: list[str]
    structures: dict[str, list[str]]


class LabelScheme(BaseModel):
    """One entry of `label_schemes.yaml`: the name of each number in a label volume."""

    model_config = ConfigDict(extra="forbid")
    title: str
    source: str
    labels: dict[str, str]


@dataclass(frozen=True)
class NameGuess:
    """What a name says.

    structure : None if it says none, or one that is none of ours
    side : None if it says none
    why : why there is no structure, for a person
    """

    structure: str | None
    side: LimbSide | None
    why: str = ""


@cache
def name_words() -> NameWords:
    """The words that names are made of. Raises `SetError` if the data is damaged."""
    file = read_yaml(IMPORTING / "names.yaml", "importing/names.yaml")
    words = None if file.content is None else validate_as(NameWords, file, file.content)
    if words is None or file.problems:
        raise SetError("\n".join(map(str, file.problems)))
    return words


@cache
def label_schemes() -> dict[str, LabelScheme]:
    """Known numberings of label volumes by name. Raises `SetError` if the data is damaged."""
    file = read_yaml(IMPORTING / "label_schemes.yaml", "importing/label_schemes.yaml")
    found = {}
    for name, content in (file.content or {}).items():
        scheme = validate_as(LabelScheme, file, content, (name,))
        if scheme is not None:
            found[name] = scheme
    if file.problems:
        raise SetError("\n".join(map(str, file.problems)))
    return found


def words_of(name: str) -> list[str]:
    """The plain words of a name: `GluteusMaximus-L` gives gluteus, maximus, l."""
    spaced = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name))
    return _WORD.findall(_plain(spaced).replace("_", " "))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower())
    # Marks of Latin letters go; those of kana belong to them.
    kept = [c for i, c in enumerate(decomposed) if not (unicodedata.combining(c) and _latin(decomposed, i))]
    return unicodedata.normalize("NFC", "".join(kept)).replace("ß", "ss")


def _latin(text: str, index: int) -> bool:
    while index > 0 and unicodedata.combining(text[index]):
        index -= 1
    return text[index] < "\u0370"


def _shared(names: Iterable[str]) -> set[str]:
    """Words that stand in each of three or more names, as a patient's number does."""
    each = [set(words_of(name)) for name in names]
    return set.intersection(*each) if len(each) >= 3 else set()


@cache
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    """Every known name of every structure as its plain words, by structure."""
    words = name_words()
    found = {}
    for name, entry in load().structures.items():
        if entry.kind == "joint":
            continue
        texts = [name, entry.names.english, entry.names.latin, *entry.names.synonyms, *words.structures.get(name, [])]
        found[name] = sorted({p for text in texts for p in (tuple(words_of(text)),) if p}, key=len, reverse=True)
    return found


@cache
def _plain_set(kind: Literal["right", "left", "said_by_many"]) -> frozenset[str]:
    return frozenset(word for text in getattr(name_words(), kind) for word in words_of(text))


def guess_names(names: Iterable[str]) -> dict[str, NameGuess]:
    """What each of several names says; words that all of them share mean nothing."""
    listed = list(names)
    known = {word for phrases in _phrases().values() for phrase in phrases for word in phrase}
    idle = _shared(listed) - known - _plain_set("right") - _plain_set("left")
    return {name: guess_name(name, idle) for name in listed}


def guess_name(name: str, idle: Iterable[str] = ()) -> NameGuess:
    """What one name says; idle : words that mean nothing in it."""
    umlauts = name.lower().translate(_UMLAUTS)
    guesses = [_guess(words_of(name), set(idle)), _guess(words_of(umlauts), set(idle))]
    return next((guess for guess in guesses if guess.structure), guesses[0])


def _guess(words: list[str], idle: set[str]) -> NameGuess:
    side, rest = _side(words)
    if side == "both":
        return NameGuess(None, None, "its name speaks of right and of left")
    best: tuple[int, str, list[str]] | None = None
    for structure, phrases in _phrases().items():
        for phrase in phrases:
            left_over = _without(rest, phrase)
            if left_over is None:
                continue
            size = sum(map(len, phrase)) - 100 * len(_telling(left_over, idle))
            if best is None or size > best[0]:
                best = (size, structure, left_over)
    limb = None if side is None else side
    if best is None:
        glued = _glued("".join(words))
        return glued if glued is not None else NameGuess(None, limb, OF_NO_STRUCTURE)
    _, structure, left_over = best
    more = _telling(left_over, idle)
    if more:
        also = " ".join(more)
        return NameGuess(None, limb, f'its name speaks of {structure.replace("_", " ")}, but "{also}" is said as well')
    return NameGuess(structure, limb)


def _sides() -> dict[str, LimbSide]:
    """The side that each word for a side means."""
    return {word: side for side in SIDES for word in _plain_set(side)}


def _side(words: list[str]) -> tuple[LimbSide | Literal["both"] | None, list[str]]:
    """The side that the words name, and the words without it."""
    sides = _sides()
    named: set[LimbSide] = {sides[word] for word in words if word in sides}
    rest = [word for word in words if word not in sides]
    for side in SIDES:
        for mark in (word for word in _plain_set(side) if word > "\u2fff"):
            for index, word in enumerate(rest):
                if mark in word and len(word) > len(mark):
                    named.add(side)
                    rest[index] = word.replace(mark, "").replace("側", "")
    if len(named) > 1:
        return "both", rest
    return (named.pop() if named else None), rest


def _telling(words: Iterable[str], idle: set[str]) -> list[str]:
    """The words that say something: no numbers, nothing that everybody says."""
    many = _plain_set("said_by_many")
    return [
        word
        for word in words
        if not (not word.strip("0123456789") or word.rstrip("0123456789") in many or word in idle or len(word) == 1)
    ]


def says(name: str) -> bool:
    """Whether a name says anything: `liver` does, `Segment_3` does not."""
    return bool(_telling(_side(words_of(name))[1], set()))


def _without(words: list[str], phrase: tuple[str, ...]) -> list[str] | None:
    """The words without those of the phrase, in any order; None if one of them is missing."""
    rest = list(words)
    for word in phrase:
        found = next((w for w in rest if w == word or (w.rstrip("0123456789") == word and len(word) > 2)), None)
        if found is None:
            return None
        rest.remove(found)
    return rest


def _glued(text: str) -> NameGuess | None:
    """A structure and a side whose names were written without separators: `femurleft`, `glutmaxr`."""
    sides = _sides()
    for structure, phrases in _phrases().items():
        for phrase in phrases:
            name = "".join(phrase)
            if len(name) < 4 or name not in text:
                continue
            rest = text.replace(name, "", 1).strip("0123456789")
            if not rest:
                return NameGuess(structure, None)
            if rest in sides:
                return NameGuess(structure, sides[rest])
    return None
