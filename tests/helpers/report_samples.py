"""Reports made by hand, so that a test of a format depends on no requirement and no rule."""

from dataclasses import replace
from datetime import date

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Finding, Layer, NotRun, Origin, Severity
from eh_interop.reports import FORMATS, Run, Totals

RUN = Run(area=None, as_of=date(2026, 11, 1))
COUNTS = {"quality", "quality-csv"}
"""Formats that count and show no record."""
NASTY = 'my "file" & <é>,x:y%41\n::error::no \x1b[31m\udcff.json'
"""A file name with everything that a format could stumble over."""

MISSING = Finding(
    code="MRF-107",
    name="no-genogram",
    layer=Layer.COMPLETENESS,
    severity=Severity.ERROR,
    place="/attachments",
    message="No genogram.",
    cites=("G-107",),
    origin=Origin(306, 18),
    ask="Please send the genogram, or say why there is none.",
)
IN_A_TABLE = replace(
    MISSING,
    origin=Origin(file="school.xlsx", sheet="Children", row=3, heading="Date of birth"),
)
WRONG_CODE = Finding(
    code="SHP-005",
    name="unknown-code",
    layer=Layer.SHAPE,
    severity=Severity.WARNING,
    place="/children/0/sex",
    message="Sex: not one of the allowed codes.",
    origin=Origin(7, 3),
)
NOTE = Finding(
    code="RDG-004",
    name="byte-order-mark",
    layer=Layer.READING,
    severity=Severity.INFO,
    place="",
    message="A byte order mark stands before the record.",
)
NOT_JSON = Finding(
    code="RDG-001",
    name="not-json",
    layer=Layer.READING,
    severity=Severity.ERROR,
    place="",
    message="This is not JSON.",
    origin=Origin(1, 2),
)
NOT_RUN = NotRun("FAM-006", "This area does not say: oldest-age.")
FAULT = NotRun("REF-001", "Our own fault: KeyError at _index.py:1. Please report it.", fault=True)


def record(disposition, *findings, source="folder/marf.json", line=1, not_run=(), do_now=()):
    known = disposition is not Disposition.UNREADABLE
    return RecordReport(
        source=source,
        line=line,
        record_type="marf" if known else None,
        record_id="R-1" if known else None,
        area="gloucestershire",
        disposition=disposition,
        do_now=do_now,
        findings=findings,
        not_run=not_run,
    )


def ready(**options):
    return record(Disposition.READY, **options)


def gaps(*findings, **options):
    return record(Disposition.READY_WITH_GAPS, *(findings or (MISSING, WRONG_CODE)), **options)


def act_now(*findings, **options):
    return record(Disposition.ACT_NOW, *findings, do_now=("Call 999.", "Phone <MASH>."), **options)


def unreadable(**options):
    return record(Disposition.UNREADABLE, NOT_JSON, **options)


def written(name, *reports, left_out=0, run=RUN):
    """Write reports in a format, as one text."""
    writer, totals = FORMATS[name](run), Totals()
    pieces = [*writer.begin()]
    for report in reports:
        totals.add(report, left_out)
        pieces += writer.record(report)
    return "".join([*pieces, *writer.end(totals)])
