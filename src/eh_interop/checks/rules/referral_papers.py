"""Papers of a referral: earlier plans, minutes and who leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Marf

_PLANS: Final = [{"recordId": "plan-0001", "planType": "early-help-action-plan", "lead": "w1"}]


@rule("RFL-010", Severity.WARNING, cites=("G-108",))
@asks("Please send the minutes of the most recent review.")
@example(passes={"latestReviewOn": "2026-07-10"}, fails={"latestReviewOn": "2026-09-10"})
def minutes_are_not_the_latest(part: Marf, _: Context) -> Iterator[Problem]:
    """The minutes with a referral are not those of the most recent review.

    Social care would judge by an older picture.
    """
    sent = {
        attachment.date: number
        for number, attachment in enumerate(part.attachments)
        if attachment.type == "taf-review-minutes"
        and attachment.status != "not-attached"
        and attachment.date
    }
    latest = part.latest_review_on
    if latest and sent and latest not in sent:
        number = sent[max(sent)]
        yield Problem(f"/attachments/{number}/date", "These are not the latest minutes.")


@rule("RFL-011", Severity.WARNING, cites=("G-106",))
@asks("Please send each earlier plan and assessment, or say why not.")
@example(
    passes={"earlyHelpPlans": _PLANS},
    fails={"earlyHelpPlans": [*_PLANS, _PLANS[0] | {"recordId": "plan-0000", "status": "closed"}]},
)
def one_of_several_plans_not_sent(part: Marf, _: Context) -> Iterator[Problem]:
    """An earlier plan is named, and the papers hold another plan of the same kind.

    Each existing plan and assessment is normally sent. Often only the last
    one is.
    """
    papers = {
        attachment.record_id: attachment.type
        for attachment in part.attachments
        if attachment.record_id
    }
    without_number = {
        attachment.type for attachment in part.attachments if not attachment.record_id
    }
    for number, plan in enumerate(part.early_help_plans):
        kind = plan.plan_type
        if (
            kind in papers.values()
            and kind not in without_number
            and plan.record_id
            and plan.record_id not in papers
        ):
            message = "This is not among the papers, while another of its kind is."
            yield Problem(f"/earlyHelpPlans/{number}", message)


@rule("RFL-012", Severity.WARNING, cites=("G-105",))
@asks("Who leads the open plan?")
@example(passes={"leadPractitioner": "w1"}, fails={"leadPractitioner": "w2"})
def lead_is_not_that_of_the_open_plan(part: Marf, _: Context) -> Iterator[Problem]:
    """The lead practitioner in a referral is not the one who leads the open plan.

    The lead answers for the papers and goes on helping the family. Often the
    referrer is put down as the lead.
    """
    leads = {
        early_help_plan.lead
        for early_help_plan in part.early_help_plans
        if early_help_plan.status == "open" and early_help_plan.lead
    }
    if part.lead_practitioner and leads and part.lead_practitioner not in leads:
        yield Problem("/leadPractitioner", "Somebody else leads the open plan.")


@rule("RFL-013", Severity.ERROR, cites=("E-037",))
@asks("Has there been an early help plan?")
@example(
    passes={"earlyHelpPlans": None, "noEarlyHelpReason": "The family turned it down."},
    fails={"noEarlyHelpReason": "The family turned it down."},
)
def reason_for_no_early_help_beside_plans(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral says why there was no early help plan, and names one.

    Social care needs to know what was tried.
    """
    if part.no_early_help_reason and any(
        early_help_plan.plan_type for early_help_plan in part.early_help_plans
    ):
        yield Problem("/noEarlyHelpReason", "There is an early help plan, so no reason is needed.")
