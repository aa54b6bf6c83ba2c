"""The scene: one small versioned document that says what is seen, on every surface (page, notebook, file, figure)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCENE_VERSION = 1

Vector = tuple[float, float, float]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Camera(_Part):
    """Where the viewer stands: a named view, or a position and target in LPS millimetres."""

    view: str | None = Field(default="posterior", description="Named camera view; null once the camera was moved by hand.")
    position: Vector | None = Field(default=None, description="Eye, LPS mm; used when view is null.")
    target: Vector | None = Field(default=None, description="Point looked at, LPS mm; used when view is null.")
    up: Vector = Field(default=(0.0, 0.0, 1.0), description="Up direction, LPS.")
    field_of_view: float = Field(default=24.0, gt=1.0, lt=120.0, description="Vertical angle of view, degrees.")


class Cut(_Part):
    """A cutting plane: matter on the positive side of the plane is taken away, and what is cut is closed by a cap."""

    normal: Vector = Field(default=(0.0, 1.0, 0.0), description="Unit normal, LPS; points to the side that is removed.")
    offset: float = Field(default=0.0, description="Signed distance of the plane from the origin along the normal, mm.")


class Scene(_Part):
    """What is visible and how. Every field has a default; `Scene()` is the picture a first visitor sees."""

    version: Literal[1] = Field(default=SCENE_VERSION, description="Version of this document's form.")
    atlas: str = Field(default="population", description="Which body is shown.")
    hidden: list[str] = Field(default_factory=list, description="Structures put out of sight, by sided id.")
    shown: list[str] = Field(default_factory=list, description="Structures brought into sight that the peel or their default would hide.")
    isolated: list[str] = Field(default_factory=list, description="If not empty, only these structures (and their parts) are visible.")
    opacity: dict[str, Fraction] = Field(default_factory=dict, description="Opacity by sided id, 0 to 1; absent means 1.")
    fade_others: bool = Field(default=False, description="Everything but the selection recedes.")
    peel: int = Field(default=0, ge=0, description="How many of the outermost layers are taken off.")
    selected: str | None = Field(default=None, description="Sided id of the selected structure.")
    footprints: Literal["none", "selected", "all"] = Field(default="selected", description="Whose attachment areas are painted on the bones.")
    labels: Literal["none", "selected", "all"] = Field(default="none", description="Which structures carry a label with a leader line.")
    landmarks: bool = Field(default=False, description="Whether bony landmarks are marked and named.")
    variant: dict[Literal["right", "left"], str] = Field(
        default_factory=lambda: {"right": "A", "left": "A"}, description="Sciatic–piriformis variant of each side."
    )
    camera: Camera = Field(default_factory=Camera)
    cut: Cut | None = Field(default=None, description="Cutting plane, or null.")
    theme: Literal["auto", "light", "dark", "contrast"] = Field(default="auto", description="Colour scheme of the page.")
    language: str = Field(default="en", description="Language of names and texts.")
    names: Literal["english", "latin", "both"] = Field(default="english", description="Which names labels use.")
