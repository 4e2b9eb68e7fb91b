"""One record from its JSON text: the document, and what was wrong with the text."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Any, Final

import orjson

from eh_interop.core.findings import Finding, Origin
from eh_interop.reading.faults import Fault, Unit
from eh_interop.reading.json_faults import diagnose, empty, losses
from eh_interop.reading.json_positions import locate
from eh_interop.reading.source_record import JsonLocator, SourceRecord, read_or_tell
from eh_interop.reading.whole_numbers import parse

MAX_RECORD_BYTES: Final = 32 * 1024 * 1024
"""The most that one record may take, in its file or on its line."""


def _source_record(
    source: str,
    line: int,
    document: dict[str, Any] | None,
    text: bytes,
    findings: Iterable[Finding],
) -> SourceRecord:
    return SourceRecord(
        source=source,
        position=Origin(line=line),
        document=document,
        text=text,
        findings=tuple(findings),
        locator=JsonLocator(text, line) if text else None,
    )


def read_record(data: bytes, source: str, *, line: int = 1, unit: Unit = "file") -> SourceRecord:
    """Read one record. Nothing that stands in ``data`` makes this raise.

    Where our own code fails, that is the finding.

    Args:
        data: JSON, as it stands in its source.
        source: what ``SourceRecord.source`` should be.
        line: the line of the source on which ``data`` begins.
        unit: what messages call it.
    """
    return read_or_tell(lambda: _read(data, source, line, unit), source, Origin(line=line))


def _read(data: bytes, source: str, line: int, unit: Unit) -> SourceRecord:
    if len(data) > MAX_RECORD_BYTES:
        return too_large(source, line)
    findings: list[Finding] = []
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
        findings.append(_byte_order_mark(line))
    try:
        document = parse(data)
    except orjson.JSONDecodeError:
        findings.append(diagnose(data, line, unit))
        return _source_record(source, line, None, data, findings)
    if not isinstance(document, dict):
        findings.append(_not_an_object(document, data, line))
        return _source_record(source, line, None, data, findings)
    findings.extend(losses(data, document, line))
    return _source_record(source, line, document, data, findings)


def nothing(source: str) -> SourceRecord:
    """Stand for the record of an empty file."""
    return _source_record(source, 1, None, b"", [empty()])


def too_large(source: str, line: int) -> SourceRecord:
    """Stand for a record of more than ``MAX_RECORD_BYTES``, whether it fills a file or a line."""
    megabytes = MAX_RECORD_BYTES // (1024 * 1024)
    message = f"The record is larger than {megabytes} MiB, which is the most that is read."
    return _source_record(
        source, line, None, b"", [Fault.TOO_LARGE.finding(message, Origin(line, 1))]
    )


def cannot_be_opened(source: str, line: int, error: Exception) -> SourceRecord:
    """Stand for what could not be read from ``line`` on; of ``error`` only the kind is told."""
    finding = Fault.CANNOT_BE_OPENED.finding(_why_not_opened(error))
    return _source_record(source, line, None, b"", [finding])


def _why_not_opened(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "The file is not there: it may have been moved or deleted."
        case IsADirectoryError():
            return "This is a folder, not a file."
        case PermissionError():
            return "You do not have permission to read this file."
        case _:
            return "The file cannot be opened, or cannot be read to its end."


def _byte_order_mark(line: int) -> Finding:
    message = "A byte order mark stands before the record. It was skipped."
    return Fault.BYTE_ORDER_MARK.finding(message, Origin(line, 1))


def _not_an_object(document: object, data: bytes, line: int) -> Finding:
    if isinstance(document, list):
        message = "This is a list, not a record: put one record on each line (NDJSON)."
    else:
        message = f"This is {_kind(document)}, not a record: a record is a JSON object."
    origin = locate(data.decode(), [()], first_line=line)[()]
    return Fault.NOT_AN_OBJECT.finding(message, origin)


def _kind(document: object) -> str:
    match document:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case _:
            return "a number"
