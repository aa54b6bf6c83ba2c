"""A body of spheres: an atlas small enough for tests that ask how it is shown, not what it is made of."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Atlas, Footprint, Part, Side, Source, Structure, Surface
from meshes.build import BuiltAtlas, write_atlas

Kind = Literal["bone", "muscle", "nerve", "skin"]


def sphere(centre: tuple[float, float, float], radius: float, steps: int = 24) -> Surface:
    """A closed sphere with (u, v) from its lower to its upper pole, LPS mm."""
    u, v = np.meshgrid(np.linspace(0, 1, steps), np.arange(2 * steps) / (2 * steps), indexing="ij")
    polar, around = np.pi * u[1:-1], 2 * np.pi * v[1:-1]
    ring = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), -np.cos(polar)], axis=-1)
    normals = np.concatenate([ring.reshape(-1, 3), [[0, 0, -1.0], [0, 0, 1.0]]])
    uv = np.concatenate([np.stack([u[1:-1], v[1:-1]], axis=-1).reshape(-1, 2), [[0, 0], [1, 0]]])
    rows, columns = steps - 2, 2 * steps
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1].ravel(), index[1:].ravel()
    a_next, b_next = np.roll(index[:-1], -1, axis=1).ravel(), np.roll(index[1:], -1, axis=1).ravel()
    south, north = rows * columns, rows * columns + 1
    triangles = np.concatenate(
        [
            np.stack([a, a_next, b_next], axis=1),
            np.stack([a, b_next, b], axis=1),
            np.stack([np.full(columns, south), np.roll(index[0], -1), index[0]], axis=1),
            np.stack([np.full(columns, north), index[-1], np.roll(index[-1], -1)], axis=1),
        ]
    )
    return Surface(np.array(centre) + radius * normals, triangles, normals, uv, np.zeros(len(uv)), np.ones(len(uv)))


def _cap(of: Surface, direction: NDArray[np.float64]) -> Surface:
    """The part of a sphere that faces a direction."""
    kept = of.triangles[(of.normals[of.triangles] @ direction > 0.8).all(axis=1)]
    return Surface(of.vertices + 0.1 * of.normals, kept, of.normals)


def small_atlas() -> Atlas:
    """Bones, a muscle behind each hip bone, a two-headed one and a nerve deep to it; the skin in a file apart."""
    structures: dict[str, Structure] = {}

    def add(stem: str, side: Side, kind: Kind, *parts: Part) -> Structure:
        name = stem if side == "midline" else f"{stem}.{side}"
        structures[name] = Structure(name, stem, side, kind, list(parts), "spheres", "modelled", shown=kind != "skin")
        return structures[name]

    add("sacrum", "midline", "bone", Part("sacrum", sphere((0, 40, 60), 40)))
    add("skin", "midline", "skin", Part("skin", sphere((0, 0, 0), 300)))
    sides: tuple[tuple[Side, int], ...] = (("right", -1), ("left", 1))
    for side, sign in sides:
        bone = sphere((sign * 100, 0, 40), 55)
        add("hip_bone", side, "bone", Part(f"hip_bone.{side}", bone))
        add("femur", side, "bone", Part(f"femur.{side}", sphere((sign * 110, 0, -80), 45)))
        maximus = add(
            "gluteus_maximus", side, "muscle", Part(f"gluteus_maximus.{side}", sphere((sign * 100, 90, 0), 60))
        )
        patch = _cap(bone, np.array([0.0, 1.0, 0.0]))
        maximus.footprints.append(
            Footprint(f"gluteus_maximus.{side}", "proximal", f"hip_bone.{side}", patch, area_mm2=900.0)
        )
        heads = [("upper_head", 40), ("lower_head", 22)]
        add(
            "piriformis",
            side,
            "muscle",
            *(Part(f"piriformis.{side}/{head}", sphere((sign * 55, 60, z), 12)) for head, z in heads),
        )
        add("tibial_division", side, "nerve", Part(f"tibial_division.{side}", sphere((sign * 60, 50, -60), 10)))
    source = Source(
        title="Spheres",
        creators="The Ischia contributors",
        license="CC0-1.0",
        license_url="https://creativecommons.org/publicdomain/zero/1.0/",
        citation="Made for tests.",
        url="https://example.org/spheres",
    )
    landmarks = {
        name: np.array(point, dtype=float)
        for name, point in {
            "asis.right": (-120, -50, 80),
            "asis.left": (120, -50, 80),
            "lesser_trochanter.right": (-90, 30, -60),
            "lesser_trochanter.left": (90, 30, -60),
            "greater_trochanter.right": (-150, 0, -40),
            "ischial_tuberosity.right": (-60, 30, -50),
            "psis.right": (-40, 70, 90),
        }.items()
    }
    return Atlas("spheres", "A body of spheres", structures, landmarks, {"spheres": source})


def build_small(folder: Path) -> BuiltAtlas:
    """The body of spheres, written to a folder."""
    start = time.perf_counter()
    document = write_atlas(small_atlas(), folder)
    return BuiltAtlas(folder, document, False, time.perf_counter() - start)
