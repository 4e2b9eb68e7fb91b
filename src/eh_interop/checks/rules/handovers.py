"""Handovers: step down from social care, to a lead practitioner, and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import agencies, agreed_on, before, consents_about, role_of
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, StepDown

_SOCIAL_WORKERS: Final = frozenset(
    {"social-worker", "safeguarding-team-manager", "safeguarding-head-of-service"}
)
_PEOPLE: Final[dict[str, Any]] = {
    "people": [{"id": "p1"}],
    "organisations": [{"id": "o1"}, {"id": "o2"}],
    "practitioners": [
        {"id": "w1", "role": "social-worker", "organisation": "o1"},
        {"id": "w2", "role": "family-support-worker", "organisation": "o2"},
    ],
}
_LEAD: Final = {"practitioner": "w2", "from": "2026-09-01"}


@rule("TRF-006", Severity.ERROR, cites=("G-132",))
@asks("Which social worker handed over?")
@passes(_PEOPLE, handedOverBy="w1", origin="child-in-need")
@fails(_PEOPLE, handedOverBy="w2", origin="child-in-need")
def not_handed_over_by_social_worker(part: StepDown, context: Context) -> Problems:
    """A child in need plan was handed over by somebody who is not a social worker.

    The social worker passes the agreed plan and the single assessment to the
    new lead.
    """
    role = role_of(context, part.handed_over_by)
    if part.origin == "child-in-need" and role and role not in _SOCIAL_WORKERS:
        yield Problem("/handedOverBy", "The person who handed over is not a social worker.")


@rule("TRF-007", Severity.WARNING, cites=("G-132", "E-052"))
@asks("Who is the new lead practitioner?")
@passes(_PEOPLE, receivedBy="w2", lead=_LEAD)
@fails(_PEOPLE, receivedBy="w1", lead=_LEAD)
def received_by_somebody_else(part: StepDown, _: Context) -> Problems:
    """The papers were handed to somebody other than the new lead practitioner.

    The lead has to know what was agreed. Nothing may be lost on the way.
    """
    if part.lead and part.received_by and part.received_by != part.lead.practitioner:
        yield Problem(
            "/receivedBy", "The person who received the papers is not the new lead practitioner."
        )


@rule("TRF-008", Severity.WARNING, cites=("G-130",))
@asks("Why does an agency lead that was not involved before?")
@passes(_PEOPLE, priorAgencies=["o2"], lead=_LEAD)
@fails(_PEOPLE, priorAgencies=["o1"], lead=_LEAD)
def lead_from_an_agency_new_to_the_family(part: StepDown, context: Context) -> Problems:
    """The new lead comes from an agency that was not involved before.

    The lead comes from an agency that knows the family, unless one agency is
    enough. There may be a good reason.
    """
    if part.lead and part.prior_agencies and part.response_mode != "single-agency":
        agency = agencies(context, (part.lead.practitioner,))
        if agency.isdisjoint(part.prior_agencies) and agency and not part.lead.selection_reason:
            yield Problem(
                "/lead/practitioner",
                "The agency of the new lead is not among the agencies involved before.",
            )


@rule("TRF-013", Severity.WARNING, cites=("E-034", "G-124"))
@asks("Do both managers agree to the transfer?")
@passes(transferOn="2026-09-01", managerDecisions=[{"decision": "agreed"}])
@fails(transferOn="2026-09-01", managerDecisions=[{"decision": "not-agreed"}])
def transferred_although_manager_did_not_agree(part: StepDown, context: Context) -> Problems:
    """A family was transferred although the latest decision of a manager was not to agree.

    The receiving service may not be ready for it.
    """
    latest = part.manager_decisions[-1] if part.manager_decisions else None
    if (
        latest
        and latest.decision != "agreed"
        and part.transfer_on
        and part.transfer_on <= context.today
    ):
        number = len(part.manager_decisions) - 1
        yield Problem(
            f"/managerDecisions/{number}/decision",
            "The transfer has taken place, and the latest decision of a manager is not to agree.",
        )


@rule("TRF-014", Severity.WARNING, cites=("G-124", "G-055", "E-052"))
@asks("Who leads from the day of the transfer?")
@passes(_PEOPLE, transferOn="2026-09-01", lead=_LEAD)
@fails(_PEOPLE, transferOn="2026-08-31", lead=_LEAD)
def lead_starts_after_transfer(part: StepDown, _: Context) -> Problems:
    """The new lead practitioner starts after the transfer.

    In between the family has nobody to turn to.
    """
    begins = part.lead.from_ if part.lead else None
    if before(part.transfer_on, begins):
        yield Problem("/lead/from", "The new lead starts after the day of the transfer.")


@rule("TRF-009", Severity.WARNING, cites=("G-150",), family="after_transfer")
@on(needs=("assessment-currency-days",))
@asks("Is this assessment still current?")
@passes(
    transferOn="2026-09-01", reusedAssessments=[{"stillCurrent": True, "completedOn": "2025-09-01"}]
)
@fails(
    transferOn="2026-09-01", reusedAssessments=[{"stillCurrent": True, "completedOn": "2025-08-31"}]
)
def old_assessment_used_again(part: StepDown, context: Context) -> Problems:
    """An assessment is used again that is older than the area thinks current.

    Families change. Only assessments that still hold are used again.
    """
    limit = timedelta(days=context.settings["assessment-currency-days"])
    day = part.transfer_on or context.today
    for number, reused in enumerate(part.reused_assessments):
        if reused.still_current and reused.completed_on and day - reused.completed_on > limit:
            message = (
                f"The assessment was completed more than {limit.days} days before the transfer."
            )
            yield Problem(f"/reusedAssessments/{number}/completedOn", message)


@rule("TRF-010", Severity.ERROR, cites=("G-133",), family="after_transfer")
@on(needs=("cin-step-down-review-days",))
@asks("Please set the first review within the time that the guidance gives.")
@passes(origin="child-in-need", transferOn="2026-09-01", firstReviewOn="2026-10-13")
@fails(origin="child-in-need", transferOn="2026-09-01", firstReviewOn="2026-10-14")
def first_review_too_late(part: StepDown, context: Context) -> Problems:
    """After a child in need plan, the first review is later than the guidance allows.

    Families are closest to needing social care again just after it has left.
    """
    limit = timedelta(days=context.settings["cin-step-down-review-days"])
    ordinary = part.review_basis in {None, "ordinary", "step-down-child-in-need"}
    if (
        part.origin == "child-in-need"
        and ordinary
        and part.transfer_on
        and part.first_review_on
        and part.first_review_on - part.transfer_on > limit
    ):
        yield Problem(
            "/firstReviewOn", f"The first review is not within {limit.days} days of the transfer."
        )


@rule("TRF-011", Severity.ERROR, cites=("E-037", "G-055"), family="after_transfer")
@asks("Are there needs that still have to be met?")
@passes(outstandingNeeds=[{"id": "n1"}])
@fails(outstandingNeeds=[{"id": "n1"}], noOutstandingNeeds="All needs are met.")
def no_needs_left_beside_needs(part: StepDown, _: Context) -> Problems:
    """A pack says that no needs are left, and lists some.

    The new plan picks up unmet needs from the old one.
    """
    if part.no_outstanding_needs and part.outstanding_needs:
        yield Problem(
            "/noOutstandingNeeds",
            "The record says that no needs are left, and lists outstanding needs.",
        )


_BOTH: Final = ("continued-support", "information-sharing")
_PLAN_OF_ORIGIN: Final = {
    "child-in-need": "child-in-need-plan",
    "child-protection": "child-protection-plan",
    "in-care": "child-in-care-plan",
}
_YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-09-01"}
_CONSENT: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": [*_BOTH],
    "status": "given",
    "children": ["c1"],
    "givers": [_YES],
}
_IN_NEED: Final = {"id": "sp1", "type": "child-in-need-plan", "status": "ended"}


@rule("TRF-001", Severity.ERROR, cites=("G-131",), family="transfers")
@asks("At which child in need review was the move decided?")
@passes(origin="child-in-need", decisionMeeting={"type": "child-in-need-review"})
@fails(origin="child-in-need", decisionMeeting={"type": "taf"})
def decided_at_another_meeting(part: StepDown, _: Context) -> Problems:
    """A move from a child in need plan was not decided at a child in need review.

    The family and everybody who helps take part in the decision there.
    """
    meeting = part.decision_meeting
    if (
        part.origin == "child-in-need"
        and meeting
        and meeting.type
        and meeting.type not in {"child-in-need-review", "child-in-need-final"}
    ):
        yield Problem(
            "/decisionMeeting/type",
            "The meeting that decided the move is not a child in need review.",
        )


@rule("TRF-002", Severity.WARNING, cites=("G-123", "E-034"), family="transfers")
@asks("Which social care plan does the family leave?")
@passes(origin="child-in-need", statutoryPlans=[_IN_NEED])
@fails(origin="child-protection", statutoryPlans=[_IN_NEED])
def origin_does_not_fit_plans(part: StepDown, _: Context) -> Problems:
    """The plan that the family is said to leave is not among its social care plans.

    Which meetings and reviews apply depends on where the family comes from.
    """
    wanted = _PLAN_OF_ORIGIN.get(part.origin or "")
    kinds = {statutory_plan.type for statutory_plan in part.statutory_plans}
    if wanted and kinds and wanted not in kinds:
        yield Problem("/origin", "The origin names a plan that is not among the statutory plans.")


@rule("TRF-003", Severity.WARNING, cites=("G-129", "E-050"), family="transfers")
@asks("When was the move talked over with the family?")
@passes(discussedWithFamilyOn="2026-09-01", transferOn="2026-09-01")
@fails(discussedWithFamilyOn="2026-09-02", transferOn="2026-09-01")
def family_told_after_transfer(part: StepDown, _: Context) -> Problems:
    """A move to early help was talked over with the family after it had happened.

    The social worker raises it with the family first.
    """
    if before(part.transfer_on, part.discussed_with_family_on):
        yield Problem(
            "/discussedWithFamilyOn", "The talk with the family is dated after the transfer."
        )


def _is_given(consent: Consent) -> bool:
    return consent.status == "given"


@rule("TRF-004", Severity.ERROR, cites=("G-128",), family="transfers")
@asks("Does the family agree to go on with support, and to information being shared?")
@passes(_PEOPLE, consents=[_CONSENT])
@fails(_PEOPLE, consents=[_CONSENT | {"purposes": ["continued-support"]}])
def one_of_two_consents_missing(part: StepDown, _: Context) -> Problems:
    """Consent to continued support or to sharing information was not given.

    They are two questions, and a transfer needs a yes to both.
    """
    asked = [
        [consents_about(part, child.id, frozenset({purpose})) for child in part.children]
        for purpose in _BOTH
    ]
    # Who is left out where others are covered is told by CNS-219.
    if part.consents and any(
        not any(by_child)
        or any(consents and not any(map(_is_given, consents)) for consents in by_child)
        for by_child in asked
    ):
        message = "Consent to both continued support and sharing information is needed."
        yield Problem("/consents", message)


@rule("TRF-005", Severity.WARNING, cites=("G-128", "E-050"), family="transfers")
@asks("When did the family agree to the transfer?")
@passes(_PEOPLE, consents=[_CONSENT], transferOn="2026-09-01")
@fails(_PEOPLE, consents=[_CONSENT], transferOn="2026-08-31")
def consent_after_transfer(part: StepDown, _: Context) -> Problems:
    """Consent to a transfer was given after it.

    The family agrees first, and its information moves afterwards.
    """
    for number, consent in enumerate(part.consents):
        agreed = agreed_on(consent)
        if before(part.transfer_on, agreed) and not set(_BOTH).isdisjoint(consent.purposes):
            yield Problem(
                f"/consents/{number}/givers", "The transfer is dated before anybody agreed to it."
            )


@rule("TRF-012", Severity.ERROR, cites=("E-037", "G-124"), family="transfers")
@asks("When was the move decided, and when did it happen?")
@passes(decisionMeeting={"on": "2026-09-01"}, transferOn="2026-09-01")
@fails(decisionMeeting={"on": "2026-09-02"}, transferOn="2026-09-01")
def transferred_before_it_was_decided(part: StepDown, _: Context) -> Problems:
    """A family was transferred before a meeting had decided it.

    A meeting names the lead practitioner and agrees the onward plan first.
    """
    moved = part.transfer_on
    for name, meeting in (
        ("decisionMeeting", part.decision_meeting),
        ("planningMeeting", part.planning_meeting),
    ):
        if meeting and before(moved, meeting.on):
            yield Problem(f"/{name}/on", "The meeting is dated after the transfer that it decided.")
