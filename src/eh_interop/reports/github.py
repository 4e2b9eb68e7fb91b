"""GitHub workflow commands: each finding stands beside the line it is about.

GitHub shows the first ten of each kind; the log has them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Finding, Origin, Severity
from eh_interop.reports import words
from eh_interop.reports.writer import Totals, Writer

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_STANDARD_INPUT: Final = "-"


class GithubReport(Writer):
    """Workflow commands for GitHub Actions, and plain lines for its log."""

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one command for each finding; what to do now comes before them."""
        if words.only_says_not_compared(report):
            return
        if words.leads(report):
            heading, _, what = words.HEADINGS[report.disposition].partition(": ")
            message = "\n".join((f"{what.capitalize()}.", *report.do_now))
            yield _command("notice", report, heading, message)
        for finding in report.findings:
            command = "notice" if finding.known else _COMMANDS[finding.severity]
            yield _command(command, report, finding.code, _message(report, finding), finding.origin)
        for failed in filter(attrgetter("fault"), report.not_run):
            yield _command("warning", report, failed.check, f"Not checked. {failed.why}")
        for skipped in words.not_run(report):
            yield f"{words.format_record_source(report)}: {skipped}\n"

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield plain lines: what no guidance gives a figure for, and the counts."""
        if words.without_figure(totals):
            yield f"{words.without_figure(totals)}\n"
        for reason in words.not_compared(totals):
            yield f"{reason}\n"
        yield f"{words.counts(totals)}\n"


def _message(report: RecordReport, finding: Finding) -> str:
    parts = (words.label(report, finding), words.beyond_line(finding.origin))
    where = "".join(f"{part}: " for part in parts if part)
    cites = f" [{', '.join(finding.cites)}]" if finding.cites else ""
    ask = f"\n{finding.ask}" if finding.ask else ""
    across = f"{words.ACROSS}. " if report.across else ""
    return f"{across}{where}{words.format_message(finding)}{cites}{ask}"


def _command(
    name: str, report: RecordReport, title: str, message: str, origin: Origin | None = None
) -> str:
    properties = {"title": title}
    if report.source not in {"", _STANDARD_INPUT}:
        line, column = words.line_and_column(report, origin)
        properties = {
            "file": words.printable(report.source),
            "line": str(line),
            "col": str(column),
            **properties,
        }
    facts = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {facts}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
