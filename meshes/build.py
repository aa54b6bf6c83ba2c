"""From a body's name or a folder to an atlas on disk, built once and then taken from the cache."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from annotations.loading import load
from meshes.atlas import Atlas, AtlasDocument
from meshes.atlas_files import DOCUMENT, read_document, write_atlas
from meshes.built import BuildError, BuiltAtlas
from meshes.code import code_files
from meshes.finishing import BONE_RESOLUTION, bone_structures, centrelines_of, growing
from meshes.passport import Passport, find_passport
from meshes.population_atlas import POPULATION_ATLAS, forms_key, mean_body, population_atlas, population_key
from meshes.set_atlas import set_atlas
from meshes.set_landmarks import LANDMARKS_FILE
from meshes.sets import find_set
from meshes.store import (
    StoreError,
    atlas_folder,
    builder_lock,
    content_key,
    files_key,
    forget_old_atlases,
    libraries_key,
)

__all__ = [
    "BONE_RESOLUTION",
    "BuildError",
    "BuiltAtlas",
    "bone_structures",
    "ensure_atlas",
    "growing",
    "mean_body",
    "population_atlas",
    "write_atlas",
]

Progress = Callable[[float, str], None]
Made = tuple[Atlas, Mapping[str, bytes]]
"""An atlas, and further files that go with it."""


def ensure_atlas(name_or_folder: str | Path = POPULATION_ATLAS, progress: Progress | None = None) -> BuiltAtlas:
    """The atlas called `population`, of a mesh set by its name or folder, or of a folder that `ischia build` wrote.

    Built if the cache does not hold it whole; `progress` is told the fraction done and what is being done.
    Raises `BuildError`, `StoreError` or `SetError`, whose messages say what to do.
    """
    start = time.perf_counter()
    folder = Path(name_or_folder).expanduser()
    if str(name_or_folder) == POPULATION_ATLAS:
        name, key = POPULATION_ATLAS, population_key()
        return _from_cache(name, key, lambda told: (population_atlas(told), {}), start, progress)
    folder = find_set(str(name_or_folder)) or folder
    if (folder / DOCUMENT).is_file():
        return BuiltAtlas(folder, read_document(folder), True, time.perf_counter() - start)
    if not folder.exists():
        raise BuildError(
            f'No atlas is called "{name_or_folder}", and there is no such folder. '
            f'Give "{POPULATION_ATLAS}", a set that `ischia atlas list` shows, or the folder of one.'
        )
    passport = find_passport(folder)
    return _from_cache(passport.id, set_key(folder, passport), lambda told: set_atlas(folder, told), start, progress)


def set_key(folder: Path, passport: Passport) -> str:
    """Hash of everything a set's atlas is made from: code, forms, its passport, its files and its placed landmarks."""
    files = [folder / mesh.file for mesh in passport.meshes]
    return content_key(
        files_key(code_files("set_atlas")),
        libraries_key(),
        forms_key(),
        passport.model_dump_json(),
        files_key(file for file in (*files, folder / LANDMARKS_FILE) if file.is_file()),
        *((mesh.structure, load().structures[mesh.structure].attachments) for mesh in passport.meshes),
    )


def _from_cache(
    name: str,
    key: str,
    make: Callable[[Progress], Made],
    start: float,
    progress: Progress | None,
) -> BuiltAtlas:
    tell: Progress = progress or (lambda done, text: None)
    folder = atlas_folder(name, key)
    document = _whole(folder, tell)
    if document is not None:
        return BuiltAtlas(folder, document, True, time.perf_counter() - start)
    with builder_lock(folder, lambda: tell(0.0, "Waiting for another window that is building this atlas")):
        document = _whole(folder, tell)
        if document is not None:
            return BuiltAtlas(folder, document, True, time.perf_counter() - start)
        atlas, beside = make(tell)
        tell(0.98, "Writing files")
        document = write_atlas(atlas, folder, key=key, centrelines=centrelines_of(atlas), beside=beside)
        forget_old_atlases(folder)
    tell(1.0, "Done")
    return BuiltAtlas(folder, document, False, time.perf_counter() - start)


def _whole(folder: Path, tell: Progress) -> AtlasDocument | None:
    if not folder.exists():
        return None
    try:
        return read_document(folder)
    except StoreError as error:
        tell(0.0, f"{error} It is built anew.")
        return None
