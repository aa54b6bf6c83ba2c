"""The front end as it was built: one module, one classic script, and the parts that come when they are first needed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from viewer.errors import ViewerError

DIST = Path(__file__).parent / "web" / "dist"
MODULE = DIST / "ischia.mjs"
CLASSIC = DIST / "ischia.iife.js"
ALONE = DIST / "ischia.alone.js"
SITE = DIST / "ischia.site.js"
WORKER = DIST / "ischia.worker.js"
LICENCES = DIST / "ischia.licenses.txt"
PARTS = {path.name.split(".")[1]: path for path in sorted(DIST.glob("ischia.*.mjs"))}
"""Scripts that the page fetches when they are first needed, by name: `ischia.trigger.mjs` is `trigger`."""
LOADER = Path(__file__).parent / "notebook.mjs"
"""What a notebook gives to the browser: it asks the kernel for the module once, for all widgets."""


@cache
def fingerprint(path: Path) -> str:
    """Twelve hex digits of the file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def script(path: Path) -> str:
    """The text of one file of the bundle. Raises ViewerError that says how to build it if it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ViewerError(
            f"{path}: the page's script is missing. In a clone of the sources, build it with: make view"
        ) from error
