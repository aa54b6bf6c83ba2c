"""A camera view with a name: from where one looks, and what then lies uppermost."""

from __future__ import annotations

import math

from pydantic import Field, model_validator

from annotations.statement import Entry, Text, Vector


class ViewCut(Entry):
    """A plane that takes away what would stand between the eye and the view's subject."""

    normal: Vector = Field(description="Unit normal, LPS; points to the side that is removed.")
    offset: float = Field(description="Signed distance of the plane from the origin along the normal, mm.")


class View(Entry):
    """One camera view. `direction` points from the target to the eye."""

    name: Text = Field(description="English name.")
    direction: Vector = Field(description="Unit vector from the target to the eye, LPS.")
    up: Vector = Field(description="Unit vector that points up in the picture, at right angles to `direction`, LPS.")
    target_landmarks: list[str] = Field(
        default_factory=list, description="Sided landmarks whose mean is looked at; if empty, `centre` is."
    )
    centre: Vector = Field(default=(0.0, 0.0, 0.0), description="Point looked at where landmarks are missing, LPS mm.")
    distance: float = Field(gt=0.0, description="Eye to target, mm, that frames the pelvis at 24 degrees of view.")
    cut: ViewCut | None = Field(default=None, description="Cutting plane that this view needs, or null.")

    @model_validator(mode="after")
    def _frame_is_orthonormal(self) -> View:
        for name, vector in (("direction", self.direction), ("up", self.up)):
            if abs(math.hypot(*vector) - 1.0) > 1e-3:
                raise ValueError(f"{name} must have the length 1, not {math.hypot(*vector):.3f}")
        slant = sum(a * b for a, b in zip(self.direction, self.up, strict=True))
        if abs(slant) > 1e-3:
            raise ValueError(f"up must be at right angles to direction; their product is {slant:.3f}, not 0")
        return self
