"""Work in several processes, with results in the order of the input."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")
Result = TypeVar("Result")

WAITING: Final = 3
"""Chunks for each process that are under way; more would only take memory."""


def map_in_order(
    function: Callable[[Item], Result], items: Iterable[Item], jobs: int, *, chunk: int
) -> Iterator[Result]:
    """Apply a function to items one after the other, or in ``jobs`` processes.

    Args:
        function: what to apply. For several processes it has to be something that can be pickled.
        items: read only as far as there is room to work on them.
        jobs: how many processes; with 1 everything is done in this one.
        chunk: how many items go to a process at once.
    """
    if jobs == 1:
        yield from map(function, items)
        return
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415 (slow to import)

    source = iter(items)
    under_way: deque[Future[list[Result]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_begin_worker) as pool:
        for part in iter(lambda: list(islice(source, chunk)), []):
            under_way.append(pool.submit(partial(_apply, function), part))
            if len(under_way) >= WAITING * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _apply(function: Callable[[Item], Result], part: list[Item]) -> list[Result]:
    return [function(item) for item in part]


def _begin_worker() -> None:
    """Leave stopping to the parent, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):  # what the parent does then is not for its workers
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    from multiprocessing import parent_process  # noqa: PLC0415 (slow to import)

    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    """Wait for the parent to end, also by force, and end at once: nobody waits for results."""
    parent.join()
    os._exit(1)
