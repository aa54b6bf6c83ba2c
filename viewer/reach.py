"""What scenes can reach of what is made after an atlas, and the rest of it left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotations.catalogue import Catalogue
    from meshes.atlas import AtlasDocument, StructureEntry
    from meshes.pack import PackDocument
    from viewer.scene import Scene, Variants

COMMONEST = ("A", "B")
"""The two arrangements of nerve and muscle that nearly everyone has; a file holds both, whatever its scene shows."""
USUAL_THICKNESS = 0.5


def needed(scene: Scene, pack: PackDocument, catalogue: Catalogue) -> set[str]:
    """Names of the files of a pack that a scene shows something of, on either side; the skin is always among them."""
    files = {part.file for entry in pack.structures.values() if entry.kind == "skin" for part in entry.parts}
    files |= variant_files(pack, {name for each in _variants(scene) for name in (each.right, each.left)})
    if scene.subcutaneous != USUAL_THICKNESS:
        files |= {
            shape.file
            for entry in pack.structures.values()
            if entry.kind == "skin"
            for part in entry.parts
            for shape in part.shapes.values()
        }
    named = {_stem(name) for name in _named(scene)}
    for entry in pack.structures.values():
        if named & set(_lineage(entry.structure, catalogue)):
            files |= {part.file for part in entry.parts}
    return files


def variant_files(pack: PackDocument, variants: Iterable[str]) -> set[str]:
    """Names of the files with the shapes of these variants, of both sides."""
    wanted = set(variants)
    return {shape.file for shapes in pack.shapes.values() for name, shape in shapes.items() if name in wanted}


def pruned(pack: PackDocument, files: set[str]) -> PackDocument:
    """The pack as if nothing but these files, and its trigger points, had been made."""
    kept = {name: _pruned_entry(entry, files) for name, entry in pack.structures.items()}
    shapes = {
        part: {name: shape for name, shape in of_part.items() if shape.file in files}
        for part, of_part in pack.shapes.items()
    }
    variants = {"A", *(name for of_part in shapes.values() for name in of_part)}
    return pack.model_copy(
        update={
            "structures": {name: entry for name, entry in kept.items() if entry.parts},
            "shapes": {part: of_part for part, of_part in shapes.items() if of_part},
            "centrelines": {
                side: {name: line for name, line in lines.items() if name in variants}
                for side, lines in pack.centrelines.items()
            },
            "measures": {
                side: {name: one for name, one in found.items() if name in variants}
                for side, found in pack.measures.items()
            },
            "files": [file for file in pack.files if file.name in files],
        }
    )


def awaiting(atlas: AtlasDocument, pack: PackDocument | None) -> AtlasDocument:
    """The atlas that waits for no more than the pack brings."""
    coming = pack.structures if pack else {}
    return atlas.model_copy(update={"growing": [entry for entry in atlas.growing if entry.id in coming]})


def _pruned_entry(entry: StructureEntry, files: set[str]) -> StructureEntry:
    parts = [
        part.model_copy(update={"shapes": {name: one for name, one in part.shapes.items() if one.file in files}})
        for part in entry.parts
        if part.file in files
    ]
    return entry.model_copy(update={"parts": parts})


def _variants(scene: Scene) -> list[Variants]:
    return [each for each in (scene.variant, scene.compare) if each is not None]


def _named(scene: Scene) -> Iterable[str]:
    """Structures that a scene brings into sight or speaks of."""
    yield from (*scene.shown, *scene.isolated, *scene.opacity)
    if scene.selected is not None:
        yield scene.selected


def _stem(name: str) -> str:
    """`piriformis.right` is `piriformis`."""
    stem, _, side = name.rpartition(".")
    return stem if side in ("right", "left") else name


def _lineage(structure: str, catalogue: Catalogue) -> Iterable[str]:
    """The structure and the wholes that it is part of."""
    while structure:
        yield structure
        card = catalogue.structures.get(structure)
        structure = card.part_of or "" if card else ""
