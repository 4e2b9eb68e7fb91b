"""Where findings across records stand: the few files concerned are read once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from eh_interop.checks.layers import placed
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import text_of
from eh_interop.reading import SourceRecord, read_path

_NOT_A_FILE: Final = frozenset({"", "-"})


def with_origins(reports: Iterable[RecordReport]) -> Iterator[RecordReport]:
    """Give the findings the line and column of their place, in the order of the reports.

    When all records have been read, their texts are gone, so each file with findings is read again
    up to the last of them. What cannot be read twice, or has changed, gives no origin.
    """
    for source, group in groupby(reports, key=lambda each: each.source):
        together = list(group)
        wanted = {each.line: each for each in together if each.findings}
        found = dict(_read_again(source, wanted)) if wanted and _is_file(source) else {}
        for report in together:
            yield found.get(report.line, report) if report.findings else report


def _is_file(source: str) -> bool:
    try:
        return source not in _NOT_A_FILE and Path(source).is_file()
    except (OSError, ValueError):
        return False


def _read_again(source: str, wanted: dict[int, RecordReport]) -> Iterator[tuple[int, RecordReport]]:
    last = max(wanted)
    for raw in read_path(Path(source), source):
        if raw.line > last:
            return
        report = wanted.get(raw.line)
        if report is not None and _is_the_same(raw, report):
            pairs = [(finding, None) for finding in report.findings]
            yield raw.line, replace(report, findings=tuple(placed(pairs, raw)))


def _is_the_same(raw: SourceRecord, report: RecordReport) -> bool:
    document = raw.document
    return document is not None and text_of(document, "recordId") == report.record_id
