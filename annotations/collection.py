"""All annotations together, as they are after loading."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from annotations.girths import Girth
from annotations.landmark import Landmark
from annotations.measure_table import PublishedLines, PublishedMeasure
from annotations.pain_region import PainRegion
from annotations.plate import Plate
from annotations.problems import FieldPath
from annotations.safety import Safety
from annotations.statement import Entry, Identifier, Statement
from annotations.structure import Structure
from annotations.trigger_point import TriggerPoint
from annotations.variant import Variant, VariantOverview
from annotations.view import View
from annotations.vocabulary import Credit, EvidenceLevelEntry, Group, Layer, Reference


class Annotations(Entry):
    """What the anatomy means. Dictionaries are keyed by unsided id; lists are in the order in which they are shown."""

    layers: list[Layer]
    groups: list[Group]
    evidence_levels: list[EvidenceLevelEntry]
    credits: list[Credit]
    references: dict[str, Reference]
    views: dict[str, View]
    landmarks: dict[str, Landmark]
    structures: dict[str, Structure]
    variants: dict[str, Variant]
    variant_overview: VariantOverview
    plates: list[Plate]
    measures: list[PublishedMeasure]
    lines: PublishedLines
    girths: list[Girth]
    trigger_points: dict[str, TriggerPoint]
    pain_regions: list[PainRegion]
    safety: Safety

    def sided_ids(self, name: str) -> list[str]:
        """Both sided ids of a paired structure or landmark, or the id itself of a midline one."""
        entry = self.structures.get(name) or self.landmarks[name]
        return [f"{name}.right", f"{name}.left"] if entry.paired else [name]


def inside(entry: BaseModel, path: FieldPath = ()) -> Iterator[tuple[FieldPath, BaseModel]]:
    """An entry and all entries in it, at any depth, each with the way to it."""
    yield path, entry
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, BaseModel):
                yield from inside(item, (*path, name, index) if isinstance(value, list) else (*path, name))


def statements(entry: BaseModel) -> Iterator[tuple[FieldPath, Statement]]:
    """Every claim of one entry, with the way to it."""
    for path, item in inside(entry):
        if isinstance(item, Statement):
            yield path, item


def identifiers(entry: BaseModel) -> Iterator[tuple[FieldPath, Identifier]]:
    """Every identifier of one entry, with the way to it."""
    for path, item in inside(entry):
        if isinstance(item, Identifier):
            yield path, item
