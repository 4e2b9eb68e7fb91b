"""A record as it was read, made ready to be converted: only what fits the standard, all told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eh_interop.checks.fhir import from_fhir, is_fhir
from eh_interop.checks.record import at_immediate_risk, never_blocking
from eh_interop.checks.subject import standard_of, text_of
from eh_interop.convert.pruning import pruned
from eh_interop.core.findings import Finding, Origin, Severity
from eh_interop.core.pointer import Steps, join
from eh_interop.reading import SourceRecord
from eh_interop.reading.conversion import ConvertFault
from eh_interop.standard.schemas import Standard

Find = Callable[[Iterable[Steps]], Mapping[Steps, Origin]]
"""Finds where values stood in the source."""
_AT_RISK: Final = "/immediateRisk"


@dataclass(frozen=True, slots=True)
class Given:
    """A record that was read from tables, or from a partner's file.

    Attributes:
        source: the file that it came from.
        line: the row of the source where it begins.
        document: the record; it may be half filled and may not fit. None if there is none.
        findings: what was wrong when it was read.
        lineage: where each value stood, in the words of the source.
        rows: the partner's own rows; empty for our own tables.
        headings: the partner's own headings.
        is_record: False for what is found of a file as a whole.
    """

    source: str
    line: int
    document: Mapping[str, Any] | None = field(repr=False)
    findings: tuple[Finding, ...] = ()
    lineage: Mapping[Steps, str] = field(repr=False, default_factory=dict)
    rows: tuple[tuple[str, ...], ...] = field(repr=False, default=())
    headings: tuple[str, ...] = ()
    is_record: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record, and what was found on the way.

    Attributes:
        source: the file that it came from.
        line: the line of the source where it begins.
        record: what of it fits the standard; None if there is nothing to convert.
        findings: what was wrong with the source, and what was left out.
    """

    source: str
    line: int
    record: Mapping[str, Any] | None = field(repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def record_id(self) -> str | None:
        """The record's own id."""
        return text_of(self.record, "recordId")


def prepare(given: SourceRecord | Given) -> Prepared:
    """Make one record ready. Nothing that stands in it makes this raise."""
    if isinstance(given, Given):
        return _of_given(given)
    raw = from_fhir(given) if is_fhir(given) else given
    find = raw.locate
    return _prepared(raw.source, raw.line, raw.document, raw.findings, find)


def _of_given(given: Given) -> Prepared:
    if not given.is_record:
        return Prepared(given.source, given.line, None, given.findings)

    def find(places: Iterable[Steps]) -> dict[Steps, Origin]:
        told = {steps: given.lineage.get(steps, "") for steps in places}
        return {steps: Origin(given.line, 1, path) for steps, path in told.items()}

    found = list(given.findings)
    if any(each.place == _AT_RISK for each in found):
        # Something stands there that nobody could read. It must not slow anybody down (G-063).
        found = [never_blocking(each) for each in found]
    ready = _prepared(given.source, given.line, given.document, found, find)
    if given.rows and any(finding.severity is Severity.ERROR for finding in ready.findings):
        # The partner mends the row: it goes back in the partner's own columns.
        return replace(ready, record=None)
    return ready


def _prepared(
    source: str,
    line: int,
    document: Mapping[str, Any] | None,
    found: Iterable[Finding],
    find: Find,
) -> Prepared:
    standard, unknown = standard_of(document)
    findings = [*found, *unknown]
    if document is None or standard is None:
        # What was wrong has been said, if anything was.
        return Prepared(source, line, None, tuple(findings or [ConvertFault.NO_RECORD.finding()]))
    record, dropped = pruned({"standardVersion": standard.version, **document})
    findings += _left_out(standard, str(record["recordType"]), dropped, find)
    if text_of(record, "recordId") is None:
        findings.append(ConvertFault.NO_ID.finding(place="/recordId"))
        return Prepared(source, line, None, tuple(findings))
    return Prepared(source, line, record, tuple(_never_alarming(record, findings)))


def _left_out(
    standard: Standard, record_type: str, dropped: Iterable[Steps], find: Find
) -> Iterator[Finding]:
    """Tell of each value that is left out. A name that the standard does not have is not told."""
    known = {
        steps: tuple(step for step, _, _ in standard.fields(record_type, steps))
        for steps in dropped
    }
    origins = find(known.values()) if known else {}
    for steps in dict.fromkeys(known.values()):
        yield ConvertFault.LEFT_OUT.finding(place=join(steps), origin=origins.get(steps))


def _never_alarming(record: Mapping[str, Any], findings: list[Finding]) -> list[Finding]:
    """Lower what was found to warnings where a child may be at immediate risk."""
    return (
        [never_blocking(finding) for finding in findings] if at_immediate_risk(record) else findings
    )
