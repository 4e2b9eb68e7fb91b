"""XLSX and ODS workbooks, read with python-calamine after a scan. Sheets are in memory."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from eh_interop.core.errors import optional_library
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular.limits import MAX_SHEETS
from eh_interop.reading.tabular.opened import TableRow, TabularFile, TabularSheet
from eh_interop.reading.tabular.outside import without_outside
from eh_interop.reading.tabular.workbook_scan import (
    ODS_SHEETS,
    SheetScan,
    check_cells,
    not_readable,
    open_package,
    read_index,
    scan_ods,
    scan_sheet,
)

_MOST_MERGED: Final = 10_000
"""Rows over which one merged cell is read."""
_LINK: Final = "relationships}id"
_ESCAPE: Final = re.compile("_x([Ff]{3}[EeFf])_")
"""Two characters that XML cannot hold, as spreadsheets write them. The library reads all others."""


@contextmanager
def workbook_file(file: BinaryIO, name: str) -> Iterator[TabularFile]:
    """Open a workbook, XLSX or ODS.

    Raises:
        RefusedError: it cannot be read, or is larger than is read.
        MissingExtraError: the extra ``xlsx`` is not installed.
    """
    calamine = optional_library("python_calamine", "xlsx", "Workbooks need")
    package = open_package(file)
    reader = _WorkbookReader(package, calamine, file)
    yield TabularFile(
        name=name,
        kind="ods" if reader.is_ods else "xlsx",
        open_sheet=reader.sheet,
        sheets=tuple(reader.visible),
        hidden=frozenset(sheet for sheet, shown in reader.visible.items() if not shown),
        has_pictures=any("media/" in part or "Pictures/" in part for part in package.namelist()),
    )


class _WorkbookReader:
    """The sheets of one workbook.

    Attributes:
        is_ods: it is a workbook of OpenDocument.
        visible: the names of its sheets, and whether a spreadsheet program shows them.
    """

    def __init__(self, package: zipfile.ZipFile, calamine: Any, file: BinaryIO) -> None:
        self._package, self._calamine = package, calamine
        self.is_ods = ODS_SHEETS in package.namelist()
        self._cells = scan_ods(package) if self.is_ods else 0
        file.seek(0)
        try:
            self._book = calamine.CalamineWorkbook.from_filelike(file)
            sheets = self._book.sheets_metadata
        except (calamine.CalamineError, OSError, ValueError):
            raise not_readable("This is not a workbook, or it is damaged.") from None
        if len(sheets) > MAX_SHEETS:
            raise not_readable(f"There are more than {MAX_SHEETS:,} sheets in this workbook.")
        self.visible: dict[str, bool] = {
            sheet.name: sheet.visible == calamine.SheetVisibleEnum.Visible
            for sheet in sheets
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        }

    def sheet(self, name: str) -> TabularSheet:
        """Read a sheet.

        Raises:
            RefusedError: it is damaged, or larger than is read.
        """
        try:
            scan = SheetScan() if self.is_ods else self._scan(name)
            sheet = self._book_of(scan, name).get_sheet_by_name(name)
        except (self._calamine.CalamineError, OSError, ValueError):
            raise not_readable("This sheet is damaged and cannot be read.") from None
        except RefusedError as error:
            row = error.origin.row
            raise RefusedError(error.fault, error.message, sheet=name, row=row) from None
        ranges = sorted(sheet.merged_cell_ranges or ())
        merged = [start[0] + 1 for start, _ in ranges]
        rows = _merged(_rows(sheet), ranges)
        return TabularSheet(name, rows, scan.faults, merged, scan.outside)

    def _book_of(self, scan: SheetScan, name: str) -> Any:
        if scan.edge is None:
            return self._book
        table = without_outside(self._package, self._part(name), scan.edge)
        return self._calamine.CalamineWorkbook.from_filelike(table)

    def _scan(self, name: str) -> SheetScan:
        scan = scan_sheet(self._package, self._part(name))
        self._cells += scan.cells
        check_cells(self._cells)
        return scan

    def _part(self, name: str) -> str:
        for sheet in read_index(self._package, "xl/workbook.xml"):
            if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
                link = next((value for key, value in sheet.items() if key.endswith(_LINK)), "")
                for relation in read_index(self._package, "xl/_rels/workbook.xml.rels"):
                    if relation.get("Id") == link:
                        target = str(relation.get("Target", ""))
                        return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        raise not_readable("The workbook is damaged: it does not say where its sheet is.")


def _merged(rows: Iterator[TableRow], ranges: Sequence[Any]) -> Iterator[TableRow]:
    """Yield rows in which a cell that is merged downwards holds its content in each of them."""
    if not ranges:
        yield from rows
        return
    below: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _) in ranges:
        for number in range(first + 2, min(last + 1, first + _MOST_MERGED) + 1):
            below.setdefault(number, []).append((column, first + 1))
    kept: dict[tuple[int, int], Any] = {}
    wanted = {(first, column) for spots in below.values() for column, first in spots}
    starts = {first for first, _ in wanted}
    for row in rows:
        if row.number in starts:
            kept |= {
                (row.number, column): row.cells[column]
                for first, column in wanted
                if first == row.number and column < len(row.cells)
            }
        for column, first in below.get(row.number, ()):
            if column < len(row.cells) and row.cells[column] in {None, ""}:
                row.cells[column] = kept.get((first, column), "")
        yield row


def _rows(sheet: Any) -> Iterator[TableRow]:
    """Yield the rows with the numbers and columns that they have in the spreadsheet.

    The library gives blank rows above the first filled one, and leaves out blank
    columns before the first filled one.
    """
    if sheet.start is None:
        return
    blank = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [*blank, *cells] if blank else cells
        for at, cell in enumerate(row):
            if type(cell) is str and "_x" in cell:
                row[at] = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), cell)
        yield TableRow(number, 0, row)
