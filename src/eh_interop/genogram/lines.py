"""The lines of a genogram: couples, and children below them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import Couple, Family, Sibship
from eh_interop.genogram.layout import SIZE, Layout, Point

SLASHES: Final = {"separated": 1, "divorced": 2, "ended": 2}
"""How many strokes cross the line of a couple."""

_HALF: Final = SIZE / 2
_LANE: Final = 11.0
_ARC: Final = 16.0
_BUS: Final = 22.0
_STROKE: Final = 8.0
_FURTHER: Final = 26.0
"""How far a second line of children stands from the first, so that lines do not run into one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points. ``kind`` names its style."""

    points: tuple[Point, ...]
    kind: str


def couple_lines(family: Family, layout: Layout) -> tuple[list[Line], dict[tuple[str, ...], Point]]:
    """Return the lines of couples, and for each couple the point from which children hang."""
    lines: list[Line] = []
    middles: dict[tuple[str, ...], Point] = {}
    arcs = 0
    for couple in family.couples:
        left, right = sorted(couple.pair, key=lambda each: layout.at[each])
        (x1, y1), (x2, y2) = layout.at[left], layout.at[right]
        row = layout.row_order[layout.row_of[left]]
        adjacent = right in row and abs(row.index(left) - row.index(right)) == 1
        if adjacent or y1 != y2:
            points: tuple[Point, ...] = ((x1 + _HALF, y1), (x2 - _HALF, y2))
            middle = ((x1 + x2) / 2, (y1 + y2) / 2)
        else:
            arcs += 1
            high = y1 - _HALF - _ARC - _LANE * (arcs - 1)
            points = ((x1, y1 - _HALF), (x1, high), (x2, high), (x2, y2 - _HALF))
            middle = (layout.gap(layout.row_of[left], (x1 + x2) / 2), high)
        style = couple.state and ("married" if couple.married else "partners")
        lines.append(Line(points, style or "unstated"))
        lines += _slashes(couple, middle)
        middles[tuple(sorted(couple.pair))] = middle
    return lines, middles


def _slashes(couple: Couple, middle: Point) -> Iterator[Line]:
    count = SLASHES.get(couple.state, 0)
    # Beside the point from which children hang, so that the strokes are seen as such.
    x, y = middle[0] - 14, middle[1]
    for number in range(count):
        at = x + 6 * number
        yield Line(((at - 4, y + _STROKE), (at + 4, y - _STROKE)), "slash")


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the line to children begins, the x at which it goes down, and the row it leaves."""

    point: Point
    down: float
    row: int


def descent_lines(
    family: Family, layout: Layout, middles: dict[tuple[str, ...], Point]
) -> tuple[list[Line], list[Sibship]]:
    """Return the lines from parents to children, and the groups that cannot be drawn.

    A group cannot be drawn if the record puts a child no lower than a parent.
    """
    lines: list[Line] = []
    undrawn: list[Sibship] = []
    lanes: dict[int, list[tuple[float, float]]] = {}
    hanging: dict[tuple[str, ...], int] = {}
    for group in family.sibships:
        drawn = [child for child in group.children if _below(layout, group, child)]
        if len(drawn) < len(group.children):
            undrawn.append(group)
        for row in sorted({layout.row_of[each] for each in drawn}):
            children = [each for each in drawn if layout.row_of[each] == row]
            start = None
            if group.parents:
                number = hanging[group.parents] = hanging.get(group.parents, -1) + 1
                start = _start(layout, group, middles, children, _FURTHER * number)
            lines += _hang(family, layout, group.kind, children, start, lanes)
    return lines, undrawn


def _below(layout: Layout, group: Sibship, child: str) -> bool:
    return all(layout.row_of[child] > layout.row_of[parent] for parent in group.parents)


def _start(
    layout: Layout,
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
    family: Family,
    layout: Layout,
    kind: str,
    children: list[str],
    start: _Start | None,
    lanes: dict[int, list[tuple[float, float]]],
) -> Iterator[Line]:
    """Yield the lines of brothers and sisters: down from the parents, along, and to each child."""
    row = layout.row_of[children[0]]
    drops = _drops(family, layout, children)
    points: list[Point] = []
    if start is not None:
        points = [start.point, (start.down, start.point[1])]
        points += layout.passing(start.down, start.row, row)
    ends = [*drops.values(), *(x for x, _ in points[-1:])]
    y = layout.tops[row] - _BUS - _LANE * _lane(lanes.setdefault(row, []), min(ends), max(ends))
    if points:
        yield Line((*points, (points[-1][0], y)), kind)
    if max(ends) > min(ends):
        yield Line(((min(ends), y), (max(ends), y)), kind)
    for child in children:
        yield Line(((drops[child], y), (layout.at[child][0], layout.tops[row])), kind)


def _lane(taken: list[tuple[float, float]], left: float, right: float) -> int:
    """Find a height at which nobody else's line is in the way."""
    taken.append((left, right))
    return sum(a <= right and left <= b for a, b in taken[:-1])


def _drops(family: Family, layout: Layout, children: list[str]) -> dict[str, float]:
    """Say where each child's line leaves: twins share a point."""
    found = {child: layout.at[child][0] for child in children}
    for pair in family.twins:
        if found.keys() >= set(pair):
            found.update(dict.fromkeys(pair, fmean(layout.at[each][0] for each in pair)))
    return found
