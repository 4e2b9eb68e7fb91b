"""The function that reads the values of one row of a mapping, made once for all records."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from eh_interop.core.identifiers import CHECKS
from eh_interop.formats.partners.converters import converters
from eh_interop.formats.partners.converters.pair import Pair
from eh_interop.formats.partners.paths import Target
from eh_interop.formats.partners.tables import FieldRow, Table
from eh_interop.formats.partners.values.cells import Absent, MisreadError, text_of
from eh_interop.formats.partners.values.dates import read_date, read_date_time
from eh_interop.formats.partners.values.words import absence_words, folded, map_of, words_for
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Kind

ReadValue = Callable[[Any], Any]
"""From a cell to a value, an :class:`Absent`, or None for a blank cell. May raise MisreadError."""

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
_DOT_ZERO = re.compile(r"([0-9]+)\.0+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_SHORT: Final = 40
_REMEMBERED: Final = 2_000
"""Texts of one column that are kept in memory, and how long they may be."""
_LONGEST_LINE: Final = 500
_LONGEST_TEXT: Final = 1_000_000
_SPELT: Final = frozenset({"nhs-number", "upn", "former-upn", "uln", "urn", "laestab"})
"""Identifiers of which spaces and hyphens are no part."""
_AMBIGUOUS: Final = frozenset({"x"})
"""A cross in a box may be a tick or a no: that is no plain answer."""


def reader_for(row: FieldRow, target: Target, table: Table, area: Area | None) -> ReadValue:
    """Make the function.

    Raises:
        MappingError: the row names a code map that does not exist.
    """
    read = _by_kind(row, target, table, area)
    if row.via:
        pair = converters()[row.via]
        read = pair.read if pair.fields else _chain(pair, read)
    in_names = target.leaf.kind in {Kind.LINE, Kind.TEXT, Kind.GROUP}
    absent = absence_words(table.version, names=in_names)
    blank = frozenset(map(folded, table.blank))
    spare = _spare(target, table.version)

    def fresh(value: str) -> Any:
        text = text_of(value)
        if not text:
            return None
        word = folded(text) if len(text) < _LONGEST_LINE else ""
        if word in blank:
            return None
        if word in absent and word not in spare:
            return Absent(absent[word])
        return read(text)

    return _remembering(read, fresh)


def _remembering(read: ReadValue, fresh: Callable[[str], Any]) -> ReadValue:
    """Make a reader that looks a short text up if it has read it before: columns repeat."""
    known: dict[str, Any] = {}

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return None if value is None else read(value)
        if value in known:
            return known[value]
        found = fresh(value)
        if len(value) <= _SHORT and len(known) < _REMEMBERED:
            known[value] = found
        return found

    return cell


def _chain(pair: Pair, then: ReadValue) -> ReadValue:
    """Read by a converter, then as the field's kind asks."""

    def one(cell: Any) -> Any:
        value = pair.read(cell)
        return value if value is None else then(value)

    def several(cell: Any) -> list[Any]:
        return [then(value) for value in pair.read(cell)]

    return several if pair.several else one


def _spare(target: Target, version: str) -> frozenset[str]:
    """Return the words that a code list has itself, such as *refused* for an ethnicity."""
    if target.leaf.kind is not Kind.CODE:
        return frozenset()
    return frozenset(words_for(target.leaf.code_list, version, None, None))


def _by_kind(row: FieldRow, target: Target, table: Table, area: Area | None) -> ReadValue:
    leaf, form = target.leaf, row.dates or table.dates
    if row.codes and leaf.kind is not Kind.CODE:
        return _mapped(map_of(row.codes, table.codes), _simple(leaf.kind, target, table))
    if leaf.kind is Kind.DATE:
        return lambda cell: read_date(cell, form)
    if leaf.kind is Kind.DATE_TIME:
        zone = ZoneInfo(table.zone)
        return lambda cell: read_date_time(cell, form, zone)
    if leaf.kind is Kind.CODE:
        own = map_of(row.codes, table.codes) if row.codes else None
        return _coded(words_for(leaf.code_list, table.version, area, own), leaf.code_list)
    return _simple(leaf.kind, target, table)


def _simple(kind: Kind, target: Target, table: Table) -> ReadValue:
    if kind is Kind.BOOLEAN:
        return _answer(words_for("yes-no-unknown", table.version, None, None))
    if kind is Kind.INTEGER:
        return _integer
    if kind is Kind.DECIMAL:
        return _decimal
    if target.sort in CHECKS or target.sort in {"phone", "mobile"}:
        return _number_text(target.sort)
    return _line if kind is Kind.LINE else _text


def _coded(words: Mapping[str, str], code_list: str) -> ReadValue:
    def read(cell: Any) -> str:
        code = words.get(folded(text_of(cell)))
        if code is None:
            raise MisreadError(
                PartnerFault.UNKNOWN_CODE,
                f"This word is not known for the code list {code_list}. Say in the mapping, under "
                "[codes], which code is meant.",
            )
        return code

    return read


def _mapped(words: Mapping[str, str], then: ReadValue) -> ReadValue:
    """Read a word by a map whose codes are answers or texts, not codes of a list."""
    known = {folded(word): ours for word, ours in words.items()}

    def read(cell: Any) -> Any:
        ours = known.get(folded(text_of(cell)))
        if ours is None:
            raise MisreadError(PartnerFault.UNKNOWN_CODE, "This word is not in the code map.")
        return then(ours)

    return read


def _answer(words: Mapping[str, str]) -> ReadValue:
    def read(cell: Any) -> bool | Absent:
        word = folded(text_of(cell))
        answer = None if word in _AMBIGUOUS else words.get(word)
        if answer is None:
            raise MisreadError(PartnerFault.NOT_YES_OR_NO, "This is neither yes nor no.")
        return Absent("not-known") if answer == "unknown" else answer == "yes"

    return read


def _integer(cell: Any) -> int:
    text = text_of(cell)
    if not _WHOLE.fullmatch(text):
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a whole number.")
    return int(text.partition(".")[0])


def _decimal(cell: Any) -> int | float:
    text = text_of(cell)
    if not _DECIMAL.fullmatch(text):
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a number.")
    number = float(text)
    return int(number) if number.is_integer() else number


def _line(cell: Any) -> str:
    text = " ".join(text_of(cell).split())
    if len(text) > _LONGEST_LINE:
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is longer than one line of the standard can be."
        )
    return text


def _text(cell: Any) -> str:
    text = text_of(cell)
    if len(text) > _LONGEST_TEXT:
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is longer than a text of the standard can be."
        )
    return text


def _number_text(sort: str) -> ReadValue:
    """Read an identifier or a telephone number: digits that are no number."""
    spelt = sort in _SPELT

    def read(cell: Any) -> str:
        text = _line(cell)
        if _SCIENTIFIC.fullmatch(text):
            raise MisreadError(
                PartnerFault.DIGITS_LOST,
                "A spreadsheet shortened this number, and digits are lost. Ask for it as text.",
            )
        if whole := _DOT_ZERO.fullmatch(text):
            text = whole[1]
        if spelt:
            text = re.sub(r"[\s-]", "", text).upper()
        return text

    return read
