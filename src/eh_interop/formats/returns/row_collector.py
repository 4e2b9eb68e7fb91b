"""The row collector: which records make rows of a return, the value of each column, and doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from eh_interop.checks.pruning import pruned
from eh_interop.checks.rules._help import months_after
from eh_interop.core.findings import Finding, Origin, Severity
from eh_interop.core.pointer import join
from eh_interop.core.uk_time import uk_day_of
from eh_interop.formats.returns.code_map import return_code_map
from eh_interop.formats.returns.column_context import ColumnContext
from eh_interop.formats.returns.converters import ANSWERS, CONVERTERS
from eh_interop.formats.returns.row_store import Cells, PendingRow, RowStore
from eh_interop.formats.returns.spec import (
    FieldTree,
    ReturnColumn,
    ReturnEvent,
    ReturnSpec,
    ReturnTable,
)
from eh_interop.standard.finding_codes import finding_code


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """A finding while a return is written, and which record of the run it is about, from 1.

    The origin of the finding is the file and column of the return; the record is 0 for a
    finding about the return itself.
    """

    record: int
    finding: Finding

    @classmethod
    def of(
        cls, code: str, file: str, heading: str = "", record: int = 0, place: str = ""
    ) -> RecordFinding:
        """Make a finding about a column of a return."""
        origin = Origin(file=file, heading=heading)
        return cls(record, finding_code(code).at(place, origin=origin))


OnFinding = Callable[[RecordFinding], object]
"""Takes a finding. ``list.append`` keeps them all; something else may count them."""


class RowCollector:
    """Takes records one by one and puts their rows into a row store.

    Attributes:
        fields: for each record type, the fields that were met.
        outside: how many events of each table were not in its window.
        ignored: how many records of each type make no rows.
    """

    def __init__(
        self, spec: ReturnSpec, as_of: date, key: bytes, store: RowStore, on_finding: OnFinding
    ) -> None:
        self._spec, self._as_of, self._key = spec, as_of, key
        self._store, self._on_finding = store, on_finding
        self._number = 0
        self._reported: set[tuple[str, str]] = set()
        self.fields: dict[str, FieldTree] = {}
        self.outside: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()

    def add(self, document: Mapping[str, Any]) -> None:
        """Take a record."""
        self._number += 1
        self._reported.clear()
        record_type = str(document["recordType"])
        is_answer = self._spec.join is not None and self._spec.join.record == record_type
        if record_type not in self._spec.records and not is_answer:
            self.ignored[record_type] += 1
            return
        record, dropped = pruned(document)
        for steps in dropped:
            self._report("RET-015", "", "", join(steps))
        self.fields.setdefault(record_type, FieldTree()).add(record)
        if is_answer:
            self._add_answer(record)
        for table in self._spec.tables:
            for event in table.events:
                if event.record == record_type:
                    self._add_rows(table, event, record)

    def _report(self, code: str, file: str, heading: str, place: str) -> None:
        """Report once for each place of a record; an error once for each column."""
        if finding_code(code).severity is not Severity.ERROR:
            if (code, place) in self._reported:
                return
            self._reported.add((code, place))
        self._on_finding(RecordFinding.of(code, file, heading, self._number, place))

    def _context(
        self, record: Mapping[str, Any], child_index: int, table: ReturnTable, heading: str
    ) -> ColumnContext:
        def report(code: str, place: str) -> None:
            self._report(code, table.file, heading, place)

        return ColumnContext(record, child_index, self._as_of, self._key, report)

    def _add_answer(self, record: Mapping[str, Any]) -> None:
        answer = self._spec.join
        assert answer is not None  # noqa: S101 (only asked for a return that has one)
        for table in self._spec.tables:
            joined = [column for column in table.columns if column.joined]
            context = self._context(record, 0, table, "")
            record_id, made = context.values(answer.on), context.values(answer.at)
            if not record_id or not joined:
                continue
            cells = {
                column.heading: _answer_value(
                    column, self._context(record, 0, table, column.heading)
                )
                for column in joined
            }
            for event in table.events:
                key = self._store.hashed("record", event.record, record_id[0])
                self._store.answer(key, "".join(made), cells)

    def _add_rows(self, table: ReturnTable, event: ReturnEvent, record: Mapping[str, Any]) -> None:
        if event.on and not self._belongs(table, event, record):
            return
        for child_index in range(len(record.get("children", ()))):
            self._put(table, record, child_index, self._cells(table, event, record, child_index))

    def _belongs(self, table: ReturnTable, event: ReturnEvent, record: Mapping[str, Any]) -> bool:
        context = self._context(record, 0, table, "")
        begin = context.day(event.on)
        if begin is None:
            self._report("RET-003", table.file, "", event.on[0])
            return False
        if table.counts and self._window(table.counts) <= begin <= self._as_of:
            for at in range(len(record.get("children", ()))):
                self._store.count(table.key, self._child_key(record, at), self._record_key(record))
        if not table.months:
            return True
        first = self._window(table.months)
        if event.until:
            end = context.day(event.until)
            inside = begin <= self._as_of and (end is None or end >= first)
        else:
            inside = first <= begin <= self._as_of
        self.outside[table.key] += not inside
        return inside

    def _window(self, months: int) -> date:
        """Return the first of the days that end on the given day."""
        return months_after(self._as_of, -months)

    def _child_key(self, record: Mapping[str, Any], child_index: int) -> bytes:
        quiet = ColumnContext(record, child_index, self._as_of, self._key, lambda *_: None)
        number = _column_value(self._spec.tables[0].columns[0], quiet)
        return self._store.hashed("child", str(number))

    def _record_key(self, record: Mapping[str, Any]) -> bytes:
        return self._store.hashed("record", record["recordType"], record["recordId"])

    def _cells(
        self, table: ReturnTable, event: ReturnEvent, record: Mapping[str, Any], child_index: int
    ) -> Cells:
        cells = [
            event.constant.get(column.heading)
            or _column_value(column, self._context(record, child_index, table, column.heading))
            for column in table.columns
        ]
        headings = [column.heading for column in table.columns]
        child = record["children"][child_index]
        for heading in list(contradicting_columns(table, cells, child)):
            cells[headings.index(heading)] = None
            self._report("RET-009", table.file, heading, f"/children/{child_index}")
        return cells

    def _put(
        self, table: ReturnTable, record: Mapping[str, Any], child_index: int, cells: Cells
    ) -> None:
        child = self._child_key(record, child_index)
        event = b"" if table.per else self._record_key(record)
        row = PendingRow(child, event, self._number, child_index, cells)
        earlier = self._store.get(table.key, child, event)
        if earlier and table.per:
            row = self._merged(table, earlier, row)
        elif earlier:
            self._report("RET-007", table.file, "", "/recordId")
        self._store.put(table.key, row)

    def _merged(self, table: ReturnTable, earlier: PendingRow, later: PendingRow) -> PendingRow:
        """Fill the gaps of a child's row from a later record, and report where the two differ."""
        cells = list(earlier.cells)
        for at, column in enumerate(table.columns):
            if cells[at] is None:
                cells[at] = later.cells[at]
            elif later.cells[at] not in (None, cells[at]):
                place = f"/children/{later.child_index}"
                self._report("RET-008", table.file, column.heading, place)
        return replace(earlier, cells=cells)


def _column_value(column: ReturnColumn, context: ColumnContext) -> Any:
    """Return the value of a column: text, number, list or a day as text; None for a blank."""
    for pointer in column.ours:
        if values := context.values(pointer):
            return _value_at(column, pointer, values, context)
    if column.via:
        return _coded(column, CONVERTERS[column.via].to_target(context), context)
    return _code_of_reason(column, context) if column.missing else None


def _value_at(
    column: ReturnColumn, pointer: str, values: Sequence[Any], context: ColumnContext
) -> Any:
    value = values[0]
    if pointer.startswith("/localData/"):
        # Kept in the return's own words: written again if it is one of its codes.
        if not column.codes or value in return_code_map(column.codes, column.code_list).codes:
            return value
        context.report("RET-001", context.place(pointer))
        return None
    if column.form == "date":
        return uk_day_of(value)
    if pointer.endswith("/*") and len(values) > 1:
        context.report("RET-012", context.place(pointer))
    return _coded(column, value, context)


def _code_of_reason(column: ReturnColumn, context: ColumnContext) -> str | None:
    code_map = return_code_map(column.missing, "absence-reason").to_return
    for pointer in column.ours:
        reason = context.reason_missing(pointer)
        if reason and reason in code_map:
            return code_map[reason].theirs
    return None


def _coded(column: ReturnColumn, value: Any, context: ColumnContext) -> Any:
    if value is None or not column.codes:
        return value
    place = context.place((*column.ours, *column.covers)[0])
    if isinstance(value, list):
        codes = [_return_code(column, entry, place, context) for entry in value]
        return [code for code in codes if code is not None] or None
    return _return_code(column, value, place, context)


def _return_code(
    column: ReturnColumn, value: str, place: str, context: ColumnContext
) -> str | None:
    code_map = return_code_map(column.codes, column.code_list)
    pair = code_map.to_return.get(value)
    if pair is None:
        context.report("RET-001", place)
        return None
    if pair.relationship != "equivalent":
        context.report("RET-004", place)
    if pair.system != code_map.official:
        context.report("RET-005", place)
    return pair.theirs


def _answer_value(column: ReturnColumn, context: ColumnContext) -> Any:
    """Return what a record that answers another says for a column."""
    for pointer in column.joined:
        if pointer in ANSWERS:
            return ANSWERS[pointer](context.record)
        if values := context.values(pointer):
            return _return_code(column, values[0], context.place(pointer), context)
    return None


_ONLY_ONE = (
    ("ChildIdentifiers/PersonBirthDate", "ChildIdentifiers/ExpectedPersonBirthDate"),
    ("pers_dob", "pers_expected_dob"),
)
"""One of the two, not both. Census rule 8525Q; Standard Safeguarding Dataset, date of birth."""
_BOTH_OR_NEITHER = {"CINclosureDate", "ReasonForClosure"}
"""Census rules 8805 and 8810."""
_SEX, _SEX_OF_UNBORN = "ChildIdentifiers/Sex", "U"
"""The sex of a child who is not born yet. Census rule 8750."""
_UPN, _WHY_NO_UPN = "ChildIdentifiers/UPN", "ChildIdentifiers/UPNunknown"
"""The number, or why there is none. Only the census has both."""
_REASON, _PLANS = "ReasonForClosure", "CINPlanDates"
_NO_ACTIVITY = frozenset({"RC8", "RC9"})


def contradicting_columns(
    table: ReturnTable, cells: Cells, child: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the headings of columns that must not be written beside each other."""
    filled = {heading: value for heading, value in _by_heading(table, cells) if value is not None}
    for pair in _ONLY_ONE:
        if filled.keys() >= set(pair):
            yield from pair
    closing = filled.keys() & _BOTH_OR_NEITHER
    if len(closing) == 1:
        yield from closing
    if child.get("unborn") and filled.get(_SEX, _SEX_OF_UNBORN) != _SEX_OF_UNBORN:
        yield _SEX


def doubtful_columns(table: ReturnTable, cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield what a receiver will ask about a finished row: code of a finding, and heading."""
    values = dict(_by_heading(table, cells))
    if _UPN in values and values[_UPN] is None and values[_WHY_NO_UPN] is None:
        yield "RET-002", _WHY_NO_UPN
    if values.get(_REASON) in _NO_ACTIVITY and values[_PLANS] is not None:
        yield "RET-014", _REASON


def _by_heading(table: ReturnTable, cells: Cells) -> Iterator[tuple[str, Any]]:
    return zip((column.heading for column in table.columns), cells, strict=True)
