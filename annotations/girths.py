"""A published girth or breadth of trunk or leg, to hold the skin against."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from annotations.explain import validate_as
from annotations.problems import AnnotationError
from annotations.statement import Entry, Id, Mark, Text
from annotations.yamlfile import read_yaml

GIRTHS = Path(__file__).parent / "data" / "girths.yaml"

Level = Literal[
    "waist",
    "iliac_crest",
    "greater_trochanter",
    "below_gluteal_fold",
    "patella",
    "greatest_calf",
    "least_above_malleoli",
    "widest_iliac_crests",
    "widest_trochanters",
    "femoral_epicondyles",
]
Millimetres = Annotated[float, Field(gt=0.0, strict=False)]


class Part(Entry):
    """The same measure in one part of the people measured."""

    mean: Millimetres
    sd: Millimetres
    n: Annotated[int, Field(gt=0)]


class Girth(Entry):
    """One girth, the length of a tape drawn tight around the body at a level, or one breadth there, mm.

    A breadth is that between the arms of a caliper, which press the soft tissue against the bone.
    """

    id: Id
    what: Text = Field(description="The measure, in the terms of the source.")
    kind: Literal["girth", "breadth"] = Field(default="girth", description="Around the body, or across it.")
    at: Level = Field(description="Where the tape or the caliper lies.")
    mean: Millimetres
    sd: Millimetres = Field(description="Standard deviation between people.")
    women: Part
    men: Part
    n: Annotated[int, Field(gt=0)] = Field(description="People measured.")
    population: Text = Field(description="Who was measured.")
    source: str = Field(description="Key of the reference that says so.")
    mark: Mark = Field(description="verified: read in the source; others are shown, never tested.")


def load_girths(file: Path = GIRTHS) -> dict[str, Girth]:
    """Girths and breadths by id. Raises `AnnotationError`, which names file and field of everything that is wrong."""
    content = read_yaml(file, file.name)
    entries = content.content if isinstance(content.content, list) else []
    girths = [validate_as(Girth, content, entry, (index,)) for index, entry in enumerate(entries)]
    if content.problems:
        raise AnnotationError(content.problems)
    return {girth.id: girth for girth in girths if girth is not None}
