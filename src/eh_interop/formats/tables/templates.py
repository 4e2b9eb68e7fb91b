"""Templates: tables to fill in, with what an area asks for begun already.

What a person fills in is read as it is, without a mapping: the columns are those
of the standard.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eh_interop.core.atomic import replaced_files
from eh_interop.core.csv_injection import escape
from eh_interop.formats.tables.csv_writing import CsvTableSet
from eh_interop.formats.tables.guidance import CodeSheet, ColumnGuide
from eh_interop.formats.tables.layout import layout_of
from eh_interop.formats.tables.xlsx_writing import WorkbookWriter
from eh_interop.samples.skeleton import FILL_IN, placeholders, skeleton
from eh_interop.standard.areas import Area
from eh_interop.standard.schemas import Standard


def write_csv_template(standard: Standard, record_type: str, area: Area, folder: Path) -> None:
    """Write tables to fill in, as CSV files.

    Raises:
        OSError: the folder cannot be written to.
    """
    record, guide = _begun(standard, record_type, area)
    layout = layout_of(record_type, standard.version)
    folder.mkdir(parents=True, exist_ok=True)
    with replaced_files(folder) as hidden:
        tables = CsvTableSet(layout, hidden)
        tables.explain(lambda table: _safe(guide.row(table)))
        tables.add(record)
        tables.close()
        path = hidden / f"{record_type}-codes.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(("list", "code", "title"))
            writer.writerows(map(_safe, CodeSheet(layout, guide).rows()))


def write_xlsx_template(standard: Standard, record_type: str, area: Area, path: Path) -> None:
    """Write tables to fill in, as a workbook.

    Raises:
        MissingExtraError: the extra ``xlsx`` is not installed.
        OSError: the file cannot be written.
    """
    record, guide = _begun(standard, record_type, area)
    layout = layout_of(record_type, standard.version)
    with (
        replaced_files(path.parent) as hidden,
        WorkbookWriter(layout, hidden / path.name, guide) as book,
    ):
        book.add(record)


def _safe(cells: Iterable[str]) -> list[str]:
    """Guard the words of an area file, which anybody may have written."""
    return [escape(cell) for cell in cells]


def _begun(standard: Standard, record_type: str, area: Area) -> tuple[dict[str, Any], ColumnGuide]:
    """Return the record as far as it is known, and a guide that says what is still needed."""
    blank = skeleton(standard, record_type, area)
    needed = frozenset(_columns(blank))
    return dict(_without_blanks(blank)), ColumnGuide(standard, area, needed)


def _columns(blank: Any) -> Iterator[str]:
    for steps in placeholders(blank):
        yield ".".join(step for step in steps if isinstance(step, str))


def _without_blanks(value: Any) -> Any:
    """Take out what is to be filled in. Entries of lists stay: their rows are begun."""
    if isinstance(value, dict):
        if FILL_IN in value:
            return None
        filled = {name: _without_blanks(inner) for name, inner in value.items()}
        return {name: inner for name, inner in filled.items() if inner not in (None, [])}
    if isinstance(value, list):
        return [entry for entry in map(_without_blanks, value) if entry is not None]
    return value
