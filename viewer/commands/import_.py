"""`ischia import`: a person's own bones and muscles as a body of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viewer.commands.common import JsonOption, print_json, progress_bar
from viewer.errors import ViewerError
from viewer.files import write_whole

if TYPE_CHECKING:
    from meshes.importing.propose import Proposal

EXAMPLE = "Example:  ischia import ~/segmentation --name my_pelvis"


def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder, or zip or tar, with meshes or label volumes.")
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What the set is to be called: my_pelvis.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Its title in the atlas.")] = "",
    licence: Annotated[
        str | None, typer.Option("--license", metavar="TEXT", help="Its licence.  [default: private: not for sharing]")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="mm|cm|m", help="Unit of the files, in place of the one found.")
    ] = None,
    axes: Annotated[
        str | None,
        typer.Option(
            "--axes", metavar="AXES", help="Where x, y and z point, in place of what is found: LPS, RAS, y-up."
        ),
    ] = None,
    mirrored: Annotated[bool, typer.Option("--mirrored", help="The meshes are mirrored: mirror them back.")] = False,
    swapped: Annotated[bool, typer.Option("--swapped", help="The names of left and right are swapped.")] = False,
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels", metavar="FILE|SCHEME", help="Names of the numbers in label volumes; or: totalsegmentator"
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="Which file is what, as --write-mapping wrote it.")
    ] = None,
    write_mapping: Annotated[
        Path | None,
        typer.Option("--write-mapping", metavar="FILE", help="Write the proposal there, and import nothing."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Import what is proposed without asking.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of a set of this name.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take in your own bones and muscles.

    STL, PLY, OBJ, GLB, VTP, VTK, and label volumes in NIfTI, such as a segmented CT. What each file is, the unit and
    the axes are found, shown, and used only when you agree. Your files are only read, and nothing leaves this machine.
    """
    from meshes.importing.propose import propose
    from meshes.importing.store import PRIVATE, check_name, mapping_text, store_import

    check_name(name, replace)
    options = _options(unit, axes, mirrored, swapped, labels, mapping)
    with progress_bar(f"Reading {folder.name}") as report:
        proposal = propose(folder.expanduser(), options, progress=report)
    if not as_json:
        _show(proposal)
    if write_mapping is not None:
        write_whole(write_mapping, mapping_text(proposal).encode())
        typer.echo(f"\nThe proposal is in {write_mapping}. Nothing was imported.", err=as_json)
        return
    if not yes and mapping is None:
        licence = _ask(licence, name, write_it=f"ischia import {folder} --name {name} --write-mapping mapping.yaml")
    passport = store_import(proposal, name, title=title, licence=licence or PRIVATE, replace=replace)
    if as_json:
        print_json(_document(proposal, name, passport.license))
        return
    typer.echo(f"\n{name} is here now with {len(passport.meshes)} structures. Licence: {passport.license}")
    typer.echo(f"Show it:  ischia view --atlas {name}")


def _options(
    unit: str | None, axes: str | None, mirrored: bool, swapped: bool, labels: str | None, mapping: Path | None
) -> Any:
    from meshes.importing.rows import ImportOptions
    from meshes.importing.store import check_axes, read_mapping
    from meshes.importing.volume import read_labels
    from meshes.shape_fit import UNITS

    if unit is not None and unit not in UNITS:
        raise typer.BadParameter(f"--unit must be one of {', '.join(UNITS)}, not {unit}.")
    files, said_unit, said_axes = read_mapping(mapping) if mapping is not None else (None, None, None)
    return ImportOptions(
        unit=unit or said_unit,
        axes=check_axes(axes) if axes is not None else said_axes,
        mapping=files,
        labels=read_labels(labels) if labels is not None else None,
        mirrored=mirrored,
        swapped=swapped,
    )


def _show(proposal: Proposal) -> None:
    """The report for people."""
    from meshes.importing.rows import axes_words, report_lines
    from meshes.importing.told import shape_lines, solved_line

    for line in report_lines(proposal.rows):
        typer.echo(line)
    told = "as you said"
    volumes = any(candidate.oriented for candidate in proposal.structures.values())
    typer.echo("")
    unit = "found by the size of the bones" if proposal.unit_found else "by the files" if volumes else told
    typer.echo(f"  Unit: {proposal.unit} ({unit})")
    how = "found by the shape of the bones" if proposal.axes_found else "by the files" if volumes else told
    code = f"{proposal.axes}: " if proposal.axes else ""
    typer.echo(f"  Axes: {code}{axes_words(proposal.axes)} ({how})")
    lines = [*shape_lines(proposal.structures, proposal.frame), *proposal.remarks]
    for line in [*lines, "", solved_line(proposal.structures, proposal.frame)]:
        typer.echo(f"  {line}".rstrip())


def _ask(licence: str | None, name: str, write_it: str) -> str:
    """Let the person agree, and say the licence. Raises ViewerError if nobody is there to ask."""
    from meshes.importing.store import PRIVATE

    if not sys.stdin.isatty():
        raise ViewerError(
            "Nothing was imported yet. If this is right, say it again with --yes. If it is not, write it out and "
            f"correct it:  {write_it}"
        )
    if not typer.confirm(f"\nImport this as {name}?", default=True):
        raise ViewerError(f"Nothing was imported. To correct what is what:  {write_it}")
    return licence or str(typer.prompt("Licence (Enter keeps it for you alone)", default=PRIVATE))


def _document(proposal: Proposal, name: str, licence: str) -> dict[str, Any]:
    """The report for programs."""
    from meshes.importing.told import missing_bones

    return {
        "name": name,
        "license": licence,
        "unit": proposal.unit,
        "unit_found": proposal.unit_found,
        "axes": proposal.axes or None,
        "axes_found": proposal.axes_found,
        "tilt_degrees": round(proposal.frame.tilt, 1),
        "fit_mm": round(proposal.frame.fit_mm, 2),
        "shape": _shape(proposal),
        "missing_bones": missing_bones(proposal.structures),
        "remarks": proposal.remarks,
        "structures": sorted(proposal.structures),
        "files": [
            {
                "source": row.source,
                "status": row.status,
                "structure": row.sided,
                "by": row.by or None,
                "notes": row.notes,
            }
            for row in proposal.rows
        ],
    }


def _shape(proposal: Proposal) -> dict[str, Any] | None:
    """The fitted shape model for programs; None if it was not fitted."""
    fit = proposal.frame.fit
    if fit is None:
        return None
    return {
        "modes_sd": [round(sds, 2) for sds in fit.modes],
        "misses_mm": {name: round(bone.mean_mm, 2) for name, bone in fit.bones.items()},
        "misses_95_mm": {name: round(bone.worst_mm, 2) for name, bone in fit.bones.items()},
    }
