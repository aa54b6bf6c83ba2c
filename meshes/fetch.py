"""Fetches a mesh set: resumed where it broke off, checked by checksum, in its place only when all of it is there."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests

from meshes.passport import MeshFile, Passport, SetError, known_passports
from meshes.sets import megabytes, partial_folder, set_folder, sets_folder, wrong_file
from meshes.store import builder_lock, explained, replace_folder

MIRROR_VARIABLE = "ISCHIA_MIRROR"
AT_ONCE = 4
"""Files that are fetched at the same time."""
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try of a file."""
LONGEST_PAUSE = 30.0
TIMEOUT = (10.0, 30.0)
"""Seconds to wait for a connection, and for the next bytes."""
ROOM = 20_000_000
"""Bytes that are left free on the disk."""
_CHUNK = 1 << 13
"""Bytes read at a time: so much is lost at most when a connection breaks off."""

Told = Callable[[int, int, str], None]
"""Told of (bytes that are there, bytes in all, what is being done)."""


class _Refused(Exception):
    """The other end has said no; there is no use in trying again."""


class _Stopped(Exception):
    """Another file has failed for good, or the person has had enough."""


@dataclass
class _Tally:
    """How much of each file is there, over all threads; `stop` ends them."""

    total: int
    told: Told
    fetching: str
    there: dict[str, int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, file: str, count: int, text: str) -> None:
        """So many bytes of a file are there now."""
        with self.lock:
            self.there[file] = count
            self.told(min(sum(self.there.values()), self.total), self.total, text)


def fetch_set(
    name: str, *, mirror: str | None = None, source: Path | None = None, told: Told | None = None
) -> tuple[Path, bool]:
    """The folder of the set of this name, fetched if it is not here; and whether it had to be.

    mirror : base address in place of the passport's own, ISCHIA_MIRROR if None; a file is at MIRROR/NAME/FILE
    source : a folder with the set's files, in place of the network
    Raises `SetError` or `StoreError`, whose messages say what to do; what was fetched so far is kept for the next try.
    """
    passport = _known(name)
    tell: Told = told or (lambda done, total, text: None)
    folder, partial = set_folder(name), partial_folder(name)
    with builder_lock(folder, lambda: tell(0, passport.bytes, f"Waiting for another window that is fetching {name}")):
        if folder.is_dir() and not any(wrong_file(folder / mesh.file, mesh) for mesh in passport.meshes):
            return folder, False
        try:
            if folder.is_dir() and not partial.is_dir():
                folder.replace(partial)
            partial.mkdir(parents=True, exist_ok=True)
            _demand_room(passport, partial)
            if source is not None:
                _copy(passport, source, partial, tell)
            else:
                _download(passport, _address(passport, mirror), partial, tell)
            replace_folder(partial, folder)
        except OSError as error:
            raise explained(error, partial) from error
    return folder, True


def _known(name: str) -> Passport:
    known = known_passports()
    if name not in known:
        raise SetError(f"No set that can be fetched is called {name}. There are: {', '.join(sorted(known))}.")
    return known[name]


def _address(passport: Passport, mirror: str | None) -> str:
    """Where the set's files are: a slash and the path of a file are put after it."""
    base = mirror or os.environ.get(MIRROR_VARIABLE)
    if not base:
        if passport.address is None:
            raise SetError(f"The set {passport.id} has no address. Fetch it with --from FOLDER or --mirror ADDRESS.")
        return passport.address
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc:
        raise SetError(f"{base} is no address of a mirror: it must begin with https:// (a folder is given by --from).")
    return f"{base.rstrip('/')}/{passport.id}"


def _demand_room(passport: Passport, partial: Path) -> None:
    there = sum(file.stat().st_size for file in partial.rglob("*") if file.is_file())
    needed = passport.bytes - there
    free = shutil.disk_usage(partial).free
    if free < needed + ROOM:
        raise SetError(
            f"There is not enough room in {sets_folder()}: {megabytes(needed + ROOM)} are needed, "
            f"{megabytes(free)} are free. Free some space, or point ISCHIA_CACHE at a folder on another disk."
        )


def _copy(passport: Passport, source: Path, partial: Path, tell: Told) -> None:
    """Copy the set's files out of a folder, all or none. Raises `SetError` that names what is missing or wrong."""
    if not source.is_dir():
        raise SetError(f"--from: {source} is no folder.")
    root = source if (source / passport.meshes[0].file).exists() else source / passport.id
    faults = [f"{mesh.file} {fault}" for mesh in passport.meshes if (fault := wrong_file(root / mesh.file, mesh))]
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise SetError(
            f"{source} does not hold the set {passport.id}: {'; '.join(faults[:3])}{more}. Nothing was copied; leave "
            "out --from to fetch it."
        )
    done = 0
    for mesh in passport.meshes:
        target = partial / mesh.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / mesh.file, target)
        done += mesh.bytes or 0
        tell(done, passport.bytes, f"Copying {mesh.file}")


def _download(passport: Passport, address: str, partial: Path, tell: Told) -> None:
    """Fetch what is not in `partial` yet. Raises `SetError` with the first fault that further tries do not mend."""
    tally = _Tally(passport.bytes, tell, f"Fetching {passport.id} ({megabytes(passport.bytes)})")
    waiting = []
    for mesh in passport.meshes:
        if wrong_file(partial / mesh.file, mesh):
            waiting.append(mesh)
        else:
            tally.note(mesh.file, mesh.bytes or 0, tally.fetching)
    with requests.Session() as session, ThreadPoolExecutor(AT_ONCE) as pool:
        session.headers["Accept-Encoding"] = "identity"
        jobs = [pool.submit(_fetch, session, f"{address}/{quote(mesh.file)}", partial, mesh, tally) for mesh in waiting]
        try:
            for job in as_completed(jobs):
                job.result()
        except _Refused as error:
            raise SetError(f"{error} What has come is kept; try again later, or with --mirror ADDRESS.") from error
        finally:
            tally.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _fetch(session: requests.Session, url: str, partial: Path, mesh: MeshFile, tally: _Tally) -> None:
    """One file, tried several times, each time from where the last try broke off."""
    target = partial / mesh.file
    target.parent.mkdir(parents=True, exist_ok=True)
    piece = target.with_name(f"{target.name}.part")
    fault, wrong = "", 0
    for pause in (*PAUSES, None):
        asked = 0.0
        try:
            _receive(session, url, piece, mesh, tally)
            fault = wrong_file(piece, mesh)
            if not fault:
                piece.replace(target)
                return
            if piece.stat().st_size >= (mesh.bytes or 0):
                piece.unlink()
                wrong += 1
                fault = f"{url} is not the file that the passport means: it {fault}."
            else:
                fault = f"{url} breaks off before its end."
        except requests.HTTPError as error:
            answer = error.response
            asked = _asked_pause(answer) if answer is not None else 0.0
            fault = f"{url} answers {answer.status_code} {answer.reason}." if answer is not None else f"{url}: {error}"
        except requests.RequestException as error:
            host = urlsplit(url).netloc
            fault = f"{host} cannot be reached, or breaks off ({_plain(error)}). Is this machine on the network?"
        if pause is None or wrong > 1:
            break
        tally.note(mesh.file, 0, f"Trying {mesh.file} again")
        if tally.stop.wait(max(pause, asked)):
            raise _Stopped
    raise _Refused(fault)


def _receive(session: requests.Session, url: str, piece: Path, mesh: MeshFile, tally: _Tally) -> None:
    """Append the bytes from where `piece` ends to the end of the file, hardly more than it should have."""
    have = piece.stat().st_size if piece.is_file() else 0
    if mesh.bytes is None or have >= mesh.bytes:
        piece.unlink(missing_ok=True)
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if response.status_code in (401, 403, 404, 410):
            raise _Refused(f"{url} is not to be had: the answer is {response.status_code} {response.reason}.")
        if response.status_code == 416:
            piece.unlink(missing_ok=True)
        response.raise_for_status()
        resumed = response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        with piece.open("ab" if resumed else "wb") as stream:
            for chunk in response.iter_content(_CHUNK):
                if tally.stop.is_set():
                    raise _Stopped
                stream.write(chunk)
                tally.note(mesh.file, stream.tell(), tally.fetching)
                if mesh.bytes is not None and stream.tell() > mesh.bytes:
                    return


def _asked_pause(response: requests.Response) -> float:
    """Seconds for which the other end wants to be left alone, within reason."""
    with suppress(ValueError):
        return min(float(response.headers.get("Retry-After", "0")), LONGEST_PAUSE)
    return 0.0


def _plain(error: requests.RequestException) -> str:
    """The kind of a network error in words."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "the connection fails" if isinstance(error, requests.ConnectionError) else "the answer is cut short"
