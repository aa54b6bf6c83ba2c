"""A person's own meshes: understood whatever their names, unit and axes; what is wrong with them is told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree

from meshes import importing_read
from meshes.atlas import Atlas
from meshes.build import ensure_atlas
from meshes.importing import Proposal, propose
from meshes.importing_frame import axes_matrix, find_frame, sample
from meshes.importing_names import guess_name, guess_names
from meshes.importing_reader import Reader
from meshes.importing_rows import ImportOptions
from meshes.importing_store import PRIVATE, store_import
from meshes.importing_volume import read_labels
from meshes.passport import SetError
from meshes.sets import known_sets, set_folder, sets_folder
from meshes.store import cache_folder
from tests.bodies import (
    PELVIS,
    WHOLE,
    Mesh,
    another_body,
    bomb,
    moved,
    volume,
    write,
    write_mesh,
    write_volume,
)
from viewer import cli

Body = dict[str, Mesh]
LABELS = {"hip_bone.left": 77, "hip_bone.right": 78, "sacrum": 25}


@pytest.fixture(scope="module")
def body(default_atlas: Atlas) -> Body:
    return another_body(default_atlas)


@pytest.fixture(scope="module")
def voxels(body: Body) -> tuple[np.ndarray, np.ndarray]:
    return volume(body, LABELS, (2.5, 2.0, 3.0))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(patience=60) as shared:
        yield shared


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets go to a folder of this test; the template of the bones is taken from where it lies."""
    arrays = cache_folder() / "arrays"
    monkeypatch.setenv("ISCHIA_CACHE", str(tmp_path / "store"))
    if arrays.is_dir():
        (tmp_path / "store").mkdir()
        (tmp_path / "store" / "arrays").symlink_to(arrays)


@dataclass
class Bad:
    """One row of the table of bad inputs.

    make : puts what is wrong into a folder that holds three good STL files (`clean`: that is empty)
    stops : words of the error, if nothing can be imported
    rows : file, what becomes of it, words of its note
    used : structures in the end
    """

    name: str
    make: Callable[[Path, Body], None]
    stops: str = ""
    rows: tuple[tuple[str, str, str], ...] = ()
    used: tuple[str, ...] = PELVIS
    options: ImportOptions = field(default_factory=ImportOptions)
    clean: bool = False
    unit: str = "mm"
    axes: str = "LPS"


def _scaled(factor: float, *names: str) -> Callable[[Path, Body], None]:
    def make(folder: Path, body: Body) -> None:
        write(folder, moved(body, np.eye(3), factor), names or PELVIS)

    return make


def _turned(axes: str) -> Callable[[Path, Body], None]:
    return lambda folder, body: write(folder, moved(body, axes_matrix(axes).T))


def _copy(source: str, target: str) -> Callable[[Path, Body], None]:
    def make(folder: Path, body: Body) -> None:
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / source, folder / target)

    return make


def _renamed(**names: str) -> Callable[[Path, Body], None]:
    def make(folder: Path, body: Body) -> None:
        for old, new in names.items():
            (folder / f"{old}.stl").rename(folder / new)

    return make


def _names_swapped(folder: Path, body: Body) -> None:
    _renamed(hip_left="once.stl", hip_right="hip_left.stl", once="hip_right.stl")(folder, body)


def _bytes(name: str, content: bytes) -> Callable[[Path, Body], None]:
    return lambda folder, body: (folder / name).write_bytes(content) and None


def _spoilt(change: Callable[[np.ndarray, np.ndarray], Mesh]) -> Callable[[Path, Body], None]:
    """The sacrum as PLY, changed."""

    def make(folder: Path, body: Body) -> None:
        (folder / "sacrum.stl").unlink()
        vertices, triangles = body["sacrum"]
        write_mesh(folder / "sacrum.ply", change(vertices.copy(), triangles.copy()))

    return make


def _nan(vertices: np.ndarray, triangles: np.ndarray) -> Mesh:
    vertices[:5] = np.nan, np.inf, 1.0
    return vertices, triangles


def _all_nan(vertices: np.ndarray, triangles: np.ndarray) -> Mesh:
    return np.full_like(vertices, np.nan), triangles


def _fins(vertices: np.ndarray, triangles: np.ndarray) -> Mesh:
    """A fin on an edge, a triangle twice, a third of them turned round."""
    fin = np.array([[triangles[0, 0], triangles[0, 1], len(vertices)]])
    mixed = triangles.copy()
    mixed[::3] = mixed[::3, ::-1]
    tip = vertices[triangles[0, 0]] + np.array([0.0, 9.0, 9.0])
    return np.vstack([vertices, tip]), np.vstack([mixed, triangles[5:6], fin])


def _flake(vertices: np.ndarray, triangles: np.ndarray) -> Mesh:
    flake = vertices[:3] + np.array([30.0, 0.0, 0.0])
    return np.vstack([vertices, flake]), np.vstack([triangles, [[len(vertices), len(vertices) + 1, len(vertices) + 2]]])


def _inside_out(vertices: np.ndarray, triangles: np.ndarray) -> Mesh:
    return vertices, triangles[:, ::-1]


def _cut(name: str, share: float, suffix: str) -> Callable[[Path, Body], None]:
    """The sacrum in some format, its end missing."""

    def make(folder: Path, body: Body) -> None:
        (folder / "sacrum.stl").unlink()
        file = folder / f"sacrum.{suffix}"
        write_mesh(file, body["sacrum"])
        file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])

    return make


def _labels(code: int = 1, **change: Any) -> Callable[[Path, Body], None]:
    def make(folder: Path, body: Body) -> None:
        data, affine = volume(body, LABELS, (4.0, 4.0, 4.0))
        write_volume(folder / "labels.nii.gz", change.get("data", lambda d: d)(data), affine, code)

    return make


def _escape(folder: Path, body: Body) -> None:
    outside = folder.parent / "femur_left.stl"
    write_mesh(outside, body["femur.left"])
    (folder / "femur_left.stl").symlink_to(outside)


def _outside_glb(folder: Path, body: Body) -> None:
    document = {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"componentType": 5126, "count": 3, "type": "VEC3", "bufferView": 0}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "buffers": [{"byteLength": 36, "uri": "../../../etc/passwd"}],
    }
    from meshes.glb import pack_glb

    (folder / "femur_left.glb").write_bytes(pack_glb(document, b""))


def _whole_pelvis(folder: Path, body: Body) -> None:
    meshes = [trimesh.Trimesh(*body[name], process=False) for name in ("hip_bone.right", "hip_bone.left")]
    trimesh.util.concatenate(meshes).export(folder / "pelvis.ply")
    for name in ("hip_left", "hip_right"):
        (folder / f"{name}.stl").unlink()
    write(folder, body, ("femur.right", "femur.left"))


BAD = (
    Bad("metres", _scaled(0.001), unit="m"),
    Bad("centimetres", _scaled(0.1), unit="cm"),
    Bad("no unit at all", _scaled(37.0), stops="The unit cannot be told.*--unit mm"),
    Bad(
        "one file in another unit",
        _scaled(0.001, "femur.left"),
        rows=(("femur_left.stl", "refused", r"has not the size of femur\.left in the unit of the others \(mm\)"),),
    ),
    Bad("the wrong unit said", _scaled(1.0), options=ImportOptions(unit="m"), stops="no pelvis that can be recognised"),
    Bad("RAS", _turned("RAS"), axes="RAS"),
    Bad("y up", _turned("LSA"), axes="LSA"),
    Bad("upside down", _turned("RPI"), axes="RPI"),
    Bad("mirrored", _turned("RPS"), stops=r"(?s)Left and right are the wrong way round.*--mirrored.*--swapped"),
    Bad("mirrored, and said", _turned("RPS"), options=ImportOptions(mirrored=True)),
    Bad("mirrored, by its axes", _turned("RPS"), options=ImportOptions(axes="RPS"), axes="RPS"),
    Bad(
        "sides swapped in the names, and said",
        _names_swapped,
        options=ImportOptions(swapped=True),
    ),
    Bad(
        "non-manifold",
        _spoilt(_fins),
        rows=(("sacrum.ply", "repaired", "1 triangles that were there twice left out.*join more than two triangles"),),
    ),
    Bad("a loose flake", _spoilt(_flake), rows=(("sacrum.ply", "repaired", "1 loose flakes left out"),)),
    Bad("inside out", _spoilt(_inside_out), rows=(("sacrum.ply", "repaired", "its inside was out: turned"),)),
    Bad(
        "some NaN",
        _spoilt(_nan),
        rows=(("sacrum.ply", "repaired", "corners that are no numbers left out; it is open"),),
    ),
    Bad(
        "all NaN",
        _spoilt(_all_nan),
        rows=(("sacrum.ply", "refused", "100% of its triangles have corners that are no numbers"),),
        used=PELVIS[:2],
    ),
    Bad("an empty file", _bytes("femur_left.stl", b""), rows=(("femur_left.stl", "refused", "is empty"),)),
    Bad(
        "no triangles",
        _bytes("femur_left.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"),
        rows=(("femur_left.obj", "refused", "no triangles|damaged|empty"),),
    ),
    Bad(
        "STL cut off",
        _cut("sacrum", 0.6, "stl"),
        rows=(("sacrum.stl", "refused", r"is cut off: [\d,]+ of its [\d,]+ bytes are there"),),
        used=PELVIS[:2],
    ),
    *(
        Bad(
            f"{suffix.upper()} cut off",
            _cut("sacrum", 0.6, suffix),
            rows=((f"sacrum.{suffix}", "refused", "damaged|cut off"),),
            used=PELVIS[:2],
        )
        for suffix in ("ply", "glb", "vtp", "vtk")
    ),
    Bad(
        "not what its name says: a text",
        _bytes("femur_left.stl", b"This is no mesh at all."),
        rows=(("femur_left.stl", "refused", "is no STL file, whatever its name says"),),
    ),
    Bad(
        "not what its name says: a pickle",
        _bytes("femur_left.ply", b"\x80\x04cos\nsystem\n(S'touch /tmp/owned'\ntR."),
        rows=(("femur_left.ply", "refused", "is no PLY file, whatever its name says"),),
    ),
    Bad(
        "not what its name says: another mesh format",
        _renamed(sacrum="sacrum.obj"),
        rows=(("sacrum.obj", "used", "is STL by its content, not OBJ as its name says"),),
    ),
    Bad(
        "an archive",
        _bytes("femur_left.zip", b"PK\x03\x04" + bytes(100)),
        rows=(("femur_left.zip", "refused", "is an archive; unpack it"),),
    ),
    Bad("a link out of the folder", _escape, rows=(("femur_left.stl", "refused", "leads out of the folder"),)),
    Bad("bytes elsewhere", _outside_glb, rows=(("femur_left.glb", "refused", "damaged"),)),
    Bad(
        "a packed volume of 10^12 voxels",
        lambda folder, body: bomb(folder / "femur_left.nii.gz", 1 << 20),
        rows=(("femur_left.nii.gz", "refused", "more voxels than can be read"),),
    ),
    Bad(
        "a volume without orientation",
        _labels(0),
        clean=True,
        options=ImportOptions(labels={77: "hip_left", 78: "hip_right", 25: "sacrum"}),
        stops=r"(?s)does not say how it lies in space; say .* --axes RAS",
    ),
    Bad(
        "a volume whose labels have no names",
        _labels(),
        clean=True,
        stops="(?s)has 3 labels without names; say what they are by --labels",
    ),
    Bad(
        "a scan, not labels",
        _labels(data=lambda d: d.astype(np.float32) + 0.5),
        clean=True,
        stops="it is a scan or a map of probabilities",
    ),
    Bad(
        "a volume that contradicts its orientation",
        _labels(data=lambda d: d[:, :, ::-1]),
        clean=True,
        options=ImportOptions(labels={77: "hip_left", 78: "hip_right", 25: "sacrum"}),
        stops="wrong way round|By their orientation the volumes lie one way",
    ),
    Bad(
        "two files for one structure",
        lambda folder, body: write_mesh(folder / "Kreuzbein.ply", moved(body, np.eye(3), 1.001)["sacrum"]),
        rows=(
            ("sacrum.stl", "refused", r"both claim to be sacrum: say which by --mapping"),
            ("Kreuzbein.ply", "refused", "both claim to be sacrum"),
        ),
        used=PELVIS[:2],
    ),
    Bad(
        "the same file twice",
        _copy("sacrum.stl", "again/sacrum.stl"),
        rows=(("sacrum.stl", "used", ""), ("again/sacrum.stl", "ignored", "is the same as sacrum.stl")),
    ),
    Bad(
        "capitals and other languages",
        _renamed(hip_left="HÜFTBEIN LINKS.STL", hip_right="右寛骨.stl", sacrum="Os_Sacrum (1).Stl"),
        rows=(("HÜFTBEIN LINKS.STL", "used", ""), ("右寛骨.stl", "used", ""), ("Os_Sacrum (1).Stl", "used", "")),
    ),
    Bad(
        "names that say nothing",
        _renamed(hip_left="Segment_1.stl", hip_right="Segment_2.stl", sacrum="Segment_3.stl"),
        rows=(("Segment_1.stl", "used", ""),),
    ),
    Bad(
        "no side in the name",
        _renamed(hip_left="hip1.stl"),
        rows=(("hip1.stl", "used", "left by its place"),),
    ),
    Bad(
        "both sides in one mesh",
        _whole_pelvis,
        rows=(("pelvis.ply", "refused", "is it several bones in one mesh"),),
        used=("sacrum", "femur.right", "femur.left"),
    ),
    Bad(
        "a ball called femur",
        lambda folder, body: trimesh.creation.icosphere(2, 30.0).export(folder / "femur_left.stl") and None,
        rows=(("femur_left.stl", "refused", r"has not the size of femur\.left"),),
    ),
    Bad(
        "names of what the atlas does not know",
        _copy("sacrum.stl", "femoral_artery_left.stl"),
        rows=(("femoral_artery_left.stl", "ignored", 'speaks of femur, but "artery" is said as well'),),
    ),
    Bad("nothing that can be read", _bytes("notes.docx", b"\xd0\xcf\x11\xe0"), clean=True, stops="can be used"),
    Bad("an empty folder", lambda folder, body: None, clean=True, stops="holds no file that can be read"),
    Bad(
        "no bone",
        lambda folder, body: write(folder, body, ("gluteus_maximus.right",)),
        clean=True,
        stops="No bone was found by which the others could be placed",
    ),
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_input_is_told_and_what_is_good_is_used(bad: Bad, tmp_path: Path, body: Body, reader: Reader) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    if not bad.clean:
        write(folder, body)
    bad.make(folder, body)
    before = sorted(path for path in tmp_path.rglob("*") if "store" not in path.parts)
    if bad.stops:
        with pytest.raises(SetError, match=bad.stops):
            propose(folder, bad.options, reader)
    else:
        proposal = propose(folder, bad.options, reader)
        assert (proposal.unit, proposal.axes) == (bad.unit, bad.axes)
        assert set(proposal.structures) == set(bad.used)
        rows = {row.source: row for row in proposal.rows}
        for source, status, words in bad.rows:
            assert rows[source].status == status, rows[source]
            assert re.search(words, "; ".join(rows[source].notes)), rows[source]
        _lies_right(proposal, body)
    assert sorted(path for path in tmp_path.rglob("*") if "store" not in path.parts) == before
    assert not Path("/tmp/owned").exists()


def _lies_right(proposal: Proposal, body: Body) -> None:
    """Every structure lies where the body's own does, up to one shift for all: turned, scaled and named rightly."""
    names = list(proposal.structures)
    ours = [proposal.structures[name].points() for name in names]
    theirs = [sample(*body[name], 4000) for name in names]
    shift = np.mean([b.mean(0) - a.mean(0) for a, b in zip(ours, theirs, strict=True)], axis=0)
    for name, mine, other in zip(names, ours, theirs, strict=True):
        assert np.quantile(cKDTree(other).query(mine + shift)[0], 0.9) < 6.0, name


@pytest.mark.parametrize("suffix", ["stl", "ply", "obj", "glb", "vtp", "vtk"])
def test_every_format_comes_in_whole(suffix: str, tmp_path: Path, body: Body, reader: Reader) -> None:
    write(tmp_path / "mine", body, suffix=suffix)
    proposal = propose(tmp_path / "mine", None, reader)
    assert set(proposal.structures) == set(PELVIS)
    assert {row.status for row in proposal.rows} == {"used"}
    for name, candidate in proposal.structures.items():
        assert len(candidate.triangles) == len(body[name][1])
    _lies_right(proposal, body)


def test_parts_of_one_file_are_told_apart(tmp_path: Path, body: Body, reader: Reader) -> None:
    names = {"hip_bone.right": "Hip bone R", "hip_bone.left": "Hip bone L", "sacrum": "Sacrum"}
    scene = trimesh.Scene({names[name]: trimesh.Trimesh(*body[name], process=False) for name in PELVIS})
    scene.export(tmp_path / "body.glb")
    proposal = propose(tmp_path, None, reader)
    assert set(proposal.structures) == set(PELVIS)
    assert {row.source for row in proposal.rows} == {f"body.glb#{name}" for name in names.values()}


def test_label_volumes_give_surfaces_of_the_right_size(
    tmp_path: Path, body: Body, voxels: tuple[np.ndarray, np.ndarray], reader: Reader
) -> None:
    write_volume(tmp_path / "ct.nii.gz", *voxels)
    proposal = propose(tmp_path, ImportOptions(labels=read_labels("totalsegmentator")), reader)
    assert set(proposal.structures) == set(PELVIS)
    assert not proposal.axes_found, "the file says it"
    _lies_right(proposal, body)
    for name, candidate in proposal.structures.items():
        one = trimesh.Trimesh(candidate.vertices, candidate.triangles)
        other = trimesh.Trimesh(*body[name])
        assert one.is_watertight
        assert one.volume == pytest.approx(other.volume, rel=0.06)


def test_one_mask_a_structure_is_named_by_its_file(
    tmp_path: Path, body: Body, voxels: tuple[np.ndarray, np.ndarray], reader: Reader
) -> None:
    data, affine = voxels
    for name, title in (("hip_bone.left", "hip_left"), ("sacrum", "sacrum")):
        write_volume(tmp_path / f"{title}.nii", (data == LABELS[name]).astype(np.uint8), affine)
    proposal = propose(tmp_path, None, reader)
    assert set(proposal.structures) == {"hip_bone.left", "sacrum"}
    _lies_right(proposal, body)


@pytest.mark.parametrize(
    "text",
    [
        '{"77": "hip_left", "25": "sacrum"}',
        '{"labels": {"hip_left": 77, "sacrum": 25}}',
        "index,name\n77,hip_left\n25,sacrum\n",
        '# table\n   77   255 0 0   1 1 1  "hip_left"\n   25   0 255 0   1 1 1  "sacrum"\n',
        "77 hip_left 255 0 0 255\n25 sacrum 0 0 0 255\n",
    ],
)
def test_names_of_labels_are_read_from_what_tools_write(text: str, tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text(text)
    assert read_labels(tmp_path / "labels.txt") == {77: "hip_left", 25: "sacrum"}
    with pytest.raises(SetError, match=r"neither a file nor a known scheme \(totalsegmentator\)"):
        read_labels("nosuch")


def test_too_many_triangles_are_made_fewer_with_a_word(
    tmp_path: Path, body: Body, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_read, "HUGE", 5000)
    write(tmp_path, body)
    vertices, triangles = trimesh.remesh.subdivide_loop(*body["sacrum"], 2)
    write_mesh(tmp_path / "sacrum.stl", (vertices, triangles))
    proposal = propose(tmp_path, None, reader)
    row = next(row for row in proposal.rows if row.source == "sacrum.stl")
    assert row.status == "repaired"
    assert re.search(r"24,000 triangles are too many to show: made coarser, [\d,]+ are left", row.notes[0])
    _lies_right(proposal, body)


def test_an_oblique_body_is_set_upright(body: Body) -> None:
    random = np.random.default_rng(5)
    for _ in range(3):
        turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
        turn *= np.sign(np.linalg.det(turn))
        bones = {name: sample(*body[name], 700) @ turn.T for name in PELVIS}
        frame = find_frame(bones)
        assert not frame.swapped
        upright = frame.to_lps @ turn if not frame.axes else frame.onto.rotation @ turn
        angle = np.degrees(np.arccos((np.trace(upright) - 1) / 2))
        assert angle < 14, "but for the body's own tilt"


@pytest.mark.parametrize(
    ("name", "structure", "side"),
    [
        ("hip_left", "hip_bone", "left"),
        ("FemurR", "femur", "right"),
        ("femurleft", "femur", "left"),
        ("GLUTEUS-MAXIMUS L", "gluteus_maximus", "left"),
        ("M_glutaeus_maximus_dext", "gluteus_maximus", "right"),
        ("Oberschenkelknochen_re", "femur", "right"),
        ("grand fessier gauche", "gluteus_maximus", "left"),
        ("hueso_coxal_derecho", "hip_bone", "right"),
        ("fémur_izquierdo", "femur", "left"),
        ("左大腿骨", "femur", "left"),
        ("vertebrae_L5", "fifth_lumbar_vertebra", None),
        ("biceps_femoris_long_head_r", "biceps_femoris_long_head", "right"),
        ("patient12_femur_left_smoothed", "femur", "left"),
        ("musculus_piriformis_sinister", "piriformis", "left"),
        ("femur_head_left", None, "left"),
        ("iliopsoas_left", None, "left"),
        ("left_right_femur", None, None),
    ],
)
def test_a_name_says_what_a_person_would_read_in_it(name: str, structure: str | None, side: str | None) -> None:
    guess = guess_name(name)
    assert (guess.structure, guess.side) == (structure, side)
    assert bool(guess.why) == (structure is None)


def test_words_that_all_files_share_say_nothing() -> None:
    guesses = guess_names(["jd7x_femur_left", "jd7x_sacrum", "jd7x_hip_left"])
    assert [guess.structure for guess in guesses.values()] == ["femur", "sacrum", "hip_bone"]


def test_an_import_is_a_set_that_can_be_shown(
    tmp_path: Path, body: Body, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine", moved(body, axes_matrix("RAS").T, 0.1), (*WHOLE, "gluteus_maximus.right"))

    def ischia(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    folder, mapping = tmp_path / "mine", tmp_path / "mapping.yaml"
    code, out, err = ischia("import", folder, "--name", "mine")
    assert code == 1
    assert "Unit: cm (found by the size of the bones)" in out
    assert "Axes: RAS: x to the right, y to the front, z up (found by the shape of the bones" in out
    assert "say it again with --yes" in err
    assert not sets_folder().exists() or not list(sets_folder().iterdir())
    assert ischia("import", folder, "--name", "mine", "--write-mapping", mapping)[0] == 0
    mapping.write_text(mapping.read_text().replace("femur_left.stl: femur.left", "femur_left.stl: null"))
    code, out, err = ischia("import", folder, "--name", "mine", "--mapping", mapping, "--license", "CC0-1.0", "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document["license"] == "CC0-1.0"
    assert "femur.left" not in document["structures"]
    assert ischia("import", folder, "--name", "mine", "--yes")[0] == 1, "the name is taken"
    assert ischia("import", folder, "--name", "mine", "--yes", "--replace")[0] == 0
    known = {entry.name: entry for entry in known_sets()}["mine"]
    assert (known.state, known.passport and known.passport.license) == ("imported", PRIVATE)
    atlas = ensure_atlas("mine").atlas()
    assert set(atlas.structures) == {*WHOLE, "gluteus_maximus.right"}
    assert atlas.sources["mine"].license == PRIVATE
    for name in WHOLE:
        middle = atlas.structures[name].parts[0].surface.vertices.mean(0)
        expected = body[name][0].mean(0) - body["sacrum"][0].mean(0)
        assert np.linalg.norm(middle - atlas.structures["sacrum"].parts[0].surface.vertices.mean(0) - expected) < 1.0
    assert any(footprint.on == "femur.right" for footprint in atlas.structures["gluteus_maximus.right"].footprints)
    assert ischia("atlas", "remove", "mine")[0] == 0
    assert not set_folder("mine").exists()
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("files: {nosuch.stl: sacrum}", "names what is not there: nosuch.stl"),
        ("files: {sacrum.stl: sacrm}", 'calls sacrum.stl "sacrm"'),
        ("files: {sacrum.stl: hip_bone.middle}", 'calls sacrum.stl "hip_bone.middle"'),
        ("sacrum.stl: sacrum", "a mapping has the key files"),
        ("files: {}\nunit: ell", "unit must be one of mm, cm, m"),
        ("files: {}\naxes: up", '"up" are no axes'),
        ("files: [", "not valid YAML"),
    ],
)
def test_a_wrong_mapping_is_explained(
    text: str, words: str, tmp_path: Path, body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "mine", body, ("sacrum",))
    (tmp_path / "mapping.yaml").write_text(text)
    code = cli.run(["import", str(tmp_path / "mine"), "--name", "x", "--mapping", str(tmp_path / "mapping.yaml")])
    assert code == 1
    assert words in capsys.readouterr().err
    assert not sets_folder().exists()


@pytest.mark.parametrize("name", ["population", "bodyparts3d", "Mine", "../x", "a b"])
def test_a_set_cannot_take_a_name_that_is_taken_or_none(name: str, tmp_path: Path) -> None:
    proposal = Proposal(tmp_path, [], {}, "mm", "LPS", None, True, True, [])  # type: ignore[arg-type]
    with pytest.raises(SetError, match="name"):
        store_import(proposal, name)
