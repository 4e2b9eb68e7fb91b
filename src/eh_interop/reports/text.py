"""Text: the report for a person, read from the top.

First what to do with the record, then what to ask for, then every finding by
section of the form, then one line of counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from click import style

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Finding, Severity
from eh_interop.core.pointer import Steps, resolve, steps_of
from eh_interop.reports import words
from eh_interop.reports.writer import Run, Totals, Writer

_DISPOSITION_COLOURS: Final = {
    Disposition.ACT_NOW: "red",
    Disposition.ASK_FIRST: "red",
    Disposition.READY: "green",
    Disposition.READY_WITH_GAPS: "yellow",
    Disposition.UNREADABLE: "magenta",
}
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_LONGEST_VALUE: Final = 200


class TextReport(Writer):
    """Plain text, wrapped for a screen. Colours show only on a terminal."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._across = False

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one record."""
        if words.only_says_not_compared(report) or (
            self._run.quiet and _has_nothing_to_say(report)
        ):
            return
        if report.across and not self._across:
            self._across = True
            yield f"{style(words.ACROSS, bold=True)}\n\n"
        yield f"{_origin(report)}\n"
        if not report.across or report.instead_of:  # otherwise it has been said already
            heading = words.disposition_heading(report)
            colour = _DISPOSITION_COLOURS[report.disposition]
            yield f"  {style(heading, fg=colour, bold=True)}\n"
        yield from _do_now(report)
        yield from _asks(report)
        yield from _form(report)
        for section, findings in words.sections(report):
            yield f"\n  {style(section, bold=True)}\n"
            for finding in findings:
                yield from self._finding(report, finding)
        for skipped in words.not_run(report):
            yield f"\n{words.wrap(skipped, '  ')}\n"
        yield "\n"

    def _finding(self, report: RecordReport, finding: Finding) -> Iterator[str]:
        origin = words.format_origin(finding.origin) if finding.origin else ""
        where = f" ({origin})" if origin else ""
        severity = style(f"{finding.severity:<8}", fg=_COLOURS[finding.severity])
        cites = f" [{', '.join(finding.cites)}]" if finding.cites else ""
        yield f"    {severity} {finding.code}{where}\n"
        label = words.label(report, finding)
        if label:
            yield words.wrap(label, "      ") + "\n"
        yield words.wrap(f"{finding.message}{cites}", "      ") + "\n"
        for note in filter(None, (words.see_also(finding), *words.annotations_of(finding))):
            yield words.wrap(note, "      ") + "\n"
        if self._run.show_values:
            yield from _value(report, finding)

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield what no guidance gives a figure for, and one line of counts."""
        if words.without_figure(totals) and not self._run.quiet:
            yield f"{words.wrap(words.without_figure(totals))}\n\n"
        for reason in words.not_compared(totals):
            yield f"{words.wrap(reason)}\n\n"
        yield f"{words.counts(totals)}\n"


def _has_nothing_to_say(report: RecordReport) -> bool:
    """Return whether a record is ready. One on which our own check failed still has to be seen."""
    return report.disposition is Disposition.READY and not any(
        skipped.fault for skipped in report.not_run
    )


def _origin(report: RecordReport) -> str:
    source, facts = words.format_record_source(report), words.facts(report)
    return f"{source}\n  {' · '.join(facts)}" if facts else source


def _do_now(report: RecordReport) -> Iterator[str]:
    for line in report.do_now:
        yield words.wrap(line, "  → ", "    ") + "\n"


def _asks(report: RecordReport) -> Iterator[str]:
    for number, question in enumerate(words.asks(report), 1):
        if number == 1:
            yield f"\n  {style(words.asks_heading(report), bold=True)}\n"
        yield words.wrap(question, f"   {number:>2}. ", "       ") + "\n"


def _form(report: RecordReport) -> Iterator[str]:
    """Yield what was read of a form, and what was not."""
    if report.form is not None and report.record_type is not None:
        yield f"\n  {style(words.what_was_read(report), bold=True)}\n"
        for line in words.lines_of_form(report):
            yield words.wrap(line, "    - ", "      ") + "\n"


def _value(report: RecordReport, finding: Finding) -> Iterator[str]:
    """Yield what stands at the place, for the person who asked to see it."""
    try:
        value = _resolved(report, steps_of(finding.place))
    except LookupError:
        return
    yield words.wrap(f"value: {value!r:.{_LONGEST_VALUE}}", "      ") + "\n"


def _resolved(report: RecordReport, steps: Steps) -> Any:
    value = resolve(report.document, steps)
    return "(several fields)" if isinstance(value, dict | list) else value
