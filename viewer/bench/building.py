"""How long the atlas and all that comes after it take from nothing, and from the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from viewer.bench.servers import Unavailable


@dataclass(frozen=True)
class Build:
    """One run of `ischia build`.

    folder : where the files are
    seconds, all_seconds : of work on the default layers, and on these and all that comes after them
    cached : whether all of it came from the cache
    """

    folder: Path
    seconds: float
    all_seconds: float
    cached: bool


def build(cache: Path | None = None) -> Build:
    """Run `ischia build`, in a cache of its own if one is given. Raises Unavailable with what it said if it fails."""
    environment = dict(os.environ)
    if cache is not None:
        environment["ISCHIA_CACHE"] = str(cache)
    command = [sys.executable, "-m", "viewer.cli", "build", "--json"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Unavailable(f"ischia build failed: {run.stderr.strip().splitlines()[-1]}")
    told = json.loads(run.stdout)
    return Build(Path(told["folder"]), float(told["seconds"]), float(told["seconds_of_all"]), bool(told["cached"]))
