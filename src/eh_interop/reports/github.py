"""GitHub workflow commands: each finding stands beside the line it is about.

GitHub shows the first ten of each kind; the log has them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Finding, Origin, Severity
from eh_interop.reports import words
from eh_interop.reports.totals import Totals
from eh_interop.reports.writer import Run

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}
_STANDARD_INPUT: Final = "-"


class GithubReport:
    """Workflow commands for GitHub Actions, and plain lines for its log."""

    def __init__(self, run: Run) -> None:
        """Take the facts about the run, which this format does not print."""
        del run

    def begin(self) -> Iterator[str]:
        """Yield nothing: the first record comes first."""
        yield from ()

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one command for each finding; what to do now comes before them."""
        if words.is_told_at_the_end(report):
            return
        if report.disposition is Disposition.ACT_NOW:
            heading, _, what = words.HEADINGS[report.disposition].partition(": ")
            message = "\n".join((f"{what.capitalize()}.", *report.do_now))
            yield _command("notice", report, heading, message)
        for finding in report.findings:
            command = "notice" if finding.known else _COMMANDS[finding.severity]
            yield _command(command, report, finding.code, _told(report, finding), finding.origin)
        for failed in filter(attrgetter("fault"), report.not_run):
            yield _command("warning", report, failed.check, f"Not checked. {failed.why}")
        for skipped in words.not_run(report):
            yield f"{words.origin(report)}: {skipped}\n"

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield plain lines: what no guidance gives a figure for, and the counts."""
        if words.without_figure(totals):
            yield f"{words.without_figure(totals)}\n"
        for reason in words.not_compared(totals):
            yield f"{reason}\n"
        yield f"{words.counts(totals)}\n"


def _told(report: RecordReport, finding: Finding) -> str:
    label = words.label(report, finding)
    where = f"{label}: " if label else ""
    cites = f" [{', '.join(finding.cites)}]" if finding.cites else ""
    ask = f"\n{finding.ask}" if finding.ask else ""
    across = f"{words.ACROSS}. " if report.across else ""
    return f"{across}{where}{words.told(finding)}{cites}{ask}"


def _command(
    name: str, report: RecordReport, title: str, message: str, origin: Origin | None = None
) -> str:
    properties = {"title": title}
    if report.source not in {"", _STANDARD_INPUT}:
        place = origin or Origin(report.line, 1)
        properties = {
            "file": words.printable(report.source),
            "line": str(place.line),
            "col": str(place.column),
            **properties,
        }
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
