"""A body for the importer: bones and a muscle of the population, made another person's by stretching and tilting."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import igl
import nibabel as nib
import numpy as np
import pyvista as pv
import trimesh
from scipy.spatial.transform import Rotation

from meshes.atlas import Atlas
from meshes.importing.repair import fewer
from meshes.surface import weld

Mesh = tuple[np.ndarray, np.ndarray]
PELVIS = ("hip_bone.right", "hip_bone.left", "sacrum")
WHOLE = (*PELVIS, "femur.right", "femur.left")
CALLED = {
    "hip_bone.right": "hip_right",
    "hip_bone.left": "hip_left",
    "sacrum": "sacrum",
    "femur.right": "femur_right",
    "femur.left": "femur_left",
    "gluteus_maximus.right": "gluteus_maximus_right",
}
STRETCH = np.array([1.06, 0.96, 1.03])
TILT = Rotation.from_euler("xyz", (6.0, 2.0, -3.0), degrees=True).as_matrix()
PLACE = np.array([30.0, -120.0, 900.0])


def another_body(atlas: Atlas) -> dict[str, Mesh]:
    """Vertices and triangles by sided id, LPS mm, away from the origin; 1,500 triangles each."""
    found = {}
    for name in CALLED:
        surface = atlas.structures[name].parts[0].surface
        vertices, triangles = fewer(*weld(surface.vertices.round(3), surface.triangles), 1500)
        found[name] = (vertices * STRETCH @ TILT.T + PLACE, triangles)
    return found


def write(folder: Path, body: Mapping[str, Mesh], names: Iterable[str] = PELVIS, suffix: str = "stl") -> None:
    """One file a structure, called after it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        write_mesh(folder / f"{CALLED[name]}.{suffix}", body[name])


def write_mesh(file: Path, mesh: Mesh) -> None:
    """One mesh in the format that the suffix says."""
    vertices, triangles = mesh
    if file.suffix in (".vtp", ".vtk"):
        pv.PolyData.from_regular_faces(vertices, triangles).save(file)
    else:
        trimesh.Trimesh(vertices, triangles, process=False).export(file)


def moved(body: Mapping[str, Mesh], matrix: np.ndarray, scale: float = 1.0) -> dict[str, Mesh]:
    """The body under a matrix (3, 3); triangles turn round where it mirrors."""
    flip = 1 if np.linalg.det(matrix) > 0 else -1
    return {name: (scale * vertices @ matrix.T, triangles[:, ::flip]) for name, (vertices, triangles) in body.items()}


def volume(
    body: Mapping[str, Mesh], labels: Mapping[str, int], spacing: tuple[float, float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Voxels (x, y, z) uint8 and the affine to RAS mm of the label volume of a body; its x axis runs to the right."""
    points = np.concatenate([body[name][0] for name in labels])
    low, high = points.min(axis=0) - 9, points.max(axis=0) + 9
    shape = np.ceil((high - low) / spacing).astype(int)
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1).reshape(-1, 3)
    at = np.array([high[0], high[1], low[2]]) + grid * np.array([-1, -1, 1]) * spacing
    data = np.zeros(len(at), np.uint8)
    for name, number in labels.items():
        vertices, triangles = body[name]
        near = ((at > vertices.min(axis=0)) & (at < vertices.max(axis=0))).all(axis=1)
        winding = igl.fast_winding_number(np.ascontiguousarray(vertices), np.ascontiguousarray(triangles), at[near])
        data[np.flatnonzero(near)[winding > 0.5]] = number
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = [-high[0], -high[1], low[2]]
    return data.reshape(shape), affine


def write_volume(file: Path, data: np.ndarray, affine: np.ndarray, code: int = 1) -> None:
    """A NIfTI file; code 0 leaves its orientation unsaid."""
    image: Any = nib.Nifti1Image(data, affine)
    image.header.set_xyzt_units("mm")
    image.set_sform(affine, code)
    image.set_qform(affine, code)
    nib.save(image, file)


def bomb(file: Path, size: int = 1 << 27) -> None:
    """A packed NIfTI file of zeros that claims to be 10,000 voxels wide each way."""
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, 10000, 10000, 10000, 1, 1, 1, 1)
    struct.pack_into("<hh", head, 70, 2, 8)
    struct.pack_into("<8f", head, 76, 1, 1, 1, 1, 1, 1, 1, 1)
    struct.pack_into("<f", head, 108, 352.0)
    struct.pack_into("<hh", head, 252, 1, 1)
    head[344:348] = b"n+1\0"
    file.write_bytes(gzip.compress(bytes(head) + bytes(size), 1))
