"""CSV that is safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a
formula and works it out; a text that somebody else wrote could so reach out of
the file. An apostrophe in front of such a cell makes it text. So that reading
can take it back, a cell that begins with an apostrophe of its own gets one more.
Blanks and other invisible characters in front are looked through, and the
full-width forms of the signs count, because spreadsheets do the same.
"""

from __future__ import annotations

import re
from typing import Final

GUARD: Final = "'"
_HARMLESS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_RISKY: Final = re.compile(
    "[\t\r\n]|[\\s\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]*"
    "[=+\\-@'\uff1d\uff0b\uff0d\uff20]"
)


def guarded(text: str) -> str:
    """Return a text as it may stand in a CSV file."""
    if text[0] in _HARMLESS or not _RISKY.match(text):
        return text
    return GUARD + text


def unguarded(cell: str) -> str:
    """Return the text that a cell of a CSV file stands for."""
    return cell[1:] if cell[0] == GUARD else cell
