"""Records from the rows of a table: columns found, rows of one record brought together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from eh_interop.formats.partners.build import Builder
from eh_interop.formats.partners.compiling import NUMBER
from eh_interop.formats.partners.headings import Bound, fold, match, shown
from eh_interop.formats.partners.opening import open_partner_table
from eh_interop.formats.partners.places import (
    Column,
    PartnerFinding,
    Where,
    finding_at,
)
from eh_interop.formats.partners.values.cells import MisreadError, text_of
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.tabular import OpenTable, TableRow, column_letters

if TYPE_CHECKING:
    from eh_interop.formats.partners.reading import PartnerRecord, Reading

_MOST_LISTED: Final = 200
"""Columns that are named one by one; the rest are counted."""


def read_rows(source: Path | BinaryIO, reading: Reading) -> Iterator[PartnerRecord]:
    """Yield the records of a table.

    Raises:
        RefusedError: the file cannot be read.
    """
    plan = reading.plan
    with open_partner_table(source, plan.table, plan) as grid:
        yield from _Rows(grid, reading).records()


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column that the mapping reads: which row of it, and for which entry."""

    bound: Bound
    column: Column
    by: tuple[int, ...] = ()


class _Rows:
    """The rows of one table, on their way into records."""

    def __init__(self, grid: OpenTable, reading: Reading) -> None:
        self._grid, self._reading, self._plan = grid, reading, reading.plan
        self._table = self._plan.table
        self._matched = match(self._plan, grid.headings)
        self._width = len(grid.headings)
        summary = reading.summary
        summary.sheet, summary.encoding = grid.sheet, grid.encoding
        summary.delimiter, summary.headings = grid.delimiter, grid.headings
        self._at = {fold(each): index for index, each in reversed(list(enumerate(grid.headings)))}
        self._key = self._columns(self._table.key)
        self._id = self._columns(self._table.id)
        self._cells = [self._cell(each) for each in self._matched.bound]
        # A second column with a heading that is mapped stays out of the record's fields.
        self._locals = [(index, self._column(index)) for index in self._matched.unmapped]
        self._has_own_id = any(each.row.row.ours == "/recordId" for each in self._matched.bound)
        self._seen: set[int] = set()

    def _columns(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._at[fold(name)] for name in names if fold(name) in self._at)

    def _column(self, index: int, line: int = 0) -> Column:
        heading = " ".join(self._grid.headings[index].split())
        return Column(
            file=self._reading.summary.file,
            sheet=self._grid.sheet,
            letter=column_letters(index),
            heading=heading,
            mapping=self._table.origin,
            mapping_line=line,
        )

    def _cell(self, bound: Bound) -> _Cell:
        part = self._plan.parts[bound.row.part].row if bound.row.part >= 0 else None
        by = self._columns(part.by) if part else ()
        return _Cell(bound, self._column(bound.index, bound.row.row.line), by)

    def records(self) -> Iterator[PartnerRecord]:
        self._say_columns()
        self._say_notes()
        if not self._matched.bound:
            raise RefusedError(
                PartnerFault.NO_HEADINGS,
                f"None of the headings of the mapping stands in row {self._table.header_row}. "
                "Say header-row if they stand in another one.",
                row=self._table.header_row,
            )
        self._require()
        group: list[TableRow] = []
        for row in self._filled():
            if group and not self._belongs(group[0], row):
                yield self._record(group)
                group = []
            group.append(row)
        if group:
            yield self._record(group)
        self._say_blank_rows()
        self._say_notes()

    def _filled(self) -> Iterator[TableRow]:
        """Yield the rows in which something stands."""
        summary = self._reading.summary
        for row in self._grid.rows:
            for cell in row.cells:
                if (
                    cell is not None
                    and cell != ""
                    and not (isinstance(cell, str) and not cell.strip())
                ):
                    summary.rows += 1
                    yield row
                    break
            else:
                if row.number in self._grid.faults:
                    summary.rows += 1
                    yield row
                else:
                    summary.blank_rows += 1

    def _belongs(self, first: TableRow, row: TableRow) -> bool:
        if not self._key:
            return False
        key = self._texts(row, self._key)
        return any(key) and key == self._texts(first, self._key)

    def _texts(self, row: TableRow, columns: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._text(row, index) for index in columns)

    def _text(self, row: TableRow, index: int) -> str:
        try:
            return text_of(row.cells[index]) if index < len(row.cells) else ""
        except MisreadError:
            return ""

    def _record(self, group: Sequence[TableRow]) -> PartnerRecord:
        from eh_interop.formats.partners.reading import PartnerRecord, RawRow

        builder = Builder(self._plan)
        for row in group:
            self._row(builder, row)
        identity = self._identity(builder, group[0])
        rows = tuple(RawRow(row.number, tuple(_raw(cell) for cell in row.cells)) for row in group)
        if builder.is_empty:
            message = "No field of the mapping has anything in this row. No record was made of it."
            builder.findings.append(self._finding(PartnerFault.NOTHING_IN_IT, message, group[0]))
            return PartnerRecord(None, tuple(builder.findings), rows)
        record, where = builder.record(identity)
        self._reading.summary.records += 1
        return PartnerRecord(record, tuple(builder.findings), rows, where)

    def _row(self, builder: Builder, row: TableRow) -> None:
        cells, width = row.cells, len(row.cells)
        if width > self._width and any(text for text in map(_raw, cells[self._width :])):
            message = "This row has more cells than there are headings: some may be shifted."
            builder.findings.append(self._finding(PartnerFault.ROW_SHIFTED, message, row))
        for each in self._cells:
            index = each.bound.index
            if index >= width:
                continue
            cell = cells[index]
            if cell is None or cell == "":
                continue
            where = Where(each.column, row.number, row.line)
            key = self._texts(row, each.by) if each.by else each.bound.number
            if each.by:
                builder.number_of(each.bound.row.part, key)
            builder.value(each.bound.row, key, cell, where)
        self._keep_unmapped(builder, row)

    def _keep_unmapped(self, builder: Builder, row: TableRow) -> None:
        width = len(row.cells)
        for index, column in self._locals:
            if index < width and row.cells[index] not in {None, ""}:
                builder.local(Where(column, row.number, row.line), row.cells[index])
        for index, fault, message in self._grid.faults.get(row.number, ()):
            if index < self._width:
                where = Where(self._column(index), row.number)
                builder.findings.append(finding_at(fault, message, where))

    def _finding(self, fault: PartnerFault, message: str, row: TableRow) -> PartnerFinding:
        column = Column(self._reading.summary.file, self._grid.sheet)
        return finding_at(fault, message, Where(column, row.number, row.line))

    def _identity(self, builder: Builder, row: TableRow) -> tuple[str, ...]:
        """Return the texts from which the id is made, and say if those declared are missing."""
        declared = self._id or self._key
        texts = self._texts(row, declared)
        if self._key:
            self._say_apart(builder, row)
        if declared and any(texts):
            return texts
        if declared and not self._has_own_id:
            message = "The columns that tell records apart are empty in this row."
            builder.findings.append(self._finding(PartnerFault.KEY_MISSING, message, row))
            return (str(row.number), *map(_raw, row.cells))
        return tuple(map(_raw, row.cells))

    def _say_apart(self, builder: Builder, row: TableRow) -> None:
        """Say if the key was there before. Of each key only a number of 64 bits is kept."""
        texts = self._texts(row, self._key)
        number = hash(texts)
        if any(texts) and number in self._seen:
            message = "Earlier rows have the same key. Sort the file by the key columns."
            builder.findings.append(self._finding(PartnerFault.ROWS_APART, message, row))
        self._seen.add(number)

    def _require(self) -> None:
        missing = [each.row.theirs for each in self._matched.missing if each.row.required]
        missing += [
            name for name in (*self._table.key, *self._table.id) if fold(name) not in self._at
        ]
        if missing:
            raise RefusedError(
                PartnerFault.NO_HEADINGS,
                f"The file has no heading {missing[0]}, without which it cannot be read.",
                row=self._table.header_row,
            )

    def _say_columns(self) -> None:
        row = self._table.header_row
        say = self._reading.findings.append
        for each in self._matched.missing:
            column = Column(
                self._reading.summary.file,
                self._grid.sheet,
                heading=each.row.theirs.replace(NUMBER, "1"),
                mapping=self._table.origin,
                mapping_line=each.row.line,
            )
            message = "The file has no column with this heading."
            say(finding_at(PartnerFault.HEADING_MISSING, message, Where(column, row)))
        listed = set(self._matched.twice)
        for index in self._matched.twice:
            message = "An earlier column has the same heading. That one is read."
            say(self._of_column(PartnerFault.HEADING_TWICE, message, index))
        unmapped = [index for index in self._matched.unmapped if index not in listed]
        self._reading.summary.unmapped = tuple(
            shown(self._grid.headings[index]) or f"Column {column_letters(index)}"
            for index in unmapped
        )
        message = "This column is not in the mapping. It is kept as local data."
        for index in unmapped[:_MOST_LISTED]:
            say(self._of_column(PartnerFault.COLUMN_NOT_MAPPED, message, index))

    def _of_column(self, fault: PartnerFault, message: str, index: int) -> PartnerFinding:
        column = self._column(index)
        told = Column(column.file, column.sheet, column.letter, shown(column.heading))
        return finding_at(fault, message, Where(told, self._table.header_row))

    def _say_notes(self) -> None:
        """Pass on what the file's reader has noted so far."""
        for fault, message, sheet, row in self._grid.notes:
            where = Where(Column(self._reading.summary.file, sheet), row)
            self._reading.findings.append(finding_at(fault, message, where))
        self._grid.notes.clear()

    def _say_blank_rows(self) -> None:
        count = self._reading.summary.blank_rows
        if count:
            message = f"{count:,} blank {'row was' if count == 1 else 'rows were'} skipped."
            where = Where(Column(self._reading.summary.file, self._grid.sheet), 0)
            self._reading.findings.append(finding_at(PartnerFault.BLANK_ROWS, message, where))


def _raw(cell: Any) -> str:
    """Return a cell as text for the file of rejects, as near to the partner's own as can be."""
    if isinstance(cell, str):
        return cell
    try:
        return text_of(cell)
    except MisreadError:
        return ""
