"""Simple closed surfaces whose volumes, areas and distances are known."""

from __future__ import annotations

import numpy as np
import trimesh
from numpy.typing import ArrayLike

from meshes.atlas import Atlas, Kind, Part, Source, Structure, Surface

SOURCE = Source(
    title="Test solids",
    creators="Nobody",
    license="CC0-1.0",
    license_url="https://creativecommons.org/publicdomain/zero/1.0/",
    citation="",
    url="https://example.org/",
)


def ball(radius: float = 25.0, centre: ArrayLike = (0, 0, 0), fineness: int = 4) -> Surface:
    mesh = trimesh.creation.icosphere(fineness, radius)
    vertices = np.asarray(mesh.vertices, float)
    return Surface(vertices + np.asarray(centre, float), np.asarray(mesh.faces, np.int64), vertices / radius)


def cube(side: float = 20.0, centre: ArrayLike = (0, 0, 0), rounds: int = 2) -> Surface:
    mesh = trimesh.creation.box((side, side, side))
    for _ in range(rounds):
        mesh = mesh.subdivide()
    vertices = np.asarray(mesh.vertices, float)
    normals = vertices / np.linalg.norm(vertices, axis=1, keepdims=True)
    return Surface(vertices + np.asarray(centre, float), np.asarray(mesh.faces, np.int64), normals)


def tube(rows: int = 40, around: int = 24, radius: float = 8.0, length: float = 100.0) -> Surface:
    """A lofted tube closed by caps, with (u, v) and a tendon at both ends, as the modeller makes them."""
    u, v = np.meshgrid(np.linspace(0, 1, rows), np.arange(around) / around, indexing="ij")
    angle = 2 * np.pi * v
    ring = np.stack([radius * np.cos(angle), radius * np.sin(angle), length * u], -1)
    outward = np.stack([np.cos(angle), np.sin(angle), 0 * u], -1)
    index = np.arange(rows * around).reshape(rows, around)
    right = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1], right[:-1], right[1:], index[1:]
    sides = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    low, high = rows * around, rows * around + 1
    caps = [(right[0, i], index[0, i], low) for i in range(around)]
    caps += [(index[-1, i], right[-1, i], high) for i in range(around)]
    return Surface(
        np.vstack([ring.reshape(-1, 3), [(0, 0, 0), (0, 0, length)]]),
        np.concatenate([sides, np.array(caps)]).astype(np.int64),
        np.vstack([outward.reshape(-1, 3), [(0, 0, -1), (0, 0, 1)]]),
        uv=np.vstack([np.stack([u, v], -1).reshape(-1, 2), [(0, 0), (1, 0)]]),
        tendon=np.concatenate([(np.abs(u - 0.5) > 0.4).astype(float).ravel(), [1, 1]]),
        shade=np.linspace(0, 1, rows * around + 2),
    )


def structure(name: str, kind: Kind, *surfaces: Surface) -> Structure:
    stem, _, side = name.partition(".")
    where = side if side in ("right", "left") else "midline"
    names = [name] if len(surfaces) == 1 else [f"{name}/part_{number}" for number in range(len(surfaces))]
    parts = [Part(part, surface) for part, surface in zip(names, surfaces, strict=True)]
    return Structure(name, stem, where, kind, parts, "test", shown=kind != "skin")  # type: ignore[arg-type]


def atlas(*structures: Structure) -> Atlas:
    landmarks = {
        "asis.right": np.array([-120.5, -40.25, 70.0]),
        "iliac_crest.right": np.array([[0.0, 1, 2], [3, 4, 5]]),
    }
    return Atlas("test", "Simple solids", {one.id: one for one in structures}, landmarks, {"test": SOURCE})
