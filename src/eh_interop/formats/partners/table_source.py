"""The tables of partners: opened as a mapping declares, and their rows brought together to records.

A rejects file is the partner's own with one more column, which holds the reasons why its
rows were not converted. It is corrected and sent again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from eh_interop.checks.subject import speaks_of_immediate_risk
from eh_interop.core.csv_injection import unescape
from eh_interop.core.findings import Finding
from eh_interop.formats._shared.cells import text_or_blank
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.signals import may_speak
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
    quotable,
)
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.formats.partners.record_builder import RecordBuilder, made_id
from eh_interop.formats.partners.rows import (
    RowWidths,
    Seen,
    SeenIds,
    looks_like_headings,
    realigned,
    slips_at,
)
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.source_record import REJECTS, OriginalRows, SourceRecord, read_or_tell
from eh_interop.reading.streams import RefusedError, seekable
from eh_interop.reading.tabular import (
    OpenTable,
    TableRow,
    column_letters,
    is_beside_the_table,
    open_table,
)
from eh_interop.standard.finding_codes import FindingName
from eh_interop.standard.quotable import quoted_or

_SHIFTED: Final = (
    "This row has more cells than there are headings. A delimiter in a text that is not in "
    "quotation marks moves what follows to other columns: put the text in quotation marks."
)
_OTHER_WIDTH: Final = (
    "This row has fewer or more cells than the others. If a delimiter is missing or too many in "
    "the middle, what follows stands in the wrong columns."
)
_OTHER_TABLE: Final = (
    "A second table begins above this row or in it. Put it into a sheet of its own, or into a file."
)
_HEAD_AGAIN: Final = "This row repeats the headings, and was left out."
_LEFT_OUT: Final = "This row looks like a total or a note below the table, and was left out."
MOST_LISTED: Final = 200
"""Columns that are named one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class _ReadColumn:
    """A column that the mapping reads.

    Attributes:
        by: the columns that tell entries of its part apart.
        rows: which rows are entries: a column, the words in it, and whether they are those.
    """

    bound: BoundColumn
    column: SourceColumn
    by: tuple[int, ...] = ()
    rows: tuple[tuple[int, frozenset[str], bool], ...] = ()

    def applies(self, row: TableRow) -> bool:
        """Return whether a row is an entry."""
        return all(
            (fold_label(*_texts(row, (at,))) in words) is wanted for at, words, wanted in self.rows
        )


class TableRecords:
    """The records of one table; ``before``: those of an earlier sheet of the same file.

    Attributes:
        summary: what is known of the file so far.
        findings: what is wrong with the file as a whole, as far as it was read.
    """

    def __init__(
        self,
        table: OpenTable,
        mapping: CompiledMapping,
        file: str,
        before: TableRecords | None = None,
    ) -> None:
        self._opened, self._mapping, self._table = table, mapping, mapping.table
        self._sheet = quoted_or(table.sheet, "", [mapping.table.sheet])
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
        self._seen_ids = SeenIds()
        self._widths = RowWidths(table.rows, len(table.headings), delimited=bool(table.delimiter))
        listed = set(self._binding.duplicates)
        self._unmapped = [index for index in self._binding.unmapped if index not in listed]
        self.summary = FileSummary(
            file=file,
            sheet=table.sheet,
            encoding=table.encoding,
            delimiter=table.delimiter,
            headings=table.headings,
            unmapped=tuple(
                quotable(table.headings[index]) or f"Column {column_letters(index)}"
                for index in self._unmapped
            ),
        )
        self._other_from = 0  # the row from which another table stands in the sheet
        self._is_further = before is not None
        if before is not None:
            self._go_on_from(before)

    def _go_on_from(self, before: TableRecords) -> None:
        self.findings, summary = before.findings, before.summary
        self._seen_keys, self._seen_ids = before._seen_keys, before._seen_ids
        self.summary.records, self.summary.rows = summary.records, summary.rows

    def _columns(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._index[fold(name)] for name in names if fold(name) in self._index)

    def _column(self, index: int, line: int = 0) -> SourceColumn:
        return SourceColumn(
            file=self._file,
            sheet=self._sheet,
            letter=column_letters(index),
            heading=one_line(self._headings[index]) if index < len(self._headings) else "",
            mapping=self._table.origin,
            mapping_line=line,
        )

    def _read_column(self, bound: BoundColumn) -> _ReadColumn:
        field = bound.field
        column = self._column(bound.index, field.row.line)
        if field.part < 0:
            return _ReadColumn(bound, column)
        part = self._mapping.parts[field.part].row
        rows = tuple(
            (at, frozenset(map(fold_label, words)), wanted)
            for stated, wanted in ((part.where, True), (part.where_not, False))
            for name, words in stated.items()
            for at in self._columns((name,))
        )
        return _ReadColumn(bound, column, self._columns(part.by), rows)

    def records(self) -> Iterator[SourceRecord]:
        """Yield the records.

        Raises:
            RefusedError: the table cannot be read, or not any further.
        """
        if self._binding.bound:
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
            yield self._fenced_record(group)
        if not self.summary.rows:
            message = "There are headings, and no row below them."
            self._report(PartnerFault.NO_ROWS, message, self._source(self._table.header_row))
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
        faults, summary, after_blank = self._opened.faults, self.summary, False
        for row in self._widths.rows:
            is_blank = row.number not in faults and not any(map(_is_filled, row.cells))
            is_head = self._is_head_again(row)
            if after_blank and not is_blank and not is_head and looks_like_headings(row.cells):
                self._other_from = self._other_from or row.number
            after_blank = is_blank
            if is_blank:
                summary.blank_rows += 1
            elif is_head:
                self._report(PartnerFault.ROW_LEFT_OUT, _HEAD_AGAIN, self._source(row.number))
            elif is_beside_the_table(row.cells, len(self._headings)):
                self._report(PartnerFault.ROW_LEFT_OUT, _LEFT_OUT, self._source(row.number))
            else:
                summary.rows += 1
                yield row

    def _is_head_again(self, row: TableRow) -> bool:
        """Return whether a row repeats the headings, as on each page of what was printed."""
        texts = [_raw_text(cell).strip() for cell in row.cells]
        return any(texts) and texts == [heading.strip() for heading in self._headings]

    def _belongs(self, first: TableRow, row: TableRow) -> bool:
        if not self._key or any(map(self._slips, (first, row))):
            return False
        key = _texts(row, self._key)
        return any(key) and key == _texts(first, self._key)

    def _fenced_record(self, group: Sequence[TableRow]) -> SourceRecord:
        origin = self._source(group[0].number).origin
        make, rows = partial(self._record, group), partial(self._original, group)
        return read_or_tell(make, self._file, origin, rows)

    def _original(self, group: Sequence[TableRow]) -> OriginalRows:
        rows = tuple(tuple(map(_raw_text, row.cells)) for row in group)
        return OriginalRows(self._headings, rows)

    def _record(self, group: Sequence[TableRow]) -> SourceRecord:
        builder = RecordBuilder(self._mapping)
        builder.watchful = any(may_speak(self._all_text(row)) for row in group)
        slipped = self._slips(group[0])
        for row in group:
            if slipped:
                row = row._replace(cells=realigned(row.cells, self._opened.delimiter))  # noqa: PLW2901
            self._take_row(builder, row)
        self._report_width(builder, group)
        first = self._source(group[0].number)
        is_other = 0 < self._other_from <= group[0].number
        if is_other:
            builder.report(PartnerFault.OTHER_TABLE, _OTHER_TABLE, first)
        rows = tuple(tuple(map(_raw_text, row.cells)) for row in group)
        identity = self._identity(builder, group[0], first)
        document, locator, is_record = None, None, True
        if builder.is_empty:
            message = "No field of the mapping has anything in this row. No record was made of it."
            builder.report(PartnerFault.NOTHING_IN_IT, message, first)
        else:
            document, sources = builder.build(identity)
            locator = ValueLocator(sources, first.origin)
            if (slipped or is_other) and not speaks_of_immediate_risk(document):
                document = None  # nobody knows which cell belongs to which column
            else:
                document = self._with_own_id(builder, document, rows, first)
                is_record = document is not None
        if document is not None:
            self.summary.records += 1
        return SourceRecord(
            source=self._file,
            position=first.origin,
            document=document,
            findings=tuple(builder.findings),
            locator=locator,
            original=self._original(group) if is_record else None,
            is_record=is_record,
        )

    def _with_own_id(
        self,
        builder: RecordBuilder,
        document: dict[str, Any],
        rows: tuple[tuple[str, ...], ...],
        source: ValueSource,
    ) -> dict[str, Any] | None:
        """Return a record with an id that no other has; None if its rows were sent twice."""
        seen, fresh = self._seen_ids.see(document["recordId"], rows), False
        if seen is Seen.OTHER:
            own = made_id(self._table.mapping, [cell for row in rows for cell in row])
            document, fresh = {**document, "recordId": own}, True
            seen = self._seen_ids.see(own, rows)
        if seen is Seen.SAME:
            builder.findings.clear()
            message = "This row stands in the file already. One record was made of both."
            builder.report(PartnerFault.SENT_TWICE, message, source)
            return None
        if fresh and not self._key:
            message = (
                "An earlier row has the same id. This one got an id of its content. If both are "
                "about one referral, say key in the mapping."
            )
            builder.report(PartnerFault.SAME_ID, message, source, ("recordId",))
        return document

    def _take_row(self, builder: RecordBuilder, row: TableRow) -> None:
        cells, width = row.cells, len(row.cells)
        most = len(self._headings)
        passed_over: dict[int, SourceColumn] = {}
        taken: set[int] = set()
        for read in self._read:
            index = read.bound.index
            if index >= width:
                continue
            cell = cells[index]
            if cell is None or cell == "":
                continue
            if read.rows and not read.applies(row):
                passed_over[index] = read.column
                continue
            taken.add(index)
            field = read.bound.field
            key: Any = read.bound.number
            if read.by:
                key = _texts(row, read.by)
                builder.open_entry(field.part, key)
            builder.take(field, key, cell, ValueSource(read.column, row.number))
        beside = [held for held in passed_over.items() if held[0] not in taken]
        for index, column in (*self._local, *beside, *self._beyond(width)):
            if index < width and cells[index] not in {None, ""}:
                builder.keep_local(ValueSource(column, row.number), cells[index])
        for cell_fault in self._opened.faults.get(row.number, ()):
            if cell_fault.column < most:
                source = ValueSource(self._column(cell_fault.column), row.number)
                builder.report(cell_fault.fault, cell_fault.message, source)

    def _beyond(self, width: int) -> Iterator[tuple[int, SourceColumn]]:
        """Yield the columns of a row that stand beyond the headings."""
        return ((index, self._column(index)) for index in range(len(self._headings), width))

    def _all_text(self, row: TableRow) -> str:
        is_text = bool(self._opened.delimiter)
        cells = row.cells if is_text else (cell for cell in row.cells if isinstance(cell, str))
        return "\x1f".join(cells)

    def _slips(self, row: TableRow) -> bool:
        """Return whether cells of a row have moved, and not only a delimiter stands at its end."""
        if not self._widths.is_too_wide(row):
            return False
        beyond = row.cells[len(self._headings) :]
        return any(map(_is_filled, beyond)) or slips_at(row.cells) is not None

    def _report_width(self, builder: RecordBuilder, group: Sequence[TableRow]) -> None:
        """Say if cells of a row of text have moved, and in which column."""
        for row in group:
            if self._slips(row):
                at = slips_at(row.cells)
                slipped = at is not None and at < len(self._headings)
                where = self._column(at or 0) if slipped else self._source(row.number).column
                builder.report(PartnerFault.ROW_SHIFTED, _SHIFTED, ValueSource(where, row.number))
            elif self._widths.is_too_wide(row) or self._widths.is_too_narrow(row):
                builder.report(PartnerFault.ROW_WIDTH, _OTHER_WIDTH, self._source(row.number))

    def _source(self, row: int) -> ValueSource:
        return ValueSource(SourceColumn(self._file, self._sheet), row)

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
            message = (
                "Earlier rows have the same key, and stand apart. This became another record. "
                "Sort the file by the key columns."
            )
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
            if field.protects:
                continue  # few files have such a column
            message = "The file has no column with this heading."
            heading = field.row.theirs.replace(NUMBER, "1")
            mapping, line = self._table.origin, field.row.line
            column = SourceColumn(self._file, self._sheet, "", heading, mapping, line)
            source = ValueSource(column, self._table.header_row)
            self._report(PartnerFault.HEADING_MISSING, message, source)
        message = "An earlier column has the same heading. That one is read."
        for index in self._binding.duplicates:
            self._report_index(PartnerFault.HEADING_TWICE, message, index)
        message = "This column is not in the mapping. It is kept as local data."
        for index in self._unmapped[:MOST_LISTED]:
            self._report_index(PartnerFault.COLUMN_NOT_MAPPED, message, index)

    def _report_index(self, fault: PartnerFault, message: str, index: int) -> None:
        heading = quotable(self._headings[index])
        column = SourceColumn(self._file, self._sheet, column_letters(index), heading)
        self._report(fault, message, ValueSource(column, self._table.header_row))

    def _report_notes(self) -> None:
        """Pass on what the file's reader has noted so far."""
        own = {self._table.sheet, *self._table.sheets}
        for note in self._opened.notes:
            if note.fault is PartnerFault.SHEET_NOT_READ and (
                note.sheet in own or self._is_further
            ):
                continue
            column = SourceColumn(self._file, quoted_or(note.sheet, "", [self._table.sheet]))
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


_HEAD: Final = 64 * 1024
REASONS: Final = "What to put right"
"""The heading of the column with the reasons. It tells that a file was written by us."""


def tables_of(table: MappingTable) -> list[MappingTable]:
    """Return a mapping for each of the sheets that it reads."""
    return [table, *(replace(table, sheet=name) for name in table.sheets)]


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
    with seekable(source) as file:
        name = source.name if isinstance(source, Path) else ""
        if is_rejects(file, name, workbook=table.format != "csv"):
            how: dict[str, Any] = {}
        else:
            how = {
                "sheet": table.sheet,
                "header_row": table.header_row,
                "group_row": table.group_row,
                "first_row": table.first_row,
                "workbook": table.format != "csv",
                "encoding": table.encoding,
                "delimiter": table.delimiter,
            }
        counter = heading_counter(mapping) if mapping else None
        with open_table(file, name=name, count_headings=counter, **how) as opened:
            yield strip_rejects_columns(opened)


def is_rejects(file: BinaryIO, name: str, *, workbook: bool) -> bool:
    """Return whether a file is one of our rejects, as it was written or saved as a workbook.

    Args:
        file: an open binary file; it stands at its beginning afterwards.
        name: the name of the file.
        workbook: whether the partner's own file is a workbook.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"PK"):
        return not workbook or name.startswith(REJECTS)
    text = head.decode("utf-8-sig", errors="replace")
    return REASONS in text and REASONS in next(csv.reader(io.StringIO(text, newline="")), ())


def strip_rejects_columns(table: OpenTable) -> OpenTable:
    """Return a table as the partner wrote it, if it is one of our rejects; any other as it is.

    The column of reasons goes, and the guards against CSV injection.
    """
    if REASONS not in table.headings:
        return table
    at = table.headings.index(REASONS)

    def own(cells: Sequence[Any]) -> list[Any]:
        kept = (*cells[:at], *cells[at + 1 :])
        return [unescape(cell) if isinstance(cell, str) else cell for cell in kept]

    rows = table.rows
    table.headings = tuple(own(table.headings))
    table.rows = (row._replace(cells=own(row.cells)) for row in rows)
    return table
