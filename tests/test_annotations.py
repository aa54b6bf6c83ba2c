"""The annotations say true things, name their sources, and order the body as anatomists do."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

import annotations
from annotations.collection import Annotations, identifiers, statements
from annotations.cords import load_cords
from annotations.landmark import Landmark
from annotations.loading import DATA
from annotations.statement import IDENTIFIER_FORMS, Statement
from annotations.structure import Structure
from annotations.variant import variant_sources

DEEP_SIX = [
    "piriformis",
    "superior_gemellus",
    "obturator_internus",
    "inferior_gemellus",
    "quadratus_femoris",
    "obturator_externus",
]
CORE = """gluteus_maximus gluteus_medius gluteus_minimus tensor_fasciae_latae piriformis superior_gemellus
obturator_internus inferior_gemellus quadratus_femoris obturator_externus biceps_femoris_long_head semitendinosus
semimembranosus adductor_magnus quadratus_lumborum coccygeus iliotibial_tract sacrotuberous_ligament
sacrospinous_ligament posterior_sacroiliac_ligament obturator_membrane sacral_plexus sciatic_nerve tibial_division
common_fibular_division superior_gluteal_nerve inferior_gluteal_nerve posterior_femoral_cutaneous_nerve
pudendal_nerve nerve_to_quadratus_femoris nerve_to_obturator_internus hip_bone ilium ischium pubis sacrum coccyx
femur patella tibia fibula sacroiliac_joint pubic_symphysis skin"""
OPEN_SET = """iliacus psoas_major pectineus gracilis adductor_longus adductor_brevis adductor_minimus sartorius
rectus_femoris vastus_lateralis vastus_medialis vastus_intermedius biceps_femoris_short_head pubococcygeus
iliococcygeus puborectalis fourth_lumbar_vertebra fifth_lumbar_vertebra fourth_lumbar_intervertebral_disc
fifth_lumbar_intervertebral_disc"""
LANDMARKS = """iliac_crest asis aiis psis piis posterior_gluteal_line anterior_gluteal_line inferior_gluteal_line
greater_sciatic_notch ischial_spine lesser_sciatic_notch ischial_tuberosity obturator_foramen pubic_tubercle
pubic_symphysis greater_trochanter trochanteric_fossa intertrochanteric_crest quadrate_tubercle
intertrochanteric_line lesser_trochanter gluteal_tuberosity femoral_head_centre sacral_cornu
inferolateral_angle_of_sacrum sacral_promontory sacral_apex coccyx_apex adductor_tubercle gerdy_tubercle
fibular_head"""
FORAMINA = [f"{face}_sacral_foramen_{n}" for face in ("anterior", "posterior") for n in (1, 2, 3, 4)]
MIDLINE = {
    "sacrum",
    "coccyx",
    "pubic_symphysis",
    "skin",
    "fourth_lumbar_vertebra",
    "fifth_lumbar_vertebra",
    "fourth_lumbar_intervertebral_disc",
    "fifth_lumbar_intervertebral_disc",
}
VERIFIED_TA2 = {
    "gluteus_medius": "2599",
    "obturator_internus": "2605",
    "quadratus_femoris": "2608",
    "obturator_externus": "2636",
    "semitendinosus": "2641",
    "sacrotuberous_ligament": "1850",
    "sacrospinous_ligament": "1852",
    "psis": "1329",
    "greater_sciatic_notch": "1315",
    "ischial_tuberosity": "1342",
    "greater_trochanter": "1364",
    "nerve_to_obturator_internus": "6550",
    "nerve_to_quadratus_femoris": "6551",
}
DOUBTFUL_TA2 = {
    "gluteus_maximus": "2598",
    "gluteus_minimus": "2600",
    "tensor_fasciae_latae": "2602",
    "piriformis": "2604",
    "superior_gemellus": "2606",
    "inferior_gemellus": "2607",
    "biceps_femoris_long_head": "2638",
    "semimembranosus": "2642",
    "sciatic_nerve": "6569",
}
FRIGHTENING = re.compile(
    r"\b(syndrome|damag|patholog|injur|disease|disorder|lesion|degenerat|torn|tear|ruptur|inflam|compress|entrap|"
    r"pinch|trapp|abnormal|defect|deform|danger|risk|weak|pain|hurt|suffer|fractur|herniat|slipped|surgery|severe)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def data() -> Annotations:
    return annotations.load()


def entries(data: Annotations) -> Iterator[tuple[str, Structure | Landmark]]:
    yield from data.structures.items()
    yield from data.landmarks.items()


def all_statements(data: Annotations) -> Iterator[tuple[str, Statement]]:
    others: dict[str, BaseModel] = {
        **data.variants,
        **data.trigger_points,
        "variants": data.variant_overview,
        "safety": data.safety,
        "lines": data.lines,
        **{plate.id: plate for plate in data.plates},
        **{f"cords/{name}": cord for name, cord in load_cords().items()},
    }
    for name, entry in [*entries(data), *others.items()]:
        for path, statement in statements(entry):
            yield f"{name}{path}", statement


def test_the_shipped_annotations_have_no_fault() -> None:
    assert annotations.validate() == []


def test_every_structure_and_landmark_that_the_atlas_names_is_annotated(data: Annotations) -> None:
    assert set(data.structures) == {*CORE.split(), *OPEN_SET.split()}
    assert set(data.landmarks) == {*LANDMARKS.split(), *FORAMINA}


def test_what_lies_in_the_midline_is_not_paired_and_all_else_is(data: Annotations) -> None:
    assert {name for name, entry in data.structures.items() if not entry.paired} == MIDLINE
    assert {name for name, entry in data.landmarks.items() if not entry.paired} == {
        "pubic_symphysis",
        "sacral_promontory",
        "sacral_apex",
        "coccyx_apex",
    }
    assert data.sided_ids("piriformis") == ["piriformis.right", "piriformis.left"]
    assert data.sided_ids("sacrum") == ["sacrum"]
    assert data.sided_ids("anterior_sacral_foramen_2") == [
        "anterior_sacral_foramen_2.right",
        "anterior_sacral_foramen_2.left",
    ]


def test_every_claim_names_a_source_that_exists_and_carries_its_mark(data: Annotations) -> None:
    for where, statement in all_statements(data):
        kinds = [data.references[source].kind for source in statement.sources]
        assert kinds, where
        if statement.mark == "verified":
            assert not {"recalled", "project"} & set(kinds), f"{where}: verified, but from a source that was not opened"
        if statement.mark == "recalled":
            assert "recalled" in kinds, f"{where}: recalled, but from sources that were opened"
        if statement.mark == "derived":
            assert "ischia" in statement.sources, f"{where}: derived, but not by this project"


def test_every_reference_is_used(data: Annotations) -> None:
    used = {source for _, statement in all_statements(data) for source in statement.sources}
    used |= {identifier.source for _, entry in entries(data) for _, identifier in identifiers(entry)}
    used |= variant_sources(data.variants, data.variant_overview)
    used |= {measure.source for measure in data.measures} | {line.source for line in data.lines.lines}
    used |= {girth.source for girth in data.girths}
    assert set(data.references) == used


def test_evidence_levels_are_the_five_and_pooled_numbers_come_from_a_pooled_study(data: Annotations) -> None:
    assert [level.id for level in data.evidence_levels] == [
        "established_anatomy",
        "pooled_prevalence",
        "expert_convention",
        "contested",
        "case_reports",
    ]
    for where, statement in all_statements(data):
        if statement.evidence == "pooled_prevalence":
            texts = [data.references[source].text for source in statement.sources]
            assert any(re.search(r"pooled|review|\d studies", text) for text in texts), where


def test_identifiers_are_written_as_their_schemes_demand_and_belong_to_one_entry(data: Annotations) -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, entry in entries(data):
        for _, identifier in identifiers(entry):
            assert re.fullmatch(IDENTIFIER_FORMS[identifier.scheme][0], identifier.value), name
            if name.startswith("anterior_sacral_foramen"):
                continue
            owner = seen.setdefault((identifier.scheme, identifier.value), name)
            assert owner == name, f"{identifier.scheme}:{identifier.value} stands for {owner} and {name}"


def test_the_terms_of_record_are_the_right_ones(data: Annotations) -> None:
    def value(name: str, scheme: str) -> set[str]:
        plain = [i for _, i in identifiers(data.structures[name]) if i.scheme == scheme and not i.side and not i.scope]
        return {identifier.value for identifier in plain}

    assert value("piriformis", "FMA") == {"19082"}
    assert value("piriformis", "UBERON") == {"0008529"}
    assert value("sciatic_nerve", "FMA") == {"19034"}
    assert value("sciatic_nerve", "UBERON") == {"0001322"}
    assert value("gluteus_maximus", "FMA") == {"22314"}
    assert value("hip_bone", "UBERON") == {"0001272"}
    assert value("sacrum", "FMA") == {"16202"}


def test_ta2_numbers_are_doubtful_exactly_where_they_were_not_verified(data: Annotations) -> None:
    found = {
        (name, identifier.value, identifier.doubtful)
        for name, entry in entries(data)
        for _, identifier in identifiers(entry)
        if identifier.scheme == "TA2"
    }
    expected = {(name, value, False) for name, value in VERIFIED_TA2.items()}
    expected |= {(name, value, True) for name, value in DOUBTFUL_TA2.items()}
    assert found == expected


def test_a_term_from_a_book_that_was_not_opened_is_doubtful(data: Annotations) -> None:
    for name, entry in entries(data):
        for _, identifier in identifiers(entry):
            recalled = data.references[identifier.source].kind == "recalled"
            assert identifier.doubtful == recalled, f"{name} {identifier.scheme}:{identifier.value}"


def test_sided_identifiers_come_in_pairs_on_paired_structures(data: Annotations) -> None:
    for name, structure in data.structures.items():
        sides = sorted(i.side for _, i in identifiers(structure) if i.side)
        assert sides in ([], ["left", "right"]), name
        assert structure.paired or not sides, name


def test_every_muscle_has_both_ends_a_nerve_an_action_and_a_blood_supply(data: Annotations) -> None:
    for name, structure in data.structures.items():
        if structure.kind != "muscle":
            continue
        ends = {attachment.end for attachment in structure.attachments}
        assert ends == ({"proximal"} if name == "puborectalis" else {"proximal", "distal"}), name
        assert structure.innervation, name
        assert structure.actions, name
        assert structure.blood_supply, name


def test_nothing_is_attached_to_itself_or_to_a_nerve(data: Annotations) -> None:
    for name, structure in data.structures.items():
        carriers = {carrier for attachment in structure.attachments for carrier in attachment.on}
        assert name not in carriers
        assert not {c for c in carriers if data.structures[c].kind in ("nerve", "skin")}, name


def test_landmarks_of_an_attachment_lie_on_what_carries_it_or_next_to_it(data: Annotations) -> None:
    for name, structure in data.structures.items():
        for attachment in structure.attachments:
            for landmark in attachment.landmarks:
                on = data.landmarks[landmark].on
                assert on in attachment.on or on == "pubic_symphysis", f"{name}: {landmark} lies on {on}"


def test_the_deep_six_are_one_group_and_layer_and_end_on_the_femur(data: Annotations) -> None:
    assert sorted(n for n, s in data.structures.items() if s.group == "deep_hip_rotators") == sorted(DEEP_SIX)
    for name in DEEP_SIX:
        structure = data.structures[name]
        assert structure.layer == "deep"
        assert any("femur" in a.on for a in structure.attachments if a.end == "distal"), name
    order = next(s.text for s in data.structures["piriformis"].notes if "deep six" in s.text)
    named = [data.structures[name].names.english for name in DEEP_SIX]
    assert [order.index(name) for name in named] == sorted(order.index(name) for name in named)


@pytest.mark.parametrize(
    ("name", "nerve", "roots"),
    [
        ("gluteus_maximus", "inferior_gluteal_nerve", ["L5", "S1", "S2"]),
        ("gluteus_medius", "superior_gluteal_nerve", ["L4", "L5", "S1"]),
        ("gluteus_minimus", "superior_gluteal_nerve", ["L4", "L5", "S1"]),
        ("superior_gemellus", "nerve_to_obturator_internus", ["L5", "S1", "S2"]),
        ("obturator_internus", "nerve_to_obturator_internus", ["L5", "S1", "S2"]),
        ("inferior_gemellus", "nerve_to_quadratus_femoris", ["L4", "L5", "S1"]),
        ("quadratus_femoris", "nerve_to_quadratus_femoris", ["L4", "L5", "S1"]),
        ("piriformis", None, ["L5", "S1", "S2"]),
        ("tensor_fasciae_latae", "superior_gluteal_nerve", ["L4", "L5", "S1"]),
        ("obturator_externus", None, ["L3", "L4"]),
        ("semitendinosus", "tibial_division", ["L5", "S1", "S2"]),
    ],
)
def test_muscles_have_the_nerves_and_roots_of_the_textbooks(
    data: Annotations, name: str, nerve: str | None, roots: list[str]
) -> None:
    supply = data.structures[name].innervation
    assert [entry.structure for entry in supply] == [nerve]
    assert sorted({*supply[0].roots, *supply[0].sometimes}) == roots
    assert not set(supply[0].roots) & set(supply[0].sometimes)


def test_where_texts_disagree_both_are_named(data: Annotations) -> None:
    fraction = next(s for s in data.structures["sciatic_nerve"].notes if "midpoint, with" in s.text)
    assert fraction.sources == ["currin_2015", "ellis"]
    assert fraction.evidence == "contested"
    for name in ("quadratus_femoris", "inferior_gemellus"):
        supply = data.structures[name].innervation[0]
        assert supply.sometimes == ["L4"]
        assert len(supply.statement.sources) > 1
    crossing = next(s for s in data.structures["piriformis"].actions if "60°" in s.text)
    assert (crossing.mark, crossing.evidence) == ("unverified", "contested")


def test_layers_run_from_the_skin_to_the_bone(data: Annotations) -> None:
    assert [layer.id for layer in data.layers] == [
        "skin", "superficial", "middle", "deep", "nerves", "ligaments", "bones",
    ]  # fmt: skip
    depth = {layer.id: index for index, layer in enumerate(data.layers)}
    outside_in = [
        "skin",
        "gluteus_maximus",
        "gluteus_medius",
        "gluteus_minimus",
        "sciatic_nerve",
        "sacrospinous_ligament",
        "hip_bone",
    ]
    depths = [depth[data.structures[name].layer] for name in outside_in]
    assert depths == sorted(set(depths))
    assert data.structures["piriformis"].layer == data.structures["gluteus_minimus"].layer


def test_every_layer_and_group_holds_something(data: Annotations) -> None:
    assert {s.layer for s in data.structures.values()} == {layer.id for layer in data.layers}
    assert {s.group for s in data.structures.values()} == {group.id for group in data.groups}


def test_parts_share_the_side_and_layer_of_their_whole(data: Annotations) -> None:
    parts = {name: s.part_of for name, s in data.structures.items() if s.part_of}
    assert parts == {
        "ilium": "hip_bone",
        "ischium": "hip_bone",
        "pubis": "hip_bone",
        "tibial_division": "sciatic_nerve",
        "common_fibular_division": "sciatic_nerve",
    }
    for part, whole in parts.items():
        assert data.structures[part].paired == data.structures[whole].paired
        assert data.structures[part].layer == data.structures[whole].layer


def sentences(text: str) -> int:
    return len(re.findall(r"[.!?](?= [A-Z]|$)", text))


def test_the_text_for_a_client_is_short_whole_and_frightens_no_one(data: Annotations) -> None:
    jargon = re.compile(
        r"\b(proximal|distal|anterior|posterior|medial|lateral|innervat|foramen|fascia|tubero|ramus|rami)", re.I
    )
    for name, structure in data.structures.items():
        text = structure.plain
        own = {word for n in [structure.names.english, *structure.names.synonyms] for word in n.lower().split()}
        assert 2 <= sentences(text) <= 4, name
        assert not FRIGHTENING.search(text), f"{name}: {FRIGHTENING.search(text)}"
        assert not [m for m in jargon.findall(text) if m.lower() not in own], name
        assert text.endswith("."), name
        assert max(len(sentence.split()) for sentence in re.split(r"(?<=[.!?]) ", text)) <= 30, name


def test_texts_are_unreviewed_until_a_qualified_person_signs(data: Annotations) -> None:
    assert {structure.reviewed_by for structure in data.structures.values()} == {None}


def test_no_two_structures_share_a_text(data: Annotations) -> None:
    for tone in ("plain", "precise"):
        texts = [getattr(structure, tone) for structure in data.structures.values()]
        assert len(set(texts)) == len(texts)


def test_latin_names_are_latin_terms(data: Annotations) -> None:
    heads = {
        "muscle": ("musculus ", "caput "),
        "nerve": ("nervus ", "plexus "),
        "ligament": ("ligamentum ",),
        "membrane": ("membrana ",),
        "disc": ("discus ",),
    }
    for name, structure in data.structures.items():
        assert structure.names.latin.startswith(heads.get(structure.kind, ("",))), name
    for name, landmark in data.landmarks.items():
        assert landmark.names.latin.islower(), name


def test_annotations_are_loaded_once() -> None:
    assert annotations.load() is annotations.load(None)


def test_every_data_file_is_explained_in_the_readme() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    for path in DATA.glob("*.yaml"):
        assert f"`{path.name}`" in text
    for field in Structure.model_fields:
        assert f"{field}:" in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("piriformis", "piriformis"),
        ("piriformis.left", "piriformis.left"),
        ("left piriformis", "piriformis.left"),
        ("Piriformis (Right)", "piriformis.right"),
        ("M. piriformis", "piriformis"),
        ("musculus gluteus maximus", "gluteus_maximus"),
        ("n. ischiadicus", "sciatic_nerve"),
        ("ITB", "iliotibial_tract"),
        ("common peroneal nerve", "common_fibular_division"),
        ("os coxae", "hip_bone"),
        ("tailbone", "coccyx"),
        ("FMA:19082", "piriformis"),
        ("UBERON_0001322", "sciatic_nerve"),
        ("ASIS", "asis"),
        ("psis.right", "psis.right"),
        ("Gerdy's tubercle", "gerdy_tubercle"),
        ("pubic symphysis", "pubic_symphysis"),
    ],
)
def test_any_name_leads_to_its_id(name: str, expected: str) -> None:
    assert annotations.find(name) == expected


def test_every_own_name_leads_home(data: Annotations) -> None:
    for name, entry in entries(data):
        for spelling in (name, entry.names.english, entry.names.latin, *entry.names.synonyms):
            assert annotations.find(spelling) == name
        for sided in data.sided_ids(name):
            assert annotations.find(sided) == sided


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pirifomis", 'Nothing is called "pirifomis"; did you mean piriformis?'),
        ("gluteus maximums", "gluteus_maximus"),
        ("sacrum.left", "sacrum lies in the midline and has no left one; use sacrum"),
        ("zzzz", 'Nothing is called "zzzz"'),
        ("", 'Nothing is called ""'),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(annotations.AnnotationError) as error:
        annotations.find(name)
    assert hint in str(error.value)
