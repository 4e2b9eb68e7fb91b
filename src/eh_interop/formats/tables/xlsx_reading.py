"""Tables from the sheets of a workbook."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.tables import xlsx_text
from eh_interop.formats.tables.archives import check_archive
from eh_interop.formats.tables.cells import as_text
from eh_interop.formats.tables.cursors import Line, Source
from eh_interop.formats.tables.extras import library
from eh_interop.formats.tables.faults import CellOrigin, unreadable
from eh_interop.formats.tables.layout import Layout, layout_of
from eh_interop.formats.tables.limits import MAX_SHEETS, MAX_STRINGS, MEGABYTE, SHEET_ROWS
from eh_interop.formats.tables.merging import ReadRecord, merged
from eh_interop.formats.tables.names import sheet_name
from eh_interop.standard.schemas import load_standard


def read_workbook(path: Path) -> Iterator[ReadRecord]:
    """Yield the records of a workbook.

    Raises:
        UnreadableInputError: it is not a workbook of records, or a sheet cannot be
            read any further.
        MissingExtraError: the extra ``xlsx`` is not installed.
    """
    openpyxl = library("openpyxl")
    check_archive(path)
    # The library would leave the file open if it fails.
    with path.open("rb") as file, closing(_opened(openpyxl, path, file)) as book:
        names = frozenset(book.sheetnames)
        layout = _layout(path, names)
        long = _long_texts(path, book) if xlsx_text.SHEET in names else {}
        sources = {
            table.name: Source(path.name, name, _lines(path, book[name], long))
            for table in layout.tables
            if (name := sheet_name(layout, table)) in names
        }
        yield from merged(layout, sources)


def _opened(openpyxl: Any, path: Path, file: BinaryIO) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of looks, such as a style that it does not know
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001 (the library raises whatever it stumbles over)
        raise UnreadableInputError(
            f"{path.name}: this is not a workbook (.xlsx), or it is damaged."
        ) from None


def _layout(path: Path, names: frozenset[str]) -> Layout:
    if len(names) > MAX_SHEETS:
        raise UnreadableInputError(f"{path.name}: there are more than {MAX_SHEETS:,} sheets.")
    types = [record_kind for record_kind in load_standard().record_types if record_kind in names]
    if len(types) != 1:
        raise UnreadableInputError(
            f"{path.name}: one sheet has to have the name of a record type, such as marf."
        )
    return layout_of(types[0])


def _lines(path: Path, sheet: Any, long: Mapping[int, str]) -> Iterator[Line]:
    for number, values in enumerate(_values(path, sheet), 1):
        cells = [_text(value, long) if value is not None else "" for value in values]
        yield Line(number, cells, sum(map(len, cells)))


def _text(value: Any, long: Mapping[int, str]) -> str:
    return xlsx_text.restored(value, long) if isinstance(value, str) else as_text(value)


def _values(path: Path, sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sheet, whatever size it says it has."""
    number = 0
    if not hasattr(sheet, "reset_dimensions"):
        origin = CellOrigin(path.name, sheet.title, 0)
        raise unreadable(origin, "this sheet is a chart and holds no cells.")
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    while True:
        number += 1
        try:
            values = next(rows, None)
        except Exception:  # noqa: BLE001 (the library raises whatever it stumbles over)
            origin = CellOrigin(path.name, sheet.title, number)
            raise unreadable(origin, "this sheet is damaged and cannot be read further.") from None
        if values is None:
            return
        if number > SHEET_ROWS:
            message = f"a sheet has no more than {SHEET_ROWS:,} rows."
            raise unreadable(CellOrigin(path.name, sheet.title, number), message)
        yield values


def _long_texts(path: Path, book: Any) -> dict[int, str]:
    """Read the texts that were too long for their cells."""
    found: dict[int, list[str]] = {}
    size = 0
    width = len(xlsx_text.HEADINGS)
    for values in _values(path, book[xlsx_text.SHEET]):
        number, _, text = (*map(as_text, values[:width]), "", "", "")[:width]
        if not number.isdecimal():
            continue
        size += len(text)
        if size > MAX_STRINGS:
            message = f"the long texts are larger than {MAX_STRINGS // MEGABYTE:,} MB."
            raise unreadable(CellOrigin(path.name, xlsx_text.SHEET, 0), message)
        found.setdefault(int(number), []).append(xlsx_text.restored(text, {}))
    return {number: "".join(parts) for number, parts in found.items()}
