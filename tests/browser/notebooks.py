"""Notebook servers for the tests: on this machine only, without a password, with folders of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from viewer.server import LOOPBACK

ROOT = Path(__file__).parents[2]
STARTING_S = 60.0

JUPYTER = [
    "jupyterlab",
    "--no-browser",
    "--allow-root",
    f"--ServerApp.ip={LOOPBACK}",
    "--IdentityProvider.token=",
    "--ServerApp.port_retries=0",
    "--ServerApp.log_level=ERROR",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--JupyterNotebookApp.expose_app_in_browser=True",
]
MARIMO = ["marimo", "--quiet", "--yes", "run", "--headless", "--no-token", "--host", LOOPBACK]


@dataclass
class NotebookServer:
    """A server in a process group of its own, and where it is."""

    process: subprocess.Popen[bytes]
    address: str

    @classmethod
    def jupyter(cls, folder: Path) -> NotebookServer:
        """JupyterLab, and Notebook 7 under `/notebooks`, on the notebooks of a folder."""
        port = free_port()
        command = [*JUPYTER, f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"]
        return cls._start(command, folder, f"http://{LOOPBACK}:{port}/", "api/status")

    @classmethod
    def marimo(cls, file: Path) -> NotebookServer:
        """A notebook of marimo as an app: its cells are run when the page is opened."""
        port = free_port()
        return cls._start(
            [*MARIMO, "--port", str(port), str(file)], file.parent, f"http://{LOOPBACK}:{port}/", "health"
        )

    @classmethod
    def _start(cls, command: list[str], folder: Path, address: str, alive: str) -> NotebookServer:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env={**os.environ, **own_folders(folder / "home"), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        server = cls(process, address)
        until = time.monotonic() + STARTING_S
        while not answers(address + alive):
            if process.poll() is not None or time.monotonic() > until:
                server.end()
                raise AssertionError(f"{command[0]} did not start")
            time.sleep(0.1)
        return server

    def end(self) -> None:
        """End the server with every kernel that it has started."""
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, kind)
            except ProcessLookupError:
                break
            try:
                self.process.wait(8)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait()


def own_folders(home: Path) -> dict[str, str]:
    """Environment under which nothing of the person who runs the tests is read or written."""
    home.mkdir(exist_ok=True)
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_CONFIG_HOME")
    more = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    return {name: str(home / name.lower()) for name in (*names, *more)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def write_notebook(path: Path, cells: list[str]) -> Path:
    """A notebook with these cells of code, none of them run."""
    document = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "source": text,
                "outputs": [],
                "execution_count": None,
            }
            for number, text in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
