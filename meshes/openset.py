"""An atlas from an open mesh set in a local folder: its surfaces as they are, in the atlas's frame, with names."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from annotations.loading import load
from meshes.atlas import Atlas, End, Footprint, Part, Side, Structure, Surface
from meshes.footprints import contact_footprint
from meshes.glb import GlbError, unpack_glb
from meshes.passport import MILLIMETRES, MeshFile, Passport, SetError, find_passport
from meshes.surface import joined, vertex_normals, weld

Progress = Callable[[float, str], None]

_COMPONENTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_TYPES = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_LIFT_MM = 60.0
"""How far below the top of the femur its head reaches, generously: the first guess of the sphere fit."""


@dataclass(frozen=True)
class OpenSet:
    """A set as it was read: its passport, its surfaces without attachment areas, and where its own origin went.

    origin : (3,) LPS mm of the files' own frame, which is the atlas's origin
    held : structures that are part of another one's mesh, to that one: coccyx to sacrum
    missing : how many of the passport's files are not there
    """

    passport: Passport
    atlas: Atlas
    origin: NDArray[np.float64]
    held: dict[str, str]
    missing: int


def load_open_set(folder: str | Path, progress: Progress | None = None) -> Atlas:
    """Every surface of the set in `folder`, unmodified but for unit, axes and origin (between the femoral heads).

    Files that the passport names and the folder lacks are left out; `progress` says how many.
    Raises `SetError` when the folder is no known set, has no bone, or a file cannot be read.
    """
    found = read_open_set(folder, progress)
    find_footprints(found.atlas.structures, found.held, progress)
    return found.atlas


def read_open_set(folder: str | Path, progress: Progress | None = None) -> OpenSet:
    """The same without attachment areas."""
    folder = Path(folder)
    passport = find_passport(folder)
    present = [mesh for mesh in passport.meshes if (folder / mesh.file).is_file()]
    surfaces: dict[str, Surface] = {}
    for index, mesh in enumerate(present):
        if progress:
            progress(index / len(present), f"Reading {mesh.structure.replace('_', ' ')}")
        surfaces[_sided(mesh)] = _read_surface(folder / mesh.file, passport)
    missing = len(passport.meshes) - len(present)
    if missing and progress:
        progress(1.0, f"{missing} of the set's {len(passport.meshes)} files are not in {folder} and were left out.")
    if passport.origin is None:
        origin = _origin(surfaces, folder)
    else:
        origin = to_lps_mm(np.array([passport.origin]), passport)[0]
    for surface in surfaces.values():
        surface.vertices = surface.vertices - origin
    entries = load().structures
    structures: dict[str, Structure] = {}
    for mesh in present:
        kind = entries[mesh.structure].kind
        if kind == "joint":
            raise SetError(f"{mesh.file}: {mesh.structure} is a joint and cannot have a mesh of its own.")
        name = _sided(mesh)
        structures[name] = Structure(
            id=name,
            structure=mesh.structure,
            side=mesh.side,
            kind=kind,
            parts=[Part(name, surfaces[name])],
            source=passport.id,
            made="loaded",
            shown=kind != "skin",
        )
    held = {name: mesh.structure for mesh in present for name in mesh.holds}
    atlas = Atlas(passport.id, passport.title, structures, {}, {passport.id: passport.source})
    return OpenSet(passport, atlas, origin, held, missing)


def find_footprints(
    structures: Mapping[str, Structure], held: Mapping[str, str], progress: Progress | None = None
) -> None:
    """Give each soft structure the areas where it touches the bones that its annotation says it is attached to.

    held : structures that are part of another one's mesh, to that one: coccyx to sacrum
    A bone that carries both ends gets the areas above the structure's middle as proximal, the others as distal.
    """
    entries = load().structures
    soft = [structure for structure in structures.values() if structure.kind not in ("bone", "skin", "disc", "nerve")]
    for index, structure in enumerate(soft):
        if progress:
            progress(index / len(soft), f"Attachments of {structure.structure.replace('_', ' ')}")
        carriers: dict[str, set[End]] = {}
        for attachment in entries[structure.structure].attachments:
            for name in attachment.on:
                bone = _carrier(name, structure.side, structures, held)
                if bone is not None:
                    carriers.setdefault(bone, set()).add(attachment.end)
        surface = structure.parts[0].surface
        middle = float(surface.vertices[:, 2].mean())
        for bone, ends in carriers.items():
            patches = contact_footprint(surface, structures[bone].parts[0].surface)
            for end in sorted(ends):
                mine = [
                    p for p in patches if len(ends) == 1 or (p[0].vertices[:, 2].mean() > middle) == (end == "proximal")
                ]
                if mine:
                    whole = joined([patch for patch, _ in mine])
                    structure.footprints.append(
                        Footprint(structure.id, end, bone, whole, sum(area for _, area in mine))
                    )


def _carrier(name: str, side: Side, structures: Mapping[str, Structure], held: Mapping[str, str]) -> str | None:
    """Sided id of the bone whose mesh holds the structure `name`: hip_bone.right for ilium, sacrum for coccyx."""
    entries = load().structures
    step: str | None = held.get(name, name)
    while step is not None:
        for candidate in (step, f"{step}.{side}"):
            if candidate in structures and structures[candidate].kind == "bone":
                return candidate
        step = entries[step].part_of if step in entries else None
    return None


def _sided(mesh: MeshFile) -> str:
    return mesh.structure if mesh.side == "midline" else f"{mesh.structure}.{mesh.side}"


def _read_surface(file: Path, passport: Passport) -> Surface:
    try:
        vertices, triangles = read_glb(file.read_bytes())
    except OSError as error:
        raise SetError(f"{file} cannot be read: {error.strerror}.") from error
    except (GlbError, KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise SetError(f"{file} is damaged or no mesh: {error}. Fetch this file of the set again.") from error
    vertices, triangles = weld(to_lps_mm(vertices, passport), triangles)
    return Surface(vertices, triangles, vertex_normals(vertices, triangles))


def to_lps_mm(vertices: NDArray[np.float64], passport: Passport) -> NDArray[np.float64]:
    """(n, 3) points of a set's files in LPS millimetres, the set's own origin kept."""
    turned = vertices
    if passport.axes == "y_up":
        turned = vertices[:, [0, 2, 1]] * np.array([1.0, -1.0, 1.0])
    elif passport.axes == "ras":
        turned = vertices * np.array([-1.0, -1.0, 1.0])
    return np.asarray(turned * MILLIMETRES[passport.unit])


def read_glb(data: bytes) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All triangles of a plain or Draco-compressed GLB, node transforms applied: (n, 3) and (m, 3)."""
    meshes = read_glb_meshes(data)
    starts = np.cumsum([0] + [len(points) for _, points, _ in meshes])
    faces = [triangles + start for (_, _, triangles), start in zip(meshes, starts, strict=False)]
    return np.concatenate([points for _, points, _ in meshes]), np.concatenate(faces)


def read_glb_meshes(data: bytes) -> list[tuple[str, NDArray[np.float64], NDArray[np.int64]]]:
    """Name, points (n, 3) and triangles (m, 3) of each node of a GLB that holds a mesh, node transforms applied.

    Raises ValueError and its like where the file is damaged, holds no triangles or keeps its bytes elsewhere.
    """
    document, binary = unpack_glb(data)
    found: list[tuple[str, NDArray[np.float64], NDArray[np.int64]]] = []
    seen: set[int] = set()

    def visit(index: int, above: NDArray[np.float64]) -> None:
        if index in seen:
            raise ValueError("its nodes are no tree")
        seen.add(index)
        node = document["nodes"][index]
        points: list[NDArray[np.float64]] = []
        faces: list[NDArray[np.int64]] = []
        count = 0
        matrix = above @ _node_matrix(node)
        if "mesh" in node:
            for primitive in document["meshes"][node["mesh"]]["primitives"]:
                if primitive.get("mode", 4) != 4:
                    raise ValueError("it holds lines or points where triangles belong")
                vertices, triangles = _read_primitive(document, binary, primitive)
                points.append(vertices @ matrix[:3, :3].T + matrix[:3, 3])
                faces.append(triangles + count)
                count += len(vertices)
            found.append((str(node.get("name", "")), np.concatenate(points), np.concatenate(faces)))
        for child in node.get("children", []):
            visit(child, matrix)

    for root in document["scenes"][document.get("scene", 0)]["nodes"]:
        visit(root, np.eye(4))
    if not found:
        raise ValueError("it holds no triangles")
    return found


def _node_matrix(node: dict[str, Any]) -> NDArray[np.float64]:
    """4 × 4 matrix of a glTF node, from its matrix or its translation, rotation (x, y, z, w) and scale."""
    if "matrix" in node:
        return np.array(node["matrix"], float).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= np.array(node.get("scale", (1, 1, 1)), float)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def _read_primitive(
    document: dict[str, Any], binary: bytes, primitive: dict[str, Any]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    draco = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
    if draco is not None:
        mesh = DracoPy.decode(_view(document, binary, draco["bufferView"]))
        return np.asarray(mesh.points, float).reshape(-1, 3), np.asarray(mesh.faces, np.int64).reshape(-1, 3)
    vertices = _accessor(document, binary, primitive["attributes"]["POSITION"]).astype(float)
    if "indices" not in primitive:
        return vertices, np.arange(len(vertices)).reshape(-1, 3)
    return vertices, _accessor(document, binary, primitive["indices"]).astype(np.int64).reshape(-1, 3)


def _view(document: dict[str, Any], binary: bytes, index: int) -> bytes:
    view = document["bufferViews"][index]
    uri = document["buffers"][view["buffer"]].get("uri")
    if uri is not None:
        if not uri.startswith("data:"):
            raise ValueError("its bytes lie in a second file; only whole .glb files are read")
        binary = base64.b64decode(uri.partition(",")[2])
    start = view.get("byteOffset", 0)
    return binary[start : start + view["byteLength"]]


def _accessor(document: dict[str, Any], binary: bytes, index: int) -> NDArray[Any]:
    accessor = document["accessors"][index]
    dtype, width = np.dtype(_TYPES[accessor["componentType"]]), _COMPONENTS[accessor["type"]]
    data = _view(document, binary, accessor["bufferView"])[accessor.get("byteOffset", 0) :]
    stride = document["bufferViews"][accessor["bufferView"]].get("byteStride", dtype.itemsize * width)
    if stride < dtype.itemsize * width:
        raise ValueError("its values overlap")
    return np.ndarray((accessor["count"], width), dtype, data, strides=(stride, dtype.itemsize)).copy()


def _origin(surfaces: dict[str, Surface], folder: Path) -> NDArray[np.float64]:
    """(3,) midway between the centres of both femoral heads, in the set's own place."""
    heads = [surfaces.get("femur.right"), surfaces.get("femur.left")]
    if heads[0] is None or heads[1] is None:
        raise SetError(f"{folder}: both femora are needed, as the atlas's origin lies midway between their heads.")
    return (femoral_head(heads[0].vertices, "right") + femoral_head(heads[1].vertices, "left")) / 2


def femoral_head(vertices: NDArray[np.float64], side: str) -> NDArray[np.float64]:
    """(3,) centre of the sphere that fits the head of a femur, (n, 3) vertices in LPS mm.

    Starts from the most medial vertices near the top and refits five times to those within 3 mm of the sphere.
    """
    medial = vertices[:, 0] * (1 if side == "right" else -1)
    top = vertices[:, 2] > vertices[:, 2].max() - _LIFT_MM
    near = top & (medial > medial[top].max() - 25.0)
    centre = vertices[near].mean(0)
    for _ in range(5):
        points = vertices[near]
        system = np.column_stack([2 * points, np.ones(len(points))])
        solution = np.linalg.lstsq(system, (points**2).sum(1), rcond=None)[0]
        centre = solution[:3]
        radius = np.sqrt(solution[3] + centre @ centre)
        distance = np.linalg.norm(vertices - centre, axis=1)
        near = top & (np.abs(distance - radius) < 3.0) & (medial > medial[top].max() - 2 * radius)
    return np.asarray(centre)
