"""The order of people in a row: couples side by side, brothers and sisters by birth.

A first order comes from where relatives stand; small steps then make it better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import Family

_SWEEPS: Final = 6
_ROUNDS: Final = 8
_REACH: Final = 12
"""How far apart two units may stand to be exchanged: it keeps large families quick."""
_OUT_OF_ORDER: Final = 4.0
_COUPLE, _HOME, _CHILD = 1.0, 0.5, 0.5

_Units = list[list[str]]
"""A row as it is put in order: couples and single people."""


def ordered(family: Family, rows: Iterable[Iterable[str]]) -> list[list[str]]:
    """Set each row in order. The same family always gives the same order."""
    units = [_units(family, list(row)) for row in rows]
    above, below, beside = _neighbours(family)
    for sweep in range(_SWEEPS):
        at = _places(units)
        upwards = sweep % 2
        for row in reversed(units) if upwards else units:
            near = (below, beside) if upwards else (above, beside)
            _arrange(family, row, at, near)
            at.update(_places([row]))
    for row in units:
        _turn(row, _places(units), above, below)
    optimise_order(family, units)
    return [[person for unit in row for person in unit] for row in units]


def _units(family: Family, row: list[str]) -> _Units:
    """Put couples together as chains: a person with two partners stands between them."""
    inside = set(row)
    partners: dict[str, list[str]] = defaultdict(list)
    for couple in family.couples:
        one, other = couple.pair
        if {one, other} <= inside:
            partners[one].append(other)
            partners[other].append(one)
    eldest_first = sorted(row, key=lambda person: (family.members[person].born, row.index(person)))
    units: _Units = []
    placed: set[str] = set()
    for person in sorted(eldest_first, key=lambda person: len(partners[person]) != 1):
        chain = _chain(person, partners, placed)
        if chain:
            units.append(chain)
    return sorted(units, key=lambda unit: min(map(eldest_first.index, unit)))


def _chain(start: str, partners: Mapping[str, list[str]], placed: set[str]) -> list[str]:
    """Follow partners from one end; further partners stand next to the one they belong to."""
    chain: list[str] = []
    waiting = [start]
    while waiting:
        person = waiting.pop()
        if person not in placed:
            placed.add(person)
            chain.append(person)
            waiting += [partner for partner in reversed(partners[person]) if partner not in placed]
    return chain


def _neighbours(family: Family) -> tuple[dict[str, list[str]], ...]:
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    beside: dict[str, list[str]] = defaultdict(list)
    for group in family.sibships:
        for child in group.children:
            above[child] += group.parents
            if not group.parents:
                beside[child] += [other for other in group.children if other != child]
        for parent in group.parents:
            below[parent] += group.children
    return above, below, beside


def _arrange(
    family: Family, row: _Units, at: Mapping[str, float], near: tuple[Mapping[str, list[str]], ...]
) -> None:
    """Sort the units of a row by where their relatives stand, then by birth."""

    def key(unit: list[str]) -> tuple[float, bool, object]:
        relatives = [
            at[relative]
            for person in unit
            for kind in near
            for relative in kind.get(person, ())
            if relative in at
        ]
        own = [at[person] for person in unit]
        members = [family.members[person] for person in unit]
        middle = round(fmean(relatives or own), 6)
        return (
            middle,
            not any(member.index for member in members),
            min(member.born for member in members),
        )

    row.sort(key=key)


def _turn(
    row: _Units,
    at: Mapping[str, float],
    above: Mapping[str, list[str]],
    below: Mapping[str, list[str]],
) -> None:
    """Turn a chain round if its people would then stand nearer to their own relatives."""
    for unit in row:
        pull = 0.0
        for number, person in enumerate(unit):
            relatives = [*above.get(person, ()), *below.get(person, ())]
            if relatives:
                wanted = fmean(at[relative] for relative in relatives)
                pull += (number - (len(unit) - 1) / 2) * wanted
        if pull < 0:
            unit.reverse()


def optimise_order(family: Family, units: list[_Units]) -> None:
    """Exchange and turn units as long as lines get shorter."""
    cost = _cost_of(family)
    best = cost(_places(units))
    for _ in range(_ROUNDS):
        before = best
        for row in units:
            for change in _changes(row):
                change()
                now = cost(_places(units))
                if now < best - 1e-6:
                    best = now
                else:
                    change()
        if best == before:
            return


def _changes(row: _Units) -> Iterator[Callable[[], None]]:
    """Yield every small change of a row. Each undoes itself if it is made twice."""
    for number, unit in enumerate(row):
        if len(unit) > 1:
            yield unit.reverse
        for other in range(number + 1, min(len(row), number + _REACH)):
            yield partial(_exchange, row, number, other)


def _exchange(row: _Units, one: int, other: int) -> None:
    row[one], row[other] = row[other], row[one]


def _places(units: list[_Units]) -> dict[str, float]:
    """Give everybody a place along their row, counted from its middle."""
    at: dict[str, float] = {}
    for row in units:
        people = [person for unit in row for person in unit]
        middle = (len(people) - 1) / 2
        at.update({person: number - middle for number, person in enumerate(people)})
    return at


def _cost_of(family: Family) -> Callable[[Mapping[str, float]], float]:
    """Return what makes an order worse, as a sum of lengths."""

    def cost(at: Mapping[str, float]) -> float:
        total = sum(abs(at[a] - at[b]) * _COUPLE for a, b in (c.pair for c in family.couples))
        for group in family.sibships:
            children = [at[child] for child in group.children]
            parents = fmean([at[parent] for parent in group.parents] or children)
            total += max(*children, parents) - min(*children, parents)
            total += _CHILD * sum(abs(child - parents) for child in children)
            dated = [
                at[child] for child in group.children if family.members[child].born != date.max
            ]
            total += _OUT_OF_ORDER * sum(a > b for a, b in pairwise(dated))
        for home in family.homes:
            inside = [at[member] for member in home.members]
            total += _HOME * (max(inside) - min(inside))
        return total

    return cost
