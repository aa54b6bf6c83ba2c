"""`ischia measure`: what piriformis and the sciatic nerve measure on each side, beside what was published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from viewer.commands.common import AtlasOption, JsonOption, SceneOption, open_scene, open_whole, print_json
from viewer.errors import ViewerError, suggestion

if TYPE_CHECKING:
    from annotations.measure_table import PublishedMeasure
    from annotations.variant import Variant
    from meshes.measure import Measures
    from meshes.more import BuiltPack

EXAMPLE = "Example:  ischia measure --right B --left A"

SIDES = ("right", "left")

ROWS: tuple[tuple[str, str, str, str | None], ...] = (
    ("psis_it_fraction", "exit, spine (0) to tuberosity (1)", "", "nerve_psis_it_fraction"),
    ("it_gt_fraction", "behind the hip, tuberosity (0) to trochanter (1)", "", "nerve_it_gt_fraction"),
    ("crossing_quarter", "quarter of the lower border where it crosses", "", None),
    ("nerve_muscle_min_mm", "least distance, nerve to muscle", "mm", None),
    ("nerve_bone_min_mm", "least distance, nerve to bone", "mm", None),
    ("contact_length_mm", "nerve within 2 mm of the muscle", "mm", None),
    ("nerve_width_mm_at_lower_border", "width of the nerve at the lower border", "mm", "nerve_width_lower_border"),
    ("nerve_thickness_mm_at_lower_border", "its thickness there", "mm", None),
    (
        "nerve_width_mm_at_lesser_trochanter",
        "width of the nerve at the lesser trochanter",
        "mm",
        "nerve_width_lesser_trochanter",
    ),
    ("nerve_thickness_mm_at_lesser_trochanter", "its thickness there", "mm", None),
    ("head_volumes_cm3.upper_head", "volume of the upper head", "cm³", None),
    ("head_volumes_cm3.lower_head", "volume of the lower head", "cm³", None),
    ("muscle_volume_cm3", "volume of piriformis", "cm³", "piriformis:volume"),
    ("muscle_thickness_mm", "thickness of its belly", "mm", "piriformis:belly_thickness"),
    ("lower_border_mm", "length of its lower border", "mm", "piriformis:piriformis_lower_edge"),
    ("tendon_diameter_mm", "diameter where its tendon begins", "mm", "piriformis:tendon_diameter"),
)
"""Field of `Measures`, what it is called here, its unit, and the published measures it stands beside."""


def measure(
    right: Annotated[
        str | None, typer.Option("--right", metavar="V", help="Variant of the right side; else as in the scene.")
    ] = None,
    left: Annotated[
        str | None, typer.Option("--left", metavar="V", help="Variant of the left side; else as in the scene.")
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Every published measure of every structure, beside the atlas's own.")
    ] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Lines of action of the muscles beside those of a published model.")
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="FOLDER", help="Grow the muscles on an open set's bones, and compare."),
    ] = None,
    scene: SceneOption = None,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure piriformis and sciatic nerve of both sides.

    All numbers come from the surfaces, as they are shown.
    """
    if sum([table, lines, against is not None, right is not None or left is not None]) > 1:
        raise typer.BadParameter("Ask for one thing at a time: variants, --table, --lines or --against.")
    if against is not None:
        from viewer.commands.measures_table import print_against

        print_against(against, as_json=as_json)
        return
    document, name = open_scene(scene, atlas)
    if table or lines:
        from meshes.more import whole_atlas
        from viewer.commands.measures_table import print_table

        built, pack = open_whole(name)
        print_table(built.atlas() if pack is None else whole_atlas(built, pack), as_json=as_json, lines=lines)
        return
    from annotations.loading import load

    data = load()
    chosen = {"right": right or document.variant.right, "left": left or document.variant.left}
    for option, variant in chosen.items():
        _known(option, variant, data.variants)
    _, pack = open_whole(name)
    if pack is None:
        raise ViewerError(
            f"{name}: nothing is known of nerve and piriformis on this body. Measure the default one:  ischia measure"
        )
    found = {side: measures_of(pack, side, variant) for side, variant in chosen.items()}
    if as_json:
        print_json({side: numbers.model_dump() for side, numbers in found.items()})
    else:
        _print(found, data.variants, data.measures)


def measures_of(pack: BuiltPack, side: str, variant: str) -> Measures:
    """The numbers of one side. Raises ViewerError if the body has none of this variant."""
    numbers = {str(key): each for key, each in pack.document.measures.items()}.get(side, {})
    if variant not in numbers:
        raise ViewerError(f"This body has no variant {variant} on the {side}; it has {', '.join(numbers) or 'none'}.")
    return numbers[variant]


def _known(option: str, variant: str, variants: dict[str, Variant]) -> None:
    if variant not in variants:
        near = suggestion(variant, variants)
        raise ViewerError(f'--{option}: there is no variant "{variant}".{near} There are: {", ".join(variants)}.')


def _print(found: dict[str, Measures], variants: dict[str, Variant], published: list[PublishedMeasure]) -> None:
    for side, numbers in found.items():
        variant = variants[numbers.variant]
        letter = f" (type {variant.letter})" if variant.letter else ""
        typer.echo(f"{side}: {variant.name}{letter}")
    heads = ["", *SIDES, "published"]
    rows = [heads]
    for field, label, unit, how in ROWS:
        values = [value_of(found[side], field) for side in SIDES]
        rows.append([label, *(_number(value, unit) for value in values), published_beside(how, published)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:3], widths[1:3], strict=True)),
        ]
        typer.echo("  ".join([*cells, row[3]]).rstrip())
    typer.echo("Published figures are of the usual arrangement. A variant is common and usually silent.")


def value_of(numbers: Measures, field: str) -> float | int | None:
    """One number by its field in `ROWS`; None where nerve and muscle do not meet."""
    name, _, key = field.partition(".")
    value = getattr(numbers, name)
    return value.get(key) if key else value  # type: ignore[no-any-return]


def _number(value: float | int | None, unit: str) -> str:
    if value is None:
        return "not met"
    text = str(value) if isinstance(value, int) else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{text} {unit}".rstrip()


def published_beside(how: str | None, published: list[PublishedMeasure]) -> str:
    """The published mean and spread that is followed, or nothing."""
    if how is None:
        return ""
    structure, _, function = how.rpartition(":")
    for one in published:
        if one.how == function and one.followed and (not structure or one.structure == structure):
            return f"{one.mean:g}" + (f" ± {one.sd:g}" if one.sd else "") + (f", n = {one.n}" if one.n else "")
    return ""
