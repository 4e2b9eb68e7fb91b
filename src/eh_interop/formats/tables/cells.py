"""A value as a cell and back, for each kind of field.

Writing gives text; a workbook makes numbers, dates and truth values of some of
it. Reading is lenient with what a person types: a code may be followed by a
colon and its label, or be the label alone. What does not fit its field stays as
it is, so that the check says what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from eh_interop.formats.tables.joined import (
    BLANKS,
    joined,
    parted,
    reasons_joined,
    reasons_parted,
)
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.schemas import CURRENT, load_standard

Encode = Callable[[Any], str]
Decode = Callable[[str], Any]
"""Raises ValueError if the cell cannot be read at all."""

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DIGITS: Final = 400
"""No number of a record has more; reading longer ones would take long."""
_TRUTH: Final = {"true": True, "false": False}
LABEL: Final = ": "
"""Stands between a code and its label in the drop-downs of a template."""


def encoder(field: Field) -> Encode:
    """Return what writes the value of a field as text."""
    one = _ENCODERS.get(field.kind, str)
    if field.repeats:
        return lambda values: joined(map(one, values))
    return one


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


_ENCODERS: Final[Mapping[Kind, Encode]] = {
    Kind.BOOLEAN: _truth,
    Kind.INTEGER: repr,
    Kind.DECIMAL: repr,
    Kind.REASONS: reasons_joined,
    Kind.LOCAL: _json,
}


def decoder(field: Field, version: str = CURRENT) -> Decode:
    """Return what reads a cell that is not empty."""
    one = _decoder(field, version)
    if field.repeats:
        return lambda cell: [one(part) for part in parted(cell)]
    return one


def _decoder(field: Field, version: str) -> Decode:
    match field.kind:
        case Kind.TEXT | Kind.LINE:
            return str
        case Kind.CODE:
            return _coder(field.code_list, version)
        case Kind.REASONS:
            coder = _coder("absence-reason", version)
            return lambda cell: {name: coder(why) for name, why in reasons_parted(cell).items()}
        case _:
            return _DECODERS[field.kind]


def _read_truth(cell: str) -> Any:
    return _TRUTH.get(cell.strip(BLANKS).lower(), cell)


def read_number(cell: str) -> Any:
    """Read a number exactly as JSON writes it; anything else stays text."""
    text = cell.strip(BLANKS)
    if len(text) > _DIGITS:
        return cell
    found = _NUMBER.fullmatch(text)
    if not found:
        return cell
    return float(text) if found[2] or found[3] else int(text)


def _read_json(cell: str) -> Any:
    value = json.loads(cell, parse_constant=_no_constant)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 (what the text says, not what it is)
    return value


def _no_constant(_: str) -> Any:
    raise ValueError("not a number of JSON")


def _read_day(cell: str) -> str:
    return cell.strip(BLANKS)


_DECODERS: Final[Mapping[Kind, Decode]] = {
    Kind.BOOLEAN: _read_truth,
    Kind.INTEGER: read_number,
    Kind.DECIMAL: read_number,
    Kind.LOCAL: _read_json,
    Kind.DATE: _read_day,
    Kind.DATE_TIME: _read_day,
}


@cache
def _coder(code_list: str, version: str) -> Decode:
    known = {row.code: row.code for row in load_standard(version).codes(code_list)}
    words = _words(code_list, version)

    def code(cell: str) -> str:
        found = known.get(cell)
        if found is not None:
            return found
        text = cell.strip(BLANKS)
        return known.get(text) or known.get(text.split(LABEL)[0]) or words.get(_key(text), cell)

    return code


@cache
def _words(code_list: str, version: str) -> Mapping[str, str]:
    """Give the code for each title of a list that only one code has."""
    found: dict[str, str | None] = {}
    for row in load_standard(version).codes(code_list):
        key = _key(row.title)
        found[key] = None if key in found else row.code
    return MappingProxyType({key: code for key, code in found.items() if code})


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def as_text(value: Any) -> str:
    """Return the text of a cell of a workbook, whatever type the spreadsheet gave it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _truth(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    elif isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def blank(cell: str) -> bool:
    """Tell whether a cell holds nothing that the standard would call a value."""
    return not cell or not cell.strip(BLANKS)
