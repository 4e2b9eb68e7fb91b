"""Checking: one record in, one report on it out.

The layers run in order: the source is read, then shape and completeness are
checked in one pass, then consistency. The area decides what applies and how
much it matters.
Nothing here reads a terminal or a network, and only :func:`check` reads a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from eh_interop.areas import NEUTRAL, Area, area_names, load_area
from eh_interop.completeness import requirement_finding
from eh_interop.consistency import Consistency
from eh_interop.engine import Engine
from eh_interop.findings import Disposition, Finding, Layer, NotRun, Severity
from eh_interop.pointer import Steps, join, resolve, split, steps_of
from eh_interop.reading import Raw, read_record
from eh_interop.requirements import Requirement
from eh_interop.shape import UNKNOWN_FIELD, shape_finding
from eh_interop.standard import CURRENT, Standard, load_standard, versions

_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReport:
    """What a check says about one record.

    Attributes:
        source: the file it came from (``-`` for standard input; empty if it was given in Python).
        line: the line of the source where the record begins.
        record_type: such as ``marf``; None if that could not be read.
        record_id: the record's own id; None if it has none in the right form.
        area: the area whose guidance was used.
        disposition: what to do with the record. Never accepted or rejected.
        do_now: what to do at once, if somebody may be at immediate risk.
        findings: sorted by place, then code.
        not_run: checks that were not made, and why.
        document: the record itself, for callers who show values on request. Never printed.
    """

    source: str
    line: int
    record_type: str | None
    record_id: str | None
    area: str
    disposition: Disposition
    do_now: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    document: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)

    @property
    def asks(self) -> tuple[Finding, ...]:
        """The findings that come with a question to send back."""
        return tuple(each for each in self.findings if each.ask)


def check(
    record: Mapping[str, Any] | bytes | str,
    *,
    area: Area | str | None = None,
    as_of: date | None = None,
) -> RecordReport:
    """Check one record.

    Args:
        record: a parsed record, or the JSON text of one. Only text gives lines and columns.
        area: whose guidance to use. By default the area that the record names, or ``england``.
        as_of: the day on which to judge what is overdue or in the future.
            By default the day of the call.

    Returns:
        The report. A record that cannot be read gives a report, not an exception.

    Raises:
        AreaError: the area that you named does not exist or is broken.
        StandardError: this installation is incomplete.
    """
    if isinstance(record, Mapping):
        raw = Raw(source="", line=1, document=dict(record), text=b"", findings=())
    else:
        raw = read_record(record.encode() if isinstance(record, str) else record, "")
    chosen = load_area(area) if isinstance(area, str) else area
    today = as_of or datetime.now().astimezone().date()
    return check_raw(raw, area=chosen, as_of=today)


def check_raw(raw: Raw, *, area: Area | None, as_of: date) -> RecordReport:
    """Check one record as it was read. See :func:`check`."""
    used, found = _area(area, raw.document)
    standard, unreadable = _standard(raw.document)
    not_run: list[NotRun] = []
    if raw.document is not None and standard is not None:
        seen, not_run = _check_document(standard, used, raw.document, as_of)
        found += seen
    findings = [*_reading(raw, standard), *_placed([*found, *unreadable], raw)]
    return _report(raw, used, findings, not_run, standard)


def _report(
    raw: Raw, area: Area, found: list[Finding], not_run: list[NotRun], standard: Standard | None
) -> RecordReport:
    document = raw.document
    readable = document is not None and standard is not None
    at_risk = document is not None and _at_immediate_risk(document)
    findings = [_never_blocking(each) for each in found] if at_risk else found
    return RecordReport(
        source=raw.source,
        line=raw.line,
        record_type=_text(document, "recordType") if readable else None,
        record_id=_text(document, "recordId"),
        area=area.key,
        disposition=_disposition(findings, at_risk=at_risk, readable=readable),
        do_now=area.do_now if at_risk else (),
        findings=tuple(sorted(findings, key=_order)),
        not_run=tuple(sorted(not_run)),
        document=document,
    )


def _text(document: Mapping[str, Any] | None, name: str) -> str | None:
    """Return a code or an id, if it is in the form of one; anything else may be personal."""
    value = (document or {}).get(name)
    return value if isinstance(value, str) and _LOCAL_ID.fullmatch(value) else None


def _at_immediate_risk(document: Mapping[str, Any]) -> bool:
    """Tell whether the record speaks of immediate risk.

    Whatever is there and is not a plain ``false`` counts: a wrongly written
    "yes" must not slow anybody down (G-063).
    """
    return document.get("immediateRisk", False) is not False


def _never_blocking(finding: Finding) -> Finding:
    if finding.severity is Severity.ERROR:
        return replace(finding, severity=Severity.WARNING)
    return finding


def _disposition(findings: Iterable[Finding], *, at_risk: bool, readable: bool) -> Disposition:
    if at_risk:
        return Disposition.ACT_NOW
    if not readable:
        return Disposition.UNREADABLE
    gaps = any(each.severity is not Severity.INFO for each in findings)
    return Disposition.READY_WITH_GAPS if gaps else Disposition.READY


def _order(finding: Finding) -> tuple[str, str]:
    steps = split(finding.place)
    return "/".join(step.zfill(8) if step.isdigit() else step for step in steps), finding.code


Found = tuple[Finding, str | None]
"""A finding, and the name of the unknown property that it is about, if it is about one."""


def _about_record(code: str, name: str, place: str, message: str) -> Found:
    return Finding(code, name, Layer.READING, Severity.ERROR, place, message), None


def _area(area: Area | None, document: Mapping[str, Any] | None) -> tuple[Area, list[Found]]:
    """Choose the area: the one asked for, the one the record names, or the neutral one."""
    if area is not None:
        return area, []
    named = (document or {}).get("area")
    if named is None:
        return load_area(NEUTRAL), []
    if isinstance(named, str) and named in area_names():
        return load_area(named), []
    message = (
        "The record names an area that this toolkit does not have. "
        f"It was checked for {load_area(NEUTRAL).title} instead."
    )
    return load_area(NEUTRAL), [_about_record("REC-003", "unknown-area", "/area", message)]


def _standard(document: Mapping[str, Any] | None) -> tuple[Standard | None, list[Found]]:
    """Find the version of the standard that the record follows, if this toolkit has it."""
    if document is None:
        return None, []
    version = document.get("standardVersion", CURRENT)
    if version not in versions():
        known = ", ".join(versions())
        message = f"The record follows a version of the standard that is not here. Known: {known}."
        return None, [
            _about_record("REC-002", "unknown-standard-version", "/standardVersion", message)
        ]
    standard = load_standard(version)
    if document.get("recordType") not in standard.record_types:
        known = ", ".join(standard.record_types)
        message = f"The record does not say which type it is. The types are: {known}."
        return None, [_about_record("REC-001", "unknown-record-type", "/recordType", message)]
    return standard, []


@cache
def _compiled(
    standard: Standard, area: Area, record_type: str
) -> tuple[Engine, tuple[Requirement, ...], Consistency]:
    requirements = area.requires(standard, record_type)
    engine = Engine(standard, record_type, requirements)
    return engine, requirements, Consistency(area, record_type)


def _check_document(
    standard: Standard, area: Area, document: Mapping[str, Any], as_of: date
) -> tuple[list[Found], list[NotRun]]:
    """Run the three layers. One mistake gives one finding."""
    record_type = document["recordType"]
    engine, requirements, consistency = _compiled(standard, area, record_type)
    found: dict[tuple[str, str], Found] = {}
    for violation in engine.violations(document):
        if violation.requirement is None:
            empty = _is_blank(resolve(document, violation.steps))
            finding = shape_finding(standard, record_type, violation, empty=empty)
        else:
            finding = requirement_finding(requirements[violation.requirement], violation.steps)
        kind = Layer.SHAPE if _is_value_fault(finding) else finding.code
        found.setdefault((kind, finding.place), (finding, next(iter(violation.names), None)))
    sound = all(finding.layer is not Layer.SHAPE for finding, _ in found.values())
    disagreements, not_run = consistency.run(document, as_of, sound=sound)
    return [*found.values(), *((each, None) for each in disagreements)], not_run


def _is_value_fault(finding: Finding) -> bool:
    """Tell faults of one value: of several at one place, only the first is reported."""
    return finding.layer is Layer.SHAPE and finding.name != UNKNOWN_FIELD


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _placed(found: Iterable[Found], raw: Raw) -> Iterator[Finding]:
    """Say where in the source each finding is: at the value, or the parent of what is missing.

    A finding about an unknown property is at the property's name.
    """
    pairs = [(finding, steps_of(finding.place), name) for finding, name in found]
    values = raw.origins(steps for _, steps, name in pairs if name is None)
    names = raw.key_origins((*steps, name) for _, steps, name in pairs if name is not None)
    for finding, steps, name in pairs:
        origin = values.get(steps) if name is None else names.get((*steps, name))
        yield replace(finding, origin=origin)


def _reading(raw: Raw, standard: Standard | None) -> Iterator[Finding]:
    """Yield what was wrong with the source. A place may hold only names that the standard knows."""
    record_type = _text(raw.document, "recordType")
    for finding in raw.findings:
        known: Steps = ()
        if standard is not None and record_type is not None:
            known = tuple(
                step for step, _, _ in standard.fields(record_type, steps_of(finding.place))
            )
        yield replace(finding, place=join(known))
