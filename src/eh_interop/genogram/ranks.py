"""Generations: who is drawn on which row."""

from __future__ import annotations

import heapq
from collections import defaultdict

from eh_interop.genogram.family import Family
from eh_interop.genogram.links import GENERATIONS, STRONG

_WEAK, _FAR = 1, 1_000


def rows(family: Family) -> list[list[str]]:
    """Set everybody in rows, the eldest generation first.

    The children of the record are where counting begins. What contradicts
    what was settled before (somebody is said to be their own grandparent) has
    no effect. People of whom nothing tells a generation stand in a last row.
    """
    ranks = _ranks(family)
    lone = [member for member in family.members if member not in ranks]
    settled = [
        [each for each in ranks if ranks[each] == rank] for rank in sorted({*ranks.values()})
    ]
    return [*settled, lone] if lone else settled


def _ranks(family: Family) -> dict[str, int]:
    """Walk from person to person; links that surely tell a generation come first."""
    near: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for link in family.links:
        step = GENERATIONS.get(link.kind)
        if step is not None:
            cost = 0 if link.kind in STRONG else _WEAK
            near[link.other].append((cost, link.person, step))
            near[link.person].append((cost, link.other, -step))
    order = {person: number for number, person in enumerate(family.members)}
    linked = [member for member in family.members if near[member] or family.members[member].index]
    starts = [(_FAR * place, place, each, 0) for place, each in enumerate(linked)]
    ranks: dict[str, int] = {}
    heapq.heapify(starts)
    while starts:
        cost, _, person, rank = heapq.heappop(starts)
        if person in ranks:
            continue
        ranks[person] = rank
        for more, other, step in near[person]:
            if other not in ranks:
                heapq.heappush(starts, (cost + more, order[other], other, rank + step))
    return ranks
