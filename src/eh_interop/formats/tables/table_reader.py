"""Reads one table row by row: headings, keys and cells. The next usable row is always in sight.

Columns are known by their headings, so their order does not matter, and a column
that is not there is as if nobody had filled it. The keys have to be there. A
heading that is not known is never quoted: if the first row was lost, it is a
value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Final, NamedTuple

from eh_interop.core.csv_injection import ESCAPE, unescape
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, join
from eh_interop.formats.tables.cells import BLANKS, Decode, decoder, is_blank
from eh_interop.formats.tables.layout import RECORD_ID, CanonicalTable
from eh_interop.reading.faults import Fault
from eh_interop.reading.tabular import CellFaults, TableRow, column_letters

GUIDANCE: Final = "guidance"
"""Stands in place of the record's number in a row that explains the columns."""


@dataclass(frozen=True, slots=True)
class TableSource:
    """Where the rows of a table come from.

    Attributes:
        file: the name of the file.
        sheet: the name of the sheet; empty for CSV.
        rows: all rows, the headings first; their cells are text.
        faults: cells that a spreadsheet could not work out.
        escaped: an apostrophe in front of a cell guards against CSV injection.
    """

    file: str
    sheet: str
    rows: Iterator[TableRow]
    faults: CellFaults = field(default_factory=dict)
    escaped: bool = False


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """How the cells of a column get into a record.

    Attributes:
        heading: the heading of the column.
        groups: the groups that do not repeat, from the row's own group to the value.
        name: the name of the value in its group.
        decode: what reads a cell.
    """

    heading: str
    groups: tuple[str, ...]
    name: str
    decode: Decode


@dataclass(frozen=True, slots=True)
class HeadingMap:
    """What each column of a file is for.

    Attributes:
        keys: the index of each key column.
        record_id: the index of the repeated record id; None if it is not there.
        readers: one for each column; None for keys and for columns that are not known.
        names: all headings that are known.
    """

    keys: tuple[int, ...]
    record_id: int | None
    readers: tuple[ColumnReader | None, ...]
    names: frozenset[str]


def unreadable(origin: Origin, message: str) -> UnreadableInputError:
    """Make the error for a table that cannot be read any further."""
    return UnreadableInputError(f"{origin}: {message}")


def read_headings(
    cells: Iterable[str], table: CanonicalTable, version: str, origin: Origin
) -> tuple[HeadingMap, list[Finding]]:
    """Read the first row.

    Raises:
        UnreadableInputError: a key is missing, or a heading stands there twice.
    """
    names = [cell.strip(BLANKS) for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = frozenset(table.headings)
    _refuse(names, table, known, origin)
    columns = {column.name: column for column in table.columns}
    readers: list[ColumnReader | None] = []
    findings: list[Finding] = []
    for index, name in enumerate(names):
        column = columns.get(name)
        if column:
            *groups, last = column.path
            decode = decoder(column.field, version)
            readers.append(ColumnReader(name, tuple(groups), last, decode))
            continue
        readers.append(None)
        if name and name not in known:
            letters = column_letters(index)
            message = f"Column {letters} is not one of this table. It was not read."
            findings.append(Fault.UNKNOWN_COLUMN.finding(message, origin))
    keys = tuple(names.index(key) for key in table.keys)
    record_id = names.index(RECORD_ID) if table.name and RECORD_ID in names else None
    return HeadingMap(keys, record_id, tuple(readers), known & frozenset(names)), findings


def _refuse(names: list[str], table: CanonicalTable, known: frozenset[str], origin: Origin) -> None:
    for key in table.keys:
        if key not in names:
            why = _other_separator(names)
            raise unreadable(origin, f"the column {key} is missing from the headings.{why}")
    for name in known:
        if names.count(name) > 1:
            raise unreadable(origin, f"the heading {name} stands there twice.")


def _other_separator(names: list[str]) -> str:
    text = "".join(names[:1])
    if ";" in text or "\t" in text:
        return " Columns have to be set apart by commas: save it as CSV UTF-8 (comma delimited)."
    return ""


class KeyedRow(NamedTuple):
    """A row with its keys."""

    number: int
    keys: tuple[int, ...]
    cells: list[str]
    size: int


class TableCursor:
    """Goes through one table.

    Attributes:
        table: what the table is.
        headings: what its columns are for.
        row: the next row; None at the end.
    """

    def __init__(
        self, table: CanonicalTable, source: TableSource, version: str, findings: list[Finding]
    ) -> None:
        """Read the headings and the first row.

        Args:
            table: what the table is.
            source: its rows.
            version: of the standard.
            findings: where findings go.

        Raises:
            UnreadableInputError: the headings cannot be used.
        """
        self.table = table
        self.row: KeyedRow | None = None
        self._source = source
        self._findings = findings
        self._last = 0
        first = next(source.rows, TableRow(1, 1, []))
        self.headings, unknown = read_headings(first.cells, table, version, self.at(first.number))
        findings += unknown
        readers = self.headings.readers
        self._width = len(readers)
        self._first = next((at for at, reader in enumerate(readers) if reader), len(readers))
        self._readers = readers[self._first :]
        self.advance()

    def at(self, row: int, heading: str = "") -> Origin:
        """Say where something stands."""
        return Origin(file=self._source.file, sheet=self._source.sheet, row=row, heading=heading)

    def note(self, fault: Fault, row: int, message: str, heading: str = "") -> None:
        """Add a finding about a row."""
        self._findings.append(fault.finding(message, self.at(row, heading)))

    def advance(self) -> None:
        """Go to the next row that has keys.

        Raises:
            UnreadableInputError: the rows are not in the order of their records.
        """
        self.row = None
        for number, _, cells, size in self._source.rows:
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
            self.row = KeyedRow(number, keys, cells, size)
            return

    def _fit(self, number: int, cells: list[str]) -> None:
        if len(cells) < self._width:
            cells += [""] * (self._width - len(cells))
        elif not all(map(is_blank, cells[self._width :])):
            message = "There is something beyond the last heading. It was not read."
            self.note(Fault.CELL_WITHOUT_HEADING, number, message)

    def _keys(self, number: int, cells: list[str]) -> tuple[int, ...] | None:
        try:
            keys = tuple([int(cells[at]) for at in self.headings.keys])
        except ValueError:
            keys = (0,)
        if min(keys) > 0:
            return keys
        self._refuse_keys(number, cells)
        return None

    def _refuse_keys(self, number: int, cells: list[str]) -> None:
        wrong = {
            cells[at].strip(BLANKS).lower(): name
            for at, name in zip(self.headings.keys, self.table.keys, strict=True)
            if not _is_key(cells[at])
        }
        if GUIDANCE in wrong or all(map(is_blank, cells)):
            return
        message = "This has to be a whole number, counted from 1. The row was not read."
        self.note(Fault.KEY_NOT_A_NUMBER, number, message, next(iter(wrong.values())))

    def record_id(self, row: KeyedRow) -> str:
        """Return the record id that is repeated in a row; empty if it is not."""
        at = self.headings.record_id
        text = "" if at is None else row.cells[at].strip(BLANKS)
        return unescape(text) if self._source.escaped else text

    def fill(self, group: dict[str, Any], row: KeyedRow, steps: Steps) -> None:
        """Put the values of a row into its group."""
        cells = row.cells[self._first :]
        # Most cells are empty: compress skips them faster than a loop can.
        for cell, reader in compress(zip(cells, self._readers, strict=False), cells):
            text = cell
            if text[0] <= ESCAPE:
                text = unescape(text) if self._source.escaped else text
                if not text.strip(BLANKS):
                    continue
            if reader is None:
                continue
            try:
                value = reader.decode(text)
            except (ValueError, RecursionError):
                message = "This cannot be read: see the guidance for the column. It was left out."
                self._unreadable(row, reader, steps, message)
                continue
            holder = group
            for name in reader.groups:
                holder = holder.setdefault(name, {})
            holder[reader.name] = value
        for fault in self._source.faults.get(row.number, ()):
            reader = dict(enumerate(self.headings.readers)).get(fault.column)
            if reader:
                self._unreadable(row, reader, steps, fault.message)

    def _unreadable(self, row: KeyedRow, reader: ColumnReader, steps: Steps, message: str) -> None:
        origin = self.at(row.number, reader.heading)
        place = join((*steps, *reader.groups, reader.name))
        self._findings.append(Fault.UNREADABLE_CELL.finding(message, origin, place))


def _is_key(text: str) -> bool:
    try:
        return int(text) > 0
    except ValueError:
        return False
