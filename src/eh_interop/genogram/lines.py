"""The lines of a genogram: couples, children below them, and an outline round each home.

An outline goes round the people of a home and round nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import hypot
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import Couple, Family, SharedHome, Sibship
from eh_interop.genogram.layout import LABEL, LANE, PITCH, SIZE, GenogramLayout, Point

SLASHES: Final = {"separated": 1, "divorced": 2, "ended": 2}
"""How many strokes cross the line of a couple."""

_HALF: Final = SIZE / 2
_ARC: Final = 16.0
_BUS: Final = 22.0
_STROKE: Final = 8.0
_FURTHER: Final = (0.0, 26.0, -26.0, 13.0, -13.0, 36.0, -36.0)
"""How far further lines of children stand from the first: none runs into one, or into somebody."""

_BESIDE: Final = 12.0
"""How far the line from further parents, such as carers, leaves beside that from the first."""

_PAD: Final = 7.0
_APART: Final = 6.0
"""How much wider each further home is drawn, so that two outlines do not cover each other."""
_WIDTH: Final = 22.0
_SIDE: Final = 46.0
_ROUND: Final = 18.0
"""How round the corners of a box are."""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line through points. ``kind`` names its style."""

    points: tuple[Point, ...]
    kind: str


def couple_lines(
    family: Family, layout: GenogramLayout
) -> tuple[list[DrawnLine], dict[tuple[str, ...], Point]]:
    """Return the lines of couples, and for each couple the point from which children hang."""
    lines: list[DrawnLine] = []
    middles: dict[tuple[str, ...], Point] = {}
    arcs: Counter[int] = Counter()
    for couple in family.couples:
        left, right = sorted(couple.pair, key=lambda person: layout.at[person])
        (x1, y1), (x2, y2) = layout.at[left], layout.at[right]
        lower = max(layout.row_of[left], layout.row_of[right])
        if layout.adjacent(left, right):
            points: tuple[Point, ...] = ((x1 + _HALF, y1), (x2 - _HALF, y2))
            middle = ((x1 + x2) / 2, y1)
        else:
            high = layout.tops[lower] - _ARC - LANE * arcs[lower]
            arcs[lower] += 1
            if y1 == y2:
                points = ((x1, y1 - _HALF), (x1, high), (x2, high), (x2, y2 - _HALF))
                middle = (layout.gap(lower, (x1 + x2) / 2), high)
            else:
                upper, below = (left, right) if y1 < y2 else (right, left)
                points, middle = _across_rows(layout, upper, below, high)
        style = couple.state and ("married" if couple.married else "partners")
        lines.append(DrawnLine(points, style or "unstated"))
        lines += _slashes(couple, middle)
        middles[tuple(sorted(couple.pair))] = middle
    return lines, middles


def _across_rows(
    layout: GenogramLayout, upper: str, below: str, high: float
) -> tuple[tuple[Point, ...], Point]:
    """Return the line of a couple of two rows, past everybody between them, and its middle."""
    (x1, y1), (x2, y2) = layout.at[upper], layout.at[below]
    side = layout.beside(upper, x2)
    start = ((x1 + (_HALF if side > x1 else -_HALF), y1), (side, y1))
    way = (*start, *layout.passing(side, layout.row_of[upper], layout.row_of[below]))
    last = way[-1][0]
    middle = (layout.beside(below, last), high)
    return (*way, (last, high), middle, (x2, high), (x2, y2 - _HALF)), middle


def _slashes(couple: Couple, middle: Point) -> Iterator[DrawnLine]:
    # Beside the point from which children hang, so that the strokes are seen as such.
    x, y = middle[0] - 14, middle[1]
    for number in range(SLASHES.get(couple.state, 0)):
        at = x + 6 * number
        yield DrawnLine(((at - 4, y + _STROKE), (at + 4, y - _STROKE)), "slash")


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the line to children begins, the x at which it goes down, and the row it leaves."""

    point: Point
    down: float
    row: int


def descent_lines(
    family: Family, layout: GenogramLayout, middles: dict[tuple[str, ...], Point]
) -> tuple[list[DrawnLine], list[Sibship]]:
    """Return the lines from parents to children, and the groups that cannot be drawn.

    A group cannot be drawn if the record puts a child no lower than a parent.
    """
    lines: list[DrawnLine] = []
    undrawn: list[Sibship] = []
    lanes: dict[int, list[tuple[int, float, float]]] = {}
    reached: Counter[str] = Counter()
    hanging: dict[tuple[str, ...], int] = {}
    for group in family.sibships:
        lowest = max((layout.row_of[parent] for parent in group.parents), default=-1)
        drawn = [child for child in group.children if layout.row_of[child] > lowest]
        if len(drawn) < len(group.children):
            undrawn.append(group)
        for row in sorted({layout.row_of[child] for child in drawn}):
            children = [child for child in drawn if layout.row_of[child] == row]
            start = None
            if group.parents:
                number = hanging[group.parents] = hanging.get(group.parents, -1) + 1
                start = _start(layout, group, middles, children, _FURTHER[number % len(_FURTHER)])
            drops = _drops(family, layout, children, reached)
            lines += _hang(layout, group.kind, drops, start, lanes)
    return lines, undrawn


def _start(
    layout: GenogramLayout,
    group: Sibship,
    middles: dict[tuple[str, ...], Point],
    children: list[str],
    aside: float,
) -> _Start:
    row = max(layout.row_of[parent] for parent in group.parents)
    if group.parents in middles:
        x, y = middles[group.parents]
        return _Start((x + aside, y), x + aside, row)
    x, y = layout.at[group.parents[0]]
    side = layout.beside(group.parents[0], fmean(layout.at[child][0] for child in children))
    return _Start((x + (_HALF if side > x else -_HALF), y), side + aside, row)


def _hang(
    layout: GenogramLayout,
    kind: str,
    drops: dict[str, float],
    start: _Start | None,
    lanes: dict[int, list[tuple[int, float, float]]],
) -> Iterator[DrawnLine]:
    """Yield the lines of brothers and sisters: down from the parents, along, and to each child."""
    row = layout.row_of[next(iter(drops))]
    points: list[Point] = []
    if start is not None:
        points = [start.point, (start.down, start.point[1])]
        points += layout.passing(start.down, start.row, row)
    ends = [*drops.values(), *(x for x, _ in points[-1:])]
    y = layout.tops[row] - _BUS - LANE * _lane(lanes.setdefault(row, []), min(ends), max(ends))
    if points:
        yield DrawnLine((*points, (points[-1][0], y)), kind)
    if max(ends) > min(ends):
        yield DrawnLine(((min(ends), y), (max(ends), y)), kind)
    for child, x in drops.items():
        yield DrawnLine(((x, y), (layout.at[child][0], layout.tops[row])), kind)


def _lane(taken: list[tuple[int, float, float]], left: float, right: float) -> int:
    """Find a height at which nobody else's line is in the way."""
    used = {lane for lane, a, b in taken if a <= right and left <= b}
    free = next(lane for lane in count() if lane not in used)
    taken.append((free, left, right))
    return free


def _drops(
    family: Family, layout: GenogramLayout, children: list[str], reached: Counter[str]
) -> dict[str, float]:
    """Return where each child's line leaves: twins share one, further parents do not."""
    drops = {child: layout.at[child][0] + _BESIDE * reached[child] for child in children}
    reached.update(children)
    for pair in family.twins:
        if drops.keys() >= set(pair):
            drops.update(dict.fromkeys(pair, fmean(layout.at[twin][0] for twin in pair)))
    return drops


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its corners."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Outline:
    """The area of a home: boxes round people, and what joins the boxes to one shape.

    ``necks`` join boxes of neighbouring rows at their full breadth; ``paths`` lead past others.
    """

    name: str
    boxes: tuple[Box, ...]
    necks: tuple[tuple[Point, ...], ...]
    paths: tuple[tuple[Point, ...], ...]
    width: float


def outlines(homes: Sequence[SharedHome], layout: GenogramLayout) -> Iterator[Outline]:
    """Yield the outline of each home. Its paths pass between people, never over one."""
    for number, home in enumerate(homes):
        pad = _PAD + _APART * (number % 4)
        runs = list(_runs(home, layout))
        boxes = tuple(_box(layout, run, pad) for run in runs)
        joints = list(_joined(layout, runs, boxes))
        necks = tuple(points for points, whole in joints if whole)
        paths = tuple(points for points, whole in joints if not whole)
        yield Outline(home.name, boxes, necks, paths, _WIDTH + _APART * (number % 4))


def _runs(home: SharedHome, layout: GenogramLayout) -> Iterator[list[str]]:
    """Yield people of the home who stand side by side, row by row."""
    inside = set(home.members)
    for row in layout.row_order:
        run: list[str] = []
        for person in row:
            if person in inside:
                run.append(person)
            elif run:
                yield run
                run = []
        if run:
            yield run


def _box(layout: GenogramLayout, run: list[str], pad: float) -> Box:
    (left, y), (right, _) = layout.at[run[0]], layout.at[run[-1]]
    return Box(
        left - _SIDE - pad, y - SIZE / 2 - pad, right + _SIDE + pad, y + SIZE / 2 + LABEL + pad / 2
    )


def _joined(
    layout: GenogramLayout, runs: Sequence[list[str]], boxes: Sequence[Box]
) -> Iterator[tuple[tuple[Point, ...], bool]]:
    """Yield what joins each run to the nearest one before it, and whether it is a whole area."""
    for number in range(1, len(runs)):
        row = layout.row_of[runs[number][0]]
        near = min(
            range(number),
            key=lambda other: (
                row - layout.row_of[runs[other][0]] or 2,
                _apart(boxes[other], boxes[number]),
            ),
        )
        from_row = layout.row_of[runs[near][0]]
        if from_row == row:
            yield _beneath(boxes[near], boxes[number]), False
        elif from_row == row - 1:
            yield _neck(boxes[near], boxes[number]), True
        else:
            yield _downwards(layout, (boxes[near], from_row), (boxes[number], row)), False


def _neck(above: Box, below: Box) -> tuple[Point, ...]:
    """Return the area between two boxes. Nobody stands between neighbouring rows."""
    return (
        (above.left, above.bottom - _ROUND),
        (above.right, above.bottom - _ROUND),
        (above.right, above.bottom),
        (below.right, below.top),
        (below.right, below.top + _ROUND),
        (below.left, below.top + _ROUND),
        (below.left, below.top),
        (above.left, above.bottom),
    )


def _apart(one: Box, other: Box) -> float:
    return max(0.0, other.left - one.right, one.left - other.right)


def _beneath(left: Box, right: Box) -> tuple[Point, ...]:
    low = max(left.bottom, right.bottom) + _WIDTH
    a, b = left.right - PITCH / 2, right.left + PITCH / 2
    return (a, left.bottom - 10), (a, low), (b, low), (b, right.bottom - 10)


def _downwards(
    layout: GenogramLayout, upper: tuple[Box, int], lower: tuple[Box, int]
) -> tuple[Point, ...]:
    (above, from_row), (below, to_row) = upper, lower
    left, right = max(above.left, below.left), min(above.right, below.right)
    if right - left > 2 * _WIDTH:
        a = b = (left + right) / 2
    elif above.right < below.right:
        a, b = above.right - PITCH / 3, below.left + PITCH / 3
    else:
        a, b = above.left + PITCH / 3, below.right - PITCH / 3
    return (
        (a, above.bottom - 10),
        (a, above.bottom + 4),
        *layout.passing((a + b) / 2, from_row, to_row),
        (b, below.top - 4),
        (b, below.top + 10),
    )


def pieces(path: Sequence[Point], width: float) -> Iterator[tuple[Point, ...]]:
    """Yield the four corners of each straight piece of a path, as broad as ``width``."""
    half = width / 2
    for (x1, y1), (x2, y2) in pairwise(path):
        length = hypot(x2 - x1, y2 - y1)
        if length:
            dx, dy = (y1 - y2) / length * half, (x2 - x1) / length * half
            # A little longer at both ends, so that the corners of the path are whole.
            ex, ey = (x2 - x1) / length * half / 2, (y2 - y1) / length * half / 2
            yield (
                (x1 - ex + dx, y1 - ey + dy),
                (x2 + ex + dx, y2 + ey + dy),
                (x2 + ex - dx, y2 + ey - dy),
                (x1 - ex - dx, y1 - ey - dy),
            )
