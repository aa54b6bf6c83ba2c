"""From pain to muscle: the rule on cases that the page is tested on too."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from meshes.atlas import Surface
from meshes.marks import PointMarks
from meshes.pain import pressed, referrals, vertex_areas

CASES = json.loads((Path(__file__).parent / "data" / "pain_cases.json").read_text(encoding="utf-8"))
SKIN = Surface(*(np.array(CASES["skin"][name]) for name in ("vertices", "triangles", "normals")))
POINTS = {
    id_: {
        side: cast(PointMarks, SimpleNamespace(zones=[SimpleNamespace(**zone) for zone in one["zones"]]))
        for side, one in sides.items()
    }
    for id_, sides in CASES["points"].items()
}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["what"])
def test_the_cases_that_the_page_is_tested_on(case: dict[str, Any]) -> None:
    if "press" in case:
        assert pressed(SKIN, case["press"]["vertex"], case["press"]["radius"]).tolist() == case["marked"]
    found = referrals(case["marked"], vertex_areas(SKIN), POINTS)
    assert [(one.id, list(one.sides)) for one in found] == [(one["id"], one["sides"]) for one in case["referrals"]]
    for one, wanted in zip(found, case["referrals"], strict=True):
        assert (one.score, one.share) == pytest.approx((wanted["score"], wanted["share"]), abs=1e-5)


def test_areas_of_the_vertices_add_up_to_that_of_the_skin() -> None:
    areas = vertex_areas(SKIN)
    assert areas == pytest.approx(CASES["areas"], abs=1e-5)
    assert areas.sum() == pytest.approx(100.0 * 100.0 + 20.0 * 20.0)


def test_a_place_that_is_a_zone_scores_one_and_half_of_it_less() -> None:
    zone = CASES["points"]["broad.1"]["right"]["zones"][0]["vertices"]
    areas = vertex_areas(SKIN)
    whole = {one.id: one for one in referrals(zone, areas, POINTS)}
    half = {one.id: one for one in referrals(zone[: len(zone) // 2], areas, POINTS)}
    assert whole["broad.1"].score == pytest.approx(1.0)
    assert half["broad.1"].score == pytest.approx(np.sqrt(0.5), abs=0.02)
    assert half["broad.1"].share == pytest.approx(1.0)
