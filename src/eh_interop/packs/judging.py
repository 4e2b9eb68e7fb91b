"""The report on a pack: its records, the papers that it needs, and whether it may be shared.

The requirements of a kind of pack are asked of the main record as it would be if its
list of documents held what is really in the pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from eh_interop.checks.completeness import compile_requirement, in_words
from eh_interop.checks.parallel import CheckOptions, new_key, with_across
from eh_interop.checks.record import (
    by_place,
    disposition_of,
    never_blocking,
    waived,
    what_to_do_now,
)
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import area_of, leaves_risk_open, speaks_of_immediate_risk
from eh_interop.core import lenient
from eh_interop.core.findings import Finding, Layer, Severity
from eh_interop.packs.consent_scope import ConsentScope
from eh_interop.packs.contents import PackContents, PackedRecord
from eh_interop.protection import Why, protections
from eh_interop.standard.areas import NEUTRAL, Area, load_area
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import load_standard

_ATTACHED: Final = "attached"
_MINUTES: Final = "taf-review-minutes"
_TOOLS: Final = frozenset(
    {"neglect-toolkit", "exploitation-screening", "disability-screening", "other-screening-tool"}
)
_PAPERS: Final = {
    "early-help-assessment": "early-help-assessment",
    "marf": "multi-agency-referral-form",
    "consent-record": "consent-form",
}

NEVER_SENT = "PCK-105"
"""What is not done even at immediate risk, in any area: to tell somebody what is kept from them."""


RULED_OUT = "PCK-102"
"""A consent rules the recipient out; without immediate risk that alone stops a pack."""
EXCLUDED = Why.EXCLUDED_BY_CONSENT.words


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """What was found in a pack.

    Attributes:
        reports: one for each record, and those of the rules across records.
        findings: about the pack itself, sorted by place.
        at_risk: somebody may be at immediate risk.
        risk_open: its main record should say whether anybody is, and does not.
        area: whose guidance was used.
        as_of: the day on which it was judged.
    """

    reports: tuple[RecordReport, ...]
    findings: tuple[Finding, ...]
    at_risk: bool
    risk_open: bool
    area: Area
    as_of: date

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings for which a pack is not made: it may not be shared as it is."""
        return tuple(
            finding
            for finding in self.findings
            if finding.severity is Severity.ERROR and finding.code.startswith("PCK-1")
        )

    def own(self, source: str, pack_id: str | None = None) -> RecordReport:
        """Return the report on the pack itself, beside those on its records."""
        return RecordReport(
            source=source,
            line=1,
            record_type=None,
            record_id=pack_id,
            area=self.area.key,
            area_title=self.area.title,
            disposition=disposition_of(
                self.findings, at_risk=self.at_risk, readable=True, risk_open=self.risk_open
            ),
            do_now=what_to_do_now(
                self.area, self.as_of, at_risk=self.at_risk, risk_open=self.risk_open
            ),
            findings=self.findings,
        )


def report_on(
    contents: PackContents,
    scope: ConsentScope,
    area: Area | None,
    as_of: date,
    refusals: Sequence[Finding] = (),
) -> PackReport:
    """Check the records of a pack, each alone and all together, and the pack itself.

    Args:
        contents: what is in the pack.
        scope: what its consents cover.
        area: whose guidance to use; None for the one that each record names.
        as_of: the day on which to judge the records.
        refusals: why the recipient must not be sent it, whatever else is said.
    """
    main = contents.about
    used = area or (area_of(main)[0] if main else load_area(NEUTRAL))
    at_risk = speaks_of_immediate_risk(main)
    # All records of a pack are about one family: one may protect what another holds open.
    answer = protections(record.source for record in contents.records)
    options = CheckOptions(
        area=area.origin if area else None, as_of=as_of, key=new_key(), more=answer.half_said
    )
    checked = (options.check(record.source) for record in contents.records)
    reports = tuple(with_across(checked, options))
    checked_pack = [*_document_findings(contents, used), *scope.findings()]
    ruled_out = not at_risk and any(finding.code == RULED_OUT for finding in checked_pack)
    refused = [one for one in refusals if not (ruled_out and one.message.endswith(EXCLUDED))]
    findings = list(dict.fromkeys((*checked_pack, *refused)))
    return PackReport(
        reports=reports,
        findings=tuple(sorted(_judged(findings, used, as_of, at_risk=at_risk), key=by_place)),
        at_risk=at_risk,
        risk_open=bool(main) and leaves_risk_open(main, load_standard()),
        area=used,
        as_of=as_of,
    )


def _judged(
    findings: Iterable[Finding], area: Area, as_of: date, *, at_risk: bool
) -> list[Finding]:
    """Apply the area, and let nothing slow a pack about immediate risk."""
    judged = []
    for finding in findings:
        if finding.code == NEVER_SENT:
            judged.append(finding)
        elif not finding.cites or area.follows_any(finding.cites):
            severity = area.severity.get(finding.code, finding.severity)
            local = waived(replace(finding, severity=severity), area, as_of)
            judged.append(never_blocking(local) if at_risk else local)
    return judged


def _document_findings(contents: PackContents, area: Area) -> Iterator[Finding]:
    """Yield what is missing from a pack, or is not the right paper."""
    from jsonschema_rs import Draft202012Validator

    checks = finding_codes()
    if contents.main is None:
        yield checks["PCK-201"].at("/about")
        return
    in_pack = _in_pack(contents)
    document = _as_packed(contents.main, in_pack)
    for requirement in contents.kind.requirements:
        validator = Draft202012Validator(compile_requirement(requirement))
        if area.follows_any(requirement.cites) and not validator.is_valid(document):
            yield _missing(requirement)
    yield from _not_there(contents)
    for number, paper in enumerate(contents.papers):
        if paper.listed is None:
            yield checks["PCK-203"].at(f"/attachments/{number}")
        if paper.type in _TOOLS and not (paper.listed and paper.listed.date):
            yield checks["PCK-205"].at(f"/attachments/{number}")
    sent = [entry["date"] for entry in in_pack if entry["type"] == _MINUTES and "date" in entry]
    latest = _latest_review(contents)
    if sent and latest and max(sent) < latest:
        yield checks["PCK-204"].at("/attachments")


def _paper_of(record: PackedRecord) -> str | None:
    """Return what kind of paper a record stands for; None if it stands for none."""
    kind, document = record.record_type, record.document
    if kind == "plan":
        return str(document.get("planType", "")) or None
    if kind == "meeting":
        return _MINUTES if document.get("meetingType") == "taf-review" else "meeting-minutes"
    return _PAPERS.get(kind)


def _in_pack(contents: PackContents) -> list[dict[str, Any]]:
    """Return what is really in the pack, as entries of a list of documents."""
    entries: list[dict[str, Any]] = []
    for paper in contents.papers:
        day = paper.listed.date if paper.listed else None
        entries.append({"type": paper.type} | ({"date": day.isoformat()} if day else {}))
    for record in contents.records:
        kind, on = _paper_of(record), record.document.get("on")
        if kind and record is not contents.main:
            entries.append({"type": kind} | ({"date": on} if isinstance(on, str) else {}))
    return [entry | {"status": _ATTACHED} for entry in entries]


def _as_packed(main: PackedRecord, in_pack: list[dict[str, Any]]) -> Mapping[str, Any]:
    elsewhere = [
        entry
        for entry in lenient.objects(main.document, "attachments")
        if entry.get("status") != _ATTACHED
    ]
    return {**main.document, "attachments": [*in_pack, *elsewhere]}


def _missing(requirement: Requirement) -> Finding:
    return Finding(
        code=requirement.code,
        name=requirement.name,
        layer=Layer.PACK,
        severity=requirement.severity,
        place="/attachments",
        message=f"{in_words(requirement.name)}.",
        cites=requirement.cites,
        ask=requirement.ask,
    )


def _not_there(contents: PackContents) -> Iterator[Finding]:
    """Yield the documents that the main record says are sent with it, and that are not there."""
    papers = {paper.listed.id for paper in contents.papers if paper.listed}
    records = [record.document.get("recordId") for record in contents.records]
    kinds = {_paper_of(record) for record in contents.records if record is not contents.main}
    for number, entry in enumerate(contents.listed, 1):
        as_record = entry.record_id in records if entry.record_id else entry.type in kinds
        if entry.status == _ATTACHED and entry.id not in papers and not as_record:
            message = (
                f"The main record says that document {number} on its list is sent with it, and it "
                "is not in the pack."
            )
            yield finding_codes()["PCK-202"].at("/attachments", message)


def _latest_review(contents: PackContents) -> str | None:
    """Return the day of the latest review of the team that the main record or a plan states."""
    main = contents.about
    reviews = (
        record.document.get("on")
        for record in contents.records
        if _paper_of(record) == _MINUTES and record.document.get("held") is not False
    )
    limit = main.get("referredOn", date.max.isoformat())
    days = [day for day in (main.get("latestReviewOn"), *reviews) if isinstance(day, str)]
    return max((day for day in days if not isinstance(limit, str) or day <= limit), default=None)
