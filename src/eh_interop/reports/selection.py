"""Leaving findings out of a report on request. What is left out is counted and named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, NotRun

AS_ASKED: Final = "The record has such findings, and you asked to leave them out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which findings to report.

    Attributes:
        only: the codes to report; empty for all of them.
        ignored: the codes to leave out.
    """

    only: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()

    def takes(self, code: str) -> bool:
        """Tell whether findings with this code are reported."""
        return code not in self.ignored and (not self.only or code in self.only)


def select(report: RecordReport, selection: Selection) -> tuple[RecordReport, int]:
    """Leave out the findings that were not asked for.

    The disposition stays: leaving findings out never makes a record ready. A
    record that could not be read keeps its findings, which say why.

    Returns:
        The report, which lists each code that was left out under ``not_run``,
        and how many findings were left out.
    """
    if report.disposition is Disposition.UNREADABLE:
        return report, 0
    kept = tuple(finding for finding in report.findings if selection.takes(finding.code))
    absent = {finding.code for finding in report.findings if not selection.takes(finding.code)}
    if not absent:
        return report, 0
    named = (NotRun(code, AS_ASKED) for code in absent)
    not_run = tuple(sorted((*report.not_run, *named)))
    return replace(report, findings=kept, not_run=not_run), len(report.findings) - len(kept)
