"""Reckoning with days: months and ages."""

from __future__ import annotations

from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta

MONTHS_IN_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """Go on by calendar months: the same day of the month, or the last if there is none such.

    Six months after 31 August is 28 February, or 29 February in a leap year.
    """
    return day + relativedelta(months=months)


def age_on(born: date, day: date) -> int:
    """Return somebody's age in whole years.

    Who was born on 29 February has their birthday on 1 March in other years,
    as English law counts. ``relativedelta`` would have it a day too early.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
