"""One conversion from beginning to end: what is read, what becomes of it, and what is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import orjson

from eh_interop.convert.batches import SetAside, set_aside, write_batch
from eh_interop.convert.rejects import Rejects
from eh_interop.convert.running import (
    ConversionResult,
    ConvertOptions,
    convert_many,
    fault_result,
)
from eh_interop.convert.staging import Staging
from eh_interop.convert.targets import BatchWriter, RecordWriter, WriteResult, targets
from eh_interop.core.fence import fenced
from eh_interop.core.findings import Finding, Severity
from eh_interop.core.pointer import join
from eh_interop.reading.faults import Fault
from eh_interop.reading.source_record import SourceRecord
from eh_interop.sources.own_files import FINDINGS, LINEAGE
from eh_interop.standard.quotable import known_steps
from eh_interop.standard.schemas import CURRENT

CHECKPOINT_EVERY: Final = 200
"""Records between two checkpoints."""

OnResult = Callable[[ConversionResult], None]


@dataclass(slots=True)
class Tally:
    """What a conversion did, counted. It holds nothing of any record."""

    records: int = 0
    written: int = 0
    unreadable: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, result: ConversionResult) -> None:
        """Count one record. A file that could not be read to its end counts as one."""
        self.count(result.findings)
        failed = any(finding.severity is Severity.ERROR for finding in result.findings)
        if result.is_record or failed:
            self.records += 1
            self.written += result.data is not None
            self.unreadable += result.data is None

    def count(self, findings: Iterable[Finding]) -> None:
        """Count what was found."""
        for finding in findings:
            self.severities[finding.severity.value] += 1
            self.codes[finding.code] += 1

    def as_json(self) -> dict[str, Any]:
        """Return the counts for the manifest and the journal."""
        return {
            "records": self.records,
            "written": self.written,
            "notConverted": self.unreadable,
            "findings": dict(sorted(self.codes.items())),
            "severities": dict(sorted(self.severities.items())),
        }

    @classmethod
    def of(cls, counts: Mapping[str, Any]) -> Tally:
        """Return the counts that a journal holds."""
        if not counts:
            return cls()
        return cls(
            counts["records"],
            counts["written"],
            counts["notConverted"],
            Counter(counts["severities"]),
            Counter(counts["findings"]),
        )


def convert_into(
    staging: Staging,
    records: Iterable[SourceRecord],
    options: ConvertOptions,
    jobs: int,
    on_result: OnResult,
    extra: Callable[[], Mapping[str, Any]] = dict,
) -> Tally:
    """Convert records into a folder; return the counts.

    Args:
        staging: where to; it knows how much an earlier run has done.
        records: every record, from the first.
        options: what they become.
        jobs: how many processes. The bytes are the same with any number.
        on_result: called with what became of each record.
        extra: what else the manifest says; asked when all records are done.

    Raises:
        OutputError: the folder cannot be written. What is done is kept.
    """
    session = _Session(staging, options, on_result)
    writer = targets()[options.target]
    if isinstance(writer, RecordWriter):
        session.write_each(records, writer, jobs)
    else:
        session.write_batch(records, writer)
    tally = session.tally
    staging.finish({"standard": CURRENT, **staging.plan, **tally.as_json(), **extra()})
    return tally


class _Session:
    """One conversion: counts, and keeps what was found, where values stood and partners' rows.

    A finding never holds a value of the record; the rows are the partner's own.
    """

    def __init__(self, staging: Staging, options: ConvertOptions, on_result: OnResult) -> None:
        self.tally = Tally.of(staging.tally)
        self._staging, self._options, self._on_result = staging, options, on_result
        self._rejects = Rejects(staging)

    def write_each(self, records: Iterable[SourceRecord], writer: RecordWriter, jobs: int) -> None:
        """Write records one by one, from the first that an earlier run has not done."""
        staging = self._staging
        numbered = islice(enumerate(records), staging.done, None)
        results = convert_many(numbered, self._options, jobs)
        for number, result in enumerate(results, staging.done + 1):
            if result.data is not None and writer.shared:
                staging.append(writer.shared, result.data)
            elif result.data is not None:
                staging.write(f"{number:06}-{result.record_id}{writer.suffix}", result.data)
            self._keep(result)
            self.tally.add(result)
            if number % CHECKPOINT_EVERY == 0:
                staging.checkpoint(number, self.tally.as_json())

    def write_batch(self, records: Iterable[SourceRecord], writer: BatchWriter) -> None:
        """Write all records together."""
        folder = self._staging.folder()
        with self._staging.output_errors(), set_aside(folder.parent) as aside:
            self._set_aside(records, aside)
            batch = write_batch(writer, aside, folder, self._options.settings)
            for number, why in batch.faults.items():
                about = aside.about(number)
                self.tally.written -= 1
                self.tally.unreadable += 1
                findings = (Fault.OURS.finding(why),)
                self.tally.count(findings)
                self._keep(ConversionResult(**about, data=None, findings=findings))
        self.tally.count(batch.findings)
        self._keep(ConversionResult("", 1, None, b"", batch.findings, is_record=False))

    def _set_aside(self, records: Iterable[SourceRecord], aside: SetAside) -> None:
        """Prepare every record; set aside those that can be written, and tell of the others."""
        for source in records:
            prepared = self._options.prepare(source)
            failed: list[str] = []
            with fenced(failed.append):
                written = WriteResult(None if prepared.record is None else b"")
                result = self._options.result(prepared, written)
            if failed:
                result = fault_result(source, failed, prepared.findings)
            self._keep(result)
            self.tally.add(result)
            if prepared.record is not None and not failed:
                about = {"source": result.source, "line": result.line}
                aside.add(prepared.record, **about, record_id=result.record_id)

    def _keep(self, result: ConversionResult) -> None:
        self._rejects.add(result)
        if result.lineage:
            self._staging.append(LINEAGE, b"".join(_lineage(result)))
        if result.findings:
            line = {
                "source": result.source,
                "line": result.line,
                "recordId": result.record_id,
                "findings": [_finding(finding) for finding in result.findings],
            }
            self._staging.append(FINDINGS, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._on_result(result)


def _lineage(result: ConversionResult) -> Iterator[bytes]:
    for steps, where in result.lineage.items():
        line = {"recordId": result.record_id, "place": join(known_steps(steps)), "from": where}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": finding.place,
        **({"origin": finding.origin.as_json()} if finding.origin else {}),
        "message": finding.message,
    }
