"""The cache under bad weather: unwritable, full, half-written, damaged, and two builders at once."""

from __future__ import annotations

import errno
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from meshes import atlas_files, build, population_atlas, store
from meshes.atlas import Atlas
from meshes.build import ensure_atlas
from meshes.store import StoreError
from tests.solids import atlas, ball, structure


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("ISCHIA_CACHE", str(folder))
    return folder


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The population atlas is a ball here; the list grows by one at each build."""
    made: list[str] = []

    def make(progress: Callable[[float, str], None] | None = None) -> Atlas:
        made.append("built")
        return atlas(structure("sacrum", "bone", ball()))

    monkeypatch.setattr(build, "population_atlas", make)
    return made


def left_behind(folder: Path) -> list[str]:
    """Everything under a folder but whole atlases and locks."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock") and path.name not in ("atlas.json", "atlas.glb")
    ]


def test_the_second_time_comes_from_the_cache(cache: Path, builds: list[str]) -> None:
    first, second = ensure_atlas(), ensure_atlas()
    assert (first.cached, second.cached) == (False, True)
    assert builds == ["built"]
    assert first.folder == second.folder
    assert first.folder.is_relative_to(cache)
    assert first.folder.name == first.document.hash
    assert second.document == first.document
    assert left_behind(cache) == []


def test_another_code_or_library_makes_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.population_key()
    assert build.population_key() == before
    monkeypatch.setattr(population_atlas, "libraries_key", lambda: "another numpy")
    assert build.population_key() != before


def test_a_form_that_changes_makes_another_key(tmp_path: Path) -> None:
    one, two = tmp_path / "piriformis.yaml", tmp_path / "sciatic_nerve.yaml"
    one.write_text("a")
    two.write_text("b")
    before = store.files_key([one, two])
    assert store.files_key([two, one]) == before
    two.write_text("c")
    assert store.files_key([one, two]) != before


@pytest.mark.parametrize("file", ["atlas.glb", "atlas.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "empty"])
def test_a_damaged_file_is_built_anew_and_said_so(cache: Path, builds: list[str], file: str, damage: str) -> None:
    good = ensure_atlas()
    path = good.folder / file
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        if file == "atlas.json":
            changed = content.replace(b'"structures":{', b'"structures":}')
        else:
            changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes({"cut": content[:middle], "changed": changed, "empty": b""}[damage])
    said: list[str] = []
    again = ensure_atlas(progress=lambda done, text: said.append(text))
    assert not again.cached
    assert builds == ["built", "built"]
    assert any(file in text and "built anew" in text for text in said)
    assert (again.folder / file).read_bytes() == content
    assert left_behind(cache) == []


def test_an_unwritable_cache_says_where_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, builds: list[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(StoreError, match=r"cannot be written: .*ISCHIA_CACHE") as error:
        ensure_atlas()
    assert str(tmp_path / "file") in str(error.value)
    assert builds == [], "it must say so before it works for a minute"


def full_disk(after: int) -> Callable[[Path, bytes], int]:
    """A `Path.write_bytes` that writes so many bytes and then finds the disk full."""
    room = [after]

    def write(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[: room[0]])
        if len(data) > room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
        room[0] -= len(data)
        return len(data)

    return write


@pytest.mark.parametrize("room", [0, 100, 3000])
def test_a_full_disk_leaves_nothing_half_written(
    cache: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full_disk(room))
        with pytest.raises(StoreError, match=r"disk .* is full.*ISCHIA_CACHE"):
            ensure_atlas()
    assert [path for path in cache.rglob("*") if path.is_file() and not path.name.endswith(".lock")] == []
    assert not ensure_atlas().cached, "and with room again it builds"
    assert ensure_atlas().cached


def test_a_full_disk_keeps_the_old_atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    old = atlas_files.write_atlas(atlas(structure("sacrum", "bone", ball())), folder)
    monkeypatch.setattr(Path, "write_bytes", full_disk(50))
    with pytest.raises(StoreError):
        atlas_files.write_atlas(atlas(structure("sacrum", "bone", ball(30.0))), folder)
    assert atlas_files.read_document(folder) == old
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_two_builders_build_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    started = threading.Event()

    def slow(progress: Callable[[float, str], None] | None = None) -> Atlas:
        made.append("built")
        started.set()
        time.sleep(0.5)
        return atlas(structure("sacrum", "bone", ball()))

    monkeypatch.setattr(build, "population_atlas", slow)
    said: list[str] = []
    first = threading.Thread(target=ensure_atlas)
    first.start()
    started.wait(10)
    second = ensure_atlas(progress=lambda done, text: said.append(text))
    first.join()
    assert made == ["built"]
    assert second.cached
    assert any("another window" in text for text in said)


def _hold(folder: str, ready: multiprocessing.synchronize.Event) -> None:
    with store.builder_lock(Path(folder)):
        ready.set()
        time.sleep(60)


def test_the_lock_of_a_builder_that_died_is_free(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold, args=(str(tmp_path / "atlas"), ready))
    process.start()
    assert ready.wait(60)
    process.kill()
    process.join()
    with store.builder_lock(tmp_path / "atlas", lambda: pytest.fail("the lock outlived its holder")):
        pass


def test_old_atlases_go(tmp_path: Path) -> None:
    for number in range(7):
        folder = tmp_path / f"{number:032x}"
        folder.mkdir()
        os.utime(folder, (number, number))
    (tmp_path / ".broken-build").mkdir()
    newest = tmp_path / f"{0:032x}"
    store.forget_old_atlases(newest)
    assert sorted(int(path.name, 16) for path in tmp_path.iterdir()) == [0, 4, 5, 6]


def test_arrays_come_back_and_damaged_ones_do_not(cache: Path) -> None:
    field = np.random.default_rng(1).normal(size=(4, 5, 6)).astype(np.float32)
    key = store.content_key(field, 2.0, "spacing")
    assert store.load_array(key) is None
    store.store_array(key, field)
    back = store.load_array(key)
    assert back is not None
    assert back.dtype == np.float32
    assert np.array_equal(back, field)
    file = next(cache.rglob("*.array"))
    content = file.read_bytes()
    for bad in (content[:-1], content[:40], b"", content[:-8] + b"\0" * 8):
        file.write_bytes(bad)
        assert store.load_array(key) is None
    assert store.content_key(field + 1, 2.0, "spacing") != key


def test_an_array_on_a_full_disk_is_an_error_and_no_file(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="is full"):
        store.store_array("key", np.zeros(3))
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_a_name_that_is_no_atlas_says_what_is(cache: Path) -> None:
    with pytest.raises(build.BuildError, match='No atlas is called "populaton"'):
        ensure_atlas("populaton")


def test_a_folder_with_a_built_atlas_is_taken_as_it_is(tmp_path: Path, cache: Path) -> None:
    document = atlas_files.write_atlas(atlas(structure("sacrum", "bone", ball())), tmp_path / "mine")
    built = ensure_atlas(tmp_path / "mine")
    assert built.cached
    assert built.document == document
    assert set(built.atlas().structures) == {"sacrum"}
