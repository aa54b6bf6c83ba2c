"""How large the files are that `ischia export` and `ischia site` write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meshes.build import ensure_atlas
from viewer.export import export_html
from viewer.site import write_site


@dataclass(frozen=True)
class Written:
    """Bytes of the page with the default layers, of the complete one, and of all files of a site."""

    default: int
    complete: int
    site: int


def written_bytes(atlas: Path, temporary: Path) -> Written:
    """Write all three for the atlas of a folder, and measure them."""
    built = ensure_atlas(atlas)
    return Written(
        export_html(temporary / "default.html", atlas=built).bytes,
        export_html(temporary / "complete.html", atlas=built, complete=True).bytes,
        write_site(temporary / "site", atlas=built).bytes,
    )
