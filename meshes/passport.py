"""The passport of a mesh set: which file is which structure, in what unit and axes, whose work it is, what is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from annotations.explain import validate_as
from annotations.loading import DATA, load
from annotations.yamlfile import read_yaml
from meshes.atlas import Side, Source, Vector

PASSPORTS = DATA / "sets"
IN_FOLDER = "passport.yaml"
NAME = r"^[a-z][a-z0-9_]*$"
MILLIMETRES = {"metre": 1000.0, "centimetre": 10.0, "millimetre": 1.0}
"""Millimetres in one unit of a set's files."""

_UNSAFE = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f]')


class SetError(Exception):
    """A mesh set cannot be used; the message says which file, why, and what to do."""


def inside(path: str) -> str:
    """The path if it stays inside the folder that it is meant from. Raises ValueError if it could lead out of it."""
    steps = path.split("/")
    if _UNSAFE.search(path) or len(path) > 200 or any(step in ("", ".", "..") for step in steps):
        raise ValueError(f'"{path}" must be a plain path inside the set\'s folder, such as bones/femur.glb, without ..')
    return path


Inside = Annotated[str, AfterValidator(inside)]


class MeshFile(BaseModel):
    """One file of the set and the structure it holds."""

    model_config = ConfigDict(extra="forbid")
    file: Inside = Field(description="Path inside the set's folder.")
    structure: str = Field(description="Id of the structure's annotation.")
    side: Side
    holds: list[str] = Field(default_factory=list, description="Further structures that the same mesh contains.")
    bytes: int | None = Field(default=None, ge=1, description="Size of the file.")
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="Checksum of the file's content.")
    changed: list[str] = Field(default_factory=list, description="What was changed in it when it was imported.")


class LeftOut(BaseModel):
    """A file of the set that is not used."""

    model_config = ConfigDict(extra="forbid")
    file: str = Field(description="Path inside the set's folder.")
    reason: str = Field(description="Why it is not used.")


class Passport(BaseModel):
    """`passport.yaml` of a set's folder, or one of the passports that come with the annotations."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=NAME, description="Short name of the set.")
    title: str
    about: str = Field(default="", description="What it is, in a sentence or two.")
    address: str | None = Field(
        default=None,
        pattern=r"^https://\S+[^/]$",
        description="Where its files are fetched from: this address, a slash, and the path of the file.",
    )
    unit: Literal["metre", "centimetre", "millimetre"] = Field(description="Unit of the files.")
    axes: Literal["y_up", "lps", "ras"] = Field(
        description=(
            "y_up: y up, z to anterior, x to the subject's left; lps: x left, y posterior, z up; "
            "ras: x right, y anterior, z up."
        )
    )
    origin: Vector | None = Field(
        default=None,
        description="Midway between the centres of the femoral heads, in the files' unit and axes; null: from femora.",
    )
    license_applied: str = Field(default="", description="Licence that is kept to, where several are stated.")
    source: Source
    missing: list[str] = Field(default_factory=list, description="What one would look for in it and not find.")
    faults: list[str] = Field(default_factory=list, description="What is known to be wrong with the set.")
    meshes: list[MeshFile] = Field(min_length=1)
    left_out: list[LeftOut] = Field(default_factory=list)

    @property
    def license(self) -> str:
        """The licence to keep to."""
        return self.license_applied or self.source.license

    @property
    def bytes(self) -> int:
        """Size of all its files together, as far as it is known."""
        return sum(mesh.bytes or 0 for mesh in self.meshes)


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


def known_passports() -> dict[str, Passport]:
    """The passports that come with the annotations, by the name of the set."""
    return {file.stem: read_passport(file) for file in sorted(PASSPORTS.glob("*.yaml"))}


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
    known = known_passports()
    for passport in known.values():
        present = sum((folder / mesh.file).is_file() for mesh in passport.meshes)
        if present and (best is None or present > best[0]):
            best = (present, passport)
    if best is None:
        raise SetError(
            f"{folder} holds no file of a known set ({', '.join(sorted(known))}). Put a {IN_FOLDER} into it that says "
            "which file is which structure (CONTRIBUTING.md shows one), or let `ischia import` make one."
        )
    return best[1]
