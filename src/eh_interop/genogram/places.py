"""Where everybody stands, in pixels: parents above the middle of their children."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Final

from eh_interop.genogram.family import Family

PITCH: Final = 132.0
"""The least distance from one person to the next. Half of it is free for lines."""

_PASSES: Final = 24


def across(family: Family, rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """Give everybody an x, without changing the order of a row. The leftmost stands at 0."""
    x = {person: PITCH * number for row in rows for number, person in enumerate(row)}
    for turn in range(_PASSES):
        wanted = _under_parents if turn % 2 == 0 else _over_children
        for row in rows if turn % 2 == 0 else reversed(rows):
            _settle(row, x, wanted(family, x))
    for row in reversed(rows):
        _settle(row, x, _over_children(family, x))
    left = min(x.values(), default=0.0)
    return {person: at - left for person, at in x.items()}


def _under_parents(family: Family, x: Mapping[str, float]) -> Callable[[str], float]:
    """Move brothers and sisters together so that their middle is below their parents'."""
    shift: dict[str, list[float]] = {}
    for group in family.sibships:
        if group.parents:
            middle = fmean((x[group.children[0]], x[group.children[-1]]))
            for child in group.children:
                shift.setdefault(child, []).append(
                    fmean(x[parent] for parent in group.parents) - middle
                )
    return lambda person: x[person] + fmean(shift.get(person, [0.0]))


def _over_children(family: Family, x: Mapping[str, float]) -> Callable[[str], float]:
    """Move parents together so that their middle is above their children's."""
    shift: dict[str, list[float]] = {}
    for group in family.sibships:
        if group.parents:
            middle = fmean((x[group.children[0]], x[group.children[-1]]))
            for parent in group.parents:
                shift.setdefault(parent, []).append(
                    middle - fmean(x[each] for each in group.parents)
                )
    return lambda person: x[person] + fmean(shift.get(person, [0.0]))


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
