"""`ischia build`: make the atlas's files, or find them in the cache, and say what is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import DEFAULT_ATLAS, AtlasOption, JsonOption, open_whole, print_json

EXAMPLE = "Example:  ischia build --report report.json"


def build(
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write measurements of every structure to this JSON file."),
    ] = None,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build the atlas and what comes after it.

    The skin, the small nerves and all variants too. What is in the cache is taken from there.
    """
    from viewer.files import write_whole

    built, pack = open_whole(atlas or DEFAULT_ATLAS)
    document = built.document
    later = pack.document if pack else None
    entries = [*document.structures.values(), *(later.structures.values() if later else ())]
    files = [*document.files, *(later.files if later else ())]
    triangles = sum(part.triangles for entry in entries for part in entry.parts)
    if report is not None:
        from meshes.quality import report as measure

        write_whole(report, (json.dumps(measure(built, pack), indent=2, ensure_ascii=False) + "\n").encode())
    if as_json:
        print_json(
            {
                "atlas": document.id,
                "folder": str(built.folder),
                "hash": document.hash,
                "structures": len(entries),
                "triangles": triangles,
                "bytes": sum(file.bytes for file in files),
                "seconds": round(built.seconds, 2),
                "seconds_of_all": round(built.seconds + (pack.seconds if pack else 0.0), 2),
                "fit_mm": document.fit,
                "notes": [*document.notes, *(later.notes if later else ())],
                "cached": built.cached and (pack is None or pack.cached),
                "report": str(report) if report is not None else None,
            }
        )
        return
    seconds = sum(each.seconds for each in (built, pack) if each is not None and not each.cached)
    how = f"was built in {seconds:.1f} s" if seconds else "was in the cache"
    typer.echo(f"{document.title} {how}: {len(entries)} structures, {triangles:,} triangles.")
    for note in [*document.notes, *(later.notes if later else ())]:
        typer.echo(f"  {note}")
    typer.echo(f"Its files are in {built.folder}")
    if report is not None:
        typer.echo(f"Measurements are in {report}")
