"""What is said to a client: plain, calm, short enough to be read aloud, and never without what stands behind it."""

from __future__ import annotations

import re

import pytest

from annotations.catalogue import catalogue
from annotations.loading import load
from annotations.safety import Advice
from annotations.statement import EvidenceLevel, Mark
from annotations.trigger_point import MUSCLES

DATA = load()
POINTS = DATA.trigger_points
SAFETY = DATA.safety

JARGON = re.compile(
    r"\b(palpat|refer|isch(a?)emi|syndrome|spasm|adhesion|fascia\b|trochanter|tuberosity|iliac|posterior|anterior|"
    r"lateral|medial|proximal|distal|caudal|cranial|trigger point|myofascial|nocicept|entrap|radicul|aetiolog)",
    re.IGNORECASE,
)
FRIGHTENING = re.compile(
    r"\b(damag|injur|torn|tear|ruptur|danger|severe|chronic|suffer|degenerat|inflam|pinch|trapp|abnormal|defect|"
    r"deform|crippl|paraly|agony|excruciat|wear and tear|out of place)",
    re.IGNORECASE,
)


def client_texts() -> dict[str, str]:
    """Everything that a client reads or hears of a trigger point or a region."""
    found = {f"{id_}: {name}": getattr(point, name) for id_, point in POINTS.items() for name in ("where", "plain")}
    found |= {f"{id_}: why": point.self_care.why for id_, point in POINTS.items()}
    found |= {
        f"{region.id}: {name}": getattr(region, name) for region in DATA.pain_regions for name in ("name", "words")
    }
    found |= {point.muscle: DATA.structures[point.muscle].plain for point in POINTS.values()}
    return found


@pytest.mark.parametrize(("name", "text"), client_texts().items())
def test_what_a_client_reads_is_plain_and_calm(name: str, text: str) -> None:
    assert not JARGON.search(text), f"{name}: {JARGON.search(text)}"
    assert not FRIGHTENING.search(text), f"{name}: {FRIGHTENING.search(text)}"


@pytest.mark.parametrize("id_", POINTS)
def test_what_is_read_aloud_is_a_few_short_sentences(id_: str) -> None:
    sentences = re.split(r"(?<=[.?!])\s+", POINTS[id_].plain)
    assert 2 <= len(sentences) <= 4
    assert max(len(sentence.split()) for sentence in sentences) <= 32
    assert not re.search(r"\b(will|must|cause[sd]?|cures?|heals?)\b", POINTS[id_].plain), (
        "people describe, nothing is sure"
    )


def test_every_muscle_has_words_for_a_client_too() -> None:
    muscles = {key for key, structure in DATA.structures.items() if structure.kind == "muscle"}
    assert {point.muscle for point in POINTS.values()} <= muscles
    for muscle in muscles:
        assert len(DATA.structures[muscle].plain.split()) >= 12, muscle


def test_red_flags_come_the_most_urgent_first_each_with_what_to_do() -> None:
    urgency = [flag.urgency for flag in SAFETY.red_flags]
    order = ("emergency", "urgent", "see_someone")
    assert urgency == sorted(urgency, key=order.index)
    assert set(urgency) == set(order)
    said = " ".join(flag.sign for flag in SAFETY.red_flags).lower()
    for sign in (
        "numbness between the legs",
        "urine",
        "both legs",
        "weaker",
        "foot that drops",
        "fever",
        "calf",
        "breath",
    ):
        assert sign in said, sign
    for flag in SAFETY.red_flags:
        assert re.match(r"(Go|Call|See|Make|Have)\b", flag.action), flag.id
        assert "!" not in flag.sign + flag.action, "calm"


def test_stopping_is_said_in_the_words_of_what_one_feels() -> None:
    said = " ".join(advice.text for advice in SAFETY.stop)
    for word in ("tingles", "numb", "shoots", "sharp"):
        assert word in said


def test_a_therapist_finds_hands_cups_tools_larger_bodies_and_the_clients_choice() -> None:
    assert {advice.id for advice in SAFETY.therapist} >= {
        "choice_of_clothing",
        "larger_bodies",
        "hands",
        "cups",
        "tools",
    }
    choice = next(advice for advice in SAFETY.therapist if advice.id == "choice_of_clothing")
    for word in ("Clothed", "unclothed", "sheet", "client's choice"):
        assert word in choice.text


def test_every_time_that_is_named_says_who_says_so() -> None:
    """The published trial, what practitioners say and what massage therapists write stand beside each other."""
    doses = {advice.id: advice for advice in SAFETY.dose}
    assert doses["half_a_minute"].statement.evidence == doses["minutes"].statement.evidence == "expert_convention"
    assert doses["trial"].statement.evidence == "contested"
    for point in POINTS.values():
        if point.self_care.verdict == "zone":
            said = " ".join(statement.text for statement in point.self_care.how)
            assert "seconds" in said
            assert "the other side" in said
            assert "straight or bent" in said


def test_no_clinician_has_reviewed_any_of_it_yet_and_it_says_so() -> None:
    """Once one has, this test names what is left; a name is set by that person alone."""
    assert SAFETY.reviewed_by is None
    assert all(point.reviewed_by is None for point in POINTS.values())


def test_claims_on_trigger_points_claim_no_more_than_their_sources() -> None:
    weak: set[EvidenceLevel] = {"expert_convention", "contested", "case_reports", "pooled_prevalence"}
    for id_, point in POINTS.items():
        for statement in point.statements():
            assert statement.evidence in weak, f"{id_}: {statement.text}"
        assert "trigger_point_delphi_2018" in point.zone_source.sources or point.zone_source.evidence == "case_reports"
    recalled: Mark = "recalled"
    assert any(statement.mark == recalled for point in POINTS.values() for statement in point.statements())
    square = POINTS["quadratus_femoris.1"]
    assert {statement.evidence for statement in (square.location, square.zone_source)} == {"case_reports"}


def test_what_is_not_self_care_is_called_so() -> None:
    inside = POINTS["obturator_internus.1"]
    assert inside.shown == "zones_only"
    assert inside.self_care.verdict == "no_zone"
    assert "no self-care" in inside.self_care.why
    assert POINTS["quadratus_lumborum.1"].shown == "text_only"


def test_advice_has_an_id_of_its_own() -> None:
    groups: list[list[Advice]] = [SAFETY.stop, SAFETY.ask_first, SAFETY.never_press, SAFETY.dose, SAFETY.ways]
    ids = [advice.id for group in [*groups, SAFETY.therapist] for advice in group]
    assert len(set(ids)) == len(ids)


def test_the_page_gets_the_points_by_muscle_and_the_regions_in_their_order() -> None:
    page = catalogue()
    muscles = [point.muscle for point in page.trigger_points.values()]
    assert list(dict.fromkeys(muscles)) == list(MUSCLES)
    assert page.pain_regions == DATA.pain_regions
    often = {id_: point.often for id_, point in page.trigger_points.items() if point.often != "usual"}
    assert often == {"gluteus_maximus.2": "most", "gluteus_medius.3": "rare"}
