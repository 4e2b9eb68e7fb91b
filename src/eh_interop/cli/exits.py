"""Exit codes. Each has one meaning, so that a script can tell them apart."""

from typing import Final

OK: Final = 0
"""Nothing at the level that was asked for."""
FOUND: Final = 1
"""Findings at the level that was asked for."""
USAGE: Final = 2
"""The command was not given right."""
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
