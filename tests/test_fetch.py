"""Fetching a mesh set from a mirror that breaks off, lies and fails: whole in the end, or not there."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from meshes import fetch, passport
from meshes.build import BuildError, ensure_atlas
from meshes.fetch import fetch_set
from meshes.passport import SetError, inside, read_passport
from meshes.sets import find_set, known_sets, partial_folder, remove_set, set_folder
from meshes.store import StoreError, builder_lock
from viewer import cli

CONTENT = {f"bones/{name}.glb": bytes(range(256)) * (200 + 37 * i) for i, name in enumerate("abcde")}
WHERE = [("femur", "right"), ("femur", "left"), ("sacrum", "midline"), ("hip_bone", "right"), ("hip_bone", "left")]


class Mirror(ThreadingHTTPServer):
    """Serves the set `small` with byte ranges, and misbehaves as told: `faults` of a file, one per request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.faults: dict[str, list[str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.busy = 0
        self.busiest = 0
        self.guard = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Mirror
    protocol_version = "HTTP/1.1"
    ranges: ClassVar[bool] = True

    def do_GET(self) -> None:
        name = self.path.removeprefix("/small/")
        with self.server.guard:
            self.server.asked.append((name, self.headers.get("Range", "")))
            self.server.busy += 1
            self.server.busiest = max(self.server.busiest, self.server.busy)
            fault = self.server.faults.get(name, [])
            what = fault.pop(0) if fault else "fine"
        try:
            self._answer(name, what)
        finally:
            with self.server.guard:
                self.server.busy -= 1

    def _answer(self, name: str, what: str) -> None:
        content = CONTENT.get(name)
        if content is None or what == "404":
            return self._send(404, b"no")
        if what in ("500", "503"):
            return self._send(int(what), b"later", {"Retry-After": "0"})
        if what == "wrong":
            content = bytes(len(content))
        if what == "longer":
            content = content + b"more"
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        if what == "no ranges":
            start = 0
        body = content[start:]
        extra = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
        if what == "other part":
            extra = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        return self._send(206 if extra else 200, body, extra, cut=len(body) // 2 if what == "break" else None)

    def _send(self, status: int, body: bytes, extra: dict[str, str] | None = None, cut: int | None = None) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **(extra or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut is not None:
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    server = Mirror()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One known set, `small`, a cache of its own, and no patience."""
    folder = tmp_path / "passports"
    folder.mkdir()
    meshes = [
        {
            "file": file,
            "structure": structure,
            "side": side,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for (file, content), (structure, side) in zip(CONTENT.items(), WHERE, strict=True)
    ]
    source = dict.fromkeys(("title", "creators", "license", "citation"), "Test") | {"license_url": "", "url": ""}
    document = {
        "id": "small",
        "title": "A small set",
        "address": "https://127.0.0.1:1/nowhere",
        "unit": "metre",
        "axes": "y_up",
        "source": source,
        "meshes": meshes,
    }
    (folder / "small.yaml").write_text(json.dumps(document))
    monkeypatch.setattr(passport, "PASSPORTS", folder)
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ISCHIA_MIRROR", raising=False)
    monkeypatch.setattr(fetch, "PAUSES", (0.001, 0.001, 0.001))


def whole() -> bool:
    """Whether the set is there with every byte and nothing else."""
    folder = set_folder("small")
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return found == CONTENT and not partial_folder("small").exists()


@pytest.mark.parametrize(
    "faults",
    [
        [],
        ["break"],
        ["break", "break", "break"],
        ["500", "503"],
        ["wrong"],
        ["longer"],
        ["break", "no ranges"],
        ["break", "other part"],
        ["break", "wrong"],
        ["503", "break", "500"],
    ],
)
def test_a_set_is_whole_whatever_the_mirror_does_on_the_way(mirror: Mirror, faults: list[str]) -> None:
    mirror.faults = {"bones/a.glb": list(faults), "bones/d.glb": list(faults)}
    said: list[tuple[int, int]] = []
    folder, fetched = fetch_set(
        "small", mirror=mirror.address, told=lambda done, total, text: said.append((done, total))
    )
    assert (folder, fetched) == (set_folder("small"), True)
    assert whole()
    size = sum(map(len, CONTENT.values()))
    assert said[-1] == (size, size)
    assert all(0 <= done <= size for done, _ in said)
    assert mirror.busiest <= fetch.AT_ONCE
    assert find_set("small") == folder


def test_what_broke_off_is_resumed_not_fetched_again(mirror: Mirror) -> None:
    mirror.faults = {"bones/c.glb": ["break"]}
    fetch_set("small", mirror=mirror.address)
    ranges = [asked for name, asked in mirror.asked if name == "bones/c.glb"]
    assert ranges[0] == ""
    broken = len(CONTENT["bones/c.glb"]) // 2
    assert broken - 8192 < int(ranges[1].removeprefix("bytes=").removesuffix("-")) <= broken


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("404", r"bones/b\.glb is not to be had: the answer is 404"),
        ("500", r"bones/b\.glb answers 500"),
        ("break", "cannot be reached, or breaks off"),
        ("wrong", r"bones/b\.glb is not the file that the passport means: it has another checksum"),
        ("longer", r"is not the file that the passport means: it has [\d,]+ bytes"),
    ],
)
def test_a_set_that_cannot_be_had_is_not_there_and_the_rest_is_kept(mirror: Mirror, fault: str, words: str) -> None:
    mirror.faults = {"bones/b.glb": [fault] * 20}
    with pytest.raises(SetError, match=words) as told:
        fetch_set("small", mirror=mirror.address)
    assert "What has come is kept" in str(told.value)
    assert not set_folder("small").exists()
    with pytest.raises(SetError, match="ischia atlas get small"):
        find_set("small")
    assert {known.state for known in known_sets()} == {"begun"}
    mirror.faults, mirror.asked = {}, []
    fetch_set("small", mirror=mirror.address)
    assert whole()
    again = Counter(name for name, _ in mirror.asked)
    assert again["bones/b.glb"] == 1
    assert sum(again.values()) <= len(CONTENT)


def test_no_network_is_said_and_a_mirror_is_named_by_the_environment(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SetError, match=r"127\.0\.0\.1:1 cannot be reached.*on the network"):
        fetch_set("small")
    monkeypatch.setenv("ISCHIA_MIRROR", mirror.address + "/")
    fetch_set("small")
    assert whole()
    remove_set("small")
    for wrong in ("ftp://x.org", "/a/folder", "file:///etc"):
        with pytest.raises(SetError, match="no address of a mirror"):
            fetch_set("small", mirror=wrong)


def test_a_set_comes_from_a_folder_without_the_network_or_not_at_all(tmp_path: Path) -> None:
    source = tmp_path / "stick"
    for name, content in CONTENT.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    (source / "bones" / "c.glb").write_bytes(b"something else")
    (source / "bones" / "d.glb").unlink()
    with pytest.raises(SetError, match=r"bones/c\.glb has 14 bytes.*bones/d\.glb is missing.*Nothing was copied"):
        fetch_set("small", source=source)
    assert not set_folder("small").exists()
    for name, content in CONTENT.items():
        (source / name).write_bytes(content)
    assert fetch_set("small", source=source)[1]
    assert whole()
    assert not fetch_set("small", source=source)[1], "what is there is not fetched again"


def test_a_damaged_set_is_told_of_and_mended_by_fetching_only_what_is_wrong(mirror: Mirror) -> None:
    fetch_set("small", mirror=mirror.address)
    (set_folder("small") / "bones" / "e.glb").write_bytes(b"torn")
    with pytest.raises(SetError, match=r"1 of its files are missing or damaged: ischia atlas get small"):
        ensure_atlas("small")
    mirror.asked.clear()
    fetch_set("small", mirror=mirror.address)
    assert whole()
    assert [name for name, _ in mirror.asked] == ["bones/e.glb"]


def test_a_full_disk_is_said_before_and_during(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=1000)
    with monkeypatch.context() as patch:
        patch.setattr("meshes.fetch.shutil.disk_usage", lambda path: usage)
        with pytest.raises(SetError, match=r"not enough room.*1 KB are free"):
            fetch_set("small", mirror=mirror.address)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(fetch, "_receive", full)
        with pytest.raises(StoreError, match="is full"):
            fetch_set("small", mirror=mirror.address)
    assert not set_folder("small").exists()
    fetch_set("small", mirror=mirror.address)
    assert whole()


def test_two_at_once_fetch_it_once(mirror: Mirror) -> None:
    said: list[str] = []
    results: list[tuple[Path, bool]] = []

    def go() -> None:
        results.append(fetch_set("small", mirror=mirror.address, told=lambda done, total, text: said.append(text)))

    threads = [threading.Thread(target=go) for _ in range(2)]
    with builder_lock(set_folder("small")):
        for thread in threads:
            thread.start()
        while sum("Waiting for another window" in text for text in said) < 2:
            assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()
    assert sorted(fetched for _, fetched in results) == [False, True]
    assert len(mirror.asked) == len(CONTENT)
    assert whole()


def test_an_interrupted_fetch_leaves_no_set_and_goes_on_later(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(done: int, total: int, text: str) -> None:
        if done > total // 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_set("small", mirror=mirror.address, told=interrupt)
    assert not set_folder("small").exists()
    assert partial_folder("small").is_dir()
    fetch_set("small", mirror=mirror.address)
    assert whole()


@pytest.mark.parametrize(
    "path", ["../x.glb", "/etc/passwd", "a/../../x", "a//b", "C:\\x.glb", "a\\..\\x", "./x", "", "a\nb", "x" * 300]
)
def test_a_passport_cannot_lead_out_of_its_folder(path: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plain path inside"):
        inside(path)
    document = json.loads((passport.PASSPORTS / "small.yaml").read_text())
    document["meshes"][0]["file"] = path
    (tmp_path / "passport.yaml").write_text(json.dumps(document))
    with pytest.raises(SetError, match=r"meshes\[0\]\.file"):
        read_passport(tmp_path / "passport.yaml")


@pytest.mark.parametrize("name", ["..", "../x", "A", "a/b", "", ".small.partial"])
def test_a_name_cannot_lead_out_of_the_store(name: str, mirror: Mirror) -> None:
    for act in (lambda: set_folder(name), lambda: remove_set(name)):
        with pytest.raises(SetError, match="cannot be the name of a set"):
            act()
    with pytest.raises(SetError, match="No set that can be fetched"):
        fetch_set(name, mirror=mirror.address)


def test_the_commands_list_get_and_remove(mirror: Mirror, capsys: pytest.CaptureFixture[str]) -> None:
    def ischia(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(arguments)
        return code, *capsys.readouterr()

    def listed() -> dict[str, object]:
        code, out, _ = ischia("atlas", "list", "--json")
        assert code == 0
        entry: dict[str, object] = json.loads(out)[0]
        return entry

    assert (listed()["name"], listed()["fetched"], listed()["license"]) == ("small", False, "Test")
    assert listed()["bytes"] == sum(map(len, CONTENT.values()))
    code, out, _ = ischia("atlas", "list")
    assert "Fetch it:  ischia atlas get small" in out
    code, _, err = ischia("view", "--atlas", "small", "--port", "0")
    assert code == 1
    assert "ischia atlas get small" in err
    assert err.count("\n") == 1
    code, _, err = ischia("atlas", "get", "smal")
    assert code == 1
    assert "Did you mean small?" in err
    code, out, err = ischia("atlas", "get", "small", "--mirror", mirror.address)
    assert code == 0, err
    assert "Licence: Test" in out
    assert "Fetching small" in err
    assert listed()["fetched"] is True
    assert json.loads(ischia("atlas", "get", "small", "--json")[1])["fetched_now"] is False
    assert ischia("atlas", "get", "small", "--mirror", "http://x", "--from", ".")[0] == 2
    code, out, _ = ischia("atlas", "remove", "small")
    assert (code, "is gone" in out) == (0, True)
    assert listed()["fetched"] is False
    assert ischia("atlas", "remove", "small")[0] == 1
    with pytest.raises(BuildError, match="ischia atlas list"):
        ensure_atlas("nosuch")


def test_the_open_set_is_served_by_a_mirror_as_its_passport_says(
    shared_open_meshes: Path, monkeypatch: pytest.MonkeyPatch, mirror: Mirror
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("ISCHIA_CACHE", str(shared_open_meshes.parent / "nowhere"))
    known = read_passport(passport.PASSPORTS / "bodyparts3d.yaml")
    for mesh in known.meshes:
        content = (shared_open_meshes / "bodyparts3d" / mesh.file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (mesh.bytes, mesh.sha256)
    assert known.address is not None
    assert known.address.startswith("https://raw.githubusercontent.com/")
