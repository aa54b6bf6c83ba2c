"""What people's folders may hold that is wrong, and what the importer is to say of each: one row each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from meshes.glb import pack_glb
from meshes.importing.rows import ImportOptions
from meshes.importing.volume import axes_matrix
from tests.bad_archives import taped, zipped
from tests.bodies import PELVIS, Mesh, bomb, moved, volume, write, write_mesh, write_volume

Body = dict[str, Mesh]
LABELS = {"hip_bone.left": 77, "hip_bone.right": 78, "sacrum": 25}


@dataclass
class Bad:
    """One row of the table of bad inputs.

    make : puts what is wrong into a folder that holds three good STL files (`clean`: that is empty)
    stops : words of the error, if nothing can be imported
    rows : file, what becomes of it, words of its note
    used : structures in the end
    """

    name: str
    make: Callable[[Path, Body], object]
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


def _bytes(name: str, content: bytes) -> Callable[[Path, Body], object]:
    return lambda folder, body: (folder / name).write_bytes(content)


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
        file = folder / "labels.nii.gz"
        write_volume(file, change.get("data", lambda d: d)(data), affine, code)
        file.write_bytes(file.read_bytes()[: int(change.get("share", 1.0) * file.stat().st_size)])

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
        rows=(("femur_left.stl", "refused", r"has not the size of a left femur in the unit of the others \(mm\)"),),
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
        "an archive of meshes",
        zipped("bones.zip", "mine/femur_left.stl", ("mine/again.zip", b"PK\x03\x04"), ("__MACOSX/._femur.stl", b"")),
        rows=(("bones.zip/mine/femur_left.stl", "used", ""),),
        used=(*PELVIS, "femur.left"),
    ),
    Bad(
        "a packed tape of meshes",
        taped("femur_left.stl"),
        rows=(("bones.tar.gz/femur_left.stl", "used", ""),),
        used=(*PELVIS, "femur.left"),
    ),
    *(
        Bad(
            f"an archive with {name}",
            zipped("bones.zip", "femur_left.stl", (name, b"solid\nfacet")),
            rows=(("bones.zip", "refused", f"is not unpacked: .*{words}"),),
        )
        for name, words in (
            ("../sacrum.stl", "lead out"),
            ("/tmp/owned", "lead out"),
            ("a\\..\\..\\x.stl", "lead out"),
            ("C:/x.stl", "lead out"),
        )
    ),
    Bad(
        "an archive with a link",
        taped("femur_left.stl", "../../etc/passwd"),
        rows=(("bones.tar.gz", "refused", "is not unpacked: 'sacrum.stl' in it is a link"),),
    ),
    Bad(
        "an archive without meshes",
        zipped("bones.zip", "", ("inner.zip", b"PK\x03\x04"), ("run.sh", b"touch /tmp/owned")),
        rows=(("bones.zip", "refused", "is an archive without any mesh"),),
    ),
    Bad(
        "an archive with a password",
        zipped("bones.zip", "femur_left.stl", locked=True),
        rows=(("bones.zip", "refused", "with a password"),),
    ),
    Bad(
        "a damaged archive",
        _bytes("femur_left.zip", b"PK\x03\x04" + bytes(100)),
        rows=(("femur_left.zip", "refused", "is a damaged archive"),),
    ),
    Bad(
        "an archive that is not unpacked",
        _bytes("femur_left.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)),
        rows=(("femur_left.7z", "refused", "is an archive; unpack it"),),
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
        "a volume cut off",
        _labels(share=0.6),
        clean=True,
        options=ImportOptions(labels={77: "hip_left", 78: "hip_right", 25: "sacrum"}),
        stops="damaged or cut off",
    ),
    Bad(
        "a volume whose labels have no names",
        _labels(),
        clean=True,
        stops="(?s)has 3 labels without names.*--labels totalsegmentator",
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
            ("sacrum.stl", "refused", r"both claim to be the sacrum: say which by --mapping"),
            ("Kreuzbein.ply", "refused", "both claim to be the sacrum"),
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
        lambda folder, body: trimesh.creation.icosphere(2, 30.0).export(folder / "femur_left.stl"),
        rows=(("femur_left.stl", "refused", r"has not the size of a left femur"),),
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
