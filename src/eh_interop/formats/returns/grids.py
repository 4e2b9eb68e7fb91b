"""Tables in other people's files: CSV in any usual form, and workbooks."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.returns.safe_text import unguarded
from eh_interop.formats.returns.tables import Column, Return, Table
from eh_interop.formats.returns.workbooks import read_workbook

_HEAD: Final = 10
"""Rows in which headings are looked for: real files have titles above them."""
_CHUNK: Final = 1 << 16
_HALF: Final = 2

Row = tuple[int, dict[str, Any]]
"""Its number in the file, from 1, and its cells that are not blank, by heading."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a return in a file.

    Attributes:
        file: name of the file or sheet.
        table: which table it is.
        columns: for each heading in the file, the column that it is; None for one not known.
        rows: its rows, one at a time.
    """

    file: str
    table: Table
    columns: dict[str, Column | None]
    rows: Iterator[Row]

    @property
    def missing(self) -> list[Column]:
        """The columns of the table that the file does not have."""
        found = {column.heading for column in self.columns.values() if column}
        return [column for column in self.table.columns if column.heading not in found]


def grids(whole: Return, path: Path) -> Iterator[Grid | str]:
    """Yield the tables of a return in a file or folder; the name only of what is none of them.

    Raises:
        UnreadableInputError: the file cannot be read.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        if file.suffix.lower() in {".xlsx", ".xlsm"}:
            for name, rows in read_workbook(file):
                yield _grid(whole, f"{file.name} {name}", rows) or f"{file.name} {name}"
        elif file.suffix.lower() in {".csv", ".tsv", ".txt"}:
            yield _grid(whole, file.name, _csv_rows(file)) or file.name


def _csv_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    try:
        encoding, delimiter = _form(path)
        with path.open(encoding=encoding, newline="") as file:
            for row in csv.reader(file, delimiter=delimiter):
                yield tuple(unguarded(each) for each in row)
    except (OSError, UnicodeError, csv.Error):
        raise UnreadableInputError(f"{path.name} cannot be read as a CSV file.") from None


def _form(path: Path) -> tuple[str, str]:
    """Find out how a CSV file is written: UTF-8 or Windows text; comma, semicolon or tab."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        head = chunk = file.read(_CHUNK)
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(_CHUNK)
            decoder.decode(b"", final=True)
            encoding = "utf-8-sig"
        except UnicodeDecodeError:
            encoding = "cp1252"
    return encoding, max(",;\t", key=head.decode(encoding, "replace").count)


def _grid(whole: Return, name: str, rows: Iterator[tuple[Any, ...]]) -> Grid | None:
    head = list(islice(rows, _HEAD))
    tried = [
        (len(known), -at, order, table)
        for at, row in enumerate(head)
        for order, table in enumerate(whole.tables)
        if len(known := _known(table, row)) * _HALF >= len(table.columns)
    ]
    if not tried:
        return None
    _, above, _, table = max(tried, key=lambda each: each[:3])
    headings = [str(each or "").strip() for each in head[-above]]
    known = _known(table, headings)

    def numbered() -> Iterator[Row]:
        yield from _cells(headings, head[-above + 1 :], -above + 2)
        yield from _cells(headings, rows, len(head) + 1)

    columns = {heading: known.get(heading) for heading in headings if heading}
    return Grid(name, table, columns, numbered())


def _known(table: Table, row: Sequence[Any]) -> dict[str, Column]:
    """Return which cells of a row are headings of a table, each column once."""
    named = {
        _plain(name): column
        for column in table.columns
        for name in (column.heading, *column.aliases)
    }
    found: dict[str, Column] = {}
    for cell in row:
        column = named.get(_plain(cell))
        if column and column not in found.values():
            found[str(cell).strip()] = column
    return found


def _plain(text: Any) -> str:
    return "".join(each for each in str(text or "").casefold() if each.isalnum())


def _cells(headings: list[str], rows: Any, first: int) -> Iterator[Row]:
    for number, row in enumerate(rows, first):
        cells = {
            heading: cell
            for heading, cell in zip(headings, row, strict=False)
            if heading and cell is not None and str(cell).strip()
        }
        if cells:
            yield number, cells
