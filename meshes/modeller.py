"""The modeller: grows muscles, ligaments, tracts and nerves on the bones of a body from their forms."""

from __future__ import annotations

import os
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from annotations.forms import NerveForm, RibbonForm
from meshes.anchor import mirrored, resolve
from meshes.atlas import Part, Structure
from meshes.contact import apart, lay_end, relieve
from meshes.distance import nearest_of, settle
from meshes.grown import SOURCE, Grown, surfaces
from meshes.laws import law, share_below
from meshes.loft import clear_faces, push_clear, push_exactly, ring_grid, sheet
from meshes.nerve import grow_nerve
from meshes.other_side import OtherSide
from meshes.ribbon import relax, resample, ribbon_normals, smoothstep, straight
from meshes.surface import area_mm2, volume_mm3
from meshes.workshop import Workshop
from meshes.worn import WornError, worn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from annotations.forms import End, Form
    from meshes.body import Body, LimbSide
    from meshes.distance import DistanceField
    from meshes.loft import Solid

Array = NDArray[np.float64]

VARIANTS = ("A",)
"""Sciatic–piriformis variants that this modeller can grow."""

SIDES: tuple[LimbSide, LimbSide] = ("right", "left")

VOLUME_ROUNDS = 3
DEEPEST = 0.25
"""mm that a triangle may cut into bone between its corners."""

LEAST_HEIGHT = 0.15
"""Part of the distance between the faces of a sheet that is kept when it is pushed clear."""

FULLNESS = 1.4
"""How much thicker a belly is than a slab of its volume and surface."""


class ModellerError(RuntimeError):
    """A form that cannot be grown on this body; the message names the structure and what is missing."""


def solve(
    body: Body,
    forms: Mapping[str, Form],
    side: LimbSide,
    variant: str = "A",
    progress: Callable[[float, str], None] | None = None,
    given: Mapping[str, Solid] | None = None,
) -> list[Structure]:
    """Grow all forms on one side of a body.

    given : somebody's own structures as closed surfaces, by sided id: what has a form gets their shape, and all that
        is grown keeps clear of them

    Raises ModellerError if a form names a bone or a structure that is not there, or if the variant is unknown.
    """
    if variant not in VARIANTS:
        raise ModellerError(f"Variant {variant!r} cannot be grown; known: {', '.join(VARIANTS)}.")
    workshop = Workshop(body, side, given)
    structures: dict[str, Structure] = {}
    order = in_order(forms.values(), workshop)
    for count, form in enumerate(order):
        if progress:
            progress(count / len(order), f"{form.id.replace('_', ' ')}, {side}")
        if isinstance(form, NerveForm):
            divisions = grow_nerve(form, workshop)
            workshop.keep_nerve(form.id, divisions)
            structures |= {division.structure: division for division in divisions}
            continue
        grown = fit_given(form, workshop) if form.id in workshop.given else grow(form, workshop)
        workshop.grown[form.id] = grown
        parts = parts_of(grown, side)
        structures[form.id] = Structure(f"{form.id}.{side}", form.id, side, form.kind, parts, SOURCE)
    if progress:
        progress(1.0, f"soft tissue, {side}")
    return list(structures.values())


def solve_both(
    body: Body,
    forms: Mapping[str, Form],
    variants: Mapping[LimbSide, str] | None = None,
    progress: Callable[[float, str], None] | None = None,
    given: Mapping[str, Solid] | None = None,
) -> list[Structure]:
    """Grow all forms on both sides, each side in a process of its own where the machine has a second core.

    given : as for `solve`, of both sides
    """
    chosen = {side: (variants or {}).get(side, "A") for side in SIDES}
    told = dict.fromkeys(SIDES, 0.0)

    def tell(side: LimbSide, fraction: float, text: str) -> None:
        told[side] = fraction
        if progress:
            progress(sum(told.values()) / len(SIDES), text)

    here, there = SIDES
    other = OtherSide(body, forms, there, chosen[there], given) if (os.cpu_count() or 1) > 1 else None
    try:
        structures = solve(body, forms, here, chosen[here], lambda fraction, text: tell(here, fraction, text), given)
        grown = other.result(lambda fraction, text: tell(there, fraction, text)) if other else None
    finally:
        if other:
            other.stop()
    if grown is None:
        grown = solve(body, forms, there, chosen[there], lambda fraction, text: tell(there, fraction, text), given)
    return structures + grown


def needs(form: Form) -> set[str]:
    """Unsided ids of the bones and structures that a form refers to."""
    if isinstance(form, NerveForm):
        named = set(form.over)
        stations = [*form.way, *(s for d in form.divisions for s in d.after)]
        anchors = [station.at for station in stations]
    else:
        named = {*form.over, *form.clear_of, *form.origin.settles_on, *form.insertion.settles_on}
        named |= {room.over for room in form.rooms}
        named |= set(form.adhesion.to) if form.adhesion else set()
        anchors = [*form.origin.curve, *form.insertion.curve, *(a for g in form.guides for a in g.curve)]
    for anchor in anchors:
        named |= {getattr(anchor, key) for key in ("bone", "structure") if hasattr(anchor, key)}
    return named


def in_order(forms: Iterable[Form], workshop: Workshop) -> list[Form]:
    """Forms so that each comes after those it refers to."""
    waiting = sorted(forms, key=lambda form: form.id)
    known = {form.id for form in waiting}
    ordered: list[Form] = []
    done: set[str] = set()
    for form in waiting:
        missing = {name for name in needs(form) if name not in known and not workshop.is_bone(name)}
        if missing:
            raise ModellerError(f"{form.id}: the body has no {', '.join(sorted(missing))}.")
    while waiting:
        ready = [form for form in waiting if not (needs(form) & known) - done]
        if not ready:
            raise ModellerError(f"{', '.join(form.id for form in waiting)}: each refers to another of them.")
        ordered += ready
        done |= {form.id for form in ready}
        waiting = [form for form in waiting if form.id not in done]
    return ordered


def end_curve(end: End, count: int, workshop: Workshop) -> Array:
    """(count, 3) points where the fibres end, laid on the bones they settle on."""
    points = resolve(end.curve, workshop.body, workshop.side, workshop.grown)
    curve = resample(points, count) if len(points) > 1 else np.repeat(points, count, axis=0)
    fields = [workshop.field(name) for name in end.settles_on]
    if not fields:
        return curve
    curve = settle(fields, curve, -end.depth)
    if end.smoothing > 0.0:
        smooth = gaussian_filter1d(curve, end.smoothing, axis=0, mode="nearest")
        smooth[0], smooth[-1] = curve[0], curve[-1]
        curve = settle(fields, smooth, -end.depth)
    return curve


def grow(form: RibbonForm, workshop: Workshop) -> Grown:
    """Solve one ribbon structure and loft its surface."""
    belly = form.belly
    origin = end_curve(form.origin, form.fibres, workshop)
    insertion = end_curve(form.insertion, form.fibres, workshop)
    guides = []
    for guide in form.guides:
        points = resolve(guide.curve, workshop.body, workshop.side, workshop.grown)
        spread = resample(points, form.fibres) if len(points) > 1 else np.repeat(points, form.fibres, axis=0)
        guides.append((guide.u, spread))
    ribbon = straight(origin, insertion, guides, form.steps)
    held = np.zeros((form.steps, form.fibres), dtype=bool)
    for guide, (u, spread) in zip(form.guides, guides, strict=True):
        if guide.hard:
            row = round(u * (form.steps - 1))
            ribbon[row] = spread
            held[row] = True

    rows = np.linspace(0.0, 1.0, form.steps)
    weight = np.zeros(form.steps)
    wanted = ribbon.copy()
    for guide, (u, spread) in zip(form.guides, guides, strict=True):
        if guide.pull > 0.0:
            near = np.exp(-(((rows - u) / guide.reach) ** 2))
            weight += guide.pull * near
            wanted += near[:, None, None] * (spread - ribbon[round(u * (form.steps - 1))])[None]
    s = np.linspace(0.0, 1.0, form.fibres)
    shape = np.maximum(law(belly.along, rows), 0.0)[:, None] * law(belly.across, s)[None]
    shape = shape / shape.max()
    at_ends = np.maximum(
        belly.ends[0] * (1.0 - smoothstep(0.0, 0.15, rows)), belly.ends[1] * (1.0 - smoothstep(0.0, 0.15, 1.0 - rows))
    )
    section = (2.0 * np.sqrt(np.clip(s * (1.0 - s), 0.0, 1.0))) ** belly.edge
    settled = smoothstep(0.0, form.origin.blend, rows) * smoothstep(0.0, form.insertion.blend, 1.0 - rows)
    deep = share_below(belly.deep, rows)
    over = [workshop.field(name) for name in form.over]
    outward = mirrored(belly.outward, workshop.side)
    adhesion = None
    if form.adhesion:
        closely = np.clip(law(form.adhesion.along, rows), 0.0, 1.0)
        adhesion = [workshop.field(name) for name in form.adhesion.to], closely

    peak = belly.thickness or 12.0
    rounds = VOLUME_ROUNDS if belly.volume else 1
    for attempt in range(rounds):
        thickness = np.maximum(peak * shape, at_ends[:, None])
        clearance = (peak * shape * deep[:, None] * section[None] + form.clearance) * settled[:, None]
        steps = form.elastic.rounds if attempt == 0 else max(16, form.elastic.rounds // 3)
        ribbon = relax(ribbon, over, clearance, form.elastic, steps, held, (weight, wanted), adhesion)
        wide = widened(ribbon, law(belly.width, rows))
        normals = ribbon_normals(wide, outward, belly.normal_smoothing)
        if adhesion:
            normals = off_wall(wide, normals, *adhesion, belly.normal_smoothing)
        grid = skin(form, wide, normals, thickness, workshop, last=attempt == rounds - 1)
        grown = Grown(form, wide, normals, thickness, grid)
        if belly.volume and attempt < rounds - 1:
            peak *= (belly.volume * 1e3 / grown.volume) ** 0.9
    return grown


def fit_given(form: RibbonForm, workshop: Workshop) -> Grown:
    """The structure of a form in the shape that is given for it.

    Raises ModellerError if the surface given cannot be that structure.
    """
    vertices, triangles = workshop.given[form.id]
    slab = 2.0 * volume_mm3(vertices, triangles) / area_mm2(vertices, triangles)
    belly = form.belly.model_copy(update={"volume": None, "thickness": FULLNESS * slab})
    bones = [name for name in form.over if workshop.is_bone(name)]
    alone = form.model_copy(update={"belly": belly, "over": bones, "clear_of": [], "rooms": []})
    smooth = form.model_copy(update={"relief": form.relief.model_copy(update={"height": 0.0})})
    try:
        return worn(replace(grow(alone, workshop), form=smooth), (vertices, triangles))
    except WornError as error:
        raise ModellerError(f"{form.id}: the surface given is not this structure: {error}.") from error


def widened(ribbon: Array, by: Array) -> Array:
    """A ribbon (n, s, 3) made wider or narrower about its middle fibre by these factors (n,)."""
    centre = ribbon.mean(axis=1, keepdims=True)
    return np.asarray(centre + (ribbon - centre) * by[:, None, None])


def off_wall(
    ribbon: Array, normals: Array, walls: Sequence[DistanceField], closely: Array, smoothing: tuple[float, float]
) -> Array:
    """Normals (n, s, 3) of a ribbon turned to those of the walls that its rows lie on, `closely` (n,) from 0 to 1.

    A fan's outermost fibres may run along the edge they arise from, where the ribbon itself has no clear normal.
    """
    direction = nearest_of(walls, ribbon.reshape(-1, 3))[1].reshape(ribbon.shape)
    mixed = normals + closely[:, None, None] * (direction - normals)
    mixed = gaussian_filter(mixed, (*smoothing, 0.0), mode="nearest")
    return np.asarray(mixed / np.maximum(np.linalg.norm(mixed, axis=2, keepdims=True), 1e-9))


def skin(
    form: RibbonForm, ribbon: Array, normals: Array, thickness: Array, workshop: Workshop, last: bool = True
) -> Array:
    """The ring grid (along, around, 3) of a solved ribbon: lofted, lifted clear, laid onto bone at its ends.

    last : whether to push it clear vertex by vertex; a round that only measures the volume can do without
    """
    belly = form.belly
    size = form.grid
    deep = share_below(belly.deep, np.linspace(0.0, 1.0, size.along))
    faces = sheet(ribbon, normals, thickness, deep, belly.edge, size.along, size.around, belly.face_smoothing)
    fields, solids = workshop.obstacles([*form.over, *form.clear_of])
    rooms = [(workshop.stretch_field(room.over, room.u), room.gap) for room in form.rooms]
    obstacles = [*rooms, *((field, form.clearance) for field in fields)]
    blends = (form.origin.blend, form.insertion.blend)
    grid = ring_grid(clear_faces(faces, obstacles, 0.5, blends))
    for end, distal in ((form.origin, False), (form.insertion, True)):
        grid = lay_end(
            grid,
            [workshop.field(name) for name in end.settles_on],
            [workshop.solid(name) for name in end.settles_on],
            end.depth,
            end.blend,
            distal,
            end.rim,
        )
    if not last:
        return grid
    held = (1 if form.origin.settles_on else 0, 1 if form.insertion.settles_on else 0)
    lofted = grid
    grid = apart(lofted, push_clear(grid, obstacles, held=held), LEAST_HEIGHT)
    grid = push_exactly(grid, solids, form.clearance, held)
    bones = [
        name
        for name in dict.fromkeys([*form.over, *form.clear_of, *form.origin.settles_on, *form.insertion.settles_on])
        if workshop.is_bone(name)
    ]
    grid = relieve(grid, [(workshop.field(name), workshop.solid(name)) for name in bones], DEEPEST)
    return apart(lofted, grid, LEAST_HEIGHT)


def parts_of(grown: Grown, side: LimbSide) -> list[Part]:
    """The parts of a structure that a form makes, with normals, (u, v), tendon mask and fibres."""
    form = grown.form
    sided_id = f"{form.id}.{side}"
    bodies = surfaces(form, grown.grid, zlib.crc32(form.id.encode()))
    fibres = np.swapaxes(grown.ribbon, 0, 1)
    if form.split is None:
        return [Part(sided_id, bodies[0], fibres)]
    at = round(form.split.s * (form.fibres - 1))
    own = [fibres[: at + 1], fibres[at:]]
    return [Part(f"{sided_id}/{name}", body, f) for name, body, f in zip(form.split.names, bodies, own, strict=True)]
