"""Tick boxes that are typed: as characters, in symbol fonts and in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from eh_interop.formats._shared.forms.document import Piece

_EMPTY: Final = "\u2610\u25a1\u25a2\u25fb\u25fd\u2b1c\u2751\u274f\u2750\u274d\u25cb\u25ef\u25cc"
_TICKED: Final = (
    "\u2611\u2612\u2713\u2714\u2705\u2717\u2718\u25a0\u25fc\u25c9\u25cf\u2b1b\U0001f5f9"
)
_BOXES: Final = re.compile(
    f"(?P<empty>[{_EMPTY}]|\\[ {{0,3}}\\](?!\\()|\\( {{1,3}}\\))"
    f"|(?P<ticked>[{_TICKED}]|\\[ ?[xX\u2713\u2714] ?\\]|\\( ?[xX\u2713\u2714] ?\\))"
)
_SYMBOLS: Final = {
    "wingdings": {0xA8: False, 0x6F: False, 0x71: False, 0x72: False, 0xA1: False,
                  0xFE: True, 0xFD: True, 0xFC: True, 0xFB: True, 0x78: True, 0x6E: True},
    "wingdings 2": {0xA3: False, 0x2A: False, 0x52: True, 0x53: True, 0x54: True, 0x50: True,
                    0x51: True, 0x4F: True},
    "webdings": {0x63: False, 0x67: True, 0x61: True, 0x72: True},
}  # fmt: skip
"""What the characters of symbol fonts look like: an empty box, or a ticked one."""


def symbol(font: str, code: int) -> bool | None:
    """Return whether a character of a symbol font is a ticked box; None if it is no box."""
    return _SYMBOLS.get(font.lower(), {}).get(code & 0xFF)


def is_symbol_font(font: str) -> bool:
    """Return whether letters in this font are pictures."""
    return font.lower() in _SYMBOLS


def with_boxes(piece: Piece) -> Iterator[Piece]:
    """Split text at the boxes that are typed in it."""
    at = 0
    for match in _BOXES.finditer(piece.text):
        if match.start() > at:
            yield replace(piece, text=piece.text[at : match.start()])
        yield replace(piece, text="", ticked=match["ticked"] is not None, answer=False)
        at = match.end()
    if at < len(piece.text):
        yield replace(piece, text=piece.text[at:])
