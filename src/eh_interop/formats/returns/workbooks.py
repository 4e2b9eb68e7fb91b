"""Workbooks (XLSX): the one place that knows the library for them.

It is optional: ``pip install eh-interop[xlsx]``.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError

Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
"""Its name, its headings, and its rows: text, numbers, days or None."""

_DAY: Final = "DD/MM/YYYY"
_ZIP_BEGIN: Final = (1980, 1, 1, 0, 0, 0)
_CHUNK: Final = 1 << 20


def _library() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise UnreadableInputError(
            "Workbooks need an optional part of this toolkit. Install it with: "
            "pip install 'eh-interop[xlsx]'."
        ) from None
    return openpyxl


def write_workbook(path: Path, sheets: Iterable[Sheet], as_of: date) -> None:
    """Write a workbook, sheet by sheet and row by row. The same rows give the same bytes.

    Raises:
        UnreadableInputError: the library for workbooks is not installed.
    """
    book = _library().Workbook(write_only=True)
    for name, headings, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, heading) for heading in headings])
        for row in rows:
            sheet.append([_cell(sheet, each) for each in row])
    draft = path.with_suffix(".draft")
    book.properties.created = datetime.combine(as_of, time.min)
    book.save(draft)
    _without_clock(draft, path, as_of)
    draft.unlink()


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # also a text that begins with = is text, never a formula
    elif isinstance(value, date):
        cell.number_format = _DAY
    return cell


def _without_clock(source: Path, target: Path, as_of: date) -> None:
    """Copy a workbook, with the given day wherever the library wrote the time."""
    moment = f">{as_of.isoformat()}T00:00:00Z</dcterms:modified>".encode()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _ZIP_BEGIN)
            info.compress_type = zipfile.ZIP_DEFLATED
            with old.open(entry) as data, new.open(info, "w", force_zip64=True) as copy:
                if entry.filename == "docProps/core.xml":
                    copy.write(re.sub(rb">[^<]*</dcterms:modified>", moment, data.read()))
                    continue
                while chunk := data.read(_CHUNK):
                    copy.write(chunk)


def read_workbook(path: Path) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """Yield each sheet of a workbook: its name, and its rows.

    Raises:
        UnreadableInputError: it is no workbook, or the library is not installed.
    """
    openpyxl = _library()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise UnreadableInputError("The file is not a workbook that can be read.") from None
    try:
        for sheet in book.worksheets:
            yield sheet.title, sheet.iter_rows(values_only=True)
    finally:
        book.close()
