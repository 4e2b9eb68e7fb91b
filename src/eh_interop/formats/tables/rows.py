"""A record as rows of its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from eh_interop.formats.tables.layout import RECORD_ID, Layout, Table
from eh_interop.standard.fields import Field, Kind, fields_of

Row = list[Any]
Cells = Callable[[Field], Callable[[Any], Any]]
"""Gives for a field what makes a cell of its value."""


class _Cell(NamedTuple):
    at: int
    encode: Callable[[Any], Any]


class _Inside(NamedTuple):
    plan: Mapping[str, Any]


class _List(NamedTuple):
    table: int
    plan: Mapping[str, Any]


class Rows:
    """Makes rows of records of one type. What it is given has to fit the standard."""

    def __init__(self, layout: Layout, cells: Cells) -> None:
        """Plan the way of each field to its cell."""
        self._tables = layout.tables
        self._number = {table.name: index for index, table in enumerate(layout.tables)}
        self._blank: list[Row] = [[""] * len(table.headings) for table in layout.tables]
        self._cells = cells
        root = fields_of(layout.record_type, layout.version)
        self._plan = self._planned(root, layout.tables[0])
        self._record_id = self._plan[RECORD_ID].encode

    def of(self, record: Mapping[str, Any], number: int) -> list[list[Row]]:
        """Return the rows of a record, one list for each table of the layout."""
        rows: list[list[Row]] = [[] for _ in self._tables]
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
        row: Row,
        keys: tuple[int, ...],
        record_id: str,
        rows: list[list[Row]],
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
        rows: list[list[Row]],
    ) -> None:
        blank, depth, table = self._blank[step.table], len(keys) + 1, rows[step.table]
        for number, entry in enumerate(entries, 1):
            row, own = blank.copy(), (*keys, number)
            row[:depth] = own
            row[depth] = record_id
            table.append(row)
            self._fill(entry, step.plan, row, own, record_id, rows)

    def _planned(self, group: Field, table: Table) -> dict[str, Any]:
        columns = {each.name: len(table.lead) + at for at, each in enumerate(table.columns)}
        return {field.name: self._step(field, table, columns) for field in group.fields}

    def _step(self, field: Field, table: Table, columns: Mapping[str, int]) -> Any:
        if field.kind is not Kind.GROUP:
            return _Cell(columns[field.link], self._cells(field))
        if not field.repeats:
            return _Inside(self._planned(field, table))
        number = self._number[field.link]
        return _List(number, self._planned(field, self._tables[number]))
