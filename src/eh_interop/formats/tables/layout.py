"""The layout of tables: which tables and columns a record type has, made from the schemas.

The record itself is one table; each list of groups, however deep, is another.
A group that does not repeat has no table: its fields are columns of the table
around it. A column is named by the field's path through the schemas
(``children.name.family``), so names are stable and say where a value belongs.

A row of a part begins with its keys: ``record`` is the number of the record in
the set, and each list on the way down has a column with the number of the entry
(``children``, then ``children.addresses``). Numbers count from 1 and keep the
order. ``recordId`` is repeated beside them: it is what other systems join on,
and a row that has slipped to another family is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import CURRENT

RECORD: Final = "record"
"""The first key: the number of the record in the set."""
RECORD_ID: Final = "recordId"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column that holds values.

    Attributes:
        name: its heading.
        path: names from the row's own group down to the value.
        field: what the schema says of it.
        required: every row has to fill it.
    """

    name: str
    path: tuple[str, ...]
    field: Field
    required: bool


@dataclass(frozen=True, slots=True)
class CanonicalTable:
    """One table of a record type.

    Attributes:
        name: the path of its list (``children.addresses``); empty for the record itself.
        title: what people call a row.
        keys: the headings of its key columns, ``record`` first.
        path: names from the group around it down to its list.
        columns: the columns after the keys.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    path: tuple[str, ...]
    columns: tuple[TableColumn, ...]

    @property
    def parent(self) -> str:
        """The name of the table that holds the rows that these belong to."""
        return self.keys[-2] if len(self.keys) > 2 else ""  # noqa: PLR2004 (record and its own)

    @property
    def lead(self) -> tuple[str, ...]:
        """The headings before the columns that hold values."""
        return (*self.keys, RECORD_ID) if self.name else self.keys

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, in order."""
        return (*self.lead, *(column.name for column in self.columns))


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The tables of a record type, each before those that belong to its rows."""

    record_type: str
    version: str
    tables: tuple[CanonicalTable, ...]


def csv_name(layout: TableLayout, table: CanonicalTable) -> str:
    """Return the name of the file of a table, such as ``marf.children.csv``."""
    return ".".join(filter(None, (layout.record_type, table.name, "csv")))


def metadata_name(layout: TableLayout) -> str:
    """Return the name of the file that describes the tables."""
    return f"{layout.record_type}-metadata.json"


def sheet_name(layout: TableLayout, table: CanonicalTable) -> str:
    """Return the name of the sheet of a table. A test holds that none is too long."""
    return table.name or layout.record_type


@cache
def layout_of(record_type: str, version: str = CURRENT) -> TableLayout:
    """Return the tables of a record type.

    Raises:
        StandardError: there is no such record type or version.
    """
    tables = _tables(fields_of(record_type, version), (RECORD,), ())
    return TableLayout(record_type, version, tuple(tables))


def _tables(field: Field, keys: tuple[str, ...], path: tuple[str, ...]) -> Iterator[CanonicalTable]:
    columns = tuple(_columns(field, (), required=True))
    yield CanonicalTable(field.link, field.title, keys, path, columns)
    for inner, steps in _lists(field, ()):
        yield from _tables(inner, (*keys, inner.link), steps)


def _columns(group: Field, above: tuple[str, ...], *, required: bool) -> Iterator[TableColumn]:
    for field in group.fields:
        path, needed = (*above, field.name), required and field.required
        if field.kind is not Kind.GROUP:
            yield TableColumn(field.link, path, field, needed)
        elif not field.repeats:
            yield from _columns(field, path, required=needed)


def _lists(group: Field, above: tuple[str, ...]) -> Iterator[tuple[Field, tuple[str, ...]]]:
    """Yield the lists of groups that belong to a row, with the path to each."""
    for field in group.fields:
        path = (*above, field.name)
        if field.kind is Kind.GROUP and field.repeats:
            yield field, path
        elif field.kind is Kind.GROUP:
            yield from _lists(field, path)
