"""The plan of a drawing: where everybody stands, and where lines can pass between people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from eh_interop.genogram.family import Family
from eh_interop.genogram.order import ordered
from eh_interop.genogram.places import PITCH, across
from eh_interop.genogram.ranks import rows

SIZE: Final = 46.0
"""How wide and high a symbol is."""
LABEL: Final = 56.0
"""The room for words below a symbol."""
_ABOVE: Final = 74.0
_LANE: Final = 11.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands. All lengths are in pixels.

    Attributes:
        at: the middle of each symbol.
        row_of: the number of each person's row, the eldest generation first.
        row_order: who stands in each row, from the left.
        tops: the y of each row's symbols' upper edges.
        width: of the whole drawing, without margins.
        height: the same.
    """

    at: Mapping[str, Point]
    row_of: Mapping[str, int]
    row_order: Sequence[Sequence[str]]
    tops: Sequence[float]
    width: float
    height: float

    def gap(self, row: int, near: float) -> float:
        """Return the x nearest to ``near`` at which a line can pass a row between people."""
        people = [self.at[each][0] for each in self.row_order[row]]
        between = [(a + b) / 2 for a, b in pairwise(people)]
        free = [people[0] - PITCH / 2, *between, people[-1] + PITCH / 2]
        if near <= free[0] or near >= free[-1] or any(abs(near - each) < 1 for each in free):
            return near
        return min(free, key=lambda each: (abs(each - near), each))

    def beside(self, person: str, towards: float) -> float:
        """Return the x of the gap on the side of a person that looks to ``towards``."""
        x, row = self.at[person][0], self.row_order[self.row_of[person]]
        place, side = row.index(person), 1 if towards >= x else -1
        other = place + side
        return (x + self.at[row[other]][0]) / 2 if 0 <= other < len(row) else x + side * PITCH / 2

    def passing(self, x: float, first: int, last: int) -> Iterator[Point]:
        """Yield the points by which a line goes down past the rows between two rows."""
        for row in range(first + 1, last):
            gap = self.gap(row, x)
            yield gap, self.tops[row] - _LANE
            yield gap, self.tops[row] + SIZE + LABEL


def plan(family: Family) -> Layout:
    """Plan the drawing of a family. Anybody may be missing; nobody at all is drawn as nothing."""
    order = [row for row in ordered(family, rows(family)) if row]
    x = across(family, order)
    row_of = {person: number for number, row in enumerate(order) for person in row}
    tops: list[float] = []
    y = 0.0
    for number in range(len(order)):
        y += _ABOVE + _LANE * _lanes(family, row_of, number) if number else _first(family, row_of)
        tops.append(y)
        y += SIZE + LABEL
    at = {person: (x[person], tops[row] + SIZE / 2) for person, row in row_of.items()}
    width = max((x for x, _ in at.values()), default=0.0)
    return Layout(at, row_of, order, tops, width, y)


def _lanes(family: Family, row_of: Mapping[str, int], row: int) -> int:
    """Count the groups of brothers and sisters of a row: each may need a height of its own."""
    return sum(row_of[group.children[0]] == row for group in family.sibships)


def _first(family: Family, row_of: Mapping[str, int]) -> float:
    return 40.0 if _lanes(family, row_of, 0) or len(family.couples) > 1 else 14.0
