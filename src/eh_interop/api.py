"""Checking: one record in, one report on it out.

The layers run in order: the source is read, then shape and completeness are
checked in one pass, then consistency. The area decides what applies and how
much it matters. Nothing here reads a terminal or a network, and a clock is
read only where the caller names no day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from eh_interop.checks.comparing import LIMIT
from eh_interop.checks.parallel import (
    ENGINES,
    Way,
    check_many,
    engine_called,
    new_key,
    with_across,
)
from eh_interop.checks.record import check_raw
from eh_interop.checks.record_report import RecordReport
from eh_interop.reading import SourceRecord, read_path, read_record
from eh_interop.standard.areas import Area, load_area

__all__ = [
    "ENGINES",
    "LIMIT",
    "RecordReport",
    "Way",
    "check",
    "check_many",
    "check_path",
    "check_raw",
    "check_together",
    "engine_called",
    "new_key",
    "with_across",
]


def check(
    record: Mapping[str, Any] | bytes | str,
    *,
    area: Area | str | None = None,
    as_of: date | None = None,
) -> RecordReport:
    """Check one record.

    Args:
        record: a parsed record, or the JSON text of one. Only text gives lines and columns.
        area: whose guidance to use. By default the area that the record names, or ``england``.
        as_of: the day on which to judge what is overdue or in the future.
            By default the day of the call.

    Returns:
        The report. A record that cannot be read gives a report, not an exception.

    Raises:
        AreaError: the area that you named does not exist or is broken.
        StandardError: this installation is incomplete.
    """
    if isinstance(record, Mapping):
        raw = _parsed(record)
    else:
        text = record.encode(errors="surrogatepass") if isinstance(record, str) else record
        raw = read_record(text, "")
    return check_raw(raw, area=_chosen(area), as_of=as_of or _today())


def check_path(
    path: Path | str, *, area: Area | str | None = None, as_of: date | None = None
) -> Iterator[RecordReport]:
    """Check every record of a JSON or NDJSON file, one at a time.

    Memory does not grow with the file. See :func:`check` for the arguments. A
    file that cannot be read gives a report that says so.

    Raises:
        AreaError: the area that you named does not exist or is broken.
        StandardError: this installation is incomplete.
    """
    chosen, today = _chosen(area), as_of or _today()
    for raw in read_path(Path(path), str(path)):
        yield check_raw(raw, area=chosen, as_of=today)


def check_together(
    records: Iterable[Path | str | Mapping[str, Any]],
    *,
    area: Area | str | None = None,
    as_of: date | None = None,
) -> Iterator[RecordReport]:
    """Check records, and compare the records of each child with each other.

    After the reports on the single records come further ones, with ``across`` set: what other
    records show of a record, or why it was not compared. Of each record less than 500 bytes are
    kept, and never a name, a number or a date of birth.

    Args:
        records: files of JSON or NDJSON, and records that you have parsed, in any mixture. A text
            is the name of a file.
        area: see :func:`check`.
        as_of: see :func:`check`.

    Raises:
        AreaError: the area that you named does not exist or is broken.
        StandardError: this installation is incomplete.
    """
    way = Way(area=_chosen(area), as_of=as_of or _today(), key=new_key(), limit=None)
    return with_across(check_many(_raws(records), way), way)


def _raws(records: Iterable[Path | str | Mapping[str, Any]]) -> Iterator[SourceRecord]:
    for record in records:
        if isinstance(record, Mapping):
            yield _parsed(record)
        else:
            yield from read_path(Path(record), str(record))


def _parsed(record: Mapping[str, Any]) -> SourceRecord:
    return SourceRecord(source="", document=dict(record))


def _chosen(area: Area | str | None) -> Area | None:
    return load_area(area) if isinstance(area, str) else area


def _today() -> date:
    return datetime.now().astimezone().date()
