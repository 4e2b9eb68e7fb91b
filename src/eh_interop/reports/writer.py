"""What every report format is given, and what it does: begin, one record at a time, end.

Records are written as they are checked, so that a report on a million records
needs no more memory than a report on one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from unicodedata import category

import orjson

from eh_interop.checks.baseline import Known
from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import NO_FIGURE, Disposition, NotRun, Severity
from eh_interop.reading import Fault
from eh_interop.standard.guidance import Clause, Document
from eh_interop.standard.schemas import CURRENT
from eh_interop.version import __version__

AS_ASKED: Final = "The record has such findings, and you asked to leave them out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The facts about one run.

    Attributes:
        area: the area that was asked for; None if each record names its own.
        as_of: the day on which things were judged.
        show_values: show what stands at each place. Only for a person's own screen.
        quiet: say nothing in the text report about records that are ready.
        clauses: clauses that only the area's own file has.
        documents: documents that only the area's own file has.
        tool: name and version of this toolkit.
        standard: version of the standard.
    """

    area: str | None
    as_of: date
    show_values: bool = False
    quiet: bool = False
    clauses: Mapping[str, Clause] = field(default_factory=lambda: MappingProxyType({}))
    documents: Mapping[str, Document] = field(default_factory=lambda: MappingProxyType({}))
    tool: str = f"eh-interop {__version__}"
    standard: str = CURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which findings to report, by code. If ``only`` is empty, all but those that are ignored."""

    only: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()

    def takes(self, code: str) -> bool:
        """Return whether findings with this code are reported."""
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
        if not report.across:
            self.dispositions[report.disposition] += 1
        elif report.instead_of:  # it has been counted already, as something else
            self.dispositions[report.instead_of] -= 1
            self.dispositions[report.disposition] += 1
        if report.not_compared:
            self.not_compared[report.not_compared] += 1
        self.severities.update(finding.severity for finding in report.findings if not finding.known)
        self.known += sum(finding.known for finding in report.findings)
        self.faults += sum(skipped.fault for skipped in report.not_run)
        self.faults += sum(finding.code == Fault.OURS.code for finding in report.findings)
        self.without_figure.update(
            skipped.check for skipped in report.not_run if skipped.why == NO_FIGURE
        )

    @property
    def records(self) -> int:
        """How many records were looked at."""
        return self.dispositions.total()

    def as_json(self) -> dict[str, int]:
        """Return every count under its own name, zeros included."""
        return {
            "records": self.records,
            **{kind.value: self.dispositions[kind] for kind in Disposition},
            **{severity.value: self.severities[severity] for severity in Severity},
            "faults": self.faults,
            **({"known": self.known} if self.has_baseline else {}),
        }


class Writer:
    """A report format. Each method yields pieces of text; this one yields none."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def begin(self) -> Iterator[str]:
        """Yield what comes before the first record."""
        yield from ()

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one record."""
        del report
        yield from ()

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield what comes after the last record."""
        del totals
        yield from ()


class JsonListWriter(Writer):
    """A format that is one JSON document with a list in it, one item a line."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._between = "\n"

    def _item(self, value: object) -> str:
        line, self._between = self._between + dump(value), ",\n"
        return line


def dump(value: object) -> str:
    """Write a value as JSON in one line. What could steer a terminal becomes an escape of JSON."""
    text = orjson.dumps(value).decode()
    if text.isprintable():
        return text
    return "".join(letter if is_plain(letter) else json.dumps(letter)[1:-1] for letter in text)


def is_plain(letter: str) -> bool:
    """Return whether a character only shows itself. Spaces of every kind do."""
    return letter.isprintable() or category(letter) == "Zs"
