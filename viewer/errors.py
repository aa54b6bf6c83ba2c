"""What goes wrong in a way that a person can mend. The command line and the page show the text, never a stack trace."""

from __future__ import annotations

import difflib
import errno
import os
from collections.abc import Iterable
from pathlib import Path


class ViewerError(Exception):
    """Says what was wrong, where, what is allowed and what to do, in sentences for the person who sees it."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook's cell shows: the sentences. With ISCHIA_DEBUG set, IPython's own account follows."""
        if os.environ.get("ISCHIA_DEBUG"):
            raise NotImplementedError  # IPython then shows everything
        return [f"{type(self).__name__}: {self}"]


class SceneError(ViewerError):
    """A scene document that cannot be read, or that names what is not there."""


class GraphicsError(ViewerError):
    """A picture cannot be drawn on this machine."""


class ServerError(ViewerError):
    """The page cannot be served."""


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The names most like `word`, the most likely first; an exact beginning or a part of a name counts as likely."""
    names = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=count, cutoff=0.55)
    within = [name for name in names if word and (word in name or name in word)]
    return list(dict.fromkeys([*close, *within]))[:count]


def suggestion(word: str, known: Iterable[str]) -> str:
    """A blank and "Did you mean …?" with the nearest names, or an empty text."""
    found = nearest(word, known)
    return f" Did you mean {' or '.join(found)}?" if found else ""


def reason(error: OSError, path: Path) -> str:
    """Why a file could not be read or written and what to do about it, as one sentence or two."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"{path}: the disk is full. Free some space and try again; nothing was changed."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{path}: not allowed to write or read here. Choose another place, or change the permissions."
        case errno.ENOENT:
            return f"{path}: there is no such file or folder. Check the name."
        case errno.EISDIR:
            return f"{path}: this is a folder; name a file."
        case errno.ENOTDIR:
            return f"{path}: a part of this path is a file, not a folder."
        case _:
            return f"{path}: {error.strerror or error}."
