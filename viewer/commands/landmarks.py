"""`ischia atlas landmarks`: the bony landmarks of a body, found, checked and placed by hand."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from viewer.commands.common import DEFAULT_ATLAS, JsonOption, open_atlas, print_json, progress_bar
from viewer.errors import ViewerError

if TYPE_CHECKING:
    from meshes.landmark_finder import FoundLandmark, FoundLandmarks
    from meshes.set_bones import SetBones
    from meshes.set_landmarks import Placed
    from meshes.shape_fit import ShapeFit

EXAMPLE = "Example:  ischia atlas landmarks bodyparts3d --check"

TRUST = {
    "good": "good",
    "fair": "fair",
    "poor": "poor, do not rely on it",
    "carried": "carried along, no rule for it",
}
"""How far a landmark may be trusted, put for people."""


def landmarks(
    name: Annotated[
        str, typer.Argument(metavar="NAME|FOLDER", help="population, a name from `ischia atlas list`, or a folder.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Look at them, drag and tick them in your browser.")] = False,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port of that page; 0 takes any free one.")
    ] = 5757,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="With --check: only print the address.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find the bony landmarks of a body, say how far each may be trusted, and let you check and drag them.

    The population's bones are laid onto the body's and carry their landmarks along; for the main ones a rule reads the
    place anew from the mesh alone. Where both agree within 10 mm the landmark is good, within 20 mm fair.
    What you place is kept with the set; whatever is made on its bones from then on keeps to it.
    """
    folder = _folder_of(name)
    if check:
        if as_json:
            raise typer.BadParameter("--check and --json exclude each other.")
        if folder is None:
            raise ViewerError(
                f"The landmarks of {name} came with it and are not dragged. --check is for mesh sets: a name that "
                "`ischia atlas list` shows, or a set's folder."
            )
        _check(folder, port, no_browser)
        return
    _list(name, folder, as_json)


def _folder_of(name: str) -> Path | None:
    """The folder of the set of this name, or that the name is; None for an atlas that is built already."""
    from meshes.atlas_files import DOCUMENT
    from meshes.sets import find_set

    if name == DEFAULT_ATLAS:
        return None
    folder = find_set(name) or Path(name).expanduser()
    if (folder / DOCUMENT).is_file():
        return None
    if not folder.is_dir():
        raise ViewerError(
            f'No body is called "{name}", and there is no such folder. Give "{DEFAULT_ATLAS}", a set that '
            "`ischia atlas list` shows, or the folder of one."
        )
    return folder


def _check(folder: Path, port: int, no_browser: bool) -> None:
    """Serve the page on which the landmarks of the set in `folder` are checked, until Ctrl-C."""
    from annotations.catalogue import catalogue
    from meshes.build import BuiltAtlas, write_atlas
    from meshes.landmark_finder import find_landmarks
    from meshes.set_bones import set_bones
    from meshes.set_landmarks import read_landmarks
    from viewer.app import AtlasApp
    from viewer.commands.view import serve
    from viewer.landmark_page import LandmarkCheck
    from viewer.server import bind

    sockets = bind(port)
    with tempfile.TemporaryDirectory(prefix="ischia-bones-") as temporary:
        with progress_bar("Finding landmarks") as report:
            report(0.05, "Reading the bones")
            bones = set_bones(folder)
            read_landmarks(folder, bones.passport)  # what is wrong with what is kept is said before all else
            report(0.1, "Finding landmarks")
            page = LandmarkCheck(bones, find_landmarks(bones.bones))
            report(0.8, "Light and shade")
            document = write_atlas(bones.atlas(), Path(temporary) / "bones")
        built = BuiltAtlas(Path(temporary) / "bones", document, False, 0.0)
        serve(AtlasApp(built, catalogue(), landmarks=page), sockets, no_browser)


def _list(name: str, folder: Path | None, as_json: bool) -> None:
    """Print the landmarks of a body: those that were found, and where a person has placed them instead."""
    from meshes.against import bones_of
    from meshes.landmark_finder import find_landmarks
    from meshes.set_bones import set_bones
    from meshes.set_landmarks import read_landmarks
    from meshes.shape_fit import FitError, fit_shape

    placed: dict[str, Placed] = {}
    own: SetBones | None = None
    if folder is None:
        built = open_atlas(name)
        title, known, meshes = built.document.title, built.document.id, bones_of(built.atlas())
    else:
        own = set_bones(folder)
        title, known, meshes = own.passport.title, own.passport.id, own.meshes_mm()
        placed = read_landmarks(folder, own.passport)
    with progress_bar("Finding landmarks") as report:
        report(0.1, "Laying the population's bones onto these")
        found = find_landmarks(meshes)
        report(0.7, "Fitting the population's shape model")
        try:
            fit, unfit = fit_shape(meshes), ""
        except FitError as error:
            fit, unfit = None, str(error)
    hands = {key: own.to_atlas(np.array([one.point]))[0] for key, one in placed.items()} if own else {}
    if as_json:
        places = {key: _placed(mark, placed.get(key), hands.get(key)) for key, mark in found.landmarks.items()}
        print_json({"name": known, "landmarks": places, "refused": found.refused, "shape": _shape(fit)})
        return
    typer.echo(f"Landmarks of {title}: x to the left, y to the back, z up, mm\n")
    for key in sorted({*found.landmarks, *placed}):
        typer.echo(_line(key, found.landmarks.get(key), placed.get(key), hands.get(key)))
    for key, why in found.refused.items():
        typer.echo(f"  {key}: none; it {why}")
    if fit:
        each = ", ".join(f"{key} {bone.mean_mm:.1f}" for key, bone in fit.bones.items())
        unfit = f"The population's shape model, fitted to these bones, misses them by, mean mm: {each}."
    typer.echo(f"\n{unfit}")
    typer.echo(_advice(name, found, placed, own is not None))


def _line(key: str, mark: FoundLandmark | None, placed: Placed | None, hand: np.ndarray | None) -> str:
    """One landmark for people: where it is, how far it may be trusted, and how it was checked."""
    at = hand if hand is not None else mark.place if mark else np.zeros(3)
    x, y, z = at
    place = f"  {key:<40} {x:7.1f} {y:7.1f} {z:7.1f}   "
    if placed is not None and placed.by == "person":
        away = f", {np.linalg.norm(at - mark.place):.1f} mm from where it was found" if mark else ""
        return f"{place}placed by a person{away}{', checked' if placed.checked else ''}"
    assert mark is not None or placed is not None
    rule = "" if mark is None or mark.apart is None else f"; rule and population {mark.apart:.0f} mm apart"
    trust = TRUST[mark.trust] if mark else "left where it was found"
    return f"{place}{trust}{rule}{'; checked' if placed and placed.checked else ''}"


def _advice(name: str, found: FoundLandmarks, placed: dict[str, Placed], is_set: bool) -> str:
    checked = sum(one.checked for key, one in placed.items() if key in found.landmarks)
    if not is_set:
        return "The landmarks were found by a program. Look at them before you rely on one."
    looked = f"Checked by a person: {checked} of {len(found.landmarks)}. " if checked else ""
    return (
        f"{looked}The {'others' if checked else 'landmarks'} were found by a program. Look at them before you rely on "
        f"one:  ischia atlas landmarks {name} --check"
    )


def _shape(fit: ShapeFit | None) -> dict[str, Any] | None:
    """The fitted shape for programs."""
    if fit is None:
        return None
    misses = {key: round(bone.mean_mm, 2) for key, bone in fit.bones.items()}
    return {"modes_sd": fit.modes, "misses_mm": misses}


def _placed(mark: FoundLandmark, placed: Placed | None, hand: np.ndarray | None) -> dict[str, Any]:
    """A landmark for programs: LPS mm, how far it may be trusted, mm between it and its rule, and who placed it."""
    apart = None if mark.apart is None else round(mark.apart, 1)
    place = mark.place if hand is None else hand
    told: dict[str, Any] = {
        "place": [round(float(value), 2) for value in place],
        "trust": mark.trust,
        "rule_apart_mm": apart,
    }
    if placed is not None:
        moved = round(float(np.linalg.norm(place - mark.place)), 2)
        told |= {"by": placed.by, "checked": placed.checked, "moved_mm": moved}
    return told
