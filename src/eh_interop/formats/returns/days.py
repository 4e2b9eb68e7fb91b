"""Days: which events belong in a return, and days in other people's files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import months_after

_FORMS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y")
_TIME: Final = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9:]{4,6})?$")
_SERIAL: Final = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_SERIAL_BEGIN: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet's count of days, for days after February 1900."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days from some calendar months before a day to that day, both included."""

    first: date
    last: date

    @classmethod
    def before(cls, day: date, months: int) -> Window:
        """Return the window that ends on a day."""
        return cls(months_after(day, -months), day)

    def holds(self, begin: date, end: date | None, *, lasting: bool) -> bool:
        """Tell whether an event belongs: it began in the window or, if it lasts, was open in it."""
        if not lasting:
            return self.first <= begin <= self.last
        return begin <= self.last and (end is None or end >= self.first)


def day_of(text: Any) -> date | None:
    """Return the day of a date or moment of a record: the day that is written there."""
    return date.fromisoformat(text[:10]) if isinstance(text, str) else None


def day_in(value: Any) -> date | None:
    """Read a day in somebody's file; None if it cannot be read.

    The day stands before the month, as in the returns. Spreadsheets may give a
    date, or the number of days since the end of 1899.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _TIME.sub("", str(value).strip())
    if _SERIAL.fullmatch(text):
        return _SERIAL_BEGIN + timedelta(days=int(float(text)))
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None
