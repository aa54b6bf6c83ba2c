"""The viewer as a notebook widget: `from ischia import Pelvis; Pelvis()` as the last line of a cell shows it.

It runs in JupyterLab, Notebook 7 and marimo. The page asks the kernel for script and geometry when it first wants them
(`notebook.mjs`), once however many widgets there are; only the scene travels with each change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import anywidget
import traitlets

from viewer.bundle import LOADER
from viewer.check import check
from viewer.errors import SceneError
from viewer.notebook_actions import Actions
from viewer.notebook_atlas import OpenAtlas, answer, open_atlas
from viewer.scene import Scene

if TYPE_CHECKING:
    import pandas
    from PIL.Image import Image

    from viewer.notebook_structures import BodyStructure, Structures

Selected = Callable[[str | None], None]

HEIGHT = 560
"""CSS pixels of a widget that nobody has said another height of."""


class SceneTrait(traitlets.TraitType[Any, Any]):
    """A scene that is whole, valid, and names only what there is; set from a Scene, a dictionary or a file's path."""

    info_text = "a scene: a Scene, a dictionary or the path of a JSON file"

    def validate(self, obj: Pelvis, value: Any) -> Scene:
        """The scene, checked. Raises SceneError with a line for each thing that is wrong."""
        return obj.checked(value)

    def get(self, obj: Any, cls: Any = None) -> Scene:
        """A copy: what is shown changes only by setting it."""
        held = Scene.model_validate(super().get(obj, cls))
        return held.model_copy(deep=True)


class Pelvis(Actions, anywidget.AnyWidget):
    """An interactive 3D atlas of the pelvis and the deep gluteal region, in a notebook's cell.

    >>> p = Pelvis()
    >>> p.variant(right="B").view("posterior").select("piriformis.right")
    >>> p.measure()
    >>> p["piriformis.right"].attachments

    scene : what to show first: a `Scene`, a dictionary of its fields, or the path of a JSON file
    atlas : which body: `population`, or a folder with a mesh set; else the scene's
    height : CSS pixels, or a CSS length such as "70vh"

    Further keyword arguments are fields of the scene: `Pelvis(peel=2)`. The first widget of all builds the atlas, with
    a progress bar, if this machine has not built it before (about a minute). Raises SceneError and ViewerError, which
    say what is wrong and what to do.
    """

    _esm = LOADER
    _shown_by_dir: ClassVar[frozenset[str]] = frozenset({"close", "layout", "observe", "unobserve"})

    scene = SceneTrait().tag(
        sync=True, to_json=lambda scene, _: scene.model_dump(mode="json"), from_json=lambda data, _: data
    )
    """The scene now shown, read and write: `p.scene = "my.json"`, `p.scene == other.scene`. Reading gives a copy."""
    settings = traitlets.Dict(help="What belongs to this widget and not to the scene.").tag(sync=True)
    atlas_key = traitlets.Unicode(help="Under which the page keeps this body for all widgets.").tag(sync=True)

    def __init__(
        self,
        scene: Scene | Mapping[str, Any] | str | Path | None = None,
        *,
        atlas: str | Path | None = None,
        height: int | str = HEIGHT,
        **fields: Any,
    ) -> None:
        first = as_scene(scene if scene is not None else {})
        if fields:
            first = Scene.parse(first.model_dump(mode="json") | fields)
        self._atlas: OpenAtlas = open_atlas(str(atlas) if atlas is not None else first.atlas)
        self._callbacks: list[Selected] = []
        super().__init__(scene=first, settings={"height": height, "tree": False}, atlas_key=self._atlas.key)
        self.on_msg(self._asked)
        self.observe(self._tell_selection, "scene")

    # --- the scene ---

    def checked(self, value: Any) -> Scene:
        """A scene for this body from a Scene, a dictionary or a path. Raises SceneError if it cannot be shown."""
        scene = as_scene(value).model_copy(update={"atlas": self._atlas.built.document.id})
        check(scene, self._atlas.known)
        return scene

    @classmethod
    def load(cls, path: str | Path, **options: Any) -> Self:
        """A widget that shows the scene of a JSON file, as `save` and the page write it."""
        return cls(Scene.read(path), **options)

    def save(self, path: str | Path) -> Self:
        """Write the scene now shown to a JSON file, for `Pelvis.load`, `ischia view --scene` and `ischia figure`."""
        self.scene.write(path)
        return self

    @property
    def selected(self) -> str | None:
        """Sided id of the structure that is selected, by a click or from here; None if none is."""
        selected: str | None = self.scene.selected
        return selected

    def on_select(self, callback: Selected, remove: bool = False) -> Selected:
        """Call a function with the sided id (or None) whenever the selection changes; with `remove`, no longer.

        >>> @p.on_select
        ... def tell(name):
        ...     print(name)
        >>> p.on_select(tell, remove=True)
        """
        if remove:
            self._callbacks = [each for each in self._callbacks if each != callback]
        else:
            self._callbacks.append(callback)
        return callback

    def _tell_selection(self, change: Any) -> None:
        before, after = change["old"], change["new"]
        name = after.selected
        if not isinstance(before, Scene) or before.selected != name:
            for callback in list(self._callbacks):
                callback(name)

    # --- what there is ---

    @property
    def structures(self) -> Structures:
        """All structures of this body by sided id; `structures.table()` lists them."""
        from viewer.notebook_structures import Structures

        return Structures(self._atlas, lambda side: str(getattr(self.scene.variant, side, "A")))

    def __getitem__(self, name: str) -> BodyStructure:
        """`p["piriformis.right"]`: names, citation, license, attachments, mesh. Raises SceneError for unknown names."""
        return self.structures[name]

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.structures)

    @property
    def views(self) -> dict[str, str]:
        """Camera views: id to name."""
        return {key: view.name for key, view in self._atlas.catalogue.views.items()}

    @property
    def variants(self) -> dict[str, str]:
        """How sciatic nerve and piriformis may lie together: id to words, the usual first."""
        return {key: variant.name for key, variant in self._atlas.catalogue.variants.items()}

    @property
    def trigger_points(self) -> dict[str, str]:
        """Trigger points: id to where it is."""
        return {key: f"{point.name}: {point.where}" for key, point in self._atlas.catalogue.trigger_points.items()}

    def measure(self) -> pandas.DataFrame:
        """What piriformis and sciatic nerve measure on both sides, in the variants now shown: as `ischia measure`.

        mm where nothing else is said; beside it what was published of the usual arrangement.
        """
        from viewer.notebook_measures import measures_table

        return measures_table(self._atlas.pack(), self.scene.variant, self._atlas.catalogue.measures)

    def compare_with(self, other: str | Path | Pelvis, *, bones: bool = False) -> pandas.DataFrame:
        """What this body and another one measure, as `ischia compare`: indexed by measure and place.

        other : another widget, or the name or folder of a body: `p.compare_with("bodyparts3d")`
        bones : only what bones measure, so that nothing else has to be made

        Columns `first` (this body), `second`, `difference`, with `unit`, `published` and `definition`. Raises
        ViewerError if there is no such body. To see both: `ischia view --atlas A --beside B`.
        """
        from viewer.comparing import as_frame, compared_rows

        second = other._atlas if isinstance(other, Pelvis) else open_atlas(str(other))
        here, there = ((each.built, None if bones else each.pack()) for each in (self._atlas, second))
        rows = compared_rows(here, there, self._atlas.catalogue.measures)
        titles = here[0].document.title, there[0].document.title
        return as_frame([row for row in rows if not bones or row.group == "bones"], titles)

    # --- pictures and files ---

    def figure(self, path: str | Path | None = None, size: tuple[int, int] = (1200, 1000), **fields: Any) -> Image:
        """The scene now shown as a picture for print, drawn off screen; as the last line of a cell it is seen.

        path : where to write it as well, as PNG or as SVG (with letters that stay letters)
        size : pixels across and down
        fields : fields of the scene for this picture alone: `figure(labels="all", theme="light")`
        """
        from viewer.dressed import wants_later
        from viewer.figure import figure

        scene = self._with(fields)
        if wants_later(scene, self._atlas.built.document, self._atlas.catalogue):
            self._atlas.pack()  # under a bar of its own, if it has to be made
        return figure(scene, None if path is None else Path(path), size=size, built=self._atlas.built)

    def screenshot(self, path: str | Path, size: tuple[int, int] = (1600, 1300), **fields: Any) -> Path:
        """Write the scene now shown as a PNG with its credits and the scene inside; returns the path.

        It is drawn from the scene, not taken from the page: so it needs no browser and is the same in every notebook,
        and panels are not in it.
        """
        self.figure(path, size, **fields)
        return Path(path)

    def export_html(self, path: str | Path, **options: Any) -> Path:
        """Write the scene now shown as one HTML file that opens without a network; returns the path.

        options : as of `viewer.export.export_html`: `lesson="variants"`, `complete=True`
        """
        from viewer.export import export_html

        export_html(Path(path), self.scene, atlas=self._atlas.built, **options)
        return Path(path)

    def _with(self, fields: Mapping[str, Any]) -> Scene:
        scene: Scene = self.scene
        return self.checked(scene.model_dump(mode="json") | dict(fields)) if fields else scene

    # --- the cell ---

    @property
    def height(self) -> int | str:
        """Height in the cell: CSS pixels, or a CSS length."""
        height: int | str = self.settings["height"]
        return height

    @height.setter
    def height(self, height: int | str) -> None:
        self.settings = {**self.settings, "height": height}

    def close(self) -> None:
        """Take the widget out of every cell; the page frees its memory."""
        self._callbacks = []
        super().close()

    def _asked(self, _: Any, content: Any, buffers: Any) -> None:
        """Answer the page."""
        if isinstance(content, dict) and "ask" in content:
            reply, data = answer(self._atlas, content)
            self.send(reply, data)

    def __repr__(self) -> str:
        scene: Scene = self.scene
        said = scene.model_dump(mode="json", exclude_defaults=True, exclude={"atlas", "version", "camera"})
        told = ", ".join(f"{field}={value!r}" for field, value in said.items())
        return f"Pelvis({told})"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and for those who see the notebook without a kernel a line that says what it is."""
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data:
            data["text/plain"] = f"{self!r}\nAn interactive 3D atlas (Ischia). Run this cell to see it."
        return bundle

    def __dir__(self) -> list[str]:
        own = {*vars(Pelvis), *vars(Actions)} | self._shown_by_dir
        return sorted(name for name in own if not name.startswith("_") and name not in {"checked", "atlas_key"})


def as_scene(value: Any) -> Scene:
    """A Scene as it is; the scene in a dictionary, or in the JSON file of a path. Raises SceneError."""
    if isinstance(value, Scene):
        # Fields may have been set one by one since it was checked.
        return Scene.parse(value.model_dump(mode="json"))
    if isinstance(value, Mapping):
        return Scene.parse(dict(value))
    if isinstance(value, str | Path):
        return Scene.read(value)
    raise SceneError(f"A scene is a Scene, a dictionary or the path of a JSON file, and this is {value!r:.60}.")
