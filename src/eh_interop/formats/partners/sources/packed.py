"""Looks into a workbook before it is read: size, bombs, and what the library does not tell.

The library that reads workbooks puts the whole rectangle around everything in a sheet
into memory, and shows errors and formulas without a result as blank cells. So the
sheet is looked through first, piece by piece.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final

from eh_interop.formats.partners.places import RefusedError
from eh_interop.formats.partners.sources.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED,
    MAX_WORKBOOK,
    MIB,
)
from eh_interop.formats.partners.sources.streams import size_of
from eh_interop.reading.faults import Fault
from eh_interop.reading.partner_faults import PartnerFault

_OLE: Final = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*?)(/?)>(?:(?!</(?:\w+:)?c>)(.*?)</(?:\w+:)?c>)?", re.DOTALL
)
_AT = re.compile(rb"""\br=["']([A-Za-z]{1,9})([0-9]{1,18})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br=["']([0-9]{1,18})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?(?:v|is)>[^<]|<(?:\w+:)?is>")
_REPEATED = re.compile(
    rb"<table:(table-cell|covered-table-cell|table-row)\b([^>]*?)(/?)>|<(/)table:table-row>|"
    rb"(<text:p)"
)
_TIMES = re.compile(rb'table:number-(?:columns|rows)-repeated="([0-9]{1,9})"')
_AN_ERROR: Final = "This cell holds an error of the spreadsheet."
_NO_RESULT: Final = (
    "A formula stands here without its result. Open the file in a spreadsheet and save it."
)
_MOST_FAULTS: Final = 10_000

CellFaults = dict[int, list[tuple[int, PartnerFault, str]]]


@dataclass
class Looked:
    """What was seen in one sheet: faults of cells, by row, each with its column from 0."""

    faults: CellFaults = field(default_factory=dict)
    rows: int = 0
    columns: int = 0


def open_package(file: BinaryIO) -> zipfile.ZipFile:
    """Open a workbook as the package of files that it is.

    Raises:
        RefusedError: it is none, it is protected, or it is larger than is read.
    """
    if size_of(file) > MAX_WORKBOOK:
        raise RefusedError(
            PartnerFault.TOO_LARGE,
            f"The workbook is larger than {MAX_WORKBOOK // MIB} MiB, the most that is read. "
            "Save the sheet as CSV.",
        )
    start = file.read(4)
    file.seek(0)
    if not start:
        raise RefusedError(Fault.EMPTY, "The file is empty.")
    if start == _OLE:
        raise RefusedError(
            PartnerFault.NOT_READABLE,
            "The workbook is protected by a password, or in the old form .xls. "
            "Save it as .xlsx without a password.",
        )
    try:
        package = zipfile.ZipFile(file)
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise RefusedError(
            PartnerFault.NOT_READABLE, "The file is not a workbook, or it is cut off."
        ) from None
    _check_sizes(entries)
    return package


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > MIB and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or swollen:
        raise RefusedError(
            PartnerFault.TOO_LARGE,
            "The workbook unpacks to far more than its size: it may be built to do harm. "
            "If it is genuine, save the sheet as CSV.",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError(PartnerFault.NOT_READABLE, "The workbook is protected by a password.")


def look_through(package: zipfile.ZipFile, part: str) -> Looked:
    """Look through a sheet of an XLSX workbook.

    Args:
        package: the workbook.
        part: the file of the sheet inside it.

    Raises:
        RefusedError: the rectangle around all cells is larger than is read.
    """
    looked = Looked()
    with _opened(package, part) as file:
        for piece in _pieces(file, b"</row>", b":row>"):
            looked.rows = max([looked.rows, *(int(each[1]) for each in _ROW.finditer(piece))])
            for cell in _CELL.finditer(piece):
                _look_at(cell, looked)
    _check_area(looked.rows, looked.columns)
    return looked


def _look_at(cell: re.Match[bytes], looked: Looked) -> None:
    attributes, empty, inner = cell[1], cell[2], cell[3] or b""
    at = _AT.search(attributes)
    if at is None:
        return
    column, row = _number(at[1]), int(at[2])
    looked.rows, looked.columns = max(looked.rows, row), max(looked.columns, column)
    if empty:
        return
    if b't="e"' in attributes:
        _note(looked, row, column, PartnerFault.ERROR_CELL, _AN_ERROR)
    elif _FORMULA.search(inner) and not _RESULT.search(inner):
        _note(looked, row, column, PartnerFault.NO_RESULT, _NO_RESULT)


def _note(looked: Looked, row: int, column: int, fault: PartnerFault, message: str) -> None:
    if len(looked.faults) < _MOST_FAULTS:
        looked.faults.setdefault(row, []).append((column - 1, fault, message))


def look_through_ods(package: zipfile.ZipFile) -> None:
    """Look through all sheets of an ODS workbook, in which one cell can stand for millions.

    Raises:
        RefusedError: its cells would be more than are read.
    """
    cells = rows = width = 0
    times = pending = 1
    filled = False
    with _opened(package, "content.xml") as file:
        for piece in _pieces(file, b"</table:table-row>"):
            for each in _REPEATED.finditer(piece):
                if each[5]:
                    filled, width, pending = True, width + pending, 0
                elif each[4]:
                    rows += times if filled else 0
                    cells += times * width if filled else 0
                    width, pending, filled = 0, 0, False
                elif each[1] == b"table-row":
                    times, width, pending, filled = _times(each[2]), 0, 0, False
                else:
                    pending += _times(each[2])
                    if b"office:value" in each[2]:
                        filled, width, pending = True, width + pending, 0
                if cells > MAX_CELLS or width > MAX_CELLS:
                    raise _too_many()


def _times(attributes: bytes) -> int:
    found = _TIMES.search(attributes)
    return int(found[1]) if found else 1


def _check_area(rows: int, columns: int) -> None:
    if columns > MAX_COLUMNS or rows * max(columns, 1) > MAX_CELLS:
        raise _too_many()


def _too_many() -> RefusedError:
    return RefusedError(
        PartnerFault.TOO_LARGE,
        f"The sheet reaches over more than {MAX_CELLS:,} cells or {MAX_COLUMNS:,} columns, "
        "the most that is read. Delete what stands far outside the table, or save it as CSV.",
    )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _opened(package: zipfile.ZipFile, part: str) -> IO[bytes]:
    try:
        return package.open(part)
    except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError):
        raise RefusedError(
            PartnerFault.NOT_READABLE, "The workbook is not complete: a sheet is missing in it."
        ) from None


def _pieces(file: IO[bytes], *ends: bytes) -> Iterator[bytes]:
    """Yield a file in pieces that end where a row ends."""
    left = b""
    total = 0
    while True:
        try:
            chunk = file.read(MIB)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError):
            raise RefusedError(
                PartnerFault.NOT_READABLE, "The workbook is damaged: it cannot be unpacked."
            ) from None
        total += len(chunk)
        # What a package says of its own sizes may be wrong.
        if total > MAX_UNPACKED:
            raise _too_many()
        if not chunk:
            yield left
            return
        left += chunk
        cut = max(left.rfind(end) + len(end) if end in left else 0 for end in ends)
        if cut:
            yield left[:cut]
            left = left[cut:]
