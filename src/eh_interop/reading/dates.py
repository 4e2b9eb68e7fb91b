"""Dates as people write them: names of months, and figures with the day before the month.

A bare number is not a date: nobody can tell what it counts.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT: Final = {**{month[:3]: at for at, month in enumerate(_MONTHS, 1)}, "sept": 9}
_NAMED: Final = re.compile(
    r"(?:[A-Za-z]+,? )?([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ ,-]+([0-9]{4})"
)
_FIGURES: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME: Final = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9:]{4,6})?$")


def named_month(text: str) -> tuple[int, int, int] | None:
    """Read year, month and day of ``3rd March 2024``, ``Mon 3 Mar 2024`` or ``03-Mar-2024``.

    There may be no such day.
    """
    match = _NAMED.fullmatch(text)
    name = match[2].lower() if match else ""
    month = _MONTHS.index(name) + 1 if name in _MONTHS else _SHORT.get(name, 0)
    return (int(match[3]), month, int(match[1])) if match and month else None


def read_named_month(text: str) -> date | None:
    """Read a day with the name of its month; None if there is no such day."""
    parts = named_month(text)
    return _day(*parts) if parts else None


def read_day_first(value: str | date) -> date | None:
    """Read a day where the day stands before the month, or YYYY-MM-DD; None if it is not one.

    A day of a workbook is taken as it is. A time of day after it is left out.
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = _TIME.sub("", value.strip())
    if iso := _ISO.fullmatch(text):
        return _day(iso[1], iso[2], iso[3])
    if figures := _FIGURES.fullmatch(text):
        return _day(figures[4], figures[3], figures[1])
    return read_named_month(text)


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
