"""How many bytes the files of an atlas are on the wire."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from meshes.build import ensure_atlas
from meshes.more import ensure_later


@dataclass(frozen=True)
class Wire:
    """Bytes after gzip: of the default layers, and of all files."""

    default: int
    everything: int


def wire_bytes(folder: Path) -> Wire:
    """Bytes of the atlas in a folder, and of what comes after it, as the server sends them."""
    built = ensure_atlas(folder)
    files = [(file.wanted, folder / file.name) for file in built.document.files]
    files.append(("first", folder / "atlas.json"))
    if built.document.growing:
        pack = ensure_later(built)
        files += [(file.wanted, pack.folder / file.name) for file in pack.document.files]
        files.append(("shown", pack.folder / "later.json"))
    sizes = [(wanted, min(path.stat().st_size, len(gzip.compress(path.read_bytes(), 6)))) for wanted, path in files]
    return Wire(sum(size for wanted, size in sizes if wanted != "shown"), sum(size for _, size in sizes))
