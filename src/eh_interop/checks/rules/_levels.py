"""The levels of need in a record: what people decided, child by child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from eh_interop.checks.rules._help import FAR_PAST
from eh_interop.standard.model import LevelDecision, Record

LEVEL_2: Final = 2
LEVEL_3: Final = 3
LEVEL_4: Final = 4


def levels(record: Record) -> tuple[LevelDecision, ...]:
    """Return the level decisions of a record, whatever its type."""
    found: tuple[LevelDecision, ...] = getattr(record, "levels", ())
    return found


Placed = tuple[int, LevelDecision]
"""A level decision with its position in the list."""


def histories(record: Record) -> Mapping[str, list[Placed]]:
    """Return each child's dated level decisions in order. One without children is for all."""
    found: dict[str, list[Placed]] = {child.id: [] for child in record.children}
    everybody = tuple(found)
    for number, decision in enumerate(levels(record)):
        for child in decision.children or everybody if decision.decided_on else ():
            found.setdefault(child, []).append((number, decision))
    for history in found.values():
        history.sort(key=lambda placed: placed[1].decided_on or FAR_PAST)
    return found


def current_levels(record: Record) -> set[int]:
    """Return the levels at which the children are now, as people decided."""
    return {history[-1][1].level for history in histories(record).values() if history}


def steps(record: Record) -> Iterator[tuple[Placed, Placed]]:
    """Yield each decision together with the one that came next for the same child, once."""
    seen = set()
    for history in histories(record).values():
        for earlier, later in pairwise(history):
            if (earlier[0], later[0]) not in seen:
                seen.add((earlier[0], later[0]))
                yield earlier, later
