"""Attachment areas: their size is known on a sphere, and they lie on the bone, inside their outline, in one piece."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from meshes.atlas import Surface
from meshes.clip import clip_positive, pieces_of, refine_near
from meshes.footprints import FootprintError, contact_footprint, cut_footprint
from meshes.surface import area_mm2, is_closed
from tests.solids import ball, cube

RADIUS = 25.0


def circle(degrees: float, corners: int, turn: int = 0, backwards: bool = False) -> np.ndarray:
    """Corners of a circle around a pole of the ball, turned anyhow."""
    polar = np.radians(degrees)
    around = np.linspace(0, 2 * np.pi, corners, endpoint=False) * (-1 if backwards else 1)
    points = np.column_stack(
        [np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.full(corners, np.cos(polar))]
    )
    rotation = trimesh.transformations.random_rotation_matrix(np.random.default_rng(turn).random(3))[:3, :3]
    return np.asarray(RADIUS * points @ rotation.T)


@pytest.mark.parametrize("degrees", [15.0, 40.0, 80.0])
@pytest.mark.parametrize("backwards", [False, True])
def test_area_of_a_cap_of_a_sphere(degrees: float, backwards: bool) -> None:
    patch, area = cut_footprint(ball(RADIUS, fineness=5), circle(degrees, 16, int(degrees), backwards))
    assert area == pytest.approx(2 * np.pi * RADIUS**2 * (1 - np.cos(np.radians(degrees))), rel=0.006)
    assert pieces_of(patch.triangles, len(patch.vertices)).max() == 0


def test_a_footprint_hugs_its_bone_and_faces_outward() -> None:
    patch, area = cut_footprint(ball(RADIUS, fineness=5), circle(40, 12))
    height = np.linalg.norm(patch.vertices, axis=1) - RADIUS
    assert height.max() < 0.2
    assert height.min() > 0.0
    corners = patch.vertices[patch.triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert ((faces * corners.mean(1)).sum(1) > 0).all()
    assert not is_closed(patch.triangles)
    assert area_mm2(patch.vertices, patch.triangles) == pytest.approx(area * (1 + 0.15 / RADIUS) ** 2, rel=1e-3)


def test_its_edge_is_smooth() -> None:
    """Every point of the border lies on the drawn circle, although the bone's triangles are five times longer."""
    patch, _ = cut_footprint(ball(RADIUS, fineness=3), circle(30, 10, turn=3))
    edges = np.sort(patch.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    border = patch.vertices[np.unique(unique[count == 1])]
    pole = circle(0.001, 3, turn=3).mean(0)
    angle = np.degrees(np.arccos(border @ pole / np.linalg.norm(border, axis=1) / np.linalg.norm(pole)))
    assert np.abs(angle - 30).max() * np.pi / 180 * RADIUS < 0.4


def test_only_one_face_of_a_thin_bone_is_painted() -> None:
    """The ilium is 3 mm thick in places: the far face must stay clean."""
    plate = cube(40.0, rounds=5)
    plate.vertices[:, 2] *= 3.0 / 40.0
    plate.normals = np.asarray(trimesh.Trimesh(plate.vertices, plate.triangles, process=False).vertex_normals)
    around = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    outline = np.column_stack([12 * np.cos(around), 9 * np.sin(around), np.full(14, 1.5)])
    patch, area = cut_footprint(plate, outline)
    assert area == pytest.approx(np.pi * 12 * 9, rel=0.01)
    assert patch.vertices[:, 2].min() > 1.5


def test_corners_a_little_off_the_bone_are_laid_onto_it() -> None:
    on = circle(40, 14)
    _, expected = cut_footprint(ball(RADIUS, fineness=5), on)
    off = on * (1 + 0.03 * np.random.default_rng(5).uniform(-1, 1, (14, 1)))
    assert cut_footprint(ball(RADIUS, fineness=5), off)[1] == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        (np.zeros((2, 3)), "at least three corners"),
        (np.array([[25.0, 0, 0], [25.0, 0, 0], [0, 25.0, 0]]), "same point"),
    ],
)
def test_an_outline_without_inside_is_an_error(outline: np.ndarray, words: str) -> None:
    with pytest.raises(FootprintError, match=words):
        cut_footprint(ball(RADIUS), outline)


def test_contact_of_two_balls() -> None:
    """What lies within 2 mm of a ball of 10 mm, 33 mm away, is a cap of known size."""
    patches = contact_footprint(ball(10.0, (0, 0, 33.0)), ball(RADIUS, fineness=5), reach=2.0)
    height = (RADIUS**2 + 33.0**2 - 12.0**2) / (2 * 33.0)
    assert len(patches) == 1
    assert patches[0][1] == pytest.approx(2 * np.pi * RADIUS * (RADIUS - height), rel=0.08)
    assert (patches[0][0].vertices[:, 2] > 20).all()


def test_two_contacts_are_two_patches_and_no_contact_is_none() -> None:
    bone = ball(RADIUS, fineness=4)
    above, below = ball(10.0, (0, 0, 33.0)), ball(10.0, (0, 0, -32.0))
    both = Surface(
        np.vstack([above.vertices, below.vertices]),
        np.vstack([above.triangles, below.triangles + len(above.vertices)]),
        np.vstack([above.normals, below.normals]),
    )
    patches = contact_footprint(both, bone)
    assert [np.sign(patch.vertices[:, 2].mean()) for patch, _ in patches] == [-1, 1], "the larger one comes first"
    assert contact_footprint(ball(10.0, (0, 0, 80.0)), bone) == []


def test_refining_changes_no_shape_and_opens_no_crack() -> None:
    bone = ball(RADIUS, fineness=2)
    near = bone.vertices[bone.triangles].mean(1)[:, 2] > 5
    vertices, triangles, carried = refine_near(bone.vertices, bone.triangles, near, 1.0, bone.normals)
    assert is_closed(triangles)
    assert area_mm2(vertices, triangles) == pytest.approx(area_mm2(bone.vertices, bone.triangles), rel=1e-9)
    assert carried is not None
    assert len(carried) == len(vertices)
    upper = vertices[triangles][vertices[triangles].mean(1)[:, 2] > 8]
    assert np.linalg.norm(upper - np.roll(upper, 1, axis=1), axis=2).max() <= 1.0


def test_clipping_a_ball_in_half() -> None:
    bone = ball(RADIUS, fineness=5)
    vertices, triangles, _ = clip_positive(bone.vertices, bone.triangles, bone.vertices[:, 2] - 0.3, bone.normals)
    assert area_mm2(vertices, triangles) == pytest.approx(2 * np.pi * RADIUS * (RADIUS - 0.3), rel=0.002)
    assert vertices[:, 2].min() == pytest.approx(0.3, abs=1e-9)
