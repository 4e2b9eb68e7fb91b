"""Single assessments: what they led to, and what goes on meanwhile."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import LEVEL_2
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import ReferralOutcome

_DECIDED: Final[dict[str, Any]] = {
    "receivedAt": "2026-10-12T15:40:00+01:00",
    "decidedAt": "2026-10-13T11:00:00+01:00",
}
_IN_NEED: Final = {"id": "sp1", "type": "child-in-need-plan", "children": ["c1"]}
_EDUCATION: Final = _IN_NEED | {"type": "education-health-and-care-plan"}
_ASSESSED: Final = {"outcome": "statutory-intervention", "statutoryPlan": "sp1"}


@rule("OUT-002", Severity.ERROR, cites=("G-113", "E-037"))
@asks("Was a single assessment started?")
@passes(outcome="single-assessment", singleAssessment={"startedOn": "2026-10-14"})
@fails(outcome="advice-no-referral", singleAssessment={"startedOn": "2026-10-14"})
def assessed_although_no_referral_accepted(part: ReferralOutcome, _: Context) -> Problems:
    """No referral was accepted, and a single assessment is recorded.

    Whether a social worker is coming depends on it.
    """
    if part.outcome == "advice-no-referral" and part.single_assessment:
        yield Problem(
            "/singleAssessment",
            "The outcome is that no referral was accepted, and a single assessment is recorded.",
        )


@rule("OUT-003", Severity.WARNING, cites=("E-037", "G-114", "G-115"))
@asks("What did the front door decide?")
@passes(outcome="single-assessment", singleAssessment={"startedOn": "2026-10-14"})
@fails(outcome="early-help-plan-needed", singleAssessment={"startedOn": "2026-10-14"})
def assessed_although_decided_otherwise(part: ReferralOutcome, _: Context) -> Problems:
    """Consent or early help was asked for, and a single assessment is recorded.

    The decision may have changed since. Then the outcome has to change too.
    """
    if (
        part.outcome in {"consent-to-be-obtained", "early-help-plan-needed"}
        and part.single_assessment
    ):
        yield Problem(
            "/outcome", "A single assessment is recorded, and the outcome is another one."
        )


@rule("OUT-008", Severity.WARNING, cites=("G-117",))
@asks("Does the early help plan go on while the assessment is made?")
@passes(outcome="single-assessment", existingPlan={"status": "open"})
@fails(outcome="single-assessment", existingPlan={"status": "closed"})
def plan_closed_during_assessment(part: ReferralOutcome, _: Context) -> Problems:
    """An early help plan is closed while a social worker assesses the family.

    Early help stays open and its services go on meanwhile.
    """
    plan, assessment = part.existing_plan, part.single_assessment
    if (
        part.outcome == "single-assessment"
        and plan
        and plan.status == "closed"
        and not (assessment and assessment.ended_on)
    ):
        yield Problem(
            "/existingPlan/status",
            "The early help plan is closed while the single assessment goes on.",
        )


@rule("OUT-009", Severity.WARNING, cites=("G-119", "E-037"))
@asks("Which plan did the social worker make?")
@passes(singleAssessment=_ASSESSED, statutoryPlans=[_IN_NEED])
@fails(singleAssessment=_ASSESSED, statutoryPlans=[_EDUCATION])
def intervention_with_another_kind_of_plan(part: ReferralOutcome, _: Context) -> Problems:
    """A single assessment led to statutory intervention, and its plan is of another kind.

    A social worker is allocated, and a child in need or child protection plan
    is made.
    """
    assessment = part.single_assessment
    kinds = {statutory_plan.id: statutory_plan.type for statutory_plan in part.statutory_plans}
    if assessment and assessment.outcome == "statutory-intervention":
        kind = kinds.get(assessment.statutory_plan or "")
        if kind and kind not in {"child-in-need-plan", "child-protection-plan"}:
            message = "The plan is neither a child in need plan nor a child protection plan."
            yield Problem("/singleAssessment/statutoryPlan", message)


@rule("OUT-010", Severity.ERROR, cites=("G-121",))
@asks("Which support did social care advise?")
@passes(singleAssessment={"outcome": "no-service-universal-or-single-agency", "targetLevel": 2})
@fails(singleAssessment={"outcome": "no-service-universal-or-single-agency", "targetLevel": 3})
def advised_support_at_another_level(part: ReferralOutcome, _: Context) -> Problems:
    """Social care advised universal or single-agency support, and names another level.

    That outcome stands for support at levels 1 and 2. For a My Plan+ at level
    3 there is another one.
    """
    assessment = part.single_assessment
    if (
        assessment
        and assessment.outcome == "no-service-universal-or-single-agency"
        and assessment.target_level
        and assessment.target_level > LEVEL_2
    ):
        message = "The outcome stands for support at levels 1 and 2, and the level is higher."
        yield Problem("/singleAssessment/targetLevel", message)


@rule("OUT-011", Severity.WARNING, cites=("G-122",))
@asks("Which plan follows?")
@passes(
    singleAssessment={
        "outcome": "no-service-my-plan-plus",
        "successor": {"planType": "my-plan-plus"},
    }
)
@fails(
    singleAssessment={"outcome": "no-service-my-plan-plus", "successor": {"planType": "my-plan"}}
)
def another_plan_than_my_plan_plus_follows(part: ReferralOutcome, _: Context) -> Problems:
    """Social care stepped back for a My Plan+, and the plan that follows is another one.

    The My Plan+ is drawn from the single assessment.
    """
    assessment = part.single_assessment
    after = assessment.successor if assessment else None
    if (
        assessment
        and assessment.outcome == "no-service-my-plan-plus"
        and after
        and after.plan_type not in {None, "my-plan-plus"}
    ):
        yield Problem(
            "/singleAssessment/successor/planType",
            "The outcome is a My Plan+, and the plan that follows is another one.",
        )


@rule("OUT-013", Severity.ERROR, cites=("E-037",))
@asks("When did the single assessment start?")
@passes(_DECIDED, singleAssessment={"startedOn": "2026-10-13"})
@fails(_DECIDED, singleAssessment={"startedOn": "2026-10-11"})
def assessment_started_before_referral(part: ReferralOutcome, _: Context) -> Problems:
    """A single assessment started before the referral arrived.

    Usually an assessment after an earlier referral was put in.
    """
    assessment = part.single_assessment
    if (
        assessment
        and assessment.started_on
        and part.received_at
        and assessment.started_on < uk_day(part.received_at)
    ):
        yield Problem(
            "/singleAssessment/startedOn", "The assessment started before the referral arrived."
        )
