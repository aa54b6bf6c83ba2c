"""One-file pages as bytes: what is in them, on what terms, and that all of it comes back."""

from __future__ import annotations

import gzip
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.catalogue import catalogue
from annotations.lessons import load_lessons
from meshes.build import BuiltAtlas
from meshes.glb import decode_glb, pack_glb, unpack_glb
from meshes.more import BuiltPack
from tests.small import build_small
from viewer.bundle import CLASSIC, LICENCES, PARTS
from viewer.cli import run
from viewer.contents import gather
from viewer.errors import SceneError, ViewerError
from viewer.export import export_html, inline_part
from viewer.notices import brief_notices, full_notices
from viewer.packing import BASE, BITS, as_text, tighter
from viewer.reach import needed, pruned, variant_files
from viewer.scene import LessonPlace, Scene, Trigger, Variants

ROOT = Path(__file__).parents[1]


def from_text(text: str, count: int) -> bytes:
    """The inverse of `as_text`, written down a second time and plainly."""
    digits = np.frombuffer(text.replace("\n", "").encode(), np.uint8).astype(np.int64)
    digits = digits - ord("#") - (digits > ord("<"))
    numbers = digits[::2] * BASE + digits[1::2]
    bits = (numbers[:, None] >> np.arange(BITS)) & 1
    return np.packbits(bits.astype(np.uint8), bitorder="little").tobytes()[:count]


class Page(HTMLParser):
    """A page's elements: scripts with their attributes and text, and every address that a browser would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.fetched: list[str] = []
        self.meta: dict[str, str] = {}
        self.comments: list[str] = []
        self.noscript = ""
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._within = tag
        if tag == "script":
            self.scripts.append((named, ""))
        if tag == "meta":
            self.meta[named.get("name") or named.get("http-equiv") or "charset"] = named.get("content") or ""
        self.fetched += [value or "" for name, value in attrs if name in ("src", "srcset", "poster", "data")]
        if tag == "link":
            self.fetched.append(named.get("href") or "")

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def part(self, name: str) -> bytes:
        """One packed part, unpacked."""
        for attributes, text in self.scripts:
            if attributes.get("data-part") == name:
                return gzip.decompress(from_text(text, int(attributes["data-bytes"] or 0)))
        raise KeyError(name)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> BuiltAtlas:
    return build_small(tmp_path_factory.mktemp("small") / "atlas")


@pytest.fixture(scope="module")
def text(small: BuiltAtlas, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of the body of spheres."""
    out = tmp_path_factory.mktemp("out") / "page.html"
    export_html(out, Scene(selected="piriformis.right", peel=1), atlas=small)
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@given(st.binary(min_size=1, max_size=300))
def test_bytes_come_back_from_text(data: bytes) -> None:
    text = as_text(data)
    assert from_text(text, len(data)) == data
    assert not set(text) & set("<>&\"'") - {">", "&", "'"}
    assert len(text) <= 2 * -(-len(data) * 8 // 13)


def test_what_the_page_holds_is_what_was_built(page: Page, small: BuiltAtlas) -> None:
    values = json.loads(next(text for named, text in page.scripts if named.get("id") == "ischia-values"))
    assert Scene.parse(values["scene"]) == Scene(selected="piriformis.right", peel=1, atlas="spheres")
    assert page.part("script").decode() == CLASSIC.read_text(encoding="utf-8")
    assert json.loads(page.part("atlas"))["structures"].keys() == small.document.structures.keys()
    assert json.loads(page.part("catalogue"))["structures"].keys() == catalogue().structures.keys()
    assert json.loads(page.part("later")) is None
    for name in values["files"]:
        there = decoded(page.part(f"file/{name}"))
        for mesh, surface in decode_glb((small.folder / name).read_bytes()).items():
            assert np.abs(there[mesh].vertices - surface.vertices).max() < 0.06, mesh
            assert np.array_equal(there[mesh].triangles, surface.triangles)
    for name in values["parts"]:
        assert page.part(f"part/{name}").decode() == inline_part(name, PARTS[name].read_text(encoding="utf-8"))
    for name in values["documents"]:
        json.loads(page.part(f"document/{name}"))


def test_nothing_outside_is_fetched(page: Page, text: str) -> None:
    """Addresses of other hosts are for people to follow; none is in a place from which a browser fetches."""
    assert [address for address in page.fetched if not address.startswith("data:")] == []
    assert "@import" not in text
    assert "default-src 'none'" in page.meta["Content-Security-Policy"]
    assert "connect-src" not in page.meta["Content-Security-Policy"]


def test_licences_and_credits_can_be_read_in_the_file(page: Page, text: str, small: BuiltAtlas) -> None:
    told = next(text for named, text in page.scripts if named.get("id") == "ischia-licences")
    assert "Redistribution and use in source and binary forms" in told
    assert "Creative Commons" in told
    assert LICENCES.read_text(encoding="utf-8").strip().replace("</", "< /") in told
    for source in small.document.sources.values():
        assert source.title in told
        assert source.license in told
    assert any("Whose work is in it" in comment for comment in page.comments)
    without_script = text[text.index("<noscript>") : text.index("</noscript>")]
    assert "allow JavaScript" in without_script
    assert all(source.license in without_script for source in small.document.sources.values())


def test_the_bones_terms_go_with_their_mesh(built_atlas: BuiltAtlas, later_pack: BuiltPack) -> None:
    """Mozilla's licence asks for a notice and for where the source is."""
    found = gather(Scene(), built_atlas)
    for told in (full_notices(found), brief_notices(found)):
        assert "Mozilla Public License, v. 2.0" in told
        assert "https://github.com/musculoskeletal/models" in told


def test_title_and_description(page: Page, text: str, small: BuiltAtlas, tmp_path: Path) -> None:
    assert "<title>Right piriformis · Ischia</title>" in text
    assert "does not diagnose" in page.meta["description"]
    lesson = next(iter(load_lessons(scene=Scene).values()))
    made = export_html(tmp_path / "lesson.html", atlas=small, lesson=lesson.id)
    assert made.title == f"{lesson.title} · Ischia"
    own = Page(made.file.read_text(encoding="utf-8"))
    assert own.meta["description"].startswith(lesson.summary)
    assert f"<title>{html.escape(made.title)}</title>" in made.file.read_text(encoding="utf-8")


def test_the_same_input_makes_the_same_bytes(small: BuiltAtlas, text: str, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    export_html(again, Scene(selected="piriformis.right", peel=1), atlas=small)
    assert again.read_text(encoding="utf-8") == text


def decoded(glb: bytes) -> dict[str, Any]:
    """Surfaces of a GLB that names its compression by the newer extension."""
    document, binary = unpack_glb(glb)
    for view in document["bufferViews"]:
        view["extensions"] = {"EXT_meshopt_compression": view["extensions"]["KHR_meshopt_compression"]}
    return decode_glb(pack_glb(document, binary))


def test_tighter_meshes_are_the_same_meshes(small: BuiltAtlas) -> None:
    for file in small.document.files:
        data = (small.folder / file.name).read_bytes()
        fine, coarse = decoded(tighter(data)), decoded(tighter(data, coarse=True))
        steps = {node["name"]: node["scale"][0] for node in unpack_glb(data)[0]["nodes"] if "mesh" in node}
        for name, surface in decode_glb(data).items():
            for same, of in ((fine[name].vertices, surface.vertices), (fine[name].normals, surface.normals)):
                assert np.array_equal(same, of)
            assert 0 < np.abs(coarse[name].vertices - surface.vertices).max() <= 1.001 * steps[name]
            cosine = np.clip((coarse[name].normals * surface.normals).sum(axis=1), -1, 1)
            assert np.degrees(np.arccos(cosine)).max() < 1.5


def test_what_a_scene_reaches(later_pack: BuiltPack) -> None:
    pack, texts = later_pack.document, catalogue()
    plain = needed(Scene(), pack, texts)
    assert {name.partition("-")[0] for name in plain} == {"skin"}
    assert needed(Scene(trigger=Trigger(id="piriformis.1")), pack, texts) == plain
    one = needed(Scene(variant=Variants(right="B", left="A")), pack, texts) - plain
    assert one == variant_files(pack, ["B"]) == {name for name in one if name.startswith("variant-B-")}
    both = needed(Scene(compare=Variants(right="C", left="D")), pack, texts) - plain
    assert {name.split("-")[1] for name in both} == {"C", "D"}
    assert len(needed(Scene(subcutaneous=0.8), pack, texts) - plain) == 2
    for shown in ("inferior_gluteal_nerve.left", "posterior_femoral_cutaneous_nerve"):
        assert {name.partition("-")[0] for name in needed(Scene(shown=[shown]), pack, texts) - plain} == {"nerves"}


def test_a_pruned_pack_names_only_what_it_has(later_pack: BuiltPack) -> None:
    pack = later_pack.document
    files = needed(Scene(variant=Variants(right="B", left="A")), pack, catalogue())
    less = pruned(pack, files)
    assert {file.name for file in less.files} == files
    assert list(less.structures) == ["skin"]
    assert {name for shapes in less.shapes.values() for name in shapes} == {"B"}
    assert {name for lines in less.measures.values() for name in lines} == {"A", "B"}
    assert pruned(pack, {file.name for file in pack.files}) == pack


def test_lessons_that_show_what_is_left_out_are_left_out(built_atlas: BuiltAtlas, later_pack: BuiltPack) -> None:
    def lessons(**options: Any) -> set[str]:
        found = json.loads(gather(Scene(), built_atlas, **options).documents["lessons"])
        return {lesson["id"] for lesson in found["lessons"]}

    everything = set(load_lessons(scene=Scene))
    usual = lessons()
    assert lessons(complete=True) == everything
    assert usual < everything
    assert {"the_lay_of_the_land", "what_attaches_where", "trigger_points_and_referred_pain"} <= usual
    for name in everything:
        assert name in lessons(lesson=name), "a lesson brings what it needs"


def test_languages_are_those_of_the_scene(built_atlas: BuiltAtlas, later_pack: BuiltPack) -> None:
    codes = [entry.code for entry in catalogue().languages if entry.code != "en"]
    assert codes
    code = codes[-1]
    found = gather(Scene(language=code), built_atlas)
    assert [entry.code for entry in found.catalogue.languages] == ["en", code]
    assert set(found.documents) == {"lessons", f"language.{code}"}
    whole = gather(Scene(), built_atlas, complete=True)
    assert {f"language.{code}" for code in codes} <= set(whole.documents)
    assert whole.left_out == []


def test_errors_say_what_is_allowed(small: BuiltAtlas, tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"piriformis\.right"):
        export_html(tmp_path / "x.html", Scene(selected="piriformes.right"), atlas=small)
    with pytest.raises(SceneError, match="Did you mean variants"):
        export_html(tmp_path / "x.html", atlas=small, lesson="variant")
    with pytest.raises(SceneError, match=r"lesson\.step"):
        export_html(tmp_path / "x.html", Scene(lesson=LessonPlace(id="variants", step=99)), atlas=small)
    with pytest.raises(ViewerError, match=r"ends in \.html"):
        export_html(tmp_path / "x.pdf", atlas=small)
    with pytest.raises(ViewerError, match="no such folder"):
        export_html(tmp_path / "none" / "x.html", atlas=small)
    assert list(tmp_path.iterdir()) == []


def test_the_command(small: BuiltAtlas, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "page.html"
    assert run(["export", str(out), "--atlas", str(small.folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bytes"] == out.stat().st_size
    assert told["parts"]["script"] > 100_000
    assert run(["export", str(out), "--atlas", str(small.folder), "--lesson", "nothing"]) == 1
    assert "no lesson" in capsys.readouterr().err
    assert run(["export", "--help"]) == 0
    assert re.search(r"Example:\s+ischia export", capsys.readouterr().out)
