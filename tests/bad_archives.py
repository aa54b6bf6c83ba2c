"""Archives as people send them, and as nobody should."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import trimesh

from tests.bodies import Mesh

Make = Callable[[Path, Mapping[str, Mesh]], None]
"""Puts an archive of some of a body's meshes into a folder."""


def _stl(mesh: Mesh) -> bytes:
    return bytes(trimesh.exchange.stl.export_stl(trimesh.Trimesh(*mesh)))


def zipped(name: str, femur: str, *others: tuple[str, bytes], locked: bool = False) -> Make:
    """A zip with the left femur under a name, and other members."""

    def make(folder: Path, body: Mapping[str, Mesh]) -> None:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            if femur:
                archive.writestr(femur, _stl(body["femur.left"]))
            for other, content in others:
                archive.writestr(other, content)
        if locked:
            spoilt = bytearray((folder / name).read_bytes())
            for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
                spoilt[spoilt.index(mark) + at] |= 1
            (folder / name).write_bytes(spoilt)

    return make


def taped(femur: str, link: str = "") -> Make:
    """A packed tar with the left femur, and a link out of it."""

    def make(folder: Path, body: Mapping[str, Mesh]) -> None:
        with tarfile.open(folder / "bones.tar.gz", "w:gz") as archive:
            content = _stl(body["femur.left"])
            entry = tarfile.TarInfo(femur)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
            if link:
                entry = tarfile.TarInfo("sacrum.stl")
                entry.type, entry.linkname = tarfile.SYMTYPE, link
                archive.addfile(entry)

    return make
