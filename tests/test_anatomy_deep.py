"""The deep rotators of the default body, judged by anatomy: their order, the foramina they pass, where they turn."""

from __future__ import annotations

from itertools import combinations, pairwise

import igl
import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.forms import RibbonForm, load_forms
from meshes.atlas import Atlas
from meshes.quality import Solids, bone_penetration, overlap_mm3
from meshes.raycast import first_hits
from meshes.surface import joined, volume_mm3
from tests.along import centreline, end, stretch

Points = NDArray[np.float64]
Solid = tuple[Points, NDArray[np.int64]]

SIDES = ("right", "left")
ROTATORS = (
    "superior_gemellus",
    "obturator_internus",
    "inferior_gemellus",
    "quadratus_femoris",
    "obturator_externus",
)
DEEP = (*ROTATORS, "piriformis", "obturator_membrane", "sacrospinous_ligament", "sacrotuberous_ligament")
LATERAL = {"right": -1.0, "left": 1.0}

pytestmark = pytest.mark.parametrize("side", SIDES)


def solid(atlas: Atlas, name: str) -> Solid:
    """Vertices and triangles of all parts of a structure."""
    whole = joined([part.surface for part in atlas.structures[name].parts])
    return whole.vertices, whole.triangles


def hits(target: Solid, start: Points, direction: Points) -> Points:
    """Distance (n,) at which rays from (n, 3) in one direction first meet a surface, infinite where they miss."""
    unit = direction / np.linalg.norm(direction)
    return np.asarray(first_hits(start, np.broadcast_to(unit, start.shape), *target))


def spanned(loop: Points) -> Solid:
    """A fan of triangles that fills a closed loop (n, 3)."""
    vertices = np.concatenate([loop, loop.mean(axis=0)[None]])
    index = np.arange(len(loop))
    return vertices, np.stack([index, np.roll(index, -1), np.full(len(loop), len(loop))], axis=1)


def crossings(line: Points, sheet: Solid) -> int:
    """How often a line (n, 3) passes through a sheet."""
    count = 0
    for a, b in pairwise(line):
        reach = float(np.linalg.norm(b - a))
        count += int(hits(sheet, a[None], b - a)[0] <= reach)
    return count


def foramina(atlas: Atlas, side: str) -> dict[str, Points]:
    """The rims of the greater and the lesser sciatic foramen as loops."""
    place = {
        name: np.atleast_2d(atlas.landmarks[f"{name}.{side}"])
        for name in ("ischial_spine", "greater_sciatic_notch", "piis", "lesser_sciatic_notch", "ischial_tuberosity")
    }
    across = centreline(atlas, f"sacrospinous_ligament.{side}", 12)
    along = centreline(atlas, f"sacrotuberous_ligament.{side}", 16)
    lesser = [across[::-1], along, place["ischial_tuberosity"], place["lesser_sciatic_notch"], place["ischial_spine"]]
    sacrum = along[:1] * [[1.0, 1.0, 0.0]] + [[0.0, 0.0, place["piis"][0, 2]]]
    greater = [across, place["ischial_spine"], place["greater_sciatic_notch"], place["piis"], sacrum]
    return {"lesser": np.concatenate(lesser), "greater": np.concatenate(greater)}


def test_internus_leaves_by_the_lesser_foramen_and_piriformis_by_the_greater(default_atlas: Atlas, side: str) -> None:
    rims = foramina(default_atlas, side)
    internus = centreline(default_atlas, f"obturator_internus.{side}")
    piriformis = centreline(default_atlas, f"piriformis.{side}")
    assert crossings(internus, spanned(rims["lesser"])) == 1
    assert crossings(internus, spanned(rims["greater"])) == 0
    assert crossings(piriformis, spanned(rims["lesser"])) == 0


def test_internus_turns_over_the_lesser_notch(default_atlas: Atlas, side: str) -> None:
    line = centreline(default_atlas, f"obturator_internus.{side}")
    corner = line[np.argmax(line[:, 1])]
    notch = default_atlas.landmarks[f"lesser_sciatic_notch.{side}"]
    assert np.linalg.norm(corner - notch) < 15.0
    before, after = line[6] - corner, line[-4] - corner
    between = np.degrees(np.arccos(before @ after / np.linalg.norm(before) / np.linalg.norm(after)))
    assert 50.0 < between < 100.0, "the line turns by 80 to 130 degrees"


def test_internus_lies_on_the_inner_wall(default_atlas: Atlas, side: str) -> None:
    """Seen from within the pelvis it hides the bone of its origin and the membrane; the canal stays open."""
    belly = stretch(default_atlas, f"obturator_internus.{side}", 0.1, 0.3)[::7]
    bone = solid(default_atlas, f"hip_bone.{side}")
    membrane = solid(default_atlas, f"obturator_membrane.{side}")
    outward = np.array([LATERAL[side], 0.0, 0.0])
    start = belly - 100.0 * outward
    for behind in (bone, membrane):
        wall = hits(behind, start, outward)
        met = np.isfinite(wall)
        assert met.any()
        assert (wall[met] > 100.0 - 0.5).all()
    assert (np.minimum(hits(bone, start, outward), hits(membrane, start, outward)) - 100.0 < 16.0).mean() > 0.95


def test_the_obturator_canal_is_open(default_atlas: Atlas, side: str) -> None:
    rim = default_atlas.landmarks[f"obturator_foramen.{side}"]
    centre = rim.mean(axis=0)
    axis = np.linalg.svd(rim - centre)[2][2]
    corner = rim[np.argmin(rim[:, 1] - 1.0 * rim[:, 2])]
    canal = corner + 3.0 * (centre - corner) / np.linalg.norm(centre - corner)
    for name in ("obturator_membrane", "obturator_internus", "hip_bone"):
        for direction in (axis, -axis):
            ahead = hits(solid(default_atlas, f"{name}.{side}"), canal[None] - 4.0 * direction, direction)[0]
            assert ahead > 8.0, name


def test_order_in_the_buttock_from_above(default_atlas: Atlas, side: str) -> None:
    """Midway between the tuberosity and the trochanter, where all of them cross the back of the hip joint."""
    tuberosity, trochanter = (
        default_atlas.landmarks[f"{n}.{side}"] for n in ("ischial_tuberosity", "greater_trochanter")
    )
    for part in (0.45, 0.6):
        x = tuberosity[0] + part * (trochanter[0] - tuberosity[0])
        levels = []
        for name in ("piriformis", *ROTATORS[:4]):
            vertices = solid(default_atlas, f"{name}.{side}")[0]
            near = vertices[np.abs(vertices[:, 0] - x) < 2.0]
            levels.append((near[:, 2].min() + near[:, 2].max()) / 2.0)
        assert levels == sorted(levels, reverse=True)


def test_externus_lies_deep_to_quadratus(default_atlas: Atlas, side: str) -> None:
    quadratus, externus = (solid(default_atlas, f"{n}.{side}") for n in ("quadratus_femoris", "obturator_externus"))
    start = quadratus[0][::7] + np.array([0.0, 60.0, 0.0])
    forward = np.array([0.0, -1.0, 0.0])
    first, second = hits(quadratus, start, forward), hits(externus, start, forward)
    both = np.isfinite(first) & np.isfinite(second)
    assert both.sum() > 50
    assert (first[both] < second[both]).all()


def test_externus_winds_under_and_behind_the_neck_to_the_fossa(default_atlas: Atlas, side: str) -> None:
    line = centreline(default_atlas, f"obturator_externus.{side}")
    head = default_atlas.landmarks[f"femoral_head_centre.{side}"]
    fossa = default_atlas.landmarks[f"trochanteric_fossa.{side}"]
    femur = solid(default_atlas, f"femur.{side}")
    below = line[np.argmin(np.abs(line[:, 0] - head[0]))]
    assert below[2] < head[2] - 20.0, "under the head"
    neck = line[np.abs(line[:, 0] - (head[0] + fossa[0]) / 2.0) < 8.0]
    assert (hits(femur, neck, np.array([0.0, -1.0, 0.0])) < 14.0).all(), "the neck is just in front of it"
    assert np.linalg.norm(end(default_atlas, f"obturator_externus.{side}", distal=True).mean(axis=0) - fossa) < 6.0


def test_ends_are_where_they_belong(default_atlas: Atlas, side: str) -> None:
    place = {
        n: default_atlas.landmarks[f"{n}.{side}"] for n in ("ischial_spine", "trochanteric_fossa", "quadrate_tubercle")
    }

    def middle(name: str, distal: bool) -> Points:
        return np.asarray(end(default_atlas, f"{name}.{side}", distal).mean(axis=0))

    for name in ("obturator_internus", "superior_gemellus", "inferior_gemellus"):
        at = middle(name, distal=True)
        assert at[2] > place["trochanteric_fossa"][2], f"{name} above the fossa"
    assert middle("obturator_internus", distal=True)[1] < place["trochanteric_fossa"][1], "in front of the fossa"
    assert np.linalg.norm(middle("superior_gemellus", distal=False) - place["ischial_spine"]) < 12.0
    assert np.linalg.norm(middle("sacrospinous_ligament", distal=True) - place["ischial_spine"]) < 8.0
    crest = end(default_atlas, f"quadratus_femoris.{side}", distal=True)
    assert np.linalg.norm(crest - place["quadrate_tubercle"], axis=1).min() < 5.0
    origin = end(default_atlas, f"inferior_gemellus.{side}", distal=False).mean(axis=0)
    assert place["ischial_spine"][2] - 40.0 < origin[2] < place["ischial_spine"][2] - 15.0


def test_ends_reach_what_carries_them(default_atlas: Atlas, side: str) -> None:
    bones = [solid(default_atlas, name) for name in (f"hip_bone.{side}", f"femur.{side}", "sacrum", "coccyx")]
    bones.append(solid(default_atlas, f"obturator_membrane.{side}"))
    for name in (*ROTATORS, "sacrospinous_ligament"):
        for distal in (False, True):
            ring = end(default_atlas, f"{name}.{side}", distal)
            off = np.min([igl.signed_distance(ring, *bone)[0] for bone in bones], axis=0)
            assert np.median(off) < 0.5, (name, distal)
            assert np.quantile(off, 0.95) < 1.0, (name, distal)


def test_no_deep_structure_enters_bone(default_atlas: Atlas, side: str) -> None:
    for name in (*ROTATORS, "obturator_membrane", "sacrospinous_ligament"):
        for bone in (f"hip_bone.{side}", f"femur.{side}", "sacrum", "coccyx"):
            depth = bone_penetration(solid(default_atlas, f"{name}.{side}"), solid(default_atlas, bone))
            assert depth <= 0.5, (name, bone)


def test_only_declared_fusions_share_space(default_atlas: Atlas, side: str) -> None:
    forms = load_forms()
    fused = {
        frozenset((n, other)) for n, form in forms.items() if isinstance(form, RibbonForm) for other in form.fused_with
    }
    assert frozenset(("superior_gemellus", "obturator_internus")) in fused
    bodies = {name: Solids.of([solid(default_atlas, f"{name}.{side}")]) for name in DEEP}
    for one, two in combinations(DEEP, 2):
        if frozenset((one, two)) in fused:
            continue
        least = min(volume_mm3(*solid(default_atlas, f"{name}.{side}")) for name in (one, two))
        assert overlap_mm3(bodies[one], bodies[two]) <= 0.01 * least, (one, two)
