"""GLB files of named surfaces: quantised (KHR_mesh_quantization) and compressed (EXT_meshopt_compression).

In memory everything is LPS millimetres; a GLB is metres, y up. One root node carries that change, and each mesh node
under it carries the step of its own quantisation grid, so that any glTF viewer shows true size and place.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import meshopt
import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Surface

STEP_MM = 1 / 64
"""Quantisation step: the error is at most half its cube's diagonal, 0.0135 mm. Meshes over 1 m take a coarser one."""
COARSE_STEP_MM = 1 / 20
"""For what nobody measures to a fiftieth of a millimetre: at most 0.044 mm off."""
NORMAL_BITS = 10
"""A normal is at most 0.3 degrees off: highlights stay smooth."""
UV_BITS = 12

_LPS_TO_GLTF = [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1]
"""Column-major 4 × 4: (x, y, z) LPS mm to (x, z, −y) / 1000."""
_MAGIC, _JSON, _BIN = b"glTF", b"JSON", b"BIN\0"
_ARRAY_BUFFER, _ELEMENT_ARRAY_BUFFER = 34962, 34963
_POINTS = 0
_UNSIGNED_BYTE, _SHORT, _UNSIGNED_SHORT, _UNSIGNED_INT = 5121, 5122, 5123, 5125


class GlbError(ValueError):
    """A file is not a GLB that this program wrote, or it is damaged."""


@dataclass(frozen=True)
class Packing:
    """How one surface is written.

    step_mm : of the quantisation grid
    ordered : keep the numbers of the vertices, for a surface that has, or is, another shape of the same part
    bare : without triangles, as a cloud of points: a further shape, whose triangles are those of the first
    """

    step_mm: float = STEP_MM
    ordered: bool = False
    bare: bool = False


@dataclass
class _Buffers:
    """The compressed bytes as they grow, and the sizes of what they expand to."""

    stream: bytearray
    views: list[dict[str, Any]]
    accessors: list[dict[str, Any]]
    expanded: int = 0

    def add(
        self,
        rows: NDArray[Any],
        mode: Literal["ATTRIBUTES", "TRIANGLES"],
        *,
        view: dict[str, Any],
        accessor: dict[str, Any],
        undo: str | None = None,
    ) -> int:
        """Compress `rows` as one buffer view with one accessor on it; the accessor's number."""
        count, stride = len(rows), rows.nbytes // len(rows)
        payload = meshopt.encode_gltf_buffer(rows, mode, version=0)
        self.stream.extend(b"\0" * (-len(self.stream) % 4))
        packed: dict[str, Any] = {
            "buffer": 0,
            "byteOffset": len(self.stream),
            "byteLength": len(payload),
            "byteStride": stride,
            "mode": mode,
            "count": count,
        }
        if undo:
            packed["filter"] = undo
        self.views.append(
            {
                "buffer": 1,
                "byteOffset": self.expanded,
                "byteLength": rows.nbytes,
                **view,
                "extensions": {"EXT_meshopt_compression": packed},
            }
        )
        self.accessors.append({"bufferView": len(self.views) - 1, "count": count, **accessor})
        self.stream.extend(payload)
        self.expanded += rows.nbytes + -rows.nbytes % 4
        return len(self.accessors) - 1


def encode_glb(
    surfaces: Mapping[str, Surface],
    credit: str = "",
    extras: Mapping[str, Any] | None = None,
    packings: Mapping[str, Packing] | None = None,
) -> bytes:
    """One GLB with a node of each surface's name. Vertices that no triangle uses are left out.

    packings : by a surface's name; finely and in whatever order is smallest where none is given

    POSITION and NORMAL always; COLOR_0 = (tendon, shade, 255, 255) always; TEXCOORD_0 where the surface has uv.
    """
    buffers = _Buffers(bytearray(), [], [])
    meshes: list[dict[str, Any]] = []
    nodes: list[dict[str, Any]] = []
    for name, surface in surfaces.items():
        packing = (packings or {}).get(name, Packing())
        primitive, translation, step = _add_surface(buffers, surface, name, packing)
        meshes.append({"name": name, "primitives": [primitive]})
        nodes.append({"name": name, "mesh": len(meshes) - 1, "translation": translation, "scale": [step] * 3})
    nodes.append({"name": "LPS millimetres", "matrix": _LPS_TO_GLTF, "children": list(range(len(nodes)))})
    buffers.stream.extend(b"\0" * (-len(buffers.stream) % 4))
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "ischia"} | ({"copyright": credit} if credit else {}),
        "extensionsUsed": ["KHR_mesh_quantization", "EXT_meshopt_compression"],
        "extensionsRequired": ["KHR_mesh_quantization", "EXT_meshopt_compression"],
        "scene": 0,
        "scenes": [{"nodes": [len(nodes) - 1]}],
        "nodes": nodes,
        "meshes": meshes,
        "accessors": buffers.accessors,
        "bufferViews": buffers.views,
        "buffers": [
            {"byteLength": len(buffers.stream)},
            {"byteLength": buffers.expanded, "extensions": {"EXT_meshopt_compression": {"fallback": True}}},
        ],
    }
    if extras:
        document["extras"] = dict(extras)
    return pack_glb({key: value for key, value in document.items() if value != []}, bytes(buffers.stream))


def pack_glb(document: Mapping[str, Any], binary: bytes) -> bytes:
    """The GLB container around a glTF document and its binary chunk."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<I4s", len(text), _JSON) + text
    if binary:
        body += struct.pack("<I4s", len(binary), _BIN) + binary
    return struct.pack("<4sII", _MAGIC, 2, 12 + len(body)) + body


def unpack_glb(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The glTF document and the binary chunk of a GLB. Raises `GlbError` when the container is damaged."""
    try:
        magic, version, length = struct.unpack_from("<4sII", data)
        if magic != _MAGIC or version != 2 or length != len(data):
            raise GlbError("This is not a whole GLB 2.0 file.")
        size, kind = struct.unpack_from("<I4s", data, 12)
        document = json.loads(data[20 : 20 + size])
        start = 20 + size
        if start >= len(data):
            return document, b""
        size, second = struct.unpack_from("<I4s", data, start)
    except (struct.error, ValueError) as error:
        raise GlbError(f"This GLB file is damaged: {error}") from error
    if kind != _JSON or second != _BIN or start + 8 + size > len(data):
        raise GlbError("This GLB file is damaged: its chunks are not where they should be.")
    return document, data[start + 8 : start + 8 + size]


@dataclass
class _Arrays:
    """What is written of one surface: the rows of each attribute, the indices, and the quantisation grid."""

    rows: dict[str, NDArray[Any]]
    indices: NDArray[Any] | None
    translation: list[float]
    step: float

    def wire_bytes(self) -> int:
        """Bytes after meshopt and gzip."""
        streams = [meshopt.encode_gltf_buffer(rows, "ATTRIBUTES", version=0) for rows in self.rows.values()]
        if self.indices is not None:
            streams.append(meshopt.encode_gltf_buffer(self.indices, "TRIANGLES", version=0))
        return sum(len(zlib.compress(stream, 6)) for stream in streams)


_VIEWS: dict[str, tuple[int, int, bool, str]] = {
    "POSITION": (8, _UNSIGNED_SHORT, False, "VEC3"),
    "NORMAL": (8, _SHORT, True, "VEC3"),
    "COLOR_0": (4, _UNSIGNED_BYTE, True, "VEC4"),
    "TEXCOORD_0": (4, _UNSIGNED_SHORT, True, "VEC2"),
}
"""Bytes of a record, component type, whether normalised, and type of each attribute."""


def _add_surface(
    buffers: _Buffers, surface: Surface, name: str, packing: Packing
) -> tuple[dict[str, Any], list[float], float]:
    if not len(surface.triangles):
        raise ValueError(f"{name}: a surface without triangles cannot be written to a GLB file.")
    if not np.isfinite(surface.vertices).all():
        raise ValueError(f"{name}: a vertex is not a number.")
    if packing.bare:
        arrays = _arrays(surface, None, np.arange(len(surface.vertices)), packing.step_mm)
    else:
        orders = islice(_orders(surface), 1 if packing.ordered else None)
        arrays = min((_arrays(surface, *order, packing.step_mm) for order in orders), key=_Arrays.wire_bytes)
    attributes = {}
    for attribute, rows in arrays.rows.items():
        stride, component, normalized, kind = _VIEWS[attribute]
        accessor: dict[str, Any] = {"componentType": component, "type": kind}
        if normalized:
            accessor["normalized"] = True
        if attribute == "POSITION":
            accessor |= {"min": rows[:, :3].min(0).tolist(), "max": rows[:, :3].max(0).tolist()}
        attributes[attribute] = buffers.add(
            rows,
            "ATTRIBUTES",
            undo="OCTAHEDRAL" if attribute == "NORMAL" else None,
            view={"byteStride": stride, "target": _ARRAY_BUFFER},
            accessor=accessor,
        )
    if arrays.indices is None:
        return {"attributes": attributes, "mode": _POINTS}, arrays.translation, arrays.step
    index = buffers.add(
        arrays.indices,
        "TRIANGLES",
        view={"target": _ELEMENT_ARRAY_BUFFER},
        accessor={
            "componentType": _UNSIGNED_SHORT if arrays.indices.dtype == np.uint16 else _UNSIGNED_INT,
            "type": "SCALAR",
        },
    )
    return {"attributes": attributes, "indices": index}, arrays.translation, arrays.step


def _orders(surface: Surface) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Ways to number a surface: (indices, old number of each new vertex). A lofted grid compresses best as it is."""
    flat = np.asarray(surface.triangles, np.uint32).ravel()
    used, natural = np.unique(flat, return_inverse=True)
    yield natural.astype(np.int64), used.astype(np.int64)
    indices, place, count = meshopt.reorder_mesh(flat, True, False)
    old = np.empty(count, np.int64)
    old[place[place < count]] = np.flatnonzero(place < count)
    yield indices.astype(np.int64), old


def _arrays(surface: Surface, indices: NDArray[np.int64] | None, old: NDArray[np.int64], step: float) -> _Arrays:
    vertices = np.asarray(surface.vertices, float)[old]
    while (np.ptp(vertices, axis=0) / step).max() > 65534:
        step *= 2
    low = np.floor(vertices.min(0) / step)
    grid = (np.rint(vertices / step) - low).astype(np.uint16)
    color = np.full((len(old), 4), 255, np.uint8)
    color[:, 0] = 0 if surface.tendon is None else _unit_bytes(surface.tendon[old])
    color[:, 1] = 255 if surface.shade is None else _unit_bytes(surface.shade[old])
    normals = np.pad(np.asarray(surface.normals, float)[old], ((0, 0), (0, 1)))
    rows = {
        "POSITION": np.pad(grid, ((0, 0), (0, 1))),
        "NORMAL": meshopt.encode_filter_oct(normals, 8, NORMAL_BITS),
        "COLOR_0": color,
    }
    if indices is None:
        return _Arrays(rows, None, [float(value) for value in low * step], step)
    if surface.uv is not None:
        rows["TEXCOORD_0"] = _quantise_uv(surface.uv[old])
    compact = indices.astype(np.uint16 if len(old) <= 65535 else np.uint32)
    return _Arrays(rows, compact, [float(value) for value in low * step], step)


def _unit_bytes(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def _quantise_uv(uv: NDArray[np.float64]) -> NDArray[np.uint16]:
    """(n, 2) in [0, 1] to 16-bit values on a grid of `UV_BITS`: 0 and 1 stay exact, and fewer bits travel."""
    levels = 2**UV_BITS - 1
    steps: NDArray[np.float64] = np.rint(np.clip(uv, 0, 1) * levels)
    quantised: NDArray[np.uint16] = np.rint(steps * (65535 / levels)).astype(np.uint16)
    return quantised


def decode_glb(data: bytes) -> dict[str, Surface]:
    """Every named surface of a GLB from `encode_glb`, in LPS mm, as a browser would decode it.

    Raises `GlbError` when the file is damaged or was written by another program.
    """
    document, binary = unpack_glb(data)
    try:
        return {
            node["name"]: _decode_node(document, binary, node) for node in document.get("nodes", []) if "mesh" in node
        }
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise GlbError(f"This GLB file cannot be read: {error}") from error


def _decode_node(document: dict[str, Any], binary: bytes, node: dict[str, Any]) -> Surface:
    primitive = document["meshes"][node["mesh"]]["primitives"][0]
    attributes = primitive["attributes"]
    grid = _records(document, binary, attributes["POSITION"]).view(np.uint16)[:, :3]
    vertices = grid * np.array(node["scale"]) + np.array(node["translation"])
    normals = _records(document, binary, attributes["NORMAL"]).view(np.int16)[:, :3].astype(float)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    color = _records(document, binary, attributes["COLOR_0"]) / 255
    uv = None
    if "TEXCOORD_0" in attributes:
        uv = _records(document, binary, attributes["TEXCOORD_0"]).view(np.uint16) / 65535
    triangles = np.empty((0, 3), np.int64)
    if "indices" in primitive:
        triangles = _records(document, binary, primitive["indices"]).reshape(-1, 3).astype(np.int64)
    return Surface(vertices, triangles, normals, uv=uv, tendon=color[:, 0], shade=color[:, 1])


def _records(document: dict[str, Any], binary: bytes, accessor: int) -> NDArray[Any]:
    view = document["bufferViews"][document["accessors"][accessor]["bufferView"]]
    packed = view["extensions"]["EXT_meshopt_compression"]
    start = packed["byteOffset"]
    stream = binary[start : start + packed["byteLength"]]
    rows: NDArray[Any] = meshopt.decode_gltf_buffer(
        stream, packed["count"], packed["byteStride"], packed["mode"], packed.get("filter")
    )
    return rows
