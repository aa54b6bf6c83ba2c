"""Languages: one folder each under `languages/`, with the texts of interface, names and safety by their English.

What a translation may hold follows from the English data: every leaf of `names.yaml` and `safety.yaml` stands at the
address of an English text, such as `structures: piriformis: name`. What is missing falls back to English, and the page
says so; what stands at no address, or translates an interface text that is no longer there, is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from annotations.collection import Annotations
from annotations.explain import validate_as
from annotations.lesson import Lesson
from annotations.problems import AnnotationError, FieldPath, Problem, did_you_mean, dotted
from annotations.statement import Entry, Text
from annotations.yamlfile import YamlFile, read_yaml

FOLDER = "languages"
ENGLISH = "en"
TOPICS = ("interface", "names", "safety")
CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_HOLE = re.compile(r"\{\w+\}")
_LANGUAGE_VERSION: Literal[1] = 1


class Reviewed(Entry):
    """Who checked a translation, by topic; null: nobody qualified has."""

    interface: Text | None = None
    names: Text | None = None
    safety: Text | None = Field(default=None, description="Null: the texts stand beside the English, marked.")


class LanguageCard(Entry):
    """`language.yaml`."""

    name: Text = Field(description="The language's own name: `Deutsch`.")
    english: Text = Field(description="Its English name.")
    translated_by: Text | None = Field(default=None, description="Who made the translation.")
    reviewed_by: Reviewed = Field(default_factory=Reviewed)


class LanguageEntry(Entry):
    """A language that a page may be shown in."""

    code: str = Field(description="BCP 47 code: `de`.")
    name: str = Field(description="Its own name.")
    english: str = Field(description="Its English name.")
    reviewed: Reviewed


class LanguageDocument(Entry):
    """`language.<code>`: what a page needs to speak another language than English."""

    version: Literal[1] = _LANGUAGE_VERSION
    code: str
    name: str
    reviewed: Reviewed
    texts: dict[str, str] = Field(description="Interface: English text to text, with the same {holes}.")
    catalogue: dict[str, str | list[str]] = Field(
        description="Texts that replace English ones, by their way in the catalogue or the lessons' document: "
        "`views/posterior/name`; an entry of a list goes by its id, `safety/stop/sharp/text`, or by its place."
    )


@dataclass(frozen=True)
class Target:
    """An English text that can be translated."""

    way: str
    """In the catalogue or the lessons' document: `structures/piriformis/names/english`."""
    english: str


@dataclass
class Translation:
    """One language as it was read: its card, its texts, what is wrong and what is missing."""

    code: str
    card: LanguageCard | None = None
    texts: dict[str, str] = field(default_factory=dict)
    named: dict[str, str | list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    """English texts (interface) or addresses (names, safety) without a translation, by topic."""

    def document(self) -> LanguageDocument:
        """What the page fetches. Raises AnnotationError if the translation is faulty."""
        if self.problems or self.card is None:
            raise AnnotationError(self.problems)
        return LanguageDocument(
            code=self.code,
            name=self.card.name,
            reviewed=self.card.reviewed_by,
            texts=self.texts,
            catalogue=self.named,
        )


def language_codes(folder: Path) -> list[str]:
    """Codes of the languages of a data folder, in alphabetical order; English is always there and needs none."""
    return sorted(path.name for path in (folder / FOLDER).glob("*") if path.is_dir() and not path.name.startswith("."))


def language_entries(folder: Path) -> list[LanguageEntry]:
    """English and all other languages that a data folder has a readable card of."""
    found = [LanguageEntry(code=ENGLISH, name="English", english="English", reviewed=Reviewed())]
    for code in language_codes(folder):
        file, card = _card(folder, code)
        if card is not None and not file.problems:
            found.append(LanguageEntry(code=code, name=card.name, english=card.english, reviewed=card.reviewed_by))
    return found


def read_translation(
    folder: Path, code: str, source: Annotations, lessons: Mapping[str, Lesson], interface: list[str]
) -> Translation:
    """One language of a data folder, held against the English annotations, lessons and texts of the interface."""
    found = Translation(code)
    file, found.card = _card(folder, code)
    found.problems += file.problems
    if not CODE.fullmatch(code):
        found.problems.append(
            Problem(f"{FOLDER}/{code}", (), "must be named by a language's code, such as de or pt-BR")
        )
    _read_interface(folder, found, interface)
    for topic, addresses in targets(source, lessons).items():
        _read_named(folder, found, topic, addresses)
    expected = {"language.yaml", *(f"{topic}.yaml" for topic in TOPICS)}
    for path in sorted((folder / FOLDER / code).iterdir()):
        if path.name not in expected:
            text = f"is not read; allowed: {', '.join(sorted(expected))}"
            found.problems.append(Problem(f"{FOLDER}/{code}/{path.name}", (), text))
    return found


def _card(folder: Path, code: str) -> tuple[YamlFile, LanguageCard | None]:
    name = f"{FOLDER}/{code}/language.yaml"
    file = read_yaml(folder / name, name)
    return file, None if file.content is None else validate_as(LanguageCard, file, file.content)


def _topic(folder: Path, found: Translation, topic: str) -> YamlFile | None:
    """A topic's file; None where there is none, which leaves all of it in English."""
    name = f"{FOLDER}/{found.code}/{topic}.yaml"
    if not (folder / name).exists():
        return None
    file = read_yaml(folder / name, name)
    if file.content is not None and not isinstance(file.content, dict):
        file.problems.append(Problem(name, (), "must be a set of keys with values"))
        file.content = None
    return file


def _read_interface(folder: Path, found: Translation, known: list[str]) -> None:
    file = _topic(folder, found, "interface")
    for english, text in ((file and file.content) or {}).items():
        assert file is not None
        path: FieldPath = (english,)
        if english not in known:
            hint = did_you_mean(english, known) or "; take it out"
            file.problems.append(file.problem(path, f"is no text of the interface{hint}"))
        elif not isinstance(text, str) or not text.strip():
            file.problems.append(file.problem(path, "must be text"))
        elif set(_HOLE.findall(text)) != set(_HOLE.findall(english)):
            holes = ", ".join(sorted(set(_HOLE.findall(english)))) or "none"
            file.problems.append(file.problem(path, f"must have the same holes as the English: {holes}"))
        else:
            found.texts[english] = text
    found.problems += file.problems if file else []
    found.missing["interface"] = [english for english in known if english not in found.texts]


def _read_named(folder: Path, found: Translation, topic: str, addresses: Mapping[FieldPath, Target]) -> None:
    file = _topic(folder, found, topic)
    known = [dotted(address) for address in addresses]
    seen: set[FieldPath] = set()
    for address, value in _leaves((file and file.content) or {}):
        assert file is not None
        if address[-1] == "also" and _with(address, "name") in addresses:
            if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
                names = addresses[_with(address, "name")].way
                found.named[names.replace("/english", "/synonyms")] = value
            else:
                file.problems.append(file.problem(address, "must be a list of names"))
        elif address not in addresses:
            hint = did_you_mean(dotted(address), known) or "; see the English file for what there is"
            file.problems.append(file.problem(address, f"stands for no English text{hint}"))
        elif not isinstance(value, str) or not value.strip():
            file.problems.append(file.problem(address, "must be text"))
        else:
            seen.add(address)
            found.named[addresses[address].way] = value.strip()
    found.problems += file.problems if file else []
    found.missing[topic] = [dotted(address) for address in addresses if address not in seen]


def _with(address: FieldPath, last: str) -> FieldPath:
    return (*address[:-1], last)


def _leaves(content: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, Any]]:
    """Every text of a file with its address; other names of a thing (`also`) stay one list."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(content, list) and not (path and path[-1] == "also"):
        for index, value in enumerate(content):
            yield from _leaves(value, (*path, index))
    else:
        yield path, content


def targets(source: Annotations, lessons: Mapping[str, Lesson]) -> dict[str, dict[FieldPath, Target]]:
    """Every English text that can be translated, by topic and by its address in that topic's file."""
    return {"names": {**dict(_names(source)), **dict(_lessons(lessons))}, "safety": dict(_safety(source))}


def _lessons(lessons: Mapping[str, Lesson]) -> Iterator[tuple[FieldPath, Target]]:
    for key, lesson in lessons.items():
        yield from _fields(("lessons", key), f"lessons/{key}", lesson, ("title", "summary"))


def _names(source: Annotations) -> Iterator[tuple[FieldPath, Target]]:
    for section in ("structures", "landmarks"):
        for key, entry in getattr(source, section).items():
            yield (section, key, "name"), Target(f"{section}/{key}/names/english", entry.names.english)
    for key, structure in source.structures.items():
        yield ("structures", key, "plain"), Target(f"structures/{key}/plain", structure.plain)
    for section in ("groups", "layers"):
        for entry in getattr(source, section):
            yield (section, entry.id), Target(f"{section}/{entry.id}/name", entry.name)
    for key, view in source.views.items():
        yield ("views", key), Target(f"views/{key}/name", view.name)
    for section, fields in (
        ("evidence_levels", ("name", "explanation")),
        ("pain_regions", ("name", "words")),
        ("plates", ("name", "caption")),
    ):
        for entry in getattr(source, section):
            yield from _fields((section, entry.id), f"{section}/{entry.id}", entry, fields)
    for key, variant in source.variants.items():
        yield from _fields(("variants", key), f"variants/{key}", variant, ("name", "short", "words", "caption"))
    for key, point in source.trigger_points.items():
        way = f"trigger_points/{key}"
        yield from _fields(("trigger_points", key), way, point, ("name", "where", "plain"))
        for index, zone in enumerate(point.zones):
            yield ("trigger_points", key, "zones", index), Target(f"{way}/zones/{index}/words", zone.words)


def _safety(source: Annotations) -> Iterator[tuple[FieldPath, Target]]:
    safety = source.safety
    yield ("not_a_diagnosis",), Target("safety/not_a_diagnosis", safety.not_a_diagnosis)
    for flag in safety.red_flags:
        yield from _fields(("red_flags", flag.id), f"safety/red_flags/{flag.id}", flag, ("sign", "action"))
    for section in ("stop", "ask_first", "never_press", "dose", "ways", "therapist"):
        for advice in getattr(safety, section):
            yield (section, advice.id), Target(f"safety/{section}/{advice.id}/text", advice.text)
    for index, statement in enumerate(safety.evidence):
        yield ("evidence", index), Target(f"safety/evidence/{index}/text", statement.text)
    for ball in safety.balls:
        yield ("balls", ball.id), Target(f"safety/balls/{ball.id}/name", ball.name)
    for key, point in source.trigger_points.items():
        way, address = f"trigger_points/{key}", ("trigger_points", key)
        yield (*address, "why"), Target(f"{way}/self_care/why", point.self_care.why)
        for index, claim in enumerate(point.self_care.how):
            yield (*address, "how", index), Target(f"{way}/self_care/how/{index}/text", claim.text)
        for index, claim in enumerate(point.cautions):
            yield (*address, "cautions", index), Target(f"{way}/cautions/{index}/text", claim.text)


def _fields(address: FieldPath, way: str, entry: Entry, names: tuple[str, ...]) -> Iterator[tuple[FieldPath, Target]]:
    for name in names:
        yield (*address, name), Target(f"{way}/{name}", getattr(entry, name))
