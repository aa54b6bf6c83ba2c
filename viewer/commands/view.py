"""`ischia view`: the atlas in a browser."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from viewer.commands.common import AtlasOption, SceneOption, open_atlas, open_scene, settle
from viewer.commands.export import LessonOption

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas
    from viewer.app import AtlasApp
    from viewer.lan import Keys

PORT = 5757

EXAMPLE = "Example:  ischia view --port 5800 --scene my-scene.json"


def view(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port; 0 takes any free one.")
    ] = PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    scene: SceneOption = None,
    lesson: LessonOption = None,
    atlas: AtlasOption = None,
    beside: Annotated[
        str | None,
        typer.Option("--beside", metavar="NAME|FOLDER", help="A second body to compare with, beside the first."),
    ] = None,
    overlaid: Annotated[
        bool, typer.Option("--overlaid", help="The second body is drawn over the first, not beside it.")
    ] = False,
    lan: Annotated[bool, typer.Option("--lan", help="Let others on your network in, with a one-time key.")] = False,
) -> None:
    """Show the atlas in your browser.

    Everything stays on this machine: no account, no internet, nothing sent anywhere.
    """
    from viewer.server import LOOPBACK, bind

    if overlaid and beside is None:
        raise typer.BadParameter("--overlaid says how the body of --beside is shown: name one with --beside.")
    # The port is taken first: whoever has to choose another should not have to wait for the atlas before.
    sockets = bind(port, "0.0.0.0" if lan else LOOPBACK)
    port = sockets[0].getsockname()[1]

    from annotations.catalogue import catalogue
    from viewer.app import AtlasApp
    from viewer.bodies import name_beside
    from viewer.contents import find_lesson
    from viewer.scene import Beside, LessonPlace
    from viewer.still import still_picture

    document, name = open_scene(scene, atlas)
    played, own = find_lesson(lesson, document)
    built = open_atlas(name)
    texts = catalogue()
    document = settle(document, scene, built, texts)
    if lesson is not None and played is not None:
        document = document.model_copy(update={"lesson": LessonPlace(id=played.id)})
    others: list[tuple[str, BuiltAtlas]] = []
    if beside is not None:
        others = [(beside, open_atlas(beside))]
        how = "overlaid" if overlaid else "side_by_side"
        second = Beside.model_validate({"atlas": name_beside(others[0][1], built), "how": how})
        document = document.model_copy(update={"beside": second, "compare": None})
    app = AtlasApp(built, texts, document, still=lambda: still_picture(built), lesson=own, beside=others)

    if lan:
        hosts, keys = _announce_lan(port)
        app.run(sockets, hosts, keys, ready=lambda: None)
    else:
        serve(app, sockets, no_browser)
        return
    typer.echo("Ended.", err=True)


def serve(app: AtlasApp, sockets: list[socket.socket], no_browser: bool) -> None:
    """Serve to this machine until Ctrl-C, and open the page where there is a screen."""
    from viewer.server import LOOPBACK

    address = f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}/"

    def ready() -> None:
        typer.echo(f"Ischia is at {address}   (end it with Ctrl-C)")
        if not no_browser and has_screen():
            # Some browsers hold the one who opens them until they are closed.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    app.run(sockets, ready=ready)
    typer.echo("Ended.", err=True)


def has_screen() -> bool:
    """Whether a browser opened from here would be seen."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _announce_lan(port: int) -> tuple[list[str], Keys]:
    """Warn, print where the page is and how to get in; returns the names it is reached by, and the keys."""
    from viewer.lan import WARNING, Keys, address_with_key, addresses, code

    hosts = addresses()
    typer.echo(WARNING, err=True)
    if not hosts:
        typer.echo("This machine seems to be on no network; only this machine itself can open the page.", err=True)

    def announce(key: str) -> None:
        for host in hosts or ["127.0.0.1"]:
            typer.echo(
                f"\n{address_with_key(host, port, key)}   (opens the page once; the next visitor gets a new one)"
            )
        typer.echo(code(address_with_key((hosts or ["127.0.0.1"])[0], port, key)))

    keys = Keys(announce)
    announce(keys.current)
    return hosts, keys
