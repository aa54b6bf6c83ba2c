"""What no single file can show: that every id that is named exists, and that no name means two things."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from annotations.collection import Annotations, inside
from annotations.girths import Girth
from annotations.landmark import Landmark
from annotations.measure_table import PublishedLine, PublishedMeasure
from annotations.problems import FieldPath, did_you_mean
from annotations.statement import Identifier, Statement
from annotations.structure import Structure
from annotations.trigger_point import Place, TriggerPoint
from annotations.variant import Prevalence

Fault = tuple[FieldPath, str]


def normalised(name: str) -> str:
    """A name as it is compared: lower case, without punctuation."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


@dataclass(frozen=True)
class Known:
    """Ids that are given anywhere, also by entries that are faulty themselves; None where a file could not be read."""

    structures: Collection[str] | None
    landmarks: Collection[str] | None
    references: Collection[str] | None
    layers: Collection[str] | None
    groups: Collection[str] | None


def structure_faults(entry: Structure, known: Known) -> Iterator[Fault]:
    """Dangling references of one structure."""
    yield from missing(("group",), entry.group, known.groups, "group")
    yield from missing(("layer",), entry.layer, known.layers, "layer")
    if entry.part_of is not None:
        yield from missing(("part_of",), entry.part_of, known.structures, "structure")
        if entry.part_of == entry.id:
            yield ("part_of",), "a structure cannot be part of itself"
    for index, attachment in enumerate(entry.attachments):
        path: FieldPath = ("attachments", index)
        for position, carrier in enumerate(attachment.on):
            yield from missing((*path, "on", position), carrier, known.structures, "structure")
        for position, landmark in enumerate(attachment.landmarks):
            yield from missing((*path, "landmarks", position), landmark, known.landmarks, "landmark")
    for index, nerve in enumerate(entry.innervation):
        if nerve.structure is not None:
            yield from missing(("innervation", index, "structure"), nerve.structure, known.structures, "structure")
    yield from dangling(entry, known)


def landmark_faults(entry: Landmark, known: Known) -> Iterator[Fault]:
    """Dangling references of one landmark."""
    yield from missing(("on",), entry.on, known.structures, "structure")
    yield from dangling(entry, known)


def view_faults(everything: Annotations, known: Known) -> Iterator[Fault]:
    """Landmarks that a view looks at and that do not exist, or not on that side."""
    for key, view in everything.views.items():
        for index, sided in enumerate(view.target_landmarks):
            path: FieldPath = (key, "target_landmarks", index)
            name, _, side = sided.partition(".")
            faults = list(missing(path, name, known.landmarks, "landmark"))
            yield from faults
            landmark = everything.landmarks.get(name)
            if not faults and landmark and side not in (("right", "left") if landmark.paired else ("",)):
                allowed = " or ".join(everything.sided_ids(name))
                yield path, f'no landmark "{sided}"; write {allowed}'


def name_faults(everything: Annotations) -> Iterator[tuple[str, Fault, bool]]:
    """Names that two entries share, as (id of the later entry, fault, whether that is a landmark).

    A structure and a landmark of one id are the same thing, seen as a part of the body and as a place to measure from.
    """
    owners: dict[str, str] = {}
    for entries in (everything.structures, everything.landmarks):
        for key, entry in entries.items():
            names = entry.names
            fields: list[tuple[FieldPath, str]] = [
                (("names", "english"), names.english),
                (("names", "latin"), names.latin),
                *((("names", "synonyms", index), name) for index, name in enumerate(names.synonyms)),
            ]
            for path, name in fields:
                owner = owners.setdefault(normalised(name), key)
                if owner != key:
                    text = f'"{name}" is also a name of {owner}; a name must lead to one entry'
                    yield key, (path, text), isinstance(entry, Landmark)


def dangling(entry: BaseModel, known: Known) -> Iterator[Fault]:
    """References, and structures and landmarks of measures and trigger points, that are named and do not exist."""
    for path, item in inside(entry):
        match item:
            case Statement():
                for index, source in enumerate(item.sources):
                    yield from missing((*path, "sources", index), source, known.references, "reference")
            case Identifier() | Prevalence() | Girth():
                yield from missing((*path, "source"), item.source, known.references, "reference")
            case PublishedMeasure() | PublishedLine():
                yield from missing((*path, "source"), item.source, known.references, "reference")
                yield from missing((*path, "structure"), item.structure, known.structures, "structure")
            case TriggerPoint():
                yield from missing((*path, "muscle"), item.muscle, known.structures, "structure")
            case Place():
                for name in item.landmarks:
                    here: FieldPath = (*path, "landmarks", name)
                    yield from missing(here, name.partition("@")[0], known.landmarks, "landmark")


def missing(path: FieldPath, name: str, known: Collection[str] | None, what: str) -> Iterator[Fault]:
    """The fault that nothing `known` is called `name`, if so."""
    if known is not None and name not in known:
        yield path, f'no {what} "{name}"{did_you_mean(name, known)}'
