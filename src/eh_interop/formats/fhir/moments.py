"""Days and times: when a record was written, and which of two is later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
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
        if isinstance(value, str) and (name.endswith("On") or name == "on"):
            yield value
        elif isinstance(value, str) and name.endswith("At"):
            yield value[:10]


def later(one: object, other: object) -> bool:
    """Tell whether one date or time is surely after another, each as precise as it is written."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if "T" in one and "T" in other:
        return _moment(one, other)
    length = min(len(one), len(other), len("2026-05-04"))
    return one[:length] > other[:length]


def _moment(one: str, other: str) -> bool:
    try:
        return datetime.fromisoformat(one) > datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False  # not a time, or without zone: that is told elsewhere
