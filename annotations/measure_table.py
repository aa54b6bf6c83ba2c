"""A published measure: what others found on bodies and scans, to hold the models against."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from annotations.statement import Entry, Id, Mark, Text

Unit = Literal["mm", "mm²", "cm²", "cm³", "°", "fraction", "ratio"]


class PublishedMeasure(Entry):
    """One figure of one source. Rows with the same `how` on the same structure measure the same thing."""

    id: Id
    structure: Id = Field(description="What was measured, without a side.")
    what: Text = Field(description="The measure, in the terms of the source.")
    unit: Unit
    mean: float
    sd: float | None = Field(gt=0.0, description="Standard deviation between people; null if the source gives none.")
    n: int | None = Field(gt=0, description="Limbs or people measured, as the source counts; null if not known.")
    population: Text = Field(description="Who or what was measured, and how.")
    source: str = Field(description="Key of the reference that says so.")
    mark: Mark = Field(description="verified: read in the source; others are shown, never tested.")
    followed: bool = Field(description="Whether the model was shaped to this figure; false where another one was.")
    tested: bool = Field(description="Whether a test holds the model to it: within two standard deviations.")
    how: Id | None = Field(description="The measuring function; null if the model has no such part to measure.")
    note: Text | None = Field(default=None, description="Why it is not followed or not tested, or how it was read.")

    @model_validator(mode="after")
    def _tested_only_if_it_can_be(self) -> Self:
        if self.tested and self.mark != "verified":
            raise ValueError(f'a measure marked "{self.mark}" cannot be tested; only verified ones can')
        if self.tested and (self.sd is None or self.how is None):
            raise ValueError("a measure without sd or how cannot be tested; set tested to false")
        if not self.tested and self.note is None:
            raise ValueError("a measure that is not tested needs a note that says why")
        return self
