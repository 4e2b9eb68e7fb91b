"""Text: the report for a person, read from the top.

First what to do with the record, then what to ask for, then every finding by
section of the form, then one line of counts.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from click import style

from eh_interop.areas import load_area
from eh_interop.checking import RecordReport
from eh_interop.findings import Disposition, Finding, Severity
from eh_interop.pointer import Steps, resolve, steps_of
from eh_interop.report.totals import Totals
from eh_interop.report.writer import Run
from eh_interop.standard import load_standard

WIDTH: Final = 88
_HEADINGS: Final = {
    Disposition.ACT_NOW: ("ACT NOW: a child may be at immediate risk", "red"),
    Disposition.READY: ("READY", "green"),
    Disposition.READY_WITH_GAPS: ("READY WITH GAPS", "yellow"),
    Disposition.UNREADABLE: ("COULD NOT BE READ", "magenta"),
}
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_ELSEWHERE: Final = "The record as a whole"
_LONGEST_VALUE: Final = 200


class TextReport:
    """Plain text, wrapped for a screen. Colours show only on a terminal."""

    def __init__(self, run: Run) -> None:
        """Keep the facts about the run."""
        self._run = run

    def begin(self) -> Iterator[str]:
        """Yield nothing: the first record comes first."""
        yield from ()

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one record."""
        heading, colour = _HEADINGS[report.disposition]
        yield f"{_origin(report)}\n  {style(heading, fg=colour, bold=True)}\n"
        yield from _do_now(report)
        yield from _asks(report)
        for section, findings in _by_section(report):
            yield f"\n  {style(section, bold=True)}\n"
            for finding in findings:
                yield from self._finding(report, finding)
        for skipped in report.not_run:
            yield f"\n  Not checked: {skipped.check}. {skipped.why}\n"
        yield "\n"

    def _finding(self, report: RecordReport, finding: Finding) -> Iterator[str]:
        where = (
            f" (line {finding.origin.line}, column {finding.origin.column})"
            if finding.origin
            else ""
        )
        severity = style(f"{finding.severity:<8}", fg=_COLOURS[finding.severity])
        cites = f" [{', '.join(finding.cites)}]" if finding.cites else ""
        yield f"    {severity} {finding.code}{where}\n"
        label = _label(report, finding)
        if label:
            yield _wrapped(label, "      ")
        yield _wrapped(f"{finding.message}{cites}", "      ")
        if self._run.show_values:
            yield from _value(report, finding)

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield one line of counts."""
        dispositions = ", ".join(
            f"{totals.dispositions[each]} {_HEADINGS[each][0].split(':')[0].lower()}"
            for each in Disposition
            if totals.dispositions[each]
        )
        severities = ", ".join(
            _plural(totals.severities[each], each.value)
            for each in Severity
            if each is not Severity.INFO
        )
        records = _plural(totals.records, "record")
        yield f"{records}: {dispositions or 'nothing was checked'}. {severities}.\n"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _origin(report: RecordReport) -> str:
    source = report.source if report.line == 1 else f"{report.source}, line {report.line}"
    if report.record_type is None:
        return source
    title = load_standard().record_schema(report.record_type)["title"]
    facts = [title, report.record_id or "no record id", load_area(report.area).title]
    return "\n".join([source, f"  {' · '.join(facts)}"])


def _do_now(report: RecordReport) -> Iterator[str]:
    for line in report.do_now:
        yield _wrapped(line, "  → ", "    ")


def _asks(report: RecordReport) -> Iterator[str]:
    """Yield each question once, with the places it is about if there are several."""
    questions: dict[str, list[Finding]] = {}
    for finding in report.asks:
        questions.setdefault(finding.ask or "", []).append(finding)
    if questions:
        heading = "Ask the referrer for" if report.record_type == "marf" else "Ask for"
        yield f"\n  {style(heading, bold=True)}\n"
    for number, (question, findings) in enumerate(questions.items(), 1):
        places = f" ({len(findings)} places)" if len(findings) > 1 else ""
        yield _wrapped(f"{question}{places}", f"   {number:>2}. ", "       ")


def _by_section(report: RecordReport) -> Iterator[tuple[str, Iterable[Finding]]]:
    if report.record_type is None:
        sections: dict[str, tuple[int, str]] = {}
    else:
        sections = {
            name: (number, section.title)
            for number, section in enumerate(load_standard().sections(report.record_type))
            for name in section.holds
        }

    def section_of(finding: Finding) -> tuple[int, str]:
        steps = steps_of(finding.place)
        return sections.get(str(steps[0]) if steps else "", (-1, _ELSEWHERE))

    ordered = sorted(report.findings, key=section_of)
    for (_, title), findings in groupby(ordered, key=section_of):
        yield title, findings


def _label(report: RecordReport, finding: Finding) -> str:
    """Say in words which part of the record a finding is in, such as ``Child 1, Address 2``."""
    if report.record_type is None:
        return ""
    return load_standard().label(report.record_type, steps_of(finding.place)[:-1])


def _value(report: RecordReport, finding: Finding) -> Iterator[str]:
    """Yield what stands at the place, for the person who asked to see it."""
    try:
        value = _resolved(report, steps_of(finding.place))
    except LookupError:
        return
    yield _wrapped(f"value: {value!r:.{_LONGEST_VALUE}}", "      ")


def _resolved(report: RecordReport, steps: Steps) -> Any:
    value = resolve(report.document, steps)
    return "(several fields)" if isinstance(value, dict | list) else value


def _wrapped(text: str, first: str, rest: str | None = None) -> str:
    return (
        textwrap.fill(
            text, WIDTH, initial_indent=first, subsequent_indent=first if rest is None else rest
        )
        + "\n"
    )
