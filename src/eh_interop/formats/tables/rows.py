"""Rows: records pruned to what is valid, and each as the rows of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from eh_interop.checks.pruning import pruned
from eh_interop.core.pointer import Steps
from eh_interop.formats.tables.layout import RECORD_ID, CanonicalTable, TableLayout
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import load_standard, versions

RowCells = list[Any]
CellMaker = Callable[[Field], Callable[[Any], Any]]
"""Gives for a field what makes a cell of its value."""
OnLeftOut = Callable[[int, Steps], None]
"""Is called with what was left out: the position of the record (from 1), and where.
No steps mean that the whole record was left out: it does not say what it is."""
OnRecord = Callable[[Mapping[str, Any]], None]
"""Is called with each record as it is written."""


@dataclass(frozen=True, slots=True)
class TablesWritten:
    """What writing came to.

    Attributes:
        records: how many records the tables hold.
        left_out: how many values, or whole records, did not fit the standard.
    """

    records: int
    left_out: int


class ValidRecords:
    """Goes through records and keeps what is valid; reports the rest.

    Attributes:
        left_out: how many values or whole records were left out so far.
    """

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]],
        tell: OnLeftOut | None,
        note: OnRecord | None,
    ) -> None:
        self._records = records
        self._tell = tell
        self._note = note
        self.left_out = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for position, record in enumerate(self._records, 1):
            if not _says_what_it_is(record):
                self._leave_out(position, ())
                continue
            valid, dropped = pruned(record)
            for steps in dropped:
                self._leave_out(position, steps)
            if self._note is not None:
                self._note(valid)
            yield valid

    def _leave_out(self, position: int, steps: Steps) -> None:
        self.left_out += 1
        if self._tell is not None:
            self._tell(position, steps)


def _says_what_it_is(record: Mapping[str, Any]) -> bool:
    version, record_type = record.get("standardVersion"), record.get("recordType")
    return version in versions() and record_type in load_standard(str(version)).record_types


class _Cell(NamedTuple):
    at: int
    encode: Callable[[Any], Any]


class _Inside(NamedTuple):
    plan: Mapping[str, Any]


class _List(NamedTuple):
    table: int
    plan: Mapping[str, Any]


class RecordRows:
    """Makes rows of records of one type. What it is given has to fit the standard."""

    def __init__(self, layout: TableLayout, cells: CellMaker) -> None:
        self._tables = layout.tables
        self._number = {table.name: index for index, table in enumerate(layout.tables)}
        self._blank: list[RowCells] = [[""] * len(table.headings) for table in layout.tables]
        self._cells = cells
        root = fields_of(layout.record_type, layout.version)
        self._plan = self._planned(root, layout.tables[0])
        self._record_id = self._plan[RECORD_ID].encode

    def of(self, record: Mapping[str, Any], number: int) -> list[list[RowCells]]:
        """Return the rows of a record, one list for each table of the layout."""
        rows: list[list[RowCells]] = [[] for _ in self._tables]
        row = self._blank[0].copy()
        row[0] = number
        rows[0].append(row)
        record_id = self._record_id(record[RECORD_ID]) if RECORD_ID in record else ""
        self._fill(record, self._plan, row, (number,), record_id, rows)
        return rows

    def _fill(
        self,
        group: Mapping[str, Any],
        plan: Mapping[str, Any],
        row: RowCells,
        keys: tuple[int, ...],
        record_id: str,
        rows: list[list[RowCells]],
    ) -> None:
        for name, value in group.items():
            step = plan[name]
            if type(step) is _Cell:
                row[step.at] = step.encode(value)
            elif type(step) is _Inside:
                self._fill(value, step.plan, row, keys, record_id, rows)
            else:
                self._entries(value, step, keys, record_id, rows)

    def _entries(
        self,
        entries: list[Any],
        step: _List,
        keys: tuple[int, ...],
        record_id: str,
        rows: list[list[RowCells]],
    ) -> None:
        blank, depth, table = self._blank[step.table], len(keys) + 1, rows[step.table]
        for number, entry in enumerate(entries, 1):
            row, own = blank.copy(), (*keys, number)
            row[:depth] = own
            row[depth] = record_id
            table.append(row)
            self._fill(entry, step.plan, row, own, record_id, rows)

    def _planned(self, group: Field, table: CanonicalTable) -> dict[str, Any]:
        columns = {column.name: len(table.lead) + at for at, column in enumerate(table.columns)}
        return {field.name: self._step(field, table, columns) for field in group.fields}

    def _step(self, field: Field, table: CanonicalTable, columns: Mapping[str, int]) -> Any:
        if field.kind is not Kind.GROUP:
            return _Cell(columns[field.link], self._cells(field))
        if not field.repeats:
            return _Inside(self._planned(field, table))
        number = self._number[field.link]
        return _List(number, self._planned(field, self._tables[number]))
