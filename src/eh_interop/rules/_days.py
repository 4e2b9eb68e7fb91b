"""Reckoning with days: months, ages and whole days of moments."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

MONTHS_IN_YEAR = 12


def months_after(day: date, months: int) -> date:
    """Go on by calendar months: the same day of the month, or the last if there is none such.

    Six months after 31 August is 28 February, or 29 February in a leap year.
    """
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def age_on(born: date, day: date) -> int:
    """Return somebody's age in whole years. Who was born on 29 February has it on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
