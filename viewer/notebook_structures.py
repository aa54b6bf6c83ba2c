"""One structure of a body as an object: its names, sources, attachments and geometry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer.errors import SceneError, suggestion

if TYPE_CHECKING:
    import pandas
    import pyvista
    import trimesh

    from annotations.catalogue import Catalogue, StructureCard
    from annotations.statement import Names, Statement
    from meshes.atlas import Source, Structure
    from viewer.notebook_atlas import OpenAtlas

Shape = Callable[[str], str]
"""Name of the variant of a side: `right` to `B`."""

FIRST_VARIANT = "A"


class BodyStructure:
    """A structure on one side of the body: `p["piriformis.right"]`.

    Its geometry is what the widget shows: of piriformis and nerve, the variant that is chosen when one asks.
    """

    def __init__(self, name: str, atlas: OpenAtlas, variant: Shape) -> None:
        self.id = name
        self._atlas = atlas
        self._variant = variant
        self._entry = atlas.entries[name]

    def __repr__(self) -> str:
        return f"<{self.name}: {self.kind} {self.id}>"

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]

    # --- what it is ---

    @property
    def structure(self) -> str:
        """Id without a side: `piriformis`."""
        return self._entry.structure

    @property
    def side(self) -> str:
        """`right`, `left` or `midline`."""
        return self._entry.side

    @property
    def kind(self) -> str:
        """`muscle`, `bone`, `nerve` …"""
        return self._entry.kind

    @property
    def names(self) -> Names | None:
        """English and Latin name and synonyms, without the side; None if the annotations do not know it."""
        return None if self._card is None else self._card.names

    @property
    def name(self) -> str:
        """English name with the side: `Right piriformis`."""
        plain = self.structure.replace("_", " ") if self.names is None else self.names.english
        text = plain if self.side == "midline" else f"{self.side} {plain}"
        return text[:1].upper() + text[1:]

    @property
    def latin(self) -> str | None:
        """Term of Terminologia Anatomica."""
        return None if self.names is None else self.names.latin

    @property
    def text(self) -> str:
        """What it is, in the terms of the field."""
        return "" if self._card is None else self._card.precise

    @property
    def plain(self) -> str:
        """What it is, in plain words."""
        return "" if self._card is None else self._card.plain

    @property
    def _card(self) -> StructureCard | None:
        return self._atlas.catalogue.structures.get(self.structure)

    # --- where it comes from ---

    @property
    def source(self) -> Source:
        """Who made its geometry, under which licence. Raises SceneError while it is not made yet."""
        pack = self._atlas.pack() if self._coming else None
        sources = {**self._atlas.built.document.sources, **({} if pack is None else pack.document.sources)}
        return sources[self._made().source]

    @property
    def citation(self) -> str:
        """How to cite its geometry."""
        return f"{self.source.citation} {self.source.url}".strip()

    @property
    def license(self) -> str:
        """Licence of its geometry, with the address of its text."""
        return f"{self.source.license} <{self.source.license_url}>"

    @property
    def _coming(self) -> bool:
        return self.id not in self._atlas.built.document.structures

    # --- what holds on where ---

    @property
    def attachments(self) -> pandas.DataFrame:
        """Where it holds on, a row for each end: on what, at which landmarks, the words, who says so, how surely.

        `area_mm2` is that of the area painted on this body's bones, summed over the bones of that row; NaN without one.
        """
        import pandas

        card = self._card
        rows = [
            {
                "end": each.end,
                "on": ", ".join(self._called(name) for name in each.on),
                "landmarks": ", ".join(self._landmark(name) for name in each.landmarks),
                "area_mm2": self._area(each.end, each.on),
                "text": each.statement.text,
                "evidence": each.statement.evidence,
                "sources": references(each.statement, self._atlas.catalogue),
            }
            for each in (card.attachments if card is not None else [])
        ]
        columns = ["end", "on", "landmarks", "area_mm2", "text", "evidence", "sources"]
        return pandas.DataFrame(rows, columns=columns)

    def _called(self, structure: str) -> str:
        card = self._atlas.catalogue.structures.get(structure)
        return structure.replace("_", " ") if card is None else card.names.english

    def _landmark(self, name: str) -> str:
        card = self._atlas.catalogue.landmarks.get(name)
        return name.replace("_", " ") if card is None else card.names.english

    def _area(self, end: str, on: list[str]) -> float:
        entry = self._atlas.built.document.structures.get(self.id)
        footprints = entry.footprints if entry is not None else []
        found = [each.area_mm2 for each in footprints if each.end == end and each.on.partition(".")[0] in on]
        return sum(found) if found else float("nan")

    # --- its shape ---

    @property
    def mesh(self) -> pyvista.PolyData:
        """Its surface, LPS mm, all parts in one; point normals are active. A copy: change it as you like."""
        import pyvista

        vertices, triangles, normals = self._arrays()
        mesh: pyvista.PolyData = pyvista.PolyData.from_regular_faces(vertices, triangles)
        mesh.point_data.active_normals = normals.astype(np.float32)
        return mesh

    @property
    def trimesh(self) -> trimesh.Trimesh:
        """The same surface as a trimesh, its vertices merged where parts of the surface meet."""
        import trimesh

        vertices, triangles, _ = self._arrays()
        return trimesh.Trimesh(vertices=vertices, faces=triangles, process=True)

    @property
    def volume_cm3(self) -> float | None:
        """Volume of its closed surfaces, cm³; None if a surface is open."""
        from meshes.surface import is_closed, volume_mm3, weld

        total = 0.0
        for surface in self._surfaces():
            vertices, triangles = surface.vertices, surface.triangles
            if not is_closed(triangles):
                vertices, triangles = weld(vertices, triangles)
            if not is_closed(triangles):
                return None
            total += volume_mm3(vertices, triangles)
        return round(total / 1000, 3)

    def _made(self) -> Structure:
        atlas = self._atlas.whole if self._coming or self._shaped else self._atlas.first
        found = atlas.structures.get(self.id)
        if found is None:
            raise SceneError(f"{self.id}: this body has no mesh of it.")
        return found

    @property
    def _shaped(self) -> bool:
        from meshes.atlas_files import SHAPED

        return self.structure in SHAPED and self._variant(self.side) != FIRST_VARIANT

    def _surfaces(self) -> Iterator[Any]:
        structure = self._made()
        wanted = self._variant(structure.side) if structure.side != "midline" else FIRST_VARIANT
        return (part.shapes.get(wanted, part.surface) for part in structure.parts)

    def _arrays(self) -> tuple[Any, Any, Any]:
        """Vertices (n, 3) LPS mm, triangles (m, 3) and normals (n, 3) of all parts."""
        vertices, triangles, normals, count = [], [], [], 0
        for surface in self._surfaces():
            vertices.append(surface.vertices)
            triangles.append(surface.triangles.astype(np.int64) + count)
            normals.append(surface.normals)
            count += len(surface.vertices)
        return np.concatenate(vertices), np.concatenate(triangles), np.concatenate(normals)

    def _repr_html_(self) -> str:
        """A card: names, what it is, where it holds on, and where its shape comes from."""
        rows = {
            "Latin": escape(self.latin or ""),
            "Id": f"<code>{escape(self.id)}</code>",
            "Kind": escape(self.kind),
            "What it is": escape(self.text),
            "Holds on": "<br>".join(
                f"{escape(row.end)}: {escape(row.on)}" for row in self.attachments.itertuples(index=False)
            ),
        }
        if not self._coming:
            volume = self.volume_cm3
            rows["Volume"] = "" if volume is None else f"{volume:.1f} cm³ in this body"
            rows["Shape by"] = f"{escape(self.source.creators)} ({escape(self.source.license)})"
        cells = "".join(
            f"<tr><th style='text-align:left;vertical-align:top'>{head}</th>"
            f"<td style='text-align:left;max-width:46em;white-space:normal'>{text}</td></tr>"
            for head, text in rows.items()
            if text
        )
        return f"<table><caption style='text-align:left'><b>{escape(self.name)}</b></caption>{cells}</table>"


class Structures(Mapping[str, BodyStructure]):
    """All structures of a body by sided id: `p.structures["piriformis.right"]`."""

    def __init__(self, atlas: OpenAtlas, variant: Shape) -> None:
        self._atlas = atlas
        self._variant = variant

    def __getitem__(self, name: str) -> BodyStructure:
        """Raises SceneError with the nearest right names."""
        if name in self._atlas.entries:
            return BodyStructure(name, self._atlas, self._variant)
        sides = [f"{name}.{side}" for side in ("right", "left") if f"{name}.{side}" in self._atlas.entries]
        if sides:
            raise SceneError(f"{name} is on both sides: ask for {' or '.join(sides)}.")
        if name in self._atlas.known.structures:
            raise SceneError(f"{name} is known by name, but this body has no mesh of it.")
        raise SceneError(f'There is no structure "{name}".{suggestion(name, self._atlas.entries)}')

    def __contains__(self, name: object) -> bool:
        return name in self._atlas.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._atlas.entries)

    def __len__(self) -> int:
        return len(self._atlas.entries)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def table(self) -> pandas.DataFrame:
        """Every structure of the body: id, name, Latin, kind, side."""
        import pandas

        rows = [(one.id, one.name, one.latin, one.kind, one.side) for one in self.values()]
        return pandas.DataFrame(rows, columns=["id", "name", "latin", "kind", "side"]).set_index("id")

    def __repr__(self) -> str:
        return f"<{len(self)} structures: {', '.join(list(self)[:4])} …>"

    def _repr_html_(self) -> str:
        html: str = self.table().to_html(max_rows=60)
        return html


def references(statement: Statement, catalogue: Catalogue) -> str:
    """Who says so, ready to print."""
    texts = [catalogue.references[key].text for key in statement.sources if key in catalogue.references]
    return "; ".join(texts)
