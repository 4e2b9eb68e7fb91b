"""Which dates cannot be in the future, which belong together, and which stand for not known.

``dated.csv`` says of every date in the standard whether it tells what has happened.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.helpers.support import AS_OF

from eh_interop.checks.rules._fields import dates
from eh_interop.checks.rules.dates import (
    date_that_stands_for_not_known,
    ends_before_it_begins,
    happened_in_the_future,
)
from eh_interop.checks.rules.engine import Context
from eh_interop.standard import model

with (Path(__file__).with_name("dated.csv")).open(encoding="utf-8", newline="") as file:
    DATED = {
        (row["class"], row["property"]): row["happened"] == "yes" for row in csv.DictReader(file)
    }
KINDS = {
    name: kind
    for name, kind in vars(model).items()
    if isinstance(kind, type) and issubclass(kind, model.Part) and dates(kind)
}
TOMORROW = AS_OF + timedelta(days=1)
SPANS = {
    ("Action", "startedOn", "completedOn"),
    ("Address", "from", "to"),
    ("EarlyHelpAssessment", "startedOn", "completedOn"),
    ("Education", "from", "to"),
    ("EscalationStage", "openedOn", "closedOn"),
    ("Event", "on", "until"),
    ("FamilyGroupDecision", "offeredOn", "answeredOn"),
    ("Goal", "sustainedFrom", "sustainedTo"),
    ("Involvement", "from", "to"),
    ("LateralCheck", "askedAt", "answeredAt"),
    ("Lead", "from", "to"),
    ("PlanNotification", "openedOn", "closedOn"),
    ("PreviousSupport", "from", "to"),
    ("Relationship", "from", "to"),
    ("StatutoryAssessment", "startedOn", "endedOn"),
    ("StatutoryPlan", "from", "to"),
    ("TeamMember", "joinedOn", "leftOn"),
}


def found(rule, name, **days):
    """Let a rule look at a part in which only some dates stand."""
    kind = KINDS[name]
    held = {each.attribute: days.get(each.name) for each in dates(kind)}
    context = Context(None, AS_OF, {}, {}, {kind: [(SimpleNamespace(**held), "/part")]})
    return [each.at for each in rule.check(None, context)]


def test_the_table_knows_every_date():
    assert set(DATED) == {(name, each.name) for name, kind in KINDS.items() for each in dates(kind)}


@pytest.mark.parametrize(("name", "prop"), DATED)
def test_what_has_happened_is_not_dated_tomorrow(name, prop):
    assert found(happened_in_the_future, name, **{prop: AS_OF}) == []
    late = [f"/part/{prop}"] if DATED[name, prop] else []
    assert found(happened_in_the_future, name, **{prop: TOMORROW}) == late


def test_of_a_moment_the_day_counts():
    def at(day, hour):
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    assert found(happened_in_the_future, "ContactEvent", at=at(AS_OF, 23)) == []
    assert found(happened_in_the_future, "ContactEvent", at=at(TOMORROW, 0)) == ["/part/at"]


def test_pairs_of_dates_are_found():
    pairs = {
        (name, start.name, end.name)
        for name, kind in KINDS.items()
        for start in dates(kind)
        for end in dates(kind)
        if found(ends_before_it_begins, name, **{start.name: TOMORROW, end.name: AS_OF})
    }
    assert pairs == SPANS


@pytest.mark.parametrize(("name", "start", "end"), sorted(SPANS))
def test_a_span_may_end_on_the_day_it_begins(name, start, end):
    assert found(ends_before_it_begins, name, **{start: AS_OF, end: AS_OF}) == []
    assert found(ends_before_it_begins, name, **{end: AS_OF}) == []
    late = found(ends_before_it_begins, name, **{start: TOMORROW, end: AS_OF})
    assert late == [f"/part/{end}"]


@pytest.mark.parametrize(
    ("day", "stands_for_not_known"),
    [
        (date(1899, 12, 30), True),
        (date(1899, 12, 31), True),
        (date(1900, 1, 1), True),
        (date(1900, 1, 2), False),
        (date(1900, 2, 1), False),
        (date(1900, 12, 30), False),
        (date(1901, 1, 1), True),
        (date(1901, 1, 2), False),
        (date(1901, 2, 1), False),
        (date(1902, 1, 1), False),
        (date(2200, 12, 31), False),
        (date(2201, 1, 1), True),
    ],
)
def test_days_that_stand_for_not_known(day, stands_for_not_known):
    places = found(date_that_stands_for_not_known, "Child", dateOfBirth=day)
    assert places == (["/part/dateOfBirth"] if stands_for_not_known else [])
