"""Small records for the tests of returns, and the returns made from them."""

from __future__ import annotations

import copy
import csv
from datetime import date

from tests.helpers.support import EXAMPLES, example

from eh_interop.formats.returns import ReturnOptions, write_return

AS_OF = date(2026, 11, 1)
RETURNS = EXAMPLES / "returns"
"""The expected returns of the example records."""


def family():
    """All records of the two areas whose examples tell stories."""
    for area in ("gloucestershire", "staffordshire"):
        for path in sorted((EXAMPLES / area).glob("*.json")):
            yield example(f"{area}/{path.stem}")


def minimal(record_type, *, child=None, **changed):
    """A minimal record with other values; None takes one away."""
    record = copy.deepcopy(example(f"minimal/{record_type}"))
    for holder, values in ((record, changed), (record["children"][0], child or {})):
        for name, value in values.items():
            holder.pop(name, None)
            if value is not None:
                holder[name] = value
    return record


def council_number(value):
    return [{"type": "la-child-id", "value": value}]


def written(name, records, folder, *, as_of=AS_OF, **options):
    return write_return(name, records, folder, as_of, ReturnOptions(**options))


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(written_findings):
    """The codes of what was found while a return was written."""
    return {written.finding.code for written in written_findings}


def reported(written_findings, code):
    """The heading and the place of each finding of a code."""
    findings = [written.finding for written in written_findings]
    return [(finding.origin.heading, finding.place) for finding in findings if finding.code == code]
