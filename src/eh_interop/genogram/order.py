"""The order of people in a row: couples side by side, brothers and sisters by birth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import Family
from eh_interop.genogram.improving import Row, improve, places

_SWEEPS: Final = 6


def ordered(family: Family, rows: Iterable[Iterable[str]]) -> list[list[str]]:
    """Set each row in order. The same family always gives the same order."""
    units = [_units(family, list(row)) for row in rows]
    above, below, beside = _neighbours(family)
    for sweep in range(_SWEEPS):
        at = places(units)
        upwards = sweep % 2
        for row in reversed(units) if upwards else units:
            near = (below, beside) if upwards else (above, beside)
            _arrange(family, row, at, near)
            at.update(places([row]))
    for row in units:
        _turn(row, places(units), above, below)
    improve(family, units)
    return [[person for unit in row for person in unit] for row in units]


def _units(family: Family, row: list[str]) -> Row:
    """Put couples together as chains: a person with two partners stands between them."""
    inside = set(row)
    partners: dict[str, list[str]] = defaultdict(list)
    for couple in family.couples:
        one, other = couple.pair
        if {one, other} <= inside:
            partners[one].append(other)
            partners[other].append(one)
    eldest_first = sorted(row, key=lambda each: (family.members[each].born, row.index(each)))
    units: Row = []
    placed: set[str] = set()
    for person in sorted(eldest_first, key=lambda each: len(partners[each]) != 1):
        chain = _chain(person, partners, placed)
        if chain:
            units.append(chain)
    return sorted(units, key=lambda unit: min(eldest_first.index(each) for each in unit))


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
                beside[child] += [each for each in group.children if each != child]
        for parent in group.parents:
            below[parent] += group.children
    return above, below, beside


def _arrange(
    family: Family,
    row: Row,
    at: Mapping[str, float],
    near: tuple[Mapping[str, list[str]], ...],
) -> None:
    """Sort the units of a row by where their relatives stand, then by birth."""

    def key(unit: list[str]) -> tuple[float, bool, object]:
        relatives = [
            at[each]
            for person in unit
            for kind in near
            for each in kind.get(person, ())
            if each in at
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
    row: Row,
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
