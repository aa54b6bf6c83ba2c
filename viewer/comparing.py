"""The measures of two bodies, row by row: what their bones, their nerve and piriformis, and their muscles measure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from viewer.commands.measure import ROWS, SIDES, published_beside, value_of

if TYPE_CHECKING:
    import pandas

    from annotations.measure_table import PublishedMeasure
    from meshes.atlas import StructureEntry
    from meshes.build import BuiltAtlas
    from meshes.measure import Measures
    from meshes.more import BuiltPack

USUAL = "A"
DIGITS = 3
"""Digits after the point: a thousandth of a millimetre is finer than any surface here."""
GROUPS = {"bones": "Bones", "nerve": "Nerve and piriformis, usual arrangement", "volumes": "Volumes of muscles"}


@dataclass(frozen=True)
class ComparedRow:
    """One measure at one place of both bodies; None where a body has no such thing.

    published : mean ± standard deviation and the number of people, or nothing
    difference : second less first
    """

    group: str
    id: str
    name: str
    place: str
    unit: str
    published: str
    first: float | None
    second: float | None
    difference: float | None
    definition: str


def compared_rows(
    first: tuple[BuiltAtlas, BuiltPack | None],
    second: tuple[BuiltAtlas, BuiltPack | None],
    published: list[PublishedMeasure],
) -> list[ComparedRow]:
    """Every measure that at least one of two bodies has; of nerve and muscle volumes, that both have.

    first, second : an atlas, and what comes after it (None: nothing does, or it is not asked for)

    Raises StoreError if their files cannot be read.
    """
    packs = first[1], second[1]
    rows = list(_bones(first[0], second[0], published))
    if packs[0] is not None and packs[1] is not None:
        rows += _nerve(packs[0], packs[1], published)
    return rows + list(_volumes(first[0], second[0], published))


def _row(group: str, id_: str, name: str, place: str, unit: str, **more: Any) -> ComparedRow:
    first, second = (None if more[key] is None else round(float(more[key]), DIGITS) for key in ("first", "second"))
    difference = None if first is None or second is None else round(second - first, DIGITS)
    return ComparedRow(
        group, id_, name, place, unit, more.get("published", ""), first, second, difference, more.get("definition", "")
    )


def _bones(one: BuiltAtlas, two: BuiltAtlas, published: list[PublishedMeasure]) -> Iterator[ComparedRow]:
    from meshes.comparison import BONE_MEASURES, compare

    found = compare(one, two)
    for measure in BONE_MEASURES:
        here, there = found.first.bones[measure.id], found.second.bones[measure.id]
        places = ("midline",) if measure.midline else SIDES
        values = {place: {"first": getattr(here, place), "second": getattr(there, place)} for place in places}
        said = {"published": _published(measure.how, None, published), "definition": measure.definition}
        if any(value is not None for pair in values.values() for value in pair.values()):
            for place, pair in values.items():
                yield _row("bones", measure.id, measure.name, place, "mm", **said, **pair)


def _nerve(one: BuiltPack, two: BuiltPack, published: list[PublishedMeasure]) -> Iterator[ComparedRow]:
    for field, label, unit, how in ROWS:
        for side in SIDES:
            numbers = [_usual(pack, side) for pack in (one, two)]
            if numbers[0] is None or numbers[1] is None:
                continue
            values = {"first": value_of(numbers[0], field), "second": value_of(numbers[1], field)}
            if any(value is not None for value in values.values()):
                yield _row("nerve", field, label, side, unit, published=published_beside(how, published), **values)


def _usual(pack: BuiltPack, side: str) -> Measures | None:
    of_side = {str(key): each for key, each in pack.document.measures.items()}.get(side, {})
    return {str(key): each for key, each in of_side.items()}.get(USUAL)


def _volumes(one: BuiltAtlas, two: BuiltAtlas, published: list[PublishedMeasure]) -> Iterator[ComparedRow]:
    here, there = one.document.structures, two.document.structures
    names = dict.fromkeys(entry.structure for entry in here.values() if entry.kind == "muscle")
    for name in names:
        ids = {side: f"{name}.{side}" for side in SIDES}
        if not any(_volume(here, id_) is not None and _volume(there, id_) is not None for id_ in ids.values()):
            continue
        said = _published("volume", name, published)
        for side, id_ in ids.items():
            values = {"first": _volume(here, id_), "second": _volume(there, id_)}
            yield _row("volumes", f"volume.{name}", name.replace("_", " "), side, "cm³", published=said, **values)


def _volume(structures: dict[str, StructureEntry], name: str) -> float | None:
    return structures[name].volume_cm3 if name in structures else None


def _published(how: str | None, structure: str | None, published: list[PublishedMeasure]) -> str:
    """Every published mean of a measure, with its spread and number."""
    found = [one for one in published if one.how == how and (structure is None or one.structure == structure)]
    return "; ".join(
        f"{one.mean:g}" + (f" ± {one.sd:g}" if one.sd else "") + (f", n = {one.n}" if one.n else "")
        for one in found
        if how is not None
    )


def as_records(rows: list[ComparedRow]) -> list[dict[str, Any]]:
    """The rows for programs."""
    return [asdict(row) for row in rows]


def as_csv(rows: list[ComparedRow]) -> str:
    """The rows as comma-separated values, with a line of heads."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ComparedRow.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_records(rows))
    return text.getvalue()


def as_frame(rows: list[ComparedRow], titles: tuple[str, str]) -> pandas.DataFrame:
    """The rows as a table for a notebook, indexed by measure and place; `attrs["bodies"]` says which two they are."""
    import pandas

    table = pandas.DataFrame.from_records(as_records(rows)).set_index(["id", "place"])
    table.attrs["bodies"] = titles
    return table
