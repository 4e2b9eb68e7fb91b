"""Characters that FHIR and XML cannot say plainly.

A FHIR string holds no control characters, and of the spaces only the plain one,
tab and line breaks; XML reads some others as something else. A text with a no-break
space, as it comes from a word processor, is common enough to matter.
"""
# DOC moments: Days and times: when a record was written, and which of two is later.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson

UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|[^\\S \t\n]")
"""What FHIR or XML cannot hold plainly. A carriage return counts: XML reads it as a new line."""
_SPACE: Final = re.compile(r"\s|\ufeff")
_ESCAPED: Final = re.compile(r"\\u00|\\[bfr]")
"""How JSON writes control characters and carriage returns."""
_WRITTEN: Final = (b"\\u00", b"\\b", b"\\f", b"\\r", b"\x7f")
"""The same, for texts in ASCII."""


def speakable(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record whose texts FHIR can hold: odd spaces are spaces, the rest is left out.

    It is for typed resources only; the form holds every text as it is. A record
    without such texts, nearly all, is returned as it is.
    """
    data = orjson.dumps(record)
    if data.isascii() and not any(each in data for each in _WRITTEN):
        return record
    written = data.decode()
    if UNSPEAKABLE.search(written) is None and _ESCAPED.search(written) is None:
        return record
    return {name: _said(value) for name, value in record.items()}


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return UNSPEAKABLE.sub(_instead, value).strip() or "-"
    if isinstance(value, Mapping):
        return {key: _said(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_said(each) for each in value]
    return value


def _instead(match: re.Match[str]) -> str:
    return " " if _SPACE.match(match[0]) else ""


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
