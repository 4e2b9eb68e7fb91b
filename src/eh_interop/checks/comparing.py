"""Checking across records: what the records of one call show together.

While records stream through, only a small summary of each is kept, packed into
bytes. At the end the summaries of each child are brought together, a child at a
time, and each record that something is said of gets one further report.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, time
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from eh_interop.checks.across.identity import is_known
from eh_interop.checks.across.summarise import Trace, summarise
from eh_interop.checks.across.summary import Summary, SummaryStore, packed
from eh_interop.checks.comparison import MOST_OF_A_CHILD, Comparison, RelatedFinding
from eh_interop.checks.fingerprints import with_fingerprints
from eh_interop.checks.layers import locate_findings
from eh_interop.checks.record import (
    by_place,
    disposition_of,
    never_blocking,
    waived,
    what_to_do_now,
)
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import safe_id
from eh_interop.core.fence import fenced
from eh_interop.core.findings import ACROSS, Disposition, Finding, Layer, NotRun, Other, Severity
from eh_interop.reading import SourceRecord, read_path
from eh_interop.standard.areas import Area, load_area

KEY_BYTES: Final = 32
"""Length of the key that makes the hashes of one call."""
LIMIT: Final = 50_000
"""How many records are compared if nobody asks for more: some 20 MB."""
MOST_OTHERS: Final = 10
"""How many other records a finding names."""
UNSOUND: Final = (
    "The shape of the record is not sound, so it was not compared with the other records."
)
NOBODY: Final = (
    "Nothing in the record tells which child it is about, so it was compared only with records "
    "that name it or that it names."
)
CROWD: Final = (
    f"More than {MOST_OF_A_CHILD} records seem to be about the child, so they were not compared: "
    "a number may stand for a missing one."
)
_DISPOSITIONS: Final = tuple(Disposition)
_BY_NAME: Final = "The records were matched by name and date of birth only."


def too_many(limit: int) -> str:
    """Say why nothing was compared."""
    return (
        f"There are more than {limit:,} records, so they were not compared with each other. "
        "Use --across to compare them all."
    )


def with_summary(report: RecordReport, key: bytes, trace: Trace | None = None) -> RecordReport:
    """Add to a report the summary of its record. A fault of ours never loses the report."""
    document = report.document
    if document is None or report.record_type is None:
        return report
    failed: list[str] = []
    with fenced(failed.append):
        summary = summarise(
            document,
            key,
            record_id=report.record_id,
            at_risk=report.disposition is Disposition.ACT_NOW,
            sound=all(finding.layer is not Layer.SHAPE for finding in report.findings),
            trace=trace,
        )
        return replace(report, summary=packed(summary))
    faults = (NotRun("ACR-000", why, fault=True) for why in failed)
    return replace(report, not_run=tuple(sorted((*report.not_run, *faults))))


_Key = tuple[int, str | None]
_NOT_A_FILE: Final = frozenset({"", "-"})

Reopen = Callable[[str], Iterable[SourceRecord]]
"""Reads a source once more, by its name; yields nothing if that cannot be done."""


def reopen_json(source: str) -> Iterable[SourceRecord]:
    """Read a file of JSON once more."""
    try:
        is_file = source not in _NOT_A_FILE and Path(source).is_file()
    except (OSError, ValueError):
        return ()
    return read_path(Path(source), source) if is_file else ()


def locate_again(reports: Iterable[RecordReport], reopen: Reopen) -> Iterator[RecordReport]:
    """Give the findings the origin of their place, in the order of the reports.

    When all records have been read, their texts are gone, so each source with findings is read
    again up to the last of them. What cannot be read twice, or has changed, gives no origin.
    """
    for source, group in groupby(reports, key=lambda report: report.source):
        together = list(group)
        wanted = {(report.line, report.record_id): report for report in together if report.findings}
        located = dict(_read_again(reopen(source), dict(wanted))) if wanted else {}
        for report in together:
            yield located.get((report.line, report.record_id), report)


def _read_again(
    records: Iterable[SourceRecord], wanted: dict[_Key, RecordReport]
) -> Iterator[tuple[_Key, RecordReport]]:
    for record in records:
        key = record.line, safe_id(record.document, "recordId")
        if key in wanted and record.document is not None:
            report = wanted.pop(key)
            yield key, replace(report, findings=tuple(locate_findings(report.findings, record)))
            if not wanted:
                return


class Batch:
    """The records of one call, summed up.

    Args:
        area: the area that was asked for; None for the area that each record names.
        as_of: the day on which to judge.
        at: the time of that day, for whom to ring now; None if it is not known.
        limit: how many records are compared; if there are more, none is. None for any number.
        fingerprints: give each finding what it is known by in the next run.
        reopen: reads a source once more, so that findings have an origin.
    """

    def __init__(
        self,
        area: Area | str | None,
        as_of: date,
        *,
        at: time | None = None,
        limit: int | None = None,
        fingerprints: bool = False,
        reopen: Reopen = reopen_json,
    ) -> None:
        self._area, self._as_of, self._at, self._limit = area, as_of, at, limit
        self._fingerprints, self._reopen = fingerprints, reopen
        self._read = 0
        self._first_too_many: RecordReport | None = None
        self._store = SummaryStore()
        self._lines = array("Q")
        self._sources, self._areas, self._own = array("I"), array("I"), array("B")
        self._names: dict[str, int] = {}

    def __len__(self) -> int:
        """Return how many summaries are kept."""
        return len(self._store)

    def add(self, report: RecordReport) -> None:
        """Keep the summary of a record, and where it stood, unless there are too many."""
        self._read += 1
        if self._limit is not None and self._read > self._limit:
            self._let_go(report)
        elif report.summary is not None:
            self._store.add(report.summary)
            self._lines.append(report.line)
            self._sources.append(self._names.setdefault(report.source, len(self._names)))
            self._areas.append(self._names.setdefault(report.area, len(self._names)))
            self._own.append(_DISPOSITIONS.index(report.disposition))

    def _let_go(self, report: RecordReport) -> None:
        """Keep nothing any more but the first record that would have something to compare."""
        if self._first_too_many is None and is_compared_in(self._area_of(report.area)):
            light = replace(report, findings=(), not_run=(), summary=None, document=None)
            self._first_too_many = light
        self._store = SummaryStore()
        self._lines, self._own = array("Q"), array("B")
        self._sources, self._areas = array("I"), array("I")
        self._names = {}

    def reports(self) -> Iterator[RecordReport]:
        """Yield a report for each record of which the others show something, in their order.

        So does each record that was not compared. A rule of ours that fails is a fault: the first
        of these reports lists it.
        """
        if self._first_too_many is not None:
            why = NotRun(ACROSS, too_many(self._limit or 0))
            yield replace(self._first_too_many, across=True, not_run=(why,))
        elif len(self._store) > 1:
            names = list(self._names)
            areas = [self._area_of(names[area]) for area in self._areas]
            yield from locate_again(self._compared(areas, names), self._reopen)

    def _compared(self, areas: list[Area], names: list[str]) -> Iterator[RecordReport]:
        comparison = Comparison(self._store, areas, self._as_of)
        comparison.run()
        first = min(comparison.findings, default=0)
        for summary in self._store:
            number = summary.number
            related = comparison.findings.get(number, ())
            apart = _apart(summary, in_crowd=number in comparison.crowded)
            skipped = apart if is_compared_in(areas[number]) else ()
            failed = comparison.faults if number == first else ()
            if related or skipped or failed:
                findings = [self._finding(one, areas[number], names) for one in related]
                report = self._report(summary, findings, areas[number], names)
                yield replace(report, not_run=tuple(sorted((*skipped, *failed))))

    def _area_of(self, key: str) -> Area:
        chosen = self._area or key
        return load_area(chosen) if isinstance(chosen, str) else chosen

    def _finding(self, related: RelatedFinding, area: Area, names: list[str]) -> Finding:
        """Say what the other records show. A match by name alone never makes an error."""
        rule = related.rule
        finding = rule.finding(related.problem, "")
        severity, message = area.severity.get(rule.code, rule.severity), finding.message
        if not related.matched_by_identifier:
            message = f"{message} {_BY_NAME}"
            severity = max(severity, Severity.WARNING, key=lambda level: level.rank)
        others = tuple(
            Other(names[self._sources[other]], self._lines[other], self._store[other].record_id)
            for other in sorted(related.others)[:MOST_OTHERS]
        )
        finding = replace(finding, severity=severity, message=message, others=others)
        return waived(finding, area, self._as_of)

    def _report(
        self, summary: Summary, related: list[Finding], area: Area, names: list[str]
    ) -> RecordReport:
        findings = sorted(related, key=by_place)
        if summary.at_risk:
            findings = [never_blocking(finding) for finding in findings]
        own = _DISPOSITIONS[self._own[summary.number]]
        judged = disposition_of(
            findings,
            at_risk=summary.at_risk,
            readable=True,
            risk_open=own is Disposition.ASK_FIRST,
        )
        # A record has one disposition: what the others show only ever makes it more urgent.
        changed = own is Disposition.READY and judged is not own
        report = RecordReport(
            source=names[self._sources[summary.number]],
            line=self._lines[summary.number],
            record_type=summary.record_type,
            record_id=summary.record_id,
            area=area.key,
            area_title=area.title,
            disposition=judged if changed else own,
            instead_of=own if changed else None,
            do_now=what_to_do_now(
                area,
                self._as_of,
                self._at,
                at_risk=summary.at_risk,
                risk_open=own is Disposition.ASK_FIRST,
            ),
            findings=tuple(findings),
            across=True,
        )
        return with_fingerprints(report) if self._fingerprints else report


def _apart(summary: Summary, *, in_crowd: bool) -> tuple[NotRun, ...]:
    """Say why a record was not compared, if it was not."""
    if not summary.sound:
        return (NotRun(ACROSS, UNSOUND),)
    if not any(is_known(child.keys) for child in summary.children):
        return (NotRun(ACROSS, NOBODY),)
    return (NotRun(ACROSS, CROWD),) if in_crowd else ()


@cache
def is_compared_in(area: Area) -> bool:
    """Return whether any rule across records applies in an area."""
    from eh_interop.checks.across.records import across_rules  # noqa: PLC0415 (one record needs no rule)

    return any(area.follows_any(across_rule.cites) for across_rule in across_rules())
