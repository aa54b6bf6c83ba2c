"""The command `ischia`: parses, runs one command, and turns what goes wrong into a message and an exit code.

Exit codes: 0 done, 1 it could not be done, 2 wrongly called. Results go to standard output, all else to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from viewer.commands import (
    atlas,
    build,
    compare,
    export,
    figure,
    gallery,
    import_,
    lesson,
    measure,
    plate,
    site,
    turntable,
    validate,
    view,
)

app = typer.Typer(
    name="ischia",
    help="An interactive 3D atlas of the pelvis and the deep gluteal region.",
    epilog="Begin with:  ischia view",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("view", epilog=view.EXAMPLE)(view.view)
app.command("build", epilog=build.EXAMPLE)(build.build)
app.command("figure", epilog=figure.EXAMPLE)(figure.figure)
app.command("turntable", epilog=turntable.EXAMPLE)(turntable.turntable)
app.command("compare", epilog=compare.EXAMPLE)(compare.compare)
app.command("plate", epilog=plate.EXAMPLE)(plate.plate)
app.command("measure", epilog=measure.EXAMPLE)(measure.measure)
app.command("export", epilog=export.EXAMPLE)(export.export)
app.command("site", epilog=site.EXAMPLE)(site.site)
app.command("gallery", epilog=gallery.EXAMPLE)(gallery.gallery)
app.command("validate", epilog=validate.EXAMPLE)(validate.validate)
app.add_typer(lesson.app, name="lesson")
app.command("import", epilog=import_.EXAMPLE)(import_.import_)
app.add_typer(atlas.atlas, name="atlas")


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    if version:
        from ischia import __version__

        typer.echo(f"ischia {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process. `ISCHIA_DEBUG=1` shows where an error came from."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        code = app(list(arguments) if arguments is not None else None, prog_name="ischia", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        typer.echo("\nInterrupted; nothing was left half-written.", err=True)
        return 1
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 (held until the process ends, so that closing it is quiet)
        return 1
    except Exception as error:
        if os.environ.get("ISCHIA_DEBUG"):
            raise
        typer.echo(f"ischia: {_message(error)}", err=True)
        return 1
    return code if isinstance(code, int) else 0


def _message(error: Exception) -> str:
    """What to tell the user of an error: its own words where it was made for people, else what to do with it."""
    from annotations import AnnotationError
    from viewer.errors import ViewerError

    if isinstance(error, (ViewerError, AnnotationError)) or type(error).__module__.startswith("meshes."):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Close other programs, or ask for a smaller picture."
    return (
        f"This should not have happened ({type(error).__name__}: {error}). Nothing was left half-written. "
        "Run it again with ISCHIA_DEBUG=1 to see where, and please report it."
    )


if __name__ == "__main__":
    main()
