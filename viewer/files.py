"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from viewer.errors import ViewerError, reason


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` at once: an interrupted or failed write leaves what was there before.

    Raises ViewerError, naming the file and what to do, when the folder cannot be written or the disk is full.
    """
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise ViewerError(reason(error, path)) from error


def _umask() -> int:
    """The process's file mode mask; `mkstemp` makes files that only their owner may read."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
