"""One record from its JSON text: the document, and what was wrong with the text."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading.diagnosis import diagnose, empty
from eh_interop.reading.faults import Fault, Unit
from eh_interop.reading.losses import losses
from eh_interop.reading.positions import locate, locate_keys

MAX_RECORD_BYTES: Final = 32 * 1024 * 1024
"""The most that one record may take, in its file or on its line."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as it stood in its source. Its ``repr`` shows nothing of the record.

    Attributes:
        source: where it came from: ``folder/file.json``, or ``-`` for standard input.
        line: the line of the source on which ``text`` begins, from 1.
        document: what was read; nothing, if it could not be.
        text: its JSON in UTF-8, without byte order mark; empty if it was too large or not there.
        findings: what was wrong with the source, all of layer ``READING``.
    """

    source: str
    line: int
    document: dict[str, Any] | None = field(repr=False)
    text: bytes = field(repr=False)
    findings: tuple[Finding, ...]

    def origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where values stand in the source, as :func:`~.positions.locate` does.

        Empty if there is no document.
        """
        if self.document is None:
            return {}
        return locate(self.text.decode(), places, first_line=self.line)

    def key_origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where property names stand in the source, as :func:`~.positions.locate_keys` does.

        Empty if there is no document.
        """
        if self.document is None:
            return {}
        return locate_keys(self.text.decode(), places, first_line=self.line)


def read_record(data: bytes, source: str, *, line: int = 1, unit: Unit = "file") -> Raw:
    """Read one record. Nothing that stands in ``data`` makes this raise.

    Args:
        data: JSON, as it stands in its source.
        source: what ``Raw.source`` should be.
        line: the line of the source on which ``data`` begins.
        unit: what messages call it.
    """
    if len(data) > MAX_RECORD_BYTES:
        return too_large(source, line)
    found: list[Finding] = []
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
        found.append(_byte_order_mark(line))
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        found.append(diagnose(data, line, unit))
        return Raw(source, line, None, data, tuple(found))
    if not isinstance(document, dict):
        found.append(_not_an_object(document, data, line))
        return Raw(source, line, None, data, tuple(found))
    found.extend(losses(data, document, line))
    return Raw(source, line, document, data, tuple(found))


def nothing(source: str) -> Raw:
    """Stand for the record of an empty file."""
    return Raw(source, 1, None, b"", (empty(),))


def too_large(source: str, line: int) -> Raw:
    """Stand for a record of more than ``MAX_RECORD_BYTES``, whether it fills a file or a line."""
    megabytes = MAX_RECORD_BYTES // (1024 * 1024)
    message = f"The record is larger than {megabytes} MiB, which is the most that is read."
    return Raw(source, line, None, b"", (Fault.TOO_LARGE.finding(message, Origin(line, 1)),))


def cannot_be_opened(source: str, line: int, error: Exception) -> Raw:
    """Stand for what could not be read from ``line`` on; of ``error`` only the kind is told."""
    finding = Fault.CANNOT_BE_OPENED.finding(_why_not_opened(error))
    return Raw(source, line, None, b"", (finding,))


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
