"""Damaged files of every format: the importer says what it refused and why; it never crashes, hangs or writes."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import signal
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshes.importing import archive
from meshes.importing.archive import with_archives
from meshes.importing.files import find_files
from meshes.importing.read import Unreadable
from meshes.importing.reader import Reader
from meshes.importing.repair import mended
from meshes.store import cache_folder
from tests.bodies import write_mesh
from tests.solids import ball

FORMATS = ("stl", "ply", "obj", "glb", "vtp", "vtk", "nii", "nii.gz", "zip", "tar.gz")


@pytest.fixture(scope="module")
def sound() -> dict[str, bytes]:
    """A good file of each format."""
    surface = ball(30.0, fineness=2)
    found = {}
    with tempfile.TemporaryDirectory() as name:
        for suffix in FORMATS[:6]:
            file = Path(name) / f"sacrum.{suffix}"
            write_mesh(file, (surface.vertices, surface.triangles))
            found[suffix] = file.read_bytes()
    grid = np.stack(np.meshgrid(*[np.arange(16)] * 3, indexing="ij"), -1)
    data = (np.linalg.norm(grid - 8, axis=-1) < 6).astype(np.uint8)
    image = nib.Nifti1Image(data, np.diag([2.0, 2, 2, 1]))
    found["nii"] = image.to_bytes()
    found["nii.gz"] = gzip.compress(found["nii"], mtime=0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("mine/sacrum.stl", found["stl"])
    found["zip"] = packed.getvalue()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tape:
        entry = tarfile.TarInfo("mine/sacrum.stl")
        entry.size = len(found["stl"])
        tape.addfile(entry, io.BytesIO(found["stl"]))
    found["tar.gz"] = packed.getvalue()
    return found


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(patience=20) as shared:
        yield shared


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, list[tuple[str, float, bytes]]]:
    """A format, and what is done to its bytes: cut at, overwritten at, put in at a share of their length."""
    what = st.tuples(
        st.sampled_from(["cut", "over", "over", "in", "out"]),
        st.one_of(st.floats(0, 1), st.floats(0, 0.05)),
        st.one_of(
            st.binary(min_size=1, max_size=8), st.sampled_from([b"\xff" * 4, b"\0" * 8, b"9" * 12, b"-1 ", b"nan "])
        ),
    )
    return draw(st.sampled_from(FORMATS)), draw(st.lists(what, min_size=1, max_size=4))


def _damaged(content: bytes, steps: list[tuple[str, float, bytes]]) -> bytes:
    for way, share, piece in steps:
        at = int(share * len(content))
        if way == "cut":
            content = content[:at]
        elif way == "over":
            content = content[:at] + piece + content[at + len(piece) :]
        elif way == "in":
            content = content[:at] + piece + content[at:]
        else:
            content = content[:at] + content[at + len(piece) :]
    return content


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(damage())
def test_a_damaged_file_is_read_or_refused(
    sound: dict[str, bytes], reader: Reader, one: tuple[str, list[tuple[str, float, bytes]]]
) -> None:
    suffix, steps = one
    told: list[str] = []
    content = _damaged(sound[suffix], steps)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        file = Path(name) / f"sacrum.{suffix}"
        file.write_bytes(content)
        listed = with_archives(find_files(Path(name)), stack)
        assert listed
        for found in listed:
            assert found.path.parent in (Path(name), *cache_folder().glob(".unpacked-*"))
            if found.format is None:
                told.append(found.why)
                continue
            try:
                for piece in reader.read(found):
                    surface = mended(piece.vertices, piece.triangles)
                    assert np.isfinite(surface.vertices).all()
                    assert surface.triangles.min() >= 0
                    assert surface.triangles.max() < len(surface.vertices)
            except Unreadable as error:
                told.append(str(error))
        assert all(told), "a refusal has its reason"
        assert [path.name for path in Path(name).iterdir()] == [file.name]
        assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(content).digest()


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_sound_file_is_read(sound: dict[str, bytes], reader: Reader, suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"sacrum.{suffix}").write_bytes(sound[suffix])
    with ExitStack() as stack:
        (found,) = with_archives(find_files(tmp_path), stack)
        (piece,) = reader.read(found)
    assert len(piece.triangles) > 100
    assert not [*cache_folder().glob(".unpacked-*")], "nothing of it is left"


def test_a_reader_that_dies_or_hangs_costs_one_file(sound: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "sacrum.stl").write_bytes(sound["stl"])
    (found,) = find_files(tmp_path)
    with Reader(patience=60) as reader:
        assert reader.read(found)
        assert reader._process is not None
        reader._process.kill()
        reader._process.wait()
        assert reader.read(found), "a new one is started"
        os.kill(reader._process.pid, signal.SIGSTOP)
        reader.patience = 0.2
        with pytest.raises(Unreadable, match="takes longer than"):
            reader.read(found)
        reader.patience = 60.0
        assert reader.read(found)


@pytest.mark.parametrize("suffix", ["zip", "tar.gz"])
def test_an_archive_that_swells_is_not_unpacked(
    suffix: str, sound: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte more than may come out of it; one file more than may be in it."""
    (tmp_path / f"mine.{suffix}").write_bytes(sound[suffix])
    for limit, value in (("MOST_BYTES", len(sound["stl"]) - 1), ("MOST_FILES", 0)):
        with monkeypatch.context() as patch, ExitStack() as stack:
            patch.setattr(archive, limit, value)
            (found,) = with_archives(find_files(tmp_path), stack)
            assert found.format is None
            assert "holds more than" in found.why
        assert not [*cache_folder().glob(".unpacked-*")]
