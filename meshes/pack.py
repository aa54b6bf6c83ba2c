"""What is made after the atlas, in the background: skin, small nerves, variants' shapes and what they measure."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from meshes.atlas import Centrelines, FileEntry, ShapeEntry, Source, StructureEntry
from meshes.measure import Measures

PACK_VERSION: Final = 1

LimbSide = Literal["right", "left"]


class PackDocument(BaseModel):
    """`later.json`: what is added to `atlas.json` of the same folder."""

    model_config = ConfigDict(extra="forbid")
    version: Literal[1] = PACK_VERSION
    hash: str = Field(description="Hash of everything it was made from; its GLB files have it in their names.")
    structures: dict[str, StructureEntry] = Field(description="New structures by sided id.")
    shapes: dict[str, dict[str, ShapeEntry]] = Field(
        description="By name of a part of the atlas: its further shapes by name (`B`)."
    )
    centrelines: dict[LimbSide, dict[str, Centrelines]] = Field(description="By side and variant; `A` too.")
    measures: dict[LimbSide, dict[str, Measures]] = Field(description="By side and variant; `A` too.")
    sources: dict[str, Source]
    marks: str | None = Field(
        description="Name of the file beside it that holds the trigger points (`MarksDocument`); null: there are none."
    )
    notes: list[str] = Field(
        default_factory=list, description="What could not be made on this body, a sentence each; empty: nothing."
    )
    files: list[FileEntry]
