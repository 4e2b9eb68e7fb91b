"""CSV and other delimited text, read row by row. Memory does not grow with the number of rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final, TypedDict

from eh_interop.reading.encodings import TextEncoding, detect_encoding, not_decoded
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.streams import MIB, RefusedError
from eh_interop.reading.tabular.limits import MAX_CELL, MAX_COLUMNS, MAX_ROW
from eh_interop.reading.tabular.opened import TableNote, TableRow, TabularFile, TabularSheet

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
CountHeadings = Callable[[Sequence[str]], int]
"""Returns how many headings that somebody looks for stand in a row."""

_SAMPLE: Final = 64 * 1024
_ROWS: Final = 20
_ESCAPED: Final = 0xDC00
"""Added to a byte that cannot be decoded: Python's error handler ``surrogateescape``."""


class TextOptions(TypedDict, total=False):
    """How delimited text is read: the options of :func:`delimited_file`."""

    encoding: str
    guess_encoding: bool
    delimiter: str
    header_row: int
    count_headings: CountHeadings | None
    strict: bool


@contextmanager
def delimited_file(
    file: BinaryIO,
    name: str,
    *,
    encoding: str = "",
    guess_encoding: bool = True,
    delimiter: str = "",
    header_row: int = 1,
    count_headings: CountHeadings | None = None,
    strict: bool = False,
) -> Iterator[TabularFile]:
    """Open delimited text.

    Args:
        file: an open binary file that can be read twice.
        name: what to call it.
        encoding: ``utf-8`` or ``cp1252``, if somebody has declared it.
        guess_encoding: whether what is not UTF-8 may be Windows-1252; a byte order mark is
            always heeded.
        delimiter: what sets columns apart; chosen by what the file begins with if left out.
        header_row: where the headings stand, to choose the delimiter.
        count_headings: counts the headings in a row that somebody looks for, to choose by.
        strict: text after a closing quotation mark is refused.

    Raises:
        RefusedError: it cannot be read as text.
    """
    detected = detect_encoding(file, encoding, guess=guess_encoding)
    text = io.TextIOWrapper(file, encoding=detected.codec, errors="surrogateescape", newline="")
    try:
        sample = text.read(_SAMPLE)
        text.seek(0)
        chosen = delimiter or choose_delimiter(sample, header_row, count_headings)
        lines = _Lines(text, name)
        yield TabularFile(
            name=name,
            kind="csv",
            open_sheet=lambda _: TabularSheet("", _rows(lines, chosen, strict=strict)),
            encoding=detected.name,
            delimiter=chosen,
            notes=tuple(_notes(detected, "" if delimiter else chosen)),
        )
    except UnicodeDecodeError:
        message = "A character is not in the encoding of the file."
        raise RefusedError(PartnerFault.ENCODING_UNCLEAR, message, file=name) from None
    finally:
        if not text.closed:  # whoever gave the file may have closed it already
            text.detach()


def _notes(encoding: TextEncoding, delimiter: str) -> Iterator[TableNote]:
    if encoding.detected:
        yield TableNote(PartnerFault.ENCODING_FOUND, f"The file was read as {encoding.name}.")
    if delimiter not in {"", ","}:
        message = f"The columns were told apart by the {DELIMITERS[delimiter]}."
        yield TableNote(PartnerFault.DELIMITER_FOUND, message)


def choose_delimiter(
    sample: str, header_row: int = 1, count_headings: CountHeadings | None = None
) -> str:
    """Choose the delimiter that finds most of the headings looked for, or else most columns."""
    if sample.startswith("sep=") and sample[4:5] in DELIMITERS:
        return sample[4]

    def score(delimiter: str) -> tuple[int, int]:
        rows = _sampled(sample, delimiter)
        widths = Counter(map(len, rows))
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        headings = rows[header_row - 1] if len(rows) >= header_row else ()
        known = count_headings(headings) if count_headings and headings else 0
        return known, width * times if width > 1 else 0

    return max(DELIMITERS, key=score)


def _sampled(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == _ROWS:
                break
    except csv.Error:
        return rows
    return rows


class _Lines:
    """The lines of a text file, refused where they are not in its encoding or have no end.

    Attributes:
        name: the name of the file.
        row: the row that is being read.
        first: the line on which it begins.
        size: the characters of the row so far.
    """

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self.name = name
        self.row = self.first = 1
        self.size = 0
        self._text = text

    def __iter__(self) -> Iterator[str]:
        readline = self._text.readline
        while line := readline(MAX_ROW):
            self.size += len(line)
            if self.size >= MAX_ROW:
                message = "This row is too long. Perhaps a quotation mark is missing in it."
                raise self.refused(PartnerFault.TOO_LARGE, message)
            if not line.isascii():
                self._refuse_undecoded(line)
            yield line

    def _refuse_undecoded(self, line: str) -> None:
        try:
            line.encode()
        except UnicodeEncodeError as error:
            message = not_decoded(ord(line[error.start]) - _ESCAPED)
            raise self.refused(PartnerFault.ENCODING_UNCLEAR, message) from None

    def refused(self, fault: PartnerFault, message: str) -> RefusedError:
        return RefusedError(fault, message, file=self.name, row=self.row, line=self.first)


def _rows(lines: _Lines, delimiter: str, *, strict: bool) -> Iterator[TableRow]:
    # The limit is one for all of Python: it is only ever raised, and only here.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                message = f"There are more than {MAX_COLUMNS:,} columns, the most that is read."
                raise lines.refused(PartnerFault.TOO_LARGE, message)
            if lines.size > MAX_CELL and not strict and max(map(len, cells)) > MAX_CELL:
                message = (
                    f"A cell of this row holds more than {MAX_CELL // MIB} MiB. "
                    "Perhaps a quotation mark is missing in it."
                )
                raise lines.refused(PartnerFault.TOO_LARGE, message)
            row = TableRow(lines.row, lines.first, cells, lines.size)
            lines.first, lines.size = reader.line_num + 1, 0
            if row.line == 1 and cells and cells[0].startswith("sep="):
                continue
            lines.row += 1
            yield row
    except csv.Error:
        message = (
            "The quotation marks do not match in a cell that begins here, or it is too long: "
            "one may be missing."
        )
        raise lines.refused(PartnerFault.TOO_LARGE, message) from None
