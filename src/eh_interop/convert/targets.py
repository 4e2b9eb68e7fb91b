"""What records can be converted to: JSON, FHIR, tables and statutory returns.

A :class:`RecordWriter` makes each record by itself: it can run in several processes and go on
where it was stopped. A :class:`BatchWriter` looks at all records together and begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, Protocol, runtime_checkable

import orjson

from eh_interop.core.findings import Finding, Severity
from eh_interop.reading.conversion import ConvertFault
from eh_interop.sources.own_files import NOTES


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """What a target may want to know. It can be sent to another process.

    Attributes:
        as_of: the day on which ages and windows are calculated.
        verify: ``all``, ``sample`` or ``none``: which FHIR documents are verified fully.
        forms: for a return, the forms of its files (``csv``, ``xlsx``); empty for the usual one.
        authority: for the census, the council's three digits.
        compare: read tables back and compare them with the records.
    """

    as_of: date
    verify: str = "all"
    forms: tuple[str, ...] = ()
    authority: str = ""
    compare: bool = False


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one record.

    Attributes:
        data: the record in the target's form; None if it was not written.
        findings: what was found when it was made.
    """

    data: bytes | None
    findings: tuple[Finding, ...] = ()


@runtime_checkable
class RecordWriter(Protocol):
    """A format in which each record stands by itself."""

    @property
    def name(self) -> str:
        """The name of the target."""

    @property
    def suffix(self) -> str:
        """How the name of a record's own file ends; empty if all records share one file."""

    @property
    def shared(self) -> str:
        """The name of the file that all records share; empty if each has its own."""

    @property
    def holds_anything(self) -> bool:
        """It can hold values that are not valid, so that a record needs no change."""

    @property
    def has_lines(self) -> bool:
        """Each record is one line, so that several can stand one after the other."""

    def write_record(
        self, record: Mapping[str, Any], number: int, settings: TargetSettings
    ) -> WriteResult:
        """Make one record, the ``number``-th from 0. Its bytes end with a line break."""


@runtime_checkable
class BatchWriter(Protocol):
    """A format that holds all records together."""

    @property
    def keeps_local_data(self) -> bool:
        """It carries local data, and so what is not valid elsewhere in a record."""

    @property
    def name(self) -> str:
        """The name of the target."""

    def write_batch(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: TargetSettings
    ) -> Iterable[Finding]:
        """Write all records into a folder that exists and is empty."""


Target = RecordWriter | BatchWriter


def targets() -> Mapping[str, Target]:
    """Return every target by its name, sorted."""
    return _TARGETS


@dataclass(frozen=True, slots=True)
class _Json:
    name: str
    suffix: str
    shared: str
    option: int
    has_lines: bool
    holds_anything: bool = True

    def write_record(
        self, record: Mapping[str, Any], number: int, settings: TargetSettings
    ) -> WriteResult:
        """Write the record as it is."""
        del number, settings
        return WriteResult(orjson.dumps(record, option=self.option))


@dataclass(frozen=True, slots=True)
class _Fhir:
    """FHIR R4 document Bundles, verified before they are written."""

    name: str
    suffix: str
    has_lines: bool
    shared: str = ""
    holds_anything: bool = False

    def write_record(
        self, record: Mapping[str, Any], number: int, settings: TargetSettings
    ) -> WriteResult:
        """Make the Bundle. What a receiver would not accept is reported and not written."""
        from eh_interop.formats.fhir.bundle import to_bundle

        bundle = to_bundle(record)
        problems = tuple(_fhir_problems(bundle, number, settings.verify))
        if problems:
            return WriteResult(None, problems)
        return WriteResult(self._written(bundle))

    def _written(self, bundle: dict[str, Any]) -> bytes:
        if self.suffix == ".json":
            return orjson.dumps(bundle, option=orjson.OPT_APPEND_NEWLINE)
        from eh_interop.formats.fhir.files.xml_writing import to_xml

        return to_xml(bundle) + b"\n"


def _fhir_problems(bundle: dict[str, Any], number: int, which: str) -> Iterator[Finding]:
    from eh_interop.formats.fhir.verification import how_thoroughly, verify

    for problem in verify(bundle, how_thoroughly(which, number)):
        if problem.severity is Severity.ERROR:
            message = f"{problem.message} In the FHIR: {problem.path}."
            yield ConvertFault.NOT_VALID_FHIR.finding(message)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The standard's own tables as CSV files."""

    name: str
    keeps_local_data: bool = True

    def write_batch(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: TargetSettings
    ) -> Iterable[Finding]:
        """Write the tables; read them back and compare, if that is wanted."""
        from eh_interop.formats.tables import RoundTripCheck, read_tables, write_tables

        with RoundTripCheck() as check:
            write_tables(records, folder, note=check.note if settings.compare else None)
            if settings.compare and check.compare(read_tables(folder)).different:
                yield ConvertFault.NOT_THE_SAME.finding()


@dataclass(frozen=True, slots=True)
class _Workbooks:
    """The standard's own tables as a workbook for each record type."""

    name: str
    keeps_local_data: bool = True

    def write_batch(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: TargetSettings
    ) -> Iterable[Finding]:
        """Write a workbook for each record type; read them back, if that is wanted."""
        from eh_interop.formats.tables import RoundTripCheck, read_workbook, write_workbook

        for record_type, of_type in _by_type(records):
            path = folder / f"{record_type}.xlsx"
            with RoundTripCheck() as check:
                write_workbook(of_type, path, note=check.note if settings.compare else None)
                if settings.compare and check.compare(read_workbook(path)).different:
                    yield ConvertFault.NOT_THE_SAME.finding()


def _by_type(
    records: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
    """Set records aside by type: a workbook is written from the first to the last at once."""
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}
        for record in records:
            record_type = str(record["recordType"])
            if record_type not in files:
                files[record_type] = stack.enter_context(TemporaryFile())
            files[record_type].write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        for record_type, file in sorted(files.items()):
            file.seek(0)
            yield record_type, map(orjson.loads, file)


@dataclass(frozen=True, slots=True)
class _Return:
    """A statutory return or shared table of the sector."""

    name: str
    keeps_local_data: bool = False

    def write_batch(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: TargetSettings
    ) -> Iterable[Finding]:
        """Write the return and, beside it, what it leaves out."""
        from eh_interop.formats.returns import ReturnOptions, write_return

        options = ReturnOptions(formats=settings.forms, authority=settings.authority)
        written = write_return(self.name, records, folder, settings.as_of, options)
        notes = {
            "edition": written.edition,
            "rows": dict(written.rows),
            "outside": dict(written.outside),
            "ignored": dict(written.ignored),
            "lost": [
                {"record": loss.record, "field": loss.pointer, "why": loss.why}
                for loss in written.lost
            ],
            "unfilled": dict(written.unfilled),
            "notes": list(written.notes),
        }
        (folder / NOTES).write_bytes(orjson.dumps(notes, option=orjson.OPT_INDENT_2) + b"\n")
        return [about.finding for about in written.findings]


_PRETTY: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_WRITERS: Final[tuple[RecordWriter | BatchWriter, ...]] = (
    _Json("json", ".json", "", _PRETTY, has_lines=False),
    _Json("ndjson", "", "records.ndjson", orjson.OPT_APPEND_NEWLINE, has_lines=True),
    _Fhir("fhir", ".json", has_lines=True),
    _Fhir("fhir-xml", ".xml", has_lines=False),
    _Tables("csv"),
    _Workbooks("xlsx"),
    _Return("annex-a"),
    _Return("ssd"),
    _Return("cin"),
)
_TARGETS: Final[Mapping[str, Target]] = {
    writer.name: writer for writer in sorted(_WRITERS, key=lambda writer: writer.name)
}
