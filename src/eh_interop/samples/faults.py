"""Planting faults: each is one thing done to a sound record, with the finding it must give."""

from __future__ import annotations

from datetime import date
from typing import Final

from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice
from eh_interop.samples.ways import EITHER, SHAPE, WHOLE, Planted
from eh_interop.standard.areas import Area

__all__ = ["Planted", "plant"]

_MOST: Final = 3


def plant(record: Json, area: Area, dice: Dice, as_of: date) -> tuple[Planted, ...]:
    """Plant one to three faults of different kinds into a sound record, and say which.

    A fault of shape keeps rules about the whole record from running, so faults of
    date order are not planted beside one.
    """
    planted: list[Planted] = []
    touched: set[str] = set()
    kinds = dice.some((*EITHER, *(SHAPE if dice.chance(0.7) else WHOLE)), dice.number(1, _MOST))
    for kind in kinds:
        ways = [each for each in kind(record, area, as_of) if not _meets(each.group, touched)]
        if ways:
            way = dice.pick(ways)
            way.spoil()
            touched.add(way.group)
            planted.append(way.planted)
    return tuple(planted)


def _meets(group: str, touched: set[str]) -> bool:
    """Tell whether a group is, holds or is in one that was touched."""
    return any(
        f"{group}/".startswith(f"{each}/") or f"{each}/".startswith(f"{group}/") for each in touched
    )
