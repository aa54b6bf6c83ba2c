"""The form of a soft structure: what the modeller needs to grow a muscle, ligament, tract or nerve on any body.

A form says where a structure is attached, over what it runs and how thick it is. It is authored on the right side, in
material coordinates of the bones, and holds no triangles. Lengths are millimetres, volumes cubic centimetres; `u` runs
from the proximal (0) to the distal end (1), `s` across the fibres (0..1). Offsets are LPS vectors on the right side.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator

from annotations.material import Coordinate, Element, MaterialBone

Vector = tuple[float, float, float]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Law = Annotated[list[tuple[Fraction, float]], Field(min_length=2)]
"""A curve through (fraction, value) knots, fraction from 0 to 1, monotone between knots."""


class FormError(ValueError):
    """A form file that cannot be used; the message names file and field."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OnBone(_Model):
    """Points on a bone, as material coordinates."""

    bone: MaterialBone = Field(description="Bone, without a side.")
    points: Annotated[list[tuple[Element, Coordinate, Coordinate]], Field(min_length=1)] = Field(
        description="(element, ξ1, ξ2) of each point."
    )
    offset: Vector = Field(default=(0.0, 0.0, 0.0), description="Moved by this much, LPS mm on the right side.")


class AtLandmarks(_Model):
    """One point at a weighted mean of landmarks, moved by an offset: for places that are not on bone."""

    landmarks: Annotated[dict[str, float], Field(min_length=1)] = Field(
        description="Weight of each landmark, by unsided id; `id@fraction` picks a place along a line landmark."
    )
    offset: Vector = Field(default=(0.0, 0.0, 0.0), description="LPS mm on the right side.")

    @model_validator(mode="after")
    def _weights(self) -> Self:
        if abs(sum(self.landmarks.values()) - 1.0) > 1e-6:
            raise ValueError(f"the weights of {', '.join(self.landmarks)} must sum to 1")
        return self


class OnStructure(_Model):
    """Points on the ribbon of a structure that is solved before this one."""

    structure: str = Field(description="Unsided id.")
    points: Annotated[list[tuple[Fraction, Fraction]], Field(min_length=1)] = Field(description="(u, s) of each point.")
    face: Literal["superficial", "deep", "middle"] = Field(default="middle", description="Which of its faces.")
    gap: float = Field(default=0.0, description="mm outward from that face.")
    offset: Vector = Field(default=(0.0, 0.0, 0.0), description="Moved by this much, LPS mm on the right side.")


def _anchor_kind(value: object) -> str | None:
    """Which kind of anchor a value is, by the key that only that kind has; so errors speak of the kind meant."""
    keys = value if isinstance(value, dict) else vars(value)
    return next((kind for kind in ("bone", "landmarks", "structure") if kind in keys), None)


Anchor = Annotated[
    Annotated[OnBone, Tag("bone")]
    | Annotated[AtLandmarks, Tag("landmarks")]
    | Annotated[OnStructure, Tag("structure")],
    Discriminator(
        _anchor_kind,
        custom_error_type="anchor",
        custom_error_message="a place is given by one of the keys bone, landmarks or structure",
    ),
]


class Outline(_Model):
    """The closed outline of an attachment area on one bone."""

    bone: MaterialBone = Field(description="Bone, without a side.")
    points: Annotated[list[tuple[Element, Coordinate, Coordinate]], Field(min_length=3)] = Field(
        description="(element, ξ1, ξ2) of each corner, in order."
    )


class End(_Model):
    """One end of a ribbon."""

    curve: Annotated[list[Anchor], Field(min_length=1)] = Field(
        description="Where the fibres are fixed, from s = 0 to s = 1."
    )
    settles_on: list[str] = Field(
        default_factory=list,
        description="Bones and structures onto whose surface curve and end are laid.",
    )
    depth: float = Field(default=0.2, ge=0.0, le=0.4, description="mm the end is sunk into the bone.")
    rim: float = Field(default=0.0, ge=0.0, le=3.0, description="mm that the superficial face stands above bone there.")
    smoothing: float = Field(default=0.0, ge=0.0, description="Smoothing of the settled curve, in fibres.")
    blend: float = Field(default=0.10, gt=0.0, le=0.5, description="Length in u over which the end is laid down.")
    outlines: list[Outline] = Field(default_factory=list, description="Attachment areas, one or more, on bone.")


class Guide(_Model):
    """A place that fibres pass on their way."""

    u: Fraction
    curve: Annotated[list[Anchor], Field(min_length=1)]
    hard: bool = Field(default=False, description="Held there, instead of only starting there.")
    pull: float = Field(default=0.0, ge=0.0, description="How strongly fibres are drawn there; 0 only starts there.")
    reach: Fraction = Field(default=0.06, description="Length in u over which they are drawn.")


class Room(_Model):
    """Fat or a nerve's room between a structure and the deeper one that it covers."""

    over: str = Field(description="Structure that is kept clear, unsided.")
    gap: float = Field(gt=0.0, le=20.0, description="mm kept from it.")
    u: tuple[Fraction, Fraction] = Field(default=(0.0, 1.0), description="Part of its length for which this holds.")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.u[1] - self.u[0] < 0.05:
            raise ValueError("u must be a range of at least 0.05, such as [0.2, 0.8]")
        return self


class Adhesion(_Model):
    """A fleshy origin: where fibres lie on a wall instead of bridging its hollows."""

    to: Annotated[list[str], Field(min_length=1)] = Field(description="Bones and structures of the wall, unsided.")
    along: Law = Field(description="How closely by u: 1 lies on it, 0 is free.")


class Elastic(_Model):
    """How a ribbon pulls itself straight."""

    tension: float = Field(default=8.0, gt=0.0, description="Along the fibres.")
    bending: float = Field(default=6.0, ge=0.0, description="Against bending along the fibres.")
    across: float = Field(default=0.6, ge=0.0, description="Evenness from fibre to fibre.")
    rounds: int = Field(default=60, ge=1, le=400, description="Steps of relaxation.")


class Belly(_Model):
    """The section of a ribbon: how thick, where, and on which side of it."""

    along: Law = Field(description="Relative thickness by u.")
    across: Law = Field(default=[(0.0, 1.0), (1.0, 1.0)], description="Relative thickness by s.")
    thickness: float | None = Field(default=None, gt=0.0, description="Greatest thickness, mm.")
    volume: float | None = Field(default=None, gt=0.0, description="Volume to reach, cm³.")
    edge: Annotated[float, Field(gt=0.1, le=1.5)] = Field(
        default=0.7, description="Below 1 the edges are full, 1 a lens."
    )
    deep: Fraction | Law = Field(default=0.5, description="Part of the thickness on the deep face; may change with u.")
    ends: tuple[float, float] = Field(default=(1.5, 1.5), description="Least thickness at either end, mm.")
    width: Law = Field(default=[(0.0, 1.0), (1.0, 1.0)], description="Relative width by u; 1 at the attachments.")
    outward: Vector = Field(description="Rough direction of the superficial face, LPS on the right side.")
    normal_smoothing: tuple[float, float] = Field(default=(2.0, 1.0), description="Smoothing of normals along, across.")
    face_smoothing: float = Field(
        default=0.0, ge=0.0, description="Smoothing of the superficial face along the fibres."
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.thickness is None) == (self.volume is None):
            raise ValueError("give either thickness or volume")
        return self


class Tendon(_Model):
    """Where belly turns to tendon."""

    proximal: float = Field(default=0.0, description="u before which it is tendon or aponeurosis.")
    distal: float = Field(default=1.0, description="u after which it is tendon.")
    softness: float = Field(default=0.04, gt=0.0, description="Half-length of the transition, in u.")
    ragged: float = Field(default=0.02, ge=0.0, description="How far the border wanders, in u.")
    whole: bool = Field(default=False, description="All of it is tendon: a ligament or a tract.")


class Relief(_Model):
    """Bundles of fibres seen on the surface."""

    height: float = Field(default=0.25, ge=0.0, description="mm.")
    bundles: int = Field(default=14, ge=1, description="Bundles across the belly.")


class Cleft(_Model):
    """The cleft of a split belly."""

    clearance: float = Field(default=0.4, gt=0.0, description="mm kept from a nerve that passes.")
    lips: float = Field(default=0.5, gt=0.0, le=1.0, description="Roundness of the heads' edges, of half their height.")
    carried: Fraction = Field(default=0.35, description="Share of the parting that reaches the outer borders.")
    closing: float = Field(default=14.0, gt=0.0, description="mm along the fibres over which it closes at either end.")
    empty: tuple[Fraction, Fraction] = Field(default=(0.3, 0.6), description="From where to where, in u, if empty.")
    empty_gap: float = Field(default=2.0, gt=0.0, description="mm it gapes at most if empty.")


class Split(_Model):
    """A belly of two abutting heads, parted along one fibre."""

    s: Fraction = Field(default=0.5, description="Where across the belly.")
    gap: float = Field(default=0.12, gt=0.0, description="mm between the heads where nothing parts them.")
    names: tuple[str, str] = Field(description="Part names, first the head at s = 0.")
    cleft: Cleft | None = Field(default=None, description="How the heads part where something lies between them.")


class Grid(_Model):
    """Size of the surface grid."""

    along: int = Field(ge=8, le=240)
    around: int = Field(ge=12, le=256, multiple_of=4)


class RibbonForm(_Model):
    """A muscle, ligament, tract or membrane."""

    id: str
    kind: Literal["muscle", "ligament", "fascia", "membrane"]
    origin: End
    insertion: End
    guides: list[Guide] = Field(default_factory=list)
    fibres: int = Field(default=13, ge=3, le=41, description="Fibres across the ribbon.")
    steps: int = Field(default=48, ge=8, le=120, description="Points along each fibre.")
    over: list[str] = Field(
        default_factory=list, description="Unsided ids of bones and structures the fibres run over."
    )
    clear_of: list[str] = Field(default_factory=list, description="Further structures the surface keeps clear of.")
    clearance: float = Field(default=0.3, ge=0.0, description="mm kept from bone and deeper structures.")
    rooms: list[Room] = Field(default_factory=list, description="Where it keeps further off a deeper structure.")
    fused_with: list[str] = Field(
        default_factory=list, description="Unsided ids of structures it grows into, so that both may share space."
    )
    adhesion: Adhesion | None = None
    elastic: Elastic = Elastic()
    belly: Belly
    tendon: Tendon = Tendon()
    relief: Relief = Relief()
    split: Split | None = None
    grid: Grid


class Station(_Model):
    """A place a nerve passes, its half-axes there, and how far it stays from bone."""

    at: Anchor
    width: float = Field(gt=0.0, description="mm, all divisions together.")
    thickness: float = Field(gt=0.0, description="mm.")
    from_bone: float = Field(default=0.3, ge=0.0, description="mm its surface keeps from bone here.")
    facing: Vector = Field(default=(0.0, 1.0, 0.0), description="Direction its flat back faces, LPS on the right side.")


class Division(_Model):
    """One of the abutting strands of a nerve."""

    id: str = Field(description="Structure id of the division.")
    after: Annotated[list[Station], Field(min_length=1)] = Field(description="Its own way after the strands part.")


class Route(_Model):
    """Another way than the common band's, left and joined again at lengths along it."""

    leaves: float = Field(ge=0.0, description="mm along the common band at which it leaves it.")
    joins: float = Field(gt=0.0, description="mm along the common band at which it has joined it again.")
    way: Annotated[list[Station], Field(min_length=1)] = Field(description="The places between, widths as the band's.")


class NerveForm(_Model):
    """A flattened nerve of two divisions that run as one band and then part: medial first."""

    id: str
    kind: Literal["nerve"]
    way: Annotated[list[Station], Field(min_length=3)] = Field(description="The common band, from its proximal end.")
    medial_share: Fraction = Field(default=0.58, description="Part of the width that the medial division takes.")
    gap: float = Field(default=0.04, gt=0.0, description="mm between the divisions where they abut.")
    divisions: tuple[Division, Division]
    routes: dict[Literal["through", "above"], Route] = Field(
        default_factory=dict, description="Ways of variants past piriformis; `below` is the band's own."
    )
    over: list[str] = Field(default_factory=list, description="Bones and structures it keeps clear of.")
    clearance: float = Field(default=0.4, ge=0.0, description="mm kept from those structures.")
    grid: Grid


Form = Annotated[RibbonForm | NerveForm, Field(discriminator="kind")]


class _FormFile(_Model):
    form: Form


@cache
def load_forms() -> dict[str, RibbonForm | NerveForm]:
    """All forms of the default body by structure id, checked.

    Raises FormError naming file and field.
    """
    forms: dict[str, RibbonForm | NerveForm] = {}
    folder = resources.files("annotations") / "data" / "forms"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".yaml"):
            continue
        form = read_form(entry.read_text(encoding="utf-8"), f"annotations/data/forms/{entry.name}")
        if form.id in forms:
            raise FormError(f"annotations/data/forms/{entry.name}: {form.id} has a form already, in another file.")
        forms[form.id] = form
    return forms


def read_form(text: str, name: str) -> RibbonForm | NerveForm:
    """A form from YAML text; `name` is the file named in errors."""
    try:
        return _FormFile.model_validate({"form": yaml.safe_load(text)}).form
    except yaml.YAMLError as error:
        raise FormError(f"{name}: not readable as YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:])
        raise FormError(f"{name}: field {field}: {first['msg']}") from error
