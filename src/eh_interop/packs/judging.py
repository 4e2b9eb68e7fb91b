"""The report on a pack: its records, its papers and whether it may be shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

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
from eh_interop.core.findings import Finding, Severity
from eh_interop.packs.consent_scope import ConsentScope
from eh_interop.packs.contents import PackContents
from eh_interop.packs.documents import document_findings
from eh_interop.protection import Why, protections
from eh_interop.standard.areas import NEUTRAL, Area, load_area
from eh_interop.standard.schemas import load_standard

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
    """

    reports: tuple[RecordReport, ...]
    findings: tuple[Finding, ...]
    at_risk: bool
    risk_open: bool
    area: Area

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
            do_now=what_to_do_now(self.area, at_risk=self.at_risk, risk_open=self.risk_open),
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
    found = [*document_findings(contents, used), *scope.findings()]
    ruled_out = not at_risk and any(finding.code == RULED_OUT for finding in found)
    refused = [one for one in refusals if not (ruled_out and one.message.endswith(EXCLUDED))]
    findings = list(dict.fromkeys((*found, *refused)))
    return PackReport(
        reports=reports,
        findings=tuple(sorted(_judged(findings, used, as_of, at_risk=at_risk), key=by_place)),
        at_risk=at_risk,
        risk_open=bool(main) and leaves_risk_open(main, load_standard()),
        area=used,
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
