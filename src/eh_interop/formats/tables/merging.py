"""Rows of several tables put together to records: a merge in the order of the records.

Every table has to be in the order of its column ``record``; then each is read
once from top to bottom, and only one record is in memory. Within a record the
rows of a table may stand in any order: the numbers of the entries say where they
belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps
from eh_interop.formats.tables.cursors import Cursor, Row, Source
from eh_interop.formats.tables.faults import CellOrigin, unreadable
from eh_interop.formats.tables.joined import BLANKS
from eh_interop.formats.tables.layout import RECORD, RECORD_ID, Layout
from eh_interop.formats.tables.limits import MAX_LINE, MAX_RECORD_ROWS
from eh_interop.reading.faults import Fault


class Origins:
    """Says where each value of a record stood. Call it with the steps to the value."""

    def __init__(self) -> None:
        self._rows: dict[Steps, tuple[Cursor, int]] = {}

    def add(self, steps: Steps, cursor: Cursor, row: int) -> None:
        """Note which row holds a group."""
        self._rows[steps] = cursor, row

    def __call__(self, steps: Steps) -> CellOrigin | None:
        """Return where a value stood, or where it would stand; None if there is no such row."""
        for length in range(len(steps), -1, -1):
            if steps[:length] in self._rows:
                cursor, row = self._rows[steps[:length]]
                return cursor.at(row, _heading(cursor, steps))
        return None


def _heading(cursor: Cursor, steps: Steps) -> str:
    names = [step for step in steps if isinstance(step, str)]
    for length in range(len(names), 0, -1):
        name = ".".join(names[:length])
        if name in cursor.headings.names and name not in cursor.table.keys:
            return name
    return ""


class ReadRecord(NamedTuple):
    """What reading gives for each record.

    Attributes:
        record: the record; None if there are only findings to tell, at the end of a table.
        origins: where its values stood.
        findings: what was wrong with the tables since the record before.
    """

    record: dict[str, Any] | None
    origins: Origins
    findings: tuple[Finding, ...]


def merged(layout: Layout, sources: Mapping[str, Source]) -> Iterator[ReadRecord]:
    """Yield the records that the tables hold.

    Args:
        layout: the tables of the record type.
        sources: by name of the table; that of the record itself is there.

    Raises:
        UnreadableInputError: a table cannot be read any further.
    """
    found: list[Finding] = []
    cursors = [
        Cursor(table, sources[table.name], layout.version, found)
        for table in layout.tables
        if table.name in sources
    ]
    root, *parts = cursors
    last = 0
    while (row := root.row) is not None:
        number = row.keys[0]
        if number == last:
            root.tell(Fault.SAME_KEYS, row.number, _SAME, RECORD)
            root.advance()
            continue
        last = number
        assembly = _Assembly(root, row, layout.record_type)
        for part in parts:
            if part.row is not None and part.row.keys[0] <= number:
                assembly.add(part)
        root.advance()
        yield ReadRecord(assembly.record, assembly.origins, tuple(found))
        found.clear()
    for part in parts:
        while (left := part.row) is not None:
            _orphan(part, left)
            part.advance()
    if found:
        yield ReadRecord(None, Origins(), tuple(found))


_SAME = "another row has the same numbers. This one was not read."


def _orphan(part: Cursor, row: Row, missing: str = RECORD) -> None:
    message = "no row with this number is there for it to belong to. It was not read."
    part.tell(Fault.ROW_WITHOUT_PARENT, row.number, message, missing)


class _Assembly:
    """One record, put together."""

    def __init__(self, root: Cursor, row: Row, record_type: str) -> None:
        """Begin with the row of the record itself. The table tells the type."""
        self.record: dict[str, Any] = {"recordType": record_type}
        self.origins = Origins()
        self._number = row.keys[0]
        self._groups: dict[str, dict[tuple[int, ...], tuple[dict[str, Any], Steps]]] = {
            "": {row.keys: (self.record, ())}
        }
        self._rows = self._size = 0
        self.origins.add((), root, row.number)
        root.fill(self.record, row, ())
        self._record_id = str(self.record.get(RECORD_ID, "")).strip(BLANKS)

    def add(self, part: Cursor) -> None:
        """Add the rows of a part that belong to the record."""
        rows: list[Row] = []
        while (row := part.row) is not None and row.keys[0] <= self._number:
            if row.keys[0] < self._number:
                _orphan(part, row)
            else:
                self._rows += 1
                self._size += row.size
                if self._rows > MAX_RECORD_ROWS or self._size > MAX_LINE:
                    message = "there is more here than one record may hold."
                    raise unreadable(part.at(row.number), message)
                rows.append(row)
            part.advance()
        rows.sort(key=_by_keys)
        parents = self._groups.get(part.table.parent, {})
        own = self._groups.setdefault(part.table.name, {})
        for each in rows:
            self._place(part, each, parents, own)

    def _place(
        self,
        part: Cursor,
        row: Row,
        parents: Mapping[tuple[int, ...], tuple[dict[str, Any], Steps]],
        own: dict[tuple[int, ...], tuple[dict[str, Any], Steps]],
    ) -> None:
        if row.keys in own:
            part.tell(Fault.SAME_KEYS, row.number, _SAME, part.table.keys[-1])
            return
        if row.keys[:-1] not in parents:
            _orphan(part, row, part.table.keys[-2])
            return
        repeated = part.record_id(row)
        if repeated and repeated != self._record_id:
            message = "this is not the id of the record with this number. The row was not read."
            part.tell(Fault.WRONG_RECORD_ID, row.number, message, RECORD_ID)
            return
        holder, steps = parents[row.keys[:-1]]
        *way, name = part.table.path
        for each in way:
            holder = holder.setdefault(each, {})
        entries: list[dict[str, Any]] = holder.setdefault(name, [])
        group: dict[str, Any] = {}
        place: Steps = (*steps, *part.table.path, len(entries))
        entries.append(group)
        own[row.keys] = group, place
        self.origins.add(place, part, row.number)
        part.fill(group, row, place)


def _by_keys(row: Row) -> tuple[int, ...]:
    return row.keys
