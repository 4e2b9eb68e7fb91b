"""The catalogue: every check in one uniform list, whatever kind it is.

Requirements, rules, and the faults of shape and reading are kept in different
places. Here each is an :class:`Entry`, with the areas in which it applies.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache

from eh_interop.checks.catalogue.entry import Entry
from eh_interop.checks.catalogue.example import Example, example_of
from eh_interop.checks.catalogue.sources import collect
from eh_interop.standard.areas import Area, area_names, load_area
from eh_interop.standard.schemas import load_standard

__all__ = ["Entry", "Example", "entries", "entries_of", "example_of", "find", "nearest"]


@cache
def entries(own: Area | None = None) -> tuple[Entry, ...]:
    """Return every check, sorted by layer and code.

    Args:
        own: an area from a file of your own, to be looked at beside those that are here.

    Raises:
        StandardError: the standard is broken.
        AreaError: an area is broken.
    """
    areas = (*(load_area(name) for name in area_names()), *((own,) if own else ()))
    found = collect(load_standard(), areas)
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.code)))


def entries_of(area: Area) -> tuple[Entry, ...]:
    """Return the checks that apply in an area, with the severity there."""
    known = entries(_own(area))
    return tuple(
        replace(entry, severity=entry.areas[area.key]) for entry in known if area.key in entry.areas
    )


def _own(area: Area | None) -> Area | None:
    """Return an area from a file of somebody's own; none for one that is here already."""
    return None if area is None or area.origin in area_names() else area


def find(name: str, area: Area | None = None) -> tuple[Entry, ...]:
    """Return the checks with this code or name, those of an own area too.

    Some names are used in two layers.
    """
    wanted = name.strip().lower()
    return tuple(
        entry for entry in entries(_own(area)) if wanted in {entry.code.lower(), entry.name}
    )


def nearest(name: str, area: Area | None = None) -> tuple[str, ...]:
    """Return the codes and names that are most like this one."""
    known = entries(_own(area))
    codes = {entry.code.lower(): entry.code for entry in known}
    names = {entry.name: entry.name for entry in known}
    found = get_close_matches(name.strip().lower(), [*codes, *names], 3)
    return tuple({**names, **codes}[match] for match in found)
