"""Refuses to build a package without the browser bundle, which is built and not committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = ("trigger", "consult", "handout", "lesson", "quiz")
FORMS = ("ischia.mjs", "ischia.iife.js", "ischia.alone.js", "ischia.site.js", "ischia.worker.js")
BUNDLE = (*FORMS, *(f"ischia.{part}.mjs" for part in PARTS), "ischia.licenses.txt")


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Checks that `viewer/web/dist` is there before anything is packed; an editable install may do without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise RuntimeError if a file of the bundle is missing and `version` is not an editable install."""
        if version == "editable":
            return
        dist = Path(self.root, "viewer", "web", "dist")
        missing = [name for name in BUNDLE if not (dist / name).is_file()]
        if missing:
            raise RuntimeError(
                f"The browser bundle is not built: viewer/web/dist lacks {', '.join(missing)}. "
                "Run `make wheel`, which builds it first."
            )
