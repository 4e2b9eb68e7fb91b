"""The rows of a return as they are written: finished at the end, and exact."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from eh_interop.formats.returns.contradictions import doubts
from eh_interop.formats.returns.remarks import Remark, Say
from eh_interop.formats.returns.safe_text import guarded, holdable
from eh_interop.formats.returns.spool import Cells, Spool, Waiting
from eh_interop.formats.returns.tables import Column, Return, Table


class Finisher:
    """Finishes rows: adds what was known only at the end, and says what is missing.

    Attributes:
        rows: how many rows of each table were finished.
    """

    def __init__(self, whole: Return, spool: Spool, say: Say) -> None:
        """Begin when all records have been gathered."""
        self._whole, self._spool, self._say = whole, spool, say
        self.rows: Counter[str] = Counter()

    def rows_of(self, table: Table, child: bytes | None = None) -> Iterator[tuple[Waiting, Cells]]:
        """Yield the finished rows of a table, or of one child."""
        spool = self._spool
        found = spool.rows(table.key) if child is None else spool.rows_of(table.key, child)
        for row in found:
            self.rows[table.key] += 1
            cells = self._finished(table, row)
            for code, heading in doubts(table, cells):
                at = f"/children/{row.at}"
                self._say(Remark(code, table.file, heading, record=row.number, place=at))
            yield row, cells

    def _finished(self, table: Table, row: Waiting) -> Cells:
        answered = self._spool.answered(row.record) if row.record else {}
        cells: Cells = []
        for column, known in zip(table.columns, row.cells, strict=True):
            value = known if known is not None else answered.get(column.heading)
            if column.via == "count":
                value = self._spool.counted(table.key, row.child)
            cells.append(self._sound(table, column, row, value))
        return cells

    def _sound(self, table: Table, column: Column, row: Waiting, value: Any) -> Any:
        if isinstance(value, str) and (plain := holdable(value)) != value:
            self._remark("RET-010", table, column, row)
            value = plain
        if value is None and column.required:
            self._remark("RET-002", table, column, row)
        return value

    def _remark(self, code: str, table: Table, column: Column, row: Waiting) -> None:
        pointer = "" if column.joined else next(iter((*column.ours, *column.covers)), "")
        place = pointer.replace("/children/*", f"/children/{row.at}", 1)
        place = place if "*" not in place else place.partition("/*")[0]
        self._say(Remark(code, table.file, column.heading, record=row.number, place=place))


def as_text(column: Column, value: Any, dates: str) -> str:
    """Write a value as a cell of a CSV file, exactly as the return asks for it."""
    if value is None:
        return ""
    if column.form == "date":
        return date.fromisoformat(value).strftime(dates)
    if column.form == "flags":
        return orjson.dumps({flag: "Y" if flag == value else "" for flag in column.flags}).decode()
    return guarded(value) if isinstance(value, str) else str(value)


def as_cell(column: Column, value: Any, dates: str) -> Any:
    """Write a value as a cell of a workbook: numbers and days stay what they are."""
    if isinstance(value, str) and column.form == "date":
        return date.fromisoformat(value)
    if isinstance(value, str) and column.form == "flags":
        return as_text(column, value, dates)
    return value


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file as RFC 4180 has it, in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
