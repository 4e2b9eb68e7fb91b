"""A small mapping of every kind, and a function that reads a text or bytes with it."""

import io
from types import SimpleNamespace

import pytest

from eh_interop.formats.partners import parse_table, read_partner

SMALL = """
mapping = "small"
title = "For tests"
record = "marf"
format = "csv"
{head}
[slice.concerns.main]

[[part]]
each = "/children"

[[part.field]]
ours = "/name/family"
theirs = "Child {{n}} Surname"
also = ["Surname"]

[[part.field]]
ours = "/dateOfBirth"
theirs = "Child {{n}} DOB"
also = ["DOB"]

[[part.field]]
ours = "/sex"
theirs = "Sex"

[[part.field]]
ours = "/youngCarer"
theirs = "Young carer"

[[part.field]]
ours = "/identifiers[nhs-number]/value"
theirs = "NHS number"

[[part.field]]
ours = "/contacts[phone]/value"
theirs = "Phone"

[[part.field]]
ours = "/education[current]/attendancePercent"
theirs = "Attendance"
via = "percent"

[slice.education.current]

[[field]]
ours = "/immediateRisk"
theirs = "Immediate risk"

[[field]]
ours = "/referredOn"
theirs = "Referred"

[[field]]
ours = "/concerns[main]/description"
theirs = "Concern"
{tail}
"""


def small(head="", tail=""):
    return parse_table(SMALL.format(head=head, tail=tail), "small.toml")


@pytest.fixture
def read():
    """Read a text with the small mapping: records, findings of them, and of the file."""

    def run(text, head='dates = "day-first"', tail="", table=None, area=None):
        data = text.encode() if isinstance(text, str) else text
        reading = read_partner(io.BytesIO(data), table or small(head, tail), area=area, name="f")
        found = list(reading)
        return SimpleNamespace(
            reading=reading,
            all=found,
            records=[each.record for each in found if each.record is not None],
            codes=[finding.finding.code for record in found for finding in record.findings],
            findings=[finding for record in found for finding in record.findings],
            file_codes=[finding.finding.code for finding in reading.findings],
        )

    return run


@pytest.fixture
def small_mapping():
    return small
