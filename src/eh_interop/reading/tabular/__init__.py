"""Tabular files: the one reader of CSV and other delimited text, XLSX and ODS.

It knows no format and no mapping: it gives rows, each with its number in the file, and says
what should be known of how the file was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Unpack

from eh_interop.core.suggestions import did_you_mean
from eh_interop.reading.faults import Fault, PartnerFault
from eh_interop.reading.streams import RefusedError, seekable
from eh_interop.reading.tabular.delimited import TextOptions, delimited_file
from eh_interop.reading.tabular.opened import (
    CellFault,
    CellFaults,
    OpenTable,
    TableNote,
    TableRow,
    TabularFile,
    TabularSheet,
    is_beside_the_table,
)

__all__ = [
    "CellFault",
    "CellFaults",
    "OpenTable",
    "RefusedError",
    "TableNote",
    "TableRow",
    "TabularFile",
    "TabularSheet",
    "column_letters",
    "is_beside_the_table",
    "open_table",
    "open_tabular",
    "plain_text",
]

_WORKBOOKS: Final = (b"PK", b"\xd0\xcf\x11\xe0")
_LETTERS: Final = 26
_OUTSIDE: Final = (
    "Something stands far outside the table in this row, and was not read. Delete it, or move it "
    "next to the table."
)
_MOST_MERGED: Final = 50


@contextmanager
def open_tabular(
    source: Path | BinaryIO,
    *,
    name: str = "",
    workbook: bool | None = None,
    **options: Unpack[TextOptions],
) -> Iterator[TabularFile]:
    """Open a text file or a workbook with all its sheets.

    Args:
        source: a path, or an open binary file; a pipe is copied.
        name: what to call the file; its own name if left out.
        workbook: whether it is one; told by its first bytes if left out.
        options: for text files only, those of :func:`delimited_file`.

    Raises:
        RefusedError: it cannot be read, or not any further, or is larger than is read.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    try:
        with seekable(source) as file:
            if workbook is None:
                workbook = file.read(4).startswith(_WORKBOOKS)
                file.seek(0)
            if workbook:
                from eh_interop.reading.tabular.workbooks import workbook_file  # noqa: PLC0415 (lxml: only for workbooks)

                with workbook_file(file, name) as opened:
                    yield opened
                return
            with delimited_file(file, name, **options) as opened:
                yield opened
    except RefusedError as error:
        raise error.in_file(name) from None


@contextmanager
def open_table(
    source: Path | BinaryIO,
    sheet: str = "",
    *,
    group_row: int = 0,
    name: str = "",
    workbook: bool | None = None,
    first_row: int = 0,
    **options: Unpack[TextOptions],
) -> Iterator[OpenTable]:
    """Open one table: its headings, and its rows.

    Args:
        source: a path, or an open binary file; a pipe is copied.
        sheet: the sheet of a workbook; the first that is shown if left out.
        group_row: the row above the headings that says what several columns are about; 0 if none
            does.
        name: what to call the file; its own name if left out.
        workbook: as for :func:`open_tabular`.
        first_row: the first row of data; the one after the headings if left out.
        options: those of :func:`delimited_file`; ``header_row`` counts in workbooks too.

    Raises:
        RefusedError: it cannot be read, has no such sheet, or no row of headings.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    header_row = options.get("header_row", 1)
    with open_tabular(source, name=name, workbook=workbook, **options) as file:
        chosen = _choose(file, sheet)
        opened = file.open_sheet(chosen)
        above = [
            [plain_text(cell) for cell in row.cells] for row in islice(opened.rows, header_row)
        ]
        if len(above) < header_row:
            raise _no_headings(header_row, chosen, has_pictures=file.has_pictures)
        headings = _headings(above, group_row)
        while chosen and headings and not headings[-1].strip():
            headings = headings[:-1]
        first = max(first_row, header_row + 1)
        yield OpenTable(
            headings=headings,
            rows=islice(opened.rows, first - header_row - 1, None),
            sheet=chosen,
            encoding=file.encoding,
            delimiter=file.delimiter,
            notes=[*file.notes, *_notes(file, opened, header_row)],
            faults={row: faults for row, faults in opened.faults.items() if row >= first},
        )


def _headings(above: Sequence[Sequence[str]], group_row: int) -> tuple[str, ...]:
    """Return the headings: below a group ``group: heading``, and where one is blank, that above it.

    A group goes on to the right until another begins.
    """
    *earlier, headings = above
    if not 0 < group_row < len(above):
        over = earlier[-1] if earlier else ()
        wide = sum(map(bool, over)) > 1  # or else it is a title
        return tuple(
            heading.strip() or (over[at] if wide and at < len(over) else "")
            for at, heading in enumerate(headings)
        )
    groups, group, named = above[group_row - 1], "", []
    for at in range(max(len(headings), len(groups))):
        heading = headings[at].strip() if at < len(headings) else ""
        group = (groups[at] if at < len(groups) else "").strip() or group
        named.append(f"{group}: {heading}" if group and heading else heading or group)
    return tuple(named)


def _choose(file: TabularFile, wanted: str) -> str:
    if file.kind == "csv":
        return ""
    shown = [sheet for sheet in file.sheets if sheet not in file.hidden]
    if wanted and wanted not in file.sheets:
        near = did_you_mean(wanted, shown) or "."
        raise RefusedError(PartnerFault.NOT_READABLE, f"The workbook has no sheet {wanted}{near}")
    if not wanted and not shown:
        raise RefusedError(PartnerFault.NOT_READABLE, "The workbook has no sheet to read.")
    return wanted or shown[0]


def _no_headings(header_row: int, sheet: str, *, has_pictures: bool) -> RefusedError:
    if header_row == 1:
        what = "The sheet is empty." if sheet else "The file is empty."
        if has_pictures:
            what += " There are pictures in the workbook: ask for the table itself."
        return RefusedError(Fault.EMPTY, what, sheet=sheet)
    message = f"There is nothing in row {header_row}, where the headings should stand."
    return RefusedError(PartnerFault.NO_HEADINGS, message, sheet=sheet)


def _notes(file: TabularFile, sheet: TabularSheet, header_row: int) -> Iterator[TableNote]:
    """Note what is not read: other sheets, and all but the first of merged cells."""
    for name in file.sheets:
        if name != sheet.name:
            kind = "hidden sheet" if name in file.hidden else "sheet"
            yield TableNote(PartnerFault.SHEET_NOT_READ, f"This {kind} was not read.", name)
    message = "Cells are merged from this row on. What stands in them counts for each of the rows."
    for row in islice((row for row in sheet.merged if row >= header_row), _MOST_MERGED):
        yield TableNote(PartnerFault.MERGED_CELLS, message, sheet.name, row)
    yield from outside_notes(sheet)


def outside_notes(sheet: TabularSheet) -> Iterator[TableNote]:
    """Say in which rows something stands that was not read, since it is far outside the table."""
    for row in sheet.outside:
        yield TableNote(PartnerFault.OUTSIDE_TABLE, _OUTSIDE, sheet.name, row)


def plain_text(cell: Any) -> str:
    """Return the text of a cell, whatever type a spreadsheet gave it."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    elif isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def column_letters(index: int) -> str:
    """Return the letters of a column, as spreadsheets count: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
