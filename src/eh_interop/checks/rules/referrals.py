"""Referrals: when and on whose advice they were made, on what grounds, and with which papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import LEVEL_3, PROTECTION, levels_now
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import Marf

_CONCERN: Final[dict[str, Any]] = {"id": "k1", "subject": "person", "people": ["c1"]}
_CALL: Final = {"id": "ct1", "at": "2026-10-20T09:00:00+01:00", "mode": "phone", "by": "w1"}


@rule("RFL-001", Severity.ERROR, cites=("E-037", "E-011"))
@asks("When was the referral made?")
@passes(referredAt="2026-10-20T15:40:00+01:00")
@fails(referredAt="2026-10-19T15:40:00+01:00")
def two_days_for_one_referral(part: Marf, _: Context) -> Problems:
    """The date of a referral and its time are on different days.

    How long a child waited is counted from it.
    """
    if part.referred_on and part.referred_at and uk_day(part.referred_at) != part.referred_on:
        yield Problem("/referredAt", "The date and the time of the referral are on different days.")


@rule("RFL-002", Severity.ERROR, cites=("E-037",))
@asks("When was the referral made, and when did it arrive?")
@passes(receivedOn="2026-10-20")
@fails(receivedOn="2026-10-19")
def received_before_it_was_made(part: Marf, _: Context) -> Problems:
    """A referral arrived before it was made.

    How long a child waited is counted from it. Often the day of an earlier
    telephone call was put in.
    """
    if part.received_on and part.referred_on and part.received_on < part.referred_on:
        yield Problem("/receivedOn", "The referral arrived before the day on which it was made.")


@rule("RFL-003", Severity.WARNING, cites=("G-060", "S-020", "E-056"))
@asks("Was the worry talked over before the referral?")
@passes(consultations=[{"role": "manager", "on": "2026-10-20"}])
@fails(consultations=[{"role": "manager", "on": "2026-10-21"}])
def advice_after_referral(part: Marf, _: Context) -> Problems:
    """Advice was taken after the referral had been made.

    Advice comes first, unless a child is at immediate risk.
    """
    for number, consultation in enumerate(part.consultations if not part.immediate_risk else ()):
        if consultation.on and part.referred_on and consultation.on > part.referred_on:
            yield Problem(f"/consultations/{number}/on", "The advice is dated after the referral.")


@rule("RFL-004", Severity.WARNING, cites=("E-037",))
@asks("Please check this date and the date of the referral.")
@passes(latestReviewOn="2026-10-20", attachments=None)
@fails(latestReviewOn="2026-10-21", attachments=None)
def came_before_but_is_dated_later(part: Marf, _: Context) -> Problems:
    """What led to a referral is dated after it.

    A review, a plan or an event that led to it comes first. Often the date of
    the referral was not changed when the form was used again.
    """
    made = part.referred_on
    if made is None:
        return
    dated = [("/latestReviewOn", part.latest_review_on)]
    dated += [(f"/concerns/{n}/on", concern.on) for n, concern in enumerate(part.concerns)]
    dated += [
        (f"/earlyHelpPlans/{n}/date", plan.date) for n, plan in enumerate(part.early_help_plans)
    ]
    for place, day in dated:
        if day and day > made:
            yield Problem(place, "The date of what led to the referral is after the referral.")


@rule("RFL-014", Severity.INFO, cites=("S-062",))
@asks("Has the front door been telephoned?")
@passes(contacts=[_CALL])
@fails(contacts=[_CALL | {"mode": "email"}])
def new_referral_without_a_call(part: Marf, context: Context) -> Problems:
    """A child who is new to social care was referred at level 3 or 4 without a telephone call.

    Such referrals are best made by telephone: questions can be answered at
    once.
    """
    now = levels_now(context.record)
    new = any(
        child.social_care_status in {"not-known", "closed"} and now.get(child.id, 0) >= LEVEL_3
        for child in part.children
    )
    if new and part.contacts and all(contact.mode != "phone" for contact in part.contacts):
        yield Problem("/contacts", "The contacts hold no telephone call to the front door.")


@rule("RFL-015", Severity.WARNING, cites=("E-037", "N-005"))
@asks("Does the referrer want to stay anonymous?")
@passes(referrer={"source": "2A"})
@fails(referrer={"source": "9"})
def anonymous_referrer_is_named(part: Marf, _: Context) -> Problems:
    """The source of a referral is anonymous, and the referrer is named.

    Somebody may have asked not to be named. Or the wrong source was picked.
    """
    referrer = part.referrer
    if referrer and referrer.source == "9" and (referrer.practitioner or referrer.person):
        yield Problem("/referrer/source", "The source is anonymous, and the referrer is named.")


@rule("RFL-017", Severity.INFO, cites=("S-020",))
@passes(
    consultations=[
        {"role": "manager", "on": "2026-10-16"},
        {"role": "social-worker", "on": "2026-10-16"},
    ]
)
@fails(
    consultations=[
        {"role": "manager", "on": "2026-10-17"},
        {"role": "social-worker", "on": "2026-10-16"},
    ]
)
def advice_line_before_own_manager(part: Marf, _: Context) -> Problems:
    """The advice line was asked before a manager or safeguarding lead of the own agency.

    In doubt, the own agency comes first, because it knows the child.
    """
    line = [
        consultation.on
        for consultation in part.consultations
        if consultation.role == "social-worker" and consultation.on
    ]
    own = [
        consultation.on
        for consultation in part.consultations
        if consultation.role in {"manager", "designated-safeguarding-lead"} and consultation.on
    ]
    if line and own and min(line) < min(own):
        yield Problem(
            "/consultations",
            "The advice line was asked before the own manager or safeguarding lead.",
        )


@rule("RFL-018", Severity.INFO, cites=("G-094",))
@on(needs=("prompt-sharing-days",))
@passes(concerns=[_CONCERN | {"on": "2026-10-13"}])
@fails(concerns=[_CONCERN | {"on": "2026-10-12"}])
def worry_shared_late(part: Marf, context: Context) -> Problems:
    """The latest worry in a referral is older than the area expects.

    Reviews of serious cases teach to record, weigh up and share promptly.
    """
    limit = timedelta(days=context.settings["prompt-sharing-days"])
    days = [concern.on for concern in part.concerns if concern.on]
    if days and part.referred_on and part.referred_on - max(days) > limit:
        yield Problem(
            "/referredOn", f"The referral is more than {limit.days} days after the latest worry."
        )


_PLANS: Final = [{"recordId": "plan-0001", "planType": "early-help-action-plan", "lead": "w1"}]


@rule("RFL-010", Severity.WARNING, cites=("G-108", "E-055"), family="referral_papers")
@asks("Please send the minutes of the most recent review.")
@passes(latestReviewOn="2026-07-10")
@fails(latestReviewOn="2026-09-10")
def minutes_are_not_the_latest(part: Marf, _: Context) -> Problems:
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
        yield Problem(
            f"/attachments/{number}/date",
            "The minutes are not of the date that is given as the latest review.",
        )


@rule("RFL-011", Severity.WARNING, cites=("G-106", "E-055"), family="referral_papers")
@asks("Please send each earlier plan and assessment, or say why not.")
@passes(earlyHelpPlans=_PLANS)
@fails(earlyHelpPlans=[*_PLANS, _PLANS[0] | {"recordId": "plan-0000", "status": "closed"}])
def one_of_several_plans_not_sent(part: Marf, _: Context) -> Problems:
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
            message = "The plan is not among the papers, while another of its kind is."
            yield Problem(f"/earlyHelpPlans/{number}", message)


@rule("RFL-012", Severity.WARNING, cites=("G-105", "E-055"), family="referral_papers")
@asks("Who leads the open plan?")
@passes(leadPractitioner="w1")
@fails(leadPractitioner="w2")
def lead_is_not_that_of_the_open_plan(part: Marf, _: Context) -> Problems:
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
        yield Problem(
            "/leadPractitioner", "The lead practitioner is not the one who leads the open plan."
        )


@rule("RFL-013", Severity.ERROR, cites=("E-037",), family="referral_papers")
@asks("Has there been an early help plan?")
@passes(earlyHelpPlans=None, noEarlyHelpReason="The family turned it down.")
@fails(noEarlyHelpReason="The family turned it down.")
def reason_for_no_early_help_beside_plans(part: Marf, _: Context) -> Problems:
    """A referral says why there was no early help plan, and names one.

    Social care needs to know what was tried.
    """
    if part.no_early_help_reason and any(
        early_help_plan.plan_type for early_help_plan in part.early_help_plans
    ):
        yield Problem(
            "/noEarlyHelpReason", "A reason for no early help plan is given, and a plan is named."
        )


_NEED: Final = frozenset({"impaired-health-or-development", "disability"})
_REQUESTED: Final = {"requestTypes": ["child-protection"]}
_LIKELY: Final[dict[str, Any]] = _REQUESTED | {
    "statutoryBasis": ["likely-significant-harm", "impaired-health-or-development"],
    "concerns": [_CONCERN | {"harmStatus": "likely"}],
}


@rule("RFL-005", Severity.ERROR, cites=("G-138", "S-016", "E-037"), family="grounds")
@asks("On which grounds is the referral made?")
@passes(statutoryBasis=["impaired-health-or-development"])
@fails(
    _REQUESTED,
    statutoryBasis=["likely-significant-harm"],
    concerns=[_CONCERN | {"harmStatus": "likely"}],
)
def child_in_need_basis_without_those_grounds(part: Marf, _: Context) -> Problems:
    """A referral says why a child is in need, and that is not among its grounds.

    Whether the family's agreement is needed depends on the grounds.
    """
    if part.child_in_need_basis and part.statutory_basis and _NEED.isdisjoint(part.statutory_basis):
        yield Problem(
            "/childInNeedBasis",
            "A basis for child in need is given, and child in need is not among the grounds.",
        )


@rule("RFL-006", Severity.ERROR, cites=("E-037", "G-138"), family="grounds")
@asks("Is the child disabled?")
@passes(childInNeedBasis=["disabled"], children=[{"id": "c1", "disability": "yes"}])
@fails(childInNeedBasis=["disabled"], children=[{"id": "c1", "disability": "no"}])
def disability_grounds_but_no_disability(part: Marf, _: Context) -> Problems:
    """A referral is made because a child is disabled, and no child is said to be.

    The child may miss the help that the referral asks for.
    """
    grounds = "disability" in part.statutory_basis or "disabled" in part.child_in_need_basis
    if grounds and part.children and all(child.disability == "no" for child in part.children):
        yield Problem("/childInNeedBasis", "No child in the referral is said to be disabled.")


@rule("RFL-007", Severity.WARNING, cites=("G-139", "S-010", "E-037"), family="grounds")
@asks("Has the child suffered significant harm, or is it likely?")
@passes(_LIKELY)
@fails(_LIKELY, concerns=[_CONCERN | {"harmStatus": "none-known"}])
def grounds_and_harm_disagree(part: Marf, _: Context) -> Problems:
    """The grounds for a referral and what is said about harm do not agree.

    How fast social care acts depends on it. Whoever reads the referral should
    not have to guess.
    """
    states = {concern.harm_status for concern in part.concerns if concern.harm_status}
    protects = not PROTECTION.isdisjoint(part.statutory_basis)
    if protects and states == {"none-known"}:
        yield Problem(
            "/statutoryBasis",
            "The grounds are significant harm, and every worry says that no harm is known.",
        )
    if part.statutory_basis and not protects and "suffered" in states:
        yield Problem(
            "/statutoryBasis",
            "A worry says that a child was harmed, and significant harm is not among the grounds.",
        )


@rule("RFL-008", Severity.WARNING, cites=("G-139", "E-014"), family="grounds")
@asks("What are you asking social care for?")
@passes(_LIKELY)
@fails(_LIKELY, requestTypes=["information-or-advice"])
def request_does_not_fit_grounds(part: Marf, _: Context) -> Problems:
    """A referral rests on significant harm and asks for something else, or the other way round.

    The front door sorts by what is asked for. A child in danger may wait.
    """
    asks = "child-protection" in part.request_types
    protects = not PROTECTION.isdisjoint(part.statutory_basis)
    if protects and part.request_types and not asks:
        yield Problem(
            "/requestTypes", "The grounds name significant harm, but protection is not asked for."
        )
    if asks and part.statutory_basis and not protects:
        yield Problem(
            "/requestTypes",
            "Protection is asked for, but the grounds do not name significant harm.",
        )


@rule("RFL-009", Severity.ERROR, cites=("E-037", "G-063", "G-103"), family="grounds")
@asks("Is a child at immediate risk? If so, telephone now.")
@passes(immediateRisk=True, trigger="immediate-risk")
@fails(immediateRisk=False, trigger="immediate-risk")
def immediate_risk_and_not(part: Marf, _: Context) -> Problems:
    """A referral is made because of immediate risk, and says that there is none.

    It may wait in a list when somebody should act now.
    """
    if part.trigger == "immediate-risk" and part.immediate_risk is False:
        yield Problem(
            "/immediateRisk",
            "The reason for the referral is immediate risk, and the answer here is no.",
        )


@rule("RFL-016", Severity.ERROR, cites=("E-037",), family="grounds")
@asks("Which children is this about, and what are you asking for?")
@passes(requestTypes=["child-in-need"])
@fails(requestTypes=["unborn-baby-assessment"])
def request_does_not_fit_children(part: Marf, _: Context) -> Problems:
    """A referral asks for something that fits none of its children.

    For example, it asks for an assessment before birth and names no unborn
    child. The front door may send it back.
    """
    asked = set(part.request_types)
    if (
        "unborn-baby-assessment" in asked
        and part.children
        and not any(child.unborn for child in part.children)
    ):
        yield Problem("/requestTypes", "No child in the referral is unborn.")
    if (
        "private-fostering-notification" in asked
        and part.children
        and all(child.privately_fostered == "no" for child in part.children)
    ):
        yield Problem("/requestTypes", "No child in the referral is privately fostered.")
    if (
        "young-carers-assessment" in asked
        and part.children
        and all(child.young_carer == "no" for child in part.children)
    ):
        yield Problem("/requestTypes", "No child in the referral is said to be a young carer.")
