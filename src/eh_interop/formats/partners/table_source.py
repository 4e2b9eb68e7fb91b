"""The tables of partners: opened as a mapping declares, and their rows brought together to records.

A rejects file is the partner's own with one more column, which holds the reasons why its
rows were not converted. It is corrected and sent again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from eh_interop.core.csv_injection import unescape
from eh_interop.core.findings import Finding
from eh_interop.formats.partners.cells import text_or_blank
from eh_interop.formats.partners.compiled import CompiledMapping
from eh_interop.formats.partners.compiling import NUMBER
from eh_interop.formats.partners.entry_values import (
    FileSummary,
    SourceColumn,
    ValueLocator,
    ValueSource,
)
from eh_interop.formats.partners.headings import (
    BoundColumn,
    bind,
    fold,
    heading_counter,
    one_line,
    shown,
)
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.formats.partners.record_builder import RecordBuilder
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.source_record import OriginalRows, SourceRecord
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import OpenTable, TableRow, column_letters, open_table
from eh_interop.standard.finding_codes import FindingName

MOST_LISTED: Final = 200
"""Columns that are named one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class _ReadColumn:
    """A column that the mapping reads; ``by``: the columns that tell entries of its part apart."""

    bound: BoundColumn
    column: SourceColumn
    by: tuple[int, ...] = ()


class TableRecords:
    """The records of one table.

    Attributes:
        summary: what is known of the file so far.
        findings: what is wrong with the file as a whole, as far as it was read.
    """

    def __init__(self, table: OpenTable, mapping: CompiledMapping, file: str) -> None:
        self._opened, self._mapping, self._table = table, mapping, mapping.table
        self._file, self._headings = file, table.headings
        self.findings: list[Finding] = []
        self._binding = bind(mapping, table.headings)
        by_heading = reversed(list(enumerate(table.headings)))
        self._index = {fold(heading): index for index, heading in by_heading}
        self._key = self._columns(self._table.key)
        self._id = self._columns(self._table.id)
        self._read = [self._read_column(bound) for bound in self._binding.bound]
        # A second column with a heading that is mapped stays out of the record's fields.
        self._local = [(index, self._column(index)) for index in self._binding.unmapped]
        self._has_own_id = any(bound.field.row.ours == "/recordId" for bound in self._binding.bound)
        self._seen_keys: set[int] = set()
        listed = set(self._binding.duplicates)
        self._unmapped = [index for index in self._binding.unmapped if index not in listed]
        self.summary = FileSummary(
            file=file,
            sheet=table.sheet,
            encoding=table.encoding,
            delimiter=table.delimiter,
            headings=table.headings,
            unmapped=tuple(
                shown(table.headings[index]) or f"Column {column_letters(index)}"
                for index in self._unmapped
            ),
        )

    def _columns(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._index[fold(name)] for name in names if fold(name) in self._index)

    def _column(self, index: int, line: int = 0) -> SourceColumn:
        return SourceColumn(
            file=self._file,
            sheet=self._opened.sheet,
            letter=column_letters(index),
            heading=one_line(self._headings[index]),
            mapping=self._table.origin,
            mapping_line=line,
        )

    def _read_column(self, bound: BoundColumn) -> _ReadColumn:
        field = bound.field
        by = self._columns(self._mapping.parts[field.part].row.by) if field.part >= 0 else ()
        return _ReadColumn(bound, self._column(bound.index, field.row.line), by)

    def records(self) -> Iterator[SourceRecord]:
        """Yield the records.

        Raises:
            RefusedError: the table cannot be read, or not any further.
        """
        self._report_columns()
        self._report_notes()
        if not self._binding.bound:
            raise RefusedError(
                PartnerFault.NO_HEADINGS,
                f"None of the headings of the mapping is in row {self._table.header_row}. "
                "Say header-row if they are in another one.",
                row=self._table.header_row,
            )
        self._require_columns()
        for group in self._groups():
            yield self._record(group)
        self._report_blank_rows()
        self._report_notes()

    def _groups(self) -> Iterator[list[TableRow]]:
        """Yield the rows of each record: those that stand together and have the same key."""
        group: list[TableRow] = []
        for row in self._filled():
            if group and not self._belongs(group[0], row):
                yield group
                group = []
            group.append(row)
        if group:
            yield group

    def _filled(self) -> Iterator[TableRow]:
        """Yield the rows in which something stands."""
        faults, summary = self._opened.faults, self.summary
        for row in self._opened.rows:
            if row.number in faults or any(map(_is_filled, row.cells)):
                summary.rows += 1
                yield row
            else:
                summary.blank_rows += 1

    def _belongs(self, first: TableRow, row: TableRow) -> bool:
        if not self._key:
            return False
        key = _texts(row, self._key)
        return any(key) and key == _texts(first, self._key)

    def _record(self, group: Sequence[TableRow]) -> SourceRecord:
        builder = RecordBuilder(self._mapping)
        for row in group:
            self._take_row(builder, row)
        first = self._source(group[0].number)
        identity = self._identity(builder, group[0], first)
        rows = tuple(tuple(_raw_text(cell) for cell in row.cells) for row in group)
        document, locator = None, None
        if builder.is_empty:
            message = "No field of the mapping has anything in this row. No record was made of it."
            builder.report(PartnerFault.NOTHING_IN_IT, message, first)
        else:
            document, sources = builder.build(identity)
            locator = ValueLocator(sources, first.origin)
            self.summary.records += 1
        return SourceRecord(
            source=self._file,
            position=first.origin,
            document=document,
            findings=tuple(builder.findings),
            locator=locator,
            original=OriginalRows(self._headings, rows),
        )

    def _take_row(self, builder: RecordBuilder, row: TableRow) -> None:
        cells, width = row.cells, len(row.cells)
        most = len(self._headings)
        if width > most and any(map(_raw_text, cells[most:])):
            message = "This row has more cells than there are headings: some may be shifted."
            builder.report(PartnerFault.ROW_SHIFTED, message, self._source(row.number))
        for read in self._read:
            index = read.bound.index
            if index >= width:
                continue
            cell = cells[index]
            if cell is None or cell == "":
                continue
            field = read.bound.field
            key: Any = read.bound.number
            if read.by:
                key = _texts(row, read.by)
                builder.open_entry(field.part, key)
            builder.take(field, key, cell, ValueSource(read.column, row.number))
        for index, column in self._local:
            if index < width and cells[index] not in {None, ""}:
                builder.keep_local(ValueSource(column, row.number), cells[index])
        for cell_fault in self._opened.faults.get(row.number, ()):
            if cell_fault.column < most:
                source = ValueSource(self._column(cell_fault.column), row.number)
                builder.report(cell_fault.fault, cell_fault.message, source)

    def _source(self, row: int) -> ValueSource:
        return ValueSource(SourceColumn(self._file, self._opened.sheet), row)

    def _identity(
        self, builder: RecordBuilder, row: TableRow, source: ValueSource
    ) -> tuple[str, ...]:
        """Return the texts from which the id is made, and say if those declared are missing."""
        declared = self._id or self._key
        texts = _texts(row, declared)
        if self._key:
            self._report_apart(builder, row, source)
        if declared and any(texts):
            return texts
        if declared and not self._has_own_id:
            message = "The columns that tell records apart are empty in this row."
            builder.report(PartnerFault.KEY_MISSING, message, source)
            return (str(row.number), *map(_raw_text, row.cells))
        return tuple(map(_raw_text, row.cells))

    def _report_apart(self, builder: RecordBuilder, row: TableRow, source: ValueSource) -> None:
        """Say if the key was there before. Of each key only a number of 64 bits is kept."""
        texts = _texts(row, self._key)
        number = hash(texts)
        if any(texts) and number in self._seen_keys:
            message = "Earlier rows have the same key. Sort the file by the key columns."
            builder.report(PartnerFault.ROWS_APART, message, source)
        self._seen_keys.add(number)

    def _require_columns(self) -> None:
        missing = [field.row.theirs for field in self._binding.missing if field.row.required]
        names = (*self._table.key, *self._table.id)
        missing += [name for name in names if fold(name) not in self._index]
        if missing:
            raise RefusedError(
                PartnerFault.NO_HEADINGS,
                f"The file has no heading {missing[0]}, without which it cannot be read.",
                row=self._table.header_row,
            )

    def _report(self, fault: FindingName, message: str, source: ValueSource) -> None:
        self.findings.append(fault.finding(message, source.origin))

    def _report_columns(self) -> None:
        for field in self._binding.missing:
            message = "The file has no column with this heading."
            heading = field.row.theirs.replace(NUMBER, "1")
            self._report_column(PartnerFault.HEADING_MISSING, message, heading)
        message = "An earlier column has the same heading. That one is read."
        for index in self._binding.duplicates:
            self._report_index(PartnerFault.HEADING_TWICE, message, index)
        message = "This column is not in the mapping. It is kept as local data."
        for index in self._unmapped[:MOST_LISTED]:
            self._report_index(PartnerFault.COLUMN_NOT_MAPPED, message, index)

    def _report_index(self, fault: PartnerFault, message: str, index: int) -> None:
        self._report_column(fault, message, shown(self._headings[index]), column_letters(index))

    def _report_column(
        self, fault: PartnerFault, message: str, heading: str, letter: str = ""
    ) -> None:
        column = SourceColumn(self._file, self._opened.sheet, letter, heading)
        self._report(fault, message, ValueSource(column, self._table.header_row))

    def _report_notes(self) -> None:
        """Pass on what the file's reader has noted so far."""
        for note in self._opened.notes:
            column = SourceColumn(self._file, note.sheet)
            self._report(note.fault, note.message, ValueSource(column, note.row))
        self._opened.notes.clear()

    def _report_blank_rows(self) -> None:
        count = self.summary.blank_rows
        if count:
            message = f"{count:,} blank {'row was' if count == 1 else 'rows were'} skipped."
            self._report(PartnerFault.BLANK_ROWS, message, self._source(0))


def _texts(row: TableRow, columns: Sequence[int]) -> tuple[str, ...]:
    cells = row.cells
    return tuple(text_or_blank(cells[at]) if at < len(cells) else "" for at in columns)


def _is_filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _raw_text(cell: Any) -> str:
    """Return a cell as text for the file of rejects, as near to the partner's own as can be."""
    return cell if isinstance(cell, str) else text_or_blank(cell)


REASONS: Final = "What to put right"
"""The heading of the column with the reasons. It tells that a file was written by us."""


@contextmanager
def open_partner_table(
    source: Path | BinaryIO, table: MappingTable, mapping: CompiledMapping | None = None
) -> Iterator[OpenTable]:
    """Open the table that a mapping reads.

    Args:
        source: a path, or an open binary file.
        table: the mapping, as its file says it.
        mapping: the same, compiled; its headings help to choose the delimiter.

    Raises:
        RefusedError: it cannot be read, or has no row of headings.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    with open_table(
        source,
        table.sheet,
        header_row=table.header_row,
        first_row=table.first_row,
        workbook=table.format != "csv",
        encoding=table.encoding,
        delimiter=table.delimiter,
        count_headings=heading_counter(mapping) if mapping else None,
    ) as opened:
        yield strip_rejects_columns(opened)


def strip_rejects_columns(table: OpenTable) -> OpenTable:
    """Return a table as the partner wrote it, if it is one of our rejects; any other as it is.

    The column of reasons goes, and the guards against CSV injection.
    """
    if REASONS not in table.headings or table.sheet:
        return table
    at = table.headings.index(REASONS)

    def own(cells: Sequence[str]) -> list[str]:
        return [unescape(cell) for cell in (*cells[:at], *cells[at + 1 :])]

    rows = table.rows
    table.headings = tuple(own(table.headings))
    table.rows = (row._replace(cells=own(row.cells)) for row in rows)
    return table
