"""A trigger point: where its X stands, where pain is described, and what a therapist may say and do about it.

Places are given in landmark terms, so that they fall rightly on either side of any body. Zones are drawn anew from the
regions that the sources describe in words; nothing is traced from a published plate. The maps are a teaching
convention: an expert panel agreed that no fixed place and no fixed referral should be expected.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from annotations.statement import Entry, Id, Statement, Text

Millimetres = Annotated[float, Field(strict=False)]
Weight = Annotated[float, Field(strict=False)]
ZoneLevel = Literal["essential", "spillover"]
"""essential: pain is described there in nearly all; spillover: in some."""
Seen = Literal["behind", "side", "front"]
"""From where a place inside the body is looked at, to find it on the skin."""
Laid = Seen | Literal["nearest"]
"""How a place inside the body is laid onto the skin: as seen from somewhere, or by the shortest way (a crest)."""
Tool = Literal["tennis_ball", "lacrosse_ball", "roller"]
Often = Literal["most", "usual", "rare"]
"""most: called the most common of its muscle; rare: called rare."""
MUSCLES = (
    "gluteus_maximus",
    "gluteus_medius",
    "gluteus_minimus",
    "piriformis",
    "tensor_fasciae_latae",
    "quadratus_femoris",
    "obturator_internus",
    "quadratus_lumborum",
)
"""The order in which they are listed, any other last."""
Shown = Literal["with_x", "zones_only", "text_only"]
"""Whether the atlas draws an X and zones, only zones, or has only words (its muscle is not in the atlas)."""


class Place(Entry):
    """A weighted mean of landmarks, moved in directions that mirror by themselves."""

    landmarks: dict[str, Weight] = Field(
        min_length=1,
        description="Weight of each landmark by unsided id; `iliac_crest@0.5` is a place along a line landmark.",
    )
    lateral: Millimetres = Field(default=0.0, description="mm away from the midline.")
    cranial: Millimetres = Field(default=0.0, description="mm upwards.")
    posterior: Millimetres = Field(default=0.0, description="mm backwards.")

    @model_validator(mode="after")
    def _weights(self) -> Place:
        if abs(sum(self.landmarks.values()) - 1.0) > 1e-6:
            raise ValueError(f"the weights of {', '.join(self.landmarks)} must sum to 1")
        return self


class Stroke(Entry):
    """A band on the skin: from place to place over the surface, so wide; one place alone makes a disc."""

    through: list[Place] = Field(min_length=1)
    width: Annotated[float, Field(gt=0.0, le=160.0, strict=False)] = Field(description="mm across.")
    seen: Laid = Field(default="behind", description="From where its places are laid onto the skin.")


class Zone(Entry):
    """Where pain is described, in words and as strokes on the skin that say the same."""

    level: ZoneLevel
    words: Text = Field(description="The regions in plain anatomical words: what the picture shows.")
    strokes: list[Stroke] = Field(default_factory=list, description="Empty where the atlas draws no picture.")
    both_sides: bool = Field(default=False, description="Whether it reaches over the midline to the other side.")


class Spared(Entry):
    """A place that a zone must not cover, because the sources say so."""

    words: Text
    stroke: Stroke


class SelfCare(Entry):
    """Where a ball may go, or why it may not: the verdict that the surfaces must bear out."""

    verdict: Literal["zone", "no_zone"] = Field(description="Whether a safe zone for a ball is expected.")
    why: Text = Field(description="One plain sentence: where, or why not.")
    tools: list[Tool] = Field(default_factory=list, description="What may be used, the gentlest first.")
    how: list[Statement] = Field(default_factory=list, description="Position, leg, time: as the sources have it.")

    @model_validator(mode="after")
    def _tools_only_where_there_is_a_zone(self) -> SelfCare:
        if (self.verdict == "zone") != bool(self.tools):
            raise ValueError("name tools if, and only if, a zone is expected")
        return self


class TriggerPoint(Entry):
    """One file of `trigger_points/`: `gluteus_maximus.2`. Both sides share it."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*\.[a-z0-9_]+$")] = Field(
        description="Muscle and number, also the file's name: `piriformis.1`."
    )
    muscle: Id = Field(description="The structure that it lies in.")
    name: Text = Field(description="`Gluteus maximus 2`.")
    where: Text = Field(description="Where it is, in a few words for a list: `just above the sitting bone`.")
    often: Often = Field(default="usual", description="How common its sources call it among those of its muscle.")
    shown: Shown
    place: Place | None = Field(default=None, description="Of the X, before it is laid onto the muscle.")
    seen: Seen = Field(default="behind", description="From where the X is looked for: muscle and skin lie that way.")
    location: Statement
    zones: list[Zone] = Field(min_length=1)
    zone_source: Statement = Field(description="Who describes the referral, and how far it can be trusted.")
    spared: list[Spared] = Field(default_factory=list)
    feels_like: list[Statement] = Field(default_factory=list, description="What people say of it.")
    causes: list[Statement] = Field(default_factory=list, description="What is said to start it or keep it going.")
    entrapment: list[Statement] = Field(default_factory=list, description="Nerves it is proposed to press on.")
    self_care: SelfCare
    cautions: list[Statement] = Field(default_factory=list)
    plain: Text = Field(description="For a client, to be read aloud: no jargon, nothing to fear.")
    reviewed_by: Text | None = Field(description="The clinician who checked it; null: unreviewed, and shown as such.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> TriggerPoint:
        if not self.id.startswith(f"{self.muscle}."):
            raise ValueError(f"the id begins with its muscle: {self.muscle}.…")
        if (self.shown == "with_x") != (self.place is not None):
            raise ValueError("give a place if, and only if, an X is shown")
        drawn = any(zone.strokes for zone in self.zones)
        if (self.shown == "text_only") == drawn:
            raise ValueError("draw zones unless it is text only")
        if self.shown != "with_x" and self.self_care.verdict == "zone":
            raise ValueError("without an X there is no place for a ball")
        return self

    def statements(self) -> list[Statement]:
        """Everything it claims."""
        care = self.self_care.how
        said = [*self.feels_like, *self.causes, *self.entrapment, *self.cautions]
        return [self.location, self.zone_source, *said, *care]
