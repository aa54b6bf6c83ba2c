"""Where the bony landmarks lie on the population bones, in material coordinates."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from annotations.material import MaterialCurve, MaterialPoint

PLACES_FILE = "population/landmarks.yaml"


class _PlacesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    landmarks: dict[str, MaterialCurve | MaterialPoint]


class LandmarkError(ValueError):
    """The file of landmark places cannot be used."""


@cache
def landmark_places() -> dict[str, MaterialCurve | MaterialPoint]:
    """Where each landmark lies on the population bones, right side, by landmark id.

    Raises `LandmarkError` naming the landmark and field of what is wrong.
    """
    text = resources.files("annotations").joinpath("data", *PLACES_FILE.split("/")).read_text(encoding="utf-8")
    try:
        return _PlacesFile.model_validate(yaml.safe_load(text)).landmarks
    except (yaml.YAMLError, ValidationError) as error:
        raise LandmarkError(f"annotations/data/{PLACES_FILE}: {error}") from error
