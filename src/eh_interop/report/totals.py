"""Counting: what the last line of a report says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from eh_interop.checking import RecordReport
from eh_interop.findings import Disposition, Severity


@dataclass(slots=True)
class Totals:
    """Counts over all records of a run. It grows by counting, never by keeping records."""

    dispositions: Counter[Disposition] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    faults: int = 0
    left_out: int = 0

    def add(self, report: RecordReport, left_out: int = 0) -> None:
        """Count one record, and the findings that were left out of its report on request."""
        self.left_out += left_out
        if not report.across:  # the record has been counted already
            self.dispositions[report.disposition] += 1
        self.severities.update(finding.severity for finding in report.findings)
        self.faults += sum(each.fault for each in report.not_run)

    @property
    def records(self) -> int:
        """How many records were looked at."""
        return self.dispositions.total()

    def as_json(self) -> dict[str, int]:
        """Return every count under its own name, zeros included."""
        return {
            "records": self.records,
            **{each.value: self.dispositions[each] for each in Disposition},
            **{each.value: self.severities[each] for each in Severity},
            "faults": self.faults,
        }
