"""Texts that a cell of a workbook cannot hold as they are.

A cell holds 32,767 characters. A longer text stands in the sheet ``longText``,
cut in parts, and its cell holds a mark with the number of the text. A text that
looks like such a mark is kept there too, so that none is ever mistaken.
Characters that XML cannot hold are written ``_x0007_``, as spreadsheets do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

SHEET: Final = "longText"
HEADINGS: Final = ("longText", "part", "text")
_PART: Final = 16_000
"""Characters in a part: even if each counts twice, as spreadsheets count, a cell holds it."""
_MARK: Final = "_longText:"
_MARKED: Final = re.compile(r"_longText:([0-9]{1,9})_")
_ESCAPE: Final = re.compile("_x(?![dD][89a-fA-F])([0-9A-Fa-f]{4})_")
"""Halves of characters (surrogates) are left as they are written."""
_OVERLAP: Final = re.compile("(?<=_x[0-9A-Fa-f]{4})(?=_x[0-9A-Fa-f]{4}_)")
"""Two escapes that share an underscore: the writing library protects only the first."""


def is_special(text: str) -> bool:
    """Tell whether a text has to stand in the sheet of long texts."""
    if len(text) > _PART or text.startswith(_MARK):
        return True
    return "_x" in text and _OVERLAP.search(text) is not None


def mark(number: int) -> str:
    """Return what stands in the cell of a long text."""
    return f"{_MARK}{number}_"


def parts(text: str) -> Iterator[str]:
    """Cut a long text into parts that cells can hold."""
    for piece in _OVERLAP.split(text):
        for start in range(0, len(piece), _PART):
            yield piece[start : start + _PART]


def restored(text: str, long: Mapping[int, str]) -> str:
    """Return the text that a cell stands for."""
    if "_" not in text:
        return text
    marked = _MARKED.fullmatch(text)
    if marked:
        return long.get(int(marked[1]), text)
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
