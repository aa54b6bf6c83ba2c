"""Muscles of one's own: closed solids out of broken surfaces, the modeller's rings on them, and what keeps clear."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.forms import RibbonForm, read_form
from meshes.atlas import Surface
from meshes.body import Body
from meshes.crossings import crossing_triangles
from meshes.distance import signed_distance
from meshes.grown import Grown
from meshes.loft import faces_of
from meshes.mended import MendError, mended
from meshes.modeller import ModellerError, fit_given, grow, parts_of, solve
from meshes.surface import is_closed, joined, volume_mm3
from meshes.workshop import Workshop
from meshes.worn import apart, worn
from tests import solids
from tests.test_modeller_solve import MUSCLE, NERVE, three_balls

Array = NDArray[np.float64]


def surface(vertices: Array, triangles: NDArray[np.int64]) -> Surface:
    return Surface(vertices, triangles, np.zeros_like(vertices))


@pytest.fixture(scope="module")
def belly() -> Surface:
    """A belly 60 mm long, 24 wide and 16 thick."""
    ball = solids.ball(1.0, fineness=4)
    return surface(ball.vertices * [30.0, 12.0, 8.0], ball.triangles)


def broken(belly: Surface, how: str) -> Surface:
    vertices, triangles = belly.vertices, belly.triangles
    if how == "turned":
        return surface(vertices, triangles[:, ::-1])
    if how == "turned here and there":
        other = np.arange(len(triangles)) % 3 == 0
        return surface(vertices, np.where(other[:, None], triangles[:, ::-1], triangles))
    if how == "unwelded":
        return surface(vertices[triangles].reshape(-1, 3), np.arange(3 * len(triangles)).reshape(-1, 3))
    if how == "open":
        hole = np.linalg.norm(vertices[triangles].mean(axis=1) - [0.0, 0.0, 8.0], axis=1) < 3.0
        return surface(vertices, triangles[~hole])
    if how == "flaky":
        flake = surface(np.array([[0.0, 0, 30], [2, 0, 30], [0, 2, 30]]), np.array([[0, 1, 2]]))
        fin = surface(
            np.concatenate([vertices, [[0.0, 0, 20]]]),
            np.concatenate([triangles, [[*triangles[0, :2], len(vertices)]]]),
        )
        return joined([fin, flake])
    assert how == "double"
    return joined([belly, surface(0.9 * vertices, triangles[:, ::-1])])


@pytest.mark.parametrize("how", ["turned", "turned here and there", "unwelded", "open", "flaky", "double"])
def test_a_broken_belly_becomes_the_closed_solid_that_it_was(belly: Surface, how: str) -> None:
    whole = mended(broken(belly, how))
    assert is_closed(whole.triangles)
    assert volume_mm3(*whole.solid) == pytest.approx(volume_mm3(belly.vertices, belly.triangles), rel=0.02)
    off = np.abs(signed_distance(whole.vertices, belly.vertices, belly.triangles))
    assert off.max() < (0.3 if how == "open" else 1e-3)
    assert bool(whole.done) == (how in ("open", "flaky", "double")), "what was left out, closed or made anew is told"


def test_a_sound_surface_is_left_as_it_is(belly: Surface) -> None:
    whole = mended(belly)
    assert whole.done == ()
    assert len(whole.triangles) == len(belly.triangles)
    assert np.abs(signed_distance(whole.vertices, belly.vertices, belly.triangles)).max() < 1e-3


def test_what_encloses_nothing_is_refused(belly: Surface) -> None:
    sheet = surface(np.array([[0.0, 0, 0], [9, 0, 0], [0, 9, 0], [9, 9, 0]]), np.array([[0, 1, 2], [1, 3, 2]]))
    with pytest.raises(MendError, match="encloses no space"):
        mended(sheet)
    with pytest.raises(MendError, match="no triangle"):
        mended(surface(belly.vertices, belly.triangles[:0]))


@pytest.fixture(scope="module")
def body() -> Body:
    return three_balls()


@pytest.fixture(scope="module")
def form() -> RibbonForm:
    read = read_form(MUSCLE, "strap.yaml")
    assert isinstance(read, RibbonForm)
    return read


@pytest.fixture(scope="module")
def grown(body: Body, form: RibbonForm) -> Grown:
    return grow(form, Workshop(body, "right"))


@pytest.fixture(scope="module")
def own(grown: Grown) -> tuple[Array, NDArray[np.int64]]:
    """Somebody's own strap: larger, fuller behind, lying lower, with other triangles and a blunt end."""
    vertices, triangles = grown.solid
    middle = vertices.mean(axis=0)
    bulge = 4.0 * np.exp(-(((vertices[:, 0] - middle[0]) / 15.0) ** 2))
    moved = middle + (vertices - middle) * [1.05, 1.25, 1.2] + np.stack([0 * bulge, bulge, -2.0 + 0 * bulge], axis=1)
    return moved, triangles


def test_a_worn_muscle_has_the_own_surface_and_the_fibres_of_the_grown_one(
    grown: Grown, own: tuple[Array, NDArray[np.int64]]
) -> None:
    dressed = worn(grown, own)
    vertices, triangles = dressed.solid
    assert dressed.grid.shape == grown.grid.shape
    assert dressed.ribbon.shape == grown.ribbon.shape
    assert is_closed(triangles)
    assert len(crossing_triangles(vertices, triangles, 0.2)) == 0
    assert np.abs(signed_distance(vertices, *own)).max() < 0.2, "its rings lie on the own surface"
    off = apart(dressed, own)
    assert off.median < 0.1
    assert off.percentile_95 < 0.5
    assert volume_mm3(vertices, triangles) == pytest.approx(volume_mm3(*own), rel=0.05)
    line, usual = dressed.grid.mean(axis=1), grown.grid.mean(axis=1)
    along = np.diff(line, axis=0)
    assert (along @ (usual[-1] - usual[0]) > 0.0).all(), "ring follows ring from origin to insertion"
    step = np.linalg.norm(along, axis=1)
    assert step[2:-2].max() < 2.5 * np.median(step), "and they are evenly spaced"
    assert np.einsum("ijk,ijk->ij", dressed.normals, grown.normals).mean() > 0.7, "the same face is superficial"
    upper, lower = faces_of(dressed.grid)
    assert ((upper - lower)[:, 2:-2].mean(axis=1)[4:-4] @ [0.0, 1.0, 0.0] > 0.0).all()
    assert np.sign((dressed.ribbon[:, -1] - dressed.ribbon[:, 0]).mean(axis=0)[2]) == np.sign(
        (grown.ribbon[:, -1] - grown.ribbon[:, 0]).mean(axis=0)[2]
    ), "the first fibre is the same"


def test_a_surface_without_two_ends_is_refused(body: Body, form: RibbonForm) -> None:
    ball = solids.ball(0.2, (-50.0, 60.0, 0.0), fineness=1)
    workshop = Workshop(body, "right", {"strap.right": (ball.vertices, ball.triangles)})
    with pytest.raises(ModellerError, match="strap: the surface given is not this structure"):
        fit_given(form, workshop)


def test_what_is_given_for_the_other_side_changes_nothing(
    body: Body, form: RibbonForm, grown: Grown, own: tuple[Array, NDArray[np.int64]]
) -> None:
    for given in ({}, {"strap.left": own}):
        again = solve(body, {"strap": form}, "right", given=given)[0].parts[0].surface
        assert np.array_equal(again.vertices, parts_of(grown, "right")[0].surface.vertices)


def test_a_given_muscle_is_worn_as_it_is_and_a_nerve_keeps_clear_of_what_has_no_form(
    body: Body, form: RibbonForm, own: tuple[Array, NDArray[np.int64]]
) -> None:
    strap = solve(body, {"strap": form}, "right", given={"strap.right": own})[0].parts[0].surface
    assert np.abs(signed_distance(strap.vertices, *own)).max() < 0.2, "no bundles are raised on it"
    cushion = solids.ball(8.0, (-60.0, 33.0, 61.0), fineness=4)
    solid = cushion.vertices, cushion.triangles
    nerve = read_form(NERVE, "cord.yaml")
    for given, kept in (({}, False), ({"cushion.right": solid}, True)):
        laid = solve(body, {"cord": nerve}, "right", given=given)
        least = min(float(signed_distance(one.parts[0].surface.vertices, *solid).min()) for one in laid)
        assert (least > 0.25) if kept else (least < -1.0)
