"""One table, read row by row: the next row that can be used is always in sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final, NamedTuple

from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps, join
from eh_interop.formats._shared.csv_injection import ESCAPE as GUARD
from eh_interop.formats.tables.cells import blank
from eh_interop.formats.tables.faults import CellOrigin, finding, unreadable
from eh_interop.formats.tables.headings import Setter, read_headings
from eh_interop.formats.tables.joined import BLANKS
from eh_interop.formats.tables.layout import Table
from eh_interop.reading.faults import Fault

GUIDANCE: Final = "guidance"
"""Stands in place of the record's number in a row that explains the columns."""


class Line(NamedTuple):
    """A row as it stands in the file.

    Attributes:
        number: as a spreadsheet counts it.
        cells: their texts.
        size: of the row in the file, or about so; in characters or bytes.
    """

    number: int
    cells: list[str]
    size: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a table come from.

    Attributes:
        file: the name of the file.
        sheet: the name of the sheet; empty for CSV.
        lines: all rows, the headings first.
        guarded: an apostrophe at the beginning of a cell guards against formulas.
    """

    file: str
    sheet: str
    lines: Iterator[Line]
    guarded: bool = False


class Row(NamedTuple):
    """A row with its keys."""

    number: int
    keys: tuple[int, ...]
    cells: list[str]
    size: int


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
        first = next(source.lines, Line(1, [], 0))
        self.headings, told = read_headings(first.cells, table, version, self.at(first.number))
        self._width = len(self.headings.setters)
        self._cells_from = _leading(self.headings.setters)
        self._setters = self.headings.setters[self._cells_from :]
        self._guard = GUARD if source.guarded else ""
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
        for number, cells, size in self._source.lines:
            if not any(cells):
                continue
            if len(cells) != self._width:
                self._fit(number, cells)
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
            self.row = Row(number, keys, cells, size)
            return

    def _fit(self, number: int, cells: list[str]) -> None:
        if len(cells) < self._width:
            cells += [""] * (self._width - len(cells))
        elif not all(map(blank, cells[self._width :])):
            message = "there is something beyond the last heading. It was not read."
            self.tell(Fault.CELL_WITHOUT_HEADING, number, message)

    def _keys(self, number: int, cells: list[str]) -> tuple[int, ...] | None:
        try:
            keys = tuple([int(cells[at]) for at in self.headings.keys])
        except ValueError:
            keys = (0,)
        if min(keys) > 0:
            return keys
        self._refuse(number, cells)
        return None

    def _refuse(self, number: int, cells: list[str]) -> None:
        wrong = {
            cells[at].strip(BLANKS).lower(): name
            for at, name in zip(self.headings.keys, self.table.keys, strict=True)
            if not _is_key(cells[at])
        }
        if GUIDANCE in wrong or all(map(blank, cells)):
            return
        message = "this has to be a whole number, counted from 1. The row was not read."
        self.tell(Fault.KEY_NOT_A_NUMBER, number, message, next(iter(wrong.values())))

    def record_id(self, row: Row) -> str:
        """Return the record id that is repeated in a row; empty if it is not."""
        at = self.headings.record_id
        text = "" if at is None else row.cells[at].strip(BLANKS)
        return text[1:] if self._guard and text[:1] == self._guard else text

    def fill(self, group: dict[str, Any], row: Row, steps: Steps) -> None:
        """Put the values of a row into its group."""
        cells = row.cells[self._cells_from :]
        # Most cells are empty: compress skips them faster than a loop can.
        for cell, setter in compress(zip(cells, self._setters, strict=False), cells):
            text = cell
            if text[0] <= GUARD:
                if text[0] == self._guard:
                    text = text[1:]
                if not text.strip(BLANKS):
                    continue
            if setter is None:
                continue
            try:
                value = setter.decode(text)
            except (ValueError, RecursionError):
                self._unreadable(row, setter, steps)
                continue
            holder = group
            for name in setter.way:
                holder = holder.setdefault(name, {})
            holder[setter.name] = value

    def _unreadable(self, row: Row, setter: Setter, steps: Steps) -> None:
        message = "this cannot be read: see the guidance for the column. It was left out."
        origin = self.at(row.number, setter.heading)
        place = join((*steps, *setter.way, setter.name))
        self._found.append(finding(Fault.UNREADABLE_CELL, origin, message, place))


def _leading(setters: tuple[Setter | None, ...]) -> int:
    """Return how many columns at the beginning are keys."""
    return next((at for at, setter in enumerate(setters) if setter), len(setters))


def _is_key(text: str) -> bool:
    try:
        return int(text) > 0
    except ValueError:
        return False
