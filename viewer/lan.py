"""Opening the page to the local network on purpose: one-time keys, cookies, addresses and the code to scan."""

from __future__ import annotations

import hmac
import io
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress

import segno

COOKIE = "ischia_visitor"

WARNING = (
    "This page is open to your local network. Whoever has the address below can see it and change what it shows\n"
    "while this command runs; the traffic is not encrypted. Use it on a network you trust, and end it with Ctrl-C."
)


class Keys:
    """One-time keys and the visitors that were let in for them.

    A key in an address opens the page once and is exchanged for a cookie; then it is spent and the next one is made, so
    that an address found later in a history or over a shoulder opens nothing.
    """

    def __init__(self, on_new_key: Callable[[str], None] | None = None) -> None:
        self.current = secrets.token_urlsafe(12)
        self._visitors: set[str] = set()
        self._on_new_key = on_new_key

    def exchange(self, key: str) -> str | None:
        """A visitor's cookie for the current key, or None if the key is not (or no longer) good."""
        if not hmac.compare_digest(key.encode(), self.current.encode()):
            return None
        visitor = secrets.token_urlsafe(24)
        self._visitors.add(visitor)
        self.current = secrets.token_urlsafe(12)
        if self._on_new_key is not None:
            self._on_new_key(self.current)
        return visitor

    def knows(self, visitor: str) -> bool:
        """Whether this cookie was given out by this run."""
        return any(hmac.compare_digest(visitor.encode(), known.encode()) for known in self._visitors)


def addresses() -> list[str]:
    """IPv4 addresses of this machine on its networks, the likeliest first; empty if it is on none.

    Nothing is sent: connecting a datagram socket only asks the system which of its addresses it would send from.
    """
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # an address reserved for documentation: it exists nowhere
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [a for a in dict.fromkeys(found) if not a.startswith("127.") and a != "0.0.0.0"]


def address_with_key(host: str, port: int, key: str) -> str:
    """The address that opens the page once."""
    return f"http://{host}:{port}/?key={key}"


def code(address: str) -> str:
    """The address as a code to scan, in block characters for a terminal."""
    drawing = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out=drawing, compact=True, border=2)
    return drawing.getvalue()
