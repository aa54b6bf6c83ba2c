"""A published measure: what others found on bodies and scans, to hold the models against."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from annotations.statement import Entry, Id, Mark, Statement, Text

Unit = Literal["mm", "mm²", "cm²", "cm³", "°", "fraction"]
Number = Annotated[float, Field(strict=False)]
Triple = Annotated[tuple[float, float, float], Field(strict=False)]


class PublishedMeasure(Entry):
    """One figure of one source. Rows with the same `how` on the same structure measure the same thing."""

    id: Id
    structure: Id = Field(description="What was measured, without a side.")
    what: Text = Field(description="The measure, in the terms of the source.")
    unit: Unit
    mean: Number
    sd: Annotated[float, Field(gt=0.0, strict=False)] | None = Field(
        default=None, description="Standard deviation between people; null if the source gives none."
    )
    low: Number | None = Field(default=None, description="Lowest value that the source gives for healthy adults.")
    high: Number | None = Field(default=None, description="Highest value that the source gives for healthy adults.")
    n: Annotated[int, Field(gt=0)] | None = Field(
        description="Limbs or people measured, as the source counts; null if not known."
    )
    population: Text = Field(description="Who or what was measured, and how.")
    source: str = Field(description="Key of the reference that says so.")
    mark: Mark = Field(description="verified: read in the source; others are shown, never tested.")
    followed: bool = Field(description="Whether the model was shaped to this figure; false where another one was.")
    tested: bool = Field(description="Whether a test holds the model to it: within two SD, or within low and high.")
    how: Id | None = Field(description="The measuring function; null if the model has no such part to measure.")
    note: Text | None = Field(default=None, description="Why it is not followed or not tested, or how it was read.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both low and high, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.mean <= self.high:
            raise ValueError(f"the mean {self.mean} lies outside {self.low} to {self.high}")
        return self

    @model_validator(mode="after")
    def _tested_only_if_it_can_be(self) -> Self:
        if self.tested and self.mark != "verified":
            raise ValueError(f'a measure marked "{self.mark}" cannot be tested; only verified ones can')
        if self.tested and (self.how is None or (self.sd is None and self.low is None)):
            raise ValueError("a measure without `how`, or without sd or range, cannot be tested; set tested to false")
        if not self.tested and self.note is None:
            raise ValueError("a measure that is not tested needs a note that says why")
        return self


class PathPoint(Entry):
    """A place that a line runs through."""

    body: Literal["pelvis", "femur", "tibia"]
    at: Triple = Field(description="In that body: x to anterior, y up, z to the right, mm.")


class PublishedLine(Entry):
    """A line of action of a musculoskeletal model: straight from place to place, on the right side."""

    id: Id
    structure: Id = Field(description="The muscle, without a side.")
    points: list[PathPoint] = Field(min_length=2, description="From the proximal end.")
    source: str = Field(description="Key of the reference that says so.")
    mark: Mark
    note: Text | None = Field(default=None, description="Why the model's own line lies otherwise, if it does.")


class LineFrames(Entry):
    """Where the bodies of that musculoskeletal model lie in its pelvis when it stands."""

    asis: Triple = Field(description="Right anterior superior iliac spine, mm.")
    psis: Triple = Field(description="Right posterior superior iliac spine, mm.")
    femur: Triple = Field(description="Centre of the right femoral head, mm.")
    tibia: Triple = Field(description="Origin of the right tibia, mm.")
    statement: Statement


class PublishedLines(Entry):
    """`lines.yaml`."""

    frames: LineFrames
    lines: list[PublishedLine] = Field(min_length=1)
