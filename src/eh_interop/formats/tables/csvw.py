"""The metadata of a set of tables, as CSV on the Web (W3C) has it.

Tools that know CSVW read from it the type of each column, what a row is found by
and which table it belongs to.
"""

from __future__ import annotations

import re
from typing import Any, Final

from eh_interop.formats.tables.joined import SEPARATOR
from eh_interop.formats.tables.layout import RECORD, RECORD_ID, Column, Layout, Table
from eh_interop.formats.tables.names import csv_name
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.schemas import load_standard

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


def metadata(layout: Layout) -> dict[str, Any]:
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


def _table(layout: Layout, table: Table) -> dict[str, Any]:
    keys = [_key(table, name) for name in table.keys]
    if table.name:
        keys.append(_column(RECORD_ID, "Id of the record", "string"))
    schema: dict[str, Any] = {
        "columns": [*keys, *(_described(column, layout.version) for column in table.columns)],
        "primaryKey": list(table.keys),
    }
    if table.name:
        above = list(table.keys[:-1])
        parent = next(each for each in layout.tables if each.name == table.parent)
        schema["foreignKeys"] = [
            {
                "columnReference": above,
                "reference": {"resource": csv_name(layout, parent), "columnReference": above},
            }
        ]
    return {"url": csv_name(layout, table), "dc:title": table.title, "tableSchema": schema}


def _key(table: Table, name: str) -> dict[str, Any]:
    if name == RECORD:
        title = "Number of the record"
    elif name == table.name:
        title = "Number of the entry"
    else:
        title = f"Number of the entry in {name}"
    whole = {"base": "integer", "minimum": 1}
    return _column(name, title, whole) | {"required": True}


def _described(column: Column, version: str) -> dict[str, Any]:
    field = column.field
    found = _column(column.name, field.title, _type(field, version))
    if field.description:
        found["dc:description"] = field.description
    if field.repeats or field.kind is Kind.REASONS:
        found["separator"] = SEPARATOR
    if column.required:
        found["required"] = True
    return found


def _type(field: Field, version: str) -> Any:
    if field.kind is not Kind.CODE:
        return _TYPES.get(field.kind, "string")
    codes = (re.escape(row.code) for row in load_standard(version).codes(field.code_list))
    return {"base": "string", "format": f"^({'|'.join(codes)})$"}


def _column(name: str, title: str, datatype: Any) -> dict[str, Any]:
    # The heading stands among the titles: validators compare the two.
    return {"name": name, "titles": [name, title], "datatype": datatype}
