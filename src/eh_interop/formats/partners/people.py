"""What one cell of a partner says of two fields: a postcode in an address, a baby not yet born."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.partners.entry_values import ValueSource

_POSTCODE = re.compile(
    r"(?:^|[\s,])(?P<out>[A-Z]{1,2}[0-9][0-9A-Z]?)\s?(?P<inward>[0-9][A-Z]{2})\W*$", re.IGNORECASE
)
_UNBORN = re.compile(r"\b(?:unborn|bump|foetus|fetus)\b", re.IGNORECASE)
_LISTS: Final = ("children", "people")


def complete_people(record: dict[str, Any], sources: dict[Steps, ValueSource]) -> None:
    """Put the postcode at the end of an address in its field, and say that a baby is unborn."""
    for place, person in _people(record):
        for index, address in enumerate(person.get("addresses", ())):
            _take_postcode(address, (*place, "addresses", index), sources)
        if place[0] == "children" and "expectedDateOfBirth" in person and _is_unborn(person):
            person.setdefault("unborn", True)


def _people(record: dict[str, Any]) -> Iterator[tuple[Steps, dict[str, Any]]]:
    for name in _LISTS:
        for index, person in enumerate(record.get(name, ())):
            yield (name, index), person


def _is_unborn(child: dict[str, Any]) -> bool:
    names = child.get("name", {})
    texts = [text for text in names.values() if isinstance(text, str)]
    return "dateOfBirth" not in child and any(map(_UNBORN.search, texts))


def _take_postcode(
    address: dict[str, Any], place: Steps, sources: dict[Steps, ValueSource]
) -> None:
    lines = address.get("lines")
    if not lines or "postcode" in address or not isinstance(lines[-1], str):
        return
    match = _POSTCODE.search(lines[-1])
    if match is None:
        return
    address["postcode"] = f"{match['out']} {match['inward']}".upper()
    source = sources.get((*place, "lines", len(lines) - 1))
    if source is not None:
        sources[*place, "postcode"] = source
    rest = lines[-1][: match.start()].rstrip(" ,")
    if rest:
        lines[-1] = rest
    elif len(lines) > 1:
        lines.pop()
        sources.pop((*place, "lines", len(lines)), None)
    else:
        del address["lines"]
        sources.pop((*place, "lines", 0), None)
