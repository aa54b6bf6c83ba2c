"""`python -m viewer.bench`: measure the budgets and print the table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from meshes.build import ensure_atlas
from viewer.bench import interaction, servers
from viewer.bench.building import Build, build
from viewer.bench.files import Written, written_bytes
from viewer.bench.interaction import Cost
from viewer.bench.servers import LOOPBACK, Unavailable, folder, free_port, process
from viewer.bench.table import Row, middle, number, printed
from viewer.bench.visit import Visit, visit
from viewer.bench.wire import Wire, wire_bytes
from viewer.chromium import BrowserMissing, find_browser, launch_flags

OURS, PYVISTA, PANEL = "Ischia", "PyVista's HTML export", "Panel's VTK pane"
SCRIPT = ("ischia.mjs", "start.mjs")


def main() -> int:
    """Measure, print, and say by the exit code whether every bar is met."""
    options = _options()
    say(f"Each page is opened {options.runs} times, in turn, with nothing cached.")
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ischia-bench-")))
        try:
            built, rows_of_building = _building(temporary / "cache", options.no_build)
            playwright = stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=str(find_browser()), args=launch_flags())
            stack.callback(browser.close)
            visits, cost, missing = _visits(browser, built.folder, temporary, options.runs, stack)
            written = written_bytes(built.folder, temporary)
        except (BrowserMissing, Unavailable) as error:
            say(f"The bench could not run: {error}")
            return 1
    rows = [
        *_rows_of_page(visits, missing, wire_bytes(built.folder)),
        *_rows_of_files(written),
        *_rows_of_interaction(cost),
        *rows_of_building,
    ]
    told = json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False) if options.json else printed(rows)
    sys.stdout.write(f"{told}\n")
    return 1 if any(row.met is False for row in rows) else 0


def say(text: str) -> None:
    """Tell how it goes, beside the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m viewer.bench", description=__doc__, epilog="Example: --runs 5")
    parser.add_argument("--runs", type=int, default=3, help="visits to each page; the table has their medians")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    parser.add_argument("--no-build", action="store_true", help="take the atlas from the cache; do not time its making")
    return parser.parse_args()


def _building(cache: Path, from_cache_only: bool) -> tuple[Build, list[Row]]:
    if from_cache_only:
        build()  # if the cache is empty, this fills it
        again = build()
        left_out = "left out (--no-build)"
        fresh = [
            Row("default layers built from nothing", None, "s", 90.0, note=left_out),
            Row("  and everything: skin, small nerves, variants", None, "s", 300.0, note=left_out),
        ]
    else:
        say("Everything is built from nothing …")
        first = build(cache)
        os.environ["ISCHIA_CACHE"] = str(cache)
        again = build(cache)
        cores = os.cpu_count()
        fresh = [
            Row("default layers built from nothing", first.seconds, "s", 90.0, note=f"{cores} cores"),
            Row("  and everything: skin, small nerves, variants", first.all_seconds, "s", 300.0),
        ]
    return again, [
        *fresh,
        Row("default layers from the cache", again.seconds, "s", 1.0),
        Row("  and everything", again.all_seconds, "s"),
    ]


def _visits(
    browser: Browser, atlas: Path, temporary: Path, runs: int, stack: ExitStack
) -> tuple[dict[str, list[Visit]], Cost, dict[str, str]]:
    """Visits to each page by its maker, what interaction costs on ours, and why a page could not be had."""
    addresses, missing = {}, {}
    address, ours = stack.enter_context(_our_page())
    addresses[OURS] = address
    say("PyVista writes its page, and Panel's server starts …")
    try:
        addresses[PYVISTA] = stack.enter_context(_pyvista_page(atlas, temporary))
    except Unavailable as reason:
        missing[PYVISTA] = str(reason)
    try:
        addresses[PANEL] = stack.enter_context(_panel_page(atlas))
    except Unavailable as reason:
        missing[PANEL] = str(reason)
    for maker, why in missing.items():
        say(f"{maker} is left out: {why}")

    later = [entry.id for entry in ensure_atlas(atlas).document.growing]
    visits: dict[str, list[Visit]] = {maker: [] for maker in addresses}
    costs: list[Cost] = []
    visit(browser, addresses[OURS])  # the first page of a server finds modules that are not loaded yet
    for run in range(runs):
        for maker, address in addresses.items():
            last = maker == OURS and run == runs - 1
            measure = (lambda page: costs.append(interaction.measure(page, ours, later))) if last else None
            found = visit(browser, address, measure)
            say(f"{run + 1}/{runs}  {maker}: {number(found.painted_s, 's')}, {number(found.megabytes, 'MB')}")
            visits[maker].append(found)
    if not costs:
        raise Unavailable("the page showed no picture")
    return visits, costs[0], missing


@contextmanager
def _our_page() -> Iterator[tuple[str, int]]:
    """Address of the page as `ischia view` serves it, and the server's process."""
    port = free_port()
    address = f"http://{LOOPBACK}:{port}/"
    arguments = ["-m", "viewer.cli", "view", "--no-browser", "--port", str(port)]
    with process(arguments, f"{address}alive", "ischia view") as running:
        yield address, running.pid


@contextmanager
def _pyvista_page(atlas: Path, temporary: Path) -> Iterator[str]:
    page = temporary / "pyvista" / "index.html"
    page.parent.mkdir()
    arguments = [sys.executable, "-m", "viewer.bench.rivals", "export", str(atlas), str(page)]
    run = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=servers.START_S)
    if run.returncode or not page.is_file():
        told = run.stderr.strip().splitlines()
        raise Unavailable(told[-1] if told else f"the export ended with code {run.returncode}")
    with folder(page.parent) as address:
        yield address


@contextmanager
def _panel_page(atlas: Path) -> Iterator[str]:
    port = free_port()
    address = f"http://{LOOPBACK}:{port}/"
    with process(["-m", "viewer.bench.rivals", "serve", str(atlas), str(port)], f"{address}favicon.ico", PANEL):
        yield address


def _rows_of_page(visits: dict[str, list[Visit]], missing: dict[str, str], wire: Wire) -> list[Row]:
    def median_of(maker: str) -> float | None:
        return middle([each.painted_s for each in visits.get(maker, []) if each.painted_s is not None])

    ours = visits[OURS]
    sizes = ours[-1].received
    script = sum(size for path, size in sizes.items() if path.endswith(SCRIPT))
    layers = sum(size for path, size in sizes.items() if path.startswith("/atlas/"))
    rows = [
        Row("front-end JavaScript, gzip", script / 1000, "KB", 230.0),
        Row("layers of the first picture over the wire, gzip", layers / 1000, "KB"),
        Row("default layers over the wire, gzip", wire.default / 1000, "KB", 900.0, note="both sides"),
        Row("  and everything", wire.everything / 1000, "KB", note="each part when it is first shown"),
        Row("first picture, Ischia", median_of(OURS), "s", note=_spread(ours)),
        Row("  by its own mark, ischia:first-frame", middle([v.marked_s for v in ours if v.marked_s]), "s"),
    ]
    for maker, factor in ((PYVISTA, 2.5), (PANEL, 5.0)):
        theirs, mine = median_of(maker), median_of(OURS)
        note = missing.get(maker) or _spread(visits.get(maker, []))
        rows.append(Row(f"first picture, {maker}", theirs, "s", note=note))
        ratio = theirs / mine if theirs and mine else None
        rows.append(Row("  so many times sooner", ratio, "", factor, "at least"))
    for maker, all_visits in visits.items():
        outside = sorted({host for each in all_visits for host in each.outside})
        note = f"and asks {', '.join(outside)}" if outside else ""
        rows.append(Row(f"bytes to the picture, {maker}", middle([v.megabytes for v in all_visits]), "MB", note=note))
    return rows


def _rows_of_files(written: Written) -> list[Row]:
    note = "its parts packed within"
    return [
        Row("one-file page of the default layers", written.default / 1e6, "MB", 2.5, note=note),
        Row("  and complete", written.complete / 1e6, "MB", 6.0, note=note),
        Row("static site, all files", written.site / 1e6, "MB", note="before a server compresses them"),
    ]


def _spread(visits: list[Visit]) -> str:
    times = [each.painted_s for each in visits]
    seen = [time for time in times if time is not None]
    lost = "" if len(seen) == len(times) else f"; {len(times) - len(seen)} never showed anything"
    return (
        f"{number(min(seen))} to {number(max(seen))} in {len(seen)} visits{lost}" if seen else "never showed anything"
    )


def _rows_of_interaction(cost: Cost) -> list[Row]:
    waited = None if cost.waited is None else float(len(cost.waited))
    names = "with Python suspended: " + (", ".join(interaction.INTERACTIONS) if not cost.waited else "")
    note = "this system cannot suspend a process" if cost.waited is None else names + ", ".join(cost.waited)
    return [
        Row(
            "pick under the pointer, p95", cost.pick_p95_ms, "ms", 1.0, note=f"median {number(cost.pick_median_ms)} ms"
        ),
        Row("interactions that wait for Python", waited, "", 0.0, note=note),
        Row("triangles of the default layers", float(cost.triangles), bar=400_000.0),
        Row("draw calls of the default layers", float(cost.draw_calls), bar=60.0),
        Row("triangles of everything at once", _number(cost.everything, 0)),
        Row("draw calls of everything at once", _number(cost.everything, 1)),
    ]


def _number(pair: tuple[int, int] | None, which: int) -> float | None:
    return None if pair is None else float(pair[which])


if __name__ == "__main__":
    raise SystemExit(main())
