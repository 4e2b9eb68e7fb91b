"""The return writer: records as the files of a statutory return, CSV, XLSX or census XML."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import orjson

from eh_interop.core.atomic import output_errors, replaced_files
from eh_interop.core.csv_injection import escape, strip_illegal_xml
from eh_interop.core.errors import MappingError, optional_library
from eh_interop.formats.returns.census import CensusHeader, write_census
from eh_interop.formats.returns.row_collector import (
    OnFinding,
    RecordFinding,
    RowCollector,
    doubtful_columns,
)
from eh_interop.formats.returns.row_store import Cells, PendingRow, RowStore
from eh_interop.formats.returns.spec import (
    ReturnColumn,
    ReturnLoss,
    ReturnSpec,
    ReturnTable,
    list_losses,
    load_return,
)

_XLSX: Final = ("xlsxwriter", "xlsx", "Workbooks need")
_FIRST_DAY: Final = date(1900, 3, 1)
"""Before it, spreadsheets do not agree on the number of a day."""
_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When a workbook says that it was made: always the same, so that equal rows give equal bytes."""
_PSEUDONYMS: Final = (
    "A child without the council's own number has a stand-in: EH and 18 letters and digits, "
    "made from NHS number, unique pupil number, or name and birth date."
)
_WITH_KEY: Final = "It was made with a key; keep the key, and the same child has it next time."
_WITHOUT_KEY: Final = "It was made without a key: whoever knows these can work it out."


@dataclass(frozen=True, slots=True)
class WrittenReturn:
    """What was written, and what was not.

    Attributes:
        edition: the publication that its columns and codes are from.
        rows: how many rows each table has.
        outside: how many events of each table are not in its window.
        ignored: how many records of each type make no rows.
        findings: what was found in single values; empty if ``on_finding`` takes them.
        lost: the fields that these records have and the return does not carry.
        unfilled: columns in which nothing is ever written, with the reason.
    """

    name: str
    edition: str
    files: tuple[Path, ...]
    rows: Mapping[str, int]
    outside: Mapping[str, int]
    ignored: Mapping[str, int]
    findings: tuple[RecordFinding, ...]
    lost: tuple[ReturnLoss, ...]
    unfilled: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnOptions:
    """How a return is written.

    Attributes:
        formats: such as ``csv`` and ``xlsx``; empty for the usual one.
        key: at most 64 secret bytes that make pseudonyms for missing numbers; the same key
            gives the same pseudonyms.
        authority: for the census, the council's three digits.
        on_finding: takes the findings, for runs that have too many to keep.
    """

    formats: tuple[str, ...] = ()
    key: bytes = b""
    authority: str = ""
    on_finding: OnFinding | None = None


def write_return(
    name: str,
    records: Iterable[Mapping[str, Any]],
    out: Path,
    as_of: date,
    options: ReturnOptions = ReturnOptions(),
) -> WrittenReturn:
    """Write a return into a folder. Files appear only when all of them are whole.

    Args:
        name: ``annex-a``, ``ssd`` or ``cin``.
        records: each says its type and version; they are taken one at a time.
        out: the folder, which is made if it is not there.
        as_of: the day on which ages are given and the window ends.
        options: see :class:`ReturnOptions`.

    Raises:
        MappingError: there is no such return, or it does not have such a format.
        MissingExtraError: a workbook needs the extra ``xlsx``.
        OutputError: the files cannot be written.
    """
    spec = load_return(name)
    formats = options.formats or spec.formats[:1]
    if not set(formats) <= set(spec.formats):
        raise MappingError(f"{name} is written as {' or '.join(spec.formats)}.")
    if "xlsx" in formats:
        optional_library(*_XLSX)
    kept: list[RecordFinding] = []
    on_finding = options.on_finding or kept.append
    with output_errors("The return"):
        out.mkdir(parents=True, exist_ok=True)
    with RowStore() as store:
        collector = RowCollector(spec, as_of, options.key, store, on_finding)
        for record in records:
            collector.add(record)
        with output_errors("The return"), replaced_files(out) as drafts:
            for number, form in enumerate(formats):
                # Only the first format reports, so that nothing is reported twice.
                finisher = RowFinisher(spec, store, None if number else on_finding)
                _write(form, finisher, drafts, as_of, options.authority)
            files = sorted(out / draft.name for draft in drafts.iterdir())
    columns = [column for table in spec.tables for column in table.columns]
    return WrittenReturn(
        name=name,
        edition=spec.edition,
        files=tuple(files),
        rows=MappingProxyType({table.key: finisher.rows[table.key] for table in spec.tables}),
        outside=MappingProxyType({key: n for key, n in collector.outside.items() if n}),
        ignored=MappingProxyType(dict(collector.ignored)),
        findings=tuple(kept),
        lost=tuple(list_losses(spec, collector.fields)),
        unfilled=MappingProxyType({c.heading: c.unfilled for c in columns if c.unfilled}),
        notes=(*spec.notes, f"{_PSEUDONYMS} {_WITH_KEY if options.key else _WITHOUT_KEY}"),
    )


def _write(form: str, finisher: RowFinisher, folder: Path, as_of: date, authority: str) -> None:
    spec = finisher.spec
    if form == "csv":
        for table in spec.tables:
            _write_csv(folder / f"{table.file}.csv", table, finisher)
    elif form == "xlsx":
        _write_workbook(folder / f"{spec.file}.xlsx", finisher)
    else:
        if not authority:
            finisher.on_finding(RecordFinding.of("RET-002", "Header", "Source/LEA"))
        header = CensusHeader(as_of, authority)
        children, details = spec.tables
        rows = (
            (cells, (inner for _, inner in finisher.rows_of(details, row.child)))
            for row, cells in finisher.rows_of(children)
        )
        write_census(folder / f"{spec.file}.xml", spec, header, rows)


class RowFinisher:
    """Finishes rows: adds what was known only at the end, and reports what is missing.

    ``rows``: how many rows of each table were finished.
    """

    def __init__(self, spec: ReturnSpec, store: RowStore, on_finding: OnFinding | None) -> None:
        self.spec, self._store = spec, store
        self.on_finding: OnFinding = on_finding or (lambda _: None)
        self.rows: Counter[str] = Counter()

    def rows_of(
        self, table: ReturnTable, child: bytes | None = None
    ) -> Iterator[tuple[PendingRow, Cells]]:
        """Yield the finished rows of a table, or of one child."""
        for row in self._store.rows(table.key, child):
            self.rows[table.key] += 1
            answered = self._store.answered(row.record) if row.record else {}
            cells: Cells = []
            for column, cell in zip(table.columns, row.cells, strict=True):
                value = answered.get(column.heading) if cell is None else cell
                cells.append(self._finish(table, column, row, value))
            for code, heading in doubtful_columns(table, cells):
                place = f"/children/{row.child_index}"
                self.on_finding(RecordFinding.of(code, table.file, heading, row.number, place))
            yield row, cells

    def _finish(self, table: ReturnTable, column: ReturnColumn, row: PendingRow, value: Any) -> Any:
        if column.via == "count":
            value = self._store.counted(table.key, row.child)
        if isinstance(value, str) and (legal := strip_illegal_xml(value)) != value:
            self._report("RET-010", table, column, row)
            value = legal
        if value is None and column.required:
            self._report("RET-002", table, column, row)
        return value

    def _report(self, code: str, table: ReturnTable, column: ReturnColumn, row: PendingRow) -> None:
        pointer = "" if column.joined else next(iter((*column.ours, *column.covers)), "")
        place = pointer.replace("/children/*", f"/children/{row.child_index}", 1).partition("/*")[0]
        self.on_finding(RecordFinding.of(code, table.file, column.heading, row.number, place))


def _text(column: ReturnColumn, value: Any, dates: str) -> str:
    """Return a value as a return asks for it in a CSV file, without a guard."""
    if value is None:
        return ""
    if column.form == "date":
        return date.fromisoformat(value).strftime(dates)
    if column.form == "flags":
        return orjson.dumps({flag: "Y" if flag == value else "" for flag in column.flags}).decode()
    return str(value)


def _write_csv(path: Path, table: ReturnTable, finisher: RowFinisher) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.heading for column in table.columns)
        for _, cells in finisher.rows_of(table):
            pairs = zip(table.columns, cells, strict=True)
            texts = ((cell, _text(column, cell, finisher.spec.dates)) for column, cell in pairs)
            # A number keeps its minus sign: no spreadsheet takes it for a formula.
            writer.writerow(escape(text) if isinstance(cell, str) else text for cell, text in texts)


def _write_workbook(path: Path, finisher: RowFinisher) -> None:
    """Write a workbook, sheet by sheet and row by row. The same rows give the same bytes."""
    spec = finisher.spec
    # What the library keeps on disk meanwhile is personal: it stays beside the file.
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    book = optional_library(*_XLSX).Workbook(str(path), options)
    book.set_properties({"created": _MADE})
    day = book.add_format({"num_format": "DD/MM/YYYY"})
    for table in spec.tables:
        sheet = book.add_worksheet(table.sheet)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.heading)
        for number, (_, cells) in enumerate(finisher.rows_of(table), 1):
            for at, (column, value) in enumerate(zip(table.columns, cells, strict=True)):
                if column.form == "date" and value and date.fromisoformat(value) >= _FIRST_DAY:
                    sheet.write_datetime(number, at, date.fromisoformat(value), day)
                elif isinstance(value, str):
                    # Also a text that begins with = is text, never a formula.
                    sheet.write_string(number, at, _text(column, value, spec.dates))
                elif value is not None:
                    sheet.write_number(number, at, value)
    book.close()
