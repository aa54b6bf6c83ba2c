"""What comes before any self-care: red flags, when to stop, whom to ask first, and what is known of the dose."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from annotations.statement import Entry, Id, Statement, Text

Urgency = Literal["emergency", "urgent", "see_someone"]
"""Now; today; within days."""


class RedFlag(Entry):
    """A sign that needs care from someone qualified."""

    id: Id
    urgency: Urgency
    sign: Text = Field(description="What a person notices, in plain words.")
    action: Text = Field(description="What to do, calmly.")
    statement: Statement


class Advice(Entry):
    """One line of advice, in plain words, with what stands behind it."""

    id: Id
    text: Text
    statement: Statement


class Ball(Entry):
    """Something to lie on."""

    id: Literal["tennis_ball", "lacrosse_ball", "roller"]
    name: Text
    diameter: Annotated[float, Field(gt=20.0, lt=250.0, strict=False)] = Field(description="mm.")
    statement: Statement


class Safety(Entry):
    """`safety.yaml`."""

    not_a_diagnosis: Text
    red_flags: list[RedFlag] = Field(min_length=1, description="The most urgent first.")
    stop: list[Advice] = Field(min_length=1, description="When to stop at once.")
    ask_first: list[Advice] = Field(min_length=1, description="Who should ask a professional before.")
    never_press: list[Advice] = Field(min_length=1, description="Where a ball never goes.")
    dose: list[Advice] = Field(min_length=1, description="How long and how often, as published.")
    ways: list[Advice] = Field(min_length=1, description="How it is done: surface, leg, both sides, clothing.")
    therapist: list[Advice] = Field(default_factory=list, description="For a therapist's own work.")
    evidence: list[Statement] = Field(min_length=1, description="How much is known of trigger points at all.")
    balls: list[Ball] = Field(min_length=1)
    reviewed_by: Text | None = Field(description="The clinician who checked it; null: unreviewed, and shown as such.")
