"""Text that is safe in the files of a return.

A spreadsheet takes a cell that begins with one of some signs for a formula, and a
formula can send data away. Such a text gets an apostrophe before it; reading takes
it off again. Texts that already begin so get one more, so nothing is lost.
"""

from __future__ import annotations

import re
from typing import Final

_DANGEROUS: Final = re.compile("'*[=+@\\t\\r\\n\uff1d\uff0b\uff0d\uff20-]")
_GUARDED: Final = re.compile("'+[=+@\\t\\r\\n\uff1d\uff0b\uff0d\uff20-]")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and so a workbook too, cannot hold."""


def guarded(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """Take off what :func:`guarded` put before a text."""
    return text[1:] if _GUARDED.match(text) else text


def holdable(text: str) -> str:
    """Leave out the characters that no file of a return can hold."""
    return _FORBIDDEN.sub("", text)
