"""SARIF 2.1.0: what code scanners and editors read.

Results are written as records are checked. What is known only at the end (the
rules that were seen, the checks that were not run, the counts) follows them:
the order of names in a JSON object is free.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from eh_interop.checks.completeness import in_words
from eh_interop.checks.fingerprints import fingerprint
from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Finding, Layer, NotRun, Severity
from eh_interop.core.pointer import steps_of
from eh_interop.reports import words
from eh_interop.reports.writer import JsonListWriter, Run, Totals, dump

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FINGERPRINT: Final = "ehInteropFinding/v1"
_ACT_NOW: Final = Disposition.ACT_NOW.value


class SarifReport(JsonListWriter):
    """One SARIF log with one run. It remembers a line for each code, not for each finding."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._rules: dict[str, tuple[int, dict[str, Any]]] = {}
        self._not_run: Counter[NotRun] = Counter()

    def begin(self) -> Iterator[str]:
        """Open the list of results."""
        yield (
            f'{{"$schema":"{_SCHEMA}","version":"2.1.0",'
            '"runs":[{"columnKind":"unicodeCodePoints","results":['
        )

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one result for each finding; what to do now comes before them."""
        if words.leads(report):
            yield self._result(report, _what_leads(report))
        for finding in report.findings:
            yield self._result(report, finding)
        self._not_run.update(report.not_run)

    def _result(self, report: RecordReport, finding: Finding) -> str:
        if finding.code not in self._rules:
            self._rules[finding.code] = len(self._rules), _rule(finding)
        result = {
            "ruleId": finding.code,
            "ruleIndex": self._rules[finding.code][0],
            "level": _LEVELS[finding.severity],
            "message": {"text": words.format_message(finding)},
            "locations": [_location(report, finding)],
            **_related(finding),
            **_fingerprints(report, finding),
            "properties": _properties(report, finding),
            **_suppressions(finding),
        }
        return self._item(result)

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the rules that were seen, the checks that were not run, and the counts."""
        run = self._run
        name, _, version = run.tool.partition(" ")
        rules = [rule for _, rule in self._rules.values()]
        driver = {"name": name, "version": version, "rules": rules}
        invocation = {
            "executionSuccessful": not totals.faults,
            "toolExecutionNotifications": [
                _notification(skipped, count) for skipped, count in self._not_run.items()
            ],
        }
        properties = {
            "standardVersion": run.standard,
            "area": run.area,
            "asOf": run.as_of,
            "counts": totals.as_json(),
        }
        rest = {"tool": {"driver": driver}, "invocations": [invocation], "properties": properties}
        yield f"\n],{dump(rest)[1:-1]}}}]}}\n"


def _what_leads(report: RecordReport) -> Finding:
    """Put what to do now into the form of a result, so that it leads."""
    code = report.disposition.value
    text = words.act_now(report)
    return Finding(code, code, Layer.CONSISTENCY, Severity.WARNING, "", text)


def _rule(finding: Finding) -> dict[str, Any]:
    """Say what a code means. An area's own requirements are not in the catalogue."""
    from eh_interop.checks.catalogue import find  # noqa: PLC0415 (no other format needs it)

    stated = next((entry for entry in find(finding.code) if entry.code == finding.code), None)
    title = f"{stated.title if stated else in_words(finding.name)}."
    why = stated.why if stated else title
    return {
        "id": finding.code,
        "name": "".join(part.title() for part in finding.name.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": finding.ask or why},
        "properties": {"layer": finding.layer, "cites": finding.cites},
    }


def _location(report: RecordReport, finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if report.source:
        region = {"startLine": report.line}
        if finding.origin:
            line, column = words.line_and_column(report, finding.origin)
            region = {"startLine": line, "startColumn": column}
        artifact = {"uri": artifact_uri(report.source)}
        location["physicalLocation"] = {"artifactLocation": artifact, "region": region}
    if finding.place:
        last = steps_of(finding.place)[-1]
        kind = "object" if isinstance(last, int) else "property"
        logical = {"name": str(last), "fullyQualifiedName": finding.place, "kind": kind}
        location["logicalLocations"] = [logical]
    return location


def _related(finding: Finding) -> dict[str, Any]:
    """Name the other records that a finding rests on, as far as they came from files."""
    related = [
        {
            "id": number,
            "physicalLocation": {
                "artifactLocation": {"uri": artifact_uri(other.source)},
                "region": {"startLine": other.line},
            },
            "message": {"text": other.record_id or "Another record"},
        }
        for number, other in enumerate(finding.others)
        if other.source
    ]
    return {"relatedLocations": related} if related else {}


def artifact_uri(source: str) -> str:
    """Write a path as a URI reference; a relative path stays relative."""
    path = PurePath(source)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))


def _fingerprints(report: RecordReport, finding: Finding) -> dict[str, Any]:
    """Return what this finding is recognised by in the next run, as baselines do.

    A record without an id cannot be known again, so it has none: a scanner then
    makes its own from the line.
    """
    mark = finding.fingerprint
    about_the_whole = report.across or finding.code == _ACT_NOW
    if mark is None and about_the_whole and report.record_id is not None:
        mark = fingerprint(report.record_id, finding.code, finding.place)
    return {"partialFingerprints": {_FINGERPRINT: mark}} if mark else {}


def _properties(report: RecordReport, finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "layer": finding.layer,
        "cites": finding.cites,
        "disposition": report.disposition,
        **({"across": True} if report.across else {}),
        **({"ask": finding.ask} if finding.ask else {}),
        **({"origin": where} if (where := words.beyond_line(finding.origin)) else {}),
    }


def _suppressions(finding: Finding) -> dict[str, Any]:
    """Say that a finding is known or waived, so that a scanner does not raise it again."""
    waived = finding.waiver is not None and not finding.waiver.ended
    if not finding.known and not waived:
        return {}
    why = " ".join(words.annotations_of(finding))
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": why}]}


def _notification(skipped: NotRun, count: int) -> dict[str, Any]:
    heading = (
        f"{words.not_run_heading(skipped)} in {words.plural(count, 'record')}: {skipped.check}."
    )
    return {
        "descriptor": {"id": skipped.check},
        "level": "error" if skipped.fault else "note",
        "message": {"text": f"{heading} {skipped.why}"},
    }
