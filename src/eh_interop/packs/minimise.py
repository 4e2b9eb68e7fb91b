"""Leaving out what the recipient does not need for the purpose, as the area says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from eh_interop.standard.areas import Area

_NOT_NEEDED: Final = "not-needed"


def grounds(area: Area, purposes: Iterable[str], name: str, code: str) -> tuple[str, ...]:
    """Return the clauses on which something is left out; none if it is needed.

    It is left out only if no purpose of the pack needs it.

    Args:
        area: whose declarations to use.
        purposes: what the pack is shared for.
        name: ``records`` or ``documents``.
        code: the type of record or document.
    """
    found: list[str] = []
    for purpose in purposes:
        cites = [
            cite
            for each in _declared(area)
            if purpose in each["purposes"] and code in each.get(name, ())
            for cite in each["cites"]
        ]
        if not cites:
            return ()
        found += cites
    return tuple(dict.fromkeys(found))


def _declared(area: Area) -> Iterable[Mapping[str, Any]]:
    declared: Iterable[Mapping[str, Any]] = area.facts.get(_NOT_NEEDED, ())
    return declared
