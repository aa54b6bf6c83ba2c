"""`ischia atlas`: the open mesh sets that can be fetched, and those that are on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viewer.commands.common import JsonOption, print_json, progress_bar
from viewer.commands.landmarks import EXAMPLE as LANDMARKS_EXAMPLE
from viewer.commands.landmarks import landmarks
from viewer.errors import ViewerError, suggestion

if TYPE_CHECKING:
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


atlas.command("landmarks", epilog=LANDMARKS_EXAMPLE)(landmarks)


def _known(name: str, known: dict[str, Passport]) -> Passport:
    """The passport of that name. Raises ViewerError with the nearest names."""
    if name not in known:
        raise ViewerError(
            f'No set that can be fetched is called "{name}".{suggestion(name, known)} There are: {", ".join(known)}. '
            "Your own meshes are taken in by:  ischia import FOLDER --name NAME"
        )
    return known[name]
