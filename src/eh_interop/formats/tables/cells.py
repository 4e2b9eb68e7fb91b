r"""Cells: the value of a field as text and back, for each kind of field.

Reading is lenient with what a person types: a code may be followed by a colon and
its label, or be the label alone. What does not fit its field stays as it is, so
that the check says what is wrong with it.

A list of plain values stands in one cell, set apart by a semicolon and a blank:
``Romani; Polish``. Inside a value, a backslash stands before a semicolon, before
another backslash, and before a blank or line break with which the value begins
or ends. Reading takes blanks around a semicolon away, unless a backslash
protects them. Reasons for absence are ``field=reason``, set apart in the same
way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from eh_interop.reading.whole_numbers import whole
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.schemas import CURRENT, load_standard

Encode = Callable[[Any], str]
Decode = Callable[[str], Any]
"""Raises ValueError if the cell cannot be read at all."""

BLANKS: Final = " \t\r\n"
"""What the standard calls blank; other spaces are characters like any other."""
SEPARATOR: Final = "; "

_SPECIAL: Final = re.compile(r"[\\;]")
_EDGE: Final = re.compile(r"\A[ \t\r\n]+|[ \t\r\n]+\Z")
_TOKENS: Final = re.compile(r"\\(.)|(;)|([^\\;]+)|(\\)", re.DOTALL)
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DIGITS: Final = 400
"""No number of a record has more; reading longer ones would take long."""
_TRUTH: Final = {"true": True, "false": False}
LABEL_SEPARATOR: Final = ": "
"""Stands between a code and its label in the drop-downs of a template."""


def join_values(values: Iterable[str]) -> str:
    """Write several values into one cell."""
    return SEPARATOR.join(map(_escaped, values))


def _escaped(value: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", value)
    return _EDGE.sub(lambda edge: "".join(f"\\{blank}" for blank in edge[0]), text)


def split_values(cell: str) -> list[str]:
    """Read the values of one cell. Parts that are blank are no values."""
    if "\\" not in cell:
        parts = (part.strip(BLANKS) for part in cell.split(";"))
        return [part for part in parts if part]
    return [part for part in map(_plain, _split(cell)) if part]


def _split(cell: str) -> Iterable[list[tuple[str, bool]]]:
    """Yield the pieces of each part; those that a backslash protects are marked."""
    part: list[tuple[str, bool]] = []
    for protected, separator, text, lone in _TOKENS.findall(cell):
        if separator:
            yield part
            part = []
        elif protected:
            part.append((protected, True))
        else:
            part.append((text or lone, False))
    yield part


def _plain(part: list[tuple[str, bool]]) -> str:
    if part and not part[0][1]:
        part[0] = (part[0][0].lstrip(BLANKS), False)
    if part and not part[-1][1]:
        part[-1] = (part[-1][0].rstrip(BLANKS), False)
    return "".join(text for text, _ in part)


def join_reasons(reasons: Mapping[str, str]) -> str:
    """Write the reasons of an ``absent`` into one cell."""
    return SEPARATOR.join(f"{name}={why}" for name, why in reasons.items())


def split_reasons(cell: str) -> dict[str, str]:
    """Read the reasons of one cell.

    Raises:
        ValueError: a reason is not written ``field=reason``, or a field is named twice.
    """
    reasons: dict[str, str] = {}
    for part in split_values(cell):
        name, sign, why = (piece.strip(BLANKS) for piece in part.partition("="))
        if not sign or not name or not why or name in reasons:
            raise ValueError("not a list of field=reason")
        reasons[name] = why
    return reasons


def encoder(field: Field) -> Encode:
    """Return what writes the value of a field as text."""
    one = _ENCODERS.get(field.kind, str)
    if field.repeats:
        return lambda values: join_values(map(one, values))
    return one


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


_ENCODERS: Final[Mapping[Kind, Encode]] = {
    Kind.BOOLEAN: _truth,
    Kind.INTEGER: repr,
    Kind.DECIMAL: repr,
    Kind.REASONS: join_reasons,
    Kind.LOCAL: _json,
}


def decoder(field: Field, version: str = CURRENT) -> Decode:
    """Return what reads a cell that is not empty."""
    one = _decoder(field, version)
    if field.repeats:
        return lambda cell: [one(part) for part in split_values(cell)]
    return one


def _decoder(field: Field, version: str) -> Decode:
    match field.kind:
        case Kind.TEXT | Kind.LINE:
            return str
        case Kind.CODE:
            return _coder(field.code_list, version)
        case Kind.REASONS:
            coder = _coder("absence-reason", version)
            return lambda cell: {name: coder(why) for name, why in split_reasons(cell).items()}
        case _:
            return _DECODERS[field.kind]


def _read_truth(cell: str) -> Any:
    return _TRUTH.get(cell.strip(BLANKS).lower(), cell)


def read_number(cell: str) -> Any:
    """Read a number exactly as JSON writes it; anything else stays text."""
    text = cell.strip(BLANKS)
    if len(text) > _DIGITS:
        return cell
    number = _NUMBER.fullmatch(text)
    if not number:
        return cell
    return float(text) if number[2] or number[3] else int(text)


def _read_whole(cell: str) -> Any:
    """Read a whole number, also one that is written as ``3.0``."""
    number = read_number(cell)
    return whole(number) if isinstance(number, float) else number


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
    Kind.INTEGER: _read_whole,
    Kind.DECIMAL: read_number,
    Kind.LOCAL: _read_json,
    Kind.DATE: _read_day,
    Kind.DATE_TIME: _read_day,
}


@cache
def _coder(code_list: str, version: str) -> Decode:
    codes = {row.code: row.code for row in load_standard(version).codes(code_list)}
    titles = _codes_by_title(code_list, version)

    def code(cell: str) -> str:
        if cell in codes:
            return cell
        text = cell.strip(BLANKS)
        label = text.split(LABEL_SEPARATOR)[0]
        return codes.get(text) or codes.get(label) or titles.get(_key(text), cell)

    return code


@cache
def _codes_by_title(code_list: str, version: str) -> Mapping[str, str]:
    """Return the code for each title of a list that only one code has."""
    codes: dict[str, str | None] = {}
    for row in load_standard(version).codes(code_list):
        key = _key(row.title)
        codes[key] = None if key in codes else row.code
    return MappingProxyType({key: code for key, code in codes.items() if code})


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_blank(cell: str) -> bool:
    """Return whether a cell holds nothing that the standard would call a value."""
    return not cell or not cell.strip(BLANKS)
