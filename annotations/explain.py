"""Turns what pydantic found in a file into sentences for the person who wrote the file."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from annotations.problems import FieldPath, did_you_mean
from annotations.yamlfile import YamlFile

_EXPECTED = {
    "string_type": "must be text",
    "list_type": "must be a list",
    "dict_type": "must be a set of keys with values",
    "model_type": "must be a set of keys with values",
    "model_attributes_type": "must be a set of keys with values",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list of three numbers",
}
_PATTERNS = (
    (r"^\S(", "must be one paragraph of text without blanks at its ends"),
    (r"^[a-z]", "must be lower case words joined by underscores, such as gluteal_tuberosity"),
    (r"^(T(", "is no spinal root; write T1 to T12, L1 to L5, S1 to S5 or Co1"),
    (r"^https", "must be an address that begins with https://"),
    (r"^10\.", "must be a DOI such as 10.1002/ca.20893"),
)
M = TypeVar("M", bound=BaseModel)

_UNQUOTED = ' (a word such as null or 2024 that is meant as text needs "quotes")'


def validate_as(model: type[M], file: YamlFile, content: Any, under: FieldPath = ()) -> M | None:
    """`content` as a `model`; faults go to `file.problems`, under the path `under`, and None is returned."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            file.problems.append(file.problem((*under, *details["loc"]), _sentence(model, details)))
        return None


def _sentence(model: type[BaseModel], details: ErrorDetails) -> str:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "extra_forbidden":
        allowed = sorted(_keys_at(model, details["loc"][:-1]))
        near = did_you_mean(str(details["loc"][-1]), allowed)
        return f"unknown key{near or ';'} Allowed: {', '.join(allowed)}"
    if kind == "missing":
        meaning = _description(model, details["loc"])
        return f"is missing{f' ({meaning})' if meaning else ''}"
    if kind == "literal_error":
        allowed = [option.strip("' ") for option in context["expected"].replace(" or ", ", ").split(",")]
        near = did_you_mean(str(value), allowed)
        return f'"{value}" is not allowed{near or ";"} Allowed: {", ".join(allowed)}'
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]}, not {_shown(value)}{_UNQUOTED if kind == 'string_type' else ''}"
    if kind == "string_pattern_mismatch":
        words = next((text for start, text in _PATTERNS if context["pattern"].startswith(start)), details["msg"])
        return f'"{value}" {words}'
    if kind == "too_short" and context.get("actual_length") == 0:
        return "must not be empty"
    if kind == "string_too_short":
        return "must not be empty"
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    return f"{details['msg']}, not {_shown(value)}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a set of keys with values"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"the number {value}"


def _description(model: type[BaseModel], path: FieldPath) -> str:
    owner = _model_at(model, path[:-1])
    field = owner.model_fields.get(str(path[-1])) if owner else None
    return (field.description or "").rstrip(".") if field else ""


def _keys_at(model: type[BaseModel], path: FieldPath) -> Iterable[str]:
    owner = _model_at(model, path)
    return owner.model_fields if owner else ()


def _model_at(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """The model that stands at `path` inside `model`."""
    current: Any = model
    for step in path:
        if isinstance(step, str) and isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(step)
            current = field.annotation if field else None
        else:
            current = get_args(current)[-1] if get_args(current) else None
        current = _without_none(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(option for option in get_args(annotation) if option is not type(None))
    return annotation
