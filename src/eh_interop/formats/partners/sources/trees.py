"""Records from XML and JSON: what both have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

from eh_interop.core.findings import Finding
from eh_interop.formats.partners.build import Builder
from eh_interop.formats.partners.places import (
    Column,
    PartnerFinding,
    Where,
    finding_at,
)
from eh_interop.formats.partners.plan import ReadyRow
from eh_interop.formats.partners.tables import Table
from eh_interop.formats.partners.values.cells import MisreadError, text_of
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.streams import seekable

if TYPE_CHECKING:
    from eh_interop.formats.partners.reading import PartnerRecord, Reading

_MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A value in a tree. ``path`` and ``line`` say where; ``name`` what it is called there."""

    value: Any = field(repr=False)
    path: str
    line: int = 0
    name: str = ""


class Item(Protocol):
    """One record of a file, or one entry in it."""

    def values(self, path: str) -> list[Found]:
        """Return what stands at a path."""

    def items(self, path: str) -> Sequence[Item]:
        """Return the entries at a path."""

    def unread(self, given_up: tuple[str, ...]) -> Iterator[Found]:
        """Yield every value that nobody has asked for."""

    def raw(self) -> str:
        """Return the whole record as text."""

    def notes(self) -> tuple[Finding, ...]:
        """Return what was wrong with the text of the record."""

    @property
    def line(self) -> int:
        """Where it begins."""


def path_problem(table: Table, path: str) -> str:
    """Say what is wrong with a path of a mapping for XML or JSON; nothing if it is right."""
    if table.format == "xml":
        from eh_interop.formats.partners.sources.xml_items import xpath_problem

        return xpath_problem(path, table.namespaces)
    is_pointer = path.removeprefix("^").startswith("/")
    return "" if is_pointer else "a JSON Pointer begins with /, or with ^/ from the whole file."


def read_trees(source: Path | BinaryIO, reading: Reading) -> Iterator[PartnerRecord]:
    """Yield the records of an XML or JSON file.

    Raises:
        RefusedError: the file cannot be read, or not any further.
    """
    table = reading.plan.table
    with seekable(source) as file:
        if table.format == "xml":
            from eh_interop.formats.partners.sources.xml_items import xml_items

            yield from _Trees(reading).records(xml_items(file, table))
        else:
            from eh_interop.formats.partners.sources.json_items import json_items

            yield from _Trees(reading).records(json_items(file, table))


class _Trees:
    """The records of one file."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._plan = reading, reading.plan
        self._top = [row for row in self._plan.rows if row.part < 0]
        self._inner = [
            [row for row in self._plan.rows if row.part == number]
            for number in range(len(self._plan.parts))
        ]
        self._columns: dict[tuple[str, int], Column] = {}
        self._given_up = tuple(each.theirs for each in self._plan.table.lost)
        self._unread: dict[str, None] = {}

    def records(self, items: Iterator[Item]) -> Iterator[PartnerRecord]:
        number = 0
        for number, item in enumerate(items, 1):
            yield self._record(item, number)
            del item  # or two records would be in memory while the next is read
        if not number:
            at = self._plan.table.record_at or "the file"
            raise RefusedError(
                PartnerFault.NO_HEADINGS, f"There is no record at {at}: nothing was read."
            )
        self._reading.summary.unmapped = tuple(self._unread)

    def _record(self, item: Item, number: int) -> PartnerRecord:
        from eh_interop.formats.partners.reading import PartnerRecord, RawRow

        self._reading.summary.rows += 1
        rows = (RawRow(number, (item.raw(),)),)
        builder = Builder(self._plan)
        here = Where(Column(self._reading.summary.file), number, item.line)
        for note in item.notes():
            at = replace(here.place(), path=note.place)
            builder.findings.append(PartnerFinding(replace(note, place=""), at))
        self._take(builder, item, self._top, 1, number)
        for part, ready_rows in zip(self._plan.parts, self._inner, strict=True):
            entries = item.items(part.row.theirs) if part.row.theirs else [item]
            for index, entry in enumerate(entries, 1):
                self._take(builder, entry, ready_rows, index, number)
        for found in item.unread(self._given_up):
            self._keep(builder, found, number)
        identity = self._identity(item)
        if builder.is_empty:
            message = "No field of the mapping has anything in this record. None was made of it."
            builder.findings.append(finding_at(PartnerFault.NOTHING_IN_IT, message, here))
            return PartnerRecord(None, tuple(builder.findings), rows)
        record, where = builder.record(identity or (item.raw(),))
        self._reading.summary.records += 1
        return PartnerRecord(record, tuple(builder.findings), rows, where)

    def _take(
        self, builder: Builder, item: Item, rows: list[ReadyRow], key: int, number: int
    ) -> None:
        for row in rows:
            for found in item.values(row.row.theirs):
                where = self._where(found, row.row.theirs, row.row.line, number)
                builder.value(row, key, found.value, where)

    def _where(self, found: Found, name: str, line: int, number: int) -> Where:
        column = self._columns.get((name, line))
        if column is None:
            table = self._plan.table
            column = self._columns[name, line] = Column(
                self._reading.summary.file,
                heading=name,
                mapping=table.origin,
                mapping_line=line,
            )
        return Where(column, number, found.line, found.path)

    def _identity(self, item: Item) -> tuple[str, ...]:
        texts: list[str] = []
        for path in self._plan.table.id:
            for found in item.values(path):
                try:
                    texts.append(text_of(found.value))
                except MisreadError:
                    continue
        return tuple(texts) if any(texts) else ()

    def _keep(self, builder: Builder, found: Found, number: int) -> None:
        where = self._where(found, found.name, 0, number)
        builder.local(where, found.value)
        if found.name not in self._unread and len(self._unread) < _MOST_LISTED:
            self._unread[found.name] = None
            message = "This is not in the mapping. It is kept as local data."
            told = Where(where.column, number, found.line)
            self._reading.findings.append(finding_at(PartnerFault.COLUMN_NOT_MAPPED, message, told))
