"""Months, ages and rolling windows at their edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.helpers.rule_bases import demanding_area, trips
from tests.helpers.support import example

from eh_interop.checks.rules._help import age_on, months_after
from eh_interop.checks.rules.indicators import most_in_a_window


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-11-15", 2, "2027-01-15"),
        ("2026-06-30", 6, "2026-12-30"),
        ("2026-06-30", 0, "2026-06-30"),
        ("2027-02-28", 12, "2028-02-28"),
        ("2028-02-29", 1, "2028-03-29"),
        ("2027-12-31", 2, "2028-02-29"),
    ],
)
def test_months_after(day, months, expected):
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
        ("2008-02-29", "2009-02-28", 0),
        ("2008-02-29", "2008-02-29", 0),
        ("2007-02-28", "2028-02-28", 21),
        ("2007-03-01", "2028-02-29", 20),
        ("2008-10-20", "2026-10-19", 17),
        ("2008-10-20", "2026-10-20", 18),
    ],
)
def test_age(born, day, age):
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


def days(*numbers):
    return [date(2026, 1, 1) + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("found", "most"),
    [
        ([], 0),
        (days(0), 1),
        (days(0, 89), 2),
        (days(0, 90), 1),
        (days(0, 40, 89), 3),
        (days(0, 40, 90), 2),
        (days(90, 0, 40, 95), 3),
        (days(0, 0, 0), 3),
        (days(0, 90, 180, 200, 210), 3),
    ],
)
def test_most_in_a_window_of_90_days(found, most):
    assert most_in_a_window(found, 90) == most


def stepped_down(start, following, **more):
    document = example("minimal/plan") | {
        "origin": "step-down-child-in-need",
        "status": "paused",
        "startedOn": start,
        "nextReviewOn": following,
        "leads": [{"practitioner": "w1", "from": start}],
    }
    return {key: value for key, value in (document | more).items() if key != "reviews"}


def test_six_weeks_hold_on_the_last_day():
    assert "REV-101" not in trips(stepped_down("2026-09-30", "2026-11-11"))
    assert "REV-101" in trips(stepped_down("2026-09-30", "2026-11-12"))


def test_six_weeks_are_the_area_s_figure():
    longer = demanding_area(**{"cin-step-down-review-days": 43})
    assert "REV-101" not in trips(stepped_down("2026-09-30", "2026-11-12"), longer)


def test_six_months_replace_six_weeks_for_disabled_children():
    document = stepped_down("2026-08-31", "2027-02-28", reviewBasis="disabled-child-services")
    assert not {"REV-101", "REV-103"} & trips(document)
    document["nextReviewOn"] = "2027-03-01"
    assert "REV-103" in trips(document)


def test_ordinary_plan_has_no_interval():
    document = stepped_down("2026-06-01", "2027-12-31", origin="new")
    assert not {"REV-101", "REV-102", "REV-103"} & trips(document)


@pytest.mark.parametrize(
    ("days_of_events", "expected"),
    [
        (["2026-06-01"], {"LEV-101"}),
        (["2026-06-01", "2026-07-01", "2026-08-29"], {"LEV-102"}),
        (["2026-06-01", "2026-07-01", "2026-08-30"], {"LEV-101"}),
    ],
)
def test_missing_episodes_in_any_90_days(days_of_events, expected):
    document = example("minimal/early-help-assessment")
    document["events"] = [
        {"id": f"e{number}", "type": "missing-from-home", "people": ["c1"], "on": day}
        for number, day in enumerate(days_of_events)
    ]
    assert {"LEV-101", "LEV-102"} & trips(document) == expected


def test_missing_episodes_of_two_children_are_counted_apart():
    document = example("gloucestershire/marf")
    document["levels"] = []
    document["events"] = [
        {"id": f"e{number}", "type": "missing-from-home", "people": [child], "on": "2026-09-01"}
        for number, child in enumerate(["c1", "c2", "c1"])
    ]
    assert "LEV-102" not in trips(document)


def test_indicator_that_was_considered_is_not_asked_about():
    document = example("minimal/early-help-assessment")
    document["levels"][0]["indicators"] = ["STF-4-GBS-04"]
    document["events"] = [
        {"id": f"e{n}", "type": "missing-from-home", "people": ["c1"], "on": f"2026-06-0{n}"}
        for n in (1, 2, 3)
    ]
    assert not {"LEV-101", "LEV-102"} & trips(document)
