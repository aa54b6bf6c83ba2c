"""The web server of the Panel app: who is let in, which files go out, and how long a browser may keep them."""

from __future__ import annotations

import asyncio
import errno
import gzip
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bokeh.application import Application
from bokeh.server.server import BaseServer
from bokeh.server.tornado import BokehTornado
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.routing import Router
from tornado.web import Application as Routes
from tornado.web import GZipContentEncoding, OutputTransform, RequestHandler

from viewer.bodies import Errand, OtherBody
from viewer.errors import ServerError
from viewer.lan import COOKIE, Keys
from viewer.later import Later, LaterState
from viewer.page import policy

LOOPBACK = "127.0.0.1"
FOR_GOOD = "public, max-age=31536000, immutable"
"""For addresses that carry the hash of their content: they never change, so a browser need never ask again."""

SESSION_SECONDS = 7 * 24 * 3600
"""How long a page that lost its connection (a laptop asleep) may come back to its session."""


@dataclass(frozen=True)
class Asset:
    """One file that is served under a fixed address: its bytes on disk or in memory, and what they are."""

    path: Path | None
    data: bytes | None
    content_type: str

    @cached_property
    def packed(self) -> tuple[bytes, bool]:
        """The bytes to send, and whether they are gzip-compressed; compressed once, and only where that helps."""
        raw = self.raw
        small = gzip.compress(raw, compresslevel=6, mtime=0)
        return (small, True) if len(small) < 0.95 * len(raw) else (raw, False)

    @property
    def raw(self) -> bytes:
        """The bytes as they are."""
        if self.data is not None:
            return self.data
        assert self.path is not None
        return self.path.read_bytes()


class AssetHandler(RequestHandler):
    """Serves assets whose address carries a hash of their content."""

    def initialize(self, assets: Mapping[str, Asset]) -> None:
        self._assets = assets

    def get(self, name: str) -> None:
        asset = self._assets.get(name)
        if asset is None:
            self.set_status(404)
            self.finish("There is no such file in this atlas.")
            return
        self.set_header("Content-Type", asset.content_type)
        self.set_header("Cache-Control", FOR_GOOD)
        self.set_header("Vary", "Accept-Encoding")
        data, packed = asset.packed
        if packed and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(data)
        else:
            self.finish(asset.raw)

    head = get


class LaterHandler(RequestHandler):
    """What is made while the page is open: 202 with how far it is, then the document that lists it."""

    def initialize(self, laters: Mapping[str, Later], assets: Mapping[str, Asset]) -> None:
        self._laters, self._assets = laters, assets

    def get(self, folder: str) -> None:
        later = self._laters.get(folder)
        state = later.ask() if later is not None else LaterState("none")
        self.set_header("Cache-Control", "no-cache")
        if state.state == "ready":
            asset = self._assets[f"{folder}/later.json"]
            self.set_header("Content-Type", asset.content_type)
            self.finish(asset.raw)
            return
        if state.state == "growing":
            self.set_status(202)
            self.finish({"done": round(state.done, 3), "text": state.text})
            return
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_status(404 if state.state == "none" else 500)
        self.finish(state.text or "Nothing more comes with this atlas.")


class BodyHandler(RequestHandler):
    """Another body to compare with: 202 with how far its opening is, then where its files are; and its measures."""

    def initialize(self, bodies: Mapping[str, OtherBody]) -> None:
        self._bodies = bodies

    def get(self, name: str, what: str) -> None:
        body = self._bodies.get(name)
        self.set_header("Cache-Control", "no-cache")
        if body is None:
            self._refuse(404, "There is no such body on this machine.")
            return
        errand: Errand[Any] = body.measures if what == "measures" else body.opening
        state = errand.ask()
        if state.state == "growing":
            self.set_status(202)
            self.finish({"done": round(state.done, 3), "text": state.text})
        elif state.state == "failed":
            self._refuse(500, state.text)
        elif what == "measures":
            assert body.measures.result is not None
            self.set_header("Content-Type", "application/json")
            self.finish(body.measures.result.model_dump_json())
        else:
            assert body.opening.result is not None
            self.finish({"atlas": f"atlas/{body.opening.result.document.hash}/"})

    def _refuse(self, status: int, text: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(text)


class AliveHandler(RequestHandler):
    """Says which run of the server this is, to a page that lost its connection."""

    def initialize(self, run: str) -> None:
        self._run = run

    def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/plain")
        self.finish(self._run)


class StillHandler(RequestHandler):
    """A still picture for browsers without WebGL; drawn when first asked for."""

    def initialize(self, still: Callable[[], Path | None]) -> None:
        self._still = still

    async def get(self) -> None:
        path = await asyncio.to_thread(self._still)
        if path is None:
            self.set_status(404)
            self.finish("No still picture can be drawn on this machine.")
            return
        self.set_header("Content-Type", "image/png")
        self.set_header("Cache-Control", "no-cache")
        self.finish(path.read_bytes())


class Headers(OutputTransform):
    """Adds to every answer the rules that the browser is to keep."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if headers.get("Content-Type", "").startswith("text/html"):
            headers["Content-Security-Policy"] = policy(chunk.decode("utf-8", "replace"))
        return status_code, headers, chunk


class Refusal(RequestHandler):
    """Answers those who are not let in, and takes keys in exchange for cookies."""

    def initialize(self, keys: Keys | None, host_is_right: bool) -> None:
        self._keys, self._host_is_right = keys, host_is_right

    def prepare(self) -> None:
        key = parse_qs(self.request.query).get("key", [""])[0]
        visitor = self._keys.exchange(key) if self._keys and key and self._host_is_right else None
        if visitor is not None:
            self.set_cookie(COOKIE, visitor, httponly=True, samesite="Lax", path="/")
            self.redirect("/")
            return
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        if not self._host_is_right:
            self.finish("This page is not served under that name. Use the address that the terminal shows.\n")
        else:
            self.finish(
                "This page opens with a key, once. Scan the code, or copy the address, that the terminal shows.\n"
            )


class Gate(Router):
    """Stands before every route, the websocket too.

    Requests must name a host that the page is served under (another name means that a foreign page has pointed its own
    name at this machine); with keys they must besides carry a visitor's cookie.
    """

    def __init__(self, inside: Routes, hosts: frozenset[str], keys: Keys | None) -> None:
        self._inside, self._hosts, self._keys = inside, hosts, keys

    def find_handler(self, request: Any, **kwargs: Any) -> HTTPMessageDelegate | None:
        host_is_right = request.host in self._hosts
        if host_is_right and (self._keys is None or self._keys.knows(_cookie(request))):
            return self._inside.find_handler(request, **kwargs)
        options = {"keys": self._keys, "host_is_right": host_is_right}
        return Routes([(r".*", Refusal, options)], transforms=[Headers]).find_handler(request, **kwargs)


def _cookie(request: HTTPServerRequest) -> str:
    held = SimpleCookie(request.headers.get("Cookie", "")).get(COOKIE)
    return held.value if held is not None else ""


def bind(port: int, address: str = LOOPBACK) -> list[socket.socket]:
    """Sockets listening on the port (0: any free one). Raises ServerError that offers the next free port."""
    try:
        return bind_sockets(port, address, family=socket.AF_INET)
    except OverflowError as error:
        raise ServerError(f"Port {port} is not one: ports are 1 to 65535.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = next_free_port(port + 1, address)
            hint = f" Port {free} is free: add --port {free}" if free else ""
            raise ServerError(
                f"Port {port} is in use, perhaps by an ischia that is already running at http://{LOOPBACK}:{port}/.{hint}"
            ) from error
        if error.errno == errno.EACCES:
            raise ServerError(f"Port {port} is reserved by the system. Choose one above 1023: --port 5757") from error
        raise ServerError(f"Port {port} cannot be opened: {error.strerror}.") from error


def next_free_port(start: int, address: str = LOOPBACK) -> int | None:
    """The first port from `start` on that nobody listens on, or None if a hundred are taken."""
    for port in range(start, min(start + 100, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    return None


@dataclass
class Site:
    """All that a run serves besides the page's own session."""

    application: Application
    atlas: dict[str, Asset]
    """By `<folder>/<file>`; an atlas's folder is called by its hash."""
    catalogue: dict[str, Asset]
    """By `<hash>.json`."""
    still: Callable[[], Path | None]
    laters: dict[str, Later]
    """What is made while pages are open, by the folder of its atlas; its files join `atlas`."""
    bodies: Mapping[str, OtherBody] = field(default_factory=dict)
    """Other bodies to compare with, by the name that scenes use."""
    routes: Sequence[tuple[str, type[RequestHandler], dict[str, Any]]] = ()
    """What else this run answers."""
    run: str = ""

    def __post_init__(self) -> None:
        self.run = self.run or secrets.token_hex(8)

    def stop(self) -> None:
        """End all that is being made."""
        for later in self.laters.values():
            later.stop()
        for body in self.bodies.values():
            body.stop()


def start(site: Site, sockets: list[socket.socket], hosts: list[str], keys: Keys | None = None) -> BaseServer:
    """Begin serving on the running event loop. `hosts`: names and addresses, without port, the page is reached by."""
    port = sockets[0].getsockname()[1]
    allowed = [f"{host}:{port}" for host in hosts]
    routes = BokehTornado(
        {"/": site.application},
        extra_patterns=[
            (r"/atlas/([^/]+)/later\.json", LaterHandler, {"laters": site.laters, "assets": site.atlas}),
            (r"/bodies/([^/]+)/(open|measures)", BodyHandler, {"bodies": site.bodies}),
            (r"/atlas/(.+)", AssetHandler, {"assets": site.atlas}),
            (r"/catalogue/(.+)", AssetHandler, {"assets": site.catalogue}),
            (r"/still\.png", StillHandler, {"still": site.still}),
            (r"/alive", AliveHandler, {"run": site.run}),
            *site.routes,
            *component_routes(),
        ],
        extra_websocket_origins=allowed,
        absolute_url=f"http://{allowed[0]}",
        session_token_expiration=SESSION_SECONDS,
        unused_session_lifetime_milliseconds=3600 * 1000,
        transforms=[Headers, GZipContentEncoding],
    )
    http = HTTPServer(Gate(routes, frozenset(allowed), keys))
    http.add_sockets(sockets)
    server = BaseServer(IOLoop.current(), routes, http)
    server.start()
    return server


def component_routes() -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """Where Panel serves a component's scripts. Only ours: the handler imports whatever module an address names."""
    from panel.io.resources import COMPONENT_PATH
    from panel.io.server import ComponentResourceHandler

    return [
        (
            rf"/{COMPONENT_PATH}(viewer\.component/\w+/(?:_bundle_path|_resources/parts)/.*)",
            ComponentResourceHandler,
            {},
        )
    ]
