"""A body of one's own: the bones of a mesh set with the population's places on them, and what the set has besides.

Its frame is the carried body's: LPS mm, level, origin midway between the femoral heads. Soft tissue is then solved on
these very bones, among the set's own muscles. What the steps after the atlas need of it is kept beside `atlas.json`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meshes.atlas import Atlas, Part, Structure, Surface
from meshes.body import Body, Bone
from meshes.carried import Carried, arrays_of, carried_of, kept_carried, read_arrays, written_arrays
from meshes.finishing import BONE_RESOLUTION, SIDES, bone_structures
from meshes.mended import MendError, mended
from meshes.openset import OpenSet, read_open_set, to_lps_mm
from meshes.set_landmarks import read_landmarks
from meshes.set_skin import NOTE, SkinError, own_skin
from meshes.shape_fit import ShapeFit
from meshes.store import StoreError
from meshes.surface import is_closed, joined, vertex_normals, volume_mm3
from meshes.thin import thinned_bone

Progress = Callable[[float, str], None]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Solid = tuple[Floats, Ints]

BODY_FILE = "body.npz"
"""Beside `atlas.json` of a set: its body, for what is made after the atlas."""
SOFT = ("muscle", "tendon", "ligament", "fascia", "membrane")
"""What is solved around, if the set has it."""
MOST_TRIANGLES = 40_000
"""A bone of more is solved and shown on fewer, which lie within `HEAVY_MM` of it."""
HEAVY_MM = 0.15
BODY_BONES = (
    "sacrum",
    "coccyx",
    *(f"{bone}.{side}" for bone in ("hip_bone", "femur", "patella", "tibia", "fibula") for side in SIDES),
)
"""Bones that the population's body has."""
FIT_SHARE = 0.5
"""About so much of the work is laying the population's bones onto the set's."""


@dataclass(frozen=True)
class SetBody:
    """A set's bones as a body, and its own structures in that body's frame.

    atlas : the set's own structures, and as modelled ones those bones of the leg that it lacks
    given : its own soft structures as closed solids, by sided id
    held : bones that are part of another one's mesh, to that one: coccyx to sacrum
    """

    body: Body
    atlas: Atlas
    given: Mapping[str, Solid]
    held: Mapping[str, str]
    carried: Carried

    @property
    def fit(self) -> ShapeFit:
        """How the population's shape was laid onto the bones, and how well it meets them."""
        return self.carried.fit


def set_body(folder: str | Path, progress: Progress | None = None) -> SetBody:
    """The set in `folder` as a body.

    Raises `SetError` where it cannot be read, `FitError` where its bones are too few, or no pelvis.
    """
    tell: Progress = progress or (lambda done, text: None)
    return body_of_set(read_open_set(folder, lambda done, text: tell(0.2 * done, text)), Path(folder), tell)


def body_of_set(own: OpenSet, folder: Path, tell: Progress) -> SetBody:
    """A set that was read as a body. Raises `FitError` where its bones are too few, or no pelvis."""
    atlas = own.atlas
    bones = {
        name: (one.parts[0].surface.vertices, one.parts[0].surface.triangles)
        for name, one in atlas.structures.items()
        if one.kind == "bone"
    }
    tell(0.2, "Laying the population's bones onto the set's")
    placed = _placed(folder, own)
    carried = kept_carried({name: mesh for name, mesh in bones.items() if name in BODY_BONES}, BONE_RESOLUTION, placed)
    notes = [fit_note(carried.fit)]
    if carried.fit.mirrored:
        notes.append("Left and right were exchanged in the set's files; they are shown as they are called.")
    structures = {name: _moved(one, carried) for name, one in atlas.structures.items()}
    for one in structures.values():
        if one.kind == "bone":
            notes += _lightened(one)
    body, more = _on_own_bones(carried, structures)
    notes += more
    for one in [one for one in structures.values() if one.kind == "skin"]:
        try:
            structures[one.id] = own_skin(one, body)
            notes.append(NOTE)
        except SkinError as error:
            del structures[one.id]
            notes.append(f"The set's skin could not be used, for {error}; a modelled one takes its place.")
    body = pinned(body, {name: carried.to_atlas(place[None])[0] for name, place in placed.items()})
    tell(0.2 + FIT_SHARE, "Closing the set's own muscles")
    given, more = _given(structures)
    notes += more
    held = {**own.held, **({"coccyx": "sacrum"} if carried.tailed else {})}
    lacking = [
        replace(one, made="modelled")
        for one in bone_structures(carried.body)
        if one.id not in structures and one.structure not in held
    ]
    if lacking:
        names = ", ".join(sorted({one.structure.replace("_", " ") for one in lacking}))
        notes.append(f"The set has no {names}: taken from the population's shape model, fitted to the set's bones.")
    whole = Atlas(
        atlas.id,
        atlas.title,
        {**{one.id: one for one in lacking}, **structures},
        {},
        dict(atlas.sources),
        fit={name: round(bone.mean_mm, 2) for name, bone in carried.fit.bones.items()},
        notes=notes,
    )
    return SetBody(body, whole, given, held, carried)


def fit_note(fit: ShapeFit) -> str:
    """How well the shape fits, in a sentence."""
    each = [f"{name.replace('_', ' ').replace('.', ' ')} {bone.mean_mm:.1f}" for name, bone in fit.bones.items()]
    return f"The population's shape model, fitted to these bones, misses them by, mean mm: {', '.join(each)}."


def pinned(body: Body, placed: Mapping[str, Floats]) -> Body:
    """A body with landmarks where somebody has placed them: by sided id, (3,) LPS mm in its frame."""
    known = set(body.landmark_names())
    kept = {name: np.asarray(point, float) for name, point in placed.items() if name in known}
    heads = {side: kept.get(f"femoral_head_centre.{side}", centre) for side, centre in body.head_centres.items()}
    return replace(body, head_centres=heads, pinned=kept)


def _placed(folder: Path, own: OpenSet) -> dict[str, Floats]:
    """The landmarks that were placed on a set, by sided id: (3,) LPS mm about the origin that its atlas has."""
    marks = read_landmarks(folder, own.passport)
    return {name: to_lps_mm(np.array([mark.point]), own.passport)[0] - own.origin for name, mark in marks.items()}


def _moved(structure: Structure, carried: Carried) -> Structure:
    """A structure of the set in the body's frame."""
    parts = []
    for part in structure.parts:
        vertices = carried.to_atlas(part.surface.vertices)
        triangles = part.surface.triangles[:, ::-1] if carried.fit.mirrored else part.surface.triangles
        parts.append(Part(part.name, Surface(vertices, triangles, vertex_normals(vertices, triangles))))
    return replace(structure, parts=parts)


def _lightened(bone: Structure) -> list[str]:
    """Leave out of a heavy bone what nobody misses; a sentence that says so."""
    said = []
    for part in bone.parts:
        count = len(part.surface.triangles)
        if count > MOST_TRIANGLES:
            part.surface = thinned_bone(part.surface, HEAVY_MM)
            said.append(
                f"{bone.id}: shown and solved on {len(part.surface.triangles):,} of its {count:,} triangles, which lie "
                f"within {HEAVY_MM} mm of it."
            )
    return said


def _on_own_bones(carried: Carried, structures: Mapping[str, Structure]) -> tuple[Body, list[str]]:
    """The carried body with the set's own vertices and triangles, and what is to be said of them."""
    said = []
    bones = dict(carried.body.bones)
    for name, bone in carried.body.bones.items():
        if name not in structures:
            continue
        surface = joined([part.surface for part in structures[name].parts])
        if is_closed(surface.triangles) and volume_mm3(surface.vertices, surface.triangles) > 0.0:
            bones[name] = Bone(name, bone.chart, np.ascontiguousarray(surface.vertices), surface.triangles)
        else:
            said.append(f"{name}: its surface is open, so that muscles are solved on the shape laid onto it.")
    return replace(carried.body, bones=bones), said


def _given(structures: Mapping[str, Structure]) -> tuple[dict[str, Solid], list[str]]:
    """The set's own soft structures as closed solids, and what was mended in them."""
    given: dict[str, Solid] = {}
    said = []
    done: dict[tuple[str, str], list[str]] = {}
    for name, structure in structures.items():
        if structure.kind not in SOFT:
            continue
        try:
            whole = mended(joined([part.surface for part in structure.parts]))
        except MendError as error:
            said.append(f"{name}: muscles are solved without it, for {error}.")
            continue
        given[name] = whole.solid
        if whole.done:
            done.setdefault((structure.structure, ", ".join(whole.done)), []).append(structure.side)
    for (name, what), sides in done.items():
        said.append(f"{name.replace('_', ' ')}, {' and '.join(sides)}: for solving, {what}; it is shown as it is.")
    return given, said


# --- kept beside the atlas -------------------------------------------------------------------------------------------


def body_bytes(own: SetBody) -> bytes:
    """What `read_body` needs, as the bytes of a file: arrays only."""
    arrays: dict[str, NDArray[Any]] = arrays_of(own.carried, BONE_RESOLUTION)
    for name, bone in own.body.bones.items():
        if bone is not own.carried.body.bones[name]:
            arrays |= {f"own/{name}": bone.vertices, f"faces/{name}": bone.triangles.astype(np.int32)}
    for name, (vertices, triangles) in own.given.items():
        arrays |= {f"given/{name}": vertices, f"given_faces/{name}": triangles.astype(np.int32)}
    return written_arrays(arrays | {f"pinned/{name}": point for name, point in own.body.pinned.items()})


def read_body(folder: Path) -> tuple[Body, dict[str, Solid]] | None:
    """Body and given solids of the atlas in a folder; None if it is none of a set that was solved.

    Raises `StoreError` where the file is damaged.
    """
    file = folder / BODY_FILE
    if not file.is_file():
        return None
    try:
        arrays = read_arrays(file.read_bytes())
        carried = carried_of(arrays)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StoreError(f"{file} is damaged; remove the folder {folder}, and it is built anew.") from error
    bones = dict(carried.body.bones)
    given: dict[str, Solid] = {}
    placed: dict[str, Floats] = {}
    for key, array in arrays.items():
        kind, _, name = key.partition("/")
        if kind == "own":
            bones[name] = Bone(name, bones[name].chart, array, arrays[f"faces/{name}"])
        elif kind == "given":
            given[name] = array, arrays[f"given_faces/{name}"].astype(np.int64)
        elif kind == "pinned":
            placed[name] = array
    return pinned(replace(carried.body, bones=bones), placed), given
