"""When a record was written, for elements of FHIR that must say a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

UNKNOWN_MOMENT: Final = "1970-01-01T00:00:00Z"
"""Stands where FHIR asks for a moment and the record holds no day at all."""


def moment_of(record: Mapping[str, Any]) -> str:
    """Return when the record was last changed, as a FHIR instant.

    It is ``updatedAt`` or ``createdAt``; without them, the beginning of the latest
    day among the record's own (``startedOn`` and the like), in UTC. It never is the
    time of the conversion: the same record gives the same Bundle.
    """
    known = record.get("updatedAt") or record.get("createdAt")
    if known:
        return str(known)
    days = sorted(_days(record))
    return f"{days[-1]}T00:00:00Z" if days else UNKNOWN_MOMENT


def _days(record: Mapping[str, Any]) -> Iterator[str]:
    for name, value in record.items():
        if isinstance(value, str) and (name == "on" or name.endswith("On")):
            yield value
        elif isinstance(value, str) and name.endswith("At"):
            yield value[:10]
