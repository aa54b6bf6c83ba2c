"""The population skeleton: closed, level, paired, seated in its joints, and addressable in material coordinates."""

from __future__ import annotations

import io
import pickle
from functools import cache
from pathlib import Path

import igl
import numpy as np
import pytest
from pydantic import ValidationError

from annotations.material import MaterialCurve, MaterialPoint
from meshes.body import Body, BodyError
from meshes.lagrange import DEGREES, lattice, monomials, shape_coefficients
from meshes.population import carry_left, correspondence, population_body
from meshes.shape_model import ShapeModelError, read_shape_model, shape_model
from meshes.surface import is_closed, volume_mm3

SHAPES = [(), (2.0,), (-2.0,)]
SIDES = ("right", "left")
PAIRED = ("hip_bone", "femur", "patella", "tibia", "fibula")


@cache
def body(modes: tuple[float, ...] = ()) -> Body:
    return population_body(modes)


def gap(body: Body, moving: str, fixed: str) -> float:
    """Smallest signed distance of one bone's vertices to another bone, mm; negative where they overlap."""
    bone = body.bones[fixed]
    return float(igl.signed_distance(body.bones[moving].vertices, bone.vertices, bone.triangles)[0].min())


def test_every_bone_is_there_on_both_sides() -> None:
    assert set(body().bones) == {"sacrum", "coccyx"} | {f"{bone}.{side}" for bone in PAIRED for side in SIDES}


@pytest.mark.parametrize("modes", SHAPES)
def test_bones_are_closed_single_and_turned_outward(modes: tuple[float, ...]) -> None:
    for name, bone in body(modes).bones.items():
        assert is_closed(bone.triangles), name
        assert volume_mm3(bone.vertices, bone.triangles) > 1000.0, name
        pieces = igl.facet_components(bone.triangles)
        labels = pieces[-1] if isinstance(pieces, tuple) else pieces
        assert np.max(labels) == np.min(labels), name
        assert np.allclose(np.linalg.norm(bone.normals, axis=1), 1.0), name


def test_right_is_negative_x_and_left_positive() -> None:
    for bone in PAIRED:
        assert body().bones[f"{bone}.right"].vertices[:, 0].mean() < -30.0
        assert body().bones[f"{bone}.left"].vertices[:, 0].mean() > 30.0
    assert abs(body().bones["sacrum"].vertices[:, 0].mean()) < 3.0
    assert abs(body().bones["coccyx"].vertices[:, 0].mean()) < 3.0


def test_a_limb_is_lateral_where_its_fibula_is_and_faces_forward_where_its_patella_is() -> None:
    """The names right and left are the data's own only if the left fibula is lateral and the patella in front."""
    for side, outward in (("right", -1.0), ("left", 1.0)):
        knee = body().bones[f"tibia.{side}"].vertices.mean(axis=0)
        assert outward * (body().bones[f"fibula.{side}"].vertices.mean(axis=0)[0] - knee[0]) > 5.0
        femur = body().bones[f"femur.{side}"].vertices
        assert body().bones[f"patella.{side}"].vertices[:, 1].mean() < femur[femur[:, 2] < -350.0][:, 1].mean() - 20.0
    assert body().bones["sacrum"].vertices[:, 1].mean() > 40.0


@pytest.mark.parametrize("modes", SHAPES)
def test_origin_lies_midway_between_the_heads_and_the_pelvis_is_level(modes: tuple[float, ...]) -> None:
    shape = body(modes)
    right, left = shape.head_centre("right"), shape.head_centre("left")
    assert np.abs(right + left).max() < 1e-9
    assert 130.0 < np.linalg.norm(right - left) < 210.0
    spines = (shape.landmark("asis.right") + shape.landmark("asis.left")) / 2.0
    pubis = (shape.landmark("pubic_tubercle.right") + shape.landmark("pubic_tubercle.left")) / 2.0
    assert abs(spines[1] - pubis[1]) < 4.0
    assert abs(shape.landmark("asis.right")[2] - shape.landmark("asis.left")[2]) < 6.0


@pytest.mark.parametrize("modes", SHAPES)
@pytest.mark.parametrize("side", SIDES)
def test_each_head_stands_in_its_own_acetabulum(modes: tuple[float, ...], side: str) -> None:
    shape = body(modes)
    femur, hip = shape.bones[f"femur.{side}"], shape.bones[f"hip_bone.{side}"]
    places = correspondence().lunate["right" if side == "right" else "left"]
    socket = hip.chart.points(places.elements, places.xi)
    distance = igl.signed_distance(socket, femur.vertices, femur.triangles)[0]
    assert np.quantile(distance, 0.01) > 1.0
    assert np.quantile(distance, 0.99) < 5.0
    assert 1.0 < gap(shape, f"femur.{side}", f"hip_bone.{side}") < 5.0
    assert 1.0 < gap(shape, f"hip_bone.{side}", f"femur.{side}") < 5.0
    assert gap(shape, f"femur.{side}", f"hip_bone.{'left' if side == 'right' else 'right'}") > 60.0


@pytest.mark.parametrize("side", SIDES)
def test_the_other_joints_do_not_overlap(side: str) -> None:
    assert 1.0 < gap(body(), f"tibia.{side}", f"femur.{side}") < 6.0
    assert 1.0 < gap(body(), f"patella.{side}", f"femur.{side}") < 6.0
    assert 0.0 < gap(body(), f"fibula.{side}", f"tibia.{side}") < 6.0
    assert 0.0 < gap(body(), "sacrum", f"hip_bone.{side}") < 3.0
    assert 0.5 < gap(body(), "coccyx", "sacrum") < 3.0


def test_both_sides_mirror_each_other() -> None:
    """Limbs exactly, hip bones as nearly as the 26 people of the model do."""
    mirror = np.array([-1.0, 1.0, 1.0])
    right = body().bones["hip_bone.right"].vertices * mirror
    left = body().bones["hip_bone.left"]
    distance = np.abs(igl.signed_distance(right, left.vertices, left.triangles)[0])
    assert np.median(distance) < 1.5
    assert distance.max() < 6.0
    for bone in ("femur", "tibia", "fibula", "patella"):
        a, b = (body().bones[f"{bone}.{side}"] for side in SIDES)
        assert volume_mm3(a.vertices, a.triangles) == pytest.approx(volume_mm3(b.vertices, b.triangles), rel=1e-9)


@pytest.mark.parametrize("kind", sorted(DEGREES))
def test_shape_functions_are_one_at_their_own_node_and_sum_to_one(kind: str) -> None:
    p, q, _ = DEGREES[kind]
    nodes = lattice(kind) / np.array([p, q])
    assert np.allclose(monomials(nodes) @ shape_coefficients(kind), np.eye(len(nodes)), atol=1e-9)
    inside = np.random.default_rng(3).uniform(0.0, 0.5, (20, 2))
    assert np.allclose((monomials(inside) @ shape_coefficients(kind)).sum(axis=1), 1.0, atol=1e-9)


def test_a_finer_surface_meets_the_coarser_one() -> None:
    coarse, fine = body().bones["femur.right"], population_body((), 16).bones["femur.right"]
    assert len(fine.triangles) == 4 * len(coarse.triangles)
    assert np.abs(igl.signed_distance(coarse.vertices, fine.vertices, fine.triangles)[0]).max() < 0.05


@pytest.mark.parametrize(
    "name", ["hip_bone.right", "hip_bone.left", "femur.right", "femur.left", "tibia.right", "patella.left"]
)
def test_material_coordinates_lead_back_to_the_point(name: str) -> None:
    bone = body().bones[name]
    points = bone.vertices[:: max(1, len(bone.vertices) // 150)]
    places = bone.material(points)
    again = bone.point([p.element for p in places], [p.xi1 for p in places], [p.xi2 for p in places])
    assert np.abs(again - points).max() < 0.01


def test_places_on_the_modelled_bones_lead_back_to_themselves() -> None:
    for name in ("sacral_promontory", "sacral_cornu.right", "inferolateral_angle_of_sacrum.right", "coccyx_apex"):
        point = body().landmark(name)
        bone = body().bones["coccyx" if "coccyx" in name else "sacrum"]
        assert np.linalg.norm(bone.chart.points(*bone.nearest(point[None]))[0] - point) < 0.01, name


def test_a_place_is_carried_to_the_mirrored_place_on_the_left() -> None:
    # A limb hangs from its own hip bone, so its lower end differs more than the bones do.
    for bone, near in (("hip_bone", 6.0), ("femur", 14.0), ("sacrum", 6.0)):
        right = body().bones[bone if bone == "sacrum" else f"{bone}.right"]
        start = right.vertices[::400]
        start = start[start[:, 0] < -8.0]
        for place, point in zip(right.material(start), start, strict=True):
            here, there = body().locate(place, "right"), body().locate(place, "left")
            assert np.linalg.norm(there * [-1.0, 1.0, 1.0] - here) < near, (bone, point)


def test_a_carried_place_is_the_same_on_every_shape() -> None:
    elements, xi = body().bones["hip_bone.right"].nearest(body().landmark("asis.right"))
    carried = carry_left("hip_bone", elements, xi)
    for modes in SHAPES:
        direct = body(modes).bones["hip_bone.left"].chart.points(*carried)[0]
        assert np.allclose(direct, body(modes).landmark("asis.left"), atol=1e-9)


def test_an_unknown_bone_or_landmark_is_named_in_the_error() -> None:
    with pytest.raises(BodyError, match=r"no landmark 'asis\.middle'"):
        body().landmark("asis.middle")
    bare = Body({}, {}, {}, carry_left)
    with pytest.raises(BodyError, match=r"no femur\.left"):
        bare.locate(MaterialPoint(bone="femur", element=0, xi1=0.1, xi2=0.1), "left")
    with pytest.raises(ValidationError):
        MaterialCurve(bone="femur", points=((0, 0.1, 1.4), (0, 0.1, 0.2)))


def test_shape_modes_are_standard_deviations_of_the_population() -> None:
    model = shape_model()
    assert model.mean.shape == (3225, 3)
    assert len(model.modes) == 26
    spread = np.sqrt((model.modes[0] ** 2).sum())
    assert spread == pytest.approx(np.sqrt(60591.6), rel=1e-3)
    with pytest.raises(ShapeModelError, match="27 shape modes"):
        model.nodes([0.0] * 27)
    with pytest.raises(ShapeModelError, match="finite"):
        model.nodes([float("nan")])


def test_a_wrong_resolution_is_refused() -> None:
    with pytest.raises(ValueError, match="resolution must be at least 1"):
        population_body((), 0)


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("import pathlib; pathlib.Path('owned').write_text('x')",)


def test_a_malicious_pickle_is_refused_and_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "model.pc"
    file.write_bytes(pickle.dumps({"mean": np.zeros(9675), "modes": _Evil(), "weights": np.zeros(26)}))
    with pytest.raises(ShapeModelError, match="only numpy arrays are allowed"):
        read_shape_model(file)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("content", [b"", b"not a pickle", pickle.dumps([1, 2]), pickle.dumps({"mean": np.zeros(3)})])
def test_a_file_that_is_no_shape_model_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.pc"
    file.write_bytes(io.BytesIO(content).read())
    with pytest.raises(ShapeModelError):
        read_shape_model(file)
