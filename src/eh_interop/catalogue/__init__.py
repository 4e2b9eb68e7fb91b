"""The catalogue: every check in one uniform list, whatever kind it is.

Requirements, rules, and the faults of shape and reading are kept in different
places. Here each is an :class:`Entry`, with the areas in which it applies.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from eh_interop.catalogue.entry import Entry
from eh_interop.catalogue.example import Example, example_of
from eh_interop.catalogue.sources import requirements, rules, stated
from eh_interop.standard import CURRENT, load_standard

__all__ = ["Entry", "Example", "entries", "example_of", "find", "nearest"]


@cache
def entries(version: str = CURRENT) -> tuple[Entry, ...]:
    """Return every check of a version of the standard, sorted by layer and code.

    Raises:
        StandardError: there is no such version, or it is broken.
    """
    standard = load_standard(version)
    found = [*stated(standard), *requirements(standard), *rules(standard)]
    return tuple(sorted(found, key=lambda each: (each.order, each.code)))


def find(name: str) -> tuple[Entry, ...]:
    """Return the check with this code or name. Several, if a code was given out twice."""
    wanted = name.strip().lower()
    return tuple(each for each in entries() if wanted in {each.code.lower(), each.name})


def nearest(name: str) -> tuple[str, ...]:
    """Return the codes and names that are most like this one."""
    known = [word for each in entries() for word in (each.code.lower(), each.name)]
    found = get_close_matches(name.strip().lower(), known, 3)
    codes = {each.code.lower(): each.code for each in entries()}
    return tuple(codes.get(each, each) for each in found)
