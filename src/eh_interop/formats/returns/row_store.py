"""Rows that wait until all records have been seen.

How often a child was referred, what became of a referral, and which records are
about one child is known only at the end. Rows wait in a database that SQLite
makes for itself: a small one stays in memory, a large one goes to a file of the
system's temporary folder that has no name and is gone when it is closed. Children
and records are told apart by hashes with a key made by chance for each run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import orjson

from eh_interop.checks.across.identity import hashed

Cells = list[Any]
"""The values of a row, in the order of the columns; None where nothing is said."""

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
class Waiting:
    """A row that waits: of which child and record, and its cells."""

    child: bytes
    record: bytes
    number: int
    at: int
    cells: Cells


class Spool:
    """All rows of a run. Use it as a context manager."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._key = os.urandom(16)
        self._data = sqlite3.connect("")
        self._data.executescript(_TABLES)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Throw the rows away."""
        self._data.close()

    def hashed(self, *parts: str) -> bytes:
        """Return what stands for a child or a record in this run."""
        return hashed(self._key, *parts)

    def find(self, table: str, child: bytes, record: bytes) -> Waiting | None:
        """Return the row of a child and a record, if there is one."""
        asked = "tab = ? AND child = ? AND record = ?"
        return next(self._rows(asked, (table, child, record)), None)

    def put(self, table: str, row: Waiting) -> None:
        """Add a row, or put it in the place of the one of the same child and record."""
        cells = orjson.dumps(row.cells)
        self._data.execute(_PUT, (table, row.child, row.record, row.number, row.at, cells))

    def rows(self, table: str) -> Iterator[Waiting]:
        """Yield the rows of a table in the order in which they came."""
        yield from self._rows("tab = ?", (table,))

    def rows_of(self, table: str, child: bytes) -> Iterator[Waiting]:
        """Yield the rows of a table that are about one child."""
        yield from self._rows("tab = ? AND child = ?", (table, child))

    def _rows(self, asked: str, values: tuple[Any, ...]) -> Iterator[Waiting]:
        query = f"SELECT child, record, number, at, cells FROM waiting WHERE {asked} ORDER BY rowid"  # noqa: S608 (our own words)
        for child, record, number, at, cells in self._data.execute(query, values):
            yield Waiting(child, record, number, at, orjson.loads(cells))

    def count(self, table: str, child: bytes, record: bytes) -> None:
        """Remember that a record is an event of a child; once for each record."""
        self._data.execute("INSERT OR IGNORE INTO counted VALUES (?, ?, ?)", (table, child, record))

    def counted(self, table: str, child: bytes) -> int:
        """Return how many events of a child were counted."""
        query = "SELECT count(*) FROM counted WHERE tab = ? AND child = ?"
        (found,) = self._data.execute(query, (table, child)).fetchone()
        return int(found)

    def answer(self, record: bytes, made: str, cells: dict[str, Any]) -> None:
        """Remember what answers a record; the latest answer counts."""
        self._data.execute(_ANSWER, (record, made, orjson.dumps(cells)))

    def answered(self, record: bytes) -> dict[str, Any]:
        """Return what answers a record, by heading; empty if nothing does."""
        found = self._data.execute("SELECT cells FROM answers WHERE record = ?", (record,))
        row = found.fetchone()
        cells: dict[str, Any] = orjson.loads(row[0]) if row else {}
        return cells
