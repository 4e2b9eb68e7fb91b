"""The row store: rows that wait, in SQLite, until all records have been seen.

How often a child was referred, what became of a referral, and which records are
about one child is known only at the end. SQLite keeps a small store in memory; a
large one goes to a file of the system's temporary folder that has no name and is
gone when it is closed. Children and records are distinguished by hashes with a
random key, a new one in each run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import orjson

from eh_interop.checks.across.identity import hashed

Cells = list[Any]
"""The values of a row, in the order of the columns; None for a blank cell."""

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE waiting (tab TEXT, child BLOB, record BLOB, number INTEGER, at INTEGER, cells BLOB,
                      UNIQUE (tab, child, record));
CREATE TABLE counted (tab TEXT, child BLOB, record BLOB, UNIQUE (tab, child, record));
CREATE TABLE answers (record BLOB PRIMARY KEY, made TEXT, cells BLOB);
"""
_PUT = """
INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET number = excluded.number, at = excluded.at, cells = excluded.cells
"""
_ANSWER = """
INSERT INTO answers VALUES (?, ?, ?) ON CONFLICT DO UPDATE
SET made = excluded.made, cells = excluded.cells WHERE excluded.made >= made
"""


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A row that waits.

    Attributes:
        record: the hash of its record; empty in a table with one row for each child.
        number: which record of the run it is from, from 1.
        child_index: which child of that record it is about.
    """

    child: bytes
    record: bytes
    number: int
    child_index: int
    cells: Cells


class RowStore:
    """All rows of a run. Use it as a context manager."""

    def __init__(self) -> None:
        self._key = os.urandom(16)
        self._data = sqlite3.connect("")
        self._data.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()

    def hashed(self, *parts: str) -> bytes:
        """Return the hash of a child or a record in this run."""
        return hashed(self._key, *parts)

    def get(self, table: str, child: bytes, record: bytes) -> PendingRow | None:
        """Return the row of a child and a record, if there is one."""
        where = "tab = ? AND child = ? AND record = ?"
        return next(self._rows(where, (table, child, record)), None)

    def put(self, table: str, row: PendingRow) -> None:
        """Add a row, or put it in the place of the one of the same child and record."""
        cells = orjson.dumps(row.cells)
        self._data.execute(_PUT, (table, row.child, row.record, row.number, row.child_index, cells))

    def rows(self, table: str, child: bytes | None = None) -> Iterator[PendingRow]:
        """Yield the rows of a table, or of one child, in the order in which they came."""
        if child is None:
            yield from self._rows("tab = ?", (table,))
        else:
            yield from self._rows("tab = ? AND child = ?", (table, child))

    def _rows(self, where: str, values: tuple[Any, ...]) -> Iterator[PendingRow]:
        query = f"SELECT child, record, number, at, cells FROM waiting WHERE {where} ORDER BY rowid"  # noqa: S608 (our own words)
        for child, record, number, at, cells in self._data.execute(query, values):
            yield PendingRow(child, record, number, at, orjson.loads(cells))

    def count(self, table: str, child: bytes, record: bytes) -> None:
        """Remember that a record is an event of a child; once for each record."""
        self._data.execute("INSERT OR IGNORE INTO counted VALUES (?, ?, ?)", (table, child, record))

    def counted(self, table: str, child: bytes) -> int:
        """Return how many events of a child were counted."""
        query = "SELECT count(*) FROM counted WHERE tab = ? AND child = ?"
        (count,) = self._data.execute(query, (table, child)).fetchone()
        return int(count)

    def answer(self, record: bytes, made: str, cells: dict[str, Any]) -> None:
        """Remember the cells of a record that answers another; the latest answer counts."""
        self._data.execute(_ANSWER, (record, made, orjson.dumps(cells)))

    def answered(self, record: bytes) -> dict[str, Any]:
        """Return the cells that answer a record, by heading; empty if nothing does."""
        query = "SELECT cells FROM answers WHERE record = ?"
        row = self._data.execute(query, (record,)).fetchone()
        cells: dict[str, Any] = orjson.loads(row[0]) if row else {}
        return cells
