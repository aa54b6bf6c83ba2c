"""Archives of meshes, unpacked into the store's own temporary folder. No name in an archive ever becomes a path."""

from __future__ import annotations

import lzma
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from meshes.importing.files import MOST_FILES, SUFFIXES, Found, look, suffix_of
from meshes.sets import megabytes
from meshes.store import cache_folder, explained

MOST_BYTES = 6_000_000_000
"""Bytes that all archives of a folder may hold unpacked."""
_AT_ONCE = 1 << 20
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError, MemoryError)
"""What the readers of a damaged archive raise."""


class ArchiveError(Exception):
    """The archive is not unpacked; the message says why, as the end of a sentence about it."""


@dataclass(frozen=True)
class _Member:
    """A plain file of an archive: its name there, and how to read it."""

    name: str
    opened: Callable[[], IO[bytes] | None]


def with_archives(files: list[Found], stack: ExitStack) -> list[Found]:
    """The files, and in the place of each archive the meshes in it; they are there until `stack` is closed.

    Raises `StoreError` if the store cannot be written.
    """
    listed: list[Found] = []
    left = MOST_BYTES
    for one in files:
        if one.format != "archive":
            listed.append(one)
            continue
        try:
            meshes = _unpacked(one, left, stack)
            left -= sum(mesh.path.stat().st_size for mesh in meshes)
            listed += meshes
        except ArchiveError as error:
            listed.append(replace(one, format=None, why=str(error)))
        except (NotImplementedError, RuntimeError):
            why = "is an archive with a password, or packed in a rare way; unpack it and import the folder"
            listed.append(replace(one, format=None, why=why))
        except DAMAGED:
            listed.append(replace(one, format=None, why="is a damaged archive, or cut off"))
    return listed


def _unpacked(archive: Found, left: int, stack: ExitStack) -> list[Found]:
    """The meshes of an archive as files of the store, called as they are in it."""
    with ExitStack() as reading:
        opened = _tar if ".t" in suffix_of(archive.path.name) else _zip
        members = [member for member in opened(archive.path, reading) if _meant(member.name)]
        if not members:
            raise ArchiveError("is an archive without any mesh or label volume")
        folder, found = _folder(stack), []
        for number, member in enumerate(members):
            file = folder / f"{number}{suffix_of(member.name)}"
            left -= _copied(member, file, left)
            found.append(look(file, f"{archive.name}/{member.name}"))
        return found


def _folder(stack: ExitStack) -> Path:
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".unpacked-", dir=cache_folder())))
    except OSError as error:
        raise explained(error, cache_folder()) from error


def _copied(member: _Member, file: Path, left: int) -> int:
    """Write a member; how many bytes it has. What an archive says of its sizes is not believed."""
    source = member.opened()
    if source is None:
        raise ArchiveError(f"holds {member.name}, which is no plain file")
    done = 0
    with source, file.open("wb") as target:
        while piece := source.read(_AT_ONCE):
            done += len(piece)
            if done > left:
                raise ArchiveError(f"holds more than {megabytes(MOST_BYTES)} when it is unpacked")
            target.write(piece)
    return done


def _zip(path: Path, reading: ExitStack) -> Iterator[_Member]:
    archive = reading.enter_context(zipfile.ZipFile(path))
    listed = archive.infolist()
    _check_count(len(listed))
    for entry in listed:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        _check_name(entry.filename, link=kind not in (0, stat.S_IFREG, stat.S_IFDIR))
        if not entry.is_dir():
            yield _Member(entry.filename, lambda entry=entry: archive.open(entry))  # type: ignore[misc]


def _tar(path: Path, reading: ExitStack) -> Iterator[_Member]:
    archive = reading.enter_context(tarfile.TarFile.open(path))
    size = 0
    for number, entry in enumerate(archive):
        _check_count(number + 1)
        _check_name(entry.name, link=not (entry.isreg() or entry.isdir()))
        size += entry.size
        if size > MOST_BYTES:
            raise ArchiveError(f"holds more than {megabytes(MOST_BYTES)} when it is unpacked")
        if entry.isreg():
            yield _Member(entry.name, lambda entry=entry: archive.extractfile(entry))  # type: ignore[misc]


def _check_count(count: int) -> None:
    if count > MOST_FILES:
        raise ArchiveError(f"holds more than {MOST_FILES} files")


def _check_name(name: str, link: bool) -> None:
    """Refuse the whole archive for one name that would lead out of a folder: nobody makes such a one by chance."""
    windows = PureWindowsPath(name)
    if windows.drive or windows.root or PurePosixPath(name).is_absolute() or ".." in windows.parts:
        raise ArchiveError(f"is not unpacked: {name[:80]!r} in it would lead out of its folder")
    if link:
        raise ArchiveError(f"is not unpacked: {name[:80]!r} in it is a link or a device")


def _meant(name: str) -> bool:
    """Whether a member is a mesh or a volume; what systems put beside them, and archives in archives, are not."""
    parts = PurePosixPath(name).parts
    return suffix_of(name) in SUFFIXES and not any(part.startswith((".", "__")) for part in parts)
