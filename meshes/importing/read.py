"""Reads one file of another's making into triangles.

`serve` runs as a process of its own, with bounded memory, so that a file that crashes its reader harms nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from meshes.openset import read_glb_meshes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEMORY = 16 << 30
"""Bytes that the reading process may hold."""
HUGE = 1_000_000
"""Triangles above which a surface is made coarser at once, on a grid, before anything else is done with it."""
KEPT = 60_000
"""Triangles that are kept of a surface that has too many."""
LOST = 0.2
"""Share of triangles with broken corners above which a surface is given up."""


@dataclass
class Piece:
    """One surface of a file, as it stands there.

    name : what the file calls it; empty if it has no name of its own
    vertices : (n, 3), in the file's unit and axes; LPS mm if `oriented`
    triangles : (m, 3)
    oriented : whether the file itself says how it lies (label volumes do)
    notes : what was done to it and what is odd about it
    """

    name: str
    vertices: Floats
    triangles: Ints
    oriented: bool = False
    notes: list[str] = field(default_factory=list)


class Unreadable(Exception):
    """The file cannot be used; the message says why, as the end of a sentence about it."""


def read_pieces(path: Path, kind: str, options: dict[str, Any] | None = None) -> list[Piece]:
    """Every surface in a file. options : `labels` ({number: name}) and `axes` for label volumes.

    Raises `Unreadable`, and whatever the reader of a damaged file raises.
    """
    if kind == "nifti":
        from meshes.importing.volume import read_volume

        return read_volume(path, options or {})
    reader = {"glb": _glb, "vtp": _vtk, "vtk": _vtk}.get(kind, _trimesh)
    return [_bounded(piece) for piece in reader(path, kind)]


def _glb(path: Path, kind: str) -> list[Piece]:
    meshes = read_glb_meshes(path.read_bytes())
    return [Piece(name if len(meshes) > 1 else "", vertices, triangles) for name, vertices, triangles in meshes]


def _trimesh(path: Path, kind: str) -> list[Piece]:
    import trimesh

    # Older versions call the one option split_object.
    once: dict[str, Any] = {
        "skip_materials": True,
        "group_material": False,
        "split_objects": True,
        "split_object": True,
    }
    with path.open("rb") as stream:
        # No resolver: neither materials nor any other file is opened.
        loaded = trimesh.load(stream, file_type=kind, resolver=None, process=False, **once)
    meshes: dict[str, Any] = loaded.geometry if isinstance(loaded, trimesh.Scene) else {"": loaded}
    if not all(isinstance(mesh, trimesh.Trimesh) for mesh in meshes.values()) or not meshes:
        raise Unreadable("holds points or lines, but no triangles")
    several = len(meshes) > 1
    return [
        Piece(
            str(mesh.metadata.get("name", name)) if several else "",
            np.array(mesh.vertices, float).reshape(-1, 3),
            np.array(mesh.faces, np.int64).reshape(-1, 3),
        )
        for name, mesh in meshes.items()
    ]


def _vtk(path: Path, kind: str) -> list[Piece]:
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkObject
    from vtkmodules.vtkFiltersCore import vtkTriangleFilter
    from vtkmodules.vtkIOLegacy import vtkPolyDataReader
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    vtkObject.GlobalWarningDisplayOff()
    reader: Any = vtkXMLPolyDataReader() if kind == "vtp" else vtkPolyDataReader()
    faults: list[str] = []
    reader.AddObserver("ErrorEvent", lambda *_: faults.append("damaged"))
    reader.SetFileName(str(path))
    if kind == "vtk" and not reader.IsFilePolyData():
        raise Unreadable("is a VTK file, but of no surface (POLYDATA)")
    turned = vtkTriangleFilter()
    turned.PassVertsOff()
    turned.PassLinesOff()
    turned.SetInputConnection(reader.GetOutputPort())
    turned.Update()
    output = turned.GetOutput()
    if faults:
        raise Unreadable("is damaged or cut off")
    if not output.GetNumberOfPoints() or not output.GetNumberOfPolys():
        raise Unreadable("is damaged or cut off, or holds no triangles")
    vertices = vtk_to_numpy(output.GetPoints().GetData()).astype(float)
    triangles = vtk_to_numpy(output.GetPolys().GetConnectivityArray()).astype(np.int64).reshape(-1, 3)
    return [Piece("", vertices, triangles)]


def _bounded(piece: Piece) -> Piece:
    """The piece with no more triangles than can be worked with: a coarser one, with a word about it."""
    count = len(piece.triangles)
    if count <= HUGE:
        return piece
    from meshes.importing.coarser import closed_coarser, on_grid

    _check_indices(piece)
    finite = np.asarray(np.isfinite(piece.vertices).all(axis=1))
    used, corners = np.unique(piece.triangles[finite[piece.triangles].all(axis=1)], return_inverse=True)
    notes = list(piece.notes)
    lost = count - corners.size // 3
    if lost > LOST * count:
        raise Unreadable(f"is damaged: {lost / count:.0%} of its triangles have corners that are no numbers")
    if lost:
        notes.append(f"{lost:,} triangles with corners that are no numbers left out")
    vertices, triangles = on_grid(piece.vertices[used], corners.reshape(-1, 3))
    vertices, triangles = closed_coarser(vertices, triangles, KEPT) or (vertices, triangles)
    notes.append(f"{count:,} triangles are too many to show: made coarser, {len(triangles):,} are left")
    return Piece(piece.name, vertices, triangles, piece.oriented, notes)


def _check_indices(piece: Piece) -> None:
    if piece.triangles.min(initial=0) < 0 or piece.triangles.max(initial=-1) >= len(piece.vertices):
        raise Unreadable("is damaged: triangles name corners that are not there")


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(asked: BinaryIO, answer: BinaryIO) -> None:
    """For each line of JSON (`file`, `format`, `options`, `huge`): a line of JSON, and the arrays that it announces."""
    global HUGE
    for line in asked:
        question = json.loads(line)
        HUGE = question["huge"]
        pieces: list[Piece] = []
        fault = ""
        try:
            pieces = read_pieces(Path(question["file"]), question["format"], question["options"])
            for piece in pieces:
                _check_indices(piece)
        except Unreadable as error:
            pieces, fault = [], str(error)
        except MemoryError:
            pieces, fault = [], "needs more memory than can be given to it"
        except Exception as error:  # a damaged file makes its reader raise anything
            pieces, fault = [], f"is damaged or cut off ({type(error).__name__})"
        head = [
            {
                "name": piece.name,
                "vertices": len(piece.vertices),
                "triangles": len(piece.triangles),
                "oriented": piece.oriented,
                "notes": piece.notes,
            }
            for piece in pieces
        ]
        answer.write(json.dumps({"fault": fault, "pieces": head}).encode() + b"\n")
        for piece in pieces:
            answer.write(np.ascontiguousarray(piece.vertices, "<f8").tobytes())
            answer.write(np.ascontiguousarray(piece.triangles, "<i8").tobytes())
        answer.flush()


def main() -> None:
    """What the process does."""
    _limit_memory()
    # What libraries print goes to standard error; standard output carries the answers alone.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, channel)
