"""JUnit XML, which every CI system can show: a suite for each record, a case for each finding.

An error is a failure. A warning, a note or a known finding passes, and says so in the case's own
output: a CI system would show it as "not run" if it were skipped. What was
really not run is skipped. Nothing in a record about immediate risk fails. The
root carries no counts, because they are known only at the end; each suite has
its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import PurePath
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Finding, NotRun, Severity
from eh_interop.core.pages import parts
from eh_interop.reports import words
from eh_interop.reports.writer import Totals, Writer

_TEMPLATE: Final = "reports/junit.jinja"
_FAILURE: Final = "failure"
_ERROR: Final = "error"
_SKIPPED: Final = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One test case. It passes if it has no ``outcome``; ``text``, as XML has it, is its output."""

    name: str
    text: str = ""
    outcome: str = ""
    kind: str = ""
    message: str = ""


class JunitReport(Writer):
    """JUnit XML, as Jenkins, GitLab and Azure read it."""

    def begin(self) -> Iterator[str]:
        """Yield the XML declaration and open the root."""
        name = f"{self._run.tool}, standard {self._run.standard}"
        yield str(parts(_TEMPLATE).begin(name, words.printable))

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one suite."""
        cases = list(_cases(report))
        outcomes = Counter(case.outcome for case in cases)
        name = words.format_record_source(report) or "record"
        name = f"{words.ACROSS}: {name}" if report.across else name
        facts = {
            "disposition": report.disposition,
            "recordType": report.record_type,
            "recordId": report.record_id,
            "area": report.area,
            "asOf": self._run.as_of.isoformat(),
        }
        suite = parts(_TEMPLATE).suite
        yield str(suite(name, _group(report), cases, outcomes, facts, words.printable))

    def end(self, totals: Totals) -> Iterator[str]:
        """Close the root."""
        del totals
        yield "</testsuites>\n"


def _group(report: RecordReport) -> str:
    """Name the group of a record's cases: its file without the ending, which has a dot."""
    path = PurePath(report.source or "record")
    name = words.printable(str(path.parent / path.stem))
    return name if report.line == 1 else f"{name}:{report.line}"


def _cases(report: RecordReport) -> Iterator[_Case]:
    heading = words.HEADINGS[report.disposition].lower()
    if report.disposition is Disposition.READY and not report.not_compared:
        yield _Case(name=heading)
    if words.leads(report):
        yield _Case(name=heading, text=_escaped(report.do_now))
    for finding in report.findings:
        yield _Case(
            name=" ".join(filter(None, (finding.code, finding.name, finding.place))),
            text=_escaped(_details(report, finding)),
            outcome=_outcome(report, finding),
            kind=finding.code,
            message=finding.message,
        )
    for skipped in report.not_run:
        yield _Case(
            name=f"{skipped.check} {words.not_run_heading(skipped).lower()}",
            outcome=_not_run(report, skipped),
            kind="fault" if skipped.fault else "not-run",
            message=skipped.why,
        )


def _escaped(lines: Iterable[str]) -> str:
    return escape("\n".join(lines), quote=False)


def _outcome(report: RecordReport, finding: Finding) -> str:
    if finding.known or finding.severity is not Severity.ERROR:
        return ""
    return _ERROR if report.disposition is Disposition.UNREADABLE else _FAILURE


def _not_run(report: RecordReport, skipped: NotRun) -> str:
    fails = skipped.fault and report.disposition is not Disposition.ACT_NOW
    return _ERROR if fails else _SKIPPED


def _details(report: RecordReport, finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}: {words.format_message(finding)}"
    yield f"Where: {words.where(report, finding)}"
    if finding.origin:
        text = words.format_origin(finding.origin)
        yield f"L{text[1:]}" if text.startswith("line ") else f"Found at: {text}"
    if finding.cites:
        yield f"Guidance: {', '.join(finding.cites)}"
    if finding.ask:
        yield f"Ask: {finding.ask}"
