"""Readers of cells: the function for one row of a mapping, made once for all records.

Also whether a value that was read is plausible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from eh_interop.checks.subject import AT_RISK
from eh_interop.core.identifiers import CHECKS, is_nhs_number
from eh_interop.formats._shared.cells import (
    AbsenceReason,
    MisreadError,
    Partly,
    absence_words,
    cell_text,
    code_words,
    text_or_blank,
    words_for,
)
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.signals import About, is_dangerous, of_text
from eh_interop.formats.partners.converters import CellConverter, converters
from eh_interop.formats.partners.dates import read_date, read_date_time
from eh_interop.formats.partners.mapping_table import MappedField, MappingTable
from eh_interop.formats.partners.record_paths import FieldTarget
from eh_interop.reading.faults import PartnerFault
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Kind

ReadValue = Callable[[Any], Any]
"""From a cell to a value, an :class:`AbsenceReason`, or None for a blank cell; or MisreadError."""

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
_DOT_ZERO = re.compile(r"([0-9]+)\.0+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_SHORT: Final = 40
_REMEMBERED: Final = 2_000
"""Texts of one column that are kept in memory, and how long they may be."""
_LONGEST_LINE: Final = 500
_LONGEST_TEXT: Final = 1_000_000
_WITHOUT_SPACES: Final = frozenset({"nhs-number", "upn", "former-upn", "uln", "urn", "laestab"})
"""Identifiers of which spaces and hyphens are not a part."""
_PHONES: Final = frozenset({"phone", "mobile"})
_BEGINS_WITH_YES = re.compile(r"(?:yes|yeah|yep|y)(?![^\W_])", re.IGNORECASE)
"""Words after a yes explain it. After a no they may take it back, so that is left to people."""
_TICKS: Final = frozenset("\u2713\u2714\u2611\u2705\u00fc\u00fe\uf0fc\uf0fe")
"""Ticks and ticked boxes, also those of the font Wingdings."""
_BLANK: Final = frozenset({"-", "--", "\u2013", "\u2014", "."})
"""What people write into a cell that has nothing in it, whatever the column is for."""
_NAMES: Final = frozenset({"family", "given", "preferred", "full", "name"})
"""Fields in which a word such as Null may be somebody's name, unless it is written as declared."""
_LETTERED = re.compile(r"^[a-z0-9]{1,2}[).:] ?")
"""What Annex A and other lists put before a code: *a) WBRI*."""
_EXPLAINED = re.compile(r" [-\u2013\u2014] |: |, |\. |\(|;")
"""What stands between an answer and its explanation."""
_AMBIGUOUS: Final = frozenset({"x"})
"""A cross in a box may be a tick or a no: that is not a plain answer."""


def reader_for(
    row: MappedField, target: FieldTarget, table: MappingTable, area: Area | None
) -> ReadValue:
    """Make the function.

    Raises:
        MappingError: the row names a code map that does not exist.
    """
    read = _by_kind(row, target, table, area)
    if row.via:
        converter = converters()[row.via]
        read = converter.from_target if converter.fields else _chain(converter, read)
    in_names = target.leaf.kind in {Kind.LINE, Kind.TEXT, Kind.GROUP}
    absent = absence_words(table.version, names=in_names)
    is_name = target.leaf.name in _NAMES
    blank = frozenset({*_BLANK, *map(fold_label, table.blank)})
    own_words = _own_words(target, table.version)

    def fresh(value: str) -> Any:
        text = cell_text(value)
        if not text:
            return None
        word = fold_label(text) if len(text) < _LONGEST_LINE else ""
        if word in blank and not (is_name and word.isalpha() and text not in table.blank):
            return None
        if word in absent and word not in own_words:
            return AbsenceReason(absent[word])
        return read(text)

    return _remembering(read, fresh)


def _remembering(read: ReadValue, fresh: Callable[[str], Any]) -> ReadValue:
    """Make a reader that looks a short text up if it has read it before: columns repeat."""
    remembered: dict[str, Any] = {}

    def read_cell(cell: Any) -> Any:
        if not isinstance(cell, str):
            return None if cell is None else read(cell)
        if cell in remembered:
            return remembered[cell]
        value = fresh(cell)
        if len(cell) <= _SHORT and len(remembered) < _REMEMBERED:
            remembered[cell] = value
        return value

    return read_cell


def _chain(converter: CellConverter, then: ReadValue) -> ReadValue:
    """Read by a converter, then as the field's kind asks."""

    def one(cell: Any) -> Any:
        value = converter.from_target(cell)
        return value if value is None else then(value)

    def several(cell: Any) -> list[Any]:
        return [then(value) for value in converter.from_target(cell)]

    return several if converter.makes_list else one


def _own_words(target: FieldTarget, version: str) -> frozenset[str]:
    """Return the words that a code list has itself, such as *refused* for an ethnicity."""
    if target.leaf.kind is not Kind.CODE:
        return frozenset()
    return frozenset(words_for(target.leaf.code_list, version))


def _by_kind(
    row: MappedField, target: FieldTarget, table: MappingTable, area: Area | None
) -> ReadValue:
    leaf, form = target.leaf, row.dates or table.dates
    if row.ticked:
        return lambda cell: row.ticked if is_dangerous(cell_text(cell), "yes") else None
    if row.codes and leaf.kind is not Kind.CODE:
        return _mapped(code_words(row.codes, table.codes), _simple(leaf.kind, target, table))
    if leaf.kind is Kind.DATE:
        return lambda cell: read_date(cell, form)
    if leaf.kind is Kind.DATE_TIME:
        zone = ZoneInfo(table.zone)
        return lambda cell: read_date_time(cell, form, zone)
    if leaf.kind is Kind.CODE:
        name = row.codes or (leaf.code_list if leaf.code_list in table.codes else "")
        own = code_words(name, table.codes) if name else None
        return _coded(words_for(leaf.code_list, table.version, area, own), leaf.code_list)
    return _simple(leaf.kind, target, table)


def _simple(kind: Kind, target: FieldTarget, table: MappingTable) -> ReadValue:
    if kind is Kind.BOOLEAN:
        is_risk = target.leaf.name == AT_RISK
        return _answer(words_for("yes-no-unknown", table.version), is_risk=is_risk)
    if kind is Kind.INTEGER:
        return _integer
    if kind is Kind.DECIMAL:
        return _decimal
    if target.entry_type in CHECKS or target.entry_type in _PHONES:
        return _number_text(target.entry_type)
    return _line if kind is Kind.LINE else _text


def _coded(words: Mapping[str, str], code_list: str) -> ReadValue:
    def read(cell: Any) -> str | Partly:
        word = fold_label(cell_text(cell))
        code = words.get(word) or words.get(_LETTERED.sub("", word))
        if code is None:
            first = words.get(_EXPLAINED.split(word, 1)[0].strip())
            if first is not None:
                return Partly(first)
            raise MisreadError(
                PartnerFault.UNKNOWN_CODE,
                f"This word is not known for the code list {code_list}. Say in the mapping, under "
                "[codes], which code is meant.",
            )
        return code

    return read


def _mapped(words: Mapping[str, str], then: ReadValue) -> ReadValue:
    """Read a word by a map whose codes are answers or texts, not codes of a list."""
    ours_by_word = {fold_label(word): ours for word, ours in words.items()}

    def read(cell: Any) -> Any:
        ours = ours_by_word.get(fold_label(cell_text(cell)))
        if ours is None:
            raise MisreadError(PartnerFault.UNKNOWN_CODE, "This word is not in the code map.")
        return then(ours)

    return read


def _answer(words: Mapping[str, str], *, is_risk: bool) -> ReadValue:
    def read(cell: Any) -> bool | AbsenceReason:
        text = cell_text(cell)
        word = fold_label(text)
        answer = None if word in _AMBIGUOUS else words.get(word)
        if answer is None and (_BEGINS_WITH_YES.match(text) or text[:1] in _TICKS):
            answer = "yes"
        if answer is None and is_risk and About.RISK in of_text(text):
            answer = "yes"
        if answer is None:
            raise MisreadError(PartnerFault.NOT_YES_OR_NO, "This is neither yes nor no.")
        return AbsenceReason("not-known") if answer == "unknown" else answer == "yes"

    return read


def _integer(cell: Any) -> int:
    text = cell_text(cell)
    if not _WHOLE.fullmatch(text):
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a whole number.")
    return int(text.partition(".")[0])


def _decimal(cell: Any) -> int | float:
    text = cell_text(cell)
    if not _DECIMAL.fullmatch(text):
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a number.")
    number = float(text)
    return int(number) if number.is_integer() else number


def _line(cell: Any) -> str:
    text = " ".join(cell_text(cell).split())
    if len(text) > _LONGEST_LINE:
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is longer than one line of the standard can be."
        )
    return text


def _text(cell: Any) -> str:
    text = cell_text(cell)
    if len(text) > _LONGEST_TEXT:
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is longer than a text of the standard can be."
        )
    return text


def _number_text(entry_type: str) -> ReadValue:
    """Read an identifier or a telephone number: digits that are not a number."""
    spaced = entry_type in _WITHOUT_SPACES

    def read(cell: Any) -> str:
        text = _line(cell)
        if _SCIENTIFIC.fullmatch(text):
            raise MisreadError(
                PartnerFault.DIGITS_LOST,
                "A spreadsheet shortened this number, and digits are lost. Ask for it as text.",
            )
        if whole := _DOT_ZERO.fullmatch(text):
            text = whole[1]
        if entry_type in _PHONES and _SHORT_PHONE.fullmatch(re.sub(r"[\s-]", "", text)):
            text = f"0{text}"
        if spaced:
            text = re.sub(r"[\s-]", "", text).upper()
        return text

    return read


_SHORT_PHONE = re.compile("[12378][0-9]{9}")
"""A United Kingdom number of ten digits: written nationally it begins with 0 and has eleven."""
_NHS_DIGITS: Final = 10


def plausibility_fault(
    row: MappedField, target: FieldTarget, cell: Any, value: Any
) -> PartnerFault | None:
    """Return what is doubtful about a value that was read all the same; None if nothing is."""
    if not isinstance(value, str):
        return None
    entry_type = target.entry_type
    if entry_type in _PHONES and not text_or_blank(cell).startswith(value[:1]):
        return PartnerFault.ZERO_RESTORED
    if entry_type == "nhs-number" and value.isdigit() and len(value) < _NHS_DIGITS:
        lost = is_nhs_number(value.zfill(_NHS_DIGITS))
        return PartnerFault.ZERO_LOST if lost else None
    if target.leaf.kind is Kind.LINE and not row.via and isinstance(cell, str):
        is_broken = not cell.isprintable() and len(cell.strip().splitlines()) > 1
        return PartnerFault.LINE_BREAK if is_broken else None
    return None
