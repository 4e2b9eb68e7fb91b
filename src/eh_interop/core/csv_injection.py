"""CSV injection: text made safe to open in a spreadsheet, and restored when it is read.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula and
works it out; a text that somebody else wrote could so reach out of the file (OWASP: CSV
injection). An apostrophe in front of such a cell makes it text. So that reading can take it
back, a cell that begins with an apostrophe of its own gets one more. Blanks and other
invisible characters in front are looked through, and the full-width, small and
mathematical forms of the signs count, because spreadsheets do the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

ESCAPE: Final = "'"
_HARMLESS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_INVISIBLE: Final = (
    r"\s\x00-\x20\x7f-\xa0\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff"
)
_SIGNS: Final = r"=+\-@'\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
_RISKY: Final = re.compile(f"[\t\r\n]|[{_INVISIBLE}]*[{_SIGNS}]")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> str:
    """Return a text as it may stand in a CSV file or workbook."""
    if not text or text[0] in _HARMLESS or not _RISKY.match(text):
        return text
    return ESCAPE + text


def unescape(cell: str) -> str:
    """Return the text that a cell stands for: that of :func:`escape`, or of somebody else."""
    if cell[:1] == ESCAPE and _RISKY.match(cell, 1):
        return cell[1:]
    return cell


def csv_line(cells: Iterable[object]) -> str:
    """Return a row of CSV with its line end; texts are escaped, numbers stand as they are."""
    line = io.StringIO()
    escaped = (escape(cell) if isinstance(cell, str) else cell for cell in cells)
    csv.writer(line, lineterminator="\n").writerow(escaped)
    return line.getvalue()


def strip_illegal_xml(text: str) -> str:
    """Leave out the characters that XML, and so a workbook too, cannot hold."""
    return _ILLEGAL.sub("", text)
