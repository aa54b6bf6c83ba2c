"""From the anchors of a form (bone, landmark, other structure) to points on one side of one body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from annotations.forms import AtLandmarks, OnBone, OnStructure
from annotations.material import MaterialPoint
from meshes.laws import share_below
from meshes.ribbon import refine, resample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.forms import Anchor, Vector
    from meshes.body import Body, LimbSide
    from meshes.grown import Grown

Array = NDArray[np.float64]


def sided(name: str, body: Body, side: LimbSide) -> str:
    """The sided id of a bone: `hip_bone.right`, or `sacrum`, which has no side."""
    return name if name in body.bones else f"{name}.{side}"


def mirrored(offset: Vector, side: LimbSide) -> Array:
    """An offset authored on the right, on this side."""
    return np.array(offset) * ([-1.0, 1.0, 1.0] if side == "left" else [1.0, 1.0, 1.0])


def landmark(body: Body, name: str, side: LimbSide) -> Array:
    """A point (3,) at a landmark, or at a fraction of a line landmark (`iliac_crest@0.3`); a bare line is its mean."""
    base, _, fraction = name.partition("@")
    place = np.asarray(body.landmark(f"{base}.{side}"), dtype=np.float64)
    if not fraction:
        return place if place.ndim == 1 else np.asarray(place.mean(axis=0))
    fine = resample(place, 201)
    return np.asarray(fine[round(float(fraction) * 200)])


def resolve(anchors: Sequence[Anchor], body: Body, side: LimbSide, grown: Mapping[str, Grown]) -> Array:
    """All points (k, 3) LPS mm of a list of anchors, in order."""
    return np.concatenate([_points(anchor, body, side, grown) for anchor in anchors])


def _points(anchor: Anchor, body: Body, side: LimbSide, grown: Mapping[str, Grown]) -> Array:
    move = mirrored(anchor.offset, side)
    if isinstance(anchor, OnBone):
        materials = [MaterialPoint(bone=anchor.bone, element=e, xi1=a, xi2=b) for e, a, b in anchor.points]
        return np.stack([body.locate(material, side) for material in materials]) + move
    if isinstance(anchor, AtLandmarks):
        places = [weight * landmark(body, name, side) for name, weight in anchor.landmarks.items()]
        return np.asarray(np.sum(places, axis=0) + move).reshape(1, 3)
    assert isinstance(anchor, OnStructure)
    other = grown[anchor.structure]
    points = []
    for u, s in anchor.points:
        at = np.array([u]), np.array([s])
        middle, normal = refine(other.ribbon, *at)[0, 0], refine(other.normals, *at)[0, 0]
        normal /= np.linalg.norm(normal)
        belly = other.form.belly
        section = (2.0 * np.sqrt(s * (1.0 - s))) ** belly.edge
        thickness = float(refine(other.thickness[..., None], *at)[0, 0, 0]) * section
        deep = float(share_below(belly.deep, at[0])[0])
        height = {"superficial": thickness * (1.0 - deep) + anchor.gap, "deep": -thickness * deep - anchor.gap}
        points.append(middle + normal * height.get(anchor.face, anchor.gap))
    return np.array(points) + move
