"""One table, read row by row: the next row that can be used is always in sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from eh_interop.convert.tables.cells import blank
from eh_interop.convert.tables.faults import CellOrigin, finding, unreadable
from eh_interop.convert.tables.headings import read_headings
from eh_interop.convert.tables.joined import BLANKS
from eh_interop.convert.tables.layout import Table
from eh_interop.findings import Finding
from eh_interop.pointer import Steps, join
from eh_interop.reading.faults import Fault

GUIDANCE: Final = "guidance"
"""Stands in place of the record's number in a row that explains the columns."""
_DIGITS: Final = 12

Numbered = Iterator[tuple[int, list[str]]]
"""Rows with the number of each, as a spreadsheet counts them."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a table come from.

    Attributes:
        file: the name of the file.
        sheet: the name of the sheet; empty for CSV.
        rows: all rows, the headings first.
    """

    file: str
    sheet: str
    rows: Numbered


class Row(NamedTuple):
    """A row with its keys."""

    number: int
    keys: tuple[int, ...]
    cells: list[str]


class Cursor:
    """Goes through one table.

    Attributes:
        table: what the table is.
        row: the next row; None at the end.
    """

    def __init__(self, table: Table, source: Source, version: str, found: list[Finding]) -> None:
        """Read the headings and the first row.

        Args:
            table: what the table is.
            source: its rows.
            version: of the standard.
            found: where findings go.

        Raises:
            UnreadableInputError: the headings cannot be used.
        """
        self.table = table
        self.row: Row | None = None
        self._source = source
        self._found = found
        self._last = 0
        number, cells = next(source.rows, (1, []))
        self.headings, told = read_headings(cells, table, version, self.at(number))
        self._width = len(self.headings.setters)
        found += told
        self.advance()

    def at(self, row: int, column: str = "") -> CellOrigin:
        """Say where something stands."""
        return CellOrigin(self._source.file, self._source.sheet, row, column)

    def tell(self, fault: Fault, row: int, message: str, column: str = "") -> None:
        """Add a finding about a row."""
        self._found.append(finding(fault, self.at(row, column), message))

    def advance(self) -> None:
        """Go to the next row that has keys.

        Raises:
            UnreadableInputError: the rows are not in the order of their records.
        """
        self.row = None
        for number, cells in self._source.rows:
            if not any(cells):
                continue
            keys = self._keys(number, cells)
            if keys is None:
                continue
            if keys[0] < self._last:
                raise unreadable(
                    self.at(number, self.table.keys[0]),
                    "the rows are not in the order of their records. "
                    "Sort every table by its first column, and try again.",
                )
            self._last = keys[0]
            self.row = Row(number, keys, cells)
            return

    def _keys(self, number: int, cells: list[str]) -> tuple[int, ...] | None:
        if len(cells) < self._width:
            cells += [""] * (self._width - len(cells))
        elif len(cells) > self._width and not all(map(blank, cells[self._width :])):
            message = "there is something beyond the last heading. It was not read."
            self.tell(Fault.CELL_WITHOUT_HEADING, number, message)
        keys = []
        for at, name in zip(self.headings.keys, self.table.keys, strict=True):
            text = cells[at].strip(BLANKS)
            key = int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0
            if not key:
                self._refuse(number, cells, name, text)
                return None
            keys.append(key)
        return tuple(keys)

    def _refuse(self, number: int, cells: list[str], name: str, text: str) -> None:
        if text.lower() == GUIDANCE or all(map(blank, cells)):
            return
        message = "this has to be a whole number, counted from 1. The row was not read."
        self.tell(Fault.KEY_NOT_A_NUMBER, number, message, name)

    def record_id(self, row: Row) -> str:
        """Return the record id that is repeated in a row; empty if it is not."""
        at = self.headings.record_id
        return "" if at is None else row.cells[at].strip(BLANKS)

    def fill(self, group: dict[str, Any], row: Row, steps: Steps) -> None:
        """Put the values of a row into its group."""
        for cell, setter in zip(row.cells, self.headings.setters, strict=False):
            if not cell or setter is None or not cell.strip(BLANKS):
                continue
            try:
                value = setter.decode(cell)
            except (ValueError, RecursionError):
                message = "this cannot be read: see the guidance for the column. It was left out."
                origin = self.at(row.number, setter.heading)
                place = join((*steps, *setter.way, setter.name))
                self._found.append(finding(Fault.UNREADABLE_CELL, origin, message, place))
                continue
            holder = group
            for name in setter.way:
                holder = holder.setdefault(name, {})
            holder[setter.name] = value
