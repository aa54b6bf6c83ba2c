"""Pictures of every variant, from behind and obliquely, each under its words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from viewer.dressed import dressed
from viewer.figure import Subject, draw, save
from viewer.lettering import captioned
from viewer.palette import theme
from viewer.scene import Camera, Scene, Variants

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from annotations.variant import Variant
    from meshes.atlas import AtlasDocument
    from meshes.build import BuiltAtlas

SHOWN = ["piriformis", "sciatic_nerve", "sacrum", "coccyx", "hip_bone", "femur"]
"""What a picture of a variant holds: the muscle, the nerve and their bones."""

SHEET = "all_variants.png"
SEEN = {"posterior": "from behind", "oblique": "from behind, outside and above, the right side"}

FROM: dict[str, tuple[tuple[float, float, float], str, float]] = {
    "posterior": ((0.0, 1.0, 0.05), "both", 620.0),
    "oblique": ((-0.72, 0.66, 0.3), "right", 340.0),
}
"""By name of the picture: from the target to the eye (LPS), which sides are in sight, and how far off in mm."""


def picture_scene(variant: str, view: str, document: AtlasDocument) -> Scene:
    """The scene of one variant's picture, on both sides, aimed at piriformis."""
    direction, sides, distance = FROM[view]
    wanted = ("right", "left") if sides == "both" else ("right",)
    bounds = [document.structures[f"piriformis.{side}"].bounds for side in wanted]
    target = np.mean(bounds, axis=(0, 1))
    back = np.array(direction) / np.linalg.norm(direction)
    camera = Camera(view=None, position=_vector(target + distance * back), target=_vector(target))
    return Scene(isolated=SHOWN, variant=Variants(right=variant, left=variant), camera=camera, footprints="none")


def gallery(
    folder: Path,
    built: BuiltAtlas,
    texts: Catalogue,
    size: tuple[int, int],
    progress: Callable[[float, str], None],
) -> list[Path]:
    """Draw every variant into a folder, and one sheet of all; returns the files, the sheet last.

    size : width and height of each picture, pixels, without its caption
    """
    files: list[Path] = []
    rows: list[list[Image.Image]] = []
    total = len(texts.variants) * len(FROM)
    for name, variant in texts.variants.items():
        row = []
        for view in FROM:
            progress(len(files) / total, f"{variant.short}, {view}")
            scene = picture_scene(name, view, built.document)
            subject = Subject(*dressed(scene, built, texts), texts)
            page = captioned(draw(subject, scene, size), *words(variant, view), theme(scene.theme))
            out = folder / f"{name}-{view}.png"
            save(page, out, subject, scene)
            files.append(out)
            row.append(page)
        rows.append(row)
    save(sheet_of(rows), folder / SHEET, subject, Scene())
    return [*files, folder / SHEET]


def words(variant: Variant, view: str) -> tuple[str, list[str]]:
    """Title and lines for a picture: the words first, the letter after them."""
    letter = f" (type {variant.letter})" if variant.letter else ""
    doubt = "Drawn from a reading of the literature, not from a specimen. " if variant.hypothetical else ""
    title = variant.name[:1].upper() + variant.name[1:] + letter
    return title, [f"{doubt}{variant.caption}", f"Seen {SEEN[view]}. A variant is common and usually silent."]


def sheet_of(rows: list[list[Image.Image]]) -> Image.Image:
    """All pictures on one sheet, a row for each variant, at half their size."""
    width = max(page.size[0] for row in rows for page in row) // 2
    heights = [max(page.size[1] for page in row) // 2 for row in rows]
    sheet = Image.new("RGB", (width * len(rows[0]), sum(heights)), "white")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, page in enumerate(row):
            half = page.resize((page.size[0] // 2, page.size[1] // 2), Image.Resampling.LANCZOS)
            sheet.paste(half, (column * width, top))
        top += height
    return sheet


def _vector(point: np.ndarray) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 2) for value in point)
    return x, y, z
