"""Which one of several requests a Bundle is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from eh_interop.formats.fhir.sources import Source, Sources

_ENDED: Final = frozenset({"revoked", "cancelled", "rejected"})
"""The status of a request that nobody follows any more."""


def centre_of(sources: Sources, is_centre: Callable[[Source], bool]) -> Source | None:
    """Return the resource that is the record itself; None if there is none.

    Of several it is the one that a message is about (``MessageHeader.focus``), else the
    latest that is neither ended nor replaced by another.
    """
    found = [each for each in sources.all if is_centre(each)]
    focused = _referred(sources, "MessageHeader", "focus")
    replaced = [old for each in found for old in _leads(sources, each, "replaces")]
    current = [each for each in found if each not in replaced and not _is_ended(each)]
    for those in ([each for each in focused if each in found], current, found):
        if those:
            return max(those, key=lambda each: _day(each.resource))
    return None


def _is_ended(source: Source) -> bool:
    status = source.resource.get("status")
    return isinstance(status, str) and status in _ENDED


def _referred(sources: Sources, kind: str, name: str) -> list[Source]:
    return [
        found for each in sources.all if each.type == kind for found in _leads(sources, each, name)
    ]


def _leads(sources: Sources, source: Source, name: str) -> list[Source]:
    given = source.resource.get(name)
    leads = (sources.lookup(each, source) for each in given) if isinstance(given, list) else ()
    return [lead for lead in leads if lead is not None]


def _day(resource: Mapping[str, Any]) -> str:
    days = (resource.get(name) for name in ("authoredOn", "created", "dateTime"))
    return next((day for day in days if isinstance(day, str)), "")
