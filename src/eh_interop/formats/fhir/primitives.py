"""FHIR strings and instants: texts that FHIR can hold, when a record was last updated.

A FHIR string holds no control characters, and of the spaces only the plain one,
tab and line breaks; XML reads some others as something else. A text with a no-break
space, as it comes from a word processor, is common enough to matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson

NOT_ALLOWED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|[^\\S \t\n]")
"""What FHIR or XML cannot hold plainly. A carriage return counts: XML reads it as a new line."""
_SPACE: Final = re.compile(r"\s|\ufeff")
_ESCAPED: Final = re.compile(r"\\u00|\\[bfr]")
"""How JSON writes control characters and carriage returns."""
_WRITTEN: Final = (b"\\u00", b"\\b", b"\\f", b"\\r", b"\x7f")
"""The same, for texts in ASCII."""


def to_fhir_strings(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record whose texts FHIR can hold: odd spaces are spaces, the rest is left out.

    It is for typed resources only; the form holds every text as it is. A record
    without such texts, nearly all, is returned as it is.
    """
    data = orjson.dumps(record)
    if data.isascii() and not any(written in data for written in _WRITTEN):
        return record
    written = data.decode()
    if NOT_ALLOWED.search(written) is None and _ESCAPED.search(written) is None:
        return record
    return {name: _allowed(value) for name, value in record.items()}


def _allowed(value: Any) -> Any:
    if isinstance(value, str):
        return NOT_ALLOWED.sub(_instead, value).strip() or "-"
    if isinstance(value, Mapping):
        return {name: _allowed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_allowed(inner) for inner in value]
    return value


def _instead(match: re.Match[str]) -> str:
    return " " if _SPACE.match(match[0]) else ""


_UNKNOWN: Final = "1970-01-01T00:00:00Z"
"""Stands where FHIR asks for an instant and the record holds no day at all."""


def last_updated(record: Mapping[str, Any]) -> str:
    """Return when the record was last changed, as a FHIR instant.

    It is ``updatedAt`` or ``createdAt``; without them, the beginning of the latest
    day among the record's own (``startedOn`` and the like), in UTC. It never is the
    time of the conversion: the same record gives the same Bundle.
    """
    known = record.get("updatedAt") or record.get("createdAt")
    if known:
        return str(known)
    days = sorted(_days(record))
    return f"{days[-1]}T00:00:00Z" if days else _UNKNOWN


def _days(record: Mapping[str, Any]) -> Iterator[str]:
    for name, value in record.items():
        if isinstance(value, str) and (name.endswith("On") or name == "on"):
            yield value
        elif isinstance(value, str) and name.endswith("At"):
            yield value[:10]


def is_later(one: object, other: object) -> bool:
    """Return whether one date or time is surely after another, each as precise as it is written."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if "T" in one and "T" in other:
        return _is_later_instant(one, other)
    length = min(len(one), len(other), len("2026-05-04"))
    return one[:length] > other[:length]


def _is_later_instant(one: str, other: str) -> bool:
    try:
        return datetime.fromisoformat(one) > datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False  # not a time, or without zone: another check reports that
