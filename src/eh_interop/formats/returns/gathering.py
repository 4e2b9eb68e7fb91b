"""From records to rows that wait: which records belong, and what each column says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from eh_interop.convert.pruning import pruned
from eh_interop.core.findings import Severity
from eh_interop.core.pointer import join
from eh_interop.formats.returns.cells import answers, cell
from eh_interop.formats.returns.contradictions import contradictions
from eh_interop.formats.returns.days import Window, day_of
from eh_interop.formats.returns.losses import Held
from eh_interop.formats.returns.remarks import Remark, Say
from eh_interop.formats.returns.scene import Scene
from eh_interop.formats.returns.spool import Cells, Spool, Waiting
from eh_interop.formats.returns.tables import Event, Return, Table
from eh_interop.standard.finding_codes import finding_code


class Gatherer:
    """Takes records one by one and puts their rows into a spool.

    Attributes:
        held: for each record type, the fields that were met.
        outside: how many events of each table were not in its window.
        ignored: how many records of each type make no rows.
    """

    def __init__(self, whole: Return, as_of: date, key: bytes, spool: Spool, say: Say) -> None:
        """Begin with no records."""
        self._whole, self._as_of, self._key = whole, as_of, key
        self._spool, self._say = spool, say
        self._number = 0
        self._said: set[tuple[str, str]] = set()
        self.held: dict[str, Held] = {}
        self.outside: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()

    def add(self, given: Mapping[str, Any]) -> None:
        """Take a record."""
        self._number += 1
        self._said.clear()
        kind = str(given["recordType"])
        whole = self._whole
        answer = whole.join is not None and whole.join.record == kind
        if kind not in whole.records and not answer:
            self.ignored[kind] += 1
            return
        record, dropped = pruned(given)
        for steps in dropped:
            self._remark("RET-015", "", "", join(steps))
        self.held.setdefault(kind, Held()).add(record)
        if answer:
            self._answer(record)
        for table in whole.tables:
            for event in table.events:
                if event.record == kind:
                    self._rows(table, event, record)

    def _remark(self, code: str, file: str, column: str, place: str) -> None:
        """Say something once for each place of a record; a blank column is said for each column."""
        if finding_code(code).severity is not Severity.ERROR:
            if (code, place) in self._said:
                return
            self._said.add((code, place))
        self._say(Remark(code, file, column, record=self._number, place=place))

    def _scene(self, record: Mapping[str, Any], at: int, table: Table, column: str) -> Scene:
        def say(code: str, place: str) -> None:
            self._remark(code, table.file, column, place)

        return Scene(record, at, self._as_of, self._key, say)

    def _answer(self, record: Mapping[str, Any]) -> None:
        link = self._whole.join
        assert link is not None  # noqa: S101 (only asked for a return that has one)
        for table in self._whole.tables:
            scene = self._scene(record, 0, table, "")
            named, made = scene.values(link.on), scene.values(link.at)
            if not named or not any(column.joined for column in table.columns):
                continue
            cells = {
                column.heading: answers(
                    column, record, self._scene(record, 0, table, column.heading)
                )
                for column in table.columns
                if column.joined
            }
            for event in table.events:
                key = self._spool.hashed("record", event.record, named[0])
                self._spool.answer(key, "".join(made), cells)

    def _rows(self, table: Table, event: Event, record: Mapping[str, Any]) -> None:
        if event.on and not self._belongs(table, event, record):
            return
        for at in range(len(record.get("children", ()))):
            cells = self._cells(table, event, record, at)
            self._put(table, record, at, cells)

    def _belongs(self, table: Table, event: Event, record: Mapping[str, Any]) -> bool:
        scene = self._scene(record, 0, table, "")
        begin = _first(scene, event.on)
        if begin is None:
            self._remark("RET-003", table.file, "", event.on[0])
            return False
        if table.counts and Window.before(self._as_of, table.counts).holds(
            begin, None, lasting=False
        ):
            self._count(table, record)
        window = Window.before(self._as_of, table.months)
        lasting = bool(event.until)
        inside = not table.months or window.holds(
            begin, _first(scene, event.until), lasting=lasting
        )
        self.outside[table.key] += not inside
        return inside

    def _count(self, table: Table, record: Mapping[str, Any]) -> None:
        for at in range(len(record.get("children", ()))):
            quiet = Scene(record, at, self._as_of, self._key, lambda _code, _place: None)
            child = str(cell(table.columns[0], quiet))
            self._spool.count(
                table.key, self._spool.hashed("child", child), self._record_key(record)
            )

    def _record_key(self, record: Mapping[str, Any]) -> bytes:
        return self._spool.hashed("record", record["recordType"], record["recordId"])

    def _cells(self, table: Table, event: Event, record: Mapping[str, Any], at: int) -> Cells:
        cells = [
            event.constant.get(column.heading)
            or cell(column, self._scene(record, at, table, column.heading))
            for column in table.columns
        ]
        for heading in contradictions(table, cells, record["children"][at]):
            column = [each.heading for each in table.columns].index(heading)
            cells[column] = None
            self._remark("RET-009", table.file, heading, f"/children/{at}")
        return cells

    def _put(self, table: Table, record: Mapping[str, Any], at: int, cells: Cells) -> None:
        child = self._spool.hashed("child", str(self._child_number(record, at)))
        event = b"" if table.per else self._record_key(record)
        row = Waiting(child, event, self._number, at, cells)
        known = self._spool.find(table.key, child, event)
        if known and table.per:
            row = self._merged(table, known, row)
        elif known:
            self._remark("RET-007", table.file, "", "/recordId")
        self._spool.put(table.key, row)

    def _child_number(self, record: Mapping[str, Any], at: int) -> Any:
        quiet = Scene(record, at, self._as_of, self._key, lambda _code, _place: None)
        return cell(self._whole.tables[0].columns[0], quiet)

    def _merged(self, table: Table, known: Waiting, new: Waiting) -> Waiting:
        """Fill the gaps of a child's row from a later record, and say where the two differ."""
        cells = list(known.cells)
        for at, column in enumerate(table.columns):
            if cells[at] is None:
                cells[at] = new.cells[at]
            elif new.cells[at] is not None and new.cells[at] != cells[at]:
                self._remark("RET-008", table.file, column.heading, f"/children/{new.at}")
        return Waiting(known.child, known.record, known.number, known.at, cells)


def _first(scene: Scene, pointers: tuple[str, ...]) -> date | None:
    for pointer in pointers:
        if found := scene.values(pointer):
            return day_of(found[0])
    return None
