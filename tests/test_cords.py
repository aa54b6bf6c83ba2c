"""Branching nerves on balls and tubes: a cord's promises are kept by what is laid."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from annotations.cords import Cord, load_cords, read_cord
from annotations.forms import FormError
from meshes.atlas import Part, Structure, Surface
from meshes.cord import CordError, grow_cords
from meshes.distance import signed_distance
from meshes.surface import is_closed, volume_mm3
from tests.test_modeller_solve import three_balls

SIZES = "sizes: [{text: By eye., sources: [ischia], evidence: expert_convention, mark: derived}]"

FORK = f"""
id: fork
kind: nerve
strands:
  - id: trunk
    stations:
      - {{at: {{landmarks: {{posterior: 1}}, offset: [0, 16, 40]}}, width: 4}}
      - {{at: {{landmarks: {{posterior: 1}}, offset: [0, 6, 0]}}, width: 4}}
      - {{at: {{landmarks: {{posterior: 1}}, offset: [0, 16, -70]}}, width: 3}}
  - id: branch
    springs: {{strand: trunk, at: 0.6, lead: 10}}
    stations:
      - {{at: {{landmarks: {{posterior: 1}}, offset: [30, 20, -60]}}, width: 2}}
over: [hip_bone]
clearance: 0.4
fineness: 0.5
triangles: 4000
{SIZES}
"""

TWIG = f"""
id: twig
kind: nerve
strands:
  - id: twig
    springs: {{cord: fork, strand: branch, at: 0.7}}
    enters: [rod]
    stations:
      - {{at: {{beside: rod, landmarks: {{posterior: 1}}, offset: [40, 15, -55], gap: -1}}, width: 1.4}}
over: [hip_bone, rod]
fineness: 0.4
{SIZES}
"""


def rod() -> Structure:
    mesh = trimesh.creation.cylinder(6.0, 120.0, sections=32).subdivide().subdivide()
    vertices = np.asarray(mesh.vertices) + np.array([0.0, 40.0, -40.0])
    surface = Surface(vertices, np.asarray(mesh.faces, np.int64), np.asarray(mesh.vertex_normals))
    return Structure("rod.right", "rod", "right", "muscle", [Part("rod.right", surface)], "ischia")


@pytest.fixture(scope="module")
def laid() -> dict[str, Structure]:
    cords = {cord.id: cord for cord in (read_cord(TWIG, "twig.yaml"), read_cord(FORK, "fork.yaml"))}
    return {s.structure: s for s in grow_cords(three_balls(), [rod()], "right", cords=cords)}


def surface(structure: Structure) -> Surface:
    assert len(structure.parts) == 1
    return structure.parts[0].surface


def centres(structure: Structure) -> np.ndarray:
    fibres = structure.parts[0].fibres
    assert fibres is not None
    return fibres


@pytest.mark.parametrize("name", ["fork", "twig"])
def test_a_nerve_is_one_closed_surface_with_uv_and_no_tendon(laid: dict[str, Structure], name: str) -> None:
    nerve = surface(laid[name])
    assert is_closed(nerve.triangles)
    assert volume_mm3(nerve.vertices, nerve.triangles) > 0.0
    assert trimesh.Trimesh(nerve.vertices, nerve.triangles, process=False).body_count == 1
    assert nerve.uv is not None
    assert nerve.uv.min() >= 0.0
    assert nerve.uv.max() <= 1.0
    assert nerve.tendon is not None
    assert not nerve.tendon.any()
    assert np.linalg.norm(nerve.normals, axis=1) == pytest.approx(1.0)


def test_it_is_pushed_clear_of_bone_by_its_whole_thickness(laid: dict[str, Structure]) -> None:
    bone = three_balls().bones["hip_bone.right"]
    assert signed_distance(surface(laid["fork"]).vertices, bone.vertices, bone.triangles).min() >= 0.39
    trunk = centres(laid["fork"])[0]
    assert np.linalg.norm(trunk - [-50, 0, 0], axis=1).min() >= 25.0 + 2.0


def test_the_trunk_is_as_thick_as_its_stations_say(laid: dict[str, Structure]) -> None:
    nerve, trunk = surface(laid["fork"]), centres(laid["fork"])[0]
    upper = trunk[6:20]
    around = np.linalg.norm(nerve.vertices[:, None] - upper[None], axis=2).min(axis=0)
    assert around == pytest.approx(2.0, abs=0.15)


def test_a_branch_leaves_along_its_parent_and_inside_it(laid: dict[str, Structure]) -> None:
    trunk, branch = centres(laid["fork"])
    nearest = np.linalg.norm(trunk - branch[0], axis=1).argmin()
    along = trunk[nearest + 1] - trunk[nearest - 1]
    first = branch[1] - branch[0]
    assert first @ along / np.linalg.norm(first) / np.linalg.norm(along) > 0.97
    fork = surface(laid["fork"])
    assert signed_distance(branch[:2], fork.vertices, fork.triangles).max() < 0.0
    twig = centres(laid["twig"])[0]
    assert signed_distance(twig[:1], fork.vertices, fork.triangles)[0] < 0.0


def test_it_ends_in_the_structure_that_it_enters(laid: dict[str, Structure]) -> None:
    muscle = surface(rod())
    assert signed_distance(centres(laid["twig"])[0][-1:], muscle.vertices, muscle.triangles)[0] == pytest.approx(
        -1.0, abs=0.3
    )


def test_u_runs_from_the_proximal_to_the_distal_end(laid: dict[str, Structure]) -> None:
    nerve = surface(laid["fork"])
    assert nerve.uv is not None
    height = nerve.vertices[:, 2]
    top, bottom = height > height.max() - 3.0, height < height.min() + 3.0
    assert nerve.uv[top, 0].max() < 0.1
    assert nerve.uv[bottom, 0].min() > 0.9


def test_what_is_missing_is_named() -> None:
    cords = {"twig": read_cord(TWIG, "twig.yaml")}
    with pytest.raises(CordError, match=r"twig: the body has no fork, rod\."):
        grow_cords(three_balls(), [], "right", cords=cords)


def test_an_unknown_strand_is_named() -> None:
    cords = {c.id: c for c in (read_cord(FORK, "f"), read_cord(TWIG.replace("strand: branch", "strand: root"), "t"))}
    with pytest.raises(CordError, match=r"twig: fork has no strand root; it has trunk, branch\."):
        grow_cords(three_balls(), [rod()], "right", cords=cords)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("width: 3}", "width: -3}"), "fork.yaml"),
        (("strand: trunk, at: 0.6", "strand: stem, at: 0.6"), "the strand branch leaves stem"),
        (("offset: [30, 20, -60]", "offset: [30, 20]"), "strands.1.stations.0.at"),
        (("id: branch", "id: trunk"), "given twice"),
        (("clearance: 0.4", "clearance: 0"), "clearance"),
        (("{landmarks: {posterior: 1}, offset: [30", "{landmark: {posterior: 1}, offset: [30"), "bone, landmarks"),
    ],
)
def test_a_faulty_file_is_named_with_its_field(change: tuple[str, str], message: str) -> None:
    with pytest.raises(FormError, match=message):
        read_cord(FORK.replace(*change), "fork.yaml")


def test_the_shipped_cords_are_the_nerves_of_the_region() -> None:
    cords = load_cords()
    assert set(cords) == {
        "sacral_plexus",
        "superior_gluteal_nerve",
        "inferior_gluteal_nerve",
        "posterior_femoral_cutaneous_nerve",
        "pudendal_nerve",
        "nerve_to_quadratus_femoris",
        "nerve_to_obturator_internus",
    }
    for name, cord in cords.items():
        assert isinstance(cord, Cord)
        assert name == "sacral_plexus" or cord.parents() == {"sacral_plexus"}, "all spring from the plexus"
