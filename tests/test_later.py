"""What is made while the page is open: how far it is, when it is there, what went wrong, how it ends."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas
from meshes.glb import decode_glb
from meshes.marks import MarksDocument
from meshes.more import ensure_later, found
from meshes.pack import PackDocument
from tests.later import bare, stand_ins
from tests.small import build_small
from tests.test_app import Client
from viewer.app import AtlasApp
from viewer.later import Later, LaterState
from viewer.server import bind


@pytest.fixture
def growing(tmp_path: Path) -> BuiltAtlas:
    return bare(tmp_path / "atlas")


@pytest.fixture
def served(growing: BuiltAtlas) -> Iterator[tuple[Client, str]]:
    sockets = bind(0)
    end = AtlasApp(growing, catalogue()).run_in_thread(sockets)
    yield Client(sockets[0].getsockname()[1]), f"/atlas/{growing.document.hash}"
    end()


def until(later: Later, state: str) -> LaterState:
    for _ in range(400):
        if later.ask().state == state:
            return later.state
        time.sleep(0.05)
    pytest.fail(f"it never came to be {state}: {later.state}")


def test_a_body_without_more_to_come_says_so(tmp_path: Path) -> None:
    small = build_small(tmp_path / "atlas")
    sockets = bind(0)
    end = AtlasApp(small, catalogue()).run_in_thread(sockets)
    try:
        answer, _ = Client(sockets[0].getsockname()[1]).get(f"/atlas/{small.document.hash}/later.json")
        assert answer.status == 404
    finally:
        end()


def test_the_page_is_told_how_far_it_is_and_then_gets_it(
    served: tuple[Client, str], growing: BuiltAtlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_ins(monkeypatch)
    gate = threading.Event()

    def make(later: Later) -> str:
        later.state = LaterState("growing", 0.4, "Skin")
        gate.wait(20)
        ensure_later(growing)
        return ""

    monkeypatch.setattr(Later, "_make", make)
    client, folder = served
    client.get(f"{folder}/later.json")
    for _ in range(400):
        answer, body = client.get(f"{folder}/later.json")
        if json.loads(body)["text"]:
            break
        time.sleep(0.05)
    assert answer.status == 202
    assert json.loads(body) == {"done": 0.4, "text": "Skin"}
    assert answer.getheader("Cache-Control") == "no-cache"
    gate.set()
    for _ in range(400):
        answer, body = client.get(f"{folder}/later.json")
        if answer.status != 202:
            break
        time.sleep(0.05)
    assert answer.status == 200
    document = PackDocument.model_validate_json(body)
    assert "skin" in document.structures
    for file in document.files:
        answer, body = client.get(f"{folder}/{file.name}")
        assert answer.status == 200
        assert "immutable" in (answer.getheader("Cache-Control") or "")
        assert decode_glb(body)
    answer, body = client.get(f"{folder}/{document.marks}")
    assert (answer.status, answer.getheader("Content-Type")) == (200, "application/json")
    assert MarksDocument.model_validate_json(body).sinks == 15.0


def test_what_is_in_the_cache_is_there_at_once(growing: BuiltAtlas, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_ins(monkeypatch)
    ensure_later(growing)
    monkeypatch.setattr(Later, "_make", lambda later: pytest.fail("it was made again"))
    told: list[str] = []
    later = Later(growing, lambda pack: told.append(pack.document.hash))
    until(later, "ready")
    assert len(told) == 1


def test_what_goes_wrong_is_told_and_the_page_goes_on(
    served: tuple[Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Later, "_make", lambda later: "The disk is full.")
    client, folder = served
    for _ in range(400):
        answer, body = client.get(f"{folder}/later.json")
        if answer.status != 202:
            break
        time.sleep(0.05)
    assert answer.status == 500
    assert body.decode() == "The disk is full."
    assert client.get(f"{folder}/atlas.json")[0].status == 200


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to look for")
def test_the_work_ends_with_the_server(growing: BuiltAtlas) -> None:
    later = Later(growing, lambda pack: None)
    for _ in range(600):
        if later.ask().text:
            break
        time.sleep(0.05)
    process = later._process
    assert process is not None
    assert os.getpgid(process.pid) == process.pid
    later.stop()
    for _ in range(200):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a process is left")
    assert found(growing) is None
    assert until(later, "failed").text
