"""A fence around the reading of one record: what our own code cannot read is a record that says so.

The other records of the file are read.
"""

from __future__ import annotations

from collections.abc import Callable

from eh_interop.core.fence import fenced
from eh_interop.core.findings import Origin
from eh_interop.reading.faults import Fault
from eh_interop.reading.source_record import BEGINNING, OriginalRows, SourceRecord


def read_or_tell(
    read: Callable[[], SourceRecord],
    source: str,
    position: Origin = BEGINNING,
    original: Callable[[], OriginalRows] | None = None,
) -> SourceRecord:
    """Read one record. If our own code fails, return one without a document that says so.

    Args:
        read: reads it.
        source: what it comes from.
        position: where it begins.
        original: gives the rows of somebody else's table that it was to be made of.
    """
    failed: list[str] = []
    with fenced(failed.append):
        return read()
    return failed_record(source, position, *failed, original=original() if original else None)


def failed_record(
    source: str, position: Origin, why: str, *, original: OriginalRows | None = None
) -> SourceRecord:
    """Return what stands for a record that our own code could not read; ``why`` says where."""
    return SourceRecord(
        source=source,
        position=position,
        document=None,
        findings=(Fault.OURS.finding(why, position),),
        original=original,
    )
