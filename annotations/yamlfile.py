"""A strict YAML reader: plain YAML 1.2 values, no duplicate keys, no aliases, and the line of each field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from annotations.problems import FieldPath, Problem, dotted


@dataclass
class YamlFile:
    """The content of one file (None if it could not be read), its faults, and the line where each field stands."""

    name: str
    content: Any = None
    problems: list[Problem] = field(default_factory=list)
    lines: dict[FieldPath, int] = field(default_factory=dict)

    def problem(self, path: FieldPath, text: str) -> Problem:
        """A fault at `path`, with the line of the field or of the nearest field around it."""
        around = path
        while around and around not in self.lines:
            around = around[:-1]
        return Problem(self.name, path, text, self.lines.get(around))


class _Loader(yaml.SafeLoader):
    """Safe YAML in which `on`, `yes` and dates are text: `on:` is a key of every attachment."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not allowed; write the value out", event.start_mark
            )
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def read_yaml(file: Path, name: str) -> YamlFile:
    """Read one YAML file; faults are collected in `problems` under the file's `name`, never raised."""
    result = YamlFile(name)
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        result.problems.append(Problem(name, (), f"cannot be read: {error.strerror}"))
        return result
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        result.problems.append(Problem(name, (), "is not UTF-8 text; save it with the encoding UTF-8", line))
        return result
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            result.problems.append(Problem(name, (), "is empty"))
            return result
        content = _plain(loader, node, (), result)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        text = f"is not valid YAML: {error.problem or error}"
        result.problems.append(Problem(name, (), text, mark.line + 1 if mark else None))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        result.problems.append(Problem(name, (), f"is not valid YAML: {error}"))
    else:
        result.content = content
    finally:
        loader.dispose()
    return result


def _plain(loader: _Loader, node: yaml.Node, path: FieldPath, result: YamlFile) -> Any:
    """The value of a node as dicts, lists and scalars; notes the lines and the duplicate keys on the way."""
    result.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, (*path, index), result) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node)
        here = (*path, str(key))
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            text = f"the key {key!r} must be text; put it in quotes"
            result.problems.append(Problem(result.name, path, text, line))
        elif key in values:
            text = f"{dotted((key,))} is given twice; first on line {result.lines[here]}"
            result.problems.append(Problem(result.name, here, text, line))
        else:
            result.lines[here] = line
            values[key] = _plain(loader, value_node, here, result)
    return values
