"""How deeply objects and lists stand inside each other."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.findings import Origin
from eh_interop.reading.tokens import CLOSE, OPEN, origin_of, tokens

MAX_DEPTH: Final = 100
"""Levels of objects and lists that a record may have. Records of the standard have about ten."""


def is_too_deep(data: bytes, document: Any) -> bool:
    """Say whether ``document``, read from ``data``, has more than ``MAX_DEPTH`` levels."""
    if data.count(b"{") + data.count(b"[") <= MAX_DEPTH:
        return False
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [
            entry
            for container in level
            for entry in (container.values() if type(container) is dict else container)
            if type(entry) is dict or type(entry) is list
        ]
        if not level:
            return False
    return True


def first_too_deep(text: str, first_line: int = 1) -> Origin | None:
    """Find the first object or list below ``MAX_DEPTH`` levels.

    Args:
        text: JSON that orjson has accepted.
        first_line: the line of the source on which ``text`` begins.
    """
    depth = 0
    for token in tokens(text):
        if token.lastindex == CLOSE:
            depth -= 1
        elif token.lastindex == OPEN:
            depth += 1
            if depth > MAX_DEPTH:
                return origin_of(text, token.start(OPEN), first_line)
    return None
