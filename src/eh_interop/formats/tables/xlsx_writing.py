"""Writes tables as the sheets of one workbook, with guidance and lists to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final, Self

from eh_interop.core.atomic import replaced_files
from eh_interop.core.errors import OutputError, optional_library
from eh_interop.formats.tables.cells import encoder
from eh_interop.formats.tables.guidance import CODE_SHEET, CodeSheet, ColumnGuide
from eh_interop.formats.tables.layout import (
    CanonicalTable,
    TableColumn,
    TableLayout,
    layout_of,
    sheet_name,
)
from eh_interop.formats.tables.long_texts import LongTextSheet
from eh_interop.formats.tables.rows import (
    OnLeftOut,
    OnRecord,
    RecordRows,
    RowCells,
    TablesWritten,
    ValidRecords,
)
from eh_interop.reading.tabular.limits import MAX_SHEET_ROWS
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.schemas import load_standard

_FIRST_DAY: Final = "1900-03-01"
"""Before it, spreadsheets do not agree on the number of a day."""
_EPOCH: Final = date(1899, 12, 30).toordinal()
_EXACT: Final = 10**15
"""Spreadsheets keep fifteen digits of a number."""
_WIDTH: Final = 22
"""Of a column, in characters."""
_TALL: Final = 90
"""Of the row of guidance, in points."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_workbook(
    records: Iterable[Mapping[str, Any]],
    path: Path,
    *,
    tell: OnLeftOut | None = None,
    note: OnRecord | None = None,
) -> TablesWritten:
    """Write records of one type as one workbook.

    The file appears when it is complete. Memory does not grow with the number of
    records, long texts aside.

    Args:
        records: all of the same type.
        path: the file; one that is there is replaced.
        tell: is called with what did not fit the standard and was left out.
        note: is called with each record as it is written, such as :meth:`RoundTripCheck.note`.

    Raises:
        OutputError: there are no records, their types differ, or a sheet
            cannot hold them all.
        MissingExtraError: the extra ``xlsx`` is not installed.
        OSError: the file cannot be written.
    """
    valid = ValidRecords(records, tell, note)
    with replaced_files(path.parent) as hidden:
        kept = iter(valid)
        first = next(kept, None)
        if first is None:
            raise OutputError("There are no records to write into a workbook.")
        layout = layout_of(first["recordType"], first["standardVersion"])
        guide = ColumnGuide(load_standard(layout.version))
        with WorkbookWriter(layout, hidden / path.name, guide) as book:
            for record in chain((first,), kept):
                book.add(record)
    return TablesWritten(book.records, valid.left_out)


def xlsx_cell(field: Field) -> Callable[[Any], Any]:
    """Return what makes a cell of a workbook of a value: a text, number, day or truth value."""
    if field.repeats:
        return encoder(field)
    return _TYPED.get(field.kind) or encoder(field)


def _number(value: float) -> float | str:
    if isinstance(value, int):
        return value if abs(value) < _EXACT else repr(value)
    exact = not value.is_integer() and float(f"{value:.15g}") == value
    return value if exact else repr(value)


def _day(value: str) -> date | str:
    return date.fromisoformat(value) if value >= _FIRST_DAY else value


_TYPED: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.BOOLEAN: bool,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.DATE: _day,
}


class WorkbookWriter:
    """A workbook of one record type, written little by little.

    Attributes:
        records: how many it holds so far.
    """

    def __init__(self, layout: TableLayout, path: Path, guide: ColumnGuide) -> None:
        self._layout = layout
        self.records = 0
        # What the library keeps on disk meanwhile is personal: it stays beside the file.
        options = {**_OPTIONS, "tmpdir": str(path.parent)}
        self._book = optional_library("xlsxwriter", "xlsx", "Workbooks need").Workbook(
            str(path), options
        )
        self._book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        self._rows = RecordRows(layout, xlsx_cell)
        lists = CodeSheet(layout, guide)
        self._sheets = [
            _TableSheet(self._book, layout, table, guide, lists) for table in layout.tables
        ]
        lists.write(self._book.add_worksheet(CODE_SHEET))
        self._long = LongTextSheet(self._book)

    def add(self, record: Mapping[str, Any]) -> None:
        """Write a record that fits the standard.

        Raises:
            OutputError: it is of another type, or a sheet is full.
        """
        if record["recordType"] != self._layout.record_type:
            raise OutputError(
                "A workbook holds records of one type. Write one workbook for each type, or CSV."
            )
        self.records += 1
        for sheet, rows in zip(self._sheets, self._rows.of(record, self.records), strict=True):
            for row in rows:
                sheet.add(row, self._long)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if not failed:
            self._book.close()
            return
        for sheet in self._book.worksheets():  # the library has no way to give up
            sheet.row_data_fh.close()


class _TableSheet:
    def __init__(
        self,
        book: Any,
        layout: TableLayout,
        table: CanonicalTable,
        guide: ColumnGuide,
        lists: CodeSheet,
    ) -> None:
        self._sheet = book.add_worksheet(sheet_name(layout, table))
        self._text = book.add_format({"num_format": "@"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._next = 2
        self._columns(table, lists)
        heading = book.add_format({"bold": True, "bg_color": "#1d70b8", "font_color": "#ffffff"})
        advice = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        for at, name in enumerate(table.headings):
            self._sheet.write_string(0, at, name, heading)
        self._sheet.set_row(1, _TALL)
        for at, text in enumerate(guide.row(table)):
            self._sheet.write_string(1, at, text, advice)
        self._sheet.freeze_panes(2, len(table.keys))

    def _columns(self, table: CanonicalTable, lists: CodeSheet) -> None:
        """Set formats and lists to choose from, for all rows that may come."""
        keys = len(table.lead)
        self._sheet.set_column(0, keys - 1, _WIDTH / 2)
        for at, column in enumerate(table.columns, keys):
            self._sheet.set_column(at, at, _WIDTH, self._format(column))
            choice = _choice(column, lists)
            if choice:
                self._sheet.data_validation(2, at, MAX_SHEET_ROWS - 1, at, choice)

    def _format(self, column: TableColumn) -> Any:
        kind = column.field.kind
        if column.field.repeats or kind not in _TYPED:
            return self._text
        return self._date if kind is Kind.DATE else None

    def add(self, row: RowCells, long: LongTextSheet) -> None:
        at, self._next = self._next, self._next + 1
        if at >= MAX_SHEET_ROWS:
            raise OutputError(
                f"A sheet holds {MAX_SHEET_ROWS:,} rows and no more. Write these records as CSV."
            )
        sheet = self._sheet
        for index, value in enumerate(row):
            if value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(at, index, long.cell(value), self._text)
            elif isinstance(value, bool):
                sheet.write_boolean(at, index, value)
            elif isinstance(value, date):
                sheet.write_number(at, index, value.toordinal() - _EPOCH, self._date)
            else:
                sheet.write_number(at, index, value)


def _choice(column: TableColumn, lists: CodeSheet) -> dict[str, Any] | None:
    """Return what may be chosen in a column: a list, if it holds one code."""
    field = column.field
    if field.repeats or field.kind not in {Kind.CODE, Kind.BOOLEAN}:
        return None
    source = ["TRUE", "FALSE"] if field.kind is Kind.BOOLEAN else lists.range(field.code_list)
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": "Not in the list",
        "error_message": "Please choose from the list.",
    }
