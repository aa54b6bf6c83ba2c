"""The viewer as a Panel component: the page's module with a scene that Python and browser keep in step."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import param
from panel.custom import AnyWidgetComponent
from panel.io.resources import component_resource_path

from viewer.bundle import MODULE, PARTS, fingerprint
from viewer.errors import SceneError
from viewer.scene import Scene

START = Path(__file__).parent / "start.mjs"


class SceneParameter(param.Dict):  # type: ignore[type-arg]
    """A scene as a dictionary; anything that is not a whole and valid scene is refused with the field's name."""

    def _validate_value(self, val: Any, allow_None: bool) -> None:  # noqa: N803 (the name is param's)
        super()._validate_value(val, allow_None)  # type: ignore[no-untyped-call]
        try:
            Scene.parse(val)
        except SceneError as error:
            raise ValueError(str(error)) from error


class AtlasViewer(AnyWidgetComponent):
    """The interactive atlas in any Panel app.

    The browser does all interaction by itself and writes what is seen into `scene`, what is picked into `selected`;
    setting either from Python changes the page. `scene` is checked before it crosses the wire.
    """

    # `_bundle` makes Panel serve the script over HTTP, once, instead of sending it through every session's websocket.
    _bundle = MODULE
    _esm = MODULE

    scene = SceneParameter(default=Scene().model_dump(mode="json"), doc="The scene document (see `viewer.scene`).")
    source = param.Dict(default={}, doc="Where the page finds atlas and catalogue: addresses, or the data itself.")
    selected = param.String(default=None, allow_None=True, doc="Sided id of the structure picked last, or None.")
    settings = param.Dict(default={}, doc="What belongs to this place and not to the scene, such as `link_fragment`.")
    parts = param.Dict(default={}, doc="Where the page finds the scripts that come later: addresses or texts, by name.")

    # Panel serves what is named here beside the bundle.
    _resources: ClassVar[dict[str, Any]] = {"parts": dict(PARTS)}

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"parts": self.part_addresses(), **values})  # type: ignore[no-untyped-call]

    def get_scene(self) -> Scene:
        """What the page shows, as a checked document."""
        return Scene.parse(self.scene)

    def set_scene(self, scene: Scene) -> None:
        """Show this scene in the page."""
        self.scene = scene.model_dump(mode="json")

    @classmethod
    def _component_resource_path(cls, esm_path: Path, compiled: Any) -> str:
        """Address of the script; the version in it lets the browser keep the script for good, until it changes."""
        path: str = super()._component_resource_path(esm_path, compiled)  # type: ignore[no-untyped-call]
        return f"{path}?v={fingerprint(esm_path)}"

    @classmethod
    def part_addresses(cls) -> dict[str, str]:
        """Where Panel serves the scripts that come later, relative to the page."""
        return {
            name: f"{component_resource_path(AtlasViewer, '_resources/parts', path)}?v={fingerprint(path)}"
            for name, path in PARTS.items()
        }

    @classmethod
    def script_address(cls) -> str:
        """Where Panel serves this component's script, relative to the page."""
        return cls._component_resource_path(Path(cls._bundle), True)


class LinkedViewer(AtlasViewer):
    """The same component for a page that has drawn its viewer already: its script only links that viewer to Python."""

    _bundle = START
    _esm = START
