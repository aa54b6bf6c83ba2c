"""Lofted surfaces: closed, turned outward, clear of what lies beneath, and split without loss."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from annotations.forms import Relief, Split, Tendon
from meshes.cleft import cut_heads
from meshes.contact import lay_end, relieve
from meshes.distance import DistanceField, signed_distance
from meshes.grown import around_fraction, closed, outward_normals, surface_of, tendon_mask, with_relief
from meshes.loft import clear_faces, faces_of, push_clear, push_exactly, ring_grid, sheet
from meshes.ribbon import straight
from meshes.surface import is_closed, volume_mm3
from tests import solids

LENGTH, WIDTH, THICK = 100.0, 40.0, 10.0


def flat_ribbon(height: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    z = np.linspace(-WIDTH / 2, WIDTH / 2, 9)
    origin = np.stack([np.full(9, -LENGTH / 2), np.full(9, height), z], axis=-1)
    ribbon = straight(origin, origin * [-1.0, 1.0, 1.0], [], 21)
    return ribbon, np.broadcast_to([0.0, 1.0, 0.0], ribbon.shape).copy()


def slab(deep: float = 0.5, edge: float = 1.0) -> np.ndarray:
    ribbon, normals = flat_ribbon()
    return ring_grid(sheet(ribbon, normals, np.full((21, 9), THICK), deep, edge, 40, 48))


def test_the_loft_is_closed_outward_and_of_the_volume_of_its_section() -> None:
    vertices, triangles = closed(slab())
    assert is_closed(triangles)
    # edge 1: thickness T sin θ over z = -(W/2) cos θ is half an ellipse on either face
    assert volume_mm3(vertices, triangles) == pytest.approx(np.pi / 4 * WIDTH * THICK * LENGTH, rel=0.01)


def test_fuller_edges_hold_more() -> None:
    assert volume_mm3(*closed(slab(edge=0.5))) > 1.1 * volume_mm3(*closed(slab(edge=1.0)))


def test_the_deep_part_of_the_thickness_is_on_the_deep_face() -> None:
    superficial, deep = faces_of(slab(deep=0.2))
    assert superficial[..., 1].max() == pytest.approx(8.0, abs=0.05)
    assert deep[..., 1].min() == pytest.approx(-2.0, abs=0.05)


def test_normals_point_outward_and_are_unit() -> None:
    for grid in (slab(), slab()[:, ::-1]):
        normals = outward_normals(grid)
        assert np.allclose(np.linalg.norm(normals, axis=2), 1.0, atol=1e-6)
        outward = grid * [0.0, 1.0, 1.0]
        assert np.einsum("ijk,ijk->ij", normals[2:-2], outward[2:-2]).min() > 0


def test_faces_are_lifted_over_a_thin_neighbour_instead_of_swallowing_it() -> None:
    neighbour = solids.cube(30.0)
    flat = neighbour.vertices * [1.0, 0.1, 1.0] + [0.0, -2.0, 0.0]  # a plate 3 mm thick inside the belly's deep half
    field = DistanceField.of_surface(flat, neighbour.triangles, spacing=1.0, margin=8.0)
    ribbon, normals = flat_ribbon(height=1.5)
    faces = sheet(ribbon, normals, np.full((21, 9), 16.0), 0.5, 0.6, 60, 64)
    assert faces.deep[30, 16, 1] < -3.5, "without lifting, the plate would lie inside"
    clear = clear_faces(faces, [(field, 0.3)], 0.5, (0.1, 0.1))
    grid = push_exactly(push_clear(ring_grid(clear), [(field, 0.3)]), [(flat, neighbour.triangles)], 0.3)
    assert signed_distance(grid[1:-1].reshape(-1, 3), flat, neighbour.triangles).min() > 0.29
    plate_inside = signed_distance(flat, *closed(grid))
    assert plate_inside.min() > -0.8, "only its sharp corners may show between two rows"
    assert (clear.rise + clear.drop).min() >= -1e-9


def test_an_end_is_laid_onto_bone_and_no_deeper_than_asked() -> None:
    ball = solids.ball(30.0, (-LENGTH / 2 - 27.0, 0, 0))
    field = DistanceField.of_surface(ball.vertices, ball.triangles)
    laid = lay_end(slab(), [field], [(ball.vertices, ball.triangles)], 0.2, 0.15, distal=False)
    depth = signed_distance(laid[0], ball.vertices, ball.triangles)
    assert np.allclose(depth, -0.2, atol=0.02)
    assert np.allclose(laid[20:], slab()[20:]), "the rest of the belly stays"


def test_an_end_on_the_rim_of_thin_bone_stays_on_one_face() -> None:
    """A sheet fixed 1 mm from the rim of a plate 3 mm thick neither goes round the rim nor leaves teeth."""
    plate = trimesh.creation.box((40.0, 3.0, 60.0), transform=trimesh.transformations.translation_matrix((-19.0, 0, 0)))
    fine = plate.subdivide_to_size(2.0)
    bone = np.asarray(fine.vertices, float), np.asarray(fine.faces, np.int64)
    field = DistanceField.of_surface(*bone, spacing=1.0, margin=12.0)
    grid = slab()
    grid = grid - [grid[0, :, 0].min(), 0.0, 0.0]
    grid = grid * [1.0, 2.5 / THICK, 1.0] + [0.0, 1.5, 0.0]
    laid = lay_end(grid, [field], [bone], 0.2, 0.15, distal=False, rim=0.5)
    freed = relieve(laid, [(field, bone)], 0.25)
    assert (freed[0, :, 1] > 1.0).all(), "all of the end on the face on which its middle lies"
    steps = np.linalg.norm(np.diff(np.concatenate([freed[0], freed[0][:1]]), axis=0), axis=1)
    assert steps[1:-1].max() < 3.0 * np.median(steps) + 0.5


def test_an_edge_that_meets_something_beside_it_does_not_stand_up() -> None:
    """A wall beside the edge of a sheet pushes it aside; lifted over the wall, the edge would stand up like a flag."""
    ribbon = np.stack(np.meshgrid(np.linspace(0, 60, 21), [0.0], np.linspace(-12, 12, 9), indexing="ij"), -1)[:, 0]
    normals = np.broadcast_to([0.0, 1.0, 0.0], ribbon.shape)
    faces = sheet(ribbon, normals, np.full((21, 9), 4.0), 0.5, 0.6, 40, 48)
    wall = trimesh.creation.box((100.0, 60.0, 4.0), transform=trimesh.transformations.translation_matrix((30, 0, 13.5)))
    field = DistanceField.of_surface(np.asarray(wall.vertices, float), np.asarray(wall.faces, np.int64), 1.0, 10.0)
    clear = clear_faces(faces, [(field, 0.3)], 0.5, (0.01, 0.01))
    assert np.abs(clear.superficial[..., 1]).max() < 6.0


def test_heads_abut_and_hold_together_what_the_whole_held() -> None:
    grid = slab(edge=0.7)
    place = np.broadcast_to(around_fraction(grid), grid.shape[:2])
    channels = np.concatenate([grid, outward_normals(grid), place[..., None], 0 * place[..., None]], axis=2)
    heads = [surface_of(ring) for ring in cut_heads(channels, Split(s=0.5, gap=0.2, names=("upper", "lower")))]
    volumes = [volume_mm3(head.vertices, head.triangles) for head in heads]
    assert all(is_closed(head.triangles) for head in heads)
    whole = volume_mm3(*closed(grid))
    assert sum(volumes) == pytest.approx(whole - 0.2 * THICK * LENGTH, rel=0.01)
    assert heads[0].vertices[:, 2].max() == pytest.approx(-0.1, abs=0.02)
    assert heads[1].vertices[:, 2].min() == pytest.approx(0.1, abs=0.02)
    for head in heads:
        seam = np.abs(np.abs(head.vertices[:, 2]) - 0.1) < 0.02
        back = seam & (head.vertices[:, 1] > 4.5)
        along = np.unique(head.vertices[back, 0].round(6))
        assert len(along) > 10
        for x in along:
            here = back & (np.abs(head.vertices[:, 0] - x) < 1e-5)
            assert head.normals[here, 1].max() > 0.9, "outer faces keep the normals of the whole, so no seam is seen"


def test_u_and_v_run_from_end_to_end_and_from_edge_to_edge() -> None:
    grid = slab()
    place = np.broadcast_to(around_fraction(grid), grid.shape[:2])
    surface = surface_of(np.concatenate([grid, outward_normals(grid), place[..., None], 0 * place[..., None]], axis=2))
    assert surface.uv is not None
    u, v = surface.uv.T
    assert u.min() == 0.0
    assert u.max() == 1.0
    assert v.min() == 0.0
    assert v.max() == pytest.approx(1.0)
    assert np.corrcoef(u, surface.vertices[:, 0])[0, 1] > 0.999
    assert np.corrcoef(v, surface.vertices[:, 2])[0, 1] > 0.98


def test_tendon_lies_at_the_ends_only_and_its_border_wanders_little() -> None:
    mask = tendon_mask(100, 64, Tendon(proximal=0.1, distal=0.8, softness=0.03, ragged=0.01), seed=3)
    assert mask.min() == 0.0
    assert mask.max() == 1.0
    assert (mask[:5] > 0.9).all()
    assert (mask[-12:] > 0.9).all()
    assert (mask[20:70] == 0.0).all()
    border = np.argmax(mask[40:] > 0.5, axis=0) + 40
    assert np.ptp(border) <= 8
    assert (tendon_mask(10, 16, Tendon(whole=True), seed=1) == 1.0).all()
    assert (tendon_mask(10, 16, Tendon(), seed=1) == 0.0).all()


def test_relief_leaves_the_deep_face_and_the_ends_alone() -> None:
    grid = slab()
    raised = with_relief(grid, Relief(height=0.5, bundles=8), seed=2)
    moved = np.linalg.norm(raised - grid, axis=2)
    half = grid.shape[1] // 2
    assert moved[:, half:].max() < 1e-9
    assert moved[[0, -1]].max() < 1e-9
    assert 0.2 < moved[:, 1:half].max() < 2.5
    assert np.array_equal(with_relief(grid, Relief(height=0.5, bundles=8), seed=2), raised), "the same every time"
