"""How much room a text needs: by the widest of the fonts that a page may be shown in."""

from __future__ import annotations

from typing import Final
from unicodedata import combining, east_asian_width

_NARROW: Final = frozenset("ijlI.,:;'|!()[]ft ")
_BROAD: Final = frozenset("mwMW@%—…")


def measure(text: str, size: float) -> float:
    """Return how wide a text is at most, in pixels, for letters of a size."""
    return size * sum(map(_advance, text))


def _advance(letter: str) -> float:
    """Return the width of a letter as part of its size (bold DejaVu Sans, a broad font)."""
    if combining(letter):
        return 0.0
    if letter in _NARROW:
        return 0.48
    if letter in _BROAD or east_asian_width(letter) in "WF":
        return 1.11
    return 0.84 if letter.isupper() else 0.72
