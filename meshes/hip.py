"""The hip joint: the head of the femur set into its own acetabulum.

In the mean of the shape model the head (radius 23 mm) is larger than the lunate surface (22 mm) and overlaps it: the
model was fitted to bones one by one, and cartilage is not in it. The acetabulum is widened by the missing cartilage,
by a radial map that cannot fold the bone, and the limb is moved so that the head stands in its middle.
"""

from __future__ import annotations

import igl
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from meshes.lagrange import Floats, Ints
from meshes.registration import fit_sphere

CLEARANCE = 2.8
"""Mean gap between head and lunate surface, mm: two layers of hip cartilage."""

NEAREST, FARTHEST = 1.6, 4.4
"""Gaps that the head is moved to keep, mm."""


def fit_head(femur: Floats) -> tuple[Floats, float]:
    """Centre (3,) and radius of the head in (n, 3) points on an upright left femur, LPS mm."""
    proximal = femur[femur[:, 2] > femur[:, 2].max() - 60.0]
    centre = proximal[np.argsort(proximal[:, 0])[: len(proximal) // 7]].mean(axis=0)
    radius = 25.0
    for reach in (32.0, 30.0, 28.0, 27.0, 26.0, 25.5):
        for _ in range(6):
            near = proximal[np.linalg.norm(proximal - centre, axis=1) < reach]
            centre, radius = fit_sphere(near)
    for _ in range(20):
        off = np.abs(np.linalg.norm(proximal - centre, axis=1) - radius)
        centre, radius = fit_sphere(proximal[off < 1.0])
    return centre, radius


def lunate(vertices: Floats, normals: Floats, guess: Floats, radius: float) -> NDArray[np.bool_]:
    """(n,) which points of a hip bone are its lunate surface, found near a head's centre in the mean shape.

    vertices, normals : (n, 3);  guess : (3,) where the head is as delivered;  radius : of the head, mm
    """
    centre, reach = guess, radius
    for tolerance in np.linspace(5.0, 1.8, 24):
        chosen = _facing(vertices, normals, centre, reach, float(tolerance))
        centre, reach = fit_sphere(vertices[chosen])
    return _facing(vertices, normals, centre, reach, 1.5)


def _facing(vertices: Floats, normals: Floats, centre: Floats, radius: float, tolerance: float) -> NDArray[np.bool_]:
    inward = centre - vertices
    distance = np.linalg.norm(inward, axis=1)
    cosine = np.einsum("ij,ij->i", normals, inward) / np.maximum(distance, 1e-9)
    return np.asarray((cosine > 0.75) & (np.abs(distance - radius) < tolerance))


def widen(nodes: Floats, centre: Floats, radius: float, head_radius: float) -> Floats:
    """(n, 3) nodes of a hip bone with its acetabulum made to hold a head; more than 13 mm outside it nothing moves.

    centre (3,), radius : sphere through the lunate surface, mm

    Every node moves along its ray from the centre by a rising function of its distance, so the bone cannot fold.
    Unevenness of the joint surface is evened by half: cartilage does the same.
    """
    offset = nodes - centre
    distance = np.linalg.norm(offset, axis=1)
    wide = head_radius + CLEARANCE
    moved = PchipInterpolator(
        [0.0, radius - 3.0, radius, radius + 2.5, radius + 13.0, radius + 14.0],
        [0.0, wide - 0.6, wide, wide + 0.8, radius + 13.0, radius + 14.0],
    )(np.minimum(distance, radius + 13.5))
    scale = np.where(distance < radius + 13.0, moved / np.maximum(distance, 1e-9), 1.0)
    return np.asarray(centre + offset * scale[:, None])


def settle(femur: tuple[Floats, Ints], contact: Floats, rim: Floats) -> Floats:
    """Shift (3,) of a femur that evens the gaps of its head: none too near the bone, none of the contact too far.

    femur : closed surface with its head set into the socket;  contact : (n, 3) points of the lunate surface
    rim : (k, 3) points of the hip bone around it
    """
    shift = np.zeros(3)
    points = np.vstack([contact, rim])
    may_be_far = np.arange(len(points)) < len(contact)
    for _ in range(16):
        distance, _, foot, _ = igl.signed_distance(points - shift, femur[0], femur[1])
        outward = (points - shift - foot) / np.where(np.abs(distance) > 1e-6, distance, 1.0)[:, None]
        near = np.maximum(NEAREST - distance, 0.0)
        far = np.where(may_be_far, np.maximum(distance - FARTHEST, 0.0), 0.0)
        wrong = (near > 0.0) | (far > 0.0)
        if not wrong.any():
            break
        shift = shift + 0.8 * ((far - 2.0 * near)[:, None] * outward)[wrong].mean(axis=0)
    return shift
