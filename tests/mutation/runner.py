"""Runs each mutant in a process of its own, and returns those that no test notices."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence

from mutants import Mutant

SECONDS = 60
"""After so long a mutant is killed: it does not come to an end."""

Test = Callable[[Mutant], bool]
"""Puts a mutant in place and tells whether all tests hold."""


def survivors(mutants: Sequence[Mutant], test: Test) -> list[Mutant]:
    """Try mutants one after the other, and return those that survive."""
    return [mutant for mutant in mutants if _survives(mutant, test)]


def _survives(mutant: Mutant, test: Test) -> bool:
    """Tell whether all tests hold. An exception means no, and so does not coming to an end."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        held = False
        try:
            held = test(mutant)
        finally:
            os._exit(0 if held else 1)
    _, status = os.waitpid(child, 0)
    return status == 0
