"""Mesh sets on this machine: the fetched ones and a person's own, each a folder of its own under its name."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from meshes.passport import IN_FOLDER, NAME, MeshFile, Passport, SetError, find_passport, known_passports
from meshes.store import CACHE_VARIABLE, cache_folder, explained

State = Literal["fetched", "imported", "broken", "begun", "not fetched"]


@dataclass(frozen=True)
class KnownSet:
    """A set that is known by name, and whether it is here.

    passport : None if the one in its folder cannot be read;  trouble : why it cannot be used, or an empty text
    """

    name: str
    passport: Passport | None
    state: State
    folder: Path
    trouble: str = ""


def sets_folder() -> Path:
    """Folder of all sets: in the one that `ISCHIA_CACHE` names, else the system's own place for a person's data.

    What a person has imported is no cache: nothing but `ischia atlas remove` deletes it.
    """
    if os.environ.get(CACHE_VARIABLE):
        return cache_folder() / "sets"
    return Path(platformdirs.user_data_dir("ischia", appauthor=False)) / "sets"


def set_folder(name: str) -> Path:
    """Where the set of this name is kept, whether it is there or not. Raises `SetError` for what is no name."""
    if not re.fullmatch(NAME, name):
        raise SetError(
            f'"{name}" cannot be the name of a set: use lower-case letters, digits and underscores, as in my_pelvis.'
        )
    return sets_folder() / name


def partial_folder(name: str) -> Path:
    """Where the files of a set wait until all of them are there."""
    return set_folder(name).with_name(f".{name}.partial")


def known_sets() -> list[KnownSet]:
    """Every set that can be fetched or is here, by name."""
    shipped = known_passports()
    here = sets_folder()
    own = (
        {path.name for path in here.iterdir() if path.is_dir() and re.fullmatch(NAME, path.name)}
        if here.is_dir()
        else set()
    )
    return [_known(name, shipped.get(name)) for name in sorted({*shipped, *own})]


def _known(name: str, shipped: Passport | None) -> KnownSet:
    folder = set_folder(name)
    if not folder.is_dir():
        begun = partial_folder(name).is_dir()
        return KnownSet(name, shipped, "begun" if begun else "not fetched", folder)
    try:
        passport = shipped or find_passport(folder)
    except SetError as error:
        return KnownSet(name, None, "broken", folder, str(error))
    wrong = [mesh.file for mesh in passport.meshes if not _right_size(folder, mesh)]
    if wrong:
        again = f"ischia atlas get {name}" if shipped else "import it again"
        return KnownSet(name, passport, "broken", folder, f"{len(wrong)} of its files are missing or damaged: {again}")
    return KnownSet(name, passport, "fetched" if shipped else "imported", folder)


def _right_size(folder: Path, mesh: MeshFile) -> bool:
    file = folder / mesh.file
    return file.is_file() and (mesh.bytes is None or file.stat().st_size == mesh.bytes)


def find_set(name: str) -> Path | None:
    """The folder of the set of this name if it is here; None if no set is called so.

    Raises `SetError` that says how to fetch it if it is known but not here, or how to mend it if it is broken.
    """
    if not re.fullmatch(NAME, name):
        return None
    folder = set_folder(name)
    shipped = known_passports().get(name)
    if not folder.is_dir():
        if shipped is None:
            return None
        raise SetError(
            f"{shipped.title} is not on this machine yet. "
            f"Fetch it ({megabytes(shipped.bytes)}):  ischia atlas get {name}"
        )
    found = _known(name, shipped)
    if found.state == "broken":
        raise SetError(f"The set {name} cannot be used: {found.trouble}")
    return folder


def wrong_file(file: Path, mesh: MeshFile) -> str:
    """What is wrong with a file of a set: an empty text if it is there, of its size and with its checksum."""
    if not file.is_file():
        return "is missing"
    if mesh.bytes is not None and file.stat().st_size != mesh.bytes:
        return f"has {file.stat().st_size:,} bytes, not {mesh.bytes:,}"
    if mesh.sha256 is not None and sha256(file) != mesh.sha256:
        return "has another checksum than its passport says"
    return ""


def sha256(file: Path) -> str:
    """Checksum of a file's content, 64 hex digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove_set(name: str) -> int:
    """Delete a set, what was fetched of it, and what was built from it; the bytes that this freed.

    Raises `SetError` if nothing of such a set is here, `StoreError` if it may not be deleted.
    """
    places = [set_folder(name), partial_folder(name), cache_folder() / "atlases" / name]
    if not any(place.is_dir() for place in places[:2]):
        here = [known.name for known in known_sets() if known.state != "not fetched"]
        raise SetError(
            f"There is no set {name} on this machine. "
            + (f"There are: {', '.join(here)}." if here else "There is none.")
        )
    freed = 0
    for place in places:
        if not place.is_dir():
            continue
        freed += sum(file.lstat().st_size for file in place.rglob("*") if not file.is_dir())
        try:
            shutil.rmtree(place)
        except OSError as error:
            raise explained(error, place) from error
    return freed


def is_own(name: str) -> bool:
    """Whether the set of this name was imported by the person, not fetched."""
    return (set_folder(name) / IN_FOLDER).is_file()


def megabytes(count: int) -> str:
    """A size for people: `1.2 MB`, `340 KB`."""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(count, 0) / 1e3:,.0f} KB"
