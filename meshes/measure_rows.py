"""The table of published measures beside those of a built atlas."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from annotations.measure_table import PublishedMeasure
from meshes.atlas import Atlas
from meshes.measured import HOW, Absent, Half, LimbSide

SIDES: tuple[LimbSide, ...] = ("right", "left")
Verdict = Literal["within 1 SD", "within 2 SD", "outside", "within range", "no spread known", "not modelled"]


class Row(BaseModel):
    """One published figure and what this atlas measures on either side."""

    model_config = ConfigDict(extra="forbid")
    published: PublishedMeasure
    right: float | None = Field(description="In the published unit; null if the atlas has no such thing.")
    left: float | None
    z_right: float | None = Field(description="Standard deviations above the published mean; null if no SD is known.")
    z_left: float | None
    verdict: Verdict


def table(atlas: Atlas, published: list[PublishedMeasure]) -> list[Row]:
    """Measure an atlas for every published row. Raises KeyError for a `how` that no function has."""
    halves = {side: Half(atlas, side) for side in SIDES}
    known: dict[tuple[str, str, str], float | None] = {}

    def value(measure: PublishedMeasure, side: LimbSide) -> float | None:
        if measure.how is None:
            return None
        key = (measure.how, measure.structure, side)
        if key not in known:
            try:
                known[key] = HOW[measure.how](halves[side], measure.structure)
            except Absent:
                known[key] = None
        return known[key]

    return [row(measure, value(measure, "right"), value(measure, "left")) for measure in published]


def row(published: PublishedMeasure, right: float | None, left: float | None) -> Row:
    """One row, with its verdict: that of the worse side."""
    z = [None if v is None or published.sd is None else (v - published.mean) / published.sd for v in (right, left)]
    return Row(
        published=published,
        right=right,
        left=left,
        z_right=z[0],
        z_left=z[1],
        verdict=_verdict(published, [v for v in (right, left) if v is not None]),
    )


def _verdict(published: PublishedMeasure, values: list[float]) -> Verdict:
    if not values:
        return "not modelled"
    if published.sd is not None:
        worst = max(abs(value - published.mean) / published.sd for value in values)
        return "within 1 SD" if worst <= 1 else "within 2 SD" if worst <= 2 else "outside"
    if published.low is not None and published.high is not None:
        return "within range" if all(published.low <= value <= published.high for value in values) else "outside"
    return "no spread known"
