"""The return reader: rows of a return, or details of a census, as records of the standard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import orjson

from eh_interop.core.csv_injection import unescape
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.fence import fenced_items
from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import split
from eh_interop.formats.returns.census import CensusDetails, read_census
from eh_interop.formats.returns.code_map import return_code_map
from eh_interop.formats.returns.column_context import RecordDraft
from eh_interop.formats.returns.converters import CONVERTERS
from eh_interop.formats.returns.spec import ReturnColumn, ReturnSpec, ReturnTable, load_return
from eh_interop.reading.source_record import SourceRecord, failed_record, read_or_tell
from eh_interop.reading.tabular import (
    TabularFile,
    is_beside_the_table,
    open_tabular,
    outside_notes,
    plain_text,
)
from eh_interop.standard.fields import fields_of
from eh_interop.standard.finding_codes import finding_code

_TABULAR: Final = frozenset({".csv", ".ods", ".tsv", ".txt", ".xlsm", ".xlsx"})
_HEAD: Final = 10
"""Rows in which headings are looked for: real files have titles above them."""
_HALF: Final = 2
_STEP_DOWN: Final = "RC9"
"""The one reason for closure that means early help: after an assessment, referred to early help."""
_CLOSING: Final = frozenset({"CINclosureDate", "ReasonForClosure", "CINPlanDates"})
"""What a step-down says of a case; the rest is the MARF's."""

Cells = Mapping[str, Any]


def read(path: Path, name: str) -> Iterator[SourceRecord]:
    """Yield a record for each event in a return: one child, one event.

    A record is often only a part of one, so check it. A row that cannot become a record
    is yielded as none, with the reason; what is found of files as a whole comes last.

    Args:
        path: a CSV, XLSX, ODS or XML file, or a folder of them.
        name: ``annex-a``, ``ssd`` or ``cin``.

    Raises:
        MappingError: there is no such return.
        UnreadableInputError: nothing of the return can be found there.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    spec = load_return(name)
    if not path.exists():
        raise UnreadableInputError("There is no such file or folder.")
    yield from (_read_census if "xml" in spec.formats else _read_tables)(spec, path)


def _not_a_record(source: str, row: Origin, findings: tuple[Finding, ...]) -> SourceRecord:
    return SourceRecord(
        source=source, position=row, document=None, findings=findings, is_record=False
    )


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A row of a file: where it stands, its cells by heading of the file, and faults of cells."""

    origin: Origin
    cells: Cells
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnSheet:
    """A table of a return in a file.

    ``columns``: for each heading in the file, the column that it is; None for one that it lacks.
    """

    origin: Origin
    table: ReturnTable
    columns: Mapping[str, ReturnColumn | None]
    rows: Iterator[ReturnRow] = field(repr=False)
    notes: tuple[Finding, ...] = ()

    def check_headings(self) -> Iterator[Finding]:
        """Yield the headings that the return does not have, and those that are missing."""
        for heading, column in self.columns.items():
            if column is None:
                yield finding_code("RET-020").at(origin=replace(self.origin, heading=heading))
        for column in self.table.columns:
            if column.required and column not in self.columns.values():
                origin = replace(self.origin, heading=column.heading)
                yield finding_code("RET-021").at(origin=origin)

    def by_column(self, cells: Cells) -> Cells:
        """Return cells by the return's own heading of their column."""
        return {
            column.heading: value
            for heading, value in cells.items()
            if (column := self.columns[heading])
        }


def _sheets(spec: ReturnSpec, path: Path) -> Iterator[ReturnSheet | Origin]:
    """Yield the tables of a return in a file or folder; the origin only of what is none of them.

    Raises:
        UnreadableInputError: a file cannot be read.
    """
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in _TABULAR)
    for file in files:
        with open_tabular(file) as opened:
            for name in opened.sheets:
                origin = Origin(file=file.name, sheet=name)
                yield _sheet(spec, origin, opened, name) or origin


def _sheet(spec: ReturnSpec, origin: Origin, file: TabularFile, name: str) -> ReturnSheet | None:
    opened = file.open_sheet(name)
    rows = (
        row._replace(cells=[_cell(cell, file.kind) for cell in row.cells]) for row in opened.rows
    )
    head = list(islice(rows, _HEAD))
    candidates = [
        (len(matched), -at, order)
        for at, row in enumerate(head)
        for order, table in enumerate(spec.tables)
        if len(matched := _match_headings(table, row.cells)) * _HALF >= len(table.columns)
    ]
    if not candidates:
        return None
    _, above, order = max(candidates)
    at, table = -above, spec.tables[order]
    headings = [str(cell).strip() for cell in head[at].cells]
    matched = _match_headings(table, headings)

    def data() -> Iterator[ReturnRow]:
        for row in chain(head[at + 1 :], rows):
            place = Origin(file=origin.file, sheet=origin.sheet, row=row.number)
            pairs = zip(headings, row.cells, strict=False)
            cells = {heading: cell for heading, cell in pairs if heading and str(cell).strip()}
            faults = tuple(
                fault.fault.finding(fault.message, replace(place, heading=headings[fault.column]))
                for fault in opened.faults.get(row.number, ())
                if fault.column < len(headings)
            )
            if cells or faults:
                yield ReturnRow(place, cells, faults)

    notes = tuple(
        note.fault.finding(note.message, replace(origin, row=note.row or origin.row))
        for note in (*file.notes, *outside_notes(opened))
    )
    columns = {heading: matched.get(heading) for heading in headings if heading}
    return ReturnSheet(origin, table, columns, data(), notes)


def _cell(cell: Any, kind: str) -> str | date:
    """Return a day as a day, and anything else as text."""
    if isinstance(cell, date):
        return cell
    text = plain_text(cell)
    return unescape(text) if kind == "csv" else text


def _match_headings(table: ReturnTable, cells: Sequence[Any]) -> dict[str, ReturnColumn]:
    """Return which cells of a row are headings of a table, each column once."""
    names = {
        _letters(name): column
        for column in table.columns
        for name in (column.heading, *column.aliases)
    }
    matched: dict[str, ReturnColumn] = {}
    for cell in cells:
        column = names.get(_letters(cell))
        if column and column not in matched.values():
            matched[str(cell).strip()] = column
    return matched


def _letters(cell: Any) -> str:
    return "".join(filter(str.isalnum, str(cell).casefold()))


def _read_tables(spec: ReturnSpec, path: Path) -> Iterator[SourceRecord]:
    people = _people(spec, path)
    of_files: list[Finding] = []
    nothing = True
    for sheet in _sheets(spec, path):
        if isinstance(sheet, Origin):
            of_files.append(finding_code("RET-029" if sheet.sheet else "RET-027").at(origin=sheet))
            continue
        nothing = False
        of_files += [*sheet.notes, *sheet.check_headings()]
        if sheet.table.reads:
            for row in sheet.rows:
                if is_beside_the_table(list(row.cells.values()), len(sheet.columns)):
                    of_files.append(finding_code("RET-030").at(origin=row.origin))
                    continue
                make = partial(_record_of_row, spec, sheet, row, people)
                yield read_or_tell(make, row.origin.file, row.origin)
    if nothing:
        raise UnreadableInputError(f"Nothing there has the columns of {spec.title}.")
    if of_files:
        yield _not_a_record(path.name, Origin(), tuple(of_files))


def _people(spec: ReturnSpec, path: Path) -> Mapping[str, ReturnRow]:
    """Read the table of children, if the return has one: what the rows of others refer to."""
    people: dict[str, ReturnRow] = {}
    if any(table.per for table in spec.tables):
        for sheet in _sheets(spec, path):
            if isinstance(sheet, ReturnSheet) and sheet.table.per:
                for row in sheet.rows:
                    person = replace(row, cells=sheet.by_column(row.cells))
                    people.setdefault(_child_number(sheet.table, person.cells), person)
    return people


def _child_number(table: ReturnTable, cells: Cells) -> str:
    column = next(column for column in table.columns if column.via == "child-id")
    return plain_text(cells.get(column.heading, "")).strip()


def _record_of_row(
    spec: ReturnSpec, sheet: ReturnSheet, row: ReturnRow, people: Mapping[str, ReturnRow]
) -> SourceRecord:
    table, origin = sheet.table, row.origin
    cells = sheet.by_column(row.cells)
    child = _child_number(table, cells)
    findings = list(row.findings)
    if not child:
        findings.append(finding_code("RET-024").at(origin=origin))
        return _not_a_record(origin.file, origin, tuple(findings))
    draft = RecordDraft.begin(table.reads, spec.name, table.key, origin)
    if table.partner:
        person = people.get(child)
        if person is None:
            findings.append(finding_code("RET-026").at(origin=origin))
        else:
            findings += person.findings
            partner = next(other for other in spec.tables if other.key == table.partner)
            _read_cells(partner, person.cells, person.origin, draft)
    _read_cells(table, cells, origin, draft)
    for heading, column in sheet.columns.items():
        if column is None and heading in row.cells:
            draft.cell = origin, heading
            draft.keep_as_local_data(row.cells[heading])
    return draft.finish(findings)


def _read_cells(table: ReturnTable, cells: Cells, origin: Origin, draft: RecordDraft) -> None:
    for column in table.columns:
        if (value := cells.get(column.heading)) not in (None, "", []):
            draft.cell = origin, column.heading
            read_cell(column, value, draft)


def _read_census(spec: ReturnSpec, path: Path) -> Iterator[SourceRecord]:
    nothing, times = True, Counter[str]()
    for file in sorted(path.glob("*.xml")) if path.is_dir() else [path]:
        for details in read_census(spec, file):
            nothing = False
            origin = Origin(file=file.name, line=details.line)
            digest = details.digest()
            times[digest] += 1
            own = digest if times[digest] == 1 else f"{digest}-{times[digest]}"
            records = _records_of_details(spec, details, origin, own)
            yield from fenced_items(records, partial(failed_record, file.name, origin))
    if nothing:
        raise UnreadableInputError("No child with CINdetails is there.")


def _records_of_details(
    spec: ReturnSpec, element: CensusDetails, origin: Origin, digest: str
) -> Iterator[SourceRecord]:
    """Yield a referral, and a step-down if it ended with one; ``digest``: what their ids end with.

    An id is made of what the element says: a census may stand in one line, and moves in its file.
    """
    children, details = spec.tables
    if not _child_number(children, element.child):
        yield _not_a_record(origin.file, origin, (finding_code("RET-024").at(origin=origin),))
        return
    unread = [
        finding_code("RET-027").at(origin=replace(origin, path=path)) for path in element.unread
    ]
    splits = element.cells.get("ReasonForClosure", "").upper() == _STEP_DOWN
    for record_type in ("marf", "step-down") if splits else ("marf",):
        draft = RecordDraft.begin(record_type, spec.name, details.key, origin)
        draft.record["recordId"] = f"{spec.name}-{details.key}-{digest}"
        if record_type != details.reads:
            draft.record["recordId"] += f"-{record_type}"
        _read_cells(children, element.child, replace(origin, line=element.child_line), draft)
        # A step-down takes only what a MARF has no field for, so that nothing is kept twice.
        cells = {
            heading: value
            for heading, value in element.cells.items()
            if not splits or (heading in _CLOSING) == (record_type == "step-down")
        }
        _read_cells(details, cells, origin, draft)
        yield draft.finish(unread)
        unread = []


def read_cell(column: ReturnColumn, value: Any, draft: RecordDraft) -> None:
    """Put a cell into a record draft: text, a day, or a list where a census repeats an element."""
    pointer = _field(column.ours, draft.record["recordType"])
    if column.via and column.codes:
        _convert_codes(column, value, draft)
    elif column.via and not column.ours:
        CONVERTERS[column.via].from_target(draft, value)
    elif pointer is None:
        if column.codes:
            value = return_code_map(column.codes, column.code_list).spelled(str(value))
        draft.keep_as_local_data(value)
    elif column.form == "date":
        draft.set_day(pointer, value)
    elif column.codes:
        for text in _flags(value) if column.form == "flags" else (str(value),):
            if code := _our_code(column, text, draft):
                draft.set(pointer, code)
    else:
        draft.set_line(pointer, str(value))


def _convert_codes(column: ReturnColumn, value: Any, draft: RecordDraft) -> None:
    texts = value if column.form == "list" else [value]
    codes = [_our_code(column, str(text), draft) for text in texts]
    if clear := list(dict.fromkeys(filter(None, codes))):
        CONVERTERS[column.via].from_target(draft, clear if column.form == "list" else clear[0])


@cache
def _field(pointers: tuple[str, ...], record_type: str) -> str | None:
    """Return the first pointer of a column that a record of this type has a field for, if any."""
    for pointer in pointers:
        fields = [fields_of(record_type)]
        for step in split(pointer):
            if step != "*":
                fields = [field for field in fields[0].fields if field.name == step]
            if not fields:
                break
        else:
            return pointer
    return None


def _our_code(column: ReturnColumn, text: str, draft: RecordDraft) -> str | None:
    """Return our code for a text; keep a text that has none, or that is not clear."""
    code_map = return_code_map(column.codes, column.code_list)
    code = code_map.to_ours(text)
    if code is None:
        draft.keep_as_local_data(text, "RET-028" if text.strip() in code_map.codes else "RET-022")
    return code


def _flags(value: Any) -> tuple[str, ...]:
    """Return the flags that are raised, in JSON or in the looser form of some databases."""
    try:
        flags = orjson.loads(str(value))
    except orjson.JSONDecodeError:
        flags = dict(re.findall(r"\"?([A-Z_]+)\"?\s*:\s*\"?([A-Za-z0-9]*)\"?", str(value)))
    if not isinstance(flags, Mapping):
        return (str(value),)
    raised = {"Y", "1", "TRUE", "YES"}
    return tuple(name for name, flag in flags.items() if str(flag).strip().upper() in raised)
