"""The Panel app's server: what it serves, to whom, and how it ends. The page itself is tested in a browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas
from tests.small import build_small
from viewer.app import AtlasApp
from viewer.bundle import MODULE
from viewer.component import AtlasViewer
from viewer.errors import ServerError
from viewer.lan import Keys, address_with_key, addresses, code
from viewer.page import embedded, inline_scripts
from viewer.scene import Scene
from viewer.server import LOOPBACK, bind, next_free_port


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> BuiltAtlas:
    return build_small(tmp_path_factory.mktemp("small") / "atlas")


class Client:
    """Asks the server as a browser would, with nothing added."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection(LOOPBACK, self.port, timeout=20)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def client(small: BuiltAtlas) -> Iterator[Client]:
    sockets = bind(0)
    end = AtlasApp(small, catalogue()).run_in_thread(sockets)
    yield Client(sockets[0].getsockname()[1])
    end()


def test_only_this_machine_is_listened_to() -> None:
    (listening,) = bind(0)
    with listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_the_page_names_nothing_outside(client: Client) -> None:
    answer, body = client.get("/")
    assert answer.status == 200
    html = body.decode()
    assert "<title>Ischia" in html
    assert 'rel="icon" href="data:image/svg+xml' in html
    addresses_named = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert len(addresses_named) >= 5
    assert not [a for a in addresses_named if re.match(r"(?!data:)[a-z]+:|//", a)]
    for address in addresses_named:
        if not address.startswith("data:"):
            assert client.get("/" + address)[0].status == 200, address


def test_every_script_of_the_link_is_served_here(client: Client) -> None:
    html = client.get("/")[1].decode()
    found = re.search(r'data-scripts="([^"]*)"', html)
    assert found is not None
    for address in found[1].split():
        answer, body = client.get("/" + address)
        assert answer.status == 200
        assert len(body) > 10_000


def test_content_policy(client: Client) -> None:
    """Nothing but this server; the page's own scripts by their hashes; no evaluation of text."""
    answer, body = client.get("/")
    policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    allowed = policy["script-src"].split()
    assert "'unsafe-eval'" not in allowed
    assert "'unsafe-inline'" not in allowed
    assert "'wasm-unsafe-eval'" in allowed
    scripts = inline_scripts(body.decode())
    assert len(scripts) >= 3
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed
    assert not [value for value in policy.values() if "http" in value or "*" in value]
    for path in ("/", "/alive", "/atlas/none"):
        headers = client.get(path)[0].headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_geometry_is_packed_and_kept_for_good(client: Client, small: BuiltAtlas) -> None:
    for file in small.document.files:
        address = f"/atlas/{small.document.hash}/{file.name}"
        answer, body = client.get(address, Accept_Encoding="gzip")
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"] == "model/gltf-binary"
        whole = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
        assert hashlib.sha256(whole).hexdigest() == file.sha256
        plain, body = client.get(address)
        assert plain.headers["Content-Encoding"] is None
        assert body == whole
        again, body = client.get(address, If_None_Match=plain.headers["Etag"])
        assert (again.status, body) == (304, b"")


def test_catalogue(client: Client) -> None:
    html = client.get("/")[1].decode()
    found = re.search(r"catalogue/[0-9a-f]+\.json", html)
    assert found is not None
    answer, body = client.get("/" + found[0])
    assert "immutable" in answer.headers["Cache-Control"]
    assert json.loads(body)["structures"]["piriformis"]["names"]["latin"].lower() == "musculus piriformis"


@pytest.mark.parametrize(
    "path",
    [
        "/atlas/none/atlas.glb",
        "/atlas/../../etc/passwd",
        "/atlas/%2e%2e/%2e%2e/etc/passwd",
        "/catalogue/x.json",
        "/components/os/path/_bundle_path/x",
        "/components/viewer.component/AtlasViewer/_bundle_path/cli.py",
        "/components/viewer.component/Path/_bundle_path/x",
    ],
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert client.get(path)[0].status in (400, 403, 404)


def test_another_host_name_is_refused(client: Client) -> None:
    """A page elsewhere that points its own name at 127.0.0.1 gets nothing."""
    answer, body = client.get("/", Host=f"evil.example:{client.port}")
    assert answer.status == 403
    assert b"terminal" in body
    assert client.get("/", Host=f"localhost:{client.port}")[0].status == 200


def test_the_script_is_not_cached_beyond_its_version(client: Client) -> None:
    answer, body = client.get("/" + AtlasViewer.script_address())
    assert body == MODULE.read_bytes()
    assert "javascript" in answer.headers["Content-Type"]
    assert "max-age=3" in answer.headers["Cache-Control"]


def test_values_cannot_end_their_script_element() -> None:
    text = embedded({"selected": "</script><script>alert(1)</script>"})
    assert "<" not in text
    assert json.loads(text)["selected"].startswith("</script>")


def test_lan_needs_the_key_once_and_the_cookie_then(small: BuiltAtlas) -> None:
    told: list[str] = []
    keys = Keys(told.append)
    first = keys.current
    sockets = bind(0)
    client = Client(sockets[0].getsockname()[1])
    end = AtlasApp(small, catalogue()).run_in_thread(sockets, keys)
    try:
        for path in ("/", "/alive", f"/atlas/{small.document.hash}/atlas.json", "/?key=", "/?key=guess", "/ws"):
            answer, body = client.get(path)
            assert answer.status == 403, path
            assert b"Spheres" not in body
        answer, _ = client.get(f"/?key={first}")
        assert answer.status == 302
        assert answer.headers["Location"] == "/", "the key does not stay in the address"
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite" in cookie
        pair = cookie.split(";")[0]
        assert client.get("/", Cookie=pair)[0].status == 200
        assert client.get(f"/atlas/{small.document.hash}/atlas.json", Cookie=pair)[0].status == 200
        assert client.get("/", Cookie=pair[:-2] + "xx")[0].status == 403
        assert client.get(f"/?key={first}")[0].status == 403, "a key opens the page once"
        assert told == [keys.current]
        assert client.get(f"/?key={told[0]}")[0].status == 302, "the next visitor's key"
    finally:
        end()


def test_lan_address_and_code() -> None:
    address = address_with_key("192.168.1.20", 5757, Keys().current)
    assert re.fullmatch(r"http://192\.168\.1\.20:5757/\?key=[\w-]{16}", address)
    drawing = code(address)
    assert len(drawing.splitlines()) > 10
    assert "█" in drawing or "▀" in drawing
    assert not [a for a in addresses() if a.startswith("127.")]


def test_a_port_in_use_offers_the_next_free_one() -> None:
    (taken,) = bind(0)
    with taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError) as raised:
            bind(port)
        offered = next_free_port(port + 1)
        assert offered is not None
        assert offered > port
        assert f"Port {port} is in use" in str(raised.value)
        assert f"--port {offered}" in str(raised.value)
        (other,) = bind(offered)
        other.close()


def test_a_missing_script_says_what_to_do(small: BuiltAtlas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.app.MODULE", Path("/nowhere/ischia.mjs"))
    with pytest.raises(ServerError, match="make view"):
        AtlasApp(small, catalogue())


def test_the_component_checks_what_it_is_given() -> None:
    viewer = AtlasViewer()
    viewer.set_scene(Scene(peel=2))
    assert viewer.get_scene().peel == 2
    with pytest.raises(ValueError, match=r'unknown field "pel".*Did you mean peel'):
        viewer.scene = {"pel": 1}
    assert viewer.get_scene().peel == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for other processes")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_cleanly(small: BuiltAtlas, sign: signal.Signals) -> None:
    port = next_free_port(20_000)
    command = [sys.executable, "-m", "viewer.cli", "view", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--atlas", str(small.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        _wait_until_answered(port or 0)
        process.send_signal(sign)
        _, told = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in told


def _wait_until_answered(port: int) -> None:
    for _ in range(100):
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the page was announced but nobody answers")
