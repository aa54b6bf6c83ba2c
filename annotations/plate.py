"""A plate: a scene with a name and a caption, as in a printed atlas."""

from __future__ import annotations

from pydantic import Field, JsonValue

from annotations.statement import Entry, Id, Statement, Text


class Plate(Entry):
    """One named scene. What its caption says is told claim by claim in `statements`, each with its source."""

    id: Id
    name: Text = Field(description="Title of the plate.")
    caption: Text = Field(description="What is seen, in two or three sentences.")
    statements: list[Statement] = Field(min_length=1, description="The claims of the plate, with their sources.")
    scene: dict[str, JsonValue] = Field(description="A scene; what it leaves out takes its default.")
