"""Whole numbers that orjson cannot keep exactly.

It turns those beyond 64 bits into the nearest fraction and says nothing.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from eh_interop.core.findings import Origin
from eh_interop.reading.tokens import SCALAR, origins, tokens

_SMALLEST: Final = -(2**63)
_LARGEST: Final = 2**64 - 1
# The shortest numbers beyond these limits have 19 and 20 digits.
_MANY_DIGITS: Final = b"0" * 19
_DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_INTEGER = re.compile(r"-?[0-9]{19,}")


def may_have_huge_integers(data: bytes) -> bool:
    """Say whether an exact look is needed. A *no* is certain."""
    return _MANY_DIGITS in data.translate(_DIGITS_AS_ZERO)


def huge_integers(text: str, first_line: int = 1, *, most: int | None = None) -> list[Origin]:
    """List where whole numbers stand that do not fit into 64 bits.

    Args:
        text: JSON that orjson has accepted.
        first_line: the line of the source on which ``text`` begins.
        most: stop after this many.
    """
    offsets = (
        token.start(SCALAR)
        for token in tokens(text)
        if token.lastindex == SCALAR and _is_huge(token[SCALAR])
    )
    return list(origins(text, islice(offsets, most), first_line).values())


def _is_huge(spelling: str) -> bool:
    # No more than 309 digits get past orjson, so that int() is cheap.
    return bool(_LONG_INTEGER.fullmatch(spelling)) and not _SMALLEST <= int(spelling) <= _LARGEST
