"""The layout of a genogram: generations in rows, everybody's position, gaps for lines."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import CHILDREN, COUPLES, PARENTS, WHOLE_SIBLINGS, WORDS, Family
from eh_interop.genogram.order import ordered

SIZE: Final = 46.0
"""How wide and high a symbol is."""
LABEL: Final = 56.0
"""The room for words below a symbol."""
PITCH: Final = 132.0
"""The least distance from one person to the next. Half of it is free for lines."""
LANE: Final = 11.0
"""The distance between two lines that run beside each other."""
_ABOVE: Final = 74.0
_PASSES: Final = 24

_GENERATIONS: Final = {
    **dict.fromkeys(PARENTS, -1),
    **dict.fromkeys(CHILDREN, 1),
    **dict.fromkeys([*sorted(COUPLES), *sorted(WHOLE_SIBLINGS)], 0),
    **WORDS["generations"],
}
"""How many generations person A stands below person B; kinds that do not tell are not here."""
_STRONG: Final = frozenset({*PARENTS, *CHILDREN, *COUPLES, *WHOLE_SIBLINGS, "half-sibling"})
"""Kinds that decide a generation before the others are asked."""
_WEAK, _FAR = 1, 1_000

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GenogramLayout:
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
        people = [self.at[person][0] for person in self.row_order[row]]
        between = [(a + b) / 2 for a, b in pairwise(people)]
        gaps = [people[0] - PITCH / 2, *between, people[-1] + PITCH / 2]
        if near <= gaps[0] or near >= gaps[-1] or any(abs(near - gap) < 1 for gap in gaps):
            return near
        return min(gaps, key=lambda gap: (abs(gap - near), gap))

    def beside(self, person: str, towards: float) -> float:
        """Return the x of the gap on the side of a person that looks to ``towards``."""
        x, row = self.at[person][0], self.row_order[self.row_of[person]]
        place, side = row.index(person), 1 if towards >= x else -1
        other = place + side
        return (x + self.at[row[other]][0]) / 2 if 0 <= other < len(row) else x + side * PITCH / 2

    def adjacent(self, one: str, other: str) -> bool:
        """Tell whether two people stand side by side."""
        row = self.row_order[self.row_of[one]]
        return other in row and abs(row.index(one) - row.index(other)) == 1

    def passing(self, x: float, first: int, last: int) -> Iterator[Point]:
        """Yield the points by which a line goes down past the rows between two rows."""
        for row in range(first + 1, last):
            gap = self.gap(row, x)
            yield x, self.tops[row] - LANE
            yield gap, self.tops[row] - LANE
            x = gap
            yield gap, self.tops[row] + SIZE + LABEL


def lay_out(family: Family) -> GenogramLayout:
    """Lay a family out. Anybody may be missing; nobody at all is drawn as nothing."""
    rows = [row for row in ordered(family, generations(family)) if row]
    x = _positions(family, rows)
    row_of = {person: number for number, row in enumerate(rows) for person in row}
    tops: list[float] = []
    y = 0.0
    for number in range(len(rows)):
        # Each group of brothers and sisters of a row may need a height of its own.
        lanes = sum(
            any(row_of[child] == number for child in group.children) for group in family.sibships
        )
        lanes += sum(
            max(row_of[person] for person in couple.pair) == number for couple in family.couples
        )
        if number:
            y += _ABOVE + LANE * lanes
        else:
            y = 29.0 + LANE * lanes if lanes else 14.0
        tops.append(y)
        y += SIZE + LABEL
    at = {person: (x[person], tops[row] + SIZE / 2) for person, row in row_of.items()}
    return GenogramLayout(at, row_of, rows, tops, max(x.values(), default=0.0), y)


def generations(family: Family) -> list[list[str]]:
    """Return who is of which generation, the eldest first.

    The children of the record are where counting begins. What contradicts
    what was settled before (somebody is said to be their own grandparent) has
    no effect. People of whom nothing tells a generation stand in a last row.
    """
    generation_of = _generation_of_each(family)
    unknown = [person for person in family.members if person not in generation_of]
    rows: dict[int, list[str]] = defaultdict(list)
    for person, generation in generation_of.items():
        rows[generation].append(person)
    settled = [rows[generation] for generation in sorted(rows)]
    return [*settled, unknown] if unknown else settled


def _generation_of_each(family: Family) -> dict[str, int]:
    """Walk from person to person; links that surely tell a generation come first."""
    near: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for link in family.links:
        step = _GENERATIONS.get(link.kind)
        if step is not None:
            cost = 0 if link.kind in _STRONG else _WEAK
            near[link.other].append((cost, link.person, step))
            near[link.person].append((cost, link.other, -step))
    order = {person: number for number, person in enumerate(family.members)}
    linked = [person for person, member in family.members.items() if near[person] or member.index]
    waiting = [(_FAR * place, place, person, 0) for place, person in enumerate(linked)]
    generation_of: dict[str, int] = {}
    heapq.heapify(waiting)
    while waiting:
        cost, _, person, generation = heapq.heappop(waiting)
        if person in generation_of:
            continue
        generation_of[person] = generation
        for more, other, step in near[person]:
            if other not in generation_of:
                heapq.heappush(waiting, (cost + more, order[other], other, generation + step))
    return generation_of


def _positions(family: Family, rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """Give everybody an x, without changing the order of a row. The leftmost stands at 0.

    Parents stand above the middle of their children as far as there is room.
    """
    x = {person: PITCH * number for row in rows for number, person in enumerate(row)}
    for turn in range(_PASSES):
        downwards = turn % 2 == 0
        for row in rows if downwards else reversed(rows):
            _settle(row, x, _wanted(family, x, move_children=downwards))
    for row in reversed(rows):
        _settle(row, x, _wanted(family, x, move_children=False))
    left = min(x.values(), default=0.0)
    return {person: at - left for person, at in x.items()}


def _wanted(
    family: Family, x: Mapping[str, float], *, move_children: bool
) -> Callable[[str], float]:
    """Return where people should stand: children below their parents, or parents above them."""
    shifts: dict[str, list[float]] = defaultdict(list)
    for group in family.sibships:
        if group.parents:
            middle = fmean((x[group.children[0]], x[group.children[-1]]))
            apart = fmean(x[parent] for parent in group.parents) - middle
            for person in group.children if move_children else group.parents:
                shifts[person].append(apart if move_children else -apart)
    return lambda person: x[person] + fmean(shifts.get(person, [0.0]))


def _settle(row: Sequence[str], x: dict[str, float], wanted: Callable[[str], float]) -> None:
    """Move a row as near as it goes to what is wanted: neighbours keep their distance.

    Least squares with the order kept: neighbours who would overlap are pooled.
    """
    pools: list[tuple[float, int]] = []
    for number, person in enumerate(row):
        at, size = wanted(person) - PITCH * number, 1
        while pools and pools[-1][0] >= at:
            before, count = pools.pop()
            at, size = (before * count + at * size) / (count + size), count + size
        pools.append((at, size))
    starts = [at for at, size in pools for _ in range(size)]
    for number, (person, at) in enumerate(zip(row, starts, strict=True)):
        x[person] = at + PITCH * number
