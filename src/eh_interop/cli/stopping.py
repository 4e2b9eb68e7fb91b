"""Stopping early: Control-C, a terminal that is closed, and a system that asks a process to end.

All three do the same: what is done so far is kept and reported, and nothing half written stays.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Final, NoReturn

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""By name: not every system has all of them."""


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
    """Listen for signals as long as the block runs; in a thread nobody can."""
    asked = Stopping()
    with ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            for number in _to_hear():
                stack.callback(signal.signal, number, signal.signal(number, asked.ask))
        yield asked


def _to_hear() -> Iterator[signal.Signals]:
    """Yield the signals that stop: not one that whoever began this process wants ignored."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is None:
            continue
        if number != signal.SIGINT and signal.getsignal(number) is signal.SIG_IGN:
            continue  # as nohup does for a terminal that is closed
        yield number
