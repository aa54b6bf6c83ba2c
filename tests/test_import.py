"""A person's own meshes: understood whatever their names, unit and axes; what is wrong with them is told."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree

from meshes import shape_fit
from meshes.atlas import Atlas
from meshes.build import ensure_atlas
from meshes.importing import frame
from meshes.importing import read as importing_read
from meshes.importing.frame import find_frame, sample
from meshes.importing.names import guess_name, guess_names
from meshes.importing.propose import Proposal, propose
from meshes.importing.reader import Reader
from meshes.importing.rows import ImportOptions
from meshes.importing.store import PRIVATE, read_mapping, store_import
from meshes.importing.told import shape_lines, solved_line
from meshes.importing.volume import axes_matrix, read_labels
from meshes.passport import SetError
from meshes.registration import fit_rigid
from meshes.sets import known_sets, set_folder, sets_folder
from meshes.shape_fit import Mesh, ShapeFit, fit_shape
from meshes.store import cache_folder
from tests.bad_input import BAD, LABELS, Bad, Body
from tests.bodies import (
    PELVIS,
    WHOLE,
    another_body,
    bomb,
    moved,
    volume,
    write,
    write_mesh,
    write_volume,
)
from viewer import cli


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


@pytest.fixture(autouse=True, scope="module")
def each_shape_fitted_once() -> Iterator[None]:
    """Most rows spoil one file beside the same bones: the shape model is fitted to each set of them once, and coarsely.

    How well it fits is held by the tests of carried bodies.
    """
    fitted: dict[object, ShapeFit] = {}

    def fit_once(bones: Mapping[str, Mesh]) -> ShapeFit:
        key = tuple((name, *np.round([mesh[0].mean(0), mesh[0].std(0)], 1).ravel()) for name, mesh in bones.items())
        if key not in fitted:
            fitted[key] = fit_shape(bones)
        return fitted[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shape_fit, "TARGET_POINTS", 3000)
        patch.setattr(shape_fit, "ROUNDS", 15)
        patch.setattr(frame, "fit_shape", fit_once)
        yield


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
    assert not [*cache_folder().glob(".unpacked-*")], "archives are unpacked for the reading alone"
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
    parts: dict[str, Any] = {names[name]: trimesh.Trimesh(*body[name], process=False) for name in PELVIS}
    trimesh.Scene(parts).export(tmp_path / "body.glb")
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


def test_a_folder_of_masks_as_a_segmentation_leaves_it(
    tmp_path: Path, body: Body, voxels: tuple[np.ndarray, np.ndarray], reader: Reader
) -> None:
    """Named after its structures, x to the right, voxels of three sizes; what is not ours is not even read."""
    data, affine = voxels
    for name, title in (("hip_bone.left", "hip_left"), ("hip_bone.right", "hip_right"), ("sacrum", "sacrum")):
        write_volume(tmp_path / f"{title}.nii.gz", (data == LABELS[name]).astype(np.uint8), affine)
    for title in ("liver", "rib_left_3"):
        bomb(tmp_path / f"{title}.nii.gz", 1 << 10)
    proposal = propose(tmp_path, None, reader)
    assert set(proposal.structures) == set(PELVIS)
    passed_over = {row.source: row.notes for row in proposal.rows if row.status == "ignored"}
    assert set(passed_over) == {"liver.nii.gz", "rib_left_3.nii.gz"}
    assert all("no structure of the atlas" in notes[0] for notes in passed_over.values())
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
    assert len(row.notes) == 1, "neither open nor with edges that join more than two triangles"
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
    own = {*WHOLE, "gluteus_maximus.right"}
    assert {name for name, one in atlas.structures.items() if one.made == "loaded"} == own
    assert {one.made for name, one in atlas.structures.items() if name not in own} == {"modelled"}
    lacking = ("piriformis", "tibial_division", "sacrotuberous_ligament")
    solved = {f"{one}.{side}" for one in lacking for side in ("right", "left")}
    assert solved <= set(atlas.structures), "what the bones lack is solved on them"
    assert atlas.sources["mine"].license == PRIVATE
    middles = np.array([atlas.structures[name].parts[0].surface.vertices.mean(0) for name in WHOLE])
    given = np.array([body[name][0].mean(0) for name in WHOLE])
    level = fit_rigid(given, middles)
    assert np.linalg.norm(level(given) - middles, axis=1).max() < 1.0, "the bones stand as they were, only level"
    assert any(footprint.on == "femur.right" for footprint in atlas.structures["gluteus_maximus.right"].footprints)
    assert ischia("atlas", "remove", "mine")[0] == 0
    assert not set_folder("mine").exists()
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (WHOLE, ["a fair fit|a good fit", "left femur +[0-9.]+ mm on average, 95 % within", "will be solved on these"]),
        (PELVIS, ["a fair fit|a good fit", "Only what is here .* missing: right femur, left femur"]),
        (("hip_bone.left", "femur.left"), ["needs also: right hip bone, sacrum", "missing: right hip bone, sacrum, "]),
    ],
    ids=["whole", "no femora", "one side"],
)
def test_what_fits_and_what_will_be_solved_is_told(
    names: tuple[str, ...], says: list[str], tmp_path: Path, body: Body, reader: Reader
) -> None:
    write(tmp_path, body, names)
    proposal = propose(tmp_path, None, reader)
    told = [*shape_lines(proposal.structures, proposal.frame), solved_line(proposal.structures, proposal.frame)]
    for words in says:
        assert re.search(words, "\n".join(told)), told


def test_a_pelvis_that_the_average_does_not_fit_is_told_so(tmp_path: Path, body: Body, reader: Reader) -> None:
    """A sacrum with half of it cut away can be shown, but nothing is solved on it."""
    vertices, triangles = body["sacrum"]
    high = vertices[triangles].mean(axis=1)[:, 2] > np.quantile(vertices[:, 2], 0.75)
    write(tmp_path, {**body, "sacrum": (vertices, triangles[high])}, WHOLE)
    proposal = propose(tmp_path, None, reader)
    assert set(proposal.structures) == set(WHOLE)
    assert proposal.frame.fit is None
    assert "DOES NOT FIT" in shape_lines(proposal.structures, proposal.frame)[0]
    assert "Only what is here" in solved_line(proposal.structures, proposal.frame)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_person_at_a_terminal_is_asked(
    tmp_path: Path, body: Body, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once no, which leaves nothing behind; once yes, and a licence."""
    write(tmp_path / "mine", body, ("hip_bone.left",))
    ours, theirs = os.openpty()
    os.write(ours, b"n\ny\nCC0-1.0\n")
    with os.fdopen(theirs, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        assert cli.run(["import", str(tmp_path / "mine"), "--name", "mine"]) == 1
        out, err = capfd.readouterr()
        assert "Import this as mine? [Y/n]" in out
        assert "Nothing was imported. To correct what is what:  ischia import" in err
        assert not set_folder("mine").exists()
        assert cli.run(["import", str(tmp_path / "mine"), "--name", "mine"]) == 0
    os.close(ours)
    out = capfd.readouterr().out
    assert "left hip bone (by its name)" in out
    assert "Licence: CC0-1.0" in out
    assert "Show it:  ischia view --atlas mine" in out


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
def test_a_wrong_mapping_is_explained(text: str, words: str, tmp_path: Path, body: Body, reader: Reader) -> None:
    write(tmp_path / "mine", body, ("sacrum",))
    (tmp_path / "mapping.yaml").write_text(text)
    with pytest.raises(SetError, match=re.escape(words)):
        propose(tmp_path / "mine", ImportOptions(mapping=read_mapping(tmp_path / "mapping.yaml")[0]), reader)


@pytest.mark.parametrize("name", ["population", "bodyparts3d", "Mine", "../x", "a b"])
def test_a_set_cannot_take_a_name_that_is_taken_or_none(name: str, tmp_path: Path) -> None:
    proposal = Proposal(tmp_path, [], {}, "mm", "LPS", None, True, True, [])  # type: ignore[arg-type]
    with pytest.raises(SetError, match="name"):
        store_import(proposal, name)
