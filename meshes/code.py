"""Which files of this package something is made by: those that a module imports, and those that these import."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import meshes

_IMPORT = re.compile(
    r"^\s*(?:from meshes\.(\w+) import|import meshes\.(\w+)|from meshes import ([\w, ]+))", re.MULTILINE
)


def code_files(*modules: str, without: Collection[str] = ()) -> list[Path]:
    """Files of these modules (`build`) and of all of this package that they need, however indirectly, by name.

    without : modules that are not followed: what only they need is left out
    """
    folder = Path(meshes.__file__).parent
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        file = folder / f"{name}.py"
        if name in found or name in without or not file.is_file():
            continue
        found[name] = file
        for one, two, several in _IMPORT.findall(file.read_text(encoding="utf-8")):
            waiting += [one or two] if one or two else [word.strip() for word in several.split(",")]
    return [found[name] for name in sorted(found)]
