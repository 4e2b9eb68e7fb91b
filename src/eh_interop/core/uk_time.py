"""The day that a moment falls on: that of the United Kingdom, whatever zone it is written in.

Half past eleven in the evening in London is half past ten in UTC in summer, and a quarter past
midnight is the day before. A system that writes UTC would put such moments on another day than the
people who were there.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def uk_day(moment: datetime) -> date:
    """Return the day in the United Kingdom. One without a zone counts as written there."""
    try:
        return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()
    except OverflowError:  # the first or the last day that a calendar has
        return moment.date()


def uk_day_of(text: str) -> str:
    """Return the day of a date or moment in ISO 8601; of other text, its first ten characters."""
    try:
        return uk_day(datetime.fromisoformat(text)).isoformat()
    except ValueError:
        return text[:10]


def uk_today() -> date:
    """Return the day that it is now in the United Kingdom."""
    return datetime.now(LONDON).date()
