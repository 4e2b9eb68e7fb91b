"""Whom to ring now: what an area knows of its front door, by the day and the time.

Only what an area's guidance states is told: where it gives no hours or no number, nothing is made
up, and what everybody does at once (``do-now``) stands as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from eh_interop.standard.areas import Area
from eh_interop.standard.code_lists import titles

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def whom_to_ring(area: Area, day: date, at: time | None = None) -> tuple[str, ...]:
    """Say whom to ring, if the area states enough to know.

    Args:
        area: whose front door it is.
        day: the day.
        at: the time of day in the United Kingdom, if it is known.
    """
    door: Mapping[str, Any] = area.facts.get("front-door", {})
    name = _DAYS[day.weekday()]
    hours: Mapping[str, Any] = door.get("hours", {}).get(name, {})
    if not door:
        return ()
    title, other = _with_number(door["title"], door.get("telephone")), _out_of_hours(door)
    opens, closes = hours.get("from"), hours.get("to")
    if hours.get("open") is False:
        sentence = f"{door['title']} is closed on {name.capitalize()}s. Ring {other} now."
    elif at is not None and opens and closes:
        is_open = time.fromisoformat(opens) <= at < time.fromisoformat(closes)
        sentence = (
            f"Ring {title} now. It is open until {closes}, but not on bank holidays."
            if is_open
            else f"{door['title']} is closed at this time. Ring {other} now."
        )
    elif door.get("telephone"):
        span = f" from {opens} to {closes}" if opens and closes else ""
        sentence = f"Ring {title}{span}, and at other times {other}."
    else:
        return ()
    return (sentence + _checked(door),)


def _with_number(title: str, number: str | None) -> str:
    return f"{title} on {number}" if number else title


def _out_of_hours(door: Mapping[str, Any]) -> str:
    code = door.get("out-of-hours", "")
    title = titles("emergency-service").get(code, "the emergency duty team")
    known = f"the {title[0].lower()}{title[1:]}" if code else title
    return _with_number(known, door.get("out-of-hours-telephone"))


def _checked(door: Mapping[str, Any]) -> str:
    if "checked-on" not in door:
        return ""
    day = date.fromisoformat(str(door["checked-on"]))
    return f" (Checked on {day.day} {day:%B %Y}.)"
