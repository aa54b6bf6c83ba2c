"""The scene: one small versioned document that says what is seen, on every surface (page, notebook, file, figure)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from viewer.errors import SceneError, ViewerError, reason, suggestion
from viewer.files import write_whole

SCENE_VERSION: Final = 1

Vector = tuple[float, float, float]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Camera(_Part):
    """Where the viewer stands: a named view, or a position and target in LPS millimetres."""

    view: str | None = Field(
        default="posterior", description="Named camera view; null once the camera was moved by hand."
    )
    position: Vector | None = Field(default=None, description="Eye, LPS mm; used when view is null.")
    target: Vector | None = Field(default=None, description="Point looked at, LPS mm; used when view is null.")
    up: Vector = Field(default=(0.0, 0.0, 1.0), description="Up direction, LPS.")
    field_of_view: float = Field(default=24.0, gt=1.0, lt=120.0, description="Vertical angle of view, degrees.")

    @model_validator(mode="before")
    @classmethod
    def _placed(cls, data: Any) -> Any:
        """A position says where the camera is; a view left out then means that none is named, as in the page."""
        placed = isinstance(data, dict) and data.get("position") is not None and "view" not in data
        return {**data, "view": None} if placed else data


class Cut(_Part):
    """A cutting plane: matter on the positive side of the plane is taken away, and what is cut is closed by a cap."""

    normal: Vector = Field(default=(0.0, 1.0, 0.0), description="Unit normal, LPS; points to the side that is removed.")
    offset: float = Field(default=0.0, description="Signed distance of the plane from the origin along the normal, mm.")


class Variants(_Part):
    """Which sciatic–piriformis variant each side of the body has."""

    right: str = Field(default="A", description="Variant of the right side.")
    left: str = Field(default="A", description="Variant of the left side.")


class Beside(_Part):
    """A second body to compare with: in a second picture with the same camera, or drawn over the first."""

    atlas: str = Field(description="Which body: `bodyparts3d`.")
    how: Literal["side_by_side", "overlaid"] = Field(default="side_by_side", description="How the two are shown.")
    opacity: Fraction = Field(default=0.5, description="Opacity of the second body where it is overlaid.")


class Section(_Part):
    """A plane across the sciatic nerve or across piriformis: the cut goes with it, and a flat picture is drawn."""

    along: Literal["nerve", "piriformis"] = Field(default="nerve", description="Whose length the plane slides along.")
    side: Literal["right", "left"] = Field(default="right", description="Side of the body.")
    at: Fraction = Field(
        default=0.5,
        description="Place along the centreline, 0 to 1: from the roots to the thigh, from the sacrum to the femur.",
    )


class Trigger(_Part):
    """A trigger point on one side of the body: its X, and its pain as stippling."""

    id: str = Field(description="Trigger point by id: `gluteus_maximus.2`.")
    side: Literal["right", "left"] = Field(default="right", description="Side of the body.")


class LessonPlace(_Part):
    """A lesson that is being played, and where one is in it."""

    id: str = Field(description="Lesson by id: `variants`.")
    step: int = Field(default=0, ge=0, description="Step that is shown, from 0.")


class Ruler(_Part):
    """A straight distance between two points."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True, validate_by_name=True)

    start: Vector = Field(alias="from", description="First point, LPS mm.")
    end: Vector = Field(alias="to", description="Second point, LPS mm.")


class Scene(_Part):
    """What is visible and how. Every field has a default; `Scene()` is the picture a first visitor sees."""

    version: Literal[1] = Field(default=SCENE_VERSION, description="Version of this document's form.")
    atlas: str = Field(default="population", description="Which body is shown.")
    hidden: list[str] = Field(default_factory=list, description="Structures put out of sight, by sided id.")
    shown: list[str] = Field(
        default_factory=list, description="Structures brought into sight that the peel or their default would hide."
    )
    isolated: list[str] = Field(
        default_factory=list, description="If not empty, only these structures (and their parts) are visible."
    )
    opacity: dict[str, Fraction] = Field(
        default_factory=dict, description="Opacity by sided id, 0 to 1; absent means 1."
    )
    fade_others: bool = Field(default=False, description="Everything but the selection recedes.")
    peel: int = Field(default=0, ge=0, description="How many of the outermost layers are taken off.")
    selected: str | None = Field(default=None, description="Sided id of the selected structure.")
    footprints: Literal["none", "selected", "all"] = Field(
        default="selected", description="Whose attachment areas are painted on the bones."
    )
    labels: Literal["none", "selected", "all"] = Field(
        default="none", description="Which structures carry a label with a leader line."
    )
    landmarks: bool = Field(default=False, description="Whether bony landmarks are marked and named.")
    variant: Variants = Field(default_factory=Variants)
    compare: Variants | None = Field(
        default=None, description="Variants of a second picture beside the first, with the same camera; or null."
    )
    beside: Beside | None = Field(
        default=None, description="A second body beside the first or over it, in place of other variants; or null."
    )
    focus: bool = Field(
        default=False, description="Everything but piriformis, the bones it joins and the sciatic nerve recedes."
    )
    heat: bool = Field(default=False, description="Whether piriformis is painted with its distance to the nerve.")
    subcutaneous: Fraction = Field(
        default=0.5, description="Thickness of the tissue under the skin: 0 slim, 0.5 usual, 1 large."
    )
    camera: Camera = Field(default_factory=Camera)
    cut: Cut | None = Field(default=None, description="Cutting plane, or null.")
    section: Section | None = Field(
        default=None, description="Cross-section along the nerve or piriformis, in place of the cutting plane; or null."
    )
    rulers: list[Ruler] = Field(default_factory=list, description="Distances that are measured in the picture.")
    trigger: Trigger | None = Field(
        default=None, description="Trigger point whose X and referred pain are shown, or null."
    )
    stipple: Literal["skin", "muscle"] = Field(
        default="skin", description="Whether referred pain is stippled on the skin or on what lies beneath it."
    )
    ball: Literal["tennis_ball", "lacrosse_ball", "roller"] | None = Field(
        default=None, description="What is set into the skin where the trigger point may be pressed, or null."
    )
    consult: bool = Field(
        default=False, description="The page as something to show to a client: one side, large targets, plain words."
    )
    lesson: LessonPlace | None = Field(default=None, description="Lesson that is being played, or null.")
    theme: Literal["auto", "light", "dark", "contrast"] = Field(
        default="auto", description="Colour scheme of the page."
    )
    language: str = Field(default="en", description="Language of names and texts.")
    names: Literal["english", "latin", "both"] = Field(default="english", description="Which names labels use.")

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """The scene in a JSON file. Raises SceneError naming the file, the field and what is allowed."""
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise SceneError(reason(error, path)) from error
        except UnicodeDecodeError as error:
            raise SceneError(f"{path}: not a text file in UTF-8, so not a scene.") from error
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise SceneError(f"{path}: not valid JSON at {where}: {error.msg}.") from error
        return cls.parse(data, str(path))

    @classmethod
    def parse(cls, data: Any, where: str = "scene") -> Self:
        """The scene in a JSON value; `where` begins the message of the SceneError raised if it is not one."""
        if not isinstance(data, dict):
            raise SceneError(f'{where}: a scene is a JSON object, like {{"version": {SCENE_VERSION}, "peel": 1}}.')
        version = data.get("version", SCENE_VERSION)
        if isinstance(version, int) and version > SCENE_VERSION:
            raise SceneError(
                f"{where}: this scene has version {version}; this ischia reads versions up to {SCENE_VERSION}. "
                "Update it with: pip install --upgrade ischia"
            )
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            lines = [_sentence(cls, problem) for problem in error.errors()]
            raise SceneError("\n".join(f"{where}: {line}" for line in lines)) from error

    def write(self, path: Path | str) -> None:
        """Write the document whole or not at all. Raises SceneError when the place cannot be written."""
        try:
            write_whole(Path(path), (self.model_dump_json(indent=2) + "\n").encode())
        except ViewerError as error:
            raise SceneError(str(error)) from error


def _sentence(model: type[BaseModel], problem: Any) -> str:
    """One problem that pydantic found, as a sentence that names the field and what is allowed."""
    place = [str(step) for step in problem["loc"]]
    name = ".".join(place)
    if problem["type"] == "extra_forbidden":
        allowed = sorted(field.alias or key for key, field in _holder(model, place[:-1]).model_fields.items())
        near = suggestion(place[-1], allowed) or f" Allowed are: {', '.join(allowed)}."
        return f'unknown field "{name}".{near}'
    value = json.dumps(problem["input"], ensure_ascii=False, default=str)
    short = value if len(value) <= 60 else value[:57] + "..."
    message = problem["msg"][0].lower() + problem["msg"][1:]
    message = message.replace("input should", "the value should")
    near = suggestion(problem["input"], _choices(problem)) if isinstance(problem["input"], str) else ""
    return f'field "{name}": {message}, and it is {short}.{near}'


def _choices(problem: Any) -> list[str]:
    """The words that a field with fixed choices allows."""
    expected = str(problem.get("ctx", {}).get("expected", ""))
    return [word.strip().strip("'") for word in expected.replace(" or ", ",").split(",") if word.strip()]


def _holder(model: type[BaseModel], steps: list[str]) -> type[BaseModel]:
    """The model that holds the field reached by `steps` from `model`."""
    for step in steps:
        field = model.model_fields.get(step)
        if field is None:
            break
        candidates = [field.annotation, *getattr(field.annotation, "__args__", ())]
        model = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), model)
    return model
