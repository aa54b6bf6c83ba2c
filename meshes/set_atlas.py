"""The atlas of a mesh set: its own structures as they are, and solved on its bones, among them, all that it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from annotations.forms import Form, RibbonForm, load_forms
from meshes.atlas import Atlas, Source, Structure
from meshes.atlas_files import SHAPED
from meshes.body import Body, LimbSide
from meshes.finishing import SIDES, growing, landmarks_of, paint_footprints, shade, thin
from meshes.grown import SOURCE
from meshes.modeller import solve_both
from meshes.openset import find_footprints, read_open_set
from meshes.second import Second
from meshes.set_body import BODY_FILE, SetBody, body_bytes, body_of_set
from meshes.shape_fit import FitError
from meshes.sources import POPULATION, population_sources
from meshes.surface import joined
from meshes.thin import distance_to
from meshes.transfer import carried_grid
from meshes.untangle import untangle

Progress = Callable[[float, str], None]

CUT = "piriformis"
"""What the set's own mesh is cut for: its two heads."""


def set_atlas(folder: str | Path, progress: Progress | None = None) -> tuple[Atlas, dict[str, bytes]]:
    """The atlas of the set in a folder, and the files that go with it.

    Where its bones are too few to solve anything on, it holds the set's own structures, and a note says why.
    Raises `SetError` where the set cannot be read.
    """
    tell: Progress = progress or (lambda done, text: None)
    own = read_open_set(folder, lambda done, text: tell(0.05 * done, text))
    try:
        mine = body_of_set(own, Path(folder), lambda done, text: tell(0.05 + 0.15 * done, text))
    except FitError as error:
        note = f"Nothing was solved on these bones: {error}"
        tell(0.2, note)
        find_footprints(own.atlas.structures, own.held, lambda done, text: tell(0.2 + 0.4 * done, text))
        shade(list(own.atlas.structures.values()), lambda done, text: tell(0.6 + 0.36 * done, text))
        return replace(own.atlas, notes=[note]), {}
    return solved(mine, lambda done, text: tell(0.2 + 0.77 * done, text)), {BODY_FILE: body_bytes(mine)}


def solved(own: SetBody, tell: Progress) -> Atlas:
    """The whole atlas on a set's body."""
    forms = load_forms()
    grown = solve_both(own.body, forms, progress=lambda done, text: tell(0.7 * done, text), given=own.given)
    structures = dict(own.atlas.structures)
    for one in grown:
        mine = structures.get(one.id)
        if mine is None:
            structures[one.id] = one
        elif one.id in own.given and one.structure == CUT:
            structures[one.id] = cut(mine, one)
            own.atlas.notes.append(_followed(mine, one))
        elif one.id in own.given:
            structures[one.id] = gridded(mine, one)
        elif one.structure == CUT:
            structures[one.id] = one
            own.atlas.notes.append(f"{one.id}: the set's own mesh could not be cut, so it was solved anew.")
    atlas = replace(
        own.atlas,
        structures=structures,
        landmarks=landmarks_of(own.body),
        sources={**own.atlas.sources, **modelled_sources(own, structures)},
        growing=[entry for entry in growing() if entry.id not in structures],
    )
    finish_set(atlas, own, forms, lambda done, text: tell(0.7 + 0.3 * done, text))
    return atlas


def cut(mine: Structure, solved_on_it: Structure) -> Structure:
    """The set's own structure as the heads that were cut out of its mesh."""
    return replace(mine, parts=solved_on_it.parts, made="cut")


def _followed(mine: Structure, solved_on_it: Structure) -> str:
    """How near the heads come to the mesh that they were cut from, in a sentence."""
    heads = joined([part.surface for part in solved_on_it.parts])
    off = np.concatenate([distance_to(part.surface.vertices, heads) for part in mine.parts])
    return (
        f"{mine.id}: its two heads were cut from the set's own mesh, which lies {np.median(off):.1f} mm (median) and "
        f"{np.percentile(off, 95.0):.1f} mm (95 %) from them."
    )


def gridded(mine: Structure, worn: Structure) -> Structure:
    """The set's own surface with (u, v) and tendon of the solved muscle that was drawn onto it."""
    ground = joined([part.surface for part in worn.parts])
    return replace(mine, parts=[replace(part, surface=carried_grid(part.surface, ground)) for part in mine.parts])


def modelled_sources(own: SetBody, structures: Mapping[str, Structure]) -> dict[str, Source]:
    """Whose work is what the set did not bring, by the key that such structures carry."""
    known = population_sources()
    title = own.atlas.title
    among = ", among its own muscles" if own.given else ""
    notice = (
        f"Solved on the bones of: {title}{among}. It is a model from the literature, no scan of this person; its texts "
        f"have not been reviewed by a clinician. What comes from that set stays under the set's own licence."
    )
    found = {SOURCE: known[SOURCE].model_copy(update={"notice": notice})}
    if any(one.source == POPULATION for one in structures.values()):
        found[POPULATION] = known[POPULATION]
    return found


def finish_set(atlas: Atlas, own: SetBody, forms: Mapping[str, Form], tell: Progress) -> None:
    """Give every structure what it is shown with; the set's own surfaces stay as they are."""
    ribbons = [form for form in forms.values() if isinstance(form, RibbonForm)]
    bones = [one for one in atlas.structures.values() if one.kind == "bone"]
    thin(one for one in bones if one.made == "modelled")
    ground = {bone.id: bone for bone in bones}
    middle = [one for one in atlas.structures.values() if one.kind != "bone" and one.side == "midline"]
    here, there = ([s for s in atlas.structures.values() if s.side == side and s.kind != "bone"] for side in SIDES)
    given = ground, own.body, ribbons, own.held
    with Second(finish_set_side, there, *given, SIDES[1]) as second:
        shade([*bones, *middle], lambda done, text: tell(0.3 * done, text))
        find_footprints({one.id: one for one in [*bones, *middle]}, own.held)
        done_here = finish_set_side(here, *given, SIDES[0], lambda done, text: tell(0.3 + 0.4 * done, text))
        done_there = second.result(lambda done, text: tell(0.7 + 0.3 * done, text))
    if done_there is None:
        done_there = finish_set_side(there, *given, SIDES[1], tell)
    for structures, notes in (done_here, done_there):
        atlas.structures.update({one.id: one for one in structures})
        atlas.notes.extend(notes)


def finish_set_side(
    structures: Sequence[Structure],
    bones: Mapping[str, Structure],
    body: Body,
    ribbons: Sequence[RibbonForm],
    held: Mapping[str, str],
    side: LimbSide,
    progress: Progress,
) -> tuple[list[Structure], list[str]]:
    """The structures of one side with all that they are shown with, and what could not be done, a sentence each."""
    grown = [one for one in structures if one.made == "modelled"]
    thin(grown)
    untangle(one for one in grown if one.structure not in SHAPED)
    shade(structures, lambda done, text: progress(0.4 * done, text))
    theirs = {one.id: one for one in structures if one.made != "modelled"}
    find_footprints({**bones, **theirs}, held, lambda done, text: progress(0.4 + 0.3 * done, text))
    notes: list[str] = []
    surfaces = {name: bone.parts[0].surface for name, bone in bones.items()}
    paint_footprints(
        {one.id: one for one in grown},
        surfaces,
        body,
        ribbons,
        side,
        lambda done, text: progress(0.7 + 0.3 * done, text),
        held,
        notes,
    )
    return list(structures), notes
