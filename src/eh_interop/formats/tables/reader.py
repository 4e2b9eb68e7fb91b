"""Reads records from canonical tables: a folder of CSV files, or a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Origin
from eh_interop.formats.tables import long_texts
from eh_interop.formats.tables.layout import TableLayout, csv_name, layout_of, sheet_name
from eh_interop.formats.tables.record_merge import merge_records
from eh_interop.formats.tables.table_reader import TableSource
from eh_interop.reading.probe import Probe
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import (
    TableRow,
    TabularFile,
    open_tabular,
    outside_notes,
    plain_text,
)
from eh_interop.reading.tabular.workbook_scan import xlsx_sheet_names
from eh_interop.standard.schemas import load_standard


def is_own_workbook(probe: Probe) -> bool:
    """Return whether a file is a workbook with a sheet that has the name of a record type."""
    try:
        with probe.seekable() as file:
            names = xlsx_sheet_names(file)
    except RefusedError:
        return False
    return not names.isdisjoint(load_standard().record_types)


def read(path: Path) -> Iterator[SourceRecord]:
    """Yield the records of a folder of tables, or of a workbook.

    Raises:
        UnreadableInputError: it cannot be read any further.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    return read_tables(path) if path.is_dir() else read_workbook(path)


def read_tables(folder: Path) -> Iterator[SourceRecord]:
    """Yield the records of a folder of tables, one record type after the other.

    Raises:
        UnreadableInputError: there are no tables, or one cannot be read any further.
    """
    sets = [(layout, paths) for layout in _layouts() if (paths := _files(layout, folder))]
    if not sets:
        raise UnreadableInputError(f"{folder.name}: there are no tables in this folder.")
    for layout, paths in sets:
        if "" not in paths:
            name = csv_name(layout, layout.tables[0])
            raise UnreadableInputError(f"{name} is missing: the other tables belong to its rows.")
        with ExitStack() as stack:
            sources = {
                name: _csv_source(
                    stack.enter_context(
                        open_tabular(
                            path, workbook=False, guess_encoding=False, delimiter=",", strict=True
                        )
                    )
                )
                for name, path in paths.items()
            }
            yield from merge_records(layout, sources, folder.name)


def _layouts() -> list[TableLayout]:
    return [layout_of(record_type) for record_type in load_standard().record_types]


def _files(layout: TableLayout, folder: Path) -> dict[str, Path]:
    paths = {table.name: folder / csv_name(layout, table) for table in layout.tables}
    return {name: path for name, path in paths.items() if path.is_file()}


def _csv_source(file: TabularFile) -> TableSource:
    return TableSource(file.name, "", file.open_sheet("").rows, escaped=True)


def read_workbook(path: Path) -> Iterator[SourceRecord]:
    """Yield the records of a workbook.

    Raises:
        UnreadableInputError: it is not a workbook of records, or a sheet cannot be
            read any further.
        MissingExtraError: the extra ``xlsx`` is not installed.
    """
    with open_tabular(path, workbook=True) as file:
        layout = _layout_of(file)
        texts: Mapping[int, str] = {}
        if long_texts.SHEET in file.sheets:
            texts = long_texts.read_long_texts(file.open_sheet(long_texts.SHEET).rows)
        sheets = {
            table.name: file.open_sheet(name)
            for table in layout.tables
            if (name := sheet_name(layout, table)) in file.sheets
        }
        sources = {
            name: TableSource(file.name, sheet.name, _as_texts(sheet.rows, texts), sheet.faults)
            for name, sheet in sheets.items()
        }
        for note in (note for sheet in sheets.values() for note in outside_notes(sheet)):
            finding = note.fault.finding(note.message, Origin(sheet=note.sheet, row=note.row))
            yield SourceRecord(
                source=path.name, document=None, findings=(finding,), is_record=False
            )
        yield from merge_records(layout, sources, path.name)


def _layout_of(file: TabularFile) -> TableLayout:
    types = [name for name in load_standard().record_types if name in file.sheets]
    if len(types) != 1:
        raise UnreadableInputError(
            f"{file.name}: one sheet has to have the name of a record type, such as marf, "
            "and hold cells: it is not a chart."
        )
    return layout_of(types[0])


def _as_texts(rows: Iterator[TableRow], texts: Mapping[int, str]) -> Iterator[TableRow]:
    for row in rows:
        cells = [
            long_texts.restored(plain_text(cell), texts) if cell != "" else "" for cell in row.cells
        ]
        yield TableRow(row.number, 0, cells, sum(map(len, cells)))
