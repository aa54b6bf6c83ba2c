"""Whose work is in a page, and on what terms: the same words for a reader of its text and for one of its screen."""

from __future__ import annotations

import html
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.bundle import LICENCES, script

if TYPE_CHECKING:
    from viewer.contents import Contents

TEXTS = "annotations"
"""The credit of the texts; the others are of meshes, which speak for themselves."""
_RULE = "\n\n" + "=" * 78 + "\n\n"


def full_notices(contents: Contents) -> str:
    """Plain text: the licences of program, texts, bones and libraries, whole or by their address."""
    sources = "\n\n".join(
        "\n".join(line for line in lines if line)
        for lines in (
            (
                source.title,
                f"By {source.creators}",
                f"Licence: {source.license}" + (f", {source.license_url}" if source.license_url else ""),
                f"Source: {source.url}" if source.url else "",
                f"Cite as: {source.citation}" if source.citation else "",
                source.notice or "",
            )
            for source in contents.atlas.sources.values()
        )
    )
    chapters = [
        f"This page was made with Ischia. Whose work is in it, and on what terms.\n\nThe geometry\n\n{sources}",
        f"The texts (annotations)\n\n{_own_licence('annotations/LICENSE')}",
        f"The program (Ischia)\n\n{_own_licence('LICENSE')}",
        f"Libraries that are bundled with it\n\n{script(LICENCES).strip()}",
    ]
    return _RULE.join(chapters) + "\n"


def brief_notices(contents: Contents) -> str:
    """HTML: a list of the same works, for readers without scripts."""
    works = [
        (source.title, source.creators, source.license, source.notice or "")
        for source in contents.atlas.sources.values()
    ]
    works += [
        (credit.name, credit.text, credit.license, "") for credit in contents.catalogue.credits if credit.id == TEXTS
    ]
    works.append(("Ischia", "The Ischia contributors", "BSD-3-Clause", "With libraries under licences of their own."))
    items = [". ".join(html.escape(words.rstrip(".")) for words in work if words) for work in works]
    return f"<ul>{''.join(f'<li>{item}.</li>' for item in items)}</ul>"


def _own_licence(name: str) -> str:
    """The text of one of the project's own licences: beside the sources, or among the installed package's files."""
    beside = Path(__file__).parents[1] / name
    if beside.is_file():
        return beside.read_text(encoding="utf-8").strip()
    for file in metadata.files("ischia") or ():
        if str(file).endswith(f"licenses/{name}"):
            return file.read_text(encoding="utf-8").strip()
    return {"LICENSE": "BSD-3-Clause", "annotations/LICENSE": "CC BY 4.0"}[name]
