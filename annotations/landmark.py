"""A bony landmark: a point, a line or an area of a bone that anatomists name and measure from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from annotations.statement import Entry, Id, Identifier, Names, Statement

Form = Literal["point", "line", "area"]


class Landmark(Entry):
    """One landmark. Sides share it; the sided landmark is `<id>.right` or `<id>.left`."""

    paired: bool = Field(description="true: one right, one left; false: one in the midline.")
    form: Form = Field(description="point, line, or area (whose centroid stands for it where a point is needed).")
    on: Id = Field(description="The structure that carries it.")
    names: Names
    identifiers: list[Identifier] = Field(default_factory=list)
    definition: Statement = Field(description="What it is and where.")
    finding: Statement | None = Field(default=None, description="How to find it on any mesh of the bone.")
