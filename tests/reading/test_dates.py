"""Dates as people write them, with the day before the month."""

from datetime import date, datetime

import pytest

from eh_interop.reading.dates import read_day_first


@pytest.mark.parametrize(
    "value",
    [
        "03/04/2015",
        "3/4/2015",
        "2015-04-03",
        "2015-04-03T00:00:00",
        "03/04/2015 00:00",
        "03-Apr-2015",
        "3 April 2015",
        "3rd April 2015",
        "Friday 3 April 2015",
        date(2015, 4, 3),
        datetime(2015, 4, 3, 10, 0),  # noqa: DTZ001 (as spreadsheets give them)
    ],
)
def test_days_are_read_with_the_day_first(value):
    assert read_day_first(value) == date(2015, 4, 3)


@pytest.mark.parametrize(
    "value", ["13/13/2015", "03/04/15", "soon", "", "99", "31/02/2015", "12345", "42097", "42097.5"]
)
def test_other_texts_are_not_days(value):
    assert read_day_first(value) is None
