"""Tables as they are read: sheets, headings, and rows with the numbers that the file gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from eh_interop.standard.finding_codes import FindingName

_TOTAL = re.compile(
    r"\W*(?:grand |sub-?)?totals?\b|(?:number|count|sum) of\b"
    r"|(?:row|record)s?:|\d+ (?:row|record)s?\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:report|printed|produced|generated|exported|extracted|created|run|prepared)\b"
    r"|end of\b|page \d|source\b|notes?\b|key\b|legend\b|confidential\b|official\b|\*|\u00a9",
    re.IGNORECASE,
)
_WIDE: Final = 5
"""A table with fewer columns may have rows of one cell."""
_FEW: Final = 4


class TableRow(NamedTuple):
    """One row.

    Attributes:
        number: as a spreadsheet counts it, from 1.
        line: the line of a text file on which it begins, from 1; 0 for workbooks.
        cells: text in text files; in workbooks also numbers, days, times and truth values.
            A blank cell is an empty text.
        size: characters of the row in a text file; 0 for workbooks.
    """

    number: int
    line: int
    cells: list[Any]
    size: int = 0


class TableNote(NamedTuple):
    """Something that somebody should know of a file: what it is, and in which sheet and row."""

    fault: FindingName
    message: str
    sheet: str = ""
    row: int = 0


class CellFault(NamedTuple):
    """A cell that is blank for the reader, and should not be; its column counts from 0."""

    column: int
    fault: FindingName
    message: str


CellFaults = Mapping[int, Sequence[CellFault]]
"""Faults of cells by the number of their row."""


@dataclass(frozen=True, slots=True)
class TabularSheet:
    """One sheet of a workbook, or all of a text file.

    Attributes:
        name: the name of the sheet; empty for a text file.
        rows: every row from the first, blank ones too.
        faults: cells that cannot be read.
        merged: the rows in which merged cells begin, from 1.
        outside: rows in which something stands so far outside the table that it was not read.
    """

    name: str
    rows: Iterator[TableRow] = field(repr=False)
    faults: CellFaults = field(default_factory=dict)
    merged: Sequence[int] = ()
    outside: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularFile:
    """An open text file or workbook. It knows no mapping and no format.

    Attributes:
        name: the name of the file.
        kind: ``csv``, ``xlsx`` or ``ods``.
        open_sheet: opens a sheet by its name; raises :class:`RefusedError` if it cannot be read,
            or is larger than is read.
        sheets: the names of all sheets that hold cells; one empty name for a text file.
        hidden: the names of those that a spreadsheet program does not show.
        encoding: of a text file, for people.
        delimiter: of a text file.
        notes: what should be known of how the file was read.
        has_pictures: pictures stand in the workbook.
    """

    name: str
    kind: str
    open_sheet: Callable[[str], TabularSheet]
    sheets: tuple[str, ...] = ("",)
    hidden: frozenset[str] = frozenset()
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[TableNote, ...] = ()
    has_pictures: bool = False


@dataclass
class OpenTable:
    """A table with one row of headings, then rows of data.

    Attributes:
        headings: the row of headings, as text.
        rows: the rows of data, blank ones too.
        sheet: the sheet of a workbook.
        encoding: of a text file.
        delimiter: of a text file.
        notes: what should be known of the file.
        faults: cells of the data that cannot be read, by row.
    """

    headings: tuple[str, ...]
    rows: Iterator[TableRow] = field(repr=False)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    notes: list[TableNote] = field(default_factory=list)
    faults: CellFaults = field(default_factory=dict)


def is_beside_the_table(cells: Sequence[object], columns: int) -> bool:
    """Return whether a row is a total or a note, by how it begins and how little else it holds."""
    if columns < _WIDE or len(cells) - cells.count("") - cells.count(None) > _FEW:
        return False
    filled = [cell for cell in cells if cell not in {None, ""}]
    if not filled or type(filled[0]) is not str:
        return False
    text = filled[0].strip()
    return bool(_TOTAL.match(text)) or (len(filled) == 1 and bool(_NOTE.match(text)))
