"""Values of FHIR: strings and instants; codes and references of ours as theirs, and back.

A FHIR string holds no control characters, and of the spaces only the plain one, tab and line
breaks; XML reads some others as something else. A text with a no-break space, as it comes from a
word processor, is common enough to matter.

``to_target`` of a converter gets a value of ours, ``from_target`` one of theirs, and each gets what
references lead to. Both return None for what they have no word for: the value then stays in the
QuestionnaireResponse, or is listed as unmapped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol

import orjson

from eh_interop.core.lenient import items, objects
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats.fhir.names import code_system
from eh_interop.standard.code_lists import titles


class References(Protocol):
    """What a value may need to know of the record around it."""

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return the URL of the resource that stands for a member of one of these lists."""

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""


def reference_to(
    lists: tuple[str, ...], local_id: str, references: References
) -> dict[str, str] | None:
    """Return a Reference to a member of one of these lists; None if there is no such member."""
    url = references.url(lists, local_id)
    return {"reference": url} if url else None


def local_id_of(lists: tuple[str, ...], value: Any, references: References) -> str | None:
    """Return the local id of what a Reference leads to, if it is in one of these lists."""
    reference = value.get("reference") if isinstance(value, Mapping) else None
    return references.local_id(lists, reference) if isinstance(reference, str) else None


@cache
def codings(code_list: str, codes: str) -> Mapping[str, list[dict[str, str]]]:
    """Give each code its codings: that of the map first, for readers who do not know ours."""
    return {
        code: [
            *([coding] if codes and (coding := mapped_coding(codes, code)) else []),
            {"system": code_system(code_list), "code": code, "display": title},
        ]
        for code, title in titles(code_list).items()
    }


def mapped_coding(codes: str, code: str) -> dict[str, str] | None:
    """Return the coding that a map has for a code of ours; None if it has none."""
    pair = load_code_map(codes).to_target(code)
    if pair is None:
        return None
    named = {"system": pair.system, "display": pair.display}
    return {**{name: value for name, value in named.items() if value}, "code": pair.theirs}


def code_of_coding(coding: Any, code_list: str, codes: str) -> str | None:
    """Return the code of ours that a Coding states; None if it states none."""
    if not isinstance(coding, Mapping):
        return None
    system, code = coding.get("system"), coding.get("code")
    if not isinstance(code, str) or not isinstance(system, str | None):
        return None
    if system == code_system(code_list):
        return code if code in titles(code_list) else None
    return load_code_map(codes).from_target(code, system or "") if codes else None


@cache
def concept(code_list: str, codes: str) -> Callable[[str], dict[str, Any] | None]:
    """Return what makes a CodeableConcept of a code of a list; None for an unknown code."""
    known = {code: {"coding": coding} for code, coding in codings(code_list, codes).items()}
    return known.get


def code_of_concept(value: Any, code_list: str, codes: str) -> str | None:
    """Return the code of ours that a CodeableConcept states; None if it states none."""
    listed = items(value.get("coding")) if isinstance(value, Mapping) else []
    stated = [code_of_coding(coding, code_list, codes) for coding in listed]
    # Our own coding stands last and is exact: a map may be many to one.
    return next((code for code in reversed(stated) if code), None)


@cache
def _codes_by_title(code_list: str) -> Mapping[str, str]:
    return {title.casefold(): code for code, title in titles(code_list).items()}


def code_by_title(value: Any, code_list: str) -> str | None:
    """Return the code whose title is what a concept without a code that we know says."""
    if not isinstance(value, Mapping) or value.keys() & {"reference", "identifier"}:
        return None
    words = [value.get("text"), value.get("display")]
    words += [coding.get("display") for coding in objects(value, "coding")]
    known = _codes_by_title(code_list)
    codes = (known.get(word.strip().casefold()) for word in words if isinstance(word, str))
    return next((code for code in codes if code), None)


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
