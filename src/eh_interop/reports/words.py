"""Words that every report for people shares: headings, sections, labels, questions, counts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.shape import UNKNOWN_FIELD
from eh_interop.core.findings import ACROSS as NOT_ACROSS
from eh_interop.core.findings import (
    NO_FIGURE,
    Disposition,
    Finding,
    Layer,
    NotRun,
    Origin,
    Other,
    Severity,
)
from eh_interop.core.pointer import Steps, steps_of
from eh_interop.reports import form_words
from eh_interop.reports.writer import AS_ASKED, Totals, is_plain
from eh_interop.standard.areas import area_names, load_area
from eh_interop.standard.schemas import load_standard

WIDTH: Final = 88
_MOST_NAMED: Final = 8
"""How many checks that were not made are named; more are counted, since nobody reads them."""
_KEPT: Final = 4096
"""How many labels are remembered: many records lack the same things."""

ACROSS: Final = "Across records"
"""What a report is headed that compares a record with others of the same child."""

WHOLE_RECORD: Final = "The record as a whole"
WHOLE_PACK: Final = "The pack"
HEADINGS: Final[Mapping[Disposition, str]] = MappingProxyType(
    {
        Disposition.ACT_NOW: "ACT NOW: a child may be at immediate risk",
        Disposition.ASK_FIRST: "ASK FIRST: nobody has said whether anybody is at immediate risk",
        Disposition.READY: "READY",
        Disposition.READY_WITH_GAPS: "READY WITH GAPS",
        Disposition.UNREADABLE: "COULD NOT BE READ",
    }
)


LEADING: Final = frozenset({Disposition.ACT_NOW, Disposition.ASK_FIRST})
"""What a report says before anything else, in every format."""


def leads(report: RecordReport) -> bool:
    """Return whether something is to be done about a record before it is read any further."""
    return report.disposition in LEADING and not only_says_not_compared(report)


def printable(text: str) -> str:
    r"""Write what cannot be printed as an escape: a line feed becomes ``\n``.

    A file may have any name. It must not start a new line of a report, steer a
    terminal, or break XML. Spaces of every kind stay.
    """
    return "".join(
        letter if is_plain(letter) else letter.encode("unicode_escape").decode() for letter in text
    )


def encodable(text: str) -> str:
    """Write what UTF-8 has no bytes for as an escape, and leave everything else."""
    return text.encode(errors="backslashreplace").decode()


def format_origin(origin: Origin) -> str:
    """Say where in its source something stood: ``sheet Children, row 3, column Date of birth``."""
    return printable(str(origin))


def line_and_column(report: RecordReport, origin: Origin | None) -> tuple[int, int]:
    """Return line and column for formats that need them: of a table the row, and its beginning."""
    if origin is None:
        return report.line, 1
    return origin.line or origin.row or report.line, origin.column or 1


def beyond_line(origin: Origin | None) -> str:
    """Say what is known of an origin beside line, column and path; nothing in a JSON file."""
    return format_origin(replace(origin, line=0, column=0, path="")) if origin else ""


def format_record_source(report: RecordReport) -> str:
    """Name the source of a record, with the line if it does not begin on the first."""
    return format_source(report.source, report.line)


def format_source(source: str, line: int) -> str:
    """Name a source, with the line if it is not the first."""
    name = printable(source)
    return name if line == 1 else f"{name}, line {line}"


def facts(report: RecordReport) -> tuple[str, ...]:
    """Say what a record is: its type, its id and its area. Nothing if it could not be read."""
    if report.record_type is None:
        return ()
    title = load_standard().record_schema(report.record_type)["title"]
    area = report.area_title or area_title(report.area)
    return title, report.record_id or "no record id", area


def area_title(key: str) -> str:
    """Return an area's name for people. An area from a file of the user's own has only its key."""
    return load_area(key).title if key in area_names() else key


def label(report: RecordReport, finding: Finding) -> str:
    """Say in words which part of the record a finding is in, such as ``Child 1, Address 2``."""
    steps = steps_of(finding.place)
    return _label(report.record_type, steps if finding.code == UNKNOWN_FIELD else steps[:-1])


def where(report: RecordReport, finding: Finding) -> str:
    """Say in words what a finding is about, such as ``Child 1, Address 2, Postcode``."""
    return _label(report.record_type, steps_of(finding.place)) or _whole(finding)


def _whole(finding: Finding) -> str:
    return WHOLE_PACK if finding.layer is Layer.PACK else WHOLE_RECORD


@lru_cache(maxsize=_KEPT)
def _label(record_type: str | None, steps: Steps) -> str:
    return "" if record_type is None else load_standard().label(record_type, steps)


def sections(report: RecordReport) -> Iterator[tuple[str, Iterable[Finding]]]:
    """Yield the findings under each heading of the form, in the order of the form."""
    places = _sections(report.record_type)

    def section_of(finding: Finding) -> tuple[int, str]:
        steps = steps_of(finding.place)
        return places.get(str(steps[0]) if steps else "", (-1, _whole(finding)))

    ordered = sorted(report.findings, key=section_of)
    for (_, title), findings in groupby(ordered, key=section_of):
        yield title, findings


@cache
def _sections(record_type: str | None) -> Mapping[str, tuple[int, str]]:
    """Give each property of a record the number and the heading of its section."""
    if record_type is None:
        return {}
    return {
        name: (number, section.title)
        for number, section in enumerate(load_standard().sections(record_type))
        for name in section.holds
    }


def format_message(finding: Finding) -> str:
    """Write the message of a finding, and whether it is known or waived."""
    return " ".join(filter(None, (finding.message, see_also(finding), *annotations_of(finding))))


def disposition_heading(report: RecordReport) -> str:
    """Say what to do with a record, and what it was by itself if other records changed that."""
    heading = HEADINGS[report.disposition]
    if report.instead_of is None:
        return heading
    return f"{heading}, because of the other records (by itself: {HEADINGS[report.instead_of]})"


def act_now(report: RecordReport) -> str:
    """Say that a child may be at immediate risk, and what to do now."""
    return " ".join((f"{HEADINGS[report.disposition].capitalize()}.", *report.do_now))


def see_also(finding: Finding) -> str:
    """Name the other records that a finding rests on; nothing if there are none."""
    if not finding.others:
        return ""
    return f"See also: {'; '.join(map(_other, finding.others))}."


def _other(other: Other) -> str:
    place = format_source(other.source, other.line)
    if place and other.record_id:
        return f"{place} ({other.record_id})"
    return place or other.record_id or "a record without an id"


def annotations_of(finding: Finding) -> Iterator[str]:
    """Yield what is said of a finding beside its message."""
    waiver = finding.waiver
    if waiver and waiver.ended:
        yield f"The waiver of this ended on {day(waiver.until)} and has no effect."
    elif waiver:
        yield f"Waived until {day(waiver.until)} because: {waiver.why}"
    if finding.known:
        yield "Known: it stands in the baseline and is not counted."


def day(on: date) -> str:
    """Write a day for people: ``1 November 2026``."""
    return f"{on.day} {on:%B %Y}"


def asks_heading(report: RecordReport) -> str:
    """Say whom to ask."""
    return "Ask the referrer for" if report.record_type == "marf" else "Ask for"


def asks(report: RecordReport) -> Iterator[str]:
    """Yield each question once, with the number of places that it is about if there are several."""
    questions: dict[str | None, list[Finding]] = {}
    for finding in report.asks:
        questions.setdefault(finding.ask, []).append(finding)
    for question, findings in questions.items():
        places = f" ({len(findings)} places)" if len(findings) > 1 else ""
        yield f"{question}{places}{form_words.remark(report, findings)}"


def what_was_read(report: RecordReport) -> str:
    """Head what was read of a form; empty if the record came from no form."""
    return form_words.heading(report.form) if report.form else ""


def lines_of_form(report: RecordReport) -> Iterator[str]:
    """Yield what was read of a form, the least sure first, and what was not."""
    return (printable(line) for line in form_words.lines(report))


def not_run(report: RecordReport) -> Iterator[str]:
    """Yield each reason why checks were not made or not reported, with the checks.

    What an area's guidance gives no figure or fact for is the same for every record: see
    :func:`without_figure`.
    """
    reasons: dict[tuple[str, str], list[str]] = {}
    for skipped in report.not_run:
        if skipped.why != NO_FIGURE:
            reasons.setdefault((not_run_heading(skipped), skipped.why), []).append(skipped.check)
    for (heading, why), checks in reasons.items():
        many = len(checks) > _MOST_NAMED and why != AS_ASKED
        named = f"{len(checks)} checks (JSON names them)" if many else ", ".join(checks)
        yield f"{heading}: {named}. {why}"


def without_figure(totals: Totals) -> str:
    """Say once for all records which checks need a figure that no guidance gives."""
    if not totals.without_figure:
        return ""
    return f"Not checked: {', '.join(sorted(totals.without_figure))}. {NO_FIGURE}"


def not_compared(totals: Totals) -> Iterator[str]:
    """Yield each reason why records were not compared with others, with their number."""
    for why, count in sorted(totals.not_compared.items()):
        records = f" in {plural(count, 'record')}" if count > 1 else ""
        yield f"Not checked{records}: {NOT_ACROSS}. {why}"


def only_says_not_compared(report: RecordReport) -> bool:
    """Return whether a report only says that the record was not compared: the end counts those."""
    return bool(report.not_compared) and not report.findings and len(report.not_run) == 1


def not_run_heading(skipped: NotRun) -> str:
    """Return a heading for what was not checked, or was left out on request."""
    return "Left out" if skipped.why == AS_ASKED else "Not checked"


def plural(count: int, noun: str) -> str:
    """Write a number of things: ``1 record``, ``2,000 records``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def left_out(totals: Totals) -> str:
    """Say how many findings were left out; nothing if there were none."""
    if not totals.left_out:
        return ""
    were = "was" if totals.left_out == 1 else "were"
    return f"{plural(totals.left_out, 'finding')} {were} left out, as you asked."


def counts(totals: Totals) -> str:
    """Say in one line how many records and findings there were."""
    dispositions = ", ".join(
        f"{totals.dispositions[kind]:,} {HEADINGS[kind].split(':')[0].lower()}"
        for kind in Disposition
        if totals.dispositions[kind]
    )
    severities = ", ".join(
        plural(totals.severities[severity], severity.value)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    records = plural(totals.records, "record")
    line = f"{records}: {dispositions or 'nothing was checked'}. {severities}."
    are = "is" if totals.known == 1 else "are"
    in_baseline = f"{totals.known:,} more {are} known (baseline)." if totals.has_baseline else ""
    return " ".join(filter(None, (line, in_baseline, left_out(totals))))


def wrap(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> str:
    """Break a paragraph into lines for a screen; the last one is not ended."""
    after = first if rest is None else rest
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=after)
