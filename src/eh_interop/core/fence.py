"""A fence around one record: a fault of ours in it never loses the others.

Whatever is done for each of many records is done inside a fence. What goes wrong there becomes a
finding of that record, and the run goes on. What is no fault of ours with this record passes: a
question that nobody can answer (an area that is broken, a disk that is full), and being stopped.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, TypeVar

from eh_interop.core.errors import EhInteropError

T = TypeVar("T")

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EPIPE})
"""What the system says of a disk or a reader that takes no more: it is so for every record."""


def is_fault(problem: BaseException) -> bool:
    """Return whether it is a fault of our own code with what it was given.

    Native libraries raise a panic outside of :class:`Exception`; it is a fault like any other.
    """
    if isinstance(problem, EhInteropError):
        return False
    if isinstance(problem, OSError) and problem.errno in NO_ROOM:
        return False
    return isinstance(problem, Exception) or type(problem).__name__ == "PanicException"


def fault_message(fault: BaseException) -> str:
    """Say where our own code failed, without the exception's text: it may quote a record."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"Our own fault: {type(fault).__name__}{where}. Please report it."


class _Fence:
    def __init__(self, on_fault: Callable[[str], object]) -> None:
        self._on_fault = on_fault

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: object, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if problem is None or not is_fault(problem):
            return False
        self._on_fault(fault_message(problem))
        return True


def fenced(on_fault: Callable[[str], object]) -> _Fence:
    """Give a block in which a fault of ours ends nothing but the block.

    Args:
        on_fault: is called with a sentence that says where our code failed, without any value.
    """
    return _Fence(on_fault)


def fenced_items(items: Iterable[T], instead: Callable[[str], T]) -> Iterator[T]:
    """Yield items as long as they come; if our own code fails, one that says so as the last."""
    source = iter(items)
    while True:
        failed: list[str] = []
        with fenced(failed.append):
            try:
                item = next(source)
            except StopIteration:
                return
        if failed:
            yield instead(failed[0])
            return
        yield item
