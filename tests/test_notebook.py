"""The widget's Python side: what it is told, what it tells, what it answers the page, and what it refuses."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import ischia
from ischia import Pelvis, Scene
from viewer.bundle import LOADER, MODULE, PARTS
from viewer.commands.measure import ROWS, SIDES, measures_of, value_of
from viewer.documents import documents
from viewer.errors import SceneError, ViewerError
from viewer.notebook_atlas import answer, open_atlas
from viewer.notebook_progress import bar_text

if TYPE_CHECKING:
    from meshes.atlas import Atlas
    from meshes.build import BuiltAtlas
    from meshes.more import BuiltPack


@pytest.fixture
def p(built_atlas: BuiltAtlas) -> Pelvis:
    return Pelvis()


def visible(p: Pelvis) -> set[str]:
    return p._body.visible(p.scene)


def test_pelvis_is_the_public_face() -> None:
    assert ischia.Pelvis is Pelvis
    assert "Pelvis" in dir(ischia)


def test_a_widget_travels_light(p: Pelvis) -> None:
    """Geometry and script are asked for; what every widget sends is small, and is the same for all of them."""
    state = p.get_state()
    assert len(json.dumps(state, default=str)) < 25_000
    assert state["_esm"] == LOADER.read_text(encoding="utf-8")
    assert state["scene"] == p.scene.model_dump(mode="json")
    assert Pelvis().atlas_key == p.atlas_key


def test_every_verb_gives_the_widget_back_and_does_what_it_says(p: Pelvis) -> None:
    assert p.peel(1) is p
    assert "gluteus_maximus.right" not in visible(p)
    assert "gluteus_maximus.right" in visible(p.show("gluteus_maximus.right"))
    assert "gluteus_maximus.left" not in visible(p)
    assert not {"piriformis.right", "piriformis.left"} & visible(p.hide("piriformis"))
    assert visible(p.isolate("sciatic_nerve.left", "sacrum")) >= {"sacrum", "tibial_division.left"}
    assert all(name == "sacrum" or name.endswith(".left") for name in visible(p))
    assert "femur.right" in visible(p.isolate())
    assert p.fade("femur", opacity=0.3).scene.opacity == {"femur.right": 0.3, "femur.left": 0.3}
    assert p.fade().scene.fade_others
    assert not p.fade(on=False).scene.fade_others
    assert p.select("sacrum").selected == "sacrum"
    assert p.variant(right="B").scene.variant.model_dump() == {"right": "B", "left": "A"}
    assert p.compare(right="C").scene.compare.model_dump() == {"right": "C", "left": "A"}
    assert p.compare().scene.compare is None
    trigger = p.trigger_point("piriformis.1", side="left", on="muscle", ball="tennis_ball").scene
    assert (trigger.trigger.id, trigger.trigger.side, trigger.stipple) == ("piriformis.1", "left", "muscle")
    assert p.trigger_point(None).scene.ball is None
    assert p.lesson("variants", step=1).scene.lesson.model_dump() == {"id": "variants", "step": 1}
    assert p.lesson(None).scene.lesson is None
    assert p.view("anterior").scene.camera.view == "anterior"
    assert p.cut("sagittal", at=20).scene.cut.model_dump() == {"normal": (1.0, 0.0, 0.0), "offset": 20.0}
    assert p.cut(normal=(0, 3, 4)).scene.cut.normal == pytest.approx((0, 0.6, 0.8))
    assert p.section("nerve", at=0.3).scene.section.at == 0.3
    assert p.scene.cut is None
    assert p.section().scene.section is None
    assert p.language("de").scene.language == "de"
    assert p.labels("all", names="latin").scene.names == "latin"
    assert p.theme("dark").set(heat=True, footprints="all").scene.heat
    assert p.reset().scene == Scene(theme="dark", names="latin", language="de")
    assert visible(p.peel(3).hide("femur").show()) == visible(Pelvis())


def test_what_is_shown_by_name_is_seen_before_it_is_made(p: Pelvis) -> None:
    assert {"skin", "inferior_gluteal_nerve.right"} <= visible(p.show("skin", "inferior_gluteal_nerve"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda p: p.show("piriformos"), "Did you mean piriformis"),
        (lambda p: p.hide("sacrum", "sakrum"), 'no structure "sakrum".*sacrum'),
        (lambda p: p.isolate("sciatic.right"), "Did you mean"),
        (lambda p: p.select("femur.middle"), "femur"),
        (lambda p: p.fade("sacrum", opacity=2), "less than or equal to 1"),
        (lambda p: p.peel(-1), "whole one"),
        (lambda p: p.variant(right="Z"), "There are: A, B"),
        (lambda p: p.compare(left="AA"), "There are: A, B"),
        (lambda p: p.trigger_point("piriformis.9"), "Did you mean .*piriformis.1"),
        (lambda p: p.trigger_point("piriformis.1", side="up"), "'right' or 'left'"),
        (lambda p: p.lesson("variant"), "variants"),
        (lambda p: p.view("posterio"), "Did you mean posterior"),
        (lambda p: p.cut("sagital"), "Did you mean sagittal"),
        (lambda p: p.cut(normal=(0, 0, 0)), "direction has a length"),
        (lambda p: p.section("muscle"), "nerve"),
        (lambda p: p.language("xx"), "There are: .*en"),
        (lambda p: p.theme("drak"), "Did you mean dark"),
        (lambda p: p.set(pel=1), "Did you mean peel"),
        (lambda p: setattr(p, "scene", {"hidden": ["piriformos"]}), "Did you mean piriformis"),
        (lambda p: setattr(p, "scene", 7), "path of a JSON file"),
        (lambda p: setattr(p, "scene", "no/such/scene.json"), "no such file"),
        (lambda p: p["piriformis"], "piriformis.right or piriformis.left"),
        (lambda p: p["piriformis.rihgt"], "Did you mean piriformis.right"),
        (lambda p: p.figure(labels="al"), "'none', 'selected' or 'all'"),
        (lambda p: p.screenshot("picture.jpg"), "name one that ends so"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(p: Pelvis, wrong: Any, said: str) -> None:
    p.peel(1).select("sacrum")
    told: list[Any] = []
    p.observe(told.append, "scene")
    before = p.scene
    with pytest.raises(ViewerError, match=f"(?s){said}"):
        wrong(p)
    assert p.scene == before
    assert not told


def test_a_cell_shows_what_is_wrong_and_no_stack_trace(p: Pelvis, monkeypatch: pytest.MonkeyPatch) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    with pytest.raises(SceneError) as error:
        p.peel(-1)
    shown: list[Any] = []
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(shell, "_showtraceback", lambda kind, value, lines: shown.append(lines))
    shell.showtraceback((error.type, error.value, error.tb))
    assert shown == [["SceneError: peel: the number of layers is a whole one from 0 on, and it is -1."]]


def test_a_wrong_first_scene_makes_no_widget(built_atlas: BuiltAtlas) -> None:
    with pytest.raises(SceneError, match="Did you mean peel"):
        Pelvis(pel=2)
    with pytest.raises(ViewerError, match="there is no such folder"):
        Pelvis(atlas="/no/such/folder")


def test_scenes_are_read_written_compared_saved_and_loaded(p: Pelvis, tmp_path: Path) -> None:
    p.peel(2).variant(right="B").save(tmp_path / "mine.json")
    again = Pelvis.load(tmp_path / "mine.json", height=300)
    assert again.scene == p.scene == Scene.read(tmp_path / "mine.json")
    assert again.height == 300
    p.scene.peel = 0  # a copy
    assert p.scene.peel == 2
    scene = p.scene
    scene.peel = 1
    p.scene = scene
    assert p.scene.peel == 1
    p.scene = {"heat": True}
    assert p.scene == Scene(heat=True)
    p.scene = tmp_path / "mine.json"
    assert p.scene == again.scene
    p.height = "70vh"
    assert p.settings["height"] == "70vh"


def test_the_selection_is_told(p: Pelvis) -> None:
    told: list[str | None] = []
    assert p.on_select(told.append) == told.append
    p.select("sacrum").peel(1).select(None)
    # As the page writes it: the whole scene.
    page = p.scene.model_dump(mode="json") | {"selected": "piriformis.right"}
    p.set_state({"scene": page})
    assert p.selected == "piriformis.right"
    assert told == ["sacrum", None, "piriformis.right"]
    p.on_select(told.append, remove=True)
    p.select("femur.right")
    assert len(told) == 3


def test_a_scene_of_the_page_is_not_sent_back(p: Pelvis, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(p, "_send", lambda message, buffers=None: sent.append(message))
    page = json.loads(json.dumps(p.scene.model_dump(mode="json") | {"peel": 2, "rulers": [RULER]}))
    p.set_state({"scene": page})
    assert p.scene.peel == 2
    assert [message for message in sent if message["method"] == "update"] == []
    p.peel(1)
    assert [message["state"]["scene"]["peel"] for message in sent if message["method"] == "update"] == [1]


RULER = {"from": [0.0, 1.5, 2.0], "to": [3.0, 4.0, 5.0]}


def test_measures_are_those_of_the_command(p: Pelvis, later_pack: BuiltPack) -> None:
    table = p.variant(right="B", left="C").measure()
    assert list(table.index) == [field for field, *_ in ROWS]
    for side, variant in zip(SIDES, ("B", "C"), strict=True):
        numbers = measures_of(later_pack, side, variant)
        for field in table.index:
            value = value_of(numbers, field)
            held = table.loc[field, side]
            assert np.isnan(held) if value is None else held == round(value, 3)
    assert table.loc["muscle_volume_cm3", "unit"] == "cm³"
    assert table.loc["muscle_volume_cm3", "published"] == "15.2 ± 2.6, n = 30"


def test_a_structure_is_what_is_known_of_it(p: Pelvis, default_atlas: Atlas) -> None:
    piriformis = p["piriformis.right"]
    assert (piriformis.name, piriformis.latin, piriformis.kind) == ("Right piriformis", "musculus piriformis", "muscle")
    assert "Ischia" in piriformis.citation
    assert piriformis.license == "CC BY 4.0 <https://creativecommons.org/licenses/by/4.0/>"
    assert "MPL-2.0" in p["hip_bone.left"].license
    assert "Zhang" in p["hip_bone.left"].citation
    table = piriformis.attachments
    assert set(table["end"]) == {"proximal", "distal"}
    on_sacrum = table[(table["end"] == "proximal") & (table["on"] == "sacrum")]
    areas = [each.area_mm2 for each in default_atlas.structures["piriformis.right"].footprints if each.on == "sacrum"]
    assert on_sacrum["area_mm2"].iloc[0] == pytest.approx(sum(areas), abs=0.1)
    assert "posterior inferior iliac spine" in set(table["landmarks"])
    assert table["sources"].str.len().min() > 10
    html = piriformis._repr_html_()
    for text in ("Right piriformis", "musculus piriformis", "greater trochanter", "CC BY 4.0"):
        assert text in html
    assert "piriformis.right" in p._ipython_key_completions_()
    assert p.structures.table().loc["sacrum", "kind"] == "bone"
    assert "<table" in p.structures._repr_html_()


def test_meshes_are_the_atlas_s_own(p: Pelvis, whole_atlas: Atlas) -> None:
    parts = whole_atlas.structures["piriformis.right"].parts
    mesh = p["piriformis.right"].mesh
    assert mesh.n_cells == sum(len(part.surface.triangles) for part in parts)
    assert np.array_equal(mesh.points[: len(parts[0].surface.vertices)], parts[0].surface.vertices.astype(np.float32))
    assert mesh.volume / 1000 == pytest.approx(p["piriformis.right"].volume_cm3, rel=1e-3)
    assert p["piriformis.right"].trimesh.is_watertight
    assert p["femur.left"].trimesh.volume / 1000 == pytest.approx(p["femur.left"].volume_cm3, rel=1e-3)
    # With another variant it is another shape; the other side stays.
    left = p["piriformis.left"].mesh
    p.variant(right="B")
    other = p["piriformis.right"].mesh
    assert np.array_equal(other.points[: len(parts[0].surface.vertices)], parts[0].shapes["B"].vertices.astype("f4"))
    assert np.array_equal(p["piriformis.left"].mesh.points, left.points)
    assert p["skin"].mesh.n_points > 1000
    mesh.points = np.zeros_like(mesh.points)
    assert p["piriformis.right"].mesh.points.std() > 1.0


def test_the_page_is_brought_what_it_asks_for(p: Pelvis, built_atlas: BuiltAtlas, later_pack: BuiltPack) -> None:
    atlas = open_atlas("population")

    def bring(kind: str, name: str = "") -> bytes:
        reply, (data,) = answer(atlas, {"ask": "x-1", "kind": kind, "name": name})
        assert reply["answer"] == "x-1"
        return gzip.decompress(data) if reply["packed"] else data

    assert bring("script") == MODULE.read_bytes()
    assert all(bring("part", name) == path.read_bytes() for name, path in PARTS.items())
    assert json.loads(bring("atlas"))["hash"] == built_atlas.document.hash
    assert "piriformis" in json.loads(bring("catalogue"))["structures"]
    assert json.loads(bring("documents")) == list(documents())
    assert bring("document", "lessons") == documents()["lessons"]
    for file in built_atlas.document.files:
        assert len(bring("file", file.name)) == file.bytes
    while answer(atlas, {"ask": "1", "kind": "growth"})[0]["growth"]["state"] == "growing":
        pass
    assert json.loads(bring("growth"))["hash"] == later_pack.document.hash
    for file in later_pack.document.files:
        assert len(bring("file", file.name)) == file.bytes


@pytest.mark.parametrize(
    ("kind", "name"), [("file", "../atlas.json"), ("part", "nothing"), ("secret", ""), ("file", "")]
)
def test_what_is_not_the_page_s_is_refused(p: Pelvis, kind: str, name: str) -> None:
    reply, buffers = answer(open_atlas("population"), {"ask": "1", "kind": kind, "name": name})
    assert "Python has no" in reply["error"]
    assert buffers == []


def test_questions_are_answered_on_the_widget_s_own_line(p: Pelvis, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[Any, Any]] = []
    monkeypatch.setattr(p, "send", lambda content, buffers=None: sent.append((content, buffers)))
    p._handle_custom_msg({"ask": "a-7", "kind": "document", "name": "nothing"}, [])
    p._handle_custom_msg({"something": "else"}, [])
    assert [content["answer"] for content, _ in sent] == ["a-7"]


def test_without_a_kernel_a_notebook_says_what_it_was(p: Pelvis) -> None:
    data = p.peel(2)._repr_mimebundle_()[0]
    assert data["text/plain"].startswith("Pelvis(peel=2)\nAn interactive 3D atlas")
    assert set(data) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_what_one_can_do_is_found_by_the_tab_key(p: Pelvis) -> None:
    names = set(dir(p))
    assert {"show", "variant", "measure", "structures", "scene", "close"} <= names
    assert not any(name.startswith("_") for name in names)
    assert all(getattr(type(p), name).__doc__ for name in names - {"layout", "scene", "settings"})
    assert "piriformis.1" in p.trigger_points
    assert "posterior" in p.views
    assert list(p.variants)[:2] == ["A", "B"]


def test_a_picture_is_drawn_without_a_browser(p: Pelvis, tmp_path: Path) -> None:
    picture = p.isolate("sacrum").figure(size=(160, 120), theme="light")
    assert picture.size == (160, 120)
    assert np.asarray(picture.convert("RGB")).std() > 10
    assert p.scene.theme == "auto"
    path = p.screenshot(tmp_path / "s.png", size=(160, 120))
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_bar_says_how_far_it_is() -> None:
    assert bar_text("Building", 0.5, "Muscles", 12.3) == f"Building  {'█' * 16}{'░' * 16}  50 %  12 s  Muscles"
