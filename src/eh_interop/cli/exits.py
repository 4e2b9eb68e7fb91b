"""How a run ends: exit codes, and stopping early with Control-C.

Each exit code has one meaning, so that a script can tell them apart.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

OK: Final = 0
"""Nothing at the level that was asked for."""
FOUND: Final = 1
"""Findings at the level that was asked for."""
USAGE: Final = 2
"""Wrong options or arguments."""
UNREADABLE: Final = 3
"""Something could not be read. What could be read was checked."""
BROKEN: Final = 4
"""The standard, an area or a configuration is broken."""
FAULT: Final = 70
"""Our own fault."""
INTERRUPTED: Final = 130
"""Stopped by the user."""
BROKEN_PIPE: Final = 141
"""The reader of our output went away."""


class ReaderGoneError(Exception):
    """The reader of our output went away: there is nobody to tell anything more."""


@contextmanager
def reader_may_go() -> Iterator[None]:
    """Notice that nobody reads our output any more. Click would end with 1: that means findings.

    Raises:
        ReaderGoneError: the reader went away.
    """
    try:
        yield
    except BrokenPipeError:
        raise ReaderGoneError from None


class Stopping:
    """Whether somebody asked to stop.

    Python drops an interrupt that comes while it tidies up an object. It is raised
    at once where that works; :meth:`raise_if_interrupted` raises it again where it was lost.
    """

    def __init__(self) -> None:
        self._asked = False

    def ask(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        """Remember that somebody asked, and stop if that is possible."""
        self._asked = True
        raise KeyboardInterrupt

    def raise_if_interrupted(self) -> None:
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
