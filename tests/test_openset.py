"""Open mesh sets: read unmodified into the atlas's frame, named, right is right, and broken ones explained."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import DracoPy
import numpy as np
import pytest

from meshes.atlas import Atlas, Surface
from meshes.build import ensure_atlas
from meshes.glb import pack_glb
from meshes.openset import femoral_head, load_open_set
from meshes.passport import SetError, find_passport
from meshes.surface import area_mm2
from tests.solids import ball

SOURCE = "{title: Test, creators: Nobody, license: CC0-1.0, license_url: 'https://x.org', citation: '', url: 'https://x.org'}"
FEMORA = "{file: r.glb, structure: femur, side: right}, {file: l.glb, structure: femur, side: left}"


def gltf(points: np.ndarray, triangles: np.ndarray, draco: bool, translation: list[float]) -> bytes:
    """A GLB with one mesh, plain or Draco-compressed, under a translated node."""
    primitive: dict[str, object] = {"attributes": {"POSITION": 0}, "indices": 1}
    accessors: list[dict[str, object]] = [
        {"componentType": 5126, "count": len(points), "type": "VEC3"},
        {"componentType": 5125, "count": triangles.size, "type": "SCALAR"},
    ]
    if draco:
        binary = DracoPy.encode(points, triangles, quantization_bits=16)
        views = [{"buffer": 0, "byteOffset": 0, "byteLength": len(binary)}]
        primitive["extensions"] = {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}}
    else:
        one, two = points.astype(np.float32).tobytes(), triangles.astype(np.uint32).tobytes()
        binary = one + two
        views = [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(one)},
            {"buffer": 0, "byteOffset": len(one), "byteLength": len(two)},
        ]
        accessors = [{**accessor, "bufferView": index} for index, accessor in enumerate(accessors)]
    document = {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": translation}],
        "meshes": [{"primitives": [primitive]}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(binary)}],
    }
    return pack_glb(document, binary)


def femur(side: str) -> Surface:
    """A head of 24 mm and, lateral to it and below, a trochanter and a shaft; as one cloud of three balls."""
    sign = -1 if side == "right" else 1
    pieces = [ball(24.0, (sign * 90, 0, 0)), ball(18.0, (sign * 140, 5, 5)), ball(15.0, (sign * 135, 0, -60))]
    starts = np.cumsum([0] + [len(piece.vertices) for piece in pieces])
    return Surface(
        np.concatenate([piece.vertices for piece in pieces]),
        np.concatenate([piece.triangles + start for piece, start in zip(pieces, starts, strict=False)]),
        np.concatenate([piece.normals for piece in pieces]),
    )


@pytest.fixture
def small_set(tmp_path: Path) -> Callable[..., Path]:
    """A set of two femora and a sacrum, metres and y up, one metre above its own floor; any part of it replaced."""

    def make(passport: str | None = None, draco: bool = False) -> Path:
        folder = tmp_path / "set"
        folder.mkdir(exist_ok=True)
        for name, surface in (("r", femur("right")), ("l", femur("left")), ("s", ball(40.0, (0, 60, 80)))):
            y_up = surface.vertices[:, [0, 2, 1]] * [1, 1, -1] / 1000
            (folder / f"{name}.glb").write_bytes(gltf(y_up, surface.triangles, draco, [0.0, 1.0, 0.0]))
        meshes = f"[{FEMORA}, {{file: s.glb, structure: sacrum, side: midline}}]"
        (folder / "passport.yaml").write_text(
            passport or f"id: small\ntitle: A small set\nunit: metre\naxes: y_up\nsource: {SOURCE}\nmeshes: {meshes}\n"
        )
        return folder

    return make


@pytest.mark.parametrize("draco", [False, True])
def test_a_small_set_comes_in_lps_millimetres_from_mid_femoral_heads(
    small_set: Callable[..., Path], draco: bool
) -> None:
    atlas = load_open_set(small_set(draco=draco))
    assert set(atlas.structures) == {"femur.right", "femur.left", "sacrum"}
    sacrum = atlas.structures["sacrum"]
    assert (sacrum.kind, sacrum.side, sacrum.made, sacrum.source) == ("bone", "midline", "loaded", "small")
    surface = sacrum.parts[0].surface
    distance = np.linalg.norm(surface.vertices - [0, 60, 80], axis=1)
    assert distance == pytest.approx(40.0, abs=0.05)
    assert (surface.normals * (surface.vertices - [0, 60, 80])).sum(1).min() > 39.5, "normals look outward"
    assert atlas.structures["femur.right"].parts[0].surface.vertices[:, 0].max() < 0
    assert atlas.sources["small"].license == "CC0-1.0"


@pytest.mark.parametrize("side", ["right", "left"])
def test_the_head_is_found_beside_a_trochanter(side: str) -> None:
    assert femoral_head(femur(side).vertices, side) == pytest.approx([-90 if side == "right" else 90, 0, 0], abs=0.1)


def test_a_missing_file_is_left_out_and_said(small_set: Callable[..., Path]) -> None:
    folder = small_set()
    (folder / "s.glb").unlink()
    said: list[str] = []
    assert "sacrum" not in load_open_set(folder, lambda done, text: said.append(text)).structures
    assert any("1 of the set's 3 files" in text for text in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("structure: sacrum", "structure: sacrumm"), "no structure is called sacrumm"),
        (("unit: metre", "unit: mile"), "unit.*metre"),
        (("file: s.glb, structure: sacrum, side: midline", "file: s.glb, structure: femur, side: left"), "two files"),
        (("title: A small set", "colour: red"), "colour"),
        (("file: r.glb", "file: nowhere.glb"), "both femora are needed"),
    ],
)
def test_a_wrong_passport_is_explained(small_set: Callable[..., Path], change: tuple[str, str], words: str) -> None:
    folder = small_set()
    text = (folder / "passport.yaml").read_text()
    assert change[0] in text
    small_set(text.replace(*change))
    with pytest.raises(SetError, match=words):
        load_open_set(folder)


@pytest.mark.parametrize("content", [b"", b"glTF", b"a text file"])
def test_a_broken_mesh_is_named(small_set: Callable[..., Path], content: bytes) -> None:
    folder = small_set()
    (folder / "s.glb").write_bytes(content)
    with pytest.raises(SetError, match=r"s\.glb is damaged or no mesh.*again"):
        load_open_set(folder)


def test_a_folder_of_no_known_set_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"holds no file of a known set \(bodyparts3d\).*passport\.yaml"):
        find_passport(tmp_path)
    with pytest.raises(SetError, match="is no folder"):
        find_passport(tmp_path / "nowhere")


def test_a_set_is_built_once_and_again_when_a_file_changes(
    small_set: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "cache"))
    folder = small_set()
    assert not ensure_atlas(folder).cached
    assert ensure_atlas(folder).cached
    shutil.copy(folder / "r.glb", folder / "s.glb")
    assert not ensure_atlas(folder).cached


@pytest.fixture(scope="module")
def bodyparts(shared_open_meshes: Path) -> Atlas:
    return load_open_set(shared_open_meshes / "bodyparts3d")


def test_bodyparts3d_has_all_its_structures_with_right_on_the_right(bodyparts: Atlas) -> None:
    assert len(bodyparts.structures) == 80
    for name, structure in bodyparts.structures.items():
        low, high = structure.parts[0].surface.vertices.min(0), structure.parts[0].surface.vertices.max(0)
        centre = (low + high)[0] / 2
        if structure.side == "right":
            assert centre < 0, name
        elif structure.side == "left":
            assert centre > 0, name
        else:
            assert abs(centre) < 3, name


def test_bodyparts3d_stands_upright_and_looks_forward(bodyparts: Atlas) -> None:
    middle = {name: one.parts[0].surface.vertices.mean(0) for name, one in bodyparts.structures.items()}
    assert middle["sacrum"][1] > middle["hip_bone.right"][1] > middle["rectus_femoris.right"][1]
    assert middle["fourth_lumbar_vertebra"][2] > middle["sacrum"][2] > middle["tibia.right"][2]
    assert middle["patella.right"][1] < middle["femur.right"][1]


def test_bodyparts3d_heads_lie_at_the_origin(bodyparts: Atlas) -> None:
    heads = [femoral_head(bodyparts.structures[f"femur.{s}"].parts[0].surface.vertices, s) for s in ("right", "left")]
    assert (heads[0] + heads[1]) / 2 == pytest.approx([0, 0, 0], abs=0.05)
    assert 160 < np.linalg.norm(heads[1] - heads[0]) < 200


def test_bodyparts3d_footprints_lie_on_the_bones_that_anatomy_names(bodyparts: Atlas) -> None:
    on = {
        (footprint.end, footprint.on): footprint.area_mm2
        for name in ("gluteus_medius.right", "piriformis.right", "gluteus_maximus.left")
        for footprint in bodyparts.structures[name].footprints
    }
    for expected in (
        ("proximal", "hip_bone.right"),
        ("distal", "femur.right"),
        ("proximal", "sacrum"),
        ("proximal", "hip_bone.left"),
        ("distal", "femur.left"),
    ):
        assert on[expected] > 25
    for structure in bodyparts.structures.values():
        for footprint in structure.footprints:
            assert bodyparts.structures[footprint.on].kind == "bone"
            assert footprint.on.endswith(structure.side) or bodyparts.structures[footprint.on].side == "midline"
            surface = footprint.surface
            assert area_mm2(surface.vertices, surface.triangles) == pytest.approx(footprint.area_mm2, rel=0.08)
