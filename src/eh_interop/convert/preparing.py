"""Prepare a record for conversion: what each format needs of it, and what is kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import orjson

from eh_interop.checks.pruning import keep_as_written
from eh_interop.checks.record import never_blocking
from eh_interop.checks.subject import AT_RISK, safe_id, speaks_of_immediate_risk, standard_of
from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps, join
from eh_interop.reading.conversion import ConvertFault
from eh_interop.reading.source_record import SourceRecord
from eh_interop.sources.opening import understand
from eh_interop.standard.schemas import Standard

_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class ConvertibleRecord:
    """A record that can be converted, and what was found on the way.

    Attributes:
        source: the record as it was read.
        as_read: the record with all that stands in it; None if there is nothing to convert.
        record: the same in a form that every format can hold: what is not valid in its place is
            kept, as it was written, in the local data.
        findings: what was wrong with the source, and what is kept apart.
    """

    source: SourceRecord
    as_read: Mapping[str, Any] | None = field(repr=False, default=None)
    record: Mapping[str, Any] | None = field(repr=False, default=None)
    findings: tuple[Finding, ...] = ()

    @property
    def record_id(self) -> str | None:
        """The record's own id."""
        return safe_id(self.record, "recordId")


def prepare(source: SourceRecord) -> ConvertibleRecord:
    """Prepare one record. Nothing that stands in it makes this raise, or keeps it back."""
    record = understand(source)
    if not record.is_record:
        return ConvertibleRecord(record, findings=record.findings)
    document = record.document
    standard, unknown = standard_of(document)
    findings = [*record.findings, *unknown]
    if document is None or standard is None:
        # What was wrong has been reported, if anything was.
        findings = findings or [ConvertFault.NO_RECORD.finding()]
        return ConvertibleRecord(record, findings=tuple(findings))
    as_read = {"standardVersion": standard.version, **document}
    if safe_id(document, "recordId") is None:
        findings.append(ConvertFault.NO_ID.finding(place="/recordId"))
    if "recordId" not in document:
        as_read["recordId"] = _id_of_content(document)
    valid, moved = keep_as_written(as_read)
    if "recordId" not in valid:
        valid = {**valid, "recordId": _id_of_content(document)}
    findings += _kept_apart(standard, str(as_read["recordType"]), moved, record)
    if speaks_of_immediate_risk(as_read) or _unread_risk(record.findings):
        findings = list(map(never_blocking, findings))
    if _unread_risk(record.findings) and AT_RISK not in as_read:
        # Something stood there that nobody could read: it counts until somebody looks (G-063).
        as_read, valid = {**as_read, AT_RISK: True}, {**valid, AT_RISK: True}
    return ConvertibleRecord(record, as_read, valid, tuple(findings))


def _unread_risk(findings: Iterable[Finding]) -> bool:
    return any(finding.place == f"/{AT_RISK}" for finding in findings)


def _id_of_content(document: Mapping[str, Any]) -> str:
    """Make an id that is the same for the same content, and shows none of it."""
    content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return f"made-{sha256(content).hexdigest()[:_DIGITS]}"


def _kept_apart(
    standard: Standard, record_type: str, moved: Iterable[Steps], source: SourceRecord
) -> Iterator[Finding]:
    """Report each value that is not valid. A name that the standard does not have is not told."""
    known = dict.fromkeys(
        tuple(step for step, _, _ in standard.fields(record_type, steps)) for steps in moved
    )
    reported = {finding.place for finding in source.findings}
    unreported = [steps for steps in known if join(steps) not in reported]
    origins = source.locate(unreported) if unreported else {}
    for steps in unreported:
        yield ConvertFault.AS_WRITTEN.finding(place=join(steps), origin=origins.get(steps))
