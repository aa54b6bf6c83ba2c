"""What `ischia measure` prints, as a table for a notebook: one row for each measure, one column for each side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.commands.measure import ROWS, SIDES, measures_of, published_beside, value_of
from viewer.errors import ViewerError

if TYPE_CHECKING:
    import pandas

    from annotations.measure_table import PublishedMeasure
    from meshes.more import BuiltPack
    from viewer.scene import Variants

DIGITS = 3
"""Digits after the point: a thousandth of a millimetre is finer than any surface here."""


def measures_table(pack: BuiltPack | None, variants: Variants, published: list[PublishedMeasure]) -> pandas.DataFrame:
    """Piriformis and sciatic nerve of both sides, in the variants that are shown; NaN: the two do not meet there.

    The index is the name that `ischia measure --json` gives a number. Columns: `measure` (words), `unit`, `right`,
    `left`, `published` (mean ± standard deviation of the usual arrangement, and the number of people).
    Raises ViewerError where nothing is known of nerve and piriformis on this body.
    """
    import pandas

    if pack is None:
        raise ViewerError("Nothing is known of nerve and piriformis on this body. Measure the default one: Pelvis()")
    found = {side: measures_of(pack, side, getattr(variants, side)) for side in SIDES}
    rows = {
        field: {
            "measure": label,
            "unit": unit,
            **{side: value_of(found[side], field) for side in SIDES},
            "published": published_beside(how, published),
        }
        for field, label, unit, how in ROWS
    }
    table = pandas.DataFrame.from_dict(rows, orient="index")
    table[list(SIDES)] = table[list(SIDES)].astype(float).round(DIGITS)
    table.index.name = "number"
    table.attrs["variants"] = variants.model_dump()
    return table
