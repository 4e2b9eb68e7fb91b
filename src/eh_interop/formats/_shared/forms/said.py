"""What people write on forms, as values: dates, ages, telephone numbers, postcodes, yes and no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from eh_interop.core.folding import words_in
from eh_interop.formats._shared.cells import absence_words, words_for
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.reading.dates import named_month
from eh_interop.standard.schemas import CURRENT

THIS_YEAR: Final = 2026
"""The year of this version of the standard: no form is older than what it says itself."""

_FIGURES: Final = re.compile(
    r"(?<![\d/.])(\d{1,2})\s?[/.\-\u2013 ]\s?(\d{1,2})\s?[/.\-\u2013 ]\s?(\d{4}|\d{2})(?![\d])"
)
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NAMED: Final = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:st|nd|rd|th)?\s?(?:of )?[ \-]?((?:jan|feb|mar|apr|may|jun"
    r"|jul|aug|sep|oct|nov|dec)[a-z]*)\.?,?[ \-,]{1,2}(\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_DAY_ONLY: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_TIME: Final = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})\s?(am|pm)?(?!\d)", re.IGNORECASE)
_AGE: Final = re.compile(
    r"(?:aged?|approx\w*|about|around|c\.?|\W)*\s*(\d{1,3})\s*(?:years?|yrs?|y/?o"
    r"|y)?(?: old| of age)?(?: \(?(?:approx\w*|about|est\w*)\)?)?\W*",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\W*(?:born )?(?:in )?(?:c\.? ?)?((?:19|20)\d{2})\W*")
_MONTH_YEAR: Final = re.compile(r"([A-Za-z]{3,9})\.? ((?:19|20)\d{2})")
_EXPECTED: Final = re.compile(
    r"\b(e\.?d\.?d\.?|due( date)?|expected|estimated delivery)\b", re.IGNORECASE
)
PHONE: Final = re.compile(r"(?<![\d/\w])(?:\+44\s?(?:\(0\)\s?)?|0)\d(?:[\s\-()]{0,2}\d){8,9}(?!\d)")
EMAIL: Final = re.compile(r"[\w.+\-']+@[\w\-]+(?:\.[\w\-]+)+")
POSTCODE: Final = re.compile(r"\b([A-Za-z]{1,2}\d[\dA-Za-z]?|GIR)\s*(\d[A-Za-z]{2})\b")
NHS: Final = re.compile(r"(?<!\d)\d{3}[\s\-]?\d{3}[\s\-]?\d{4}(?!\d)")
REFERENCE: Final = re.compile(
    r"\W*(as|see|same( as)?|ditto|same)( (as|details))?( (above|before|child|mum"
    r"|mother|home|family|1|one|address|listed|page \d+|section \d+))*( \d)?\W*"
    r"|\W*(\"|\u201d|\u3003|''|do\.?)\W*",
    re.IGNORECASE,
)
_YES: Final = re.compile(r"(yes|yeah|yep|y|\u2713|\u2714|\u2611)(?![^\W_])", re.IGNORECASE)
_NO: Final = re.compile(r"(no|n|nope|none)(?![^\W_])(?!/)", re.IGNORECASE)
_UNKNOWN: Final = re.compile(
    r"(not known|unknown|n/?k|don'?t know|not sure|unsure|unclear)\b", re.IGNORECASE
)


_CONDITIONAL: Final = re.compile(
    r"^\(?(if|please|details?|why|reasons?|which)\b[^?:\n]{0,80}[?:]\)?", re.IGNORECASE
)
"""A question in the same cell that is asked after a yes or a no."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What is said of a birth: one of a day, a month or year, or an age."""

    day: str = ""
    month_or_year: str = ""
    age: int | None = None
    expected: bool = False


def find_date(text: str, year: int) -> tuple[str, str]:
    """Return the first day in a text as YYYY-MM-DD, and the text without it; empty if it has none.

    Args:
        text: in which the day stands before the month.
        year: the latest that a year of two figures can mean.
    """
    for pattern, order in ((_ISO, (1, 2, 3)), (_NAMED, (3, 2, 1)), (_FIGURES, (3, 2, 1))):
        for match in pattern.finditer(text):
            parts = [match[at] for at in order]
            day = _day(parts[0], parts[1], parts[2], year)
            if day:
                return day, f"{text[: match.start()]} {text[match.end() :]}".strip()
    return "", text


def find_day_of_year(text: str, near: str) -> str:
    """Return a day that is written without its year, as near as can be to another; or empty."""
    match = _DAY_ONLY.search(text)
    if match is None or not near:
        return ""
    day = _day(near[:4], match[2], match[1], int(near[:4]))
    return day if day <= near else _day(str(int(near[:4]) - 1), match[2], match[1], int(near[:4]))


def _day(year: str, month: str, day: str, latest: int) -> str:
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004
        number += 2000 if 2000 + number <= latest else 1900
    try:
        if month.isdigit():
            return date(number, int(month), int(day)).isoformat()
        named = named_month(f"{int(day)} {month} {number:04}")
        return date(*named).isoformat() if named else ""
    except ValueError:
        return ""


def find_time(text: str) -> str:
    """Return the first time of day in a text as HH:MM; empty if there is none."""
    for match in _TIME.finditer(text):
        hour, half = int(match[1]), (match[3] or "").lower()
        hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
        if hour < 24 and int(match[2]) < 60 and (half or ":" in match[0]):  # noqa: PLR2004
            return f"{hour:02}:{match[2]}"
    return ""


def read_birth(text: str, year: int) -> Birth | None:
    """Read a date of birth, an expected one, a year or an age; None if it is none of them."""
    expected = bool(_EXPECTED.search(text))
    day, _ = find_date(text, year + 1)
    if day:
        return Birth(day=day, expected=expected)
    if match := _YEAR.fullmatch(text):
        return Birth(month_or_year=match[1])
    if match := _AGE.fullmatch(text):
        return Birth(age=int(match[1])) if int(match[1]) <= 115 else None  # noqa: PLR2004
    if (match := _MONTH_YEAR.fullmatch(text)) and (
        month := named_month(f"1 {match[1]} {match[2]}")
    ):
        return Birth(month_or_year=f"{month[0]}-{month[1]:02}")
    return None


def phones_in(text: str) -> list[str]:
    """Return the telephone numbers in a text, with single spaces."""
    return [" ".join(match[0].split()) for match in PHONE.finditer(text)]


def is_mobile(number: str) -> bool:
    """Return whether a telephone number is that of a mobile."""
    return bool(re.match(r"0?7", re.sub(r"^\+44|\D", "", number)))


def find_postcode(text: str) -> tuple[str, str]:
    """Return the last postcode in a text, and the text without it; empty if there is none."""
    matches = list(POSTCODE.finditer(text))
    if not matches:
        return "", text
    match = matches[-1]
    return f"{match[1]} {match[2]}".upper(), f"{text[: match.start()]}{text[match.end() :]}"


def address_lines(text: str) -> list[str]:
    """Return the lines of an address: at line breaks and commas."""
    return [
        line for part in re.split(r"[\n,;]", text) if (line := " ".join(part.split()).strip(" ."))
    ]


def yes_or_no(text: str) -> tuple[str, str]:
    """Return ``yes``, ``no`` or ``unknown`` and what stands after it; empty if it is neither."""
    text = text.strip(" \t\n/|,.;-\u2013")
    for answer, pattern in (("unknown", _UNKNOWN), ("yes", _YES), ("no", _NO)):
        if match := pattern.match(text):
            rest = text[match.end() :].strip(" \t\n.,;:-\u2013")
            return answer, _CONDITIONAL.sub("", rest).strip()
    return "", text


def absence_of(text: str) -> str:
    """Return the reason that a text gives for a missing value; empty if it gives none."""
    word = fold_label(text).strip(" .?!-")
    return absence_words(CURRENT, names=True).get(word, "") if len(word) > 1 else ""


@cache
def _bags(code_list: str) -> dict[tuple[str, ...], str]:
    bags: dict[tuple[str, ...], str] = {}
    for word, code in words_for(code_list, CURRENT).items():
        bags.setdefault(_bag(word), code)
    return bags


def _bag(text: str) -> tuple[str, ...]:
    return tuple(
        sorted(word for word in words_in(text) if word not in {"and", "or", "the", "of", "a"})
    )


_LETTERED: Final = re.compile(r"^[a-z]?\d{0,2}[).:]?\s+(?=\w{3})", re.IGNORECASE)


def code_of(text: str, code_list: str) -> str:
    """Return the code that a text means; empty if nobody can tell. The order of words is free."""
    words = words_for(code_list, CURRENT)
    for form in (text, _LETTERED.sub("", text, count=1), text.partition("(")[0]):
        code = words.get(fold_label(form)) or _bags(code_list).get(_bag(form), "")
        if code and _bag(form):
            return code
    return ""
