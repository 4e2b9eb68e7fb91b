"""The pieces of a JSON text, and the lines and columns where they stand.

For texts that orjson has already accepted: nothing is checked again here. All
loops are flat, so that deep nesting cannot exhaust the stack, and each reads
the text a fixed number of times, however large it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from eh_interop.core.findings import Origin

BLANK: Final = " \t\r\n"
"""What JSON calls whitespace."""

TEXT: Final = 1
KEY: Final = 2
OPEN: Final = 3
CLOSE: Final = 4
SCALAR: Final = 5

# The possessive forms (*+) keep a text of many escapes, or a long run of blanks,
# from being read again and again. The group that matched last tells the kind.
_TOKEN = re.compile(
    r"""
    [ \t\r\n,]*+
    (?: ("[^"\\]*+(?:\\.[^"\\]*+)*+") (?:[ \t\r\n]*+(:))?
      | ([{\[])
      | ([}\]])
      | ([^ \t\r\n,"{}\[\]]++)
    )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the pieces of ``text`` in order; commas and colons are left out.

    ``lastindex`` of a match is its kind: ``TEXT``, ``KEY``, ``OPEN``, ``CLOSE``
    or ``SCALAR`` (a number, true, false or null). The spelling and the start of
    a key are in group ``TEXT``, those of every other piece in the group of its kind.
    """
    # Without this end the search would try each of the blanks after the record in turn.
    return _TOKEN.finditer(text, 0, len(text.rstrip(BLANK)))


def unquoted(spelling: str) -> str:
    """Return the text that a JSON string stands for, given with its quotation marks."""
    if "\\" not in spelling:
        return spelling[1:-1]
    return str(orjson.loads(spelling))


def origins(text: str, offsets: Iterable[int], first_line: int = 1) -> dict[int, Origin]:
    r"""Turn offsets into lines and columns, all in one pass over ``text``.

    ``\n``, ``\r\n`` and ``\r`` each end a line; ``first_line`` is the number of
    the line on which ``text`` begins.
    """
    found: dict[int, Origin] = {}
    line, line_start, done = first_line, 0, 0
    for offset in sorted(set(offsets)):
        line += line_breaks(text, done, offset)
        last = max(text.rfind("\n", done, offset), text.rfind("\r", done, offset))
        line_start = max(line_start, last + 1)
        found[offset] = Origin(line, offset - line_start + 1)
        done = offset
    return found


def origin_of(text: str, offset: int, first_line: int = 1) -> Origin:
    """Turn one offset into its line and column."""
    return origins(text, [offset], first_line)[offset]


def line_breaks(text: str, start: int, end: int) -> int:
    """Count the line breaks between two offsets."""
    feeds = text.count("\n", start, end)
    returns = text.count("\r", start, end)
    return feeds + returns - (text.count("\r\n", start, end) if returns else 0)
