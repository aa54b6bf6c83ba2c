"""A structure of the body: what it is, what it is attached to, what moves and feeds it, in two tones of voice."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from annotations.statement import Entry, Id, Identifier, Names, Statement, Text

Kind = Literal["bone", "muscle", "tendon", "ligament", "nerve", "fascia", "membrane", "skin", "joint", "disc"]
End = Literal["proximal", "distal"]
Root = Annotated[str, Field(pattern=r"^(T(1[0-2]|[1-9])|L[1-5]|S[1-5]|Co1)$")]
"""A spinal nerve root: `L5`."""


class Attachment(Entry):
    """Where one end holds on."""

    end: End = Field(description="proximal (origin) or distal (insertion).")
    on: list[Id] = Field(min_length=1, description="Structures that carry it.")
    landmarks: list[Id] = Field(default_factory=list, description="Landmarks it lies on or between.")
    statement: Statement


class Innervation(Entry):
    """A nerve that reaches the structure."""

    nerve: Text = Field(description="The nerve's English name.")
    structure: Id | None = Field(default=None, description="The nerve's own entry, if it has one.")
    roots: list[Root] = Field(min_length=1, description="Spinal roots that all sources give.")
    sometimes: list[Root] = Field(default_factory=list, description="Further roots that some sources give.")
    statement: Statement


class Structure(Entry):
    """One file of `structures/`. Sides share it; the sided structure is `<id>.right` or `<id>.left`."""

    id: Id = Field(description="English term in snake case; also the file's name.")
    kind: Kind
    group: Id = Field(description="Branch of the structure tree.")
    layer: Id = Field(description="Layer that the peel takes off.")
    part_of: Id | None = Field(default=None, description="The structure that this is a named part of.")
    paired: bool = Field(description="true: one right, one left; false: one in the midline.")
    names: Names
    identifiers: list[Identifier] = Field(default_factory=list)
    plain: Text = Field(description="For a client, to be read aloud: no jargon, nothing to fear.")
    precise: Text = Field(description="For a student, in the terms of the field.")
    reviewed_by: Text | None = Field(description="The qualified person who checked both texts; null: unreviewed.")
    attachments: list[Attachment] = Field(default_factory=list)
    innervation: list[Innervation] = Field(default_factory=list)
    actions: list[Statement] = Field(default_factory=list)
    blood_supply: list[Statement] = Field(default_factory=list)
    notes: list[Statement] = Field(default_factory=list, description="Relations, measures and what texts disagree on.")
