"""A moment falls on the day that it is in the United Kingdom."""

from datetime import date, datetime

import pytest

from eh_interop.core.uk_time import uk_day, uk_day_of


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-10-19T23:30:00Z", "2026-10-20"),  # half past midnight in summer
        ("2026-10-19T22:59:59Z", "2026-10-19"),
        ("2026-11-19T23:30:00Z", "2026-11-19"),  # winter
        ("2026-10-25T00:30:00+01:00", "2026-10-25"),
        ("2026-10-20T00:30:00+01:00", "2026-10-20"),
        ("2026-10-20T06:00:00+09:00", "2026-10-19"),  # written by a system in Japan
        ("0001-01-01T00:00:00+01:00", "0001-01-01"),
        ("9999-12-31T23:59:59-05:00", "9999-12-31"),
    ],
)
def test_the_day_of_a_moment(moment, day):
    assert uk_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)
    assert uk_day_of(moment) == day


def test_a_moment_without_a_zone_is_meant_as_it_is_written():
    assert uk_day(datetime(2026, 10, 19, 23, 30)) == date(2026, 10, 19)  # noqa: DTZ001 (on purpose)


def test_a_date_is_its_own_day_and_other_text_is_cut():
    assert uk_day_of("2026-10-19") == "2026-10-19"
    assert uk_day_of("2026-10-19 or so") == "2026-10-19"
