"""Characters that FHIR and XML cannot say plainly.

A FHIR string holds no control characters, and of the spaces only the plain one,
tab and line breaks; XML reads some others as something else. A text with a no-break
space, as it comes from a word processor, is common enough to matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
