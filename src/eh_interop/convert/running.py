"""Converting many records: one after the other or in several processes, with the same bytes."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Final

from eh_interop.convert.prepared import Prepared, prepare
from eh_interop.convert.targets import EachTarget, Made, Settings, targets
from eh_interop.findings import Finding
from eh_interop.reading import Raw, read_record

CHUNK: Final = 50
"""Records that go to a process at once."""
WAITING: Final = 3
"""Chunks for each process that are under way; more would only take memory."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one record.

    Attributes:
        source: the file that it came from.
        line: the line of the source where it begins.
        record_id: its own id; None if it has none in the right form.
        data: the record in the target's form; None if it was not converted.
        findings: what was found on the way.
    """

    source: str
    line: int
    record_id: str | None
    data: bytes | None = field(repr=False)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """How each record is converted, in a form that can be sent to another process."""

    target: str
    settings: Settings

    def convert(self, numbered: tuple[int, Raw]) -> Converted:
        """Convert one record, the so-manieth."""
        number, raw = numbered
        ready = prepare(raw)
        made = self._made(ready, number)
        return Converted(
            ready.source,
            ready.line,
            ready.record_id,
            made.data,
            (*ready.findings, *made.findings),
        )

    def _made(self, ready: Prepared, number: int) -> Made:
        target = targets()[self.target]
        if ready.record is None or not isinstance(target, EachTarget):
            return Made(None)
        return target.make(ready.record, number, self.settings)


def convert_many(raws: Iterable[tuple[int, Raw]], work: Work, jobs: int = 1) -> Iterator[Converted]:
    """Convert numbered records, and yield what became of them in their order."""
    if jobs == 1:
        yield from map(work.convert, raws)
        return
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415 (slow to import)

    chunks = iter(partial(_chunk, iter(raws)), [])
    under_way: deque[Future[list[Converted]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_leave_stopping_to_the_parent) as pool:
        for chunk in chunks:
            under_way.append(pool.submit(_convert_chunk, chunk, work))
            if len(under_way) >= WAITING * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _chunk(raws: Iterator[tuple[int, Raw]]) -> list[tuple[int, Raw]]:
    # Reading the text again is quicker than sending the document.
    return [(number, replace(raw, document=None)) for number, raw in islice(raws, CHUNK)]


def _convert_chunk(chunk: list[tuple[int, Raw]], work: Work) -> list[Converted]:
    return [work.convert((number, _whole(raw))) for number, raw in chunk]


def _whole(raw: Raw) -> Raw:
    again = read_record(raw.text, raw.source, line=raw.line)
    return replace(raw, document=again.document)


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
