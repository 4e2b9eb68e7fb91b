"""Cells far outside a table: a stray value does not make a whole sheet unreadable.

A value that somebody typed into the last cell of a sheet makes the rectangle around
everything in it larger than is read. Such a sheet is read without that cell, and it is said
where the cell stands.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from lxml import etree

from eh_interop.reading.xml import free, safe_iterparse

FAR_ROWS: Final = 10_000
"""Rows without anything, one after another, below which nothing belongs to the table."""
FAR_COLUMNS: Final = 500
"""Columns without anything, one after another, beyond which nothing belongs to the table."""
_AT_ONCE: Final = 1024 * 1024
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DIGITS: Final = "0123456789"


@dataclass(frozen=True, slots=True)
class TableEdge:
    """Where a table ends.

    Attributes:
        row: its last row.
        column: its last column.
    """

    row: int
    column: int


def last_near(columns: Iterable[int]) -> int:
    """Return the last column of a table, of the columns in which something stands."""
    last = 0
    for column in sorted(columns):
        if last and column > last + FAR_COLUMNS:
            break
        last = column
    return last


def column_number(letters: str) -> int:
    """Return the number of a column, from 1, by its letters: ``AA`` is 27."""
    number = 0
    for letter in letters.upper()[:9]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def without_outside(package: zipfile.ZipFile, part: str, edge: TableEdge) -> BytesIO:
    """Return a workbook of which one sheet holds its table and nothing outside.

    Args:
        package: the workbook.
        part: the file of the sheet inside it.
        edge: where the table ends.

    Raises:
        RefusedError: the sheet is not XML.
    """
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in package.infolist():
            with package.open(entry) as source, target.open(entry.filename, "w") as out:
                if entry.filename == part:
                    _write_table(source, out, edge)
                else:
                    while piece := source.read(_AT_ONCE):
                        out.write(piece)
    copy.seek(0)
    return copy


def _write_table(source: IO[bytes], out: IO[bytes], edge: TableEdge) -> None:
    with (
        etree.xmlfile(out) as xml,
        xml.element("worksheet", nsmap={None: _MAIN}),
        xml.element("sheetData"),
    ):
        for _, row in safe_iterparse(source, tag="{*}row"):
            for cell in list(row):
                if not _is_inside(cell.get("r"), edge):
                    row.remove(cell)
            if len(row):
                xml.write(row)
            free(row)


def _is_inside(reference: str | None, edge: TableEdge) -> bool:
    if not reference:
        return True
    letters = reference.rstrip(_DIGITS)
    row = int(reference[len(letters) :] or 0)
    return row <= edge.row and column_number(letters) <= edge.column
