"""Cells: their text, and which words in them stand for codes, answers and missing values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from eh_interop.formats._shared.code_maps import fold_label, load_code_map, spellings
from eh_interop.reading.faults import PartnerFault
from eh_interop.standard.areas import Area

MOST_EXACT: Final = 2**53
"""Whole numbers up to this one keep all digits in a spreadsheet."""

_ERRORS = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)|Err:[0-9]{3}")
_CONTROLS: Final = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {127: None}
_BLANKS: Final = {
    **dict.fromkeys((0xA0, 0x2007, 0x202F), " "),
    # Zero-width characters that web pages leave behind.
    **dict.fromkeys((0x200B, 0xFEFF, 0x00AD), None),
}
_SHORT: Final = 6
"""Shorter words for a missing value, such as NA and NK, may be names of people."""
_STRAY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class MisreadError(Exception):
    """A value cannot be read; ``fault`` and ``message`` say why, without the value."""

    def __init__(self, fault: PartnerFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message


@dataclass(frozen=True, slots=True)
class AbsenceReason:
    """The cell says why there is no value: a code of the list ``absence-reason``."""

    code: str


@dataclass(frozen=True, slots=True)
class Partly:
    """The cell says more than its value: what it says is kept as local data, too."""

    value: Any


def cell_text(cell: Any) -> str:
    """Return what a cell says as text; empty for a blank cell.

    Whole numbers lose the ``.0`` of spreadsheets, non-breaking spaces become spaces,
    control characters are left out, and line breaks are those of the standard.

    Raises:
        MisreadError: it holds an error of the spreadsheet.
    """
    if isinstance(cell, str):
        return _clean(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def text_or_blank(cell: Any) -> str:
    """Return what a cell says as text; empty also for an error of the spreadsheet."""
    try:
        return cell_text(cell)
    except MisreadError:
        return ""


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        text = text.strip()
    else:
        text = text.translate(_BLANKS).translate(_CONTROLS)
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if text[:1] in {"#", "E"} and _ERRORS.fullmatch(text):
        raise MisreadError(PartnerFault.ERROR_CELL, "This cell holds an error of the spreadsheet.")
    return text


def _number(cell: float) -> str:
    if not isfinite(cell):
        return str(cell)
    if cell.is_integer() and abs(cell) <= MOST_EXACT:
        return str(int(cell))
    return repr(cell)


def has_strays(cell: Any) -> bool:
    """Return whether control characters are left out when the cell is read."""
    return isinstance(cell, str) and not cell.isprintable() and bool(_STRAY.search(cell))


def words_for(
    code_list: str, version: str, area: Area | None = None, own: Mapping[str, str] | None = None
) -> Mapping[str, str]:
    """Return every word that means a code, the word as :func:`fold_label` gives it.

    The mapping's own words win over those of the area, and these over the codes,
    aliases and titles of the standard.
    """
    words: dict[str, str] = {}
    _add(words, (own or {}).items())
    if area is not None:
        _add(words, area.aliases.get(code_list, {}).items())
        _add(words, ((word, code) for code, word in area.labels.get(code_list, {}).items()))
    _add(words, spellings(code_list, version))
    return MappingProxyType(words)


def _add(words: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    for word, code in pairs:
        words.setdefault(fold_label(word), code)


def code_words(name: str, own: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return a code map by its name: one of the mapping, or one of ``mappings/codes``.

    Raises:
        MappingError: there is none.
    """
    return own[name] if name in own else load_code_map(name).labels


@cache
def absence_words(version: str, *, names: bool) -> Mapping[str, str]:
    """Return the words for a missing value, and the reason that each gives.

    Args:
        version: of the standard.
        names: only those that are not the name of a person or place.
    """
    words = words_for("absence-reason", version)
    if not names:
        return words
    return {word: code for word, code in words.items() if len(word) >= _SHORT or not word.isalpha()}
