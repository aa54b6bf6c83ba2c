"""What no single file can show: that every id that is named exists, and that no name means two things."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from annotations.collection import Annotations, identifiers, statements
from annotations.landmark import Landmark
from annotations.problems import FieldPath, did_you_mean
from annotations.structure import Structure

Fault = tuple[FieldPath, str]


def normalised(name: str) -> str:
    """A name as it is compared: lower case, without punctuation."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def structure_faults(entry: Structure, everything: Annotations) -> Iterator[Fault]:
    """Dangling references of one structure."""
    yield from _missing(("group",), entry.group, [group.id for group in everything.groups], "group")
    yield from _missing(("layer",), entry.layer, [layer.id for layer in everything.layers], "layer")
    if entry.part_of is not None:
        yield from _missing(("part_of",), entry.part_of, everything.structures, "structure")
        if entry.part_of == entry.id:
            yield ("part_of",), "a structure cannot be part of itself"
    for index, attachment in enumerate(entry.attachments):
        path: FieldPath = ("attachments", index)
        for position, carrier in enumerate(attachment.on):
            yield from _missing((*path, "on", position), carrier, everything.structures, "structure")
        for position, landmark in enumerate(attachment.landmarks):
            yield from _missing((*path, "landmarks", position), landmark, everything.landmarks, "landmark")
    for index, nerve in enumerate(entry.innervation):
        if nerve.structure is not None:
            path = ("innervation", index, "structure")
            yield from _missing(path, nerve.structure, everything.structures, "structure")
    yield from _source_faults(entry, everything)


def landmark_faults(entry: Landmark, everything: Annotations) -> Iterator[Fault]:
    """Dangling references of one landmark."""
    yield from _missing(("on",), entry.on, everything.structures, "structure")
    yield from _source_faults(entry, everything)


def view_faults(everything: Annotations) -> Iterator[Fault]:
    """Landmarks that a view looks at and that do not exist."""
    known = [sided for name in everything.landmarks for sided in everything.sided_ids(name)]
    for key, view in everything.views.items():
        for index, landmark in enumerate(view.target_landmarks):
            yield from _missing((key, "target_landmarks", index), landmark, known, "landmark")


def name_faults(entries: Iterable[tuple[str, Structure | Landmark]]) -> Iterator[tuple[str, Fault]]:
    """Names that two entries share, as (id of the later entry, fault)."""
    owners: dict[str, str] = {}
    for key, entry in entries:
        names = entry.names
        fields: list[tuple[FieldPath, str]] = [(("names", "english"), names.english), (("names", "latin"), names.latin)]
        fields += [(("names", "synonyms", index), name) for index, name in enumerate(names.synonyms)]
        for path, name in fields:
            owner = owners.setdefault(normalised(name), key)
            if owner != key:
                yield key, (path, f'"{name}" is also a name of {owner}; a name must lead to one entry')


def _source_faults(entry: Structure | Landmark, everything: Annotations) -> Iterator[Fault]:
    for path, statement in statements(entry):
        for index, source in enumerate(statement.sources):
            yield from _missing((*path, "sources", index), source, everything.references, "reference")
    for path, identifier in identifiers(entry):
        yield from _missing((*path, "source"), identifier.source, everything.references, "reference")


def _missing(path: FieldPath, name: str, known: Collection[str], what: str) -> Iterator[Fault]:
    if name not in known:
        yield path, f'no {what} "{name}"{did_you_mean(name, known)}'
