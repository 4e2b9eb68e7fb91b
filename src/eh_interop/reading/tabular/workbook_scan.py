"""A workbook scanned before it is read: size, bombs, and what the library does not show.

The library that reads workbooks puts the whole rectangle around everything in a sheet
into memory, and shows errors and formulas without a result as blank cells. So the
package is measured before anything is unpacked, and each sheet is scanned, piece by piece.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Final

from lxml import etree

from eh_interop.reading.faults import Fault, PartnerFault
from eh_interop.reading.streams import MIB, RefusedError, size_of
from eh_interop.reading.tabular.limits import (
    HARMLESS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_RATIO,
    MAX_ROW,
    MAX_SHEET_ROWS,
    MAX_TEXTS,
    MAX_UNPACKED,
    MAX_WORKBOOK,
)
from eh_interop.reading.tabular.opened import CellFault
from eh_interop.reading.tabular.outside import (
    FAR_ROWS,
    TableEdge,
    column_number,
    last_near,
)
from eh_interop.reading.xml import free, safe_iterparse, safe_parse

ODS_SHEETS: Final = "content.xml"
_XLSX_SHEETS: Final = "xl/worksheets/"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_DECLARED: Final = (b"<!DOCTYPE", b"<!ENTITY")
_HEAD: Final = 4096
_LARGEST_INDEX: Final = 8 * MIB
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_AN_ERROR: Final = "This cell holds an error of the spreadsheet."
_NO_RESULT: Final = (
    "A formula stands here without its result. Open the file in a spreadsheet and save it."
)
_MOST_FAULTS: Final = 10_000
_MOST_OUTSIDE: Final = 20
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"
_REFERENCES: Final = etree.XPath("*[*]/@r", smart_strings=False)
_UNPLACED: Final = etree.XPath("boolean(*[*][not(@r)])")
_SUSPECT: Final = etree.XPath(
    "*[@t='e' or *[local-name()='f'] and not(*[local-name()='is' or local-name()='v' and text()])]"
)
"""Cells that the library shows as blank: errors, and formulas without a result."""
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


@dataclass
class SheetScan:
    """What was seen in one sheet.

    Attributes:
        rows: the last row in which something stands.
        columns: the last column.
        faults: cells that the library shows as blank and that are not, by row.
        outside: the rows in which something stands far outside the table, the first of them.
        edge: where the table ends, if something stands far outside.
    """

    rows: int = 0
    columns: int = 0
    faults: dict[int, list[CellFault]] = field(default_factory=dict)
    outside: tuple[int, ...] = ()
    edge: TableEdge | None = None

    @property
    def cells(self) -> int:
        """The cells of the rectangle around everything."""
        return self.rows * self.columns


def open_package(file: BinaryIO) -> zipfile.ZipFile:
    """Open a workbook as the package of files that it is.

    Raises:
        RefusedError: it is not one, it is protected, or it is larger than is read.
    """
    if size_of(file) > MAX_WORKBOOK:
        raise _too_large(f"The workbook is larger than {MAX_WORKBOOK // MIB} MiB")
    start = file.read(4)
    file.seek(0)
    if not start:
        raise RefusedError(Fault.EMPTY, "The file is empty: it is not a workbook.")
    if start == _OLE:
        raise not_readable(
            "This is an old workbook (.xls), or has a password. "
            "Save it as .xlsx without a password."
        )
    try:
        package = zipfile.ZipFile(file)
        _measure(package.infolist())
        _refuse_declarations(package)
    except (*_DAMAGED, ValueError, OSError):
        raise not_readable("This is not a workbook, or it is damaged.") from None
    return package


def _measure(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise _too_large(f"The workbook has more than {MAX_PARTS:,} parts")
    if len({part.filename for part in parts}) < len(parts):
        raise not_readable("Two parts of this workbook have the same name.")
    if any(part.flag_bits & 1 for part in parts):
        raise not_readable("The workbook is protected by a password.")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_large(f"Unpacked, the workbook is larger than {MAX_UNPACKED // MIB} MiB")
    for part in parts:
        if part.file_size > HARMLESS and part.file_size > MAX_RATIO * part.compress_size:
            message = "The file expands too much when opened, so it is not read. Save it as CSV."
            raise RefusedError(PartnerFault.TOO_LARGE, message)
        is_sheet = part.filename == ODS_SHEETS or part.filename.startswith(_XLSX_SHEETS)
        if part.file_size > MAX_TEXTS and not is_sheet:
            raise _too_large(f"The texts of the workbook are larger than {MAX_TEXTS // MIB} MiB")


def _refuse_declarations(package: zipfile.ZipFile) -> None:
    """Refuse XML that declares entities: they can grow without end."""
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as file:
                head = file.read(_HEAD)
            if any(word in head for word in _DECLARED):
                raise not_readable("A part of this workbook declares entities, which none needs.")


def scan_sheet(package: zipfile.ZipFile, part: str) -> SheetScan:
    """Scan a sheet of an XLSX workbook.

    Args:
        package: the workbook.
        part: the file of the sheet inside it.

    Raises:
        RefusedError: it is damaged, or the rectangle around its table is larger than is read.
    """
    scan = SheetScan()
    first_in: dict[str, int] = {}  # the first row in which something stands, by column
    ends: list[tuple[int, int]] = []  # a last row, and the one that follows much further down
    number = 0
    with opened_part(package, part) as file:
        bounded = _BoundedRows(file)
        for _, row in safe_iterparse(bounded, tag="{*}row"):
            bounded.size = 0
            number = _whole(row.get("r"), number + 1)
            references = _REFERENCES(row)
            rows = {reference.lstrip(_LETTERS) for reference in references}
            last = max([0, *(_whole(row, number) for row in rows)])
            for reference in references:
                first_in.setdefault(reference.rstrip(_DIGITS), last)
            if scan.rows and last > scan.rows + FAR_ROWS:
                ends.append((scan.rows, last))
            scan.rows = max(scan.rows, last)
            unplaced = _UNPLACED(row)
            if unplaced:  # a cell that does not say where it is follows the one before
                scan.rows, scan.columns = max(scan.rows, number), max(scan.columns, len(row))
            for cell in _SUSPECT(row):
                _note(scan, cell, number)
            free(row)
    by_number = {column_number(letters): row for letters, row in first_in.items()}
    scan.columns = max([scan.columns, *by_number])
    if scan.rows > MAX_SHEET_ROWS or scan.columns > MAX_COLUMNS or scan.cells > MAX_CELLS:
        _cut(scan, ends, by_number)
    _check_area(scan)
    return scan


def _cut(scan: SheetScan, ends: list[tuple[int, int]], columns: dict[int, int]) -> None:
    """Leave out what stands far outside the table, and note in which rows it begins."""
    edge = TableEdge(ends[0][0] if ends else scan.rows, last_near(columns))
    outside = {row for _, row in ends} | {
        row for column, row in columns.items() if column > edge.column
    }
    if outside:
        scan.edge, scan.outside = edge, tuple(sorted(outside)[:_MOST_OUTSIDE])
        scan.rows, scan.columns = edge.row, edge.column


def _note(scan: SheetScan, cell: Any, row: int) -> None:
    if len(scan.faults) < _MOST_FAULTS:
        at = (cell.get("r") or "").rstrip(_DIGITS)
        column = column_number(at) - 1 if at else cell.getparent().index(cell)
        is_error = cell.get("t") == "e"
        fault = PartnerFault.ERROR_CELL if is_error else PartnerFault.NO_RESULT
        message = _AN_ERROR if is_error else _NO_RESULT
        scan.faults.setdefault(row, []).append(CellFault(column, fault, message))


class _BoundedRows:
    """A part of a workbook that is read in pieces, and refused where a row has no end.

    Attributes:
        size: the bytes since the last row.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.size = 0
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.size += len(data)
        if self.size > MAX_ROW:
            raise _too_large(f"A row of the workbook is larger than {MAX_ROW // MIB} MiB")
        return data

    def seek(self, offset: int) -> int:
        self.size = 0
        return self._file.seek(offset)


def scan_ods(package: zipfile.ZipFile) -> int:
    """Scan all sheets of an ODS workbook, in which one cell can stand for millions.

    Returns:
        The cells of all of them: the library holds all sheets at once.

    Raises:
        RefusedError: its cells would be more than are read.
    """
    cells = row = 0
    scan = SheetScan()
    tags = (f"{_TABLE}table-row", f"{_TABLE}table")
    with opened_part(package, ODS_SHEETS) as file:
        bounded = _BoundedRows(file)
        for _, element in safe_iterparse(bounded, tag=tags):
            bounded.size = 0
            if element.tag == tags[1]:
                cells, row, scan = cells + scan.cells, 0, SheetScan()
            else:
                row += _times(element, "rows")
                width = _width(element)
                if width:
                    scan.rows, scan.columns = row, max(scan.columns, width)
                _check_area(scan, cells)
            free(element)
    return cells


def _width(row: Any) -> int:
    column = last = 0
    for cell in row:
        column += _times(cell, "columns")
        if cell.get(_VALUE) is not None or cell.find(_TEXT) is not None:
            last = column
    return last


def _times(element: Any, what: str) -> int:
    return _whole(element.get(f"{_TABLE}number-{what}-repeated"), 1)


def _whole(text: str | None, otherwise: int) -> int:
    """Return a whole number; no more than a sheet could ever need is told apart."""
    if text is None or not text.isdecimal():
        return otherwise
    return int(text[:18])


def _check_area(scan: SheetScan, others: int = 0) -> None:
    if scan.rows > MAX_SHEET_ROWS:
        message = f"A sheet has no more than {MAX_SHEET_ROWS:,} rows."
        raise RefusedError(PartnerFault.TOO_LARGE, message, row=MAX_SHEET_ROWS + 1)
    if scan.columns > MAX_COLUMNS:
        message = f"There are more than {MAX_COLUMNS:,} columns, the most that is read."
        raise RefusedError(PartnerFault.TOO_LARGE, message)
    check_cells(scan.cells + others)


def check_cells(cells: int) -> None:
    """Refuse sheets whose cells would not fit into memory.

    Raises:
        RefusedError: there are more than are read.
    """
    if cells > MAX_CELLS:
        message = (
            f"What stands in the workbook reaches over more than {MAX_CELLS:,} cells, the most "
            "that is read. Delete what stands far outside the table, or save it as CSV."
        )
        raise RefusedError(PartnerFault.TOO_LARGE, message)


def read_index(package: zipfile.ZipFile, part: str) -> Iterator[Any]:
    """Yield the elements of a small part of a workbook.

    Raises:
        RefusedError: it is not there, or is damaged.
    """
    with opened_part(package, part) as file:
        root = safe_parse(file.read(_LARGEST_INDEX))
    yield from root.iter()


def xlsx_sheet_names(file: BinaryIO) -> frozenset[str]:
    """Return the names of the sheets of an XLSX workbook, without reading any.

    Raises:
        RefusedError: it is not one, or is larger than is read.
    """
    elements = read_index(open_package(file), "xl/workbook.xml")
    return frozenset(str(sheet.get("name")) for sheet in elements if sheet.tag.endswith("}sheet"))


@contextmanager
def opened_part(package: zipfile.ZipFile, part: str) -> Iterator[IO[bytes]]:
    """Open a file inside a workbook. Unpacking stops at the size that the package states.

    Raises:
        RefusedError: it is not there, or is damaged.
    """
    try:
        with package.open(part) as file:
            yield file
    except KeyError:
        raise not_readable("The workbook is damaged: a part of it is missing.") from None
    except (*_DAMAGED, OSError):
        raise not_readable("The workbook is damaged: it cannot be unpacked.") from None
    except RefusedError as error:
        if error.fault in {PartnerFault.NOT_READABLE, Fault.EMPTY}:
            raise not_readable("The workbook is damaged: a part of it is not XML.") from None
        raise


def not_readable(message: str) -> RefusedError:
    """Return the error for what is not a workbook, or is a broken one."""
    return RefusedError(PartnerFault.NOT_READABLE, message)


def _too_large(what: str) -> RefusedError:
    message = f"{what}, the most that is read. Save the sheet as CSV."
    return RefusedError(PartnerFault.TOO_LARGE, message)
