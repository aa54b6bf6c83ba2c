"""Making a page's parts small enough for one file: tighter meshes, gzip, and bytes written as plain text."""

from __future__ import annotations

import gzip
from typing import Any

import meshopt
import numpy as np
from numpy.typing import NDArray

from meshes.glb import pack_glb, unpack_glb

BITS, BASE = 13, 91
"""Thirteen bits become two characters of 91: 8192 values in 8281 pairs, so text is 16/13 of the bytes (base64: 4/3)."""
COARSE_NORMAL_BITS = 8
_FIRST, _LEFT_OUT = "#", "<"
"""The characters are those from the first one up to `~`, without the one that could end a script element."""
_LINE = 8000
"""Characters of a line; even, so that no pair is parted."""


def packed(data: bytes) -> bytes:
    """The bytes after gzip; the same for the same bytes, whenever they are packed."""
    return gzip.compress(data, 9, mtime=0)


def as_text(data: bytes) -> str:
    """Bytes as lines of printable ASCII without `<` and quotes; `unpack.ts` reads them back."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    numbers = np.pad(bits, (0, -len(bits) % BITS)).reshape(-1, BITS) @ (1 << np.arange(BITS))
    digits = np.stack(np.divmod(numbers, BASE), axis=1).ravel()
    codes = digits + ord(_FIRST)
    codes += codes >= ord(_LEFT_OUT)
    text = codes.astype(np.uint8).tobytes().decode("ascii")
    return "\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))


def tighter(glb: bytes, *, coarse: bool = False) -> bytes:
    """The same meshes in the newer form of meshopt's streams, which is about a tenth smaller.

    coarse : with half the steps of place (1/32 mm) and a quarter of those of normals (about 1 degree); else bit for bit

    The page's decoder reads both forms; the files on disk keep the older one, which the published extension names.
    """
    document, binary = unpack_glb(glb)
    use = _uses(document)
    stream = bytearray()
    for number, view in enumerate(document["bufferViews"]):
        form: dict[str, Any] = view["extensions"]["EXT_meshopt_compression"]
        start = form["byteOffset"]
        old = binary[start : start + form["byteLength"]]
        rows = _rows(old, form)
        if coarse and use.get(number) == "POSITION":
            rows = _halved(rows)
        elif coarse and use.get(number) == "NORMAL":
            normals = _rows(old, form, form["filter"]).view(np.int16).astype(np.float32)
            rows = meshopt.encode_filter_oct(normals / 32767, 8, COARSE_NORMAL_BITS)
        new = meshopt.encode_gltf_buffer(rows, form["mode"], version=1)
        stream.extend(b"\0" * (-len(stream) % 4))
        form |= {"byteOffset": len(stream), "byteLength": len(new)}
        view["extensions"] = {"KHR_meshopt_compression": form}
        stream.extend(new)
    stream.extend(b"\0" * (-len(stream) % 4))
    for buffer in document["buffers"]:
        if "extensions" in buffer:
            buffer["extensions"] = {"KHR_meshopt_compression": {"fallback": True}}
        else:
            buffer["byteLength"] = len(stream)
    for name in ("extensionsUsed", "extensionsRequired"):
        document[name] = [extension.replace("EXT_meshopt", "KHR_meshopt") for extension in document[name]]
    if coarse:
        _double_steps(document)
    return pack_glb(document, bytes(stream))


def _rows(stream: bytes, form: dict[str, Any], undo: str | None = None) -> NDArray[Any]:
    """The rows of a compressed stream; with its filter as it is unless it is to be undone."""
    rows: NDArray[Any] = meshopt.decode_gltf_buffer(stream, form["count"], form["byteStride"], form["mode"], undo)
    return rows.reshape(form["count"], -1)


def _uses(document: dict[str, Any]) -> dict[int, str]:
    """By number of a buffer view, the attribute it holds."""
    primitives = [primitive for mesh in document["meshes"] for primitive in mesh["primitives"]]
    return {
        document["accessors"][accessor]["bufferView"]: name
        for primitive in primitives
        for name, accessor in primitive["attributes"].items()
    }


def _halved(rows: NDArray[Any]) -> NDArray[Any]:
    """Places on a grid of steps twice as long."""
    places = rows.view(np.uint16).astype(np.int64)
    halved: NDArray[Any] = ((places + 1) // 2).astype(np.uint16)
    return halved


def _double_steps(document: dict[str, Any]) -> None:
    for node in document["nodes"]:
        if "mesh" in node:
            node["scale"] = [2 * step for step in node["scale"]]
    for mesh in document["meshes"]:
        for primitive in mesh["primitives"]:
            accessor = document["accessors"][primitive["attributes"]["POSITION"]]
            for bound in ("min", "max"):
                accessor[bound] = [(place + 1) // 2 for place in accessor[bound]]
