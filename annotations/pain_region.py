"""A region of the body by the name that people use when they say where it hurts."""

from __future__ import annotations

from pydantic import Field

from annotations.statement import Entry, Id, Text
from annotations.trigger_point import Stroke


class PainRegion(Entry):
    """One entry of `pain_regions.yaml`, listed from the back of the belt line downwards."""

    id: Id
    name: Text = Field(description="As a client would say it: `lower buttock`.")
    words: Text = Field(description="Where that is, so that nobody needs the picture.")
    paired: bool = Field(description="true: one right, one left; false: one over the midline.")
    strokes: list[Stroke] = Field(min_length=1, description="Bands on the skin; of a paired one, on the right side.")
