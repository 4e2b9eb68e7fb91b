"""Checking one record: what it is, the layers, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from eh_interop.checks.engine import CompiledEngine, Engine
from eh_interop.checks.fhir import from_fhir, is_fhir
from eh_interop.checks.layers import Found, check_layers, placed
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.sectors import sector_of
from eh_interop.checks.subject import area_of, standard_of, text_of
from eh_interop.core.findings import Disposition, Finding, NotRun, Severity
from eh_interop.core.pointer import Steps, join, split, steps_of
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.schemas import Standard


def check_raw(
    raw: SourceRecord, *, area: Area | None, as_of: date, engine: type[Engine] = CompiledEngine
) -> RecordReport:
    """Check one record as it was read. See :func:`eh_interop.check`."""
    if is_fhir(raw):
        raw = from_fhir(raw)
    used, unknown_area = (area, []) if area else area_of(raw.document)
    standard, unreadable = standard_of(raw.document)
    found: list[Found] = [(each, None) for each in (*unknown_area, *unreadable)]
    not_run: list[NotRun] = []
    if raw.document is not None and standard is not None:
        seen, not_run = check_layers(standard, used, raw.document, as_of, engine)
        found += seen
    findings = [*_reading(raw, standard), *placed(found, raw)]
    return _report(raw, used, findings, not_run, standard, as_of)


def _report(
    raw: SourceRecord,
    area: Area,
    found: list[Finding],
    not_run: list[NotRun],
    standard: Standard | None,
    as_of: date,
) -> RecordReport:
    document = raw.document
    readable = document is not None and standard is not None
    at_risk = document is not None and at_immediate_risk(document)
    judged = [waived(each, area, as_of) for each in found] if area.waivers else found
    findings = [never_blocking(each) for each in judged] if at_risk else judged
    return RecordReport(
        source=raw.source,
        line=raw.line,
        record_type=text_of(document, "recordType") if readable else None,
        record_id=text_of(document, "recordId"),
        area=area.key,
        area_title=area.title,
        disposition=disposition_of(findings, at_risk=at_risk, readable=readable),
        do_now=area.do_now if at_risk else (),
        findings=tuple(sorted(findings, key=by_place)),
        not_run=tuple(sorted(not_run)),
        sector=sector_of(document) if document is not None and readable else None,
        document=document,
    )


def at_immediate_risk(document: Mapping[str, Any]) -> bool:
    """Tell whether the record speaks of immediate risk.

    Whatever is there and is not a plain ``false`` counts: a wrongly written
    "yes" must not slow anybody down (G-063).
    """
    return document.get("immediateRisk", False) is not False


def waived(finding: Finding, area: Area, as_of: date) -> Finding:
    """Turn a finding with which the area lives into a note. It is never left out."""
    waiver = area.waivers.get(finding.code)
    if waiver is None:
        return finding
    if as_of > waiver.until:
        return replace(finding, waiver=replace(waiver, ended=True))
    return replace(finding, severity=Severity.INFO, waiver=waiver)


def never_blocking(finding: Finding) -> Finding:
    """Lower an error to a warning: nothing slows a record about immediate risk."""
    if finding.severity is Severity.ERROR:
        return replace(finding, severity=Severity.WARNING)
    return finding


def disposition_of(findings: Iterable[Finding], *, at_risk: bool, readable: bool) -> Disposition:
    """Say what to do with a record."""
    if at_risk:
        return Disposition.ACT_NOW
    if not readable:
        return Disposition.UNREADABLE
    gaps = any(finding.severity is not Severity.INFO for finding in findings)
    return Disposition.READY_WITH_GAPS if gaps else Disposition.READY


def by_place(finding: Finding) -> tuple[str, str]:
    """Sort findings by place, then code; the tenth entry of a list after the second."""
    steps = split(finding.place)
    return "/".join(step.zfill(8) if step.isdigit() else step for step in steps), finding.code


def _reading(raw: SourceRecord, standard: Standard | None) -> Iterator[Finding]:
    """Yield what was wrong with the source. A place may hold only names that the standard knows."""
    record_type = text_of(raw.document, "recordType")
    for finding in raw.findings:
        known: Steps = ()
        if standard is not None and record_type is not None:
            known = tuple(
                step for step, _, _ in standard.fields(record_type, steps_of(finding.place))
            )
        yield replace(finding, place=join(known))
