"""Figures: what is drawn where, in which colour, with which words, and what travels in the file."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from annotations.catalogue import Catalogue, catalogue
from meshes.atlas import Surface
from meshes.pressing import Rays
from tests.small import build_small, sphere
from viewer.camera import pose, target, with_view
from viewer.caps import cap
from viewer.errors import ViewerError
from viewer.figure import Subject, check_letters, compose, credit_line, draw, figure, painted, save, shown
from viewer.layout import Area, Box, crossing, place, stack
from viewer.lettering import Lettering, lay_out, paint, text_width
from viewer.palette import TISSUES
from viewer.scene import Camera, Cut, Scene
from viewer.tissue import refined, striation, vertex_colours

SIZE = (360, 300)


@pytest.fixture(scope="module")
def texts() -> Catalogue:
    return catalogue()


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory, texts: Catalogue) -> Subject:
    built = build_small(tmp_path_factory.mktemp("figure") / "atlas")
    return Subject(built.atlas(), built.document, texts)


def pixels(picture: Image.Image) -> NDArray[np.int64]:
    return np.asarray(picture.convert("RGB")).astype(np.int64)


def red(image: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where muscle is."""
    return (image[..., 0] > 1.8 * image[..., 1]) & (image[..., 0] > 1.8 * image[..., 2]) & (image[..., 0] > 60)


def bony(image: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where bone is: light, warm, hardly coloured."""
    r, g, b = (image[..., i] for i in range(3))
    return (r > 90) & (r < 250) & (r >= g) & (g > b) & (g > 0.75 * r) & (b > 0.5 * r)


def blue(image: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (image[..., 2] > 1.5 * image[..., 0]) & (image[..., 2] > 90)


def columns(mask: NDArray[np.bool_]) -> float:
    """Mean place of a mask across the picture, 0 at the left and 1 at the right."""
    return float(np.nonzero(mask)[1].mean() / mask.shape[1])


def view_of(subject: Subject, view: str, **fields: Any) -> Scene:
    return with_view(Scene(**fields), view, subject.catalogue)


def test_muscle_is_red_bone_is_bone_coloured_paper_is_white(subject: Subject) -> None:
    image = pixels(draw(subject, view_of(subject, "posterior"), SIZE))
    assert 0.05 < red(image).mean() < 0.6
    assert bony(image).mean() > 0.02
    assert (image[5, 150:200] == 255).all()


@pytest.mark.parametrize(("view", "side"), [("posterior", "right"), ("anterior", "left")])
def test_the_subjects_right_is_where_it_must_be(subject: Subject, view: str, side: str) -> None:
    """From behind the right muscle is on the right of the picture, from the front on the left."""
    image = pixels(draw(subject, view_of(subject, view, isolated=["gluteus_maximus.right"]), SIZE))
    assert red(image).any()
    assert (columns(red(image)) > 0.5) == (side == "right")


@pytest.mark.parametrize(("view", "letters"), [("posterior", "LR"), ("anterior", "RL"), ("right_lateral", "PA")])
def test_sides_are_lettered(subject: Subject, view: str, letters: str) -> None:
    note = compose(subject, view_of(subject, view), SIZE).note
    sides = [line for line in lay_out(note, SIZE).words if line.role == "side"]
    assert "".join(line.text for line in sorted(sides, key=lambda line: line.place[0])) == letters


def test_peel_hide_and_isolate(subject: Subject) -> None:
    whole = red(pixels(draw(subject, view_of(subject, "posterior"), SIZE))).sum()
    layers = [layer.id for layer in subject.catalogue.layers]
    assert "bones" in layers
    bare = pixels(draw(subject, view_of(subject, "posterior", peel=len(layers)), SIZE))
    assert not red(bare).any()
    assert bony(bare).sum() > 500
    one = red(pixels(draw(subject, view_of(subject, "posterior", hidden=["gluteus_maximus.left"]), SIZE))).sum()
    assert 0.3 * whole < one < 0.75 * whole


def test_what_is_shown_is_what_the_rule_says(subject: Subject) -> None:
    assert "skin" not in {s.id for s in shown(subject, Scene())}
    assert "skin" in {s.id for s in shown(subject, Scene(shown=["skin"]))}
    assert {s.id for s in shown(subject, Scene(isolated=["piriformis"]))} == {"piriformis.right", "piriformis.left"}
    assert "sacrum" not in {s.id for s in shown(subject, Scene(opacity={"sacrum": 0.0}))}


def test_opacity_lets_through_what_lies_behind(subject: Subject) -> None:
    ids = ["gluteus_maximus.right", "hip_bone.right"]
    solid = pixels(draw(subject, view_of(subject, "posterior", isolated=ids), SIZE))
    glass = pixels(draw(subject, view_of(subject, "posterior", isolated=ids, opacity={ids[0]: 0.3}), SIZE))
    bare = pixels(draw(subject, view_of(subject, "posterior", isolated=ids[1:]), SIZE))
    behind = red(solid) & bony(bare)
    assert behind.sum() > 100
    green = [float(image[behind][:, 1].mean()) for image in (solid, glass, bare)]
    assert green[0] + 0.3 * (green[2] - green[0]) < green[1] < green[2], "bone shines through red"


def test_a_cut_leaves_nothing_in_front_of_it_and_closes_what_it_cuts(subject: Subject) -> None:
    plane = Cut(normal=(0.0, 1.0, 0.0), offset=40.0)
    scene = view_of(subject, "posterior", isolated=["sacrum"], footprints="none").model_copy(update={"cut": plane})
    image = pixels(draw(subject, scene, SIZE))
    inner = image[40:270]  # without letters and credits
    row, column = np.argwhere(inner.min(axis=-1) <= 250).mean(axis=0).astype(int)
    middle = inner[row, column] / 255
    section = TISSUES["bone"].section
    assert np.abs(middle / middle.max() - section / section.max()).max() < 0.12, "the cap has the section's colour"


def test_cap_has_the_area_of_the_section() -> None:
    ball = sphere((10, 20, 30), 40.0, steps=60)
    section = cap(ball, Cut(normal=(0.0, 0.0, 1.0), offset=42.0))
    assert section is not None
    radius_squared = 40.0**2 - 12.0**2
    assert section.area == pytest.approx(np.pi * radius_squared, rel=0.01)
    assert np.ptp(np.asarray(section.points)[:, 2]) < 1e-3
    assert cap(ball, Cut(normal=(0.0, 0.0, 1.0), offset=80.0)) is None


def test_a_ring_is_capped_with_its_hole_open() -> None:
    """Two spheres one in the other, the inner turned inside out: the section is a ring."""
    outer, inner = sphere((0, 0, 0), 40.0, steps=60), sphere((0, 0, 0), 20.0, steps=60)
    shell = Surface(
        np.concatenate([outer.vertices, inner.vertices]),
        np.concatenate([outer.triangles, inner.triangles[:, ::-1] + len(outer.vertices)]),
        np.concatenate([outer.normals, -inner.normals]),
    )
    section = cap(shell, Cut(normal=(1.0, 0.0, 0.0), offset=0.5))
    assert section is not None
    assert section.area == pytest.approx(np.pi * (40.0**2 - 20.0**2), rel=0.02)


def test_footprints_are_painted_when_asked_for(subject: Subject) -> None:
    def count(**fields: Any) -> int:
        scene = Scene(**fields)
        return len(list(painted(subject, scene, shown(subject, scene))))

    assert count(footprints="none") == 0
    assert count(footprints="selected") == 0
    assert count(footprints="selected", selected="gluteus_maximus.right") == 1
    assert count(footprints="selected", selected="gluteus_maximus") == 2
    assert count(footprints="all") == 2
    assert count(footprints="all", hidden=["hip_bone.right"]) == 1
    only_bones = ["hip_bone.right", "hip_bone.left"]
    image = pixels(draw(subject, view_of(subject, "posterior", isolated=only_bones, footprints="all"), SIZE))
    assert red(image).mean() > 0.005, "the proximal attachment is red"
    assert not blue(image).any()


def test_labels_name_what_is_seen_and_nothing_else(subject: Subject) -> None:
    def named(**fields: Any) -> list[str]:
        note = compose(subject, view_of(subject, "posterior", **fields), SIZE).note
        assert all(0 < x < 1 and 0 < y < 1 for x, y in (label.place for label in note.labels))
        return [label.text for label in note.labels]

    labels = named(labels="all", names="both")
    assert labels.count("Gluteus maximus") == 2
    assert "Skin" not in labels
    assert named(labels="selected", selected="sacrum") == ["Sacrum"]
    assert named(labels="all", shown=["skin"]) == ["Skin"], "the skin covers all else"


def test_leader_lines_end_on_their_structure(subject: Subject) -> None:
    """A line of sight through the end of a leader line meets the structure that the label names before any other."""
    composition = compose(subject, view_of(subject, "posterior", labels="all"), SIZE)
    lettering, eye = lay_out(composition.note, SIZE), composition.note.eye
    assert {"gluteus_maximus.right", "gluteus_maximus.left", "sacrum"} <= {each.label.id for each in lettering.labels}
    back = (eye.position - eye.target) / np.linalg.norm(eye.position - eye.target)
    right, half = np.cross(eye.up, back), np.tan(np.radians(eye.field_of_view) / 2)
    for placed in lettering.labels:
        x, y = placed.leader[-1]
        across, up = (2 * x / SIZE[0] - 1) * half * SIZE[0] / SIZE[1], (1 - 2 * y / SIZE[1]) * half
        ray = -back + across * right + up * np.cross(back, right)
        ray /= np.linalg.norm(ray)
        first = {
            each.id: min(Rays(part.surface).first(eye.position[None], ray[None])[0] for part in each.parts)
            for each in shown(subject, Scene())
        }
        assert min(first, key=lambda name: first[name]) == placed.label.id


def test_labels_stand_in_the_languages_that_are_asked_for(subject: Subject) -> None:
    def texts_of(**fields: Any) -> list[tuple[str, str | None]]:
        one = "gluteus_maximus.right"
        scene = view_of(subject, "posterior", labels="selected", selected=one, isolated=[one], **fields)
        return [(label.text, label.latin) for label in compose(subject, scene, SIZE).note.labels]

    assert texts_of() == [("Gluteus maximus", None)]
    assert texts_of(names="latin") == [("Musculus gluteus maximus", None)]
    assert texts_of(names="both") == [("Gluteus maximus", "Musculus gluteus maximus")]


def crossings(lettering: Lettering) -> list[tuple[str, str]]:
    lines = [(each.label.id, each.leader) for each in lettering.labels]
    return [(a, b) for i, (a, one) in enumerate(lines) for b, other in lines[:i] if crossing(one, other)]


def test_leader_lines_do_not_cross_and_labels_keep_their_distance() -> None:
    """Eighty random pictures: no lines cross, no label stands on another, and few names are left out."""
    random = np.random.default_rng(3)
    dropped = 0
    for _ in range(80):
        points = random.uniform((310, 60), (690, 840), (22, 2))
        boxes = [
            Box((float(x), float(y)), float(width), float(height))
            for (x, y), width, height in zip(
                points, random.uniform(40, 180, 22), random.choice([24.0, 40.0], 22), strict=True
            )
        ]
        stands = place(boxes, Area(12, 20, 988, 880, (300, 700)), 10.0)
        dropped += len(boxes) - len(stands)
        assert not any(crossing(a.line, b.line) for i, a in enumerate(stands) for b in stands[:i])
        for column in ("left", "right"):
            own = sorted((each for each in stands if each.column == column), key=lambda each: each.y)
            gaps = [
                below.y - above.y - (boxes[above.index].height + boxes[below.index].height) / 2
                for above, below in pairwise(own)
            ]
            assert min(gaps, default=0.0) >= -1e-6
            assert all((stand.x < 300) if column == "left" else (stand.x > 700) for stand in own)
        assert all(stand.line[-1] == boxes[stand.index].point for stand in stands)
    assert dropped <= 0.03 * 80 * 22


def test_stacking_is_least_squares() -> None:
    """Two that want the same place share it; what has room stays where it wants to be; the ends hold."""
    assert stack([50, 50, 200], [20, 20, 20], 0, 300) == pytest.approx([40, 60, 200])
    assert stack([-30, 500], [20, 20], 0, 300) == pytest.approx([10, 290])


def test_the_credits_may_be_left_away(subject: Subject) -> None:
    scene = view_of(subject, "posterior", isolated=["sacrum"])
    said, silent = (compose(subject, scene, SIZE, credits_line=wanted) for wanted in (True, False))
    assert np.array_equal(pixels(said.picture), pixels(silent.picture))
    foot = pixels(said.lettered())[-30:] != pixels(silent.lettered())[-30:]
    assert foot.any()
    assert not any(line.role == "credit" for line in lay_out(silent.note, SIZE).words)


def test_a_language_that_cannot_be_drawn_is_said_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures need a font of this machine; without one the words go into an SVG, whose reader has letters."""
    monkeypatch.setattr("viewer.lettering.JAPANESE_FONTS", ())
    with pytest.raises(ViewerError, match=r"no font with Japanese letters.*SVG"):
        check_letters(catalogue("ja"))
    check_letters(catalogue("de"))
    assert text_width("梨状筋", 20.0) == pytest.approx(60.0)


def test_painting_leaves_the_body_as_it_is(subject: Subject) -> None:
    composition = compose(subject, view_of(subject, "posterior", labels="all", isolated=["hip_bone"]), SIZE)
    before = pixels(composition.picture)
    paint(composition.picture.copy(), lay_out(composition.note, SIZE), composition.note.colours)
    assert np.array_equal(pixels(composition.picture), before)


@pytest.mark.parametrize(("name", "said"), [("a.jpg", "PNG or SVG"), ("none/a.png", "no such folder")])
def test_a_file_that_cannot_be_is_refused_before_the_work(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ViewerError, match=said):
        figure(Scene(), tmp_path / name)


def test_dark_theme(subject: Subject) -> None:
    image = pixels(draw(subject, view_of(subject, "posterior", theme="dark"), SIZE))
    assert image[5, 150:200].max() < 60
    assert red(image).any()


def test_the_file_carries_licence_credits_and_scene(subject: Subject, tmp_path: Path) -> None:
    scene = view_of(subject, "anterior", peel=1)
    path = tmp_path / "figure.png"
    save(draw(subject, scene, SIZE), path, subject, scene)
    with Image.open(path) as picture:
        picture.load()
        about = dict(picture.info)
        assert picture.size == SIZE
    assert about["Title"] == "A body of spheres"
    assert about["Author"] == "The Ischia contributors"
    assert "CC0-1.0" in about["Copyright"]
    assert "https://example.org/spheres" in about["Source"]
    assert Scene.parse(json.loads(about["ischia:scene"])) == scene
    assert "CC0-1.0" in credit_line(subject, shown(subject, scene))
    assert [entry.name for entry in tmp_path.iterdir()] == ["figure.png"]


def test_same_scene_same_picture(subject: Subject) -> None:
    scene = view_of(subject, "oblique", labels="all")
    first, second = (pixels(draw(subject, scene, SIZE)) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("aspect", [0.5, 1.0, 1.6])
def test_camera_looks_where_the_view_says(subject: Subject, aspect: float) -> None:
    landmarks = subject.document.landmarks
    found = pose(Camera(view="posterior"), subject.catalogue, landmarks, aspect)
    assert found.position[1] > found.target[1], "the eye is behind the body"
    assert np.allclose(found.target, target("posterior", subject.catalogue, landmarks))
    distance = float(np.linalg.norm(found.position - found.target))
    assert distance == pytest.approx(subject.catalogue.views["posterior"].distance * max(1.0, 1 / aspect))
    hand = Camera(view=None, position=(1.0, 2.0, 3.0), target=(0.0, 0.0, 0.0))
    assert np.allclose(pose(hand, subject.catalogue, landmarks, aspect).position, (1, 2, 3))


def test_a_view_brings_its_cut(texts: Catalogue) -> None:
    assert with_view(Scene(), "medial", texts).cut is not None
    assert with_view(Scene(), "posterior", texts).cut is None


def test_striae_run_along_the_fibres_and_close_around_the_belly() -> None:
    """Along u the colour hardly changes, across it does; at the seam v = 0 it goes on as everywhere else."""
    u, v = np.meshgrid(np.linspace(0.1, 0.9, 80), np.arange(400) / 400, indexing="ij")
    ball = sphere((0, 0, 0), 40.0)
    grid = Surface(ball.vertices, ball.triangles, ball.normals, np.stack([u.ravel(), v.ravel()], axis=1))
    noise = striation(grid, 1).reshape(80, 400)
    along, across = np.abs(np.diff(noise, axis=0)).mean() * 80, np.abs(np.diff(noise, axis=1)).mean() * 400
    assert across > 4 * along
    seam = np.abs(noise[:, 0] - noise[:, -1]).mean()
    assert seam < 2 * np.abs(np.diff(noise, axis=1)).mean()


def test_refining_keeps_the_shape_and_makes_triangles_small() -> None:
    ball = sphere((0, 0, 0), 40.0)
    fine = refined(ball, edge_mm=2.0)
    assert len(fine.triangles) >= 4 * len(ball.triangles)
    assert fine.uv is not None
    assert np.allclose(np.linalg.norm(fine.normals, axis=1), 1.0)
    radii = np.linalg.norm(fine.vertices, axis=1)
    assert radii.max() <= 40.0 + 1e-9
    assert radii.min() > 39.0
    beside = fine.uv[(np.abs(fine.vertices[:, 1]) < 0.5) & (fine.vertices[:, 0] > 20), 1]
    assert (np.minimum(beside, 1 - beside) < 0.01).all(), "v is halved across its seam as a direction"
    edges = np.sort(
        np.concatenate([fine.triangles[:, [0, 1]], fine.triangles[:, [1, 2]], fine.triangles[:, [2, 0]]]), axis=1
    )
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all(), "still closed"


def test_tendon_is_pale_and_belly_is_red() -> None:
    ball = sphere((0, 0, 0), 40.0)
    ball.tendon = (ball.vertices[:, 2] > 0).astype(float)
    colours = vertex_colours(ball, "muscle", 7).astype(float)
    tendon, belly = colours[ball.tendon == 1].mean(axis=0), colours[ball.tendon == 0].mean(axis=0)
    assert belly[0] > 2 * belly[1]
    assert tendon.min() > 0.75 * tendon.max()
    assert tendon.mean() > 180
