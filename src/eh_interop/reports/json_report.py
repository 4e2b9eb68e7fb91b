"""JSON and NDJSON: the report for machines. Its own schema is ``report.schema.json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Finding, Origin
from eh_interop.reading.source_record import FormReading, ReadPlace
from eh_interop.reports.form_words import may_stand_in, values
from eh_interop.reports.words import encodable, line_and_column
from eh_interop.reports.writer import JsonListWriter, Totals, Writer, dump


def _finding(report: RecordReport, finding: Finding) -> dict[str, Any]:
    origin, waiver = finding.origin, finding.waiver
    more: dict[str, Any] = {"known": True} if finding.known else {}
    if finding.others:
        more["others"] = [
            {"source": encodable(other.source), "line": other.line, "recordId": other.record_id}
            for other in finding.others
        ]
    if waiver:
        more["waiver"] = {"why": waiver.why, "until": waiver.until, "ended": waiver.ended}
    return {
        "code": finding.code,
        "name": finding.name,
        "layer": finding.layer,
        "severity": finding.severity,
        "place": finding.place,
        "origin": _origin(report, origin) if origin else None,
        "message": finding.message,
        "cites": finding.cites,
        **more,
    }


def _origin(report: RecordReport, origin: Origin) -> dict[str, Any]:
    """Write every part that is known. Line and column are always there: of a table the row."""
    line, column = line_and_column(report, origin)
    parts = origin.as_json() | {"line": line, "column": column}
    return {
        name: encodable(value) if isinstance(value, str) else value for name, value in parts.items()
    }


def _record(report: RecordReport) -> dict[str, Any]:
    return {
        "source": encodable(report.source),
        "line": report.line,
        "recordType": report.record_type,
        "recordId": report.record_id,
        "area": report.area,
        "disposition": report.disposition,
        "doNow": report.do_now,
        "asks": [_ask(report, ask) for ask in report.asks],
        "findings": [_finding(report, finding) for finding in report.findings],
        "notRun": [
            {"check": skipped.check, "why": skipped.why, "fault": skipped.fault}
            for skipped in report.not_run
        ],
        **({"form": _form(report, report.form)} if report.form else {}),
        **({"across": True} if report.across else {}),
        **({"insteadOf": report.instead_of} if report.instead_of else {}),
    }


def _ask(report: RecordReport, ask: Finding) -> dict[str, Any]:
    unread = [_origin(report, origin) for origin in may_stand_in(report, ask)]
    more: dict[str, Any] = {"unread": unread} if unread else {}
    return {"code": ask.code, "place": ask.place, "question": ask.ask, **more}


def _form(report: RecordReport, form: FormReading) -> dict[str, Any]:
    def read(one: ReadPlace) -> dict[str, Any]:
        return {"place": one.place, "origin": _origin(report, one.origin)}

    return {
        "kind": form.kind,
        "labels": form.labels,
        "known": form.known,
        "read": [read(one) for one in values(form)],
        "unread": [read(one) for one in form.unread],
    }


class JsonReport(JsonListWriter):
    """One JSON document, with one record a line so that two reports can be compared."""

    def begin(self) -> Iterator[str]:
        """Yield the facts about the run and open the list of records."""
        run = self._run
        head = {
            "tool": run.tool,
            "standardVersion": run.standard,
            "area": run.area,
            "asOf": run.as_of,
        }
        yield f'{dump(head)[:-1]},"records":['

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one record."""
        yield self._item(_record(report))

    def end(self, totals: Totals) -> Iterator[str]:
        """Close the list and yield the counts."""
        rest: dict[str, Any] = {"counts": totals.as_json()}
        if totals.has_baseline:
            rest["baseline"] = {
                "expired": [entry.as_json() for entry in totals.expired],
                "stale": [entry.as_json() for entry in totals.stale],
            }
        yield f"\n],{dump(rest)[1:-1]}}}\n"


class NdjsonReport(Writer):
    """One JSON object a line, one line a record; no head and no counts."""

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one line."""
        yield f"{dump(_record(report))}\n"
