"""What all tests share: where things lie, one built atlas, and which tests run when."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from meshes.atlas import Atlas
    from meshes.build import BuiltAtlas
    from meshes.marks import MarksDocument
    from meshes.more import BuiltPack
    from meshes.zones import SkinChart

ROOT = Path(__file__).parents[1]
SHARED_ABSENT = "../shared is absent"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests that take minutes (the built wheel)")
    parser.addoption("--thorough", action="store_true", help="also run the further cases that CI has no time for")
    parser.addoption(
        "--beside-build",
        action="store_true",
        help="another process is building the atlas: tests that need none come first, and the others wait for it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The tests have a cache of their own, kept between runs; a fresh clone has none, so there all is built anew."""
    os.environ["ISCHIA_CACHE"] = str(ROOT / "out" / "tests" / "cache")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several workers: one begins with the browser's tests, the others with the rest."""
    from tests.workers import FromBothEnds

    config.option.loadscopereorder = False
    return FromBothEnds(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = {name for name in ("slow", "thorough") if config.getoption(f"--{name}")}
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in {"slow", "thorough"} - wanted)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if config.getoption("--beside-build"):
        waiting = {item.path for item in items if needs(item)}
        items.sort(key=lambda item: item.path in waiting)


def needs(item: pytest.Item) -> str | None:
    """What must be built before a test can begin: the `atlas`, what comes `later` too, or nothing."""
    asked = set(getattr(item, "fixturenames", ()))
    if item.path.parent.name == "browser" or "later_pack" in asked:
        return "later"
    return "atlas" if "built_atlas" in asked else None


def build(what: str) -> None:
    """Builds it, or waits until whoever is at it has done so."""
    from meshes.build import ensure_atlas
    from meshes.more import ensure_later

    built = ensure_atlas("population")
    if what == "later":
        ensure_later(built)


THERE = pytest.StashKey[set[str]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Beside a build, a test waits before its own time begins. That something cannot be built, its fixture says."""
    there = item.session.stash.setdefault(THERE, set())
    wanted = needs(item)
    if wanted and wanted not in there and item.config.getoption("--beside-build"):
        with suppress(Exception):
            build(wanted)
        there.add(wanted)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI nothing is skipped in silence: any reason but the absent neighbour folder fails the run."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if SHARED_ABSENT not in reason:
            reporter.write_line(f"\nNot allowed under CI: {report.nodeid} was skipped ({reason})", red=True)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def shared_open_meshes() -> Path:
    """Folder of open mesh sets beside the repository (never in it)."""
    folder = ROOT.parent / "shared" / "open-meshes"
    if not folder.is_dir():
        pytest.skip(SHARED_ABSENT)
    return folder


@pytest.fixture(scope="session")
def built_atlas() -> BuiltAtlas:
    """The population atlas as users get it, built once and read from the cache after that."""
    from meshes.build import ensure_atlas

    return ensure_atlas("population")


@pytest.fixture(scope="session")
def default_atlas(built_atlas: BuiltAtlas) -> Atlas:
    """The population atlas as its files hold it, decoded; to be read, not changed."""
    return built_atlas.atlas()


@pytest.fixture(scope="session")
def default_figures(default_atlas: Atlas) -> dict[str, dict[str, Any]]:
    """What every structure of the population atlas measures, as `ischia build --report` tells it; to be read."""
    from meshes.quality import figures

    return figures(default_atlas)


@pytest.fixture(scope="session")
def later_pack(built_atlas: BuiltAtlas) -> BuiltPack:
    """What comes after the population atlas: skin, small nerves, variants and their measures."""
    from meshes.more import ensure_later

    return ensure_later(built_atlas)


@pytest.fixture(scope="session")
def whole_atlas(built_atlas: BuiltAtlas, later_pack: BuiltPack) -> Atlas:
    """The population atlas with all that comes after it, decoded; a part's `shapes` are its variants."""
    from meshes.more import whole_atlas

    return whole_atlas(built_atlas, later_pack)


@pytest.fixture(scope="session")
def trigger_marks(later_pack: BuiltPack) -> MarksDocument:
    """The trigger points of the population atlas, as a page gets them."""
    from meshes.more import read_marks

    return read_marks(later_pack)


@pytest.fixture(scope="session")
def skin_chart(whole_atlas: Atlas) -> SkinChart:
    """The skin of the population atlas, on which distances are measured along the surface."""
    from meshes.zones import SkinChart

    return SkinChart(whole_atlas.structures["skin"].parts[0].surface)


@pytest.fixture(scope="session")
def fetched_set(shared_open_meshes: Path) -> str:
    """The name of the open mesh set, fetched as users fetch it: by the command, from a mirror on this machine."""
    from tests.mirror import serving
    from viewer import cli

    with serving(shared_open_meshes) as address:
        assert cli.run(["atlas", "get", "bodyparts3d", "--mirror", address]) == 0
    return "bodyparts3d"


@pytest.fixture(scope="session")
def set_built(fetched_set: str) -> BuiltAtlas:
    """The atlas on that set's body, built once and read from the cache after that."""
    from meshes.build import ensure_atlas

    return ensure_atlas(fetched_set)


@pytest.fixture(scope="session")
def set_pack(set_built: BuiltAtlas) -> BuiltPack:
    """What comes after the atlas on that set's body."""
    from meshes.more import ensure_later

    return ensure_later(set_built)


@pytest.fixture(scope="session")
def set_whole(set_built: BuiltAtlas, set_pack: BuiltPack) -> Atlas:
    """The atlas on that set's body with all that comes after it, decoded."""
    from meshes.more import whole_atlas

    return whole_atlas(set_built, set_pack)
