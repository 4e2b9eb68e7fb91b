"""XLSX and ODS workbooks, read with python-calamine. One sheet is in memory at a time."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats.partners.places import RefusedError
from eh_interop.formats.partners.sources.grid import Grid, GridRow
from eh_interop.formats.partners.sources.packed import (
    Looked,
    look_through,
    look_through_ods,
    open_package,
)
from eh_interop.formats.partners.sources.streams import seekable
from eh_interop.formats.partners.tables import Table
from eh_interop.formats.partners.values.cells import MisreadError, text_of
from eh_interop.reading.faults import Fault
from eh_interop.reading.partner_faults import PartnerFault

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LINK: Final = "relationships}id"
_LARGEST_INDEX: Final = 8 * 1024 * 1024
_MOST_MERGED: Final = 50


@contextmanager
def open_workbook(source: Path | BinaryIO, table: Table) -> Iterator[Grid]:
    """Open a sheet of a workbook as a table.

    Raises:
        RefusedError: it cannot be read, is larger than is read, or has no such sheet.
        UnreadableInputError: the library for workbooks is not installed.
    """
    calamine = _library()
    with seekable(source) as file:
        package = open_package(file)
        is_ods = "content.xml" in package.namelist()
        if is_ods:
            look_through_ods(package)
        file.seek(0)
        try:
            workbook = calamine.CalamineWorkbook.from_filelike(file)
            name, notes = _choose(workbook, table, calamine)
            looked = Looked() if is_ods else look_through(package, sheet_part(package, name))
            sheet = workbook.get_sheet_by_name(name)
        except (calamine.CalamineError, OSError, ValueError):
            raise RefusedError(
                PartnerFault.NOT_READABLE, "The file is not a workbook that can be read."
            ) from None
        yield _grid(sheet, table, name, notes, looked)


def _library() -> Any:
    try:
        import python_calamine
    except ImportError:
        raise UnreadableInputError(
            'Workbooks need the extra "xlsx": pip install "eh-interop[xlsx]". '
            "Or save the sheet as CSV."
        ) from None
    return python_calamine


def _choose(workbook: Any, table: Table, calamine: Any) -> tuple[str, list[Any]]:
    """Choose the sheet to read, and say which are not read."""
    sheets = {
        each.name: each.visible == calamine.SheetVisibleEnum.Visible
        for each in workbook.sheets_metadata
        if each.typ == calamine.SheetTypeEnum.WorkSheet
    }
    visible = [name for name, is_shown in sheets.items() if is_shown]
    if table.sheet and table.sheet not in sheets:
        near = did_you_mean(table.sheet, visible) or "."
        raise RefusedError(
            PartnerFault.NOT_READABLE, f"The workbook has no sheet {table.sheet}{near}"
        )
    if not table.sheet and not visible:
        raise RefusedError(PartnerFault.NOT_READABLE, "The workbook has no sheet to read.")
    chosen = table.sheet or visible[0]
    notes = []
    for name, is_shown in sheets.items():
        if name != chosen:
            kind = "sheet" if is_shown else "hidden sheet"
            notes.append((PartnerFault.SHEET_NOT_READ, f"This {kind} was not read.", name, 0))
    return chosen, notes


def _grid(sheet: Any, table: Table, name: str, notes: list[Any], looked: Looked) -> Grid:
    if sheet.start is None or sheet.end is None:
        raise RefusedError(Fault.EMPTY, "The sheet is empty.", sheet=name)
    rows = _rows(sheet)
    headings: tuple[str, ...] | None = None
    for row in rows:
        if row.number == table.header_row:
            headings = tuple(_heading(cell) for cell in row.cells)
            break
        if row.number > table.header_row:
            break
    if headings is None:
        raise RefusedError(
            PartnerFault.NO_HEADINGS,
            f"There is nothing in row {table.header_row}, where the headings should stand.",
            sheet=name,
        )
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    first = table.first_row or table.header_row + 1
    return Grid(
        headings=headings,
        rows=(row for row in rows if row.number >= first),
        sheet=name,
        notes=[*notes, *_merged(sheet, table, name)],
        faults={row: found for row, found in looked.faults.items() if row >= first},
    )


def _heading(cell: Any) -> str:
    try:
        return text_of(cell)
    except MisreadError:
        return ""


def _rows(sheet: Any) -> Iterator[GridRow]:
    """Yield the rows with the numbers and columns that they have in the spreadsheet.

    The library gives blank rows above the first filled one, and leaves out blank
    columns before the first filled one.
    """
    blank = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield GridRow(number, 0, [*blank, *cells] if blank else cells)


def _merged(sheet: Any, table: Table, name: str) -> Iterator[tuple[PartnerFault, str, str, int]]:
    ranges = [
        merged_cell_range_
        for merged_cell_range_ in sheet.merged_cell_ranges or ()
        if merged_cell_range_[1][0] >= table.header_row - 1
    ]
    for start, _ in ranges[:_MOST_MERGED]:
        message = "Cells are merged from this row on. Only the first of them is read."
        yield PartnerFault.MERGED_CELLS, message, name, start[0] + 1


def sheet_part(package: zipfile.ZipFile, name: str) -> str:
    """Return the file inside an XLSX workbook that holds a sheet.

    Raises:
        RefusedError: the workbook's own index does not say.
    """
    for sheet in _index(package, "xl/workbook.xml"):
        if sheet.tag in {f"{_MAIN}sheet", f"{_STRICT}sheet"} and sheet.get("name") == name:
            link = next((value for key, value in sheet.items() if key.endswith(_LINK)), "")
            for each in _index(package, "xl/_rels/workbook.xml.rels"):
                if each.get("Id") == link:
                    target = str(each.get("Target", ""))
                    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    raise RefusedError(PartnerFault.NOT_READABLE, "The workbook does not say where its sheet is.")


def _index(package: zipfile.ZipFile, part: str) -> list[Any]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with package.open(part) as file:
            root = etree.fromstring(file.read(_LARGEST_INDEX), parser)
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, RuntimeError, OSError):
        raise RefusedError(
            PartnerFault.NOT_READABLE, "The index of the workbook cannot be read."
        ) from None
    return list(root.iter())
