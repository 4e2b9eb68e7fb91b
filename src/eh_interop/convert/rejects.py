"""Rows that could not be converted, in the partner's own columns, each with the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import count, zip_longest
from typing import Final

from eh_interop.convert.running import ConversionResult
from eh_interop.convert.staging import Staging
from eh_interop.core.csv_injection import escape
from eh_interop.core.findings import Finding, Severity
from eh_interop.formats.partners.table_source import REASONS
from eh_interop.reading.source_record import REJECTS

WHOLE: Final = "Record"
"""The heading of the only other column if the partner's file has none, as in XML."""


def csv_row(cells: Iterable[str]) -> bytes:
    """Write one row of CSV (RFC 4180, UTF-8) that is safe to open in a spreadsheet."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([escape(cell) if cell else "" for cell in cells])
    return text.getvalue().encode()


class Rejects:
    """The files that go back to partners: one for each row of headings among the sources."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._names: dict[bytes, str] = {}

    def add(self, result: ConversionResult) -> None:
        """Add the rows of a record that was not converted."""
        if result.original is None:
            return
        headings = result.original.headings or (WHOLE,)
        name = self._file(csv_row((*headings, REASONS)))
        for row in result.original.rows:
            cells = _with_reasons(row, len(headings), result.findings)
            self._staging.append(name, csv_row(cells))

    def _file(self, header: bytes) -> str:
        if header not in self._names:
            self._names[header] = self._with_header(header)
        return self._names[header]

    def _with_header(self, header: bytes) -> str:
        """Find the file with these headings, or begin it. An earlier run may have begun it."""
        names = (f"{REJECTS}{f'-{number}' if number > 1 else ''}.csv" for number in count(1))
        free_or_same = (b"", header)
        name = next(name for name in names if self._staging.head(name, len(header)) in free_or_same)
        if not self._staging.head(name, 1):
            self._staging.append(name, header)
        return name


def _with_reasons(row: tuple[str, ...], width: int, findings: Iterable[Finding]) -> Iterator[str]:
    """Put the reasons below their heading. Cells beyond the headings come after them."""
    own, beyond = row[:width], row[width:]
    yield from (cell or "" for cell, _ in zip_longest(own, range(width)))
    yield _reasons(tuple(findings))
    yield from beyond


def _reasons(findings: tuple[Finding, ...]) -> str:
    """Say why, with the column; what does not keep the row back is not said."""
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    reasons = (
        f"{finding.code} ({finding.origin}): {finding.message}"
        if finding.origin and str(finding.origin)
        else f"{finding.code}: {finding.message}"
        for finding in errors or findings
    )
    return " ".join(dict.fromkeys(reasons))
