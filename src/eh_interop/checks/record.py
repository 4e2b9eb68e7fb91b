"""Checking one record: what it is, the layers, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, time
from typing import Final

from eh_interop.checks.engine import CompiledEngine, Engine
from eh_interop.checks.front_door import whom_to_ring
from eh_interop.checks.law import under_the_law
from eh_interop.checks.layers import LayerResult, check_layers, locate_findings
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import (
    AT_RISK,
    area_of,
    leaves_risk_open,
    safe_id,
    sector_of,
    speaks_of_immediate_risk,
    standard_of,
)
from eh_interop.core.fence import fenced
from eh_interop.core.findings import Disposition, Finding, Layer, NotRun, Severity
from eh_interop.core.pointer import Steps, join, split, steps_of
from eh_interop.reading import Fault, SourceRecord
from eh_interop.standard.areas import NEUTRAL, Area, load_area
from eh_interop.standard.schemas import Standard

MORE: Final = "PRT-000"
"""What is listed as not run if the check of what is half said failed."""
ASK_FIRST: Final = (
    "It does not say whether anybody is at immediate risk: find out before anything else."
)
"""What to do first with a record that leaves the question open."""


More = Callable[[SourceRecord], Iterable[Finding]]
"""Finds more in a record: a check of a room above this one."""


def check_record(
    raw: SourceRecord,
    *,
    area: Area | None,
    as_of: date,
    at: time | None = None,
    engine: type[Engine] = CompiledEngine,
    more: More | None = None,
) -> RecordReport:
    """Check one record as it was read. See :func:`eh_interop.check`.

    Nothing that stands in it makes this raise: where our own code fails, the report says so.

    Args:
        raw: the record.
        area: whose guidance to use; None for the area that the record names.
        as_of: the day on which to judge.
        at: the time of that day, for whom to ring now; None if it is not known.
        engine: the engine for shape and completeness.
        more: finds more in it.
    """
    failed: list[str] = []
    with fenced(failed.append):
        return _checked(raw, area, as_of, at, engine, more)
    return faulty_report(raw, failed, area, as_of, at)


def _checked(
    raw: SourceRecord,
    area: Area | None,
    as_of: date,
    at: time | None,
    engine: type[Engine],
    more: More | None,
) -> RecordReport:
    used, unknown_area = (area, []) if area else area_of(raw.document)
    standard, unreadable = standard_of(raw.document)
    result, failed = LayerResult(), list[str]()
    if raw.document is not None and standard is not None:
        result = check_layers(standard, used, raw.document, as_of, engine)
        failed += result.faults
    added, faults = _added(raw, used, more if standard is not None else None)
    unlocated = (*unknown_area, *unreadable, *result.findings, *added)
    located: list[Finding] = list(unlocated)
    with fenced(failed.append):
        located = list(locate_findings(unlocated, raw, result.key_places))
    findings = [*_reading(raw, standard), *located, *map(Fault.OURS.finding, failed)]
    return _report(raw, used, findings, [*result.not_run, *faults], standard, (as_of, at))


def faulty_report(
    raw: SourceRecord, failed: Iterable[str], area: Area | None, as_of: date, at: time | None
) -> RecordReport:
    """Report on a record with which our own code failed. It is never calmer for that.

    Args:
        raw: the record.
        failed: sentences that say where our code failed.
        area: whose guidance was to be used; None for the neutral one.
        as_of: the day on which to judge.
        at: the time of that day; None if it is not known.
    """
    used = area or load_area(NEUTRAL)
    at_risk = _at_risk(raw)
    # Where our code failed, nobody has looked whether a place holds a name: none is told.
    safe = [replace(finding, place="") for finding in raw.findings]
    safe += map(Fault.OURS.finding, failed)
    return RecordReport(
        source=raw.source,
        line=raw.line,
        record_type=None,
        record_id=safe_id(raw.document, "recordId"),
        area=used.key,
        area_title=used.title,
        disposition=disposition_of((), at_risk=at_risk, readable=False),
        do_now=what_to_do_now(used, as_of, at, at_risk=at_risk, risk_open=False),
        findings=tuple(map(never_blocking, safe) if at_risk else safe),
        document=raw.document,
    )


def _added(
    raw: SourceRecord, area: Area, more: More | None
) -> tuple[list[Finding], tuple[NotRun, ...]]:
    """Find more. A fault of ours never loses the report."""
    if more is None or raw.document is None:
        return [], ()
    findings, failed = list[Finding](), list[str]()
    with fenced(failed.append):
        findings += more(raw)
    return [
        replace(finding, severity=area.severity.get(finding.code, finding.severity))
        for finding in findings
    ], tuple(NotRun(MORE, why, fault=True) for why in failed)


def _report(
    raw: SourceRecord,
    area: Area,
    located: list[Finding],
    not_run: list[NotRun],
    standard: Standard | None,
    moment: tuple[date, time | None],
) -> RecordReport:
    as_of, at = moment
    document = raw.document
    readable = document is not None and standard is not None
    at_risk = _at_risk(raw)
    risk_open = (
        document is not None
        and standard is not None
        and not at_risk
        and leaves_risk_open(document, standard)
    )
    lawful = [under_the_law(finding, area, document, as_of) for finding in located]
    judged = [waived(finding, area, as_of) for finding in lawful] if area.waivers else lawful
    findings = [never_blocking(finding) for finding in judged] if at_risk else judged
    return RecordReport(
        source=raw.source,
        line=raw.line,
        record_type=safe_id(document, "recordType") if readable else None,
        record_id=safe_id(document, "recordId"),
        area=area.key,
        area_title=area.title,
        disposition=disposition_of(
            findings, at_risk=at_risk, readable=readable, risk_open=risk_open
        ),
        do_now=what_to_do_now(area, as_of, at, at_risk=at_risk, risk_open=risk_open),
        findings=tuple(sorted(findings, key=by_place)),
        not_run=tuple(sorted(not_run)),
        sector=sector_of(document) if document is not None and readable else None,
        form=raw.form,
        document=document,
    )


def _at_risk(raw: SourceRecord) -> bool:
    """Return whether a record speaks of immediate risk, or what it said could not be kept.

    An answer that was given twice, or could not be read, has a finding at its place: until
    somebody has looked, it counts (G-063).
    """
    if any(finding.place == f"/{AT_RISK}" for finding in raw.findings):
        return True
    return raw.document is not None and speaks_of_immediate_risk(raw.document)


def what_to_do_now(
    area: Area, as_of: date, at: time | None = None, *, at_risk: bool, risk_open: bool
) -> tuple[str, ...]:
    """Return what somebody does before anything else, one sentence each; often nothing.

    Args:
        area: whose guidance is used, and whose front door is rung.
        as_of: the day.
        at: the time of that day; None if it is not known.
        at_risk: somebody may be at immediate risk.
        risk_open: the record should say whether anybody is, and does not.
    """
    if at_risk:
        return (*area.do_now, *whom_to_ring(area, as_of, at))
    return (ASK_FIRST,) if risk_open else ()


def waived(finding: Finding, area: Area, as_of: date) -> Finding:
    """Turn a finding with which the area lives into a note. It is never left out."""
    waiver = area.waivers.get(finding.code)
    if waiver is None:
        return finding
    if as_of > waiver.until:
        return replace(finding, waiver=replace(waiver, ended=True))
    return replace(finding, severity=Severity.INFO, waiver=waiver)


def never_blocking(finding: Finding) -> Finding:
    """Lower an error to a warning: nothing slows a record about immediate risk.

    A fault of shape stays an error: it does not slow the desk, and the build that made it has to
    go red.
    """
    if finding.severity is Severity.ERROR and finding.layer is not Layer.SHAPE:
        return replace(finding, severity=Severity.WARNING)
    return finding


def disposition_of(
    findings: Iterable[Finding], *, at_risk: bool, readable: bool, risk_open: bool = False
) -> Disposition:
    """Say what to do with a record.

    Args:
        findings: what was found in it.
        at_risk: it speaks of immediate risk.
        readable: it could be read as a record of the standard.
        risk_open: it should say whether anybody is at immediate risk, and does not.
    """
    if at_risk:
        return Disposition.ACT_NOW
    if not readable:
        return Disposition.UNREADABLE
    if risk_open:
        return Disposition.ASK_FIRST
    gaps = any(finding.severity is not Severity.INFO for finding in findings)
    return Disposition.READY_WITH_GAPS if gaps else Disposition.READY


def by_place(finding: Finding) -> tuple[str, str]:
    """Sort findings by place, then code; the tenth entry of a list after the second."""
    steps = split(finding.place)
    return "/".join(step.zfill(8) if step.isdigit() else step for step in steps), finding.code


def _reading(raw: SourceRecord, standard: Standard | None) -> Iterator[Finding]:
    """Yield what was wrong with the source. A place may hold only names that the standard knows."""
    record_type = safe_id(raw.document, "recordType")
    for finding in raw.findings:
        place: Steps = ()
        if standard is not None and record_type is not None:
            place = tuple(
                step for step, _, _ in standard.fields(record_type, steps_of(finding.place))
            )
        yield replace(finding, place=join(place))
