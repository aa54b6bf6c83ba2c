"""Landmarks that a person has placed or agreed to on a mesh set: `landmarks.yaml` in the set's own folder.

They are kept in the frame and unit of the set's own files, so that they stay where they are however the set is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import igl
import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from annotations.explain import validate_as
from annotations.loading import load
from annotations.problems import did_you_mean
from annotations.yamlfile import read_yaml
from meshes.passport import MILLIMETRES, Passport, SetError, find_passport
from meshes.sets import sets_folder
from meshes.store import write_whole

Floats = NDArray[np.float64]
Mesh = tuple[Floats, NDArray[np.int64]]
"""Vertices (n, 3) and triangles (m, 3)."""
Confidence = Literal["placed", "good", "fair", "poor", "carried"]

LANDMARKS_FILE = "landmarks.yaml"
FAR_MM = 10.0
"""mm off its bone beyond which a point is no landmark of it: some lie in a hole or over an edge."""
DIGITS = 3
"""Thousandths of a millimetre are written, in whatever unit."""

_HEAD = "# Landmarks that a person has placed, or agreed to, in the frame and unit of this set's own files.\n"

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Placed(BaseModel):
    """Where a landmark is, who put it there, and whether a person has looked at it."""

    model_config = ConfigDict(extra="forbid")
    point: tuple[Finite, Finite, Finite] = Field(description="In the frame and unit of the set's own files.")
    by: Literal["person", "finder"] = Field(description="person: moved there by hand; finder: left where it was found.")
    confidence: Confidence = Field(description="placed: by a person; else as far as the finder may be trusted.")
    checked: bool = Field(default=False, description="Whether a person has looked at it and agrees.")


class LandmarksFile(BaseModel):
    """`landmarks.yaml` of a set's folder."""

    model_config = ConfigDict(extra="forbid")
    set: str = Field(description="Name of the set that they lie on.")
    unit: Literal["metre", "centimetre", "millimetre"] = Field(description="Unit of the points, as in its passport.")
    axes: Literal["y_up", "lps", "ras"] = Field(description="Axes of the points, as in its passport.")
    landmarks: dict[str, Placed] = Field(description="By sided id: asis.right, sacral_promontory.")


def landmark_bones() -> dict[str, str]:
    """The sided id of the bone that carries it, by the sided id of each landmark that is a point."""
    found: dict[str, str] = {}
    for name, entry in load().landmarks.items():
        if entry.form != "point":
            continue
        for side in ("right", "left") if entry.paired else ("",):
            carried_on = load().structures.get(entry.on)
            sided = bool(side) and (carried_on is None or carried_on.paired)
            found[f"{name}.{side}" if side else name] = f"{entry.on}.{side}" if sided else entry.on
    return found


def read_landmarks(folder: str | Path, passport: Passport | None = None) -> dict[str, Placed]:
    """What was placed on the set in `folder`, by sided id; nothing where it has no `landmarks.yaml`.

    Raises `SetError` with every fault of the file, its field and its line.
    """
    file = Path(folder) / LANDMARKS_FILE
    if not file.is_file():
        return {}
    passport = passport or find_passport(Path(folder))
    content = read_yaml(file, file.name)
    read = None if content.content is None else validate_as(LandmarksFile, content, content.content)
    if read is None or content.problems:
        raise SetError("\n".join(str(problem) for problem in content.problems) or f"{file} is empty.")
    if (read.set, read.unit, read.axes) != (passport.id, passport.unit, passport.axes):
        raise SetError(
            f"{file}: these landmarks are of the set {read.set} in {read.unit}s ({read.axes}), not of {passport.id} "
            f"in {passport.unit}s ({passport.axes}). Take the file away, and check the landmarks anew."
        )
    _known(read.landmarks)
    return read.landmarks


def write_landmarks(
    folder: str | Path, placed: Mapping[str, Placed], bones: Mapping[str, Mesh], passport: Passport | None = None
) -> Path:
    """Keep these landmarks in the folder of a set in the store, in place of those that were there.

    bones : the set's bones by sided id, in the frame and unit of its own files

    The file holds its old or its new content at any moment; without landmarks there is none.
    Raises `SetError` for a folder outside the store and for what is no landmark, `StoreError` if it cannot be written.
    """
    folder = Path(folder)
    if folder.resolve().parent != sets_folder().resolve():
        raise SetError(
            f"{folder} is not one of Ischia's own folders, and nothing is written outside them. "
            f"Download the landmarks and put them there yourself, as {LANDMARKS_FILE}."
        )
    text = landmarks_text(passport or find_passport(folder), placed, bones)
    file = folder / LANDMARKS_FILE
    if placed:
        write_whole(file, text.encode())
    else:
        with suppress(FileNotFoundError):
            file.unlink()
    return file


def landmarks_text(passport: Passport, placed: Mapping[str, Placed], bones: Mapping[str, Mesh]) -> str:
    """What `landmarks.yaml` says of them. Raises `SetError` for names that are none, and for points off their bone."""
    _known(placed)
    check_on_bones(passport, placed, bones)
    digits = DIGITS + round(np.log10(MILLIMETRES[passport.unit]))
    landmarks = {
        name: {**one.model_dump(), "point": [round(value, digits) for value in one.point]}
        for name, one in sorted(placed.items())
    }
    content = {"set": passport.id, "unit": passport.unit, "axes": passport.axes, "landmarks": landmarks}
    return _HEAD + yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=120)


def check_on_bones(passport: Passport, placed: Mapping[str, Placed], bones: Mapping[str, Mesh]) -> None:
    """Raises `SetError` that names every landmark whose bone the set lacks, or that lies far off it."""
    carriers = landmark_bones()
    faults = []
    for name, one in placed.items():
        bone = bones.get(carriers[name])
        if bone is None:
            faults.append(f"{name}: this set has no {carriers[name]}.")
            continue
        off = distance_mm(passport, one.point, bone)
        if not off <= FAR_MM and not name.startswith("femoral_head_centre"):
            faults.append(f"{name}: {off:.0f} mm from {carriers[name]}; up to {FAR_MM:.0f} mm are allowed.")
    if faults:
        raise SetError("These landmarks do not lie on their bones:\n" + "\n".join(faults))


def distance_mm(passport: Passport, point: tuple[float, float, float], bone: Mesh) -> float:
    """Distance in mm from a point to a bone, both in the frame and unit of the set's files."""
    squared = igl.point_mesh_squared_distance(np.array([point], float), *bone)[0]
    return float(np.sqrt(squared[0])) * MILLIMETRES[passport.unit]


def landmarks_part(folder: str | Path) -> bytes:
    """What the landmarks of a set add to the key of whatever is built from it: its file, or nothing."""
    file = Path(folder) / LANDMARKS_FILE
    return file.read_bytes() if file.is_file() else b""


def _known(placed: Mapping[str, Placed]) -> None:
    """Raises `SetError` with the nearest name for what is no landmark that is a point."""
    carriers = landmark_bones()
    wrong = [
        f"""no landmark is called "{name}"{did_you_mean(name, carriers) or "."}"""
        for name in placed
        if name not in carriers
    ]
    if wrong:
        raise SetError(f"{LANDMARKS_FILE}: " + "; ".join(wrong))
