"""What a trigger point brings into a figure: dots on the skin or on what lies beneath, an X, a ball."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from annotations.catalogue import catalogue
from meshes.marks import BallEntry, MarksDocument, PointMarks, SkinPlace, ZoneEntry
from tests.small import build_small
from tests.solids import ball, structure
from viewer.camera import Pose, pose, project
from viewer.figure import Subject, draw
from viewer.scene import Camera, Scene
from viewer.stippled import RADIUS, beneath, discs, middle_of, on_skin, point_marks

SKIN = ball(200.0)
INWARDS = np.array([0.0, -1.0, 0.0])


def behind(count: int) -> list[int]:
    """Places in the middle of so many triangles of the skin, from the one that is farthest back."""
    rearmost = SKIN.vertices[SKIN.triangles].mean(axis=1)[:, 1].argsort()[::-1][:count]
    return [number for triangle in rearmost for number in (int(triangle), 85, 85)]


@pytest.fixture(scope="module")
def point() -> PointMarks:
    dots = behind(40)
    where = int(SKIN.vertices[:, 1].argmax())
    return PointMarks(
        on_muscle=(0.0, 60.0, 0.0),
        on_skin=SkinPlace(triangle=dots[0], weights=(85, 85)),
        layers=[],
        zones=[
            ZoneEntry(level="essential", area_cm2=1.0, dots=dots[:90], vertices=[]),
            ZoneEntry(level="spillover", area_cm2=1.0, dots=dots[90:], vertices=[]),
        ],
        balls=[
            BallEntry(
                ball="tennis_ball",
                vertices=[where],
                best=where,
                direction=(0.0, -1.0, 0.0),
                muscle=None,
                bone=None,
                nerve=None,
                why_not="",
            ),
            BallEntry(
                ball="roller",
                vertices=[],
                best=None,
                direction=None,
                muscle=None,
                bone=None,
                nerve=None,
                why_not="bone",
            ),
        ],
    )


def test_dots_lie_on_the_skin_and_face_outwards(point: PointMarks) -> None:
    dots = on_skin(point, SKIN)
    assert (len(dots.centres), int(dots.essential.sum())) == (40, 30)
    assert np.linalg.norm(dots.centres, axis=1) == pytest.approx(200.0, rel=0.01)
    outwards = dots.centres / np.linalg.norm(dots.centres, axis=1, keepdims=True)
    assert np.einsum("ij,ij->i", dots.facing, outwards).min() > 0.99


def test_dots_fall_onto_the_first_surface_beneath(point: PointMarks) -> None:
    flesh, bone = structure("piriformis.right", "muscle", ball(150.0)), structure("sacrum", "bone", ball(100.0))
    fallen = beneath(on_skin(point, SKIN), [bone, flesh])
    assert np.linalg.norm(fallen.centres, axis=1) == pytest.approx(150.0, rel=0.02)
    assert fallen.essential.sum() == 30
    aside = structure("piriformis.left", "muscle", ball(20.0, (150.0, 0.0, 0.0)))
    assert len(beneath(on_skin(point, SKIN), [aside]).centres) == 0, "what misses is not drawn"


@pytest.mark.parametrize("essential", [True, False])
def test_a_disc_is_filled_and_a_ring_is_open(point: PointMarks, essential: bool) -> None:
    dots = on_skin(point, SKIN)
    vertices, triangles = discs(dots, essential)
    corners = vertices[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    radius = RADIUS["essential" if essential else "spillover"]
    share = 1.0 if essential else 0.75
    assert area / int((dots.essential == essential).sum()) == pytest.approx(share * np.pi * radius**2, rel=0.03)
    assert np.linalg.norm(vertices, axis=1).min() > 199.0, "nothing sinks into the skin"


def test_a_ball_sinks_in_where_it_may_stand_and_stands_nowhere_else(point: PointMarks) -> None:
    placed = middle_of(point, "tennis_ball", 33.0, 15.0, SKIN)
    assert placed is not None
    assert placed[0] == pytest.approx([0.0, 218.0, 0.0], abs=1.0)
    assert placed[1] == pytest.approx(INWARDS)
    assert middle_of(point, "roller", 75.0, 15.0, SKIN) is None
    assert middle_of(point, "lacrosse_ball", 31.0, 15.0, SKIN) is None


def test_marks_are_those_of_the_side(point: PointMarks) -> None:
    marks = MarksDocument(sinks=15.0, points={"piriformis.1": {"right": point}}, regions={})
    right = Scene.parse({"trigger": {"id": "piriformis.1"}})
    assert point_marks(right, marks) is point
    assert point_marks(Scene.parse({"trigger": {"id": "piriformis.1", "side": "left"}}), marks) is None
    assert point_marks(right, None) is None
    assert point_marks(Scene(), marks) is None


def test_a_point_is_where_the_camera_has_it() -> None:
    eye = Pose(np.array([0.0, 1000.0, 0.0]), np.zeros(3), np.array([0.0, 0.0, 1.0]), 2 * np.degrees(np.arctan(0.1)))
    assert project(eye, (0.0, 0.0, 0.0), 2.0) == pytest.approx((0.5, 0.5))
    assert project(eye, (0.0, 0.0, 100.0), 2.0) == pytest.approx((0.5, 0.0)), "up is up"
    assert project(eye, (-200.0, 0.0, 0.0), 2.0) == pytest.approx((1.0, 0.5)), "from behind the right is right"


def test_a_figure_shows_dots_on_the_skin_and_its_x_through_it(point: PointMarks, tmp_path: Path) -> None:
    built = build_small(tmp_path / "atlas")
    atlas, texts = built.atlas(), catalogue()
    atlas.structures["skin"].parts[0].surface = SKIN
    marks = MarksDocument(sinks=15.0, points={"piriformis.1": {"right": point}}, regions={})
    camera = Camera(view=None, position=(0.0, 600.0, 0.0), target=(0.0, 0.0, 0.0))
    scene = Scene.parse({"trigger": {"id": "piriformis.1"}}).model_copy(update={"camera": camera})
    size = (300, 300)
    without = np.asarray(draw(Subject(atlas, built.document, texts), scene, size)).astype(int)
    picture = np.asarray(draw(Subject(atlas, built.document, texts, marks), scene, size)).astype(int)
    red = (picture[..., 0] > 130) & (picture[..., 1] < 70) & (picture[..., 2] < 80)
    assert red.sum() > 150
    assert abs(np.nonzero(red)[0].mean() - 150) < 20
    eye = pose(camera, texts, built.document.landmarks, 1.0)
    across, down = project(eye, point.on_muscle or (0, 0, 0), 1.0)
    middle = picture[round(down * 300) - 1 : round(down * 300) + 2, round(across * 300) - 1 : round(across * 300) + 2]
    assert middle.min() < 60, "the X is dark"
    assert (np.abs(picture - without).sum(axis=2) > 60).mean() < 0.1, "and all else is as it was"
