"""What a check says about one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.findings import ACROSS, Disposition, Finding, NotRun, Severity
from eh_interop.reading import Fault
from eh_interop.reading.source_record import FormReading


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReport:
    """What a check says about one record.

    Attributes:
        source: the file it came from (``-`` for standard input; empty if it was given in Python).
        line: the line of the source where the record begins.
        record_type: such as ``marf``; None if that could not be read.
        record_id: the record's own id; None if it has none in the right form.
        area: the area whose guidance was used.
        disposition: what to do with the record. Never accepted or rejected.
        instead_of: what the record's own report says to do, where the other records of a call
            show that something else is to be done; None everywhere else.
        do_now: what to do at once, if somebody may be at immediate risk.
        findings: sorted by place, then code.
        not_run: checks that were not made, and why.
        area_title: the area's name for people; empty if it is not known.
        across: whether it says only what the other records of a call show: the rules across
            records, or why the record was not compared. The record has a report of its own as well.
        sector: of a referral, the sector of the agency that makes it; None if it is not known.
        summary: what is kept of the record to compare it with others; None if nobody asked.
        form: what was read of a form, and what was not; None if the record came from no form.
        document: the record itself, for callers who show values on request. Never printed.
    """

    source: str
    line: int
    record_type: str | None
    record_id: str | None
    area: str
    disposition: Disposition
    do_now: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    area_title: str = ""
    across: bool = False
    instead_of: Disposition | None = None
    sector: str | None = None
    summary: bytes | None = field(default=None, repr=False, compare=False)
    form: FormReading | None = field(default=None, compare=False)
    document: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)

    @property
    def not_compared(self) -> str:
        """Why the record was not compared with others; empty if that is not what this says."""
        return next((check.why for check in self.not_run if check.check == ACROSS), "")

    @property
    def has_fault(self) -> bool:
        """Whether our own code failed with it."""
        failed = any(check.fault for check in self.not_run)
        return failed or any(finding.code == Fault.OURS.code for finding in self.findings)

    @property
    def asks(self) -> tuple[Finding, ...]:
        """The findings with a question to send back, the most serious first.

        What is only worth knowing does not have to be chased.
        """
        open_ = (
            finding
            for finding in self.findings
            if finding.ask and finding.severity is not Severity.INFO
        )
        return tuple(sorted(open_, key=lambda finding: finding.severity.rank))
