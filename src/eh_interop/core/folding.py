"""Text compared however it is written: without regard to case, accents, punctuation and spaces.

The one place for it. Names of people, agencies and places come from many systems: one writes
a curved apostrophe and another a straight one, one writes a letter with its accent and another
the letter and the accent apart, one a hyphen and another a space. They mean the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{MODIFIER LETTER APOSTROPHE}": "'", "\N{MODIFIER LETTER TURNED COMMA}": "'",
})  # fmt: skip
"""Letters that have no accent apart, and apostrophes that Unicode counts among the letters."""
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})
"""Kinds of characters that only mark others, or that nobody sees."""
_WORD: Final = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(sign for sign in plain if unicodedata.category(sign) not in _UNSEEN)
    return tuple(_WORD.findall(kept.translate(_LETTERS)))


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, folded and with nothing between them."""
    return "".join(words_in(text))
