"""The atlas as one HTML file that needs nothing else: no server, no network, no other file.

Everything lies in the page packed, in script elements that no browser runs. A small script unpacks what is wanted when
it is wanted; scripts among it run as inline scripts whose hashes the page's policy names.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.bundle import ALONE, CLASSIC, script
from viewer.contents import Contents, Progress, gather
from viewer.errors import ViewerError
from viewer.files import write_whole
from viewer.notices import brief_notices, full_notices
from viewer.packing import as_text, packed, tighter
from viewer.page import STANDING_ALONE, STYLE, embedded, favicon, strict_policy
from viewer.scene import Scene

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

_GATHERING_SHARE = 0.7
"""About so much of the work is building and reading, if anything is to be built."""
_COMMENT = """\
An anatomy atlas in one file, made with {generator}: {title}
It asks nobody for anything and sends nothing anywhere. Whose work is in it, and on what terms, is written
out at its end and on the page under "Credits and licences".
To begin elsewhere, add a scene to the address: the page writes the present one there (after the #)."""


@dataclass(frozen=True)
class Exported:
    """A file that was written: how large it is, and what is in it."""

    file: Path
    bytes: int
    title: str
    complete: bool
    parts: dict[str, int]
    """Bytes of each packed part, as it stands in the file."""
    left_out: list[str]
    """What is not in it, in words."""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": str(self.file),
            "bytes": self.bytes,
            "title": self.title,
            "complete": self.complete,
            "parts": self.parts,
            "left_out": self.left_out,
        }


def export_html(
    out: Path | str,
    scene: Scene | None = None,
    *,
    atlas: str | Path | BuiltAtlas = "population",
    lesson: str | Path | None = None,
    complete: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write the atlas with this scene as one HTML file, whole or not at all.

    atlas : name of a body, a folder with a mesh set, or a built atlas
    lesson : id of a lesson, or the file of one's own; the page opens at its first step
    complete : everything there is. Else what the scene and the lesson can reach: all layers with their attachments,
        trigger points with the skin, the quiz, the lessons that show nothing else, the two commonest variants and
        those of scene and lesson; other variants, small nerves, other languages and the writing of PDFs are left out.
    progress : told the fraction done and what is being done

    The same input makes the same bytes. Raises SceneError for names that are not known, ViewerError if the file cannot
    be written, and what building the atlas raises.
    """
    out = Path(out).expanduser()
    check_place(out)
    tell: Progress = progress or (lambda done, text: None)
    contents = gather(scene or Scene(), atlas, lesson, complete, lambda done, text: tell(_GATHERING_SHARE * done, text))
    page, sizes = page_of(contents, lambda done, text: tell(_GATHERING_SHARE + 0.29 * done, text))
    data = page.encode()
    write_whole(out, data)
    tell(1.0, "Done")
    return Exported(out, len(data), contents.title, complete, sizes, contents.left_out)


def check_place(out: Path) -> None:
    """Say before the work, not after it, that the file could not be kept. Raises ViewerError."""
    if out.suffix.lower() not in (".html", ".htm"):
        raise ViewerError(f"{out}: the page is an HTML file; name one that ends in .html")
    if not out.parent.is_dir():
        raise ViewerError(f"{out.parent}: there is no such folder. Make it, or choose another place.")
    if out.is_dir():
        raise ViewerError(f"{out}: this is a folder; name a file in it.")


def page_of(contents: Contents, progress: Progress | None = None) -> tuple[str, dict[str, int]]:
    """The whole page, and the bytes of each of its packed parts by name."""
    from ischia import __version__

    tell: Progress = progress or (lambda done, text: None)
    loader, code = script(ALONE), script(CLASSIC)
    parts = {name: inline_part(name, script(path)) for name, path in contents.parts.items()}
    first, rest = _packed_parts(contents, code, parts)
    names = [*first, *rest]
    elements: dict[str, str] = {}
    for number, (name, data) in enumerate({**first, **rest}.items()):
        tell(number / len(names), "Packing")
        elements[name] = _element(name, data)
    values = {
        "scene": contents.scene.model_dump(mode="json", by_alias=True),
        "files": list(contents.files),
        "documents": list(contents.documents),
        "parts": list(contents.parts),
    }
    body = [
        f'<script type="application/json" id="ischia-values">{embedded(values)}</script>',
        *(elements[name] for name in first),
        f"<script>{loader}</script>",
        *(elements[name] for name in rest),
        f'<script type="text/plain" id="ischia-licences">\n{_inert(full_notices(contents))}</script>',
    ]
    generator = f"Ischia {__version__}"
    page = STANDING_ALONE.format(
        policy=html.escape(strict_policy([loader, code, *parts.values()], [STYLE], {}), quote=False),
        comment=_COMMENT.format(generator=generator, title=contents.title.replace("--", "–")),
        generator=generator,
        description=html.escape(contents.description),
        title=html.escape(contents.title),
        links=f'<link rel="icon" href="{favicon()}">',
        style=STYLE,
        credits=brief_notices(contents),
        body="\n".join(body),
    )
    return page, {name: len(element) for name, element in elements.items()}


def inline_part(name: str, code: str) -> str:
    """A part's module as a classic script that leaves what it exports under its name."""
    head, export, rest = code.partition("export default ")
    if not export:
        raise ViewerError(f'The script of the part "{name}" is not whole. Build it again with: make view')
    return f"{head}globalThis.ischiaParts[{json.dumps(name)}] = {rest}"


def _packed_parts(contents: Contents, code: str, parts: dict[str, str]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """By name: what the first picture needs, in its order, and all else. Paint on the bones may be coarser."""
    of_atlas = contents.built.document.files
    documents = {
        "script": code.encode(),
        "atlas": contents.atlas.model_dump_json().encode(),
        "catalogue": contents.catalogue.model_dump_json().encode(),
        "later": contents.later.model_dump_json().encode() if contents.later else b"null",
    }
    painted = set() if contents.complete else {file.name for file in of_atlas if file.wanted == "shown"}
    files = {
        f"file/{name}": tighter(path.read_bytes(), coarse=name in painted)
        if path.suffix == ".glb"
        else path.read_bytes()
        for name, path in contents.files.items()
    }
    wanted = {f"file/{file.name}" for file in of_atlas if file.wanted == "first"}
    first = {**documents, **{name: data for name, data in files.items() if name in wanted}}
    rest = {
        **{name: data for name, data in files.items() if name not in wanted},
        **{f"part/{name}": text.encode() for name, text in parts.items()},
        **{f"document/{name}": data for name, data in contents.documents.items()},
    }
    return first, rest


def _element(name: str, data: bytes) -> str:
    small = packed(data)
    return (
        f'<script type="text/plain" data-part="{html.escape(name)}" data-bytes="{len(small)}">{as_text(small)}</script>'
    )


def _inert(text: str) -> str:
    """Text that may stand in a script element."""
    return text.replace("</", "< /").replace("<!--", "< !--")
