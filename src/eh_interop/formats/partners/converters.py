"""Converters for what a mapping table cannot say: from a partner's cell to our value, and back.

Each is the function that reads a cell, made a :class:`CellConverter` by :func:`_converter`. Every
public one of this module is found by itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from eh_interop.formats._shared.cells import MisreadError, cell_text
from eh_interop.formats._shared.converters import Converter, find_converters
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


def _converter(
    title: str, to_target: Callable[[Any], Any] = str, **more: Any
) -> Callable[[Callable[[Any], Any]], CellConverter]:
    """Make a converter of the function that reads a cell; tables use its name, with hyphens."""

    def make(read: Callable[[Any], Any]) -> CellConverter:
        name = read.__name__.replace("_", "-")
        return CellConverter(name=name, title=title, from_target=read, to_target=to_target, **more)

    return make


_LEVEL = re.compile("(?:level|tier)?\\s*([1-4])(?:\\s*[-:\u2013].*)?", re.IGNORECASE)
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?|ZZ99|GIR)([0-9][A-Z]{2}|0AA)")


@_converter("a percentage, with or without the sign", lambda value: f"{value}%")
def percent(cell: Any) -> str:
    """``95%`` and ``95`` are the same."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*(?:%|per ?cent)?", cell_text(cell))
    if match is None:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a percentage.")
    return match[1]


@_converter("a percentage as spreadsheets store it: 0.95", lambda value: value / 100)
def share_of_one(cell: Any) -> str:
    """``0.95`` is 95 per cent."""
    try:
        number = float(cell_text(cell))
    except ValueError:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a number.") from None
    if not 0 <= number <= 1:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a share between 0 and 1.")
    return f"{round(number * 100, 4):g}"


@_converter(
    "the number of a school, with or without a stroke", lambda value: f"{value[:3]}/{value[3:]}"
)
def laestab(cell: Any) -> str:
    """``916/1234`` and ``9161234`` are the same school."""
    digits = re.sub(r"[\s/-]", "", cell_text(cell))
    if not re.fullmatch("[0-9]{7}", digits):
        message = "This is not a council's three and a school's four digits."
        raise MisreadError(PartnerFault.NOT_UNDERSTOOD, message)
    return digits


@_converter("a level of need, with or without the word", lambda value: f"Level {value}")
def level(cell: Any) -> str:
    """``Level 3 - Targeted`` is 3. Nothing is computed: it is what the partner wrote."""
    match = _LEVEL.fullmatch(cell_text(cell))
    if match is None:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a level from 1 to 4.")
    return match[1]


@_converter("a postcode in any spelling")
def postcode(cell: Any) -> str:
    """In capital letters with one space."""
    match = _POSTCODE.fullmatch(re.sub(r"[\s.-]", "", cell_text(cell)).upper())
    if match is None:
        raise MisreadError(PartnerFault.NOT_UNDERSTOOD, "This is not in the form of a postcode.")
    return f"{match[1]} {match[2]}"


@_converter(
    "an address in one cell: a line for each line break, or else for each comma",
    "\n".join,
    makes_list=True,
)
def address_lines(cell: Any) -> list[str]:
    """Lines are written back with line breaks, so that a comma in a line survives."""
    text = cell_text(cell)
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [line for part in parts if (line := " ".join(part.split()))]


@_converter(
    "a name in one cell: surname, comma, forename",
    lambda name: f"{name['family']}, {name['given']}",
    fields=("given", "family"),
)
def surname_first(cell: Any) -> dict[str, str]:
    """Only with a comma: without it nobody can tell where a surname begins."""
    family, comma, given = (" ".join(part.split()) for part in cell_text(cell).partition(","))
    if not (family and comma and given) or "," in given:
        message = "This is not a surname, a comma and a forename."
        raise MisreadError(PartnerFault.NOT_UNDERSTOOD, message)
    return {"given": given, "family": family}


@_converter("a school year, with or without the word")
def year_group(cell: Any) -> str:
    """``Year 5`` and ``5`` are the same year."""
    return re.sub(r"^(?:year|yr|nc year)\.?\s*", "", cell_text(cell), flags=re.IGNORECASE)


@_converter("a court order, or who must not be contacted: it becomes a safety warning", fields=())
def warning(cell: Any) -> str:
    """Read all of it: whether it is a warning, and its heading, are for who builds the record."""
    return cell_text(cell)
