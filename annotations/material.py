"""Material coordinates: a place on a bone that stays the same anatomical place on every shape of that bone.

A bone of the population model is made of curved elements. A place is the bone, the number of the element, and two
coordinates within it. Places are authored on the right side (the midline sacrum and coccyx: on their right half) and
carried to the left by the body that locates them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MaterialBone = Literal["hip_bone", "sacrum", "coccyx", "femur", "patella", "tibia", "fibula"]
Element = Annotated[int, Field(ge=0)]
Coordinate = Annotated[float, Field(ge=0.0, le=1.0)]


class MaterialPoint(BaseModel):
    """A place on a bone."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    bone: MaterialBone = Field(description="Bone, without a side.")
    element: Element = Field(description="Element of the bone's surface.")
    xi1: Coordinate = Field(description="First coordinate within the element.")
    xi2: Coordinate = Field(description="Second coordinate within the element.")


class MaterialCurve(BaseModel):
    """A line or an outline on one bone, as a sequence of places."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    bone: MaterialBone = Field(description="Bone, without a side.")
    points: tuple[tuple[Element, Coordinate, Coordinate], ...] = Field(
        min_length=2, description="Element and its two coordinates, in order along the curve."
    )
    closed: bool = Field(default=False, description="Whether the last place is joined to the first.")
