"""Checking many records, in one process or several, in the same order and with the same result."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain, islice, repeat
from typing import Final

import orjson

from eh_interop.checks.comparing import KEY_BYTES, LIMIT, Batch, summed_up
from eh_interop.checks.engine import CompiledEngine, Engine
from eh_interop.checks.fingerprints import with_fingerprints
from eh_interop.checks.record import check_raw
from eh_interop.checks.record_report import RecordReport
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area, load_area

CHUNK: Final = 200
"""Records that go to a process at once."""
WAITING: Final = 3
"""Chunks for each process that are under way; more would only take memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to check: in a form that can be sent to another process.

    Attributes:
        area: the area, its name or its file; None for the area that each record names.
        as_of: the day on which to judge.
        engine: the engine for shape and completeness.
        fingerprints: give each finding what it is known by in the next run.
        key: what makes the hashes in summaries; None if records will not be compared.
        limit: how many records are compared; if there are more, none is. None for any number.
    """

    area: Area | str | None
    as_of: date
    engine: type[Engine] = CompiledEngine
    fingerprints: bool = False
    key: bytes | None = field(default=None, repr=False)
    limit: int | None = LIMIT

    def for_each(self) -> Iterator[Way]:
        """Yield the way for each record: beyond the limit nothing needs to be summed up."""
        without = replace(self, key=None)
        if self.limit is None:
            return repeat(self)
        return chain(repeat(self, self.limit), repeat(without))

    def check(self, raw: SourceRecord) -> RecordReport:
        """Check one record."""
        area = load_area(self.area) if isinstance(self.area, str) else self.area
        report = check_raw(raw, area=area, as_of=self.as_of, engine=self.engine)
        if self.fingerprints:
            report = with_fingerprints(report)
        return summed_up(report, self.key) if self.key else report


_Job = tuple[SourceRecord, bool, Way]
"""A record without its document, whether it had one, and how to check it."""

ENGINES: Final = ("compiled", "reference")


def engine_called(name: str) -> type[Engine]:
    """Return an engine by its name. The reference engine is imported only if it is wanted."""
    if name == "compiled":
        return CompiledEngine
    from eh_interop.checks.reference import ReferenceEngine  # noqa: PLC0415 (slow to import)

    return ReferenceEngine


def check_many(raws: Iterable[SourceRecord], way: Way, jobs: int = 1) -> Iterator[RecordReport]:
    """Check records one after the other, or in ``jobs`` processes.

    The reports come in the order of the records. From other processes they
    come without the record itself.
    """
    if jobs == 1:
        yield from (each.check(raw) for raw, each in zip(raws, way.for_each(), strict=False))
        return
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415 (slow to import)

    jobs_to_do = zip(raws, way.for_each(), strict=False)
    chunks = iter(partial(_chunk, jobs_to_do), [])
    under_way: deque[Future[list[RecordReport]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_leave_stopping_to_the_parent) as pool:
        for chunk in chunks:
            under_way.append(pool.submit(_check_chunk, chunk))
            if len(under_way) >= WAITING * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def new_key() -> bytes:
    """Return what makes the hashes of one call. Nobody can make them again without it."""
    return os.urandom(KEY_BYTES)


def with_across(reports: Iterable[RecordReport], way: Way) -> Iterator[RecordReport]:
    """Yield the reports, and after the last one what the records show together.

    Without a key in ``way`` nothing is compared and nothing is kept.
    """
    if way.key is None:
        yield from reports
        return
    batch = Batch(way.area, way.as_of, limit=way.limit, fingerprints=way.fingerprints)
    for report in reports:
        batch.add(report)
        yield report
    yield from batch.reports()


def _chunk(raws: Iterator[tuple[SourceRecord, Way]]) -> list[_Job]:
    return [_light(raw, way) for raw, way in islice(raws, CHUNK)]


def _light(raw: SourceRecord, way: Way) -> _Job:
    """Leave the document behind: reading its text again is quicker than sending it."""
    return replace(raw, document=None), raw.document is not None, way


def _whole(raw: SourceRecord, *, had_document: bool) -> SourceRecord:
    return replace(raw, document=orjson.loads(raw.text)) if had_document else raw


def _check_chunk(chunk: list[_Job]) -> list[RecordReport]:
    return [
        replace(way.check(_whole(raw, had_document=had_document)), document=None)
        for raw, had_document, way in chunk
    ]


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
