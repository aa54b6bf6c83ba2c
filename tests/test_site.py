"""The static site as files: hashed addresses, what a device keeps, what is never written over."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from meshes.build import BuiltAtlas
from tests.small import build_small
from tests.test_export import Page
from viewer.cli import run
from viewer.errors import ViewerError
from viewer.icons import icon, outline_points
from viewer.scene import Scene
from viewer.site import write_site


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> BuiltAtlas:
    return build_small(tmp_path_factory.mktemp("small") / "atlas")


@pytest.fixture(scope="module")
def site(small: BuiltAtlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites") / "atlas"
    write_site(folder, atlas=small)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_every_address_is_relative_and_there(site: Path) -> None:
    page = Page((site / "index.html").read_text(encoding="utf-8"))
    values = json.loads(next(text for named, text in page.scripts if named.get("id") == "ischia-values"))
    source = values["source"]
    named = [*page.fetched, *values["parts"].values(), values["script"], values["worker"], source["catalogue"]]
    named += [*source["documents"].values(), f"{source['atlas']}atlas.json"]
    for address in named:
        if not address.startswith("data:"):
            assert not re.match(r"[a-z]+:|/", address), address
            assert (site / address).is_file(), address
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["start_url"] == manifest["scope"] == "./"
    assert {picture["sizes"] for picture in manifest["icons"]} == {"192x192", "512x512"}
    assert {picture["purpose"] for picture in manifest["icons"]} == {"any", "maskable"}
    for picture in manifest["icons"]:
        size = Image.open(site / picture["src"]).size
        assert f"{size[0]}x{size[1]}" == picture["sizes"]


def test_what_changes_has_its_hash_in_its_address(site: Path) -> None:
    for name, data in contents(site).items():
        if name.startswith(("scripts/", "texts/")):
            assert hashlib.sha256(data).hexdigest()[:12] in name


def test_the_device_keeps_everything_by_its_hash(site: Path) -> None:
    worker = (site / "service-worker.js").read_text(encoding="utf-8")
    kept = json.loads(worker.partition("const SITE = ")[2].partition(";\n")[0])["files"]
    files = contents(site)
    for name, digest in kept.items():
        assert hashlib.sha256(files[name if name != "./" else "index.html"]).hexdigest() == digest
    aside = {"service-worker.js", "README.txt", "_headers", "site.json"}
    assert {"index.html" if name == "./" else name for name in kept} == set(files) - aside


def test_its_policy(site: Path) -> None:
    policy = Page((site / "index.html").read_text(encoding="utf-8")).meta["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'self' 'wasm-unsafe-eval' 'sha256-[^']+'", rules["script-src"])
    assert rules["connect-src"] == rules["worker-src"] == rules["manifest-src"] == "'self'"
    assert not re.search(r"unsafe-inline|'unsafe-eval'|\*|https?:|blob:", policy)


def test_terms_and_how_to_serve_it(site: Path) -> None:
    assert "Redistribution and use" in (site / "licenses.txt").read_text(encoding="utf-8")
    assert "python -m http.server" in (site / "README.txt").read_text(encoding="utf-8")
    headers = (site / "_headers").read_text(encoding="utf-8")
    assert headers.count("immutable") == 3


def test_written_again_it_is_the_same_or_as_a_whole_another(small: BuiltAtlas, site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "atlas"
    first = write_site(folder, atlas=small)
    assert contents(folder) == contents(site)
    (folder / "scripts" / "old.js").write_text("", encoding="utf-8")
    second = write_site(folder, Scene(peel=1), atlas=small, gzipped=True)
    assert second.version != first.version
    files = contents(folder)
    assert "scripts/old.js" not in files
    packed = [name for name in files if name.endswith(".gz")]
    assert {"index.html.gz", "service-worker.js.gz"} <= set(packed)
    assert all(gzip.decompress(files[name]) == files[name.removesuffix(".gz")] for name in packed)
    assert list(tmp_path.iterdir()) == [folder], "nothing is left beside it"


def test_what_is_not_a_site_is_not_written_over(small: BuiltAtlas, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years", encoding="utf-8")
    with pytest.raises(ViewerError, match="would be lost"):
        write_site(tmp_path, atlas=small)
    with pytest.raises(ViewerError, match="this is a file"):
        write_site(tmp_path / "thesis.txt", atlas=small)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_command(small: BuiltAtlas, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "public"
    assert run(["site", str(folder), "--atlas", str(small.folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    files = contents(folder)
    assert (told["files"], told["bytes"]) == (len(files), sum(map(len, files.values())))


def test_the_icons_show_the_sign() -> None:
    """Bone in the middle, its two joints in their colours, and what a device cuts off of a maskable one is ground."""
    for maskable in (False, True):
        picture = np.asarray(Image.open(BytesIO(icon(192, maskable=maskable))).convert("RGBA")).astype(int)
        red, green, blue, opaque = (picture[..., channel] for channel in range(4))
        assert ((red > 150) & (green < 90) & (blue < 90)).sum() > 50, "the red joint"
        assert ((blue > 150) & (red < 90)).sum() > 50, "the blue joint"
        assert (opaque[0, 0] == 255) == maskable
        y, x = np.mgrid[:192, :192] - 95.5
        outside = np.hypot(x, y) > 0.4 * 192
        if maskable:
            assert np.ptp(picture[outside], axis=0).max() == 0


def test_outline_points_follow_a_path() -> None:
    points = outline_points("M1 1l2 0c1 0 1 1 1 1C4 3 2 3 1 1z")
    assert points[0].tolist() == [1, 1]
    assert points[1].tolist() == [3, 1]
    assert points[-1].tolist() == [1, 1]
    assert [4, 2] in points.tolist()
