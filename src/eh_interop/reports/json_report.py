"""JSON and NDJSON: the report for machines. Its own schema is ``report.schema.json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Finding, Origin
from eh_interop.reports.totals import Totals
from eh_interop.reports.words import encodable
from eh_interop.reports.writer import Run


def _finding(finding: Finding) -> dict[str, Any]:
    origin, waiver = finding.origin, finding.waiver
    told: dict[str, Any] = {"known": True} if finding.known else {}
    if finding.others:
        told["others"] = [
            {"source": encodable(other.source), "line": other.line, "recordId": other.record_id}
            for other in finding.others
        ]
    if waiver:
        told["waiver"] = {"why": waiver.why, "until": waiver.until, "ended": waiver.ended}
    return {
        "code": finding.code,
        "name": finding.name,
        "layer": finding.layer,
        "severity": finding.severity,
        "place": finding.place,
        "origin": _origin(origin) if origin else None,
        "message": finding.message,
        "cites": finding.cites,
        **told,
    }


def _origin(origin: Origin) -> dict[str, Any]:
    told = {"line": origin.line, "column": origin.column}
    return {**told, "path": encodable(origin.path)} if origin.path else told


def _record(report: RecordReport) -> dict[str, Any]:
    return {
        "source": encodable(report.source),
        "line": report.line,
        "recordType": report.record_type,
        "recordId": report.record_id,
        "area": report.area,
        "disposition": report.disposition,
        "doNow": report.do_now,
        "asks": [
            {"code": ask.code, "place": ask.place, "question": ask.ask} for ask in report.asks
        ],
        "findings": [_finding(finding) for finding in report.findings],
        "notRun": [
            {"check": each.check, "why": each.why, "fault": each.fault} for each in report.not_run
        ],
        **({"across": True} if report.across else {}),
    }


def _dump(value: object) -> str:
    return orjson.dumps(value).decode()


class JsonReport:
    """One JSON document, with one record a line so that two reports can be compared."""

    def __init__(self, run: Run) -> None:
        """Keep the facts about the run."""
        self._run = run
        self._between = "\n"

    def begin(self) -> Iterator[str]:
        """Yield the facts about the run and open the list of records."""
        run = self._run
        head = {
            "tool": run.tool,
            "standardVersion": run.standard,
            "area": run.area,
            "asOf": run.as_of,
        }
        yield f'{_dump(head)[:-1]},"records":['

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one record."""
        yield self._between + _dump(_record(report))
        self._between = ",\n"

    def end(self, totals: Totals) -> Iterator[str]:
        """Close the list and yield the counts."""
        rest: dict[str, Any] = {"counts": totals.as_json()}
        if totals.has_baseline:
            rest["baseline"] = {
                "expired": [each.as_json() for each in totals.expired],
                "stale": [each.as_json() for each in totals.stale],
            }
        yield f"\n],{_dump(rest)[1:-1]}}}\n"


class NdjsonReport:
    """One JSON object a line, one line a record; no head and no counts."""

    def __init__(self, run: Run) -> None:
        """Take the facts about the run, which this format does not print."""
        del run

    def begin(self) -> Iterator[str]:
        """Yield nothing."""
        yield from ()

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one line."""
        yield f"{_dump(_record(report))}\n"

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield nothing."""
        del totals
        yield from ()
