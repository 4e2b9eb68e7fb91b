"""Tables from CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.tables.cursors import Line, Source
from eh_interop.formats.tables.faults import CellOrigin, unreadable
from eh_interop.formats.tables.layout import Layout, layout_of
from eh_interop.formats.tables.limits import MAX_LINE
from eh_interop.formats.tables.merging import ReadRecord, merged
from eh_interop.formats.tables.names import csv_name
from eh_interop.reading.encodings import wide_encoding
from eh_interop.standard.schemas import load_standard

_MARK: Final = b"\xef\xbb\xbf"
_NOT_IN_CP1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")


def read_tables(folder: Path) -> Iterator[ReadRecord]:
    """Yield the records of a folder of tables, one record type after the other.

    Raises:
        UnreadableInputError: there are no tables, or one cannot be read any further.
    """
    layouts = [layout_of(record_kind) for record_kind in load_standard().record_types]
    here = [layout for layout in layouts if _files(layout, folder)]
    if not here:
        raise UnreadableInputError(f"{folder.name}: there are no tables in this folder.")
    for layout in here:
        yield from _read_set(layout, folder)


def _files(layout: Layout, folder: Path) -> dict[str, Path]:
    paths = {table.name: folder / csv_name(layout, table) for table in layout.tables}
    return {name: path for name, path in paths.items() if path.is_file()}


def _read_set(layout: Layout, folder: Path) -> Iterator[ReadRecord]:
    files = _files(layout, folder)
    if "" not in files:
        name = csv_name(layout, layout.tables[0])
        raise UnreadableInputError(f"{name} is missing: the other tables belong to its rows.")
    with ExitStack() as stack:
        sources = {
            name: Source(
                path.name, "", _rows(path.name, stack.enter_context(_opened(path))), guarded=True
            )
            for name, path in files.items()
        }
        yield from merged(layout, sources)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError:
        raise UnreadableInputError(f"{path.name}: this file cannot be opened.") from None


def _rows(name: str, file: BinaryIO) -> Iterator[Line]:
    """Yield the rows of a file.

    Raises:
        UnreadableInputError: it is not UTF-8, or not CSV.
    """
    if csv.field_size_limit() < MAX_LINE:
        csv.field_size_limit(MAX_LINE)
    lines = _Lines(name, file)
    try:
        for cells in csv.reader(lines, strict=True):
            number, size = lines.row, lines.size
            lines.row, lines.size = number + 1, 0
            if cells:
                yield Line(number, cells, size)
    except csv.Error:
        why = "the quotation marks do not match, or the cell is too long."
        raise unreadable(CellOrigin(name, "", lines.row), why) from None


class _Lines:
    """The lines of a file as text, refused where they are not UTF-8.

    Attributes:
        row: the row that is being read.
        size: the bytes of the row so far.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.row = 1
        self.size = 0
        self._name = name
        self._file = file

    def __iter__(self) -> Iterator[str]:
        readline = self._file.readline
        line = readline(MAX_LINE)
        wide = wide_encoding(line)
        if wide:
            message = f"it is {wide}: save it as CSV UTF-8."
            raise unreadable(CellOrigin(self._name, "", 0), message)
        line = line.removeprefix(_MARK)
        while line:
            self.size += len(line)
            if self.size >= MAX_LINE:
                message = "this row is too long. Perhaps a quotation mark is missing in it."
                raise unreadable(CellOrigin(self._name, "", self.row), message)
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                raise self._not_utf8(line[error.start]) from None
            yield text
            line = readline(MAX_LINE)

    def _not_utf8(self, byte: int) -> UnreadableInputError:
        looks = "is not UTF-8" if byte in _NOT_IN_CP1252 else "looks like Windows-1252"
        origin = CellOrigin(self._name, "", self.row)
        return unreadable(origin, f"the file {looks}: save it as CSV UTF-8.")
