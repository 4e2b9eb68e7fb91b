"""Fingerprints: how a finding is known again in the next run, without any value of the record.

A line number changes when something is written above it, and a position in a
list when an entry is put before it. So a fingerprint is made from the record's
id, the code, and the place, in which each entry of a list goes by its local id
if it has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import safe_id
from eh_interop.core.pointer import join, steps_of

_LENGTH: Final = 32


def with_fingerprints(report: RecordReport) -> RecordReport:
    """Add a fingerprint to each finding. A record without an id cannot be known again."""
    if report.record_id is None:
        return report
    document = report.document or {}
    findings = (
        replace(
            finding,
            fingerprint=fingerprint(
                report.record_id, finding.code, join(_stable(document, finding.place))
            ),
        )
        for finding in report.findings
    )
    return replace(report, findings=tuple(findings))


def fingerprint(record_id: str, code: str, place: str = "") -> str:
    """Make the fingerprint of a finding.

    Args:
        record_id: the id of the record.
        code: the code of the check.
        place: where in the record, with local ids instead of positions.
    """
    return sha256(f"{record_id}\0{code}\0{place}".encode()).hexdigest()[:_LENGTH]


def _stable(document: Mapping[str, Any], place: str) -> Iterator[str]:
    """Yield the steps of a place, with the local id of an entry instead of its number."""
    value: Any = document
    for step in steps_of(place):
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            local_id = safe_id(value, "id") if isinstance(value, dict) else None
            yield f"#{local_id}" if local_id else str(step)
        else:
            value = value.get(str(step)) if isinstance(value, dict) else None
            yield str(step)
