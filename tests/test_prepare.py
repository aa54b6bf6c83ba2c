"""Finding a browser, and making a machine ready for the tests, on systems that this machine is not."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from tests import prepare
from tests.prepare import Machine
from viewer.chromium import BrowserMissing, find_browser, launch_flags


def program(path: Path, content: str = "#!/bin/sh\necho browser\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_browser_on_path_is_found_before_any_other(tmp_path: Path) -> None:
    wanted = program(tmp_path / "bin" / "chromium")
    program(tmp_path / "home" / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome")
    environment = {"PATH": str(tmp_path / "bin")}
    assert find_browser(environment, "darwin", tmp_path / "home") == wanted


def test_a_mac_keeps_it_among_its_applications(tmp_path: Path) -> None:
    wanted = program(tmp_path / "Applications" / "Microsoft Edge.app" / "Contents" / "MacOS" / "Microsoft Edge")
    found = find_browser({"PATH": ""}, "darwin", tmp_path)
    assert found == wanted or found.is_relative_to("/Applications")  # a Mac's own comes first


def test_windows_keeps_edge_under_program_files(tmp_path: Path) -> None:
    wanted = program(tmp_path / r"Microsoft\Edge\Application\msedge.exe")
    assert find_browser({"PATH": "", "PROGRAMFILES(X86)": str(tmp_path)}, "win32", tmp_path) == wanted


def test_one_that_playwright_fetched_will_do(tmp_path: Path) -> None:
    program(tmp_path / "store" / "chromium-1100" / "chrome-linux" / "chrome")
    newer = program(tmp_path / "store" / "chromium-1200" / "chrome-linux64" / "chrome")
    environment = {"PATH": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "store")}
    assert find_browser(environment, "win32", tmp_path) == newer


def test_a_stand_in_that_asks_for_a_snap_is_no_browser(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium-browser", "#!/bin/sh\necho 'Run: snap install chromium'\nexit 1\n")
    with pytest.raises(BrowserMissing, match="ISCHIA_BROWSER"):
        find_browser({"PATH": str(tmp_path / "bin")}, "win32", tmp_path)


def test_a_named_browser_that_is_none_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(BrowserMissing, match="nowhere"):
        find_browser({"PATH": "", "ISCHIA_BROWSER": str(tmp_path / "nowhere")})


def test_the_machine_at_hand_has_a_browser_and_root_gets_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_browser().is_file()
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    assert "--no-sandbox" in launch_flags()
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    assert "--no-sandbox" not in launch_flags()


COMPLETE = Machine("debian", root=True, browser=Path("/usr/bin/chromium"))


def made_ready(machine: Machine, works: bool = True) -> tuple[bool, str, list[list[str]]]:
    """Runs `prepare` on a machine that is only imagined; if installing works, it lacks nothing afterwards."""
    ran: list[list[str]] = []
    seen = [machine]

    def install(command: list[str]) -> bool:
        ran.append(command)
        if works:
            seen[0] = dataclasses.replace(machine, browser=Path("/usr/bin/chromium"), libraries=[])
        return works

    ready, line = prepare.prepare(lambda: seen[0], install)
    return ready, line, ran


def test_nothing_is_installed_where_nothing_is_missing() -> None:
    assert made_ready(COMPLETE) == (True, "Browser: /usr/bin/chromium", [])


def test_root_on_debian_gets_what_is_missing_and_no_more() -> None:
    ready, _, ran = made_ready(dataclasses.replace(COMPLETE, libraries=["EGL"]))
    assert ready
    assert ran == [["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "libegl1"]]
    ready, _, ran = made_ready(Machine("debian", root=True, libraries=["EGL", "GL"]))
    assert ready
    assert {"libegl1", "libgl1", "chromium"} <= set(ran[-1])


def test_root_on_ubuntu_never_asks_apt_for_the_snap_stand_in() -> None:
    for snap in (True, False):
        ready, _, ran = made_ready(Machine("ubuntu", "debian", root=True, snap=snap, libraries=["GL"]))
        assert ready
        assert not any("chromium" in command for command in ran if command[0] == "apt-get")
        assert ran[-1] == (["snap", "install", "chromium"] if snap else [*prepare.PLAYWRIGHT, "--with-deps"])


def test_failing_to_install_is_a_failure_that_says_what_to_type() -> None:
    ready, line, _ = made_ready(Machine("debian", root=True), works=False)
    assert not ready
    assert "Chrome, Chromium or Edge" in line
    assert "apt-get install" in line


@pytest.mark.parametrize(
    ("machine", "command"),
    [
        (Machine("debian"), "sudo apt-get update -qq && sudo apt-get install -qq -y chromium fonts-dejavu-core"),
        (Machine("ubuntu", "debian", snap=True), "sudo snap install chromium"),
        (Machine("fedora"), "sudo dnf install -y chromium"),
        (Machine("darwin"), "brew install --cask google-chrome"),
        (Machine("win32"), "winget install Google.Chrome"),
        (Machine("nixos"), "-m playwright install chromium"),
    ],
)
def test_elsewhere_one_line_names_the_command_and_nothing_runs(machine: Machine, command: str) -> None:
    ready, line, ran = made_ready(machine)
    assert not ready
    assert ran == []
    assert "\n" not in line
    assert line.endswith(command)


def test_the_system_is_read_from_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    release = tmp_path / "os-release"
    release.write_text('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', encoding="utf-8")
    assert prepare.system_names(release) == ("linuxmint", "ubuntu debian")
    assert Machine(*prepare.system_names(release)).ubuntu
    assert prepare.system_names(tmp_path / "absent") == ("linux", "")
