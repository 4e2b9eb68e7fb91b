"""Consent first: plans, meetings and assessments come after it."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import consents_about, first_agreed
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import EarlyHelpAssessment, Meeting, Plan

_START: Final = frozenset({"start-plan", "start-my-plan-plus"})
_MEET: Final = frozenset({"hold-taf"})
_ASSESS: Final = frozenset({"early-help-assessment", "start-my-plan-plus"})
_YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-05-22"}
_TO_SCHOOL: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["start-plan", "hold-taf", "information-sharing"],
    "status": "given",
    "children": ["c1"],
    "recipients": [{"organisation": "o1"}],
    "givers": [_YES],
}
_TO_BOTH: Final = _TO_SCHOOL | {"recipients": [{"organisation": "o1"}, {"organisation": "o2"}]}
_REFUSED: Final = _TO_BOTH | {"status": "refused", "givers": [_YES | {"decision": "refused"}]}


@rule("CNS-301", Severity.WARNING, cites=("G-037", "G-073", "E-050"))
@asks("When did the family agree to the plan, and when did it start?")
@passes(startedOn="2026-05-22", leads=[{"practitioner": "w1", "from": "2026-05-22"}])
@fails(startedOn="2026-05-21", leads=[{"practitioner": "w1", "from": "2026-05-21"}])
def plan_started_before_consent(part: Plan, context: Context) -> Problems:
    """A plan started before anybody agreed to it.

    Informed consent comes before any support starts. Often the first talk is
    recorded as the start, or consent is signed at the first meeting.
    """
    agreed = first_agreed(context.record, _START)
    if agreed and part.started_on and part.started_on < agreed:
        yield Problem(
            "/startedOn", "The start of the plan is dated before anybody agreed to a plan."
        )


@rule("CNS-302", Severity.WARNING, cites=("G-073", "E-050"))
@asks("When did the family agree to this help, and when did it start?")
@passes(actions=[{"id": "ac1", "owner": "w1", "startedOn": "2026-05-22"}])
@fails(actions=[{"id": "ac1", "owner": "w1", "startedOn": "2026-05-21"}])
def help_started_before_consent(part: Plan, context: Context) -> Problems:
    """An action of the plan started before anybody agreed to the plan.

    Informed consent comes before any support starts. Help that went before
    the plan belongs under earlier help.
    """
    agreed = first_agreed(context.record, _START)
    for number, action in enumerate(part.actions if agreed else ()):
        began = action.started_on or action.completed_on
        if agreed and began and began < agreed:
            yield Problem(
                f"/actions/{number}", "The action is dated before anybody agreed to the plan."
            )


@rule("CNS-303", Severity.WARNING, cites=("G-080", "E-050"))
@asks("When did the family agree to a meeting of the team around the family?")
@passes(
    consents=[
        _TO_BOTH | {"purposes": ["start-plan", "information-sharing"]},
        {"id": "cs2", "purposes": ["hold-taf"], "status": "given", "children": ["c1"]},
    ]
)
@fails(
    consents=[
        _TO_BOTH | {"purposes": ["start-plan", "information-sharing"]},
        {
            "id": "cs2",
            "purposes": ["hold-taf"],
            "status": "given",
            "children": ["c1"],
            "givers": [_YES | {"on": "2026-07-11"}],
        },
    ]
)
def review_held_before_consent(part: Plan, context: Context) -> Problems:
    """The team around the family met before anybody agreed to such a meeting.

    A meeting shares what each agency knows. The family agrees to that first.
    """
    agreed = first_agreed(context.record, _MEET)
    for number, review in enumerate(part.reviews if agreed else ()):
        if agreed and review.held is not False and review.on < agreed:
            message = "The meeting is dated before anybody agreed to a meeting of the team."
            yield Problem(f"/reviews/{number}/on", message)


@rule("CNS-304", Severity.WARNING, cites=("G-080", "E-050"))
@asks("When did the family agree to a meeting of the team around the family?")
@passes(
    meetingType="taf",
    on="2026-06-01",
    people=[{"id": "p1"}],
    consents=[{"id": "cs1", "purposes": ["hold-taf"], "status": "given", "givers": [_YES]}],
)
@fails(
    meetingType="taf",
    on="2026-05-21",
    people=[{"id": "p1"}],
    consents=[{"id": "cs1", "purposes": ["hold-taf"], "status": "given", "givers": [_YES]}],
)
def meeting_before_consent(part: Meeting, context: Context) -> Problems:
    """A team around the family met before anybody agreed to such a meeting.

    A meeting shares what each agency knows. The family agrees to that first.
    """
    agreed = first_agreed(context.record, _MEET)
    if (
        part.meeting_type in {"taf", "taf-review"}
        and part.held is not False
        and agreed
        and part.on
        and part.on < agreed
    ):
        yield Problem("/on", "The meeting is dated before anybody agreed to a meeting of the team.")


@rule("CNS-305", Severity.WARNING, cites=("G-043", "G-140", "S-007", "E-050"))
@asks("When did the family agree to the assessment, and when did it start?")
@passes(startedOn="2026-05-08")
@fails(startedOn="2026-05-07")
def assessment_started_before_consent(part: EarlyHelpAssessment, context: Context) -> Problems:
    """An assessment started before anybody agreed to it.

    An assessment rests on consent. Often the first talk, at which consent is
    asked for, is recorded as the start.
    """
    agreed = first_agreed(context.record, _ASSESS)
    if agreed and part.started_on and part.started_on < agreed:
        yield Problem(
            "/startedOn", "The start of the assessment is dated before anybody agreed to it."
        )


@rule("CNS-306", Severity.WARNING, cites=("G-090", "E-050"))
@asks("The family does not agree to the plan. Has it been closed?")
@passes(consents=[_REFUSED], team=[{"person": "p1"}], status="draft")
@fails(consents=[_REFUSED], team=[{"person": "p1"}])
def plan_goes_on_after_a_no(part: Plan, _: Context) -> Problems:
    """A plan is open although consent to it was refused or withdrawn.

    Without consent there is no shared plan. Ordinary help goes on, the offer
    stays open, and everybody keeps an eye on the child's safety.
    """
    asked = [
        about
        for child in part.children
        if not child.unborn and (about := consents_about(part, child.id, _START))
    ]
    if part.status in {"open", "paused"} and any(
        all(consent.status in {"refused", "withdrawn"} for consent in about) for about in asked
    ):
        yield Problem(
            "/status", "The plan is open, and for one of its children nobody agrees to it any more."
        )
