"""Indicators: prompts from a threshold document.

They never decide, so no rule here is more than worth knowing.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import orjson

from eh_interop.checks.rules._help import LEVEL_4, age_on, current_levels, levels, record_day
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Need, Record
from eh_interop.standard.schemas import load_standard

_ORDER: Final = "education-supervision-order"


def _gone(number: int, on: str) -> dict[str, Any]:
    return {"id": f"e{number}", "type": "missing-from-home", "people": ["c1"], "on": on}


def _court(number: int, kind: str) -> dict[str, Any]:
    return {"id": f"e{number}", "type": kind, "people": ["c1"], "on": f"2026-0{number}-01"}


def _days(part: Record, kind: str) -> dict[str, list[date]]:
    """Return the days of events of a kind, for each child."""
    days: dict[str, list[date]] = defaultdict(list)
    children = {child.id for child in part.children}
    for event in getattr(part, "events", ()):
        if event.type == kind and event.on:
            for child in children.intersection(event.people):
                days[child].append(event.on)
    return days


def _considered(part: Record) -> set[str]:
    """Return the indicators that somebody has thought about."""
    needs = getattr(part, "needs", ())
    return {code for entry in (*levels(part), *needs) for code in entry.indicators}


@rule("LEV-101", Severity.INFO, cites=("S-035",))
@on(needs=("missing-episodes-window-days", "missing-episodes-level-4"))
@asks("Has going missing been thought about in the level of need?")
@passes(events=None)
@fails(events=[_gone(1, "2026-06-01"), _gone(2, "2026-08-30")])
def missing_episodes_to_think_about(part: Record, context: Context) -> Problems:
    """A child went missing once or twice within 90 days, and no indicator says so.

    It is a sign that the threshold document names. It prompts and does not
    decide. Episodes count within any run of so many days.
    """
    window, many = _figures(context)
    for days in _days(part, "missing-from-home").values():
        if most_in_a_window(days, window) < many and _considered(part).isdisjoint(
            codes_with("episodes_max")
        ):
            yield Problem("/events", "A child went missing. There is an indicator for it.")
            return


@rule("LEV-102", Severity.INFO, cites=("S-036",))
@on(
    example="minimal/early-help-assessment",
    needs=("missing-episodes-window-days", "missing-episodes-level-4"),
)
@asks("Has going missing so often been thought about in the level of need?")
@passes(
    levels=[{"id": "l1", "level": 4, "decidedOn": "2026-05-22"}],
    events=[_gone(1, "2026-06-01"), _gone(2, "2026-07-01"), _gone(3, "2026-08-29")],
)
@fails(events=[_gone(1, "2026-06-01"), _gone(2, "2026-07-01"), _gone(3, "2026-08-29")])
def often_missing_to_think_about(part: Record, context: Context) -> Problems:
    """A child went missing three times or more within 90 days, and no indicator says so.

    It is a sign of level 4 in the threshold document. It prompts and does not
    decide: the reason for the level says what was weighed.
    """
    window, many = _figures(context)
    for days in _days(part, "missing-from-home").values():
        if (
            most_in_a_window(days, window) >= many
            and LEVEL_4 not in current_levels(part)
            and _considered(part).isdisjoint(codes_with("episodes_min"))
        ):
            message = "A child went missing often. There is an indicator for it."
            yield Problem("/events", message)
            return


def _figures(context: Context) -> tuple[int, int]:
    settings = context.settings
    return settings["missing-episodes-window-days"], settings["missing-episodes-level-4"]


@rule("LEV-103", Severity.INFO, cites=("S-037",))
@asks("Has missing school been thought about in the level of need?")
@passes(events=[_court(1, _ORDER)])
@fails(events=[_court(1, _ORDER), *(_court(n, "prosecution-education") for n in (2, 3, 4))])
def prosecutions_to_think_about(part: Record, _: Context) -> Problems:
    """There was an education supervision order and three prosecutions, and no indicator says so.

    Together with a refusal of help it is a sign that the threshold document
    names. It prompts and does not decide.
    """
    orders = _days(part, _ORDER)
    for child, days in _days(part, "prosecution-education").items():
        for code in codes_with("prosecutions_min"):
            enough = len(days) >= params()[code]["prosecutions_min"]
            if enough and child in orders and code not in _considered(part):
                yield Problem("/events", "There is an indicator for prosecutions over attendance.")
                return


@rule("LEV-104", Severity.INFO, cites=("S-038",))
@asks("Does this indicator fit the child's age?")
@passes(indicators=["STF-3-EDU-03"])
@fails(indicators=["STF-2-EDU-08"])
def indicator_for_another_age(part: Need, context: Context) -> Problems:
    """An indicator that is about another age was chosen for a child's need.

    Some signs carry an age, such as not being in education under 16. Another
    sign may fit better.
    """
    day = record_day(context)
    ages = [
        age_on(child.date_of_birth, day)
        for child in context.record.children
        if child.date_of_birth and child.id in part.people
    ]
    for number, code in enumerate(part.indicators if ages else ()):
        figures = params().get(code, {})
        under, over = figures.get("age_under"), figures.get("age_over")
        if (under and min(ages) >= under) or (over and max(ages) < over):
            yield Problem(
                f"/indicators/{number}", "The indicator is about another age than the child has."
            )


@rule("LEV-105", Severity.INFO, cites=("S-039",))
@asks("Does a parent protect the child and accept help?")
@passes(indicators=["STF-3-BCP-08"], protectiveParent="yes")
@fails(indicators=["STF-3-BCP-08"], protectiveParent="no")
def indicator_turns_on_protective_parent(part: Need, _: Context) -> Problems:
    """An indicator turns on whether a parent protects the child, and the need says otherwise.

    For some harms the same sign stands at two levels. Which one fits turns on
    whether a parent protects the child and accepts help.
    """
    for number, code in enumerate(part.indicators):
        protects = params().get(code, {}).get("protective_parent")
        if protects is not None and part.protective_parent != ("yes" if protects else "no"):
            message = (
                "The indicator turns on whether a parent protects the child, and the need says "
                "otherwise."
            )
            yield Problem(f"/indicators/{number}", message)


@cache
def params() -> Mapping[str, Mapping[str, Any]]:
    """Return the figures of every indicator that has some, by its code."""
    path = load_standard().root / "codelists" / "indicator.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row["params"] for row in csv.DictReader(file)}
    return MappingProxyType({code: orjson.loads(text) for code, text in rows.items() if text})


@cache
def codes_with(name: str) -> tuple[str, ...]:
    """Return the codes of the indicators that carry a figure of this name."""
    return tuple(code for code, figures in params().items() if name in figures)


def most_in_a_window(days: list[date], window: int) -> int:
    """Return the largest number of days that fall into any run of ``window`` days.

    A window of 90 days holds its first day and the 89 that follow.
    """
    ordered, most, first = sorted(days), 0, 0
    for last, day in enumerate(ordered):
        while day - ordered[first] >= timedelta(days=window):
            first += 1
        most = max(most, last - first + 1)
    return most
