"""A lesson: a short walk through the atlas, step by step, each with a text, a picture and perhaps a question.

A step's `scene` is a partial scene: what it leaves out takes its default, so each step can be opened by itself. Texts
may name structures, `[piriformis](piriformis.right)`, which the page turns into buttons that show where they are, and
stress words, `*once*` or `**twice**`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, JsonValue, field_validator, model_validator

from annotations.statement import Entry, Id, Statement, Text

Audience = Literal["students", "therapists", "educators"]

LONGEST_TITLE = 70
LONGEST_TEXT = 640
"""Characters of a step's text as it is read: about five sentences, what one reads while looking at a picture."""
LONGEST_ASIDE = 320
MOST_STEPS = 24
KEPT_BY_THE_READER = ("version", "atlas", "theme", "language", "names", "consult", "lesson")
"""Fields of a scene that a lesson leaves as its reader has them."""

_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]*)\)")
_STRESS = re.compile(r"\*+")


def links(text: str) -> list[str]:
    """The structures that a text names, by id, in its order."""
    return [target for _, target in _LINK.findall(text)]


def as_read(text: str) -> str:
    """A text without its marks: what one reads or hears."""
    return _STRESS.sub("", _LINK.sub(r"\1", text))


def _no_longer_than(text: str, most: int) -> str:
    long = len(as_read(text))
    if long > most:
        raise ValueError(
            f"is {long} characters long; at most {most} are read beside a picture: shorten it, or split it"
        )
    return text


class Choice(Entry):
    """One answer to choose from."""

    text: Text
    right: bool = Field(default=False, description="Whether it is the right one; exactly one is.")
    why: Text | None = Field(default=None, description="What is said kindly to whoever chooses it.")


class Question(Entry):
    """Something to think about: answers to choose from, or a structure to find in the picture."""

    prompt: Text
    choices: list[Choice] = Field(default_factory=list, description="Two to five answers, one of them right.")
    find: str | None = Field(default=None, description="Structure to be pressed in the picture, instead of choices.")
    explanation: Statement = Field(description="What is so, and who says it; shown once the answer is found.")

    @model_validator(mode="after")
    def _can_be_answered(self) -> Question:
        if (self.find is None) == (not self.choices):
            raise ValueError("give either choices or a structure to find")
        if self.choices:
            if not 2 <= len(self.choices) <= 5:
                raise ValueError(f"give two to five choices, not {len(self.choices)}")
            right = sum(choice.right for choice in self.choices)
            if right != 1:
                raise ValueError(f"exactly one choice must be right (right: true), not {right or 'none'}")
            if len({choice.text.casefold() for choice in self.choices}) < len(self.choices):
                raise ValueError("two choices say the same")
        return self


class Step(Entry):
    """One idea and its picture."""

    title: Text
    text: Text = Field(description="Two to five sentences, with links to structures and stressed words.")
    client: Text | None = Field(default=None, description="The same in plain words, to be said to a client.")
    teacher: Text | None = Field(default=None, description="A hint for whoever teaches it to a class.")
    statements: list[Statement] = Field(default_factory=list, description="The claims, with their sources.")
    scene: dict[str, JsonValue] = Field(default_factory=dict, description="A scene; what it leaves out is default.")
    question: Question | None = None

    @field_validator("title")
    @classmethod
    def _title(cls, title: str) -> str:
        return _no_longer_than(title, LONGEST_TITLE)

    @field_validator("text")
    @classmethod
    def _text(cls, text: str) -> str:
        return _no_longer_than(text, LONGEST_TEXT)

    @field_validator("client", "teacher")
    @classmethod
    def _aside(cls, text: str | None) -> str | None:
        return text and _no_longer_than(text, LONGEST_ASIDE)

    @field_validator("scene")
    @classmethod
    def _leaves_the_reader_alone(cls, scene: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if kept := [key for key in KEPT_BY_THE_READER if key in scene]:
            raise ValueError(f"{', '.join(kept)} belongs to the reader, not to a step; take it out")
        return scene

    def texts(self) -> Iterator[tuple[str, str]]:
        """Texts that may name structures, each with its field."""
        for field in ("text", "client", "teacher"):
            text: str | None = getattr(self, field)
            if text:
                yield field, text


class Lesson(Entry):
    """One file of `lessons/`: `variants`."""

    id: Id = Field(description="Also the file's name.")
    title: Text
    summary: Text = Field(description="One or two sentences for the list: what one will be able to tell.")
    audience: list[Audience] = Field(min_length=1)
    minutes: Annotated[int, Field(ge=1, le=120)] = Field(description="How long it takes, about.")
    order: int = Field(default=100, description="Its place in the list; equal ones go by title.")
    reviewed_by: Text | None = Field(description="The clinician who checked it; null: unreviewed, and shown as such.")
    steps: list[Step] = Field(min_length=1, max_length=MOST_STEPS)

    @field_validator("title")
    @classmethod
    def _title(cls, title: str) -> str:
        return _no_longer_than(title, LONGEST_TITLE)


class LessonsDocument(Entry):
    """All lessons as the page gets them: each step's scene is whole."""

    version: Literal[1] = 1
    lessons: list[Lesson]
