"""Converting many records: one after the other or in several processes, with the same bytes."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Final

from eh_interop.convert.prepared import Given, Prepared, prepare
from eh_interop.convert.targets import EachTarget, Made, Settings, targets
from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps
from eh_interop.reading import SourceRecord, read_record

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
        rows: the partner's own rows of a record that was not converted.
        headings: the headings of these rows.
        lineage: where each value of the record stood, if that is known.
        is_record: False for what is found of a file as a whole.
    """

    source: str
    line: int
    record_id: str | None
    data: bytes | None = field(repr=False)
    findings: tuple[Finding, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(repr=False, default=())
    headings: tuple[str, ...] = ()
    lineage: Mapping[Steps, str] = field(repr=False, default_factory=dict)
    is_record: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """How each record is converted, in a form that can be sent to another process.

    ``lineage`` says to keep where each value stood in its source.
    """

    target: str
    settings: Settings
    lineage: bool = False

    def convert(self, numbered: tuple[int, SourceRecord | Given]) -> Converted:
        """Convert one record, the so-manieth."""
        number, given = numbered
        ready = prepare(given)
        one = converted(given, ready, self._made(ready, number))
        return one if self.lineage else replace(one, lineage={})

    def _made(self, ready: Prepared, number: int) -> Made:
        target = targets()[self.target]
        if ready.record is None or not isinstance(target, EachTarget):
            return Made(None)
        return target.make(ready.record, number, self.settings)


def converted(given: SourceRecord | Given, ready: Prepared, made: Made) -> Converted:
    """Put together what became of a record."""
    found = (*ready.findings, *made.findings)
    one = Converted(ready.source, ready.line, ready.record_id, made.data, found)
    if not isinstance(given, Given):
        return one
    if not given.is_record:
        return replace(one, is_record=False)
    if made.data is None:
        return replace(one, rows=given.rows, headings=given.headings)
    return replace(one, lineage=given.lineage)


def convert_many(
    raws: Iterable[tuple[int, SourceRecord | Given]], work: Work, jobs: int = 1
) -> Iterator[Converted]:
    """Convert numbered records, and yield what became of them in their order."""
    if jobs == 1:
        yield from map(work.convert, raws)
        return
    from concurrent.futures import Future, ProcessPoolExecutor

    chunks = iter(partial(_chunk, iter(raws)), [])
    under_way: deque[Future[list[Converted]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_leave_stopping_to_the_parent) as pool:
        for chunk in chunks:
            under_way.append(pool.submit(_convert_chunk, chunk, work))
            if len(under_way) >= WAITING * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _chunk(
    raws: Iterator[tuple[int, SourceRecord | Given]],
) -> list[tuple[int, SourceRecord | Given]]:
    return [(number, _light(raw)) for number, raw in islice(raws, CHUNK)]


def _light(raw: SourceRecord | Given) -> SourceRecord | Given:
    """Leave the document behind: reading its text again is quicker than sending it."""
    return raw if isinstance(raw, Given) else replace(raw, document=None)


def _convert_chunk(chunk: list[tuple[int, SourceRecord | Given]], work: Work) -> list[Converted]:
    return [work.convert((number, _whole(raw))) for number, raw in chunk]


def _whole(raw: SourceRecord | Given) -> SourceRecord | Given:
    if isinstance(raw, Given):
        return raw
    again = read_record(raw.text, raw.source, line=raw.line)
    return replace(raw, document=again.document)


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
