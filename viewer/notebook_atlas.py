"""One body as a kernel holds it for all its widgets: its files, its names, and what is made after it."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.bundle import LOADER, MODULE, PARTS, fingerprint
from viewer.check import Vocabulary, vocabulary
from viewer.documents import documents
from viewer.errors import ViewerError
from viewer.later import Later
from viewer.notebook_progress import progress_bar

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from meshes.atlas import Atlas, GrowingEntry, StructureEntry
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack

ATLAS_DOCUMENT, PACK_DOCUMENT = "atlas.json", "later.json"
WORTH_PACKING = 0.95
"""Share of its size that a text may keep at most, packed, for packing to be worth the page's work."""


class OpenAtlas:
    """A body on disk, and everything that a page may ask of it; for all widgets, and safe across threads."""

    def __init__(self, built: BuiltAtlas) -> None:
        from annotations.catalogue import catalogue

        self.built = built
        self.catalogue: Catalogue = catalogue()
        self.later = Later(built, self._later_is_there)
        self._pack: BuiltPack | None = None
        self._sent: dict[str, tuple[bytes, bool]] = {}
        self._lock = threading.RLock()

    @property
    def key(self) -> str:
        """Hash under which a page keeps what it has of this body; another script or text makes another hash."""
        return f"{self.built.document.hash}-{fingerprint(MODULE)}-{fingerprint(LOADER)}"

    @cached_property
    def known(self) -> Vocabulary:
        """Every name that a scene of this body may use."""
        return vocabulary(self.built.document, self.catalogue, self.catalogue.variants)

    @property
    def entries(self) -> dict[str, StructureEntry | GrowingEntry]:
        """Every structure by sided id, be it made already or still to come."""
        coming = {entry.id: entry for entry in self.built.document.growing}
        made = {} if self._pack is None else self._pack.document.structures
        return {**self.built.document.structures, **coming, **made}

    # --- for the page ---

    def bring(self, kind: str, name: str) -> tuple[bytes, bool]:
        """What a page has asked for: its bytes, and whether they are packed by gzip.

        kind : `script`, `part`, `atlas`, `catalogue`, `documents` (their names), `document` or `file`
        Raises ViewerError, whose message is for the page, if there is no such thing.
        """
        place = f"{kind} {name}"
        with self._lock:
            if place not in self._sent:
                self._sent[place] = _packed(self._read(kind, name))
            return self._sent[place]

    def _read(self, kind: str, name: str) -> bytes:
        match kind:
            case "script":
                return MODULE.read_bytes()
            case "part" if name in PARTS:
                return PARTS[name].read_bytes()
            case "atlas":
                return (self.built.folder / ATLAS_DOCUMENT).read_bytes()
            case "catalogue":
                return self.catalogue.model_dump_json().encode()
            case "documents":
                return json.dumps(list(documents())).encode()
            case "document" if name in documents():
                return documents()[name]
            case "file" if name in self._files():
                return self._files()[name].read_bytes()
        raise ViewerError(f"Python has no {kind} {name}".rstrip() + " for this page. Run the cell again.")

    def _files(self) -> dict[str, Path]:
        """Files of the atlas and, once it is made, of what comes after it."""
        found = {file.name: self.built.folder / file.name for file in self.built.document.files}
        if self._pack is not None:
            folder, document = self._pack.folder, self._pack.document
            marks = [document.marks] if document.marks else []
            found |= {name: folder / name for name in [*marks, *(file.name for file in document.files)]}
        return found

    def growth(self) -> tuple[dict[str, Any], bytes | None]:
        """How it stands with what is made after the atlas, and its document once it is ready.

        The first who asks sets it going, in a process of its own.
        """
        state = self.later.ask()
        if state.state == "ready" and self._pack is not None:
            return {"state": "ready"}, (self._pack.folder / PACK_DOCUMENT).read_bytes()
        if state.state == "failed":
            return {"state": "failed", "message": state.text}, None
        return {"state": state.state, "done": round(state.done, 3), "text": state.text}, None

    def _later_is_there(self, pack: BuiltPack) -> None:
        self._pack = pack

    # --- for people ---

    def pack(self) -> BuiltPack | None:
        """What comes after the atlas, made now under a progress bar if it is not there; None if nothing does."""
        if self._pack is None and self.built.document.growing:
            from meshes.more import ensure_later, found

            pack = found(self.built)
            if pack is None:
                with progress_bar("Making variants, small nerves and skin") as report:
                    pack = ensure_later(self.built, report)
            self._pack = pack
        return self._pack

    @cached_property
    def first(self) -> Atlas:
        """The atlas alone, decoded from its files; to be read, not changed."""
        return self.built.atlas()

    @cached_property
    def whole(self) -> Atlas:
        """The atlas with all that comes after it, decoded; a part's `shapes` are its variants. To be read only."""
        from meshes.more import whole_atlas

        pack = self.pack()
        return self.first if pack is None else whole_atlas(self.built, pack)


@cache
def open_atlas(name_or_folder: str) -> OpenAtlas:
    """The body of that name or folder, built under a progress bar if the cache does not hold it.

    Raises ViewerError if there is no such body, or if the page's script is missing.
    """
    if not MODULE.is_file():
        raise ViewerError(
            f"{MODULE}: the page's script is missing. In a clone of the sources, build it with: make view"
        )
    return OpenAtlas(_built(name_or_folder))


def _built(name_or_folder: str) -> BuiltAtlas:
    from meshes.build import BuildError, ensure_atlas
    from meshes.passport import SetError
    from meshes.store import StoreError

    try:
        with progress_bar("Building the atlas") as report:
            return ensure_atlas(name_or_folder, progress=report)
    except (BuildError, SetError, StoreError) as error:
        raise ViewerError(str(error)) from error


def _packed(data: bytes) -> tuple[bytes, bool]:
    small = gzip.compress(data, compresslevel=6, mtime=0)
    return (small, True) if len(small) < WORTH_PACKING * len(data) else (data, False)


def answer(atlas: OpenAtlas, asked: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """The message and the buffers that answer a page's question.

    asked : {"ask": number, "kind": …, "name": …}; `growth` is one more kind. What cannot be brought is answered by
    {"error": sentence}.
    """
    reply: dict[str, Any] = {"answer": asked.get("ask")}
    kind, name = str(asked.get("kind", "")), str(asked.get("name", ""))
    try:
        if kind == "growth":
            state, document = atlas.growth()
            packed, is_packed = _packed(document) if document is not None else (b"", False)
            return {**reply, "growth": state, "packed": is_packed}, [packed]
        data, is_packed = atlas.bring(kind, name)
    except (ViewerError, OSError) as error:
        return {**reply, "error": str(error)}, []
    return {**reply, "packed": is_packed}, [data]
