"""Where built atlases and distance grids are kept, so that a second start is instant and a broken one loses nothing."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "ISCHIA_CACHE"


class StoreError(Exception):
    """The cache cannot be used; the message says which file, why, and what to do."""


def cache_folder() -> Path:
    """The folder that `ISCHIA_CACHE` names, or the system's own place for caches."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("ischia", appauthor=False))


def _explained(error: OSError, place: Path) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(
            f"The disk that holds {place} is full. Nothing was left half-written; free some space "
            f"or point {CACHE_VARIABLE} at a folder on another disk."
        )
    return StoreError(
        f"{place} cannot be written: {error.strerror or error}. Give yourself write permission there "
        f"or point {CACHE_VARIABLE} at a folder you can write."
    )


@contextmanager
def folder_written_whole(folder: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` when the block ends well and vanishes when it does not.

    Raises `StoreError` when the disk is full or may not be written.
    """
    temporary: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        yield temporary
        for file in temporary.rglob("*"):
            if file.is_file():
                _flush(file)
        temporary.chmod(0o755)
        _replace_folder(temporary, folder)
    except OSError as error:
        raise _explained(error, folder) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace_folder(new: Path, folder: Path) -> None:
    """Put `new` in the place of `folder`; an older one steps aside first and comes back if the move fails."""
    if not folder.exists():
        new.replace(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent)) / "old"
    folder.replace(aside)
    try:
        new.replace(folder)
    except OSError:
        with suppress(OSError):
            aside.replace(folder)
        raise
    finally:
        shutil.rmtree(aside.parent, ignore_errors=True)
