"""Work in several processes, with results in the order of the input."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final, TypeVar

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
    with ProcessPoolExecutor(jobs, initializer=_leave_stopping_to_the_parent) as pool:
        for part in iter(lambda: list(islice(source, chunk)), []):
            under_way.append(pool.submit(partial(_apply, function), part))
            if len(under_way) >= WAITING * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _apply(function: Callable[[Item], Result], part: list[Item]) -> list[Result]:
    return [function(item) for item in part]


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
