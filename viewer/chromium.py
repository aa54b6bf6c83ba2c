"""Finds an installed Chrome, Chromium or Edge, and says how to start it with no window.

The tests and the bench drive it. Nothing is downloaded here.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
"""Names under which a browser of the Chromium family stands on PATH, in the order they are preferred."""

MAC_APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_PROGRAMS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
PLAYWRIGHT_PROGRAMS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)

LAUNCH_FLAGS = (
    "--use-gl=angle",
    "--use-angle=swiftshader",  # the same picture on every machine, with or without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers give /dev/shm too little room
)
"""Arguments under which a browser draws WebGL by software and talks to nobody but the page."""


class BrowserMissing(Exception):
    """No Chrome, Chromium or Edge was found; the message says where one was looked for and how to name one."""


def launch_flags() -> list[str]:
    """`LAUNCH_FLAGS`, and what a browser started by root needs besides (it refuses its own sandbox there)."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*LAUNCH_FLAGS, "--no-sandbox"] if root else list(LAUNCH_FLAGS)


def _is_browser(path: Path) -> bool:
    """Whether the file can be run and is no stand-in: Ubuntu's `chromium-browser` may only ask for a snap."""
    if not (path.is_file() and os.access(path, os.X_OK)):
        return False
    if path.stat().st_size > 20_000:
        return True
    return b"snap install" not in path.read_bytes()


def _usual_places(platform: str, home: Path, environment: Mapping[str, str]) -> Iterable[Path]:
    """Full paths at which a system of that kind keeps a browser that is not on PATH."""
    if platform == "darwin":
        for root in (Path("/Applications"), home / "Applications"):
            yield from (root / f"{name}.app" / "Contents" / "MacOS" / name for name in MAC_APPLICATIONS)
    elif platform == "win32":
        roots = [environment.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        yield from (Path(root) / program for program in WINDOWS_PROGRAMS for root in roots if root)
    else:
        yield from (Path("/opt/google/chrome/chrome"), Path("/opt/microsoft/msedge/msedge"), Path("/snap/bin/chromium"))
    kept = {"darwin": home / "Library" / "Caches", "win32": home / "AppData" / "Local"}.get(platform, home / ".cache")
    playwright = Path(environment.get("PLAYWRIGHT_BROWSERS_PATH") or kept / "ms-playwright")
    for program in PLAYWRIGHT_PROGRAMS:
        yield from sorted(playwright.glob(program), reverse=True)


def find_browser(
    environment: Mapping[str, str] | None = None, platform: str = sys.platform, home: Path | None = None
) -> Path:
    """Path of a browser of the Chromium family: `ISCHIA_BROWSER` if set, else from PATH, else from the usual places.

    environment, platform, home : as `os.environ`, `sys.platform` and `Path.home()`, whose values are taken if not given

    Raises BrowserMissing if there is none, or if `ISCHIA_BROWSER` names no program.
    """
    environment = os.environ if environment is None else environment
    if named := environment.get("ISCHIA_BROWSER"):
        if not _is_browser(Path(named)):
            raise BrowserMissing(
                f"ISCHIA_BROWSER names {named}, which is not a program. Name a Chrome, Chromium or Edge."
            )
        return Path(named)
    on_path = (shutil.which(program, path=environment.get("PATH", "")) for program in PROGRAMS)
    candidates = [Path(found) for found in on_path if found]
    candidates.extend(_usual_places(platform, home or Path.home(), environment))
    for candidate in candidates:
        if _is_browser(candidate):
            return candidate
    raise BrowserMissing(
        "No Chrome, Chromium or Edge was found, neither on PATH nor where this system usually keeps one. "
        "Install one, or set ISCHIA_BROWSER to the program's full path."
    )
