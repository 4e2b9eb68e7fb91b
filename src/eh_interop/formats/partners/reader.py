"""Read a partner's file, or those of a folder, as source records, by a mapping."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.core.errors import MappingError, UnreadableInputError
from eh_interop.core.findings import Finding
from eh_interop.formats.partners.compiled import CompiledMapping
from eh_interop.formats.partners.compiling import look_up
from eh_interop.formats.partners.entry_values import FileSummary
from eh_interop.formats.partners.mapping_checks import compiled_or_refused
from eh_interop.formats.partners.mapping_table import MappingTable, load_table
from eh_interop.formats.partners.table_source import TableRecords, open_partner_table, tables_of
from eh_interop.formats.partners.tree_records import TreeRecords
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reading.streams import RefusedError, seekable
from eh_interop.standard.areas import Area

SUFFIXES: Final = {
    "csv": (".csv", ".tsv", ".txt"),
    "json": (".json", ".ndjson", ".jsonl"),
    "ods": (".ods",),
    "xlsx": (".xlsx",),
    "xml": (".xml",),
}
"""How the names of a partner's files end, by the format that a mapping names."""


class PartnerFile(Iterator[SourceRecord]):
    """The records of a partner's file, one at a time; it is opened with the first.

    What is wrong with the file as a whole is the last: without a document, and not a record.
    A file that cannot be read, or not to its end, gives no more records and such a finding.

    Attributes:
        name: what lineage and findings call the file.
    """

    def __init__(self, source: Path | BinaryIO, mapping: CompiledMapping, name: str) -> None:
        self.name = name
        self._source, self._mapping = source, mapping
        self._file: TableRecords | TreeRecords | None = None
        self._records = self._read()

    def __next__(self) -> SourceRecord:
        """Return the next record."""
        return next(self._records)

    @property
    def summary(self) -> FileSummary:
        """What is known of the file: headings, columns not mapped, counts; whole at the end."""
        return self._file.summary if self._file else FileSummary(self.name)

    def _read(self) -> Iterator[SourceRecord]:
        refusals: list[Finding] = []
        try:
            for table in tables_of(self._mapping.table):
                with self._open(table) as opened:
                    self._file = opened
                    yield from opened.records()
                if self.summary.sheet != table.sheet:
                    break  # what was not converted comes back in one sheet
            self.summary.complete = True
        except RefusedError as error:
            sheet = error.origin.sheet or self.summary.sheet
            origin = replace(error.origin, file=self.name, sheet=sheet)
            refusals.append(error.fault.finding(error.message, origin))
        findings = (*(self._file.findings if self._file else ()), *refusals)
        if findings:
            yield SourceRecord(source=self.name, document=None, findings=findings, is_record=False)

    @contextmanager
    def _open(self, table: MappingTable) -> Iterator[TableRecords | TreeRecords]:
        source, mapping = self._source, self._mapping
        if table.tabular:
            before = self._file if isinstance(self._file, TableRecords) else None
            with open_partner_table(source, table, mapping) as opened:
                yield TableRecords(opened, mapping, self.name, before)
            return
        with seekable(source) as file:
            if table.format == "xml":
                # Its library takes time to import, and most files are tables.
                from eh_interop.formats.partners.xml_records import xml_records

                yield TreeRecords(xml_records(file, table), mapping, self.name)
            else:
                from eh_interop.formats.partners.json_records import json_records

                yield TreeRecords(json_records(file, table), mapping, self.name)


def read(
    source: str | Path | BinaryIO,
    mapping: MappingTable | str | Path,
    *,
    area: Area | None = None,
    name: str = "",
) -> PartnerFile:
    """Read a partner's file. The mapping is checked at once.

    Args:
        source: a path, or an open binary file.
        mapping: a mapping, the name of a shipped one, or a file of your own.
        area: the area of the records, instead of the one that the mapping names.
        name: what lineage and findings call the file; its own name if left out.

    Raises:
        MappingError: the mapping is not right.
        UnreadableInputError: there is no such file.
    """
    table = mapping if isinstance(mapping, MappingTable) else load_table(mapping)
    compiled = compiled_or_refused(table, area)
    if isinstance(source, str):
        source = Path(source)
    if isinstance(source, Path) and not source.is_file():
        raise UnreadableInputError(f"{source.name}: there is no such file.")
    called = name or (source.name if isinstance(source, Path) else "-")
    return PartnerFile(source, compiled, called)


def partner_files(source: str | Path, mapping: str | Path) -> list[PartnerFile]:
    """Return a file, or the files of a folder and its folders that a mapping may read.

    The mapping is compiled once for all of them.

    Raises:
        MappingError: the mapping is not right.
        UnreadableInputError: there is no such file, or none in the folder.
    """
    path = Path(source)
    if not path.is_dir():
        return [read(path, mapping)]
    table = load_table(mapping)
    suffixes = SUFFIXES[table.format]
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in suffixes)
    if not files:
        endings = ", ".join(suffixes)
        raise UnreadableInputError(f"{path.name}: no file here ends with {endings}.")
    compiled = compiled_or_refused(table)
    return [PartnerFile(file, compiled, file.name) for file in files]


def headings_of(path: Path, table: MappingTable) -> tuple[str, ...] | None:
    """Return the headings of a partner's file; None if the mapping reads no tables.

    Raises:
        MappingError: the mapping names no record type that exists.
        UnreadableInputError: the file cannot be read.
    """
    if not table.tabular:
        return None
    compiled, problems = look_up(table)
    if compiled is None:
        raise MappingError(f"{table.origin}: {problems[0].message}")
    try:
        with open_partner_table(path, table, compiled) as opened:
            return opened.headings
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None
