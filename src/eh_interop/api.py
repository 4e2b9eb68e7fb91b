"""The public Python API: functions that :mod:`eh_interop` gives under its own name.

The layers run in order: the source is read, then shape and completeness are
checked in one pass, then consistency. The area decides what applies and how
much it matters. Nothing here reads a terminal or a network, and a clock is
read only where the caller names no day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from eh_interop.checks.parallel import CheckOptions, check_many, new_key, with_across
from eh_interop.checks.record import check_record
from eh_interop.checks.record_report import RecordReport
from eh_interop.core.uk_time import uk_today
from eh_interop.protection import half_said_alone, traces
from eh_interop.reading import SourceRecord, read_record
from eh_interop.reading.whole_numbers import with_whole_numbers
from eh_interop.sources.formats import SourceOptions
from eh_interop.sources.opening import open_sources, reopen, understand
from eh_interop.standard.areas import Area, load_area


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
    source = understand(_source_record(record))
    return check_record(source, area=_chosen(area), as_of=as_of or uk_today(), more=half_said_alone)


def check_path(
    path: Path | str,
    *,
    area: Area | str | None = None,
    as_of: date | None = None,
    mapping: Path | str | None = None,
    statutory_return: str | None = None,
) -> Iterator[RecordReport]:
    """Check every record of a file or folder, one at a time.

    It may be anything that can become records: JSON, NDJSON, FHIR, tables of the standard, a pack,
    a partner's file or a statutory return. Memory does not grow with the file. See :func:`check`
    for the other arguments. A file that cannot be read gives a report that says so.

    Args:
        path: the file or folder.
        area: see :func:`check`.
        as_of: see :func:`check`.
        mapping: for a partner's file, the name of a shipped mapping or a mapping file.
        statutory_return: for a return, its name, such as ``annex-a``.

    Raises:
        AreaError: the area that you named does not exist or is broken.
        MappingError: the mapping does not exist or is broken.
        MissingExtraError: reading the file needs an extra that is not installed.
        StandardError: this installation is incomplete.
    """
    chosen, today = _chosen(area), as_of or uk_today()
    options = SourceOptions(str(mapping) if mapping else None, statutory_return)
    for record in open_sources([str(path)], options):
        yield check_record(record, area=chosen, as_of=today, more=half_said_alone)


def check_together(
    records: Iterable[Path | str | Mapping[str, Any]],
    *,
    area: Area | str | None = None,
    as_of: date | None = None,
) -> Iterator[RecordReport]:
    """Check records, and compare the records of each child with each other.

    After the reports on the single records come further ones, with ``across`` set: what other
    records show of a record, or why it was not compared. Of each record some hundred bytes are
    kept, and never a name, a number, an address or a date of birth.

    Args:
        records: files and folders, and records that you have parsed, in any mixture. A text
            is the name of a file.
        area: see :func:`check`.
        as_of: see :func:`check`.

    Raises:
        AreaError: the area that you named does not exist or is broken.
        StandardError: this installation is incomplete.
    """
    options = CheckOptions(
        area=_chosen(area),
        as_of=as_of or uk_today(),
        key=new_key(),
        limit=None,
        more=half_said_alone,
        trace=traces,
    )
    again = partial(reopen, SourceOptions())
    return with_across(check_many(_source_records(records), options), options, again)


def _source_records(records: Iterable[Path | str | Mapping[str, Any]]) -> Iterator[SourceRecord]:
    for record in records:
        if isinstance(record, Mapping):
            yield understand(_source_record(record))
        else:
            yield from open_sources([str(record)])


def _source_record(record: Mapping[str, Any] | bytes | str) -> SourceRecord:
    if isinstance(record, Mapping):
        if "resourceType" in record:
            return read_record(orjson.dumps(record), "")
        return SourceRecord(source="", document=with_whole_numbers(dict(record)))
    text = record.encode(errors="surrogatepass") if isinstance(record, str) else record
    return read_record(text, "")


def _chosen(area: Area | str | None) -> Area | None:
    return load_area(area) if isinstance(area, str) else area
