"""Tables as CSV files: RFC 4180, UTF-8, with the metadata of CSVW beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from eh_interop.formats._shared.csv_injection import escape
from eh_interop.formats.tables.batches import Fitting, Note, Tell, Written
from eh_interop.formats.tables.cells import encoder
from eh_interop.formats.tables.csvw import metadata
from eh_interop.formats.tables.layout import Layout, Table, layout_of
from eh_interop.formats.tables.names import csv_name, metadata_name
from eh_interop.formats.tables.rows import Row, Rows
from eh_interop.standard.fields import Field, Kind

_TOGETHER: Final = 256 * 1024
"""Characters of a table that are kept before they are written."""
_NEVER_RISKY: Final = frozenset(
    {Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.DATE_TIME}
)


def write_tables(
    records: Iterable[Mapping[str, Any]],
    folder: Path,
    *,
    tell: Tell | None = None,
    note: Note | None = None,
) -> Written:
    """Write records as tables into a folder, a set of tables for each record type.

    Files of the same names are replaced, all at the end. Memory does not grow
    with the number of records.

    Args:
        records: of any types.
        folder: where to; it is made if it is not there.
        tell: is told what did not fit the standard and was left out.
        note: is shown each record as it is written, such as :meth:`Proof.note`.

    Raises:
        OSError: the folder cannot be written to. The files that were there are untouched.
    """
    fitting = Fitting(records, tell, note)
    sets: dict[str, TableSet] = {}
    with appearing_in(folder) as hidden:
        for record in fitting:
            record_type = record["recordType"]
            if record_type not in sets:
                layout = layout_of(record_type, record["standardVersion"])
                sets[record_type] = TableSet(layout, hidden)
                described = orjson.dumps(metadata(layout), option=orjson.OPT_INDENT_2)
                (hidden / metadata_name(layout)).write_bytes(described + b"\n")
            sets[record_type].add(record)
        for each in sets.values():
            each.close()
    return Written(sum(each.records for each in sets.values()), fitting.left_out)


@contextmanager
def appearing_in(folder: Path) -> Iterator[Path]:
    """Give a folder to write into. Its files move to the real one when all are complete."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as name:
        hidden = Path(name)
        yield hidden
        for path in sorted(hidden.iterdir()):
            path.replace(folder / path.name)


def csv_cell(field: Field) -> Callable[[Any], str]:
    """Return what makes a cell of a CSV file of a value."""
    encode = encoder(field)
    if field.kind in _NEVER_RISKY and not field.repeats:
        return encode
    if encode is str:
        return escape
    return lambda value: escape(encode(value))


class TableSet:
    """The tables of one record type, written little by little; no file stays open.

    Attributes:
        records: how many they hold so far.
    """

    def __init__(self, layout: Layout, folder: Path) -> None:
        """Begin each file with its headings."""
        self._rows = Rows(layout, csv_cell)
        self._files = [_File(folder / csv_name(layout, table), table) for table in layout.tables]
        self.records = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Write a record that fits the standard."""
        self.records += 1
        for file, rows in zip(self._files, self._rows.of(record, self.records), strict=True):
            if rows:
                file.add(rows)

    def explain(self, texts: Callable[[Table], Row]) -> None:
        """Write one more row into each table, made from what the table is."""
        for file in self._files:
            file.add([texts(file.table)])

    def close(self) -> None:
        """Write what is still in memory."""
        for file in self._files:
            file.flush()


class _File:
    def __init__(self, path: Path, table: Table) -> None:
        self.table = table
        self._path = path
        self._begin()
        self.add([list(table.headings)])

    def _begin(self) -> None:
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")

    def add(self, rows: Iterable[Row]) -> None:
        self._writer.writerows(rows)
        if self._buffer.tell() > _TOGETHER:
            self.flush()

    def flush(self) -> None:
        with self._path.open("ab") as file:
            file.write(self._buffer.getvalue().encode())
        self._begin()
