"""Convert many records: one after the other or in several processes, with the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from eh_interop.checks.subject import safe_id
from eh_interop.convert.preparing import ConvertibleRecord, prepare
from eh_interop.convert.targets import RecordWriter, TargetSettings, WriteResult, targets
from eh_interop.core.fence import fenced
from eh_interop.core.findings import Finding
from eh_interop.core.parallel import map_in_order
from eh_interop.core.pointer import Steps, all_places
from eh_interop.reading.conversion import ConvertFault
from eh_interop.reading.faults import Fault
from eh_interop.reading.source_record import OriginalRows, SourceRecord

CHUNK: Final = 50
"""Records that go to a process at once."""


@dataclass(frozen=True, slots=True)
class ConversionResult:
    """What became of one record.

    Attributes:
        source: the file that it came from.
        line: the line or row of the source where it begins.
        record_id: its own id; None if it has none in the right form.
        data: the record in the target's form; None if it was not converted.
        findings: what was found on the way.
        original: the partner's own rows of a record that was not converted.
        lineage: where each value of the record stood, if that was asked for and is known.
        is_record: False for what is found of a file as a whole.
    """

    source: str
    line: int
    record_id: str | None
    data: bytes | None = field(repr=False)
    findings: tuple[Finding, ...] = ()
    original: OriginalRows | None = field(default=None, repr=False)
    lineage: Mapping[Steps, str] = field(repr=False, default_factory=dict)
    is_record: bool = True


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """How each record is converted, in a form that can be sent to another process.

    Attributes:
        target: the name of the target.
        settings: what the target may want to know.
        lineage: keep where each value stood in its source.
    """

    target: str
    settings: TargetSettings
    lineage: bool = False

    def convert(self, numbered: tuple[int, SourceRecord]) -> ConversionResult:
        """Convert one record; its number is its position in the input.

        Where our own code fails, the record is not converted, and says so.
        """
        number, source = numbered
        prepared = self.prepare(source)
        failed: list[str] = []
        with fenced(failed.append):
            return self.result(prepared, self._written(prepared, number))
        return fault_result(source, failed, prepared.findings)

    def prepare(self, source: SourceRecord) -> ConvertibleRecord:
        """Prepare a record; one with which our own code fails has nothing to convert."""
        failed: list[str] = []
        with fenced(failed.append):
            return prepare(source)
        findings = (*source.findings, *map(Fault.OURS.finding, failed))
        return ConvertibleRecord(source, findings=findings)

    def _written(self, prepared: ConvertibleRecord, number: int) -> WriteResult:
        writer = targets()[self.target]
        if not isinstance(writer, RecordWriter):
            return WriteResult(None)
        record = prepared.as_read if writer.holds_anything else prepared.record
        if record is None:
            return WriteResult(None)
        return writer.write_record(record, number, self.settings)

    def result(self, prepared: ConvertibleRecord, written: WriteResult) -> ConversionResult:
        """Put together what became of a record."""
        source, is_written = prepared.source, written.data is not None
        findings = (*prepared.findings, *written.findings)
        if not getattr(targets()[self.target], "keeps_local_data", True):
            findings = tuple(map(_left_out, findings))
        keep = self.lineage and is_written and source.is_record and source.document is not None
        return ConversionResult(
            source=source.source,
            line=source.line,
            record_id=prepared.record_id,
            data=written.data,
            findings=findings,
            original=None if is_written else source.original,
            lineage=_lineage(source) if keep else {},
            is_record=source.is_record,
        )


def fault_result(
    source: SourceRecord, failed: Iterable[str], findings: Iterable[Finding] = ()
) -> ConversionResult:
    """Say of a record that our own code failed with it, so that it was not converted."""
    return ConversionResult(
        source=source.source,
        line=source.line,
        record_id=safe_id(source.document, "recordId"),
        data=None,
        findings=(*findings, *map(Fault.OURS.finding, failed)),
        original=source.original,
        is_record=source.is_record,
    )


def _lineage(source: SourceRecord) -> Mapping[Steps, str]:
    """Say in words where each value stood; nothing of values that have no place of their own."""
    from eh_interop.formats.partners import lineage

    if by_mapping := lineage(source):
        return {steps: str(value_source) for steps, value_source in by_mapping.items()}
    origins = source.locate(all_places(source.document))
    return {steps: str(origin) for steps, origin in origins.items() if origin != source.position}


def _left_out(finding: Finding) -> Finding:
    """Say of a value that is kept apart in other formats that this one leaves it out."""
    if finding.code != ConvertFault.AS_WRITTEN.code:
        return finding
    return ConvertFault.LEFT_OUT.finding(place=finding.place, origin=finding.origin)


def convert_many(
    records: Iterable[tuple[int, SourceRecord]], options: ConvertOptions, jobs: int = 1
) -> Iterator[ConversionResult]:
    """Convert numbered records, and yield what became of them in their order."""
    yield from map_in_order(options.convert, records, jobs, chunk=CHUNK)
