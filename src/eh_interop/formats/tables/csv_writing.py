"""Writes tables as CSV files (RFC 4180, UTF-8), with the metadata of CSV on the Web (W3C).

Tools that know CSVW read from the metadata the type of each column, what a row is
found by and which table it belongs to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from eh_interop.core.atomic import replaced_files
from eh_interop.core.csv_injection import escape
from eh_interop.formats.tables.cells import SEPARATOR, encoder
from eh_interop.formats.tables.layout import (
    RECORD,
    RECORD_ID,
    CanonicalTable,
    TableColumn,
    TableLayout,
    csv_name,
    layout_of,
    metadata_name,
)
from eh_interop.formats.tables.rows import (
    OnLeftOut,
    OnRecord,
    RecordRows,
    RowCells,
    TablesWritten,
    ValidRecords,
)
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.schemas import load_standard

_TOGETHER: Final = 256 * 1024
"""Characters of a table that are kept before they are written."""
_NEVER_RISKY: Final = frozenset(
    {Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.DATE_TIME}
)
_TYPES: Final[dict[Kind, Any]] = {
    Kind.DATE: {"base": "date", "format": "yyyy-MM-dd"},
    Kind.DATE_TIME: "dateTime",
    Kind.BOOLEAN: {"base": "boolean", "format": "true|false"},
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "double",
    Kind.LOCAL: "json",
}
_NOTES: Final = (
    "An apostrophe in front of a text keeps spreadsheets from taking it for a formula: take one "
    "apostrophe away when you read. In a cell with several values they are set apart by "
    "a semicolon and a blank; a backslash protects the character after it."
)


def write_tables(
    records: Iterable[Mapping[str, Any]],
    folder: Path,
    *,
    tell: OnLeftOut | None = None,
    note: OnRecord | None = None,
) -> TablesWritten:
    """Write records as tables into a folder, a set of tables for each record type.

    Files of the same names are replaced, all at the end. Memory does not grow
    with the number of records.

    Args:
        records: of any types.
        folder: where to; it is made if it is not there.
        tell: is called with what did not fit the standard and was left out.
        note: is called with each record as it is written, such as :meth:`RoundTripCheck.note`.

    Raises:
        OSError: the folder cannot be written to. The files that were there are untouched.
    """
    valid = ValidRecords(records, tell, note)
    folder.mkdir(parents=True, exist_ok=True)
    sets: dict[str, CsvTableSet] = {}
    with replaced_files(folder) as hidden:
        for record in valid:
            record_type = record["recordType"]
            if record_type not in sets:
                layout = layout_of(record_type, record["standardVersion"])
                sets[record_type] = CsvTableSet(layout, hidden)
                described = orjson.dumps(metadata(layout), option=orjson.OPT_INDENT_2)
                (hidden / metadata_name(layout)).write_bytes(described + b"\n")
            sets[record_type].add(record)
        for tables in sets.values():
            tables.close()
    return TablesWritten(sum(tables.records for tables in sets.values()), valid.left_out)


def csv_cell(field: Field) -> Callable[[Any], str]:
    """Return what makes a cell of a CSV file of a value."""
    encode = encoder(field)
    if field.kind in _NEVER_RISKY and not field.repeats:
        return encode
    if encode is str:
        return escape
    return lambda value: escape(encode(value))


class CsvTableSet:
    """The tables of one record type, written little by little; no file stays open.

    Attributes:
        records: how many they hold so far.
    """

    def __init__(self, layout: TableLayout, folder: Path) -> None:
        self._rows = RecordRows(layout, csv_cell)
        self._files = [_CsvFile(folder / csv_name(layout, table), table) for table in layout.tables]
        self.records = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Write a record that fits the standard."""
        self.records += 1
        for file, rows in zip(self._files, self._rows.of(record, self.records), strict=True):
            if rows:
                file.add(rows)

    def explain(self, texts: Callable[[CanonicalTable], RowCells]) -> None:
        """Write one more row into each table, made from what the table is."""
        for file in self._files:
            file.add([texts(file.table)])

    def close(self) -> None:
        """Write what is still in memory."""
        for file in self._files:
            file.flush()


class _CsvFile:
    def __init__(self, path: Path, table: CanonicalTable) -> None:
        self.table = table
        self._path = path
        self._begin()
        self.add([list(table.headings)])

    def _begin(self) -> None:
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")

    def add(self, rows: Iterable[RowCells]) -> None:
        self._writer.writerows(rows)
        if self._buffer.tell() > _TOGETHER:
            self.flush()

    def flush(self) -> None:
        with self._path.open("ab") as file:
            file.write(self._buffer.getvalue().encode())
        self._begin()


def metadata(layout: TableLayout) -> dict[str, Any]:
    """Return the metadata of the tables of a record type."""
    schema = load_standard(layout.version).record_schema(layout.record_type)
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": schema["title"],
        "dc:description": _NOTES,
        "dc:conformsTo": schema["$id"],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tables": [_table(layout, table) for table in layout.tables],
    }


def _table(layout: TableLayout, table: CanonicalTable) -> dict[str, Any]:
    keys = [_key(table, name) for name in table.keys]
    if table.name:
        keys.append(_column(RECORD_ID, "Id of the record", "string"))
    schema: dict[str, Any] = {
        "columns": [*keys, *(_described(column, layout.version) for column in table.columns)],
        "primaryKey": list(table.keys),
    }
    if table.name:
        above = list(table.keys[:-1])
        parent = next(other for other in layout.tables if other.name == table.parent)
        schema["foreignKeys"] = [
            {
                "columnReference": above,
                "reference": {"resource": csv_name(layout, parent), "columnReference": above},
            }
        ]
    return {"url": csv_name(layout, table), "dc:title": table.title, "tableSchema": schema}


def _key(table: CanonicalTable, name: str) -> dict[str, Any]:
    if name == RECORD:
        title = "Number of the record"
    elif name == table.name:
        title = "Number of the entry"
    else:
        title = f"Number of the entry in {name}"
    whole = {"base": "integer", "minimum": 1}
    return _column(name, title, whole) | {"required": True}


def _described(column: TableColumn, version: str) -> dict[str, Any]:
    field = column.field
    described = _column(column.name, field.title, _type(field, version))
    if field.description:
        described["dc:description"] = field.description
    if field.repeats or field.kind is Kind.REASONS:
        described["separator"] = SEPARATOR
    if column.required:
        described["required"] = True
    return described


def _type(field: Field, version: str) -> Any:
    if field.kind is not Kind.CODE:
        return _TYPES.get(field.kind, "string")
    codes = (re.escape(row.code) for row in load_standard(version).codes(field.code_list))
    return {"base": "string", "format": f"^({'|'.join(codes)})$"}


def _column(name: str, title: str, datatype: Any) -> dict[str, Any]:
    # The heading stands among the titles: validators compare the two.
    return {"name": name, "titles": [name, title], "datatype": datatype}
