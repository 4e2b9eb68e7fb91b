"""Merges the rows of several tables into records, in the order of the records.

Every table has to be in the order of its column ``record``; then each is read
once from top to bottom, and only one record is in memory. Within a record the
rows of a table may stand in any order: the numbers of the entries say where they
belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any, Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps
from eh_interop.formats.tables.cells import BLANKS
from eh_interop.formats.tables.layout import RECORD, RECORD_ID, TableLayout
from eh_interop.formats.tables.table_reader import KeyedRow, TableCursor, TableSource, unreadable
from eh_interop.reading.faults import Fault
from eh_interop.reading.json_records import MAX_RECORD_BYTES
from eh_interop.reading.source_record import SourceRecord, read_or_tell

MAX_RECORD_ROWS: Final = 100_000
"""Rows of all tables that belong to one record."""

_SAME: Final = "Another row has the same numbers. This one was not read."
_Group = tuple[dict[str, Any], Steps]
"""The group that a row fills, and where it stands in the record."""


class RowLocator:
    """Finds in which row and column each value of a record stood, or would stand."""

    def __init__(self) -> None:
        # Of a cursor only what can be sent to another process: it reads from an open file.
        self._rows: dict[Steps, tuple[Origin, frozenset[str]]] = {}

    def add(self, steps: Steps, cursor: TableCursor, row: int) -> None:
        """Note which row holds a group."""
        names = cursor.headings.names - set(cursor.table.keys)
        self._rows[steps] = cursor.at(row), names

    def values(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where values stood; nothing for what has no row."""
        return {steps: origin for steps in places if (origin := self.origin(steps))}

    names = values

    def origin(self, steps: Steps) -> Origin | None:
        """Return where a value stood, or where it would stand; None if there is no such row."""
        for length in range(len(steps), -1, -1):
            if steps[:length] in self._rows:
                origin, names = self._rows[steps[:length]]
                return replace(origin, heading=_heading(names, steps))
        return None


def _heading(names: frozenset[str], steps: Steps) -> str:
    parts = [step for step in steps if isinstance(step, str)]
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in names:
            return name
    return ""


def merge_records(
    layout: TableLayout, sources: Mapping[str, TableSource], name: str
) -> Iterator[SourceRecord]:
    """Yield the records that the tables hold, and at the end what is left to say of the tables.

    Args:
        layout: the tables of the record type.
        sources: by name of the table; that of the record itself is there.
        name: what to call the source: the folder of the tables, or the workbook.

    Raises:
        UnreadableInputError: a table cannot be read any further.
    """
    findings: list[Finding] = []
    cursors = [
        TableCursor(table, sources[table.name], layout.version, findings)
        for table in layout.tables
        if table.name in sources
    ]
    root, *parts = cursors
    last = 0
    while (row := root.row) is not None:
        number = row.keys[0]
        if number == last:
            root.note(Fault.SAME_KEYS, row.number, _SAME, RECORD)
            root.advance()
            continue
        last = number
        position = root.at(row.number)
        record = read_or_tell(partial(_assembled, layout, row, cursors), name, position)
        root.advance()
        findings += record.findings
        yield replace(record, source=name, position=position, findings=tuple(findings))
        findings.clear()
    for part in parts:
        while (left := part.row) is not None:
            _note_orphan(part, left)
            part.advance()
    if findings:
        yield SourceRecord(source=name, document=None, findings=tuple(findings), is_record=False)


def _assembled(layout: TableLayout, row: KeyedRow, cursors: Sequence[TableCursor]) -> SourceRecord:
    """Return the record of a row and of the rows that belong to it, without its source."""
    root, *parts = cursors
    assembly = _Assembly(root, row, layout.record_type)
    for part in parts:
        if part.row is not None and part.row.keys[0] <= row.keys[0]:
            assembly.add(part)
    return SourceRecord(source="", document=assembly.record, locator=assembly.locator)


def _note_orphan(part: TableCursor, row: KeyedRow, missing: str = RECORD) -> None:
    message = "There is no row with this number for it to belong to. It was not read."
    part.note(Fault.ROW_WITHOUT_PARENT, row.number, message, missing)


class _Assembly:
    def __init__(self, root: TableCursor, row: KeyedRow, record_type: str) -> None:
        """Begin with the row of the record itself. The table tells the type."""
        self.record: dict[str, Any] = {"recordType": record_type}
        self.locator = RowLocator()
        self._number = row.keys[0]
        self._groups: dict[str, dict[tuple[int, ...], _Group]] = {"": {row.keys: (self.record, ())}}
        self._rows = self._size = 0
        self.locator.add((), root, row.number)
        root.fill(self.record, row, ())
        self._record_id = str(self.record.get(RECORD_ID, "")).strip(BLANKS)

    def add(self, part: TableCursor) -> None:
        """Add the rows of a part that belong to the record."""
        rows: list[KeyedRow] = []
        while (row := part.row) is not None and row.keys[0] <= self._number:
            if row.keys[0] < self._number:
                _note_orphan(part, row)
            else:
                self._rows += 1
                self._size += row.size
                if self._rows > MAX_RECORD_ROWS or self._size > MAX_RECORD_BYTES:
                    message = "there is more here than one record may hold."
                    raise unreadable(part.at(row.number), message)
                rows.append(row)
            part.advance()
        rows.sort(key=attrgetter("keys"))
        parents = self._groups.get(part.table.parent, {})
        own = self._groups.setdefault(part.table.name, {})
        for row in rows:
            self._place(part, row, parents, own)

    def _place(
        self,
        part: TableCursor,
        row: KeyedRow,
        parents: Mapping[tuple[int, ...], _Group],
        own: dict[tuple[int, ...], _Group],
    ) -> None:
        if row.keys in own:
            part.note(Fault.SAME_KEYS, row.number, _SAME, part.table.keys[-1])
            return
        if row.keys[:-1] not in parents:
            _note_orphan(part, row, part.table.keys[-2])
            return
        repeated = part.record_id(row)
        if repeated and repeated != self._record_id:
            message = "This is not the id of the record with this number. The row was not read."
            part.note(Fault.WRONG_RECORD_ID, row.number, message, RECORD_ID)
            return
        holder, steps = parents[row.keys[:-1]]
        *groups, name = part.table.path
        for group_name in groups:
            holder = holder.setdefault(group_name, {})
        entries: list[dict[str, Any]] = holder.setdefault(name, [])
        group: dict[str, Any] = {}
        place: Steps = (*steps, *part.table.path, len(entries))
        entries.append(group)
        own[row.keys] = group, place
        self.locator.add(place, part, row.number)
        part.fill(group, row, place)
