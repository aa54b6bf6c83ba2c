"""The catalogue: all that a page needs to name and explain what it shows, as one JSON document."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from annotations.collection import Annotations
from annotations.landmark import Form
from annotations.language import ENGLISH, LanguageEntry, language_entries
from annotations.loading import DATA, load, translation
from annotations.measure_table import PublishedMeasure
from annotations.pain_region import PainRegion
from annotations.plate import Plate
from annotations.safety import Safety
from annotations.statement import Identifier, Names, Scheme, Side, Statement, Vector
from annotations.structure import Attachment, Innervation, Kind
from annotations.trigger_point import TriggerPoint
from annotations.variant import Prevalence, Variant
from annotations.view import View, ViewCut
from annotations.vocabulary import Credit, EvidenceLevelEntry, Group, Layer, ReferenceKind

CATALOGUE_VERSION: Literal[1] = 1

_ADDRESSES: dict[str, str] = {
    "UBERON": "https://purl.obolibrary.org/obo/UBERON_{}",
    "FMA": "https://identifiers.org/FMA:{}",
}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IdentifierEntry(_Entry):
    """An identifier as it is shown."""

    scheme: Scheme
    value: str
    doubtful: bool = Field(description="Show as unverified.")
    url: str | None = Field(description="Address to link to; always null if doubtful.")
    side: Side | None = Field(description="Set if it names one side only.")
    scope: str | None = Field(description="Set if it names more or less than the entry.")


class StructureCard(_Entry):
    """Everything that is said of one structure, for both sides."""

    id: str
    kind: Kind
    group: str
    layer: str
    part_of: str | None
    paired: bool
    names: Names
    identifiers: list[IdentifierEntry]
    plain: str = Field(description="Text for a client.")
    precise: str = Field(description="Text for a student.")
    reviewed_by: str | None = Field(description="Null: say that the texts are unreviewed.")
    attachments: list[Attachment]
    innervation: list[Innervation]
    actions: list[Statement]
    blood_supply: list[Statement]
    notes: list[Statement]


class LandmarkCard(_Entry):
    """Everything that is said of one landmark, for both sides."""

    id: str
    paired: bool
    form: Form
    names: Names
    on: str
    definition: Statement
    identifiers: list[IdentifierEntry]


class ViewEntry(_Entry):
    """A camera view."""

    id: str
    name: str
    direction: Vector = Field(description="Unit vector from the target to the eye, LPS.")
    up: Vector
    target_landmarks: list[str]
    centre: Vector
    distance: float
    cut: ViewCut | None


class ReferenceEntry(_Entry):
    """A source, ready to print and to link."""

    key: str
    text: str
    url: str | None
    kind: ReferenceKind


class Catalogue(_Entry):
    """`catalogue.json`: the annotations, and which other languages there are documents of."""

    version: Literal[1] = CATALOGUE_VERSION
    language: str = Field(description="Language of its names and of what is said about safety; all else is English.")
    languages: list[LanguageEntry] = Field(description="Languages that it can be shown in, English first.")
    layers: list[Layer] = Field(description="Outermost first.")
    groups: list[Group] = Field(description="In the order of the tree.")
    structures: dict[str, StructureCard]
    landmarks: dict[str, LandmarkCard]
    views: dict[str, ViewEntry]
    variants: dict[str, Variant] = Field(description="How sciatic nerve and piriformis lie together; the usual first.")
    variant_notes: list[Statement] = Field(description="What is true of all variants; shown wherever one is.")
    any_variant: list[Prevalence] = Field(description="How often it is any but the usual arrangement.")
    same_on_both_sides: list[Prevalence] = Field(description="How often left and right are alike.")
    plates: list[Plate] = Field(description="Named scenes with captions.")
    measures: list[PublishedMeasure] = Field(description="Published measures that the models are held against.")
    trigger_points: dict[str, TriggerPoint]
    pain_regions: list[PainRegion] = Field(description="Named regions to choose from when one says where it hurts.")
    safety: Safety = Field(description="What comes before any self-care.")
    references: dict[str, ReferenceEntry]
    evidence_levels: list[EvidenceLevelEntry]
    credits: list[Credit]


def catalogue(language: str = ENGLISH, annotations: Annotations | None = None, folder: Path | None = None) -> Catalogue:
    """The catalogue of the package's annotations or of those given; its names in a language of the data folder.

    Raises AnnotationError if the annotations or the translation are faulty, or the language is not there.
    """
    source = annotations or load(folder)
    english = _english(source, folder or DATA)
    if language == ENGLISH:
        return english
    content = english.model_dump(mode="json")
    content["language"] = language
    for way, text in translation(language, source, folder).document().catalogue.items():
        if way.split("/")[0] in content:
            *above, last = way.split("/")
            functools.reduce(_below, above, content)[last] = text
    return Catalogue.model_validate_json(json.dumps(content))


def _below(node: Any, step: str) -> Any:
    """What stands under a key, or of a list under an id or place."""
    if not isinstance(node, list):
        return node[step]
    return next((item for item in node if item.get("id") == step), None) or node[int(step)]


def names_in(language: str) -> dict[str, str]:
    """Names of structures and landmarks by unsided id: in the language, in English where it has none."""
    page = catalogue(language)
    landmarks = {key: entry.names.english for key, entry in page.landmarks.items()}
    return landmarks | {key: entry.names.english for key, entry in page.structures.items()}


def _english(source: Annotations, folder: Path) -> Catalogue:
    return Catalogue(
        language=ENGLISH,
        languages=language_entries(folder),
        layers=source.layers,
        groups=source.groups,
        structures={
            key: StructureCard(
                **{name: getattr(entry, name) for name in StructureCard.model_fields if name != "identifiers"},
                identifiers=[_identifier(identifier) for identifier in entry.identifiers],
            )
            for key, entry in source.structures.items()
        },
        landmarks={
            key: LandmarkCard(
                id=key,
                paired=entry.paired,
                form=entry.form,
                names=entry.names,
                on=entry.on,
                definition=entry.definition,
                identifiers=[_identifier(identifier) for identifier in entry.identifiers],
            )
            for key, entry in source.landmarks.items()
        },
        views={key: _view(key, view) for key, view in source.views.items()},
        variants=dict(source.variants),
        variant_notes=source.variant_overview.notes,
        any_variant=source.variant_overview.any_variant,
        same_on_both_sides=source.variant_overview.same_on_both_sides,
        plates=source.plates,
        measures=source.measures,
        trigger_points=source.trigger_points,
        pain_regions=source.pain_regions,
        safety=source.safety,
        references={
            key: ReferenceEntry(key=key, text=entry.text, kind=entry.kind, url=entry.url or _doi_address(entry.doi))
            for key, entry in source.references.items()
        },
        evidence_levels=source.evidence_levels,
        credits=source.credits,
    )


def _identifier(identifier: Identifier) -> IdentifierEntry:
    address = None if identifier.doubtful else _ADDRESSES.get(identifier.scheme)
    return IdentifierEntry(
        scheme=identifier.scheme,
        value=identifier.value,
        doubtful=identifier.doubtful,
        url=address.format(identifier.value) if address else None,
        side=identifier.side,
        scope=identifier.scope,
    )


def _view(key: str, view: View) -> ViewEntry:
    return ViewEntry(id=key, **{name: getattr(view, name) for name in View.model_fields})


def _doi_address(doi: str | None) -> str | None:
    return f"https://doi.org/{doi}" if doi else None
