"""Where built atlases and distance grids are kept, so that a second start is instant and a broken one loses nothing.

Everything is written beside its place and moved into it when whole, so that a reader never meets half a file.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.metadata
import io
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

CACHE_VARIABLE = "ISCHIA_CACHE"
KEPT_ATLASES = 4
"""How many atlases of one body are kept; older ones go when a new one is built."""

_LIBRARIES = ("numpy", "scipy", "libigl", "scikit-image", "meshopt", "manifold3d", "musculoskeletal-models")
_ARRAY_MAGIC = b"ischia\x00\x01"
_WAIT_SECONDS = 0.2


class StoreError(Exception):
    """The cache cannot be used; the message says which file, why, and what to do."""


def cache_folder() -> Path:
    """The folder that `ISCHIA_CACHE` names, or the system's own place for caches."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("ischia", appauthor=False))


def atlas_folder(atlas: str, key: str) -> Path:
    """Where the atlas of this name (`population`) and hash is kept, whether it is there or not."""
    return cache_folder() / "atlases" / atlas / key


def content_key(*parts: Any) -> str:
    """32 hex digits that change when any part does. A part is an array, bytes, a path (its content) or has a repr."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            content = f"{part.dtype.str}{part.shape}".encode() + np.ascontiguousarray(part).tobytes()
        elif isinstance(part, Path):
            content = part.read_bytes()
        else:
            content = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest.hexdigest()[:32]


def files_key(files: Iterable[Path]) -> str:
    """Hash of the names and contents of files, in any order."""
    return content_key(*(part for file in sorted(files) for part in (file.name, file)))


def libraries_key() -> str:
    """Hash of the versions of the libraries whose results end up in an atlas."""
    versions = []
    for name in _LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            versions.append((name, importlib.metadata.version(name)))
    return content_key(*versions)


def load_array(key: str) -> NDArray[Any] | None:
    """The array kept under a key from `content_key`, or None if it is not there or its file is damaged."""
    try:
        content = _array_file(key).read_bytes()
    except OSError:
        return None
    head = len(_ARRAY_MAGIC) + 4
    body = content[head:]
    if content[:head] != _ARRAY_MAGIC + zlib.crc32(body).to_bytes(4, "little"):
        return None
    array: NDArray[Any] = np.load(io.BytesIO(body), allow_pickle=False)
    return array


def store_array(key: str, array: NDArray[Any]) -> None:
    """Keep an array under a key. Raises `StoreError` when the cache cannot be written."""
    body = io.BytesIO()
    np.save(body, array, allow_pickle=False)
    content = body.getvalue()
    write_whole(_array_file(key), _ARRAY_MAGIC + zlib.crc32(content).to_bytes(4, "little") + content)


def _array_file(key: str) -> Path:
    return cache_folder() / "arrays" / f"{key}.array"


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that either its old or its new content is there at any moment.

    Raises `StoreError` when the disk is full or may not be written.
    """
    temporary: Path | None = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        raise explained(error, file) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


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
        replace_folder(temporary, folder)
    except OSError as error:
        raise explained(error, folder) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def explained(error: OSError, place: Path) -> StoreError:
    """What went wrong with a place on disk, for a person, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(
            f"The disk that holds {place} is full. Nothing was left half-written; free some space "
            f"or point {CACHE_VARIABLE} at a folder on another disk."
        )
    return StoreError(
        f"{place} cannot be written: {error.strerror or error}. Give yourself write permission there "
        f"or point {CACHE_VARIABLE} at a folder you can write."
    )


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_folder(new: Path, folder: Path) -> None:
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


@contextmanager
def builder_lock(folder: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Let one process at a time build what belongs in `folder`; `waiting` is called once if another is at it.

    The system frees the lock when its holder ends, however it ends. Raises `StoreError` when it cannot be made.
    """
    file = folder.parent / f".{folder.name}.lock"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise explained(error, folder) from error
    try:
        told = False
        while not _try_lock(handle):
            if waiting and not told:
                waiting()
                told = True
            time.sleep(_WAIT_SECONDS)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise StoreError(f"The cache's lock cannot be taken: {error.strerror}.") from error
    return True


def forget_old_atlases(folder: Path) -> None:
    """Delete all but the newest atlases beside `folder`, which is kept, and what broken builds left there."""
    beside = [path for path in folder.parent.iterdir() if path.is_dir() and path != folder]
    whole = sorted((path for path in beside if not path.name.startswith(".")), key=lambda path: -path.stat().st_mtime)
    for path in whole[KEPT_ATLASES - 1 :] + [path for path in beside if path.name.startswith(".")]:
        shutil.rmtree(path, ignore_errors=True)
        (folder.parent / f".{path.name}.lock").unlink(missing_ok=True)
