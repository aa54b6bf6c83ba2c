"""The cord of a round or flattened nerve that branches: what the modeller needs to lay it on any body.

A cord is one or more strands, each a way through stations. A strand may spring from another, of the same nerve or of
one laid before. It is authored on the right side and holds no triangles. Lengths are millimetres; offsets are LPS
vectors on the right side.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator

from annotations.forms import AtLandmarks, FormError, Fraction, OnBone, Vector
from annotations.statement import Statement


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Beside(_Model):
    """The place on the surface of a structure nearest to a weighted mean of landmarks, and a gap outward from it."""

    beside: str = Field(description="Unsided id of the structure.")
    landmarks: Annotated[dict[str, float], Field(min_length=1)] = Field(
        description="Weight of each landmark, by unsided id; `id@fraction` picks a place along a line landmark."
    )
    offset: Vector = Field(default=(0.0, 0.0, 0.0), description="LPS mm on the right side, before the surface is met.")
    gap: float = Field(default=0.0, description="mm outward from the surface; negative inside.")

    @property
    def place(self) -> AtLandmarks:
        """Where the surface is sought."""
        return AtLandmarks(landmarks=self.landmarks, offset=self.offset)

    @model_validator(mode="after")
    def _weights(self) -> Self:
        _ = self.place
        return self


class Within(_Model):
    """The middle of a long structure, or of several that run side by side, at a fraction of the length."""

    within: Annotated[list[str], Field(min_length=1)] = Field(description="Unsided ids of the structures.")
    at: Fraction = Field(description="Fraction from its proximal to its distal end.")
    offset: Vector = Field(default=(0.0, 0.0, 0.0), description="Moved by this much, LPS mm on the right side.")


def _anchor_kind(value: object) -> str | None:
    """Which kind of anchor a value is, by the key that only that kind has; so errors speak of the kind meant."""
    keys = value if isinstance(value, dict) else vars(value)
    return next((kind for kind in ("bone", "beside", "within", "landmarks") if kind in keys), None)


CordAnchor = Annotated[
    Annotated[OnBone, Tag("bone")]
    | Annotated[AtLandmarks, Tag("landmarks")]
    | Annotated[Beside, Tag("beside")]
    | Annotated[Within, Tag("within")],
    Discriminator(
        _anchor_kind,
        custom_error_type="anchor",
        custom_error_message="a place is given by one of the keys bone, landmarks, beside or within",
    ),
]


class CordStation(_Model):
    """A place a strand passes, and its section there: round, or flattened if the thickness is given."""

    at: CordAnchor
    width: float = Field(gt=0.0, description="mm; the diameter of a round strand.")
    thickness: float | None = Field(default=None, gt=0.0, description="mm, of a flattened strand.")
    facing: Vector = Field(default=(0.0, 1.0, 0.0), description="Direction its flat back faces, LPS on the right side.")

    @property
    def depth(self) -> float:
        """Its thickness in mm, flattened or round."""
        return self.width if self.thickness is None else self.thickness


class Springs(_Model):
    """Where a strand leaves another one: along it at first, then on its own way."""

    cord: str | None = Field(default=None, description="The nerve it leaves; this one if not given.")
    strand: str = Field(description="The strand it leaves.")
    at: Fraction = Field(description="Fraction of that strand's length at which it has its own way.")
    lead: float = Field(default=12.0, gt=0.0, description="mm before that place over which it draws apart.")


class CordStrand(_Model):
    """One way of a nerve: its trunk, a branch or a root."""

    id: str
    springs: Springs | None = Field(default=None, description="The strand it leaves, unless it begins on its own.")
    stations: Annotated[list[CordStation], Field(min_length=1)]
    enters: list[str] = Field(
        default_factory=list,
        description="Structures that this strand ends in, leaves or pierces, and so need not keep clear of.",
    )

    @model_validator(mode="after")
    def _has_a_way(self) -> Self:
        if self.springs is None and len(self.stations) < 2:
            raise ValueError("a strand that leaves no other one needs two stations or more")
        return self


class Sheath(_Model):
    """How a nerve goes over into others at their beginning: it covers them there and sinks under their surface."""

    over: Annotated[list[str], Field(min_length=1)] = Field(description="Unsided ids of the structures.")
    to: Annotated[float, Field(gt=0.0, le=0.5)] = Field(description="Fraction of their length at which it has sunk.")


class Cord(_Model):
    """A nerve that is laid after the muscles."""

    id: str
    kind: Literal["nerve"]
    strands: Annotated[list[CordStrand], Field(min_length=1)]
    sheath: Sheath | None = Field(default=None, description="The nerves that it goes over into.")
    over: list[str] = Field(default_factory=list, description="Bones, structures and nerves it keeps clear of.")
    clearance: float = Field(default=0.3, ge=0.2, description="mm kept from them.")
    blend: float = Field(default=1.0, gt=0.0, description="mm over which the creases between strands are filled.")
    fineness: float = Field(default=0.6, gt=0.1, le=2.0, description="mm between the points its surface is made from.")
    triangles: int = Field(default=6000, ge=500, le=40000, description="At most so many make its surface.")
    sizes: Annotated[list[Statement], Field(min_length=1)] = Field(description="Where its diameters come from.")

    @model_validator(mode="after")
    def _strands_in_order(self) -> Self:
        known: set[str] = set()
        for strand in self.strands:
            if strand.id in known:
                raise ValueError(f"the strand {strand.id} is given twice")
            springs = strand.springs
            if springs is not None and springs.cord is None and springs.strand not in known:
                raise ValueError(f"the strand {strand.id} leaves {springs.strand}, which is not given before it")
            known.add(strand.id)
        return self

    def parents(self) -> set[str]:
        """Ids of the other nerves that its strands leave."""
        return {s.springs.cord for s in self.strands if s.springs is not None and s.springs.cord is not None}


@cache
def load_cords() -> dict[str, Cord]:
    """All cords by structure id, checked.

    Raises FormError naming file and field.
    """
    cords: dict[str, Cord] = {}
    folder = resources.files("annotations") / "data" / "cords"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            cord = read_cord(entry.read_text(encoding="utf-8"), f"annotations/data/cords/{entry.name}")
            cords[cord.id] = cord
    return cords


def read_cord(text: str, name: str) -> Cord:
    """A cord from YAML text; `name` is the file named in errors.

    Raises FormError naming file and field.
    """
    try:
        return Cord.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise FormError(f"{name}: not readable as YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise FormError(f"{name}: field {field}: {first['msg']}") from error
