"""How a run ends: exit codes, and output that is closed or full.

Each exit code has one meaning, so that a script can tell them apart.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from eh_interop.core.fence import NO_ROOM

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


_REFUSED: Final = NO_ROOM | {errno.EBADF, errno.EIO}


_STREAMS: Final = (
    (0, "stdin", "r", os.O_RDONLY),
    (1, "stdout", "w", os.O_RDONLY),  # a result may not get lost: it cannot be written
    (2, "stderr", "w", os.O_WRONLY),  # what is said may
)


def open_closed_streams() -> None:
    """Stand in for standard streams that whoever began this process has closed.

    Otherwise the first file that is opened would get their number, and what is printed would stand
    in it. Nothing can be read from them, and writing to standard output fails.
    """
    for number, name, way, how in _STREAMS:
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, how)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, os.fdopen(number, way, encoding="utf-8", closefd=False))


def cannot_write(problem: OSError) -> bool:
    """Return whether the system says that what we print cannot be taken."""
    return problem.errno in _REFUSED


def why_not_written(problem: OSError) -> str:
    """Say why a result is not there."""
    if problem.errno == errno.EBADF:
        return "The result cannot be written: standard output is closed."
    reason = problem.strerror or "the system refused"
    return f"The result cannot be written: {reason}. What is there is not complete."


def forget_output() -> None:
    """Let what waits to be printed go: Python would fail with it once more when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
