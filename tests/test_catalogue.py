"""The catalogue: the annotations as the page gets them."""

import json

import numpy as np
import pytest

import annotations
from annotations.catalogue import Catalogue, LandmarkCard, StructureCard, catalogue
from viewer.scene import Scene


@pytest.fixture(scope="module")
def page() -> Catalogue:
    return catalogue()


def test_it_survives_json_unchanged(page: Catalogue) -> None:
    text = page.model_dump_json()
    assert Catalogue.model_validate_json(text) == page
    assert Catalogue.model_validate(json.loads(text)).model_dump_json() == text


def test_it_is_the_same_every_time_and_small(page: Catalogue) -> None:
    assert catalogue().model_dump_json() == page.model_dump_json()
    assert len(page.model_dump_json().encode()) < 300_000


def test_it_holds_everything_the_annotations_hold(page: Catalogue) -> None:
    data = annotations.load()
    assert (page.version, page.language) == (1, "en")
    assert list(page.structures) == list(data.structures)
    assert list(page.landmarks) == list(data.landmarks)
    assert list(page.views) == list(data.views)
    assert list(page.references) == list(data.references)
    assert page.plates == data.plates
    assert page.measures == data.measures
    assert page.trigger_points == data.trigger_points
    assert page.safety == data.safety
    card = page.structures["piriformis"]
    assert card.names.latin == "musculus piriformis"
    assert card.reviewed_by is None
    assert card.attachments == data.structures["piriformis"].attachments
    assert card.notes == data.structures["piriformis"].notes


def test_keys_are_the_ids_of_what_they_lead_to(page: Catalogue) -> None:
    for group in (page.structures, page.landmarks, page.views):
        assert all(key == entry.id for key, entry in group.items())
    assert all(key == entry.key for key, entry in page.references.items())


def test_a_doubtful_identifier_is_never_a_link(page: Catalogue) -> None:
    cards: list[StructureCard | LandmarkCard] = [*page.structures.values(), *page.landmarks.values()]
    every = [identifier for card in cards for identifier in card.identifiers]
    assert any(identifier.doubtful for identifier in every)
    for identifier in every:
        if identifier.doubtful or identifier.scheme in ("TA2", "TA98"):
            assert identifier.url is None
        else:
            assert identifier.url is not None
            assert identifier.url.startswith("https://")
            assert identifier.url.endswith(identifier.value)


def test_references_link_to_what_they_name(page: Catalogue) -> None:
    assert page.references["tomaszewski_2016"].url == "https://doi.org/10.1002/jor.23186"
    assert page.references["gray_1918"].url == "https://www.bartleby.com/107/"
    assert all(r.url is None for r in page.references.values() if r.kind in ("recalled", "project"))


RIGHT_OF_PICTURE = {
    "posterior": (-1, 0, 0),
    "anterior": (1, 0, 0),
    "right_lateral": (0, -1, 0),
    "left_lateral": (0, 1, 0),
    "inferior": (1, 0, 0),
    "superior": (-1, 0, 0),
    "medial": (0, 1, 0),
}


def test_views_are_right_handed_frames_that_show_the_right_side_where_it_belongs(page: Catalogue) -> None:
    assert set(page.views) == {*RIGHT_OF_PICTURE, "oblique"}
    for key, view in page.views.items():
        back, up = np.array(view.direction), np.array(view.up)
        right = np.cross(up, back)
        assert np.allclose([np.linalg.norm(back), np.linalg.norm(up), np.linalg.norm(right)], 1.0, atol=1e-3), key
        assert np.isclose(np.linalg.det([right, up, back]), 1.0, atol=1e-3), key
        if key in RIGHT_OF_PICTURE:
            assert np.allclose(right, RIGHT_OF_PICTURE[key], atol=1e-6), key
        assert 500 < view.distance < 2000


def test_views_look_at_places_not_at_lines(page: Catalogue) -> None:
    for key, view in page.views.items():
        assert view.target_landmarks, key
        for sided in view.target_landmarks:
            assert page.landmarks[sided.partition(".")[0]].form != "line", f"{key}: {sided}"


def test_the_oblique_view_is_from_behind_and_from_the_right(page: Catalogue) -> None:
    x, y, z = page.views["oblique"].direction
    assert x < -0.3
    assert y > 0.3
    assert 0 < z < 0.5
    assert page.views["oblique"].up[2] > 0.9


def test_the_medial_view_takes_away_the_half_that_stands_before_it(page: Catalogue) -> None:
    view = page.views["medial"]
    assert view.cut is not None
    assert np.dot(view.cut.normal, view.direction) == 1.0
    assert view.cut.offset == 0.0
    assert [key for key, other in page.views.items() if other.cut] == ["inferior", "medial"]


def test_the_view_from_below_takes_away_the_thighs_between_it_and_the_pelvis(page: Catalogue) -> None:
    cut = page.views["inferior"].cut
    assert cut is not None
    assert cut.normal == page.views["inferior"].direction, "what is taken away lies towards the eye"
    assert 60 < cut.offset < 150, "below the tuberosities, above the knees (mm)"


def test_plates_are_scenes_of_structures_that_exist(page: Catalogue) -> None:
    data = annotations.load()
    known = {sided for name in data.structures for sided in data.sided_ids(name)}
    assert [plate.id for plate in page.plates] == ["lateral_rotators", "glutei_attachments"]
    for plate in page.plates:
        scene = Scene.parse(plate.scene, plate.id)
        assert scene.isolated
        assert {*scene.isolated, *scene.opacity} <= known, plate.id
        assert set(scene.opacity) <= set(scene.isolated)
        assert scene.camera.view in page.views
        assert scene.footprints == scene.labels == "all"


def test_the_plates_show_what_their_captions_name(page: Catalogue) -> None:
    for plate in page.plates:
        shown = {name.split(".")[0] for name in Scene.parse(plate.scene).isolated}
        text = " ".join([plate.caption, *(statement.text for statement in plate.statements)]).casefold()
        muscles = {name for name in shown if page.structures[name].kind in ("muscle", "nerve")}
        named = {name for name in muscles if page.structures[name].names.english.split(" ")[-1].casefold() in text}
        assert muscles - named <= {"tibial_division", "common_fibular_division"}, plate.id


def test_variants_come_in_their_order_words_first(page: Catalogue) -> None:
    assert list(page.variants)[:3] == ["A", "B", "B_apart"]
    assert all(key == variant.id for key, variant in page.variants.items())
    assert all(variant.letter != variant.name for variant in page.variants.values())
    assert page.variant_notes
    assert page.any_variant
    assert page.same_on_both_sides


def test_a_language_that_is_not_there_is_told() -> None:
    with pytest.raises(annotations.AnnotationError, match='no language "xx"; there are: en'):
        catalogue("xx")


def test_evidence_levels_explain_themselves_in_one_friendly_sentence(page: Catalogue) -> None:
    for level in page.evidence_levels:
        assert level.explanation.endswith(".")
        assert level.explanation.count(". ") == 0


def test_credits_name_who_made_what_under_which_terms(page: Catalogue) -> None:
    lines = {credit.id: credit for credit in page.credits}
    assert lines["population_bones"].license == "MPL-2.0"
    assert "CC BY-SA 2.1" in lines["bodyparts3d"].license
    assert "Database Center for Life Science" in lines["bodyparts3d"].text
    assert lines["annotations"].license == "CC BY 4.0"
