"""Tables from CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.convert.tables.cursors import Numbered, Source
from eh_interop.convert.tables.faults import CellOrigin, unreadable
from eh_interop.convert.tables.formulas import GUARD
from eh_interop.convert.tables.layout import Layout, layout_of
from eh_interop.convert.tables.limits import MAX_LINE
from eh_interop.convert.tables.merging import ReadRecord, merged
from eh_interop.convert.tables.names import csv_name
from eh_interop.errors import UnreadableInputError
from eh_interop.reading.encodings import wide_encoding
from eh_interop.standard import load_standard

_MARK: Final = b"\xef\xbb\xbf"
_NOT_IN_CP1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")


def read_tables(folder: Path) -> Iterator[ReadRecord]:
    """Yield the records of a folder of tables, one record type after the other.

    Raises:
        UnreadableInputError: there are no tables, or one cannot be read any further.
    """
    layouts = [layout_of(each) for each in load_standard().record_types]
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
            name: Source(path.name, "", _rows(path.name, stack.enter_context(_opened(path))))
            for name, path in files.items()
        }
        yield from merged(layout, sources)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError:
        raise UnreadableInputError(f"{path.name}: this file cannot be opened.") from None


def _rows(name: str, file: BinaryIO) -> Numbered:
    """Yield the rows of a file; apostrophes that guard against formulas are taken away.

    Raises:
        UnreadableInputError: it is not UTF-8, or not CSV.
    """
    if csv.field_size_limit() < MAX_LINE:
        csv.field_size_limit(MAX_LINE)
    lines = _Lines(name, file)
    number = 0
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            why = "the quotation marks do not match, or the cell is too long."
            raise unreadable(CellOrigin(name, "", number + 1), why) from None
        number += 1
        lines.row = number + 1
        if row:
            yield number, [cell[1:] if cell[:1] == GUARD else cell for cell in row]


class _Lines:
    """The lines of a file as text. Knows the row that is being read, to say where it fails."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.row = 1
        self._name = name
        self._file = file
        self._size = 0
        self._begun = 0

    def __iter__(self) -> Iterator[str]:
        first = self._file.readline(MAX_LINE)
        wide = wide_encoding(first)
        if wide:
            raise unreadable(
                CellOrigin(self._name, "", 0), f"it is {wide}: save it as CSV UTF-8."
            )
        line = first.removeprefix(_MARK)
        while line:
            self._measure(line)
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                raise self._not_utf8(line[error.start]) from None
            line = self._file.readline(MAX_LINE)

    def _measure(self, line: bytes) -> None:
        """Refuse a row that never ends, before it is in memory."""
        if self._begun != self.row:
            self._begun, self._size = self.row, 0
        self._size += len(line)
        if self._size >= MAX_LINE:
            raise unreadable(
                CellOrigin(self._name, "", self.row),
                "this row is too long. Perhaps a quotation mark is missing in it.",
            )

    def _not_utf8(self, byte: int) -> UnreadableInputError:
        looks = "is not UTF-8" if byte in _NOT_IN_CP1252 else "looks like Windows-1252"
        origin = CellOrigin(self._name, "", self.row)
        return unreadable(origin, f"the file {looks}: save it as CSV UTF-8.")
