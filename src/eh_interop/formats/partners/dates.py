"""Dates in the form that the mapping declares. Nothing is guessed.

Real dates of a workbook need no declaration, nor does YYYY-MM-DD: they can be read
in one way only.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from eh_interop.formats._shared.cells import MisreadError, cell_text
from eh_interop.reading.dates import named_month
from eh_interop.reading.faults import PartnerFault

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"(?:[T ]+|,\s*)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s*([AaPp][Mm])?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_PARTS = re.compile(r"([0-9]{1,4})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{1,4})")
_ORDERS: Final = {"day-first": (2, 1, 0), "month-first": (2, 0, 1), "year-first": (0, 1, 2)}
_FIRST_SERIAL: Final = date(1899, 12, 30)
"""The day 0 of spreadsheets, for all days after 28 February 1900."""
_SERIALS: Final = range(61, 109_575)
"""1 March 1900 to the end of 2199. Earlier serials count a day that never was."""
_LIKELY_SERIALS: Final = range(20_000, 80_000)
"""A number in a cell of a workbook that stands for a day from 1954 to 2119."""
_YEARS: Final = range(1900, 2200)
_NOON: Final = 12

DAY_FIRST_HINT: Final = 'dates = "day-first"'


def read_date(cell: Any, form: str) -> str:
    """Read a day.

    Args:
        cell: what stands in the cell.
        form: how dates are written there; empty if nobody declared it.

    Returns:
        YYYY-MM-DD.

    Raises:
        MisreadError: it is not a date in that form, or the form would have to be guessed.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _checked(cell.year, cell.month, cell.day)
    text = cell_text(cell)
    if isinstance(cell, int | float) and (day := _serial(text, _LIKELY_SERIALS)):
        return day
    day = _day(text, form)
    if day is None:
        split = _TIME.search(text)
        if split is not None and split.end() == len(text):
            day = _day(text[: split.start()], form)
    if day is None:
        raise _refusal(text, form)
    return day


def read_date_time(cell: Any, form: str, zone: ZoneInfo) -> str:
    """Read a moment. One without a time zone is in the zone of the mapping.

    Raises:
        MisreadError: as for :func:`read_date`, or there is no time of day.
    """
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=cell.tzinfo or zone).isoformat(timespec="seconds")
    text = cell_text(cell)
    split = _TIME.search(text)
    if isinstance(cell, date) or split is None or split.end() != len(text):
        read_date(cell, form)
        raise MisreadError(PartnerFault.NOT_A_DATE, "The time of day is missing here.")
    day = read_date(text[: split.start()], form)
    hour, minute, second = int(split[1]), split[2], split[3] or "00"
    if split[4]:
        hour = hour % _NOON + (_NOON if split[4].lower() == "pm" else 0)
    offset = split[5] or ""
    if offset and ":" not in offset and offset != "Z":
        offset = f"{offset[:3]}:{offset[3:]}"
    try:
        moment = datetime.fromisoformat(f"{day}T{hour:02}:{minute}:{second}{offset}")
    except ValueError:
        raise MisreadError(PartnerFault.NOT_A_DATE, "There is no such time of day.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment.isoformat(timespec="seconds")


def _day(text: str, form: str) -> str | None:
    if iso := _ISO.fullmatch(text):
        return _checked(int(iso[1]), int(iso[2]), int(iso[3]))
    if named := named_month(text):
        return _checked(*named)
    if form == "excel-serial":
        return _serial(text)
    if form == "compact" and re.fullmatch("[0-9]{8}", text):
        return _checked(int(text[:4]), int(text[4:6]), int(text[6:]))
    parts = _PARTS.fullmatch(text) if form in _ORDERS else None
    if parts is None:
        return None
    year, month, day = (parts[index + 1] for index in _ORDERS[form])
    if len(year) != len("2025"):
        raise MisreadError(PartnerFault.NOT_A_DATE, "The year of this date has not four digits.")
    return _checked(int(year), int(month), int(day))


def _serial(text: str, likely: range | None = None) -> str | None:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text):
        return None
    days = int(float(text))
    if likely is not None and days not in likely:
        return None
    if days not in _SERIALS:
        raise MisreadError(
            PartnerFault.NOT_A_DATE,
            "This number is not a day between 1900 and 2199 in a spreadsheet.",
        )
    return (_FIRST_SERIAL + timedelta(days=days)).isoformat()


def _checked(year: int, month: int, day: int) -> str:
    if year not in _YEARS:
        raise MisreadError(PartnerFault.NOT_A_DATE, "The year of this date cannot be meant.")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise MisreadError(PartnerFault.NOT_A_DATE, "There is no such day.") from None


def _refusal(text: str, form: str) -> MisreadError:
    if form:
        return MisreadError(
            PartnerFault.NOT_A_DATE, f"This is not a date in the declared form, {form}."
        )
    if _PARTS.match(text):
        return MisreadError(
            PartnerFault.DATE_ORDER,
            "Nobody declared whether the day or the month comes first here. "
            f"Say {DAY_FIRST_HINT} or another form in the mapping.",
        )
    if re.fullmatch(r"[0-9]{4,6}(\.[0-9]+)?", text):
        return MisreadError(
            PartnerFault.DATE_ORDER,
            'A number stands here for a date. Say dates = "excel-serial" in the mapping if it '
            "counts days.",
        )
    return MisreadError(PartnerFault.NOT_A_DATE, "This is not a date.")
