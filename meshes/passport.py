"""The passport of a mesh set: which file is which structure, in what unit and axes, whose work it is, what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from annotations.explain import validate_as
from annotations.loading import DATA, load
from annotations.yamlfile import read_yaml
from meshes.atlas import Side, Source

PASSPORTS = DATA / "sets"
IN_FOLDER = "passport.yaml"


class SetError(Exception):
    """A mesh set cannot be used; the message says which file, why, and what to do."""


class MeshFile(BaseModel):
    """One file of the set and the structure it holds."""

    model_config = ConfigDict(extra="forbid")
    file: str = Field(description="Path inside the set's folder.")
    structure: str = Field(description="Id of the structure's annotation.")
    side: Side
    holds: list[str] = Field(default_factory=list, description="Further structures that the same mesh contains.")


class LeftOut(BaseModel):
    """A file of the set that is not used."""

    model_config = ConfigDict(extra="forbid")
    file: str = Field(description="Path inside the set's folder.")
    reason: str = Field(description="Why it is not used.")


class Passport(BaseModel):
    """`passport.yaml` of a set's folder, or one of the passports that come with the annotations."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Short name of the set.")
    title: str
    unit: Literal["metre", "millimetre"] = Field(description="Unit of the files.")
    axes: Literal["y_up", "lps"] = Field(
        description="y_up: y up, z to anterior, x to the subject's left; lps: x left, y posterior, z up."
    )
    source: Source
    faults: list[str] = Field(default_factory=list, description="What is known to be wrong with the set.")
    meshes: list[MeshFile] = Field(min_length=1)
    left_out: list[LeftOut] = Field(default_factory=list)


def read_passport(file: Path) -> Passport:
    """The passport in `file`. Raises `SetError` with every fault, its field and its line."""
    content = read_yaml(file, file.name)
    passport = None if content.content is None else validate_as(Passport, content, content.content)
    if passport is None or content.problems:
        raise SetError("\n".join(str(problem) for problem in content.problems) or f"{file} is empty.")
    known = load().structures
    named = {name for mesh in passport.meshes for name in (mesh.structure, *mesh.holds)}
    unknown = sorted(named - set(known))
    if unknown:
        raise SetError(
            f"{file.name}: meshes: no structure is called {', '.join(unknown)}; `ischia validate` lists them."
        )
    ids = [(mesh.structure, mesh.side) for mesh in passport.meshes]
    twice = sorted({" ".join(key) for key in ids if ids.count(key) > 1})
    if twice:
        raise SetError(f"{file.name}: meshes: {', '.join(twice)} has two files; keep one, list the other in left_out.")
    return passport


def find_passport(folder: Path) -> Passport:
    """The passport of a set's folder: its own `passport.yaml`, or the known set that most of its files belong to.

    Raises `SetError` if the folder is not there or is of no known set.
    """
    if not folder.is_dir():
        raise SetError(f"{folder} is no folder. Give the folder of an open mesh set, for example bodyparts3d.")
    own = folder / IN_FOLDER
    if own.is_file():
        return read_passport(own)
    best: tuple[int, Passport] | None = None
    for file in sorted(PASSPORTS.glob("*.yaml")):
        passport = read_passport(file)
        present = sum((folder / mesh.file).is_file() for mesh in passport.meshes)
        if present and (best is None or present > best[0]):
            best = (present, passport)
    if best is None:
        known = ", ".join(sorted(file.stem for file in PASSPORTS.glob("*.yaml")))
        raise SetError(
            f"{folder} holds no file of a known set ({known}). Put a {IN_FOLDER} into it that says which file is "
            "which structure; CONTRIBUTING.md shows one."
        )
    return best[1]
