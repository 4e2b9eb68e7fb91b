"""What was read of a form, in words: how sure each value is, and what was not read.

A fault of reading must not be chased as a gap: so what was read stands beside what is asked, and a
question says so whose answer may stand in what was not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import steps_of
from eh_interop.reading.source_record import FormReading, ReadPlace
from eh_interop.standard.schemas import load_standard

_SURE: Final = 0.85
_NAMED_IN_QUESTION: Final = 3


def heading(form: FormReading) -> str:
    """Say what the form is, and how much of it is known."""
    return f"What was read ({form.kind}: {form.known} of {form.labels} labels known)"


def values(form: FormReading) -> list[ReadPlace]:
    """Return what was read, the least sure first."""
    return sorted(form.values, key=_confidence)


def lines(report: RecordReport) -> Iterator[str]:
    """Yield what was read, the least sure first; what is sure is counted by its section."""
    form, record_type = report.form, report.record_type
    if form is None or record_type is None:
        return
    doubtful: dict[tuple[str, str, float], list[str]] = {}
    for one in values(form):
        if _confidence(one) < _SURE:
            entry, _, name = load_standard().label(record_type, steps_of(one.place)).partition(", ")
            key = (entry, str(one.origin), _confidence(one))
            doubtful.setdefault(key, []).append(name)
    for (entry, origin, sure), names in doubtful.items():
        named = f": {'; '.join(names)}" if all(names) else ""
        yield f"Please check: {entry}{named} (read from {origin}; {sure:.0%} sure)"
    sure_of = Counter(
        load_standard().label(record_type, steps_of(one.place)[:2]).split(",")[0]
        for one in form.values
        if _confidence(one) >= _SURE
    )
    yield "Read: " + ", ".join(f"{name} ({count})" for name, count in sure_of.items())
    for one in form.unread:
        yield f"Not matched to a field, or not all of it: {one.origin}"


def may_stand_in(report: RecordReport, finding: Finding) -> list[Origin]:
    """Return answers that were not read and may answer a question."""
    steps = steps_of(finding.place)
    if report.form is None or not steps:
        return []
    return [
        one.origin for one in report.form.unread if one.place and steps_of(one.place)[0] == steps[0]
    ]


def remark(report: RecordReport, findings: list[Finding]) -> str:
    """Say that the answer to a question may stand in what was not read; empty if it cannot."""
    origins = dict.fromkeys(one for finding in findings for one in may_stand_in(report, finding))
    labels = [one.label for one in origins if one.label][:_NAMED_IN_QUESTION]
    if not origins:
        return ""
    quoted = ", ".join(
        f"\N{LEFT SINGLE QUOTATION MARK}{label}\N{RIGHT SINGLE QUOTATION MARK}" for label in labels
    )
    under = f" under {quoted}" if labels else ""
    return f" (The form has text{under} that was not matched: look there first.)"


def _confidence(one: ReadPlace) -> float:
    return 1.0 if one.origin.confidence is None else one.origin.confidence
