"""Laws of a form: values that change along or across a structure, given at a few fractions of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

if TYPE_CHECKING:
    from annotations.forms import Law

Array = NDArray[np.float64]


def law(knots: Law, x: Array) -> Array:
    """Values of a law of a form at fractions x, monotone between its knots."""
    at, values = np.array(knots).T
    return np.asarray(PchipInterpolator(at, values)(np.clip(x, at[0], at[-1])))


def share_below(deep: float | Law, x: Array) -> Array:
    """Part of a belly's thickness that lies below its ribbon, at fractions x of its length."""
    return np.full(len(x), float(deep)) if isinstance(deep, float | int) else law(deep, x)
