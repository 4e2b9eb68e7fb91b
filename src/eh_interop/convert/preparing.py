"""Prepare a record for conversion: drop values that are not valid, and report each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.checks.pruning import pruned
from eh_interop.checks.record import never_blocking
from eh_interop.checks.subject import safe_id, speaks_of_immediate_risk, standard_of
from eh_interop.core.findings import Finding, Severity
from eh_interop.core.pointer import Steps, join
from eh_interop.reading.conversion import ConvertFault
from eh_interop.reading.source_record import SourceRecord
from eh_interop.sources.opening import understand
from eh_interop.standard.schemas import Standard

_AT_RISK: Final = "/immediateRisk"


@dataclass(frozen=True, slots=True)
class ConvertibleRecord:
    """A record that can be converted, and what was found on the way.

    Attributes:
        source: the record as it was read.
        record: what of it is valid; None if there is nothing to convert.
        findings: what was wrong with the source, and what was left out.
    """

    source: SourceRecord
    record: Mapping[str, Any] | None = field(repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def record_id(self) -> str | None:
        """The record's own id."""
        return safe_id(self.record, "recordId")


def prepare(source: SourceRecord) -> ConvertibleRecord:
    """Prepare one record. Nothing that stands in it makes this raise."""
    record = understand(source)
    if not record.is_record:
        return ConvertibleRecord(record, None, record.findings)
    findings = record.findings
    if any(finding.place == _AT_RISK for finding in findings):
        # Something stands there that nobody could read. It must not slow anybody down (G-063).
        findings = tuple(map(never_blocking, findings))
    prepared = _prepared(record, findings)
    rows = record.original is not None
    if rows and any(finding.severity is Severity.ERROR for finding in prepared.findings):
        # The partner mends the row: it goes back in the partner's own columns.
        return ConvertibleRecord(record, None, prepared.findings)
    return prepared


def _prepared(source: SourceRecord, reading: Iterable[Finding]) -> ConvertibleRecord:
    document = source.document
    standard, unknown = standard_of(document)
    findings = [*reading, *unknown]
    if document is None or standard is None:
        # What was wrong has been reported, if anything was.
        return ConvertibleRecord(
            source, None, tuple(findings or [ConvertFault.NO_RECORD.finding()])
        )
    record, dropped = pruned({"standardVersion": standard.version, **document})
    findings += _left_out(standard, str(record["recordType"]), dropped, source)
    if safe_id(record, "recordId") is None:
        findings.append(ConvertFault.NO_ID.finding(place="/recordId"))
        return ConvertibleRecord(source, None, tuple(findings))
    if speaks_of_immediate_risk(record):
        findings = list(map(never_blocking, findings))
    return ConvertibleRecord(source, record, tuple(findings))


def _left_out(
    standard: Standard, record_type: str, dropped: Iterable[Steps], source: SourceRecord
) -> Iterator[Finding]:
    """Report each value that is left out. A name that the standard does not have is not told."""
    known = dict.fromkeys(
        tuple(step for step, _, _ in standard.fields(record_type, steps)) for steps in dropped
    )
    origins = source.locate(known) if known else {}
    for steps in known:
        yield ConvertFault.LEFT_OUT.finding(place=join(steps), origin=origins.get(steps))
