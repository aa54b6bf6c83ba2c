"""The short lists that order the atlas: layers, groups, evidence levels, and whom to credit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from annotations.statement import Entry, EvidenceLevel, Id, Text

ReferenceKind = Literal["paper", "encyclopaedia", "teaching_site", "repository", "recalled", "project"]


class Layer(Entry):
    """One anatomical layer; the peel takes layers off from the outermost."""

    id: Id
    name: Text


class Group(Entry):
    """One branch of the structure tree."""

    id: Id
    name: Text


class EvidenceLevelEntry(Entry):
    """A level of evidence, explained to everyone."""

    id: EvidenceLevel
    name: Text
    explanation: Text = Field(description="One friendly sentence.")


class Reference(Entry):
    """A source. What was read of a paper is mostly its abstract; `recalled` sources were not opened."""

    kind: ReferenceKind
    text: Text = Field(description="Author, year, title or place, as far as known.")
    url: str | None = Field(default=None, pattern=r"^https://\S+$", description="Where to read it.")
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")


class Credit(Entry):
    """Work of others that the atlas is made from, and the terms under which it is used."""

    id: Id
    name: Text
    text: Text = Field(description="The credit line to show.")
    license: Text
    url: str | None = Field(default=None, pattern=r"^https://\S+$")
