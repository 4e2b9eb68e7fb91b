"""A small mapping of every kind, and a function that reads a text or bytes with it."""

import io
from types import SimpleNamespace

import pytest
from tests.helpers.partner_files import read_all

from eh_interop.formats.partners import parse_table, read

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


@pytest.fixture(name="read")
def read_text():
    """Read a text with the small mapping: records, findings of them, and of the file."""

    def run(text, head='dates = "day-first"', tail="", table=None, area=None):
        data = text.encode() if isinstance(text, str) else text
        file = read(io.BytesIO(data), table or small(head, tail), area=area, name="f")
        records, file_findings = read_all(file)
        return SimpleNamespace(
            summary=file.summary,
            all=records,
            records=[record.document for record in records if record.document is not None],
            codes=[finding.code for record in records for finding in record.findings],
            findings=[finding for record in records for finding in record.findings],
            file_codes=[finding.code for finding in file_findings],
            file_findings=file_findings,
        )

    return run


@pytest.fixture
def small_mapping():
    return small
