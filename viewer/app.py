"""The Panel app: one page with the viewer on all of it, served to this machine or, on purpose, to its network."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import signal
import socket
import threading
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bokeh.application.handlers import FunctionHandler
from bokeh.document import Document
from jinja2 import Environment
from panel.io.application import Application

from viewer import page
from viewer.bodies import other_bodies
from viewer.bundle import MODULE
from viewer.component import AtlasViewer, LinkedViewer
from viewer.documents import documents_with
from viewer.errors import ServerError
from viewer.lan import Keys
from viewer.later import Later
from viewer.scene import Scene
from viewer.server import LOOPBACK, Asset, Site, start

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from annotations.lesson import Lesson
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack
    from viewer.landmark_page import LandmarkCheck

LATER = "later.json"
TITLE = "Ischia: an atlas of the pelvis and the deep gluteal region"
_TYPES = {".glb": "model/gltf-binary", ".json": "application/json"}


class AtlasApp:
    """The app for one atlas: every page that is opened gets a viewer of its own on the same geometry.

    built : the atlas on disk
    catalogue : names and texts
    scene : what a page shows first (an address with a scene of its own in its fragment wins)
    lesson : one of one's own, beside those that come along
    beside : names or folders, and atlases, of bodies to compare with, besides those that are known on this machine
    landmarks : those of this body, to be checked and dragged
    """

    def __init__(
        self,
        built: BuiltAtlas,
        catalogue: Catalogue,
        scene: Scene | None = None,
        still: Callable[[], Path | None] = lambda: None,
        lesson: Lesson | None = None,
        beside: Iterable[tuple[str, BuiltAtlas]] = (),
        landmarks: LandmarkCheck | None = None,
    ) -> None:
        if not MODULE.is_file():
            raise ServerError(
                f"{MODULE}: the page's script is missing. In a clone of the sources, build it with: make view"
            )
        self.scene = scene or Scene(atlas=built.document.id)
        self.viewers: weakref.WeakSet[AtlasViewer] = weakref.WeakSet()
        """The viewers of the pages that are open."""
        text = catalogue.model_dump_json().encode()
        self._catalogue_name = f"{hashlib.sha256(text).hexdigest()[:16]}.json"
        self._documents = {
            name: (f"{hashlib.sha256(text).hexdigest()[:16]}.json", text)
            for name, text in documents_with(lesson).items()
        }
        self._addresses = {name: f"catalogue/{file}" for name, (file, _) in self._documents.items()}
        if landmarks is not None:
            self._addresses["landmarks"] = landmarks.address
        self._atlas_path = built.document.hash
        self._first_files = ["atlas.json", *(file.name for file in built.document.files if file.wanted == "first")]
        self.site = Site(
            application=Application(FunctionHandler(self._open)),
            laters={},
            atlas={},
            catalogue={
                name: Asset(None, text, "application/json")
                for name, text in [(self._catalogue_name, text), *self._documents.values()]
            },
            still=still,
            bodies=other_bodies(built, beside, self._serve_atlas),
            routes=landmarks.routes() if landmarks else (),
        )
        self._serve_atlas(built)

    def _serve_atlas(self, built: BuiltAtlas) -> None:
        """Serve an atlas, and what comes after it once that is there."""
        path = built.document.hash
        if path in self.site.laters:
            return
        names = ["atlas.json", *(file.name for file in built.document.files)]
        self.site.atlas.update({f"{path}/{name}": _asset(built.folder / name) for name in names})

        def serve_pack(pack: BuiltPack) -> None:
            marks = [pack.document.marks] if pack.document.marks else []
            more = [LATER, *marks, *(file.name for file in pack.document.files)]
            self.site.atlas.update({f"{path}/{name}": _asset(pack.folder / name) for name in more})

        self.site.laters[path] = Later(built, serve_pack)

    def _open(self, document: Document) -> None:
        """Fill one new page."""
        values = {
            "scene": self.scene.model_dump(mode="json"),
            "source": {
                "kind": "http",
                "atlas": f"atlas/{self._atlas_path}/",
                "catalogue": f"catalogue/{self._catalogue_name}",
                "documents": self._addresses,
                "bodies": {
                    name: {
                        "title": body.offer.title,
                        "address": f"bodies/{name}",
                        "catalogue": f"catalogue/{self._catalogue_name}",
                    }
                    for name, body in self.site.bodies.items()
                },
            },
            "selected": None,
            "parts": AtlasViewer.part_addresses(),
            "settings": {"link_fragment": True, "height": "100%", "still": "still.png"},
        }
        viewer = LinkedViewer(**values)
        self.viewers.add(viewer)
        viewer.server_doc(document, title=TITLE, location=False)
        # The page itself tells of a lost link, and mends it (`start.mjs`).
        document.config.update(notify_connection_status=False, reconnect_session=False)
        document.template = Environment(autoescape=False).from_string(page.TEMPLATE)
        document.template_variables.update(
            run=self.site.run,
            favicon=page.favicon(),
            script=AtlasViewer.script_address(),
            start_script=LinkedViewer.script_address(),
            import_script=page.IMPORT,
            preloads=[
                *(f"atlas/{self._atlas_path}/{name}" for name in self._first_files),
                f"catalogue/{self._catalogue_name}",
            ],
            scripts=page.SCRIPTS,
            values=page.embedded(values),
        )

    def run(
        self,
        sockets: list[socket.socket],
        hosts: list[str] | None = None,
        keys: Keys | None = None,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Serve until Ctrl-C or SIGTERM. `ready` is called once requests are answered."""
        _quiet()
        with suppress(KeyboardInterrupt):
            asyncio.run(self._serve(sockets, hosts, keys, ready, threading.Event()))

    def run_in_thread(self, sockets: list[socket.socket], keys: Keys | None = None) -> Callable[[], None]:
        """Serve in the background; returns the function that ends it."""
        _quiet()
        stop, up = threading.Event(), threading.Event()
        thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(sockets, None, keys, up.set, stop)), daemon=True, name="ischia-app"
        )
        thread.start()
        up.wait(30)

        def end() -> None:
            stop.set()
            thread.join(10)

        return end

    async def _serve(
        self,
        sockets: list[socket.socket],
        hosts: list[str] | None,
        keys: Keys | None,
        ready: Callable[[], None],
        stop: threading.Event,
    ) -> None:
        server = start(self.site, sockets, [LOOPBACK, "localhost", *(hosts or [])], keys)
        if threading.current_thread() is threading.main_thread():
            with suppress(NotImplementedError):  # Windows knows no SIGTERM; ending the process is all there is
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        try:
            ready()
            while not stop.is_set():
                await asyncio.sleep(0.1)
        finally:
            self.site.stop()
            server.stop(wait=False)


def _asset(path: Path) -> Asset:
    return Asset(path, None, _TYPES.get(path.suffix, "application/octet-stream"))


def _quiet() -> None:
    """Leave to the terminal what its user can act on: the server's chatter about sessions is not that."""
    for name in ("bokeh", "tornado.access", "tornado.application", "tornado.general", "panel"):
        logging.getLogger(name).setLevel(logging.ERROR)
