"""`ischia build`: make the atlas's files, or find them in the cache, and say what is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from viewer.commands.common import DEFAULT_ATLAS, AtlasOption, JsonOption, open_atlas, print_json

EXAMPLE = "Example:  ischia build --report report.json"


def build(
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write measurements of every structure to this JSON file."),
    ] = None,
    atlas: AtlasOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build the atlas, or find it in the cache."""
    from viewer.files import write_whole

    built = open_atlas(atlas or DEFAULT_ATLAS)
    document = built.document
    triangles = sum(part.triangles for entry in document.structures.values() for part in entry.parts)
    if report is not None:
        from meshes.quality import report as measure

        write_whole(report, (json.dumps(measure(built), indent=2, ensure_ascii=False) + "\n").encode())
    if as_json:
        print_json(
            {
                "atlas": document.id,
                "folder": str(built.folder),
                "hash": document.hash,
                "structures": len(document.structures),
                "triangles": triangles,
                "bytes": sum(file.bytes for file in document.files),
                "seconds": round(built.seconds, 2),
                "cached": built.cached,
                "report": str(report) if report is not None else None,
            }
        )
        return
    how = "was in the cache" if built.cached else f"was built in {built.seconds:.1f} s"
    typer.echo(f"{document.title} {how}: {len(document.structures)} structures, {triangles:,} triangles.")
    typer.echo(f"Its files are in {built.folder}")
    if report is not None:
        typer.echo(f"Measurements are in {report}")
