"""How a run ends: exit codes.

Each exit code has one meaning, so that a script can tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

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
NOT_WRITTEN: Final = 74
"""The results cannot be written: no room, no permission, or nowhere to write to."""
INTERRUPTED: Final = 130
"""Stopped: by Control-C, or because the terminal was closed or the system asked for it."""
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
