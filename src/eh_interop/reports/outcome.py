"""A FHIR R4 OperationOutcome: one for the run, an issue for each finding."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from eh_interop.checks.completeness import in_words
from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Finding, NotRun, Severity
from eh_interop.core.pointer import Step, steps_of
from eh_interop.reports import words
from eh_interop.reports.writer import JsonListWriter, Run, Totals
from eh_interop.standard.schemas import BASE

Issue = dict[str, Any]

SYSTEM: Final = f"{BASE}CodeSystem/finding"
DISPOSITION: Final = f"{BASE}CodeSystem/disposition"
_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/operationoutcome-"
_SEVERITIES: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "information",
}
_DATA: Final = tomllib.loads(Path(__file__).with_name("outcome.toml").read_text("utf-8"))
_TYPES: Final[dict[str, str]] = _DATA["layers"]
"""The issue type of a layer; ``_TYPES_BY_NAME`` knows better for some findings."""
_TYPES_BY_NAME: Final[dict[str, str]] = _DATA["names"]
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class OutcomeReport(JsonListWriter):
    """One OperationOutcome in JSON, with one issue a line."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._has_found = False

    def begin(self) -> Iterator[str]:
        """Open the list of issues."""
        yield '{"resourceType":"OperationOutcome","issue":['

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one issue for each finding; what to do now comes before them."""
        if words.leads(report):
            self._has_found = True
            yield self._item(_what_leads(report))
        for finding in report.findings:
            self._has_found = True
            yield self._item(_issue(report, finding))
        for skipped in report.not_run:
            yield self._item(_not_run(report, skipped))

    def end(self, totals: Totals) -> Iterator[str]:
        """Close the list. An OperationOutcome needs an issue, so "all ok" is one."""
        if not self._has_found:
            yield self._item(_plain("information", "informational", _nothing_found(totals)))
        yield "\n]}\n"


def _nothing_found(totals: Totals) -> str:
    if not totals.records:
        return "Nothing was checked."
    if totals.left_out:
        return f"Nothing else was found. {words.left_out(totals)}"
    return "All OK: nothing is missing that the area asks for."


def _plain(severity: str, kind: str, text: str) -> Issue:
    return {"severity": severity, "code": kind, "details": {"text": text}}


def _issue(report: RecordReport, finding: Finding) -> Issue:
    coding = {"system": SYSTEM, "code": finding.code, "display": in_words(finding.name)}
    kind = _TYPES_BY_NAME.get(finding.name, _TYPES[finding.layer])
    issue: Issue = {
        **_located(report, finding),
        "severity": _SEVERITIES[finding.severity],
        "code": kind,
        "details": {"coding": [coding], "text": words.format_message(finding)},
        "diagnostics": _diagnostics(report, finding),
    }
    path = finding.origin.path if finding.origin else ""
    if path and not path.startswith("/"):  # FHIRPath, and not XPath or JSON Pointer
        issue["expression"] = [words.encodable(path)]
    elif finding.place:
        issue["expression"] = [expression(steps_of(finding.place))]
    return issue


def _what_leads(report: RecordReport) -> Issue:
    """Say what to do now. It is a warning, because many systems hide what is only information."""
    display = report.disposition.replace("-", " ").capitalize()
    coding = {"system": DISPOSITION, "code": report.disposition, "display": display}
    issue = _plain("warning", "informational", words.act_now(report))
    issue["details"] = {"coding": [coding], **issue["details"]}
    return {**_located(report), **issue}


def _not_run(report: RecordReport, skipped: NotRun) -> Issue:
    kind = ("warning", "exception") if skipped.fault else ("information", "informational")
    text = f"{words.not_run_heading(skipped)}: {skipped.check}. {skipped.why}"
    return {**_located(report), **_plain(*kind, text)}


def _located(report: RecordReport, finding: Finding | None = None) -> Issue:
    """Say where in which file, and which layer saw it, as HL7's own extensions do."""
    line, column = words.line_and_column(report, finding.origin if finding else None)
    extensions: list[dict[str, Any]] = []
    if report.source:
        extensions.append(_extension("file", "valueString", words.printable(report.source)))
    extensions.append(_extension("issue-line", "valueInteger", line))
    if finding and finding.origin:
        extensions.append(_extension("issue-col", "valueInteger", column))
    if finding:
        extensions.append(_extension("issue-source", "valueString", finding.layer))
    return {"extension": extensions}


def _extension(name: str, kind: str, value: str | int) -> dict[str, Any]:
    return {"url": _EXTENSION + name, kind: value}


def _diagnostics(report: RecordReport, finding: Finding) -> str:
    beyond = words.beyond_line(finding.origin)
    parts = [
        words.ACROSS if report.across else "",
        f"Record: {report.record_id}" if report.record_id else "",
        f"Place: {finding.place or '/'}",
        f"Found at: {beyond}" if beyond else "",
        f"Guidance: {', '.join(finding.cites)}" if finding.cites else "",
        f"Ask: {finding.ask}" if finding.ask else "",
    ]
    return "; ".join(filter(None, parts))


def expression(steps: tuple[Step, ...]) -> str:
    """Write a place as a simple FHIRPath: ``children[0].dateOfBirth``."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step if _IDENTIFIER.fullmatch(step) else f'`{step}`'}"
    return path.removeprefix(".")
