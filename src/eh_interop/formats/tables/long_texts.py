"""Long texts, and others that a cell of a workbook cannot hold as they are.

A cell holds 32,767 characters. A longer text stands in the sheet ``longText``,
cut in parts, and its cell holds a mark with the number of the text. A text that
looks like such a mark is kept there too, so that none is ever mistaken. So is one
that would be taken for the escape of a character that XML cannot hold
(``_x0007_``), and that the libraries protect only in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.reading.streams import MIB
from eh_interop.reading.tabular import TableRow, plain_text
from eh_interop.reading.tabular.limits import MAX_TEXTS

SHEET: Final = "longText"
_HEADINGS: Final = ("longText", "part", "text")
_PART: Final = 16_000
"""Characters in a part: even if each counts twice, as spreadsheets count, a cell holds it."""
_MARK: Final = "_longText:"
_MARKED: Final = re.compile(r"_longText:([0-9]{1,9})_")
_MISTAKEN: Final = re.compile(
    "(?<=_x[0-9A-Fa-f]{4})(?=_x[0-9A-Fa-f]{4}_)|(?<=_x)(?=[Ff]{3}[EeFf]_)"
)
"""Where to cut two escapes that share an underscore, or one that only we read."""


class LongTextSheet:
    """Writes the sheet of texts that a cell cannot hold."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet(SHEET)
        self._texts = self._row = 0
        self._write(_HEADINGS)

    def _write(self, cells: Iterable[str]) -> None:
        for at, text in enumerate(cells):
            self._sheet.write_string(self._row, at, text)
        self._row += 1

    def cell(self, text: str) -> str:
        """Return what to put into the cell of a text."""
        if not _is_special(text):
            return text
        self._texts += 1
        for number, part in enumerate(_parts(text), 1):
            self._write((str(self._texts), str(number), part))
        return f"{_MARK}{self._texts}_"


def _is_special(text: str) -> bool:
    if len(text) > _PART or text.startswith(_MARK):
        return True
    return "_x" in text and _MISTAKEN.search(text) is not None


def _parts(text: str) -> Iterator[str]:
    """Cut a long text into parts that cells can hold."""
    for piece in _MISTAKEN.split(text):
        for start in range(0, len(piece), _PART):
            yield piece[start : start + _PART]


def read_long_texts(rows: Iterable[TableRow]) -> dict[int, str]:
    """Return the texts that were too long for their cells, by their numbers.

    Raises:
        UnreadableInputError: they would not fit into memory.
    """
    parts: dict[int, list[str]] = {}
    size = 0
    for row in rows:
        number, _, text = (*map(plain_text, row.cells[: len(_HEADINGS)]), "", "", "")[:3]
        if not number.isdecimal():
            continue
        size += len(text)
        if size > MAX_TEXTS:
            message = f"the long texts are larger than {MAX_TEXTS // MIB} MiB."
            raise UnreadableInputError(f"sheet {SHEET}: {message}")
        parts.setdefault(int(number), []).append(text)
    return {number: "".join(texts) for number, texts in parts.items()}


def restored(text: str, texts: Mapping[int, str]) -> str:
    """Return the text that a cell stands for."""
    mark = _MARKED.fullmatch(text) if text.startswith(_MARK) else None
    return texts.get(int(mark[1]), text) if mark else text
