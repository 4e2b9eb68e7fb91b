"""Counting: what the last line of a report says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from eh_interop.checks.baseline import Known
from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import NO_FIGURE, Disposition, Severity


@dataclass(slots=True)
class Totals:
    """Counts over all records of a run. It grows by counting, never by keeping records."""

    dispositions: Counter[Disposition] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    faults: int = 0
    left_out: int = 0
    without_figure: set[str] = field(default_factory=set)
    not_compared: Counter[str] = field(default_factory=Counter)
    known: int = 0
    expired: tuple[Known, ...] = ()
    stale: tuple[Known, ...] = ()
    has_baseline: bool = False

    def add(self, report: RecordReport, left_out: int = 0) -> None:
        """Count one record, and the findings that were left out of its report on request."""
        self.left_out += left_out
        if not report.across:  # the record has been counted already
            self.dispositions[report.disposition] += 1
        if report.not_compared:
            self.not_compared[report.not_compared] += 1
        self.severities.update(finding.severity for finding in report.findings if not finding.known)
        self.known += sum(finding.known for finding in report.findings)
        self.faults += sum(each.fault for each in report.not_run)
        self.without_figure.update(each.check for each in report.not_run if each.why == NO_FIGURE)

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
            **({"known": self.known} if self.has_baseline else {}),
        }
