"""Bony landmarks of the population bones: where they lie, and rules that find them anew on any pelvis and femur."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from pydantic import TypeAdapter, ValidationError

from annotations.material import MaterialCurve, MaterialPoint

PLACES_FILE = "population/landmarks.yaml"

_PLACES = TypeAdapter(dict[str, MaterialCurve | MaterialPoint])


class LandmarkError(ValueError):
    """The landmark file cannot be used, or a landmark cannot be found on a mesh."""


@cache
def landmark_places() -> dict[str, MaterialCurve | MaterialPoint]:
    """Where each landmark lies on the population bones, right side, by landmark id.

    Raises `LandmarkError` naming the landmark and field of what is wrong.
    """
    text = resources.files("annotations").joinpath("data", *PLACES_FILE.split("/")).read_text(encoding="utf-8")
    try:
        return _PLACES.validate_python(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise LandmarkError(f"annotations/data/{PLACES_FILE}: {error}") from error
