"""The population's shape model: the mean of 26 adults and the ways in which they differ (LLP26, Zhang et al. 2016).

The file is a pickle. A pickle can run any program, so this reader admits nothing but numpy arrays.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ARRAY_PARTS = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
}
"""What a pickle of plain arrays needs, in the namings of older and newer numpy."""

NODES = {"pelvis": 1946, "femur": 634, "patella": 74, "tibia_fibula": 571}
"""Nodes of each bone, in the order in which the model lists them: the pelvis and the left limb."""


class ShapeModelError(ValueError):
    """The shape model's file is not what it should be, or a shape is asked for that it does not have."""


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in ARRAY_PARTS:
            raise ShapeModelError(
                f"the shape model's file asks for {module}.{name}; only numpy arrays are allowed in it. "
                "It was changed or is not a shape model: install the package musculoskeletal-models anew."
            )
        return super().find_class(module, name)


@dataclass(frozen=True)
class ShapeModel:
    """mean : (n, 3) node positions, mm;  modes : (k, n, 3) displacement of every node for one SD of each mode, mm"""

    mean: Floats
    modes: Floats

    def nodes(self, weights: Sequence[float] = ()) -> dict[str, Floats]:
        """Node positions of each bone, (n, 3) mm, for a shape so many SDs along each of the first modes.

        Raises `ShapeModelError` for more weights than modes, or a weight that is not a number.
        """
        if len(weights) > len(self.modes):
            raise ShapeModelError(f"{len(weights)} shape modes were given; the model has {len(self.modes)}")
        if not np.isfinite(np.asarray(weights, dtype=float)).all():
            raise ShapeModelError(f"shape modes must be finite numbers of SDs, not {list(weights)}")
        shape = self.mean + np.tensordot(np.asarray(weights, dtype=float), self.modes[: len(weights)], axes=1)
        starts = np.cumsum([0, *NODES.values()])
        return {bone: shape[a:b] for bone, a, b in zip(NODES, starts[:-1], starts[1:], strict=True)}


def read_shape_model(file: Path) -> ShapeModel:
    """Read a shape model; raises `ShapeModelError` for a file that holds anything but its arrays."""
    with file.open("rb") as stream:
        try:
            content = _ArrayUnpickler(stream, encoding="latin1").load()
        except (pickle.UnpicklingError, EOFError, TypeError, AttributeError, IndexError, ValueError) as error:
            raise error if isinstance(error, ShapeModelError) else ShapeModelError(f"{file.name}: {error}") from error
    size = 3 * sum(NODES.values())
    if not isinstance(content, dict):
        raise ShapeModelError(f"{file.name}: a dictionary of arrays was expected")
    mean, modes, variances = (np.asarray(content.get(name)) for name in ("mean", "modes", "weights"))
    if mean.shape != (size,) or modes.ndim != 2 or modes.shape[0] != size or variances.shape != modes.shape[1:]:
        raise ShapeModelError(f"{file.name}: mean {mean.shape}, modes {modes.shape}, variances {variances.shape}")
    displacement = (modes * np.sqrt(variances)).T.reshape(-1, 3, size // 3).transpose(0, 2, 1)
    return ShapeModel(mean.reshape(3, -1).T.copy(), displacement)


def population_folder() -> Path:
    """Folder of the installed package `musculoskeletal-models`."""
    return Path(str(files("musculoskeletal.models")))


@cache
def shape_model() -> ShapeModel:
    """The shape model of the pelvis and the left lower limb."""
    return read_shape_model(population_folder() / "shape_models" / "LLP26_rigid.pc")
