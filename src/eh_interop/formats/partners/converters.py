"""Converters for what a mapping table cannot say: from a partner's cell to our value, and back.

Every public :class:`CellConverter` of this module is found by its name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from eh_interop.formats._shared.converters import Converter, find_converters
from eh_interop.formats.partners.cells import MisreadError, cell_text
from eh_interop.reading.faults import PartnerFault


@dataclass(frozen=True, slots=True, kw_only=True)
class CellConverter(Converter):
    """A converter of cells: ``from_target`` may raise ``MisreadError``.

    Attributes:
        title: what it does, for people.
        makes_list: it makes a list, of which each entry is added.
        fields: the fields that it fills, if it makes a group.
    """

    title: str
    makes_list: bool = False
    fields: tuple[str, ...] = ()


@cache
def converters() -> Mapping[str, CellConverter]:
    """Return every converter by the name that tables use."""
    return find_converters(sys.modules[__name__], CellConverter)


_LEVEL = re.compile("(?:level|tier)?\\s*([1-4])(?:\\s*[-:\u2013].*)?", re.IGNORECASE)
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?|ZZ99|GIR)([0-9][A-Z]{2}|0AA)")


def _percent(cell: Any) -> str:
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*(?:%|per ?cent)?", cell_text(cell))
    if match is None:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a percentage.")
    return match[1]


PERCENT = CellConverter(
    name="percent",
    title="a percentage, with or without the sign",
    from_target=_percent,
    to_target=lambda value: f"{value}%",
)
"""``95%`` and ``95`` are the same."""


def _share(cell: Any) -> str:
    try:
        number = float(cell_text(cell))
    except ValueError:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a number.") from None
    if not 0 <= number <= 1:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a share between 0 and 1.")
    return f"{round(number * 100, 4):g}"


SHARE_OF_ONE = CellConverter(
    name="share-of-one",
    title="a percentage as spreadsheets store it: 0.95",
    from_target=_share,
    to_target=lambda value: value / 100,
)
"""``0.95`` is 95 per cent."""


def _laestab(cell: Any) -> str:
    digits = re.sub(r"[\s/-]", "", cell_text(cell))
    if not re.fullmatch("[0-9]{7}", digits):
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is not a council's three and a school's four digits."
        )
    return digits


LAESTAB = CellConverter(
    name="laestab",
    title="the number of a school, with or without a stroke",
    from_target=_laestab,
    to_target=lambda value: f"{value[:3]}/{value[3:]}",
)
"""``916/1234`` and ``9161234`` are the same school."""


def _level(cell: Any) -> str:
    match = _LEVEL.fullmatch(cell_text(cell))
    if match is None:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a level from 1 to 4.")
    return match[1]


LEVEL = CellConverter(
    name="level",
    title="a level of need, with or without the word",
    from_target=_level,
    to_target=lambda value: f"Level {value}",
)
"""``Level 3 - Targeted`` is 3. Nothing is computed: it is what the partner wrote."""


def _postcode(cell: Any) -> str:
    match = _POSTCODE.fullmatch(re.sub(r"[\s.-]", "", cell_text(cell)).upper())
    if match is None:
        raise MisreadError(PartnerFault.NOT_UNDERSTOOD, "This is not in the form of a postcode.")
    return f"{match[1]} {match[2]}"


POSTCODE = CellConverter(
    name="postcode", title="a postcode in any spelling", from_target=_postcode, to_target=str
)
"""In capital letters with one space."""


def _lines(cell: Any) -> list[str]:
    text = cell_text(cell)
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [line for part in parts if (line := " ".join(part.split()))]


ADDRESS_LINES = CellConverter(
    name="address-lines",
    title="an address in one cell: a line for each line break, or else for each comma",
    from_target=_lines,
    to_target="\n".join,
    makes_list=True,
)
"""Lines are written back with line breaks, so that a comma in a line survives."""


def _surname_first(cell: Any) -> dict[str, str]:
    family, comma, given = (" ".join(part.split()) for part in cell_text(cell).partition(","))
    if not (family and comma and given) or "," in given:
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is not a surname, a comma and a forename."
        )
    return {"given": given, "family": family}


SURNAME_FIRST = CellConverter(
    name="surname-first",
    title="a name in one cell: surname, comma, forename",
    from_target=_surname_first,
    to_target=lambda name: f"{name['family']}, {name['given']}",
    fields=("given", "family"),
)
"""Only with a comma: without it nobody can tell where a surname begins."""


def _year_group(cell: Any) -> str:
    return re.sub(r"^(?:year|yr|nc year)\.?\s*", "", cell_text(cell), flags=re.IGNORECASE)


YEAR_GROUP = CellConverter(
    name="year-group",
    title="a school year, with or without the word",
    from_target=_year_group,
    to_target=str,
)
"""``Year 5`` and ``5`` are the same year."""
