"""A better order by small steps: shorter lines, homes together, brothers and sisters by birth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import Family

_ROUNDS: Final = 8
_REACH: Final = 12
"""How far apart two units may stand to be exchanged: it keeps large families quick."""
_OUT_OF_ORDER: Final = 4.0
_COUPLE, _HOME, _CHILD = 1.0, 0.5, 0.5

Row = list[list[str]]


def improve(family: Family, units: list[Row]) -> None:
    """Exchange and turn units as long as lines get shorter."""
    cost = _cost_of(family)
    best = cost(places(units))
    for _ in range(_ROUNDS):
        before = best
        for row in units:
            for change in _changes(row):
                change()
                now = cost(places(units))
                if now < best - 1e-6:
                    best = now
                else:
                    change()
        if best == before:
            return


def _changes(row: Row) -> Iterator[Callable[[], None]]:
    """Yield every small change of a row. Each undoes itself if it is made twice."""
    for number, unit in enumerate(row):
        if len(unit) > 1:
            yield unit.reverse
        for other in range(number + 1, min(len(row), number + _REACH)):
            yield lambda a=number, b=other: _exchange(row, a, b)  # type: ignore[misc]


def _exchange(row: Row, one: int, other: int) -> None:
    row[one], row[other] = row[other], row[one]


def places(units: list[Row]) -> dict[str, float]:
    """Give everybody a place along their row, counted from its middle."""
    found: dict[str, float] = {}
    for row in units:
        people = [person for unit in row for person in unit]
        middle = (len(people) - 1) / 2
        found.update({person: number - middle for number, person in enumerate(people)})
    return found


def _cost_of(family: Family) -> Callable[[Mapping[str, float]], float]:
    """Say what makes an order worse, as a sum of lengths."""

    def cost(at: Mapping[str, float]) -> float:
        total = sum(abs(at[a] - at[b]) * _COUPLE for a, b in (c.pair for c in family.couples))
        for group in family.sibships:
            children = [at[child] for child in group.children]
            parents = fmean([at[parent] for parent in group.parents] or children)
            total += max(*children, parents) - min(*children, parents)
            total += _CHILD * sum(abs(child - parents) for child in children)
            known = [
                at[child] for child in group.children if family.members[child].born != date.max
            ]
            total += _OUT_OF_ORDER * sum(a > b for a, b in pairwise(known))
        for home in family.homes:
            inside = [at[member] for member in home.members]
            total += _HOME * (max(inside) - min(inside))
        return total

    return cost
