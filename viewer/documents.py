"""The documents that a page fetches when it first wants them: lessons, and what is said in other languages."""

from __future__ import annotations

from functools import cache


@cache
def documents() -> dict[str, bytes]:
    """JSON texts by name: `lessons`, `language.de`. Raises AnnotationError if what they are made from is faulty."""
    return {}
