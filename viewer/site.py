"""The atlas as a static site for any web server, in any folder of it: kept for good by caches, and installable.

Every file but the page itself and a few that must have fixed names carries a hash of its content in its address. A
service worker keeps one whole version on the device.
"""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.bundle import MODULE, SITE, WORKER, script
from viewer.contents import Contents, Progress, gather
from viewer.errors import ViewerError
from viewer.icons import BACKGROUND, icon
from viewer.notices import brief_notices, full_notices
from viewer.packing import packed
from viewer.page import NOT_SERVED, STANDING_ALONE, STYLE, embedded, favicon, strict_policy
from viewer.scene import Scene

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas

PAGE, CARD, SERVICE_WORKER, MANIFEST = "index.html", "site.json", "service-worker.js", "manifest.json"
KIND = "ischia-site"
_GATHERING_SHARE = 0.8
_PACKABLE = {".html", ".js", ".json", ".glb", ".txt"}

_COMMENT = """\
An anatomy atlas, made with {generator}: {title}
It asks no other server for anything. Whose work is in it, and on what terms: licenses.txt"""

_README = """\
This folder is a website made by {generator}. Put it on any web server, in any folder.

To look at it on this machine:   python -m http.server   (in this folder; then open http://localhost:8000/)

Serving it well
- Over https, it works without a network once it has been opened, and can be installed (service-worker.js).
- Let browsers keep everything in atlas/, scripts/ and texts/ for good: those addresses change with their content.
  index.html, manifest.json and service-worker.js must be asked for anew each time. `_headers` says so for servers that
  read it (Netlify, Cloudflare Pages); say the same in the settings of others.
- Let the server compress .js, .json, .html and .glb: that is two thirds of the bytes of the first picture.
  `ischia site DIR --gzip` also writes a .gz beside each file, for servers that send those (nginx: gzip_static on).
- The page forbids by its own content-security policy whatever it does not need. A server can add who may embed it:
  Content-Security-Policy: frame-ancestors https://courses.example.edu

Embedding it:   <iframe src="https://example.edu/atlas/#scene=…" allow="fullscreen"></iframe>
The page writes its present scene into its address: copy that.

A new version: run `ischia site` into the same folder again, and copy it whole. Who has the page open keeps the old
version until it is opened the next time.

Whose work is in it, and on what terms: licenses.txt. Keep that file with the others.
"""

_HEADERS = """\
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
/atlas/*
  Cache-Control: public, max-age=31536000, immutable
/scripts/*
  Cache-Control: public, max-age=31536000, immutable
/texts/*
  Cache-Control: public, max-age=31536000, immutable
/index.html
  Cache-Control: no-cache
/manifest.json
  Cache-Control: no-cache
/service-worker.js
  Cache-Control: no-cache
"""


@dataclass(frozen=True)
class Written:
    """A site that was written: how many files, how large, and which version of it."""

    folder: Path
    files: int
    bytes: int
    version: str
    title: str

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**self.__dict__, "folder": str(self.folder)}


def write_site(
    folder: Path | str,
    scene: Scene | None = None,
    *,
    atlas: str | Path | BuiltAtlas = "population",
    lesson: str | Path | None = None,
    gzipped: bool = False,
    progress: Progress | None = None,
) -> Written:
    """Write the whole atlas, which begins with this scene, as a static site; the folder is there whole or as it was.

    atlas : name of a body, a folder with a mesh set, or a built atlas
    lesson : id of a lesson, or the file of one's own; the page opens at its first step
    gzipped : also a `.gz` beside every file that becomes smaller, for servers that send those

    The same input makes the same bytes. Raises ViewerError if the folder holds something else, and what `export_html`
    raises.
    """
    from meshes.store import folder_written_whole

    folder = Path(folder).expanduser().absolute()
    check_folder(folder)
    tell: Progress = progress or (lambda done, text: None)
    contents = gather(scene or Scene(), atlas, lesson, True, lambda done, text: tell(_GATHERING_SHARE * done, text))
    tell(_GATHERING_SHARE, "Writing")
    files, version = site_files(contents)
    if gzipped:
        files |= {
            f"{name}.gz": small
            for name, data in files.items()
            if Path(name).suffix in _PACKABLE and len(small := packed(data)) < 0.95 * len(data)
        }
    with folder_written_whole(folder) as temporary:
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    tell(1.0, "Done")
    return Written(folder, len(files), sum(map(len, files.values())), version, contents.title)


def check_folder(folder: Path) -> None:
    """Say before the work that a folder will not be written over. Raises ViewerError."""
    if folder.exists() and not folder.is_dir():
        raise ViewerError(f"{folder}: this is a file; name a folder.")
    if not folder.parent.is_dir():
        raise ViewerError(f"{folder.parent}: there is no such folder. Make it, or choose another place.")
    if folder.is_dir() and any(folder.iterdir()) and not is_site(folder):
        raise ViewerError(
            f"{folder}: this folder holds something that `ischia site` has not written, which would be lost. "
            "Name a new folder, or an empty one."
        )


def is_site(folder: Path) -> bool:
    """Whether a folder was written by `write_site`."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(card, dict) and card.get("kind") == KIND


def site_files(contents: Contents) -> tuple[dict[str, bytes], str]:
    """Every file of the site by its path, and the version: a hash of all that is kept on devices."""
    from ischia import __version__

    generator = f"Ischia {__version__}"
    files: dict[str, bytes] = {}

    def put(folder: str, name: str, data: bytes) -> str:
        stem, dot, kind = name.rpartition(".")
        address = f"{folder}/{stem}.{_hash(data)[:12]}{dot}{kind}"
        files[address] = data
        return address

    atlas = _put_atlas(files, contents)
    parts = {name: put("scripts", f"{name}.js", script(path).encode()) for name, path in contents.parts.items()}
    documents = {name: put("texts", f"{name}.json", data) for name, data in contents.documents.items()}
    catalogue = put("texts", "catalogue.json", contents.catalogue.model_dump_json().encode())
    module = put("scripts", "ischia.js", script(MODULE).encode())
    start = put("scripts", "start.js", script(SITE).encode())
    files["licenses.txt"] = full_notices(contents).encode()
    icons = {"icons/192.png": icon(192), "icons/512.png": icon(512), "icons/maskable.png": icon(512, maskable=True)}
    files |= icons
    files[MANIFEST] = _json(_manifest(contents))
    values = {
        "script": module,
        "worker": SERVICE_WORKER,
        "scene": contents.scene.model_dump(mode="json", by_alias=True),
        "source": {"kind": "http", "atlas": atlas, "catalogue": catalogue, "documents": documents},
        "parts": parts,
    }
    first = [file.name for file in contents.built.document.files if file.wanted == "first"]
    files[PAGE] = _page(
        contents, generator, values, start, [f"{atlas}atlas.json", *(f"{atlas}{name}" for name in first), catalogue]
    ).encode()
    kept = {("./" if name == PAGE else name): _hash(data) for name, data in files.items()}
    version = _hash(_json(kept))[:16]
    worker = f"const SITE = {json.dumps({'version': version, 'files': kept})};\n{script(WORKER)}"
    files[SERVICE_WORKER] = worker.encode()
    files["README.txt"] = _README.format(generator=generator).encode()
    files["_headers"] = _HEADERS.encode()
    files[CARD] = _json({"kind": KIND, "generator": generator, "version": version, "title": contents.title})
    return files, version


def _put_atlas(files: dict[str, bytes], contents: Contents) -> str:
    """The atlas's documents and meshes in a folder of their own, named by their hashes; the folder's address."""
    later = contents.later
    folder = f"atlas/{_hash(f'{contents.atlas.hash} {later.hash if later else None}'.encode())[:12]}/"
    files[f"{folder}atlas.json"] = contents.atlas.model_dump_json().encode()
    if later is not None:
        files[f"{folder}later.json"] = later.model_dump_json().encode()
    for name, path in contents.files.items():
        files[folder + name] = path.read_bytes()
    return folder


def _page(contents: Contents, generator: str, values: dict[str, Any], start: str, preloads: list[str]) -> str:
    links = [
        f'<link rel="icon" href="{favicon()}">',
        '<link rel="apple-touch-icon" href="icons/192.png">',
        f'<link rel="manifest" href="{MANIFEST}">',
        f'<link rel="modulepreload" href="{start}">',
        f'<link rel="modulepreload" href="{values["script"]}">',
        *(f'<link rel="preload" as="fetch" crossorigin="anonymous" href="{name}">' for name in preloads),
    ]
    body = [
        f'<script type="application/json" id="ischia-values">{embedded(values)}</script>',
        f"<script>{NOT_SERVED}</script>",
        f'<script type="module" src="{start}"></script>',
    ]
    own = {
        "script-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
    }
    return STANDING_ALONE.format(
        policy=html.escape(strict_policy([NOT_SERVED], [STYLE], own), quote=False),
        comment=_COMMENT.format(generator=generator, title=contents.title.replace("--", "–")),
        generator=generator,
        description=html.escape(contents.description),
        title=html.escape(contents.title),
        links="\n".join(links),
        style=STYLE,
        credits=f'{brief_notices(contents)}<p><a href="licenses.txt">All licences</a></p>',
        body="\n".join(body),
    )


def _manifest(contents: Contents) -> dict[str, Any]:
    def picture(name: str, size: int, purpose: str) -> dict[str, str]:
        return {"src": f"icons/{name}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}

    return {
        "name": contents.title,
        "short_name": "Ischia",
        "description": contents.description,
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "lang": "en",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "categories": ["education", "medical"],
        "icons": [
            picture("192", 192, "any"),
            picture("512", 512, "any"),
            picture("maskable", 512, "maskable"),
        ],
    }


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
