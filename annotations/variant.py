"""A variant: one way in which sciatic nerve and piriformis lie together, in words first, and how often it is seen."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from annotations.statement import Entry, Mark, Statement, Text

VariantId = Literal[
    "A",
    "B",
    "B_apart",
    "C",
    "D",
    "E",
    "F",
    "high_division_below",
    "both_through",
    "both_above",
    "two_headed",
]
"""Every variant that has a shape, in the order in which they are shown."""

VARIANTS: tuple[VariantId, ...] = get_args(VariantId)

Passage = Literal["below", "through", "above"]
"""Under the lower border of piriformis, between its two heads, or over its upper border."""

Percent = Annotated[float, Field(ge=0.0, le=100.0, strict=False)]


class Passages(Entry):
    """Where each division of the nerve passes piriformis."""

    tibial: Passage
    common_fibular: Passage


class Prevalence(Entry):
    """How often one source saw something."""

    source: str = Field(description="Key of the reference.")
    n: Annotated[int, Field(gt=0)] | None = Field(description="How many were looked at; null if it was not found.")
    unit: Literal["limbs", "hips", "cadavers", "studies", "examinations"] = Field(description="What n counts.")
    population: Text = Field(description="Who they were, and how they were looked at.")
    percent: Percent = Field(description="Of n, in percent.")
    low: Percent | None = Field(default=None, description="Lower end of the 95 % interval, if one was given.")
    high: Percent | None = Field(default=None, description="Upper end of the 95 % interval, if one was given.")
    pooled: bool = Field(description="Whether it is the pooled value of several studies.")
    mark: Mark

    @model_validator(mode="after")
    def _the_interval_holds_the_value(self) -> Prevalence:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both ends of the interval, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.percent <= self.high:
            raise ValueError(f"{self.percent} % lies outside its interval, {self.low} to {self.high} %")
        return self


class Variant(Entry):
    """One file of `variants/`."""

    id: VariantId = Field(description="Also the file's name.")
    letter: Literal["A", "B", "C", "D", "E", "F"] | None = Field(
        description="Letter of Beaton and Anson's scheme; null if it has none there."
    )
    name: Text = Field(description="In words: `common fibular through a split piriformis, tibial below`.")
    short: Text = Field(description="The same in a few words, for a list: `fibular through, tibial below`.")
    words: Text = Field(description="Two or three sentences on what lies where.")
    caption: Text = Field(description="One sentence for under a picture.")
    passes: Passages
    divided: bool = Field(description="Whether the two divisions pass piriformis apart from each other.")
    split: bool = Field(description="Whether the belly of piriformis is in two heads.")
    rejoins: bool | None = Field(description="Whether the divisions come together below; null if they never part.")
    hypothetical: bool = Field(default=False, description="Drawn from a reading, not from a specimen that was read of.")
    other_names: list[Statement] = Field(default_factory=list, description="Sources that letter it differently.")
    statements: list[Statement] = Field(default_factory=list, description="What is known of it.")
    prevalence: list[Prevalence] = Field(default_factory=list, description="By source, the strongest first.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Variant:
        apart = self.passes.tibial != self.passes.common_fibular
        if apart and not self.divided:
            raise ValueError("the divisions pass at different places, so `divided` must be true")
        if "through" in (self.passes.tibial, self.passes.common_fibular) and not self.split:
            raise ValueError("a division passes through the muscle, so `split` must be true")
        if self.divided != (self.rejoins is not None):
            raise ValueError("`rejoins` is true or false if the nerve is divided, and null if it is not")
        return self


class VariantOverview(Entry):
    """`variants.yaml`: what is true of all variants together."""

    notes: list[Statement] = Field(min_length=1, description="To be shown wherever a variant is.")
    any_variant: list[Prevalence] = Field(description="How often it is any but the usual arrangement.")
    same_on_both_sides: list[Prevalence] = Field(description="How often left and right are alike.")


def variant_sources(variants: dict[str, Variant], overview: VariantOverview) -> set[str]:
    """Keys of all references that variants and overview name."""
    statements = [*overview.notes, *(s for v in variants.values() for s in (*v.other_names, *v.statements))]
    series = [
        *overview.any_variant,
        *overview.same_on_both_sides,
        *(p for v in variants.values() for p in v.prevalence),
    ]
    return {key for statement in statements for key in statement.sources} | {entry.source for entry in series}
