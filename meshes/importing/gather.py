"""Reads every file of a folder, mends its surfaces, and names them by what the files are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from annotations.loading import load
from meshes.importing.archive import with_archives
from meshes.importing.files import SUFFIXES, UNPACKED, Found, find_files, suffix_of
from meshes.importing.frame import AXES_BY_NAME
from meshes.importing.names import OF_NO_STRUCTURE, guess_name, guess_names, says, words_of
from meshes.importing.read import Piece, Unreadable
from meshes.importing.reader import Reader
from meshes.importing.repair import Mended, mended
from meshes.importing.rows import Candidate, ImportOptions, Row, report_lines
from meshes.passport import SetError

Progress = Callable[[float, str], None]


def gather(folder: Path, options: ImportOptions, reader: Reader, rows: list[Row], tell: Progress) -> list[Candidate]:
    """Every surface of the folder, mended, with what its name says."""
    with ExitStack() as stack:
        return _gathered(folder, with_archives(find_files(folder), stack), options, reader, rows, tell)


def _gathered(
    folder: Path, files: list[Found], options: ImportOptions, reader: Reader, rows: list[Row], tell: Progress
) -> list[Candidate]:
    read: list[tuple[Found, Piece, Row]] = []
    said: dict[str, Any] = {
        "labels": dict(options.labels or {}),
        "axes": AXES_BY_NAME.get(str(options.axes).upper(), options.axes),
    }
    others = _of_others(files, options)
    for index, found in enumerate(files):
        tell(0.7 * index / len(files), f"Reading {found.name}")
        if found.format is None:
            meant = suffix_of(found.name) in (*SUFFIXES, *UNPACKED)
            known = meant or "archive" in found.why or "leads out" in found.why
            rows.append(Row(found.name, "refused" if known else "ignored", notes=[found.why]))
            continue
        if found.name in others:
            rows.append(Row(found.name, "ignored", notes=[OF_NO_STRUCTURE]))
            continue
        try:
            pieces = reader.read(found, said)
        except Unreadable as error:
            rows.append(Row(found.name, "refused", notes=[str(error)]))
            continue
        for number, piece in enumerate(pieces, 1):
            part = f"#{piece.name or number}" if len(pieces) > 1 else ""
            row = Row(f"{found.name}{part}", notes=[*([found.why] if found.why else []), *piece.notes])
            if any("coarser" in note for note in piece.notes):
                row.status = "repaired"
            rows.append(row)
            read.append((found, piece, row))
    _name(read, options)
    candidates = []
    for _, piece, row in read:
        if row.status in ("refused", "ignored"):
            continue
        try:
            surface = mended(piece.vertices, piece.triangles)
        except Unreadable as error:
            row.refuse(str(error))
            continue
        _note(row, surface)
        candidates.append(Candidate(row, surface.vertices, surface.triangles, piece.oriented))
    if not candidates:
        raise SetError("\n".join([*report_lines(rows), "", f"Nothing in {folder} can be used."]))
    return candidates


def _of_others(files: list[Found], options: ImportOptions) -> set[str]:
    """Label volumes that need not be read: named after what is not ours, beside others that are named after bones."""
    volumes = [found for found in files if found.format == "nifti"]
    guesses = guess_names(found.stem for found in volumes)
    if options.mapping is not None or not any(guess.structure for guess in guesses.values()):
        return set()
    return {found.name for found in volumes if guesses[found.stem].why == OF_NO_STRUCTURE and says(found.stem)}


def _note(row: Row, surface: Mended) -> None:
    if surface.repaired:
        row.status = "repaired"
    row.notes += [*surface.repaired, *surface.odd]


def _name(read: list[tuple[Found, Piece, Row]], options: ImportOptions) -> None:
    """Set structure and side of each row: by the mapping, by the part's or the file's name, the side by its folder."""
    if options.mapping is not None:
        _by_mapping([row for *_, row in read], options.mapping)
        return
    titles = [piece.name or found.stem for found, piece, _ in read]
    guesses = guess_names(titles)
    for title, (found, _, row) in zip(titles, read, strict=True):
        guess = guesses[title]
        row.structure, row.side, row.guess = guess.structure, guess.side, guess.why
        if row.side is None:
            row.side = _side_of_folder(found)
        if row.structure is not None:
            row.by = "name"
            if not load().structures[row.structure].paired:
                row.side = None


def _side_of_folder(found: Found) -> Literal["right", "left"] | None:
    sides = {guess_name(f"{folder} sacrum").side for folder in found.name.split("/")[:-1] if words_of(folder)}
    sides.discard(None)
    return sides.pop() if len(sides) == 1 else None


def _by_mapping(rows: Iterable[Row], mapping: Mapping[str, str | None]) -> None:
    entries = load().structures
    rows = list(rows)
    unknown = sorted(set(mapping) - {row.source for row in rows})
    if unknown:
        there = ", ".join(row.source for row in rows[:6])
        raise SetError(f"The mapping names what is not there: {', '.join(unknown[:5])}. There are: {there}.")
    for row in rows:
        target = mapping.get(row.source)
        if target is None:
            row.status = "ignored"
            row.notes.append("left out by the mapping")
            continue
        stem, _, side = target.partition(".")
        entry = entries.get(stem)
        if entry is None or entry.kind == "joint" or side not in (("", "right", "left") if entry.paired else ("",)):
            raise SetError(
                f'The mapping calls {row.source} "{target}". Write the id of a structure and, if it is '
                "paired, its side: hip_bone.left, sacrum; `ischia validate` knows all ids."
            )
        row.structure, row.side, row.by = stem, side or None, "mapping"
