"""The placed landmarks against rules that find them anew, and the sacrum's openings against rays sent through them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from annotations import load
from meshes.body import Body, smooth_normals
from meshes.landmark_rules import BEHIND, read_landmarks, rim_gap, sacral_neck
from meshes.landmarks import LandmarkError, landmark_places
from meshes.population import population_body
from meshes.raycast import crossings

MIRROR = {"right": np.ones(3), "left": np.array([-1.0, 1.0, 1.0])}
WITHIN = 10.0
"""How near the rules must come, mm."""


@pytest.fixture(scope="module")
def body() -> Body:
    return population_body((), 12)


def read(body: Body, bone: str, side: str) -> dict[str, np.ndarray]:
    """What the rules read off a bone near its placed landmarks, by landmark, on the right side."""
    shape = body.bones[bone if bone == "sacrum" else f"{bone}.{side}"]
    near = {}
    for name in body.landmark_names():
        stem, _, where = name.partition(".")
        entry = load().landmarks[stem]
        if entry.on == bone and entry.form == "point" and where in ("", side):
            near[stem] = body.landmark(name) * MIRROR[side]
    points = shape.vertices * MIRROR[side]
    return read_landmarks(bone, points, smooth_normals(shape.vertices, shape.triangles) * MIRROR[side], near)


@pytest.mark.parametrize("side", ["right", "left"])
def test_landmarks_lie_where_rules_read_them(body: Body, side: str) -> None:
    found = {bone: read(body, bone, side) for bone in ("hip_bone", "femur", "sacrum")}
    assert [len(places) for places in found.values()] == [7, 5, 5]
    for places in found.values():
        for name, point in places.items():
            if name in BEHIND:  # read off evenly sampled points only: these are crowded around the openings
                continue
            placed = body.landmark(name if name == "sacral_promontory" else f"{name}.{side}") * MIRROR[side]
            assert np.linalg.norm(placed - point) < WITHIN, name


def test_a_sacrum_alone_has_no_neck_and_ends_where_its_apex_is(body: Body) -> None:
    sacrum = body.bones["sacrum"].vertices
    assert sacral_neck(sacrum) is None
    assert np.linalg.norm(body.landmark("sacral_apex") - sacrum[np.argmin(sacrum[:, 2])]) < WITHIN
    coccyx = body.bones["coccyx"].vertices
    assert np.linalg.norm(body.landmark("coccyx_apex") - coccyx[np.argmin(coccyx[:, 2])]) < WITHIN


def test_every_annotated_landmark_has_a_place_and_no_other_has(body: Body) -> None:
    wanted = set(load().landmarks)
    assert set(landmark_places()) | {"femoral_head_centre"} == wanted
    for name in body.landmark_names():
        point = body.landmark(name)
        assert np.isfinite(point).all(), name
        form = load().landmarks[name.partition(".")[0]].form
        assert point.ndim == (2 if form == "line" else 1) or name.startswith("obturator_foramen"), name


def test_landmarks_stand_in_anatomical_order(body: Body) -> None:
    for side, outward in (("right", -1.0), ("left", 1.0)):

        def at(name: str, side: str = side) -> np.ndarray:
            return body.landmark(f"{name}.{side}")

        down = ["psis", "piis", "greater_sciatic_notch", "ischial_spine", "lesser_sciatic_notch", "ischial_tuberosity"]
        assert all(at(a)[2] > at(b)[2] for a, b in itertools.pairwise(down))
        forward = ["psis", "greater_sciatic_notch", "aiis", "asis"]
        assert all(at(a)[1] > at(b)[1] for a, b in itertools.pairwise(forward))
        lateral = ["pubic_tubercle", "ischial_tuberosity", "lesser_trochanter", "greater_trochanter"]
        assert all(outward * at(a)[0] < outward * at(b)[0] for a, b in itertools.pairwise(lateral))
        assert at("asis")[2] > at("aiis")[2]
        assert at("intertrochanteric_line")[:, 1].mean() < at("intertrochanteric_crest")[:, 1].mean()


def test_lines_hug_their_bone_and_run_the_right_way(body: Body) -> None:
    hip = body.bones["hip_bone.right"].vertices
    for name in ("iliac_crest", "posterior_gluteal_line", "anterior_gluteal_line", "inferior_gluteal_line"):
        assert rim_gap(body.landmark(f"{name}.right"), hip) < 3.5, name
    crest = body.landmark("iliac_crest.right")
    assert np.linalg.norm(crest[0] - body.landmark("asis.right")) < 1.0
    assert np.linalg.norm(crest[-1] - body.landmark("psis.right")) < 1.0
    ring = body.landmark("obturator_foramen.right")
    middle = ring.mean(axis=0)
    normal = np.linalg.svd(ring - middle)[2][2]
    bone = body.bones["hip_bone.right"]
    assert not len(hits_within(crossings(middle, normal, bone.vertices, bone.triangles), 40.0))


def hits_within(hits: np.ndarray, reach: float) -> np.ndarray:
    near: np.ndarray = hits[np.abs(hits) < reach]
    return near


@pytest.mark.parametrize("modes", [(), (2.0,), (-2.0,)])
def test_four_foramina_a_side_go_through_the_sacrum(modes: tuple[float, ...]) -> None:
    shape = population_body(modes)
    bone = shape.bones["sacrum"]
    for side, level in itertools.product(("right", "left"), range(1, 5)):
        front = shape.landmark(f"anterior_sacral_foramen_{level}.{side}")
        back = shape.landmark(f"posterior_sacral_foramen_{level}.{side}")
        direction = (back - front) / np.linalg.norm(back - front)
        # From 15 mm in front of the pelvic face to 4 mm behind the dorsum, and half a millimetre beside that line.
        sideways = np.cross(direction, [0.0, 0.0, 1.0])
        for offset in (0.0, -0.5, 0.5):
            start = front + offset * sideways - 15.0 * direction
            hits = crossings(start, direction, bone.vertices, bone.triangles)
            length = np.linalg.norm(back - front) + 19.0
            assert not len(hits[(hits > 0.0) & (hits < length)]), (side, level, offset)
        middle = shape.landmark("sacral_promontory")[0]
        median = np.array([middle, front[1], front[2]])
        bar = crossings(median - 15.0 * direction, direction, bone.vertices, bone.triangles)
        assert len(bar[bar > 0.0]), f"no bone between the foramina of level {level}"


def test_foramina_stand_in_two_converging_columns(body: Body) -> None:
    for face, first, last in (("anterior", (20.0, 30.0), (13.0, 20.0)), ("posterior", (15.0, 24.0), (10.0, 18.0))):
        rows = [[body.landmark(f"{face}_sacral_foramen_{i}.{s}") for s in ("right", "left")] for i in range(1, 5)]
        half = [abs(left[0] - right[0]) / 2.0 for right, left in rows]
        assert first[0] < half[0] < first[1]
        assert last[0] < half[3] < last[1]
        assert all(a > b - 1.0 for a, b in itertools.pairwise(half))
        heights = [row[0][2] for row in rows]
        assert all(8.0 < a - b < 30.0 for a, b in itertools.pairwise(heights))


def test_the_sacral_canal_is_open_from_the_base_to_the_hiatus(body: Body) -> None:
    bone = body.bones["sacrum"]
    middle = (body.landmark("sacral_cornu.right") + body.landmark("sacral_cornu.left")) / 2.0
    backward = np.array([0.0, 1.0, 0.0])
    inside = middle + np.array([0.0, -2.5, -2.0])
    assert not len(hits_within(crossings(inside, backward, bone.vertices, bone.triangles), 1.0))
    behind = crossings(inside, backward, bone.vertices, bone.triangles)
    assert not len(behind[behind > 0.0]), "the hiatus is closed"
    euler = len(bone.vertices) - len(bone.triangles) // 2
    assert euler <= 2 - 2 * 8, "eight foramina that join the canal make at least genus 8"


def test_a_broken_file_of_places_names_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    landmark_places.cache_clear()
    monkeypatch.setattr("meshes.landmarks.PLACES_FILE", "layers.yaml")
    with pytest.raises(LandmarkError, match=r"layers\.yaml"):
        landmark_places()
    monkeypatch.undo()
    landmark_places.cache_clear()
