"""The atlas: every surface of one body with its names, sides, layers, landmarks and licences, wherever it came from.

An `Atlas` is the geometry in memory; an `AtlasDocument` is its `atlas.json`, which travels with the GLB files.
Both are the same whether the bones are the population mean's, an open set's or a user's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

ATLAS_VERSION: Final = 1

Kind = Literal["bone", "muscle", "tendon", "ligament", "nerve", "fascia", "membrane", "skin", "disc"]
Side = Literal["right", "left", "midline"]
End = Literal["proximal", "distal"]
Wanted = Literal["first", "soon", "shown"]
Made = Literal["population", "modelled", "loaded", "cut"]
Vector = tuple[float, float, float]


@dataclass
class Surface:
    """One triangulated surface.

    vertices : (n, 3) float, LPS mm
    triangles : (m, 3) int, counter-clockwise seen from outside
    normals : (n, 3) float, unit, smooth
    uv : (n, 2) float in [0, 1] or None: u along the fibre from the proximal to the distal end, v around the belly
    tendon : (n,) float in [0, 1] or None: 1 where the surface is tendon or aponeurosis, 0 where it is belly
    shade : (n,) float in [0, 1] or None: how open to ambient light each vertex is (1 fully open), by its own surface
    """

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]
    normals: NDArray[np.float64]
    uv: NDArray[np.float64] | None = None
    tendon: NDArray[np.float64] | None = None
    shade: NDArray[np.float64] | None = None


@dataclass
class Footprint:
    """The area of a bone (or ligament) where a structure is attached: a patch cut out of that bone's surface.

    `on` is the sided id of the structure that carries it. `surface` hugs the carrier's surface (lifted by
    less than 0.2 mm so that it is seen) and need not be closed.
    """

    structure: str
    end: End
    on: str
    surface: Surface
    area_mm2: float


@dataclass
class Part:
    """One mesh of a structure: piriformis has two heads, most structures a single part named like themselves."""

    name: str
    surface: Surface
    fibres: NDArray[np.float64] | None = None
    """(s, k, 3) float or None: s fibre curves of k points each, LPS mm, from the proximal to the distal end."""
    shapes: dict[str, Surface] = field(default_factory=dict)
    """Other shapes of the same part by name (`B`, `slim`), on the same triangles and uv as `surface`."""


@dataclass
class Structure:
    """One sided structure of the body: `id` is `piriformis.right`, or `sacrum` for the midline."""

    id: str
    structure: str
    side: Side
    kind: Kind
    parts: list[Part]
    source: str
    """Key into `Atlas.sources`."""
    made: Made = "modelled"
    footprints: list[Footprint] = field(default_factory=list)
    shown: bool = True
    """Whether it is seen without being asked for."""


class Source(BaseModel):
    """Who made the geometry, under which licence, and how to cite it. It travels with every file."""

    model_config = ConfigDict(extra="forbid")
    title: str
    creators: str
    license: str
    license_url: str
    citation: str
    url: str
    notice: str = ""


@dataclass
class Atlas:
    """All structures of one body, in LPS millimetres, origin midway between the femoral head centres."""

    id: str
    title: str
    structures: dict[str, Structure]
    landmarks: dict[str, NDArray[np.float64]]
    """Sided landmark id (`asis.right`, `sacral_promontory`) to a point (3,) LPS mm, or a curve (k, 3) for a line."""
    sources: dict[str, Source]
    growing: list[GrowingEntry] = field(default_factory=list)
    """What is made after it."""
    fit: dict[str, float] = field(default_factory=dict)
    """Mean mm by which the population's shape model misses each bone that it was fitted to."""
    notes: list[str] = field(default_factory=list)
    """What is to be known of it: what was mended, left out, or could not be solved, a sentence each."""


class ShapeEntry(BaseModel):
    """One more shape of a part: where its node is. Its vertices are numbered as the part's own are."""

    model_config = ConfigDict(extra="forbid")
    file: str = Field(description="GLB file that holds it, relative to atlas.json.")
    node: str = Field(description="Node name in that file: `piriformis.right@B`.")


class PartEntry(BaseModel):
    """One part's mesh: where its node is."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Node name in the GLB file.")
    file: str = Field(description="GLB file that holds it, relative to atlas.json.")
    triangles: int
    shapes: dict[str, ShapeEntry] = Field(
        default_factory=dict,
        description="Its other shapes by name (`B`, `slim`); any other name means the part as its own node is.",
    )


class FootprintEntry(BaseModel):
    """One attachment area: where its node is, and on what."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Node name in the GLB file: `piriformis.right#proximal@sacrum`.")
    file: str
    end: End
    on: str = Field(description="Sided id of the structure it lies on.")
    area_mm2: float


class StructureEntry(BaseModel):
    """One sided structure of the body."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(description="Sided id: `piriformis.right`, `sacrum`.")
    structure: str = Field(description="Unsided id, the key of its annotation.")
    side: Side
    kind: Kind
    made: Made = Field(
        description="Mean of a population; solved; loaded from a mesh set as it is; or cut out of a set's own mesh."
    )
    source: str = Field(description="Key into `sources`.")
    parts: list[PartEntry]
    footprints: list[FootprintEntry]
    anchor: Vector = Field(description="A point on its outer surface where a label's leader line may end, LPS mm.")
    bounds: tuple[Vector, Vector] = Field(description="Lowest and highest corner, LPS mm.")
    volume_cm3: float | None = Field(description="Volume of its closed surfaces, cm³; null if a surface is open.")
    shown: bool = Field(default=True, description="Whether it is seen without being asked for.")


class FileEntry(BaseModel):
    """One GLB file beside atlas.json."""

    model_config = ConfigDict(extra="forbid")
    name: str
    bytes: int
    sha256: str
    wanted: Wanted = Field(
        description="When a page fetches it: for its first picture, right after that, or when something in it is shown."
    )


class GrowingEntry(BaseModel):
    """A structure that is made after the atlas and comes with `later.json`."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(description="Sided id.")
    structure: str = Field(description="Unsided id, the key of its annotation.")
    side: Side
    kind: Kind


class Centrelines(BaseModel):
    """Middle curves of one side's nerve and muscle from the proximal to the distal end, LPS mm."""

    model_config = ConfigDict(extra="forbid")
    nerve: list[Vector] = Field(description="The sciatic nerve with both its divisions.")
    piriformis: list[Vector] = Field(description="From the sacrum to the greater trochanter.")


class AtlasDocument(BaseModel):
    """`atlas.json`."""

    model_config = ConfigDict(extra="forbid")
    version: Literal[1] = ATLAS_VERSION
    id: str
    title: str
    hash: str = Field(description="Hash of everything the atlas was made from; names its folder in the cache.")
    structures: dict[str, StructureEntry]
    landmarks: dict[str, list[Vector]] = Field(description="Points (one vector) and lines (several), LPS mm.")
    sources: dict[str, Source]
    files: list[FileEntry]
    growing: list[GrowingEntry] = Field(
        default_factory=list, description="What `later.json` will bring; empty if nothing more is made."
    )
    centrelines: dict[Literal["right", "left"], Centrelines] = Field(
        default_factory=dict, description="By side, where a body has a piriformis and a sciatic nerve."
    )
    fit: dict[str, float] = Field(
        default_factory=dict,
        description="Mean mm by which the population's shape model misses each bone of a mesh set that it was laid on.",
    )
    notes: list[str] = Field(
        default_factory=list,
        description="What is to be known of a body: what was mended, left out or could not be solved, a sentence each.",
    )
