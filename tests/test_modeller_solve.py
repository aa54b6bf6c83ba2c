"""The modeller on a body of three balls: what a form promises is what is grown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from annotations.forms import FormError, NerveForm, OnBone, RibbonForm, load_forms, read_form
from annotations.material import MaterialPoint
from meshes.atlas import Structure
from meshes.body import Body, Bone, Floats, Ints
from meshes.distance import signed_distance
from meshes.modeller import ModellerError, in_order, solve, solve_both
from meshes.surface import is_closed, volume_mm3
from meshes.workshop import Workshop
from tests import solids

MUSCLE = """
id: strap
kind: muscle
origin: {curve: [{bone: sacrum, points: [[0, 0.5, 0.5], [1, 0.5, 0.5]]}], settles_on: [sacrum]}
insertion: {curve: [{bone: femur, points: [[0, 0.5, 0.5], [1, 0.5, 0.5]]}], settles_on: [femur]}
guides: [{u: 0.5, curve: [{landmarks: {posterior: 1.0}, offset: [0, 20, 0]}]}]
fibres: 7
steps: 40
over: [hip_bone, sacrum, femur]
belly:
  along: [[0, 0.3], [0.5, 1], [1, 0.3]]
  volume: 15
  outward: [0, 1, 0]
  ends: [2, 2]
tendon: {proximal: 0.1, distal: 0.85}
grid: {along: 48, around: 32}
"""

NERVE = """
id: cord
kind: nerve
way:
  - {at: {landmarks: {posterior: 1}, offset: [-10, 25, 60]}, width: 12, thickness: 5, from_bone: 2}
  - {at: {landmarks: {posterior: 1}, offset: [-10, -3, 0]}, width: 12, thickness: 5, from_bone: 2}
  - {at: {landmarks: {posterior: 1}, offset: [-10, 20, -60]}, width: 12, thickness: 5, from_bone: 2}
divisions:
  - {id: medial, after: [{at: {landmarks: {posterior: 1}, offset: [-2, 20, -130]}, width: 6, thickness: 4}]}
  - {id: lateral, after: [{at: {landmarks: {posterior: 1}, offset: [-30, 20, -130]}, width: 5, thickness: 4}]}
over: [hip_bone]
grid: {along: 90, around: 24}
"""


class Corners:
    """Material coordinates of a ball: element 0 is its upper, 1 its lower point at the back; ξ are not used."""

    def __init__(self, centre: np.ndarray, radius: float) -> None:
        self.corners = centre + radius * np.array([[0, 0.6, 0.8], [0, 0.6, -0.8]])

    def points(self, elements: Ints, xi: Floats) -> Floats:
        return self.corners[elements]

    def nearest(self, points: Floats) -> tuple[Ints, Floats]:
        raise NotImplementedError


def carry(bone: str, elements: Ints, xi: Floats) -> tuple[Ints, Floats]:
    return elements, xi


def ball_bone(name: str, centre: tuple[float, float, float], radius: float) -> Bone:
    ball = solids.ball(radius, centre, fineness=4)
    return Bone(name, Corners(np.array(centre), radius), ball.vertices, ball.triangles, ball.normals)


def three_balls() -> Body:
    bones = [ball_bone("sacrum", (0, 0, 0), 12.0)]
    bones.append(ball_bone("posterior", (0, 0, 0), 1.0))
    for side, sign in (("right", -1.0), ("left", 1.0)):
        bones.append(ball_bone(f"hip_bone.{side}", (sign * 50, 0, 0), 25.0))
        bones.append(ball_bone(f"femur.{side}", (sign * 100, 0, 0), 12.0))
    named = {bone.name: bone for bone in bones if bone.name != "posterior"}
    back = MaterialPoint(bone="hip_bone", element=0, xi1=0.5, xi2=0.5)
    return Body(named, {}, {}, carry, (), {"posterior": back})


@pytest.fixture(scope="module")
def body() -> Body:
    return three_balls()


@pytest.fixture(scope="module")
def forms() -> Mapping[str, RibbonForm | NerveForm]:
    return {form.id: form for form in (read_form(MUSCLE, "strap.yaml"), read_form(NERVE, "cord.yaml"))}


@pytest.fixture(scope="module")
def grown(body: Body, forms: Mapping[str, Any]) -> dict[str, Structure]:
    return {structure.structure: structure for structure in solve(body, forms, "right")}


def penetration(structure: Structure, body: Body) -> float:
    surface = structure.parts[0].surface
    return max(-float(signed_distance(surface.vertices, b.vertices, b.triangles).min()) for b in body.bones.values())


def test_the_muscle_is_closed_reaches_its_volume_and_enters_no_bone(grown: dict[str, Structure], body: Body) -> None:
    surface = grown["strap"].parts[0].surface
    assert is_closed(surface.triangles)
    assert volume_mm3(surface.vertices, surface.triangles) == pytest.approx(15_000, rel=0.05)
    assert penetration(grown["strap"], body) <= 0.3


def test_its_ends_lie_on_the_bones_it_is_attached_to(grown: dict[str, Structure], body: Body) -> None:
    surface = grown["strap"].parts[0].surface
    assert surface.uv is not None
    for end, name in ((0.0, "sacrum"), (1.0, "femur.right")):
        ring = surface.vertices[surface.uv[:, 0] == end]
        bone = body.bones[name]
        assert np.abs(signed_distance(ring, bone.vertices, bone.triangles)).max() <= 0.3


def test_fibres_run_from_origin_to_insertion_round_the_back(grown: dict[str, Structure]) -> None:
    fibres = grown["strap"].parts[0].fibres
    assert fibres is not None
    assert fibres.shape == (7, 40, 3)
    assert (fibres[:, 0, 0] > -20).all()
    assert (fibres[:, -1, 0] < -80).all()
    assert (np.linalg.norm(fibres[:, 8:-8] - [-50, 0, 0], axis=2) > 25.0).all()
    assert fibres[:, 20, 1].min() > 20


def test_tendon_is_at_the_ends(grown: dict[str, Structure]) -> None:
    surface = grown["strap"].parts[0].surface
    assert surface.uv is not None
    assert surface.tendon is not None
    u = surface.uv[:, 0]
    assert surface.tendon[u < 0.03].min() > 0.9
    assert surface.tendon[(u > 0.25) & (u < 0.7)].max() == 0.0
    assert surface.tendon[u > 0.95].min() > 0.9


def test_the_divisions_abut_as_one_band_and_then_part(grown: dict[str, Structure], body: Body) -> None:
    medial, lateral = (grown[name].parts[0].surface for name in ("medial", "lateral"))
    for surface in (medial, lateral):
        assert is_closed(surface.triangles)
        assert volume_mm3(surface.vertices, surface.triangles) > 0
    both = np.concatenate([medial.vertices, lateral.vertices])
    level = np.abs(both[:, 2] - 30.0) < 1.5
    assert np.ptp(both[level, 0]) == pytest.approx(12.0, abs=0.6)
    wall = signed_distance(lateral.vertices, medial.vertices, medial.triangles)
    joined = np.abs(lateral.vertices[:, 2]) < 30
    assert 0.0 <= wall[joined].min() < 0.15
    assert wall.min() > -0.15, "they part without crossing"
    assert wall[lateral.vertices[:, 2] < -100].min() > 5.0
    assert medial.vertices[:, 0].mean() > lateral.vertices[:, 0].mean(), "medial is nearer the midline"
    hip = body.bones["hip_bone.right"]
    assert signed_distance(both, hip.vertices, hip.triangles).min() > 0.39


def test_the_left_side_is_the_mirror_image(grown: dict[str, Structure], body: Body, forms: Mapping[str, Any]) -> None:
    left = {structure.structure: structure for structure in solve(body, forms, "left")}
    for name, right in grown.items():
        there, here = left[name].parts[0].surface, right.parts[0].surface
        assert left[name].id == f"{name}.left"
        assert volume_mm3(there.vertices, there.triangles) == pytest.approx(
            volume_mm3(here.vertices, here.triangles), rel=0.02
        )
        assert np.abs(there.vertices.mean(axis=0) * [-1, 1, 1] - here.vertices.mean(axis=0)).max() < 1.0


def test_both_sides_at_once_are_each_side_alone(
    grown: dict[str, Structure], body: Body, forms: Mapping[str, Any]
) -> None:
    told: list[float] = []
    both = solve_both(body, forms, progress=lambda fraction, text: told.append(fraction))
    assert sorted(s.id for s in both) == sorted(f"{n}.{side}" for n in grown for side in ("right", "left"))
    right = next(structure for structure in both if structure.id == "strap.right")
    assert np.array_equal(right.parts[0].surface.vertices, grown["strap"].parts[0].surface.vertices)
    assert told[-1] == pytest.approx(1.0)


def test_what_cannot_be_grown_is_said(body: Body, forms: Mapping[str, Any]) -> None:
    with pytest.raises(ModellerError, match="'Q' cannot be grown; known: A"):
        solve(body, forms, "right", variant="Q")
    astray = forms["strap"].model_copy(update={"over": ["tail"]})
    with pytest.raises(ModellerError, match="strap: the body has no tail"):
        solve(body, {"strap": astray}, "right")
    circle = forms["strap"].model_copy(update={"clear_of": ["strap"]})
    with pytest.raises(ModellerError, match="strap: each refers to another"):
        in_order([circle], Workshop(body, "right"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("volume: 15", "volume: 15\n  thickness: 3", "give either thickness or volume"),
        ("fibres: 7", "fibres: 7\nfat: yes", r"strap\.yaml: field muscle\.fat"),
        ("{posterior: 1.0}", "{posterior: 0.4}", "must sum to 1"),
        ("kind: muscle", "kind: jelly", r"strap\.yaml: field"),
        ("id: strap", "id: [", "not readable as YAML"),
    ],
)
def test_a_broken_form_names_file_and_field(old: str, new: str, message: str) -> None:
    with pytest.raises(FormError, match=message):
        read_form(MUSCLE.replace(old, new), "strap.yaml")


def test_every_form_of_the_default_body_is_readable_and_outlined() -> None:
    forms = load_forms()
    assert {"gluteus_maximus", "gluteus_medius", "gluteus_minimus", "piriformis", "sciatic_nerve"} <= set(forms)
    for form in forms.values():
        if isinstance(form, RibbonForm):
            for name, end in (("origin", form.origin), ("insertion", form.insertion)):
                on_bone = any(isinstance(anchor, OnBone) for anchor in end.curve)
                assert end.outlines or not on_bone, f"{form.id} has no outline of its {name} on bone"
