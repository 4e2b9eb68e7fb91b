"""Stopping early: Control-C ends the work, and is never lost on the way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class Stopping:
    """Whether somebody asked to stop.

    Python drops an interrupt that comes while it tidies up an object. It is raised
    at once where that works; :meth:`look` raises it again where it was lost.
    """

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked = False

    def ask(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        """Remember that somebody asked, and stop if that is possible."""
        self._asked = True
        raise KeyboardInterrupt

    def look(self) -> None:
        """Stop if somebody asked.

        Raises:
            KeyboardInterrupt: somebody did.
        """
        if self._asked:
            raise KeyboardInterrupt


@contextmanager
def stopping() -> Iterator[Stopping]:
    """Listen for Control-C as long as the block runs."""
    asked = Stopping()
    before = signal.signal(signal.SIGINT, asked.ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
