"""Which files of a folder may be read, and what each really is by its first bytes; no way leads out of the folder."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from meshes.passport import SetError
from meshes.sets import megabytes

Format = Literal["stl", "ply", "obj", "glb", "vtp", "vtk", "nifti", "archive"]

MOST_FILES = 2000
DEEPEST = 4
LARGEST = 3_000_000_000
"""Bytes of one file that are still read."""

SUFFIXES: dict[str, Format] = {
    ".stl": "stl",
    ".ply": "ply",
    ".obj": "obj",
    ".glb": "glb",
    ".vtp": "vtp",
    ".vtk": "vtk",
    ".nii": "nifti",
    ".nii.gz": "nifti",
}
READABLE = "STL, PLY, OBJ, GLB, VTP, VTK and NIfTI"
UNPACKED = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
"""Archives that are looked into."""
ARCHIVES = (".7z", ".rar", ".gz", ".bz2", ".xz")
BESIDE = (
    ".mtl",
    ".txt",
    ".csv",
    ".json",
    ".yaml",
    ".yml",
    ".md",
    ".pdf",
    ".png",
    ".jpg",
    ".jpeg",
    ".ini",
    ".log",
    ".xml",
)
"""What lies beside meshes and is passed over without a word."""


@dataclass(frozen=True)
class Found:
    """A file of the folder.

    name : its path inside the folder, with slashes
    format : what it is by its content; None if it is not read
    why : why it is not read; with a format, what is odd about it
    """

    path: Path
    name: str
    format: Format | None
    why: str = ""

    @property
    def stem(self) -> str:
        """Its name without folder and suffix."""
        name = self.name.rsplit("/", 1)[-1]
        return name[: -len(suffix)] if (suffix := suffix_of(name)) else name


def suffix_of(name: str) -> str:
    """The suffix that says what a file is, in lower case: `.nii.gz`, `.stl`; an empty text if it has none."""
    lower = name.lower()
    double = (suffix for suffix in (".nii.gz", ".tar.gz", ".tar.bz2", ".tar.xz") if lower.endswith(suffix))
    return next(double, os.path.splitext(lower)[1])  # noqa: PTH122


def find_files(folder: Path) -> list[Found]:
    """Every file of a folder that may be meant, by name; or one archive. Raises `SetError` if it is neither."""
    if not folder.exists():
        raise SetError(f"{folder}: there is no such folder.")
    if folder.is_file() and suffix_of(folder.name) in UNPACKED:
        return [look(folder, folder.name)]
    if not folder.is_dir():
        archive = suffix_of(folder.name) in ARCHIVES
        more = (
            "Unpack the archive and import the folder that it gives." if archive else "Give the folder that it is in."
        )
        raise SetError(f"{folder} is no folder. {more}")
    found: list[Found] = []
    for place, folders, files in os.walk(folder, followlinks=False, onerror=_cannot):
        here = Path(place)
        depth = len(here.relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")) and depth < DEEPEST)
        for name in sorted(files):
            if name.startswith(".") or suffix_of(name) in BESIDE:
                continue
            found.append(_within(here / name, folder))
            if len(found) > MOST_FILES:
                raise SetError(f"{folder} holds more than {MOST_FILES} files. Import the folder with the meshes alone.")
    if not found:
        raise SetError(f"{folder} holds no file that can be read. Meshes and label volumes are: {READABLE}.")
    return found


def _cannot(error: OSError) -> None:
    raise SetError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _within(path: Path, folder: Path) -> Found:
    name = path.relative_to(folder).as_posix()
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return Found(path, _shown(name), None, "leads out of the folder")
    except OSError as error:
        return Found(path, _shown(name), None, f"cannot be read: {error.strerror}")
    return look(path, name)


def _shown(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]|[\ud800-\udfff]", "?", name)


def look(path: Path, name: str) -> Found:
    """What one file is. name : what it is called in the report."""
    shown = _shown(name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Found(path, shown, None, "is no plain file")
        if status.st_size == 0:
            return Found(path, shown, None, "is empty")
        if status.st_size > LARGEST:
            return Found(path, shown, None, f"is too large ({megabytes(status.st_size)}; at most {megabytes(LARGEST)})")
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        return Found(path, shown, None, f"cannot be read: {error.strerror}")
    return _recognised(path, shown, head, status.st_size)


def _recognised(path: Path, name: str, head: bytes, size: int) -> Found:
    said = SUFFIXES.get(suffix_of(path.name))
    true = sniff(head, size)
    if suffix_of(path.name) in UNPACKED:
        return Found(path, name, "archive")
    if head.startswith(b"PK\x03\x04") or (suffix_of(path.name) in ARCHIVES and said is None):
        return Found(path, name, None, "is an archive; unpack it and import the folder that it gives")
    if true is None:
        if said is None:
            return Found(path, name, None, f"is none of {READABLE}")
        whole = 84 + 50 * int.from_bytes(head[80:84], "little")
        if said == "stl" and 84 < size < whole < LARGEST:
            return Found(path, name, None, f"is cut off: {size:,} of its {whole:,} bytes are there")
        return Found(path, name, None, f"is no {said.upper()} file, whatever its name says")
    if said is None:
        return Found(path, name, true, f"is read as {true.upper()}, by its content")
    if said != true:
        return Found(path, name, true, f"is {true.upper()} by its content, not {said.upper()} as its name says")
    return Found(path, name, true)


def sniff(head: bytes, size: int) -> Format | None:
    """What a file is by its first bytes and its size; None if it is nothing that is read."""
    if head.startswith(b"glTF"):
        return "glb"
    if head.startswith((b"ply\n", b"ply\r")):
        return "ply"
    if head.startswith(b"# vtk DataFile"):
        return "vtk"
    if b"<VTKFile" in head[:1024] and b'type="PolyData"' in head:
        return "vtp"
    if head.startswith(b"\x1f\x8b") or head[344:348] == b"n+1\0" or head[4:8] == b"n+2\0":
        return "nifti"
    if len(head) >= 84 and size == 84 + 50 * int.from_bytes(head[80:84], "little") and size > 84:
        return "stl"
    text = head.decode("latin-1")
    if text.lstrip().lower().startswith("solid") and re.search(r"\bfacet\b", text):
        return "stl"
    if not re.search(r"[\x00-\x08\x0e-\x1f]", text) and re.search(r"(?m)^\s*v\s+[-+.\d]", text):
        return "obj"
    return None
