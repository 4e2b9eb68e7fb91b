"""Names, addresses and telephone numbers as partners write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from eh_interop.formats.partners.converters.pair import Pair
from eh_interop.formats.partners.values.cells import MisreadError, text_of
from eh_interop.reading.partner_faults import PartnerFault

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?|ZZ99|GIR)([0-9][A-Z]{2}|0AA)")


def _postcode(cell: Any) -> str:
    match = _POSTCODE.fullmatch(re.sub(r"[\s.-]", "", text_of(cell)).upper())
    if match is None:
        raise MisreadError(PartnerFault.NOT_UNDERSTOOD, "This is not in the form of a postcode.")
    return f"{match[1]} {match[2]}"


POSTCODE = Pair("a postcode in any spelling", _postcode, str)
"""In capital letters with one space."""


def _lines(cell: Any) -> list[str]:
    text = text_of(cell)
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [line for part in parts if (line := " ".join(part.split()))]


ADDRESS_LINES = Pair(
    "an address in one cell: a line for each line break, or else for each comma",
    _lines,
    "\n".join,
    several=True,
)
"""Lines are written back with line breaks, so that a comma in a line survives."""


def _surname_first(cell: Any) -> dict[str, str]:
    family, comma, given = (" ".join(part.split()) for part in text_of(cell).partition(","))
    if not (family and comma and given) or "," in given:
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is not a surname, a comma and a forename."
        )
    return {"given": given, "family": family}


def _with_comma(name: Mapping[str, str]) -> str:
    return f"{name['family']}, {name['given']}"


SURNAME_FIRST = Pair(
    "a name in one cell: surname, comma, forename",
    _surname_first,
    _with_comma,
    fields=("given", "family"),
)
"""Only with a comma: without it nobody can tell where a surname begins."""


def _year_group(cell: Any) -> str:
    return re.sub(r"^(?:year|yr|nc year)\.?\s*", "", text_of(cell), flags=re.IGNORECASE)


YEAR_GROUP = Pair("a school year, with or without the word", _year_group, str)
"""``Year 5`` and ``5`` are the same year."""
