"""A set of bones as a body: its own surfaces in the atlas's frame, the population's places on them, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import igl
import numpy as np
import pytest
import yaml

from meshes import set_atlas, set_body
from meshes.atlas import Part, Structure, Surface
from meshes.body import Body
from meshes.carried import SIDES
from meshes.finishing import landmarks_of
from meshes.openset import read_open_set
from meshes.population import population_body
from meshes.set_atlas import gridded
from meshes.set_body import BODY_FILE, SetBody, body_bytes, read_body
from meshes.set_landmarks import LANDMARKS_FILE
from meshes.set_skin import SkinError, own_skin
from meshes.store import StoreError
from meshes.surface import is_closed, vertex_normals, volume_mm3
from tests.small import sphere
from tests.test_openset import gltf

BONES = ("hip_bone.right", "hip_bone.left", "sacrum", "femur.right", "femur.left")
SHIFT = np.array([40.0, -25.0, 900.0])
PLACED = np.array([-130.0, -20.0, 80.0])
SOURCE = "{title: Bones, creators: Somebody, license: CC0-1.0, license_url: '', citation: Somebody 2026, url: ''}"


def write_set(folder: Path, body: Body, bones: tuple[str, ...] = BONES) -> Path:
    """Bones of a body as a set of GLB files in metres, y up, somewhere else than at its origin."""
    folder.mkdir()
    meshes = []
    for name in bones:
        vertices = (body.bones[name].vertices + SHIFT)[:, [0, 2, 1]] * [1, 1, -1] / 1000
        (folder / f"{name}.glb").write_bytes(gltf(vertices, body.bones[name].triangles, False, [0.0, 0.0, 0.0]))
        stem, _, side = name.partition(".")
        meshes.append({"file": f"{name}.glb", "structure": stem, "side": side or "midline"})
    passport = {
        "id": "bones",
        "title": "Bare bones",
        "unit": "metre",
        "axes": "y_up",
        "source": yaml.safe_load(SOURCE),
        "meshes": meshes,
    }
    (folder / "passport.yaml").write_text(yaml.safe_dump(passport))
    return folder


@dataclass(frozen=True)
class Given:
    """The body whose bones were written, and what was made of them."""

    true: Body
    own: SetBody


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """A body one deviation from the mean, its pelvis and femora alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(set_body, "BONE_RESOLUTION", 4)
        folder = tmp_path_factory.mktemp("sets") / "bones"
        true = population_body([0.0, 1.0], resolution=4)
        write_set(folder, true)
        yield Given(true, set_body.set_body(folder))


def test_own_bones_stand_level_with_the_origin_between_the_heads(given: Given) -> None:
    """Each is the mesh that was given, moved as a whole to where the body is that it was taken from."""
    for name in BONES:
        mine = given.own.body.bones[name].vertices
        there = given.true.bones[name].vertices
        assert len(mine) == len(np.unique(there, axis=0))
        off = igl.point_mesh_squared_distance(np.ascontiguousarray(mine), there, given.true.bones[name].triangles)[0]
        assert np.sqrt(off).max() < 1.5, name
        shown = given.own.atlas.structures[name]
        assert (shown.made, shown.source) == ("loaded", "bones")
        assert np.array_equal(shown.parts[0].surface.vertices, mine), "what is solved on is what is shown"
    middle = (given.own.body.head_centre("right") + given.own.body.head_centre("left")) / 2
    assert middle == pytest.approx([0, 0, 0], abs=1e-6)


def test_places_of_the_population_are_known_on_them(given: Given) -> None:
    apart = {}
    for name in given.true.landmark_names():
        here, there = np.atleast_2d(given.own.body.landmark(name)), np.atleast_2d(given.true.landmark(name))
        apart[name] = float(np.linalg.norm(here - there, axis=1).max())
    assert np.median(list(apart.values())) < 2.0
    assert max(apart.values()) < 6.0, "less than an edge of these coarse bones"


def test_missing_bones_are_modelled_and_named(given: Given) -> None:
    modelled = {name for name, one in given.own.atlas.structures.items() if one.made == "modelled"}
    assert modelled == {"coccyx", *(f"{bone}.{side}" for bone in ("patella", "tibia", "fibula") for side in SIDES)}
    assert given.own.held == {}, "this sacrum ends above the coccyx"
    assert any("has no coccyx, fibula, patella, tibia" in note for note in given.own.atlas.notes)
    for name in ("coccyx", "tibia.right", "patella.left"):
        middle = given.own.body.bones[name].vertices.mean(axis=0)
        assert np.linalg.norm(middle - given.true.bones[name].vertices.mean(axis=0)) < 6.0, name


def test_the_fit_is_told(given: Given) -> None:
    assert set(given.own.atlas.fit) == set(BONES)
    assert max(given.own.atlas.fit.values()) < 1.0
    assert "misses them by, mean mm: " in given.own.atlas.notes[0]


def test_what_is_kept_is_the_same_body(given: Given, tmp_path: Path) -> None:
    assert read_body(tmp_path) is None
    given = Given(given.true, SetBody(**{**vars(given.own), "given": {"piriformis.right": cube()}}))
    (tmp_path / BODY_FILE).write_bytes(body_bytes(given.own))
    read = read_body(tmp_path)
    assert read is not None
    body, solids = read
    for name, bone in given.own.body.bones.items():
        assert np.array_equal(body.bones[name].vertices, bone.vertices)
        assert np.array_equal(body.bones[name].triangles, bone.triangles)
    for name in given.own.body.landmark_names():
        assert body.landmark(name) == pytest.approx(given.own.body.landmark(name), abs=1e-9)
    assert np.array_equal(solids["piriformis.right"][0], cube()[0])
    (tmp_path / BODY_FILE).write_bytes(body_bytes(given.own)[:-200])
    with pytest.raises(StoreError, match="damaged"):
        read_body(tmp_path)


def cube() -> tuple[np.ndarray, np.ndarray]:
    surface = sphere((0, 0, 0), 10.0, steps=6)
    return surface.vertices, surface.triangles


def test_a_placed_landmark_wins(given: Given) -> None:
    """Also for what the modeller asks the body, and for the head of the femur."""
    moved = set_body.pinned(
        given.own.body, {"asis.right": PLACED, "femoral_head_centre.left": -PLACED, "no_such_landmark.left": PLACED}
    )
    assert np.array_equal(moved.landmark("asis.right"), PLACED)
    assert np.array_equal(moved.head_centre("left"), -PLACED)
    assert np.array_equal(moved.landmark("asis.left"), given.own.body.landmark("asis.left"))
    assert np.array_equal(landmarks_of(moved)["asis.right"], PLACED)


def test_landmarks_of_the_folder_are_laid_into_the_body(given: Given, tmp_path: Path) -> None:
    """They are written in the files' own frame and unit: here metres, y up, off the origin."""
    folder = write_set(tmp_path / "placed", given.true)
    there = given.true.landmark("asis.right") + np.array([0.0, 0.0, 5.0])
    x, y, z = (there + SHIFT) / 1000
    mark = {"point": [float(x), float(z), float(-y)], "by": "person", "confidence": "placed", "checked": True}
    content = {"set": "bones", "unit": "metre", "axes": "y_up", "landmarks": {"asis.right": mark}}
    (folder / LANDMARKS_FILE).write_text(yaml.safe_dump(content))
    body = set_body.body_of_set(read_open_set(folder), folder, lambda done, text: None).body
    assert set(body.pinned) == {"asis.right"}
    moved = body.landmark("asis.right") - given.own.body.landmark("asis.right")
    assert np.linalg.norm(moved - [0, 0, 5.0]) < 2.5


def test_too_few_bones_are_shown_as_they_are(given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hip bone is missing: nothing is solved, and one line says why and what is needed."""
    monkeypatch.setattr(set_atlas, "solve_both", None)
    folder = write_set(tmp_path / "few", given.true, tuple(name for name in BONES if name != "hip_bone.left"))
    told: list[str] = []
    atlas, beside = set_atlas.set_atlas(folder, lambda done, text: told.append(text))
    assert set(atlas.structures) == set(BONES) - {"hip_bone.left"}
    assert beside == {}
    assert atlas.growing == []
    (note,) = atlas.notes
    assert note in told
    assert note.startswith("Nothing was solved on these bones: ")
    assert "missing: hip_bone.left" in note


def test_a_surface_takes_place_and_tendon_from_the_one_it_lies_on() -> None:
    """Across the seam too: v does not run back from 1 to 0 within a triangle of the ground."""
    ground, fine = sphere((0, 0, 0), 20.0), sphere((0, 0, 0), 20.2, steps=40)
    bare = Surface(fine.vertices, fine.triangles, fine.normals)

    def one(surface: Surface) -> Structure:
        return Structure("m.right", "m", "right", "muscle", [Part("m.right", surface)], "x", "loaded")

    taken = gridded(one(bare), one(ground)).parts[0].surface
    assert taken.uv is not None
    assert fine.uv is not None
    assert np.array_equal(taken.vertices, fine.vertices)
    away = np.abs(taken.uv - fine.uv)
    away[:, 1] = np.minimum(away[:, 1], 1.0 - away[:, 1])
    between = (fine.uv[:, 0] > 0.05) & (fine.uv[:, 0] < 0.95)
    assert away[between].max() < 0.02
    assert taken.tendon is not None


@pytest.fixture
def shell(given: Given) -> Callable[[float], Structure]:
    """A double shell around the body, with an arm on either side."""

    def make(radius: float) -> Structure:
        outer, inner = sphere((0, 0, 0), radius, steps=60), sphere((0, 0, 0), radius - 6.0, steps=60)
        arms = [sphere((side * 600.0, 0, 0), 60.0) for side in (-1, 1)]
        pieces = [outer, Surface(inner.vertices, inner.triangles[:, ::-1], -inner.normals), *arms]
        starts = np.cumsum([0] + [len(piece.vertices) for piece in pieces])
        vertices = np.concatenate([piece.vertices * [1.0, 1.0, 3.0] for piece in pieces])
        triangles = np.concatenate([piece.triangles + start for piece, start in zip(pieces, starts, strict=False)])
        surface = Surface(vertices, triangles, vertex_normals(vertices, triangles))
        return Structure("skin", "skin", "midline", "skin", [Part("skin", surface)], "bones", "loaded")

    return make


def test_of_a_double_skin_the_outer_surface_is_kept(given: Given, shell: Callable[[float], Structure]) -> None:
    skin = own_skin(shell(400.0), given.own.body)
    surface = skin.parts[0].surface
    assert (skin.made, skin.shown) == ("cut", False)
    assert is_closed(surface.triangles)
    assert volume_mm3(surface.vertices, surface.triangles) > 0
    level = np.abs(surface.vertices[:, 2] / 3.0) < 50.0
    assert np.hypot(*surface.vertices[level, :2].T).min() > 394.5, "neither the inner shell nor an arm"
    assert surface.vertices[:, 0].max() < 401.0
    crest = max(given.own.body.bones[f"hip_bone.{side}"].vertices[:, 2].max() for side in SIDES)
    assert surface.vertices[:, 2].max() == pytest.approx(crest + 60.0, abs=0.1)


def test_a_skin_of_something_else_is_refused(given: Given, shell: Callable[[float], Structure]) -> None:
    with pytest.raises(SkinError, match="goes around both thighs"):
        own_skin(shell(90.0), given.own.body)
