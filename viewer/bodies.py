"""The bodies that a page may set beside its own: opened, and built if need be, when somebody first asks for one.

`python -m viewer.bodies NAME` builds the atlas of one of them and tells how far it is in lines of JSON: what takes
minutes is done by a process of its own, so that the pages that are open stay quick.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from viewer.errors import ViewerError
from viewer.later import LaterState

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas
    from meshes.comparison import Comparison

Tell = Callable[[float, str], None]
Result = TypeVar("Result")

POPULATION = "population"
POPULATION_TITLE = "Population mean: bones of 26 adults, soft tissue solved on them"


class _NotBuiltError(Exception):
    """The cache does not hold the atlas that was looked for."""


@dataclass(frozen=True)
class Offer:
    """A body that can be opened: what scenes call it, the name or folder that it is opened by, and its title."""

    id: str
    place: str
    title: str


def name_beside(built: BuiltAtlas, first: BuiltAtlas) -> str:
    """What scenes call a body beside the first one: its id, told apart if both have the same."""
    name = built.document.id
    return name if name != first.document.id else f"{name}_2"


def offers(first: BuiltAtlas, given: Iterable[tuple[str, BuiltAtlas]] = ()) -> dict[str, Offer]:
    """Every body on this machine that can be set beside the first one, by the name that scenes use.

    given : name or folder, and atlas, of those that were asked for; they are offered even if they are a copy of another
    """
    from meshes.sets import known_sets

    found: dict[str, Offer] = {}
    for place, built in given:
        name = name_beside(built, first)
        found[name] = Offer(name, place, built.document.title)
    here = {POPULATION: POPULATION_TITLE}
    for known in known_sets():
        if known.passport is not None and known.state in ("fetched", "imported"):
            here[known.name] = known.passport.title
    for name, title in here.items():
        if name != first.document.id:
            found.setdefault(name, Offer(name, name, title))
    return found


class Errand(Generic[Result]):
    """Work that is begun, in a thread of its own, by whoever first asks for its result."""

    def __init__(self, work: Callable[[Tell], Result]) -> None:
        self._work = work
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._state = LaterState("growing")
        self.result: Result | None = None

    def ask(self) -> LaterState:
        """How it stands; after a failure has been told, the next who asks begins anew."""
        with self._lock:
            state = self._state
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="ischia-body")
                self._thread.start()
            elif state.state == "failed":
                self._thread, self._state = None, LaterState("growing")
            return state

    def _run(self) -> None:
        try:
            self.result = self._work(self._tell)
            state = LaterState("ready", 1.0)
        except Exception as error:  # a thread has nobody else to tell
            state = LaterState("failed", text=_words(error))
        with self._lock:
            self._state = state

    def _tell(self, done: float, text: str) -> None:
        with self._lock:
            self._state = LaterState("growing", done, text)


def _words(error: Exception) -> str:
    """What a page tells of an error: its own words where it was made for people."""
    if isinstance(error, ViewerError) or type(error).__module__.startswith(("meshes.", "annotations.")):
        return str(error)
    return f"This should not have happened ({type(error).__name__}); the terminal of Ischia may say more."


class OtherBody:
    """One body beside the page's own.

    offer : how it is opened
    first : the page's own body
    serve : told, in a thread of its own, once it is open: from then on its files are served
    """

    def __init__(self, offer: Offer, first: BuiltAtlas, serve: Callable[[BuiltAtlas], None]) -> None:
        self.offer, self._first, self._serve = offer, first, serve
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self.opening = Errand(self._open)
        self.measures = Errand(self._compare)

    def stop(self) -> None:
        """End the work on it, with every process that was started for it."""
        self._stopped = True
        if self._process is not None:
            _end(self._process)

    def _open(self, tell: Tell) -> BuiltAtlas:
        from meshes.build import ensure_atlas

        def only_look(done: float, text: str) -> None:
            raise _NotBuiltError

        try:
            built = ensure_atlas(self.offer.place, progress=only_look)
        except _NotBuiltError:
            self._build(tell)
            built = ensure_atlas(self.offer.place)
        self._serve(built)
        return built

    def _build(self, tell: Tell) -> None:
        """Have a process of its own build it. Raises ViewerError with what it complained of."""
        if self._stopped:
            raise ViewerError("Ischia is ending.")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "viewer.bodies", self.offer.place],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=os.name != "nt",
        )
        trouble = "It was ended from outside."
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                trouble = told.get("trouble", trouble)
                tell(float(told["done"]), str(told["text"]))
        if self._process.wait() != 0:
            raise ViewerError(trouble)

    def _compare(self, tell: Tell) -> Comparison:
        from meshes.comparison import compare

        opened = self.opening.result
        if opened is None:
            raise ViewerError("This body has not been opened yet.")
        return compare(self._first, opened)


def other_bodies(
    first: BuiltAtlas, given: Iterable[tuple[str, BuiltAtlas]], serve: Callable[[BuiltAtlas], None]
) -> Mapping[str, OtherBody]:
    """All bodies that a page of the first may set beside it, by the name that scenes use."""
    return {name: OtherBody(offer, first, serve) for name, offer in offers(first, given).items()}


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(OSError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Build the atlas of a name or folder; 0 if it is there, 1 with a line that says why not."""
    from meshes.build import ensure_atlas

    (place,) = arguments if arguments is not None else sys.argv[1:]

    def tell(done: float, text: str) -> None:
        _say({"done": round(done, 3), "text": text})

    try:
        ensure_atlas(place, progress=tell)
    except Exception as error:  # whoever waits for it reads it as JSON
        _say({"trouble": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
