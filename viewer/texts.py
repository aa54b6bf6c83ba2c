"""Every text of the interface in English, collected from the TypeScript sources for those who translate it.

`python -m viewer.texts` writes `annotations/data/languages/interface.yaml`; with `--check` it writes nothing and fails
if the committed file differs from the sources. A text is a literal in `t("…")`, `t.safe("…")`, `t.n(count, "…", "…")`
or `phrase("…")`; anything else in their place is a fault, since nobody could translate it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

SOURCES = Path(__file__).parent / "web" / "src"
LISTED = Path(__file__).parents[1] / "annotations" / "data" / "languages" / "interface.yaml"

_HEAD = """\
# Every text of the interface, by the file in which it stands first. Written by `python -m viewer.texts`: do not edit.
# Each is a key of `<code>/interface.yaml`; {holes} are filled in by the page.
"""
_LITERAL = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_CALL = re.compile(r"(?<![\w.$])(?<!get )(?:[\w.]+\.)?(?:t|t\.safe|t\.n|phrase)\(")
_ONE = re.compile(rf"\s*({_LITERAL})\s*[,)]")
_TWO = re.compile(rf"[^\"'`;]*?,\s*({_LITERAL})\s*,\s*({_LITERAL})\s*[,)]")


class TextError(Exception):
    """A call has no literal text; the message names its file and line."""


def texts_in(source: str, name: str) -> Iterator[str]:
    """The English texts of one source file, in order. Raises TextError."""
    code = re.sub(r"^\s*(?://|\*|/\*).*$", "", source, flags=re.MULTILINE)
    for call in _CALL.finditer(code):
        form = _TWO if call.group().endswith("t.n(") else _ONE
        found = form.match(code, call.end())
        if found is None:
            line = code.count("\n", 0, call.start()) + 1
            raise TextError(f'{name}:{line}: {call.group()}…) must be given its text as a literal, "…"')
        for literal in found.groups():
            yield _unquoted(literal)


def _unquoted(literal: str) -> str:
    inner = literal[1:-1]
    if literal[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    return str(json.loads(f'"{inner}"'))


def collected(folder: Path = SOURCES) -> dict[str, list[str]]:
    """Texts by the file in which each stands first, files by name. Raises TextError."""
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for path in sorted([*folder.rglob("*.ts"), *folder.rglob("*.tsx")]):
        name = path.relative_to(folder).as_posix()
        if name in ("language/translate.ts", "index.ts") or name.startswith("generated/"):
            continue
        new = [text for text in dict.fromkeys(texts_in(path.read_text(encoding="utf-8"), name)) if text not in seen]
        if new:
            found[name] = new
            seen.update(new)
    return found


def listed(texts: dict[str, list[str]]) -> str:
    """The YAML file of the texts."""
    lines = [_HEAD]
    for name, entries in texts.items():
        lines.append(f"{name}:\n" + "".join(f"  - {json.dumps(text, ensure_ascii=False)}\n" for text in entries))
    return "".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Write the list, or with `--check` compare it; 0 if all is in step, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m viewer.texts", description=str(__doc__).splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the list differs from the sources")
    options = parser.parse_args(arguments)
    try:
        text = listed(collected())
    except TextError as error:
        typer.echo(error, err=True)
        return 1
    if LISTED.is_file() and LISTED.read_text(encoding="utf-8") == text:
        return 0
    if options.check:
        typer.echo("languages/interface.yaml differs from the sources. Run: python -m viewer.texts", err=True)
        return 1
    LISTED.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
