"""Checking many records, in one process or several, in the same order and with the same result."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Final

import orjson

from eh_interop.areas import load_area
from eh_interop.checking.across import KEY_BYTES, Batch, summed_up
from eh_interop.checking.fingerprints import with_fingerprints
from eh_interop.checking.record import check_raw
from eh_interop.checking.reports import RecordReport
from eh_interop.engine import CompiledEngine, Engine
from eh_interop.reading import Raw

CHUNK: Final = 200
"""Records that go to a process at once."""
WAITING: Final = 3
"""Chunks for each process that are under way; more would only take memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to check: in a form that can be sent to another process.

    Attributes:
        area: name or file of the area; None for the area that each record names.
        as_of: the day on which to judge.
        engine: the engine for shape and completeness.
        fingerprints: give each finding what it is known by in the next run.
        key: what makes the hashes in summaries; None if records will not be compared.
    """

    area: str | None
    as_of: date
    engine: type[Engine] = CompiledEngine
    fingerprints: bool = False
    key: bytes | None = field(default=None, repr=False)

    def check(self, raw: Raw) -> RecordReport:
        """Check one record."""
        area = load_area(self.area) if self.area else None
        report = check_raw(raw, area=area, as_of=self.as_of, engine=self.engine)
        if self.fingerprints:
            report = with_fingerprints(report)
        return summed_up(report, self.key) if self.key else report


ENGINES: Final = ("compiled", "reference")


def engine_called(name: str) -> type[Engine]:
    """Return an engine by its name. The reference engine is imported only if it is wanted."""
    if name == "compiled":
        return CompiledEngine
    from eh_interop.reference import ReferenceEngine  # noqa: PLC0415 (slow to import)

    return ReferenceEngine


def check_many(raws: Iterable[Raw], way: Way, jobs: int = 1) -> Iterator[RecordReport]:
    """Check records one after the other, or in ``jobs`` processes.

    The reports come in the order of the records. From other processes they
    come without the record itself.
    """
    if jobs == 1:
        yield from map(way.check, raws)
        return
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415 (slow to import)

    chunks = iter(partial(_chunk, iter(raws)), [])
    under_way: deque[Future[list[RecordReport]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_leave_stopping_to_the_parent) as pool:
        for chunk in chunks:
            under_way.append(pool.submit(_check_chunk, chunk, way))
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
    batch = Batch(way.area, way.as_of)
    for report in reports:
        batch.add(report)
        yield report
    if len(batch) > 1:
        yield from batch.reports()


def _chunk(raws: Iterator[Raw]) -> list[tuple[Raw, bool]]:
    return [_light(raw) for raw in islice(raws, CHUNK)]


def _light(raw: Raw) -> tuple[Raw, bool]:
    """Leave the document behind: reading its text again is quicker than sending it."""
    return replace(raw, document=None), raw.document is not None


def _whole(raw: Raw, *, had_document: bool) -> Raw:
    return replace(raw, document=orjson.loads(raw.text)) if had_document else raw


def _check_chunk(chunk: list[tuple[Raw, bool]], way: Way) -> list[RecordReport]:
    raws = (_whole(raw, had_document=had_document) for raw, had_document in chunk)
    return [replace(way.check(raw), document=None) for raw in raws]


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
