"""`ischia atlas`: the open mesh sets that can be fetched, and those that are on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viewer.commands.common import JsonOption, open_atlas, print_json, progress_bar
from viewer.errors import ViewerError, suggestion

if TYPE_CHECKING:
    from meshes.landmark_finder import FoundLandmark
    from meshes.passport import Passport
    from meshes.sets import KnownSet

EXAMPLE = "Example:  ischia atlas get bodyparts3d"

HERE = {
    "fetched": "here",
    "imported": "here, your own",
    "broken": "broken",
    "begun": "partly fetched",
    "not fetched": "not fetched",
}
"""How the state of a set is put for people."""

TRUST = {
    "good": "good",
    "fair": "fair",
    "poor": "poor, do not rely on it",
    "carried": "carried along, no rule for it",
}
"""How far a landmark may be trusted, put for people."""

atlas = typer.Typer(
    name="atlas",
    help="List, fetch, remove and measure other bodies.",
    epilog=EXAMPLE,
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the set, as `ischia atlas list` gives it.")]


@atlas.command("list", epilog="Example:  ischia atlas list --json")
def list_sets(as_json: JsonOption = False) -> None:
    """Every body: its name, what it is, its size, its licence, and whether it is on this machine."""
    from meshes.sets import known_sets, megabytes, sets_folder

    sets = known_sets()
    if as_json:
        print_json([_entry(known) for known in sets])
        return
    typer.echo(
        "population  (here)\n  The mean of 26 adults with soft tissue solved on it: what Ischia shows by default.\n"
    )
    for known in sets:
        size = f", {megabytes(known.passport.bytes)}" if known.passport and known.passport.bytes else ""
        typer.echo(f"{known.name}  ({HERE[known.state]}{size})")
        if known.passport:
            typer.echo(f"  {known.passport.title}")
            typer.echo(f"  Licence: {known.passport.license}")
        if known.trouble:
            typer.echo(f"  {known.trouble}")
        if known.state in ("not fetched", "begun"):
            typer.echo(f"  Fetch it:  ischia atlas get {known.name}")
        elif known.state != "broken":
            typer.echo(f"  Show it:   ischia view --atlas {known.name}")
        typer.echo("")
    typer.echo(f"They are kept in {sets_folder()}")


def _entry(known: KnownSet) -> dict[str, Any]:
    """A set for programs."""
    passport = known.passport
    return {
        "name": known.name,
        "state": known.state,
        "fetched": known.state in ("fetched", "imported"),
        "folder": str(known.folder) if known.folder.is_dir() else None,
        "title": passport.title if passport else None,
        "bytes": passport.bytes if passport else None,
        "files": len(passport.meshes) if passport else None,
        "license": passport.license if passport else None,
        "license_stated": passport.source.license if passport else None,
        "citation": passport.source.citation if passport else None,
        "url": passport.source.url if passport else None,
        "missing": passport.missing if passport else [],
        "faults": passport.faults if passport else [],
        "trouble": known.trouble or None,
    }


@atlas.command("get", epilog=EXAMPLE)
def get(
    name: NameArgument,
    mirror: Annotated[
        str | None,
        typer.Option(
            "--mirror",
            metavar="URL",
            help="Fetch from URL/NAME/… in place of the set's own address.  [default: ISCHIA_MIRROR, if it is set]",
        ),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Copy from this folder; no network is used.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch a set. What was begun is resumed, every file is checked, and a set is there whole or not at all."""
    from meshes.fetch import fetch_set
    from meshes.passport import known_passports
    from meshes.sets import megabytes

    passport = _known(name, known_passports())
    if mirror and source:
        raise typer.BadParameter("--mirror and --from exclude each other.")
    with progress_bar(f"Fetching {name}") as report:

        def told(done: int, total: int, text: str) -> None:
            report(done / max(total, 1), text)

        folder, fetched = fetch_set(name, mirror=mirror, source=source, told=told)
    if as_json:
        print_json({"name": name, "folder": str(folder), "bytes": passport.bytes, "fetched_now": fetched})
        return
    how = f"is here now ({len(passport.meshes)} files, {megabytes(passport.bytes)})" if fetched else "was here already"
    typer.echo(f"{passport.title} {how}.")
    typer.echo(f"Licence: {passport.license}")
    typer.echo(f"Cite: {passport.source.citation}")
    typer.echo(f"Show it:  ischia view --atlas {name}")


@atlas.command("remove", epilog="Example:  ischia atlas remove bodyparts3d")
def remove(name: NameArgument, as_json: JsonOption = False) -> None:
    """Delete a set and what was built from it. Files that you imported it from stay where they are."""
    from meshes.sets import megabytes, remove_set

    freed = remove_set(name)
    if as_json:
        print_json({"name": name, "bytes_freed": freed})
        return
    typer.echo(f"{name} is gone; {megabytes(freed)} are free again.")


@atlas.command("landmarks", epilog="Example:  ischia atlas landmarks bodyparts3d")
def landmarks(name: NameArgument, as_json: JsonOption = False) -> None:
    """Find the bony landmarks of a body, and say how far each may be trusted.

    The population's bones are laid onto the body's and carry their landmarks along; for the main ones a rule reads the
    place anew from the mesh alone. Where both agree within 10 mm the landmark is good, within 20 mm fair.
    """
    from meshes.against import bones_of
    from meshes.landmark_finder import find_landmarks
    from meshes.shape_fit import FitError, fit_shape

    built = open_atlas(name)
    with progress_bar("Finding landmarks") as report:
        report(0.1, "Laying the population's bones onto these")
        bones = bones_of(built.atlas())
        found = find_landmarks(bones)
        report(0.7, "Fitting the population's shape model")
        try:
            fit, unfit = fit_shape(bones), ""
        except FitError as error:
            fit, unfit = None, str(error)
    if as_json:
        places = {key: _placed(mark) for key, mark in found.landmarks.items()}
        misses = {key: round(bone.mean_mm, 2) for key, bone in fit.bones.items()} if fit else {}
        shape = {"modes_sd": fit.modes, "misses_mm": misses} if fit else None
        print_json({"name": built.document.id, "landmarks": places, "refused": found.refused, "shape": shape})
        return
    typer.echo(f"Landmarks of {built.document.title}: x to the left, y to the back, z up, mm\n")
    for key, mark in sorted(found.landmarks.items()):
        x, y, z = mark.place
        rule = "" if mark.apart is None else f"; its rule says {mark.apart:.0f} mm away"
        typer.echo(f"  {key:<40} {x:7.1f} {y:7.1f} {z:7.1f}   {TRUST[mark.trust]}{rule}")
    for key, why in found.refused.items():
        typer.echo(f"  {key}: none; it {why}")
    if fit:
        each = ", ".join(f"{key} {bone.mean_mm:.1f}" for key, bone in fit.bones.items())
        unfit = f"The population's shape model, fitted to these bones, misses them by, mean mm: {each}."
    typer.echo(f"\n{unfit}")
    typer.echo("The landmarks were found by a program. Look at them before you rely on one.")


def _placed(mark: FoundLandmark) -> dict[str, Any]:
    """A landmark for programs: LPS mm, how far it may be trusted, mm between it and its rule."""
    apart = None if mark.apart is None else round(mark.apart, 1)
    return {"place": [round(float(value), 2) for value in mark.place], "trust": mark.trust, "rule_apart_mm": apart}


def _known(name: str, known: dict[str, Passport]) -> Passport:
    """The passport of that name. Raises ViewerError with the nearest names."""
    if name not in known:
        raise ViewerError(
            f'No set that can be fetched is called "{name}".{suggestion(name, known)} There are: {", ".join(known)}. '
            "Your own meshes are taken in by:  ischia import FOLDER --name NAME"
        )
    return known[name]
