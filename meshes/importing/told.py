"""What a person is told of imported bones: how well the average pelvis fits them, and what will be solved on them."""

from __future__ import annotations

from collections.abc import Iterable

from meshes.importing.frame import Frame
from meshes.importing.rows import plain
from meshes.shape_fit import FEMORA, PELVIS, ShapeFit

GOOD, FAIR = 3.0, 4.5
"""mm by which a fitted shape misses a bone of the pelvis, on average, within which the fit is good, or fair."""
USUAL = 2.0
"""SDs within which nineteen of twenty people lie along each mode."""
RARE = 3.5
"""SDs beyond which the shape is that of hardly anybody."""


def missing_bones(structures: Iterable[str]) -> list[str]:
    """Bones without which nothing can be solved, by sided id."""
    here = set(structures)
    return [name for name in (*PELVIS, *FEMORA) if name not in here]


def shape_lines(structures: Iterable[str], frame: Frame) -> list[str]:
    """How well the average pelvis, bent to the shape of these bones, meets them, and how they differ from it."""
    if frame.fit is None:
        lacking = [plain(name) for name in missing_bones(structures) if name in PELVIS]
        if lacking:
            return [f"Shape: not compared with the average pelvis, which needs also: {', '.join(lacking)}."]
        return [
            f"Shape: DOES NOT FIT. {frame.unfit}",
            "A bone may be damaged, cut off by the edge of the scan, or named as another; or this is a child's pelvis. "
            "Look at the bones before you rely on anything.",
        ]
    worst = max(frame.fit.bones[name].mean_mm for name in PELVIS)
    word = (
        "a good fit"
        if worst < GOOD
        else "a fair fit"
        if worst < FAIR
        else "A POOR FIT: is a bone damaged, cut off, or named as another?"
    )
    lines = [f"Shape: the average pelvis, bent to these bones, lies {frame.fit_mm:.1f} mm off them: {word}"]
    width = max(len(plain(name)) for name in frame.fit.bones)
    for name, bone in frame.fit.bones.items():
        lines.append(f"  {plain(name):<{width}}  {bone.mean_mm:.1f} mm on average, 95 % within {bone.worst_mm:.1f} mm")
    return [*lines, _difference(frame.fit, frame.scale)]


def _difference(fit: ShapeFit, scale: float) -> str:
    """How the shape differs from the average, in a sentence."""
    share = round(100.0 * (scale - 1.0))
    size = f"{abs(share)} % {'larger' if share > 0 else 'smaller'} than the average" if share else "of average size"
    large = [(number, sds) for number, sds in enumerate(fit.modes, 1) if abs(sds) >= USUAL]
    if not large:
        return f"This pelvis is {size}; its shape is usual (within {USUAL:.0f} SD of the average in every mode)."
    named = ", ".join(f"{sds:+.1f} SD in mode {number}" for number, sds in large)
    rare = " Hardly anybody's is like this: look at the bones." if max(abs(sds) for _, sds in large) > RARE else ""
    return f"This pelvis is {size}; its shape differs from the average by {named} (others less than 2 SD).{rare}"


def solved_line(structures: Iterable[str], frame: Frame) -> str:
    """What happens with what is not there."""
    lacking = [plain(name) for name in missing_bones(structures)]
    if lacking:
        return (
            "Only what is here will be shown. Muscles, ligaments and nerves can be solved only on both hip bones, the "
            f"sacrum and both femora; missing: {', '.join(lacking)}."
        )
    if frame.fit is None:
        return "Only what is here will be shown: nothing can be solved on bones that the average pelvis does not fit."
    return "What is not here (muscles, ligaments, nerves) will be solved on these bones, and marked as modelled."
