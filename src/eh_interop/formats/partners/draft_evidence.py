"""Evidence for a draft: what the values of a column look like. Only counts leave, never a value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from eh_interop.core.identifiers import is_nhs_number, is_upn
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats.partners.cells import MisreadError, cell_text

_PARTS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}(?: .*)?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_POSTCODE = re.compile(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}")
_MONTHS: Final = 12
_MOST_WORDS: Final = 200
SURE: Final = 0.8
"""The share of values that makes a column what it looks like."""


@dataclass
class ColumnEvidence:
    """Counts over a sample of a column.

    Attributes:
        filled: cells in which something stands.
        real_dates: dates of a workbook.
        iso: dates as YYYY-MM-DD.
        either: dates of which the day or the month may come first.
        day_first: dates of which only the day can come first.
        month_first: dates of which only the month can come first.
        nhs_numbers, upns, postcodes: values of that form, with a right check digit.
        words: different words, folded; at most 200, never shown.
    """

    filled: int = 0
    real_dates: int = 0
    iso: int = 0
    either: int = 0
    day_first: int = 0
    month_first: int = 0
    nhs_numbers: int = 0
    upns: int = 0
    postcodes: int = 0
    words: set[str] = field(default_factory=set, repr=False)
    distinct: set[int] = field(default_factory=set, repr=False)

    def add(self, cell: Any) -> None:
        """Look at one cell."""
        try:
            text = cell_text(cell)
        except MisreadError:
            return
        if not text:
            return
        self.filled += 1
        self.distinct.add(hash(text))
        if len(self.words) < _MOST_WORDS:
            self.words.add(fold_label(text))
        if isinstance(cell, date):
            self.real_dates += 1
        elif parts := _PARTS.fullmatch(text):
            self._day_or_month(int(parts[1]), int(parts[2]))
        else:
            self.iso += bool(_ISO.fullmatch(text))
            self.nhs_numbers += is_nhs_number(text.replace("-", " "))
            self.upns += is_upn(text)
            self.postcodes += bool(_POSTCODE.fullmatch(text))

    def _day_or_month(self, first: int, second: int) -> None:
        if first > _MONTHS:
            self.day_first += 1
        elif second > _MONTHS:
            self.month_first += 1
        else:
            self.either += 1

    def share(self, count: int) -> float:
        """Return a count as a share of the filled cells."""
        return count / self.filled if self.filled else 0.0

    @property
    def dates(self) -> int:
        """How many values look like dates."""
        return self.real_dates + self.iso + self.either + self.day_first + self.month_first

    @property
    def order(self) -> str:
        """How dates are written, where the values prove it; empty otherwise."""
        if self.day_first and not self.month_first:
            return "day-first"
        if self.month_first and not self.day_first:
            return "month-first"
        return ""

    @property
    def needs_order(self) -> bool:
        """Whether there are dates of which the order has to be declared."""
        return bool(self.either or self.day_first or self.month_first)

    @property
    def tells_apart(self) -> bool:
        """Whether every value is different: the column may tell records apart."""
        return self.filled > 1 and len(self.distinct) == self.filled


def look_at(rows: Iterable[Any], width: int) -> list[ColumnEvidence]:
    """Look at the columns of some rows."""
    columns = [ColumnEvidence() for _ in range(width)]
    for row in rows:
        for evidence, cell in zip(columns, row.cells, strict=False):
            evidence.add(cell)
    return columns
