"""All annotations together, as they are after loading."""

from __future__ import annotations

from collections.abc import Iterator

from annotations.landmark import Landmark
from annotations.problems import FieldPath
from annotations.statement import Entry, Identifier, Statement
from annotations.structure import Structure
from annotations.view import View
from annotations.vocabulary import Credit, EvidenceLevelEntry, Group, Layer, Reference


class Annotations(Entry):
    """What the anatomy means. Dictionaries are keyed by unsided id; lists are in the order in which they are shown."""

    layers: list[Layer]
    groups: list[Group]
    evidence_levels: list[EvidenceLevelEntry]
    credits: list[Credit]
    references: dict[str, Reference]
    views: dict[str, View]
    landmarks: dict[str, Landmark]
    structures: dict[str, Structure]

    def sided_ids(self, name: str) -> list[str]:
        """Both sided ids of a paired structure or landmark, or the id itself of a midline one."""
        entry = self.structures.get(name) or self.landmarks[name]
        return [f"{name}.right", f"{name}.left"] if entry.paired else [name]


def statements(entry: Structure | Landmark) -> Iterator[tuple[FieldPath, Statement]]:
    """Every claim of one entry, with the way to it."""
    if isinstance(entry, Landmark):
        yield ("definition",), entry.definition
        if entry.finding:
            yield ("finding",), entry.finding
        return
    for index, attachment in enumerate(entry.attachments):
        yield ("attachments", index, "statement"), attachment.statement
    for index, nerve in enumerate(entry.innervation):
        yield ("innervation", index, "statement"), nerve.statement
    for key in ("actions", "blood_supply", "notes"):
        for index, statement in enumerate(getattr(entry, key)):
            yield (key, index), statement


def identifiers(entry: Structure | Landmark) -> Iterator[tuple[FieldPath, Identifier]]:
    """Every identifier of one entry, with the way to it."""
    for index, identifier in enumerate(entry.identifiers):
        yield ("identifiers", index), identifier
