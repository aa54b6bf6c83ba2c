"""Takes in a person's own bones and muscles: reads, names, measures, turns, mends, and says what it did and why.

`propose` looks and changes nothing; `store_import` writes what was proposed as a set of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from annotations.loading import load
from meshes.importing.frame import (
    AXES_BY_NAME,
    TEMPLATE_BONES,
    Floats,
    Frame,
    find_frame,
    find_unit,
    fitted_frame,
    other_side,
)
from meshes.importing.gather import gather
from meshes.importing.reader import Reader
from meshes.importing.rows import Candidate, ImportOptions, Row, axes_words, plain, report_lines, same
from meshes.importing.shapes import FAR, NEAR, by_place, by_size, like, mirrored_shape, misfit, other_unit
from meshes.importing.volume import axes_matrix
from meshes.openset import femoral_head
from meshes.passport import SetError
from meshes.shape_fit import UNITS, FitError, Unit

Progress = Callable[[float, str], None]

MIDDLE = 4.0
"""mm beside the median plane within which a surface is on neither side."""
REACH = 900.0
"""mm from the hips beyond which nothing belongs to them."""


@dataclass
class Proposal:
    """What would be imported, and how it was understood.

    structures : surfaces in LPS mm with the origin midway between the femoral heads, by sided id
    found : whether the unit and the axes were found, not told
    """

    folder: Path
    rows: list[Row]
    structures: dict[str, Candidate]
    unit: Unit
    axes: str
    frame: Frame
    unit_found: bool
    axes_found: bool
    remarks: list[str]


def propose(
    folder: Path, options: ImportOptions | None = None, reader: Reader | None = None, progress: Progress | None = None
) -> Proposal:
    """How the files of a folder would be imported. Nothing is written.

    Raises `SetError` if nothing can be used, or if unit, axes or sides cannot be told; its message holds the report.
    """
    options = options or ImportOptions()
    tell: Progress = progress or (lambda done, text: None)
    rows: list[Row] = []
    if reader is None:
        with Reader() as own:
            candidates = gather(folder, options, own, rows, tell)
    else:
        candidates = gather(folder, options, reader, rows, tell)
    try:
        return _understood(folder, options, candidates, rows, tell)
    except SetError as error:
        raise SetError("\n".join([*report_lines(rows), "", str(error)])) from error


def _understood(
    folder: Path, options: ImportOptions, candidates: list[Candidate], rows: list[Row], tell: Progress
) -> Proposal:
    tell(0.8, "Finding unit and axes")
    remarks: list[str] = []
    candidates = _one_kind(candidates)
    bones = _bones(candidates)
    if not bones:
        raise SetError(
            "No bone was found by which the others could be placed: a hip bone, a sacrum or a femur is needed. "
            "Name the files after what they are (hip_left.stl), or say it in a file for --mapping."
        )
    if options.mirrored or options.swapped:
        _undo_mirroring(candidates, bones, options)
    axes = AXES_BY_NAME.get((options.axes or "").upper(), (options.axes or "").upper())
    oriented = candidates[0].oriented
    unit, against = ("mm", []) if oriented else _unit(bones, options)
    turn = np.eye(3) if oriented or not axes else axes_matrix(axes)
    for candidate in candidates:
        candidate.vertices = candidate.vertices * UNITS[unit] @ turn.T
        if np.linalg.det(turn) < 0:
            candidate.triangles = candidate.triangles[:, ::-1]
    for name in against:
        row = bones.pop(name).row
        row.refuse(f"has not the size of a {plain(name)} in the unit of the others ({unit})")
    known = "LPS" if axes and not oriented else None
    tell(0.85, "Fitting the shape of an average pelvis to the bones")
    frame = _frame(bones, known, remarks)
    if _sides_turned(frame, bones):
        frame = _frame(bones, known, remarks)
    if oriented and frame.axes != "LPS" and not options.axes:
        raise SetError(
            f"By their orientation the volumes lie one way, by the bones' shape another ({axes_words(frame.axes)}). "
            "Say where the voxel axes point by --axes, such as --axes RAS."
        )
    if _check_bones(bones, frame) and bones:
        frame = _frame(bones, known, remarks)
    tell(0.95, "Looking where each part lies")
    _settle(candidates, frame)
    structures = _chosen(candidates)
    if not any(name in structures for name in bones):
        raise SetError("No bone is left by which the others could be placed.")
    if frame.tilt > 15 and frame.axes:
        remarks.append(f"The body is tilted by {frame.tilt:.0f}° against these axes; it is left so.")
    if not frame.axes:
        remarks.append("The body lies oblique to every axis; it was turned upright by its bones.")
    shown = axes or ("LPS" if oriented else frame.axes)
    found = not (options.axes or oriented)
    return Proposal(folder, rows, structures, unit, shown, frame, not (options.unit or oriented), found, remarks)


def _one_kind(candidates: list[Candidate]) -> list[Candidate]:
    """Volumes that know how they lie are not mixed with meshes that do not."""
    oriented = [candidate for candidate in candidates if candidate.oriented]
    if not oriented or len(oriented) == len(candidates):
        return candidates
    for candidate in candidates:
        if not candidate.oriented:
            candidate.row.refuse(
                "the folder has label volumes, which say how they lie; a mesh does not: import it apart"
            )
    return oriented


def _bones(candidates: list[Candidate]) -> dict[str, Candidate]:
    """The bones by which all is placed, by sided id; where two claim one, neither. Nameless ones by their sizes."""
    claims: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.row.structure in TEMPLATE_BONES and candidate.row.sided:
            claims.setdefault(candidate.row.sided, []).append(candidate)
    bones = {name: claimed[0] for name, claimed in claims.items() if len(claimed) == 1 or same(claimed)}
    if bones:
        return bones
    nameless = {
        str(i): candidate
        for i, candidate in enumerate(candidates)
        if candidate.row.by != "mapping" and candidate.row.structure in (None, *TEMPLATE_BONES)
    }
    for key, name in by_size({key: candidate.points() for key, candidate in nameless.items()}).items():
        row = nameless[key].row
        if row.structure not in (None, name.split(".")[0]):
            continue
        row.structure, _, side = name.partition(".")
        row.side, row.by = side or None, "shape"
        bones[name] = nameless[key]
    return bones


def _unit(bones: Mapping[str, Candidate], options: ImportOptions) -> tuple[Unit, list[str]]:
    if options.unit:
        return options.unit, []
    return find_unit({name: bone.points() for name, bone in bones.items()})


def _undo_mirroring(candidates: list[Candidate], bones: dict[str, Candidate], options: ImportOptions) -> None:
    for candidate in candidates:
        if options.mirrored:
            candidate.vertices = candidate.vertices * np.array([-1.0, 1.0, 1.0])
            candidate.triangles = candidate.triangles[:, ::-1]
        if options.swapped and candidate.row.side:
            candidate.row.side = "left" if candidate.row.side == "right" else "right"
    if options.swapped:
        turned = {other_side(name): bone for name, bone in bones.items()}
        bones.clear()
        bones.update(turned)


def _frame(bones: dict[str, Candidate], axes: str | None, remarks: list[str]) -> Frame:
    """The frame by the shape of the pelvis; where that does not fit, by all bones, or by all but one that spoils it."""
    try:
        return fitted_frame({name: (bone.vertices, bone.triangles) for name, bone in bones.items()}, axes)
    except FitError as error:
        unfit = str(error)
    points = _leading(bones)
    try:
        return replace(find_frame(points, axes), unfit=unfit)
    except SetError:
        if len(points) < 3:
            raise
        answers = []
        for name in list(points):
            try:
                answers.append((find_frame({other: p for other, p in points.items() if other != name}, axes), name))
            except SetError:
                continue
        if not answers:
            raise
    frame, spoiler = min(answers, key=lambda answer: answer[0].fit_mm)
    bones.pop(spoiler).row.refuse(f"has not the shape or not the place of a {plain(spoiler)}")
    remarks.append(f"How the body lies was found without the {plain(spoiler)}, which does not fit the other bones.")
    return replace(frame, unfit=unfit)


def _leading(bones: Mapping[str, Candidate]) -> dict[str, Floats]:
    """Points on the bones that tell how a body lies: those of the pelvis if there are two, as legs may be bent."""
    pelvis = [name for name in bones if name.split(".")[0] in ("hip_bone", "sacrum")]
    thigh = [name for name in bones if name.split(".")[0] == "femur"]
    chosen = pelvis if len(pelvis) > 1 else pelvis + thigh or list(bones)
    return {name: bones[name].points() for name in chosen}


def _sides_turned(frame: Frame, bones: dict[str, Candidate]) -> bool:
    """Where left is right: sides that were guesses are swapped, and True; names that were given are refused."""
    if not frame.swapped:
        return False
    if any(bone.row.by != "shape" and bone.row.side for bone in bones.values()):
        raise SetError(
            "Left and right are the wrong way round: what is named left has the shape of right. Either the meshes are "
            "mirrored (import them with --mirrored, which mirrors them back) or their names are swapped (--swapped)."
        )
    for bone in bones.values():
        if bone.row.side:
            bone.row.side = "left" if bone.row.side == "right" else "right"
    turned = {other_side(name): bone for name, bone in bones.items()}
    bones.clear()
    bones.update(turned)
    return True


def _check_bones(bones: dict[str, Candidate], frame: Frame) -> bool:
    """Refuse the bones that are not what they are called; whether there were any."""
    wrong = []
    for name, bone in bones.items():
        points, words = bone.points(), plain(name)
        unit, error = other_unit(points, name, frame), misfit(points, name, frame)
        if unit:
            bone.row.refuse(f"is {unit}: its unit is not that of the others")
        elif error > FAR and other_side(name) != name and misfit(points, other_side(name), frame) < NEAR:
            bone.row.refuse(f"is named {words}, but has the place of the other side")
        elif error > FAR and name.split(".")[0] not in ("hip_bone", "sacrum") and like(points, name, frame):
            bone.row.notes.append("lies as in no standing body: is the leg bent?")
            continue
        elif error > FAR:
            bone.row.refuse(f"lies {error:.0f} mm from where a {words} should, on average")
        elif mirrored_shape(points, name, frame):
            bone.row.refuse("has the shape of the other side's bone: it is mirrored")
        else:
            continue
        wrong.append(name)
    for name in wrong:
        bones.pop(name)
    return bool(wrong)


def _settle(candidates: list[Candidate], frame: Frame) -> None:
    """Turn everything into LPS, give sides to what has none, refuse what lies where it cannot."""
    taken = {candidate.row.sided for candidate in candidates if candidate.row.sided}
    for candidate in candidates:
        row = candidate.row
        if row.structure is None and row.status != "refused":
            bone = by_place(candidate.points(), frame, (name for name in taken if name))
            if bone is None:
                row.status = "ignored"
                row.notes.insert(0, row.guess or "it is like no bone that is missing")
            else:
                row.structure, _, side = bone.partition(".")
                row.side, row.by = side or None, "shape"
                taken.add(bone)
        candidate.vertices = (candidate.vertices - frame.origin) @ frame.to_lps.T
    _centre(candidates)
    for candidate in candidates:
        if candidate.row.structure is not None and candidate.row.status in ("used", "repaired"):
            _check_place(candidate, frame)


def _centre(candidates: list[Candidate]) -> None:
    """Put the origin exactly midway between the femoral heads, where both are there."""
    femora = {c.row.side: c for c in candidates if c.row.structure == "femur" and c.row.status in ("used", "repaired")}
    if set(femora) != {"right", "left"}:
        return
    centre = sum(femoral_head(femora[side].vertices, side) for side in ("right", "left")) / 2
    if np.linalg.norm(centre) < 40:
        for candidate in candidates:
            candidate.vertices = candidate.vertices - centre


def _check_place(candidate: Candidate, frame: Frame) -> None:
    row = candidate.row
    assert row.structure is not None
    low, high = candidate.vertices.min(axis=0), candidate.vertices.max(axis=0)
    middle = candidate.vertices[candidate.triangles].mean(axis=(0, 1))
    size = float((high - low).max())
    bone = row.sided if row.structure in TEMPLATE_BONES else None
    words = other_unit(candidate.points(), bone, frame) if bone else ""
    if words or size < 8 or size > 1.5 * REACH:
        row.refuse(f"is {words or f'{size:.3g} mm large'}: its unit is not that of the others")
    elif np.linalg.norm(middle) > REACH:
        row.refuse(f"lies {np.linalg.norm(middle):.0f} mm away from the hips")
    elif load().structures[row.structure].paired:
        side = "left" if middle[0] > 0 else "right"
        if abs(middle[0]) < MIDDLE or (low[0] < -60 and high[0] > 60):
            row.refuse("lies on both sides of the median plane, but is one of a pair: is it several bones in one mesh?")
        elif row.side is None:
            row.side = side
            row.notes.append(f"{side} by its place")
        elif row.side != side:
            row.refuse(f"is named {row.side}, but lies on the {side}")
    elif abs(middle[0]) > 40 and load().structures[row.structure].kind == "bone":
        row.refuse(f"lies {abs(middle[0]):.0f} mm beside the median plane, though it has no side")


def _chosen(candidates: list[Candidate]) -> dict[str, Candidate]:
    """One surface for each structure; where several claim it, the first if they are the same, else none."""
    claims: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.row.status in ("used", "repaired") and candidate.row.sided:
            claims.setdefault(candidate.row.sided, []).append(candidate)
    chosen = {}
    for name, claimed in claims.items():
        if len(claimed) == 1 or same(claimed):
            chosen[name] = claimed[0]
            for other in claimed[1:]:
                other.row.status = "ignored"
                other.row.notes.append(f"is the same as {claimed[0].row.source}")
            continue
        sources = " and ".join(candidate.row.source for candidate in claimed)
        for candidate in claimed:
            candidate.row.refuse(f"{sources} both claim to be the {plain(name)}: say which by --mapping")
    if not chosen:
        raise SetError("Nothing is left that can be used.")
    return chosen
