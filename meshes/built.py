"""An atlas on disk, and what is said when one cannot be built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meshes.atlas import Atlas, AtlasDocument
from meshes.atlas_files import read_atlas


class BuildError(Exception):
    """An atlas cannot be built; the message says what is missing and what to do."""


@dataclass(frozen=True)
class BuiltAtlas:
    """An atlas on disk: its folder, its document, whether it came from the cache, and the seconds it took."""

    folder: Path
    document: AtlasDocument
    cached: bool
    seconds: float

    def atlas(self) -> Atlas:
        """The atlas as its files hold it, decoded."""
        return read_atlas(self.folder, self.document)
