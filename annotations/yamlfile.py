"""A strict YAML reader: plain YAML 1.2 values, no duplicate keys, no aliases or tags, and the line of each field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from annotations.problems import FieldPath, Problem

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads the same events twelve times faster, where PyYAML was built with it."""

_DEEPEST = 40
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


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


class _Refused(Exception):
    """YAML that is well formed but not allowed here."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


def read_yaml(file: Path, name: str) -> YamlFile:
    """Read one YAML file; faults are collected in `problems` under the file's `name`, never raised."""
    result = YamlFile(name)

    def fault(text: str, line: int | None = None) -> YamlFile:
        result.problems.append(Problem(name, (), text, line))
        return result

    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        return fault(f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return fault("is not UTF-8 text; save it with the encoding UTF-8", line)
    try:
        events = _events(text)
        first = next(events)
        if isinstance(first, yaml.StreamEndEvent):
            return fault("is empty")
        content = _value(first, events, (), result)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            return fault("must hold one document; take out the line ---", _line(after))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return fault(f"is not valid YAML: {error.problem or error}", mark.line + 1 if mark else None)
    except yaml.YAMLError as error:
        return fault(f"is not valid YAML: {error}")
    except _Refused as error:
        return fault(str(error), error.line)
    result.content = content
    return result


def _events(text: str) -> Iterator[yaml.Event]:
    """What the parser sees, without the marks of stream and document, ended by a StreamEndEvent."""
    skipped = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
    for event in yaml.parse(text, Loader=_PARSER):
        if not isinstance(event, skipped):
            yield event


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _value(event: yaml.Event, events: Iterator[yaml.Event], path: FieldPath, result: YamlFile) -> Any:
    """The value that begins with `event`, as dicts, lists and scalars; notes the line of each field on the way."""
    line = _line(event)
    result.lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent):
        raise _Refused("aliases (*name) are not allowed; write the value out", line)
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _Refused(f"tags ({tag}) are not allowed; write plain values", line)
    if len(path) > _DEEPEST:
        raise _Refused(f"is nested more than {_DEEPEST} deep", line)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_value(event, events, (*path, len(items)), result))
        return items
    values: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _key(event, path, result)
        here = (*path, key)
        if key in values:
            text = f"is given twice; first on line {result.lines[here]}"
            result.problems.append(Problem(result.name, here, text, _line(event)))
            _value(next(events), events, (*here, ""), result)
            continue
        result.lines[here] = _line(event)
        values[key] = _value(next(events), events, here, result)
    return values


def _key(event: yaml.Event, path: FieldPath, result: YamlFile) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise _Refused("a key must be text", _line(event))
    if not isinstance(_scalar(event), str):
        text = f"the key {event.value} must be text; put it in quotes"
        result.problems.append(Problem(result.name, path, text, _line(event)))
    return str(event.value)


def _scalar(event: yaml.ScalarEvent) -> Any:
    """A plain scalar by the rules of YAML 1.2, in which `on`, `yes` and dates are text; a quoted one is always text."""
    text = str(event.value)
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
