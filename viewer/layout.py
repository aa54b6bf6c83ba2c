"""Where labels stand: two columns beside the body, so that neither labels nor their leader lines cross.

The page's rule (`viewer/web/src/stage/layout.ts`), in pixels of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

Point = tuple[float, float]
Column = Literal["left", "right"]

DROP_ROUNDS = 40
"""Rounds of changing places after which a crossing that is left costs a label."""


@dataclass(frozen=True)
class Box:
    """A label to be placed: the point that it names, and how large its text is."""

    point: Point
    width: float
    height: float


@dataclass(frozen=True)
class Area:
    """Where labels may stand, and the left and right edge of the body between the columns."""

    left: float
    top: float
    right: float
    bottom: float
    body: tuple[float, float]


@dataclass(frozen=True)
class Stand:
    """A label that is placed: which of the boxes, its edge that faces the body and its middle, and its leader line."""

    index: int
    column: Column
    x: float
    y: float
    outer: bool
    """Whether the column stands at the picture's margin, its texts beginning there, for want of room at the body."""
    line: tuple[Point, ...]


def place(boxes: Sequence[Box], area: Area, gap: float) -> list[Stand]:
    """The labels that find room, each on the side where its point is; `gap` lies between text and line, and body.

    A label whose line would cross another's whatever places they change is left out, the later one of the two.
    """
    middle = (max(area.body[0], area.left) + min(area.body[1], area.right)) / 2
    columns: dict[Column, list[int]] = {"left": [], "right": []}
    used: dict[Column, float] = {"left": 0.0, "right": 0.0}
    for index, box in enumerate(boxes):
        own: Column = "left" if box.point[0] < middle else "right"
        if used[own] + box.height <= area.bottom - area.top:
            columns[own].append(index)
            used[own] += box.height
    stands = [stand for column, chosen in columns.items() for stand in _column(column, chosen, boxes, area, gap)]
    kept: list[Stand] = []
    for stand in sorted(stands, key=lambda each: each.index):
        if not any(crossing(stand.line, other.line) for other in kept):
            kept.append(stand)
    return kept


def stack(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Middles of boxes stacked in this order without overlap, as near as can be (least squares) to the wanted ones.

    The heights together are taken to fit between top and bottom.
    """
    offsets, total = [], 0.0
    for height in heights:
        offsets.append(total + height / 2)
        total += height
    # Blocks of boxes that touch, each with the mean of what its boxes want (pool adjacent violators).
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        sum_, count = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= sum_ / count:
            before = blocks.pop()
            sum_, count = sum_ + before[0], count + before[1]
        blocks.append((sum_, count))
    starts = [max(top, min(bottom - total, sum_ / count)) for sum_, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def crossing(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two lines of points cross."""
    return any(_cross(*ab, *cd) for ab in pairwise(one) for cd in pairwise(other))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments a–b and c–d cross."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _column(column: Column, chosen: list[int], boxes: Sequence[Box], area: Area, gap: float) -> list[Stand]:
    """The labels of one column; those whose lines cross change places, while that leaves fewer crossings."""
    if not chosen:
        return []
    order = sorted(chosen, key=lambda index: boxes[index].point[1])
    best = _stood(column, order, boxes, area, gap)
    crossings = _crossings(best)
    for _ in range(DROP_ROUNDS):
        for i, k in crossings:
            tried = order.copy()
            tried[i], tried[k] = tried[k], tried[i]
            stands = _stood(column, tried, boxes, area, gap)
            left = _crossings(stands)
            if len(left) < len(crossings):
                order, best, crossings = tried, stands, left
                break
        else:
            break
    return best


def _stood(column: Column, order: list[int], boxes: Sequence[Box], area: Area, gap: float) -> list[Stand]:
    """The labels in this order: beside the body with one edge for all, or at the margin where there is no room."""
    widest = max(boxes[index].width for index in order)
    free = (area.body[0] - area.left if column == "left" else area.right - area.body[1]) - 2 * gap
    outer = free < widest
    inwards = 1.0 if column == "left" else -1.0
    margin = area.left if column == "left" else area.right
    common = margin + inwards * (widest if outer else free)
    edges = {i: margin + inwards * boxes[i].width if outer else common for i in order}
    # A point that a label at the margin would cover: the label stands above it instead.
    covered = {i for i in order if outer and inwards * (boxes[i].point[0] - edges[i]) < gap}
    wanted = [boxes[i].point[1] - (boxes[i].height / 2 + 1.5 * gap if i in covered else 0.0) for i in order]
    rows = stack(wanted, [boxes[i].height for i in order], area.top, area.bottom)
    stands = []
    for index, row in zip(order, rows, strict=True):
        box, edge = boxes[index], edges[index]
        if index in covered:
            x = min(max(box.point[0], min(margin, edge)), max(margin, edge))
            foot = row + (box.height / 2 if box.point[1] > row else -box.height / 2)
            stands.append(Stand(index, column, edge, row, outer, ((x, foot), box.point)))
            continue
        bend = common + inwards * gap
        if inwards * (box.point[0] - bend) < 0:
            bend = edge + inwards * gap / 2
        start = edge + inwards * 0.4 * gap
        stands.append(Stand(index, column, edge, row, outer, ((start, row), (bend, row), box.point)))
    return stands


def _crossings(stands: Sequence[Stand]) -> list[tuple[int, int]]:
    return [(i, k) for i, k in combinations(range(len(stands)), 2) if crossing(stands[i].line, stands[k].line)]
