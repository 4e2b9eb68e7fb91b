"""A record as it was read, made ready to be converted: only what fits the standard, all told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eh_interop.checking.fhir import from_fhir, is_fhir
from eh_interop.checking.record import at_immediate_risk, never_blocking
from eh_interop.checking.subject import standard_of, text_of
from eh_interop.convert.pruning import pruned
from eh_interop.findings import Finding
from eh_interop.pointer import Steps, join
from eh_interop.reading import Raw
from eh_interop.reading.conversion import ConvertFault


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record, and what was found on the way.

    Attributes:
        source: the file that it came from.
        line: the line of the source where it begins.
        record: what of it fits the standard; None if there is nothing to convert.
        findings: what was wrong with the source, and what was left out.
    """

    source: str
    line: int
    record: Mapping[str, Any] | None = field(repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def record_id(self) -> str | None:
        """The record's own id."""
        return text_of(self.record, "recordId")


def prepare(raw: Raw) -> Prepared:
    """Make one record ready. Nothing that stands in it makes this raise."""
    if is_fhir(raw):
        raw = from_fhir(raw)
    standard, unknown = standard_of(raw.document)
    findings = [*raw.findings, *unknown]
    if raw.document is None or standard is None:
        return Prepared(raw.source, raw.line, None, (*findings, _nothing()))
    record, dropped = pruned({"standardVersion": standard.version, **raw.document})
    findings += _left_out(raw, dropped)
    if text_of(record, "recordId") is None:
        findings.append(ConvertFault.NO_ID.finding(place="/recordId"))
        return Prepared(raw.source, raw.line, None, tuple(findings))
    return Prepared(raw.source, raw.line, record, tuple(_never_alarming(record, findings)))


def _nothing() -> Finding:
    return ConvertFault.NO_RECORD.finding()


def _left_out(raw: Raw, dropped: tuple[Steps, ...]) -> list[Finding]:
    """Tell of each value that is left out. A name that the standard does not have is not told."""
    known = [_known(raw, steps) for steps in dropped]
    origins = raw.origins(known) if known and raw.text else {}
    return [
        ConvertFault.LEFT_OUT.finding(place=join(steps), origin=origins.get(steps))
        for steps in dict.fromkeys(known)
    ]


def _known(raw: Raw, steps: Steps) -> Steps:
    standard, _ = standard_of(raw.document)
    if standard is None:
        return ()
    record_type = str((raw.document or {})["recordType"])
    return tuple(step for step, _, _ in standard.fields(record_type, steps))


def _never_alarming(record: Mapping[str, Any], findings: list[Finding]) -> list[Finding]:
    """Lower what was found to warnings where a child may be at immediate risk."""
    return [never_blocking(each) for each in findings] if at_immediate_risk(record) else findings
