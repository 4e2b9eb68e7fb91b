"""Checking many records, in one process or several, in the same order and with the same result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import partial
from itertools import chain, repeat
from typing import Final

from eh_interop.checks.across.summarise import Trace
from eh_interop.checks.comparing import KEY_BYTES, LIMIT, Batch, Reopen, reopen_json, with_summary
from eh_interop.checks.engine import CompiledEngine, Engine
from eh_interop.checks.fingerprints import with_fingerprints
from eh_interop.checks.record import More, check_record
from eh_interop.checks.record_report import RecordReport
from eh_interop.core.fence import fenced
from eh_interop.core.parallel import map_in_order
from eh_interop.reading import Fault, SourceRecord
from eh_interop.standard.areas import Area, load_area

CHUNK: Final = 200
"""Records that go to a process at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """How to check: in a form that can be sent to another process.

    Attributes:
        area: the area, its name or its file; None for the area that each record names.
        as_of: the day on which to judge.
        at: the time of that day, for whom to ring now; None if it is not known.
        engine: the engine for shape and completeness.
        fingerprints: give each finding what it is known by in the next run.
        key: what makes the hashes in summaries; None if records will not be compared.
        more: finds more in each record; it goes to other processes by its name.
        trace: finds what each protects, so that this is compared too; it goes by its name as well.
        limit: how many records are compared; if there are more, none is. None for any number.
    """

    area: Area | str | None
    as_of: date
    at: time | None = None
    engine: type[Engine] = CompiledEngine
    fingerprints: bool = False
    key: bytes | None = field(default=None, repr=False)
    more: More | None = None
    trace: Trace | None = None
    limit: int | None = LIMIT

    def options_per_record(self) -> Iterator[CheckOptions]:
        """Yield the options for each record: beyond the limit no summary is needed."""
        without = replace(self, key=None)
        if self.limit is None:
            return repeat(self)
        return chain(repeat(self, self.limit), repeat(without))

    def check(self, record: SourceRecord) -> RecordReport:
        """Check one record."""
        area = load_area(self.area) if isinstance(self.area, str) else self.area
        report = check_record(
            record,
            area=area,
            as_of=self.as_of,
            at=self.at,
            engine=self.engine,
            more=self.more,
        )
        failed: list[str] = []
        with fenced(failed.append):
            if self.fingerprints:
                report = with_fingerprints(report)
            return with_summary(report, self.key, self.trace) if self.key else report
        return replace(report, findings=(*report.findings, *map(Fault.OURS.finding, failed)))


ENGINES: Final = ("compiled", "reference")


def engine_called(name: str) -> type[Engine]:
    """Return an engine by its name. The reference engine is imported only if it is wanted."""
    if name == "compiled":
        return CompiledEngine
    from eh_interop.checks.reference import ReferenceEngine  # noqa: PLC0415 (slow to import)

    return ReferenceEngine


def check_many(
    records: Iterable[SourceRecord],
    options: CheckOptions,
    jobs: int = 1,
    understand: Callable[[SourceRecord], SourceRecord] | None = None,
) -> Iterator[RecordReport]:
    """Check records one after the other, or in ``jobs`` processes.

    The reports come in the order of the records. From other processes they come without the
    record itself.

    Args:
        records: the records.
        options: how to check them.
        jobs: how many processes.
        understand: turns what stands in a source into a record of the standard. It is done where
            the check is done: in the other processes, if there are any.
    """
    pairs = zip(records, options.options_per_record(), strict=False)
    check = partial(_check, understand, keep_document=jobs == 1)
    yield from map_in_order(check, pairs, jobs, chunk=CHUNK)


def _check(
    understand: Callable[[SourceRecord], SourceRecord] | None,
    pair: tuple[SourceRecord, CheckOptions],
    *,
    keep_document: bool,
) -> RecordReport:
    record, options = pair
    report = options.check(understand(record) if understand else record)
    return report if keep_document else replace(report, document=None)


def new_key() -> bytes:
    """Return what makes the hashes of one call. Nobody can make them again without it."""
    return os.urandom(KEY_BYTES)


def with_across(
    reports: Iterable[RecordReport], options: CheckOptions, reopen: Reopen = reopen_json
) -> Iterator[RecordReport]:
    """Yield the reports, and after the last one what the records show together.

    Without a key in ``options`` nothing is compared and nothing is kept. ``reopen`` reads a
    source once more, so that what the records show together has an origin.
    """
    if options.key is None:
        yield from reports
        return
    batch = Batch(
        options.area,
        options.as_of,
        at=options.at,
        limit=options.limit,
        fingerprints=options.fingerprints,
        reopen=reopen,
    )
    for report in reports:
        batch.add(report)
        yield report
    yield from batch.reports()
