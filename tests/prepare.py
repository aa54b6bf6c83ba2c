"""Makes a machine ready for the tests: a browser of the Chromium family, and the libraries for off-screen pictures.

On Debian and Ubuntu, as root, it installs what is missing. Elsewhere it uses what is there, and where something is
missing it says in one line which command installs it, and fails. `make test` runs it first.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from viewer.chromium import BrowserMissing, find_browser

LIBRARY_PACKAGES = {"EGL": "libegl1", "GL": "libgl1"}
"""Libraries that VTK loads when it draws without a screen, and the Debian packages that hold them."""

PLAYWRIGHT = [sys.executable, "-m", "playwright", "install", "chromium"]


@dataclass
class Machine:
    """What is known of the machine: its system (`debian`, `ubuntu`, `fedora`, `darwin`, …) and what it lacks."""

    system: str
    like: str = ""
    root: bool = False
    browser: Path | None = None
    libraries: list[str] = field(default_factory=list)
    """Names of missing libraries, keys of LIBRARY_PACKAGES."""
    snap: bool = False
    """Whether snaps can be installed: a container has no snap service."""

    @property
    def apt(self) -> bool:
        """Whether it installs packages by apt: Debian, Ubuntu and what is made from them."""
        return bool({"debian", "ubuntu"} & {self.system, *self.like.split()})

    @property
    def ubuntu(self) -> bool:
        """Whether its chromium package is only a stand-in for a snap."""
        return "ubuntu" in {self.system, *self.like.split()}


def system_names(release: Path = Path("/etc/os-release")) -> tuple[str, str]:
    """The system's own name and those it is like, lower case: (`ubuntu`, `debian`), (`darwin`, ``)."""
    if sys.platform != "linux":
        return sys.platform, ""
    lines = release.read_text(encoding="utf-8").splitlines() if release.is_file() else []
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    return values.get("ID", "linux").strip('"').lower(), values.get("ID_LIKE", "").strip('"').lower()


def inspect_machine() -> Machine:
    """Looks at this machine, changing nothing."""
    system, like = system_names()
    machine = Machine(system, like, root=hasattr(os, "geteuid") and os.geteuid() == 0)
    machine.snap = shutil.which("snap") is not None and Path("/run/snapd.socket").exists()
    if sys.platform == "linux":
        machine.libraries = [name for name in LIBRARY_PACKAGES if ctypes.util.find_library(name) is None]
    try:
        machine.browser = find_browser()
    except BrowserMissing:
        machine.browser = None
    return machine


def steps(machine: Machine) -> list[list[str]]:
    """The commands that install what the machine lacks, in order; none if it lacks nothing."""
    packages = [LIBRARY_PACKAGES[name] for name in machine.libraries]
    browser: list[list[str]] = []
    if machine.browser is None:
        if machine.apt and not machine.ubuntu:
            packages += ["chromium", "fonts-dejavu-core"]
        elif machine.snap:
            browser = [["snap", "install", "chromium"]]
        elif machine.ubuntu:
            browser = [[*PLAYWRIGHT, "--with-deps"]]
        elif machine.system == "darwin":
            browser = [["brew", "install", "--cask", "google-chrome"]]
        elif machine.system == "win32":
            browser = [["winget", "install", "Google.Chrome"]]
        elif machine.system == "fedora":
            browser = [["dnf", "install", "-y", "chromium"]]
        elif machine.system == "arch":
            browser = [["pacman", "-S", "--noconfirm", "chromium"]]
        else:
            browser = [PLAYWRIGHT]
    if not packages:
        return browser
    if machine.apt:
        return [["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", *packages], *browser]
    if machine.system == "fedora":
        return [["dnf", "install", "-y", "mesa-libEGL", "mesa-libGL"], *browser]
    if machine.system == "arch":
        return [["pacman", "-S", "--noconfirm", "mesa"], *browser]
    return browser


def one_command(machine: Machine) -> str:
    """What to type to install what is missing, in one line."""
    asks_root = {"apt-get", "snap", "dnf", "pacman"}
    commands = []
    for step in steps(machine):
        prefix = "sudo " if step[0] in asks_root and not machine.root else ""
        commands.append(prefix + " ".join(f'"{word}"' if " " in word else word for word in step))
    return " && ".join(commands)


def lacks(machine: Machine) -> list[str]:
    """Names of what the machine lacks."""
    named = [f"the {name} library" for name in machine.libraries]
    return named if machine.browser else ["Chrome, Chromium or Edge", *named]


def run(command: list[str]) -> bool:
    """Runs one command without questions, and says whether it went well; its output is shown only if it did not."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        print("\n".join((done.stdout + done.stderr).splitlines()[-8:]), file=sys.stderr)
    return done.returncode == 0


def prepare(
    inspect: Callable[[], Machine] = inspect_machine, install: Callable[[list[str]], bool] = run
) -> tuple[bool, str]:
    """Makes the machine ready if it may: (whether it is ready, one line that says so or what to type)."""
    machine = inspect()
    if machine.browser and not machine.libraries:
        return True, f"Browser: {machine.browser}"
    missing = " and ".join(lacks(machine))
    if machine.apt and machine.root:
        print(f"Installing {missing} …", flush=True)
        if all(install(step) for step in steps(machine)):
            machine = inspect()
            if machine.browser and not machine.libraries:
                return True, f"Browser: {machine.browser}"
        return False, f"Missing: {' and '.join(lacks(machine))}; installing failed. Try: {one_command(machine)}"
    command = one_command(machine)
    return False, f"Missing: {missing}. Install: {command}" if command else f"Missing: {missing}."


if __name__ == "__main__":
    ready, line = prepare()
    print(line)
    sys.exit(0 if ready else 1)
